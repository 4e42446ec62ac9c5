/** Law 4: no two live buffers overlap, and the arena is within 5 %, or 4 KB, of the largest live set. */
import { describe, expect, it } from 'vitest'
import { lower } from '../../src/compiler/compile.ts'
import type { Buffer } from '../../src/compiler/kernel.ts'
import type { Laid } from '../../src/compiler/layout/layout.ts'
import { strictTarget } from '../../src/compiler/target.ts'
import { trace } from '../../src/compiler/trace.ts'
import { sources, workloads } from './sources.ts'

/** Buffer ids that a record of a kernel mentions, found without the planner's help: whatever stands under `buffer` or `panel`. */
const mentioned = (value: unknown): readonly number[] => {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, child]) =>
    (name === 'buffer' || name === 'panel') && typeof child === 'number' ? [child] : mentioned(child),
  )
}
const padded = ({ shape, storage }: Buffer): number =>
  Math.max(16, Math.ceil(shape.reduce((n, d) => n * d, storage === 'u8' ? 1 : 4) / 16) * 16)

/** For each kernel of a step, the buffers whose contents matter while it runs. */
const liveSets = ({ buffers, kernels }: Laid): readonly (readonly Buffer[])[] => {
  const uses = kernels.map((k) => new Set(mentioned(k)))
  const first = (id: number): number => uses.findIndex((u) => u.has(id))
  const last = (id: number): number => uses.findLastIndex((u) => u.has(id))
  return uses.map((_, at) =>
    buffers.filter(({ id, role }) => {
      if (role === 'state' || role === 'captured' || role === 'resident' || role === 'argument') return true
      return first(id) >= 0 && first(id) <= at && (role === 'result' || at <= last(id))
    }),
  )
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

  it('is hardly larger than what lives at one time', () => {
    const largest = Math.max(...entries.flatMap((entry) => liveSets(entry).map((live) => live.reduce((sum, b) => sum + padded(b), 0))))
    expect(plan.bytes).toBeGreaterThanOrEqual(largest)
    expect(plan.bytes).toBeLessThanOrEqual(Math.max(largest * 1.05, largest + 4096))
  })
})
