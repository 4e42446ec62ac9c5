/** Orders of samples: a uniform permutation for every key. */
import type { Key } from '../../types/key.ts'
import { InternalError } from '../graph/internal-error.ts'
import { nodeOf } from '../graph/node.ts'
import { threefryWords, type Words } from '../graph/threefry.ts'
import { compute } from '../tensor/compute.ts'

/**
 * Writes a permutation of 0 .. length - 1 into `order`, whatever stood there: Fisher and Yates' shuffle (Durstenfeld's form,
 * CACM 7, 1964), every permutation as likely as every other over the words of the key.
 */
export const shuffle = (order: Uint32Array, key: Words): void => {
  for (let i = 0; i < order.length; i++) order[i] = i
  const below = wholeNumbers(key, order.length)
  for (let i = order.length - 1; i > 0; i--) {
    const j = below(i + 1)
    const swapped = order[i] as number
    order[i] = order[j] as number
    order[j] = swapped
  }
}

/** The two words of a key. */
export const wordsOf = (key: Key): Words => {
  const node = nodeOf(compute(key).bits)
  if (node.op !== 'data') throw new InternalError('a key without a value', 'shuffle')
  return [node.attributes.values[0] as number, node.attributes.values[1] as number]
}

/** Whole numbers from 0 to below a bound: words that would favour the small ones are drawn again. */
const wholeNumbers = (key: Words, expected: number): ((bound: number) => number) => {
  let words = threefryWords(key, expected + 16)
  let next = 0
  const word = (): number => {
    if (next === words.length) words = threefryWords(key, 2 * words.length)
    return (words[next++] as number) >>> 0
  }
  return (bound) => {
    const surplus = 2 ** 32 % bound
    let drawn = word()
    while (drawn < surplus) drawn = word()
    return drawn % bound
  }
}
