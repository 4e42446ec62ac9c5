import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { type IdxArray, type IdxError, parseIdx, readIdx } from '../../src/formats/idx.ts'

const widths = { 8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8 } as const
type TypeByte = keyof typeof widths

/** A file of this type and these sizes whose elements count up from 1. */
const file = (type: TypeByte, shape: readonly number[]): Uint8Array => {
  const count = shape.reduce((n, size) => n * size, 1)
  const bytes = new Uint8Array(4 + 4 * shape.length + count * widths[type])
  const view = new DataView(bytes.buffer)
  bytes.set([0, 0, type, shape.length])
  for (const [i, size] of shape.entries()) view.setUint32(4 + 4 * i, size)
  const set = { 8: 'setUint8', 9: 'setInt8', 11: 'setInt16', 12: 'setInt32', 13: 'setFloat32', 14: 'setFloat64' } as const
  for (let i = 0; i < count; i++) view[set[type]](4 + 4 * shape.length + i * widths[type], i + 1)
  return bytes
}
const errorOf = (result: E.Either<IdxError, IdxArray>): IdxError => {
  if (E.isRight(result)) throw new Error('was read')
  return result.left
}

describe('readIdx reads', () => {
  it.each([8, 9, 11, 12, 13, 14] as const)('type %i, plain and gzip, whatever the alignment', async (type) => {
    const bytes = file(type, [2, 3])
    const shifted = new Uint8Array(bytes.length + 1)
    shifted.set(bytes, 1)
    for (const given of [bytes, shifted.subarray(1), new Uint8Array(gzipSync(bytes))]) {
      const result = await readIdx(given)()
      expect(result).toMatchObject({ right: { shape: [2, 3] } })
      expect(E.isRight(result) && [...result.right.values]).toEqual([1, 2, 3, 4, 5, 6])
    }
  })
  it('negative and fractional elements, most significant byte first', () => {
    expect(parseIdx(new Uint8Array([0, 0, 11, 1, 0, 0, 0, 2, 0xff, 0xfe, 0x01, 0x00]))).toMatchObject({
      right: { values: Int16Array.of(-2, 256) },
    })
    expect(parseIdx(new Uint8Array([0, 0, 9, 1, 0, 0, 0, 1, 0x80]))).toMatchObject({ right: { values: Int8Array.of(-128) } })
    expect(parseIdx(new Uint8Array([0, 0, 13, 1, 0, 0, 0, 1, 0xbf, 0x20, 0, 0]))).toMatchObject({
      right: { values: Float32Array.of(-0.625) },
    })
  })
  it('sizes of zero, eight sizes, and sizes past 2^31 beside a zero', () => {
    expect(parseIdx(file(8, [0]))).toMatchObject({ right: { shape: [0] } })
    expect(parseIdx(file(12, [1, 2, 1, 2, 1, 2, 1, 2]))).toMatchObject({ right: { shape: [1, 2, 1, 2, 1, 2, 1, 2] } })
    expect(parseIdx(new Uint8Array([0, 0, 8, 2, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]))).toMatchObject({ right: { shape: [4294967295, 0] } })
  })
  it('its own copy of the elements', () => {
    for (const bytes of [file(8, [2]), Buffer.from(file(8, [2])), Buffer.from(file(9, [2]))]) {
      const result = parseIdx(bytes)
      bytes.fill(0)
      expect(E.isRight(result) && [...result.right.values]).toEqual([1, 2])
    }
  })
})

describe('readIdx refuses', () => {
  const refusals: readonly (readonly [string, Uint8Array, IdxError['tag'], number, string])[] = [
    ['nothing', new Uint8Array(0), 'WrongLength', 0, 'idx: the file ends at byte 0, the header needs 4'],
    ['half a header', file(8, [2, 2]).subarray(0, 9), 'WrongLength', 9, 'idx: the file ends at byte 9, the header needs 12'],
    [
      'a web page',
      new TextEncoder().encode('<!doctype html>'),
      'NotIdx',
      0,
      'idx: the first two bytes must be 00 00, got 3c 21 (HTML or XML)',
    ],
    ['other bytes', new Uint8Array([0, 1, 8, 1]), 'NotIdx', 0, 'idx: the first two bytes must be 00 00, got 00 01'],
    [
      'type 0a',
      new Uint8Array([0, 0, 10, 1, 0, 0, 0, 0]),
      'UnknownType',
      2,
      'idx: byte 2 is 0a, which is no element type (08, 09, 0b, 0c, 0d, 0e)',
    ],
    ['no sizes', new Uint8Array([0, 0, 8, 0, 1]), 'BadRank', 3, 'idx: byte 3 says 0 sizes, expected 1 to 8'],
    [
      'nine sizes',
      new Uint8Array(64).fill(1).fill(0, 0, 2).fill(8, 2, 3).fill(9, 3, 4),
      'BadRank',
      3,
      'idx: byte 3 says 9 sizes, expected 1 to 8',
    ],
    [
      'a missing byte',
      file(8, [2, 3]).subarray(0, 17),
      'WrongLength',
      17,
      'idx: [2, 3] of u8 is 18 bytes with its header, the file ends at byte 17',
    ],
    [
      'a byte too many',
      new Uint8Array([...file(8, [2]), 0]),
      'WrongLength',
      10,
      'idx: [2] of u8 is 10 bytes with its header, there are more',
    ],
    [
      'sizes whose product overflows',
      new Uint8Array([0, 0, 14, 8, ...new Uint8Array(32).fill(0xff)]),
      'TooLarge',
      4,
      `idx: [${Array(8).fill(4294967295).join(', ')}] of f64 is over the limit of 1073741824 bytes`,
    ],
  ]
  it.each(refusals)('%s', async (_, bytes, tag, offset, message) => {
    expect(parseIdx(bytes)).toMatchObject(E.left({ tag, offset, message }))
    if (bytes.length > 0) expect(errorOf(await readIdx(new Uint8Array(gzipSync(bytes)))()).tag).toBe(tag)
  })
  it('gzip where it parses plain bytes, and says who inflates', () => {
    expect(errorOf(parseIdx(new Uint8Array(gzipSync(file(8, [2]))))).message).toBe(
      'idx: the first two bytes must be 00 00, got 1f 8b (gzip; readIdx inflates it)',
    )
  })
  it('a gzip stream that is cut or damaged', async () => {
    const packed = new Uint8Array(gzipSync(file(8, [500])))
    expect(errorOf(await readIdx(packed.subarray(0, packed.length - 9))()).tag).toBe('BadGzip')
    expect(errorOf(await readIdx(packed.subarray(0, 2))()).tag).toBe('BadGzip')
    const damaged = packed.slice()
    damaged.fill(0xff, 12, 40)
    expect(errorOf(await readIdx(damaged)()).tag).toBe('BadGzip')
  })
  it('a gzip bomb without inflating it', async () => {
    const honest = new Uint8Array(200_000_016)
    honest.set(file(8, [1, 1, 1]).subarray(0, 16))
    const bomb = new Uint8Array(gzipSync(honest))
    const before = process.memoryUsage().arrayBuffers
    expect(await readIdx(bomb)()).toMatchObject(E.left({ tag: 'WrongLength', expected: 17 }))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000)
    new DataView(honest.buffer).setUint32(4, 200_000_000)
    expect(await readIdx(new Uint8Array(gzipSync(honest)), { limit: 100_000_000 })()).toMatchObject(
      E.left({ tag: 'TooLarge', limit: 100_000_000 }),
    )
  })
})

describe('whatever the bytes', () => {
  const wellFormed = fc
    .tuple(fc.constantFrom<TypeByte>(8, 9, 11, 12, 13, 14), fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }))
    .map(([type, shape]) => file(type, shape))
  const mutated = (bytes: fc.Arbitrary<Uint8Array>) =>
    fc
      .tuple(bytes, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(1000), fc.uint8Array({ maxLength: 3 }))
      .map(([given, changes, cut, more]) => {
        const changed = new Uint8Array([
          ...given.subarray(0, cut % 5 === 0 ? cut % (given.length + 1) : given.length),
          ...(cut % 7 === 0 ? more : []),
        ])
        for (const [at, value] of changes) if (changed.length > 0) changed[at % changed.length] = value
        return changed
      })
  const holds = (result: E.Either<IdxError, IdxArray>): void => {
    if (E.isLeft(result)) expect(result.left.message).toMatch(/^idx: .+/)
    else expect(result.right.values.length).toBe(result.right.shape.reduce((n, size) => n * size, 1))
  }

  it('plain: an array that fits its shape, or a sentence', () => {
    fc.assert(
      fc.property(fc.oneof(mutated(wellFormed), fc.uint8Array({ maxLength: 64 })), (bytes) => holds(parseIdx(bytes))),
      { numRuns: 5000 },
    )
  })
  it('gzip: an array that fits its shape, or a sentence', async () => {
    const packed = wellFormed.map((bytes) => new Uint8Array(gzipSync(bytes)))
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          mutated(packed),
          mutated(wellFormed).map((bytes) => new Uint8Array(gzipSync(bytes))),
        ),
        async (bytes) => holds(await readIdx(bytes, { limit: 1 << 20 })()),
      ),
      { numRuns: 600 },
    )
  })
})
