/** Binary cross-entropy: the target is the probability that each element is true. */
import { type Loss, type SameTarget, sameTarget } from '../../../types/loss.ts'
import { add, exp, less, log, maximum, mul, neg, select, stopGradient, sub } from '../../graph/expression.ts'
import type { Node } from '../../graph/node.ts'
import { makeLoss, perSample } from './loss.ts'

/** The rule of `binaryCrossEntropy`: which target an output needs. */
export type BinaryCrossEntropy = SameTarget<'binaryCrossEntropy'>
/** The rule of `sigmoidBinaryCrossEntropy`: which target an output needs. */
export type SigmoidBinaryCrossEntropy = SameTarget<'sigmoidBinaryCrossEntropy'>

/**
 * From probabilities p: the mean of -(t ln p + (1 - t) ln(1 - p)) over each sample. Logarithms stop at -100 and their
 * slopes at 1e12, as in PyTorch's BCELoss. From logits `sigmoidBinaryCrossEntropy` is more exact. `[b, ...s] -> [b, ...s] -> [b]`
 *
 * @example
 * toArray(binaryCrossEntropy(tensor([[1], [0]]))(tensor([[1], [1]]))) // => [0, 100]
 */
export const binaryCrossEntropy: Loss<BinaryCrossEntropy> = makeLoss({
  kind: 'binaryCrossEntropy',
  targetOf: sameTarget,
  body: (p, t) => neg(perSample(add(mul(t, boundedLog(p)), mul(sub(1, t), boundedLog(sub(1, p)))))),
})

const smallest = 1e-12
/** Below `smallest` a line of slope 1 / smallest, with the logarithm's own value, but not below -100. */
const boundedLog = (p: Node): Node => {
  const line = mul(sub(p, stopGradient(p)), 1 / smallest)
  const value = stopGradient(maximum(log(maximum(p, 0)), -100))
  return select(less(p, smallest), add(value, line), log(maximum(p, smallest)))
}

/**
 * From logits z: the mean of ln(1 + e^z) - t z over each sample. The logarithm is ln(e^-m + e^(z - m)) + m with
 * m = max(z, 0): it never overflows, and its slope is the sigmoid everywhere. `[b, ...s] -> [b, ...s] -> [b]`
 *
 * @example
 * toArray(sigmoidBinaryCrossEntropy(tensor([[1], [0]]))(tensor([[1000], [1000]]))) // => [0, 1000]
 */
export const sigmoidBinaryCrossEntropy: Loss<SigmoidBinaryCrossEntropy> = makeLoss({
  kind: 'sigmoidBinaryCrossEntropy',
  targetOf: sameTarget,
  body: (z, t) => {
    const m = stopGradient(maximum(z, 0))
    const tail = log(add(exp(neg(m)), exp(sub(z, m))))
    return perSample(add(sub(m, mul(t, z)), tail))
  },
})
