/** Weights that make up for classes of which there are few samples. */
import type { ClassWeights } from '../../types/class-weights.ts'
import type { Classes } from '../../types/classes.ts'
import type { Shape } from '../../types/dim.ts'
import { ShapeError } from '../../types/shape-error.ts'
import type { Dataset } from './dataset.ts'

/**
 * A weight for each class: n / (k n_c) for n class numbers of which n_c are c, where k classes are there at all, so that every class
 * weighs as much as every other and the mean weight is 1 (King and Zeng 2001; scikit-learn's `balanced`). A class that is not there has 1.
 *
 * @example
 * const made = dataset(samples([1, 2, 3, 4], [1]), classes([0, 0, 0, 1], 2))
 * E.isRight(made) && balancedWeights(made.right) // => [2 / 3, 2]
 */
export const balancedWeights = <X, N extends number, S extends Shape>({ targets }: Dataset<X, Classes<N, S>>): ClassWeights<N> => {
  if (targets?.classes == null) throw new ShapeError('balancedWeights: expected a data set whose targets are classes')
  const counts = new Float64Array(targets.classes)
  for (const label of targets.values) counts[label] = (counts[label] as number) + 1
  const there = counts.reduce((sum, count) => (count === 0 ? sum : sum + 1), 0)
  const weights = Array.from(counts, (count) => (count === 0 ? 1 : targets.values.length / (there * count)))
  return Object.freeze(weights) as unknown as ClassWeights<N> // its length is the number of classes
}
