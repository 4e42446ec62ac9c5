/**
 * Positions of a sequence `[..., time, depth]`: a table that is learned, waves that are added, or a turn of pairs of elements.
 * They keep the shape.
 */
import type { Compare, Mod } from './arithmetic.ts'
import type { Dims } from './dim.ts'
import { namedDepth, noSequence } from './heads.ts'
import type { LayerFn } from './layer.ts'
import type { OperationFn } from './operation.ts'
import type { Last } from './same.ts'
import { type Say, say } from './say.ts'
import type { Tensor } from './tensor.ts'

const oddDepth = '{op}: the depth must be even, got {depth} in {shape}'
const tooMany = 'learnedPositions: the sequence {shape} has more than {most} positions'

/** A row for each position. */
export interface PositionParams<in out N, in out D> {
  readonly weight: Tensor<[N, D]>
}
/** `learnedPositions(most)` */
export interface LearnedPositions<N> extends LayerFn {
  kind: 'learnedPositions'
  out: LearnedShape<this['in'], N>
  params: PositionParams<N, Last<this['in']>>
}
export type LearnedShape<S, N> = S extends [...infer _, infer T, infer __]
  ? [T, N] extends [infer t extends number, infer n extends number]
    ? Compare<t, n> extends '>'
      ? Say<typeof tooMany, { shape: S; most: N }>
      : S
    : S
  : Say<typeof noSequence, { op: 'learnedPositions'; shape: S }>

/** `sinusoidalPositions`, `rotaryPositions` */
export interface PositionsFn<Op extends string> extends OperationFn {
  kind: Op
  out: PositionsShape<Op, this['in']>
  wholeOut: PositionsShape<Op, this['whole']>
}
export type PositionsShape<Op extends string, S> = S extends [...infer _, infer __, infer D]
  ? D extends number
    ? Mod<D, 2> extends 0
      ? S
      : Say<typeof oddDepth, { op: Op; depth: D; shape: S }>
    : Say<typeof namedDepth, { op: Op; shape: S }>
  : Say<typeof noSequence, { op: Op; shape: S }>

/** The shape, or the message. */
export const learnedShape = (shape: Dims, most: number | string): Dims | string => {
  const time = shape.at(-2)
  if (time === undefined) return say(noSequence, { op: 'learnedPositions', shape })
  return typeof time === 'number' && typeof most === 'number' && time > most ? say(tooMany, { shape, most }) : shape
}
export const positionsShape = (op: string, shape: Dims): Dims | string => {
  const depth = shape.at(-1)
  if (shape.length < 2 || depth === undefined) return say(noSequence, { op, shape })
  if (typeof depth === 'string') return say(namedDepth, { op, shape })
  return depth % 2 === 0 ? shape : say(oddDepth, { op, depth, shape })
}
