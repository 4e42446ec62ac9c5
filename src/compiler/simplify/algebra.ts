/** Algebra that keeps every bit: rules that hold for NaN, infinities and signed zeros. */
import * as e from '../../graph/expression.ts'
import type { Node, NodeOf } from '../../graph/node.ts'
import { reduceOps } from '../../graph/op.ts'
import { type Rule, rule } from '../rewrite.ts'

/** The value of a scalar constant, stretched or not; null for anything else. */
const constantOf = (n: Node | undefined): number | null => {
  if (n === undefined) return null
  if (n.op === 'constant') return n.attributes.value
  return n.op === 'broadcast' || n.op === 'reshape' ? constantOf(n.inputs[0]) : null
}
const is = (n: Node | undefined, value: number): boolean => Object.is(constantOf(n), value)
const isPowerOfTwo = (x: number): boolean => {
  const scaled = Math.abs(x)
  return scaled >= 2 ** -100 && scaled <= 2 ** 100 && 2 ** Math.round(Math.log2(scaled)) === scaled
}
const operand = (n: Node, i: number): Node => n.inputs[i] as Node

export const algebra: readonly Rule[] = [
  rule('x * 1 -> x', 'mul', (n) => (is(n.inputs[1], 1) ? operand(n, 0) : null)),
  rule('1 * x -> x', 'mul', (n) => (is(n.inputs[0], 1) ? operand(n, 1) : null)),
  rule('x / 1 -> x', 'div', (n) => (is(n.inputs[1], 1) ? operand(n, 0) : null)),
  rule('x - 0 -> x', 'sub', (n) => (is(n.inputs[1], 0) ? operand(n, 0) : null)),
  rule('x + -0 -> x', 'add', (n) => (n.dtype === 'f32' && is(n.inputs[1], -0) ? operand(n, 0) : null)),
  rule('x + 0 -> x, integers', 'add', (n) => (n.dtype === 'i32' && is(n.inputs[1], 0) ? operand(n, 0) : null)),
  rule('0 + x -> x, integers', 'add', (n) => (n.dtype === 'i32' && is(n.inputs[0], 0) ? operand(n, 1) : null)),
  rule('-(-x) -> x', 'neg', (n) => (operand(n, 0).op === 'neg' ? operand(operand(n, 0), 0) : null)),
  rule('x * -1 -> -x', 'mul', (n) => (is(n.inputs[1], -1) ? e.neg(operand(n, 0)) : null)),
  rule('-1 * x -> -x', 'mul', (n) => (is(n.inputs[0], -1) ? e.neg(operand(n, 1)) : null)),
  rule('x + -y -> x - y', 'add', (n) => (operand(n, 1).op === 'neg' ? e.sub(operand(n, 0), operand(operand(n, 1), 0)) : null)),
  rule('x - -y -> x + y', 'sub', (n) => (operand(n, 1).op === 'neg' ? e.add(operand(n, 0), operand(operand(n, 1), 0)) : null)),
  rule('1 / x -> reciprocal x', 'div', (n) => (n.dtype === 'f32' && is(n.inputs[0], 1) ? e.reciprocal(operand(n, 1)) : null)),
  rule('x / 2^k -> x * 2^-k', 'div', (n) => {
    const c = n.dtype === 'f32' ? constantOf(n.inputs[1]) : null
    return c !== null && isPowerOfTwo(c) ? e.mul(operand(n, 0), 1 / c) : null
  }),
  rule('select(c, x, x) -> x', 'select', (n) => (n.inputs[1] === n.inputs[2] ? operand(n, 1) : null)),
  rule('select(true, x, y) -> x', 'select', (n) => (is(n.inputs[0], 1) ? operand(n, 1) : null)),
  rule('select(false, x, y) -> y', 'select', (n) => (is(n.inputs[0], 0) ? operand(n, 2) : null)),
  rule('stopGradient(x) -> x', 'stopGradient', (n) => operand(n, 0)),
  rule('cast(x) of its own dtype -> x', 'cast', (n) => (operand(n, 0).dtype === n.dtype ? operand(n, 0) : null)),
]

/** What is the same along the axes, without them; null for anything else. */
const sameAlong = (n: Node, axes: readonly number[]): Node | null => {
  const inner = n.op === 'broadcast' ? operand(n, 0) : null
  if (inner === null) return null
  const aligned = [...Array.from({ length: n.shape.length - inner.shape.length }, () => 1), ...inner.shape]
  return axes.every((axis) => aligned[axis] === 1)
    ? e.reshape(
        inner,
        aligned.filter((_, axis) => !axes.includes(axis)),
      )
    : null
}
/** A factor that the sum need not know. */
const outOfSum = (n: NodeOf<'sum'>): Node | null => {
  const x = operand(n, 0)
  if (x.op !== 'mul' || x.dtype !== 'f32') return null
  for (const [factor, rest] of [x.inputs, x.inputs.toReversed()] as readonly (readonly Node[])[]) {
    const same = sameAlong(factor as Node, n.attributes.axes)
    if (same !== null) return e.mul(e.sum(rest as Node, n.attributes.axes), same)
  }
  return null
}

/** Rules that round otherwise: marked as such, and applied after the exact ones. */
export const strength: readonly Rule[] = [
  rule('sum(x * k) -> sum(x) * k, k the same along the axes', 'sum', outOfSum),
  rule('sum(-x) -> -sum(x)', 'sum', (n) =>
    operand(n, 0).op === 'neg' ? e.neg(e.sum(operand(operand(n, 0), 0), n.attributes.axes)) : null,
  ),
  rule('reduction over axes of size 1 -> reshape', reduceOps, (n) =>
    n.attributes.axes.every((axis) => operand(n, 0).shape[axis] === 1) ? e.reshape(operand(n, 0), n.shape) : null,
  ),
  rule('x ^ 1 -> x', 'pow', (n) => (is(n.inputs[1], 1) ? operand(n, 0) : null)),
  rule('x ^ 2 -> x * x', 'pow', (n) => (is(n.inputs[1], 2) ? e.mul(operand(n, 0), operand(n, 0)) : null)),
  rule('x ^ 3 -> x * x * x', 'pow', (n) => (is(n.inputs[1], 3) ? e.mul(e.mul(operand(n, 0), operand(n, 0)), operand(n, 0)) : null)),
  rule('x ^ -1 -> reciprocal x', 'pow', (n) => (is(n.inputs[1], -1) ? e.reciprocal(operand(n, 0)) : null)),
]
