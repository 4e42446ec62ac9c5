/** Parquet files that are broken in every place: footers, pages, compressed bytes, levels. */
import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { readParquet } from '../../src/data/parquet/index.ts'
import { type FuzzTarget, smallLimit } from './target.ts'

const names = ['tiny-snappy', 'tiny-zstd', 'tiny-lz4', 'tiny-gzip', 'tiny-plain']
const seeds = names.map((name) => new Uint8Array(readFileSync(new URL(`../golden/readers/parquet/${name}.parquet`, import.meta.url))))
const row = new t.Type<unknown, unknown, unknown>(
  'row',
  (_): _ is unknown => true,
  t.success,
  (x) => x,
)

export const parquetTarget: FuzzTarget = {
  name: 'parquet',
  seeds: async () => seeds,
  read: async (bytes) => {
    const read = await readParquet(bytes, row, { limit: smallLimit, inputs: () => [1] as const, targets: () => 0 })()
    return E.isLeft(read) ? read : E.right(read.right.length)
  },
  wrong: (_, value) => (Number(value) > 0 ? null : 'there are no rows'),
}
