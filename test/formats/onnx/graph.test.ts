/** The graph under construction: axes in another order, and names. */
import { fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { emptyGraph, permuted, rowsFor } from '../../../src/formats/onnx/graph.ts'
import { nodeOf } from '../../../src/graph/node.ts'
import { permute, reshape, tensor, toTypedArray } from '../../../src/index.ts'

const shaped = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 })
  .chain((shape) => fc.tuple(fc.constant(shape), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })))

describe('permuted', () => {
  it('is permute of tensors', () =>
    fc.assert(
      fc.property(shaped, ([shape, permutation]) => {
        const values = Float32Array.from({ length: shape.reduce((n, size) => n * size, 1) }, (_, i) => i)
        const wanted = permute(permutation as [0])(reshape(shape as [1])(tensor([...values] as [1]) as never) as never)
        const given = permuted({ shape, values }, permutation)
        expect(given.shape).toEqual(nodeOf(wanted as never).shape)
        expect(Array.from(given.values)).toEqual([...toTypedArray(wanted as never)])
      }),
      { seed: Number(process.env.LAW_SEED ?? 1) },
    ))
})

it('rows follow the elements of an image whose channels are in front', () => {
  const value = { name: 'x', shape: [4], order: { flattened: [2, 1, 2] } }
  const rows = rowsFor(value, { shape: [4, 1], values: Float32Array.of(0, 1, 2, 3) })
  expect([rows.shape, Array.from(rows.values)]).toEqual([
    [4, 1],
    [0, 2, 1, 3],
  ])
})

it('a name is given once, and so is a constant', () => {
  const graph = emptyGraph(['in/Add'])
  expect([graph.add('in', 'Add', []), graph.add('in', 'Add', [])]).toEqual(['in/Add_1', 'in/Add_2'])
  expect([graph.scalar(2), graph.scalar(2), graph.scalar(-0.5)]).toEqual(['constant/2', 'constant/2', 'constant/-0.5'])
  expect([graph.whole(2), graph.whole([2])]).toEqual(['constant/2_1', 'constant/[2]'])
  expect(graph.constants.map(({ name }) => name)).toEqual(['constant/2', 'constant/-0.5', 'constant/2_1', 'constant/[2]'])
})
