/** A search over hyperparameters: configurations out of a space, tried one after the other. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type * as t from 'io-ts'
import type { Key } from '../../../types/key.ts'
import type { SpaceGiven } from '../../../types/search.ts'
import { ShapeError } from '../../../types/shape-error.ts'
import { wordsOf } from '../../data/shuffle.ts'
import { shown } from '../../tensor/argument.ts'
import { compute } from '../../tensor/compute.ts'
import { bitsOf, foldIn } from '../../tensor/random.ts'
import { typed } from '../../tensor/typed.ts'
import { wholeNumber } from '../check.ts'
import { checkOptions } from '../run.ts'
import {
  type Asked,
  betterBy,
  type Direction,
  type Found,
  type Searched,
  type Strategy,
  searchedOf,
  type Trial,
  type TrialRun,
  trialsFrom,
} from './searched.ts'
import { type Configuration, spaceOf } from './space.ts'

/** Why a search has ended early; `message` says it in one line. `last` is what it has found, to go on from. */
export type SearchError<C, E> =
  | { readonly tag: 'Invalid'; readonly message: string }
  | { readonly tag: 'Aborted'; readonly message: string; readonly last: Searched<C> }
  | { readonly tag: 'Failed'; readonly message: string; readonly trial: number; readonly error: E; readonly last: Searched<C> }

export interface SearchOptions<C, E> {
  /** How many configurations are tried. A grid must have no more. */
  readonly trials: number
  readonly key: Key
  /** What a configuration is worth. Its key is of the trial alone: with a larger budget a trial is given the same again. */
  readonly objective: (config: C, key: Key, budget: number) => TE.TaskEither<E, number>
  /** A loss is minimized, an accuracy maximized. */
  readonly direction: Direction
  /** `{ kind: 'random' }` unless said. Budgets are numbers that the objective understands, such as epochs; 1 unless said. */
  readonly strategy?: Strategy
  /** What an earlier search with the same options has found, as it was or read from JSON: its trials are not run again. */
  readonly from?: unknown
  /** Stops the search before the next trial. Give it to `fit` too, and what a trial then gives is forgotten. */
  readonly signal?: AbortSignal
  /** Hears after each trial what has been found, and may save it: the search waits for it. */
  readonly onTrial?: (found: Searched<C>) => void | Promise<void>
  /** Whether a trial's error ends the search; else it is written down, and the search goes on. */
  readonly stopOnError?: boolean
}

export interface Search {
  <S, E>(
    space: SpaceGiven<S>,
    options: SearchOptions<NoInfer<ConfigurationOf<S>>, E>,
  ): TE.TaskEither<SearchError<ConfigurationOf<S>, E>, Searched<ConfigurationOf<S>>>
}
/** What a space is a space of. */
export type ConfigurationOf<S> = S extends t.Type<infer A, infer _O, infer _I> ? A : never

/**
 * Tries configurations out of a space, one after the other, and ranks them. The space is a codec of io-ts: a `t.type` of
 * `uniformIn`, `logUniform`, `wholeIn`, `oneOfValues`, of literals and of other records. Configuration i depends on the key and on i
 * alone. Successive halving gives the first budget to all, the next to the best `keep` of them (a third unless said), and so on
 * (Jamieson and Talwalkar 2016). What it ends with is plain data: saved as JSON and given back as `from` it goes on exactly there.
 *
 * @example
 * const space = t.type({ x: uniformIn(-1, 1), power: oneOfValues([1, 2]) })
 * const objective = ({ x, power }: t.TypeOf<typeof space>) => async () => E.right(Math.abs(x) ** power)
 * const found = await search(space, { trials: 20, key: key(0), objective, direction: 'minimize' })()
 * E.isRight(found) && found.right.best?.config.power // => 2
 */
export const search: Search = typed<Search>((codec: unknown, options: UntypedOptions) => {
  checkOptions('search', options, known)
  const space = spaceOf(codec)
  const key = wordsOf(foldIn(checkedKey(options), 'configurations'))
  const { strategy = { kind: 'random' }, direction, from } = options
  const fault = faultIn(options, strategy)
  if (fault !== null) return async () => E.left({ tag: 'Invalid', message: fault })
  const budgets = strategy.kind === 'halving' ? strategy.budgets : [strategy.budget ?? 1]
  const grid = strategy.kind === 'grid' ? space.grid(strategy.points) : null
  const count = Math.min(options.trials, grid?.length ?? options.trials)
  const configOf = (trial: number) => (grid === null ? space.drawn(key, trial) : trial < grid.length ? grid.at(trial) : null)
  const asked: Asked = { key, direction, strategy, space, budgets, configOf }
  if (grid !== null && grid.length > options.trials)
    return async () =>
      E.left({ tag: 'Invalid', message: `search: the grid has ${grid.length} configurations, trials is ${options.trials}` })
  const before = from === undefined ? E.right(new Map()) : trialsFrom(from, asked)
  if (E.isLeft(before)) return async () => E.left({ tag: 'Invalid', message: before.left })
  return () => searching(options, asked, count, new Map(before.right))
})

interface UntypedOptions extends SearchOptions<Configuration, unknown> {}
const known: readonly (keyof UntypedOptions)[] = [
  'trials',
  'key',
  'objective',
  'direction',
  'strategy',
  'from',
  'signal',
  'onTrial',
  'stopOnError',
]

const checkedKey = ({ key, objective, direction }: UntypedOptions): Key => {
  bitsOf('search', key)
  if (typeof objective !== 'function') throw new ShapeError(`search: expected a function as the objective, got ${shown(objective)}`)
  if (!Object.hasOwn(betterBy, direction))
    throw new ShapeError(`search: the direction is 'minimize' or 'maximize', got ${shown(direction)}`)
  return key
}

const isBudget = (budget: unknown): boolean => Number.isFinite(budget) && (budget as number) > 0
const faultIn = ({ trials }: UntypedOptions, strategy: Strategy): string | null => {
  const fault = wholeNumber('search', 'trials', trials, 1)
  if (fault !== null) return fault
  if (strategy.kind === 'halving') {
    const { budgets, keep = 1 / 3 } = strategy
    const grow = Array.isArray(budgets) && budgets.length > 0 && budgets.every((b, i) => isBudget(b) && (i === 0 || b > budgets[i - 1]))
    if (!grow) return 'search: budgets must be positive numbers, each above the one before'
    return keep > 0 && keep < 1 ? null : `search: keep must be between 0 and 1, got ${String(keep)}`
  }
  if (strategy.kind !== 'random' && strategy.kind !== 'grid') return "search: the strategy's kind is 'random', 'grid' or 'halving'"
  if (!isBudget(strategy.budget ?? 1)) return `search: the budget must be a positive number, got ${String(strategy.budget)}`
  return strategy.kind === 'grid' ? wholeNumber('search', 'points', strategy.points, 1) : null
}

type Trials = Map<number, Trial<Configuration>>
type Ended = E.Either<SearchError<Configuration, unknown>, Found>

/** All trials with the first budget, the best of them with the next. What `trials` has is not run again. */
const searching = async (options: UntypedOptions, asked: Asked, count: number, trials: Trials): Promise<Ended> => {
  const { key, direction, strategy, budgets } = asked
  const found = () => searchedOf(key, direction, strategy, [...trials.values()])
  const { signal, onTrial } = options
  let alive = Array.from({ length: count }, (_, trial) => trial)
  for (const [rung, budget] of budgets.entries()) {
    for (const trial of alive) {
      if ((trials.get(trial)?.runs.length ?? 0) > rung) continue
      const failure = signal?.aborted ? 'aborted' : await tried(options, asked, trials, trial, budget)
      if (failure === 'aborted') return E.left({ tag: 'Aborted', message: `search: aborted at trial ${trial}`, last: found() })
      await onTrial?.(found())
      if (failure === null || options.stopOnError !== true) continue
      const message = `search: trial ${trial} failed: ${errorText(failure.error)}`
      return E.left({ tag: 'Failed', message, trial, error: failure.error, last: found() })
    }
    alive = survivors(alive, trials, asked, budget)
  }
  return E.right(found())
}

/** The best of those that gave a value with this budget. */
const survivors = (alive: readonly number[], trials: Trials, { direction, strategy }: Asked, budget: number): number[] => {
  const { keep = 1 / 3 } = strategy.kind === 'halving' ? strategy : {}
  const scores = alive.flatMap((trial) => {
    const run = trials.get(trial)?.runs.find((each) => each.budget === budget)
    return run !== undefined && 'value' in run ? [{ trial, value: run.value }] : []
  })
  scores.sort((a, b) => (a.value === b.value ? a.trial - b.trial : betterBy[direction](a.value, b.value) ? -1 : 1))
  return scores.slice(0, Math.max(1, Math.floor(alive.length * keep))).map(({ trial }) => trial)
}

/** Runs a trial and writes it down; its error, or null. What an abort has broken off is not written down. */
const tried = async (
  { objective, key, signal }: UntypedOptions,
  { configOf }: Asked,
  trials: Trials,
  trial: number,
  budget: number,
): Promise<'aborted' | { readonly error: unknown } | null> => {
  const before = trials.get(trial)
  const config = before?.config ?? configOf(trial)
  if (config === null) return null
  const given = await objective(config, compute(foldIn(foldIn(key, 'trial'), trial)), budget)()
  if (E.isLeft(given) && signal?.aborted) return 'aborted'
  const error = E.isLeft(given) ? given.left : Number.isFinite(given.right) ? null : `the objective gave ${String(given.right)}`
  // JSON drops the sign of 0
  const run: TrialRun = E.isRight(given) && error === null ? { budget, value: given.right + 0 } : { budget, error: errorText(error) }
  trials.set(trial, { trial, config, runs: [...(before?.runs ?? []), run] })
  return error === null ? null : { error }
}

const errorText = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
