/** Splitting along an axis: into a number of equal parts, or into parts of given sizes. The axis has a size, not a name. */
import type { Add, Compare, Div, Mod } from './arithmetic.ts'
import { type Axis, type AxisMessage, axisMessage, axisOf, type SetAt, type wideAxis } from './axis.ts'
import type { Dims, Shape } from './dim.ts'
import type { IsWide } from './reduce.ts'
import type { Same } from './same.ts'
import { type Say, say } from './say.ts'
import { badSize, type SizeFault, type SizeMessage, sizeFault, sizeMessage } from './size.ts'

const wideParts = 'split: a number or a size of parts is not a literal'
const namedSplit = 'split: axis {axis} of {shape} is named, and a part of a name has no size'
const badCount = 'split: the number of parts must be from 1 to 512, got {count}'
const unequal = 'split: axis {axis} of {shape} does not divide into {count} equal parts'
export const twoKeys = 'split: a key gives two keys; for more write foldIn(key, i)'
const otherSum = 'split: the sizes {sizes} do not add up to axis {axis} of {shape}'
/** A tuple of more has no end for a compiler. */
const most = 512

/** The number of equal parts, or the size of each. */
export type Parts = number | readonly number[]

/** The shape of each part in a tuple, or the message. */
export type SplitShapes<S extends Shape, P, A extends number> =
  SizeFault<A> extends 'wide'
    ? Say<typeof wideAxis, { op: 'split' }>
    : IsWide<P> extends true
      ? typeof wideParts
      : Axis<S, A> extends [infer X extends number]
        ? S[X] extends infer N extends number
          ? P extends readonly unknown[]
            ? BySizes<S, X, N, P, P, A>
            : ByCount<S, X, N, P & number, A>
          : Say<typeof namedSplit, { axis: A; shape: S }>
        : AxisMessage<'split', S, A>
type ByCount<S extends Shape, X extends number, N extends number, P extends number, A> =
  IsCount<P> extends true
    ? Mod<N, P> extends 0
      ? Repeat<SetAt<S, X, Div<N, P>>, P>
      : Say<typeof unequal, { axis: A; shape: S; count: P }>
    : Say<typeof badCount, { count: P }>
type IsCount<P extends number> = SizeFault<P> extends null ? (P extends 0 ? false : Compare<P, 512> extends '>' ? false : true) : false
type Repeat<Part, P extends number, Done extends unknown[] = []> = Done['length'] extends P ? Done : Repeat<Part, P, [...Done, Part]>
type BySizes<S extends Shape, X extends number, N, Sizes, Whole, A, Sum extends number = 0> = Sizes extends readonly [
  infer Head extends number,
  ...infer Rest,
]
  ? SizeFault<Head> extends null
    ? BySizes<S, X, N, Rest, Whole, A, Add<Sum, Head>>
    : SizeMessage<'split', Head>
  : Same<Sum, N> extends true
    ? { -readonly [I in keyof Whole]: SetAt<S, X, Whole[I]> }
    : Say<typeof otherSum, { sizes: Whole; axis: A; shape: S }>

/** The size of each part, and the axis counted from the front; or the message. */
export const splitOf = (shape: Dims, parts: Parts, axis: number): { readonly sizes: readonly number[]; readonly axis: number } | string => {
  const at = axisOf(shape, axis)
  if (at === null) return axisMessage('split', shape, axis)
  const whole = shape[at]
  if (typeof whole !== 'number') return say(namedSplit, { axis, shape })
  const sizes = typeof parts === 'number' ? equalSizes(shape, whole, parts, axis) : givenSizes(shape, whole, parts, axis)
  return typeof sizes === 'string' ? sizes : { sizes, axis: at }
}
const equalSizes = (shape: Dims, whole: number, count: number, axis: number): readonly number[] | string => {
  if (sizeFault(count) !== null || count === 0 || count > most) return say(badCount, { count })
  return whole % count === 0 ? Array.from({ length: count }, () => whole / count) : say(unequal, { axis, shape, count })
}
const givenSizes = (shape: Dims, whole: number, sizes: readonly number[], axis: number): readonly number[] | string => {
  for (const size of sizes) {
    if (typeof size !== 'number') return say(badSize, { op: 'split', size })
    if (sizeFault(size) !== null) return sizeMessage('split', size) as string
  }
  return sizes.reduce((sum, size) => sum + size, 0) === whole ? sizes : say(otherSum, { sizes, axis, shape })
}
