/** Windows that are put back: the gradient of a convolution is a convolution, tiles are movement, and both give the sums of windows. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { build } from '../../src/compiler/compile.ts'
import { simplify } from '../../src/compiler/simplify/simplify.ts'
import type { Source } from '../../src/compiler/trace.ts'
import * as e from '../../src/graph/expression.ts'
import { graphOf } from '../../src/graph/graph.ts'
import { interpret } from '../../src/graph/interpret.ts'
import type { Node } from '../../src/graph/node.ts'
import type { Op } from '../../src/graph/op.ts'

const numbers = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i * 12.9898 + seed)))
const product = (shape: readonly unknown[]): number => shape.reduce<number>((n, d) => n * (d as number), 1)

/** What a program gives and what the evaluator says, and the ops of the simplified graph. */
const both = async (f: (...xs: Node[]) => Node, shapes: readonly (readonly number[])[]) => {
  const inputs = shapes.map((shape, i) => numbers(product(shape), i))
  const parameters = shapes.map((shape, i) => e.parameter(`x${i}`, shape, 'f32'))
  const graph = graphOf([f(...parameters)], parameters)
  const values = inputs.map((input, i) => ({ shape: shapes[i] as number[], dtype: 'f32' as const, values: Float64Array.from(input) }))
  const step = ((_: never, ...xs: Node[]) => [{}, [f(...xs)]]) as unknown as Source['step']
  const built = await build({ step, state: {}, args: shapes.map((shape) => ({ shape, dtype: 'f32' as const })), bind: [{}] })()
  if (built._tag === 'Left') throw new Error(built.left.tag)
  const entry = built.right.entries[0] ?? expect.unreachable()
  entry.args.forEach(({ view }, i) => {
    view.set(inputs[i] as Float32Array)
  })
  entry.run()
  return {
    got: [...(entry.results[0]?.view ?? [])],
    wanted: [...(interpret(graph, values)[0]?.values ?? [])],
    ops: new Set<Op>(simplify(graph).nodes.map(({ op }) => op)),
  }
}
const agree = ({ got, wanted }: { readonly got: readonly number[]; readonly wanted: readonly number[] }): void => {
  expect(got.length).toBe(wanted.length)
  for (const [i, x] of got.entries()) expect(Math.abs(x - (wanted[i] as number))).toBeLessThanOrEqual(1e-4)
}

const image = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 3, max: 9 }),
  width: fc.integer({ min: 3, max: 9 }),
  channels: fc.integer({ min: 1, max: 5 }),
  filters: fc.integer({ min: 1, max: 5 }),
})

describe('the gradient of a convolution', () => {
  const sliding = fc.record({
    size: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    dilation: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    border: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
    stride: fc.constantFrom(1, 1, 2),
  })
  it('by the image, whatever the windows, is the sum over them', async () => {
    const property = fc.asyncProperty(image, sliding, async (sizes, { size, dilation, border: [top, bottom, left, right], stride }) => {
      const { batch, height, width, channels, filters } = sizes
      const windows = { axes: [1, 2], size, stride: [stride, stride], dilation, low: [top, left], high: [bottom, right] }
      const x = e.window(e.parameter('x', [batch, height, width, channels], 'f32'), windows)
      if (product(x.shape) === 0) return
      const [, h, w] = x.shape as number[]
      const f = (gradient: Node, weight: Node): Node => {
        const back = e.permute(e.dot(gradient, weight, [[3], [3]]), [0, 1, 2, 5, 3, 4])
        return e.windowTranspose(back, windows, [batch, height, width, channels])
      }
      agree(
        await both(f, [
          [batch, h as number, w as number, filters],
          [...size, channels, filters],
        ]),
      )
    })
    await fc.assert(property, { numRuns: 60 })
  })
  it('makes no buffer of windows', async () => {
    const windows = { axes: [1, 2], size: [5, 5], stride: [1, 1], dilation: [1, 1], low: [2, 2], high: [2, 2] }
    const f = (gradient: Node, weight: Node): Node =>
      e.windowTranspose(e.permute(e.dot(gradient, weight, [[3], [3]]), [0, 1, 2, 5, 3, 4]), windows, [2, 14, 14, 8])
    const result = await both(f, [
      [2, 14, 14, 16],
      [5, 5, 8, 16],
    ])
    agree(result)
    expect(result.ops.has('windowTranspose')).toBe(false)
    expect(result.ops.has('window')).toBe(true)
  })
})

describe('tiles', () => {
  it('come back to where they were cut, and what is left over is 0', async () => {
    const property = fc.asyncProperty(
      image,
      fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      async (sizes, size) => {
        const { batch, height, width, channels } = sizes
        const windows = { axes: [1, 2], size, stride: size, dilation: [1, 1], low: [0, 0], high: [0, 0] }
        const shape = [batch, height, width, channels]
        const f = (x: Node, y: Node): Node => {
          const all = e.window(x, windows)
          const largest = e.max(all, [4, 5], true)
          const back = e.windowTranspose(
            e.select(e.equal(all, e.broadcastTo(largest, all.shape)), all, e.full(all.shape, 0)),
            windows,
            shape,
          )
          return e.mul(back, y)
        }
        const result = await both(f, [shape, shape])
        agree(result)
        expect(result.ops.has('windowTranspose')).toBe(false)
      },
    )
    await fc.assert(property, { numRuns: 60 })
  })
})
