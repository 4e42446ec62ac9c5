/** `fromRecords`: data sets out of what JSON, databases and tables give, checked by a codec of io-ts, record by record. */
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import type { Mappable, RecordShape } from '../../../types/records.ts'
import { type Dataset, datasetOf } from '../dataset.ts'
import { badRecord, faultOf, noRecords, type RecordError, type RecordFault } from './error.ts'
import { type AnyMapping, type GrowingRows, growingRows, type Lanes, lanesOf } from './rows.ts'

/** What becomes of a record: numbers in tuples, whose lengths are the shape of a sample, or fields as `oneOf`. */
export interface RecordMapping<Op extends string, A, X, Y> {
  readonly inputs: (record: A) => Mappable<Op, X>
  readonly targets: (record: A) => Mappable<Op, Y>
  /** What the loss of the record's sample is multiplied by, from 0 on. 1 unless said. */
  readonly weights?: ((record: A) => number) | undefined
}

/**
 * A data set of records from outside: each goes through the codec, then `inputs` and `targets` pick numbers of it. Tuples of
 * numbers are samples of their length: `(r) => [r.a, r.b]` gives `[2]`, a number alone `[]`. The first record that does not fit
 * is told with its place.
 *
 * @example
 * const read = fromRecords(t.type({ age: t.number, paid: t.number }), JSON.parse('[{ "age": 34, "paid": 1 }, { "age": "x" }]'), {
 *   inputs: (record) => [record.age],
 *   targets: (record) => [record.paid],
 * })
 * E.isLeft(read) && read.left.message // => "record 1: age: expected a number, got 'x'"
 */
export const fromRecords = <A, const X, const Y>(
  codec: t.Decoder<unknown, A>,
  records: readonly unknown[],
  mapping: RecordMapping<'fromRecords', A, X, Y>,
): E.Either<RecordError, Dataset<RecordShape<'fromRecords', X>, RecordShape<'fromRecords', Y>>> => {
  if (!Array.isArray(records) || records.length === 0) return E.left(noRecords)
  const rows = recordRows('fromRecords', codec, mapping, records.length)
  for (let i = 0; i < records.length; i++) {
    const fault = rows.add(records[i])
    if (fault !== null) return E.left(badRecord(i, fault))
  }
  return E.right(datasetOf(rows.columns()))
}

/** What readers of files give records to, one after the other. */
export interface RecordRows extends GrowingRows {
  /** What the columns are; null before the first record. */
  readonly lanes: () => Lanes | null
}

/** Decodes and maps; the first record plans what the others are held to, unless lanes are given. */
export const recordRows = (
  op: string,
  codec: t.Decoder<unknown, unknown>,
  mapping: AnyMapping,
  expected: number,
  known: Lanes | null = null,
): RecordRows => {
  let lanes = known
  let rows = known === null ? null : growingRows(known, expected)
  const add = (given: unknown): RecordFault | null => {
    const record = decoded(codec, given)
    if (E.isLeft(record)) return record.left
    if (rows === null) {
      lanes = lanesOf(op, mapping, record.right)
      rows = growingRows(lanes, expected)
    }
    return rows.add(record.right)
  }
  const columns = () => (rows as GrowingRows).columns()
  return { add, columns, lanes: () => lanes }
}

/** A record may be an object whose getters throw. */
const decoded = (codec: t.Decoder<unknown, unknown>, given: unknown): E.Either<RecordFault, unknown> => {
  try {
    const result = codec.decode(given)
    return E.isRight(result) ? result : E.left(faultOf(result.left))
  } catch (cause) {
    return E.left({ path: '', message: `it cannot be read: ${cause instanceof Error ? cause.message : 'something was thrown'}` })
  }
}
