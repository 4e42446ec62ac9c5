/** Data sets: samples and their targets, copied and checked once, gathered into batches when a program asks for them. */
import * as E from 'fp-ts/lib/Either.js'
import { showTarget, type TargetTensor } from '../../types/classes.ts'
import type { BoundDim, Dims, Shape } from '../../types/dim.ts'
import type { Key } from '../../types/key.ts'
import type { Typed } from '../../types/model.ts'
import { type Say, say } from '../../types/say.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { show, showTyped } from '../../types/show.ts'
import { type DimFault, type DimOf, dimOf, isBound, type SizeMessage, sizeMessage, sizesOf } from '../../types/size.ts'
import type { AnyTensor, Tensor } from '../../types/tensor.ts'
import { data } from '../graph/expression.ts'
import { isNode, mergeSizes, ownSizes } from '../graph/make.ts'
import { nodeOf, tensorOf } from '../graph/node.ts'
import { compute } from '../tensor/compute.ts'
import type { Refusal } from '../tensor/size.ts'
import { type Column, columnOfRows, gather, numericShape, placeIn, reordered, rows } from './column.ts'
import type { Samples } from './samples.ts'
import { shuffle, wordsOf } from './shuffle.ts'

declare const DATASET: unique symbol

/** Samples of the shape `X`, or i32 ones (`Typed`, `Classes`), each with a target: a tensor of the shape `Y`, or `Classes`. */
export interface Dataset<in out X, in out Y> {
  readonly length: number
  readonly inputs: Column
  readonly targets: Column
  /** The first `count` samples, and the rest. */
  readonly split: (count: number) => readonly [Dataset<X, Y>, Dataset<X, Y>]
  /** The same samples in an order that the key draws: before `split`, where the samples stand sorted. `fit` shuffles by itself. */
  readonly shuffled: (key: Key) => Dataset<X, Y>
  /** The first `count` samples. */
  readonly take: (count: number) => Dataset<X, Y>
  /** `size` samples as tensors, from the sample `from` on. */
  readonly batch: BatchOf<X, Y>
  readonly [DATASET]: (x: X, y: Y) => [X, Y]
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

/** A batch of inputs. */
export type InputTensor<B, X> = X extends Typed<infer S, infer D> ? (S extends Shape ? Tensor<[B, ...S], D> : never) : TargetTensor<B, X>

/** Why samples are no data set; `message` says it in one line. Samples count from 0. */
export type DatasetError = { readonly message: string } & (
  | { readonly tag: 'Empty' }
  | { readonly tag: 'LengthsDiffer'; readonly inputs: number; readonly targets: number }
  | { readonly tag: 'WrongSize'; readonly values: number; readonly shape: Dims }
  | { readonly tag: 'NotFinite'; readonly sample: number; readonly value: number }
  | { readonly tag: 'BadLabel'; readonly sample: number; readonly value: number; readonly classes: number }
)

const noSamples = 'dataset: expected a tensor, samples(...), pixels(...) or classes(...)'
const notRows = 'dataset: expected f32 rows or classes(...), got {dtype} {shape}'
const notSamples = 'dataset: expected f32 or i32 rows, got {dtype} {shape}'
const counts = 'dataset: {inputs} inputs and {targets} targets'

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

/**
 * A data set of samples and their targets. Tensors hold a sample a row; i32 rows are samples of tokens, and `classes` are such
 * as are checked to be below a number. One name with two sizes is a `ShapeError`.
 *
 * @example
 * const made = dataset(tensor([[0, 0], [0, 1]]), classes([0, 2], 2))
 * E.isLeft(made) && made.left.message // => 'dataset: the label of sample 1 is 2, expected a whole number from 0 to 1'
 */
export const dataset = <A, B>(
  inputs: Checked<A, InputOf<A>, null>,
  targets: Checked<B, SampleOf<B>, CountFault<A, B>>,
): E.Either<DatasetError, Dataset<InputOf<A>, SampleOf<B>>> => {
  const x = columnOf(inputs, 'input')
  if (E.isLeft(x)) return x
  const y = columnOf(targets, 'target')
  if (E.isLeft(y)) return y
  const [inputCount, targetCount] = [x.right.length, y.right.length]
  if (inputCount !== targetCount)
    return E.left({
      tag: 'LengthsDiffer',
      inputs: inputCount,
      targets: targetCount,
      message: say(counts, { inputs: inputCount, targets: targetCount }),
    })
  if (inputCount === 0) return E.left({ tag: 'Empty', message: 'dataset: there are no samples' })
  mergeSizes(x.right.sizes, y.right.sizes)
  return E.right(datasetOf(x.right, y.right))
}

type Role = 'input' | 'target'

const datasetOf = <X, Y>(inputs: Column, targets: Column): Dataset<X, Y> => {
  const length = inputs.length
  const part = (from: number, count: number): Dataset<X, Y> => datasetOf(rows(inputs, from, count), rows(targets, from, count))
  const take = (count: number) => part(0, within('take', count, length))
  const split = (count: number) => [take(within('split', count, length)), part(count, length - count)] as const
  const shuffled = (key: Key): Dataset<X, Y> => {
    const order = new Uint32Array(length)
    shuffle(order, wordsOf(key))
    return datasetOf(reordered(inputs, order), reordered(targets, order))
  }
  const batch = (size: number | BoundDim<string>, from = 0) => {
    const fault = isBound(size) ? sizeMessage('batch', size) : null
    if (fault !== null) throw new ShapeError(fault)
    const count = isBound(size) ? size.size : size
    within('batch', within('batch', from, length) + within('batch', count, length), length)
    return [tensorOfRows(inputs, size, from, count), tensorOfRows(targets, size, from, count)] as const
  }
  const shown = () => `data set of ${length} samples ${showTyped(inputs)}, their targets ${showTarget(targets)}`
  const members = Object.defineProperty({ length, inputs, targets, shuffled, take, split, batch }, inspect, { value: shown })
  return Object.freeze(members) as unknown as Dataset<X, Y> // the columns have lost X and Y
}
/** How a console shows it: without its elements. */
const inspect = Symbol.for('nodejs.util.inspect.custom')

const within = (op: string, count: number, length: number): number => {
  if (Number.isSafeInteger(count) && count >= 0 && count <= length) return count
  throw new RangeError(`${op}: expected a whole number of samples from 0 to ${length}, got ${String(count)}`)
}

const tensorOfRows = (column: Column, size: number | BoundDim<string>, from: number, count: number): AnyTensor => {
  const values = column.dtype === 'i32' ? new Int32Array(count * column.width) : new Float32Array(count * column.width)
  gather(
    column,
    Uint32Array.from({ length: count }, (_, i) => from + i),
    0,
    count,
    values,
  )
  return tensorOf(data(values, [dimOf(size), ...column.shape], column.dtype, Object.assign({}, column.sizes, ...sizesOf([size]))))
}

const columnOf = (given: unknown, role: Role): E.Either<DatasetError, Column> =>
  isNode(given) ? columnOfTensor(tensorOf(given), role) : columnOfSamples(given as Samples<unknown> | undefined, role)

const columnOfTensor = (given: AnyTensor, role: Role): E.Either<DatasetError, Column> => {
  const column = columnOfRows(nodeOf(compute(given)))
  if (column === null || (role === 'target' && column.dtype !== 'f32'))
    throw new ShapeError(say(role === 'target' ? notRows : notSamples, { dtype: given.dtype, shape: given.shape }))
  // how many rows there are is no size of a sample: another data set may have others
  return finite({ ...column, sizes: ownSizes(column.shape, column.sizes) }, role, column.values)
}

const columnOfSamples = (given: Samples<unknown> | undefined, role: Role): E.Either<DatasetError, Column> => {
  if (given?.kind === undefined) throw new ShapeError(noSamples)
  const { shape, sizes, values, kind, classes } = given
  const dims = numericShape(shape, sizes)
  const width = dims.reduce((n, d) => n * d, 1)
  const unknown = shape.find((_, i) => Number.isNaN(dims[i]))
  const wrong = (message: string): E.Either<DatasetError, never> => E.left({ tag: 'WrongSize', values: values.length, shape, message })
  if (unknown !== undefined) return wrong(`dataset: the size of '${unknown}' is not known; write dim('${unknown}', n)`)
  if (width === 0) return wrong(`dataset: samples of ${show(shape)} have no elements`)
  if (values.length % width !== 0) return wrong(`dataset: ${values.length} values are not a whole number of samples ${show(shape)}`)
  const column = { length: values.length / width, shape, sizes, width, classes }
  if (kind === 'pixels') return E.right({ ...column, dtype: 'f32', values: new Uint8Array(values) })
  if (kind === 'labels') return labels({ ...column, dtype: 'i32', values: new Int32Array(values) }, classes ?? 0, values)
  return finite({ ...column, dtype: 'f32', values: new Float32Array(values) }, role, values)
}

/** `given` are the values before they were rounded. */
const finite = (column: Column, role: Role, given: ArrayLike<number>): E.Either<DatasetError, Column> => {
  const bad = column.values.findIndex((value) => !Number.isFinite(value))
  if (bad < 0) return E.right(column)
  const [sample, value] = [Math.floor(bad / column.width), given[bad] as number]
  return E.left({
    tag: 'NotFinite',
    sample,
    value,
    message: `dataset: the ${role} of sample ${sample} has ${value}${placeIn(column, bad)}, which is not finite in f32`,
  })
}

const labels = (column: Column, count: number, given: ArrayLike<number>): E.Either<DatasetError, Column> => {
  for (let i = 0; i < given.length; i++) {
    const value = given[i] as number
    if (Number.isInteger(value) && value >= 0 && value < count) continue
    const sample = Math.floor(i / column.width)
    const expected = `expected a whole number from 0 to ${count - 1}`
    const message = `dataset: the label of sample ${sample}${placeIn(column, i)} is ${value}, ${expected}`
    return E.left({ tag: 'BadLabel', sample, value, classes: count, message })
  }
  return E.right(column)
}
