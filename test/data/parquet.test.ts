import { readFileSync } from 'node:fs'
import { fc, test as lawful } from '@fast-check/vitest'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { readParquet, streamParquet } from '../../src/data/parquet/index.ts'
import { bytesSource, type Classes, type Dataset, numbersOf, oneOf, type StreamedDataset } from '../../src/index.ts'

const folder = 'test/golden/readers/parquet'
const file = (name: string): Uint8Array => new Uint8Array(readFileSync(`${folder}/${name}.parquet`))
/** What pyarrow says of the rows, with bytes and dates as they are here. */
const revived = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(revived)
  if (typeof value !== 'object' || value === null) return value
  if ('base64' in value) return new Uint8Array(Buffer.from(String(value.base64), 'base64'))
  if ('date' in value) return new Date(Number(value.date))
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, revived(each)]))
}
const rows = JSON.parse(readFileSync(`${folder}/rows.json`, 'utf8')).map(revived) as readonly Readonly<Record<string, unknown>>[]
const right = <A>(made: E.Either<{ readonly message: string }, A>): A => {
  if (E.isLeft(made)) throw new Error(made.left.message)
  return made.right
}
const files = ['plain', 'dictionary', 'snappy', 'gzip', 'zstd', 'lz4', 'pages', 'encodings']

/** A codec that takes every row and writes down what it saw. */
const seeing = () => {
  const seen: unknown[] = []
  const codec = new t.Type<object, unknown, unknown>(
    'row',
    (x): x is object => typeof x === 'object',
    (x) => {
      seen.push({ ...(x as object) })
      return t.success(x as object)
    },
    (x) => x,
  )
  return { seen, codec }
}
const one = { inputs: () => [1] as const, targets: () => 0 }
const told = async (bytes: Uint8Array, limit?: number): Promise<string> => {
  const read = await readParquet(bytes, seeing().codec, { ...one, limit })()
  return E.isLeft(read) ? read.left.message : `${read.right.length} rows`
}

describe('readParquet and streamParquet', () => {
  it.each(files)('give the rows that pyarrow wrote: %s', async (name) => {
    const { seen, codec } = seeing()
    expect(right(await readParquet(file(name), codec, one)()).length).toBe(rows.length)
    expect(seen).toEqual(rows)
    seen.length = 0
    const stream = right(await streamParquet(bytesSource(file(name)), codec, one)())
    seen.length = 0
    right(await stream.load())
    expect(seen).toEqual(rows)
  })

  it('read the fields of the codec alone, and give shapes', async () => {
    const source = bytesSource(file('dictionary'))
    const asked: number[] = []
    const read = (from: number, to: number) => {
      asked.push(to - from)
      return source.read(from, to)
    }
    const counted = { ...source, read }
    const codec = t.type({ name: t.string, vector: t.array(t.number), i64: t.number })
    const data = right(
      await readParquet(counted, codec, {
        inputs: numbersOf([3], (row) => row.vector),
        targets: oneOf(['setosa', 'virginica', 'ö'], (row) => row.name),
      })(),
    )
    expectTypeOf(data).toEqualTypeOf<Dataset<[3], Classes<3>>>()
    expect([...data.inputs.values]).toEqual(rows.flatMap((row) => row.vector))
    // the footer, and four row groups of three columns
    expect(asked.length).toBe(2 + 4 * 3)
    const stream = right(await streamParquet(source, codec, { inputs: (row) => [row.i64, 1], targets: (row) => [row.i64] })())
    expectTypeOf(stream).toEqualTypeOf<StreamedDataset<[2], [1]>>()
    expect([...right(await stream.take(9).load()).targets.values]).toEqual(rows.slice(0, 9).map((row) => Math.fround(Number(row.i64))))
  })

  it('name the row, the column and what is not read', async () => {
    const bad = await readParquet(file('snappy'), t.type({ missing: t.number }), { inputs: (row) => [row.missing], targets: () => 0 })()
    const first = rows.findIndex((row) => row.missing === null)
    expect(E.isLeft(bad) && bad.left.message).toBe(`parquet: row ${first}: missing: expected a number, got null`)
    const none = await readParquet(file('snappy'), t.type({ missing: t.number }), {
      inputs: (row) => [row.missing],
      targets: () => 0,
      columns: ['nope'],
    })()
    expect(E.isLeft(none) && none.left.message).toMatch(/^parquet: there is no column 'nope'; there are i32, i64, /)
    expect(await told(file('brotli'))).toBe(
      'parquet: the column i32 of row group 0: it is compressed by BROTLI; SNAPPY, GZIP, ZSTD, LZ4_RAW and no compression are read',
    )
    expect(await told(file('shared'))).toBe(
      'parquet: the column name of row group 0: texts as what they share with the text before (DELTA_BYTE_ARRAY) are not read',
    )
    expect(await told(file('plain'), 10_000)).toMatch(
      /^parquet: the column \w+(\.\w+)* of row group 0 is over the limit of 10000 bytes a row group$/,
    )
    expect(await told(new Uint8Array(3))).toBe('parquet: a file of 3 bytes is no Parquet file')
    expect(await told(file('plain').slice(0, -1))).toBe('parquet: the file does not end in PAR1')
  })

  lawful.prop(
    [
      fc.constantFrom(...files, 'brotli', 'shared'),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 }),
    ],
    {
      numRuns: 400,
    },
  )('say what is wrong with broken files, and never throw', async (name, changes) => {
    const bytes = file(name)
    for (const [at, value] of changes) bytes[at % bytes.length] = value
    const said = await told(bytes, 2 ** 22)
    expect(said.length).toBeGreaterThan(5)
  })
})
