/** Reductions: over one axis, over several, or (null) over all; what is kept has size 1. */
import { type Axis, type AxisMessage, axisMessage, axisOf, type RemoveAt, type SetAt, type wideAxis } from './axis.ts'
import type { Dim, Dims, Shape } from './dim.ts'
import { type Say, say } from './say.ts'
import type { SizeFault } from './size.ts'

export const wideKeep = '{op}: keepDims is not a literal'
export const twice = '{op}: axis {axis} is given twice'

/** One axis, several, or all. */
export type Axes = number | readonly number[] | null

export type ReduceShape<Op extends string, S extends Shape, A, Keep> =
  IsWide<A> extends true
    ? Say<typeof wideAxis, { op: Op }>
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
/** Whether the compiler does not know an axis. */
export type IsWide<A> = [A] extends [readonly unknown[]]
  ? number extends A['length']
    ? true
    : true extends { [I in keyof A]: SizeFault<A[I]> extends 'wide' ? true : false }[number]
      ? true
      : false
  : SizeFault<A> extends 'wide'
    ? true
    : false

/** Marks the axes one by one, with `Out`, then takes them out or makes them 1. */
type Several<Op extends string, S extends Shape, A extends readonly unknown[], Keep, Marked extends Shape = S> = A extends readonly [
  infer Head extends number,
  ...infer Rest,
]
  ? Axis<S, Head> extends [infer X extends number]
    ? Marked[X] extends Out
      ? Say<typeof twice, { op: Op; axis: Head }>
      : Several<Op, S, Rest, Keep, SetAt<Marked, X, Out>>
    : AxisMessage<Op, S, Head>
  : Keep extends true
    ? { [I in keyof Marked]: Marked[I] extends Out ? 1 : Marked[I] }
    : Unmarked<Marked>
interface Out {
  readonly out: true
}
type Unmarked<S> = S extends [infer Head, ...infer Rest] ? (Head extends Out ? Unmarked<Rest> : [Head, ...Unmarked<Rest>]) : []

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
export const reduceShape = (op: string, shape: Dims, axes: Axes, keepDims: boolean): Dims | string => {
  const reduced = axesOf(op, shape, axes)
  if (typeof reduced === 'string') return reduced
  return keepDims ? shape.map((dim, i): Dim => (reduced.includes(i) ? 1 : dim)) : shape.filter((_, i) => !reduced.includes(i))
}
