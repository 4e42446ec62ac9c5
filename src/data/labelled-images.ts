/** Data sets of the form of MNIST: four IDX files of 28 x 28 pixels and of labels, checked against what they are known to be. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Classes } from '../../types/classes.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { parseIdx } from '../formats/idx.ts'
import { inflate, isGzip } from '../formats/inflate.ts'
import { shown } from '../tensor/argument.ts'
import { type Dataset, dataset } from './dataset.ts'
import { classes, pixels } from './samples.ts'

/** What one image may be: a row of all pixels, 28 rows of them, or an image of one channel. */
export type ImageShape = [784] | [28, 28] | [28, 28, 1]

/** 55,000 images to train with, 5,000 to choose by, and 10,000 to look at once, at the end. */
export interface LabelledImages<in out S extends ImageShape> {
  readonly train: Dataset<S, Classes<10>>
  readonly validation: Dataset<S, Classes<10>>
  readonly test: Dataset<S, Classes<10>>
}

/** `message` says in one line what to do. */
export type LabelledImagesError = { readonly message: string } & (
  | { readonly tag: 'Missing'; readonly file: string }
  | { readonly tag: 'Damaged'; readonly file: string }
)

/** Where the files are, what they are, and what to do where they are not. */
export interface Source {
  readonly name: string
  readonly directory: string
  readonly remedy: string
  /** Of the files' bytes when they are not compressed. */
  readonly sha256: Readonly<Record<FileName, string>>
}

/** The four files, plain or as `.gz`. */
export const labelledImages = <S extends ImageShape>(
  source: Source,
  shape: Readonly<S>,
): TE.TaskEither<LabelledImagesError, LabelledImages<S>> =>
  pipe(
    samplesOf<S>(source, shape, 'train-images-idx3-ubyte', 'train-labels-idx1-ubyte'),
    TE.bindTo('training'),
    TE.bind('test', () => samplesOf<S>(source, shape, 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte')),
    TE.map(({ training, test }) => {
      const [train, validation] = training.split(55_000)
      return { train, validation, test }
    }),
  )

/** One row of 784 pixels unless said; untyped callers may say anything. */
export const imageShape = (name: string, given: unknown = [784]): never => {
  const text = JSON.stringify(given)
  const found = imageShapes.find((shape) => JSON.stringify(shape) === text)
  if (found === undefined)
    throw new ShapeError(
      `${name}: an image is [784], [28, 28] or [28, 28, 1], got ${Array.isArray(given) ? `[${given.join(', ')}]` : shown(given)}`,
    )
  return found as never
}
const imageShapes: readonly ImageShape[] = [[784], [28, 28], [28, 28, 1]]

type FileName = 'train-images-idx3-ubyte' | 'train-labels-idx1-ubyte' | 't10k-images-idx3-ubyte' | 't10k-labels-idx1-ubyte'

const samplesOf = <S extends ImageShape>(
  source: Source,
  shape: Readonly<S>,
  images: FileName,
  labels: FileName,
): TE.TaskEither<LabelledImagesError, Dataset<S, Classes<10>>> => {
  const known: Readonly<ImageShape> = shape
  return pipe(
    elements(source, images),
    TE.bindTo('images'),
    TE.bind('labels', () => elements(source, labels)),
    TE.chainEitherK((bytes) =>
      pipe(
        dataset(pixels(bytes.images, known as readonly [784]), classes(bytes.labels, 10)),
        E.bimap(
          ({ message }) => damaged(source, join(source.directory, images), message),
          // `pixels` reads literal shapes only, and `S` is one of three of as many pixels
          (made) => made as unknown as Dataset<S, Classes<10>>,
        ),
      ),
    ),
  )
}

const elements = (source: Source, name: FileName): TE.TaskEither<LabelledImagesError, Uint8Array> => {
  const plain = join(source.directory, name)
  return pipe(
    read(plain),
    TE.orElse(() => read(`${plain}.gz`)),
    TE.mapLeft(
      (): LabelledImagesError => ({
        tag: 'Missing',
        file: plain,
        message: `${source.name}: ${plain} cannot be read; ${source.remedy}`,
      }),
    ),
    TE.chain(({ file, bytes }) =>
      pipe(
        inflated(bytes),
        TE.chainEitherK((whole) => checked(whole, source.sha256[name])),
        TE.mapLeft((why) => damaged(source, file, why)),
      ),
    ),
  )
}

const read = (file: string): TE.TaskEither<unknown, { readonly file: string; readonly bytes: Uint8Array }> =>
  TE.tryCatch(
    async () => ({ file, bytes: await readFile(file) }),
    (cause) => cause,
  )

/** 60,000 images are 47 MB. */
const most = 2 ** 26
const inflated = (bytes: Uint8Array): TE.TaskEither<string, Uint8Array> =>
  isGzip(bytes)
    ? pipe(
        () => inflate(bytes, most),
        TE.map((stream) => stream.bytes),
      )
    : TE.right(bytes)

const checked = (bytes: Uint8Array, sha256: string): E.Either<string, Uint8Array> => {
  const got = createHash('sha256').update(bytes).digest('hex')
  if (got !== sha256) return E.left(`its SHA-256 is ${got}`)
  return pipe(
    parseIdx(bytes),
    E.bimap(
      ({ message }) => message,
      ({ values }) => values as Uint8Array,
    ),
  )
}

const damaged = ({ name, remedy }: Source, file: string, why: string): LabelledImagesError => ({
  tag: 'Damaged',
  file,
  message: `${name}: ${file} is damaged, ${why}; ${remedy}`,
})
