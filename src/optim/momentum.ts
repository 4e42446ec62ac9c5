/** Gradient descent with momentum, and Nesterov's. */
import type { Optimizer, OptimizerFn } from '../../types/optimizer.ts'
import { add, mul, neg } from '../graph/expression.ts'
import { mapTree, zipTrees } from '../graph/tree.ts'
import { decayingAverage } from './average.ts'
import { byOptions, type Count, noSteps, oneMore, optimizerOf, type Tree, zerosLike } from './optimizer.ts'
import { faultsOf, nothingElse, notNegative, rule, share } from './option.ts'
import { type Rate, rateAt, rateFaults } from './schedule.ts'
import { type DecayOptions, decayed } from './weight-decay.ts'

/** Options of `momentum` and `nesterov`. */
export interface MomentumOptions extends DecayOptions {
  readonly learningRate: Rate
  /** 0.9 unless said. */
  readonly momentum?: number
  /** The L2 penalty's; 0 unless said. */
  readonly weightDecay?: number
}
/** What `momentum` and `nesterov` keep: the velocities, and the count of steps. */
export interface MomentumState<in out P> {
  readonly velocity: P
  readonly count: Count
}
/** The type-level function of `momentum` and `nesterov`: from parameters to the state. */
export interface Momentum extends OptimizerFn {
  state: MomentumState<this['params']>
}

/**
 * v = momentum v + g, p - rate v (Polyak 1964), as PyTorch's SGD without dampening.
 *
 * @example
 * const optimizer = momentum({ learningRate: 0.5, momentum: 0.9 })
 * const [, state] = optimizer.update(tensor([2]), optimizer.init(tensor([1])), tensor([1]))
 * toArray(optimizer.update(tensor([2]), state, tensor([0]))[0]) // => [-1.9]
 */
export const momentum = byOptions(
  'momentum',
  (options: MomentumOptions): Optimizer<Momentum> => descent('momentum', options, (_, velocity) => velocity),
)

/**
 * v = momentum v + g, p - rate (g + momentum v) (Sutskever et al. 2013), as PyTorch's SGD with nesterov.
 *
 * @example
 * const optimizer = nesterov({ learningRate: 0.5, momentum: 0.9 })
 * toArray(optimizer.update(tensor([2]), optimizer.init(tensor([1])), tensor([1]))[0]) // => [-1.9]
 */
export const nesterov = byOptions(
  'nesterov',
  (options: MomentumOptions): Optimizer<Momentum> =>
    descent('nesterov', options, (gradients, velocity, kept) =>
      zipTrees('nesterov', [gradients, velocity], (g, v) => add(g, mul(v, kept))),
    ),
)

type Direction = (gradients: Tree, velocity: Tree, kept: number) => Tree
const descent = (
  kind: string,
  { learningRate, momentum: kept = 0.9, weightDecay = 0, decays, ...others }: MomentumOptions,
  direction: Direction,
): Optimizer<Momentum> =>
  optimizerOf<Momentum, MomentumState<Tree>>({
    kind,
    faults: faultsOf(
      nothingElse(kind, others),
      rateFaults(kind, learningRate),
      share(kind, 'momentum', kept),
      notNegative(kind, 'weightDecay', weightDecay),
      rule(kind, decays),
    ),
    init: (params) => ({ velocity: zerosLike(params), count: noSteps }),
    rate: ({ count }) => rateAt(kind, learningRate, count),
    update: (given, { velocity: before, count }, params) => {
      const gradients = decayed(given, params, weightDecay, decays)
      const velocity = zipTrees(kind, [before, gradients], (v, g) => decayingAverage(v, kept, g))
      const step = neg(rateAt(kind, learningRate, count))
      return [mapTree(direction(gradients, velocity, kept), (d) => mul(d, step)), { velocity, count: oneMore(count) }]
    },
  })
