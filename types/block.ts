/** Layers in a row: the fold of their shapes, and of their parameters. `block` and `sequential` are over it. */
import type { DType, Shape } from './dim.ts'
import type { Brand, Fault, From, Grow, LayerFault, LayerFn, NameFault, NoLayer, OutputOf, Reported, ShapeFault } from './layer.ts'
import type { Flat, NoParams } from './model.ts'
import type { Same } from './same.ts'
import type { Say } from './say.ts'

const openCount = '{op}: the number of layers is not known'

/** A row of layers as one, whose parameters are one group. The layers inside say what dtype they take. */
export interface Block<Fs extends unknown[]> extends LayerFn {
  kind: 'block'
  out: BlockFaults<Fs> extends Told ? Reported : RowShape<Fs, this['in']>
  params: Flat<RowParams<Fs, this['in'], NoParams>>
  takes: Fs extends [] ? 'f32' : DType
  from: Fs extends [infer F, ...unknown[]] ? From<F> : null
  layers: Fs
}
/** The shape that a row maps S to, or the first message. Names are looked at where the row is made. */
export type RowShape<Fs, S> = Fs extends [infer F, ...infer Rest]
  ? ShapeFault<F, S> extends infer E extends string
    ? E
    : RowShape<Rest, OutputOf<F, S>>
  : S
/** P with the parameters of a row. */
export type RowParams<Fs, S, P> = Fs extends [infer F, ...infer Rest] ? RowParams<Rest, OutputOf<F, S>, Grow<F, S, P>> : P

/** What says that there is a message: at the end of a tuple, or for all places. */
export type Told = string | [...unknown[], string]
/** The message at a place. Where the number of layers is not known, the place of those that are not counted is any number. */
export type At<Faults, I> = Faults extends string ? (number extends I ? Faults : unknown) : I extends keyof Faults ? Faults[I] : unknown

/** The layer at a place, or the message alone: beside it, of a list a compiler would tell how its elements are no letters. */
export type LayerAt<Faults, I, F> = At<Faults, I> extends infer E extends string ? E : Brand<F>

/** A tuple that ends in the first message, at the place of its layer; `unknown` before it. A message alone is about their number. */
export type RowFaults<Fs extends unknown[], S, P> = number extends Fs['length']
  ? Say<typeof openCount, { op: 'sequential' }>
  : FaultsAlong<Fs, S, P>
type FaultsAlong<Fs, S, P, Done extends unknown[] = []> = Fs extends [infer F, ...infer Rest]
  ? NoLayer<'sequential', F> extends infer E extends string
    ? [...Done, E]
    : Fault<F, S, P> extends infer E extends string
      ? [...Done, E]
      : FaultsAlong<Rest, OutputOf<F, S>, Grow<F, S, P>, [...Done, unknown]>
  : Done

/**
 * The same for a block that is in no model yet: names, and shapes as far as the first layer says what it is made for.
 * Other dims may come to stand before that, so shapes are followed with and without one more; where the two part, what
 * comes after is not known.
 */
export type BlockFaults<Fs extends unknown[]> = number extends Fs['length']
  ? Say<typeof openCount, { op: 'block' }>
  : OpenFaults<Fs, Fs extends [infer F, ...unknown[]] ? OpenShape<From<F>> : null, NoParams>
type OpenFaults<Fs, Open, P, Done extends unknown[] = []> = Fs extends [infer F, ...infer Rest]
  ? DeclaredFault<'block', F, Open> extends infer E extends string
    ? [...Done, E]
    : NameFault<F, P> extends infer E extends string
      ? [...Done, E]
      : OpenFaults<Rest, OpenOutput<F, Open>, Grow<F, unknown, P>, [...Done, unknown]>
  : Done
/** A shape that a layer was made for, with and without one more dim before it; null where it takes any. */
export type OpenShape<S> = S extends Shape ? [S, [2, ...S]] : null
/** Why a layer cannot stand in a block, or among branches, that is given such a shape: the message, or null. */
export type DeclaredFault<Op extends string, F, Open> =
  NoLayer<Op, F> extends infer E extends string
    ? E
    : LayerFault<F> extends infer E extends string
      ? E
      : Open extends [infer A, infer B]
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
