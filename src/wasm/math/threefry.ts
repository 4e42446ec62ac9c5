/** Threefry-2x32 with 20 rounds on four blocks at once (Salmon et al., SC 2011): the lanes' twin of graph/threefry.ts. */
import type { Code } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'

/** How far the second word is rotated in each of eight rounds, over and over. */
const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const
const rounds = 20
/** The third key word is the parity of the other two and this constant. */
const parity = 0x1bd11bda

/**
 * Leaves the bits of four elements: element i is word i % 2 of the block with counter (0, i >> 1).
 * The key's words fill vectors; `elements` holds four indices, in any order.
 */
export const emitThreefry = (code: Code, key0: Local, key1: Local, elements: Local): void => {
  const [x, y] = [code.local('v128', 'x'), code.local('v128', 'y')]
  code.get(elements).i32(1).op('i32x4.shr_u').set(y)
  emitThreefryBlocks(code, key0, key1, x, y)
  code.get(y).get(x)
  code.get(elements).i32(31).op('i32x4.shl').i32(31).op('i32x4.shr_s').op('v128.bitselect')
  code.release(x, y)
}

/** Enciphers the blocks with counters (0, y): sets x to their first words and y to their second. Eight words for one price. */
export const emitThreefryBlocks = (code: Code, key0: Local, key1: Local, x: Local, y: Local): void => {
  const key2 = code.local('v128', 'key2')
  const schedule = [key0, key1, key2] as const
  code.get(key0).get(key1).op('v128.xor').v128i(parity).op('v128.xor').set(key2)
  code.get(key0).set(x)
  code.get(y).get(key1).op('i32x4.add').set(y)
  for (let round = 0; round < rounds; round++) {
    emitRound(code, x, y, rotations[round % 8] as number)
    if (round % 4 !== 3) continue
    const injection = (round + 1) / 4
    code
      .get(x)
      .get(schedule[injection % 3] as Local)
      .op('i32x4.add')
      .set(x)
    code
      .get(y)
      .get(schedule[(injection + 1) % 3] as Local)
      .op('i32x4.add')
      .v128i(injection)
      .op('i32x4.add')
      .set(y)
  }
  code.release(key2)
}

/** x += y; y = rotated y, xor x */
const emitRound = (code: Code, x: Local, y: Local, rotation: number): void => {
  code.get(x).get(y).op('i32x4.add').set(x)
  code
    .get(y)
    .i32(rotation)
    .op('i32x4.shl')
    .get(y)
    .i32(32 - rotation)
    .op('i32x4.shr_u')
    .op('v128.or')
  code.get(x).op('v128.xor').set(y)
}
