/** Reductions: over one axis, over several, or (null) over all; what is kept has size 1. */
import { type Axis, type AxisMessage, axisMessage, axisOf, type RemoveAt, type SetAt, type wideAxis } from './axis.ts'
import type { Dims, Shape } from './dim.ts'
import { type Say, say } from './say.ts'
import type { IsUnion, SizeFault } from './size.ts'

const wideKeep = '{op}: keepDims is not a literal'
const twice = '{op}: axis {axis} is given twice'

/** One axis, several, or all. */
export type Axes = number | readonly number[] | null

export type ReduceShape<Op extends string, S extends Shape, A, Keep> =
  IsWide<A> extends true
    ? Say<typeof wideAxis, { op: Op }>
    : SizeFault<Keep> extends 'wide'
      ? Say<typeof wideKeep, { op: Op }>
      : A extends number
        ? Axis<S, A> extends [infer X extends number]
          ? Keep extends true
            ? SetAt<S, X, 1>
            : RemoveAt<S, X>
          : AxisMessage<Op, S, A>
        : A extends readonly unknown[]
          ? Several<Op, S, A, Keep>
          : Keep extends true
            ? { [I in keyof S]: 1 }
            : []
/** Axes as they are given, which are not inferred again; a union is as little known as a number. */
export type OneOf<A> = [A] extends [number | null] ? NoInfer<A> : true extends IsUnion<A> ? number : NoInfer<A>
/** Whether the compiler does not know an axis. */
export type IsWide<A> = [A] extends [readonly unknown[]]
  ? number extends A['length']
    ? true
    : true extends IsUnion<A>
      ? true
      : true extends { [I in keyof A]: SizeFault<A[I]> extends 'wide' ? true : false }[number]
        ? true
        : false
  : SizeFault<A> extends 'wide'
    ? true
    : false

/** Collects the axes, counted from the front, and asks no dim what it is: so a batch dim that is a type parameter resolves. */
type Several<Op extends string, S extends Shape, A extends readonly unknown[], Keep, Out extends number = never> = A extends readonly [
  infer Head extends number,
  ...infer Rest,
]
  ? Axis<S, Head> extends [infer X extends number]
    ? X extends Out
      ? Say<typeof twice, { op: Op; axis: Head }>
      : Several<Op, S, Rest, Keep, Out | X>
    : AxisMessage<Op, S, Head>
  : Keep extends true
    ? { [I in keyof S]: I extends `${Out}` ? 1 : S[I] }
    : Without<S, Out>
type Without<S, Out, Seen extends 0[] = [], Left extends Shape = []> = S extends [infer Head, ...infer Rest]
  ? Without<Rest, Out, [...Seen, 0], Seen['length'] extends Out ? Left : [...Left, Head]>
  : Left

/** The axes counted from the front, in ascending order; or the message. */
export const axesOf = (op: string, shape: Dims, axes: Axes): readonly number[] | string => {
  if (axes === null) return shape.map((_, i) => i)
  const seen: number[] = []
  for (const axis of Array.isArray(axes) ? axes : [axes as number]) {
    const fromFront = axisOf(shape, axis)
    if (fromFront === null) return axisMessage(op, shape, axis)
    if (seen.includes(fromFront)) return say(twice, { op, axis })
    seen.push(fromFront)
  }
  return seen.sort((a, b) => a - b)
}
