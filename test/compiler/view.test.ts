/** Views: whatever movement does to a buffer, strides say the same. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Chain, reshapeStrides, resolve, rowMajor } from '../../src/compiler/fuse/view.ts'
import { product } from '../../src/compiler/kernel.ts'
import * as e from '../../src/graph/expression.ts'
import { graphOf } from '../../src/graph/graph.ts'
import { interpret } from '../../src/graph/interpret.ts'
import type { Node } from '../../src/graph/node.ts'

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })

/** Numbers that choose what movement comes next. */
const choices = fc.array(fc.tuple(fc.nat(4), fc.nat(1000), fc.nat(1000)), { maxLength: 5 })

const moved = (x: Node, [kind, a, b]: readonly [number, number, number]): Node => {
  const shape = x.shape as readonly number[]
  const axis = shape.length === 0 ? 0 : a % shape.length
  if (kind === 0)
    return e.permute(
      x,
      [...shape.keys()].sort((i, j) => ((i * 7 + a) % 5) - ((j * 7 + a) % 5) || i - j),
    )
  if (kind === 1) return e.reshape(x, refactored(shape, a, b))
  if (kind === 2 && shape.length > 0) {
    const size = shape[axis] as number
    const start = size === 0 ? 0 : b % size
    return e.slice(
      x,
      shape.map((_, i) => (i === axis ? start : 0)),
      shape.map((d, i) => (i === axis ? size - start : d)),
    )
  }
  if (kind === 4 && shape.length > 0) {
    const windows = { axes: [axis], size: [1 + (a % 3)], stride: [1 + (b % 2)], dilation: [1 + ((a + b) % 2)], low: [0], high: [0] }
    return e.window(x, windows)
  }
  return e.broadcastTo(x, [(b % 3) + 1, ...shape.map((d, i) => (d === 1 && i === axis ? 3 : d))])
}

/** Another shape with as many elements. */
const refactored = (shape: readonly number[], a: number, b: number): readonly number[] => {
  const all = product(shape)
  if (all === 0) return a % 2 === 0 ? [0, (b % 3) + 1] : [0]
  const divisors = Array.from({ length: all }, (_, i) => i + 1).filter((d) => all % d === 0)
  const first = divisors[a % divisors.length] as number
  const rest = all / first
  const more = Array.from({ length: rest }, (_, i) => i + 1).filter((d) => rest % d === 0)
  const second = more[b % more.length] as number
  return [first, 1, second, rest / second]
}

/** The elements that a strided view reads, row-major. */
const read = (values: readonly number[], shape: readonly number[], offset: number, strides: readonly number[]): readonly number[] => {
  if (product(shape) === 0) return []
  let at = [offset]
  shape.forEach((d, i) => {
    at = at.flatMap((o) => Array.from({ length: d }, (_, n) => o + n * (strides[i] as number)))
  })
  return at.map((i) => values[i] as number)
}

describe('resolve', () => {
  it('reads through strides what movement gives, or names a node under a reshape', () => {
    let strided = 0
    fc.assert(
      fc.property(shapes, choices, (shape, steps) => {
        const values = Float32Array.from({ length: product(shape) }, (_, i) => i + 1)
        const leaf = e.parameter('x', shape, 'f32')
        const nodes: Node[] = [leaf]
        for (const step of steps) nodes.push(moved(nodes[nodes.length - 1] as Node, step))
        const movements = nodes.filter((n, i) => i > 0 && n !== nodes[i - 1])
        const chain = movements.reduceRight<Chain | null>((rest, movement) => ({ movement, rest }), null)
        const top = nodes[nodes.length - 1] as Node
        const seen = resolve(rowMajor(shape), chain)
        if ('op' in seen) {
          expect(movements.some((m) => m.op === 'reshape' && m.inputs[0] === seen)).toBe(true)
          return
        }
        strided++
        const [wanted] = interpret(graphOf([top], [leaf]), [{ dtype: 'f32', shape, values: Float64Array.from(values) }])
        expect(seen.shape).toEqual(top.shape)
        expect(read([...values], seen.shape, seen.offset, seen.strides)).toEqual([...(wanted?.values ?? [])])
      }),
      { numRuns: 2000 },
    )
    expect(strided).toBeGreaterThan(500)
  })
})

describe('reshapeStrides', () => {
  it('joins axes that lie side by side and refuses those that do not', () => {
    expect(reshapeStrides([2, 3], [3, 1], [6])).toEqual([1])
    expect(reshapeStrides([3, 2], [1, 3], [6])).toBeNull()
    expect(reshapeStrides([2, 1, 3], [3, 0, 1], [3, 2])).toEqual([2, 1])
    expect(reshapeStrides([4], [5], [2, 2])).toEqual([10, 5])
    expect(reshapeStrides([2, 2], [0, 0], [4])).toEqual([0])
  })
})
