/** Orders of samples: a uniform permutation for every key. */
import type { Key } from '../../types/key.ts'
import { InternalError } from '../graph/internal-error.ts'
import { nodeOf } from '../graph/node.ts'
import { encipher, type Words } from '../graph/threefry.ts'
import { compute } from '../tensor/compute.ts'

/**
 * Writes a permutation of 0 .. length - 1 into `order`, whatever stood there: Fisher and Yates' shuffle (Durstenfeld's form,
 * CACM 7, 1964), every permutation as likely as every other over the two words of the key. It makes no garbage.
 */
export const shuffle = (order: Uint32Array, key: ArrayLike<number>): void => {
  for (let i = 0; i < order.length; i++) order[i] = i
  let next = 0
  for (let bound = order.length; bound > 1; bound--) {
    let drawn = wordAt(key, next++)
    // words that would favour small numbers are drawn again; hardly any is small enough to ask
    while (drawn < bound && drawn < 2 ** 32 % bound) drawn = wordAt(key, next++)
    // of unsigned numbers, which an engine divides as integers
    const j = (drawn % (bound >>> 0)) >>> 0
    const swapped = order[bound - 1] as number
    order[bound - 1] = order[j] as number
    order[j] = swapped
  }
}

/** Words come in pairs: what the last call for an even place left for the odd one. */
const pair = new Int32Array(2)
const wordAt = (key: ArrayLike<number>, i: number): number => {
  if ((i & 1) === 0) encipher(key, 0, i >> 1, pair, 0)
  return (pair[i & 1] as number) >>> 0
}

/** The two words of a key. */
export const wordsOf = (key: Key): Words => {
  const node = nodeOf(compute(key).bits)
  if (node.op !== 'data') throw new InternalError('a key without a value', 'shuffle')
  return [node.attributes.values[0] as number, node.attributes.values[1] as number]
}
