/** Picking by index: an axis gives way to the axes of the indices. `x[..., n, ...]`, i32 `[...i] -> x[..., ...i, ...]` */
import { type Axis, type AxisMessage, axisMessage, axisOf, type wideAxis } from './axis.ts'
import type { Dims, Shape } from './dim.ts'
import { type Say, say } from './say.ts'
import type { SizeFault } from './size.ts'

const noIndex = '{op}: index {index} is out of range for axis {axis} of {shape}'

/** The shape of what indices of the shape I pick from S along the axis A, or the message. */
export type GatherShape<S extends Shape, I extends Shape, A extends number> =
  SizeFault<A> extends 'wide'
    ? Say<typeof wideAxis, { op: 'gather' }>
    : Axis<S, A> extends [infer X extends number]
      ? ReplaceAt<S, X, I>
      : AxisMessage<'gather', S, A>
/** S with the dims I in the place of an axis counted from the front. */
type ReplaceAt<S extends Shape, A extends number, I extends Shape, Done extends Shape = []> = S extends [
  infer Head,
  ...infer Rest extends Shape,
]
  ? Done['length'] extends A
    ? [...Done, ...I, ...Rest]
    : ReplaceAt<Rest, A, I, [...Done, Head]>
  : Done

export const gatherShape = (shape: Dims, indices: Dims, axis: number): Dims | string => {
  const at = axisOf(shape, axis)
  return at === null ? axisMessage('gather', shape, axis) : [...shape.slice(0, at), ...indices, ...shape.slice(at + 1)]
}
/** Only data know their indices: the compiler knows none. */
export const noIndexMessage = (op: string, index: number, axis: number, shape: Dims): string => say(noIndex, { op, index, axis, shape })
