/** Upsampling: sequences `[..., t, c]` and images `[..., h, w, c]`, each axis so many times as long. A name has no size to multiply. */
import type { Mul } from './arithmetic.ts'
import type { Dim, Dims, Shape } from './dim.ts'
import type { OperationFn } from './operation.ts'
import { type UnknownMessage, unknownMessage } from './options.ts'
import { type Say, say } from './say.ts'
import { type LongMessage, sizeFault, tooLong } from './size.ts'
import type { Both } from './window.ts'
import {
  type CountMessage,
  countMessage,
  countsOf,
  type First,
  type OptionMessage,
  type RecordMessage,
  recordMessage,
} from './window-options.ts'

const noImage = '{op}: expected {layout}, got {shape}'
const namedFactor = "{op}: '{name}' of {shape} is a name; its factor must be 1, got {factor}"
const badMethod = "{op}: the method is 'nearest' or '{other}', got {method}"
const between = { 1: 'linear', 2: 'bilinear' } as const

/** By the factor K. */
export interface Upsample1d<K> extends OperationFn {
  kind: 'upsample1d'
  out: Upsample1dShape<this['in'], K>
  wholeOut: Upsample1dOnShape<this['whole'], K>
}
export interface Upsample2d<K> extends OperationFn {
  kind: 'upsample2d'
  out: Upsample2dShape<this['in'], K>
  wholeOut: Upsample2dOnShape<this['whole'], K>
}

export type Upsample1dShape<S, K> = S extends [infer X, infer C]
  ? Longer<'upsample1d', S, [], [X], [K], C>
  : Say<typeof noImage, { op: 'upsample1d'; layout: '[t, c]'; shape: S }>
export type Upsample2dShape<S, K> = S extends [infer H, infer W, infer C]
  ? Longer<'upsample2d', S, [], [H, W], Both<K>, C>
  : Say<typeof noImage, { op: 'upsample2d'; layout: '[h, w, c]'; shape: S }>
export type Upsample1dOnShape<S, K> = S extends [...infer Lead, infer X, infer C]
  ? Longer<'upsample1d', S, Lead, [X], [K], C>
  : Say<typeof noImage, { op: 'upsample1d'; layout: '[..., t, c]'; shape: S }>
export type Upsample2dOnShape<S, K> = S extends [...infer Lead, infer H, infer W, infer C]
  ? Longer<'upsample2d', S, Lead, [H, W], Both<K>, C>
  : Say<typeof noImage, { op: 'upsample2d'; layout: '[..., h, w, c]'; shape: S }>
/** A dim is asked what it is where it is multiplied, and only there. */
type Longer<Op extends string, S, Done extends Shape, Ds, Ks, C> = [Ds, Ks] extends [
  [infer D, ...infer Dr],
  readonly [infer K, ...infer Kr],
]
  ? K extends 1
    ? Longer<Op, S, [...Done, D], Dr, Kr, C>
    : [D, K] extends [infer N extends number, infer M extends number]
      ? [Mul<N, M>] extends [never]
        ? LongMessage<Op, Done['length'], N>
        : Longer<Op, S, [...Done, Mul<N, M>], Dr, Kr, C>
      : Say<typeof namedFactor, { op: Op; name: D; shape: S; factor: K }>
  : [...Done, C]

/** The message for a factor and its options, or null. */
export type UpsampleMessage<Op extends string, K, O, Known> = First<[UnknownMessage<Op, O, Known>, CountMessage<Op, 'the factor', K>]>
/** The message for what is not even of the type of a factor and its options. */
export type WrongUpsampleMessage<Op extends string, K, O, Rest, Options, Factor> = First<
  [
    RecordMessage<Op, O, Rest, typeof example>,
    UnknownMessage<Op, O, keyof Options>,
    OptionMessage<Op, { 'the factor': Factor }, { 'the factor': K }, 'the factor', CountMessage<Op, 'the factor', K>>,
    MethodMessage<Op, O>,
  ]
>
/** Asked last of what is refused: so it is the method. */
type MethodMessage<Op, O> = 'method' extends keyof O
  ? Say<typeof badMethod, { op: Op; other: (typeof between)[Op extends `${string}1d` ? 1 : 2]; method: O['method'] }>
  : null
const example = "{ method: 'nearest' }"

const layouts = { 1: 't, c]', 2: 'h, w, c]' } as const
export type Axes = keyof typeof layouts

/** The shape of one sample, or of a tensor with any dims in front; or the message: the twin of all four. */
export const upsampledShape = (
  op: string,
  axes: Axes,
  factor: number | readonly number[],
  shape: Dims,
  isWhole: boolean,
): Dims | string => {
  const lead = shape.length - axes - 1
  if (isWhole ? lead < 0 : lead !== 0) return say(noImage, { op, layout: `[${isWhole ? '..., ' : ''}${layouts[axes]}`, shape })
  const longer: Dim[] = [...shape]
  for (const [i, by] of countsOf(factor, axes).entries()) {
    const [axis, dim] = [lead + i, shape[lead + i] as Dim]
    if (by === 1) continue
    if (typeof dim === 'string') return say(namedFactor, { op, name: dim, shape, factor: by })
    if (sizeFault(dim * by) !== null) return say(tooLong, { op, axis })
    longer[axis] = dim * by
  }
  return longer
}
/** The message for a factor and its options, or null. */
export const upsampleMessage = (
  op: string,
  axes: Axes,
  methods: readonly string[],
  factor: unknown,
  options: unknown,
  rest: readonly unknown[],
): string | null => {
  const message =
    recordMessage(op, options, rest, example) ??
    unknownMessage(op, options as object, ['method']) ??
    countMessage(op, 'the factor', factor, axes)
  if (message !== null) return message
  const { method } = options as { readonly method?: unknown }
  return method === undefined || methods.includes(method as string) ? null : say(badMethod, { op, other: between[axes], method })
}
