/** Choosing between two tensors, or numbers, element by element. */
import type { numberMixed } from '../../types/broadcast.ts'
import type { DType, Shape } from '../../types/dim.ts'
import { anyDType } from '../../types/dtype.ts'
import type { Say } from '../../types/say.ts'
import { fits, type Told } from '../../types/shape-error.ts'
import type { Tensor } from '../../types/tensor.ts'
import { type WhereShape, whereShape } from '../../types/where.ts'
import { select } from '../graph/expression.ts'
import { tensorOf } from '../graph/node.ts'
import { operandNode, tensorNode } from './argument.ts'
import { typed } from './typed.ts'

/**
 * Boxed, or the message. A dtype is `never` for a number; two numbers are f32. The condition's is `never` while the
 * compiler has not seen a nested call's type yet.
 */
type Outcome<C extends Shape, CD, A extends Shape, D, B extends Shape, E> = [D] extends [never]
  ? [E] extends [never]
    ? Boxed<WhereShape<C, CD, [], 'f32', [], 'f32'>, 'f32'>
    : Beside<E, Boxed<WhereShape<C, CD, [], E, B, E>, E>>
  : [E] extends [never]
    ? Beside<D, Boxed<WhereShape<C, CD, A, D, [], D>, D>>
    : Boxed<WhereShape<C, CD, A, D, B, E>, D>
/** A number beside a tensor of D. */
type Beside<D, R> = D extends 'bool' ? Say<typeof numberMixed, { op: 'where' }> : R
type Boxed<R, D> = R extends [infer S] ? [S, D] : R

export interface WhereFunction {
  <
    C extends Shape = [],
    CD extends DType = never,
    A extends Shape = [],
    D extends DType = never,
    B extends Shape = [],
    E extends DType = never,
  >(
    condition: Tensor<C, CD>,
    x: Tensor<A, D> | number,
    y: Third<[E], Outcome<C, CD, A, D, B, E>, Tensor<B, E>>,
  ): Outcome<C, CD, A, D, B, E> extends [infer S extends Shape, infer R extends DType] ? Tensor<S, R> : never
}
/** What the third argument must be: the message, a number, or Y. */
type Third<E, R, Y> = R extends string ? Told<R, Y> : E extends [never] ? number : Y

/**
 * x where the condition holds, else y. All three broadcast, and one of them has the result's shape.
 *
 * @example
 * toArray(where(greater(tensor([1, 3]), 2), 1, 0)) // => [0, 1]
 */
export const where = typed<WhereFunction>((condition: unknown, x: unknown, y: unknown) => {
  const c = tensorNode('where', condition, anyDType)
  const [a, b] = [operandNode('where', x, y, anyDType), operandNode('where', y, x, anyDType)]
  fits(whereShape(c, a, b))
  return tensorOf(select(c, a, b))
})
