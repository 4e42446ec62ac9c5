/** CSV, against papaparse: what is taken has the rows that it finds in the whole text. And with a header and a codec, streamed. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import papaparse from 'papaparse'
import { readCsv, streamCsv } from '../../src/data/csv/index.ts'
import { numberFromText, oneOf } from '../../src/index.ts'
import { type FuzzTarget, smallLimit } from './target.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const cell = fc.oneof(
  fc.string({ maxLength: 4 }),
  fc.string({ unit: fc.constantFrom(',', '"', '\n', '\r\n', 'é', '\ufeff', ' ', '1'), maxLength: 4 }),
)
const rows = fc
  .integer({ min: 1, max: 4 })
  .chain((fields) => fc.array(fc.array(cell, { minLength: fields, maxLength: fields }), { minLength: 1, maxLength: 6 }))
/** Rows as papaparse writes them, and texts of what matters in CSV alone. */
const files = fc.oneof(
  fc
    .tuple(rows, fc.constantFrom('\n', '\r\n'), fc.boolean())
    .map(([data, newline, quotes]) => encode(papaparse.unparse(data, { newline, quotes }))),
  fc.string({ unit: fc.constantFrom(',', '"', '\n', '\r', 'a', '1', ' '), maxLength: 24 }).map(encode),
)

const readRows = async (bytes: Uint8Array): Promise<E.Either<{ readonly message: string }, readonly unknown[]>> => {
  const seen: unknown[] = []
  const codec = new t.Type<unknown, unknown, unknown>(
    'row',
    (_): _ is unknown => true,
    (x) => {
      seen.push(x)
      return t.success(x)
    },
    (x) => x,
  )
  const options = { header: false, limit: smallLimit, inputs: () => [1] as const, targets: () => 0 }
  const read = await readCsv(bytes, codec, options)()
  return E.isLeft(read) ? read : E.right(seen)
}

const wrongRows = (bytes: Uint8Array, value: unknown): string | null => {
  const text = new TextDecoder().decode(bytes)
  const newline = text.replace(/"[^"]*"/g, '').includes('\r\n') ? '\r\n' : '\n'
  const ended = text.endsWith(newline) ? text.slice(0, -newline.length) : text
  const { data, errors } = papaparse.parse<string[]>(`\ufeff${ended}`, { delimiter: ',', newline })
  if (errors.length > 0) return `papaparse refuses it: ${errors[0]?.message}`
  return JSON.stringify(data) === JSON.stringify(value) ? null : 'papaparse finds other rows'
}

export const csvTarget: FuzzTarget = {
  name: 'csv',
  seeds: async () => ['a,b\n1,2\n', '"a","b ""c"""\r\n1,"x\r\ny"\r\n', 'é\n"ö,"\n'].map(encode),
  files,
  read: readRows,
  wrong: wrongRows,
}

const flower = t.type({ petal: numberFromText, species: t.string })
export const csvStreamTarget: FuzzTarget = {
  name: 'csv-stream',
  seeds: async () => ['petal,species\n1.5,setosa\n2,rose\n', '\ufeffspecies,petal,x\r\n"rose",-1e3,\r\nsetosa,"7",y'].map(encode),
  read: async (bytes) => {
    const mapped = {
      inputs: (row: t.TypeOf<typeof flower>) => [row.petal] as const,
      targets: oneOf(['setosa', 'rose'], (row: t.TypeOf<typeof flower>) => row.species),
    }
    const stream = await streamCsv(bytes, flower, { ...mapped, blockRows: 2, limit: smallLimit })()
    return E.isLeft(stream) ? stream : stream.right.load()
  },
}
