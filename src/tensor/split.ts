/** Splitting: a key in two, or a tensor along an axis. */
import type { DType, Shape } from '../../types/dim.ts'
import { anyDType } from '../../types/dtype.ts'
import type { Key } from '../../types/key.ts'
import type { AfterFirst, TensorFirst } from '../../types/operation.ts'
import { type Fits, fits, ShapeError } from '../../types/shape-error.ts'
import { type Parts, type SplitShapes, splitOf, twoKeys } from '../../types/split.ts'
import type { AnyTensor, Tensor } from '../../types/tensor.ts'
import { slice } from '../graph/expression.ts'
import { tensorOf } from '../graph/node.ts'
import { notFirst, tensorNode } from './argument.ts'
import { splitKey } from './random.ts'
import { typed } from './typed.ts'

/** `split(parts, axis)` */
export interface Split<in out P, in out A extends number> {
  <S extends Shape, D extends DType>(x: Fits<SplitShapes<S, P, A>, Tensor<S, D>>): SplitTensors<SplitShapes<S, P, A>, D>
}
/** A tensor of each shape. */
export type SplitTensors<R, D extends DType> = R extends readonly unknown[]
  ? { readonly [I in keyof R]: R[I] extends Shape ? Tensor<R[I], D> : never }
  : never
/**
 * One signature, since overloads fail inside `pipe`: what is given says which of the two it is. The axis is a list of none or
 * one: an optional one might be `undefined`, which its type would not show.
 */
export interface SplitFunction {
  <const P extends Key | Parts | AnyTensor, const A extends readonly [] | readonly [axis: number] = []>(
    parts: TensorFirst<'split', P, P>,
    ...axis: AxisOf<P, A>
  ): SplitResult<P, A extends readonly [infer X extends number] ? X : 0>
}
/** A key takes no axis. */
type AxisOf<P, A extends readonly unknown[]> = 0 extends 1 & P
  ? A
  : [P] extends [Key]
    ? A extends readonly []
      ? A
      : [typeof twoKeys]
    : AfterFirst<P, A>
type SplitResult<P, A extends number> = 0 extends 1 & P ? Split<P, A> : [P] extends [Key] ? readonly [Key, Key] : Split<P, A>

/**
 * Two new keys from a key, independent of each other: do not use the old one again. Or a tensor along an axis, the first
 * unless said: `split(count)` into equal parts, `split(sizes)` into parts of these sizes, which add up to the axis.
 *
 * @example
 * const [first, rest] = pipe(tensor([1, 2, 3, 4, 5]), split([2, 3]))
 * toArray(rest) // => [3, 4, 5]
 */
export const split = typed<SplitFunction>((parts: Key | Parts, ...rest: readonly number[]) => {
  notFirst('split', parts)
  if (typeof parts === 'number' || Array.isArray(parts)) return splitTensor(parts, rest[0] ?? 0)
  const keys = splitKey(parts as Key)
  if (rest.length > 0) throw new ShapeError(twoKeys)
  return keys
})

const splitTensor = (parts: Parts, axis: number) => (x: unknown) => {
  const node = tensorNode('split', x, anyDType)
  const { sizes, axis: at } = fits(splitOf(node.shape, parts, axis))
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0))
  return sizes.map((size, i) =>
    tensorOf(
      slice(
        node,
        node.shape.map((_, j) => (j === at ? (starts[i] as number) : 0)),
        node.shape.with(at, size),
      ),
    ),
  )
}
