/** Layers in a row: the fold of their shapes, and of their parameters. `block`, `sequential` and `residual` are over it. */
import type { DType, Shape } from './dim.ts'
import type { Fault, Grow, LayerFn, NameFault, OutputOf } from './layer.ts'
import type { Flat, NoParams } from './model.ts'

/** A row of layers as one, whose parameters are one group. The layers inside say what dtype they take. */
export interface Block<Fs extends unknown[]> extends LayerFn {
  kind: 'block'
  out: RowShape<Fs, this['in']>
  params: Flat<RowParams<Fs, this['in']>>
  takes: DType
}
/** The shape that a row maps S to, or the first message. */
export type RowShape<Fs, S, P = NoParams> = Fs extends [infer F, ...infer Rest]
  ? Fault<F, S, P> extends infer E extends string
    ? E
    : RowShape<Rest, OutputOf<F, S>, Grow<F, S, P>>
  : S
/** P with the parameters of a row. */
export type RowParams<Fs, S, P = NoParams> = Fs extends [infer F, ...infer Rest] ? RowParams<Rest, OutputOf<F, S>, Grow<F, S, P>> : P

/** A tuple that ends in the first message, at the place of its layer; `unknown` before it. */
export type RowFaults<Fs, S, P, Done extends unknown[] = []> = Fs extends [infer F, ...infer Rest]
  ? Fault<F, S, P> extends infer E extends string
    ? [...Done, E]
    : RowFaults<Rest, OutputOf<F, S>, Grow<F, S, P>, [...Done, unknown]>
  : Done
/** The same for a block that is not in a model yet: shapes where its first layer says what it is made for, else names. */
export type BlockFaults<Fs> = Fs extends [{ from: infer S extends Shape }, ...unknown[]]
  ? RowFaults<Fs, S, NoParams>
  : NameFaults<Fs, NoParams>
type NameFaults<Fs, P, Done extends unknown[] = []> = Fs extends [infer F, ...infer Rest]
  ? NameFault<F, P> extends infer E extends string
    ? [...Done, E]
    : NameFaults<Rest, Grow<F, unknown, P>, [...Done, unknown]>
  : Done
/** The message at a place. */
export type At<Faults, I> = I extends keyof Faults ? Faults[I] : unknown
