/**
 * `repeat(n, layer)`: n layers of one kind in a row, each with parameters of its own, or all with the same. A layer that is
 * repeated keeps the shape.
 */
import type { Compare } from './arithmetic.ts'
import type { Dims } from './dim.ts'
import type { From, KindOf, LayerFn, LayerMessage, OutputOf, ParamsOf, Reported, ShapeFault } from './layer.ts'
import { type Same, same } from './same.ts'
import { type Say, say } from './say.ts'
import { type SizeFault, sizeFault } from './size.ts'
import type { OptionOf } from './window-options.ts'

const wideCount = 'repeat: the number of layers is not a literal'
const badCount = 'repeat: expected a whole number of layers from 1 to 256, got {got}'
const otherShape = 'repeat: the layer maps {from} to {to}'

/** N layers F in a row, whose parameters are `block1`, `block2` and so on; those of F where they are `Shared`. */
export interface Repeat<N extends number, F, Shared = false> extends LayerFn {
  kind: 'repeat'
  out: RepeatShape<F, this['in']>
  params: RepeatParams<N, F, ParamsOf<F, this['in']>, Shared>
  from: From<F>
  layers: [F]
  around: Shared extends true ? [F] : []
}
export type SharedOf<O> = OptionOf<O, 'shared', false, boolean>

type RepeatShape<F, S> =
  ShapeFault<F, S> extends infer E extends string
    ? E
    : Same<OutputOf<F, S>, S> extends true
      ? S
      : [OutputOf<F, S>] extends [Reported]
        ? Reported
        : Say<typeof otherShape, { from: S; to: OutputOf<F, S> }>
type RepeatParams<N extends number, F, P, Shared> = [P] extends [null]
  ? null
  : [Shared] extends [true]
    ? P
    : { readonly [K in `${BaseOf<F>}${Counted<N>}`]: P }
type BaseOf<F> = F extends { label: infer Name extends string } ? Name : KindOf<F>
/** 1 to N: the places of a list with one more, without the first. */
type Counted<N extends number> = Exclude<keyof ListOf<N> & `${number}`, '0'>
type ListOf<N extends number, Done extends unknown[] = [unknown]> = Done extends [unknown, ...infer Rest]
  ? Rest['length'] extends N
    ? Done
    : ListOf<N, [...Done, unknown]>
  : never

/** The message for a number of layers, or null. What is no size compares with nothing, and `never` extends all. */
export type RepeatMessage<N> =
  SizeFault<N> extends 'wide'
    ? typeof wideCount
    : N extends 0
      ? Say<typeof badCount, { got: N }>
      : Compare<N & number, 256> extends '>'
        ? Say<typeof badCount, { got: N }>
        : null
/** The message for a number of layers, or for what is no layer; or null. */
export type RepeatFault<N, X> = RepeatMessage<N> extends infer E extends string ? E : LayerMessage<'repeat', X>
export type RefuseRepeat<N, X> = RepeatFault<N, X> extends null ? never : N

export const repeatMessage = (count: unknown): string | null =>
  typeof count === 'number' && sizeFault(count) === null && count >= 1 && count <= 256 ? null : say(badCount, { got: count })

/** The shape, or the message. */
export const repeatShape = (from: Dims, to: Dims | string): Dims | string =>
  typeof to === 'string' || same(from, to) ? to : say(otherShape, { from, to })
