/** What a search has found so far, as plain data: JSON keeps it, and a search goes on from it. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { shownValue } from '../../data/codec/foreign.ts'
import type { Words } from '../../graph/threefry.ts'
import type { Configuration, Space } from './space.ts'

/** Which configurations are tried, and with which budgets. */
export type Strategy =
  /** Drawn at random. */
  | { readonly kind: 'random'; readonly budget?: number }
  /** All configurations of so many levels for each number: the ends, and evenly between them. */
  | { readonly kind: 'grid'; readonly points: number; readonly budget?: number }
  /** Drawn at random, all with the first budget; of those the best share with the next, and so on. */
  | { readonly kind: 'halving'; readonly budgets: readonly number[]; readonly keep?: number }
export type Direction = 'minimize' | 'maximize'

/** What an objective gave with a budget, or why it gave nothing. */
export type TrialRun = { readonly budget: number; readonly value: number } | { readonly budget: number; readonly error: string }
/** A configuration that was tried. */
export interface Trial<C> {
  /** Its number, from 0. */
  readonly trial: number
  readonly config: C
  /** The smallest budget first. */
  readonly runs: readonly TrialRun[]
}
/** Plain data: `JSON.stringify` keeps all of it. */
export interface Searched<C> {
  /** The words of the key that the configurations were drawn with. */
  readonly key: readonly [number, number]
  readonly direction: Direction
  readonly strategy: Strategy
  /** The best first: those with the largest budget, and of these by value; what gave no value comes last. */
  readonly trials: readonly Trial<C>[]
  /** The first of the trials, where it has a value. */
  readonly best: { readonly trial: number; readonly config: C; readonly budget: number; readonly value: number } | null
}
export type Found = Searched<Configuration>

/** The value with the largest budget, or null. */
export const scoreOf = ({ runs }: Trial<unknown>): { readonly budget: number; readonly value: number } | null =>
  runs.findLast((run): run is Extract<TrialRun, { readonly value: number }> => 'value' in run) ?? null

/** Whether the first is better. */
export type Better = (a: number, b: number) => boolean
export const betterBy: { readonly [D in Direction]: Better } = { minimize: (a, b) => a < b, maximize: (a, b) => a > b }

/** The best first; of equals the one that was tried first. */
export const ranked = <C>(trials: readonly Trial<C>[], direction: Direction): readonly Trial<C>[] =>
  [...trials].sort((a, b) => {
    const [x, y] = [scoreOf(a), scoreOf(b)]
    if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0) || a.trial - b.trial
    if (x.budget !== y.budget) return y.budget - x.budget
    return x.value === y.value ? a.trial - b.trial : betterBy[direction](x.value, y.value) ? -1 : 1
  })

export const searchedOf = (key: Words, direction: Direction, strategy: Strategy, trials: readonly Trial<Configuration>[]): Found => {
  const all = ranked(trials, direction)
  const [first] = all
  const score = first === undefined ? null : scoreOf(first)
  const best = first === undefined || score === null ? null : { trial: first.trial, config: first.config, ...score }
  return Object.freeze({ key: [...key] as const, direction, strategy, trials: Object.freeze(all), best })
}

const run = t.union([t.strict({ budget: t.number, value: t.number }), t.strict({ budget: t.number, error: t.string })])
const saved = (space: Space) =>
  t.type({
    key: t.tuple([t.number, t.number]),
    direction: t.string,
    strategy: t.UnknownRecord,
    trials: t.array(t.type({ trial: t.number, config: space.codec, runs: t.array(run) })),
  })

/** What an earlier search was asked for. */
export interface Asked {
  readonly key: Words
  readonly direction: Direction
  readonly strategy: Strategy
  readonly space: Space
  readonly budgets: readonly number[]
  /** The configuration with this number; null where there is none. */
  readonly configOf: (trial: number) => Configuration | null
}

/** The trials of an earlier search by number, or why it was another one. */
export const trialsFrom = (from: unknown, asked: Asked): E.Either<string, ReadonlyMap<number, Trial<Configuration>>> => {
  const read = saved(asked.space).decode(from)
  if (E.isLeft(read)) return E.left(`search: 'from' is not what a search ended with: ${firstOf(read.left)}`)
  const { key, direction, strategy, trials } = read.right
  const other = [
    key[0] === asked.key[0] && key[1] === asked.key[1] ? null : 'key',
    direction === asked.direction ? null : 'direction',
    difference(strategy, asked.strategy) === null ? null : 'strategy',
  ].find((what) => what !== null)
  if (other !== undefined) return E.left(`search: 'from' has another ${other}`)
  const known = new Map<number, Trial<Configuration>>()
  for (const { trial, config, runs } of trials) {
    const expected = Number.isSafeInteger(trial) && trial >= 0 ? asked.configOf(trial) : null
    if (expected === null || known.has(trial)) return E.left(`search: 'from' has trial ${trial}, which is none of this search, or twice`)
    const other = difference(config, expected)
    if (other !== null) return E.left(`search: 'from' has a trial ${trial} of another key or space: its ${other} is another`)
    if (runs.length === 0 || runs.some(({ budget }, i) => budget !== asked.budgets[i]))
      return E.left(`search: 'from' has a trial ${trial} with other budgets`)
    known.set(trial, { trial, config: expected, runs })
  }
  return E.right(known)
}

/** The first fault as a sentence. What is read may be nested however deeply: only plain values are shown. */
export const firstOf = ([error]: t.Errors): string => {
  if (error === undefined) return 'it can not be read'
  const path = error.context.slice(1).map(({ key }) => key)
  return error.message ?? `${path.length === 0 ? 'it' : path.join('.')} is ${shownValue(error.value)}`
}

/** Where two trees of plain values are not the same, whatever the order of keys; null where they are. */
export const difference = (given: unknown, expected: unknown, path = ''): string | null => {
  if (typeof expected !== 'object' || expected === null) return given === expected ? null : path
  if (typeof given !== 'object' || given === null) return path
  const [left, right] = [new Map(Object.entries(given)), new Map(Object.entries(expected))]
  const place = (key: string) => (path === '' ? key : `${path}.${key}`)
  for (const key of left.keys()) if (!right.has(key)) return place(key)
  for (const [key, value] of right) {
    const found = difference(left.get(key), value, place(key))
    if (found !== null) return found
  }
  return null
}
