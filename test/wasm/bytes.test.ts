/** Encodings of numbers and names. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Bytes } from '../../src/wasm/assembler/bytes.ts'

const written = (write: (bytes: Bytes) => void): readonly number[] => {
  const bytes = new Bytes(1)
  write(bytes)
  return Array.from(bytes.toUint8Array())
}
const unsigned = (value: number) => written((bytes) => bytes.unsigned(value))
const signed = (value: number) => written((bytes) => bytes.signed(value))

/** LEB128 as its definition reads: seven bits a byte, the last one's sign bit extended where it is signed. */
const decode = (bytes: readonly number[], isSigned: boolean): bigint => {
  const value = bytes.reduceRight((rest, byte) => (rest << 7n) | BigInt(byte & 0x7f), 0n)
  return isSigned ? BigInt.asIntN(7 * bytes.length, value) : value
}

describe('leb128', () => {
  test.each([
    [0, [0x00]],
    [1, [0x01]],
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [624485, [0xe5, 0x8e, 0x26]],
    [2 ** 31, [0x80, 0x80, 0x80, 0x80, 0x08]],
    [2 ** 32 - 1, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])('unsigned %i', (value, expected) => expect(unsigned(value)).toEqual(expected))

  test.each([
    [0, [0x00]],
    [-1, [0x7f]],
    [63, [0x3f]],
    [64, [0xc0, 0x00]],
    [-64, [0x40]],
    [-65, [0xbf, 0x7f]],
    [-123456, [0xc0, 0xbb, 0x78]],
    [2 ** 31 - 1, [0xff, 0xff, 0xff, 0xff, 0x07]],
    [-(2 ** 31), [0x80, 0x80, 0x80, 0x80, 0x78]],
  ])('signed %i', (value, expected) => expect(signed(value)).toEqual(expected))

  test('decodes to what was written, with no byte too many', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(decode(signed(value), true)).toBe(BigInt(value))
        expect(decode(unsigned(value), false)).toBe(BigInt(value >>> 0))
        expect(unsigned(value).length).toBe(Math.max(1, Math.ceil((32 - Math.clz32(value)) / 7)))
      }),
    )
  })

  test('the bits of an address above 2 GiB are kept', () => expect(unsigned(-1)).toEqual(unsigned(2 ** 32 - 1)))
})

test('numbers are little endian', () => {
  expect(written((bytes) => bytes.float32(1.5))).toEqual([0, 0, 0xc0, 0x3f])
  expect(written((bytes) => bytes.float64(-2))).toEqual([0, 0, 0, 0, 0, 0, 0, 0xc0])
  expect(written((bytes) => bytes.int32(-2))).toEqual([0xfe, 0xff, 0xff, 0xff])
})

test('names are UTF-8 with their length in bytes', () => expect(written((bytes) => bytes.name('aé'))).toEqual([3, 0x61, 0xc3, 0xa9]))

test('a buffer grows by any amount and keeps what it had', () => {
  const long = Uint8Array.from({ length: 1000 }, (_, i) => i & 0xff)
  const bytes = new Bytes(2)
  bytes.byte(9)
  bytes.append(long)
  expect(bytes.length).toBe(1001)
  expect(Array.from(bytes.toUint8Array())).toEqual([9, ...long])
})
