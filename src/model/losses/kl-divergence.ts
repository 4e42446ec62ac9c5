/** Kullback-Leibler divergence. */
import { type DistributionTarget, distributionTarget, type Loss } from '../../../types/loss.ts'
import { greater, log, mul, select, sub, sum } from '../../graph/expression.ts'
import { makeLoss, perSample } from './loss.ts'

/** The rule of `klDivergence`: which target an output needs. */
export type KlDivergence = DistributionTarget<'klDivergence'>

/**
 * From log-probabilities q of the prediction and probabilities t of the target: sum t (ln t - q) over the classes, the
 * mean over a sample's positions; a class with t = 0 adds nothing. `[b, ...s, classes] -> [b, ...s, classes] -> [b]`
 *
 * @example
 * toArray(klDivergence(tensor([[1, 0]]))(tensor([[-2, -3]]))) // => [2]
 */
export const klDivergence: Loss<KlDivergence> = makeLoss({
  kind: 'klDivergence',
  targetOf: distributionTarget('klDivergence'),
  body: (prediction, target) => {
    const some = greater(target, 0)
    const terms = select(some, mul(target, sub(log(select(some, target, 1)), prediction)), 0)
    return perSample(sum(terms, [terms.shape.length - 1]))
  },
})
