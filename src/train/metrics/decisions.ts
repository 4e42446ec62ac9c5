/** What a model decides, as class numbers, and how often which class was right: what most scores of classifiers are made of. */
import { classTarget, sameTarget } from '../../../types/loss.ts'
import { oneClassTarget } from '../../../types/metric.ts'
import { argmax, cast, greater } from '../../graph/expression.ts'
import type { Collector, MetricParts, MetricResult } from './metric.ts'

/** How classes become one number: the mean over classes, all decisions together, or the mean over samples. */
export type Average = 'macro' | 'micro' | 'weighted'

/** Which decisions are counted: of what kind the outputs are, and how many classes there are. */
export interface Decisions extends Pick<MetricParts, 'kind' | 'targetOf' | 'columns' | 'faults'> {
  readonly classesOf: (output: readonly number[]) => number
}

/** An output above the threshold is class 1, a target above one half too. */
export const byThreshold = (kind: string, threshold: number): Decisions => ({
  kind,
  targetOf: sameTarget,
  faults: Number.isFinite(threshold) ? [] : [`${kind}: the threshold must be a number, got ${threshold}`],
  columns: (prediction, target) => [cast(greater(prediction, threshold), 'i32'), cast(greater(target, 0.5), 'i32')],
  classesOf: () => 2,
})

/** The class of the largest output. */
export const byLargest = (kind: string, chosen?: number): Decisions => ({
  kind,
  targetOf: chosen === undefined ? classTarget(kind) : oneClassTarget(kind, chosen),
  faults: [],
  columns: (prediction, target) => [argmax(prediction, prediction.shape.length - 1), target],
  classesOf: (output) => output.at(-1) ?? 0,
})

/** Of each class: how often it was right, how often it was given, and how often both at once. */
export interface Counts {
  readonly right: Float64Array
  readonly given: Float64Array
  readonly both: Float64Array
}

/** Three numbers a class are kept, whatever the number of samples. */
export const counted =
  ({ classesOf }: Decisions, score: (counts: Counts) => MetricResult): MetricParts['collect'] =>
  (_, output): Collector => {
    const classes = classesOf(output)
    const [right, given, both] = [new Float64Array(classes), new Float64Array(classes), new Float64Array(classes)]
    return {
      add: (decided, wanted) => {
        for (let i = 0; i < decided.length; i++) {
          const [a, b] = [decided[i] as number, wanted[i] as number]
          given[a] = (given[a] as number) + 1
          right[b] = (right[b] as number) + 1
          if (a === b) both[a] = (both[a] as number) + 1
        }
      },
      value: () => score({ right, given, both }),
    }
  }
