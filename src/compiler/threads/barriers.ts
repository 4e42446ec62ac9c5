/** barriers: before which kernels all threads wait for each other, since one touches what another thread has touched. */
import { type Buffer, type BufferId, product } from '../kernel.ts'
import type { Plan } from '../plan.ts'
import type { Divided } from './divide.ts'
import { meet, type Placed, placed } from './parts.ts'

/** For each entry, and each kernel of it, whether a barrier stands before it; none where each thread stays within its own parts. */
export const barriersOf = ({ entries, threads, plan }: Divided & { readonly plan: Plan }): readonly (readonly boolean[])[] =>
  entries.map(({ kernels, buffers }, i) => {
    const placeOf = (id: BufferId) => ({ at: plan.offsets[i]?.get(id) as number, length: product((buffers[id] as Buffer).shape) })
    let since: Placed[] = []
    return kernels.map((kernel) => {
      if (threads === 1) return false
      const next = placed(kernel, threads, placeOf)
      const waits = since.some((before) => meet(before, next, threads))
      since = waits ? [next] : [...since, next]
      return waits
    })
  })
