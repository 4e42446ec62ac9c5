/**
 * `attention(heads)`: self-attention of a sequence `[time, depth]`, in heads that each see their part of the depth. With
 * fewer key-value heads, several heads of queries share each.
 */
import type { Div, Mod, Mul } from './arithmetic.ts'
import type { Dim, Dims } from './dim.ts'
import type { badRate } from './dropout.ts'
import type { LayerFn, Refused } from './layer.ts'
import type { wideName } from './name.ts'
import { type Absent, type OptionsMessage, type WithOptions, type WrongOption, wrongOptionMessage } from './options.ts'
import type { Last } from './same.ts'
import { type Say, say } from './say.ts'
import type { SizeFault } from './size.ts'
import type { Tensor } from './tensor.ts'
import { type CountMessage, countMessage, type First, type OptionMessage, type OptionOf, type wideOption } from './window-options.ts'

const wideHeads = '{op}: the number of heads is not a literal'
export const undivided = '{op}: {heads} heads do not divide the depth {depth}'
export const undividedHeads = '{op}: {groups} key-value heads do not divide {heads} heads'
export const noSequence = '{op}: expected [time, depth], got {shape}'
export const namedDepth = '{op}: the depth of {shape} must be a literal'
const oddDepth = '{op}: rotary positions need an even depth a head, got {depth}'

/** Matrices from the depth D to queries, keys and values, and from what the heads found back to the depth. */
export interface AttentionParams<in out D, in out K = D> {
  readonly query: Tensor<[D, D]>
  readonly key: Tensor<[D, K]>
  readonly value: Tensor<[D, K]>
  readonly output: Tensor<[D, D]>
}
/** The same with what is added behind each matrix. */
export interface BiasedAttentionParams<in out D, in out K = D> extends AttentionParams<D, K> {
  readonly queryBias: Tensor<[D]>
  readonly keyBias: Tensor<[K]>
  readonly valueBias: Tensor<[K]>
  readonly outputBias: Tensor<[D]>
}
/** The depth that parameters of attention are for: their queries say it; and that of their keys. */
// biome-ignore lint/suspicious/noExplicitAny: an invariant type has no other supertype
export type ColumnsOf<P, Part extends 'query' | 'key'> = P extends { readonly [K in Part]: Tensor<infer S, any> } ? Last<S> : 1
/** What parameters must be, by what they have: with biases or without. */
export type ParamsLike<P> = P extends { readonly queryBias: unknown }
  ? BiasedAttentionParams<ColumnsOf<P, 'query'>, ColumnsOf<P, 'key'>>
  : AttentionParams<ColumnsOf<P, 'query'>, ColumnsOf<P, 'key'>>
/** H heads, G key-value heads, R whether positions are rotary, B whether there are biases. */
export interface Attention<H extends number, G = H, R = false, B = false> extends LayerFn {
  kind: 'attention'
  out: HeadsShape<'attention', this['in'], H, R>
  params: B extends true
    ? BiasedAttentionParams<Last<this['in']>, KeyDepth<Last<this['in']>, H, G>>
    : AttentionParams<Last<this['in']>, KeyDepth<Last<this['in']>, H, G>>
}
export type KeyDepth<D, H, G> = [G] extends [H]
  ? D
  : D extends number
    ? H extends number
      ? G extends number
        ? Mul<Div<D, H>, G>
        : D
      : D
    : D

export type HeadsOf<O, H> = OptionOf<O, 'keyValueHeads', H, number>
export type RotaryOf<O> = OptionOf<O, 'rotary', false, boolean>
export type BiasOf<O> = OptionOf<O, 'bias', false, boolean>
/** The message where the compiler does not know whether there are biases, which are parameters; or null. */
type BiasMessage<Op extends string, B> = boolean extends B ? Say<typeof wideOption, { op: Op; option: 'bias' }> : null

/** What the value of an option must be, in words. */
interface Words {
  readonly causal: 'true or false'
  readonly rotary: 'true or false'
  readonly bias: 'true or false'
  readonly norm: "'before' or 'after'"
  readonly activation: "'gelu', 'geluTanh', 'relu' or 'silu'"
}
type WrongValue<Op extends string, O, Options, K extends keyof Words> = WrongOption<Op, O, Options, K, Words>
/** The message for what is not even of the type of options. */
export type WrongOptionsMessage<Op extends string, O, Options> =
  true extends Absent<O>
    ? Say<typeof wideName, { kind: Op }>
    : First<
        [
          OptionsMessage<Op, O, keyof Options>,
          WrongValue<Op, O, Options, 'causal'>,
          WrongValue<Op, O, Options, 'rotary'>,
          WrongValue<Op, O, Options, 'bias'>,
          WrongValue<Op, O, Options, 'norm'>,
          WrongValue<Op, O, Options, 'activation'>,
          WrongCount<Op, O, Options, 'hidden'>,
          WrongCount<Op, O, Options, 'keyValueHeads'>,
          WrongCount<Op, O, Options, 'weight'>,
          O extends { readonly dropout: infer Rate }
            ? [Rate] extends [number | undefined]
              ? null
              : Say<typeof badRate, { rate: Rate }>
            : null,
          Say<typeof wideName, { kind: Op }>,
        ]
      >
type WrongCount<Op extends string, O, Options, K extends string> = K extends keyof Options ? OptionMessage<Op, Options, O, K, null> : null

/** The message for a number of heads, or null. */
export type HeadsMessage<Op extends string, H, Option extends string = 'heads'> =
  SizeFault<H> extends 'wide' ? Say<typeof wideHeads, { op: Op }> : CountMessage<Op, Option, H>
export type RefuseHeads<Op extends string, H> = HeadsMessage<Op, H> extends null ? never : H

/** The layer F with the options O; one that could not be made where they have a fault, or else where there is the message `Fault`. */
export type Made<F, Op extends string, Fault, O, Known> = Fault extends string
  ? OptionsMessage<Op, O, Known> extends null
    ? Refused<Op, Fault>
    : WithOptions<F, Op, O, Known>
  : WithOptions<F, Op, O, Known>

/** The shape, or the message. */
export type HeadsShape<Op extends string, S, H extends number, R> = S extends [infer _, infer D]
  ? D extends number
    ? Mod<D, H> extends 0
      ? [R] extends [false]
        ? S
        : RotaryMessage<Op, Div<D, H>> extends infer E extends string
          ? E
          : S
      : Say<typeof undivided, { op: Op; heads: H; depth: D }>
    : Say<typeof namedDepth, { op: Op; shape: S }>
  : Say<typeof noSequence, { op: Op; shape: S }>
/** The message for numbers of heads that do not go together, or null. */
type GroupsMessage<Op extends string, H extends number, G> = [G] extends [H]
  ? null
  : HeadsMessage<Op, G, 'keyValueHeads'> extends infer E extends string
    ? E
    : Mod<H, G & number> extends 0
      ? null
      : Say<typeof undividedHeads, { op: Op; groups: G; heads: H }>
/** The message for how a layer attends, or null. */
export type HeadingMessage<Op extends string, H extends number, G, B> =
  GroupsMessage<Op, H, G> extends infer E extends string ? E : BiasMessage<Op, B>
type RotaryMessage<Op extends string, D extends number> = Mod<D, 2> extends 0 ? null : Say<typeof oddDepth, { op: Op; depth: D }>

const words: { readonly [K in keyof Words]: readonly [expected: Words[K], holds: (value: unknown) => boolean] } = {
  causal: ['true or false', (value) => typeof value === 'boolean'],
  rotary: ['true or false', (value) => typeof value === 'boolean'],
  bias: ['true or false', (value) => typeof value === 'boolean'],
  norm: ["'before' or 'after'", (value) => value === 'before' || value === 'after'],
  activation: ["'gelu', 'geluTanh', 'relu' or 'silu'", (value) => gates.has(value)],
}
const gates: ReadonlySet<unknown> = new Set(['gelu', 'geluTanh', 'relu', 'silu'])
/** The message for an option whose value is none of the words that it may be, or null. */
export const headWordsMessage = (op: string, options: object): string | null => wrongOptionMessage(op, options, words)

/** The message for numbers of heads, or null. */
export const headsMessage = (op: string, heads: unknown, groups: unknown): string | null =>
  countMessage(op, 'heads', heads, 1) ??
  countMessage(op, 'keyValueHeads', groups, 1) ??
  ((heads as number) % (groups as number) === 0 ? null : say(undividedHeads, { op, groups, heads }))

/** The shape, or the message. */
export const headsShape = (op: string, shape: Dims, heads: number, rotary: boolean): Dims | string => {
  const [, depth] = shape as readonly [Dim, Dim | undefined]
  if (shape.length !== 2 || depth === undefined) return say(noSequence, { op, shape })
  if (typeof depth === 'string') return say(namedDepth, { op, shape })
  if (depth % heads !== 0) return say(undivided, { op, heads, depth })
  return rotary && (depth / heads) % 2 !== 0 ? say(oddDepth, { op, depth: depth / heads }) : shape
}
