/** `spatialDropout(rate)` and `gaussianNoise(deviation)`: they keep the shape. */
import type { Dims } from './dim.ts'
import { type NormShape, normShape } from './norm.ts'
import type { OperationFn } from './operation.ts'

export const spatialNeedsKey = 'spatialDropout: on a tensor it needs a key; write spatialDropout(rate, key)'
export const noiseNeedsKey = 'gaussianNoise: on a tensor it needs a key; write gaussianNoise(deviation, key)'
export const badSpatialRate = 'spatialDropout: the rate must be at least 0 and below 1, got {rate}'
export const badDeviation = 'gaussianNoise: the deviation must be a number from 0 on, got {deviation}'

/** A sample has places beside its channels. */
export interface SpatialDropout extends OperationFn {
  kind: 'spatialDropout'
  out: SpatialShape<this['in'], [unknown, unknown]>
  wholeOut: typeof spatialNeedsKey
}
export interface GaussianNoise extends OperationFn {
  kind: 'gaussianNoise'
  out: this['in']
  wholeOut: typeof noiseNeedsKey
}
/** S, or the message. */
export type SpatialShape<S, Least extends unknown[]> = NormShape<'spatialDropout', S, Least>
export const spatialShape = (shape: Dims, least: number): Dims | string => normShape('spatialDropout', shape, least)
