/** Safetensors against the reference: its files read, written again byte for byte, and what no file may say. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { bytesSource } from '../../../src/formats/byte-source.ts'
import type { SafetensorsError } from '../../../src/formats/safetensors/error.ts'
import { readSafetensorsHeader } from '../../../src/formats/safetensors/header.ts'
import { readSafetensors, readSafetensorsFrom, type Safetensors } from '../../../src/formats/safetensors/read.ts'
import { writeSafetensors } from '../../../src/formats/safetensors/write.ts'
import type { StoredArray } from '../../../src/formats/stored-array.ts'
import { fileOf, golden, metadata, tensors } from './files.ts'

const readOf = (bytes: Uint8Array): Safetensors => {
  const read = readSafetensors(bytes)
  if (E.isLeft(read)) throw new Error(read.left.message)
  return read.right
}
const errorOf = (read: E.Either<SafetensorsError, unknown>): SafetensorsError => {
  if (E.isRight(read)) throw new Error('was read')
  return read.left
}
const listed = ({ values }: StoredArray): readonly (number | bigint)[] => [...values]

const ofTheReference = ['types', 'shapes', 'names', 'nothing', 'odd', 'rounded', 'model-00001-of-00002', 'model-00002-of-00002']

describe('a file of the reference', () => {
  it.each(ofTheReference)('%s is written here byte for byte', (name) => {
    const file = golden(`${name}.safetensors`)
    const { tensors, metadata } = readOf(file)
    expect(writeSafetensors(new Map([...tensors].reverse()), metadata)).toEqual(E.right(file))
  })
  it('has every type', () => {
    const { tensors, metadata } = readOf(golden('types.safetensors'))
    const values = Object.fromEntries([...tensors].map(([name, array]) => [name, listed(array)]))
    const floats = [0, -0, 1.5, -2.25, Infinity, -Infinity, NaN]
    expect([...metadata]).toEqual([['format', 'np']])
    expect(values['x.bool']).toEqual([1, 0, 1])
    expect(values['x.int8']).toEqual([-128, 0, 1, 127])
    expect(values['x.uint8']).toEqual([0, 0, 1, 255])
    expect(values['x.int16']).toEqual([-32768, 0, 1, 32767])
    expect(values['x.uint16']).toEqual([0, 0, 1, 65535])
    expect(values['x.int32']).toEqual([-(2 ** 31), 0, 1, 2 ** 31 - 1])
    expect(values['x.uint32']).toEqual([0, 0, 1, 2 ** 32 - 1])
    expect(values['x.int64']).toEqual([-(2n ** 63n), 0n, 1n, 2n ** 63n - 1n])
    expect(values['x.uint64']).toEqual([0n, 0n, 1n, 2n ** 64n - 1n])
    expect(values['x.float16']).toEqual([...floats, 2 ** -24, 65504])
    expect(values['x.bfloat16']).toEqual([...floats, 129 * 2 ** -31, 65536])
    expect(values['x.float32']).toEqual([...floats, Math.fround(6e-8), 65504])
    expect(values['x.float64']).toEqual([...floats, 6e-8, 65504])
  })
  it('has scalars, sizes of 0, and many axes', () => {
    const { tensors } = readOf(golden('shapes.safetensors'))
    const shapes = Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]))
    expect(shapes).toEqual({ scalar: [], empty: [0], hollow: [3, 0, 2], cube: [2, 3, 4], ones: [1, 1, 1, 1, 1, 1, 1, 1, 1] })
    expect(listed(tensors.get('cube') as StoredArray)).toEqual(Array.from({ length: 24 }, (_, i) => i))
  })
  it('has names that are data', () => {
    const { tensors } = readOf(golden('names.safetensors'))
    const wanted = [
      '__proto__',
      'constructor',
      '\uffee',
      '\u{1f600}',
      'a',
      'a.b',
      'A',
      'q"uote\\',
      'new\nline\u0001\u007f',
      'é',
      '\u2028',
      '',
    ]
    for (const [i, name] of wanted.entries()) expect(tensors.get(name)).toEqual({ type: 'u8', shape: [1], values: Uint8Array.of(i) })
    expect(tensors.size).toBe(wanted.length)
  })
  it('may have elements where no view can lie', () => {
    const { tensors } = readOf(golden('misaligned.safetensors'))
    expect(listed(tensors.get('y') as StoredArray)).toEqual([0.5, -1.25])
  })
  it('is rounded to 16 bits as NumPy and ml_dtypes round', () => {
    const { tensors, metadata } = readOf(golden('rounded.safetensors'))
    const { values } = tensors.get('f32') as StoredArray<'f32'>
    const shape = [values.length]
    const again = writeSafetensors(
      new Map<string, StoredArray>([
        ['f32', { type: 'f32', shape, values }],
        ['f16', { type: 'f16', shape, values }],
        ['bf16', { type: 'bf16', shape, values }],
      ]),
      metadata,
    )
    expect(again).toEqual(E.right(golden('rounded.safetensors')))
  })
})

describe('half floats', () => {
  const halves = (dtype: 'F16' | 'BF16'): readonly [Float32Array, Uint8Array] => {
    const header = `{"x":{"dtype":"${dtype}","shape":[65536],"data_offsets":[0,131072]}}`.padEnd(64)
    const file = fileOf(header, 131072)
    const start = file.length - 131072
    for (let i = 0; i < 65536; i++) file.set([i & 255, i >> 8], start + 2 * i)
    return [(readOf(file).tensors.get('x') as StoredArray<'f16'>).values, file]
  }
  it('are widened by their definition, each of the 65,536', () => {
    const [values] = halves('F16')
    for (let i = 0; i < 65536; i++) {
      const [sign, exponent, fraction] = [i >> 15 ? -1 : 1, (i >> 10) & 31, i & 1023]
      const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25)
      const value = exponent < 31 ? size : fraction === 0 ? Infinity : NaN
      if (!Object.is(values[i], sign * value)) throw new Error(`${i}: ${values[i]}, not ${sign * value}`)
    }
  })
  it.each(['F16', 'BF16'] as const)('%s are written as they were read, NaN with all that it carries', (dtype) => {
    const [, file] = halves(dtype)
    const again = writeSafetensors(readOf(file).tensors)
    expect(E.isRight(again) && Buffer.compare(again.right, file)).toBe(0)
  })
})

describe('written and read again', () => {
  it('is the same, and equal tensors are equal bytes whatever their order', async () => {
    await fc.assert(
      fc.asyncProperty(tensors, metadata, async (tensors, metadata) => {
        const file = writeSafetensors(tensors, metadata)
        if (E.isLeft(file)) return expect(tensors.has('__metadata__')).toBe(true)
        const read = readOf(file.right)
        expect(new Map([...read.tensors].sort())).toEqual(new Map([...tensors].sort()))
        expect(read.metadata).toEqual(new Map([...metadata].sort()))
        expect(writeSafetensors(new Map([...tensors].reverse()), new Map([...metadata].reverse()))).toEqual(file)
        expect(await readSafetensorsFrom(bytesSource(file.right))()).toEqual(E.right(read))
        const shifted = new Uint8Array(file.right.length + 3)
        shifted.set(file.right, 3)
        expect(readOf(shifted.subarray(3))).toEqual(read)
      }),
      { numRuns: 300 },
    )
  })
  it('is refused where a file could not say it', () => {
    const values = new Float32Array(2)
    const written = (name: string, shape: readonly number[]) =>
      errorOf(writeSafetensors(new Map([[name, { type: 'f32', shape, values }]]))).message
    expect(written('a', [3])).toBe('safetensors: "a" has the shape [3] and 2 elements')
    expect(written('a', [-1, -2])).toBe('safetensors: "a" has the shape [-1, -2] and 2 elements')
    expect(written('a\ud800', [2])).toBe('safetensors: the name "a\\ud800" has half of a character')
    expect(written('__metadata__', [2])).toBe('safetensors: a tensor may not be called __metadata__')
  })
})

const entry = '{"dtype":"U8","shape":[2],"data_offsets":[0,2]}'

describe('a header', () => {
  it('may have white space around it, fields of others, and entries in any order', () => {
    const header = ` \n{"b":{"x":[{}],"dtype":"U8","shape":[1],"data_offsets":[2,3]},"a":${entry}}\t `
    expect([...readOf(fileOf(header, 3)).tensors.keys()]).toEqual(['a', 'b'])
  })
  it('is read alone, of types too that no array holds', async () => {
    const file = fileOf('{"x":{"dtype":"F4","shape":[3,2],"data_offsets":[0,3]}}', 3)
    const header = await readSafetensorsHeader(bytesSource(file))()
    expect(E.isRight(header) && header.right.tensors.get('x')).toEqual({ dtype: 'F4', type: null, shape: [3, 2], begin: 63, end: 66 })
    expect(errorOf(readSafetensors(file)).message).toBe('safetensors: "x" is of dtype F4, which no array here holds')
  })

  const one = (dtype: string, shape: string, offsets: string): string =>
    `{"x":{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}}`
  it.each<readonly [string, Uint8Array, SafetensorsError['tag'], string]>([
    ['too short', new Uint8Array(7), 'NotSafetensors', 'the file has 7 bytes, the length of its header alone needs 8'],
    [
      'of 2^64 - 1 bytes',
      new Uint8Array(20).fill(255),
      'NotSafetensors',
      'bytes 0 to 8 say that the header has 18446744073709551615 bytes, behind them are 12',
    ],
    ['past the end', fileOf('{}').subarray(0, 9), 'NotSafetensors', 'bytes 0 to 8 say that the header has 2 bytes, behind them are 1'],
    [
      'of a zip',
      Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0),
      'NotSafetensors',
      'bytes 0 to 8 say that the header has 67324752 bytes, behind them are 0; the file looks like a zip archive, as files of PyTorch and Keras are',
    ],
    ['of no bytes', new Uint8Array(8), 'BadHeader', 'the header is damaged at character 0: expected a value, got the end'],
    [
      'that is no UTF-8',
      fileOf('{}').map((byte) => (byte === 0x7d ? 0xff : byte)),
      'BadHeader',
      'the header is damaged at character 0: it is not UTF-8',
    ],
    ['with a byte order mark', fileOf('\ufeff{}'), 'BadHeader', "the header is damaged at character 0: expected a value, got '\ufeff'"],
    ['that is no JSON', fileOf('{"a":}'), 'BadHeader', "the header is damaged at character 5: expected a value, got '}'"],
    ['that is no object', fileOf('[]'), 'BadHeader', 'the header is damaged at character 0: it is no JSON object'],
    ['with more behind', fileOf('{}{}'), 'BadHeader', "the header is damaged at character 2: '{' behind the end"],
    [
      'with a key twice',
      fileOf(`{"a":${entry},"a":${entry}}`, 2),
      'BadHeader',
      'the header is damaged at character 53: the key "a" stands here twice',
    ],
    [
      'with a key twice, inside',
      fileOf('{"a":{"dtype":"U8","dtype":"I8"}}'),
      'BadHeader',
      'the header is damaged at character 19: the key "dtype" stands here twice',
    ],
    ['too deep', fileOf('['.repeat(40)), 'BadHeader', 'the header is damaged at character 32: too deep'],
    ['with half a character', fileOf('{"\\ud800":1}'), 'BadHeader', 'the header is damaged at character 2: half a character'],
    [
      'with metadata that are none',
      fileOf('{"__metadata__":{"a":1}}'),
      'BadHeader',
      'the header is damaged at character 0: __metadata__ has "a", which is no string',
    ],
    [
      'with null for metadata',
      fileOf('{"__metadata__":null}'),
      'BadHeader',
      'the header is damaged at character 0: __metadata__ is no object',
    ],
    ['with a number for a tensor', fileOf('{"x":1}'), 'BadTensor', '"x" is no JSON object'],
    ['without a dtype', fileOf('{"x":{}}'), 'BadTensor', '"x" has no dtype'],
    ['of an unknown dtype', fileOf(one('"F33"', '[]', '[0,4]'), 4), 'UnknownType', '"x" is of dtype "F33", which the format does not have'],
    [
      'of a dtype that is a key of every object',
      fileOf(one('"toString"', '[]', '[0,4]'), 4),
      'UnknownType',
      '"x" is of dtype "toString", which the format does not have',
    ],
    ['with a negative size', fileOf(one('"U8"', '[-1]', '[0,0]')), 'BadTensor', '"x" has no shape of at most 64 whole numbers'],
    ['with a size of 1.0', fileOf(one('"U8"', '[1.0]', '[0,1]'), 1), 'BadTensor', '"x" has no shape of at most 64 whole numbers'],
    ['with a size of 1e0', fileOf(one('"U8"', '[1e0]', '[0,1]'), 1), 'BadTensor', '"x" has no shape of at most 64 whole numbers'],
    [
      'with a size of 2^53',
      fileOf(one('"U8"', '[9007199254740992,0]', '[0,0]')),
      'BadTensor',
      '"x" has no shape of at most 64 whole numbers',
    ],
    ['with one offset', fileOf(one('"U8"', '[]', '[0]'), 1), 'BadTensor', '"x" has no data_offsets of two whole numbers'],
    ['that ends before it begins', fileOf(one('"U8"', '[0]', '[1,0]'), 1), 'BadTensor', '"x" ends at 0, before it begins at 1'],
    ['that ends past the end', fileOf(one('"U8"', '[2]', '[0,2]'), 1), 'BadTensor', '"x" ends at byte 2 of the data, which has 1'],
    [
      'of a product past 2^53',
      fileOf(one('"U8"', '[4294967296,4294967296,0]', '[0,0]')),
      'BadTensor',
      '"x" has the shape [4294967296, 4294967296, 0], which is past counting',
    ],
    [
      'whose shape is not its length',
      fileOf(one('"F32"', '[2]', '[0,4]'), 4),
      'BadTensor',
      '"x" is F32 [2], 8 bytes, and has 4 from 0 to 4',
    ],
    ['of half a byte', fileOf(one('"F4"', '[1]', '[0,1]'), 1), 'BadTensor', '"x" is F4 [1], 0.5 bytes, and has 1 from 0 to 1'],
    [
      'with an overlap',
      fileOf(`{"a":${entry},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}`, 3),
      'BadTensor',
      '"b" begins at byte 1 of the data, the one before it ends at 2',
    ],
    [
      'with the same bytes twice',
      fileOf(`{"a":${entry},"b":${entry}}`, 2),
      'BadTensor',
      '"b" begins at byte 0 of the data, the one before it ends at 2',
    ],
    [
      'with a hole',
      fileOf(`{"a":${entry},"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}`, 4),
      'BadTensor',
      '"b" begins at byte 3 of the data, the one before it ends at 2',
    ],
    [
      'with a hole in front',
      fileOf(one('"U8"', '[1]', '[1,2]'), 2),
      'BadTensor',
      '"x" begins at byte 1 of the data, the one before it ends at 0',
    ],
    ['with bytes behind', fileOf(`{"a":${entry}}`, 3), 'WrongLength', 'the last tensor ends at byte 63, the file has 64'],
  ])('%s is refused', async (_, file, tag, message) => {
    const error = errorOf(readSafetensors(file))
    expect([error.tag, error.message]).toEqual([tag, `safetensors: ${message}`])
    expect(errorOf(await readSafetensorsHeader(bytesSource(file))())).toEqual(error)
  })
  it('over the limit is refused before it is read', async () => {
    const file = fileOf(`{"a":${entry}}`, 2)
    expect(errorOf(readSafetensors(file, { headerLimit: 20 })).message).toBe(
      'safetensors: the header of 53 bytes is over the limit of 20 bytes',
    )
    const source = { byteLength: 2 ** 40, read: () => async () => E.right(Uint8Array.of(0, 0, 0, 64, 0, 0, 0, 0)) }
    expect(errorOf(await readSafetensorsHeader(source)()).tag).toBe('TooLarge')
  })
  it('and arrays over the limit are refused: half floats count twice', () => {
    const file = fileOf(one('"F16"', '[8]', '[0,16]'), 16)
    expect(E.isRight(readSafetensors(file, { limit: 32 }))).toBe(true)
    expect(errorOf(readSafetensors(file, { limit: 31 })).message).toBe(
      'safetensors: what the tensors take in memory, 32 bytes, is over the limit of 31 bytes',
    )
  })
  it('of a source that gives less than it was asked for is refused', async () => {
    const source = { byteLength: 100, read: () => async () => E.right(new Uint8Array(1)) }
    expect(errorOf(await readSafetensorsFrom(source)()).message).toBe('safetensors: bytes 0 to 8 were asked for, 1 came')
  })
})
