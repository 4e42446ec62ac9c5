/** Training: a model, data, a loss and an optimizer become parameters, through one compiled step. */
import type { Task } from 'fp-ts/lib/Task.js'
import type { DType } from '../../types/dim.ts'
import type { EarlyStopping } from '../../types/early-stopping.ts'
import type { FitFault, metricsListed, SampleTaken, TargetFault } from '../../types/fit.ts'
import type { Inferred } from '../../types/fitting.ts'
import type { Freezing } from '../../types/freeze.ts'
import type { Begun, Continued } from '../../types/from.ts'
import type { Key } from '../../types/key.ts'
import type { Loss, TargetOf } from '../../types/loss.ts'
import type { Metric, MetricFn, ReportFault } from '../../types/metric.ts'
import type { Flat, Model, ModelGiven } from '../../types/model.ts'
import type { Say } from '../../types/say.ts'
import type { TargetOptions } from '../../types/target.ts'
import type { Trainable } from '../../types/trainable.ts'
import type { DataSource } from '../data/data-source.ts'
import type { Optimizer } from '../optim/optimizer.ts'
import type { Listener } from './progress.ts'
import { type RunOptions, runOf } from './run.ts'
import { train } from './train.ts'
import type { Checkpointing, Trained, Training } from './training.ts'

/** The data set, or the message where it is not what model and loss ask for. */
export type Data<S, O, T, X, Y> = FitFault<'fit', S, O, T, X, Y> extends infer E extends string ? E : DataSource<X, Y>
/** The same of a validation set, which `V` is as it was given. */
export type Validation<S, O, T, X, Y, V> = FitFault<'fit', S, O, T, X, Y> extends infer E extends string ? E : DataSource<X, Y> & V
/** Metrics by name, each of which may be the message where it is none for these targets; or the message. */
export type Metrics<Op extends string, Ms, O, Y> = Ms extends readonly unknown[]
  ? Say<typeof metricsListed, { op: Op; example: '{ accuracy }' }>
  : {
      readonly [Name in keyof Ms]: TargetFault<Op, `metric ${Name & string}`, O, TargetOf<Ms[Name], O>, Y> extends infer E extends string
        ? E
        : MetricOf<Ms[Name]>
    }
/** The same for what `fit` reports: those of all samples are scored on the validation set `V`. */
export type Reported<Ms, O, Y, V> = Ms extends readonly unknown[]
  ? Say<typeof metricsListed, { op: 'fit'; example: '{ accuracy }' }>
  : {
      readonly [Name in keyof Ms]: TargetFault<'fit', `metric ${Name & string}`, O, TargetOf<Ms[Name], O>, Y> extends infer E extends string
        ? E
        : ReportFault<'fit', Name, Ms[Name], O, V> extends infer E extends string
          ? E
          : MetricOf<Ms[Name]>
    }
/** One of all samples at once says what it gives. */
type MetricOf<F> = F extends MetricFn ? Metric<F> : Loss<F>

export interface FitOptions<
  I,
  O,
  P,
  F,
  L,
  X,
  Y,
  VX,
  VY,
  Ms,
  D extends DType = 'f32',
  R = Trained<Model<I, O, P, D>, F>,
  N = unknown,
  W = string,
  V = unknown,
  Q = unknown,
> extends TargetOptions {
  readonly data: Data<SampleTaken<I, D>, O, TargetOf<L, O>, X, Y>
  /** Scored after each epoch, never trained on. */
  readonly validation?: Validation<SampleTaken<I, D>, O, TargetOf<L, O>, VX, VY, V>
  readonly loss: Loss<L>
  /** Accuracies or other losses to report beside the loss, by name; those of all samples at once are scored on the validation set. */
  readonly metrics?: Reported<Ms, O, Y, V>
  readonly optimizer: Optimizer<F> & Freezing<Trainable<Flat<P>>, N>
  /** Samples of one step; the last step of an epoch takes what is left. */
  readonly batchSize: number
  /** Epochs in all, those behind `from` included. */
  readonly epochs: number
  readonly key: Key
  /** What an earlier `fit` ended with, or `last` of why it ended. With the same key and options it goes on as if it had never stopped. */
  readonly from?: Continued<R, Trained<Model<I, O, P, D>, F>, Q>
  /** The weights to begin with, in place of drawn ones: those of a file, or of a trunk that was trained before. The optimizer begins anew. */
  readonly params?: Begun<Q, Flat<P>>
  /**
   * Stops the run when its scores get no better. It ends with the best epoch then, also when all epochs are done or the time is
   * over, and its `history` has all that ran: what it gives as `from` goes on behind the best epoch.
   */
  readonly earlyStopping?: EarlyStopping<W, Ms, V>
  /** Stops the run at the next turn of the event loop: in Node 20 times a second, in a page 60 times. */
  readonly signal?: AbortSignal
  /** Seconds, counted from when the task is called, after which it ends with what was reached. Looked at like `signal`. */
  readonly timeLimit?: number
  /** Saves the run while it trains. */
  readonly checkpoints?: Checkpointing
  /**
   * Hears of the compiled program, of steps, epochs and checkpoints, and of why it stopped; `progress(process.stdout)` shows them.
   * One function or several. Training goes on when a promise that it gives is done, and stops where it gives `'stop'`; what it
   * throws ends the run.
   */
  readonly onEvent?: Listener | readonly Listener[]
  /** Steps from one `Step` event to the next. Unless said, they come when the event loop gets its turn. */
  readonly stepEvery?: number
}

/**
 * Trains a model on a data set. Nothing happens until the task is called; it ends with what was trained, or with why it
 * stopped. The same key gives the same bits.
 *
 * @example
 * const points = dataset(tensor([[0], [1], [2], [3]]), tensor([[1], [3], [5], [7]]))
 * if (E.isLeft(points)) throw new Error(points.left.message)
 * const options = { loss: meanSquaredError, optimizer: sgd({ learningRate: 0.1 }), batchSize: 4, epochs: 300, key: key(0) }
 * const trained = await fit(pipe(input([1]), dense(1)), { ...options, data: points.right })()
 * E.isRight(trained) && toArray(trained.right.params.dense1.weight).flat().map(Math.round) // => [2]
 */
export const fit = <
  I,
  O,
  P,
  F,
  L,
  X,
  Y,
  VX,
  VY,
  Ms,
  D extends DType,
  R,
  N,
  M,
  W extends string = 'validation loss',
  V = unknown,
  Q = unknown,
>(
  model: ModelGiven<'fit', M, Model<I, O, P, D>>,
  options: Inferred<FitOptions<I, O, P, F, L, X, Y, VX, VY, Ms, NoInfer<D>, R, N, W, V, Q>>,
): Task<Training<Model<I, O, P, D>, F>> => {
  // Its shapes are checked again in `runOf`; the types of what comes out are those of what went in.
  const run = runOf(model as object, options as unknown as RunOptions)
  return () => train(run) as Promise<Training<Model<I, O, P, D>, F>>
}
