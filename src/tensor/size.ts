/** Sizes and constructors that take a shape: what may be given, and what comes back when it may not. */
import type { BoundDim, Dim, DType, Size } from '../../types/dim.ts'
import type { DTypeGiven, DTypeMessage, RefuseDType } from '../../types/dtype.ts'
import { type Say, say } from '../../types/say.ts'
import { ShapeError } from '../../types/shape-error.ts'
import {
  badSize,
  type DimsOf,
  isNoName,
  type ListOfSizes,
  type NoName,
  type Refuse,
  type RefuseShape,
  type ShapeMessage,
  sizeMessage,
} from '../../types/size.ts'
import type { Tensor } from '../../types/tensor.ts'
import { shown } from './argument.ts'
import { typed } from './typed.ts'

declare const REFUSAL: unique symbol

/** A value that could not be made. An object, since a string literal is widened to `string` in most messages. */
export interface Refusal<in out Message extends string> {
  readonly [REFUSAL]: Message
}
/** An operation that could not be made: it says why to the tensor it is given. Generic, so that the mistake is the operation's. */
export interface RefusedOperation<in out Message extends string> {
  <X>(x: X extends unknown ? Message : X): never
}
/**
 * A function from a shape to a tensor. Dims alone come second, as they are: so one that is a type parameter stays one.
 * `NoInfer`: else what a tensor is wanted for would say its dtype, where the default should.
 */
export interface Creator<in out Op extends string> {
  <const S extends readonly Size[]>(shape: RefuseShape<S>, dtype?: DType): Refusal<ShapeMessage<Op, S>>
  <const D extends DType>(shape: readonly Size[], dtype: RefuseDType<D>): Refusal<DTypeMessage<Op>>
  <const S extends readonly Dim[]>(shape: readonly [...S]): Tensor<[...S]>
  <const S extends readonly Dim[], const D extends DType>(shape: readonly [...S], dtype: D): Tensor<[...S], NoInfer<D>>
  <const S extends readonly Size[]>(shape: readonly [...S]): Tensor<DimsOf<S>>
  <const S extends readonly Size[], const D extends DType>(shape: readonly [...S], dtype: D): Tensor<DimsOf<S>, NoInfer<D>>
  <const S>(shape: ListOfSizes<Op, S>): never
  <const S, const D>(shape: ListOfSizes<Op, S>, dtype: DTypeGiven<Op, D>): never
}

const noDimName = "dim: expected one name, which is no number, got '{name}'"
type IsOneName<N extends string> = N extends NoName | `${string}*${string}` ? false : true

export interface DimFunction {
  <const N extends string>(name: Refuse<N>, size: number): Refusal<'dim: the name is not a literal'>
  <const N extends string>(name: IsOneName<N> extends false ? N : never, size: number): Refusal<Say<typeof noDimName, { name: N }>>
  <const N extends string>(name: N, size: number): BoundDim<N>
}

/**
 * A size known only at run time, under a name that is its type. All tensors of one expression agree on it.
 *
 * @example
 * toArray(ones([dim('hidden', 3)])) // => [1, 1, 1]
 */
export const dim = typed<DimFunction>((name: unknown, size: unknown) => {
  if (typeof name !== 'string') throw new ShapeError(`dim: the name must be text, got ${shown(name)}`)
  if (isNoName(name) || name.includes('*')) throw new ShapeError(say(noDimName, { name }))
  const fault = typeof size === 'number' ? sizeMessage('dim', size) : say(badSize, { op: 'dim', size: shown(size) })
  if (fault !== null) throw new ShapeError(fault)
  return Object.freeze({ name, size })
})
