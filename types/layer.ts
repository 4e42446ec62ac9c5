/**
 * Layers at type level: functions from shape to shape and from shape to parameters, as values. A layer's rule is an
 * interface over `LayerFn`, and `this['in']` is the shape that it is given: one sample's.
 */
import type { DType } from './dim.ts'
import type { Model, Typed } from './model.ts'
import type { FreeName, UsedMessage } from './name.ts'
import { type Say, say } from './say.ts'
import type { IsUnion } from './size.ts'

declare const LAYER: unique symbol
declare const REPORTED: unique symbol

export const extendsModel = '{kind}: this layer extends a model'
export const noLayer = '{op}: expected a layer'
export const otherType = '{kind}: expected {expected}, got {got}'
export const openModel = '{kind}: the shape that the model gives is not known'
export const openLayer = 'layer: its type is any or a union, so its shape is not known'
export const openActivation = "activation: its type is a union; write activation('act', (x) => flag ? relu(x) : tanh(x))"

/**
 * `out` is a shape or the message, `params` the parameters or null. Beside them a layer may have `label`, the name that
 * the user gave; `takes`, the dtype where it is not f32 (its `in` is then `Typed`); `from`, the shape that it was
 * made for; and the layers inside it.
 */
export interface LayerFn {
  in: unknown
  readonly kind: string
  readonly out: unknown
  readonly params: unknown
}
/** An activation keeps what it is given. */
export interface ActivationFn<Kind extends string> extends LayerFn {
  kind: Kind
  out: this['in']
  params: null
}
/** What a layer gives whose mistake was told where it was made: nothing more is said of it, nor of what comes after. */
export interface Reported {
  readonly [REPORTED]: true
}
/** A value that is a layer, whatever else it can be called with. */
export interface Brand<in out F> {
  readonly [LAYER]: F
}
/**
 * A layer extends a model. A named call interface: the first line of an error prints it. O comes from the model alone:
 * without `NoInfer` a compiler also reads it out of the words of a message.
 */
export interface Layer<in out F> extends Brand<F> {
  <I, O, P, D extends DType>(
    model: Fault<F, O, P> extends infer E extends string ? E : Model<I, O, P, D>,
  ): Model<I, Plain<OutputOf<F, NoInfer<O>>>, Grow<F, NoInfer<O>, P>, D>
}
/** Without the `NoInfer` that a layer which keeps its shape would hand on to what an editor shows. */
type Plain<T> = T extends [...infer Bare] ? Bare : T

export type OutputOf<F, S> = [S] extends [Reported] ? Reported : (F & { in: S })['out' & keyof F]
export type ParamsOf<F, S> = (F & { in: S })['params' & keyof F]
export type KindOf<F> = F extends { kind: infer Kind extends string } ? Kind : never
/** The dtype of what a model gives. */
export type DTypeOf<S> = S extends Typed<infer _, infer D> ? D : 'f32'
/** The shape that a layer was made for, without the dims that may stand before it; null where it takes any. */
export type From<F> = F extends { from: infer S } ? S : null
export type TakenBy<F> = F extends { takes: infer D } ? D : 'f32'

/** The name that a layer gets beside the parameters P. */
export type NameOf<F, P> = F extends { label: infer Name extends string } ? Name : FreeName<KindOf<F>, keyof P>
/** P with the layer's parameters. An intersection: a record remapped at every layer hits TS2589 at about 50 layers. */
export type Grow<F, S, P> = ParamsOf<F, S> extends infer V ? ([V] extends [null] ? P : P & { [K in NameOf<F, P>]: V }) : never

/** Why the layer does not extend a model that gives S with parameters P: the message, or null. */
export type Fault<F, S, P> = unknown extends S ? OpenFault<F, S> : ShapeFault<F, S> extends infer E extends string ? E : NameFault<F, P>
type OpenFault<F, S> = 0 extends 1 & S ? Say<typeof openModel, { kind: KindOf<F> }> : Say<typeof extendsModel, { kind: KindOf<F> }>
/** Why the layer does not take S: the message, or null. */
export type ShapeFault<F, S> = S extends string
  ? S
  : [S] extends [Reported]
    ? null
    : LayerFault<F> extends infer E extends string
      ? E
      : DTypeOf<S> extends TakenBy<F>
        ? OutputOf<F, S> extends infer E extends string
          ? E
          : null
        : Say<typeof otherType, { kind: KindOf<F>; expected: TakenBy<F>; got: DTypeOf<S> }>
/** The message where it is not known which layer this is, or null. */
export type LayerFault<F> = unknown extends F
  ? typeof openLayer
  : true extends IsUnion<F>
    ? [F] extends [AnyActivation<F>]
      ? typeof openActivation
      : typeof openLayer
    : null
/** An operation that treats a whole tensor otherwise than a sample is none. */
type AnyActivation<F> = [Extract<F, { whole: unknown }>] extends [never] ? ActivationFn<string> : never
/** X where it is a layer of F, else the message. Boxed, and of X: so it resolves where F is a type parameter. */
export type LayerGiven<Op extends string, X, F> = { _: X } extends { _: Brand<F> }
  ? X & Brand<F>
  : LayerMessage<Op, X> extends infer E extends string
    ? E
    : X & Brand<F>
/** Why X is no layer of which it is known which: the message, or null. */
export type LayerMessage<Op extends string, X> = [X] extends [Brand<infer F>] ? LayerFault<F> : Say<typeof noLayer, { op: Op }>
/** The message where nothing could be inferred of a layer's function, or null. */
export type NoLayer<Op extends string, F> = 0 extends 1 & F ? null : unknown extends F ? Say<typeof noLayer, { op: Op }> : null

/** Why the layer's name does not do beside the parameters P: the message, or null. */
export type NameFault<F, P> = F extends { label: infer Name extends string } ? UsedMessage<KindOf<F>, Name, keyof P> : null

/** A layer that could not be made: it says why to the model it is given. */
export interface Refused<Kind extends string, Message extends string> extends LayerFn {
  kind: Kind
  out: [Message] extends [never] ? this['in'] : Message
  params: null
  takes: DType
}

export const extendsModelMessage = (kind: string): string => say(extendsModel, { kind })
export const otherTypeMessage = (kind: string, expected: string, got: string): string => say(otherType, { kind, expected, got })
