/** Depthwise convolution over images `[h, w, c]`: as many groups as channels, so that the weight is `[kh, kw, 1, c multiplier]`. */
import type { Mul } from './arithmetic.ts'
import {
  type Conv2dOnShape,
  type Conv2dParams,
  type Conv2dShape,
  type Convolving,
  convOnShape,
  convShape,
  type HeightOf,
  type SlidingMessages,
  type SlidingOptions,
  slidingMessage,
  type WidthOf,
  type WrongSlidingMessages,
} from './convolution.ts'
import type { Dim, Dims } from './dim.ts'
import type { LayerFn } from './layer.ts'
import { type OptionsMessage, type UnknownMessage, unknownMessage } from './options.ts'
import type { Last } from './same.ts'
import { type Say, say } from './say.ts'
import { type LongMessage, sizeFault, tooLong } from './size.ts'
import {
  type CountMessage,
  countMessage,
  type First,
  type LackingMessage,
  lackingMessage,
  type OptionMessage,
  type OptionOf,
  type RecordMessage,
  recordMessage,
} from './window-options.ts'

const noImage = '{op}: expected {layout}, got {shape}'
const noChannels = '{op}: the channels of {shape} have no size'

type Op = 'depthwiseConv2d'
const op = 'depthwiseConv2d'

/** Kernel K, M filters a channel, stride T, padding P, dilation L. */
export interface DepthwiseConv2d<K, M, T, P, L> extends LayerFn {
  kind: Op
  out: DepthwiseShape<this['in'], K, M, T, P, L>
  params: Conv2dParams<HeightOf<K>, WidthOf<K>, 1, Times<Last<this['in']>, M>>
}
type Times<C, M> = [C, M] extends [infer A extends number, infer B extends number] ? Mul<A, B> : never

export type DepthwiseShape<S, K, M, T, P, L> = S extends [unknown, unknown, infer C]
  ? ChannelsMessage<S, C> extends infer E extends string
    ? E
    : [Times<C, M>] extends [never]
      ? LongMessage<Op, 2, C>
      : Conv2dShape<Op, S, Times<C, M>, K, T, P, L, C>
  : Say<typeof noImage, { op: Op; layout: '[h, w, c]'; shape: S }>
/** On a tensor. */
export type DepthwiseOnShape<S, W, T, P, L> = W extends [unknown, unknown, 1, unknown]
  ? S extends [...infer _, unknown, unknown, infer C]
    ? ChannelsMessage<S, C> extends infer E extends string
      ? E
      : Conv2dOnShape<Op, S, W, T, P, L, C>
    : Say<typeof noImage, { op: Op; layout: '[..., h, w, c]'; shape: S }>
  : Say<typeof noImage, { op: Op; layout: 'a weight [kh, kw, 1, out]'; shape: W }>
type ChannelsMessage<S, C> = C extends number
  ? C extends 0
    ? Say<typeof noChannels, { op: Op; shape: S }>
    : null
  : Say<typeof noChannels, { op: Op; shape: S }>

export type MultiplierOf<O> = OptionOf<O, 'multiplier', 1, number>
/** The message for the options of the layer, or null. */
export type DepthwiseMessage<O extends { readonly kernel: unknown }, Known> = First<
  [
    OptionsMessage<Op, O, Known>,
    CountMessage<Op, 'kernel', O['kernel']>,
    CountMessage<Op, 'multiplier', MultiplierOf<O>>,
    ...SlidingMessages<Op, O>,
  ]
>
/** The message for what is not even of the type of the options of the layer. */
export type WrongDepthwiseMessage<O, Rest, Options extends DepthwiseOptions> = First<
  [
    RecordMessage<Op, O, Rest, typeof example>,
    UnknownMessage<Op, O, keyof Options>,
    OptionMessage<Op, Options, O, 'name', OptionsMessage<Op, O, keyof Options>>,
    LackingMessage<Op, O, 'kernel'>,
    OptionMessage<Op, Options, O, 'kernel', CountMessage<Op, 'kernel', O['kernel' & keyof O]>>,
    OptionMessage<Op, Options, O, 'multiplier', CountMessage<Op, 'multiplier', MultiplierOf<O>>>,
    ...WrongSlidingMessages<Op, O, Options>,
    OptionMessage<Op, Options, O, 'weight', null>,
    OptionMessage<Op, Options, O, 'bias', null>,
  ]
>
interface DepthwiseOptions extends SlidingOptions {
  readonly kernel: unknown
  readonly multiplier?: unknown
  readonly name?: unknown
  readonly weight?: unknown
  readonly bias?: unknown
}
const example = '{ kernel: 3 }'

/** How it slides: groups are the channels. */
export type Depthwise = Omit<Convolving, 'groups'>

/** The shape of one sample's image, or the message: the twin of `DepthwiseShape`. */
export const depthwiseShape = (shape: Dims, kernel: number | readonly number[], multiplier: number, given: Depthwise): Dims | string => {
  if (shape.length !== 3) return say(noImage, { op, layout: '[h, w, c]', shape })
  const groups = shape[2] as Dim
  if (typeof groups !== 'number' || groups === 0) return say(noChannels, { op, shape })
  const filters = groups * multiplier
  if (sizeFault(filters) !== null) return say(tooLong, { op, axis: 2 })
  return convShape(op, shape, filters, kernel, { ...given, groups })
}
/** The shape on a tensor, or the message: the twin of `DepthwiseOnShape`. */
export const depthwiseOnShape = (shape: Dims, weight: Dims, given: Depthwise): Dims | string => {
  if (weight.length !== 4 || weight[2] !== 1) return say(noImage, { op, layout: 'a weight [kh, kw, 1, out]', shape: weight })
  if (shape.length < 3) return say(noImage, { op, layout: '[..., h, w, c]', shape })
  const groups = shape.at(-1) as Dim
  if (typeof groups !== 'number' || groups === 0) return say(noChannels, { op, shape })
  return convOnShape(op, shape, weight, { ...given, groups })
}
/** The message for the options of the layer, or null. */
export const depthwiseMessage = (kernel: unknown, multiplier: unknown, given: Depthwise): string | null =>
  countMessage(op, 'kernel', kernel, 2) ?? countMessage(op, 'multiplier', multiplier, 1) ?? slidingMessage(op, { ...given, groups: 1 })
/** The message for what is not even a record of the options of the layer, or null. */
export const depthwiseRecordMessage = (given: unknown, rest: readonly unknown[], known: readonly string[]): string | null =>
  recordMessage(op, given, rest, example) ?? unknownMessage(op, given as object, known) ?? lackingMessage(op, given as object, 'kernel')
