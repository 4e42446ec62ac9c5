/** A data set in files of IDX or NumPy, of which blocks are read at random: what is larger than memory. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Size } from '../../../types/dim.ts'
import type { Typed } from '../../../types/model.ts'
import { recordMessage } from '../../../types/options.ts'
import { ShapeError } from '../../../types/shape-error.ts'
import { show } from '../../../types/show.ts'
import type { DimsOf, FirstFault, ShapeMessage } from '../../../types/size.ts'
import type { ByteSource } from '../../formats/byte-source.ts'
import type { StoredElements, StoredType } from '../../formats/stored-array.ts'
import { mergeSizes } from '../../graph/make.ts'
import { shapeArgument, shown } from '../../tensor/argument.ts'
import type { Refusal } from '../../tensor/size.ts'
import { type Column, type ColumnType, columnType, columnWith, numericShape, sampleBytes } from '../column.ts'
import type { DataError } from '../data-source.ts'
import { isOfSamples } from '../given.ts'
import { type ClassesRule, classes } from '../samples.ts'
import { type ArrayFile, arrayFile } from './array-file.ts'
import { type StreamedDataset, streamed } from './stream.ts'

/** What the elements of a file are: numbers, rounded to f32; bytes that a model sees as value / 255; i32 tokens. */
export type FileElements = 'numbers' | 'pixels' | 'tokens'

export interface ArrayFiles<S extends readonly Size[], T extends readonly Size[], N extends number, A extends FileElements> {
  /** A sample a row; `shape` is one sample's. */
  readonly inputs: { readonly file: ByteSource; readonly shape: readonly [...S]; readonly as?: A }
  /** Class numbers below `classes`, one a sample or with a shape one a position of it; or numbers of the shape. */
  readonly targets: { readonly file: ByteSource; readonly shape?: readonly [...T]; readonly classes?: N }
  /** A number a sample, from 0 on. */
  readonly weights?: { readonly file: ByteSource }
}

/** Why the files are no data set; `message` says it in one line. */
export type ArrayFilesError = { readonly message: string } & (
  | { readonly tag: 'Unreadable'; readonly file: ArrayRole }
  | { readonly tag: 'OtherRows'; readonly file: ArrayRole }
  | { readonly tag: 'LengthsDiffer' }
  | { readonly tag: 'Empty' }
)
export type ArrayRole = 'inputs' | 'targets' | 'weights'

type ShapeOr<S extends readonly Size[]> = FirstFault<S> extends null ? DimsOf<S> : ShapeMessage<'streamArrays', S>
type InputOf<S extends readonly Size[], A> =
  ShapeOr<S> extends infer X ? (X extends string ? X : [A] extends ['tokens'] ? Typed<X, 'i32'> : X) : never
type TargetOf<T extends readonly Size[], N extends number> = [N] extends [never] ? ShapeOr<T> : ClassesRule<N, T>
type Opened<X, Y> = X extends string ? Refusal<X> : Y extends string ? Refusal<Y> : TE.TaskEither<ArrayFilesError, StreamedDataset<X, Y>>

/**
 * A data set whose samples lie in IDX or `.npy` files, a row each, and are read a block at a time: only the headers are read at first.
 * Compressed files can't be read so. `fileSource` of `shapewright/files`, `blobSource` and `bytesSource` give files.
 *
 * @example
 * const images = bytesSource(new Uint8Array([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6])) // IDX, [2, 3]
 * const labels = bytesSource(new Uint8Array([0, 0, 8, 1, 0, 0, 0, 2, 1, 0]))
 * const opened = await streamArrays({ inputs: { file: images, shape: [3], as: 'pixels' }, targets: { file: labels, classes: 2 } })()
 * E.isRight(opened) && opened.right.length // => 2
 */
export const streamArrays = <
  const S extends readonly Size[],
  const T extends readonly Size[] = [],
  const N extends number = never,
  const A extends FileElements = 'numbers',
>(
  files: ArrayFiles<S, T, N, A>,
): Opened<InputOf<S, A>, TargetOf<T, N>> => {
  // what the shapes are, the types have checked
  const sides = sidesOf(files as unknown as UntypedFiles)
  const opened = pipe(
    TE.sequenceArray(sides.map((side) => openSide(side))),
    TE.chainEitherK((columns) => together(columns)),
  )
  return opened as unknown as Opened<InputOf<S, A>, TargetOf<T, N>> // the columns have no types
}

interface UntypedFiles {
  readonly inputs: { readonly file: ByteSource; readonly shape: readonly Size[]; readonly as?: FileElements }
  readonly targets: { readonly file: ByteSource; readonly shape?: readonly Size[]; readonly classes?: number }
  readonly weights?: { readonly file: ByteSource }
}
interface Side {
  readonly role: ArrayRole
  readonly file: ByteSource
  readonly type: ColumnType
}

/** The columns that are asked for; throws what the types refuse. */
const sidesOf = (files: UntypedFiles): readonly Side[] => {
  checkRecord(files, ['inputs', 'targets', 'weights'])
  const { inputs, targets, weights } = files
  checkRecord(inputs, ['file', 'shape', 'as'])
  checkRecord(targets, ['file', 'shape', 'classes'])
  const { as = 'numbers' } = inputs
  if (!Object.hasOwn(storedAs, as)) throw new ShapeError(`streamArrays: elements are 'numbers', 'pixels' or 'tokens', got ${shown(as)}`)
  const x = columnType(...shapeArgument('streamArrays', inputs.shape), storedAs[as])
  const shape = targets.shape ?? []
  const labels = targets.classes === undefined ? null : classes([], targets.classes, shape as [])
  const y =
    labels === null
      ? columnType(...shapeArgument('streamArrays', shape), 'f32')
      : columnType(labels.shape, labels.sizes, 'i32', targets.classes)
  mergeSizes(x.sizes, y.sizes)
  const sides: readonly Side[] = [
    { role: 'inputs', file: inputs.file, type: x },
    { role: 'targets', file: targets.file, type: y },
  ]
  return weights === undefined ? sides : [...sides, { role: 'weights', file: weights.file, type: columnType([], {}, 'f32') }]
}
const storedAs = { numbers: 'f32', pixels: 'u8', tokens: 'i32' } as const
const checkRecord = (given: unknown, known: readonly string[]): void => {
  const message = recordMessage('streamArrays', given, known, shown)
  if (message !== null) throw new ShapeError(message)
}

interface OpenSide extends Side {
  readonly array: ArrayFile
  readonly length: number
}

const openSide = (side: Side): TE.TaskEither<ArrayFilesError, OpenSide> =>
  pipe(
    arrayFile(side.file),
    TE.mapLeft(
      (why): ArrayFilesError => ({ tag: 'Unreadable', file: side.role, message: `streamArrays: the ${side.role} can't be read: ${why}` }),
    ),
    TE.chainEitherK((array) => fitted(side, array)),
  )

const fitted = (side: Side, array: ArrayFile): E.Either<ArrayFilesError, OpenSide> => {
  const { role, type } = side
  const [length, ...sample] = array.shape as [number, ...number[]]
  const other = (why: string): E.Either<ArrayFilesError, never> =>
    E.left({ tag: 'OtherRows', file: role, message: `streamArrays: the ${role} ${why}` })
  if (Number.isNaN(type.width)) return other(`are ${show(type.shape)}, of which a size is not known; write dim(name, n)`)
  // a sample may lie flat; another order of its axes is another layout, which would be read without a word
  const isFlat = type.shape.length === 1 && sample.reduce((n, size) => n * size, 1) === type.width
  if (!isFlat && !isOfSamples(array.shape, numericShape(type.shape, type.sizes)))
    return other(`of the file are ${show(sample)}, expected ${show(type.shape)}`)
  if (type.width === 0) return other('have no elements')
  if (type.stored === 'u8' && array.type !== 'u8') return other(`of the file are ${array.type}, pixels are u8`)
  if (type.stored === 'i32' && !/^[iu]/.test(array.type))
    return other(`of the file are ${array.type}, ${type.classes === null ? 'tokens' : 'class numbers'} are whole numbers`)
  return E.right({ ...side, array, length })
}

const together = ([x, y, w]: readonly OpenSide[]): E.Either<ArrayFilesError, StreamedDataset<unknown, unknown>> => {
  const [inputs, targets, weights] = [x as OpenSide, y as OpenSide, w ?? null]
  const { length } = inputs
  const odd = [targets, weights].find((side) => side !== null && side.length !== length)
  if (odd != null) return E.left({ tag: 'LengthsDiffer', message: `streamArrays: ${length} inputs and ${odd.length} ${odd.role}` })
  if (length === 0) return E.left({ tag: 'Empty', message: 'streamArrays: there are no samples' })
  const bytes = [inputs, targets, weights].reduce((sum, side) => sum + (side === null ? 0 : sampleBytes(side.type)), 0)
  const read = (from: number, count: number) =>
    pipe(
      TE.sequenceArray([inputs, targets, ...(weights === null ? [] : [weights])].map((side) => columnOfRows(side, from, count))),
      TE.map(([a, b, c]) => ({ inputs: a as Column, targets: b as Column, ...(c === undefined ? {} : { weights: c }) })),
    )
  const blockRows = Math.max(1, Math.floor(blockBytes / bytes))
  return E.right(streamed({ length, inputs: inputs.type, targets: targets.type, weights: weights !== null, blockRows, read }))
}
/** Bytes that are read together: enough that a read costs more than asking for it. */
const blockBytes = 2 ** 20

const columnOfRows = ({ role, array, type }: OpenSide, from: number, count: number): TE.TaskEither<DataError, Column> =>
  pipe(
    array.rows(from, count),
    TE.mapLeft(
      (why): DataError => ({ tag: 'Unreadable', message: `streamArrays: the ${role} from sample ${from} on can't be read: ${why}` }),
    ),
    TE.chainEitherK((values) => {
      const bad = type.stored === 'i32' ? firstNotI32(values) : -1
      if (bad < 0) return E.right(columnWith(type, elements[type.stored](values)))
      const sample = from + Math.floor(bad / type.width)
      return E.left({ tag: 'Unreadable', message: `streamArrays: the ${role} of sample ${sample} have ${values[bad]}, which is no i32` })
    }),
  )

type Values = StoredElements[StoredType]
/** Whole numbers of 64 bits are bigints. */
const numbersOf = (values: Values): ArrayLike<number> =>
  values instanceof BigInt64Array || values instanceof BigUint64Array ? Array.from(values, Number) : values
const elements: { readonly [K in ColumnType['stored']]: (values: Values) => Column['values'] } = {
  f32: (values) => (values instanceof Float32Array ? values : Float32Array.from(numbersOf(values))),
  i32: (values) => (values instanceof Int32Array ? values : Int32Array.from(numbersOf(values))),
  u8: (values) => values as Uint8Array,
}
const firstNotI32 = (values: Values): number => {
  if (values instanceof Int32Array) return -1
  for (let i = 0; i < values.length; i++) if (Number(values[i]) !== (Number(values[i]) | 0)) return i
  return -1
}
