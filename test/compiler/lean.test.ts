/** Orders of kernels: the one that is taken keeps least in memory, and runs. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BufferId, emptyBody, type Kernel, readsOf, writesOf } from '../../src/compiler/kernel.ts'
import { leanest, type SpanOf } from '../../src/compiler/lean.ts'
import { orderOf } from '../../src/compiler/order.ts'

/** A kernel that reads some buffers and writes one. */
const kernel = (reads: readonly BufferId[], writes: BufferId): Kernel => {
  const view = (buffer: BufferId) => ({ buffer, offset: 0, strides: [1] })
  const instructions = reads.map((buffer) => ({ op: 'load' as const, view: view(buffer), dtype: 'f32' as const }))
  const body = {
    instructions: [...instructions, { op: 'constant' as const, value: 0, dtype: 'f32' as const }],
    stores: [{ value: reads.length, view: view(writes) }],
  }
  return { kind: 'loop', outer: [], phases: [{ inner: [1], body, accumulate: [], after: emptyBody }] }
}
const touches = (k: Kernel): readonly BufferId[] => [...new Set([...readsOf(k), ...writesOf(k)].map(({ buffer }) => buffer))]

/** The most that is live while kernels run in this order, counted anew. */
const mostIn = (kernels: readonly Kernel[], spanOf: SpanOf): number => {
  const at = kernels.map(touches)
  return Math.max(
    0,
    ...at.map((_, now) =>
      [...new Set(at.flat())].reduce((sum, id) => {
        const span = spanOf(id)
        const first = at.findIndex((ids) => ids.includes(id))
        const last = at.findLastIndex((ids) => ids.includes(id))
        return span !== null && first <= now && (span.stays || now <= last) ? sum + span.bytes : sum
      }, 0),
    ),
  )
}

describe('the leanest order', () => {
  it('uses a large value up before it makes the next', () => {
    const [a, useA, b, useB] = [kernel([], 0), kernel([0], 1), kernel([], 2), kernel([2], 3)]
    const spanOf: SpanOf = (id) => ({ bytes: id % 2 === 0 ? 1000 : 10, stays: id % 2 === 1 })
    const kernels = [a, b, useA, useB]
    const sorted = leanest(kernels, orderOf(kernels), spanOf)
    expect(mostIn(kernels, spanOf)).toBe(2010)
    expect(mostIn(sorted, spanOf)).toBe(1020)
  })

  it('runs, and never keeps more than that of the list', () => {
    const programs = fc.array(fc.tuple(fc.array(fc.nat(), { maxLength: 3 }), fc.integer({ min: 0, max: 99 })), { maxLength: 12 })
    fc.assert(
      fc.property(programs, (steps) => {
        const kernels = steps.map(([reads], i) => kernel(i === 0 ? [] : [...new Set(reads.map((r) => r % i))], i))
        const spanOf: SpanOf = (id) => (id % 5 === 4 ? null : { bytes: steps[id]?.[1] ?? 0, stays: id % 3 === 0 })
        const sorted = leanest(kernels, orderOf(kernels), spanOf)
        expect(new Set(sorted)).toEqual(new Set(kernels))
        sorted.forEach((k, i) => {
          const before = new Set(sorted.slice(0, i).flatMap((other) => writesOf(other).map(({ buffer }) => buffer)))
          expect(readsOf(k).every(({ buffer }) => before.has(buffer))).toBe(true)
        })
        expect(mostIn(sorted, spanOf)).toBeLessThanOrEqual(mostIn(orderOf(kernels).sorted(), spanOf))
      }),
      { numRuns: 300 },
    )
  })
})
