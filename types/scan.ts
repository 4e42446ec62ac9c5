/** Loops over time: rows come in, a carry goes round, rows of results come out. `[length, ...row]` each. */
import type { Dims, Shape } from './dim.ts'
import type { Fitting } from './fitting.ts'
import type { IsUnion } from './size.ts'
import type { Statistic, Tensor } from './tensor.ts'

export const noPair = 'scan: the step must give [next carry, result]'
const noRows = 'scan: a sequence is a scalar; rows lie along a first axis'
const noSequence = 'scan: there is no sequence; write iota([n]) for n steps'
const differ = 'scan: the sequences are of different lengths'

/** One row of each sequence in a tree. */
export type RowOf<X> = 0 extends 1 & X
  ? X
  : X extends Statistic<infer S>
    ? Statistic<Behind<S>>
    : X extends Tensor<infer S, infer D>
      ? Tensor<Behind<S>, D>
      : { readonly [K in keyof X]: RowOf<X[K]> }
/** The dims behind the first; nothing of a scalar. */
type Behind<S> = S extends [unknown, ...infer Row extends Shape] ? Row : never
/** The rows of a tree of results, stacked. */
export type StackOf<R, L> = 0 extends 1 & R
  ? R
  : R extends Statistic<infer S>
    ? Statistic<[L, ...S]>
    : R extends Tensor<infer S, infer D>
      ? Tensor<[L, ...S], D>
      : { readonly [K in keyof R]: StackOf<R[K], L> }
/** The lengths of all sequences in a tree, boxed, so that one that is a type parameter resolves; `null` for a scalar. */
type LengthsOf<X> = 0 extends 1 & X
  ? { _: X }
  : X extends Tensor<infer S, infer _>
    ? S extends [infer L, ...unknown[]]
      ? { _: L }
      : null
    : X extends readonly unknown[]
      ? LengthsOf<X[number]>
      : X extends object
        ? { [K in keyof X]: LengthsOf<X[K]> }[keyof X]
        : never
/** The one length that all sequences have. */
export type LengthOf<X> = LengthsOf<X> extends { _: infer L } ? L : never

/** The sequences, or the message: X stands alone in a branch, to be inferred there. */
export type Sequences<X> = SequencesFault<X> extends infer Message extends string ? Message : X
type SequencesFault<X> = [LengthsOf<X>] extends [never]
  ? typeof noSequence
  : null extends LengthsOf<X>
    ? typeof noRows
    : true extends IsUnion<LengthsOf<X>>
      ? typeof differ
      : null
/**
 * What the step must give, with the message where its next carry is not of the carry's type; else `unknown`. Before a compiler
 * has looked into the step, all that it knows is that it gives an object.
 */
export type GivenFault<C, Y> = object extends Y
  ? unknown
  : Y extends readonly [infer N, unknown]
    ? readonly [Fitting<'scan', 'the step takes', 'the next carry', N, C>, unknown]
    : typeof noPair

/** The message, or null. */
export const sequencesFault = (shapes: readonly Dims[]): string | null => {
  if (shapes.length === 0) return noSequence
  if (shapes.some((shape) => shape.length === 0)) return noRows
  return shapes.some(([length]) => length !== shapes[0]?.[0]) ? differ : null
}
