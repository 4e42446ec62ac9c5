/** The memory plan: nothing overlaps that lives at once, and little is wasted. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alignment, type Lifetime, largestLiveSet, place } from '../../src/compiler/plan.ts'

const lifetimes = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.nat(30), fc.nat(12)), { maxLength: 40 })
  .map((all) => all.map(([size, from, length], buffer): Lifetime => ({ buffer, bytes: size * alignment, from, to: from + length })))

/** Worked out anew, an instant at a time. */
const liveAt = (all: readonly Lifetime[], at: number): readonly Lifetime[] => all.filter(({ from, to }) => from <= at && at <= to)

describe('place', () => {
  it('never lets two live buffers overlap, and never needs less than the largest live set', () => {
    fc.assert(
      fc.property(lifetimes, fc.nat(8), (all, pages) => {
        const base = pages * alignment
        const { offsets, bytes } = place(all, base)
        for (let at = 0; at < 50; at++) {
          const live = liveAt(all, at)
          const ranges = live.map((l) => [offsets.get(l.buffer) as number, (offsets.get(l.buffer) as number) + l.bytes] as const)
          ranges.sort(([a], [b]) => a - b)
          ranges.forEach(([start, end], i) => {
            expect(start % alignment).toBe(0)
            expect(start).toBeGreaterThanOrEqual(base)
            expect(end).toBeLessThanOrEqual(bytes)
            expect(start).toBeGreaterThanOrEqual(ranges[i - 1]?.[1] ?? base)
          })
        }
        expect(bytes - base).toBeGreaterThanOrEqual(largestLiveSet(all))
      }),
      { numRuns: 500 },
    )
  })

  it('says how much lives at most at one time', () => {
    fc.assert(
      fc.property(lifetimes, (all) => {
        const sums = Array.from({ length: 50 }, (_, at) => liveAt(all, at).reduce((sum, { bytes }) => sum + bytes, 0))
        expect(largestLiveSet(all)).toBe(Math.max(0, ...sums))
      }),
    )
  })
})
