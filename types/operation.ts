/**
 * Operations without weights: one value for models and for tensors, with one call signature (overloads fail inside
 * `pipe`).
 */
import type { Dims, Shape } from './dim.ts'
import type { DTypeFault, TakenByActivation } from './dtype.ts'
import type { ActivationFn, Brand, Fault, KindOf, LayerFn, OutputOf, openActivation, openLayer, openModel, otherType } from './layer.ts'
import type { AnyModel, Model, Typed } from './model.ts'
import { type Say, say } from './say.ts'
import type { IsUnion } from './size.ts'
import type { AnyTensor, Statistic, Tensor } from './tensor.ts'

export const needsBatch = '{op}: needs a batch dim, got {shape}'
export const neither = '{kind}: expected a tensor or a model'

export const uncalled = '{kind}: call it, {call}'
/** The argument that makes an operation, or the message where it is what the operation is for: its call was forgotten. */
export type Called<Kind extends string, X, Wanted, By extends string = ''> = X extends Wanted | undefined
  ? X
  : X extends AnyModel | AnyTensor
    ? Say<typeof uncalled, { kind: Kind; call: `${Kind}(${By})` }>
    : Wanted
const byPipe = '{op}: a tensor goes in by pipe; write pipe(x, {op}(...))'
export type ByPipe<Op extends string> = Say<typeof byPipe, { op: Op }>
/**
 * What makes an operation is given a tensor first, as in libraries without `pipe`: the message, else Wanted. It stands in the last
 * signature, whose error is the one that compilers end with. X stands in a branch that none takes, to be inferred. In a pipe, where
 * the call was forgotten, nothing is inferred from it (`unknown`).
 */
export type TensorFirst<Op extends string, X, Wanted> = [X] extends [never]
  ? X
  : unknown extends X
    ? ByPipe<Op>
    : [X] extends [AnyTensor]
      ? ByPipe<Op>
      : Wanted
/** What may follow: anything after a tensor, so that the message is about the tensor; else Wanted. */
export type AfterFirst<X, Wanted extends readonly unknown[] = []> = 0 extends 1 & X ? Wanted : [X] extends [AnyTensor] ? unknown[] : Wanted

/** What makes an activation from a number. */
export interface ActivationBy<Kind extends string> {
  <X>(number?: Called<Kind, X, number>): Activation<Kind>
}

/** What the operation does to one sample (`out`), and to a tensor (`wholeOut`), whose dtype may be `onto` where that is not f32. */
export interface OperationFn extends LayerFn {
  whole: unknown
  readonly wholeOut: unknown
  readonly params: null
}
export interface Operation<in out F> extends Brand<F> {
  <X extends Anything>(x: Accepted<Run<F, X>, X>): Run<F, X>
}
/**
 * Whatever there is. Unlike `unknown` it is a union: what a compiler puts in for X where nothing can be inferred, since the operation is
 * one of several.
 */
// biome-ignore lint/complexity/noBannedTypes: only with `{}` is it all of `unknown`
type Anything = {} | null | undefined
type OneOfSeveral<X> = unknown extends X ? IsUnion<X> : false
/** X, or the messages in R: one for each member of a union that is refused. */
type Accepted<R, X> = [Extract<R, string>] extends [never] ? X : Extract<R, string>
type OntoOf<F> = F extends { onto: infer D } ? D : 'f32'
type Whole<F, S> = (F & { whole: S })['wholeOut' & keyof F]
type Run<F, X> = OneOfSeveral<X> extends true ? typeof openLayer : Ran<F, X>
type Ran<F, X> =
  X extends Model<infer I, infer O, infer P, infer D>
    ? Fault<F, O, P> extends infer E extends string
      ? E
      : Model<I, OutputOf<F, O>, P, D>
    : X extends Tensor<infer S, infer D>
      ? DTypeFault<KindOf<F>, OntoOf<F>, D> extends infer E extends string
        ? E
        : Whole<F, S> extends infer R
          ? R extends Shape
            ? Tensor<R, D>
            : R
          : never
      : Say<typeof neither, { kind: KindOf<F> }>

/** What an operation on one sample does to a batch of them. */
export type PerSample<F, S> = S extends [infer B, ...infer Sample extends Shape]
  ? OutputOf<F, Sample> extends infer R
    ? R extends Shape
      ? [B, ...R]
      : R
    : never
  : Say<typeof needsBatch, { op: KindOf<F>; shape: S }>

/** An activation keeps what it is given, of any rank, except that the result of a statistic is none. */
export interface Activation<Kind extends string> extends Brand<ActivationFn<Kind>> {
  <X extends Anything>(x: Accepted<Activated<Kind, X>, X>): Activated<Kind, X>
}
type Activated<Kind extends string, X> = OneOfSeveral<X> extends true ? typeof openActivation : Passed<Kind, X>
type Passed<Kind extends string, X> =
  X extends Statistic<infer S>
    ? Tensor<S>
    : X extends Tensor<infer _, infer D>
      ? DTypeFault<Kind, TakenByActivation<Kind>, D> extends infer E extends string
        ? E
        : X
      : X extends AnyModel
        ? GivenFault<Kind, X['output']> extends infer E extends string
          ? E
          : X
        : Say<typeof neither, { kind: Kind }>
/** Why an activation does not take what a model gives: the message, or null. */
type GivenFault<Kind extends string, O> = 0 extends 1 & O
  ? Say<typeof openModel, { kind: Kind }>
  : O extends Typed<infer _, infer D>
    ? Say<typeof otherType, { kind: Kind; expected: 'f32'; got: D }>
    : O extends string
      ? O
      : null

export const needsBatchMessage = (op: string, shape: Dims): string => say(needsBatch, { op, shape })
export const neitherMessage = (kind: string): string => say(neither, { kind })
export const byPipeMessage = (op: string): string => say(byPipe, { op })
