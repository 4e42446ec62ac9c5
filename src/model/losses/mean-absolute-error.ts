/** Mean absolute error. */
import { type Loss, type SameTarget, sameTarget } from '../../../types/loss.ts'
import { abs, sub } from '../../graph/expression.ts'
import { makeLoss, perSample } from './loss.ts'

/** The rule of `meanAbsoluteError`: which target an output needs. */
export type MeanAbsoluteError = SameTarget<'meanAbsoluteError'>

/**
 * The mean of |prediction - target| over each sample; its gradient is 0 where they are equal. `[b, ...s] -> [b, ...s] -> [b]`
 *
 * @example
 * toArray(meanAbsoluteError(tensor([[0, 0]]))(tensor([[1, -3]]))) // => [2]
 */
export const meanAbsoluteError: Loss<MeanAbsoluteError> = makeLoss({
  kind: 'meanAbsoluteError',
  targetOf: sameTarget,
  body: (prediction, target) => perSample(abs(sub(prediction, target))),
})
