/** `assertShape`: a tensor whose type says little, under a type that says all. */
import * as E from 'fp-ts/lib/Either.js'
import type { Dim, Dims, DType, Shape, Size } from '../../../types/dim.ts'
import type { DTypeGiven, DTypeMessage, RefuseDType } from '../../../types/dtype.ts'
import type { DimsOf, ListOfSizes, RefuseShape, ShapeMessage } from '../../../types/size.ts'
import type { AnyTensor, Tensor } from '../../../types/tensor.ts'
import { type Node, tensorOf as tensorOfNode } from '../../graph/node.ts'
import type { RefusedOperation } from '../../tensor/size.ts'
import { typed } from '../../tensor/typed.ts'
import { fitTensor, type Misfit, showNode } from './fit-tensor.ts'
import { isTensor, shownValue } from './foreign.ts'
import { showSized, type Wanted, wanted } from './wanted.ts'

/** Why a tensor is not of the shape; `message` says it in one line, with both shapes. */
export type ShapeMismatch = { readonly message: string; readonly expected: Dims } & (
  | { readonly tag: 'NotTensor' }
  | { readonly tag: 'WrongDType'; readonly got: DType }
  | { readonly tag: 'WrongRank'; readonly got: Dims }
  | { readonly tag: 'WrongSize'; readonly got: Dims; readonly axis: number }
)

/** `assertShape(shape)`: what it does to a tensor. */
export interface AssertShape<in out S extends Shape, in out D extends DType = 'f32'> {
  (x: AnyTensor): E.Either<ShapeMismatch, Tensor<S, D>>
}
export interface AssertShapeFunction {
  <const S extends readonly Size[]>(shape: RefuseShape<S>, dtype?: DType): RefusedOperation<ShapeMessage<'assertShape', S>>
  <const S extends readonly Size[], const D extends DType>(
    shape: readonly [...S],
    dtype: RefuseDType<D>,
  ): RefusedOperation<DTypeMessage<'assertShape'>>
  <const S extends readonly Dim[]>(shape: readonly [...S]): AssertShape<[...S], 'f32'>
  <const S extends readonly Dim[], const D extends DType>(shape: readonly [...S], dtype: D): AssertShape<[...S], NoInfer<D>>
  <const S extends readonly Size[]>(shape: readonly [...S]): AssertShape<DimsOf<S>, 'f32'>
  <const S extends readonly Size[], const D extends DType>(shape: readonly [...S], dtype: D): AssertShape<DimsOf<S>, NoInfer<D>>
  <const S>(shape: ListOfSizes<'assertShape', S>): never
  <const S, const D>(shape: ListOfSizes<'assertShape', S>, dtype: DTypeGiven<'assertShape', D>): never
}

/**
 * The same tensor with its shape and dtype in its type, or why it has another. Sizes decide: a name takes the size that
 * stands in its place, the same wherever it stands; a literal size fits a name that is bound to it. A name without a size
 * is only itself.
 *
 * @example
 * const checked = pipe(zeros([32, 783]), assertShape(['batch', 784]))
 * E.isLeft(checked) && checked.left.message // => 'assertShape: expected [batch, 784], got [32, 783]'
 */
export const assertShape = typed<AssertShapeFunction>((shape: readonly Size[], dtype: unknown = 'f32') => {
  const want = wanted('assertShape', shape, dtype)
  return (x: unknown): E.Either<ShapeMismatch, AnyTensor> => {
    if (!isTensor(x)) return E.left({ tag: 'NotTensor', expected: want.dims, message: sentence(want, shownValue(x)) })
    const fitting = fitTensor(want, x)
    return E.isRight(fitting) ? E.right(tensorOfNode(fitting.right)) : E.left(mismatch(want, x, fitting.left))
  }
})

const mismatch = (want: Wanted, x: Node, misfit: Misfit): ShapeMismatch => {
  const common = { expected: want.dims, message: sentence(want, showNode(want, x)) }
  return misfit.tag === 'WrongDType' ? { ...common, ...misfit, got: x.dtype } : { ...common, ...misfit, got: x.shape }
}
const sentence = (want: Wanted, got: string): string => `assertShape: expected ${showSized(want)}, got ${got}`
