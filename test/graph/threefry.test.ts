import { describe, expect, it } from 'vitest'
import { threefry, threefryWords, type Words } from '../../src/graph/threefry.ts'

/** Known answers, published with the Random123 library (`tests/kat_vectors`, threefry2x32 20). */
const known: readonly (readonly [counter: Words, key: Words, block: Words])[] = [
  [
    [0, 0],
    [0, 0],
    [0x6b200159, 0x99ba4efe],
  ],
  [
    [0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x1cb996fc, 0xbb002be7],
  ],
  [
    [0x243f6a88, 0x85a308d3],
    [0x13198a2e, 0x03707344],
    [0xc4923a9c, 0x483df7a0],
  ],
]

describe('threefry', () => {
  it('gives the published blocks', () => {
    for (const [counter, key, block] of known) expect(threefry(key, counter).map((word) => word >>> 0)).toEqual(block)
  })

  it('counts blocks, two words each, and cuts an odd count short', () => {
    const key = [7, -9] as const
    const blocks = [0, 1, 2].flatMap((i) => threefry(key, [0, i]))
    expect([...threefryWords(key, 6)]).toEqual(blocks)
    expect([...threefryWords(key, 5)]).toEqual(blocks.slice(0, 5))
    expect(threefryWords(key, 0)).toHaveLength(0)
  })
})
