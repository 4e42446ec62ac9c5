/** One row group as records: the bytes of the wanted columns are checked, then hyparquet takes them apart. */
import * as E from 'fp-ts/lib/Either.js'
import { type ColumnMetaData, type FileMetaData, parquetMetadata, parquetRead, type RowGroup } from 'hyparquet'
import type { ByteSource } from '../../formats/byte-source.ts'
import { oneLine } from '../codec/foreign.ts'
import { type ChunkPlace, damagedFile, type Footer, type ParquetError, unreadableFile } from './footer.ts'
import { type CleanChunk, cleanChunk } from './pages.ts'

export interface OpenParquet {
  readonly source: ByteSource
  readonly footer: Footer
  /** What hyparquet made of the footer. */
  readonly metadata: FileMetaData
  /** The outermost columns that are read. */
  readonly names: readonly string[]
  /** The most bytes that the wanted columns of a row group may take. */
  readonly limit: number
}
export type ParquetRow = Readonly<Record<string, unknown>>

/** Text is UTF-8; JSON and the like are refused before. */
const parsers = {
  stringFromBytes: (bytes: Uint8Array | undefined) =>
    bytes === undefined ? undefined : new TextDecoder('utf-8', { fatal: true }).decode(bytes),
}

/** The footer as hyparquet reads it, from the end of the file. */
export const metadataOf = ({ tail }: Footer): E.Either<ParquetError, FileMetaData> => {
  try {
    return E.right(
      parquetMetadata(tail.slice().buffer, {
        geoparquet: false,
        parsers: { stringFromBytes: (bytes: Uint8Array) => String.fromCharCode(...bytes.subarray(0, 64)) },
      }),
    )
  } catch (cause) {
    return damagedFile(`the footer is damaged: ${oneLine(messageOf(cause))}`)
  }
}
const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** The rows of a row group, with the wanted columns. */
export const readGroup = async (open: OpenParquet, number: number): Promise<E.Either<ParquetError, readonly ParquetRow[]>> => {
  const { footer, names, limit } = open
  const group = footer.groups[number] as Footer['groups'][number]
  const wanted = group.chunks.filter(({ leaf }) => names.includes(leaf.path[0] as string))
  const budget = { left: limit - group.rows * (64 + 16 * names.length) }
  const clean: { readonly place: ChunkPlace; readonly chunk: CleanChunk }[] = []
  for (const place of wanted) {
    const name = `the column ${oneLine(place.leaf.path.join('.'))} of row group ${number}`
    if (place.leaf.refused !== null)
      return E.left({ tag: 'Unsupported', message: `parquet: ${name} is ${place.leaf.refused}, which is not read` })
    budget.left -= place.end - place.start
    const chunk = budget.left < 0 ? E.left('over the limit') : await chunkOf(open, place, group.rows, budget)
    if (E.isLeft(chunk)) {
      if (typeof chunk.left !== 'string') return E.left(chunk.left)
      if (chunk.left === 'over the limit')
        return E.left({ tag: 'TooLarge', limit, message: `parquet: ${name} is over the limit of ${limit} bytes a row group` })
      return damagedFile(`${name}: ${chunk.left}`)
    }
    clean.push({ place, chunk: chunk.right })
  }
  try {
    const rows = await rowsOf(open, group.rows, clean)
    return rows === null ? damagedFile(`row group ${number} gives another number of rows than it says`) : E.right(rows)
  } catch (cause) {
    return damagedFile(`row group ${number}: ${oneLine(messageOf(cause))}`)
  }
}

const chunkOf = async (
  { source }: OpenParquet,
  place: ChunkPlace,
  rows: number,
  budget: { left: number },
): Promise<E.Either<string | ParquetError, CleanChunk>> => {
  const bytes = await source.read(place.start, place.end)()
  return E.isLeft(bytes) ? unreadableFile(bytes.left) : cleanChunk(bytes.right, place, rows, budget)
}

/** hyparquet is given a file that has these columns alone, one behind the other from byte 4 on. */
const rowsOf = async (
  { metadata, names }: OpenParquet,
  count: number,
  clean: readonly { readonly place: ChunkPlace; readonly chunk: CleanChunk }[],
): Promise<readonly ParquetRow[] | null> => {
  const file = new Uint8Array(4 + clean.reduce((sum, { chunk }) => sum + chunk.bytes.length, 0))
  let at = 4
  const columns = clean.map(({ place, chunk }) => {
    file.set(chunk.bytes, at)
    const start = at
    at += chunk.bytes.length
    return { file_offset: 0n, meta_data: columnOf(metadata, place, chunk, start) }
  })
  const group: RowGroup = { columns, num_rows: BigInt(count), total_byte_size: BigInt(file.length) }
  let rows: readonly (readonly unknown[])[] = []
  await parquetRead({
    file: { byteLength: file.length, slice: async (from, to) => file.slice(from, to).buffer },
    metadata: { ...metadata, row_groups: [group], num_rows: BigInt(count) },
    columns: [...names],
    utf8: false,
    parsers,
    onComplete: (found: readonly (readonly unknown[])[]) => {
      rows = found
    },
  })
  return rows.length === count ? rows.map((row) => record(names, row)) : null
}

const columnOf = (metadata: FileMetaData, { leaf, values }: ChunkPlace, { bytes, dataAt }: CleanChunk, start: number): ColumnMetaData => {
  const found = metadata.row_groups[0]?.columns.find(
    ({ meta_data: known }) => known?.path_in_schema.join('\0') === leaf.path.join('\0'),
  )?.meta_data
  if (found === undefined) throw new Error(`there is no column ${leaf.path.join('.')}`)
  const { type, encodings, path_in_schema } = found
  return {
    type,
    encodings,
    path_in_schema,
    codec: 'UNCOMPRESSED',
    num_values: BigInt(values),
    total_uncompressed_size: BigInt(bytes.length),
    total_compressed_size: BigInt(bytes.length),
    data_page_offset: BigInt(start + dataAt),
    ...(dataAt === 0 ? {} : { dictionary_page_offset: BigInt(start) }),
  }
}

/** Names are data. */
const record = (names: readonly string[], row: readonly unknown[]): ParquetRow => {
  const fields: Record<string, unknown> = Object.create(null)
  for (const [i, name] of names.entries()) fields[name] = plain(row[i])
  return fields
}

/** Whole numbers of 64 bits are numbers where those are exact; what is missing is null. */
const plain = (value: unknown): unknown => {
  if (value === undefined) return null
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null || value instanceof Date || ArrayBuffer.isView(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]))
}
