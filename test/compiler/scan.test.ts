/** Loops over time as compiled: one region whatever the length, rows that move, carries where they cost nothing, and their values. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { build, compileTraced, lower } from '../../src/compiler/compile.ts'
import { kernelsText } from '../../src/compiler/dump.ts'
import { timesOf } from '../../src/compiler/regions.ts'
import { strictTarget } from '../../src/compiler/target.ts'
import { type Source, trace } from '../../src/compiler/trace.ts'
import * as e from '../../src/graph/expression.ts'
import { graphOf } from '../../src/graph/graph.ts'
import { interpret } from '../../src/graph/interpret.ts'
import { type Scanned, type Stepped, scanned } from '../../src/graph/loop.ts'
import type { Node } from '../../src/graph/node.ts'
import { profileOf } from '../../src/runtime/profile.ts'
import { emit } from '../../src/wasm/emit/emit.ts'
import { lstmSource } from '../laws/sources.ts'

const sizes = { time: 5, features: 3, hidden: 8, classes: 4 }

type Make = (inputs: readonly Node[]) => readonly Node[]
/** A program without a state, of what a function gives of its arguments. */
const sourceOf = (make: Make, shapes: readonly (readonly number[])[]): Source => ({
  step: ((state: unknown, ...inputs: readonly Node[]) => [state, make(inputs)]) as Source['step'],
  state: [],
  args: shapes.map((shape) => ({ shape, dtype: 'f32' })),
  bind: [{}],
})
const kernelsOf = (source: Source) => {
  const [entry] = lower(trace(source), source.bind).entries
  return entry ?? expect.unreachable()
}
const numbers = (count: number, seed: number): Float32Array => Float32Array.from({ length: count }, (_, i) => Math.sin(seed + 3 * i))
const size = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1)

/** The largest difference between a program and the evaluator. */
const apart = async (make: Make, shapes: readonly (readonly number[])[]): Promise<number> => {
  const built = await build(sourceOf(make, shapes))()
  if (isLeft(built)) throw new Error(built.left.message)
  const [entry] = built.right.entries
  const values = shapes.map((shape, i) => numbers(size(shape), i))
  entry?.args.forEach(({ view }, i) => {
    view.set(values[i] as Float32Array)
  })
  // twice: nothing of a step may be left to the next
  entry?.run()
  entry?.run()
  const inputs = shapes.map((shape, i) => e.parameter(`x${i}`, shape, 'f32'))
  const given = shapes.map((shape, i) => ({ dtype: 'f32' as const, shape, values: Float64Array.from(values[i] as Float32Array) }))
  const wanted = interpret(graphOf(make(inputs), inputs), given)
  return Math.max(
    0,
    ...wanted.flatMap(({ values: all }, i) => [...all].map((x, at) => Math.abs(x - (entry?.results[i]?.view[at] ?? Number.NaN)))),
  )
}

const loop =
  (
    over: Partial<Scanned> & { readonly carries?: number },
    step: (carries: readonly Node[], rows: readonly Node[], w: Node) => Stepped,
  ): Make =>
  ([w, x, ...initial]) => {
    const sequence = e.permute(x as Node, [1, 0, 2])
    const all = { initial, sequences: [sequence], length: sequence.shape[0] as number, ...over }
    const { carries, results } = scanned(all, (state, rows) => step(state, rows, w as Node))
    return [...carries, ...results]
  }
const dot = (x: Node, y: Node): Node => e.dot(x, y, [[1], [0]])
const simple = (reverse: boolean): Make =>
  loop({ reverse }, ([h], [x], w) => {
    const next = e.unary('tanh', e.add(x as Node, dot(h as Node, w)))
    return { carries: [next], results: [next] }
  })
const finalOnly = (reverse: boolean): Make =>
  loop({ reverse }, ([h], [x], w) => ({ carries: [e.unary('tanh', e.add(x as Node, dot(h as Node, w)))], results: [] }))
const swapped: Make = loop({}, ([a, b], [x]) => ({ carries: [b as Node, e.add(a as Node, x as Node)], results: [a as Node] }))
const passing: Make = loop({}, ([a], [x], w) => ({ carries: [a as Node], results: [x as Node, w, a as Node, e.mul(x as Node, 2)] }))

/** A loop in a loop: rows of a row. */
const nested: Make = ([x, h0]) => {
  const { carries, results } = scanned({ initial: [h0 as Node], sequences: [x as Node], length: 3 }, ([h], [rows]) => {
    const inner = scanned({ initial: [h as Node], sequences: [rows as Node], length: 4, reverse: true }, ([c], [row]) => {
      const next = e.unary('tanh', e.add(e.mul(c as Node, 0.5), row as Node))
      return { carries: [next], results: [next] }
    })
    return { carries: [inner.carries[0] as Node], results: [inner.results[0] as Node] }
  })
  return [...carries, ...results]
}

describe('a loop over time', () => {
  it('of an LSTM runs these kernels', async () => {
    await expect(kernelsText(kernelsOf(lstmSource(sizes, [6])))).toMatchFileSnapshot('../golden/lstm-kernels.txt')
  })

  it('reads a carry that is stacked where the iteration before left it', async () => {
    await expect(
      kernelsText(
        kernelsOf(
          sourceOf(simple(true), [
            [4, 4],
            [2, 3, 4],
            [2, 4],
          ]),
        ),
      ),
    ).toMatchFileSnapshot('../golden/history-kernels.txt')
  })

  it('keeps a carry that its own step reads all over in two places that take turns, and another in one', () => {
    const turns = (make: Make) =>
      kernelsOf(
        sourceOf(make, [
          [4, 4],
          [2, 3, 4],
          [2, 4],
        ]),
      ).regions.map(({ rows }) => rows.filter(({ turns }) => turns).length)
    expect(turns(finalOnly(false))).toEqual([2])
    expect(turns(loop({}, ([h], [x]) => ({ carries: [e.mul(h as Node, x as Node)], results: [] })))).toEqual([0])
  })

  it.each([0, 1, 2, 3, 7, 8])('of %i rows gives what the evaluator gives', async (length) => {
    for (const reverse of [false, true]) {
      expect(
        await apart(simple(reverse), [
          [4, 4],
          [2, length, 4],
          [2, 4],
        ]),
      ).toBeLessThan(1e-6)
      expect(
        await apart(finalOnly(reverse), [
          [4, 4],
          [2, length, 4],
          [2, 4],
        ]),
      ).toBeLessThan(1e-6)
    }
    expect(await apart(swapped, [[1], [2, length, 4], [2, 4], [2, 4]])).toBeLessThan(1e-5)
    expect(await apart(passing, [[2, 2], [2, length, 4], [3]])).toBe(0)
  })

  it('of loops over time gives what the evaluator gives', async () => {
    expect(await apart(nested, [[3, 4, 5], [5]])).toBeLessThan(1e-6)
  })

  it.each([false, true])('walks over rows that lie in memory as bytes, in reverse: %s', async (reverse) => {
    const make: Make = ([x]) => {
      const start = e.full([3], 1, 'f32')
      const { carries } = scanned({ initial: [start], sequences: [x as Node], length: 4, reverse }, ([h], [row]) => ({
        carries: [e.add(e.mul(h as Node, 2), e.cast(row as Node, 'f32'))],
        results: [],
      }))
      return carries
    }
    const source = { ...sourceOf(make, []), args: [{ shape: [4, 3], dtype: 'i32' as const, storage: 'u8' as const }] }
    const built = await build(source)()
    if (isLeft(built)) throw new Error(built.left.message)
    const [entry] = built.right.entries
    const rows = [
      [255, 0, 3],
      [1, 200, 7],
      [9, 8, 129],
      [0, 31, 64],
    ]
    entry?.args[0]?.view.set(rows.flat())
    entry?.run()
    const wanted = (reverse ? rows.toReversed() : rows).reduce((h, row) => h.map((x, i) => 2 * x + (row[i] as number)), [1, 1, 1])
    expect([...(entry?.results[0]?.view ?? [])]).toEqual(wanted)
  })

  it.each([8, 12, 20, 36, 40])('of products by a matrix of %i columns, turned round, gives what the evaluator gives', async (hidden) => {
    const make = loop({}, ([h], [x], w) => ({
      carries: [e.unary('tanh', e.add(x as Node, e.dot(h as Node, w, [[1], [1]])))],
      results: [e.dot(h as Node, w, [[1], [0]])],
    }))
    const shapes = [
      [hidden, hidden],
      [9, 5, hidden],
      [9, hidden],
    ]
    expect(kernelsOf(sourceOf(make, shapes)).buffers.some(({ path }) => path === 'packed')).toBe(true)
    expect(await apart(make, shapes)).toBeLessThan(1e-5)
  })

  it('with matrices that are worth packing gives what the evaluator gives', async () => {
    const source = sourceOf(finalOnly(false), [
      [128, 128],
      [4, 6, 128],
      [4, 128],
    ])
    expect(kernelsOf(source).buffers.some(({ path }) => path === 'packed')).toBe(true)
    expect(
      await apart(finalOnly(false), [
        [128, 128],
        [4, 6, 128],
        [4, 128],
      ]),
    ).toBeLessThan(1e-5)
  })
})

describe('the module of an LSTM', () => {
  const emitted = (time: number) => {
    const source = lstmSource({ ...sizes, time }, [6, 4])
    const lowered = lower(trace(source), source.bind)
    return { ...emit({ ...lowered, target: strictTarget }), lowered }
  }
  /** The instructions of the entries, without the numbers: how many iterations, and where buffers lie. */
  const entriesIn = (text: string): readonly string[] =>
    text.split(/^ {2}\(func /m).flatMap((func) => (func.startsWith('$step') ? [func.replaceAll(/-?\d+/g, '0')] : []))

  it('has as many kernels for 1000 steps as for 10, and entries of the same instructions', () => {
    const [few, many] = [emitted(10), emitted(1000)]
    expect(entriesIn(many.text())).toEqual(entriesIn(few.text()))
    expect(entriesIn(many.text()).length).toBe(2)
    expect(many.calls.map((calls) => calls.length)).toEqual(few.calls.map((calls) => calls.length))
    expect(Math.abs(many.bytes.length - few.bytes.length)).toBeLessThan(few.bytes.length / 20)
  })

  it('counts a kernel as often as it runs', async () => {
    const source = lstmSource({ ...sizes, time: 10 }, [6])
    const compiled = await compileTraced(trace(source), source.bind)()
    if (isLeft(compiled)) throw new Error(compiled.left.message)
    const { laid, calls } = compiled.right.entries[0] ?? expect.unreachable()
    expect(laid.kernels.map((_, i) => timesOf(laid.regions, i))).toEqual(
      calls.map(({ turns }) => turns.reduce((n, { times }) => n * times, 1)),
    )
    expect(new Set(laid.kernels.map((_, i) => timesOf(laid.regions, i)))).toEqual(new Set([1, 10]))
  })

  it('is profiled kernel by kernel, those of loops over all their rows', async () => {
    const built = await build(lstmSource({ ...sizes, time: 10 }, [6]))()
    if (isLeft(built)) throw new Error(built.left.message)
    const [entry] = profileOf(built.right, { milliseconds: 20 }).entries
    const product = entry?.kernels.find(({ about, computes }) => about.includes('hidden') && computes.startsWith('matmul'))
    expect(product?.flops).toBeGreaterThanOrEqual(10 * 2 * 6 * 8 * 32)
    expect(entry?.kernels.length).toBe(built.right.report.kernels)
  })
})
