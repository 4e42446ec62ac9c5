/** What is wrong with a record from outside, and where, in one sentence. */
import type * as t from 'io-ts'
import { outerPath, showPath } from '../codec/fault.ts'
import { oneLine, shownValue } from '../codec/foreign.ts'

/** Why records are no data set; `message` says it in one line. Records count from 0. */
export type RecordError = { readonly message: string } & (
  | { readonly tag: 'NoRecords' }
  | { readonly tag: 'BadRecord'; readonly record: number; readonly path: string }
)

/** A fault in one record: where below it, and what. */
export interface RecordFault {
  readonly path: string
  readonly message: string
}

export const badRecord = (record: number, { path, message }: RecordFault): RecordError => ({
  tag: 'BadRecord',
  record,
  path,
  message: `record ${record}: ${sentence({ path, message })}`,
})
export const noRecords: RecordError = { tag: 'NoRecords', message: 'fromRecords: there are no records' }

/** `age: expected a number, got 'x'` */
export const sentence = ({ path, message }: RecordFault): string => (path === '' ? message : `${oneLine(path)}: ${message}`)

/** The first error of io-ts. Of a union it is the union that was expected, not its first member. */
export const faultOf = (errors: t.Errors): RecordFault => {
  const [error] = errors
  if (error === undefined) return { path: '', message: 'it does not fit the codec' }
  const { context, message, value } = error
  const union = context.findIndex(({ type }) => '_tag' in type && type._tag === 'UnionType')
  const upTo = union < 0 ? context : context.slice(0, union + 1)
  const path = showPath(outerPath(upTo))
  const found = union < 0 ? value : context[union]?.actual
  if (message !== undefined && union < 0) return { path, message: withoutPath(message, path) }
  return { path, message: `expected ${named(upTo.at(-1)?.type.name ?? 'another value')}, got ${shownValue(found)}` }
}

/** Codecs of ours begin with their path. */
const withoutPath = (message: string, path: string): string =>
  path !== '' && message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message

const articles: Readonly<Record<string, string>> = {
  number: 'a number',
  string: 'a string',
  boolean: 'a boolean',
  bigint: 'a bigint',
  Int: 'a whole number',
  UnknownRecord: 'an object',
  UnknownArray: 'an array',
}
/** Names of codecs of objects can be as long as their fields. */
const named = (name: string): string => {
  const known = Object.hasOwn(articles, name) ? articles[name] : undefined
  if (known !== undefined) return known
  if (name.startsWith('{') || name.startsWith('Partial<{') || name.startsWith('({')) return 'an object'
  if (name.startsWith('Array<')) return 'an array'
  return name.length > 80 ? `${name.slice(0, 80)}...` : name
}
