/** Axes of size 1, put in and taken out. */
import { type Axis, type AxisMessage, axisMessage, axisOf, type InsertAt, type wideAxis } from './axis.ts'
import type { Dims, Shape } from './dim.ts'
import { axesOf, type IsWide, type ReduceShape } from './reduce.ts'
import { type Say, say } from './say.ts'
import type { SizeFault } from './size.ts'

const notOne = 'squeeze: axis {axis} of {shape} is {size}, not 1'

/** The new axis is axis A of the result. */
export type ExpandDimsShape<S extends Shape, A extends number> =
  SizeFault<A> extends 'wide'
    ? Say<typeof wideAxis, { op: 'expandDims' }>
    : Axis<[...S, 1], A> extends [infer X extends number]
      ? InsertAt<S, X, 1>
      : AxisMessage<'expandDims', S, A>

export type SqueezeShape<S extends Shape, A> = [A] extends [number] ? Squeezed<S, readonly [A], A> : Squeezed<S, A, A>
type Squeezed<S extends Shape, As, A> =
  IsWide<As> extends true
    ? Say<typeof wideAxis, { op: 'squeeze' }>
    : NotOne<S, As> extends infer E extends string
      ? E
      : ReduceShape<'squeeze', S, A, false>
/** The message for the first axis that is not 1; null otherwise. */
type NotOne<S extends Shape, As> = As extends readonly [infer A extends number, ...infer Rest]
  ? Axis<S, A> extends [infer X extends keyof S]
    ? S[X] extends 1
      ? NotOne<S, Rest>
      : Say<typeof notOne, { axis: A; shape: S; size: S[X] }>
    : AxisMessage<'squeeze', S, A>
  : null

export const expandDimsShape = (shape: Dims, axis: number): Dims | string => {
  const at = axisOf([...shape, 1], axis)
  return at === null ? axisMessage('expandDims', shape, axis) : shape.toSpliced(at, 0, 1)
}
export const squeezeShape = (shape: Dims, axis: number | readonly number[]): Dims | string => {
  for (const one of Array.isArray(axis) ? axis : [axis as number]) {
    const at = axisOf(shape, one)
    if (at === null) return axisMessage('squeeze', shape, one)
    if (shape[at] !== 1) return say(notOne, { axis: one, shape, size: shape[at] })
  }
  const axes = axesOf('squeeze', shape, axis)
  return typeof axes === 'string' ? axes : shape.filter((_, i): boolean => !axes.includes(i))
}
