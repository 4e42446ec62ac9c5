/**
 * Slicing: a start and an end for each axis, counted from the end when negative; null is the start or end of the axis.
 * Axes that are not spoken of stay whole. What is out of range is a mistake, and not clipped.
 */
import type { Compare, Sub } from './arithmetic.ts'
import type { Dim, Dims, Shape } from './dim.ts'
import { type Say, say } from './say.ts'
import type { SizeFault } from './size.ts'

const outside = 'slice: {start} to {end} is out of range for axis {axis} of {shape}'
const namedSlice = 'slice: axis {axis} of {shape} is named; only null to null takes it, whole'
const unpaired = 'slice: {starts} starts and {ends} ends for {shape}'
const wideBound = 'slice: a start or an end is not a literal'

export type Bound = number | null

type IsWideBound<B> = B extends readonly [infer Head, ...infer Rest]
  ? SizeFault<Head> extends 'wide'
    ? true
    : IsWideBound<Rest>
  : B extends readonly []
    ? false
    : true
export type SliceShape<S extends Shape, From extends readonly unknown[], To extends readonly unknown[]> =
  IsWideBound<From> extends true
    ? typeof wideBound
    : IsWideBound<To> extends true
      ? typeof wideBound
      : From['length'] extends To['length']
        ? Compare<From['length'], S['length']> extends '>'
          ? Say<typeof unpaired, { starts: From['length']; ends: To['length']; shape: S }>
          : Slices<S, From, To, S, []>
        : Say<typeof unpaired, { starts: From['length']; ends: To['length']; shape: S }>
/** `Done` counts the axes. */
type Slices<S, From, To, Whole extends Shape, Done extends Shape> = [From, To] extends [
  readonly [infer F, ...infer Fs],
  readonly [infer T, ...infer Ts],
]
  ? S extends [infer D, ...infer Ds]
    ? [F, T] extends [null, null]
      ? Slices<Ds, Fs, Ts, Whole, [...Done, D]>
      : D extends number
        ? Length<D, F extends number ? FromFront<D, F> : 0, T extends number ? FromFront<D, T> : D> extends infer N extends number
          ? Slices<Ds, Fs, Ts, Whole, [...Done, N]>
          : Say<typeof outside, { start: F extends null ? 0 : F; end: T extends null ? D : T; axis: Done['length']; shape: Whole }>
        : Say<typeof namedSlice, { axis: Done['length']; shape: Whole }>
    : never
  : S extends Shape
    ? [...Done, ...S]
    : never
/** null below 0, and for a fraction. */
type FromFront<D extends number, A extends number> = `${A}` extends `${string}.${string}`
  ? null
  : `${A}` extends `-${infer FromEnd extends number}`
    ? Compare<D, FromEnd> extends '<'
      ? null
      : Sub<D, FromEnd>
    : A
/** null when it is out of range. */
type Length<D extends number, From, To> = From extends number
  ? To extends number
    ? Compare<D, To> extends '<'
      ? null
      : Compare<To, From> extends '<'
        ? null
        : Sub<To, From>
    : null
  : null

/** Where the slice starts and its shape, or the message. */
export const sliceOf = (
  shape: Dims,
  start: readonly Bound[],
  end: readonly Bound[],
): { readonly start: number[]; readonly shape: Dim[] } | string => {
  if (!Array.isArray(start) || !Array.isArray(end) || start.length !== end.length || start.length > shape.length)
    return say(unpaired, { starts: countOf(start), ends: countOf(end), shape })
  const sliced = { start: shape.map(() => 0), shape: [...shape] }
  for (const [axis, from] of start.entries()) {
    const [dim, to] = [shape[axis] as Dim, end[axis] ?? null]
    if (from === null && to === null) continue
    if (typeof dim === 'string') return say(namedSlice, { axis, shape })
    const [first, past] = [fromFront(dim, from ?? 0), fromFront(dim, to ?? dim)]
    if (!(first >= 0 && first <= past && past <= dim)) return say(outside, { start: from ?? 0, end: to ?? dim, axis, shape })
    sliced.start[axis] = first
    sliced.shape[axis] = past - first
  }
  return sliced
}
/** NaN for what is no whole number. */
const fromFront = (dim: number, at: number): number => (Number.isInteger(at) ? (at < 0 ? dim + at : at) : Number.NaN)
const countOf = (bounds: unknown): number => (Array.isArray(bounds) ? bounds.length : 0)
