/** `.npz`: archives whose parts are wrong in one place, with sums that fit, so that what lies behind them is reached. */
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { writeNpy } from '../../src/formats/npy.ts'
import { crc32 } from '../../src/formats/npz/crc32.ts'
import { readNpz } from '../../src/formats/npz/npz.ts'
import { writeNpz } from '../../src/formats/npz/write.ts'
import type { StoredArray } from '../../src/formats/stored-array.ts'
import { fromText, golden, npyFile } from '../formats/numpy.ts'
import { storedArrays } from '../generators/stored-arrays.ts'
import { type FuzzTarget, smallLimit } from './target.ts'

interface Part {
  readonly name: string
  readonly content: Uint8Array
  readonly deflated: boolean
  readonly streamed: boolean
}
/** An archive of these parts, and what is then changed: `place` of the fields below gets `value`. */
const archive = (parts: readonly Part[], change: { readonly field: number; readonly value: number } | null): Uint8Array => {
  const fields: (readonly [offset: number, width: 2 | 4])[] = []
  const out: number[] = []
  const put = (width: 2 | 4, value: number): void => {
    fields.push([out.length, width])
    for (let i = 0; i < width; i++) out.push(Math.floor(value / 256 ** i) & 255)
  }
  const heads = parts.map(({ name, content, deflated, streamed }) => {
    const [at, raw] = [out.length, Buffer.from(name)]
    const data = deflated ? deflateRawSync(content) : content
    const [crc, flags] = [crc32(content), (streamed ? 8 : 0) | (raw.some((byte) => byte > 127) ? 0x800 : 0)]
    const common = (): void => {
      for (const value of [20, flags, deflated ? 8 : 0, 0, 33]) put(2, value)
    }
    put(4, 0x04034b50)
    common()
    for (const value of streamed ? [0, 0, 0] : [crc, data.length, content.length]) put(4, value)
    put(2, raw.length)
    put(2, 0)
    out.push(...raw, ...data)
    if (streamed) for (const value of [0x08074b50, crc, data.length, content.length]) put(4, value)
    return { at, raw, data, crc, content, common }
  })
  const directory = out.length
  for (const { at, raw, data, crc, content, common } of heads) {
    put(4, 0x02014b50)
    put(2, 20)
    common()
    for (const value of [crc, data.length, content.length]) put(4, value)
    for (const value of [raw.length, 0, 0, 0, 0]) put(2, value)
    put(4, 0)
    put(4, at)
    out.push(...raw)
  }
  const size = out.length - directory
  put(4, 0x06054b50)
  for (const value of [0, 0, parts.length, parts.length]) put(2, value)
  put(4, size)
  put(4, directory)
  put(2, 0)
  const bytes = Uint8Array.from(out)
  const field = change === null ? undefined : fields[change.field % fields.length]
  if (change !== null && field !== undefined)
    new DataView(bytes.buffer)[field[1] === 2 ? 'setUint16' : 'setUint32'](field[0], change.value, true)
  return bytes
}

const contents = fc.oneof(
  storedArrays(['bool', 'u8', 'i16', 'f32', 'i64']).map((array) => {
    const file = writeNpy(array)
    return E.isRight(file) ? file.right : new Uint8Array(0)
  }),
  fc.uint8Array({ maxLength: 40 }),
  fc
    .constantFrom('(3,)', '(99999999,)')
    .map((shape) => npyFile(`{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`, new Uint8Array(12))),
)
const parts = fc.record({
  name: fc.constantFrom('x.npy', 'y.npy', '__proto__.npy', 'é.npy', 'a/b.npy', '../x.npy', '/x.npy', 'x', '.npy', 'a\\b.npy', 'C:x.npy'),
  content: contents,
  deflated: fc.boolean(),
  streamed: fc.boolean(),
})
const files = fc.oneof(
  {
    weight: 60,
    arbitrary: fc
      .tuple(
        fc.array(parts, { maxLength: 3 }),
        fc.option(
          fc.record({ field: fc.nat(200), value: fc.oneof(fc.nat(100), fc.constantFrom(0xffff, 0xffffffff, 0x80000000, 65534, 8, 9, 12)) }),
          { freq: 2 },
        ),
      )
      .map(([some, change]) => archive(some, change)),
  },
  // bombs: megabytes of zeros in a few bytes, true to their size or not
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1, max: 4 })
      .map((n) =>
        archive(
          [{ name: 'x.npy', content: new Uint8Array((n * smallLimit) / 2 + 200), deflated: true, streamed: false }],
          n > 2 ? { field: 8, value: 500 } : null,
        ),
      ),
  },
)

/** What was read is written and read again to the same. */
const wrongNpz = async (_: Uint8Array, value: unknown): Promise<string | null> => {
  const arrays = value as ReadonlyMap<string, StoredArray> // the target's reader gives these
  if (!(arrays instanceof Map)) return 'it is no Map'
  const written = await writeNpz(arrays)()
  if (E.isLeft(written)) return written.left.message
  const again = await readNpz(written.right)()
  if (E.isLeft(again)) return again.left.message
  for (const [name, { type, shape, values }] of arrays) {
    const other = again.right.get(name)
    if (other === undefined) return `${name} is lost`
    const same = other.type === type && other.shape.join() === shape.join() && Buffer.compare(bytesOf(values), bytesOf(other.values)) === 0
    if (!same) return `${name} differs`
  }
  return arrays.size === again.right.size ? null : 'names are lost'
}
const bytesOf = ({ buffer, byteOffset, byteLength }: StoredArray['values']): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength)

export const npzTarget: FuzzTarget = {
  name: 'npz',
  seeds: async () => golden.flatMap(({ npz }) => npz.map(({ file }) => fromText(file))),
  files,
  read: (bytes) => readNpz(bytes, { limit: smallLimit, entries: 100 })(),
  wrong: wrongNpz,
}
