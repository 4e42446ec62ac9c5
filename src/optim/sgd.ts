/** Gradient descent. */
import type { Optimizer, OptimizerFn } from '../../types/optimizer.ts'
import { mul, neg } from '../graph/expression.ts'
import { mapTree } from '../graph/tree.ts'
import { byOptions, type Count, noSteps, oneMore, optimizerOf } from './optimizer.ts'
import { faultsOf, nothingElse, notNegative, rule } from './option.ts'
import { type Rate, rateAt, rateFaults } from './schedule.ts'
import { type DecayOptions, decayed } from './weight-decay.ts'

/** Options of `sgd`. */
export interface SgdOptions extends DecayOptions {
  readonly learningRate: Rate
  /** The L2 penalty's; 0 unless said. */
  readonly weightDecay?: number
}
/** What `sgd` keeps: the count of steps. */
export interface SgdState {
  readonly count: Count
}
/** The type-level function of `sgd`: from parameters to the state. */
export interface Sgd extends OptimizerFn {
  state: SgdState
}

/**
 * p - rate g
 *
 * @example
 * const optimizer = sgd({ learningRate: 0.5 })
 * const [updates] = optimizer.update(tensor([2]), optimizer.init(tensor([1])), tensor([1]))
 * toArray(updates) // => [-1]
 */
export const sgd = byOptions(
  'sgd',
  ({ learningRate, weightDecay = 0, decays, ...others }: SgdOptions): Optimizer<Sgd> =>
    optimizerOf<Sgd, SgdState>({
      kind: 'sgd',
      faults: faultsOf(
        nothingElse('sgd', others),
        rateFaults('sgd', learningRate),
        notNegative('sgd', 'weightDecay', weightDecay),
        rule('sgd', decays),
      ),
      init: () => ({ count: noSteps }),
      rate: ({ count }) => rateAt('sgd', learningRate, count),
      update: (gradients, { count }, params) => {
        const step = neg(rateAt('sgd', learningRate, count))
        return [mapTree(decayed(gradients, params, weightDecay, decays), (g) => mul(g, step)), { count: oneMore(count) }]
      },
    }),
)
