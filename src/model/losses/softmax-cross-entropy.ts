/** Softmax cross-entropy: logits against the class of each position, or against probabilities of the classes. */
import type { Dim } from '../../../types/dim.ts'
import { type ClassTarget, classTarget, type DistributionTarget, distributionTarget, type Loss } from '../../../types/loss.ts'
import { add, equal, exp, iota, log, max, mean, mul, reshape, select, stopGradient, sub, sum } from '../../graph/expression.ts'
import type { Node } from '../../graph/node.ts'
import { makeLoss, perSample } from './loss.ts'

/** The rule of `softmaxCrossEntropy`: which target an output needs. */
export type SoftmaxCrossEntropy = ClassTarget<'softmaxCrossEntropy'>
/** The rule of `softmaxCrossEntropySmoothed`: which target an output needs. */
export type SoftmaxCrossEntropySmoothed = ClassTarget<'softmaxCrossEntropySmoothed'>
/** The rule of `softmaxCrossEntropyDense`: which target an output needs. */
export type SoftmaxCrossEntropyDense = DistributionTarget<'softmaxCrossEntropyDense'>
/** The rule of `softmaxCrossEntropyDenseSmoothed`: which target an output needs. */
export type SoftmaxCrossEntropyDenseSmoothed = DistributionTarget<'softmaxCrossEntropyDenseSmoothed'>

/**
 * From logits z and the number c of the right class: ln(sum e^z) - z_c, the mean over a sample's positions.
 * `[b, ...s] i32 -> [b, ...s, classes] -> [b]`
 *
 * @example
 * toArray(softmaxCrossEntropy(tensor([0, 1], 'i32'))(tensor([[1000, 0], [1000, 0]]))) // => [0, 1000]
 */
export const softmaxCrossEntropy: Loss<SoftmaxCrossEntropy> = makeLoss({
  kind: 'softmaxCrossEntropy',
  targetOf: classTarget('softmaxCrossEntropy'),
  body: (logits, classes) => {
    const z = shifted(logits)
    return perSample(sub(logSum(z), ofClass(z, classes)))
  },
})

/**
 * The same against a target of which `smoothing` is spread evenly over all classes (Szegedy et al. 2016, Rethinking the
 * Inception architecture, section 7). `[b, ...s] i32 -> [b, ...s, classes] -> [b]`
 *
 * @example
 * toArray(softmaxCrossEntropySmoothed(0.5)(tensor([0], 'i32'))(tensor([[1000, 0]]))) // => [250]
 */
export const softmaxCrossEntropySmoothed = (smoothing: number): Loss<SoftmaxCrossEntropySmoothed> =>
  makeLoss({
    kind: 'softmaxCrossEntropySmoothed',
    targetOf: classTarget('softmaxCrossEntropySmoothed'),
    faults: smoothingFaults('softmaxCrossEntropySmoothed', smoothing),
    body: (logits, classes) => {
      const z = shifted(logits)
      return perSample(sub(logSum(z), blend(ofClass(z, classes), meanOfClasses(z), smoothing)))
    },
  })

/**
 * From logits z and probabilities t of the classes: sum t (ln(sum e^z) - z), the mean over a sample's positions.
 * `[b, ...s, classes] -> [b, ...s, classes] -> [b]`
 *
 * @example
 * toArray(softmaxCrossEntropyDense(tensor([[0.25, 0.75]]))(tensor([[1000, 0]]))) // => [750]
 */
export const softmaxCrossEntropyDense: Loss<SoftmaxCrossEntropyDense> = makeLoss({
  kind: 'softmaxCrossEntropyDense',
  targetOf: distributionTarget('softmaxCrossEntropyDense'),
  body: (logits, target) => {
    const z = shifted(logits)
    return perSample(sub(mul(logSum(z), overClasses(target)), overClasses(mul(target, z))))
  },
})

/**
 * The same against a target of which `smoothing` is spread evenly over all classes.
 * `[b, ...s, classes] -> [b, ...s, classes] -> [b]`
 *
 * @example
 * toArray(softmaxCrossEntropyDenseSmoothed(0.5)(tensor([[1, 0]]))(tensor([[1000, 0]]))) // => [250]
 */
export const softmaxCrossEntropyDenseSmoothed = (smoothing: number): Loss<SoftmaxCrossEntropyDenseSmoothed> =>
  makeLoss({
    kind: 'softmaxCrossEntropyDenseSmoothed',
    targetOf: distributionTarget('softmaxCrossEntropyDenseSmoothed'),
    faults: smoothingFaults('softmaxCrossEntropyDenseSmoothed', smoothing),
    body: (logits, target) => {
      const z = shifted(logits)
      const weight = add(mul(overClasses(target), 1 - smoothing), smoothing)
      return perSample(sub(mul(logSum(z), weight), blend(overClasses(mul(target, z)), meanOfClasses(z), smoothing)))
    },
  })

const last = (x: Node): number => x.shape.length - 1
const overClasses = (x: Node): Node => sum(x, [last(x)])
const meanOfClasses = (x: Node): Node => mean(x, [last(x)])
const blend = (target: Node, even: Node, smoothing: number): Node => add(mul(target, 1 - smoothing), mul(even, smoothing))

/** The logits with their maximum at 0: a shift changes neither the loss nor its gradient, and nothing overflows. */
const shifted = (logits: Node): Node => sub(logits, stopGradient(max(logits, [last(logits)], true)))
const logSum = (z: Node): Node => log(overClasses(exp(z)))
/** The logit of the right class: a sum with one term, which fuses with the sum of exponentials. */
const ofClass = (z: Node, classes: Node): Node => {
  const right = equal(iota(z.shape, last(z), z.sizes), reshape(classes, [...classes.shape, 1 as Dim]))
  return overClasses(select(right, z, 0))
}

const smoothingFaults = (kind: string, smoothing: number): readonly string[] =>
  smoothing >= 0 && smoothing <= 1 ? [] : [`${kind}: the smoothing must be between 0 and 1, got ${smoothing}`]
