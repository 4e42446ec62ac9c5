/** How well outputs rank samples, whatever the threshold. */
import { classTarget, sameTarget } from '../../../types/loss.ts'
import { type ClassMetric, type Metric, type OneClassMetric, oneClassTarget, type SameMetric } from '../../../types/metric.ts'
import { ShapeError } from '../../../types/shape-error.ts'
import { cast, equal, greater, slice } from '../../graph/expression.ts'
import { shown } from '../../tensor/argument.ts'
import { typed } from '../../tensor/typed.ts'
import { type Collector, type MetricParts, metricOf } from './metric.ts'

/** Nothing for outputs that are true or not; for classes one of them, or how all of them become one number, each against the others. */
export type RankingOptions =
  | { readonly average: 'macro' | 'weighted'; readonly class?: never }
  | { readonly class: number; readonly average?: never }
type RankingOf<Kind extends string, O> = O extends { readonly class: infer C extends number }
  ? OneClassMetric<Kind, C>
  : O extends { readonly average: string }
    ? ClassMetric<Kind>
    : SameMetric<Kind>
/** A score of rankings: F follows from the options. */
export type Ranking<Kind extends string> = <const O extends RankingOptions | undefined = undefined>(
  options?: O,
) => Metric<RankingOf<Kind, O>>

/** The scores of what is true and of what is not, both sorted. */
interface Ranked {
  readonly positives: Float32Array
  readonly negatives: Float32Array
}

/**
 * The area under the receiver operating characteristic: how probable it is that what is true has a larger output than what is not,
 * where equal outputs count one half. Exact, by ranks (Mann and Whitney 1947). For outputs that are true or not, the mean over the
 * outputs on the last axis; for classes `{ class: 3 }`, that one against all others, or `{ average: 'macro' }` for the mean over
 * classes, `'weighted'` by how often each is there. Where nothing is true, or nothing is not, there is no area: such classes are left
 * out of the mean, and it is NaN where none is left. While it is scored each sample takes 4 bytes an output.
 *
 * @example
 * const model = pipe(input([1]), dense(1))
 * const params = { dense1: { weight: tensor([[1]]), bias: tensor([0]) } }
 * const points = dataset(tensor([[1], [2], [3], [4]]), tensor([[0], [1], [0], [1]]))
 * if (E.isLeft(points)) throw new Error(points.left.message)
 * const scored = await evaluate(model, { params, data: points.right, loss: sigmoidBinaryCrossEntropy, metrics: { auc: auc() } })()
 * E.isRight(scored) && scored.right.metrics.auc // => 0.75
 */
export const auc: Ranking<'auc'> = rankingOf('auc', ({ positives, negatives }) => {
  const pairs = positives.length * negatives.length
  if (pairs === 0) return null
  let [below, notAbove, doubled] = [0, 0, 0]
  for (const score of positives) {
    while (below < negatives.length && (negatives[below] as number) < score) below += 1
    while (notAbove < negatives.length && (negatives[notAbove] as number) <= score) notAbove += 1
    doubled += below + notAbove
  }
  return doubled / 2 / pairs
})

/**
 * The mean precision over what is true, with the threshold at each in turn: the sum of (recall gained) * precision from the
 * largest output down, equal outputs at once, without interpolation. Options, what is left out, and memory as of `auc`; nothing needs to
 * be false.
 *
 * @example
 * averagePrecision({ class: 1 }).kind // => 'averagePrecision'
 */
export const averagePrecision: Ranking<'averagePrecision'> = rankingOf('averagePrecision', ({ positives, negatives }) => {
  if (positives.length === 0) return null
  let [p, n, sum] = [positives.length, negatives.length, 0]
  while (p > 0) {
    const score = positives[p - 1] as number
    const before = p
    while (p > 0 && positives[p - 1] === score) p -= 1
    while (n > 0 && (negatives[n - 1] as number) >= score) n -= 1
    const found = positives.length - p
    sum += ((before - p) * found) / (found + negatives.length - n)
  }
  return sum / positives.length
})

/** Null where there is no such number. */
type OfRanked = (ranked: Ranked) => number | null

function rankingOf<Kind extends string>(kind: Kind, score: OfRanked): Ranking<Kind> {
  return typed<Ranking<Kind>>((options?: RankingOptions) => {
    const { average, class: chosen } = options ?? {}
    const given = Object.keys(options ?? {})
    const isNone = options === undefined
    const isChosen = given.length === 1 && typeof chosen === 'number'
    const isMean = given.length === 1 && (average === 'macro' || average === 'weighted')
    if (!isNone && !isChosen && !isMean)
      throw new ShapeError(`${kind}: expected no options, { class } or { average: 'macro' } or 'weighted', got ${shown(options)}`)
    const collecting = isNone ? eachOutput : isChosen ? oneClass(kind, chosen) : eachClass(kind)
    return metricOf({ kind, ...collecting, collect: collected(collecting, score, average === 'weighted') })
  })
}

interface Collecting extends Pick<MetricParts, 'targetOf' | 'columns'> {
  /** How many scores an item has. */
  readonly outputsOf: (output: readonly number[]) => number
  /** Whether score k of an item is to be large. */
  readonly isTrue: (right: ArrayLike<number>, item: number, k: number, outputs: number) => boolean
}
const eachOutput: Collecting = {
  targetOf: sameTarget,
  columns: (prediction, target) => [prediction, cast(greater(target, 0.5), 'i32')],
  outputsOf: (output) => output.at(-1) ?? 1,
  isTrue: (right, item, k, outputs) => right[item * outputs + k] === 1,
}
const eachClass = (kind: string): Collecting => ({
  targetOf: classTarget(kind),
  columns: (prediction, target) => [prediction, target],
  outputsOf: (output) => output.at(-1) ?? 1,
  isTrue: (right, item, k) => right[item] === k,
})
const oneClass = (kind: string, chosen: number): Collecting => ({
  targetOf: oneClassTarget(kind, chosen),
  columns: (prediction, target) => {
    const start = prediction.shape.map((_, axis) => (axis === prediction.shape.length - 1 ? chosen : 0))
    return [slice(prediction, start, [...prediction.shape.slice(0, -1), 1]), cast(equal(target, chosen), 'i32')]
  },
  outputsOf: () => 1,
  isTrue: (right, item) => right[item] === 1,
})

/** Of each output the scores of what is true grow from the start, the others from the end. */
interface Column {
  readonly scores: Float32Array
  positives: number
  negatives: number
}

const collected =
  ({ outputsOf, isTrue }: Collecting, score: OfRanked, isWeighted: boolean): MetricParts['collect'] =>
  (samples, output): Collector => {
    const outputs = outputsOf(output)
    const items = samples * output.slice(0, -1).reduce((n, size) => n * size, 1)
    const columns = Array.from({ length: outputs }, (): Column => ({ scores: new Float32Array(items), positives: 0, negatives: 0 }))
    return {
      add: (given, right) => {
        for (let item = 0; item * outputs < given.length; item++)
          for (const [k, column] of columns.entries()) {
            const at = isTrue(right, item, k, outputs) ? column.positives++ : items - 1 - column.negatives++
            column.scores[at] = given[item * outputs + k] as number
          }
      },
      value: () => meanScore(columns, score, isWeighted),
    }
  }

const meanScore = (columns: readonly Column[], score: OfRanked, isWeighted: boolean): number => {
  let [sum, weights] = [0, 0]
  for (const { scores, positives } of columns) {
    // a typed array is sorted by number, NaN last
    const ranked = { positives: scores.subarray(0, positives).sort(), negatives: scores.subarray(positives).sort() }
    if (Number.isNaN(ranked.positives.at(-1)) || Number.isNaN(ranked.negatives.at(-1))) return Number.NaN
    const each = score(ranked)
    if (each === null) continue
    const weight = isWeighted ? positives : 1
    sum += weight * each
    weights += weight
  }
  return sum / weights
}
