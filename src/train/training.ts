/** What training ends with: what was trained, or why it stopped, as plain values. */
import type { Either } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Key } from '../../types/key.ts'
import type { Params } from '../../types/model.ts'
import type { StateOf } from '../../types/optimizer.ts'
import type { DataError } from '../data/data-source.ts'
import type { CompileError } from '../runtime/executable.ts'
import type { EpochScores } from './progress.ts'

/** A model's parameters where training stood, and all that continuing needs, to the bit. `F` is the optimizer's type-level function. */
export interface Trained<in out M, in out F> {
  readonly params: Params<M>
  readonly optimizer: StateOf<F, Params<M>>
  readonly key: Key
  /** Whole epochs behind it. */
  readonly epoch: number
  /** The scores of the epochs that ran: behind the best of a run that watches for one, later ones may follow. */
  readonly history: readonly EpochScores[]
  /** Where it stopped within an epoch; null at an epoch's end. */
  readonly underway: Underway | null
  /** The best epoch so far, where the run watches for one (`earlyStopping`); null otherwise. */
  readonly best: Best<M, F> | null
}
/** Where training stopped within an epoch. The order of its samples follows from key and epoch. */
export interface Underway {
  /** Steps of this epoch that are done, and how many it has. When all are done, validation is left. */
  readonly step: number
  readonly steps: number
  /** Samples of the epoch and of a step: with others it could not be gone on with. */
  readonly samples: number
  readonly batchSize: number
  /** Loss and metrics of the samples so far, summed up. */
  readonly sums: readonly number[]
  /** That of the last step, as `history` has it. */
  readonly learningRate: number | null
}
/** What the best epoch ended with. */
export interface Best<in out M, in out F> {
  readonly epoch: number
  /** The score that it is the best by. */
  readonly value: number
  readonly params: Params<M>
  readonly optimizer: StateOf<F, Params<M>>
}

/** A `Trained` whose types were checked where it was handed over. */
export interface UntypedTrained {
  readonly params: unknown
  readonly optimizer: unknown
  readonly key: Key
  readonly epoch: number
  readonly history: readonly EpochScores[]
  readonly underway: Underway | null
  readonly best: UntypedBest | null
}
export interface UntypedBest {
  readonly epoch: number
  readonly value: number
  readonly params: unknown
  readonly optimizer: unknown
}

/** Where and how often a run is saved while it trains. Each way of counting that is said is followed. */
export interface Checkpointing {
  /** Counted from the first step of all; the step that ends an epoch is saved behind its validation. */
  readonly everySteps?: number
  /** 1 unless a way of counting is said. */
  readonly everyEpochs?: number
  /** Looked at where the event loop gets its turn, some 20 times a second. */
  readonly everySeconds?: number
  /**
   * Told of a `Trained` (a copy, nothing moves under it) whose parameters are finite; training goes on when it is done. It is also
   * told of where a run ends, unless an error ended it.
   */
  readonly save: (trained: UntypedTrained, model: object) => TaskEither<{ readonly message: string }, unknown>
}

/** Why there is no `Trained`; `message` says it in one line. Steps and epochs count from 1. `last` is for `from`, wherever there is one. */
export type TrainingError<T> =
  | Invalid
  /**
   * `last` is from the end of the epoch before, or from where this run began if that is later: training from it again gives the
   * bits it would have given.
   */
  | { readonly tag: 'NonFinite'; readonly message: string; readonly step: number; readonly epoch: number; readonly last: T }
  /** `last` is where it stopped, as that of the errors that follow. */
  | { readonly tag: 'Aborted'; readonly message: string; readonly last: T }
  /** Samples of a set that is read a block at a time could not be had; `error` says why. */
  | { readonly tag: 'DataFailed'; readonly message: string; readonly error: DataError; readonly last: T }
  | { readonly tag: 'CheckpointFailed'; readonly message: string; readonly last: T }
  /** `error` is what `onEvent` threw, or what its promise was rejected with. */
  | { readonly tag: 'CallbackFailed'; readonly message: string; readonly error: unknown; readonly last: T }
  | CompileError

/** An argument that no training starts with. */
export interface Invalid {
  readonly tag: 'Invalid'
  readonly message: string
}

/** What `fit` ends with; the alias keeps the model from being printed twice. */
export type Training<M, F> = Either<TrainingError<Trained<M, F>>, Trained<M, F>>
