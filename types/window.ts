/**
 * How many places windows have along axes: kernels and pools slide by a stride, with holes of a dilation, over a border.
 * `'same'` is TensorFlow's: as many places as strides fit (rounded up), the border's odd element at the end.
 */
import type { Add, Compare, Div, Mul, Sub } from './arithmetic.ts'
import type { Dim, Dims } from './dim.ts'
import { type Say, say } from './say.ts'

const named = "{op}: a window over a named size of {shape} has no size; use padding 'same' and stride 1"
const large = '{op}: {what} {size} is larger than the {whole} {shape}'

/** The border of one axis. */
export type Border = 'same' | 'valid' | readonly [low: number, high: number]
/** One axis of a window; a list of them is a window of several axes. */
export interface Sliding {
  readonly size: number
  readonly stride: number
  readonly dilation: number
  readonly border: Border
}
/** What a message speaks of. */
export interface Spoken {
  readonly op: string
  /** `kernel` or `window`, and its size as it was given. */
  readonly what: string
  readonly size: unknown
  readonly whole: string
  readonly shape: unknown
}

/** The places along each of `Ds`, boxed lists of one entry an axis; or the message. A named size is told before one that is too small. */
export type Places<Ds, Ks, Ts, Ls, Ps, Words> =
  Slide<Ds, Ks, Ts, Ls, Ps> extends infer R
    ? R extends 'named'
      ? Say<typeof named, Words>
      : R extends 'large'
        ? Say<typeof large, Words>
        : R
    : never
type Slide<Ds, Ks, Ts, Ls, Ps, Done extends unknown[] = [], Large = false> = [Ds, Ks, Ts, Ls, Ps] extends [
  [infer D, ...infer Dr],
  readonly [infer K, ...infer Kr],
  readonly [infer T, ...infer Tr],
  readonly [infer L, ...infer Lr],
  readonly [infer P, ...infer Pr],
]
  ? Along<D, K, T, L, P> extends infer R
    ? R extends [infer N]
      ? Slide<Dr, Kr, Tr, Lr, Pr, [...Done, N], Large>
      : R extends 'large'
        ? Slide<Dr, Kr, Tr, Lr, Pr, Done, true>
        : R
    : never
  : Large extends true
    ? 'large'
    : Done
/** Boxed; `'named'` or `'large'` where there is no size. With `'same'` and stride 1 nothing is asked: a type parameter stays itself. */
type Along<D, K, T, L, P> = P extends 'same'
  ? T extends 1
    ? [D]
    : D extends number
      ? [RoundedUp<D, T>]
      : 'named'
  : K extends number
    ? P extends readonly [infer Low extends number, infer High extends number]
      ? Over<D, Mul<Sub<K, 1>, L & number>, T, Add<Low, High>>
      : Over<D, Mul<Sub<K, 1>, L & number>, T, 0>
    : never
/** A window that spans `Beyond + 1` elements, over a border of `Around` elements in all. */
type Over<D, Beyond extends number, T, Around extends number> = [T, Around] extends [1, Beyond]
  ? [D]
  : D extends number
    ? Compare<Add<D, Around>, Beyond> extends '>'
      ? [Add<Div<Sub<Add<D, Around>, Add<Beyond, 1>>, T & number>, 1>]
      : 'large'
    : 'named'
type RoundedUp<D extends number, T> = Div<Add<D, Sub<T & number, 1>>, T & number>

/** A pair for two axes, from a pair or from one value for both. */
export type Both<X> = X extends readonly unknown[] ? X : [X, X]
/** The border of each of two axes. */
export type Borders2d<P> = P extends readonly unknown[] ? P : P extends number ? [[P, P], [P, P]] : [P, P]
/** The border of one axis, as a list of one. */
export type Borders1d<P> = P extends readonly unknown[] ? [P] : P extends number ? [[P, P]] : [P]

/** The places along each dim, or the message. */
export const places = (dims: Dims, windows: readonly Sliding[], words: Spoken): Dims | string => {
  const all = dims.map((dim, i) => along(dim, windows[i] as Sliding))
  if (all.includes('named')) return say(named, { ...words })
  if (all.includes('large')) return say(large, { ...words })
  return all.map((each) => (each as { readonly dim: Dim }).dim)
}
const along = (dim: Dim, { size, stride, dilation, border }: Sliding): { readonly dim: Dim } | 'named' | 'large' => {
  if (border === 'same' && stride === 1) return { dim }
  if (border === 'same') return typeof dim === 'string' ? 'named' : { dim: Math.ceil(dim / stride) }
  const beyond = (size - 1) * dilation
  const around = border === 'valid' ? 0 : border[0] + border[1]
  if (stride === 1 && around === beyond) return { dim }
  if (typeof dim === 'string') return 'named'
  return dim + around > beyond ? { dim: Math.floor((dim + around - beyond - 1) / stride) + 1 } : 'large'
}

/** The elements of the border before and after a dim. */
export const borderOf = (dim: Dim, { size, stride, dilation, border }: Sliding): readonly [low: number, high: number] => {
  if (border === 'valid') return [0, 0]
  if (border !== 'same') return border
  const beyond = (size - 1) * dilation
  const around = typeof dim === 'string' || stride === 1 ? beyond : Math.max(0, (Math.ceil(dim / stride) - 1) * stride + beyond + 1 - dim)
  return [Math.floor(around / 2), Math.ceil(around / 2)]
}
