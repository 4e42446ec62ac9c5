/** Stacking: tensors of one shape and dtype side by side, along a new axis. */
import { type Axis, type AxisMessage, axisMessage, axisOf, type InsertAt, type wideAxis } from './axis.ts'
import { mixed } from './broadcast.ts'
import type { Dims, DType, Shape } from './dim.ts'
import { type Same, same } from './same.ts'
import { type Say, say } from './say.ts'
import type { SizeFault } from './size.ts'
import type { Tensor } from './tensor.ts'

const differ = 'stack: {a} and {b} are not the same'
const nothing = 'stack: nothing to stack'
const openShape = 'stack: the shape of a tensor is not known'
export const wideStack = 'stack: the number of tensors is not known'

/** The shape of tensors stacked, boxed so that one in front of any rank resolves; or the message. The new axis is axis A of the result. */
export type StackShape<Tensors extends readonly unknown[], A extends number> =
  SizeFault<A> extends 'wide'
    ? Say<typeof wideAxis, { op: 'stack' }>
    : Tensors extends readonly [Tensor<infer S, infer D>, ...infer Rest]
      ? Apart<S, D, Rest> extends infer E extends string
        ? E
        : A extends 0
          ? [[Tensors['length'], ...S]]
          : Axis<[...S, 1], A> extends [infer X extends number]
            ? [InsertAt<S, X, Tensors['length']>]
            : AxisMessage<'stack', S, A>
      : Tensors extends readonly []
        ? typeof nothing
        : typeof openShape
/** The message for the first tensor that is not like the others, or null. */
type Apart<S extends Shape, D, Tensors> = Tensors extends readonly [Tensor<infer T, infer E>, ...infer Rest]
  ? Same<D, E> extends true
    ? Same<S, T> extends true
      ? Apart<S, D, Rest>
      : Say<typeof differ, { a: S; b: T }>
    : Say<typeof mixed, { op: 'stack'; a: D; b: E }>
  : Tensors extends readonly []
    ? null
    : typeof openShape

interface Typed {
  readonly shape: Dims
  readonly dtype: DType
}
export const stackShape = (tensors: readonly Typed[], axis: number): Dims | string => {
  const [first, ...rest] = tensors
  if (first === undefined) return nothing
  for (const { shape, dtype } of rest) {
    if (dtype !== first.dtype) return say(mixed, { op: 'stack', a: first.dtype, b: dtype })
    if (!same(first.shape, shape)) return say(differ, { a: first.shape, b: shape })
  }
  const at = axisOf([...first.shape, 1], axis)
  return at === null ? axisMessage('stack', first.shape, axis) : first.shape.toSpliced(at, 0, tensors.length)
}
