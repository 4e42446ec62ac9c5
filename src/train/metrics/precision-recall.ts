/** Precision, recall and their harmonic mean. */
import {
  type ClassMetric,
  type Metric,
  type OneClassMetric,
  type OpenScore,
  openScoreMessage,
  type SameMetric,
} from '../../../types/metric.ts'
import { ShapeError } from '../../../types/shape-error.ts'
import type { IsUnion } from '../../../types/size.ts'
import { typed } from '../../tensor/typed.ts'
import { type Average, byLargest, byThreshold, type Counts, counted, type Decisions } from './decisions.ts'
import { metricOf } from './metric.ts'

/** Which decisions are scored: of outputs above a threshold, of one class among several, or of all classes. */
export type ScoreOptions =
  | { readonly threshold: number; readonly average?: never; readonly class?: never }
  | { readonly average: Average; readonly threshold?: never; readonly class?: never }
  | { readonly class: number; readonly threshold?: never; readonly average?: never }
type ScoreOf<Kind extends string, O> =
  true extends IsUnion<O>
    ? OpenScore<Kind>
    : O extends { readonly class: infer C extends number }
      ? OneClassMetric<Kind, C>
      : O extends { readonly average: string }
        ? ClassMetric<Kind>
        : SameMetric<Kind>
/** A score of decisions: F follows from the options. */
export type Score<Kind extends string> = <const O extends ScoreOptions>(options: O) => Metric<ScoreOf<Kind, O>>

/**
 * How many of those that the model finds are right: true / (true + false positives), 0 where it finds none.
 * `{ threshold: 0 }` for outputs that are logits, `0.5` for probabilities, `{ class: 3 }` for one of several classes,
 * `{ average: 'macro' }` for the mean over the classes that are there or are found, `'weighted'` for the mean weighed by how
 * often each is there, `'micro'` for all decisions together. Each position of a sample counts as one.
 *
 * @example
 * const model = pipe(input([1]), dense(1))
 * const params = { dense1: { weight: tensor([[1]]), bias: tensor([0]) } }
 * const points = dataset(tensor([[-1], [2], [3], [4]]), tensor([[1], [0], [1], [1]]))
 * if (E.isLeft(points)) throw new Error(points.left.message)
 * const metrics = { precision: precision({ threshold: 0 }), recall: recall({ threshold: 0 }) }
 * const scored = await evaluate(model, { params, data: points.right, loss: sigmoidBinaryCrossEntropy, metrics })()
 * E.isRight(scored) && scored.right.metrics // => { precision: 2 / 3, recall: 2 / 3 }
 */
export const precision: Score<'precision'> = scoreOf('precision', ({ given, both }, c) => ratio(both[c], given[c]))

/**
 * How many of those that are there the model finds: true / (true positives + false negatives), 0 where there are none.
 * Options as of `precision`.
 *
 * @example
 * recall({ class: 3 }).kind // => 'recall'
 */
export const recall: Score<'recall'> = scoreOf('recall', ({ right, both }, c) => ratio(both[c], right[c]))

/**
 * The harmonic mean of precision and recall: 2 true / (2 true + false positives + false negatives), 0 where both are none.
 * Options as of `precision`.
 *
 * @example
 * f1({ average: 'macro' }).kind // => 'f1'
 */
export const f1: Score<'f1'> = scoreOf('f1', ({ right, given, both }, c) => ratio(2 * (both[c] ?? 0), (right[c] ?? 0) + (given[c] ?? 0)))

const ratio = (part = 0, whole = 0): number => (whole === 0 ? 0 : part / whole)

type OfClass = (counts: Counts, chosen: number) => number

function scoreOf<Kind extends string>(kind: Kind, ofClass: OfClass): Score<Kind> {
  return typed<Score<Kind>>((options: ScoreOptions) => {
    const [decisions, score] = scoring(kind, options, ofClass)
    return metricOf({ ...decisions, collect: counted(decisions, score) })
  })
}

const scoring = (kind: string, options: ScoreOptions, ofClass: OfClass): readonly [Decisions, (counts: Counts) => number] => {
  const { threshold, average, class: chosen } = options ?? {}
  const given = Object.keys(options ?? {})
  if (given.length === 1 && typeof threshold === 'number') return [byThreshold(kind, threshold), (counts) => ofClass(counts, 1)]
  if (given.length === 1 && typeof chosen === 'number') return [byLargest(kind, chosen), (counts) => ofClass(counts, chosen)]
  if (given.length === 1 && average !== undefined && Object.hasOwn(averages, average))
    return [byLargest(kind), (counts) => averages[average](counts, ofClass)]
  throw new ShapeError(openScoreMessage(kind))
}

const averages: { readonly [A in Average]: (counts: Counts, ofClass: OfClass) => number } = {
  macro: (counts, ofClass) => {
    const there = [...counts.right.keys()].filter((c) => counts.right[c] !== 0 || counts.given[c] !== 0)
    return ratio(total(there.map((c) => ofClass(counts, c))), there.length)
  },
  weighted: (counts, ofClass) => ratio(total(counts.right.map((count, c) => count * ofClass(counts, c))), total(counts.right)),
  micro: ({ right, given, both }, ofClass) =>
    ofClass({ right: Float64Array.of(total(right)), given: Float64Array.of(total(given)), both: Float64Array.of(total(both)) }, 0),
}
const total = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] as number
  return sum
}
