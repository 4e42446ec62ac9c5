/** Elements for leaves: tame ones, wide ones, and the extremes of each dtype. */

import { allocate, type Value } from '../../src/graph/evaluate/value.ts'
import type { Elements } from '../../src/graph/op.ts'
import { threefryWords } from '../../src/graph/threefry.ts'
import type { DType } from '../../types/dim.ts'

/** `tame` is exact and harmless to every op; `extreme` mixes infinities, NaN, both zeros and the ends of the range into the rest. */
export type Kind = 'tame' | 'small' | 'whole' | 'wide' | 'extreme'
export const kinds: readonly Kind[] = ['tame', 'small', 'small', 'small', 'whole', 'whole', 'wide', 'extreme']

/** Elements that depend on the seed alone. */
export const drawn = (dtype: DType, shape: readonly number[], kind: Kind, seed: number): Value => {
  const length = shape.reduce((product, n) => product * n, 1)
  const words = threefryWords([seed, 0], 2 * length)
  const element = elements[dtype][kind]
  const values = allocate(dtype, shape)
  for (let i = 0; i < length; i++) values[i] = element((words[2 * i] as number) >>> 0, (words[2 * i + 1] as number) >>> 0)
  return { dtype, shape, values }
}

type Element = (word: number, other: number) => number

/** In [0, 1) */
const unit = (word: number): number => word / 2 ** 32
const from = (items: readonly number[], word: number): number => items[word % items.length] as number

const f32Extremes = [0, -0, 1, -1, 2 ** -149, -(2 ** -126), 3.4028234663852886e38, -3.4028234663852886e38, 1e30, 16777217].map(Math.fround)
const notFinite = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]
const i32Extremes = [0, 1, -1, 31, 32, 33, 2147483647, -2147483648, 65537, -65536]

const small: Element = (word) => Math.fround(4 * unit(word) - 2)
const wholeF32: Element = (word) => (word % 17) - 8
const bool: Element = (word) => word % 2
const wholeI32: Element = (word) => (word % 21) - 10

const elements: { readonly [D in DType]: { readonly [K in Kind]: Element } } = {
  f32: {
    tame: (word) => 1 + (word % 64) / 64,
    small,
    whole: wholeF32,
    wide: (word, other) => Math.fround((word % 2 === 0 ? 1 : -1) * 2 ** (24 * unit(other) - 12)),
    extreme: (word, other) => (other % 3 === 0 ? small(word, other) : from([...f32Extremes, ...notFinite], word)),
  },
  i32: {
    tame: (word) => 1 + (word % 5),
    small: wholeI32,
    whole: wholeI32,
    wide: (word) => word | 0,
    extreme: (word) => from(i32Extremes, word),
  },
  bool: { tame: bool, small: bool, whole: bool, wide: bool, extreme: bool },
}

/** The elements as a program holds them. */
export const elementsOf = ({ values }: Value): Elements => (values instanceof Float64Array ? Float32Array.from(values) : values)
