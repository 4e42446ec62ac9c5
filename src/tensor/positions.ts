/** Positions of sequences without weights: waves that are added, and turns of pairs of elements. */
import type { Dim, Dims } from '../../types/dim.ts'
import type { Operation } from '../../types/operation.ts'
import { type PositionsFn, positionsShape } from '../../types/positions.ts'
import { fits } from '../../types/shape-error.ts'
import * as e from '../graph/expression.ts'
import type { Node } from '../graph/node.ts'
import { operation } from './operation.ts'

const positions = <const Op extends 'sinusoidalPositions' | 'rotaryPositions'>(
  op: Op,
  f: (x: Node) => Node,
): Operation<PositionsFn<Op>> => {
  const apply = (x: Node): Node => {
    fits(positionsShape(op, x.shape))
    return f(x)
  }
  return operation<PositionsFn<Op>>({ kind: op, options: {}, out: (sample) => positionsShape(op, sample), onTensor: apply, onBatch: apply })
}

/**
 * Adds waves of the position, `x[t, 2 i] + sin(t / 10000^(2 i / d))` and `x[t, 2 i + 1] + cos(...)`, for an even depth d.
 * `[..., time, d] -> [..., time, d]` A. Vaswani et al., "Attention is all you need", 2017, section 3.5.
 *
 * @example
 * toArray(sinusoidalPositions(zeros([1, 4]))) // => [[0, 1, 0, 1]]
 */
export const sinusoidalPositions: Operation<PositionsFn<'sinusoidalPositions'>> = positions('sinusoidalPositions', (x) => {
  const angles = anglesOf(x)
  const [time, half] = angles.shape as readonly [Dim, number]
  const apart: Dims = [time, half, 1]
  const waves = e.concat([e.reshape(e.unary('sin', angles), apart), e.reshape(e.unary('cos', angles), apart)], 2)
  return e.add(x, e.reshape(waves, [time, 2 * half]))
})

/**
 * Turns each pair of elements `x[t, i], x[t, i + d / 2]` by the angle t / 10000^(2 i / d), for an even depth d: the product of
 * two rows then hangs on how far apart they stand. `[..., time, d] -> [..., time, d]` J. Su et al., "RoFormer: enhanced
 * transformer with rotary position embedding", 2021; halves are paired, as in GPT-NeoX. `attention(heads, { rotary: true })`
 * turns queries and keys so.
 *
 * @example
 * toArray(rotaryPositions(tensor([[1, 0]]))) // => [[1, 0]]
 */
export const rotaryPositions: Operation<PositionsFn<'rotaryPositions'>> = positions('rotaryPositions', (x) => turned(x))

/** A node turned by its positions. */
export const turned = (x: Node): Node => {
  const angles = anglesOf(x)
  const [sin, cos] = [e.unary('sin', angles), e.unary('cos', angles)]
  const half = (x.shape.at(-1) as number) / 2
  const part = (from: number): Node => e.slice(x, [...x.shape.slice(1).map(() => 0), from], [...x.shape.slice(0, -1), half])
  const [a, b] = [part(0), part(half)]
  return e.concat([e.sub(e.mul(a, cos), e.mul(b, sin)), e.add(e.mul(b, cos), e.mul(a, sin))], x.shape.length - 1)
}

/** t / 10000^(2 i / d), `[time, d / 2]`. */
const anglesOf = ({ shape, sizes }: Node): Node => {
  const [time, depth] = shape.slice(-2) as [Dim, number]
  const places = e.cast(e.iota([time, depth / 2], 0, sizes), 'f32')
  return e.mul(places, frequenciesOf(depth))
}
/** 1 / 10000^(2 i / d), `[d / 2]`. */
export const frequenciesOf = (depth: number): Node =>
  e.exp(e.mul(e.cast(e.iota([depth / 2], 0), 'f32'), (-2 * LOG_10000) / Math.max(1, depth)))
/** log(10000) */
const LOG_10000 = 9.210340371976184
