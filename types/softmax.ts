/** An operation along one axis that keeps the shape. In a model the axis counts from the end, as the batch stands in front. */
import { type Axis, type AxisMessage, axisMessage, axisOf, type wideAxis } from './axis.ts'
import type { Dims, Shape } from './dim.ts'
import type { Called, Operation, OperationFn, TensorFirst } from './operation.ts'
import { type Say, say } from './say.ts'
import type { SizeFault } from './size.ts'
import type { AnyTensor } from './tensor.ts'

const fromEnd = '{op}: in a model the axis counts from the end, as -1; got {axis}'

export type AlongShape<Op extends string, S, A extends number> =
  SizeFault<A> extends 'wide'
    ? Say<typeof wideAxis, { op: Op }>
    : S extends Shape
      ? Axis<S, A> extends [unknown]
        ? S
        : AxisMessage<Op, S, A>
      : never
export type AlongSampleShape<Op extends string, S, A extends number> =
  SizeFault<A> extends 'wide'
    ? Say<typeof wideAxis, { op: Op }>
    : `${A}` extends `-${string}`
      ? AlongShape<Op, S, A>
      : Say<typeof fromEnd, { op: Op; axis: A }>

/** `softmax`, `logSoftmax` */
export interface AlongFn<Op extends string, A extends number> extends OperationFn {
  kind: Op
  along: A
  out: AlongSampleShape<Op, this['in'], A>
  wholeOut: AlongShape<Op, this['whole'], A>
}

/** What makes one from an axis. */
export interface AlongBy<Op extends string> {
  <const A, More extends readonly unknown[]>(axis: AxisFirst<Op, A, More>, ...more: Behind<A, More>): Operation<AlongFn<Op, A & number>>
}
/** One signature, since a compiler infers nothing of several in a pipe: a tensor alone is a call that was forgotten. */
type AxisFirst<Op extends string, A, More> = More extends readonly [unknown, ...unknown[]]
  ? TensorFirst<Op, A, number>
  : Called<Op, A, number, '-1'>
type Behind<A, More> = 0 extends 1 & A ? [] : [A] extends [AnyTensor] ? More : []

export const alongShape = (op: string, shape: Dims, axis: number): Dims | string =>
  axisOf(shape, axis) === null ? axisMessage(op, shape, axis) : shape
export const alongSampleShape = (op: string, shape: Dims, axis: number): Dims | string =>
  axis < 0 ? alongShape(op, shape, axis) : say(fromEnd, { op, axis })
