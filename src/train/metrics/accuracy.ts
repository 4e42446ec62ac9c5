/** Accuracy: how often the largest output is the right one. */
import { type ClassTarget, classTarget, type Loss } from '../../../types/loss.ts'
import { argmax, cast, equal } from '../../graph/expression.ts'
import { makeLoss, perSample } from '../../model/losses/loss.ts'

export type Accuracy = ClassTarget<'accuracy'>

/**
 * 1 where the largest of a sample's outputs stands at the place of its class, else 0; over positions, their mean.
 * `[b, ...s, classes] and i32 [b, ...s] -> [b]`
 *
 * @example
 * toArray(pipe(tensor([[0.1, 0.9], [0.7, 0.3]]), accuracy(tensor([1, 1], 'i32')))) // => [1, 0]
 */
export const accuracy: Loss<Accuracy> = makeLoss<Accuracy>({
  kind: 'accuracy',
  targetOf: classTarget('accuracy'),
  body: (prediction, target) => perSample(cast(equal(argmax(prediction, prediction.shape.length - 1), target), 'f32')),
})
