/** Law 4: no two live buffers overlap, and the arena is within 5 %, or 4 KB, of the largest live set. */
import { describe, expect, it } from 'vitest'
import { lower } from '../../src/compiler/compile.ts'
import type { Buffer } from '../../src/compiler/kernel.ts'
import type { LaidKernel } from '../../src/compiler/layout/laid.ts'
import type { Laid } from '../../src/compiler/layout/layout.ts'
import { strictTarget } from '../../src/compiler/target.ts'
import { trace } from '../../src/compiler/trace.ts'
import { sources, workloads } from './sources.ts'
import { overGround, rowPlaces, type Turn, unrolled } from './unrolled.ts'

/** Buffer ids that a record of a kernel mentions, found without the planner's help: whatever stands under `buffer` or `panel`. */
const mentioned = (value: unknown): readonly number[] => {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, child]) =>
    (name === 'buffer' || name === 'panel') && typeof child === 'number' ? [child] : mentioned(child),
  )
}
const padded = ({ shape, storage }: Buffer): number =>
  Math.max(16, Math.ceil(shape.reduce((n, d) => n * d, storage === 'u8' ? 1 : 4) / 16) * 16)

interface Moment extends Turn {
  readonly uses: ReadonlySet<number>
}
/** All that runs, with the first iterations of loops over time written out: they show what lives from one to the next. */
const momentsOf = (laid: Laid): readonly Moment[] =>
  unrolled(laid, 3).map((turn) => {
    const rows = rowPlaces(laid.regions, turn.kernel, turn.times)
    return { ...turn, uses: new Set(mentioned(overGround(laid.kernels[turn.kernel] as LaidKernel, rows))) }
  })

/** How many loops are around all kernels that use a buffer, the same for each of them. */
const depthOf = ({ regions }: Laid, moments: readonly Moment[], id: number): number => {
  const users = moments.filter(({ uses }) => uses.has(id))
  return regions.filter(({ from, to }) => users.every(({ kernel }) => from <= kernel && kernel < to)).length
}

/** For each kernel of a step, the buffers whose contents matter while it runs. */
const liveSets = (laid: Laid): readonly (readonly Buffer[])[] => {
  const moments = momentsOf(laid)
  const sets = laid.kernels.map(() => new Set<Buffer>())
  for (const buffer of laid.buffers) {
    const { id, role } = buffer
    if (role === 'state' || role === 'captured' || role === 'resident' || role === 'argument') for (const set of sets) set.add(buffer)
    if (role === 'row') continue
    // what only the kernels of a loop use begins anew in each iteration
    const depth = depthOf(laid, moments, id)
    const spans = new Map<string, { first: number; last: number }>()
    moments.forEach(({ uses, times }, at) => {
      if (!uses.has(id)) return
      const iteration = times.slice(0, depth).join()
      spans.set(iteration, { first: spans.get(iteration)?.first ?? at, last: role === 'result' ? moments.length : at })
    })
    for (const { first, last } of spans.values()) for (const { kernel } of moments.slice(first, last + 1)) sets[kernel]?.add(buffer)
  }
  return sets.map((set) => [...set])
}

/** Buffers that an iteration reads before it writes them, although no other iteration and nothing outside does: they would hold anything. */
const unwritten = (laid: Laid): readonly number[] => {
  const moments = momentsOf(laid)
  return laid.buffers.flatMap(({ id, role }) => {
    const first = moments.find(({ uses }) => uses.has(id))
    if (role !== 'temporary' || first === undefined || depthOf(laid, moments, id) === 0) return []
    const kernel = overGround(laid.kernels[first.kernel] as LaidKernel, rowPlaces(laid.regions, first.kernel, first.times))
    const written = JSON.stringify(kernel, (name, value) => (['instructions', 'x', 'y'].includes(name) ? null : value))
    return mentioned(JSON.parse(written)).includes(id) ? [] : [id]
  })
}

const all = Object.entries({ ...sources, ...workloads })
const onThreads = [1, 3].flatMap((threads) => all.map(([name, source]) => [name, threads, source] as const))

describe.each(onThreads)('the arena of %s, on %i threads', (_, threads, source) => {
  const given = source()
  const { entries, plan } = lower(trace(given), given.bind, { ...strictTarget, threads })

  it('never holds two live buffers in one place', () => {
    entries.forEach((entry, e) => {
      for (const live of liveSets(entry)) {
        const ranges = live.map((b) => ({ b, start: plan.offsets[e]?.get(b.id) as number }))
        ranges.sort((x, y) => x.start - y.start)
        ranges.forEach(({ b, start }, i) => {
          expect(start).toBeGreaterThanOrEqual(0)
          const next = ranges[i + 1]?.start ?? plan.bytes
          expect(start + padded(b), `${b.path} ${b.id}`).toBeLessThanOrEqual(next)
        })
      }
    })
  })

  it('holds nothing that an iteration of a loop would read before it is there', () => {
    expect(entries.map(unwritten)).toEqual(entries.map(() => []))
  })

  it('is hardly larger than what lives at one time', () => {
    const largest = Math.max(...entries.flatMap((entry) => liveSets(entry).map((live) => live.reduce((sum, b) => sum + padded(b), 0))))
    expect(plan.bytes).toBeGreaterThanOrEqual(largest)
    expect(plan.bytes).toBeLessThanOrEqual(Math.max(largest * 1.05, largest + 4096))
  })
})
