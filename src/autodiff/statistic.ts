/** Statistics: leaves of a tree of parameters that are not trained, as batch norm's running mean. */

import type { DType, Shape } from '../../types/dim.ts'
import type { DTypeFault } from '../../types/dtype.ts'
import type { Fits } from '../../types/shape-error.ts'
import type { Statistic, Tensor } from '../../types/tensor.ts'
import { isNode, markStatistic } from '../graph/make.ts'
import { tensorOf } from '../graph/node.ts'
import { tensorNode } from '../tensor/argument.ts'

/**
 * The same tensor as a leaf that is not trained: gradients, optimizer states and updates do not see it. `[...s] -> [...s]`
 *
 * @example
 * const moments = { mean: statistic(tensor([1, 2])), scale: tensor([3, 4]) }
 * Object.keys(grad((p: typeof moments) => pipe(mul(p.mean, p.scale), sum()))(moments)) // => ['scale']
 */
export const statistic = <S extends Shape, D extends DType>(x: Fits<DTypeFault<'statistic', 'f32', D>, Tensor<S, D>>): Statistic<S> =>
  tensorOf<Statistic<S>>(markStatistic(tensorNode('statistic', x)))

/**
 * Whether a tensor was marked by `statistic`.
 *
 * @example
 * isStatistic(tensor([1, 2])) // => false
 */
export const isStatistic = (x: unknown): boolean => isNode(x) && x.statistic === true
