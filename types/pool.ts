/** Pooling over sequences `[..., t, c]` and images `[..., h, w, c]`: one value a window and channel, or one a channel. */
import type { Compare } from './arithmetic.ts'
import type { Dim, Dims, DType, Shape } from './dim.ts'
import type { OperationFn } from './operation.ts'
import { type UnknownMessage, unknownMessage } from './options.ts'
import { type Say, say } from './say.ts'
import { type Borders1d, type Borders2d, type Both, type Places, places, type Sliding } from './window.ts'
import {
  bordersOf,
  type CountMessage,
  countMessage,
  countsOf,
  type First,
  type OptionMessage,
  type OptionOf,
  type Padding1d,
  type Padding2d,
  type PaddingMessage,
  paddingMessage,
  type RecordMessage,
  recordMessage,
} from './window-options.ts'

const noImage = '{op}: expected {layout}, got {shape}'
const wideBorder = '{op}: padding {padding} is not smaller than the window {size}'

/** Window K, stride T, padding P. */
export interface Pool1d<Op extends string, K, T, P> extends OperationFn {
  kind: Op
  out: Pool1dShape<Op, this['in'], K, T, P>
  wholeOut: Pool1dOnShape<Op, this['whole'], K, T, P>
}
export interface Pool2d<Op extends string, K, T, P> extends OperationFn {
  kind: Op
  out: Pool2dShape<Op, this['in'], K, T, P>
  wholeOut: Pool2dOnShape<Op, this['whole'], K, T, P>
}
/** Over all of a sequence. */
export interface GlobalPool1d<Op extends string> extends OperationFn {
  kind: Op
  out: Global1dShape<Op, this['in']>
  wholeOut: Global1dOnShape<Op, this['whole']>
}
/** Over all of an image. */
export interface GlobalPool2d<Op extends string> extends OperationFn {
  kind: Op
  out: GlobalShape<Op, this['in']>
  wholeOut: GlobalOnShape<Op, this['whole']>
}
/** An operation that could not be made: it says why to what it is given. */
export interface RefusedPool<Op extends string, Message extends string> extends OperationFn {
  kind: Op
  takes: DType
  onto: DType
  out: Message
  wholeOut: Message
}

export type Pool1dShape<Op, S, K, T, P> = S extends [infer X, infer C]
  ? WithChannels<Places<[X], [K], [T], [1], Borders1d<P>, { op: Op; what: 'window'; size: K; whole: 'sequence'; shape: S }>, C>
  : Say<typeof noImage, { op: Op; layout: '[t, c]'; shape: S }>
export type Pool2dShape<Op, S, K, T, P> = S extends [infer H, infer W, infer C]
  ? WithChannels<Places<[H, W], Both<K>, Both<T>, [1, 1], Borders2d<P>, { op: Op; what: 'window'; size: K; whole: 'image'; shape: S }>, C>
  : Say<typeof noImage, { op: Op; layout: '[h, w, c]'; shape: S }>
type WithChannels<R, C> = R extends Shape ? [...R, C] : R
export type Pool1dOnShape<Op, S, K, T, P> = S extends [...infer Lead, infer X, infer C]
  ? After<Lead, Pool1dShape<Op, [X, C], K, T, P>>
  : Say<typeof noImage, { op: Op; layout: '[..., t, c]'; shape: S }>
export type Pool2dOnShape<Op, S, K, T, P> = S extends [...infer Lead, infer H, infer W, infer C]
  ? After<Lead, Pool2dShape<Op, [H, W, C], K, T, P>>
  : Say<typeof noImage, { op: Op; layout: '[..., h, w, c]'; shape: S }>
type After<Lead extends Shape, R> = R extends Shape ? [...Lead, ...R] : R
export type Global1dShape<Op, S> = S extends [infer _, infer C] ? [C] : Say<typeof noImage, { op: Op; layout: '[t, c]'; shape: S }>
export type Global1dOnShape<Op, S> = S extends [...infer Lead, infer _, infer C]
  ? [...Lead, C]
  : Say<typeof noImage, { op: Op; layout: '[..., t, c]'; shape: S }>
export type GlobalShape<Op, S> = S extends [infer _, infer __, infer C]
  ? [C]
  : Say<typeof noImage, { op: Op; layout: '[h, w, c]'; shape: S }>
export type GlobalOnShape<Op, S> = S extends [...infer Lead, infer _, infer __, infer C]
  ? [...Lead, C]
  : Say<typeof noImage, { op: Op; layout: '[..., h, w, c]'; shape: S }>

/** The options with their defaults: the stride of a pool is its window, so that windows lie side by side. */
export type StrideOf<O, K> = OptionOf<O, 'stride', K, number>
export type PaddingOf<O> = OptionOf<O, 'padding', 'valid', string>
/** The message for a window and its options, or null. `Borders` are those of the padding, one an axis; `Ks` the sizes. */
export type PoolMessage<Op extends string, K, O, Known, Borders, Ks> = First<
  [
    UnknownMessage<Op, O, Known>,
    CountMessage<Op, 'the size', K>,
    CountMessage<Op, 'stride', StrideOf<O, K>>,
    PaddingMessage<Op, PaddingOf<O>>,
    BorderMessage<Op, Borders, Ks>,
  ]
>
/** The message for what is not even of the type of a window and its options. */
export type WrongPoolMessage<
  Op extends string,
  K,
  O,
  Rest,
  Options extends { readonly stride?: unknown; readonly padding?: unknown },
  Size,
> = First<
  [
    RecordMessage<Op, O, Rest, typeof example>,
    UnknownMessage<Op, O, keyof Options>,
    OptionMessage<Op, { 'the size': Size }, { 'the size': K }, 'the size', CountMessage<Op, 'the size', K>>,
    OptionMessage<Op, Options, O, 'stride', CountMessage<Op, 'stride', StrideOf<O, K>>>,
    OptionMessage<Op, Options, O, 'padding', PaddingMessage<Op, PaddingOf<O>>>,
  ]
>
const example = '{ stride: 2 }'
type BorderMessage<Op, Borders, Ks> = [Borders, Ks] extends [
  readonly [infer B, ...infer Bs],
  readonly [infer K extends number, ...infer Rest],
]
  ? B extends readonly [infer Low extends number, infer High extends number]
    ? Compare<Low, K> extends '<'
      ? Compare<High, K> extends '<'
        ? BorderMessage<Op, Bs, Rest>
        : Say<typeof wideBorder, { op: Op; padding: High; size: K }>
      : Say<typeof wideBorder, { op: Op; padding: Low; size: K }>
    : BorderMessage<Op, Bs, Rest>
  : null

/** A pool, every option given. */
export interface Pooling {
  readonly size: number | readonly number[]
  readonly stride: number | readonly number[]
  readonly padding: Padding1d | Padding2d
}
const words = { 1: { layout: 't, c]', whole: 'sequence' }, 2: { layout: 'h, w, c]', whole: 'image' } } as const
/** How many axes a window slides along. */
export type Axes = 1 | 2

/** A window of each axis. */
export const poolWindows = (axes: Axes, { size, stride, padding }: Pooling): readonly Sliding[] => {
  const [sizes, strides] = [countsOf(size, axes), countsOf(stride, axes)]
  return bordersOf(padding, axes).map((border, i) => ({ size: sizes[i] as number, stride: strides[i] as number, dilation: 1, border }))
}
/** The shape of one sample's image, or the message: the twin of `Pool1dShape` and `Pool2dShape`. */
export const poolShape = (op: string, axes: Axes, shape: Dims, given: Pooling): Dims | string => {
  const { layout, whole } = words[axes]
  if (shape.length !== axes + 1) return say(noImage, { op, layout: `[${layout}`, shape })
  const image = places(shape.slice(0, -1), poolWindows(axes, given), { op, what: 'window', size: given.size, whole, shape })
  return typeof image === 'string' ? image : [...image, shape.at(-1) as Dim]
}
/** The shape on a tensor, or the message: the twin of `Pool1dOnShape` and `Pool2dOnShape`. */
export const poolOnShape = (op: string, axes: Axes, shape: Dims, given: Pooling): Dims | string => {
  if (shape.length < axes + 1) return say(noImage, { op, layout: `[..., ${words[axes].layout}`, shape })
  const image = poolShape(op, axes, shape.slice(-axes - 1), given)
  return typeof image === 'string' ? image : [...shape.slice(0, -axes - 1), ...image]
}
/** The channels of one sample, or the message: the twin of `Global1dShape` and `GlobalShape`. */
export const globalShape = (op: string, axes: Axes, shape: Dims): Dims | string =>
  shape.length === axes + 1 ? shape.slice(-1) : say(noImage, { op, layout: `[${words[axes].layout}`, shape })
/** The same on a tensor: the twin of `Global1dOnShape` and `GlobalOnShape`. */
export const globalOnShape = (op: string, axes: Axes, shape: Dims): Dims | string =>
  shape.length <= axes
    ? say(noImage, { op, layout: `[..., ${words[axes].layout}`, shape })
    : [...shape.slice(0, -axes - 1), shape.at(-1) as Dim]

/** The message for what is not even a record of options, or null. */
export const poolRecordMessage = (op: string, given: unknown, rest: readonly unknown[], known: readonly string[]): string | null =>
  recordMessage(op, given, rest, example) ?? unknownMessage(op, given as object, known)
/** The message for a window and its options, or null. */
export const poolMessage = (op: string, axes: Axes, given: Pooling): string | null => {
  const message =
    countMessage(op, 'the size', given.size, axes) ??
    countMessage(op, 'stride', given.stride, axes) ??
    paddingMessage(op, given.padding, axes)
  if (message !== null) return message
  for (const { size, border } of poolWindows(axes, given)) {
    const padding = typeof border === 'string' ? undefined : border.find((n) => n >= size)
    if (padding !== undefined) return say(wideBorder, { op, padding, size })
  }
  return null
}
