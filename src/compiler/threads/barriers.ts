/** barriers: before which kernels all threads wait for each other, since one touches what another thread has touched. */
import { type Buffer, type BufferId, product } from '../kernel.ts'
import type { Plan } from '../plan.ts'
import { rowsIn } from '../regions.ts'
import type { Divided } from './divide.ts'
import { meet, type Placed, placed } from './parts.ts'

/** For each entry, and each kernel of it, whether a barrier stands before it; none where each thread stays within its own parts. */
export const barriersOf = ({ entries, threads, plan }: Divided & { readonly plan: Plan }): readonly (readonly boolean[])[] =>
  entries.map(({ kernels, buffers, regions }, i) => {
    const waits = kernels.map(() => false)
    if (threads === 1) return waits
    const placeOf = (id: BufferId) => ({ at: plan.offsets[i]?.get(id) as number, length: product((buffers[id] as Buffer).shape) })
    const rows = rowsIn(regions)
    const all = kernels.map((kernel) => placed(kernel, threads, placeOf, rows))
    let since: readonly Placed[] = []
    /** Kernel by kernel; a loop over time a second time, since what its end touches its beginning may. A barrier once set stays. */
    const walk = (from: number, to: number, inside: readonly (typeof regions)[number][]): void => {
      for (let at = from; at < to; ) {
        const loop = inside.find((region) => region.from === at && region.to > at)
        if (loop !== undefined) {
          const within = inside.slice(inside.indexOf(loop) + 1).filter((region) => region.from >= loop.from && region.to <= loop.to)
          for (let turn = 0; turn < Math.min(2, loop.length); turn++) walk(loop.from, loop.to, within)
          at = loop.to
          continue
        }
        const next = all[at] as Placed
        waits[at] ||= since.some((before) => meet(before, next, threads))
        since = waits[at] ? [next] : [...since, next]
        at++
      }
    }
    walk(0, kernels.length, regions)
    return waits
  })
