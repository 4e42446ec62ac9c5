/** Joining along an axis: the other dims are the same, and the axis has a number, since a sum of names has no size. */
import type { Add } from './arithmetic.ts'
import { type Axis, type AxisMessage, axisMessage, axisOf, type SetAt, type wideAxis } from './axis.ts'
import { mixed } from './broadcast.ts'
import type { Dim, Dims, DType, Shape } from './dim.ts'
import { type Same, same } from './same.ts'
import { type Say, say } from './say.ts'
import { type LongMessage, type SizeFault, sizeFault, tooLong } from './size.ts'
import type { Tensor } from './tensor.ts'

const differ = 'concat: {a} and {b} differ outside axis {axis}'
const namedConcat = 'concat: axis {axis} of {shape} is named, and a sum of names has no size'
export const wideList = 'concat: the number of tensors is not known'
const nothing = 'concat: nothing to join'
const openShape = 'concat: the shape of a tensor is not known'

/** The shape of tensors joined, or the message. */
export type ConcatShape<Tensors, A extends number> =
  SizeFault<A> extends 'wide'
    ? Say<typeof wideAxis, { op: 'concat' }>
    : Tensors extends readonly [Tensor<infer S, infer D>, ...infer Rest]
      ? Axis<S, A> extends [infer X extends number]
        ? Joined<S, Rest, X, D, A>
        : AxisMessage<'concat', S, A>
      : Tensors extends readonly []
        ? typeof nothing
        : typeof openShape
type Joined<S extends Shape, Tensors, X extends number, D, A> = Tensors extends readonly [infer Head, ...infer Rest]
  ? [Head] extends [Tensor<infer T, infer E>]
    ? Same<D, E> extends true
      ? Same<SetAt<S, X, 0>, SetAt<T, X, 0>> extends true
        ? [S[X], T[X]] extends [infer N extends number, infer M extends number]
          ? [Add<N, M>] extends [never]
            ? LongMessage<'concat', A, N | M>
            : Joined<SetAt<S, X, Add<N, M>>, Rest, X, D, A>
          : Say<typeof namedConcat, { axis: A; shape: S[X] extends number ? T : S }>
        : Say<typeof differ, { a: S; b: T; axis: A }>
      : Say<typeof mixed, { op: 'concat'; a: D; b: E }>
    : typeof openShape
  : S

interface Typed {
  readonly shape: Dims
  readonly dtype: DType
}
export const concatShape = (tensors: readonly Typed[], axis: number): Dims | string => {
  const [first, ...rest] = tensors
  if (first === undefined) return nothing
  const at = axisOf(first.shape, axis)
  return at === null ? axisMessage('concat', first.shape, axis) : joined(first, rest, at, axis)
}
const joined = (first: Typed, rest: readonly Typed[], at: number, axis: number): Dims | string => {
  let shape = first.shape
  for (const next of rest) {
    if (first.dtype !== next.dtype) return say(mixed, { op: 'concat', a: first.dtype, b: next.dtype })
    if (!same(shape.with(at, 0), withZero(next.shape, at))) return say(differ, { a: shape, b: next.shape, axis })
    const [n, m] = [shape[at] as Dim, next.shape[at] as Dim]
    if (typeof n === 'string' || typeof m === 'string') return say(namedConcat, { axis, shape: typeof n === 'number' ? next.shape : shape })
    if (sizeFault(n + m) !== null) return say(tooLong, { op: 'concat', axis })
    shape = shape.with(at, n + m)
  }
  return shape
}
const withZero = (shape: Dims, at: number): Dims => shape.map((dim, i) => (i === at ? 0 : dim))
