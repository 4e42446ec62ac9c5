/** Options of optimizers and schedules, checked: what is wrong with each, as a sentence. */

import { unknownMessage } from '../../types/options.ts'

/** Sentences; null where nothing is wrong. */
export const faultsOf = (...checks: readonly (string | readonly string[] | null)[]): readonly string[] =>
  checks.flatMap((check) => check ?? [])

/** What is misspelt would be forgotten. */
export const nothingElse = (kind: string, others: object): string | null => unknownMessage(kind, others, [])

const must = (holds: boolean, kind: string, name: string, what: string, value: unknown): string | null =>
  holds ? null : `${kind}: ${name} must be ${what}, got ${shown(value)}`
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

export const positive = (kind: string, name: string, value: unknown): string | null =>
  must(isNumber(value) && value > 0, kind, name, 'a positive number', value)
export const notNegative = (kind: string, name: string, value: unknown): string | null =>
  must(isNumber(value) && value >= 0, kind, name, 'a number from 0 on', value)
/** A share that is kept of a running mean. */
export const share = (kind: string, name: string, value: unknown): string | null =>
  must(isNumber(value) && value >= 0 && value < 1, kind, name, 'at least 0 and below 1', value)
/** Which parameters decay. */
export const rule = (kind: string, decays: unknown): string | null =>
  must(decays === undefined || typeof decays === 'function', kind, 'decays', 'a function of a parameter', decays)
export const steps = (kind: string, name: string, value: unknown): string | null =>
  must(Number.isSafeInteger(value) && (value as number) > 0, kind, name, 'a positive whole number', value)

const shown = (value: unknown): string => (Array.isArray(value) ? `[${value.join(', ')}]` : String(value))
