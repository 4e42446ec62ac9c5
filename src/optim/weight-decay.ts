/** L2 regularisation: the parameters pull on their own gradients. */
import type { Optimizer, OptimizerFn } from '../../types/optimizer.ts'
import { add, mul } from '../graph/expression.ts'
import { zipTrees } from '../graph/tree.ts'
import { optimizerOf, type Tree } from './optimizer.ts'
import { faultsOf, notNegative } from './option.ts'

/** Nothing is kept. */
export interface AddDecayedWeights extends OptimizerFn {
  state: null
}

/**
 * A link that adds `rate` times the parameters to what it is given. Before an optimizer this is the gradient of
 * rate/2 sum p^2, the L2 penalty; the decoupled decay is `adamw`.
 *
 * @example
 * const [gradients] = addDecayedWeights(0.5).update(tensor([1]), null, tensor([4]))
 * toArray(gradients) // => [3]
 */
export const addDecayedWeights = (rate: number): Optimizer<AddDecayedWeights> =>
  optimizerOf<AddDecayedWeights, null>({
    kind: 'addDecayedWeights',
    faults: faultsOf(notNegative('addDecayedWeights', 'the rate', rate)),
    init: () => null,
    update: (gradients, _, params) => [decayed('addDecayedWeights', gradients, params, rate), null],
  })

/** gradients + rate params */
export const decayed = (kind: string, gradients: Tree, params: Tree, rate: number): Tree =>
  rate === 0 ? gradients : zipTrees(kind, [gradients, params], (g, p) => add(g, mul(p, rate)))
