/** One pass over a CSV file: its header, where every so many rows begin, and that all rows are as long as the first. */
import * as E from 'fp-ts/lib/Either.js'
import type { ByteSource } from '../../formats/byte-source.ts'
import { shownValue } from '../codec/foreign.ts'
import { type CsvFault, csvScanner } from './scan.ts'

/** Why a CSV file is no data set; `message` says it in one line. Lines, columns and rows count from 1, columns in characters. */
export type CsvError = { readonly message: string } & (
  | { readonly tag: 'Unreadable' }
  | { readonly tag: 'NotText' }
  | { readonly tag: 'TooLarge'; readonly limit: number }
  | { readonly tag: 'NoRows' }
  | { readonly tag: 'BadHeader'; readonly line: number; readonly column: number }
  | { readonly tag: 'BadRow'; readonly line: number; readonly column: number; readonly row: number | null }
)

export interface CsvFormat {
  readonly header: boolean
  readonly delimiter: string
  /** Bytes of the whole file, and of one row. */
  readonly limit: number
  readonly longestRow: number
}

export interface CsvIndex {
  /** How many rows of data, without the header. */
  readonly rows: number
  /** Names of the fields; null without a header. */
  readonly names: readonly string[] | null
  readonly fields: number
  readonly newline: '\n' | '\r\n'
  /** Rows of a block, and for each block the bytes of its first row's begin and of its last row's end, and its first line. */
  readonly blockRows: number
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  readonly lines: readonly number[]
}

export const badRow = (fault: CsvFault, row: number | null): CsvError => ({
  tag: 'BadRow',
  line: fault.line,
  column: fault.column,
  row,
  message: `csv: line ${fault.line}, column ${fault.column}: ${fault.message}`,
})
const piece = 2 ** 20

export const indexCsv = async (source: ByteSource, format: CsvFormat, blockRows: number): Promise<E.Either<CsvError, CsvIndex>> => {
  const { byteLength } = source
  if (byteLength > format.limit)
    return E.left({ tag: 'TooLarge', limit: format.limit, message: `csv: ${byteLength} bytes are over the limit of ${format.limit}` })
  const start = await source.read(0, Math.min(byteLength, 4))()
  if (E.isLeft(start)) return unreadable(start.left)
  const mark = byteOrderMark(start.right)
  if (typeof mark === 'string') return E.left({ tag: 'NotText', message: `csv: ${mark}` })

  const found = counting(format.header, blockRows)
  const scanner = csvScanner({ delimiter: format.delimiter.charCodeAt(0), longestRow: format.longestRow }, found.onRecord, null, {
    offset: mark,
    line: 1,
  })
  for (let from = mark; from < byteLength; from += piece) {
    const bytes = await source.read(from, Math.min(byteLength, from + piece))()
    if (E.isLeft(bytes)) return unreadable(bytes.left)
    const fault = scanner.feed(bytes.right)
    if (fault !== null) return E.left(badRow(fault, null))
  }
  const fault = scanner.finish()
  if (fault !== null) return E.left(badRow(fault, null))
  const { header, rows, fields, starts, ends, lines } = found.result()
  const names = header === null ? null : await namesOf(source, format, header)
  if (names !== null && E.isLeft(names)) return names
  if (rows === 0) return E.left({ tag: 'NoRows', message: 'csv: there are no rows of data' })
  return E.right({
    rows,
    names: names === null ? null : names.right,
    fields,
    newline: scanner.newline() ?? '\n',
    blockRows,
    starts,
    ends,
    lines,
  })
}

export const unreadable = (why: string): E.Either<CsvError, never> =>
  E.left({ tag: 'Unreadable', message: `csv: it cannot be read: ${why}` })

/** How many bytes a mark in front takes, or what the file is instead of UTF-8. */
const byteOrderMark = (bytes: Uint8Array): number | string => {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return 3
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return 'the file is UTF-16, expected UTF-8'
  if (a === 0x1f && b === 0x8b) return 'the file is gzip, expected text'
  return a === 0x50 && b === 0x4b && c === 0x03 ? 'the file is a zip archive, expected text' : 0
}

/** What the scanner finds, row by row. */
const counting = (hasHeader: boolean, blockRows: number) => {
  const [starts, ends, lines]: [number[], number[], number[]] = [[], [], []]
  let header: readonly [number, number] | null = null
  let [rows, expected, first] = [0, 0, 1]
  const onRecord = (start: number, end: number, line: number, fields: number): CsvFault | null => {
    if (expected === 0) [expected, first] = [fields, line]
    if (fields !== expected) return { line, column: 1, message: `expected ${expected} fields as in line ${first}, got ${fields}` }
    if (hasHeader && header === null) {
      header = [start, end]
      return null
    }
    if (rows % blockRows === 0) {
      starts.push(start)
      lines.push(line)
    }
    ends[starts.length - 1] = end
    rows++
    return null
  }
  return { onRecord, result: () => ({ header, rows, fields: expected, starts, ends, lines }) }
}

/** The header stands on line 1. */
const namesOf = async (
  source: ByteSource,
  format: CsvFormat,
  [start, end]: readonly [number, number],
): Promise<E.Either<CsvError, readonly string[]>> => {
  const bytes = await source.read(start, end)()
  if (E.isLeft(bytes)) return unreadable(bytes.left)
  const text = decoded(bytes.right)
  if (text === null) return badHeader(1, 'the header is not valid UTF-8')
  const names = fieldsOfRecord(text, format.delimiter)
  const places = fieldPlaces(bytes.right, format, 1)
  const at = (i: number): number => places[i]?.column ?? 1
  const blank = names.findIndex((name) => name.trim() === '')
  if (blank >= 0) return badHeader(at(blank), `column ${blank + 1} has no name`)
  const twice = names.findIndex((name, i) => names.indexOf(name) !== i)
  if (twice >= 0) return badHeader(at(twice), `the name ${shownValue(names[twice])} stands twice in the header`)
  return E.right(names)
}
const badHeader = (column: number, message: string): E.Either<CsvError, never> =>
  E.left({ tag: 'BadHeader', line: 1, column, message: `csv: line 1, column ${column}: ${message}` })

/** Null where the bytes are not valid. */
export const decoded = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Of one record whose quotes are known to be right. */
const fieldsOfRecord = (text: string, delimiter: string): readonly string[] => {
  const fields: string[] = []
  let field = ''
  let inside = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i)
    if (char === '"' && inside && text.charAt(i + 1) === '"') field += text.charAt(++i)
    else if (char === '"') inside = !inside
    else if (char === delimiter && !inside) {
      fields.push(field)
      field = ''
    } else field += char
  }
  return [...fields, field]
}

/** Where each field of one record begins. */
export const fieldPlaces = (
  bytes: Uint8Array,
  format: CsvFormat,
  line: number,
): readonly { readonly line: number; readonly column: number }[] => {
  const places: { readonly line: number; readonly column: number }[] = []
  csvScanner(
    { delimiter: format.delimiter.charCodeAt(0), longestRow: format.longestRow },
    () => null,
    (fieldLine, column) => places.push({ line: fieldLine, column }),
    { offset: 0, line },
  ).feed(bytes)
  return places
}
