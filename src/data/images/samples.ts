/** Data sets of PNG images, each of which knows its class: from a list of files, in memory or read a block at a time. */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Classes } from '../../../types/classes.ts'
import type { Size } from '../../../types/dim.ts'
import { type Say, say } from '../../../types/say.ts'
import { ShapeError } from '../../../types/shape-error.ts'
import { show } from '../../../types/show.ts'
import type { DimsOf, FirstFault, ShapeMessage, SizeFault } from '../../../types/size.ts'
import { shapeArgument } from '../../tensor/argument.ts'
import { type ColumnType, columnType, columnWith, numericShape } from '../column.ts'
import type { DataError } from '../data-source.ts'
import { type Dataset, datasetOf } from '../dataset.ts'
import { type Read, type StreamedDataset, streamed, unreadable } from '../stream/stream.ts'
import { decodePng, type PngOptions } from './png.ts'

/** Why images are no data set; `message` says it in one line and names the file. */
export type ImagesError = { readonly message: string; readonly file: string } & (
  | { readonly tag: 'NoImages' }
  | { readonly tag: 'OddFile' }
  | { readonly tag: 'Unreadable' }
  | { readonly tag: 'BadImage' }
  | { readonly tag: 'TooLarge'; readonly limit: number }
)

/** What the images are. */
export interface ImagesOptions<Op extends string, S extends readonly Size[], L extends readonly string[]> {
  /** Of every image: height, width, channels. Channels are made as `decodePng` makes them; a size is never changed. */
  readonly shape: ImageRule<Op, S> extends string ? ImageRule<Op, S> : readonly [...S]
  /** Names of the folders, class 0 first. Other folders are not looked at. */
  readonly classes: NamesRule<Op, L> extends string ? NamesRule<Op, L> : readonly [...L]
  /** The most bytes of all images together in memory. 1 GiB unless said; none for what is streamed. */
  readonly limit?: number | undefined
  /** `'round'` takes images of 16 bits a sample. They are refused unless said. */
  readonly sixteenBits?: PngOptions['sixteenBits']
}

/** A file of a list: the folder in front of its name is its class. */
export interface ImageFile {
  readonly name: string
  readonly bytes: Uint8Array
}

const notImage = '{op}: an image is [height, width, channels], got {shape}'
const wideNames = '{op}: the classes are not known to the types; write them as a list of literals'
const noNames = '{op}: expected at least one class'

/** The shape of one image, or the message. */
export type ImageRule<Op extends string, S extends readonly Size[]> =
  FirstFault<S> extends null
    ? S extends readonly [Size, Size, Size]
      ? DimsOf<S>
      : Say<typeof notImage, { op: Op; shape: DimsOf<S> }>
    : ShapeMessage<Op, S>
/** The classes, or the message. */
export type NamesRule<Op extends string, L extends readonly string[]> =
  SizeFault<L['length']> extends null
    ? L['length'] extends 0
      ? Say<typeof noNames, { op: Op }>
      : Classes<L['length']>
    : Say<typeof wideNames, { op: Op }>

/**
 * A data set of PNG images in memory: what a page was given, or the entries of an archive. The folder in front of a file's
 * name is its class; order is that of the list.
 *
 * @example
 * const png = Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGNgaAAAAIMAgYfP7KQAAAAASUVORK5CYII='), (c) => c.charCodeAt(0))
 * const read = await imageFiles([{ name: 'cat/1.png', bytes: png }], { shape: [1, 3, 1], classes: ['dog', 'cat'] })()
 * E.isLeft(read) && read.left.message // => 'imageFiles: cat/1.png is an image [1, 2, 1], expected [1, 3, 1]'
 */
export const imageFiles = <const S extends readonly Size[], const L extends readonly string[]>(
  files: readonly ImageFile[],
  options: ImagesOptions<'imageFiles', S, L>,
): TaskEither<ImagesError, Dataset<ImageRule<'imageFiles', S>, NamesRule<'imageFiles', L>>> => {
  const wanted = wantedImages('imageFiles', options)
  const entries: Entry[] = []
  for (const { name, bytes } of files) {
    const folder = name.split('/').at(-2) ?? ''
    const label = wanted.classes.indexOf(folder)
    if (label < 0)
      return async () =>
        E.left({ tag: 'OddFile', file: name, message: `imageFiles: ${name} is in none of the folders ${wanted.classes.join(', ')}` })
    entries.push({ file: name, label, load: async () => E.right(bytes) })
  }
  return loadImages(wanted, entries)
}

export interface Entry {
  readonly file: string
  readonly label: number
  readonly load: () => Promise<E.Either<string, Uint8Array>>
}
export interface WantedImages {
  readonly op: string
  readonly image: ColumnType
  readonly dims: readonly number[]
  readonly classes: readonly string[]
  readonly limit: number | undefined
  readonly png: PngOptions
}

/** Options that are wrong throw here. */
export const wantedImages = (
  op: string,
  options: {
    readonly shape: unknown
    readonly classes: unknown
    readonly limit?: number | undefined
    readonly sixteenBits?: PngOptions['sixteenBits']
  },
): WantedImages => {
  const [shape, sizes] = shapeArgument(op, options.shape as readonly Size[])
  const dims = numericShape(shape, sizes)
  const image = columnType(shape, sizes, 'u8')
  const channels = [1, 2, 3, 4].find((count) => count === dims[2])
  if (dims.length !== 3 || !(image.width > 0) || channels === undefined) throw new ShapeError(say(notImage, { op, shape }))
  const classes: readonly string[] = Array.isArray(options.classes) ? options.classes : []
  const again = classes.find((name, i) => classes.indexOf(name) !== i)
  if (classes.length === 0) throw new ShapeError(say(noNames, { op }))
  if (again !== undefined) throw new ShapeError(`${op}: the class '${again}' stands twice in the list`)
  return { op, image, dims, classes, limit: options.limit, png: { channels: channels as 1, sixteenBits: options.sixteenBits } }
}

/** All images, one after the other. */
export const loadImages =
  <X, Y>(wanted: WantedImages, entries: readonly Entry[]): TaskEither<ImagesError, Dataset<X, Y>> =>
  async () => {
    const { op, image, limit = 2 ** 30 } = wanted
    if (entries.length === 0) return E.left(noImages(op))
    const bytes = entries.length * image.width
    if (bytes > limit)
      return E.left({
        tag: 'TooLarge',
        limit,
        file: '',
        message: `${op}: ${entries.length} images ${show(image.shape)} are over the limit of ${limit} bytes`,
      })
    const read = await readImages(wanted, entries)
    return E.isLeft(read) ? read : E.right(datasetOf({ ...read.right, weights: null }))
  }

/** Images that are read when they are asked for; the first is looked at now. */
export const streamImages =
  <X, Y>(wanted: WantedImages, entries: readonly Entry[]): TaskEither<ImagesError, StreamedDataset<X, Y>> =>
  async () => {
    if (entries.length === 0) return E.left(noImages(wanted.op))
    const first = await readImages(wanted, entries.slice(0, 1))
    if (E.isLeft(first)) return first
    const read =
      (from: number, count: number): TaskEither<DataError, Read> =>
      async () => {
        const got = await readImages(wanted, entries.slice(from, from + count))
        return E.isLeft(got) ? E.left(unreadable(got.left.message)) : got
      }
    return E.right(streamed({ length: entries.length, inputs: wanted.image, targets: labelType(wanted), blockRows: 256, read }))
  }
const noImages = (op: string): ImagesError => ({ tag: 'NoImages', file: '', message: `${op}: there are no images` })
const labelType = ({ classes }: WantedImages): ColumnType => columnType([], {}, 'i32', classes.length)

const readImages = async (wanted: WantedImages, entries: readonly Entry[]): Promise<E.Either<ImagesError, Read>> => {
  const { image } = wanted
  const values = new Uint8Array(entries.length * image.width)
  for (const [i, entry] of entries.entries()) {
    const pixels = await readImage(wanted, entry)
    if (E.isLeft(pixels)) return pixels
    values.set(pixels.right, i * image.width)
  }
  const labels = Int32Array.from(entries, ({ label }) => label)
  return E.right({ inputs: columnWith(image, values), targets: columnWith(labelType(wanted), labels) })
}

const readImage = async ({ op, dims, png }: WantedImages, { file, load }: Entry): Promise<E.Either<ImagesError, Uint8Array>> => {
  const bytes = await load()
  if (E.isLeft(bytes)) return E.left({ tag: 'Unreadable', file, message: `${op}: ${file} cannot be read: ${bytes.left}` })
  const image = await decodePng(bytes.right, png)()
  if (E.isLeft(image)) return E.left({ tag: 'BadImage', file, message: `${op}: ${file}: ${image.left.message}` })
  const { shape, values } = image.right
  if (show(shape) === show(dims)) return E.right(values)
  return E.left({ tag: 'BadImage', file, message: `${op}: ${file} is an image ${show(shape)}, expected ${show(dims)}` })
}
