/** Fashion-MNIST, from Debian's package `dataset-fashion-mnist`. It reads files, so it is in `shapewright/data` and runs in Node only. */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type ImageShape, imageShape, type LabelledImages, type LabelledImagesError, labelledImages } from './labelled-images.ts'

/** 55,000 pieces of clothing to train with, 5,000 to choose by, and 10,000 to look at once, at the end. */
export interface FashionMnist<in out S extends ImageShape = [784]> extends LabelledImages<S> {}

/** `message` says in one line what to do. */
export type FashionMnistError = LabelledImagesError

export interface FashionMnistOptions<out S extends ImageShape = [784]> {
  /** Where the four files are, plain or as `.gz`; where Debian's package `dataset-fashion-mnist` puts them unless said. */
  readonly directory?: string | undefined
  /** What one image is: `[784]` unless said, `[28, 28]` or `[28, 28, 1]`. */
  readonly shape?: readonly [...S] | undefined
}

/**
 * What the ten classes are (H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST", 2017, table 2).
 *
 * @example
 * fashionClasses[9] // => 'ankle boot'
 */
export const fashionClasses = Object.freeze([
  'T-shirt',
  'trouser',
  'pullover',
  'dress',
  'coat',
  'sandal',
  'shirt',
  'sneaker',
  'bag',
  'ankle boot',
] as const)

/**
 * Pictures of clothing in the form of MNIST, 28 x 28 pixels each. The files are checked against their known SHA-256.
 *
 * @example
 * const clothes = await fashionMnist({ directory: 'nowhere', shape: [28, 28, 1] })()
 * E.isLeft(clothes) && clothes.left.tag // => 'Missing'
 */
export const fashionMnist = <const S extends ImageShape = [784]>(
  options: FashionMnistOptions<S> = {},
): TaskEither<FashionMnistError, FashionMnist<S>> => {
  const shape: Readonly<S> = imageShape('fashionMnist', options.shape)
  return labelledImages<S>({ name: 'fashionMnist', directory: options.directory ?? debian, remedy, sha256 }, shape)
}

const debian = '/usr/share/datasets/fashion-mnist'
const remedy = 'run apt-get install --reinstall dataset-fashion-mnist (Debian), or give the directory of its four files'
const sha256 = {
  'train-images-idx3-ubyte': 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
  'train-labels-idx1-ubyte': 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
  't10k-images-idx3-ubyte': '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
  't10k-labels-idx1-ubyte': '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
}
