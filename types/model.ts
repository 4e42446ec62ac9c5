/** `Model<I, O, P>`: from one sample's shape to another's, with named parameters in between. */
import type { Dim, DType, Shape } from './dim.ts'
import type { Fitting } from './fitting.ts'
import type { Key } from './key.ts'
import { type Same, same } from './same.ts'
import { type Say, say } from './say.ts'
import { type DimsAndType, type ShowTyped, showTyped } from './show.ts'
import type { Tensor } from './tensor.ts'
import type { Trainable } from './trainable.ts'

declare const MODEL: unique symbol

/**
 * Shapes are one sample's; the functions are generic in the one batch dim in front. Layers accumulate `P` as an
 * intersection (a record remapped at every layer is too deep for the compiler at about 50 layers); wherever a user
 * sees parameters they are flat. `D` is the dtype of the input.
 */
export interface Model<in out I, in out O, in out P, in out D extends DType = 'f32'> {
  readonly input: I
  readonly output: O
  readonly dtype: D
  /** Parameters from a key: the same key gives the same numbers, whatever layers stand before or after. */
  readonly init: (key: Key) => Flat<P>
  /** Predicts: never drops out, never updates statistics. */
  readonly apply: <B extends Dim, Q, X>(
    params: Fitting<'apply', 'the model has', 'params', Q, Flat<P>>,
    x: Rows<'apply', I, D, X, Tensor<Batch<B, I>, D>>,
  ) => Tensor<Batch<B, O>>
  /** Drops out under the key; gives the prediction, and the parameters with their statistics updated. */
  readonly applyTraining: <B extends Dim, Q, X>(
    params: Fitting<'applyTraining', 'the model has', 'params', Q, Flat<P>>,
    x: Rows<'applyTraining', I, D, X, Tensor<Batch<B, I>, D>>,
    key: Key,
  ) => readonly [Tensor<Batch<B, O>>, Flat<P>]
  readonly [MODEL]: (i: I, o: O, p: P, d: D) => void
}
// biome-ignore lint/suspicious/noExplicitAny: an invariant type has no other supertype
export type AnyModel = Model<any, any, any, any>

const noModel = '{op}: expected a model'
const otherRows = '{op}: the model takes samples of {taken}, x is {got}'
export const oneSample = '{op}: the model takes samples of {taken} with a batch dim in front, got {taken}'
const noRows = '{op}: the model takes samples of {taken}, x is no tensor'
/** `Wanted`, a batch of samples, where X is one, else the message. X stands alone in a branch only to be inferred there. */
export type Rows<Op extends string, I, D extends DType, X, Wanted> = { _: X } extends { _: Wanted }
  ? Wanted
  : 0 extends 1 & X
    ? X
    : X extends Tensor<infer S, infer E>
      ? Same<Typed<S, E>, Typed<I, D>> extends true
        ? Say<typeof oneSample, { op: Op; taken: ShowTyped<I, D> }>
        : Say<typeof otherRows, { op: Op; taken: ShowTyped<I, D>; got: ShowTyped<S, E> }>
      : Say<typeof noRows, { op: Op; taken: ShowTyped<I, D> }>
export const rowsMessage = (op: string, taken: DimsAndType, x: DimsAndType | null): string =>
  x === null
    ? say(noRows, { op, taken: showTyped(taken) })
    : isSample(taken, x)
      ? say(oneSample, { op, taken: showTyped(taken) })
      : say(otherRows, { op, taken: showTyped(taken), got: showTyped(x) })
/** Whether this is one sample of what a model takes, without the batch dim. */
export const isSample = (taken: DimsAndType, x: DimsAndType): boolean => taken.dtype === x.dtype && same(taken.shape, x.shape)

/** What comes out of a model where it is not f32: an input over tokens, before a layer has taken them. */
export interface Typed<in out S, in out D extends DType> {
  readonly shape: S
  readonly dtype: D
}

/**
 * X where it is this model, else the message. Boxed, and of X: so it resolves where the model is generic. The model stands beside X to
 * be inferred, and not beside the message: else of a list a compiler would tell how its elements are no letters.
 */
export type ModelGiven<Op extends string, X, M> = { _: X } extends { _: M } ? X & M : Say<typeof noModel, { op: Op }>

/** The parameters of a model without weights. */
// biome-ignore lint/complexity/noBannedTypes: the unit of the intersection that layers grow
export type NoParams = {}

/** A batch of samples. */
export type Batch<B, S> = S extends Shape ? [B, ...S] : never
/** An accumulated intersection as one readonly record. */
export type Flat<P> = { readonly [K in keyof P]: P[K] }

// biome-ignore-start lint/suspicious/noExplicitAny: an invariant type has no other supertype
/** One sample's shape, as the model takes it. */
export type In<M> = M extends Model<infer I, any, any, any> ? I : never
/** One sample's shape, as the model gives it. */
export type Out<M> = M extends Model<any, infer O, any, any> ? O : never
/** The record of a model's parameters. */
export type Params<M> = M extends Model<any, any, infer P, any> ? Flat<P> : never
// biome-ignore-end lint/suspicious/noExplicitAny: an invariant type has no other supertype
/** The record of a model's gradients: its parameters without the statistics. */
export type Grads<M> = Trainable<Params<M>>
