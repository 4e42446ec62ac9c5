/** The programs of training, as functions: one step of an optimizer, the scores of a batch, its predictions. */
import type { Dim, Sizes } from '../../types/dim.ts'
import type { Key } from '../../types/key.ts'
import type { AnyTensor, Tensor } from '../../types/tensor.ts'
import { valueAndGrad } from '../autodiff/grad.ts'
import type { Source } from '../compiler/trace.ts'
import type { ColumnType } from '../data/column.ts'
import { seenRows, specifiedRows } from '../data/stored.ts'
import * as e from '../graph/expression.ts'
import { nodeOf, tensorOf } from '../graph/node.ts'
import { applyUpdates } from '../optim/optimizer.ts'
import { foldIn } from '../tensor/random.ts'
import type { UntypedMetric } from './metrics/metric.ts'

/** What the programs need of a model, a loss and an optimizer, whose types are checked where users hand them over. */
export interface UntypedModel {
  readonly apply: (params: unknown, x: AnyTensor) => AnyTensor
  readonly applyTraining: (params: unknown, x: AnyTensor, key: Key) => readonly [AnyTensor, unknown]
}
export type UntypedLoss = (target: AnyTensor) => (prediction: AnyTensor) => AnyTensor
export interface UntypedOptimizer {
  /** An f32 scalar, or null. */
  readonly learningRate: (state: unknown, params: unknown) => AnyTensor | null
  readonly update: (gradients: unknown, state: unknown, params: unknown) => readonly [unknown, unknown]
}
/** What is asked of a prediction while a model is trained. */
export interface TrainingObjective {
  readonly loss: UntypedLoss
  /** Metrics of single samples. */
  readonly metrics: Readonly<Record<string, UntypedLoss>>
}
/** What is asked of the predictions of a whole data set. */
export interface Objective extends TrainingObjective {
  /** Metrics of all samples at once. */
  readonly overAll: Readonly<Record<string, UntypedMetric>>
  /** All metrics, in the order in which they are reported. */
  readonly names: readonly string[]
}
/** What lives in the arena while a model is trained. */
export interface TrainingState {
  readonly params: unknown
  readonly optimizer: unknown
  readonly key: Key
  /** Steps behind it. */
  readonly step: Tensor<[], 'i32'>
}
/** The columns that feed a program, and the sizes of batches that it has entries for. */
export interface Feed {
  readonly columns: readonly ColumnType[]
  readonly sizes: Sizes
  readonly rows: readonly number[]
  /** How many samples lie in the arena, of which a step takes those with the given numbers. Without it a step is given samples. */
  readonly residents?: number
}

/** State and batch to the next state, and the batch's mean loss and metrics, then the learning rate where it moves. */
export const trainingSource = (
  model: UntypedModel,
  objective: TrainingObjective,
  optimizer: UntypedOptimizer,
  state: TrainingState,
  feed: Feed,
): Source => {
  const step = ({ params, optimizer: moments, key, step }: TrainingState, x: AnyTensor, y: AnyTensor, weight?: AnyTensor) => {
    const goal = (trained: unknown) => {
      const [prediction, moved] = model.applyTraining(trained, x, foldIn(key, step))
      const { loss, metrics } = scores(objective, prediction, [y, weight], overBatch)
      return [loss, { moved, metrics }] as const
    }
    const [[loss, { moved, metrics }], gradients] = valueAndGrad(goal)(params)
    const [updates, next] = optimizer.update(gradients, moments, params)
    const rate = optimizer.learningRate(moments, params)
    const after = tensorOf<Tensor<[], 'i32'>>(e.add(nodeOf(step), 1))
    return [
      { params: applyUpdates(moved, updates), optimizer: next, key, step: after },
      { loss, metrics, ...(rate === null || fixedRate(rate) !== null ? {} : { learningRate: rate }) },
    ] as const
  }
  return source(step, state, feed)
}

/** The learning rate, as a step uses it, where it is the same in every one: no step has to give that. */
export const fixedRate = (rate: AnyTensor | null): number | null => {
  const node = rate === null ? null : nodeOf(rate)
  return node?.op === 'constant' ? Math.fround(Number(node.attributes.value)) : null
}

/** Parameters and batch to a loss and metrics for each sample, and columns for the metrics of all samples. */
export const scoringSource = (model: UntypedModel, objective: Objective, params: unknown, feed: Feed): Source => {
  const step = (state: { readonly params: unknown }, x: AnyTensor, y: AnyTensor, weight?: AnyTensor) =>
    [state, scored(objective, model.apply(state.params, x), [y, weight])] as const
  return source(step, { params }, feed)
}

/** Parameters and batch to a prediction for each sample. */
export const predictingSource = (model: UntypedModel, params: unknown, feed: Feed): Source => {
  const step = (state: { readonly params: unknown }, x: AnyTensor) => [state, model.apply(state.params, x)] as const
  return source(step, { params }, feed)
}

type OfBatch<S> = (state: S, ...batch: readonly AnyTensor[]) => readonly [unknown, unknown]

const source = <S>(step: OfBatch<S>, state: S, { columns, sizes, rows, residents }: Feed): Source => {
  const batch = unusedName(sizes)
  const bind = rows.map((count) => ({ ...sizes, [batch]: count }))
  const those = (count: Dim) => columns.map((column) => specifiedRows(column, count))
  const seen = (rows: readonly AnyTensor[]) => columns.map((column, i) => seenRows(column, rows[i] as AnyTensor))
  if (residents === undefined)
    return { step: (before: S, ...given: readonly AnyTensor[]) => step(before, ...seen(given)), state, args: those(batch), bind }
  const ofRows = (before: S, numbers: AnyTensor, ...all: readonly AnyTensor[]) =>
    step(before, ...seen(all.map((column) => tensorOf<AnyTensor>(e.gather(nodeOf(column), nodeOf(numbers), 0)))))
  return { step: ofRows, state, args: [{ shape: [batch], dtype: 'i32' }], residents: those(residents), bind }
}

/** What predictions are compared with, and what the loss of each sample is multiplied by. */
type Goal = readonly [target: AnyTensor, weight: AnyTensor | undefined]

const scores = (
  { loss, metrics }: TrainingObjective,
  prediction: AnyTensor,
  [target, weight]: Goal,
  reduce: (each: AnyTensor) => AnyTensor,
) => ({
  loss: reduce(weighted(loss(target)(prediction), weight)),
  metrics: Object.fromEntries(Object.entries(metrics).map(([name, metric]) => [name, reduce(metric(target)(prediction))])),
})
const scored = (objective: Objective, prediction: AnyTensor, goal: Goal) => ({
  ...scores(objective, prediction, goal, (each) => each),
  overAll: Object.values(objective.overAll).map(({ columns }) =>
    columns(nodeOf(prediction), nodeOf(goal[0])).map((column) => tensorOf(column)),
  ),
})
const weighted = (each: AnyTensor, weight: AnyTensor | undefined): AnyTensor =>
  weight === undefined ? each : tensorOf(e.mul(nodeOf(each), nodeOf(weight)))
const overBatch = (each: AnyTensor): AnyTensor => tensorOf(e.mean(nodeOf(each), [0]))

/** A name for the batch that neither the model nor the data use. */
const unusedName = (sizes: Sizes): string => {
  const names = new Set(Object.keys(sizes).flatMap((name) => name.split('*')))
  let name = 'batch'
  while (names.has(name)) name = `${name}'`
  return name
}
