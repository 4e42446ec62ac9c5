/** What an embedding costs in a program: rows are copied and added, no product over the vocabulary, the table updated in place. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { pullBack } from '../../src/autodiff/pull-back.ts'
import { build, lower } from '../../src/compiler/compile.ts'
import { bodiesOf, type Instruction } from '../../src/compiler/kernel.ts'
import type { LaidKernel } from '../../src/compiler/layout/laid.ts'
import { type Source, trace } from '../../src/compiler/trace.ts'
import * as ir from '../../src/graph/expression.ts'
import type { Node } from '../../src/graph/node.ts'

const [words, features, rows, time] = [10_000, 64, 32, 128]
const state = (shape: readonly number[], value = 0): Node =>
  ir.data(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value), shape, 'f32')

/** A table under Adam, and a layer over what it gives. */
const training: Source = {
  step: (([table, first, second, weight]: readonly Node[], indices: Node) => {
    const [p, m, v, w] = [table, first, second, weight] as readonly [Node, Node, Node, Node]
    const y = ir.tanh(ir.dot(ir.gather(p, indices), w, [[2], [0]]))
    const loss = ir.mean(ir.mul(y, y), [0, 1, 2])
    const [byTable, byWeight] = pullBack(loss, ir.constant(1), [p, w]) as readonly [Node, Node]
    const moments = [
      ir.add(ir.mul(m, 0.9), ir.mul(byTable, 0.1)),
      ir.add(ir.mul(v, 0.999), ir.mul(ir.mul(byTable, byTable), 0.001)),
    ] as const
    const next = ir.sub(p, ir.mul(ir.div(moments[0], ir.add(ir.sqrt(moments[1]), 1e-8)), 0.001))
    return [[next, ...moments, ir.sub(w, ir.mul(byWeight, 0.01))], [loss]]
  }) as unknown as Source['step'], // nodes are what a step is traced with
  state: [state([words, features], 0.5), state([words, features]), state([words, features]), state([features, 16], 0.1)],
  args: [{ shape: [rows, time], dtype: 'i32' }],
  bind: [{}],
}
const instructions = (k: LaidKernel): readonly Instruction[] =>
  k.kind === 'contract' ? k.after.instructions : bodiesOf(k).flatMap(({ body }) => body.instructions)
const additions = (k: LaidKernel): number =>
  k.kind === 'contract' ? 0 : bodiesOf(k).reduce((n, { body }) => n + body.stores.filter((s) => s.addAt !== undefined).length, 0)

describe('a training step with an embedding', () => {
  const { entries, plan } = lower(trace(training), training.bind)
  const [entry] = entries
  const kernels = entry?.kernels ?? []

  it('gathers once, scatters once, and has no product over the vocabulary', () => {
    expect(kernels.filter((k) => instructions(k).some(({ op }) => op === 'gather')).length).toBe(1)
    expect(kernels.map(additions).filter((n) => n > 0)).toEqual([1])
    const contractions = kernels.flatMap((k) => (k.kind === 'contract' ? [[k.m, k.n, k.k]] : []))
    expect(contractions.flat()).not.toContain(words)
    expect(kernels.length).toBeLessThanOrEqual(8)
  })

  it('updates the table and its moments in place, in one pass', () => {
    const large = (entry?.buffers ?? []).filter(({ shape }) => shape.reduce((a, b) => a * b, 1) >= words)
    const used = new Set(
      kernels.flatMap((k) => (k.kind === 'contract' ? [] : bodiesOf(k).flatMap(({ body }) => body.stores.map((s) => s.view.buffer)))),
    )
    const written = large.filter(({ id, shape }) => used.has(id) && shape[0] === words)
    // table, moments, and the gradient
    expect(written.map(({ role }) => role).sort()).toEqual(['state', 'state', 'state', 'temporary'])
    expect(plan.bytes).toBeLessThan(4 * words * features * 4 + 5 * rows * time * features * 4)
  })
})

/** The results of one step over these arguments. */
const run = async (step: (...args: Node[]) => readonly Node[], ...args: readonly (Float32Array | Int32Array)[]) => {
  const source: Source = {
    step: ((_: never, ...xs: Node[]) => [{}, step(...xs)]) as never,
    state: {},
    args: args.map((values) => ({ shape: [values.length], dtype: values instanceof Int32Array ? 'i32' : 'f32' })),
    bind: [{}],
  }
  const built = await build(source)()
  if (isLeft(built)) throw new Error(built.left.tag)
  const entry = built.right.entries[0] ?? expect.unreachable()
  for (const [i, values] of args.entries()) entry.args[i]?.view.set(values)
  entry.run()
  return entry.results.map(({ view }) => [...view])
}

describe('what is added at one place', () => {
  const updates = Float32Array.from({ length: 40 }, (_, i) => Math.fround(Math.sin(i) * 10 ** ((i % 9) - 4)))
  const indices = Int32Array.from({ length: 40 }, (_, i) => (i * i) % 3)

  it('is added in the order of the indices, however the updates lie', async () => {
    const wanted = [0, 1, 2].map((place) => updates.filter((_, i) => indices[i] === place).reduce((sum, x) => Math.fround(sum + x), 0))
    const along = (u: Node, i: Node) => ir.scatterAdd(u, i, [3])
    // the same numbers as four columns, which lanes add at once
    const columns = (u: Node, i: Node) =>
      ir.slice(ir.scatterAdd(ir.broadcastTo(ir.reshape(u, [40, 1]), [40, 4]), i, [3, 4]), [0, 2], [3, 1])
    // as rows, whose columns are scattered
    const turned = (u: Node, i: Node) => ir.slice(ir.scatterAdd(ir.broadcastTo(u, [5, 40]), i, [5, 3], 1), [4, 0], [1, 3])
    // with indices of two axes
    const tall = (u: Node, i: Node) => ir.scatterAdd(ir.reshape(u, [8, 5]), ir.reshape(i, [8, 5]), [3])
    const found = await run((u, i) => [along(u, i), columns(u, i), turned(u, i), tall(u, i)], updates, indices)
    for (const sums of found) expect(sums).toEqual(wanted)
  })

  it('is added lane by lane where all go to one place', async () => {
    const one = (u: Node) => ir.scatterAdd(u, ir.full([40], 1, 'i32'), [3])
    const [sums] = await run((u) => [one(u)], updates)
    expect(sums).toEqual([0, updates.reduce((sum, x) => Math.fround(sum + x), 0), 0])
  })
})

describe('a place that data say', () => {
  it('is never outside, whatever the index', async () => {
    const indices = Int32Array.of(0, -1, 3, 2, 2147483647, -2147483648, 1, 65536)
    const values = Float32Array.of(1, 2, 3)
    const gathered = (x: Node, i: Node) => ir.gather(x, i)
    const scattered = (x: Node, i: Node) => ir.scatterAdd(ir.gather(x, ir.maximum(ir.minimum(i, 2), 0)), i, [3])
    const nothing = (_: Node, i: Node) => ir.gather(ir.full([0], 1), i)
    const [rows, sums, none] = await run((x, i) => [gathered(x, i), scattered(x, i), nothing(x, i)], values, indices)
    expect(rows).toEqual([1, 0, 0, 3, 0, 0, 2, 0])
    expect(sums).toEqual([1, 2, 3])
    expect(none).toEqual(new Array(8).fill(0))
  })
})
