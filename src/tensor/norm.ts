/** Normalisations of tensors, with their parameters. They are the subpath `shapewright/ops`. */
import type { Dim, DType, Shape } from '../../types/dim.ts'
import { anyDType } from '../../types/dtype.ts'
import { type Fitting, fitting, type Leaf, type Leaves } from '../../types/fitting.ts'
import {
  type BatchNormParams,
  type ChannelsOf,
  type NormOnShape,
  type NormOp,
  type NormParams,
  normOnShape,
  type RmsNormParams,
} from '../../types/norm.ts'
import { recordMessage } from '../../types/options.ts'
import { type Fits, fits, ShapeError } from '../../types/shape-error.ts'
import type { Tensor } from '../../types/tensor.ts'
import { type CountMessage, countMessage } from '../../types/window-options.ts'
import {
  add,
  cast,
  div,
  less,
  maximum,
  mean,
  mul,
  reciprocal,
  reshape,
  select,
  size,
  sqrt,
  stopGradient,
  sub,
  sum,
} from '../graph/expression.ts'
import { markStatistic } from '../graph/make.ts'
import { type Node, tensorOf } from '../graph/node.ts'
import { leafOf } from '../graph/tree.ts'
import { shown, tensorNode } from './argument.ts'
import type { RefusedOperation } from './size.ts'
import { typed } from './typed.ts'

export interface NormalizeOptions {
  /** Added to the variance; 1e-5 unless said, 1e-6 for `rmsNorm`. */
  readonly epsilon?: number
}
export interface NormalizeTrainingOptions extends NormalizeOptions {
  /** What a step keeps of the running statistics: 0.9 unless said. */
  readonly momentum?: number
}

/** `layerNorm(params)`: what it does to x. */
export interface Normalize<in out Op extends NormOp, in out C, in out G = 1> {
  <S extends Shape, D extends DType>(x: Fits<NormOnShape<Op, S, D, C, G>, Tensor<S, D>>): Tensor<S>
}
/** `batchNormTraining(params)`: what it does to x. */
export interface NormalizeTraining<in out C> {
  <S extends Shape, D extends DType>(
    x: Fits<NormOnShape<'batchNormTraining', S, D, C>, Tensor<S, D>>,
  ): readonly [y: Tensor<S>, params: BatchNormParams<C>]
}
type Given<Op extends string, P, Wanted> = Fitting<Op, 'the layer has', 'params', P, Wanted>
export interface NormalizeFunction<Op extends 'layerNorm' | 'instanceNorm'> {
  <P>(params: Given<Op, P, NormParams<ChannelsOf<P>>>, options?: NormalizeOptions): Normalize<Op, ChannelsOf<P>>
}
export interface RmsNormFunction {
  <P>(params: Given<'rmsNorm', P, RmsNormParams<ChannelsOf<P>>>, options?: NormalizeOptions): Normalize<'rmsNorm', ChannelsOf<P>>
}
export interface GroupNormFunction {
  <const G extends number, P>(
    groups: G,
    params: Given<'groupNorm', P, NormParams<ChannelsOf<P>>>,
    options?: NormalizeOptions,
  ): CountMessage<'groupNorm', 'groups', G> extends infer E extends string ? RefusedOperation<E> : Normalize<'groupNorm', ChannelsOf<P>, G>
}
export interface BatchNormFunction {
  <P>(params: Given<'batchNorm', P, BatchNormParams<ChannelsOf<P>>>, options?: NormalizeOptions): Normalize<'batchNorm', ChannelsOf<P>>
}
export interface BatchNormTrainingFunction {
  <P>(
    params: Given<'batchNormTraining', P, BatchNormParams<ChannelsOf<P>>>,
    options?: NormalizeTrainingOptions,
  ): NormalizeTraining<ChannelsOf<P>>
}

/** Parameters without types. */
export interface Weights {
  readonly scale: Node
  readonly shift: Node
}
export interface BatchWeights extends Weights {
  readonly mean: Node
  readonly variance: Node
}

/** What a layer's epsilon is, where it is not said. */
export const epsilonOf = (op: string, epsilon: unknown = op === 'rmsNorm' ? 1e-6 : 1e-5): number => {
  if (!(typeof epsilon === 'number' && epsilon > 0 && Number.isFinite(epsilon)))
    throw new ShapeError(`${op}: epsilon must be a positive number, got ${shown(epsilon)}`)
  return epsilon
}
export const momentumOf = (op: string, momentum: unknown = 0.9): number => {
  if (!(typeof momentum === 'number' && momentum >= 0 && momentum < 1))
    throw new ShapeError(`${op}: momentum must be at least 0 and below 1, got ${shown(momentum)}`)
  return momentum
}

/** Mean and variance along axes, and x without its mean. */
interface Moments {
  readonly centred: Node
  readonly mean: Node
  readonly variance: Node
}
/**
 * In two passes, about a shift s that is the mean as f32 sums give it: mean((x - s)^2) - mean(x - s)^2, whatever s is. Nothing
 * cancels, however far from 0 the mean lies; and no gradient goes through s, so that all sums of a gradient run side by side.
 * T. Chan, G. Golub and R. LeVeque, "Algorithms for computing the sample variance", The American Statistician 37 (1983).
 */
const momentsOf = (x: Node, axes: readonly number[], averaged = (y: Node): Node => mean(y, axes, true)): Moments => {
  const shift = stopGradient(averaged(x))
  const shifted = sub(x, shift)
  const rest = averaged(shifted)
  const variance = maximum(sub(averaged(mul(shifted, shifted)), mul(rest, rest)), 0)
  return { centred: sub(shifted, rest), mean: add(shift, rest), variance }
}
const inverseDeviation = (variance: Node, epsilon: number): Node => reciprocal(sqrt(add(variance, epsilon)))
const axesFrom = (first: number, end: number): readonly number[] => Array.from({ length: end - first }, (_, i) => first + i)

export const layerNormed = (x: Node, { scale, shift }: Weights, epsilon: number): Node => {
  const { centred, variance } = momentsOf(x, [x.shape.length - 1])
  return add(mul(mul(centred, inverseDeviation(variance, epsilon)), scale), shift)
}
export const rmsNormed = (x: Node, { scale }: Pick<Weights, 'scale'>, epsilon: number): Node =>
  mul(mul(x, inverseDeviation(mean(mul(x, x), [x.shape.length - 1], true), epsilon)), scale)

/** Each sample's channels in groups, each normalised with all places. */
export const groupNormed = (x: Node, { scale, shift }: Weights, groups: number, epsilon: number): Node => {
  const rank = x.shape.length
  const channels = x.shape[rank - 1] as Dim
  const inGroup = groups === 1 ? channels : (channels as number) / groups
  const grouped = reshape(x, [...x.shape.slice(0, -1), groups, inGroup])
  const { centred, variance } = momentsOf(grouped, [...axesFrom(1, rank - 1), rank])
  return add(mul(reshape(mul(centred, inverseDeviation(variance, epsilon)), x.shape), scale), shift)
}
/** Each channel of each sample, over all places. */
export const instanceNormed = (x: Node, { scale, shift }: Weights, epsilon: number): Node => {
  const { centred, variance } = momentsOf(x, axesFrom(1, x.shape.length - 1))
  return add(mul(centred, mul(inverseDeviation(variance, epsilon), scale)), shift)
}

/** Each channel, by the running statistics. */
export const batchNormed = (x: Node, { scale, shift, mean: running, variance }: BatchWeights, epsilon: number): Node =>
  add(mul(sub(x, running), mul(inverseDeviation(variance, epsilon), scale)), shift)
/** Each channel over batch and places, and the parameters with their statistics moved. */
export const batchNormedTraining = (
  x: Node,
  params: BatchWeights,
  epsilon: number,
  momentum: number,
  counts: Node | null = null,
): { readonly y: Node; readonly params: BatchWeights } => {
  const axes = axesFrom(0, x.shape.length - 1)
  const count = counts === null ? size(axes.map((axis) => x.shape[axis] as Dim)) : countOf(counts, x)
  const averaged =
    (each: Node) =>
    (y: Node): Node =>
      div(sum(select(each, y, 0), axes, true), maximum(count, 1))
  const { centred, mean: fresh, variance } = momentsOf(x, axes, ...(counts === null ? [] : [averaged(counts)]))
  const y = add(mul(centred, mul(inverseDeviation(variance, epsilon), params.scale)), params.shift)
  const unbiased = mul(variance, div(count, maximum(sub(count, 1), 1)))
  // one value has no variance, and none has no mean either
  const moved = (old: Node, next: Node, least: number): Node =>
    markStatistic(select(less(count, least), old, add(mul(old, momentum), mul(reshape(next, old.shape), 1 - momentum))))
  return { y, params: { ...params, mean: moved(params.mean, fresh, 1), variance: moved(params.variance, unbiased, 2) } }
}

/** How many places count, of all that the steps have. */
const countOf = (counts: Node, x: Node): Node => {
  const steps = sum(
    cast(counts, 'f32'),
    counts.shape.map((_, axis) => axis),
  )
  const inside = x.shape.slice(2, -1)
  return inside.length === 0 ? steps : mul(steps, size(inside))
}

/** The parameters given to `op`, checked: each is a vector of as many channels as the scale has. */
const paramsIn = <W extends Pick<Weights, 'scale'>>(op: string, given: unknown, names: readonly (keyof W & string)[]): W => {
  const channels = leafOf((given as Partial<W> | null | undefined)?.scale)?.shape.at(-1) ?? 1
  const wanted = names.map((name): readonly [string, Leaf] => [
    name,
    { shape: [channels], dtype: 'f32', statistic: name === 'mean' || name === 'variance' },
  ])
  const fault = fitting(op, 'the layer has', 'params', given, Object.fromEntries(wanted), leaves)
  if (fault !== null) throw new ShapeError(fault)
  return given as W
}
const leaves: Leaves = { given: leafOf, wanted: (x) => (typeof x === 'object' && x !== null && 'dtype' in x ? (x as Leaf) : null) }
const both = ['scale', 'shift'] as const

/** The options given to `op`, checked. */
const optionsIn = (
  op: string,
  options: unknown = {},
  known: readonly string[] = ['epsilon'],
): { readonly epsilon: number; readonly momentum: number } => {
  const message = recordMessage(op, options, known, shown)
  if (message !== null) throw new ShapeError(message)
  const { epsilon, momentum } = options as NormalizeTrainingOptions
  return { epsilon: epsilonOf(op, epsilon), momentum: momentumOf(op, momentum) }
}

/** What an operation with checked parameters does to a tensor. */
const onTensor =
  <T>(op: NormOp, { scale }: Pick<Weights, 'scale'>, f: (x: Node) => T, groups = 1) =>
  (x: unknown): T => {
    const node = tensorNode(op, x, anyDType)
    fits(normOnShape(op, node.shape, node.dtype, scale.shape[0] as Dim, groups))
    return f(node)
  }

/**
 * Each vector along the last axis has mean 0 and variance 1, then is scaled and shifted. `[..., c] -> [..., c]`
 * y = (x - mean) / sqrt(variance + epsilon) scale + shift (J. Ba, J. Kiros and G. Hinton, "Layer normalization", 2016). The
 * variance is the mean of squares, as everywhere here.
 *
 * @example
 * const unit = layerNorm({ scale: ones([2]), shift: tensor([0, 10]) }, { epsilon: 1e-12 })
 * toArray(unit(tensor([[1, 3], [500, 100]]))) // => [[-1, 11], [1, 9]]
 */
export const layerNorm = typed<NormalizeFunction<'layerNorm'>>((given: unknown, options?: unknown) => {
  const params = paramsIn<Weights>('layerNorm', given, both)
  const { epsilon } = optionsIn('layerNorm', options)
  return onTensor('layerNorm', params, (x) => tensorOf(layerNormed(x, params, epsilon)))
})

/**
 * Each vector along the last axis has a mean square of 1, then is scaled. `[..., c] -> [..., c]`
 * y = x / sqrt(mean(x^2) + epsilon) scale (B. Zhang and R. Sennrich, "Root mean square layer normalization", 2019)
 *
 * @example
 * const unit = rmsNorm({ scale: tensor([1, 2]) }, { epsilon: 1e-12 })
 * toArray(unit(tensor([3, -3]))) // => [1, -2]
 */
export const rmsNorm = typed<RmsNormFunction>((given: unknown, options?: unknown) => {
  const params = paramsIn<Pick<Weights, 'scale'>>('rmsNorm', given, ['scale'])
  const { epsilon } = optionsIn('rmsNorm', options)
  return onTensor('rmsNorm', params, (x) => tensorOf(rmsNormed(x, params, epsilon)))
})

/**
 * The channels of each sample in groups, each of which has mean 0 and variance 1 over all places; then each channel is scaled
 * and shifted. `[n, ..., c] -> [n, ..., c]` (Y. Wu and K. He, "Group normalization", 2018)
 *
 * @example
 * const pairs = groupNorm(2, { scale: ones([4]), shift: zeros([4]) }, { epsilon: 1e-12 })
 * toArray(pairs(tensor([[1, 3, 60, 40]]))) // => [[-1, 1, 1, -1]]
 */
export const groupNorm = typed<GroupNormFunction>((groups: number, given: unknown, options?: unknown) => {
  const message = countMessage('groupNorm', 'groups', groups, 1)
  if (message !== null) throw new ShapeError(message)
  const params = paramsIn<Weights>('groupNorm', given, both)
  const { epsilon } = optionsIn('groupNorm', options)
  return onTensor('groupNorm', params, (x) => tensorOf(groupNormed(x, params, groups, epsilon)), groups)
})

/**
 * Each channel of each sample has mean 0 and variance 1 over all places, then is scaled and shifted. `[n, ..., c] -> [n, ..., c]`
 * (D. Ulyanov, A. Vedaldi and V. Lempitsky, "Instance normalization", 2016)
 *
 * @example
 * const unit = instanceNorm({ scale: ones([2]), shift: zeros([2]) }, { epsilon: 1e-12 })
 * toArray(unit(tensor([[[1, 50], [3, 30]]]))) // => [[[-1, 1], [1, -1]]]
 */
export const instanceNorm = typed<NormalizeFunction<'instanceNorm'>>((given: unknown, options?: unknown) => {
  const params = paramsIn<Weights>('instanceNorm', given, both)
  const { epsilon } = optionsIn('instanceNorm', options)
  return onTensor('instanceNorm', params, (x) => tensorOf(instanceNormed(x, params, epsilon)))
})

const ofBatch = ['scale', 'shift', 'mean', 'variance'] as const

/**
 * Each channel by the running statistics: what `batchNorm` does outside of training. `[n, ..., c] -> [n, ..., c]`
 * y = (x - mean) / sqrt(variance + epsilon) scale + shift
 *
 * @example
 * const statistics = { mean: statistic(tensor([10])), variance: statistic(tensor([4])) }
 * const normalize = batchNorm({ scale: tensor([3]), shift: tensor([1]), ...statistics }, { epsilon: 1e-12 })
 * toArray(normalize(tensor([[10], [12]]))) // => [[1], [4]]
 */
export const batchNorm = typed<BatchNormFunction>((given: unknown, options?: unknown) => {
  const params = paramsIn<BatchWeights>('batchNorm', given, ofBatch)
  const { epsilon } = optionsIn('batchNorm', options)
  return onTensor('batchNorm', params, (x) => tensorOf(batchNormed(x, params, epsilon)))
})

/**
 * Each channel has mean 0 and variance 1 over the batch and all places, then is scaled and shifted; and the parameters with
 * their statistics moved. `[n, ..., c] -> [n, ..., c]` What is kept is momentum old + (1 - momentum) fresh, the fresh variance
 * being that of the batch times n / (n - 1), as PyTorch's, whose momentum is 1 - this one. A batch of one value has no variance
 * and leaves the old one. (S. Ioffe and C. Szegedy, "Batch normalization", 2015)
 *
 * @example
 * const params = { scale: ones([1]), shift: zeros([1]), mean: statistic(tensor([0])), variance: statistic(tensor([1])) }
 * const [y, moved] = batchNormTraining(params, { epsilon: 1e-12, momentum: 0.5 })(tensor([[10], [12]]))
 * toArray(concat([reshape([2])(y), moved.mean, moved.variance])) // => [-1, 1, 5.5, 1.5]
 */
export const batchNormTraining = typed<BatchNormTrainingFunction>((given: unknown, options?: unknown) => {
  const params = paramsIn<BatchWeights>('batchNormTraining', given, ofBatch)
  const { epsilon, momentum } = optionsIn('batchNormTraining', options, ['epsilon', 'momentum'])
  return onTensor('batchNormTraining', params, (x) => {
    const { y, params: moved } = batchNormedTraining(x, params, epsilon, momentum)
    return Object.freeze([tensorOf(y), Object.freeze(moved)])
  })
})
