/** Clipping: links that keep gradients small. */
import type { Optimizer, OptimizerFn } from '../../types/optimizer.ts'
import { add, allAxes, constant, div, maximum, minimum, mul, sqrt, sum } from '../graph/expression.ts'
import { leaves, mapTree } from '../graph/tree.ts'
import { optimizerOf, type Tree } from './optimizer.ts'
import { faultsOf, positive } from './option.ts'

/** Nothing is kept. */
export interface Clip extends OptimizerFn {
  state: null
}

/**
 * A link that brings every element into -limit .. limit.
 *
 * @example
 * const [gradients] = clipByValue(1).update(tensor([-3, 0.5]), null, tensor([0, 0]))
 * toArray(gradients) // => [-1, 0.5]
 */
export const clipByValue = (limit: number): Optimizer<Clip> =>
  clip('clipByValue', limit, (gradients) => mapTree(gradients, (g) => maximum(minimum(g, limit), -limit)))

/**
 * A link that scales all gradients by min(1, limit / (norm + 1e-6)), where norm is the square root of the sum of all
 * squares, as PyTorch's clip_grad_norm_ (Pascanu et al. 2013).
 *
 * @example
 * const [gradients] = clipByGlobalNorm(1).update(tensor([3, 4]), null, tensor([0, 0]))
 * toArray(gradients) // => [0.6, 0.8]
 */
export const clipByGlobalNorm = (limit: number): Optimizer<Clip> =>
  clip('clipByGlobalNorm', limit, (gradients) => {
    const squares = leaves(gradients).map(({ node }) => sum(mul(node, node), allAxes(node)))
    const norm = sqrt(squares.reduce(add, constant(0)))
    const scale = minimum(div(limit, add(norm, 1e-6)), 1)
    return mapTree(gradients, (g) => mul(g, scale))
  })

const clip = (kind: string, limit: number, f: (gradients: Tree) => Tree): Optimizer<Clip> =>
  optimizerOf<Clip, null>({
    kind,
    faults: faultsOf(positive(kind, 'the limit', limit)),
    init: () => null,
    update: (gradients) => [f(gradients), null],
  })
