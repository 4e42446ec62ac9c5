/**
 * Normalisations: they keep the shape, and have a scale and a shift for each channel, which is the last dim. Layers normalise
 * one sample; on tensors the batch stands in front.
 */
import { type Divides, dividedMessage, undividedChannels } from './convolution.ts'
import type { Dim, Dims, DType, Shape } from './dim.ts'
import { type DTypeFault, dtypeFault } from './dtype.ts'
import type { LayerFn } from './layer.ts'
import type { Last, Same } from './same.ts'
import { type Say, say } from './say.ts'
import type { Statistic, Tensor } from './tensor.ts'

const lowRank = '{op}: needs rank >= {rank}, got {shape}'
const otherLastDim = '{op}: expected last dim {expected}, got {got}'

/** A scale and a shift for each channel. */
export interface NormParams<in out C> {
  readonly scale: Tensor<[C]>
  readonly shift: Tensor<[C]>
}
/** A scale for each channel. */
export interface RmsNormParams<in out C> {
  readonly scale: Tensor<[C]>
}
/** A scale and a shift for each channel, and the statistics that `apply` normalises by. */
export interface BatchNormParams<in out C> {
  readonly scale: Tensor<[C]>
  readonly shift: Tensor<[C]>
  readonly mean: Statistic<[C]>
  readonly variance: Statistic<[C]>
}

/** So many dims at least. */
type Rank1 = [unknown]
type Rank2 = [unknown, unknown]
type Rank3 = [unknown, unknown, unknown]

/** `layerNorm()` */
export interface LayerNorm extends LayerFn {
  kind: 'layerNorm'
  out: NormShape<'layerNorm', this['in'], Rank1>
  params: NormParams<Last<this['in']>>
}
/** `rmsNorm()` */
export interface RmsNorm extends LayerFn {
  kind: 'rmsNorm'
  out: NormShape<'rmsNorm', this['in'], Rank1>
  params: RmsNormParams<Last<this['in']>>
}
/** `batchNorm()` */
export interface BatchNorm extends LayerFn {
  kind: 'batchNorm'
  out: NormShape<'batchNorm', this['in'], Rank1>
  params: BatchNormParams<Last<this['in']>>
}
/** `instanceNorm()` */
export interface InstanceNorm extends LayerFn {
  kind: 'instanceNorm'
  out: NormShape<'instanceNorm', this['in'], Rank2>
  params: NormParams<Last<this['in']>>
}
/** `groupNorm(groups)` */
export interface GroupNorm<G> extends LayerFn {
  kind: 'groupNorm'
  out: NormShape<'groupNorm', this['in'], Rank1, G>
  params: NormParams<Last<this['in']>>
}

/** S, or the message. */
export type NormShape<Op, S, Least extends unknown[], G = 1> = S extends [...infer _, ...Least]
  ? Divides<G, Last<S>> extends true
    ? S
    : Say<typeof undividedChannels, { op: Op; groups: G; shape: S }>
  : Say<typeof lowRank, { op: Op; rank: Least['length']; shape: S }>

/** The rank that each needs of a tensor, batch and channels included. */
interface TensorRanks {
  layerNorm: Rank1
  rmsNorm: Rank1
  batchNorm: Rank2
  batchNormTraining: Rank2
  groupNorm: Rank2
  instanceNorm: Rank3
}
export type NormOp = keyof TensorRanks
/** On a tensor: S, or the message. The parameters are those of C channels. */
export type NormOnShape<Op extends NormOp, S extends Shape, D extends DType, C, G = 1> =
  DTypeFault<Op, 'f32', D> extends infer Fault extends string
    ? Fault
    : NormShape<Op, S, TensorRanks[Op], G> extends infer E extends string
      ? E
      : Same<C, Last<S>> extends true
        ? S
        : Say<typeof otherLastDim, { op: Op; expected: C; got: Last<S> }>
/** The channels that parameters are for: the scale says it. */
// biome-ignore lint/suspicious/noExplicitAny: an invariant type has no other supertype
export type ChannelsOf<P> = P extends { readonly scale: Tensor<infer S, any> } ? (S extends [...infer _, infer C] ? C : 1) : 1

const tensorRanks: { readonly [Op in NormOp]: TensorRanks[Op]['length'] } = {
  layerNorm: 1,
  rmsNorm: 1,
  batchNorm: 2,
  batchNormTraining: 2,
  groupNorm: 2,
  instanceNorm: 3,
}
/** The rank that a layer needs of a sample. */
export const sampleRanks = { layerNorm: 1, rmsNorm: 1, batchNorm: 1, groupNorm: 1, instanceNorm: 2 } as const

/** The shape, or the message. */
export const normShape = (op: string, shape: Dims, least: number, groups = 1): Dims | string =>
  shape.length < least
    ? say(lowRank, { op, rank: least, shape })
    : (dividedMessage(undividedChannels, shape.at(-1) as Dim, groups, { op, shape }) ?? shape)
/** On a tensor: the shape, or the message. */
export const normOnShape = (op: NormOp, shape: Dims, dtype: DType, channels: Dim, groups = 1): Dims | string => {
  const fault = dtypeFault(op, ['f32'], dtype)
  if (fault !== null) return fault
  const kept = normShape(op, shape, tensorRanks[op], groups)
  if (typeof kept === 'string') return kept
  const got = shape.at(-1) as Dim
  return got === channels ? kept : say(otherLastDim, { op, expected: channels, got })
}
