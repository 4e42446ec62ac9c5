/**
 * Metrics over all samples at once, as values: what they compare is said as a loss says it, and `value` is what they give.
 * They are no losses: what they give of a batch alone means nothing.
 */
import type { Compare } from './arithmetic.ts'
import type { Classes, Target } from './classes.ts'
import type { Dims, Shape } from './dim.ts'
import { type ClassTarget, classTarget, type LossFn, type LossRecord, type noClasses, type SameTarget } from './loss.ts'
import { type Say, say } from './say.ts'
import type { SizeFault } from './size.ts'
import type { Tensor } from './tensor.ts'

declare const METRIC: unique symbol

const needsValidation = '{op}: the metric {name} is over all samples at once, so it needs a validation set'
const noNumber = '{op}: the metric {name} gives no number; ask evaluate for it'
const wideClass = '{kind}: the class is not a literal'
const badClass = '{kind}: a class is a whole number from 0 on, got {class}'
const noSuchClass = '{kind}: the class is {class}, there are {classes} classes'

const openScore = '{kind}: expected {options}'
const scores = "{ threshold }, { class } or { average: 'macro' }, 'micro' or 'weighted'"

/** The type-level function of a metric over all samples. */
export interface MetricFn extends LossFn {
  readonly value: unknown
}
/** A metric over all samples at once. `evaluate` gives its value; `fit` scores it on the validation set. */
export interface Metric<in out F> extends LossRecord {
  readonly [METRIC]: F
}
/** What a metric gives for a model's output: a loss or a metric of single samples gives the mean of their numbers. */
export type MetricValue<F, O> = F extends MetricFn ? (F & { out: O })['value'] : number

/** Whether there is no validation set: what is `any` may be one. */
export type IsUnvalidated<V> = 0 extends 1 & V ? false : unknown extends V ? true : false

/** The message, or null: why `fit` can't report a metric. `V` is the validation set, unknown where there is none. */
export type ReportFault<Op extends string, Name, F, O, V> = F extends MetricFn
  ? MetricValue<F, O> extends number
    ? IsUnvalidated<V> extends true
      ? Say<typeof needsValidation, { op: Op; name: Name }>
      : null
    : Say<typeof noNumber, { op: Op; name: Name }>
  : null
export const reportFault = (op: string, name: string, isNumber: boolean, isValidated: boolean): string | null =>
  !isNumber ? say(noNumber, { op, name }) : isValidated ? null : say(needsValidation, { op, name })

/** A number, from outputs and targets of one shape. */
export interface SameMetric<Kind extends string> extends SameTarget<Kind> {
  value: number
}
/** A number, from outputs of classes and class numbers. */
export interface ClassMetric<Kind extends string> extends ClassTarget<Kind> {
  value: number
}
/** A number, from outputs of classes and class numbers: of the class C against the others. */
export interface OneClassMetric<Kind extends string, C extends number> extends LossFn {
  kind: Kind
  target: this['out'] extends [...infer Positions extends Shape, infer N extends number]
    ? ClassFault<Kind, C, N> extends infer E extends string
      ? E
      : Classes<N, Positions>
    : Say<typeof noClasses, { kind: Kind }>
  value: number
}
/** A score of which it is not known what it scores: no options, or one of several. */
export interface OpenScore<Kind extends string> extends LossFn {
  kind: Kind
  target: Say<typeof openScore, { kind: Kind; options: typeof scores }>
}
export const openScoreMessage = (kind: string): string => say(openScore, { kind, options: scores })

type ClassFault<Kind extends string, C extends number, N extends number> =
  SizeFault<C> extends 'wide'
    ? Say<typeof wideClass, { kind: Kind }>
    : SizeFault<C> extends string
      ? Say<typeof badClass, { kind: Kind; class: C }>
      : Compare<C, N> extends '<'
        ? null
        : Say<typeof noSuchClass, { kind: Kind; class: C; classes: N }>
export const oneClassTarget =
  (kind: string, chosen: number) =>
  (output: Dims): Target | string => {
    const target = classTarget(kind)(output)
    if (typeof target === 'string') return target
    if (!Number.isSafeInteger(chosen) || chosen < 0) return say(badClass, { kind, class: chosen })
    return chosen < (target.classes as number) ? target : say(noSuchClass, { kind, class: chosen, classes: target.classes })
  }

/** Counts of pairs: rows are the classes that are right, columns those that the model gives. */
export interface ClassConfusion extends ClassTarget<'confusionMatrix'> {
  value: this['target'] extends Classes<infer N, infer _> ? Tensor<[N, N], 'i32'> : never
}
/** The same of two classes: an output above a threshold, or not. */
export interface BinaryConfusion extends SameTarget<'confusionMatrix'> {
  value: Tensor<[2, 2], 'i32'>
}
