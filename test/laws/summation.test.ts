/** Law 5's foundation: the order of summation follows from op and logical shape, never from tiles, layout or batch size. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { build } from '../../src/compiler/compile.ts'
import * as e from '../../src/graph/expression.ts'
import type { Node } from '../../src/graph/node.ts'

const numbers = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.fround(((Math.imul(i + 1, 2654435761) ^ Math.imul(seed, 40503)) >>> 8) / 2 ** 23 - 1))

/** The elements of each result of a program without state. */
const run = async (
  step: (...args: Node[]) => readonly Node[],
  args: readonly { readonly shape: readonly number[]; readonly values: Float32Array }[],
) => {
  const source = {
    step: ((_: never, ...xs: Node[]) => [{}, step(...xs)]) as never,
    state: {},
    args: args.map(({ shape }) => ({ shape, dtype: 'f32' as const })),
    bind: [{}],
  }
  const built = await build(source)()
  if (built._tag === 'Left') throw new Error(built.left.tag)
  const entry = built.right.entries[0] ?? expect.unreachable()
  entry.args.forEach(({ view }, i) => {
    view.set((args[i] as (typeof args)[number]).values)
  })
  entry.run()
  return entry.results.map(({ view }) => [...view])
}

/** The same matrix with its rows as columns. */
const turned = ({ shape, values }: { readonly shape: readonly number[]; readonly values: Float32Array }) => {
  const [rows = 0, columns = 0] = shape
  return {
    shape: [columns, rows],
    values: Float32Array.from({ length: rows * columns }, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)] as number),
  }
}

const sizes = fc.record({
  m: fc.integer({ min: 1, max: 13 }),
  k: fc.integer({ min: 1, max: 70 }),
  n: fc.integer({ min: 1, max: 21 }),
  seed: fc.nat(1000),
})

describe('a product of matrices', () => {
  it('gives a row the same bits whatever rows stand beside it', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async ({ m, k, n, seed }) => {
        const x = numbers(m * k, seed)
        const w = numbers(k * n, seed + 1)
        const forward = (a: Node, b: Node) => [e.dot(a, b, [[1], [0]])]
        const backward = (a: Node, b: Node) => [e.dot(a, b, [[1], [1]])]
        const [whole = []] = await run(forward, [
          { shape: [m, k], values: x },
          { shape: [k, n], values: w },
        ])
        const [across = []] = await run(backward, [
          { shape: [m, k], values: x },
          { shape: [n, k], values: w },
        ])
        const row = m - 1
        const alone = { shape: [1, k], values: x.subarray(row * k, (row + 1) * k) }
        const [first = []] = await run(forward, [alone, { shape: [k, n], values: w }])
        const [second = []] = await run(backward, [alone, { shape: [n, k], values: w }])
        expect(first).toEqual(whole.slice(row * n))
        expect(second).toEqual(across.slice(row * n))
      }),
      { numRuns: 60 },
    )
  })

  it('has the same bits however its operands lie in memory', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async ({ m, k, n, seed }) => {
        const x = { shape: [m, k], values: numbers(m * k, seed) }
        const w = { shape: [k, n], values: numbers(k * n, seed + 1) }
        const [wanted] = await run((a, b) => [e.dot(a, b, [[1], [0]])], [x, w])
        const [fromTurned] = await run((a, b) => [e.dot(a, b, [[0], [1]])], [turned(x), turned(w)])
        const [throughViews] = await run((a, b) => [e.dot(e.permute(a, [1, 0]), e.permute(b, [1, 0]), [[1], [0]])], [turned(x), turned(w)])
        expect(fromTurned).toEqual(wanted)
        expect(throughViews).toEqual(wanted)
      }),
      { numRuns: 60 },
    )
  })
})

describe('a sum', () => {
  it('has the same bits along rows and along columns', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async ({ m, k, seed }) => {
        const values = numbers(m * k, seed)
        const [rows] = await run((x) => [e.sum(x, [1])], [{ shape: [m, k], values }])
        const [columns] = await run((x) => [e.sum(x, [0])], [turned({ shape: [m, k], values })])
        expect(columns).toEqual(rows)
      }),
      { numRuns: 60 },
    )
  })
})
