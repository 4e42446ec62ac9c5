import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { NpzError } from '../../src/formats/npz/error.ts'
import { readNpz } from '../../src/formats/npz/npz.ts'
import { writeNpz } from '../../src/formats/npz/write.ts'
import type { StoredArray, StoredType } from '../../src/formats/stored-array.ts'
import { storedArrays } from '../generators/stored-arrays.ts'
import { fromText, golden, heldBy } from './numpy.ts'

const types: readonly StoredType[] = ['bool', 'u8', 'i16', 'i64', 'u64', 'f16', 'f32', 'f64']
const archives = fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 6 }), storedArrays(types), { maxKeys: 4 })
const bytesOf = async (arrays: ReadonlyMap<string, StoredArray>, compressed = false): Promise<Uint8Array> => {
  const written = await writeNpz(arrays, { compressed })()
  if (E.isLeft(written)) throw new Error(written.left.message)
  return written.right
}
const errorOf = async (bytes: Uint8Array, options = {}): Promise<NpzError> => {
  const read = await readNpz(bytes, options)()
  if (E.isRight(read)) throw new Error('was read')
  return read.left
}

describe.each(golden)('archives of NumPy $versions.numpy', ({ npz, versions }) => {
  it.each(npz)('$name', async ({ file, arrays }) => {
    const expected = new Map(arrays.map(([name, array]) => [name, heldBy(array)]))
    expect(await readNpz(fromText(file))()).toStrictEqual(E.right(expected))
  })
  it.each(npz.filter(({ name }) => name.endsWith(', savez')))('$name, byte for byte', async ({ file, arrays }) => {
    if (versions.numpy.startsWith('1.')) return
    expect(Buffer.from(await bytesOf(new Map(arrays.map(([name, array]) => [name, heldBy(array)])))).toString('base64')).toBe(file)
  })
})

describe('readNpz', () => {
  it('reads what writeNpz wrote, whatever the names', async () => {
    await fc.assert(
      fc.asyncProperty(archives, fc.boolean(), async (record, compressed) => {
        const arrays = new Map(Object.entries(record))
        const written = await writeNpz(arrays, { compressed })()
        if (E.isLeft(written)) {
          expect(written.left.tag).toBe('BadName')
          return
        }
        expect(await readNpz(written.right)()).toStrictEqual(E.right(arrays))
      }),
    )
  })
  it('keeps __proto__ as a name', async () => {
    const array: StoredArray = { type: 'u8', shape: [], values: Uint8Array.of(1) }
    const read = await readNpz(await bytesOf(new Map([['__proto__', array]])))()
    expect(E.isRight(read) && [...read.right.keys()]).toEqual(['__proto__'])
    expect(({} as { shape?: unknown }).shape).toBeUndefined()
  })
})

describe('readNpz refuses', () => {
  const two = new Map<string, StoredArray>([
    ['x', { type: 'f32', shape: [3], values: Float32Array.of(1, 2, 3) }],
    ['y', { type: 'u8', shape: [2], values: Uint8Array.of(7, 9) }],
  ])
  /** Where the local header and the data of y begin, and the directory with its two entries; see `writeNpz`. */
  const [secondAt, directory, central] = [195, 380, 51]
  const broken = async (change: (bytes: Uint8Array, view: DataView) => Uint8Array | undefined, options = {}): Promise<string> => {
    const bytes = await bytesOf(two)
    return (await errorOf(change(bytes, new DataView(bytes.buffer)) ?? bytes, options)).message
  }
  it('stands where the tests think', async () => {
    const bytes = await bytesOf(two)
    const view = new DataView(bytes.buffer)
    expect(view.getUint32(secondAt, true)).toBe(0x04034b50)
    expect([view.getUint32(directory, true), view.getUint32(directory + central, true)]).toEqual([0x02014b50, 0x02014b50])
  })
  it('what is no archive', async () => {
    expect((await errorOf(new Uint8Array(0))).message).toBe('npz: the file does not begin as a zip archive')
    expect((await errorOf(Uint8Array.from([0x93, 0x4e, 0x55, 0x4d, ...new Uint8Array(30)]))).message).toBe(
      'npz: the file does not begin as a zip archive (one array of NumPy; readNpy reads it)',
    )
  })
  it('bytes behind it, before it, or too few', async () => {
    expect(await broken((bytes) => Uint8Array.from([...bytes, 0]))).toMatch(
      'the end of the directory is not here: the file is cut, or something follows',
    )
    expect(await broken((bytes) => bytes.subarray(0, -1))).toMatch('the end of the directory is not here')
    expect(await broken((bytes) => Uint8Array.from([...bytes.subarray(0, secondAt), ...bytes]))).toMatch(
      'the directory is said to lie from 380 to 482',
    )
  })
  it('encryption, other compressions, several disks, zip64', async () => {
    expect(await broken((_, view) => void view.setUint16(directory + 8, 1, true))).toBe('npz: byte 380: "x.npy" is encrypted')
    expect(await broken((_, view) => void view.setUint16(directory + 8, 0x40, true))).toBe('npz: byte 380: "x.npy" is encrypted')
    expect(await broken((_, view) => void view.setUint16(directory + 10, 12, true))).toBe(
      'npz: byte 380: "x.npy" is compressed by method 12; only stored and deflated ones are read',
    )
    expect(await broken((bytes, view) => void view.setUint16(bytes.length - 18, 1, true))).toMatch('it is one of several disks')
    expect(await broken((_, view) => void view.setUint32(directory + 24, 0xffffffff, true))).toMatch('it is a zip64 archive')
    expect(await broken((bytes, view) => void view.setUint16(bytes.length - 12, 0xffff, true))).toMatch('it is a zip64 archive')
  })
  it('entries that overlap, or headers that disagree', async () => {
    expect(await broken((_, view) => void view.setUint32(directory + central + 42, 0, true))).toMatch('"x.npy" and another entry overlap')
    expect(await broken((_, view) => void view.setUint32(directory + central + 42, secondAt + 1, true))).toMatch('does not end here')
    expect(await broken((bytes) => void bytes.set([0x7a], 30))).toBe(
      'npz: "x.npy" has another name in its own header than in the directory',
    )
    expect(await broken((_, view) => void view.setUint16(6, 0x800, true))).toBe(
      'npz: "x.npy" has other flags in its own header than in the directory',
    )
    expect(await broken((_, view) => void view.setUint16(8, 8, true))).toBe(
      'npz: "x.npy" has another compression in its own header than in the directory',
    )
    expect(await broken((_, view) => void view.setUint32(14, 1, true))).toBe(
      'npz: "x.npy" has another size or checksum in its own header than in the directory',
    )
  })
  it('bytes that were changed', async () => {
    expect(await broken((bytes) => void bytes.set([9], secondAt - 1))).toMatch(
      /^npz: "x.npy" has the checksum \w{8}, the directory says \w{8}$/,
    )
  })
  it('names twice, of no array, or that lead out of a folder', async () => {
    expect(await broken((bytes) => void [bytes.set([0x78], secondAt + 30), bytes.set([0x78], directory + central + 46)])).toBe(
      'npz: "x.npy" is in the archive twice',
    )
    const named = async (name: string): Promise<string> => {
      const array: StoredArray = { type: 'u8', shape: [], values: Uint8Array.of(1) }
      const written = await writeNpz(new Map([[name, array]]))()
      return E.isLeft(written) ? written.left.message : 'was written'
    }
    expect(await named('../x')).toBe('npz: the entry "../x.npy" has a name that leads out of a folder')
    expect(await named('/x')).toMatch('leads out of a folder')
    expect(await named('C:x')).toMatch('leads out of a folder')
    expect(await named('a\\b')).toMatch('a backslash')
    expect(await named('a\0')).toMatch('a control character')
    expect(await named('..a/b..')).toBe('was written')
    expect(await broken((bytes) => void [bytes.set([0x74], 34), bytes.set([0x74], directory + 50)])).toMatch(
      'is no array: its name does not end in .npy',
    )
  })
  it('more entries or more bytes than its limits', async () => {
    expect(await broken(() => undefined, { entries: 1 })).toBe('npz: 2 entries are over the limit of 1')
    expect(await broken(() => undefined, { limit: 200 })).toBe('npz: its entries inflate to 270 bytes, the limit is 200')
  })
  it('a bomb without inflating it', async () => {
    const bytes = await bytesOf(new Map([['zeros', { type: 'u8', shape: [50_000_000], values: new Uint8Array(50_000_000) }]]), true)
    expect((await errorOf(bytes, { limit: 1_000_000 })).message).toBe('npz: its entries inflate to 50000128 bytes, the limit is 1000000')
    const view = new DataView(bytes.buffer)
    const at = bytes.length - 22 - 55
    for (const place of [at + 24, 30 + 9 + 4]) view.setUint32(place, 1000, true)
    const before = process.memoryUsage().arrayBuffers
    expect((await errorOf(bytes, { limit: 1_000_000 })).message).toBe(
      'npz: "zeros.npy" inflates to more than 1000 bytes, the directory says 1000',
    )
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000)
  })
  it('an entry that is no array, with what is wrong with it', async () => {
    const bytes = await bytesOf(new Map([['x', { type: 'bool', shape: [1], values: Uint8Array.of(7) }]]))
    expect((await errorOf(bytes)).message).toBe('npz: "x.npy": npy: byte 128 is 7, a bool is 0 or 1')
  })
})
