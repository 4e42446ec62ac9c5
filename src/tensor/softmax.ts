/** Operations along one axis that keep the shape; they work on models too. */

import { fits } from '../../types/shape-error.ts'
import { type AlongBy, type AlongFn, alongSampleShape, alongShape } from '../../types/softmax.ts'
import { add, div, exp, log, max, reshape, stopGradient, sub, sum } from '../graph/expression.ts'
import type { Node } from '../graph/node.ts'
import { callOf, notFirst } from './argument.ts'
import { operation } from './operation.ts'
import { typed } from './typed.ts'

const along = <const Op extends 'softmax' | 'logSoftmax', const A extends number>(
  op: Op,
  given: unknown,
  more: readonly unknown[],
  f: (x: Node, axes: readonly number[]) => Node,
) => {
  if (more.length > 0) notFirst(op, given)
  callOf(op, given, '-1')
  const axis = given as A
  const apply = (x: Node): Node => {
    fits(alongShape(op, x.shape, axis))
    return f(x, [axis < 0 ? x.shape.length + axis : axis])
  }
  return operation<AlongFn<Op, A>>({
    kind: op,
    options: { axis },
    out: (sample) => alongSampleShape(op, sample, axis),
    onTensor: apply,
    onBatch: apply,
  })
}

/**
 * e^x / sum(e^x) along an axis: probabilities from logits, without overflow.
 *
 * @example
 * toArray(softmax(-1)(tensor([1000, 1000]))) // => [0.5, 0.5]
 */
export const softmax = typed<AlongBy<'softmax'>>((axis: unknown, ...more: readonly unknown[]) =>
  along('softmax', axis, more, (x, axes) => {
    const powers = exp(shifted(x, axes))
    return div(powers, sum(powers, axes, true))
  }),
)

/**
 * log(softmax(x)) along an axis, without overflow.
 *
 * @example
 * toArray(logSoftmax(0)(tensor([1000, 0]))) // => [0, -1000]
 */
export const logSoftmax = typed<AlongBy<'logSoftmax'>>((axis: unknown, ...more: readonly unknown[]) =>
  along('logSoftmax', axis, more, (x, axes) => {
    const s = shifted(x, axes)
    return sub(s, log(sum(exp(s), axes, true)))
  }),
)

/** log(sum(e^x)) along axes. */
export const logSumExpOf = (x: Node, axes: readonly number[], keepDims: boolean): Node => {
  const greatest = stopGradient(max(x, axes, true))
  const result = add(greatest, log(sum(exp(sub(x, greatest)), axes, true)))
  return keepDims
    ? result
    : reshape(
        result,
        x.shape.filter((_, i) => !axes.includes(i)),
      )
}

/** The greatest is 0 afterwards. It cancels out of the result, and so out of the gradient. */
const shifted = (x: Node, axes: readonly number[]): Node => sub(x, stopGradient(max(x, axes, true)))
