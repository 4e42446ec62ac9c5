/** Decaying averages, of which optimizers keep one or two for each parameter. */
import { abs, add, less, mul, select } from '../graph/expression.ts'
import type { Node } from '../graph/node.ts'

/** Far below what moves an f32 weight, far above where numbers become subnormal. */
const least = 2 ** -100

/**
 * `decay average + fresh`, and 0 once it has sunk below 2^-100. A pixel that is hardly ever lit leaves averages that decay for
 * ever; WebAssembly can't flush subnormal numbers, which take a hundred times as long as others: measured on MNIST with
 * Adam, two fifths of the time of training. The weights came out the same to the bit.
 */
export const decayingAverage = (average: Node, decay: number, fresh: Node): Node => {
  const next = add(mul(average, decay), fresh)
  return select(less(abs(next), least), 0, next)
}

/** The same of squares, which have no sign. */
export const decayingSquare = (average: Node, decay: number, gradient: Node): Node => {
  const next = add(mul(average, decay), mul(mul(gradient, gradient), 1 - decay))
  return select(less(next, least), 0, next)
}
