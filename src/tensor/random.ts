/**
 * Random keys. A key is two words; what is drawn depends on the key and the position of the element alone, so the same
 * key gives the same numbers. All of it is expressions over the `random` op: keys can be split inside a compiled step.
 */
import type { Key } from '../../types/key.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { show } from '../../types/show.ts'
import type { AnyTensor, Tensor } from '../../types/tensor.ts'
import { binary, concat, data, full, random, reshape, slice } from '../graph/expression.ts'
import { isNode } from '../graph/make.ts'
import { type Node, nodeOf, tensorOf } from '../graph/node.ts'

export type { Key } from '../../types/key.ts'

/**
 * A key from a seed, a whole number.
 *
 * @example
 * toArray(key(42).bits) // => [0, 42]
 */
export const key = (seed: number): Key => {
  if (!Number.isSafeInteger(seed)) throw new ShapeError(`key: the seed must be a whole number, got ${String(seed)}`)
  return keyOf(data(Int32Array.of(Math.floor(seed / 2 ** 32), seed), [2], 'i32'))
}

/** Two new keys. */
export const splitKey = (key: Key): readonly [Key, Key] => {
  const bits = random(bitsOf('split', key), [4])
  return [keyOf(slice(bits, [0], [2])), keyOf(slice(bits, [2], [2]))]
}

/**
 * A new key from a key and data: a whole number, a name, or an i32 scalar (the count of a step). Keys of different data
 * are independent of each other and of the old key's numbers.
 *
 * @example
 * foldIn(foldIn(key(0), 3), 'dropout1').bits.shape // => [2]
 */
export const foldIn = (key: Key, data: number | string | Tensor<[], 'i32'>): Key => {
  // The key is hashed before the data enter: else seed 0 at step 5 would be seed 5 at step 0.
  const hashed = random(bitsOf('foldIn', key), [2])
  return keyOf(random(binary('xor', hashed, dataWords(data)), [2]))
}

/** Tells words of numbers from words of names. */
const NUMBER = 0x6e756d62
const dataWords = (data: unknown): Node => {
  if (typeof data === 'string') return words(hash(data, 0x811c9dc5), hash(data, 0x9e3779b9))
  if (Number.isSafeInteger(data)) return words(NUMBER ^ beyond(data as number), data as number)
  if (isNode(data) && data.dtype === 'i32' && data.shape.length === 0) return concat([words(NUMBER), reshape(data, [1])], 0)
  throw new ShapeError(`foldIn: the data must be a whole number, a name or an i32 scalar, got ${describe(data)}`)
}
/** 0 for an i32, which folds in as a tensor of it would; else what the lower word does not tell. */
const beyond = (data: number): number => {
  const upper = Math.floor(data / 2 ** 32)
  return (data | 0) === data ? 0 : data < 0 ? upper : upper + 1
}
const describe = (data: unknown): string => (isNode(data) ? `${data.dtype} ${show(data.shape)}` : String(data))

/** FNV-1a over the code units, 32 bits, from a basis. */
const hash = (text: string, basis: number): number => {
  let bits = basis
  for (let i = 0; i < text.length; i++) bits = Math.imul(bits ^ text.charCodeAt(i), 0x01000193)
  return Math.imul(bits ^ (bits >>> 15), 0x85ebca6b)
}

/** Constants, not data: they stay inside a program. */
const words = (...values: readonly number[]): Node =>
  concat(
    values.map((value) => full([1], value | 0, 'i32')),
    0,
  )
const keyOf = (bits: Node): Key => Object.freeze({ bits: tensorOf<Tensor<[2], 'i32'>>(bits) })
/** The two words of a key. */
export const bitsOf = (op: string, key: Key): Node => {
  const bits = (key as Partial<Key> | undefined)?.bits as AnyTensor | undefined
  if (!isNode(bits)) throw new ShapeError(`${op}: expected a key, got ${String(key)}`)
  return nodeOf(bits as AnyTensor)
}
