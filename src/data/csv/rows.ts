/** A block of a CSV file as rows of text, by papaparse, and the line and column of each field of it. */
import * as E from 'fp-ts/lib/Either.js'
import papaparse from 'papaparse'
import type { ByteSource } from '../../formats/byte-source.ts'
import { badRow, type CsvError, type CsvFormat, type CsvIndex, decoded, fieldPlaces, unreadable } from './row-index.ts'
import { csvScanner } from './scan.ts'

/** Fields in their order, or by name. */
export type CsvRow = readonly string[] | Readonly<Record<string, string>>

export interface CsvBlock {
  readonly rows: readonly CsvRow[]
  /** Where a field of a row begins. Rows count from 0 in the block; of no known field it is the row's begin. */
  readonly place: (row: number, field: number | null) => { readonly line: number; readonly column: number }
}

/** The rows of one block, as text. */
export const readBlock = async (
  source: ByteSource,
  format: CsvFormat,
  index: CsvIndex,
  block: number,
): Promise<E.Either<CsvError, CsvBlock>> => {
  const got = await source.read(index.starts[block] as number, index.ends[block] as number)()
  if (E.isLeft(got)) return unreadable(got.left)
  const bytes = got.right
  const first = block * index.blockRows
  const count = Math.min(index.blockRows, index.rows - first)
  const line = index.lines[block] as number
  const place = (row: number, field: number | null) => placeOf(bytes, format, line, row, field)
  const text = decoded(bytes)
  if (text === null) {
    const row = recordsOf(bytes, format, line).findIndex(({ start, end }) => decoded(bytes.subarray(start, end)) === null)
    return E.left(badRow({ ...place(Math.max(0, row), null), message: 'the row is not valid UTF-8' }, first + row + 1))
  }
  const fields = parsed(text, format.delimiter, index.newline)
  const changed = fields === null || fields.length !== count || fields.some((row) => row.length !== index.fields)
  if (changed) return unreadable(`it has changed since it was looked through, near line ${line}`)
  return E.right({ rows: index.names === null ? fields : named(fields, index.names), place })
}

/** A mark in front of the text is taken off by papaparse: one that belongs to a field must not be. */
const parsed = (text: string, delimiter: string, newline: '\n' | '\r\n'): readonly (readonly string[])[] | null => {
  const { data, errors } = papaparse.parse<string[]>(`\ufeff${text}`, {
    delimiter,
    newline,
    quoteChar: '"',
    escapeChar: '"',
    header: false,
  })
  return errors.length > 0 ? null : data
}

/** `__proto__` is a name like another. */
const named = (rows: readonly (readonly string[])[], names: readonly string[]): readonly CsvRow[] =>
  rows.map((row) => {
    const record: Record<string, string> = Object.create(null)
    for (const [i, name] of names.entries()) record[name] = row[i] as string
    return record
  })

interface Extent {
  readonly start: number
  readonly end: number
  readonly line: number
}
const recordsOf = (bytes: Uint8Array, format: CsvFormat, line: number): readonly Extent[] => {
  const records: Extent[] = []
  const onRecord = (start: number, end: number, at: number): null => {
    records.push({ start, end, line: at })
    return null
  }
  const rules = { delimiter: format.delimiter.charCodeAt(0), longestRow: format.longestRow }
  const scanner = csvScanner(rules, onRecord, null, { offset: 0, line })
  if (scanner.feed(bytes) === null) scanner.finish()
  return records
}

const placeOf = (bytes: Uint8Array, format: CsvFormat, line: number, row: number, field: number | null) => {
  const record = recordsOf(bytes, format, line)[row]
  if (record === undefined) return { line, column: 1 }
  const start = { line: record.line, column: 1 }
  return field === null ? start : (fieldPlaces(bytes.subarray(record.start, record.end), format, record.line)[field] ?? start)
}
