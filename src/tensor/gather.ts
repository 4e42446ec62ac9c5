/** Picking what stands at indices: rows of a table, elements of an axis. */
import { axisOf } from '../../types/axis.ts'
import type { Dim, DType, Shape } from '../../types/dim.ts'
import { anyDType, type DTypeFault } from '../../types/dtype.ts'
import { sizeOfDim } from '../../types/elements.ts'
import { type GatherShape, gatherShape, noIndexMessage } from '../../types/gather.ts'
import type { TensorFirst } from '../../types/operation.ts'
import { type Fits, fits, ShapeError } from '../../types/shape-error.ts'
import type { AnyTensor, Tensor } from '../../types/tensor.ts'
import { gather as gatherNode } from '../graph/expression.ts'
import { isNode, mergeSizes } from '../graph/make.ts'
import { type Node, tensorOf } from '../graph/node.ts'
import { notFirst, tensorNode } from './argument.ts'
import { typed } from './typed.ts'

/** `gather(indices, axis)` */
export interface Gather<in out I extends Shape, in out A extends number> {
  <S extends Shape, D extends DType>(
    x: Fits<GatherShape<S, I, A>, Tensor<S, D>>,
  ): GatherShape<S, I, A> extends infer R extends Shape ? Tensor<R, D> : never
}
/** The indices, or the message where they are no i32. */
export type Indices<Op extends string, I extends Shape, D extends DType> =
  DTypeFault<Op, 'i32', D> extends infer Fault extends string ? Fault : Tensor<I, D>

/** A signature for each count of arguments: an optional axis might be `undefined`, which its type would not show. */
export interface GatherFunction {
  <I extends Shape, E extends DType>(indices: Indices<'gather', I, E>): Gather<I, 0>
  <I extends Shape, E extends DType, const A extends number>(indices: Indices<'gather', I, E>, axis: A): Gather<I, A>
  <X, Y>(x: TensorFirst<'gather', X, X>, ...indices: Picking<Y>): never
}
/** Indices behind what they pick from. Where the second is no tensor, this signature has more parameters than there are: it stands aside. */
type Picking<Y> = [Y] extends [AnyTensor] ? [Y, ...unknown[]] : [Y, never]

/**
 * What stands at the indices along an axis, the first unless said: `x[...before, n, ...after]` and i32 `[...i]` give
 * `[...before, ...i, ...after]`, as NumPy's `take` and TensorFlow's `gather`. Indices count from 0. Where the indices are
 * data, one that is out of range is a `ShapeError`; where only a running program knows them, it picks 0, and no gradient
 * comes back through it. The gradient of what is picked twice is the sum, in the order of the indices.
 *
 * @example
 * toArray(pipe(tensor([[1, 2], [3, 4], [5, 6]]), gather(tensor([2, 0], 'i32')))) // => [[5, 6], [1, 2]]
 */
export const gather = typed<GatherFunction>((indices: unknown, axis = 0) => {
  if (isNode(axis)) notFirst('gather', indices)
  const picked = tensorNode('gather', indices, ['i32'])
  return (x: unknown) => {
    const whole = tensorNode('gather', x, anyDType)
    fits(gatherShape(whole.shape, picked.shape, axis))
    return tensorOf(gathered('gather', whole, picked, axisOf(whole.shape, axis) as number))
  }
})

/** What the indices pick; throws where they are data and one of them is out of range. */
export const gathered = (op: string, x: Node, indices: Node, axis: number): Node => {
  const size = sizeOfDim(x.shape[axis] as Dim, mergeSizes(x.sizes, indices.sizes))
  if (indices.op === 'data' && size !== null) {
    const odd = indices.attributes.values.find((index) => index < 0 || index >= size)
    if (odd !== undefined) throw new ShapeError(noIndexMessage(op, odd, axis, x.shape))
  }
  return gatherNode(x, indices, axis)
}
