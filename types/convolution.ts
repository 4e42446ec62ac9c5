/**
 * Convolutions, and transposed ones, over sequences `[t, c]` and images `[h, w, c]`; weights are `[...kernel, in / groups, out]`. A layer maps one
 * sample; on a tensor any dims may stand in front.
 */
import type { Div, Mod, Mul } from './arithmetic.ts'
import type { Dim, Dims, Shape } from './dim.ts'
import type { LayerFn } from './layer.ts'
import { type OptionsMessage, type UnknownMessage, unknownMessage } from './options.ts'
import type { Last, Same } from './same.ts'
import { type Say, say } from './say.ts'
import { type DimOf, isBound } from './size.ts'
import type { Tensor } from './tensor.ts'
import { type Borders1d, type Borders2d, type Both, type Places, places, type Sliding, type Spread, spread } from './window.ts'
import {
  bordersOf,
  type CountMessage,
  countMessage,
  countsOf,
  type First,
  initializerMessage,
  type LackingMessage,
  lackingMessage,
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
const noKernel = '{op}: the kernel of {weight} has no size'
const undividedFilters = '{op}: {groups} groups do not divide {filters} filters'
export const undividedChannels = '{op}: {groups} groups do not divide the channels of {shape}'
const otherChannels = '{op}: {x} x {weight}: expected {expected} channels, got {got}'

/** The weights of a convolution over sequences, `[kernel, in / groups, out]`, and what it adds. */
export interface Conv1dParams<in out K, in out I, in out O> {
  readonly weight: Tensor<[K, I, O]>
  readonly bias: Tensor<[O]>
}
/** The weights of a convolution over images, `[height, width, in / groups, out]`, and what it adds. */
export interface Conv2dParams<in out KH, in out KW, in out I, in out O> {
  readonly weight: Tensor<[KH, KW, I, O]>
  readonly bias: Tensor<[O]>
}

/** N filters, kernel K, stride T, padding P, dilation L, G groups. */
export interface Conv1d<N, K, T, P, L, G> extends LayerFn {
  kind: 'conv1d'
  out: Conv1dShape<'conv1d', this['in'], N, K, T, P, L, G>
  params: Conv1dParams<K, PerGroup<Last<this['in']>, G>, N>
}
export interface Conv2d<N, K, T, P, L, G> extends LayerFn {
  kind: 'conv2d'
  out: Conv2dShape<'conv2d', this['in'], N, K, T, P, L, G>
  params: Conv2dParams<HeightOf<K>, WidthOf<K>, PerGroup<Last<this['in']>, G>, N>
}
/** The same, the other way round: what is transposed makes an image larger. */
export interface ConvTranspose1d<N, K, T, P, L, G> extends LayerFn {
  kind: 'convTranspose1d'
  out: Conv1dShape<'convTranspose1d', this['in'], N, K, T, P, L, G>
  params: Conv1dParams<K, PerGroup<Last<this['in']>, G>, N>
}
export interface ConvTranspose2d<N, K, T, P, L, G> extends LayerFn {
  kind: 'convTranspose2d'
  out: Conv2dShape<'convTranspose2d', this['in'], N, K, T, P, L, G>
  params: Conv2dParams<HeightOf<K>, WidthOf<K>, PerGroup<Last<this['in']>, G>, N>
}
export type HeightOf<K> = K extends readonly [infer H, unknown] ? H : K
export type WidthOf<K> = K extends readonly [unknown, infer W] ? W : K
type PerGroup<C, G> = [G] extends [1] ? C : C extends number ? (G extends number ? Div<C, G> : never) : never
type AllGroups<I, G> = [G] extends [1] ? I : I extends number ? (G extends number ? Mul<I, G> : never) : I

export type Conv1dShape<Op, S, N, K, T, P, L, G> = S extends [infer X, infer C]
  ? Convolved<Op, 'sequence', S, [X], C, N, [K], [T], Borders1d<P>, [L], G, K>
  : Say<typeof noImage, { op: Op; layout: '[t, c]'; shape: S }>
export type Conv2dShape<Op, S, N, K, T, P, L, G> = S extends [infer H, infer W, infer C]
  ? Convolved<Op, 'image', S, [H, W], C, N, Both<K>, Both<T>, Borders2d<P>, Both<L>, G, K>
  : Say<typeof noImage, { op: Op; layout: '[h, w, c]'; shape: S }>
/** On a tensor: a weight has the kernel, the channels of a group and the filters. */
export type Conv1dOnShape<Op, S, W, T, P, L, G> = W extends [infer K, infer I, infer N]
  ? WeightMessage<Op, W, [K], N, G> extends infer E extends string
    ? E
    : S extends [...infer Lead, infer X, infer C]
      ? OnTensor<Op, Lead, S, W, C, AllGroups<I, G>, Conv1dShape<Op, [X, C], N, K, T, P, L, G>>
      : Say<typeof noImage, { op: Op; layout: '[..., t, c]'; shape: S }>
  : Say<typeof noImage, { op: Op; layout: 'a weight [k, in, out]'; shape: W }>
export type Conv2dOnShape<Op, S, W, T, P, L, G> = W extends [infer KH, infer KW, infer I, infer N]
  ? WeightMessage<Op, W, [KH, KW], N, G> extends infer E extends string
    ? E
    : S extends [...infer Lead, infer H, infer V, infer C]
      ? OnTensor<Op, Lead, S, W, C, AllGroups<I, G>, Conv2dShape<Op, [H, V, C], N, [KH, KW], T, P, L, G>>
      : Say<typeof noImage, { op: Op; layout: '[..., h, w, c]'; shape: S }>
  : Say<typeof noImage, { op: Op; layout: 'a weight [kh, kw, in, out]'; shape: W }>

type Convolved<Op, Whole, S, Ds, C, N, Ks, Ts, Ps, Ls, G, K> =
  ChannelsMessage<Op, S, C, G> extends infer E extends string
    ? E
    : PlacesOf<Op, Ds, Ks, Ts, Ls, Ps, { op: Op; what: 'kernel'; size: K; whole: Whole; shape: S }> extends infer R
      ? R extends Shape
        ? [...R, N]
        : R
      : never
type PlacesOf<Op, Ds, Ks, Ts, Ls, Ps, Words> = Op extends `convTranspose${string}`
  ? Spread<Ds, Ks, Ts, Ls, Ps, Words>
  : Places<Ds, Ks, Ts, Ls, Ps, Words>
type OnTensor<Op, Lead extends Shape, S, W, C, I, R> =
  Same<C, I> extends true
    ? R extends Shape
      ? [...Lead, ...R]
      : R
    : Say<typeof otherChannels, { op: Op; x: S; weight: W; expected: I; got: C }>
type ChannelsMessage<Op, S, C, G> = Divides<G, C> extends true ? null : Say<typeof undividedChannels, { op: Op; groups: G; shape: S }>
type FiltersMessage<Op, N, G> = Divides<G, N> extends true ? null : Say<typeof undividedFilters, { op: Op; groups: G; filters: N }>
export type Divides<G, N> = [G] extends [1]
  ? true
  : N extends number
    ? G extends number
      ? Mod<N, G> extends 0
        ? true
        : false
      : false
    : false
type WeightMessage<Op, W, Ks extends Shape, N, G> = Ks extends number[]
  ? 0 extends Ks[number]
    ? Say<typeof noKernel, { op: Op; weight: W }>
    : FiltersMessage<Op, N, G>
  : Say<typeof noKernel, { op: Op; weight: W }>

/** Options of a convolution: values that are absent are what they default to, and one that may be absent is wide. */
export type StrideOf<O> = OptionOf<O, 'stride', 1, number>
export type PaddingOf<O> = OptionOf<O, 'padding', 'valid', string>
export type DilationOf<O> = OptionOf<O, 'dilation', 1, number>
export type GroupsOf<O> = OptionOf<O, 'groups', 1, number>
export type SlidingMessages<Op extends string, O> = [
  CountMessage<Op, 'stride', StrideOf<O>>,
  PaddingMessage<Op, PaddingOf<O>>,
  CountMessage<Op, 'dilation', DilationOf<O>>,
  CountMessage<Op, 'groups', GroupsOf<O>>,
]
/** The message for the options of a convolution on tensors, or null. */
export type SlidingMessage<Op extends string, O, Known> = First<[UnknownMessage<Op, O, Known>, ...SlidingMessages<Op, O>]>
/** The message for the options of a layer, or null. */
export type ConvMessage<Op extends string, O extends { readonly filters: unknown; readonly kernel: unknown }, Known> = First<
  [
    OptionsMessage<Op, O, Known>,
    CountMessage<Op, 'filters', DimOf<O['filters']>, 0>,
    CountMessage<Op, 'kernel', O['kernel']>,
    ...SlidingMessages<Op, O>,
    FiltersMessage<Op, DimOf<O['filters']>, GroupsOf<O>>,
  ]
>

/** The message for what is not even of the type of the options of a layer. */
export type WrongConvMessage<Op extends string, O, Rest, Options extends ConvOptions> = First<
  [
    RecordMessage<Op, O, Rest, typeof example>,
    UnknownMessage<Op, O, keyof Options>,
    OptionMessage<Op, Options, O, 'name', OptionsMessage<Op, O, keyof Options>>,
    LackingMessage<Op, O, 'filters'>,
    LackingMessage<Op, O, 'kernel'>,
    OptionMessage<Op, Options, O, 'filters', CountMessage<Op, 'filters', DimOf<ValueOf<O, 'filters'>>, 0>, 0>,
    OptionMessage<Op, Options, O, 'kernel', CountMessage<Op, 'kernel', ValueOf<O, 'kernel'>>>,
    ...WrongSlidingMessages<Op, O, Options>,
    OptionMessage<Op, Options, O, 'weight', null>,
    OptionMessage<Op, Options, O, 'bias', null>,
  ]
>
/** The message for what is not even of the type of the options of a convolution on tensors. */
export type WrongSlidingMessage<Op extends string, O, Rest, Options extends SlidingOptions> = First<
  [RecordMessage<Op, O, Rest, typeof slidingExample>, UnknownMessage<Op, O, keyof Options>, ...WrongSlidingMessages<Op, O, Options>]
>
export type WrongSlidingMessages<Op extends string, O, Options extends SlidingOptions> = [
  OptionMessage<Op, Options, O, 'stride', CountMessage<Op, 'stride', StrideOf<O>>>,
  OptionMessage<Op, Options, O, 'padding', PaddingMessage<Op, PaddingOf<O>>>,
  OptionMessage<Op, Options, O, 'dilation', CountMessage<Op, 'dilation', DilationOf<O>>>,
  OptionMessage<Op, Options, O, 'groups', CountMessage<Op, 'groups', GroupsOf<O>>>,
]
export interface SlidingOptions {
  readonly stride?: unknown
  readonly padding?: unknown
  readonly dilation?: unknown
  readonly groups?: unknown
}
interface ConvOptions extends SlidingOptions {
  readonly filters: unknown
  readonly kernel: unknown
  readonly name?: unknown
  readonly weight?: unknown
  readonly bias?: unknown
}
type ValueOf<O, K> = O[K & keyof O]
const example = '{ filters: 8, kernel: 3 }'
const slidingExample = '{ stride: 2 }'

/** How a convolution slides, every option given. */
export interface Convolving {
  readonly stride: number | readonly number[]
  readonly padding: Padding1d | Padding2d
  readonly dilation: number | readonly number[]
  readonly groups: number
}
const sequences = { layout: '[t, c]', tensor: '[..., t, c]', weight: '[k, in, out]', whole: 'sequence', axes: 1 } as const
const images = { layout: '[h, w, c]', tensor: '[..., h, w, c]', weight: '[kh, kw, in, out]', whole: 'image', axes: 2 } as const
const layouts = {
  conv1d: { ...sequences, places },
  conv2d: { ...images, places },
  convTranspose1d: { ...sequences, places: spread },
  convTranspose2d: { ...images, places: spread },
  depthwiseConv2d: { ...images, weight: '[kh, kw, 1, out]', places },
} as const
export type ConvOp = keyof typeof layouts
/** The axes that a kernel slides along. */
export const axesOf = (op: ConvOp): number => layouts[op].axes
export const isTransposed = (op: ConvOp): boolean => layouts[op].places === spread

/** A window of each axis. */
export const slidingOf = (
  op: ConvOp,
  kernel: number | readonly number[],
  { stride, padding, dilation }: Convolving,
): readonly Sliding[] => {
  const axes = axesOf(op)
  const [sizes, strides, dilations] = [kernel, stride, dilation].map((given) => countsOf(given, axes)) as [Counts, Counts, Counts]
  return bordersOf(padding, axes).map((border, i) => ({
    size: sizes[i] as number,
    stride: strides[i] as number,
    dilation: dilations[i] as number,
    border,
  }))
}
type Counts = readonly number[]

/** The shape of one sample's image, or the message: the twin of `Conv1dShape` and `Conv2dShape`, of what is transposed too. */
export const convShape = (op: ConvOp, shape: Dims, filters: Dim, kernel: number | readonly number[], given: Convolving): Dims | string => {
  const { layout, whole, places } = layouts[op]
  if (shape.length !== axesOf(op) + 1) return say(noImage, { op, layout, shape })
  const message = dividedMessage(undividedChannels, shape.at(-1) as Dim, given.groups, { op, shape })
  if (message !== null) return message
  const image = places(shape.slice(0, -1), slidingOf(op, kernel, given), { op, what: 'kernel', size: kernel, whole, shape })
  return typeof image === 'string' ? image : [...image, filters]
}
/** The shape on a tensor, or the message: the twin of `Conv1dOnShape` and `Conv2dOnShape`. */
export const convOnShape = (op: ConvOp, shape: Dims, weight: Dims, given: Convolving): Dims | string => {
  const axes = axesOf(op)
  const names = layouts[op]
  if (weight.length !== axes + 2) return say(noImage, { op, layout: `a weight ${names.weight}`, shape: weight })
  const kernel = weight.slice(0, axes)
  const [inGroup, filters] = weight.slice(axes) as [Dim, Dim]
  if (kernel.some((n) => typeof n !== 'number' || n === 0)) return say(noKernel, { op, weight })
  const message = dividedMessage(undividedFilters, filters, given.groups, { op, filters })
  if (message !== null) return message
  if (shape.length < axes + 1) return say(noImage, { op, layout: names.tensor, shape })
  const [expected, got] = [typeof inGroup === 'number' ? inGroup * given.groups : inGroup, shape.at(-1)]
  if (expected !== got) return say(otherChannels, { op, x: shape, weight, expected, got })
  const sizes = kernel as readonly number[]
  const image = convShape(op, shape.slice(-axes - 1), filters, axes === 1 ? (sizes[0] as number) : sizes, given)
  return typeof image === 'string' ? image : [...shape.slice(0, -axes - 1), ...image]
}
export const dividedMessage = (sentence: string, whole: Dim, groups: number, words: Readonly<Record<string, unknown>>): string | null =>
  groups === 1 || (typeof whole === 'number' && whole % groups === 0) ? null : say(sentence, { ...words, groups })

/** The message for how a convolution slides, or null. */
export const slidingMessage = (op: ConvOp, { stride, padding, dilation, groups }: Convolving): string | null => {
  const axes = axesOf(op)
  return (
    countMessage(op, 'stride', stride, axes) ??
    paddingMessage(op, padding, axes) ??
    countMessage(op, 'dilation', dilation, axes) ??
    countMessage(op, 'groups', groups, 1)
  )
}
/** The message for the options of a layer, or null. */
export const convMessage = (op: ConvOp, filters: unknown, kernel: unknown, given: Convolving): string | null => {
  const dim = isBound(filters) ? filters.name : filters
  return (
    (isBound(filters) ? null : countMessage(op, 'filters', filters, 1, 0)) ??
    countMessage(op, 'kernel', kernel, axesOf(op)) ??
    slidingMessage(op, given) ??
    dividedMessage(undividedFilters, dim as Dim, given.groups, { op, filters: dim })
  )
}
/** The message for what is not even a record of the options of a layer, or null. */
export const convRecordMessage = (op: ConvOp, given: unknown, rest: readonly unknown[], known: readonly string[]): string | null =>
  recordMessage(op, given, rest, example) ??
  unknownMessage(op, given as object, known) ??
  lackingMessage(op, given as object, 'filters') ??
  lackingMessage(op, given as object, 'kernel')
/** The message for what is not even a record of the options of a convolution on tensors, or null. */
export const slidingRecordMessage = (op: ConvOp, given: unknown, rest: readonly unknown[], known: readonly string[]): string | null =>
  recordMessage(op, given, rest, slidingExample) ?? unknownMessage(op, given as object, known)
/** The message for what gives parameters their start, or null. */
export const startMessage = (op: ConvOp, weight: unknown, bias: unknown): string | null =>
  initializerMessage(op, 'weight', weight) ?? initializerMessage(op, 'bias', bias)
