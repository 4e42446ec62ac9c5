/** RMSprop: rates that fall with the running mean of squared gradients. */
import type { Optimizer, OptimizerFn } from '../../types/optimizer.ts'
import { add, div, mul, neg, sqrt } from '../graph/expression.ts'
import { zipTrees } from '../graph/tree.ts'
import { decayingSquare } from './average.ts'
import { byOptions, type Count, noSteps, oneMore, optimizerOf, type Tree, zerosLike } from './optimizer.ts'
import { faultsOf, nothingElse, notNegative, rule, share } from './option.ts'
import { type Rate, rateAt, rateFaults } from './schedule.ts'
import { type DecayOptions, decayed } from './weight-decay.ts'

/** Options of `rmsprop`. */
export interface RmspropOptions extends DecayOptions {
  readonly learningRate: Rate
  /** What a step keeps of the mean of squares; 0.99 unless said. */
  readonly decay?: number
  /** 1e-8 unless said. */
  readonly epsilon?: number
  /** The L2 penalty's; 0 unless said. */
  readonly weightDecay?: number
}
/** What `rmsprop` keeps: the running means of squared gradients, and the count of steps. */
export interface RmspropState<in out P> {
  readonly squares: P
  readonly count: Count
}
/** The type-level function of `rmsprop`: from parameters to the state. */
export interface Rmsprop extends OptimizerFn {
  state: RmspropState<this['params']>
}

/**
 * s = decay s + (1 - decay) g^2, p - rate g / (sqrt(s) + epsilon) (Tieleman and Hinton 2012), as PyTorch's RMSprop.
 *
 * @example
 * const optimizer = rmsprop({ learningRate: 0.5, decay: 0.75 })
 * toArray(optimizer.update(tensor([2]), optimizer.init(tensor([1])), tensor([1]))[0]) // => [-1]
 */
export const rmsprop = byOptions(
  'rmsprop',
  ({ learningRate, decay = 0.99, epsilon = 1e-8, weightDecay = 0, decays, ...others }: RmspropOptions): Optimizer<Rmsprop> =>
    optimizerOf<Rmsprop, RmspropState<Tree>>({
      kind: 'rmsprop',
      faults: faultsOf(
        nothingElse('rmsprop', others),
        rateFaults('rmsprop', learningRate),
        share('rmsprop', 'decay', decay),
        notNegative('rmsprop', 'epsilon', epsilon),
        notNegative('rmsprop', 'weightDecay', weightDecay),
        rule('rmsprop', decays),
      ),
      init: (params) => ({ squares: zerosLike(params), count: noSteps }),
      rate: ({ count }) => rateAt('rmsprop', learningRate, count),
      update: (given, { squares: before, count }, params) => {
        const gradients = decayed(given, params, weightDecay, decays)
        const squares = zipTrees('rmsprop', [before, gradients], (s, g) => decayingSquare(s, decay, g))
        const step = neg(rateAt('rmsprop', learningRate, count))
        const updates = zipTrees('rmsprop', [gradients, squares], (g, s) => mul(div(g, add(sqrt(s), epsilon)), step))
        return [updates, { squares, count: oneMore(count) }]
      },
    }),
)
