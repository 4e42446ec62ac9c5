/** Axes: counted from the front, or from the end when negative. */
import type { Sub } from './arithmetic.ts'
import type { Dims, Shape } from './dim.ts'
import { type Say, say } from './say.ts'

const noAxis = '{op}: axis {axis} is out of range for {shape}'
export const wideAxis = '{op}: the axis is not a literal'

/** The axis counted from the front, boxed; null when there is none. */
export type Axis<S extends Shape, A extends number> = `${A}` extends `-${infer FromEnd extends number}`
  ? [Sub<S['length'] & number, FromEnd>] extends [never]
    ? null
    : [Sub<S['length'] & number, FromEnd>]
  : `${A}` extends keyof S
    ? [A]
    : null
export type AxisMessage<Op extends string, S, A> = Say<typeof noAxis, { op: Op; axis: A; shape: S }>

/** The axis counted from the front; null when there is none. */
export const axisOf = (shape: Dims, axis: number): number | null => {
  if (!Number.isInteger(axis)) return null
  const fromFront = axis < 0 ? shape.length + axis : axis
  return fromFront >= 0 && fromFront < shape.length ? fromFront + 0 : null
}
export const axisMessage = (op: string, shape: Dims, axis: unknown): string => say(noAxis, { op, axis, shape })

/** S with V at an axis counted from the front. */
export type SetAt<S extends Shape, A extends number, V> = { [I in keyof S]: I extends `${A}` ? V : S[I] } extends infer R extends Shape
  ? R
  : never
/** S without an axis counted from the front. */
export type RemoveAt<S extends Shape, A extends number, Done extends Shape = []> = S extends [infer Head, ...infer Rest extends Shape]
  ? Done['length'] extends A
    ? [...Done, ...Rest]
    : RemoveAt<Rest, A, [...Done, Head]>
  : Done
/** S with V before an axis counted from the front. */
export type InsertAt<S extends Shape, A extends number, V, Done extends Shape = []> = Done['length'] extends A
  ? [...Done, V, ...S]
  : S extends [infer Head, ...infer Rest extends Shape]
    ? InsertAt<Rest, A, V, [...Done, Head]>
    : Done
