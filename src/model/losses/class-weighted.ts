/** Losses whose samples count as much as their class does. */
import { type ClassWeighted, classWeightedTarget } from '../../../types/class-weights.ts'
import type { Dim } from '../../../types/dim.ts'
import { elements } from '../../../types/elements.ts'
import type { Loss, LossRecord } from '../../../types/loss.ts'
import { ShapeError } from '../../../types/shape-error.ts'
import type { AnyTensor } from '../../../types/tensor.ts'
import { data, gather, mul, reshape } from '../../graph/expression.ts'
import { type Node, nodeOf, tensorOf } from '../../graph/node.ts'
import { shown } from '../../tensor/argument.ts'
import { makeLoss, perSample } from './loss.ts'

/** Weighs what a loss gives by the class that is right. */
export type Weighing<N extends number> = <F>(loss: Loss<F>) => Loss<ClassWeighted<N, F>>

/**
 * A sample's loss times the weight of its class: `w[class] * loss`; over positions, the mean of each position's loss times the
 * weight of its class. Weights are finite and not below 0. The mean over a batch divides by the number of samples, as Keras's
 * `class_weight` does, so that no sample's loss depends on its neighbours; PyTorch's `CrossEntropyLoss(weight)` divides by the sum
 * of the batch's weights. `[b, ...s] i32 -> [b, ...s, classes] -> [b]`
 *
 * @example
 * toArray(classWeighted([1, 5])(softmaxCrossEntropy)(tensor([0, 1], 'i32'))(tensor([[0, 1000], [1000, 0]]))) // => [1000, 5000]
 */
export const classWeighted = <const W extends readonly number[]>(weights: W): Weighing<W['length']> => {
  if (!Array.isArray(weights)) throw new ShapeError(`classWeighted: expected a list of numbers, got ${shown(weights)}`)
  const bad = weights.findIndex((weight) => !(Number.isFinite(weight) && weight >= 0))
  const faults = bad < 0 ? [] : [`classWeighted: a weight is a number from 0 on, the weight of class ${bad} is ${shown(weights[bad])}`]
  const table = Float32Array.from(weights)
  const weighing = (loss: LossRecord & UntypedLoss) =>
    makeLoss({
      kind: loss.kind,
      targetOf: classWeightedTarget(table.length, loss),
      faults: [...faults, ...loss.faults],
      body: (prediction, target) => {
        const weight = gather(data(table, [table.length], 'f32'), target)
        return perSample(mul(ofPositions(loss, prediction, target), weight))
      },
    })
  return weighing as unknown as Weighing<W['length']> // the rule F of the loss is known to the types alone
}

type UntypedLoss = (target: AnyTensor) => (prediction: AnyTensor) => AnyTensor

/** The loss of each position, as if it were a sample. `[b, ...s, classes] and [b, ...s] -> [b, ...s]` */
const ofPositions = (loss: UntypedLoss, prediction: Node, target: Node): Node => {
  const all = [elements(target.shape)]
  const classes = prediction.shape.at(-1) as Dim
  const each = loss(tensorOf(reshape(target, all)))(tensorOf(reshape(prediction, [...all, classes])))
  return reshape(nodeOf(each), target.shape)
}
