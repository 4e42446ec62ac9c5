/** The public names of `shapewright/csv`: data sets out of CSV, whole or a block at a time. It needs the package papaparse. */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type * as t from 'io-ts'
import type { RecordShape } from '../../../types/records.ts'
import { ShapeError } from '../../../types/shape-error.ts'
import { type ByteSource, bytesSource } from '../../formats/byte-source.ts'
import type { DataError } from '../data-source.ts'
import { type Dataset, datasetOf } from '../dataset.ts'
import { type RecordFault, sentence } from '../records/error.ts'
import { type RecordMapping, type RecordRows, recordRows } from '../records/records.ts'
import { type AnyMapping, type Lanes, readOf, typesOf } from '../records/rows.ts'
import { type Read, type StreamedDataset, streamed, unreadable } from '../stream/stream.ts'
import { badRow, type CsvError, type CsvFormat, type CsvIndex, indexCsv } from './row-index.ts'
import { type CsvBlock, readBlock } from './rows.ts'

export type { CsvError } from './row-index.ts'
export type { CsvRow } from './rows.ts'

/** What becomes of a row, and how the file is written. */
export interface CsvOptions<Op extends string, A, X, Y> extends RecordMapping<Op, A, X, Y> {
  /** Whether the first row has the names of the fields: rows are then records of text by name, else lists of text. true unless said. */
  readonly header?: boolean | undefined
  /** The one character between two fields. `','` unless said. */
  readonly delimiter?: string | undefined
  /** The most bytes that the file may have. 1 GiB for what is read whole unless said; none for what is streamed. */
  readonly limit?: number | undefined
  /** The most bytes that one row may have. 1 MiB unless said. */
  readonly longestRow?: number | undefined
}

/**
 * A data set of a CSV file, all of it in memory: text, bytes, or what `fileSource` gives. Quotes, line ends and the number of
 * fields must be right on every line (RFC 4180), text is UTF-8, fields are text: codecs as `numberFromText` read them. What
 * does not fit is told with its line and column.
 *
 * @example
 * const codec = t.type({ age: numberFromText, paid: numberFromText })
 * const read = await readCsv('age,paid\n34,1\n29,x\n', codec, { inputs: (row) => [row.age], targets: (row) => [row.paid] })()
 * E.isLeft(read) && read.left.message // => "csv: line 3, column 4: paid: expected a number, got 'x'"
 */
export const readCsv = <A, const X, const Y>(
  source: string | Uint8Array | ByteSource,
  codec: t.Decoder<unknown, A>,
  options: CsvOptions<'readCsv', A, X, Y>,
): TaskEither<CsvError, Dataset<RecordShape<'readCsv', X>, RecordShape<'readCsv', Y>>> => {
  const open = openCsv('readCsv', source, codec, options, 2 ** 30)
  return async () => {
    const opened = await open()
    if (E.isLeft(opened)) return opened
    const { index, rows } = opened.right
    for (let block = 0; block < index.starts.length; block++) {
      const fault = await fill(opened.right, block, rows)
      if (fault !== null) return E.left(fault)
    }
    return E.right(datasetOf(rows.columns()))
  }
}

/**
 * A data set of a CSV file that is read a block of rows at a time, for files larger than memory. The file is looked through
 * once: its quotes, line ends and numbers of fields, and where every 1024th row begins. Fields are decoded when they are read;
 * a row that does not fit is told by whoever reads it.
 *
 * @example
 * const codec = t.type({ age: numberFromText, paid: numberFromText })
 * const file = bytesSource(new TextEncoder().encode('age,paid\n34,1\n29,0\n'))
 * const rows = await streamCsv(file, codec, { inputs: (row) => [row.age], targets: (row) => [row.paid] })()
 * E.isRight(rows) && rows.right.length // => 2
 */
export const streamCsv = <A, const X, const Y>(
  source: string | Uint8Array | ByteSource,
  codec: t.Decoder<unknown, A>,
  options: CsvOptions<'streamCsv', A, X, Y> & {
    /** Rows that are read together. 1024 unless said. */
    readonly blockRows?: number | undefined
  },
): TaskEither<CsvError, StreamedDataset<RecordShape<'streamCsv', X>, RecordShape<'streamCsv', Y>>> => {
  const open = openCsv('streamCsv', source, codec, options, Number.POSITIVE_INFINITY)
  return async () => {
    const opened = await open()
    if (E.isLeft(opened)) return opened
    const { index, rows } = opened.right
    const fault = await fill(opened.right, 0, rows)
    if (fault !== null) return E.left(fault)
    const lanes = rows.lanes() as Lanes
    const read =
      (from: number, count: number): TaskEither<DataError, Read> =>
      async () => {
        const block = recordRows('streamCsv', codec, options, count, lanes)
        const bad = await fill(opened.right, from / index.blockRows, block)
        return bad === null ? E.right(readOf(block.columns())) : E.left(unreadable(bad.message))
      }
    return E.right(streamed({ ...typesOf(lanes), length: index.rows, blockRows: index.blockRows, read }))
  }
}

interface OpenCsv {
  readonly source: ByteSource
  readonly format: CsvFormat
  readonly index: CsvIndex
  readonly rows: RecordRows
}

type FormatOptions = Pick<CsvOptions<string, never, unknown, unknown>, 'header' | 'delimiter' | 'limit' | 'longestRow'> & {
  readonly blockRows?: number | undefined
}

/** Options that are wrong throw here, before anything is read. */
const openCsv = (
  op: string,
  given: string | Uint8Array | ByteSource,
  codec: t.Decoder<unknown, unknown>,
  options: AnyMapping & FormatOptions,
  most: number,
): TaskEither<CsvError, OpenCsv> => {
  const { header = true, delimiter = ',', longestRow = 2 ** 20, blockRows = 1024, limit = most } = options
  if (!/^[\t\x20-\x7e]$/.test(delimiter) || delimiter === '"')
    throw new ShapeError(`${op}: the delimiter must be one character of ASCII and no quote, got '${delimiter}'`)
  if (!Number.isSafeInteger(blockRows) || blockRows < 1)
    throw new ShapeError(`${op}: blockRows must be a whole number from 1 on, got ${blockRows}`)
  return async () => {
    if (typeof given === 'string' && /\p{Surrogate}/u.test(given))
      return E.left({ tag: 'NotText', message: 'csv: the text has half of a surrogate pair, which is no character' })
    const bytes = typeof given === 'string' ? new TextEncoder().encode(given) : given
    const source = bytes instanceof Uint8Array ? bytesSource(bytes) : bytes
    const format = { header, delimiter, limit, longestRow }
    const index = await indexCsv(source, format, blockRows)
    if (E.isLeft(index)) return index
    return E.right({ source, format, index: index.right, rows: recordRows(op, codec, options, Math.min(index.right.rows, blockRows)) })
  }
}

/** Adds the rows of a block, or says which of them is wrong. */
const fill = async ({ source, format, index }: OpenCsv, number: number, into: RecordRows): Promise<CsvError | null> => {
  const block = await readBlock(source, format, index, number)
  if (E.isLeft(block)) return block.left
  const { rows } = block.right
  for (let i = 0; i < rows.length; i++) {
    const fault = into.add(rows[i])
    if (fault !== null) return cellFault(block.right, index, i, number * index.blockRows + i + 1, fault)
  }
  return null
}

const cellFault = (block: CsvBlock, { names }: CsvIndex, i: number, row: number, fault: RecordFault): CsvError =>
  badRow({ ...block.place(i, fieldOf(names, fault.path)), message: sentence(fault) }, row)

/** The field that a path begins with; the longest name where one begins with another. */
const fieldOf = (names: readonly string[] | null, path: string): number | null => {
  if (names === null) {
    const list = /^\[(\d+)\]/.exec(path)
    return list === null ? null : Number(list[1])
  }
  const fits = names
    .map((name, i) => ({ name, i }))
    .filter(({ name }) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`))
  return fits.sort((a, b) => b.name.length - a.name.length)[0]?.i ?? null
}
