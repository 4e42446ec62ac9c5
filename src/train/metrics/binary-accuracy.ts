/** Accuracy of outputs that are true or not. */
import { type Loss, type SameTarget, sameTarget } from '../../../types/loss.ts'
import { cast, equal, greater } from '../../graph/expression.ts'
import { makeLoss, perSample } from '../../model/losses/loss.ts'

/** The rule of `binaryAccuracy`: which target an output needs. */
export type BinaryAccuracy = SameTarget<'binaryAccuracy'>

/**
 * 1 where an output is above the threshold just where its target is above one half, else 0; the mean over each sample. The
 * threshold is 0 for logits and 0.5 for probabilities. `[b, ...s] -> [b, ...s] -> [b]`
 *
 * @example
 * toArray(pipe(tensor([[-2], [3], [1]]), binaryAccuracy(0)(tensor([[0], [1], [0]])))) // => [1, 1, 0]
 */
export const binaryAccuracy = (threshold: number): Loss<BinaryAccuracy> =>
  makeLoss({
    kind: 'binaryAccuracy',
    targetOf: sameTarget,
    faults: Number.isFinite(threshold) ? [] : [`binaryAccuracy: the threshold must be a number, got ${threshold}`],
    body: (prediction, target) => {
      const [said, is] = [cast(greater(prediction, threshold), 'i32'), cast(greater(target, 0.5), 'i32')]
      return perSample(cast(equal(said, is), 'f32'))
    },
  })
