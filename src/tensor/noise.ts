/** Noise while training: whole channels dropped, and normal numbers added. On tensors with a key; as layers in `applyTraining` alone. */
import type { Dims, DType, Shape } from '../../types/dim.ts'
import type { DTypeFault } from '../../types/dtype.ts'
import type { Key } from '../../types/key.ts'
import type { First, RecordFirst, Uncalled } from '../../types/maker.ts'
import {
  badDeviation,
  badSpatialRate,
  type GaussianNoise,
  noiseNeedsKey,
  type SpatialDropout,
  type SpatialShape,
  spatialNeedsKey,
  spatialShape,
} from '../../types/noise.ts'
import type { Operation } from '../../types/operation.ts'
import type { RefusedPool } from '../../types/pool.ts'
import { say } from '../../types/say.ts'
import { type Fits, fits, ShapeError } from '../../types/shape-error.ts'
import type { Tensor } from '../../types/tensor.ts'
import { add, binary, mul, select } from '../graph/expression.ts'
import { type Node, nodeOf, tensorOf } from '../graph/node.ts'
import { numberFirst, shown, tensorNode } from './argument.ts'
import { unitNormal, unitUniform } from './draw.ts'
import { operation } from './operation.ts'
import { bitsOf } from './random.ts'
import { typed } from './typed.ts'

export interface SpatialDropoutFunction {
  (call: Uncalled<'spatialDropout'>): never
  (rate: number): Operation<SpatialDropout>
  (rate: number, key: Key): SpatialDropoutWithKey
  <X>(first: First<'spatialDropout', X, number>): Operation<RefusedPool<'spatialDropout', RecordFirst<'spatialDropout'>>>
}
/** Spatial dropout on a tensor. */
export interface SpatialDropoutWithKey {
  <S extends Shape, D extends DType>(x: Fits<Rule<S, D>, Tensor<S, D>>): Tensor<S>
}
type Rule<S extends Shape, D extends DType> =
  DTypeFault<'spatialDropout', 'f32', D> extends infer Fault extends string ? Fault : SpatialShape<S, [unknown, unknown, unknown]>

export interface GaussianNoiseFunction {
  (call: Uncalled<'gaussianNoise'>): never
  (deviation: number): Operation<GaussianNoise>
  (deviation: number, key: Key): GaussianNoiseWithKey
  <X>(first: First<'gaussianNoise', X, number>): Operation<RefusedPool<'gaussianNoise', RecordFirst<'gaussianNoise'>>>
}
/** Gaussian noise on a tensor. */
export interface GaussianNoiseWithKey {
  <S extends Shape, D extends DType>(x: Fits<DTypeFault<'gaussianNoise', 'f32', D>, Tensor<S, D>>): Tensor<S>
}

/**
 * Each channel of each sample becomes 0 at all its places with probability `rate`, 0 <= rate < 1, else x / (1 - rate): places side
 * by side are alike, so that dropping some of them alone drops little (J. Tompson et al., "Efficient object localization using
 * convolutional networks", 2015). `spatialDropout(rate)` is a layer for sequences and images, `[..., c] -> [..., c]`; on a tensor,
 * its batch in front, it takes a key.
 *
 * @example
 * pipe(input([28, 28, 1]), conv2d({ filters: 8, kernel: 3 }), spatialDropout(0.2), relu).output // => [26, 26, 8]
 */
export const spatialDropout = typed<SpatialDropoutFunction>((rate: number, key?: Key) => {
  numberFirst('spatialDropout', rate)
  if (!(typeof rate === 'number' && rate >= 0 && rate < 1)) throw new ShapeError(say(badSpatialRate, { rate: shown(rate) }))
  if (key !== undefined) {
    const bits = bitsOf('spatialDropout', key)
    return (x: unknown) => {
      const node = tensorNode('spatialDropout', x)
      fits(spatialShape(node.shape, 3))
      return tensorOf(channelsDropped(node, rate, bits))
    }
  }
  return operation<SpatialDropout>({
    kind: 'spatialDropout',
    options: { rate },
    out: (sample) => spatialShape(sample, 2),
    onTensor: () => {
      throw new ShapeError(spatialNeedsKey)
    },
    onBatch: (x, mode) => (mode.training ? channelsDropped(x, rate, nodeOf(mode.key.bits)) : x),
  })
})

/**
 * x with normal numbers added, of mean 0 and this standard deviation. `gaussianNoise(deviation)` is a layer; on a tensor it takes
 * a key.
 *
 * @example
 * toArray(pipe(tensor([1, 2]), gaussianNoise(0, key(0)))) // => [1, 2]
 */
export const gaussianNoise = typed<GaussianNoiseFunction>((deviation: number, key?: Key) => {
  numberFirst('gaussianNoise', deviation)
  if (!(Number.isFinite(deviation) && deviation >= 0)) throw new ShapeError(say(badDeviation, { deviation: shown(deviation) }))
  const noisy = (x: Node, bits: Node): Node => (deviation === 0 ? x : add(x, mul(unitNormal(bits, x.shape, x.sizes), deviation)))
  if (key !== undefined) {
    const bits = bitsOf('gaussianNoise', key)
    return (x: unknown) => tensorOf(noisy(tensorNode('gaussianNoise', x), bits))
  }
  return operation<GaussianNoise>({
    kind: 'gaussianNoise',
    options: { deviation },
    out: (sample) => sample,
    onTensor: () => {
      throw new ShapeError(noiseNeedsKey)
    },
    onBatch: (x, mode) => (mode.training ? noisy(x, nodeOf(mode.key.bits)) : x),
  })
})

/** One draw for each channel of each sample. */
const channelsDropped = (x: Node, rate: number, bits: Node): Node => {
  if (rate === 0) return x
  const last = x.shape.length - 1
  const channels: Dims = x.shape.map((dim, axis) => (axis === 0 || axis === last ? dim : 1))
  const kept = select(binary('less', unitUniform(bits, channels, x.sizes), rate), 0, 1 / (1 - rate))
  return mul(x, kept)
}
