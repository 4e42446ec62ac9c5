/** Law 5, across threads: any number of them gives the same bits, and no two touch an element at once. */
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { build, compileTraced, type Lowered, lower } from '../../src/compiler/compile.ts'
import { strictTarget, type Target } from '../../src/compiler/target.ts'
import { type Source, trace } from '../../src/compiler/trace.ts'
import type { Values } from '../../src/graph/evaluate/value.ts'
import type { Executable, Shared } from '../../src/runtime/executable.ts'
import { elementsOf } from '../../src/runtime/instantiate.ts'
import { type Machine, type Slot, start } from '../../src/runtime/machine.ts'
import { waitingIn } from '../../src/wasm/emit/barrier.ts'
import { type Sample, samples } from '../generators/graphs.ts'
import { runs } from '../generators/runs.ts'
import { sameBits } from './agreement.ts'
import { race } from './races.ts'
import { stepOf } from './replay.ts'
import { sources } from './sources.ts'
import { unrolled } from './unrolled.ts'

/** Everything that can be divided is. */
const divided = (threads: number): Target => ({ ...strictTarget, threads, grain: 0 })

const lowered = (source: Source, target: Target): Lowered => lower(trace(source), source.bind, target)
const machineOf = async (source: Source, target: Target): Promise<Machine> => {
  const built = await build(source, target)()
  if (isLeft(built)) throw new Error(JSON.stringify(built.left))
  return built.right
}
/** A machine whose workers have taken up the program. */
const shared = async (source: Source, threads: number): Promise<Machine> => {
  const machine = await machineOf(source, divided(threads))
  for (let i = 0; i < 500 && machine.threads() < threads; i++) await new Promise((turn) => setTimeout(turn, 10))
  expect(machine.threads()).toBe(threads)
  return machine
}

const outputs = ({ state, entries }: Machine): readonly Slot['view'][] =>
  [...state, ...(entries[0]?.results ?? [])].map(({ view }) => view.slice())

/** State and arguments as they are before the first step. */
const fill = (machine: Machine, sample: Sample, kept: number): void => {
  machine.state.forEach(({ view }, i) => {
    view.set(sample.values[i]?.values as Values)
  })
  machine.entries[0]?.args.forEach(({ view }, i) => {
    view.set(sample.values[kept + i]?.values as Values)
  })
}

/** An executable for several threads, whose kernels one thread runs by units: the last part first, in parts of any size. */
const inParts = async (source: Source, sample: Sample, kept: number, parts: number): Promise<readonly Slot['view'][]> => {
  const traced = trace(source)
  const compiled = await compileTraced(traced, source.bind, divided(2))()
  if (isLeft(compiled)) throw new Error(JSON.stringify(compiled.left))
  const executable: Executable = compiled.right
  const { pages } = executable.shared as Shared
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  const instance = await WebAssembly.instantiate(executable.module, { env: { memory, ...waitingIn(memory) } })
  // no workers: the steps are run here
  const state = traced.state.map(({ node }) => node)
  const machine = start({ ...executable, shared: null }, { instance, memory }, elementsOf(state), traced.captured)
  fill(machine, sample, kept)
  const { calls, laid } = executable.entries[0] as Executable['entries'][number]
  for (const { kernel: number, times } of unrolled(laid)) {
    const { kernel, pointers, units, turns } = calls[number] as (typeof calls)[number]
    const run = instance.exports[kernel] as (...numbers: readonly number[]) => void
    const now = pointers.map((pointer, i) =>
      turns.reduce(
        (sum, { by, turns }, loop) => sum + (by[i] as number) * (turns[i] ? (times[loop] as number) % 2 : (times[loop] as number)),
        pointer,
      ),
    )
    const at = (part: number): number => Math.floor(((units ?? 0) * part) / parts)
    if (units === null) run(...now)
    else for (let part = parts - 1; part >= 0; part--) run(...now, at(part), at(part + 1))
  }
  return outputs(machine)
}

describe('kernels in parts', () => {
  it('give the bits of one piece, on random graphs', async () => {
    let count = 0
    await fc.assert(
      fc.asyncProperty(samples(), fc.nat(3), fc.integer({ min: 2, max: 5 }), async (sample, most, parts) => {
        const kept = Math.min(most, sample.graph.inputs.length)
        const { source } = stepOf(sample, kept)
        const whole = await machineOf(source, strictTarget)
        fill(whole, sample, kept)
        whole.entries[0]?.run()
        const found = await inParts(source, sample, kept, parts)
        outputs(whole).forEach((view, i) => {
          expect(sameBits(view, found[i] as Slot['view'])).toBe(true)
        })
        count += lowered(source, divided(2)).entries[0]?.kernels.filter(({ split }) => split !== null).length ?? 0
      }),
      runs(500),
    )
    expect(count).toBeGreaterThan(500)
  })
})

describe('threads that run at once', () => {
  it('never touch what another writes, on random graphs', () => {
    fc.assert(
      fc.property(samples(), fc.nat(3), fc.integer({ min: 2, max: 4 }), (sample, kept, threads) => {
        const program = lowered(stepOf(sample, Math.min(kept, sample.graph.inputs.length)).source, divided(threads))
        expect(race(program, program.barriers)).toBe(null)
      }),
      runs(1000),
    )
  })

  it.each(Object.entries(sources))('never touch what another writes, in %s', (_, source) => {
    for (const threads of [2, 3]) {
      const program = lowered(source(), divided(threads))
      expect(race(program, program.barriers)).toBe(null)
    }
  })

  it('would be caught without any of the barriers', () => {
    const program = lowered((sources['mnist 784-256-10, Adam, two batch sizes'] as () => Source)(), { ...strictTarget, threads: 2 })
    const without = (entry: number, kernel: number) =>
      program.barriers.map((all, e) => all.map((waits, i) => waits && !(e === entry && i === kernel)))
    const missed = program.barriers.flatMap((all, e) =>
      all.flatMap((waits, i) => (waits && race(program, without(e, i)) === null ? [`entry ${e}, kernel ${i}`] : [])),
    )
    expect(missed).toEqual([])
  })
})

/** The bits of the state and the results after so many steps, on a batch that changes from step to step. */
const trained = (machine: Machine, steps: number): readonly Slot['view'][] => {
  const { run, args } = machine.entries[0] as Machine['entries'][number]
  const next = numbers()
  for (const { view, dtype, shape } of args)
    for (let i = 0; i < view.length; i++) view[i] = dtype === 'i32' ? next() % 2 : (next() % 1024) / 512 - (shape.length > 1 ? 1 : 0)
  for (const { view } of machine.residents) for (let i = 0; i < view.length; i++) view[i] = next() % 2
  const { view } = args[0] as (typeof args)[number]
  for (let step = 0; step < steps; step++) {
    view[step % view.length] = next() % 2
    run()
  }
  return outputs(machine)
}
/** Whole numbers below 2^31, by Lehmer's generator. */
const numbers = (): (() => number) => {
  let seed = 1
  return () => {
    seed = (seed * 48271) % 2147483647
    return seed
  }
}

describe('a thousand steps', () => {
  it.each(Object.entries(sources))('give the same bits on 1, 2 and 3 threads: %s', async (_, source) => {
    const alone = trained(await machineOf(source(), strictTarget), 1000)
    for (const threads of [2, 3]) {
      const found = trained(await shared(source(), threads), 1000)
      expect(found.map((view, i) => sameBits(view, alone[i] as Slot['view']))).toEqual(alone.map(() => true))
    }
    expect(alone.every((view) => view.every(Number.isFinite))).toBe(true)
  })
})

describe('random graphs', () => {
  it('give the same bits on 1 thread and on 2', async () => {
    await fc.assert(
      fc.asyncProperty(samples(), fc.nat(3), async (sample, most) => {
        const kept = Math.min(most, sample.graph.inputs.length)
        const { source } = stepOf(sample, kept)
        const [alone, both] = [await machineOf(source, strictTarget), await shared(source, 2)]
        for (const machine of [alone, both]) {
          fill(machine, sample, kept)
          for (let step = 0; step < 3; step++) machine.entries[0]?.run()
        }
        expect(outputs(both).every((view, i) => sameBits(view, outputs(alone)[i] as Slot['view']))).toBe(true)
      }),
      runs(100),
    )
  })
})
