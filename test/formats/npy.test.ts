import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import { type NpyError, readNpy, writeNpy } from '../../src/formats/npy.ts'
import type { StoredArray, StoredType } from '../../src/formats/stored-array.ts'
import { storedArrays } from '../generators/stored-arrays.ts'
import { fromText, golden, heldBy, npyFile } from './numpy.ts'

const errorOf = (result: E.Either<NpyError, StoredArray>): NpyError => {
  if (E.isRight(result)) throw new Error('was read')
  return result.left
}

describe.each(golden)('files of NumPy $versions.numpy', ({ npy, refused, versions }) => {
  it.each(npy)('$name', ({ file, ...described }) => {
    const array = heldBy(described)
    expect(readNpy(fromText(file))).toStrictEqual(E.right(array))
  })
  it.each(npy.filter(({ name }) => !/columns|big-endian|version/.test(name)))('$name, byte for byte', ({ file, ...described }) => {
    if (versions.numpy.startsWith('1.')) return
    const written = writeNpy(heldBy(described))
    expect(E.isRight(written) && Buffer.from(written.right).toString('base64')).toBe(file)
  })
  it.each(Object.entries(refused))('no %s', (_, file) => {
    expect(errorOf(readNpy(fromText(file))).tag).toBe('UnknownType')
  })
  it('and says why', () => {
    const why = (name: string) => errorOf(readNpy(fromText(refused[name] as string))).message
    expect(why('objects')).toBe("npy: elements of type '|O', which are Python objects and may run code, are not read")
    expect(why('records')).toBe('npy: records of several fields are not read')
  })
})

describe('readNpy reads', () => {
  const three = new Uint8Array(12)
  it.each([
    ['long numbers of Python 2', `{'descr': '<f4', 'fortran_order': False, 'shape': (3L,), }`],
    ['double quotes, other spaces, another order, no comma at the end', `{ "shape" :( 3 , ) ,"fortran_order":True, 'descr':"<f4"}   \n`],
  ])('%s', (_, header) => {
    expect(readNpy(npyFile(header, three))).toMatchObject({ right: { type: 'f32', shape: [3] } })
  })
  it('what writeNpy wrote, of every type and shape', () => {
    fc.assert(
      fc.property(storedArrays(), fc.nat(9), (array, offset) => {
        const written = writeNpy(array)
        if (E.isLeft(written)) {
          expect(written.left).toMatchObject({ tag: 'UnknownType', descr: 'bf16' })
          return
        }
        const shifted = new Uint8Array(written.right.length + offset)
        shifted.set(written.right, offset)
        expect(readNpy(shifted.subarray(offset))).toStrictEqual(E.right(array))
      }),
    )
  })
})

describe('readNpy refuses', () => {
  const good = `{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }`
  const data = new Uint8Array(12)
  const refusals: readonly (readonly [string, Uint8Array, NpyError['tag'], string])[] = [
    ['nothing', new Uint8Array(0), 'NotNpy', "npy: the file does not begin with the bytes of NumPy's arrays"],
    [
      'an archive',
      new TextEncoder().encode('PK\u0003\u0004'),
      'NotNpy',
      "npy: the file does not begin with the bytes of NumPy's arrays (a zip archive; readNpz reads those of NumPy)",
    ],
    ['another version', npyFile(good, data, [4, 0]), 'UnknownVersion', 'npy: version 4.0 is none of 1.0, 2.0, 3.0'],
    ['a minor version', npyFile(good, data, [1, 1]), 'UnknownVersion', 'npy: version 1.1 is none of 1.0, 2.0, 3.0'],
    ['a missing byte', npyFile(good, data.subarray(1)), 'WrongLength', 'npy: [3] of f32 ends at byte 79, the file ends at 78'],
    ['a byte too many', npyFile(good, new Uint8Array(13)), 'WrongLength', 'npy: [3] of f32 ends at byte 79, the file ends at 80'],
    [
      'a key that is missing',
      npyFile(`{'descr': '<f4', 'shape': (3,), }`, data),
      'BadHeader',
      "npy: the header is damaged at byte 10: it has no 'fortran_order'",
    ],
    [
      'a key twice',
      npyFile(good.replace('}', `'descr': '<f8', }`), data),
      'BadHeader',
      "npy: the header is damaged at byte 66: it has 'descr' twice",
    ],
    [
      'another key',
      npyFile(good.replace('}', `'__proto__': (), }`), data),
      'BadHeader',
      "npy: the header is damaged at byte 66: it has the key '__proto__', which is none of descr, fortran_order, shape",
    ],
    [
      'code',
      npyFile(good.replace('(3,)', '(__import__("os"),)'), data),
      'BadHeader',
      'npy: the header is damaged at byte 61: expected a size, a whole number from 0',
    ],
    [
      'one size that is no tuple',
      npyFile(good.replace('(3,)', '(3)'), data),
      'BadHeader',
      "npy: the header is damaged at byte 62: one size needs a ',' behind it to be a tuple",
    ],
    [
      'a negative size',
      npyFile(good.replace('3', '-3'), data),
      'BadHeader',
      'npy: the header is damaged at byte 61: expected a size, a whole number from 0',
    ],
    [
      'a fraction',
      npyFile(good.replace('3', '3.0'), data),
      'BadHeader',
      'npy: the header is damaged at byte 61: expected a size, a whole number from 0',
    ],
    [
      'an escape',
      npyFile(good.replace('<f4', '\\x3cf4'), data),
      'BadHeader',
      'npy: the header is damaged at byte 20: expected a text, True, False or a tuple of sizes',
    ],
    [
      'what follows the dict',
      npyFile(`${good} + 1`, data),
      'BadHeader',
      'npy: the header is damaged at byte 68: something follows the dict',
    ],
    ['a header without an end', npyFile(good.slice(0, 30), data), 'BadHeader', 'npy: the header is damaged at byte 27: expected a key'],
    ['no byte order', npyFile(good.replace('<f4', '|f4'), data), 'UnknownType', "npy: elements of type '|f4' are not read"],
    ['a bool that is 2', npyFile(good.replace('<f4', '|b1'), Uint8Array.of(0, 1, 2)), 'BadElement', 'npy: byte 69 is 2, a bool is 0 or 1'],
    [
      'characters beyond ASCII',
      npyFile(good.replace('descr', 'd\u00e9scr'), data),
      'BadHeader',
      'npy: the header (latin1) has the byte 233 at byte 13; arrays of numbers need ASCII alone',
    ],
    [
      'sizes whose product is past counting',
      npyFile(good.replace('3,', '9007199254740991, 9007199254740991'), data),
      'TooLarge',
      'npy: [9007199254740991, 9007199254740991] of f32 is over the limit of 1073741824 bytes',
    ],
    [
      'a size past counting',
      npyFile(good.replace('3,', '9007199254740992,'), data),
      'BadHeader',
      'npy: the header is damaged at byte 61: a size is past counting',
    ],
    [
      'a header that is too long',
      npyFile(good + ' '.repeat(10_000), data),
      'TooLarge',
      'npy: the header has 10057 bytes, at most 10000 are read',
    ],
    [
      '65 axes',
      npyFile(good.replace('3,', '1, '.repeat(65)), data),
      'BadHeader',
      "npy: the header is damaged at byte 10: 'shape' has 65 axes, at most 64 can be",
    ],
  ]
  it.each(refusals)('%s', (_, bytes, tag, message) => {
    expect(readNpy(bytes)).toMatchObject(E.left({ tag, message }))
  })
  it('more than its limit', () => {
    expect(readNpy(npyFile(good, data), { limit: 11 })).toMatchObject(
      E.left({ tag: 'TooLarge', limit: 11, message: 'npy: [3] of f32 is over the limit of 11 bytes' }),
    )
    const halves = npyFile(good.replace('f4', 'f2'), data.subarray(6))
    expect(readNpy(halves, { limit: 11 })).toMatchObject({ left: { tag: 'TooLarge' } })
    expect(readNpy(halves, { limit: 12 })).toMatchObject({ right: { type: 'f16' } })
  })
})

describe('writeNpy refuses', () => {
  const types: readonly StoredType[] = ['f32', 'u8']
  it.each(types)('%s values that are not as many as the shape says', () => {
    const wrong = writeNpy({ type: 'f32', shape: [2, 2], values: new Float32Array(3) })
    expect(wrong).toMatchObject(E.left({ tag: 'WrongLength', message: "npy: an array of the shape [2, 2] can't have 3 elements" }))
    expect(E.isLeft(pipe(writeNpy({ type: 'f32', shape: [-1, -3], values: new Float32Array(3) })))).toBe(true)
  })
})
