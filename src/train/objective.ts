/** What is asked of a model's predictions: the loss and the metrics of `fit` and `evaluate`, as programs and scorers take them. */
import type { LossRecord } from '../../types/loss.ts'
import { isOverAll, type UntypedMetric } from './metrics/metric.ts'
import type { Objective, UntypedLoss } from './step.ts'

export type RecordedLoss = UntypedLoss & LossRecord
export type RecordedMetrics = Readonly<Record<string, RecordedLoss | UntypedMetric>>

export const objectiveOf = (loss: UntypedLoss, metrics: RecordedMetrics): Objective => {
  const entries = Object.entries(metrics)
  const ofSamples = entries.flatMap(([name, metric]) => (isOverAll(metric) ? [] : [[name, metric] as const]))
  const overAll = entries.flatMap(([name, metric]) => (isOverAll(metric) ? [[name, metric] as const] : []))
  return { loss, metrics: Object.fromEntries(ofSamples), overAll: Object.fromEntries(overAll), names: entries.map(([name]) => name) }
}
