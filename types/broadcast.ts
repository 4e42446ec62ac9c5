/**
 * Broadcasting: NumPy's alignment, but one operand must already have the result's shape. So `[n, 1] - [n]`, the classic
 * silent `[n, n]`, is a mistake; `broadcastTo` says it on purpose.
 */
import type { Dim, Dims, DType, Shape } from './dim.ts'
import { type Same, same } from './same.ts'
import { type Say, say } from './say.ts'

const apart = '{op}: shapes {a} and {b} do not broadcast'
const neither = '{op}: neither {a} nor {b} has the shape {result}; use broadcastTo'
const noBroadcast = 'broadcastTo: {from} does not broadcast to {to}'
export const mixed = '{op}: {a} and {b} do not mix; use cast'
export const numberMixed = '{op}: bool and a number do not mix; use cast'
export const twoNumbers = '{op}: two numbers make no tensor; use scalar'

/** Boxed, or null where two dims clash. Never a test for `never`: a generic batch dim would not resolve. */
type BroadcastDim<A, B> = Same<A, B> extends true ? [A] : [A] extends [1] ? [B] : [B] extends [1] ? [A] : null
/** The shape that two shapes broadcast to, from the last dim on; null where they do not. */
export type Broadcast<A extends Shape, B extends Shape, Done extends Shape = []> = A extends [...infer As extends Shape, infer a]
  ? B extends [...infer Bs extends Shape, infer b]
    ? BroadcastDim<a, b> extends [infer D]
      ? Broadcast<As, Bs, [D, ...Done]>
      : null
    : B extends readonly []
      ? [...A, ...Done]
      : null
  : A extends readonly []
    ? [...B, ...Done]
    : null

/** The result of a binary operation, boxed so that a shape of any rank resolves; or the message. */
export type BinaryShape<Op extends string, A extends Shape, B extends Shape> =
  Same<A, B> extends true
    ? [A]
    : Broadcast<A, B> extends infer R
      ? R extends Shape
        ? Same<R, A> extends true
          ? [A]
          : Same<R, B> extends true
            ? [B]
            : Say<typeof neither, { op: Op; a: A; b: B; result: R }>
        : Say<typeof apart, { op: Op; a: A; b: B }>
      : never
/** `BinaryShape` of two tensors, whose dtypes must agree. */
export type BinaryResult<Op extends string, A extends Shape, D, B extends Shape, E> = [D] extends [E]
  ? BinaryShape<Op, A, B>
  : Say<typeof mixed, { op: Op; a: D; b: E }>

export type BroadcastToShape<A extends Shape, B extends Shape> =
  Same<Broadcast<A, B>, B> extends true ? B : Say<typeof noBroadcast, { from: A; to: B }>

/** The shape that two shapes broadcast to; null where they do not. */
export const broadcast = (a: Dims, b: Dims): Dims | null => {
  const rank = Math.max(a.length, b.length)
  const dims = Array.from({ length: rank }, (_, i) => broadcastDim(a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1))
  return dims.every((dim) => dim !== null) ? dims : null
}
const broadcastDim = (a: Dim, b: Dim): Dim | null => (a === b ? a : a === 1 ? b : b === 1 ? a : null)

export const binaryShape = (op: string, a: Dims, b: Dims): Dims | string => {
  if (same(a, b)) return a
  const result = broadcast(a, b)
  if (result === null) return say(apart, { op, a, b })
  return same(result, a) ? a : same(result, b) ? b : say(neither, { op, a, b, result })
}
export const binaryResult = (op: string, a: Dims, d: DType, b: Dims, e: DType): Dims | string =>
  d === e ? binaryShape(op, a, b) : say(mixed, { op, a: d, b: e })

export const broadcastToShape = (from: Dims, to: Dims): Dims | string => {
  const result = broadcast(from, to)
  return result !== null && same(result, to) ? to : say(noBroadcast, { from, to })
}
