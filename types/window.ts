/**
 * How many places windows have along axes: kernels and pools slide by a stride, with holes of a dilation, over a border.
 * `'same'` is TensorFlow's: as many places as strides fit (rounded up), the border's odd element at the end.
 */
import type { Add, Compare, Div, Mod, Mul, Sub } from './arithmetic.ts'
import type { Dim, Dims } from './dim.ts'
import { type Say, say } from './say.ts'

const named = "{op}: a window over a named size of {shape} has no size; use padding 'same' and stride 1"
const long = '{op}: windows over {shape} reach 2^53 elements or more'
const nothing = '{op}: the padding leaves nothing of {shape}'
export const large = '{op}: {what} {size} is larger than the {whole} {shape}'

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

/**
 * The places along each of `Ds`, lists of one entry an axis; or the message. A named size is told before a sum that has no size,
 * that before an image that is too small.
 */
export type Places<Ds, Ks, Ts, Ls, Ps, Words> =
  Slide<Ds, Ks, Ts, Ls, Ps> extends infer R
    ? [R] extends [unknown[]]
      ? R
      : 'named' extends R
        ? Say<typeof named, Words>
        : 'long' extends R
          ? Say<typeof long, Words>
          : Say<typeof large, Words>
    : never
/** Boxed, or the marks of the axes that have no places. */
type Slide<Ds, Ks, Ts, Ls, Ps, Done extends unknown[] = [], Marks = never> = [Ds, Ks, Ts, Ls, Ps] extends [
  [infer D, ...infer Dr],
  readonly [infer K, ...infer Kr],
  readonly [infer T, ...infer Tr],
  readonly [infer L, ...infer Lr],
  readonly [infer P, ...infer Pr],
]
  ? Along<D, K, T, L, P> extends infer R
    ? R extends [infer N]
      ? Slide<Dr, Kr, Tr, Lr, Pr, [...Done, N], Marks>
      : Slide<Dr, Kr, Tr, Lr, Pr, Done, Marks | R>
    : never
  : [Marks] extends [never]
    ? Done
    : Marks
/** With `'same'` and stride 1 nothing is asked of the dim: a type parameter stays itself. */
type Along<D, K, T, L, P> = P extends 'same'
  ? T extends 1
    ? [D]
    : D extends number
      ? [RoundedUp<D, T & number>]
      : 'named'
  : P extends readonly [infer Low extends number, infer High extends number]
    ? Over<D, Mul<Sub<K & number, 1>, L & number>, T, Add<Low, High>>
    : Over<D, Mul<Sub<K & number, 1>, L & number>, T, 0>
/** A window that spans `Beyond + 1` elements, over a border of `Around` elements in all. */
type Over<D, Beyond extends number, T, Around extends number> = [Beyond] extends [never]
  ? 'long'
  : [Around] extends [never]
    ? 'long'
    : [T, Around] extends [1, Beyond]
      ? [D]
      : D extends number
        ? Within<Add<D, Around>, Beyond, T & number>
        : 'named'
type Within<N extends number, Beyond extends number, T extends number> = [N] extends [never]
  ? 'long'
  : Compare<N, Beyond> extends '>'
    ? [Add<Div<Sub<N, Add<Beyond, 1>>, T>, 1>]
    : 'large'
type RoundedUp<D extends number, T extends number> = Mod<D, T> extends 0 ? Div<D, T> : Add<Div<D, T>, 1>

/**
 * The other way round: how long axes are whose windows have `Ds` places, the places of a window added up where they overlap. With
 * `'same'` a place has as many elements as the stride.
 */
export type Spread<Ds, Ks, Ts, Ls, Ps, Words> =
  SpreadAll<Ds, Ks, Ts, Ls, Ps> extends infer R
    ? [R] extends [unknown[]]
      ? R
      : 'named' extends R
        ? Say<typeof named, Words>
        : 'long' extends R
          ? Say<typeof long, Words>
          : Say<typeof nothing, Words>
    : never
type SpreadAll<Ds, Ks, Ts, Ls, Ps, Done extends unknown[] = [], Marks = never> = [Ds, Ks, Ts, Ls, Ps] extends [
  [infer D, ...infer Dr],
  readonly [infer K, ...infer Kr],
  readonly [infer T, ...infer Tr],
  readonly [infer L, ...infer Lr],
  readonly [infer P, ...infer Pr],
]
  ? SpreadAlong<D, K, T, L, P> extends infer R
    ? R extends [infer N]
      ? SpreadAll<Dr, Kr, Tr, Lr, Pr, [...Done, N], Marks>
      : SpreadAll<Dr, Kr, Tr, Lr, Pr, Done, Marks | R>
    : never
  : [Marks] extends [never]
    ? Done
    : Marks
type SpreadAlong<D, K, T, L, P> = P extends 'same'
  ? T extends 1
    ? [D]
    : D extends number
      ? [Mul<D, T & number>] extends [never]
        ? 'long'
        : [Mul<D, T & number>]
      : 'named'
  : P extends readonly [infer Low extends number, infer High extends number]
    ? SpreadOver<D, Mul<Sub<K & number, 1>, L & number>, T, Add<Low, High>>
    : SpreadOver<D, Mul<Sub<K & number, 1>, L & number>, T, 0>
type SpreadOver<D, Beyond extends number, T, Around extends number> = [Beyond] extends [never]
  ? 'long'
  : [Around] extends [never]
    ? 'long'
    : [T, Around] extends [1, Beyond]
      ? [D]
      : D extends number
        ? Left<Add<Mul<D, T & number>, Beyond>, Add<Sub<T & number, 1>, Around>>
        : 'named'
/** What lies between the first window's begin and the last one's end, without the border. */
type Left<Whole extends number, Less extends number> = [Whole] extends [never]
  ? 'long'
  : [Less] extends [never]
    ? 'long'
    : Compare<Whole, Less> extends '>'
      ? [Sub<Whole, Less>]
      : 'nothing'

/** A pair for two axes, from a pair or from one value for both. */
export type Both<X> = X extends readonly unknown[] ? X : [X, X]
/** The border of each of two axes. */
export type Borders2d<P> = P extends readonly unknown[] ? P : P extends number ? [[P, P], [P, P]] : [P, P]
/** The border of one axis, as a list of one. */
export type Borders1d<P> = P extends number ? [[P, P]] : [P]

/** The places along each dim, or the message. */
export const places = (dims: Dims, windows: readonly Sliding[], words: Spoken): Dims | string => {
  const all = dims.map((dim, i) => along(dim, windows[i] as Sliding))
  const mark = (['named', 'long', 'large'] as const).find((each) => all.includes(each))
  return mark === undefined ? all.map((each) => (each as { readonly dim: Dim }).dim) : say(sentences[mark], { ...words })
}
const sentences = { named, long, large }
const along = (dim: Dim, { size, stride, dilation, border }: Sliding): { readonly dim: Dim } | keyof typeof sentences => {
  if (border === 'same' && stride === 1) return { dim }
  if (border === 'same') return typeof dim === 'string' ? 'named' : { dim: Math.ceil(dim / stride) }
  const beyond = (size - 1) * dilation
  const around = border === 'valid' ? 0 : border[0] + border[1]
  if (!Number.isSafeInteger(beyond) || !Number.isSafeInteger(around)) return 'long'
  if (stride === 1 && around === beyond) return { dim }
  if (typeof dim === 'string') return 'named'
  if (!Number.isSafeInteger(dim + around)) return 'long'
  return dim + around > beyond ? { dim: Math.floor((dim + around - beyond - 1) / stride) + 1 } : 'large'
}

/** How long axes are whose windows have these places, or the message: the twin of `Spread`. */
export const spread = (dims: Dims, windows: readonly Sliding[], words: Spoken): Dims | string => {
  const all = dims.map((dim, i) => spreadAlong(dim, windows[i] as Sliding))
  const mark = (['named', 'long', 'nothing'] as const).find((each) => all.includes(each))
  return mark === undefined ? all.map((each) => (each as { readonly dim: Dim }).dim) : say(spreadSentences[mark], { ...words })
}
const spreadSentences = { named, long, nothing }
const spreadAlong = (dim: Dim, { size, stride, dilation, border }: Sliding): { readonly dim: Dim } | keyof typeof spreadSentences => {
  if (border === 'same' && stride === 1) return { dim }
  if (border === 'same') return typeof dim === 'string' ? 'named' : Number.isSafeInteger(dim * stride) ? { dim: dim * stride } : 'long'
  const beyond = (size - 1) * dilation
  const around = border === 'valid' ? 0 : border[0] + border[1]
  if (!Number.isSafeInteger(beyond) || !Number.isSafeInteger(around)) return 'long'
  if (stride === 1 && around === beyond) return { dim }
  if (typeof dim === 'string') return 'named'
  const [whole, less] = [dim * stride + beyond, stride - 1 + around]
  if (!Number.isSafeInteger(whole) || !Number.isSafeInteger(less)) return 'long'
  return whole > less ? { dim: whole - less } : 'nothing'
}

/** The elements of the border before and after a dim. */
export const borderOf = (dim: Dim, { size, stride, dilation, border }: Sliding): readonly [low: number, high: number] => {
  if (border === 'valid') return [0, 0]
  if (border !== 'same') return border
  const beyond = (size - 1) * dilation
  const around = typeof dim === 'string' || stride === 1 ? beyond : Math.max(0, (Math.ceil(dim / stride) - 1) * stride + beyond + 1 - dim)
  return [Math.floor(around / 2), Math.ceil(around / 2)]
}
