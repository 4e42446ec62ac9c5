/** `earlyStopping` of `fit`: the score of an epoch that it watches. Those of the validation set are named after it. */
import type { IsUnvalidated, MetricFn } from './metric.ts'
import { type Say, say } from './say.ts'

const noScore = "fit: earlyStopping watches '{monitor}', which is no score of this run"
const unvalidated = "fit: earlyStopping watches '{monitor}', and there is no validation set"

/** Metrics of all samples at once are scored on the validation set alone. */
type OfSamples<Ms> = { readonly [Name in keyof Ms]: Ms[Name] extends MetricFn ? never : Name }[keyof Ms]
type Trained<Ms> = 'loss' | OfSamples<Ms>
type Validated<Ms> = `validation ${'loss' | (keyof Ms & string)}`

/** The message, or null, for the score W of a run with these metrics. `V` is the validation set, unknown where there is none. */
export type MonitorFault<W, Ms, V> =
  W extends Trained<Ms>
    ? null
    : W extends Validated<Ms>
      ? IsUnvalidated<V> extends true
        ? Say<typeof unvalidated, { monitor: W }>
        : null
      : string extends W
        ? null
        : Say<typeof noScore, { monitor: W }>
export const monitorFault = (
  monitor: string,
  {
    ofSamples,
    all,
    isValidated,
  }: { readonly ofSamples: readonly string[]; readonly all: readonly string[]; readonly isValidated: boolean },
): string | null => {
  if (monitor === 'loss' || ofSamples.includes(monitor)) return null
  if (!['loss', ...all].some((name) => monitor === `validation ${name}`)) return say(noScore, { monitor })
  return isValidated ? null : say(unvalidated, { monitor })
}

/** When `fit` stops because it gets no better, and what it ends with then. */
export type EarlyStopping<W = string, Ms = unknown, V = unknown> = {
  /** `'loss'`, a metric's name, or one of these behind `'validation '`; `'validation loss'` unless said. */
  readonly monitor?: MonitorFault<W, Ms, V> extends infer E extends string ? E : W
  /** Epochs in a row that are not better, behind which it stops; with `Infinity` it never does. */
  readonly patience: number
  /** What a score has to be better by; 0 unless said. */
  readonly minDelta?: number
  /** The first epochs, which are not watched; 0 unless said. */
  readonly warmUp?: number
} & Direction<W>
/** Of a loss less is better; of a metric that has to be said. */
type Direction<W> = W extends 'loss' | 'validation loss' ? { readonly mode?: 'min' | 'max' } : { readonly mode: 'min' | 'max' }
