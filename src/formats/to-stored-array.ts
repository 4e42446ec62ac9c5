/** Tensors as arrays of files. */
import type { DType, Shape } from '../../types/dim.ts'
import { anyDType } from '../../types/dtype.ts'
import { sizeOfDim } from '../../types/elements.ts'
import type { Tensor } from '../../types/tensor.ts'
import type { Node, NodeOf } from '../graph/node.ts'
import { tensorNode } from '../tensor/argument.ts'
import { compute } from '../tensor/compute.ts'
import type { StoredArray } from './stored-array.ts'

/**
 * A tensor as the array of a file, for `writeNpy`, `writeNpz` and `writeSafetensors`; `tensorOf(shape).decode` is the way back.
 * An expression is computed first.
 *
 * @example
 * toStoredArray(tensor([[1, 2]])) // => { type: 'f32', shape: [1, 2], values: new Float32Array([1, 2]) }
 */
export const toStoredArray = <S extends Shape, D extends DType>(x: Tensor<S, D>): StoredArray<D> => {
  const { attributes, sizes, dtype } = compute<Node>(tensorNode('toStoredArray', x, anyDType)) as NodeOf<'data'>
  const shape = attributes.shape.map((dim) => sizeOfDim(dim, sizes) ?? 0)
  // the elements of data are those of its dtype
  return { type: dtype, shape, values: attributes.values.slice() } as unknown as StoredArray<D>
}
