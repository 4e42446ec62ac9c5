/** The Huber loss. */
import { type Loss, type SameTarget, sameTarget } from '../../../types/loss.ts'
import { maximum, minimum, mul, sub } from '../../graph/expression.ts'
import { makeLoss, perSample } from './loss.ts'

/** The rule of `huber`: which target an output needs. */
export type Huber = SameTarget<'huber'>

/**
 * Squares of small errors, absolute values of large ones: with e = prediction - target, the mean over each sample of
 * e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2) (Huber 1964, Robust estimation of a location parameter).
 * `[b, ...s] -> [b, ...s] -> [b]`
 *
 * @example
 * toArray(huber(1)(tensor([[0, 0]]))(tensor([[1, -3]]))) // => [1.5]
 */
export const huber = (delta = 1): Loss<Huber> =>
  makeLoss({
    kind: 'huber',
    targetOf: sameTarget,
    faults: delta > 0 && delta < Number.POSITIVE_INFINITY ? [] : [`huber: delta must be a positive number, got ${delta}`],
    body: (prediction, target) => {
      const error = sub(prediction, target)
      const clipped = maximum(minimum(error, delta), -delta)
      return perSample(mul(clipped, sub(error, mul(clipped, 0.5))))
    },
  })
