/** Tiling: each axis repeated, aligned from the last as in NumPy; an axis that one side lacks is 1. A name has no size to repeat. */
import type { Mul } from './arithmetic.ts'
import type { Dim, Dims, Shape } from './dim.ts'
import type { IsWide } from './reduce.ts'
import { type Say, say } from './say.ts'
import { badSize, type LongMessage, type SizeFault, type SizeMessage, sizeFault, sizeMessage, tooLong } from './size.ts'

const wideRepeats = 'tile: a number of repeats is not a literal'
const namedTile = "tile: '{name}' of {shape} is a name; its repeats must be 1, got {count}"

export type TileShape<S extends Shape, R extends readonly unknown[]> =
  IsWide<R> extends true
    ? typeof wideRepeats
    : RepeatsFault<R> extends infer E extends string
      ? E
      : Aligned<S, R> extends [infer Dims, infer Counts]
        ? Tiled<Dims, Counts, S>
        : never
/** The message for the first that is no size, or null. */
type RepeatsFault<R> = R extends readonly [infer Head, ...infer Rest]
  ? SizeFault<Head> extends null
    ? RepeatsFault<Rest>
    : SizeMessage<'tile', Head>
  : null
/** Dims and repeats, as many of one as of the other. */
type Aligned<S, R, Dims extends Shape = [], Counts extends Shape = []> = S extends [...infer Ds extends Shape, infer D]
  ? R extends readonly [...infer Cs extends Shape, infer C]
    ? Aligned<Ds, Cs, [D, ...Dims], [C, ...Counts]>
    : Aligned<Ds, [], [D, ...Dims], [1, ...Counts]>
  : R extends readonly [...infer Cs extends Shape, infer C]
    ? Aligned<[], Cs, [1, ...Dims], [C, ...Counts]>
    : [Dims, Counts]
/** A dim is asked what it is where it is repeated, and only there: so a batch dim that is a type parameter resolves. */
type Tiled<S, R, Whole, Done extends Shape = []> = [S, R] extends [[infer D, ...infer Ds], [infer C, ...infer Cs]]
  ? C extends 1
    ? Tiled<Ds, Cs, Whole, [...Done, D]>
    : [D, C] extends [infer N extends number, infer M extends number]
      ? [Mul<N, M>] extends [never]
        ? LongMessage<'tile', Done['length'], N>
        : Tiled<Ds, Cs, Whole, [...Done, Mul<N, M>]>
      : Say<typeof namedTile, { name: D; shape: Whole; count: C }>
  : Done

/** Dims and repeats, as many of one as of the other, and the shape; or the message. */
export const tileOf = (
  shape: Dims,
  repeats: readonly number[],
): { readonly dims: Dims; readonly repeats: readonly number[]; readonly shape: Dims } | string => {
  for (const count of repeats) {
    if (typeof count !== 'number') return say(badSize, { op: 'tile', size: count })
    if (sizeFault(count) !== null) return sizeMessage('tile', count) as string
  }
  const rank = Math.max(shape.length, repeats.length)
  const [dims, counts] = [aligned<Dim>(shape, rank), aligned(repeats, rank)]
  const tiled: Dim[] = []
  for (const [axis, dim] of dims.entries()) {
    const count = counts[axis] as number
    if (typeof dim === 'string' && count !== 1) return say(namedTile, { name: dim, shape, count })
    const size = typeof dim === 'string' ? dim : dim * count
    if (typeof size === 'number' && sizeFault(size) !== null) return say(tooLong, { op: 'tile', axis })
    tiled.push(size)
  }
  return { dims, repeats: counts, shape: tiled }
}
const aligned = <T extends Dim>(list: readonly T[], rank: number): readonly (T | 1)[] => [
  ...Array.from({ length: rank - list.length }, (): 1 => 1),
  ...list,
]
