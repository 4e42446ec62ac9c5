/** What a data set is made of, as columns: copied and checked. */
import * as E from 'fp-ts/lib/Either.js'
import { showTarget } from '../../types/classes.ts'
import type { Dims } from '../../types/dim.ts'
import { say } from '../../types/say.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { show } from '../../types/show.ts'
import type { AnyTensor } from '../../types/tensor.ts'
import { isNode, ownSizes } from '../graph/make.ts'
import { nodeOf, tensorOf } from '../graph/node.ts'
import { compute } from '../tensor/compute.ts'
import { type ContentError, contentFault, type Role } from './checks.ts'
import { type Column, columnOfRows, columnType, columnWith, numericShape } from './column.ts'
import type { Samples } from './samples.ts'

/** Why samples are no data set; `message` says it in one line. Samples count from 0. */
export type DatasetError = { readonly message: string } & (
  | { readonly tag: 'Empty' }
  | { readonly tag: 'LengthsDiffer'; readonly inputs: number; readonly targets: number }
  | { readonly tag: 'WeightsDiffer'; readonly inputs: number; readonly weights: number }
  | { readonly tag: 'WrongSize'; readonly values: number; readonly shape: Dims }
  /** Pixels of an array that is not of bytes. */
  | { readonly tag: 'WrongType'; readonly type: string }
  | ContentError
)

export const noSamples = 'dataset: expected a tensor, samples(...), pixels(...) or classes(...)'
export const notRows = 'dataset: expected f32 rows or classes(...), got {dtype} {shape}'
export const notSamples = 'dataset: expected f32 or i32 rows, got {dtype} {shape}'
export const notWeights = 'dataset: a weight is one number a sample, got {shape}'

export const columnOf = (given: unknown, role: Role): E.Either<DatasetError, Column> =>
  isNode(given) ? columnOfTensor(tensorOf(given), role) : columnOfSamples(given as Samples<unknown> | undefined, role)

export const weightsOf = (given: unknown): E.Either<DatasetError, Column> => {
  const column = columnOf(given, 'weight')
  if (E.isRight(column) && (column.right.shape.length > 0 || column.right.stored !== 'f32'))
    throw new ShapeError(say(notWeights, { shape: showTarget(column.right) }))
  return column
}

const columnOfTensor = (given: AnyTensor, role: Role): E.Either<DatasetError, Column> => {
  const column = columnOfRows(nodeOf(compute(given)))
  if (column === null || (role !== 'input' && column.dtype !== 'f32'))
    throw new ShapeError(say(role === 'input' ? notSamples : notRows, { dtype: given.dtype, shape: given.shape }))
  // how many rows there are is no size of a sample: another data set may have others
  return sound({ ...column, sizes: ownSizes(column.shape, column.sizes) }, role, column.values)
}

const columnOfSamples = (given: Samples<unknown> | undefined, role: Role): E.Either<DatasetError, Column> => {
  if (given?.kind === undefined) throw new ShapeError(noSamples)
  const { shape, sizes, values, kind, classes, array } = given
  const type = columnType(shape, sizes, storedAs[kind], classes)
  const wrong = (message: string): E.Either<DatasetError, never> => E.left({ tag: 'WrongSize', values: values.length, shape, message })
  const unknown = shape.find((dim) => typeof dim === 'string' && sizes[dim] === undefined)
  if (unknown !== undefined) return wrong(`dataset: the size of '${unknown}' is not known; write dim('${unknown}', n)`)
  if (type.width === 0) return wrong(`dataset: samples of ${show(shape)} have no elements`)
  if (values.length % type.width !== 0) return wrong(`dataset: ${values.length} values are not a whole number of samples ${show(shape)}`)
  if (array !== null && !isOfSamples(array.shape, numericShape(shape, sizes)))
    return wrong(`dataset: the array is ${show(array.shape)}, samples are ${show(shape)}`)
  if (array !== null && kind === 'pixels' && array.type !== 'u8')
    return E.left({ tag: 'WrongType', type: array.type, message: `dataset: the array is of ${array.type}, pixels are of u8` })
  return sound(columnWith(type, copied[kind](values)), role, values)
}
/** Rows of samples; axes of 1 may be missing or more, as those of one channel often are. */
export const isOfSamples = ([rows, ...rest]: readonly number[], sample: readonly number[]): boolean => {
  const proper = (sizes: readonly number[]): readonly number[] => sizes.filter((size) => size !== 1)
  const [mine, theirs] = [proper(sample), proper(rest)]
  return rows !== undefined && mine.length === theirs.length && mine.every((size, i) => size === theirs[i])
}
const storedAs = { numbers: 'f32', pixels: 'u8', labels: 'i32' } as const
const copied: { readonly [K in Samples<unknown>['kind']]: (values: ArrayLike<number>) => Column['values'] } = {
  numbers: (values) => new Float32Array(values),
  pixels: (values) => new Uint8Array(values),
  labels: (values) => new Int32Array(values),
}

/** `given` are the values before they were rounded. */
const sound = (column: Column, role: Role, given: ArrayLike<number>): E.Either<DatasetError, Column> => {
  const fault = contentFault('dataset', role, column, 0, given)
  return fault === null ? E.right(column) : E.left(fault)
}
