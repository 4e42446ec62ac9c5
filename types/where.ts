/** Choosing between two tensors: all three broadcast, and one of them must already have the result's shape. */
import { type Broadcast, broadcast, mixed } from './broadcast.ts'
import type { Dims, DType, Shape } from './dim.ts'
import { type Same, same } from './same.ts'
import { type Say, say } from './say.ts'

const threeApart = 'where: shapes {condition}, {a} and {b} do not broadcast'
const noneOf = 'where: none of {condition}, {a} and {b} has the shape {result}; use broadcastTo'
const noCondition = 'where: the condition must be bool, got {dtype}'

/** Boxed, or the message. D and E are the dtypes of A and B. */
export type WhereShape<C extends Shape, CD, A extends Shape, D, B extends Shape, E> = [CD] extends ['bool']
  ? [D] extends [E]
    ? Chosen<C, A, B>
    : Say<typeof mixed, { op: 'where'; a: D; b: E }>
  : Say<typeof noCondition, { dtype: CD }>
type Chosen<C extends Shape, A extends Shape, B extends Shape> =
  Broadcast<A, B> extends infer AB
    ? AB extends Shape
      ? Broadcast<C, AB> extends infer R
        ? R extends Shape
          ? Same<R, C> extends true
            ? [C]
            : Same<R, A> extends true
              ? [A]
              : Same<R, B> extends true
                ? [B]
                : Say<typeof noneOf, { condition: C; a: A; b: B; result: R }>
          : Say<typeof threeApart, { condition: C; a: A; b: B }>
        : never
      : Say<typeof threeApart, { condition: C; a: A; b: B }>
    : never

interface Typed {
  readonly shape: Dims
  readonly dtype: DType
}
export const whereShape = (condition: Typed, a: Typed, b: Typed): Dims | string => {
  if (condition.dtype !== 'bool') return say(noCondition, { dtype: condition.dtype })
  if (a.dtype !== b.dtype) return say(mixed, { op: 'where', a: a.dtype, b: b.dtype })
  const words = { condition: condition.shape, a: a.shape, b: b.shape }
  const chosen = broadcast(a.shape, b.shape)
  const result = chosen === null ? null : broadcast(condition.shape, chosen)
  if (result === null) return say(threeApart, words)
  return [condition, a, b].some(({ shape }) => same(shape, result)) ? result : say(noneOf, { ...words, result })
}
