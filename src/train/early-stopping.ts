/** Watching for the best epoch: which it is, what it ended with, and when there was none for long. */
import { monitorFault } from '../../types/early-stopping.ts'
import { type Check, wholeNumber } from './check.ts'
import { isOverAll } from './metrics/metric.ts'
import type { RecordedMetrics } from './objective.ts'
import type { EpochScores, Scores } from './progress.ts'
import type { UntypedBest, UntypedTrained } from './training.ts'

/** `earlyStopping` of `fit`, without types. */
export interface EarlyStoppingOptions {
  readonly monitor?: string
  readonly patience: number
  readonly minDelta?: number
  readonly warmUp?: number
  readonly mode?: 'min' | 'max'
}
/** It is written over. */
export interface Watch {
  /** The score that is watched, as an epoch has it. */
  readonly scoreOf: (scores: EpochScores) => number
  readonly isBetter: (value: number) => boolean
  best: UntypedBest | null
  /** Watched epochs since the best one. */
  stale: number
}

export const monitorOf = ({ monitor = 'validation loss' }: EarlyStoppingOptions): string => monitor

/** Where an earlier run of the same options left off: all follows from its history and its best epoch. */
export const watchOf = (options: EarlyStoppingOptions, from: UntypedTrained | undefined): Watch => {
  const { minDelta = 0, warmUp = 0, mode = 'min' } = options
  const scoreOf = scoreNamed(monitorOf(options))
  const behind = from?.epoch ?? 0
  const scores = new Map(from?.history.map((epoch) => [epoch.epoch, scoreOf(epoch)]))
  const best = from?.best ?? null
  // what another score was best by is no best here
  const isOurs = best !== null && best.epoch <= behind && Object.is(scores.get(best.epoch), best.value)
  const unwatched = [...scores].reduce(
    (last, [epoch, score]) => (epoch <= behind && !Number.isNaN(score) ? Math.max(last, epoch) : last),
    0,
  )
  const watch: Watch = {
    scoreOf,
    isBetter: (value) => {
      if (watch.best === null) return !Number.isNaN(value)
      return mode === 'min' ? value < watch.best.value - minDelta : value > watch.best.value + minDelta
    },
    best: isOurs ? best : null,
    stale: Math.max(0, behind - Math.max(warmUp, isOurs ? best.epoch : unwatched)),
  }
  return watch
}

/** Looks at an epoch; `keep` gives what it ended with, for which it is asked where it is the best. */
export const observe = (
  watch: Watch,
  { warmUp = 0 }: EarlyStoppingOptions,
  scores: EpochScores,
  keep: () => Pick<UntypedBest, 'params' | 'optimizer'>,
): void => {
  if (scores.epoch <= warmUp) return
  const value = watch.scoreOf(scores)
  if (watch.isBetter(value)) {
    const { params, optimizer } = keep()
    watch.best = Object.freeze({ epoch: scores.epoch, value, params, optimizer })
    watch.stale = 0
  } else watch.stale += 1
}

/** What a run ends with: the best epoch where there is one, and the scores of all. */
export const restored = (trained: UntypedTrained, best: UntypedBest | null): UntypedTrained => {
  if (best === null) return trained
  const { params, optimizer, epoch } = best
  return Object.freeze({ ...trained, params, optimizer, epoch, underway: null, best })
}

/** Why there is no watching for the best epoch, or null. */
export const earlyStoppingFault = (options: EarlyStoppingOptions, metrics: RecordedMetrics, isValidated: boolean): Check => {
  const { patience, minDelta = 0, warmUp = 0, mode } = options
  const monitor = monitorOf(options)
  const all = Object.keys(metrics)
  const ofSamples = all.filter((name) => !isOverAll(metrics[name] as RecordedMetrics[string]))
  const isLoss = monitor === 'loss' || monitor === 'validation loss'
  return (
    monitorFault(monitor, { ofSamples, all, isValidated }) ??
    (mode === 'min' || mode === 'max' || (mode === undefined && isLoss)
      ? null
      : `fit: earlyStopping watches '${monitor}', so mode must be 'min' or 'max', got ${String(mode)}`) ??
    (patience === Number.POSITIVE_INFINITY ? null : wholeNumber('fit', 'patience of earlyStopping', patience, 1)) ??
    (minDelta >= 0 ? null : `fit: minDelta of earlyStopping must be a number from 0 on, got ${String(minDelta)}`) ??
    wholeNumber('fit', 'warmUp of earlyStopping', warmUp, 0)
  )
}

const scoreNamed = (monitor: string): ((scores: EpochScores) => number) => {
  const named = (scores: Scores | null, name: string): number => (name === 'loss' ? scores?.loss : scores?.metrics[name]) ?? Number.NaN
  const name = /^validation (.*)$/s.exec(monitor)?.[1]
  return (scores) =>
    name === undefined || Object.hasOwn(scores.metrics, monitor) ? named(scores, monitor) : named(scores.validation, name)
}
