/** Rows picked by their index, and rows added at their index. What is no index gives 0, or is left out. */
import type { NodeOf } from '../node.ts'
import { allocate, count, operand, sizesOf, type Value } from './value.ts'

export const evaluateGather = ({ attributes: { axis } }: NodeOf<'gather'>, inputs: readonly Value[]): Value => {
  const [x, indices] = [operand(inputs, 0), operand(inputs, 1)]
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]
  const values = allocate(x.dtype, shape)
  visit(x.shape, axis, indices, (there, here) => {
    values[here] = x.values[there] as number
  })
  return { dtype: x.dtype, shape, values }
}

/** Each sum is taken in row-major order of the indices. */
export const evaluateScatterAdd = ({ attributes }: NodeOf<'scatterAdd'>, inputs: readonly Value[]): Value => {
  const [updates, indices] = [operand(inputs, 0), operand(inputs, 1)]
  const shape = sizesOf(attributes.shape)
  const values = allocate(updates.dtype, shape)
  visit(shape, attributes.axis, indices, (there, here) => {
    // an Int32Array wraps by itself
    values[there] = (values[there] as number) + (updates.values[here] as number)
  })
  return { dtype: updates.dtype, shape, values }
}

/** Calls `pair` with the place of each element in the whole, and its place among what the indices pick. */
const visit = (whole: readonly number[], axis: number, { values: indices }: Value, pair: (there: number, here: number) => void): void => {
  const size = whole[axis] as number
  const [outer, inner] = [count(whole.slice(0, axis)), count(whole.slice(axis + 1))]
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i] as number
      if (index < 0 || index >= size) continue
      const [there, here] = [(o * size + index) * inner, (o * indices.length + i) * inner]
      for (let j = 0; j < inner; j++) pair(there + j, here + j)
    }
  }
}
