/** Data sets: samples and their targets, copied and checked once, gathered into batches when a program asks for them. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type ShowTarget, showTarget, type TargetTensor } from '../../types/classes.ts'
import type { BoundDim, Shape } from '../../types/dim.ts'
import type { Key } from '../../types/key.ts'
import type { Joined, MappedInput, MappedTarget, Mapping } from '../../types/mapped.ts'
import type { Typed } from '../../types/model.ts'
import { recordMessage } from '../../types/options.ts'
import type { Same } from '../../types/same.ts'
import { type Say, say } from '../../types/say.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { showTyped } from '../../types/show.ts'
import { type DimFault, type DimOf, dimOf, isBound, type SizeMessage, sizeMessage, sizesOf } from '../../types/size.ts'
import type { AnyTensor, Tensor } from '../../types/tensor.ts'
import { data } from '../graph/expression.ts'
import { mergeSizes } from '../graph/make.ts'
import { tensorOf } from '../graph/node.ts'
import { shown } from '../tensor/argument.ts'
import type { Refusal } from '../tensor/size.ts'
import { type Column, gather, reordered, rows } from './column.ts'
import { type DataSource, type InputTensor, mapColumns, type Rows } from './data-source.ts'
import { columnOf, type DatasetError, type noSamples, type notRows, type notSamples, type notWeights, weightsOf } from './given.ts'
import { asTyped, joinedTypes } from './join.ts'
import { type MapFunction, mapperOf } from './map.ts'
import type { MapError, MapOptions, MapTo, SampleValues } from './mapping.ts'
import type { Samples } from './samples.ts'
import { keptRows, type Predicate, picked, predicateOf } from './select.ts'
import { shuffle, wordsOf } from './shuffle.ts'
import { joinedRows } from './stream/blocks.ts'

export type { DatasetError } from './given.ts'

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
  /**
   * All samples in their order, `size` at a time, as tensors: for a step of one's own. Where `size` is a number, samples that are left
   * over at the end are left out; where it is a `dim`, they come last, under the same name.
   */
  readonly batches: BatchesOf<X, Y>
  /**
   * What a function makes of each sample. It is given some at once, its dim in front is `batch`, and it is compiled once; one that makes a
   * sample depend on others is a `ShapeError`: what needs all is computed before, as `moments` is. Class numbers that it gives as targets
   * are below the number of classes that there were, or below that of the option `classes`.
   */
  readonly map: MapOf<X, Y>
  /** The samples of whose values (flat, pixels as value / 255) a function says true. */
  readonly filter: (isKept: (x: SampleValues<X>, y: SampleValues<Y>, sample: number) => boolean) => Dataset<X, Y>
  /** These samples, then those of another set. Where one set has weights, the samples of the other count as one. */
  readonly concat: <V, W>(other: Joined<X, Y, V, W, Dataset<V, W>>) => Dataset<X, Y>
}

export type BatchesOf<X, Y> = <const N extends number | BoundDim<string>>(
  size: N,
) => DimFault<DimOf<N>> extends null ? Iterable<BatchOfSize<N, X, Y>> : Refusal<SizeMessage<'batches', DimOf<N>>>
export type BatchOfSize<N, X, Y> = readonly [inputs: InputTensor<DimOf<N>, X>, targets: TargetTensor<DimOf<N>, Y>]

export type MapOf<X, Y> = <A, B, const C extends number = never>(
  f: Mapping<X, Y, MapTo<X, Y, A, B, C>>,
  options?: MapOptions<C>,
) => TE.TaskEither<MapError, Dataset<MappedInput<A>, MappedTarget<Y, B, C>>>

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

const counts = 'dataset: {inputs} inputs and {targets} targets'
const weightCounts = 'dataset: {inputs} inputs and {weights} weights'

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
  const batches = (size: number | BoundDim<string>) => {
    const count = stepOf(size)
    return { [Symbol.iterator]: () => tensorsOf(given, size, count) }
  }
  const map = (f: MapFunction, options: unknown = {}) =>
    pipe(
      mapperOf(given, f, options, length),
      TE.chainW((mapper) => mapper.run(given, 0)),
      TE.map((rows) => datasetOf(rows)),
    )
  const filter = (isKept: Predicate): Dataset<X, Y> => datasetOf(picked(given, keptRows(given, predicateOf(isKept), 0)))
  const concat = (other: Rows): Dataset<X, Y> => {
    const types = joinedTypes(given, other)
    return datasetOf(joinedRows([asTyped(given, types), asTyped(other, types)]))
  }
  const text = () => `data set of ${length} samples ${showTyped(inputs)}, their targets ${showTarget(targets)}`
  const members = { length, inputs, targets, weights, shuffled, take, split, batch, batches, map, filter, concat }
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

/** How many samples a batch is to have that others follow. */
export const stepOf = (size: number | BoundDim<string>): number => atLeast('batches', 'samples', sizeOf('batches', size), 1)

export const atLeast = (op: string, what: string, count: number, least: number): number => {
  if (Number.isSafeInteger(count) && count >= least) return count
  throw new RangeError(`${op}: expected a whole number of ${what} from ${least} on, got ${String(count)}`)
}

function* tensorsOf(given: Rows, size: number | BoundDim<string>, count: number) {
  const { length } = given.inputs
  for (let from = 0; from < length; from += count) {
    const some = Math.min(count, length - from)
    if (some < count && typeof size === 'number') return
    yield batchTensors(
      mapColumns(given, (column) => rows(column, from, some)),
      typeof size === 'number' ? size : { ...size, size: some },
    )
  }
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
