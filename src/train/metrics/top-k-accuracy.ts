/** Accuracy that gives a model several guesses. */
import type { Dim } from '../../../types/dim.ts'
import type { Loss } from '../../../types/loss.ts'
import { type TopKAccuracy, topKTarget } from '../../../types/top-k.ts'
import { binary, cast, greater, iota, less, reshape, select, sum } from '../../graph/expression.ts'
import { makeLoss, perSample } from '../../model/losses/loss.ts'

/**
 * 1 where a sample's class is among the k largest of its outputs, else 0; over positions, their mean. Of equal outputs the class
 * with the smaller number comes first, so that `topKAccuracy(1)` is `accuracy`; what is NaN is found by no k.
 * `[b, ...s, classes] and i32 [b, ...s] -> [b]`
 *
 * @example
 * const outputs = tensor([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]])
 * toArray(pipe(outputs, topKAccuracy(2)(tensor([1, 2], 'i32')))) // => [1, 0]
 */
export const topKAccuracy = <const K extends number>(k: K): Loss<TopKAccuracy<K>> =>
  makeLoss<TopKAccuracy<K>>({
    kind: 'topKAccuracy',
    targetOf: topKTarget(k),
    body: (prediction, target) => {
      const axis = prediction.shape.length - 1
      const classes = prediction.shape[axis] as number
      const number = iota(prediction.shape, axis, prediction.sizes)
      const right = reshape(target, [...target.shape, 1 as Dim])
      const own = sum(select(binary('equal', number, right), prediction, 0), [axis], true)
      // counted are those behind: what is NaN is behind nothing
      const tied = select(binary('less', number, right), 0, cast(binary('equal', prediction, own), 'f32'))
      const behind = sum(select(less(prediction, own), 1, tied), [axis])
      return perSample(cast(greater(behind, classes - k), 'f32'))
    },
  })
