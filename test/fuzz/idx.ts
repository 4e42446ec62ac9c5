/** IDX, plain and gzip, against a reader of a few lines that trusts its input. */
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { type IdxArray, parseIdx, readIdx } from '../../src/formats/idx.ts'
import { type FuzzTarget, smallLimit } from './target.ts'

const widths = { 8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8 } as const
type TypeByte = keyof typeof widths

const idxFile = (type: TypeByte, shape: readonly number[], extra = 0): Uint8Array => {
  const count = shape.reduce((n, size) => n * size, 1)
  const bytes = new Uint8Array(4 + 4 * shape.length + count * widths[type] + extra)
  const view = new DataView(bytes.buffer)
  bytes.set([0, 0, type, shape.length])
  for (const [i, size] of shape.entries()) view.setUint32(4 + 4 * i, size)
  for (let i = 4 + 4 * shape.length; i < bytes.length - extra; i++) bytes[i] = (37 * i) & 255
  return bytes
}

export const idxFiles: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.constantFrom<TypeByte>(8, 9, 11, 12, 13, 14),
    fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }),
    fc.constantFrom(0, 0, 0, 1),
  )
  .map(([type, shape, extra]) => idxFile(type, shape, extra))

/** What the bytes say, element by element. */
const plainIdx = (bytes: Uint8Array): { readonly shape: readonly number[]; readonly values: readonly number[] } => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [, , type, rank] = bytes as unknown as [number, number, TypeByte, number] // a file that was read has a header
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i))
  const get = { 8: 'getUint8', 9: 'getInt8', 11: 'getInt16', 12: 'getInt32', 13: 'getFloat32', 14: 'getFloat64' } as const
  const start = 4 + 4 * rank
  const values = Array.from({ length: (bytes.length - start) / widths[type] }, (_, i) => view[get[type]](start + i * widths[type]))
  return { shape, values }
}

const wrongIdx = (bytes: Uint8Array, value: unknown): string | null => {
  const { shape, values } = value as IdxArray // the target's reader gives these
  const plain = plainIdx(bytes)
  if (shape.join() !== plain.shape.join()) return `the shape is [${shape.join()}], the bytes say [${plain.shape.join()}]`
  return values.length === plain.values.length && plain.values.every((each, i) => Object.is(each, values[i])) ? null : 'the elements differ'
}

export const idxTarget: FuzzTarget = {
  name: 'idx',
  seeds: async () => [idxFile(8, [2, 3]), idxFile(13, [4]), idxFile(14, [1, 2, 2]), idxFile(11, [7, 0, 3])],
  files: idxFiles,
  read: (bytes) => parseIdx(bytes, { limit: smallLimit }),
  wrong: wrongIdx,
}

export const idxGzipTarget: FuzzTarget = {
  name: 'idx-gzip',
  seeds: async () => [idxFile(8, [20, 3]), idxFile(13, [4])].map((bytes) => Uint8Array.from(gzipSync(bytes))),
  files: fc.oneof(
    { weight: 40, arbitrary: idxFiles.map((bytes) => Uint8Array.from(gzipSync(bytes))) },
    // bytes that a header does not speak of, and more of them than the limit
    { weight: 1, arbitrary: fc.nat(2).map((n) => Uint8Array.from(gzipSync(idxFile(8, [4], n * smallLimit)))) },
  ),
  read: (bytes) => readIdx(bytes, { limit: smallLimit })(),
}
