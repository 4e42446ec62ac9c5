/** Changing dtype, and keeping gradients out. */
import type { DType, Shape } from '../../types/dim.ts'
import { anyDType, type DTypeMessage, type RefuseDType } from '../../types/dtype.ts'
import type { AfterFirst, TensorFirst } from '../../types/operation.ts'
import type { Tensor } from '../../types/tensor.ts'
import { cast as castNode, stopGradient as stopGradientNode } from '../graph/expression.ts'
import { tensorOf } from '../graph/node.ts'
import { dtypeArgument, notFirst, tensorNode } from './argument.ts'
import type { RefusedOperation } from './size.ts'
import { typed } from './typed.ts'

/** `cast(dtype)` */
export interface Cast<in out E extends DType> {
  <S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, E>
}
export interface CastFunction {
  <const E extends DType>(dtype: RefuseDType<E>): RefusedOperation<DTypeMessage<'cast'>>
  <const E extends DType>(dtype: E): Cast<E>
  <X>(dtype: TensorFirst<'cast', X, DType>, ...more: AfterFirst<X>): never
}

/**
 * The same numbers in another dtype. f32 to i32 drops the fraction; a number is true unless it is 0.
 *
 * @example
 * toArray(pipe(tensor([1.7, -1.7]), cast('i32'))) // => [1, -1]
 */
export const cast = typed<CastFunction>((dtype: DType) => {
  notFirst('cast', dtype)
  const target = dtypeArgument('cast', dtype)
  return (x: unknown) => tensorOf(castNode(tensorNode('cast', x, anyDType), target))
})

/**
 * The identity, through which no gradient goes.
 *
 * @example
 * toArray(stopGradient(tensor([1, 2]))) // => [1, 2]
 */
export const stopGradient = <S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> =>
  tensorOf(stopGradientNode(tensorNode('stopGradient', x, anyDType)))
