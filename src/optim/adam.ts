/** Adam, and AdamW with its decoupled weight decay. */
import type { Optimizer, OptimizerFn } from '../../types/optimizer.ts'
import { add, cast, constant, div, mul, neg, sqrt, tanh } from '../graph/expression.ts'
import { log } from '../graph/math.ts'
import { type Node, nodeOf } from '../graph/node.ts'
import { zipTrees } from '../graph/tree.ts'
import { decayingAverage, decayingSquare } from './average.ts'
import { byOptions, type Count, noSteps, oneMore, optimizerOf, type Tree, zerosLike } from './optimizer.ts'
import { faultsOf, nothingElse, notNegative, rule, share } from './option.ts'
import { type Rate, rateAt, rateFaults } from './schedule.ts'
import { type DecayOptions, decayed } from './weight-decay.ts'

/** Options of `adam` and `adamw`. */
export interface AdamOptions extends DecayOptions {
  readonly learningRate: Rate
  /** What a step keeps of the mean of gradients; 0.9 unless said. */
  readonly beta1?: number
  /** What a step keeps of the mean of squares; 0.999 unless said. */
  readonly beta2?: number
  /** 1e-8 unless said. */
  readonly epsilon?: number
  /** `adam`: the L2 penalty's, 0 unless said. `adamw`: the decoupled decay's, 0.01 unless said. */
  readonly weightDecay?: number
}
/** What `adam` and `adamw` keep: the running means of gradients and of their squares, and the count of steps. */
export interface AdamState<in out P> {
  readonly first: P
  readonly second: P
  readonly count: Count
}
/** The type-level function of `adam` and `adamw`: from parameters to the state. */
export interface Adam extends OptimizerFn {
  state: AdamState<this['params']>
}

/**
 * m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, p - rate m' / (sqrt(v') + epsilon) with
 * m' = m / (1 - beta1^t), v' = v / (1 - beta2^t) in step t = 1, 2, ... (Kingma and Ba 2015, algorithm 1)
 *
 * @example
 * const optimizer = adam({ learningRate: 0.5 })
 * toArray(optimizer.update(tensor([2]), optimizer.init(tensor([1])), tensor([1]))[0]) // => [-0.5]
 */
export const adam = byOptions('adam', (options: AdamOptions): Optimizer<Adam> => adaptive('adam', { weightDecay: 0, ...options }))

/**
 * Adam, and p - rate weightDecay p beside it (Loshchilov and Hutter 2019, algorithm 2, as PyTorch's AdamW).
 *
 * @example
 * const optimizer = adamw({ learningRate: 0.5, weightDecay: 0.1 })
 * toArray(optimizer.update(tensor([2]), optimizer.init(tensor([1])), tensor([1]))[0]) // => [-0.55]
 */
export const adamw = byOptions('adamw', (options: AdamOptions): Optimizer<Adam> => adaptive('adamw', { weightDecay: 0.01, ...options }))

type Adaptive = AdamOptions & { readonly weightDecay: number }
const adaptive = (kind: 'adam' | 'adamw', options: Adaptive): Optimizer<Adam> => {
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay, decays, ...others } = options
  const inGradients = kind === 'adam' ? weightDecay : 0
  return optimizerOf<Adam, AdamState<Tree>>({
    kind,
    faults: faultsOf(
      nothingElse(kind, others),
      rateFaults(kind, learningRate),
      share(kind, 'beta1', beta1),
      share(kind, 'beta2', beta2),
      notNegative(kind, 'epsilon', epsilon),
      notNegative(kind, 'weightDecay', weightDecay),
      rule(kind, decays),
    ),
    init: (params) => ({ first: zerosLike(params), second: zerosLike(params), count: noSteps }),
    rate: ({ count }) => rateAt(kind, learningRate, count),
    update: (given, state, params) => {
      const gradients = decayed(given, params, inGradients, decays)
      const first = zipTrees(kind, [state.first, gradients], (m, g) => decayingAverage(m, beta1, mul(g, 1 - beta1)))
      const second = zipTrees(kind, [state.second, gradients], (v, g) => decayingSquare(v, beta2, g))
      const rate = rateAt(kind, learningRate, state.count)
      const count = oneMore(state.count)
      const moved = zipTrees(kind, [first, second], corrected(rate, count, beta1, beta2, epsilon))
      const updates = kind === 'adamw' && weightDecay !== 0 ? decayed(moved, params, mul(rate, -weightDecay), decays) : moved
      return [updates, { first, second, count }]
    },
  })
}

/**
 * Both corrections are scalars: with c = sqrt(1 - beta2^t) the step is rate c / (1 - beta1^t) times
 * m / (sqrt(v) + epsilon c), one root and one division an element.
 */
const corrected = (rate: Node, count: Count, beta1: number, beta2: number, epsilon: number) => {
  const t = cast(nodeOf(count), 'f32')
  const root = sqrt(oneLessPower(beta2, t))
  const step = neg(div(mul(rate, root), oneLessPower(beta1, t)))
  const floor = mul(root, epsilon)
  return (m: Node, v: Node): Node => mul(div(m, add(sqrt(v), floor)), step)
}
/** 1 - base^t = 2 h / (1 + h) with h = tanh(-t ln(base) / 2): nothing cancels in f32, where 1 - 0.999 would lose five digits. */
const oneLessPower = (base: number, t: Node): Node => {
  if (base === 0) return constant(1)
  const half = tanh(mul(t, -log(base) / 2))
  return div(mul(half, 2), add(half, 1))
}
