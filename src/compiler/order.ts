/** The order in which kernels can run. */
import { type BufferId, buffersRead, buffersWritten, type Kernel } from './kernel.ts'

export interface Order {
  readonly writerOf: (id: BufferId) => Kernel | undefined
  readonly readersOf: (id: BufferId) => readonly Kernel[]
  /** Demands that some kernels run before another; false, and no change, where that would go round in a circle. */
  readonly putBefore: (first: readonly Kernel[], second: Kernel) => boolean
  /** Each kernel after those that it needs; among those that can run, the one that is chosen, or stands first in the list. */
  readonly sorted: (choose?: Choose) => readonly Kernel[]
}
/** One of the kernels that can run, which come in the order of the list. */
export type Choose = (ready: readonly Kernel[]) => Kernel
/** What the kernels demand of an order: what one reads, another has written before. */
export const orderOf = (kernels: readonly Kernel[]): Order => {
  const writers = new Map<BufferId, Kernel>()
  const readers = new Map<BufferId, Set<Kernel>>()
  const users = new Map<Kernel, Set<Kernel>>()
  for (const k of kernels) {
    users.set(k, new Set())
    for (const id of buffersWritten(k)) writers.set(id, k)
  }
  for (const k of kernels)
    for (const buffer of buffersRead(k)) {
      readers.set(buffer, (readers.get(buffer) ?? new Set()).add(k))
      const w = writers.get(buffer)
      if (w !== undefined && w !== k) users.get(w)?.add(k)
    }
  const reachedFrom = (start: Kernel): ReadonlySet<Kernel> => {
    const seen = new Set<Kernel>([start])
    for (const k of seen) for (const user of users.get(k) ?? []) seen.add(user)
    return seen
  }
  return {
    writerOf: (id) => writers.get(id),
    readersOf: (id) => [...(readers.get(id) ?? [])],
    putBefore: (first, second) => {
      const later = reachedFrom(second)
      if (first.some((k) => later.has(k))) return false
      for (const k of first) users.get(k)?.add(second)
      return true
    },
    sorted: (choose = (ready) => ready[0] as Kernel) => topological(kernels, users, choose),
  }
}

const topological = (kernels: readonly Kernel[], users: ReadonlyMap<Kernel, ReadonlySet<Kernel>>, choose: Choose): readonly Kernel[] => {
  const place = new Map(kernels.map((k, i) => [k, i]))
  const waitsFor = new Map(kernels.map((k) => [k, 0]))
  for (const after of users.values()) for (const k of after) waitsFor.set(k, (waitsFor.get(k) ?? 0) + 1)
  const ready = kernels.filter((k) => waitsFor.get(k) === 0)
  const sorted: Kernel[] = []
  while (ready.length > 0) {
    const k = choose(ready)
    ready.splice(ready.indexOf(k), 1)
    sorted.push(k)
    for (const user of users.get(k) ?? []) {
      const left = (waitsFor.get(user) ?? 0) - 1
      waitsFor.set(user, left)
      if (left > 0) continue
      const at = ready.findIndex((other) => (place.get(other) ?? 0) > (place.get(user) ?? 0))
      ready.splice(at < 0 ? ready.length : at, 0, user)
    }
  }
  return sorted
}
