/** Mean squared error. */
import { type Loss, type SameTarget, sameTarget } from '../../../types/loss.ts'
import { mul, sub } from '../../graph/expression.ts'
import { makeLoss, perSample } from './loss.ts'

/** The rule of `meanSquaredError`: which target an output needs. */
export type MeanSquaredError = SameTarget<'meanSquaredError'>

/**
 * The mean of (prediction - target)^2 over each sample. `[b, ...s] -> [b, ...s] -> [b]`
 *
 * @example
 * toArray(meanSquaredError(tensor([[0, 0]]))(tensor([[1, 3]]))) // => [5]
 */
export const meanSquaredError: Loss<MeanSquaredError> = makeLoss({
  kind: 'meanSquaredError',
  targetOf: sameTarget,
  body: (prediction, target) => {
    const error = sub(prediction, target)
    return perSample(mul(error, error))
  },
})
