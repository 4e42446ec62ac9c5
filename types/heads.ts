/**
 * `attention(heads)`: self-attention of a sequence `[time, depth]`, in heads that each see their part of the depth. With
 * fewer key-value heads, several heads of queries share each.
 */
import type { Div, Mod, Mul } from './arithmetic.ts'
import type { Dim, Dims } from './dim.ts'
import type { LayerFn } from './layer.ts'
import type { Last } from './same.ts'
import { type Say, say } from './say.ts'
import { type SizeFault, sizeFault } from './size.ts'
import type { Tensor } from './tensor.ts'
import type { OptionOf } from './window-options.ts'

const wideHeads = 'attention: the number of heads is not a literal'
const badHeads = 'attention: {option} must be a whole number, at least 1, got {got}'
const undivided = 'attention: {heads} heads do not divide the depth {depth}'
const undividedHeads = 'attention: {groups} key-value heads do not divide {heads} heads'
const noSequence = 'attention: expected [time, depth], got {shape}'
const namedDepth = 'attention: the depth of {shape} must be a literal'
const oddDepth = 'attention: rotary positions need an even depth a head, got {depth}'

/** Matrices from the depth D to queries, keys and values, and from what the heads found back to the depth. */
export interface AttentionParams<in out D, in out K = D> {
  readonly query: Tensor<[D, D]>
  readonly key: Tensor<[D, K]>
  readonly value: Tensor<[D, K]>
  readonly output: Tensor<[D, D]>
}
/** H heads, G key-value heads, R whether positions are rotary. */
export interface Attention<H extends number, G = H, R = false> extends LayerFn {
  kind: 'attention'
  out: HeadsShape<this['in'], H, G, R>
  params: AttentionParams<Last<this['in']>, KeyDepth<Last<this['in']>, H, G>>
}
type KeyDepth<D, H, G> = [G] extends [H] ? D : D extends number ? (H extends number ? (G extends number ? Mul<Div<D, H>, G> : D) : D) : D

export type HeadsOf<O, H> = OptionOf<O, 'keyValueHeads', H, number>
export type RotaryOf<O> = OptionOf<O, 'rotary', false, boolean>

/** The message for a number of heads, or null. */
export type HeadsMessage<H, Option extends string = 'heads'> =
  SizeFault<H> extends 'wide'
    ? typeof wideHeads
    : H extends 0
      ? Say<typeof badHeads, { option: Option; got: H }>
      : SizeFault<H> extends null
        ? null
        : Say<typeof badHeads, { option: Option; got: H }>
export type RefuseHeads<H> = HeadsMessage<H> extends null ? never : H

/** The shape, or the message. */
export type HeadsShape<S, H extends number, G, R> =
  GroupsMessage<H, G> extends infer E extends string
    ? E
    : S extends [infer _, infer D]
      ? D extends number
        ? Mod<D, H> extends 0
          ? [R] extends [false]
            ? S
            : RotaryMessage<Div<D, H>> extends infer E extends string
              ? E
              : S
          : Say<typeof undivided, { heads: H; depth: D }>
        : Say<typeof namedDepth, { shape: S }>
      : Say<typeof noSequence, { shape: S }>
type GroupsMessage<H extends number, G> = [G] extends [H]
  ? null
  : HeadsMessage<G, 'keyValueHeads'> extends infer E extends string
    ? E
    : Mod<H, G & number> extends 0
      ? null
      : Say<typeof undividedHeads, { groups: G; heads: H }>
type RotaryMessage<D extends number> = Mod<D, 2> extends 0 ? null : Say<typeof oddDepth, { depth: D }>

/** The message for numbers of heads, or null. */
export const headsMessage = (heads: unknown, groups: unknown): string | null =>
  countMessage('heads', heads) ??
  countMessage('keyValueHeads', groups) ??
  ((heads as number) % (groups as number) === 0 ? null : say(undividedHeads, { groups, heads }))
const countMessage = (option: string, count: unknown): string | null =>
  typeof count === 'number' && sizeFault(count) === null && count > 0 ? null : say(badHeads, { option, got: count })

/** The shape, or the message. */
export const headsShape = (shape: Dims, heads: number, rotary: boolean): Dims | string => {
  const [, depth] = shape as readonly [Dim, Dim | undefined]
  if (shape.length !== 2 || depth === undefined) return say(noSequence, { shape })
  if (typeof depth === 'string') return say(namedDepth, { shape })
  if (depth % heads !== 0) return say(undivided, { heads, depth })
  return rotary && (depth / heads) % 2 !== 0 ? say(oddDepth, { depth: depth / heads }) : shape
}
