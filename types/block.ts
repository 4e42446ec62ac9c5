/** Layers in a row: the fold of their shapes, and of their parameters. `block` and `sequential` are over it. */
import type { DType, Shape } from './dim.ts'
import type { Fault, From, Grow, LayerFn, NameFault, OutputOf, ShapeFault } from './layer.ts'
import type { Flat, NoParams } from './model.ts'
import type { Same } from './same.ts'

/** A row of layers as one, whose parameters are one group. The layers inside say what dtype they take. */
export interface Block<Fs extends unknown[]> extends LayerFn {
  kind: 'block'
  out: RowShape<Fs, this['in']>
  params: Flat<RowParams<Fs, this['in'], NoParams>>
  takes: Fs extends [] ? 'f32' : DType
  from: Fs extends [infer F, ...unknown[]] ? From<F> : null
}
/** The shape that a row maps S to, or the first message. Names are looked at where the row is made. */
export type RowShape<Fs, S> = Fs extends [infer F, ...infer Rest]
  ? ShapeFault<F, S> extends infer E extends string
    ? E
    : RowShape<Rest, OutputOf<F, S>>
  : S
/** P with the parameters of a row. */
export type RowParams<Fs, S, P> = Fs extends [infer F, ...infer Rest] ? RowParams<Rest, OutputOf<F, S>, Grow<F, S, P>> : P

/** A tuple that ends in the first message, at the place of its layer; `unknown` before it. */
export type RowFaults<Fs, S, P, Done extends unknown[] = []> = Fs extends [infer F, ...infer Rest]
  ? Fault<F, S, P> extends infer E extends string
    ? [...Done, E]
    : RowFaults<Rest, OutputOf<F, S>, Grow<F, S, P>, [...Done, unknown]>
  : Done

/**
 * The same for a block that is in no model yet: names, and shapes as far as the first layer says what it is made for.
 * Other dims may come to stand before that, so shapes are followed with and without one more; where the two part, what
 * comes after is not known.
 */
export type BlockFaults<Fs> = Fs extends [infer F, ...unknown[]] ? OpenFaults<Fs, OpenShape<From<F>>, NoParams> : []
type OpenFaults<Fs, Open, P, Done extends unknown[] = []> = Fs extends [infer F, ...infer Rest]
  ? OpenFault<F, Open> extends infer E extends string
    ? [...Done, E]
    : NameFault<F, P> extends infer E extends string
      ? [...Done, E]
      : OpenFaults<Rest, OpenOutput<F, Open>, Grow<F, unknown, P>, [...Done, unknown]>
  : Done
type OpenShape<S> = S extends Shape ? [S, [2, ...S]] : null
type OpenFault<F, Open> = Open extends [infer A, infer B]
  ? ShapeFault<F, A> extends infer E extends string
    ? Same<E, ShapeFault<F, B>> extends true
      ? E
      : null
    : null
  : null
type OpenOutput<F, Open> = Open extends [infer A, infer B]
  ? [OutputOf<F, A>, OutputOf<F, B>] extends [infer X extends Shape, infer Y]
    ? Same<Y, [2, ...X]> extends true
      ? [X, Y]
      : null
    : null
  : null

/** The message at a place. */
export type At<Faults, I> = I extends keyof Faults ? Faults[I] : unknown
