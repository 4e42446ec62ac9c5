/** Which class is taken for which. */
import type { BinaryConfusion, ClassConfusion, ClassMetric, Metric, SameMetric } from '../../../types/metric.ts'
import { ShapeError } from '../../../types/shape-error.ts'
import type { AnyTensor } from '../../../types/tensor.ts'
import { data } from '../../graph/expression.ts'
import { tensorOf } from '../../graph/node.ts'
import { shown } from '../../tensor/argument.ts'
import { byLargest, byThreshold, counted, type Decisions } from './decisions.ts'
import { type Collector, metricOf } from './metric.ts'

/** For outputs of which each is true or not: how large it is where it says true. */
export interface ThresholdOptions {
  readonly threshold: number
}

/**
 * How often each class is taken for each: a row for each class that is right, a column for each that the model gives. A metric of
 * `evaluate` alone. With `{ threshold }`, of outputs that are true or not, class 1 is true. Up to 4096 classes.
 * `[b, ...s, classes] and i32 [b, ...s] -> i32 [classes, classes]`
 *
 * @example
 * const model = pipe(input([1]), dense(1))
 * const params = { dense1: { weight: tensor([[1]]), bias: tensor([0]) } }
 * const points = dataset(tensor([[-1], [2], [3], [4]]), tensor([[1], [0], [1], [1]]))
 * if (E.isLeft(points)) throw new Error(points.left.message)
 * const metrics = { confusion: confusionMatrix({ threshold: 0 }) }
 * const scored = await evaluate(model, { params, data: points.right, loss: sigmoidBinaryCrossEntropy, metrics })()
 * E.isRight(scored) && toArray(scored.right.metrics.confusion) // => [[0, 1], [1, 2]]
 */
export const confusionMatrix = <const O extends ThresholdOptions | undefined = undefined>(
  options?: O,
): Metric<O extends ThresholdOptions ? BinaryConfusion : ClassConfusion> => {
  const decisions = decisionsOf('confusionMatrix', options)
  return metricOf({
    ...decisions,
    isNumber: false,
    limit: (output) => {
      const classes = decisions.classesOf(output as readonly number[]) // the classes on the last axis are a number
      return classes > mostClasses ? `confusionMatrix: at most ${mostClasses} classes, there are ${classes}` : null
    },
    collect: (_, output) => pairs(decisions.classesOf(output)),
  })
}
/** 64 MB of counts, as they are kept. */
const mostClasses = 4096

const pairs = (classes: number): Collector => {
  const counts = new Int32Array(classes * classes)
  return {
    add: (given, right) => {
      for (let i = 0; i < given.length; i++) {
        const at = (right[i] as number) * classes + (given[i] as number)
        counts[at] = (counts[at] as number) + 1
      }
    },
    value: () => tensorOf<AnyTensor>(data(counts, [classes, classes], 'i32')),
  }
}

/**
 * The mean over classes of how many of those that are there the model finds: of the recalls of the classes that are there. As
 * `accuracy`, where every class counts as much as every other. With `{ threshold }`, of outputs that are true or not.
 *
 * @example
 * balancedAccuracy({ threshold: 0.5 }).kind // => 'balancedAccuracy'
 */
export const balancedAccuracy = <const O extends ThresholdOptions | undefined = undefined>(
  options?: O,
): Metric<O extends ThresholdOptions ? SameMetric<'balancedAccuracy'> : ClassMetric<'balancedAccuracy'>> => {
  const decisions = decisionsOf('balancedAccuracy', options)
  const score = ({ right, both }: { readonly right: Float64Array; readonly both: Float64Array }) => {
    const recalls = [...right].flatMap((count, c) => (count === 0 ? [] : [(both[c] as number) / count]))
    return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length
  }
  return metricOf({ ...decisions, collect: counted(decisions, score) })
}

const decisionsOf = (kind: string, options: ThresholdOptions | undefined): Decisions => {
  if (options === undefined) return byLargest(kind)
  const isThreshold = typeof options?.threshold === 'number' && Object.keys(options).length === 1
  if (!isThreshold) throw new ShapeError(`${kind}: expected no options, or { threshold }, got ${shown(options)}`)
  return byThreshold(kind, options.threshold)
}
