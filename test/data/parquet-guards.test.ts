/** What hyparquet takes on trust, one lie at a time: each is refused before it gets there. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { decompressors } from '../../src/data/parquet/codecs.ts'
import { checkDeltas, checkRuns } from '../../src/data/parquet/levels.ts'
import { readThrift, writeThrift } from '../../src/data/parquet/thrift.ts'

const unpack = async (codec: number, bytes: readonly number[], length: number): Promise<string> => {
  const got = await decompressors[codec]?.run?.(Uint8Array.from(bytes), length)
  return got === undefined ? 'no codec' : E.isLeft(got) ? got.left : `[${got.right.join()}]`
}

describe('compressed bytes', () => {
  it('of snappy: literals, copies that overlap, and lengths that lie', async () => {
    expect(await unpack(1, [6, 0b100, 7, 8, 0b00001101, 2], 6)).toBe('its compressed bytes are damaged')
    expect(await unpack(1, [6, 0b100, 7, 8, 0b00000001, 2], 6)).toBe('[7,8,7,8,7,8]')
    // a literal whose length is negative where it is read as 32 bits with a sign: hyparquet had not ended after twenty seconds
    expect(await unpack(1, [6, 0b11111100, 0xf0, 0xff, 0xff, 0xff, 1, 2, 3], 6)).toBe('its compressed bytes are damaged')
    expect(await unpack(1, [0xff, 0xff, 0xff, 0xff, 0x0f, 0, 1], 6)).toBe('its compressed bytes are damaged')
  })
  it('of LZ4: a block that ends early is no block of zeros', async () => {
    expect(await unpack(7, [0x20, 7, 8, 2, 0], 6)).toBe('[7,8,7,8,7,8]')
    expect(await unpack(7, [0x20, 7, 8], 6)).toBe('its compressed bytes are damaged')
    expect(await unpack(7, [0xf0, 255, 255, 255], 6)).toBe('its compressed bytes are damaged')
  })
  it('of zstd: a frame of another size, or none', async () => {
    const frame = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 3, 0x19, 0, 0, 7, 8, 9]
    expect(await unpack(6, frame, 3)).toBe('[7,8,9]')
    expect(await unpack(6, frame, 4)).toBe('its compressed bytes are damaged')
    // a run of 128 KB in a page of 3 bytes
    expect(await unpack(6, [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, 0x03, 0x00, 0x10, 7], 3)).toBe('its compressed bytes are damaged')
    expect(await unpack(6, [1, 2, 3, 4, 5, 6, 7, 8, 9], 3)).toBe('its compressed bytes are damaged')
  })
})

describe('streams of a page', () => {
  const runs = (bytes: readonly number[], width: number, count: number, max: number) => () =>
    checkRuns(Uint8Array.from(bytes), width, count, max)
  it('runs end where their page does, and have nothing above the most', () => {
    expect(runs([8, 1, 3, 0b10], 1, 6, 1)()).toEqual({ highest: 5, zeros: 1, first: 1 })
    // two thousand million values in six bytes, which hyparquet would write one by one
    expect(runs([0xfe, 0xff, 0xff, 0xff, 0x0f, 1], 1, 6, 1)).toThrow('a run has more values than its page')
    expect(runs([0xff, 0xff, 0xff, 0xff, 0x0f, 1], 1, 6, 1)).toThrow('a packed run has more values than its page')
    expect(runs([8, 3], 2, 4, 2)).toThrow('a level or an index is 3, the most is 2')
    expect(runs([8], 2, 4, 2)).toThrow('a run is longer than its page')
    expect(runs([], 2, 4, 2)).toThrow('a number has no end')
  })
  it('differences are packed in as many blocks as they say', () => {
    const deltas = [0x80, 0x01, 0x04, 0x03, 0x0a, 0x02, 0, 0, 0, 0]
    expect([...checkDeltas(Uint8Array.from(deltas), 0, 3, 32, true).values]).toEqual([5, 6, 7])
    expect(() => checkDeltas(Uint8Array.from([0x80, 0x01, 0xff, 0xff, 0xff, 0xff, 0x0f, 3, 0]), 0, 3, 32, true)).toThrow(
      'the header of packed differences',
    )
    expect(() => checkDeltas(Uint8Array.from(deltas), 0, 4, 32, true)).toThrow('the header of packed differences')
  })
  it('structures have lists as long as their bytes', () => {
    const bytes = Uint8Array.from(
      writeThrift([
        [1, 7],
        [3, [[2, true]]],
      ]),
    )
    expect(readThrift(bytes, 0).end).toBe(bytes.length)
    expect(() => readThrift(Uint8Array.from([0x19, 0xf5, 0xff, 0xff, 0xff, 0x7f, 0]), 0)).toThrow('is longer than what is left')
    expect(() => readThrift(new Uint8Array(100).fill(0x1c), 0)).toThrow('structures are too deep')
  })
})
