/** Threefry-2x32 with 20 rounds: random bits as a pure function of key and counter (Salmon et al., SC 2011). */

/** A block, a key or a counter: two words of 32 bits, as i32. */
export type Words = readonly [number, number]

/** The block of this key and counter. */
export const threefry = (key: Words, counter: Words): Words => {
  const block = new Int32Array(2)
  encipher(key, counter[0], counter[1], block, 0)
  return [block[0] as number, block[1] as number]
}

/** `count` words: word i is word i % 2 of the block with counter (0, i >> 1). */
export const threefryWords = (key: Words, count: number): Int32Array => {
  const words = new Int32Array(count)
  writeWords(key, 0, words)
  return words
}
/** As many of them as there is room for, from an even one on. */
export const writeWords = (key: Words, from: number, into: Int32Array): void => {
  // of the last block there may be room for one word alone: what is written behind the end is dropped
  for (let i = 0; i < into.length; i += 2) encipher(key, 0, (from + i) >> 1, into, i)
}

/** The third key word is the parity of the other two and this constant. */
const parity = 0x1bd11bda

/**
 * Writes the block of this key and counter. Five groups of four rounds, written out, rotations too: a shuffle draws a block for two
 * samples, weights of a large layer are drawn before an engine has made fast code of this.
 */
export const encipher = (key: ArrayLike<number>, counter0: number, counter1: number, into: Int32Array, at: number): void => {
  let a = (key[0] as number) | 0
  let b = (key[1] as number) | 0
  let c = a ^ b ^ parity
  let x = (counter0 + a) | 0
  let y = (counter1 + b) | 0
  for (let group = 1; group <= 5; group++) {
    if ((group & 1) === 1) {
      x = (x + y) | 0
      y = ((y << 13) | (y >>> 19)) ^ x
      x = (x + y) | 0
      y = ((y << 15) | (y >>> 17)) ^ x
      x = (x + y) | 0
      y = ((y << 26) | (y >>> 6)) ^ x
      x = (x + y) | 0
      y = ((y << 6) | (y >>> 26)) ^ x
    } else {
      x = (x + y) | 0
      y = ((y << 17) | (y >>> 15)) ^ x
      x = (x + y) | 0
      y = ((y << 29) | (y >>> 3)) ^ x
      x = (x + y) | 0
      y = ((y << 16) | (y >>> 16)) ^ x
      x = (x + y) | 0
      y = ((y << 24) | (y >>> 8)) ^ x
    }
    const first = a
    a = b
    b = c
    c = first
    x = (x + a) | 0
    y = (y + b + group) | 0
  }
  into[at] = x
  into[at + 1] = y
}
