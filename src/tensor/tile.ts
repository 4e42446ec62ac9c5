/** Repeating a tensor along its axes. */
import type { DType, Shape } from '../../types/dim.ts'
import { anyDType } from '../../types/dtype.ts'
import { type Fits, fits, ShapeError } from '../../types/shape-error.ts'
import type { Tensor } from '../../types/tensor.ts'
import { type TileShape, tileOf } from '../../types/tile.ts'
import { broadcastTo, reshape } from '../graph/expression.ts'
import { tensorOf } from '../graph/node.ts'
import { shown, tensorNode } from './argument.ts'
import { typed } from './typed.ts'

/** `tile(repeats)` */
export interface Tile<in out R extends readonly unknown[]> {
  <S extends Shape, D extends DType>(
    x: Fits<TileShape<S, R>, Tensor<S, D>>,
  ): TileShape<S, R> extends infer Tiled extends Shape ? Tensor<Tiled, D> : never
}

/**
 * The whole of each axis so many times over, `[m, n]` tiled `[2, 3]` to `[2m, 3n]`. Repeats are aligned from the last axis,
 * as in NumPy: what one side lacks is 1. A named axis has no size to repeat.
 *
 * @example
 * toArray(pipe(tensor([[1, 2]]), tile([2, 2]))) // => [[1, 2, 1, 2], [1, 2, 1, 2]]
 */
export const tile = <const R extends readonly number[]>(repeats: readonly [...R]): Tile<R> => {
  if (!Array.isArray(repeats)) throw new ShapeError(`tile: expected a list of repeats, as [2, 1], got ${shown(repeats)}`)
  return typed((x: unknown) => {
    const node = tensorNode('tile', x, anyDType)
    const { dims, repeats: counts, shape } = fits(tileOf(node.shape, repeats))
    // Each repeated axis in two, the repeats in front: [n] as [1, n], which is [count, n].
    const apart = dims.flatMap((dim, i) => (counts[i] === 1 ? [dim] : [1, dim]))
    const repeated = dims.flatMap((dim, i) => (counts[i] === 1 ? [dim] : [counts[i] as number, dim]))
    return tensorOf(reshape(broadcastTo(reshape(node, apart), repeated), shape))
  })
}
