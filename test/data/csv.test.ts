import { fc, test as lawful } from '@fast-check/vitest'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import papaparse from 'papaparse'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { type CsvError, readCsv, streamCsv } from '../../src/data/csv/index.ts'
import {
  bytesSource,
  type Classes,
  type Dataset,
  integerFromText,
  numberFromText,
  oneOf,
  ShapeError,
  type StreamedDataset,
  toArray,
} from '../../src/index.ts'

const right = <A>(made: E.Either<{ readonly message: string }, A>): A => {
  if (E.isLeft(made)) throw new Error(made.left.message)
  return made.right
}
const flower = t.type({ petal: numberFromText, species: t.string })
const mapping = {
  inputs: (row: t.TypeOf<typeof flower>) => [row.petal] as const,
  targets: oneOf(['setosa', 'rose'], (row: t.TypeOf<typeof flower>) => row.species),
}
const told = async (
  text: string | Uint8Array,
  options: { readonly limit?: number; readonly longestRow?: number } = {},
): Promise<string> => {
  const read = await readCsv(text, flower, { ...mapping, ...options })()
  return E.isLeft(read) ? read.left.message : `${read.right.length} rows`
}
/** What stands outside of quotes. */
const unquoted = (text: string): string => text.replace(/"[^"]*"/g, '')
/** Every row as a list of its fields, through both readers. */
const cells = async (text: string | Uint8Array, fields: number, blockRows = 2): Promise<readonly (readonly string[])[] | string> => {
  const seen: string[][] = []
  const codec = new t.Type<string[], unknown, unknown>(
    'cells',
    (x): x is string[] => Array.isArray(x),
    (x) => t.success(x as string[]),
    (x) => x,
  )
  const note = (row: string[]) => {
    seen.push(row)
    return [row.length] as const
  }
  const whole = await readCsv(text, codec, { header: false, inputs: note, targets: () => 0 })()
  if (E.isLeft(whole)) return whole.left.message
  // the first row plans the columns, and is looked at once more
  const all = seen.slice(1)
  seen.length = 0
  const rows = right(await streamCsv(text, codec, { header: false, inputs: note, targets: () => 0, blockRows })())
  seen.length = 0
  right(await rows.load())
  expect(seen).toEqual(all)
  expect(all.every((row) => row.length === fields)).toBe(true)
  return all
}

describe('readCsv and streamCsv', () => {
  it('give data sets with shapes and classes in their types', async () => {
    const text = 'petal,species\n1.5,setosa\n"2.5","rose"\n3.5,setosa'
    const data = right(
      await readCsv(text, flower, { inputs: (row) => [row.petal], targets: oneOf(['setosa', 'rose'], (row) => row.species) })(),
    )
    expectTypeOf(data).toEqualTypeOf<Dataset<[1], Classes<2>>>()
    expect(toArray(data.batch(3)[0])).toEqual([[1.5], [2.5], [3.5]])
    expect(toArray(data.batch(3)[1])).toEqual([0, 1, 0])
    const rows = right(
      await streamCsv(bytesSource(new TextEncoder().encode(text)), flower, {
        inputs: (row) => [row.petal],
        targets: oneOf(['setosa', 'rose'], (row) => row.species),
        weights: (row) => row.petal,
        blockRows: 2,
      })(),
    )
    expectTypeOf(rows).toEqualTypeOf<StreamedDataset<[1], Classes<2>>>()
    const loaded = right(await rows.load())
    expect([...loaded.inputs.values, ...(loaded.weights?.values ?? [])]).toEqual([1.5, 2.5, 3.5, 1.5, 2.5, 3.5])
  })

  it.each([
    ['a quote inside a field', 'petal,species\n1,se"tosa\n', 'csv: line 2, column 5: a quote inside a field that does not begin with one'],
    ['text behind a closing quote', 'petal,species\n1,"setosa" \n', 'csv: line 2, column 11: text behind the closing quote of a field'],
    ['a quote that is never closed', 'petal,species\n1,"setosa\n2,rose\n', 'csv: line 2, column 3: this quote is never closed'],
    ['too few fields', 'petal,species\n1,rose\n2\n', 'csv: line 3, column 1: expected 2 fields as in line 1, got 1'],
    ['too many fields', 'petal,species\n1,rose,3\n', 'csv: line 2, column 1: expected 2 fields as in line 1, got 3'],
    ['an empty line', 'petal,species\n1,rose\n\n2,rose\n', 'csv: line 3, column 1: the line is empty'],
    ['two empty lines at the end', 'petal,species\n1,rose\n\n', 'csv: line 3, column 1: the line is empty'],
    [
      'line ends of two kinds',
      'petal,species\r\n1,rose\n',
      'csv: line 2, column 7: this line ends in a line feed, those before in a carriage return and a line feed',
    ],
    ['a carriage return alone', 'petal,species\r1,rose\r', 'csv: line 1, column 15: a carriage return without a line feed'],
    ['a bad cell', 'petal,species\n1,rose\n"a\nb",rose\n', "csv: line 3, column 1: petal: expected a number, got 'a\\nb'"],
    ['a bad cell behind a line break in quotes', 'species,petal\n"ro\nse",x\n', "csv: line 3, column 5: petal: expected a number, got 'x'"],
    ['a bad cell behind letters of two bytes', 'species,petal\nrösé,x\n', "csv: line 2, column 6: petal: expected a number, got 'x'"],
    ['an unknown class', 'petal,species\n1,tulip\n', "csv: line 2, column 1: targets: expected 'setosa' or 'rose', got 'tulip'"],
    ['a name twice', 'petal,petal\n1,2\n', "csv: line 1, column 7: the name 'petal' stands twice in the header"],
    ['no name', 'petal, \n1,2\n', 'csv: line 1, column 7: column 2 has no name'],
    ['a missing column', 'petal,kind\n1,2\n', 'csv: line 2, column 1: species: expected a string, got undefined'],
    ['only a header', 'petal,species\n', 'csv: there are no rows of data'],
    ['nothing', '', 'csv: there are no rows of data'],
    ['half of a surrogate pair', 'petal,species\n1,\ud800\n', 'csv: the text has half of a surrogate pair, which is no character'],
  ])('names line and column of %s', async (_, text, message) => {
    expect(await told(text)).toBe(message)
  })

  it('names what is no text, and what is over a limit', async () => {
    const bytes = (text: string) => new TextEncoder().encode(text)
    const bad = bytes('petal,species\n1,rose\n2,r?se\n3,rose\n')
    bad[bad.indexOf(63)] = 0xff
    expect(await told(bad)).toBe('csv: line 3, column 1: the row is not valid UTF-8')
    expect(await told(new Uint8Array([0xff, 0xfe, 65, 0]))).toBe('csv: the file is UTF-16, expected UTF-8')
    expect(await told(new Uint8Array([0x1f, 0x8b, 8]))).toBe('csv: the file is gzip, expected text')
    expect(await told('petal,species\n1,rose\n', { limit: 20 })).toBe('csv: 21 bytes are over the limit of 20')
    expect(await told('petal,species\n1,rose\n', { longestRow: 13 })).toBe('1 rows')
    expect(await told('petal,species\n1,rose\n', { longestRow: 12 })).toBe('csv: line 1, column 1: the row is longer than 12 bytes')
    expect(await told('petal,species\n1,rose\n', { longestRow: 4 })).toBe('csv: line 1, column 1: the row is longer than 4 bytes')
  })

  it('takes a byte order mark, CRLF, other delimiters, quotes, and names of every object', async () => {
    expect(await told('\ufeffpetal,species\r\n1,rose\r\n')).toBe('1 rows')
    expect(await cells('a,"b,""c"""\r\n"x\r\ny",', 2)).toEqual([
      ['a', 'b,"c"'],
      ['x\r\ny', ''],
    ])
    const semicolon = right(
      await readCsv('a;__proto__;constructor\n"1;5";7;8\n', t.type({ a: t.string, constructor: integerFromText }), {
        delimiter: ';',
        inputs: (row) => [row.a.length],
        targets: (row) => row.constructor,
      })(),
    )
    expect([semicolon.inputs.values[0], semicolon.targets.values[0]]).toEqual([3, 8])
    expect(() => readCsv('a', flower, { ...mapping, delimiter: '::' })).toThrow(
      new ShapeError("readCsv: the delimiter must be one character of ASCII and no quote, got '::'"),
    )
  })

  it('keeps a mark that belongs to a field, wherever a block begins', async () => {
    expect(await cells('a,b\nc,d\n\ufeffe,f\n', 2, 1)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['\ufeffe', 'f'],
    ])
  })

  it('a stream tells a bad cell when it is read, and a source that fails', async () => {
    const rows = right(await streamCsv('petal,species\n1,rose\n2,rose\nx,rose\n', flower, { ...mapping, blockRows: 1 })())
    expect(rows.length).toBe(3)
    const loaded = await rows.load()
    expect(E.isLeft(loaded) && loaded.left.message).toBe("csv: line 4, column 1: petal: expected a number, got 'x'")
    const failing = { byteLength: 10, read: () => async () => E.left('the disk is gone') }
    const read: E.Either<CsvError, unknown> = await streamCsv(failing, flower, mapping)()
    expect(E.isLeft(read) && read.left.message).toBe('csv: it cannot be read: the disk is gone')
  })

  const cell = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.string({ unit: fc.constantFrom(',', '"', '\n', '\r\n', 'ä', '\ufeff', 'x', ' '), maxLength: 5 }),
  )
  const table = fc
    .integer({ min: 1, max: 4 })
    .chain((fields) => fc.array(fc.array(cell, { minLength: fields, maxLength: fields }), { minLength: 1, maxLength: 9 }))
  lawful.prop([table, fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.integer({ min: 1, max: 4 })])(
    'read what papaparse writes, whole and in blocks',
    async (rows, newline, quotes, blockRows) => {
      // a cell that is one surrogate half is no text
      fc.pre(rows.flat().every((text) => !/\p{Surrogate}/u.test(text)))
      // a row of one empty cell is an empty line, unless it is quoted
      const text = papaparse.unparse(rows, { newline, quotes: quotes || rows[0]?.length === 1 })
      fc.pre(!text.startsWith('\ufeff') && !/(?<!\r)\r(?!\n)/.test(unquoted(text)))
      expect(await cells(text, rows[0]?.length ?? 0, blockRows)).toEqual(rows)
    },
  )

  lawful.prop([fc.string({ unit: fc.constantFrom(',', '"', '\n', '\r', 'a', '1'), maxLength: 30 })])(
    'agree with papaparse on every text that they take',
    async (text) => {
      const fields = papaparse.parse<string[]>(text, { delimiter: ',', newline: unquoted(text).includes('\r\n') ? '\r\n' : '\n' })
      const got = await cells(text, fields.data[0]?.length ?? 0)
      if (typeof got === 'string') return
      expect(fields.errors).toEqual([])
      expect(got).toEqual(fields.data.filter((row, i) => i < fields.data.length - 1 || row.length > 1 || row[0] !== '' || /""$/.test(text)))
    },
  )
})
