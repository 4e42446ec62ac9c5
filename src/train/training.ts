/** What training ends with: what was trained, or why it stopped, as plain values. */
import type { Either } from 'fp-ts/lib/Either.js'
import type { Key } from '../../types/key.ts'
import type { Params } from '../../types/model.ts'
import type { StateOf } from '../../types/optimizer.ts'
import type { CompileError } from '../runtime/executable.ts'
import type { EpochScores } from './progress.ts'

/** A model's parameters after whole epochs, and all that continuing needs. `F` is the optimizer's type-level function. */
export interface Trained<in out M, in out F> {
  readonly params: Params<M>
  readonly optimizer: StateOf<F, Params<M>>
  readonly key: Key
  /** Epochs behind it. */
  readonly epoch: number
  readonly history: readonly EpochScores[]
}

/** Why there is no `Trained`; `message` says it in one line. Steps and epochs count from 1. */
export type TrainingError<T> =
  | Invalid
  /** `last` is from the end of the epoch before: training from it again gives the bits it would have given. */
  | { readonly tag: 'NonFinite'; readonly message: string; readonly step: number; readonly epoch: number; readonly last: T }
  | { readonly tag: 'Aborted'; readonly message: string; readonly last: T }
  | CompileError

/** An argument that no training starts with. */
export interface Invalid {
  readonly tag: 'Invalid'
  readonly message: string
}

/** What `fit` ends with; the alias keeps the model from being printed twice. */
export type Training<M, F> = Either<TrainingError<Trained<M, F>>, Trained<M, F>>
