/** What is decided for threads, as records: what may be divided, where threads wait, and how many of them pay. */
import { describe, expect, it } from 'vitest'
import { type Lowered, lower } from '../../src/compiler/compile.ts'
import { kernelsText } from '../../src/compiler/dump.ts'
import type { LaidKernel } from '../../src/compiler/layout/laid.ts'
import { strictTarget, type Target } from '../../src/compiler/target.ts'
import { panelsOf } from '../../src/compiler/threads/accesses.ts'
import { type Source, trace } from '../../src/compiler/trace.ts'
import * as ir from '../../src/graph/expression.ts'
import type { Node } from '../../src/graph/node.ts'
import { sources } from '../laws/sources.ts'

const two: Target = { ...strictTarget, threads: 2 }
const all: Target = { ...two, grain: 0 }
const lowered = (name: string, target: Target): Lowered => {
  const source = (sources[name] as () => Source)()
  return lower(trace(source), source.bind, target)
}
const kernelsIn = ({ entries }: Lowered): readonly LaidKernel[] => entries[0]?.kernels ?? []

/** The kernels of a step without state, over arguments of these shapes. */
const kernelsOf = (
  shapes: readonly (readonly number[])[],
  step: (...args: readonly Node[]) => Node,
  dtypes: readonly ('f32' | 'i32')[] = [],
) => {
  const source = {
    step: (state: unknown, ...args: readonly Node[]) => [state, step(...args)],
    state: {},
    args: shapes.map((shape, i) => ({ shape, dtype: dtypes[i] ?? 'f32' })),
    bind: [{}],
  }
  return kernelsIn(lower(trace(source as unknown as Source), source.bind, all))
}
const splitsOf = (kernels: readonly LaidKernel[]) => kernels.map(({ split }) => split)

describe('a split', () => {
  it('of a map is elements, whole vectors of them', () => {
    expect(splitsOf(kernelsOf([[4000]], (x = ir.constant(0, 'f32')) => ir.exp(x)))).toEqual([{ axis: 0, size: 4, units: 1000 }])
    expect(splitsOf(kernelsOf([[100_003]], (x = ir.constant(0, 'f32')) => ir.exp(x)))).toEqual([{ axis: 0, size: 100, units: 1001 }])
  })

  it('of a reduction is the results, never the sum', () => {
    const sum =
      (axes: readonly number[]) =>
      (x: Node = ir.constant(0, 'f32')) =>
        ir.reduce('sum', x, axes)
    expect(splitsOf(kernelsOf([[64, 32]], sum([1])))).toEqual([{ axis: 0, size: 1, units: 64 }])
    expect(splitsOf(kernelsOf([[64, 32]], sum([0])))).toEqual([{ axis: 0, size: 8, units: 4 }])
    expect(splitsOf(kernelsOf([[64, 32]], sum([0, 1])))).toEqual([null])
  })

  it('of a product of matrices is tiles of rows or of columns, whole ones', () => {
    const products = kernelsIn(lowered('mnist 784-256-10, Adam, two batch sizes', two)).flatMap((k) => (k.kind === 'contract' ? [k] : []))
    expect(products.length).toBe(5)
    for (const { split, rows, columns } of products) {
      const [tiles] = split?.axis === 0 ? rows : columns
      expect(split?.axis === 0 || split?.axis === 1).toBe(true)
      expect((split?.size ?? 0) % (tiles?.size ?? 0)).toBe(0)
      expect((split?.size ?? 0) * (split?.units ?? 0)).toBeGreaterThanOrEqual((tiles?.size ?? 0) * (tiles?.count ?? 0))
    }
  })

  it('is none where data choose the places that are added to', () => {
    const scatters = kernelsIn(lowered('tokens: embedding, Adam', all)).filter(
      (k) => k.kind === 'loop' && k.phases.some(({ body }) => body.stores.some(({ addAt }) => addAt !== undefined)),
    )
    expect(scatters.length).toBeGreaterThan(0)
    expect(splitsOf(scatters)).toEqual(scatters.map(() => null))
  })

  it('is none for a kernel too short to gain', () => {
    const kernels = kernelsIn(lowered('mnist 784-256-10, Adam, two batch sizes', two))
    const short = kernels.filter((k) => k.kind === 'loop' && k.phases.some(({ accumulate }) => accumulate.length > 0))
    expect(splitsOf(short)).toEqual(short.map(() => null))
  })
})

describe('barriers', () => {
  it('do not stand between a gradient of weights and the optimizer that takes it, element by element the same thread', () => {
    const program = lowered('mnist 784-256-10, Adam, two batch sizes', two)
    const kernels = kernelsIn(program)
    const updates = kernels.findIndex((k) => k.kind === 'loop' && k.phases[0]?.inner[0] === 200704)
    const gradient = kernels.findIndex((k) => k.kind === 'contract' && k.m === 784)
    expect(kernels[updates]?.split?.units).toBe(kernels[gradient]?.split?.units)
    // what the optimizer waits for is the learning rate of this step, which one thread computes
    const between = program.barriers[0]?.slice(gradient + 1, updates + 1).filter(Boolean)
    expect(between?.length).toBeLessThanOrEqual(1)
  })

  it('are none where one thread runs the step', () => {
    expect(lowered('xor 2-8-1, Adam', two).barriers.flat().some(Boolean)).toBe(false)
  })

  it('are shown with the schedule, and splits with their kernels', () => {
    const program = lowered('mnist 784-256-10, Adam, two batch sizes', two)
    const text = kernelsText({ kernels: kernelsIn(program), regions: [] }, program.barriers[0])
    expect(text.match(/^barrier$/gm)?.length).toBe(program.barriers[0]?.filter(Boolean).length)
    for (const { split } of kernelsIn(program))
      if (split !== null) expect(text).toContain(`split axis ${split.axis} into ${split.units} units of ${split.size}`)
  })
})

describe('a program', () => {
  it('has as many threads as pay: none for XOR, all for MNIST', () => {
    const threads = (name: string, most: number) => lowered(name, { ...strictTarget, threads: most }).threads
    expect([1, 2, 4].map((most) => threads('xor 2-8-1, Adam', most))).toEqual([1, 1, 1])
    expect([1, 2, 4].map((most) => threads('mnist 784-256-10, Adam, two batch sizes', most))).toEqual([1, 2, 4])
  })

  it('of one thread is what it is without the option', () => {
    for (const name of Object.keys(sources)) {
      const [plain, asked] = [lowered(name, strictTarget), lowered(name, { ...strictTarget, threads: 1, grain: 0 })]
      expect(asked.entries).toEqual(plain.entries)
      expect(asked.plan).toEqual(plain.plan)
      expect(plain.plan.sync).toBe(null)
      expect(splitsOf(kernelsIn(plain)).every((split) => split === null)).toBe(true)
    }
  })

  it('of several has a part of each panel for each thread', () => {
    const [one, three] = [strictTarget, { ...all, threads: 3 }].map((target) => lowered('mnist 784-256-10, Adam, two batch sizes', target))
    const panels = (program: Lowered | undefined): readonly (readonly number[])[] =>
      program === undefined
        ? []
        : kernelsIn(program)
            .flatMap(panelsOf)
            .map((id) => program.entries[0]?.buffers[id]?.shape ?? [])
    expect(panels(one).length).toBeGreaterThan(0)
    expect(panels(three)).toEqual(panels(one).map((shape) => [3, ...shape]))
  })
})
