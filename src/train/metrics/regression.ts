/** How far outputs that are numbers are from their targets, over all samples. */
import { sameTarget } from '../../../types/loss.ts'
import type { Metric, SameMetric } from '../../../types/metric.ts'
import { type Collector, metricOf } from './metric.ts'

/** The rule of `r2`: which target an output needs. */
export type R2 = SameMetric<'r2'>
/** The rule of `rootMeanSquaredError`: which target an output needs. */
export type RootMeanSquaredError = SameMetric<'rootMeanSquaredError'>

/**
 * The coefficient of determination, 1 - (sum of squared errors) / (sum of squared distances of the targets from their mean): 1 for a
 * model without errors, 0 for one that always says the mean. The mean over the outputs on the last axis. Where all targets of an
 * output are the same it is 1 if there are no errors, else 0.
 *
 * @example
 * const model = pipe(input([1]), dense(1))
 * const params = { dense1: { weight: tensor([[1]]), bias: tensor([0]) } }
 * const points = dataset(tensor([[1], [2], [3]]), tensor([[1], [2], [6]]))
 * if (E.isLeft(points)) throw new Error(points.left.message)
 * const metrics = { r2, rmse: rootMeanSquaredError }
 * const scored = await evaluate(model, { params, data: points.right, loss: meanSquaredError, metrics })()
 * E.isRight(scored) && scored.right.metrics // => { r2: 1 - 9 / 14, rmse: Math.sqrt(3) }
 */
export const r2: Metric<R2> = metricOf({
  kind: 'r2',
  targetOf: sameTarget,
  columns: (prediction, target) => [prediction, target],
  collect: (_, output): Collector => {
    const outputs = Array.from({ length: output.at(-1) ?? 1 }, () => ({ count: 0, mean: 0, spread: 0, errors: 0 }))
    return {
      add: (given, right) => {
        for (let i = 0; i < given.length; i++) {
          const sums = outputs[i % outputs.length] as (typeof outputs)[number]
          const [error, distance] = [(given[i] as number) - (right[i] as number), (right[i] as number) - sums.mean]
          sums.errors += error * error
          // Welford's update (1962): a mean far from 0 costs no digits
          sums.count += 1
          sums.mean += distance / sums.count
          sums.spread += distance * ((right[i] as number) - sums.mean)
        }
      },
      value: () =>
        outputs.reduce((sum, { spread, errors }) => sum + (spread === 0 ? (errors === 0 ? 1 : 0) : 1 - errors / spread), 0) /
        outputs.length,
    }
  },
})

/**
 * The root of the mean of (prediction - target)^2 over all samples and all their elements: an error in the units of the targets.
 *
 * @example
 * rootMeanSquaredError.kind // => 'rootMeanSquaredError'
 */
export const rootMeanSquaredError: Metric<RootMeanSquaredError> = metricOf({
  kind: 'rootMeanSquaredError',
  targetOf: sameTarget,
  columns: (prediction, target) => [prediction, target],
  collect: (): Collector => {
    let [count, errors] = [0, 0]
    return {
      add: (given, right) => {
        for (let i = 0; i < given.length; i++) {
          const error = (given[i] as number) - (right[i] as number)
          errors += error * error
        }
        count += given.length
      },
      value: () => Math.sqrt(errors / count),
    }
  },
})
