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
  const words = new Int32Array(count + (count % 2))
  for (let i = 0; i < count; i += 2) encipher(key, 0, i >> 1, words, i)
  return words.subarray(0, count)
}

/** How far the second word is rotated in each of eight rounds, over and over. */
const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const
/** The third key word is the parity of the other two and this constant. */
const parity = 0x1bd11bda

const encipher = (key: Words, counter0: number, counter1: number, into: Int32Array, at: number): void => {
  const schedule = [key[0], key[1], key[0] ^ key[1] ^ parity] as const
  let x = (counter0 + key[0]) | 0
  let y = (counter1 + key[1]) | 0
  for (let round = 0; round < 20; round++) {
    const rotation = rotations[round % 8] as number
    x = (x + y) | 0
    y = ((y << rotation) | (y >>> (32 - rotation))) ^ x
    if (round % 4 !== 3) continue
    const injection = (round + 1) / 4
    x = (x + (schedule[injection % 3] as number)) | 0
    y = (y + (schedule[(injection + 1) % 3] as number) + injection) | 0
  }
  into[at] = x
  into[at + 1] = y
}
