/** Rows of a table by their index, on tensors. */
import type { DType, Shape } from '../../types/dim.ts'
import { type EmbeddingShape, embeddingShape } from '../../types/embedding.ts'
import { type Fits, fits } from '../../types/shape-error.ts'
import type { Tensor } from '../../types/tensor.ts'
import { tensorOf } from '../graph/node.ts'
import { tensorNode } from './argument.ts'
import { gathered, type Indices } from './gather.ts'
import { typed } from './typed.ts'

/** `embedding(table)` */
export interface EmbeddingIn<in out W extends Shape> {
  <S extends Shape, D extends DType>(
    indices: Indices<'embedding', S, D>,
  ): EmbeddingShape<S, W> extends infer R extends Shape ? Tensor<R> : never
}

/**
 * A row of the table for each index: table `[vocabulary, features]`, i32 `[...s] -> [...s, features]`. Indices count from 0;
 * what is no index has a row of zeros, or is a `ShapeError` where the indices are data.
 *
 * @example
 * toArray(pipe(tensor([2, 0], 'i32'), embedding(tensor([[1, 2], [3, 4], [5, 6]])))) // => [[5, 6], [1, 2]]
 */
export const embedding = <W extends Shape>(table: Fits<EmbeddingShape<[], W>, Tensor<W>>): EmbeddingIn<W> => {
  const rows = tensorNode('embedding', table)
  fits(embeddingShape([], rows.shape))
  return typed((indices: unknown) => tensorOf(gathered('embedding', rows, tensorNode('embedding', indices, ['i32']), 0)))
}
