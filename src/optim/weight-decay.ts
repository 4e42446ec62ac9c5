/** L2 regularisation: the parameters pull on their own gradients. */
import type { Dims } from '../../types/dim.ts'
import type { Optimizer, OptimizerFn } from '../../types/optimizer.ts'
import { add, mul } from '../graph/expression.ts'
import type { Node } from '../graph/node.ts'
import { leaves, mapTree } from '../graph/tree.ts'
import { optimizerOf, type Tree } from './optimizer.ts'
import { faultsOf, nothingElse, notNegative, rule } from './option.ts'

/** Nothing is kept. */
export interface AddDecayedWeights extends OptimizerFn {
  state: null
}

/** A parameter as a rule of decay sees it. */
export interface Decaying {
  /** `hidden.weight` */
  readonly path: string
  readonly shape: Dims
}
/** Which parameters decay. */
export type Decays = (parameter: Decaying) => boolean
export interface DecayOptions {
  /** Which parameters decay; all unless said. `weightsOnly` leaves out biases, scales and shifts. */
  readonly decays?: Decays
}

/**
 * The weights of layers, which have two dims or more: biases do not decay, nor do the scales and shifts of normalisations.
 *
 * @example
 * const optimizer = adamw({ learningRate: 1e-3, weightDecay: 0.1, decays: weightsOnly })
 * const decayed = [{ path: 'hidden.weight', shape: [4, 2] }, { path: 'hidden.bias', shape: [2] }].map(weightsOnly)
 * decayed // => [true, false]
 */
export const weightsOnly: Decays = ({ shape }) => shape.length >= 2

/**
 * A link that adds `rate` times the parameters to what it is given. Before an optimizer this is the gradient of
 * rate/2 sum p^2, the L2 penalty; the decoupled decay is `adamw`. Several, each with its `decays`, give groups of parameters rates
 * of their own.
 *
 * @example
 * const [gradients] = addDecayedWeights(0.5).update(tensor([1]), null, tensor([4]))
 * toArray(gradients) // => [3]
 */
export const addDecayedWeights = (rate: number, { decays, ...others }: DecayOptions = {}): Optimizer<AddDecayedWeights> =>
  optimizerOf<AddDecayedWeights, null>({
    kind: 'addDecayedWeights',
    faults: faultsOf(
      notNegative('addDecayedWeights', 'the rate', rate),
      rule('addDecayedWeights', decays),
      nothingElse('addDecayedWeights', others),
    ),
    init: () => null,
    update: (gradients, _, params) => [decayed(gradients, params, rate, decays), null],
  })

/** tree + rate params, where they decay. */
export const decayed = (tree: Tree, params: Tree, rate: number | Node, decays: Decays = all): Tree => {
  if (rate === 0) return tree
  const own = new Map(leaves(params).map(({ path, node }) => [path, node]))
  return mapTree(tree, (g, path) => {
    const p = own.get(path) as Node
    return decays({ path, shape: p.shape }) ? add(g, mul(p, rate)) : g
  })
}
const all: Decays = () => true
