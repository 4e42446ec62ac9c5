/** Borders, and sums over images: what they become, and that they give the same numbers. */
import { describe, expect, it } from 'vitest'
import { build, lower } from '../../src/compiler/compile.ts'
import type { LaidLoop } from '../../src/compiler/layout/laid.ts'
import { strictTarget } from '../../src/compiler/target.ts'
import { type Source, trace } from '../../src/compiler/trace.ts'
import * as e from '../../src/graph/expression.ts'
import type { Node } from '../../src/graph/node.ts'

type Shape = readonly number[]
const sourceOf = (f: (x: Node) => Node, shape: Shape): Source => ({
  step: ((_: never, x: Node) => [{}, f(x)]) as never,
  state: {},
  args: [{ shape, dtype: 'f32' as const }],
  bind: [{}],
})
const loopsOf = (f: (x: Node) => Node, shape: Shape): readonly LaidLoop[] => {
  const source = sourceOf(f, shape)
  const [entry] = lower(trace(source), source.bind).entries
  return (entry?.kernels ?? []).filter((k): k is LaidLoop => k.kind === 'loop')
}
const run = async (f: (x: Node) => Node, shape: Shape): Promise<readonly number[]> => {
  const built = await build(sourceOf(f, shape), strictTarget)()
  const [entry] = built._tag === 'Right' ? built.right.entries : []
  const [x, result] = [entry?.args[0]?.view ?? expect.unreachable(), entry?.results[0]?.view ?? expect.unreachable()]
  x.forEach((_, i) => {
    x[i] = 1 + (i % 5)
  })
  // what lies there before must not show
  result.fill(Number.NaN)
  entry?.run()
  return [...result]
}

describe('a border', () => {
  it.each([
    [
      [3, 4, 5, 16],
      [0, 1, 2, 0],
      [0, 1, 0, 0],
    ],
    [
      [3, 4, 5, 16],
      [0, 0, 0, 0],
      [0, 1, 1, 0],
    ],
    [
      [2, 6, 32],
      [1, 2, 0],
      [0, 1, 0],
    ],
    [
      [3, 4, 5, 2],
      [0, 1, 1, 0],
      [0, 1, 1, 0],
    ],
    [
      [2, 3, 20],
      [0, 0, 3],
      [0, 1, 2],
    ],
    [
      [2, 0, 3, 16],
      [0, 1, 1, 0],
      [0, 2, 1, 0],
    ],
  ])('of %j by %j and %j is zeros, and the rest is what it was', async (shape, low, high) => {
    const found = await run((x) => e.pad(x, low, high), shape)
    const padded = shape.map((dim, axis) => dim + (low[axis] as number) + (high[axis] as number))
    const wanted = found.map((_, at) => {
      let rest = at
      const index = padded.toReversed().map((dim) => {
        const i = rest % dim
        rest = Math.floor(rest / dim)
        return i
      })
      const place = index.toReversed().map((i, axis) => i - (low[axis] as number))
      if (place.some((i, axis) => i < 0 || i >= (shape[axis] as number))) return 0
      return 1 + (place.reduce((sum, i, axis) => sum * (shape[axis] as number) + i, 0) % 5)
    })
    expect(found).toEqual(wanted)
  })
  it('of many channels is written once, image by image, so that threads may share them', () => {
    const [kernel, ...more] = loopsOf((x) => e.pad(x, [0, 1, 1, 0], [0, 1, 1, 0]), [8, 6, 6, 32])
    expect(more).toEqual([])
    expect(kernel?.outer).toEqual([8])
    const elements = kernel?.phases.reduce((sum, { inner }) => sum + inner.reduce((a, b) => a * b, 1), 0)
    expect(elements).toBe(8 * 8 * 32)
  })
  it('of few channels is zeros everywhere first', () => {
    const [kernel] = loopsOf((x) => e.pad(x, [0, 1, 1, 0], [0, 1, 1, 0]), [8, 28, 28, 1])
    expect(kernel?.phases.map(({ inner }) => inner)).toEqual([[900], [28, 28]])
  })
})

describe('a sum over images', () => {
  const sums = (x: Node): Node => e.sum(x, [0, 1, 2])
  it('is of blocks that stay in the first cache, where the images are large', () => {
    const [blocks, whole, ...more] = loopsOf(sums, [32, 28, 28, 32])
    expect(more).toEqual([])
    expect([blocks?.phases[0]?.inner, whole?.phases[0]?.inner]).toEqual([[28], [896]])
  })
  it('is one where they are small, and over time however long it is', () => {
    expect(loopsOf(sums, [8, 8, 8, 32])).toHaveLength(1)
    expect(loopsOf((x) => e.sum(x, [0, 1]), [4000, 32, 64])).toHaveLength(1)
  })
  it('gives every element its part', async () => {
    const found = await run(sums, [16, 40, 40, 16])
    const wanted = Array.from({ length: 16 }, (_, c) => {
      let sum = 0
      for (let row = 0; row < 16 * 40 * 40; row++) sum += 1 + ((row * 16 + c) % 5)
      return sum
    })
    expect(found).toEqual(wanted)
  })
})
