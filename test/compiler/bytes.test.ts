/** Bytes in the arena: a program reads them, by loads and gathers of every kind, as the evaluator sees them. */
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { build, lower } from '../../src/compiler/compile.ts'
import { costOf } from '../../src/compiler/cost.ts'
import { type Source, type Specified, trace } from '../../src/compiler/trace.ts'
import * as ir from '../../src/graph/expression.ts'
import { graphOf } from '../../src/graph/graph.ts'
import { interpret } from '../../src/graph/interpret.ts'
import type { Node } from '../../src/graph/node.ts'

const bytes = (shape: readonly number[]): Specified => ({ shape, dtype: 'i32', storage: 'u8' })
const numbers = (shape: readonly number[]): Specified => ({ shape, dtype: 'i32' })
const sourceOf = (
  step: (...inputs: readonly Node[]) => readonly Node[],
  args: readonly Specified[],
  residents: readonly Specified[],
): Source => ({
  step: ((_: readonly never[], ...inputs: readonly Node[]) => [[], step(...inputs)]) as unknown as Source['step'], // nodes trace
  state: [],
  args,
  residents,
  bind: [{}],
})
const count = (shape: readonly unknown[]): number => shape.reduce<number>((n, d) => n * (d as number), 1)

/** What the program gives, and what the evaluator gives. */
const both = async (
  step: (...inputs: readonly Node[]) => readonly Node[],
  args: readonly Specified[],
  residents: readonly Specified[],
  values: readonly Int32Array[],
) => {
  const built = await build(sourceOf(step, args, residents))()
  if (isLeft(built)) throw new Error(built.left.message)
  const { entries, residents: places } = built.right
  const [entry] = entries
  for (const [i, { view }] of [...(entry?.args ?? []), ...places].entries()) view.set(values[i] as Int32Array)
  entry?.run()
  const inputs = [...args, ...residents].map(({ shape, dtype }, i) => ir.parameter(`${i}`, shape, dtype))
  const wanted = interpret(
    graphOf(step(...inputs), inputs),
    inputs.map(({ shape, dtype }, i) => ({ shape: shape as readonly number[], dtype, values: values[i] as Int32Array })),
  )
  return { got: entry?.results.map(({ view }) => [...view]), wanted: wanted.map((value) => [...value.values]) }
}

/** Ways to read a [n, m] of bytes with indices of its rows: side by side, apart, one for all lanes, at any place. */
const readings: Readonly<Record<string, (x: Node, rows: Node) => readonly Node[]>> = {
  'as it is': (x) => [x],
  'as floats': (x) => [ir.div(ir.cast(x, 'f32'), 255)],
  'across its rows': (x) => [ir.add(ir.permute(x, [1, 0]), 1)],
  'a part': (x) => [ir.neg(ir.slice(x, [1, 1], [(x.shape[0] as number) - 1, (x.shape[1] as number) - 1]))],
  'a column for all': (x) => [ir.add(ir.broadcastTo(ir.slice(x, [0, 0], [x.shape[0] as number, 1]), x.shape), x)],
  sums: (x) => [ir.sum(x, [0]), ir.sum(x, [1]), ir.max(x, [0, 1])],
  'rows by number': (x, rows) => [ir.gather(x, rows), ir.mul(ir.cast(ir.gather(x, rows), 'f32'), 0.5)],
  'columns by number': (x, rows) => [ir.gather(x, rows, 1)],
  'as a factor': (x) => [ir.dot(ir.cast(x, 'f32'), ir.cast(x, 'f32'), [[1], [1]])],
  twice: (x, rows) => [ir.sub(ir.gather(ir.permute(x, [1, 0]), rows), 3), x],
}

describe('bytes are read', () => {
  it.each(Object.entries(readings))('%s', async (_, reading) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 9 }),
        fc.integer({ min: 2, max: 9 }),
        fc.boolean(),
        fc.nat(99),
        async (n, m, resident, seed) => {
          // beyond either end, too: what is no index gives 0
          const rows = Int32Array.from({ length: 6 }, (_, i) => ((i * 5 + seed) % (n + 2)) - 1)
          const x = Int32Array.from({ length: n * m }, (_, i) => (i * 97 + 31 * seed) % 256)
          const step = resident
            ? (indices: Node, data: Node) => reading(data, indices)
            : (data: Node, indices: Node) => reading(data, indices)
          const { got, wanted } = resident
            ? await both(step as never, [numbers([6])], [bytes([n, m])], [rows, x])
            : await both(step as never, [bytes([n, m]), numbers([6])], [], [x, rows])
          expect(got?.map((each) => each.map(Math.fround))).toEqual(wanted.map((each) => each.map(Math.fround)))
        },
      ),
      { numRuns: 20 },
    )
  })
})

describe('bytes in the arena', () => {
  const step = (rows: Node, data: Node, labels: Node): readonly Node[] => [ir.cast(ir.gather(data, rows), 'f32'), ir.gather(labels, rows)]
  const source = sourceOf(step, [numbers([4])], [bytes([1000, 50]), numbers([1000])])
  const { entries, plan } = lower(trace(source), source.bind)

  it('take a byte each, behind the state, and are counted apart', () => {
    expect(plan.residentBytes).toBe(50_000 + 4000)
    expect(plan.bytes).toBeLessThan(plan.residentBytes + 4 * 4 * (50 + 1 + 1) + 200)
  })
  it('are the same places for every entry', () => {
    const two = {
      ...sourceOf(step, [{ shape: ['rows'], dtype: 'i32' }], [bytes([1000, 50]), numbers([1000])]),
      bind: [{ rows: 4 }, { rows: 3 }],
    }
    const { plan: both, entries: pair } = lower(trace(two), two.bind)
    const places = pair.map(({ buffers }, e) => buffers.filter(({ role }) => role === 'resident').map(({ id }) => both.offsets[e]?.get(id)))
    expect(places[0]).toEqual(places[1])
    expect(both.residentBytes).toBe(plan.residentBytes)
  })
  it('are read a byte at a time, and so they cost', () => {
    const read = entries[0]?.kernels.reduce((sum, kernel) => sum + costOf(kernel).bytesRead, 0) ?? 0
    // the rows of four samples, and their labels, each with the numbers of the samples
    expect(read).toBeLessThanOrEqual(4 * count([50]) + 4 * 4 + 2 * 4 * 4)
  })
  it('are not multiplied in place', () => {
    const product = sourceOf((data) => [ir.dot(data as Node, data as Node, [[1], [1]])], [bytes([3, 3])], [])
    expect(() => lower(trace(product), product.bind)).toThrow('bytes are loaded and gathered, not contracted')
  })
})
