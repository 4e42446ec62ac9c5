/** Adagrad: rates that fall with the squares of all gradients seen. */
import type { Optimizer, OptimizerFn } from '../../types/optimizer.ts'
import { add, div, mul, neg, sqrt } from '../graph/expression.ts'
import { zipTrees } from '../graph/tree.ts'
import { byOptions, type Count, noSteps, oneMore, optimizerOf, type Tree, zerosLike } from './optimizer.ts'
import { faultsOf, nothingElse, notNegative, rule } from './option.ts'
import { type Rate, rateAt, rateFaults } from './schedule.ts'
import { type DecayOptions, decayed } from './weight-decay.ts'

/** Options of `adagrad`. */
export interface AdagradOptions extends DecayOptions {
  readonly learningRate: Rate
  /** 1e-10 unless said. */
  readonly epsilon?: number
  /** The L2 penalty's; 0 unless said. */
  readonly weightDecay?: number
}
/** What `adagrad` keeps: the sums of squared gradients, and the count of steps. */
export interface AdagradState<in out P> {
  readonly squares: P
  readonly count: Count
}
/** The type-level function of `adagrad`: from parameters to the state. */
export interface Adagrad extends OptimizerFn {
  state: AdagradState<this['params']>
}

/**
 * s = s + g^2, p - rate g / (sqrt(s) + epsilon) (Duchi et al. 2011), as PyTorch's Adagrad without its own decay.
 *
 * @example
 * const optimizer = adagrad({ learningRate: 0.5 })
 * toArray(optimizer.update(tensor([2]), optimizer.init(tensor([1])), tensor([1]))[0]) // => [-0.5]
 */
export const adagrad = byOptions(
  'adagrad',
  ({ learningRate, epsilon = 1e-10, weightDecay = 0, decays, ...others }: AdagradOptions): Optimizer<Adagrad> =>
    optimizerOf<Adagrad, AdagradState<Tree>>({
      kind: 'adagrad',
      faults: faultsOf(
        nothingElse('adagrad', others),
        rateFaults('adagrad', learningRate),
        notNegative('adagrad', 'epsilon', epsilon),
        notNegative('adagrad', 'weightDecay', weightDecay),
        rule('adagrad', decays),
      ),
      init: (params) => ({ squares: zerosLike(params), count: noSteps }),
      rate: ({ count }) => rateAt('adagrad', learningRate, count),
      update: (given, { squares: before, count }, params) => {
        const gradients = decayed(given, params, weightDecay, decays)
        const squares = zipTrees('adagrad', [before, gradients], (s, g) => add(s, mul(g, g)))
        const step = neg(rateAt('adagrad', learningRate, count))
        const updates = zipTrees('adagrad', [gradients, squares], (g, s) => mul(div(g, add(sqrt(s), epsilon)), step))
        return [updates, { squares, count: oneMore(count) }]
      },
    }),
)
