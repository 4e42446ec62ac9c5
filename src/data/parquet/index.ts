/** The public names of `shapewright/parquet`: data sets out of Parquet files. It needs the packages hyparquet and hyparquet-compressors. */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type * as t from 'io-ts'
import type { RecordShape } from '../../../types/records.ts'
import { type ByteSource, bytesSource } from '../../formats/byte-source.ts'
import { oneLine } from '../codec/foreign.ts'
import { columnType } from '../column.ts'
import type { DataError, Rows } from '../data-source.ts'
import { type Dataset, datasetOf } from '../dataset.ts'
import { sentence } from '../records/error.ts'
import { type RecordMapping, type RecordRows, recordRows } from '../records/records.ts'
import { type AnyMapping, type Lanes, typesOf } from '../records/rows.ts'
import type { Blocks } from '../stream/blocks.ts'
import { type StreamedDataset, streamOf, unreadable } from '../stream/stream.ts'
import { type ParquetError, readFooter } from './footer.ts'
import { metadataOf, type OpenParquet, readGroup } from './group.ts'

export type { ParquetError } from './footer.ts'

/** What becomes of a row, and which columns are read. */
export interface ParquetOptions<Op extends string, A, X, Y> extends RecordMapping<Op, A, X, Y> {
  /** Names of the outermost columns that are read. Those of the codec's fields, where it tells them, else all, unless said. */
  readonly columns?: readonly string[] | undefined
  /** The most bytes that the columns of one row group may take in memory. 1 GiB unless said. */
  readonly limit?: number | undefined
}

/**
 * A data set of a Parquet file, all of it in memory. Only the wanted columns are read. Numbers, texts and truths are what
 * they are, lists are arrays, structures objects, bytes a `Uint8Array`; whole numbers of 64 bits are numbers where these are
 * exact, what is missing is null. The codec sees one row at a time. Sizes that a file claims are checked before anything of
 * them is taken.
 *
 * @example
 * const read = await readParquet(new Uint8Array(100), t.type({ age: t.number }), { inputs: (row) => [row.age], targets: (row) => [row.age] })()
 * E.isLeft(read) && read.left.message // => 'parquet: the file does not end in PAR1'
 */
export const readParquet =
  <A, const X, const Y>(
    source: Uint8Array | ByteSource,
    codec: t.Decoder<unknown, A>,
    options: ParquetOptions<'readParquet', A, X, Y>,
  ): TaskEither<ParquetError, Dataset<RecordShape<'readParquet', X>, RecordShape<'readParquet', Y>>> =>
  async () => {
    const opened = await openParquet(source, codec, options)
    if (E.isLeft(opened)) return opened
    const { groups } = opened.right.footer
    const rows = recordRows('readParquet', codec, options, Math.min(opened.right.footer.rows, 2 ** 16))
    for (let group = 0; group < groups.length; group++) {
      const fault = await fill(opened.right, group, rows)
      if (fault !== null) return E.left(fault)
    }
    return E.right(datasetOf(rows.columns()))
  }

/**
 * A data set of a Parquet file that is read a row group at a time, for files larger than memory. The footer and the first row
 * group are looked at now; a row that does not fit is told by whoever reads it.
 *
 * @example
 * const rows = await streamParquet(new Uint8Array(100), t.type({ age: t.number }), { inputs: (row) => [row.age], targets: (row) => [row.age] })()
 * E.isLeft(rows) && rows.left.tag // => 'NotParquet'
 */
export const streamParquet =
  <A, const X, const Y>(
    source: Uint8Array | ByteSource,
    codec: t.Decoder<unknown, A>,
    options: ParquetOptions<'streamParquet', A, X, Y>,
  ): TaskEither<ParquetError, StreamedDataset<RecordShape<'streamParquet', X>, RecordShape<'streamParquet', Y>>> =>
  async () => {
    const opened = await openParquet(source, codec, options)
    if (E.isLeft(opened)) return opened
    const { groups } = opened.right.footer
    const first = recordRows('streamParquet', codec, options, groups[0]?.rows ?? 1)
    const fault = await fill(opened.right, 0, first)
    if (fault !== null) return E.left(fault)
    const lanes = first.lanes() as Lanes
    const read =
      (group: number): TaskEither<DataError, Rows> =>
      async () => {
        const rows = recordRows('streamParquet', codec, options, groups[group]?.rows ?? 1, lanes)
        const bad = await fill(opened.right, group, rows)
        return bad === null ? E.right(rows.columns()) : E.left(unreadable(bad.message))
      }
    return E.right(streamOf({ ...blocksOf(lanes, groups), read }, { window: null, prefetch: null }))
  }

/** Row groups have as many rows as they like. */
const blocksOf = (lanes: Lanes, groups: readonly { readonly rows: number }[]): Omit<Blocks, 'read'> => {
  const starts = new Float64Array(groups.length + 1)
  for (const [i, { rows }] of groups.entries()) starts[i + 1] = (starts[i] as number) + rows
  const { inputs, targets, weights } = typesOf(lanes)
  return { inputs, targets, weights: weights ? columnType([], {}, 'f32') : null, starts }
}

const openParquet = async (
  given: Uint8Array | ByteSource,
  codec: t.Decoder<unknown, unknown>,
  options: AnyMapping & { readonly columns?: readonly string[] | undefined; readonly limit?: number | undefined },
): Promise<E.Either<ParquetError, OpenParquet>> => {
  const source = given instanceof Uint8Array ? bytesSource(given) : given
  const footer = await readFooter(source)
  if (E.isLeft(footer)) return footer
  if (footer.right.rows === 0) return E.left({ tag: 'NoRows', message: 'parquet: there are no rows' })
  const metadata = metadataOf(footer.right)
  if (E.isLeft(metadata)) return metadata
  const known = fieldsOf(codec)
  const names = options.columns ?? known?.filter((name) => footer.right.names.includes(name)) ?? footer.right.names
  const missing = names.find((name) => !footer.right.names.includes(name))
  if (missing !== undefined)
    return E.left({
      tag: 'BadRow',
      row: 0,
      path: missing,
      message: `parquet: there is no column '${missing}'; there are ${footer.right.names.slice(0, 20).map(oneLine).join(', ')}`,
    })
  return E.right({ source, footer: footer.right, metadata: metadata.right, names, limit: options.limit ?? 2 ** 30 })
}

/** The fields of a codec of io-ts; null where it does not tell them. */
const fieldsOf = (codec: object): readonly string[] | null => {
  if (!('_tag' in codec)) return null
  if (codec._tag === 'InterfaceType' || codec._tag === 'PartialType') return 'props' in codec ? Object.keys(codec.props as object) : null
  if ((codec._tag === 'ExactType' || codec._tag === 'ReadonlyType') && 'type' in codec) return fieldsOf(codec.type as object)
  if (codec._tag !== 'IntersectionType' || !('types' in codec)) return null
  const all = (codec.types as readonly object[]).map(fieldsOf)
  return all.includes(null) ? null : [...new Set(all.flatMap((names) => names ?? []))]
}

/** Adds the rows of a row group, or says which of them is wrong. */
const fill = async (open: OpenParquet, group: number, into: RecordRows): Promise<ParquetError | null> => {
  const rows = await readGroup(open, group)
  if (E.isLeft(rows)) return rows.left
  const first = open.footer.groups.slice(0, group).reduce((sum, each) => sum + each.rows, 0)
  for (const [i, row] of rows.right.entries()) {
    const fault = into.add(row)
    if (fault !== null) return { tag: 'BadRow', row: first + i, path: fault.path, message: `parquet: row ${first + i}: ${sentence(fault)}` }
  }
  return null
}
