import { describe, expect, it } from 'vitest'
import * as ir from '../../src/graph/expression.ts'
import { graphOf } from '../../src/graph/graph.ts'
import { interpretAll } from '../../src/graph/interpret.ts'
import type { Node } from '../../src/graph/node.ts'
import { magnitudes } from './magnitude.ts'

const f32 = (values: readonly number[], shape: readonly number[] = [values.length]) => ir.data(Float32Array.from(values), shape, 'f32')
const met = (node: Node): readonly number[] => {
  const graph = graphOf([node], [])
  return [...(magnitudes(graph, interpretAll(graph, [])).get(node)?.values ?? [])]
}

describe('magnitudes', () => {
  it('remember what cancelled', () => {
    const x = f32([1000, -2])
    expect(met(ir.sub(ir.add(x, 1), x))).toEqual([1001, 2])
    expect(met(ir.exp(ir.mul(x, 0)))).toEqual([1000, 2])
    expect(met(ir.select(ir.greater(x, 0), x, f32([5, 0.5])))).toEqual([1000, 0.5])
  })

  it('follow elements that move', () => {
    const x = ir.sub(f32([1, 2, 3, 4, 5, 6], [2, 3]), f32([9, 2, 3, 4, 5, 60], [2, 3]))
    expect(met(ir.slice(ir.permute(x, [1, 0]), [0, 0], [3, 1]))).toEqual([9, 2, 3])
    expect(met(ir.pad(ir.reshape(x, [6]), [1], [0]))).toEqual([0, 9, 2, 3, 4, 5, 60])
  })

  it('hold every partial sum', () => {
    const x = f32([3, -3, 1, 2], [2, 2])
    expect(met(ir.sum(x, [1]))).toEqual([6, 3])
    expect(met(ir.max(x, [0]))).toEqual([3, 3])
    expect(met(ir.sum(f32([], [2, 0]), [1]))).toEqual([0, 0])
    expect(met(ir.dot(x, f32([1, 1, 100, -1], [2, 2]), [[1], [0]]))).toEqual([303, 6, 201, 3])
    expect(met(ir.dot(x, f32([1, 1, 100, -1], [2, 2]), [[], []], 1))).toEqual([3, 3, 3, 3, 100, 1, 200, 2])
  })

  it('start anew in integers, and do not count what is not finite', () => {
    expect(met(ir.cast(ir.cast(ir.sub(f32([1000]), 999.5), 'i32'), 'f32'))).toEqual([0])
    expect(met(ir.tanh(f32([Number.POSITIVE_INFINITY, Number.NaN])))).toEqual([1, 0])
  })
})
