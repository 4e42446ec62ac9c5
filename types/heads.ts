/**
 * `attention(heads)`: self-attention of a sequence `[time, depth]`, in heads that each see their part of the depth. With
 * fewer key-value heads, several heads of queries share each.
 */
import type { Div, Mod, Mul } from './arithmetic.ts'
import type { Dim, Dims } from './dim.ts'
import type { LayerFn, Refused } from './layer.ts'
import type { OptionsMessage, WithOptions } from './options.ts'
import type { Last } from './same.ts'
import { type Say, say } from './say.ts'
import type { SizeFault } from './size.ts'
import type { Tensor } from './tensor.ts'
import { type CountMessage, countMessage, type OptionOf } from './window-options.ts'

const wideHeads = '{op}: the number of heads is not a literal'
const undivided = '{op}: {heads} heads do not divide the depth {depth}'
const undividedHeads = '{op}: {groups} key-value heads do not divide {heads} heads'
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
/** H heads, G key-value heads, R whether positions are rotary. */
export interface Attention<H extends number, G = H, R = false> extends LayerFn {
  kind: 'attention'
  out: HeadsShape<'attention', this['in'], H, R>
  params: AttentionParams<Last<this['in']>, KeyDepth<Last<this['in']>, H, G>>
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
export type GroupsMessage<Op extends string, H extends number, G> = [G] extends [H]
  ? null
  : HeadsMessage<Op, G, 'keyValueHeads'> extends infer E extends string
    ? E
    : Mod<H, G & number> extends 0
      ? null
      : Say<typeof undividedHeads, { op: Op; groups: G; heads: H }>
type RotaryMessage<Op extends string, D extends number> = Mod<D, 2> extends 0 ? null : Say<typeof oddDepth, { op: Op; depth: D }>

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
