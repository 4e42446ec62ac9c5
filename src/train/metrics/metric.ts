/** Metrics over all samples at once: a program gives some columns of each batch, and the host collects them. */
import type { Target } from '../../../types/classes.ts'
import type { Dims } from '../../../types/dim.ts'
import type { LossRecord } from '../../../types/loss.ts'
import type { Metric } from '../../../types/metric.ts'
import type { AnyTensor } from '../../../types/tensor.ts'
import type { Node } from '../../graph/node.ts'
import type { Slot } from '../../runtime/machine.ts'

export type MetricResult = number | AnyTensor
/** What the host keeps while a data set goes through the program. */
export interface Collector {
  /** What the program gave of some more samples, and what is right; both are written over afterwards. */
  readonly add: (given: Slot['view'], right: Slot['view']) => void
  readonly value: () => MetricResult
}
export interface MetricParts {
  readonly kind: string
  readonly targetOf: (output: Dims) => Target | string
  readonly faults?: readonly string[]
  /** `[b, ...output]` and its target to what is collected of both, `[b, ...]` each; shapes are checked before. */
  readonly columns: (prediction: Node, target: Node) => readonly [given: Node, right: Node]
  /** Starts to collect so many samples, of each of which the model's output has this shape. */
  readonly collect: (samples: number, output: readonly number[]) => Collector
  /** Why it can't be asked of so many outputs, or null. */
  readonly limit?: (output: Dims) => string | null
  /** Whether its value is a number, which a history can hold. */
  readonly isNumber?: boolean
}
/** A metric as programs and scorers take it. */
export interface UntypedMetric extends LossRecord, Required<Pick<MetricParts, 'columns' | 'collect' | 'limit' | 'isNumber'>> {}

/** F is what users see of it: it says in types what `targetOf` and `value` say here. */
export const metricOf = <F>({
  kind,
  targetOf,
  faults = [],
  columns,
  collect,
  limit = () => null,
  isNumber = true,
}: MetricParts): Metric<F> =>
  // the rule F is known to the types alone
  Object.freeze({ kind, targetOf, faults: Object.freeze(faults), columns, collect, limit, isNumber }) as unknown as Metric<F>

/** A metric of single samples is a function, as a loss is. */
export const isOverAll = (metric: LossRecord): metric is UntypedMetric => 'collect' in metric
