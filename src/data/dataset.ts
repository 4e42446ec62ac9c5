/** Data sets: samples and their targets, copied and checked once, gathered into batches when a program asks for them. */
import * as E from 'fp-ts/lib/Either.js'
import { type ShowTarget, showTarget, type TargetTensor } from '../../types/classes.ts'
import type { BoundDim, Dims, Shape } from '../../types/dim.ts'
import type { Key } from '../../types/key.ts'
import type { Typed } from '../../types/model.ts'
import { recordMessage } from '../../types/options.ts'
import type { Same } from '../../types/same.ts'
import { type Say, say } from '../../types/say.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { show, showTyped } from '../../types/show.ts'
import { type DimFault, type DimOf, dimOf, isBound, type SizeMessage, sizeMessage, sizesOf } from '../../types/size.ts'
import type { AnyTensor, Tensor } from '../../types/tensor.ts'
import { data } from '../graph/expression.ts'
import { isNode, mergeSizes, ownSizes } from '../graph/make.ts'
import { nodeOf, tensorOf } from '../graph/node.ts'
import { shown } from '../tensor/argument.ts'
import { compute } from '../tensor/compute.ts'
import type { Refusal } from '../tensor/size.ts'
import { type ContentError, contentFault, type Role } from './checks.ts'
import { type Column, columnOfRows, columnType, columnWith, gather, reordered, rows } from './column.ts'
import { type DataSource, type InputTensor, mapColumns, type Rows } from './data-source.ts'
import type { Samples } from './samples.ts'
import { shuffle, wordsOf } from './shuffle.ts'

/** Samples of the shape `X`, or i32 ones (`Typed`, `Classes`), each with a target: a tensor of the shape `Y`, or `Classes`. */
export interface Dataset<in out X, in out Y> extends DataSource<X, Y> {
  readonly inputs: Column
  readonly targets: Column
  readonly weights: Column | null
  /** The first `count` samples, and the rest. */
  readonly split: (count: number) => readonly [Dataset<X, Y>, Dataset<X, Y>]
  /** The same samples in an order that the key draws: before `split`, where the samples stand sorted. `fit` shuffles by itself. */
  readonly shuffled: (key: Key) => Dataset<X, Y>
  /** The first `count` samples. */
  readonly take: (count: number) => Dataset<X, Y>
  /** `size` samples as tensors, from the sample `from` on. */
  readonly batch: BatchOf<X, Y>
}

export interface BatchOf<in out X, in out Y> {
  <const N extends number | BoundDim<string>>(
    size: DimFault<DimOf<N>> extends null ? never : N,
    from?: number,
  ): Refusal<SizeMessage<'batch', DimOf<N>>>
  <const N extends number | BoundDim<string>>(
    size: N,
    from?: number,
  ): readonly [inputs: InputTensor<DimOf<N>, X>, targets: TargetTensor<DimOf<N>, Y>]
}

/** Why samples are no data set; `message` says it in one line. Samples count from 0. */
export type DatasetError = { readonly message: string } & (
  | { readonly tag: 'Empty' }
  | { readonly tag: 'LengthsDiffer'; readonly inputs: number; readonly targets: number }
  | { readonly tag: 'WeightsDiffer'; readonly inputs: number; readonly weights: number }
  | { readonly tag: 'WrongSize'; readonly values: number; readonly shape: Dims }
  | ContentError
)

const noSamples = 'dataset: expected a tensor, samples(...), pixels(...) or classes(...)'
const notRows = 'dataset: expected f32 rows or classes(...), got {dtype} {shape}'
const notSamples = 'dataset: expected f32 or i32 rows, got {dtype} {shape}'
const counts = 'dataset: {inputs} inputs and {targets} targets'
const weightCounts = 'dataset: {inputs} inputs and {weights} weights'
const notWeights = 'dataset: a weight is one number a sample, got {shape}'

/** What one sample of this is: a shape, `Classes`, or a message. */
export type SampleOf<A> =
  A extends Samples<infer S>
    ? S
    : A extends Refusal<infer E>
      ? E
      : A extends Tensor<infer S, infer D>
        ? [D, S] extends ['f32', [infer _, ...infer R extends Shape]]
          ? R
          : Say<typeof notRows, { dtype: D; shape: S }>
        : typeof noSamples
/** What one input of this is: i32 rows are samples of tokens. */
export type InputOf<A> =
  A extends Tensor<infer S, infer D>
    ? S extends [infer _, ...infer R extends Shape]
      ? [D] extends ['f32']
        ? R
        : [D] extends ['i32']
          ? Typed<R, 'i32'>
          : Say<typeof notSamples, { dtype: D; shape: S }>
      : Say<typeof notSamples, { dtype: D; shape: S }>
    : SampleOf<A>
type Count<A> = A extends Tensor<[infer N extends number, ...infer _], infer _D> ? [N] : null
type CountFault<A, B> = [Count<A>, Count<B>] extends [[infer N extends number], [infer M extends number]]
  ? [N, M] extends [M, N]
    ? null
    : Say<typeof counts, { inputs: N; targets: M }>
  : null
type Checked<A, Sample, Fault> = Sample extends string ? Sample : Fault extends string ? Fault : A
/** Weights have no shape. */
type WeightFault<A, W> =
  Same<SampleOf<W>, []> extends true
    ? [Count<A>, Count<W>] extends [[infer N extends number], [infer M extends number]]
      ? [N, M] extends [M, N]
        ? null
        : Say<typeof weightCounts, { inputs: N; weights: M }>
      : null
    : Say<typeof notWeights, { shape: ShowTarget<SampleOf<W>> }>

export interface DatasetOptions<A, W> {
  /**
   * A number a sample, from 0 on: what its loss is multiplied by, in training and in scores. Means divide by the number of samples,
   * as Keras's `sample_weight` has it. Metrics are not weighted.
   */
  readonly weights?: Checked<W, SampleOf<W>, WeightFault<A, W>>
}

/**
 * A data set of samples and their targets. Tensors hold a sample a row; i32 rows are samples of tokens, and `classes` are such
 * as are checked to be below a number. One name with two sizes is a `ShapeError`.
 *
 * @example
 * const made = dataset(tensor([[0, 0], [0, 1]]), classes([0, 2], 2))
 * E.isLeft(made) && made.left.message // => 'dataset: the label of sample 1 is 2, expected a whole number from 0 to 1'
 */
export const dataset = <A, B, W>(
  inputs: Checked<A, InputOf<A>, null>,
  targets: Checked<B, SampleOf<B>, CountFault<A, B>>,
  options: DatasetOptions<A, W> = {},
): E.Either<DatasetError, Dataset<InputOf<A>, SampleOf<B>>> => {
  const message = recordMessage('dataset', options, ['weights'], shown)
  if (message !== null) throw new ShapeError(message)
  const x = columnOf(inputs, 'input')
  if (E.isLeft(x)) return x
  const y = columnOf(targets, 'target')
  if (E.isLeft(y)) return y
  const w = options.weights === undefined ? E.right(null) : weightsOf(options.weights)
  if (E.isLeft(w)) return w
  const fault = lengthFault(x.right.length, y.right.length, w.right?.length ?? x.right.length)
  if (fault !== null) return E.left(fault)
  mergeSizes(x.right.sizes, y.right.sizes)
  return E.right(datasetOf({ inputs: x.right, targets: y.right, weights: w.right }))
}

const lengthFault = (inputs: number, targets: number, weights: number): DatasetError | null => {
  if (inputs !== targets) return { tag: 'LengthsDiffer', inputs, targets, message: say(counts, { inputs, targets }) }
  if (inputs !== weights) return { tag: 'WeightsDiffer', inputs, weights, message: say(weightCounts, { inputs, weights }) }
  return inputs === 0 ? { tag: 'Empty', message: 'dataset: there are no samples' } : null
}

export const datasetOf = <X, Y>(given: Rows): Dataset<X, Y> => {
  const { inputs, targets, weights } = given
  const { length } = inputs
  const part = (from: number, count: number): Dataset<X, Y> => datasetOf(mapColumns(given, (column) => rows(column, from, count)))
  const take = (count: number) => part(0, within('take', count, length))
  const split = (count: number) => [take(within('split', count, length)), part(count, length - count)] as const
  const shuffled = (key: Key): Dataset<X, Y> => {
    const order = new Uint32Array(length)
    shuffle(order, wordsOf(key))
    return datasetOf(mapColumns(given, (column) => reordered(column, order)))
  }
  const batch = (size: number | BoundDim<string>, from = 0) => {
    const count = sizeOf('batch', size)
    within('batch', within('batch', from, length) + within('batch', count, length), length)
    return batchTensors(
      mapColumns(given, (column) => rows(column, from, count)),
      size,
    )
  }
  const text = () => `data set of ${length} samples ${showTyped(inputs)}, their targets ${showTarget(targets)}`
  const members = { length, inputs, targets, weights, shuffled, take, split, batch }
  return Object.freeze(Object.defineProperty(members, inspect, { value: text })) as unknown as Dataset<X, Y> // the columns have lost X and Y
}
/** How a console shows it: without its elements. */
export const inspect = Symbol.for('nodejs.util.inspect.custom')

export const within = (op: string, count: number, length: number): number => {
  if (Number.isSafeInteger(count) && count >= 0 && count <= length) return count
  throw new RangeError(`${op}: expected a whole number of samples from 0 to ${length}, got ${String(count)}`)
}

/** How many samples a batch is to have. */
export const sizeOf = (op: string, size: number | BoundDim<string>): number => {
  const fault = isBound(size) ? sizeMessage(op, size) : null
  if (fault !== null) throw new ShapeError(fault)
  return isBound(size) ? size.size : size
}

/** Inputs and targets as tensors. */
export const batchTensors = ({ inputs, targets }: Rows, size: number | BoundDim<string>) =>
  [tensorOfRows(inputs, size), tensorOfRows(targets, size)] as const

const tensorOfRows = (column: Column, size: number | BoundDim<string>): AnyTensor => {
  const { length, width, shape, sizes, dtype } = column
  const values = dtype === 'i32' ? new Int32Array(length * width) : new Float32Array(length * width)
  gather(
    column,
    Uint32Array.from({ length }, (_, i) => i),
    0,
    length,
    values,
  )
  return tensorOf(data(values, [dimOf(size), ...shape], dtype, Object.assign({}, sizes, ...sizesOf([size]))))
}

const columnOf = (given: unknown, role: Role): E.Either<DatasetError, Column> =>
  isNode(given) ? columnOfTensor(tensorOf(given), role) : columnOfSamples(given as Samples<unknown> | undefined, role)

const weightsOf = (given: unknown): E.Either<DatasetError, Column> => {
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
  const { shape, sizes, values, kind, classes } = given
  const type = columnType(shape, sizes, storedAs[kind], classes)
  const wrong = (message: string): E.Either<DatasetError, never> => E.left({ tag: 'WrongSize', values: values.length, shape, message })
  const unknown = shape.find((dim) => typeof dim === 'string' && sizes[dim] === undefined)
  if (unknown !== undefined) return wrong(`dataset: the size of '${unknown}' is not known; write dim('${unknown}', n)`)
  if (type.width === 0) return wrong(`dataset: samples of ${show(shape)} have no elements`)
  if (values.length % type.width !== 0) return wrong(`dataset: ${values.length} values are not a whole number of samples ${show(shape)}`)
  return sound(columnWith(type, copied[kind](values)), role, values)
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
