/** The loss and the metrics of a model over a data set, compiled. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { DType } from '../../types/dim.ts'
import type { FitFault, SampleTaken } from '../../types/fit.ts'
import type { Fitting, Inferred } from '../../types/fitting.ts'
import type { Loss, TargetOf } from '../../types/loss.ts'
import type { MetricValue } from '../../types/metric.ts'
import type { Flat, Model, ModelGiven } from '../../types/model.ts'
import type { TargetOptions } from '../../types/target.ts'
import { optionsFault, targetOf } from '../compiler/target.ts'
import type { DataError, DataSource } from '../data/data-source.ts'
import { chainParameters } from '../model/chain.ts'
import { partsOf } from '../model/model.ts'
import { checkParameters } from '../model/parameters.ts'
import type { CompileError } from '../runtime/executable.ts'
import { pace } from '../runtime/pace.ts'
import { type Check, notEmpty, wholeNumber } from './check.ts'
import type { Metrics } from './fit.ts'
import { isOverAll } from './metrics/metric.ts'
import { objectiveOf, type RecordedLoss, type RecordedMetrics } from './objective.ts'
import { checkOptions, checkShapes, type FittedModel, sizesIn, tokensOf, type UntypedData } from './run.ts'
import { scorer } from './scorer.ts'
import type { Invalid } from './training.ts'

/** Why there are no scores; `message` says it in one line. */
export type EvaluationError =
  | Invalid
  | { readonly tag: 'Aborted'; readonly message: string }
  /** Of a set that is read a block at a time. */
  | { readonly tag: 'DataFailed'; readonly message: string; readonly error: DataError }
  | CompileError

export interface EvaluateOptions<I, O, P, L, X, Y, Ms, D extends DType = 'f32', Q = Flat<P>> extends TargetOptions {
  readonly params: Fitting<'evaluate', 'the model has', 'params', Q, Flat<P>>
  readonly data: FitFault<'evaluate', SampleTaken<I, D>, O, TargetOf<L, O>, X, Y> extends infer E extends string ? E : DataSource<X, Y>
  readonly loss: Loss<L>
  readonly metrics?: Metrics<'evaluate', Ms, O, Y>
  /** The most samples at once; 256 unless said. Its choice changes no score. */
  readonly batchSize?: number
  readonly signal?: AbortSignal
}
/** The mean loss, and each metric's value: a number, or what a metric of all samples gives for an output of the shape `O`. */
export interface Evaluation<Ms, O = unknown> {
  readonly loss: number
  readonly metrics: { readonly [Name in keyof Ms]: MetricValue<Ms[Name], O> }
}

/**
 * The mean loss and metrics over all samples of a data set.
 *
 * @example
 * const model = pipe(input([1]), dense(1))
 * const params = { dense1: { weight: tensor([[2]]), bias: tensor([0]) } }
 * const points = dataset(tensor([[1], [2]]), tensor([[2], [7]]))
 * if (E.isLeft(points)) throw new Error(points.left.message)
 * await evaluate(model, { params, data: points.right, loss: meanSquaredError })() // => { _tag: 'Right', right: { loss: 4.5, metrics: {} } }
 */
export const evaluate = <I, O, P, L, X, Y, Ms, D extends DType, Q, M>(
  given: ModelGiven<'evaluate', M, Model<I, O, P, D>>,
  options: Inferred<EvaluateOptions<I, O, NoInfer<P>, L, X, Y, Ms, NoInfer<D>, Q>>,
): TE.TaskEither<EvaluationError, Evaluation<Ms, O>> => {
  // The types are checked above; what comes from JavaScript is checked again here.
  const model = given as object
  checkOptions('evaluate', options, ['params', 'data', 'loss', 'metrics', 'batchSize', 'signal', 'fastMath', 'threads', 'memoryLimit'])
  const { params, data, loss, metrics = {}, batchSize, signal } = options as unknown as UntypedOptions
  checkShapes('evaluate', model, data, loss, metrics)
  const { chain } = partsOf('evaluate', model)
  checkParameters('evaluate', params, chainParameters(chain))
  const target = targetOf('evaluate', options)
  const sizes = sizesIn('evaluate', model, data)
  const fault =
    [loss, ...Object.values(metrics)].flatMap(({ faults }) => faults)[0] ??
    Object.values(metrics).reduce<Check>((fault, metric) => fault ?? (isOverAll(metric) ? metric.limit(chain.shape) : null), null) ??
    notEmpty('evaluate', 'the data set', data.length) ??
    (batchSize === undefined ? null : wholeNumber('evaluate', 'the batch size', batchSize, 1)) ??
    optionsFault('evaluate', options) ??
    tokensOf('evaluate', model, data)
  if (fault !== null) return TE.left({ tag: 'Invalid', message: fault })
  return pipe(
    scorer({ data, model: model as unknown as FittedModel, objective: objectiveOf(loss, metrics), params, sizes, batchSize, target }),
    TE.chainW((scoring) => async () => {
      const scores = signal?.aborted ? E.left(null) : await scoring.run(pace(), signal)
      return E.bimap(notScored, (scored) => scored as Evaluation<Ms, O>)(scores)
    }),
  )
}

const notScored = (error: DataError | null): EvaluationError =>
  error === null
    ? { tag: 'Aborted', message: 'evaluate: aborted' }
    : { tag: 'DataFailed', error, message: `evaluate: no data: ${error.message}` }

interface UntypedOptions {
  readonly params: unknown
  readonly data: UntypedData
  readonly loss: RecordedLoss
  readonly metrics?: RecordedMetrics
  readonly batchSize?: number
  readonly signal?: AbortSignal
}
