/** Merging kernels pair by pair, until no pair is left that may be merged and gains by it. */
import { type BufferId, buffersRead, buffersWritten, type Kernel } from '../kernel.ts'
import { orderOf } from '../order.ts'
import { reachOf } from './reach.ts'

/** Buffers of one kernel, temporaries that may disappear included: beyond, merging gains nothing, and an engine takes 1000 at most. */
const mostBuffers = 64

/** Two kernels as one, the first before the second; null where that would compute something else, or not pay. */
export type Merge = (first: Kernel, second: Kernel) => Kernel | null

/** What stands near a kernel. */
export interface Near {
  /** Kernels that write what it reads. */
  readonly producers: (k: Kernel) => readonly Kernel[]
  /** Kernels that read what it reads, of the buffers that count. */
  readonly fellows: (k: Kernel, counts: (id: BufferId) => boolean) => readonly Kernel[]
  readonly all: () => readonly Kernel[]
}

/** `partners` says with which kernels a kernel may gain by being merged. The result is in an order that runs. */
export const mergePairs = (
  kernels: readonly Kernel[],
  merge: Merge,
  partners: (k: Kernel, near: Near) => readonly Kernel[],
): readonly Kernel[] => {
  const web = webOf(kernels)
  const waiting = new Set(kernels)
  for (const k of waiting) {
    const pair = firstPair(web, k, partners(k, web), merge)
    waiting.delete(k)
    if (pair === null) continue
    for (const old of pair.old) waiting.delete(old)
    web.replace(pair.old, pair.merged)
    waiting.add(pair.merged)
  }
  return orderOf(web.all()).sorted()
}

interface Pair {
  readonly old: readonly [Kernel, Kernel]
  readonly merged: Kernel
}
/** The nearest partner first: the one that was last in the list. */
const firstPair = (web: Web, k: Kernel, partners: readonly Kernel[], merge: Merge): Pair | null => {
  const own = web.place(k)
  const earlier = partners.filter((other) => web.place(other) < own)
  if (earlier.length === 0) return null
  const sorted = earlier.length === 1 ? earlier : [...new Set(earlier)].sort((a, b) => web.place(b) - web.place(a))
  for (const other of sorted) {
    if (web.buffersOf(k, other) > mostBuffers) continue
    const [first, second] = web.feeds(k, other) ? [k, other] : [other, k]
    const merged = merge(first, second)
    if (merged !== null && !web.standsBetween(first, second)) return { old: [first, second], merged }
  }
  return null
}

interface Web extends Near {
  readonly place: (k: Kernel) => number
  /** How many buffers the two read and write together, or a number above that is no more than may be. */
  readonly buffersOf: (k: Kernel, other: Kernel) => number
  /** Whether the second reads what the first writes. */
  readonly feeds: (first: Kernel, second: Kernel) => boolean
  /** Whether a third kernel needs one of the two and is needed by the other. */
  readonly standsBetween: (first: Kernel, second: Kernel) => boolean
  readonly replace: (old: readonly [Kernel, Kernel], merged: Kernel) => void
}

/** Who writes and who reads each buffer, kept true while kernels are merged. */
const webOf = (kernels: readonly Kernel[]): Web => {
  const places = new Map<Kernel, number>()
  const writers = new Map<BufferId, Kernel>()
  const readers = new Map<BufferId, Set<Kernel>>()
  let sorted: readonly Kernel[] | null = null
  const add = (k: Kernel, place: number): void => {
    sorted = null
    places.set(k, place)
    for (const id of buffersWritten(k)) writers.set(id, k)
    for (const id of buffersRead(k)) readers.set(id, (readers.get(id) ?? new Set<Kernel>()).add(k))
  }
  const place = (k: Kernel): number => places.get(k) ?? -1
  const users = (k: Kernel): readonly Kernel[] => buffersWritten(k).flatMap((id) => [...(readers.get(id) ?? [])])
  kernels.forEach(add)
  const { reaches, replace } = reachOf(orderOf(kernels).sorted(), users)
  const byAnother = (first: Kernel, second: Kernel): boolean =>
    reaches(first, second) && users(first).some((third) => third !== first && third !== second && reaches(third, second))
  const feeds = (first: Kernel, second: Kernel): boolean => buffersWritten(first).some((id) => readers.get(id)?.has(second))
  return {
    place,
    producers: (k) => buffersRead(k).flatMap((id) => writers.get(id) ?? []),
    fellows: (k, counts) =>
      buffersRead(k)
        .filter(counts)
        .flatMap((id) => [...(readers.get(id) ?? [])]),
    all: () => {
      sorted ??= [...places.keys()].sort((a, b) => place(a) - place(b))
      return sorted
    },
    buffersOf: (k, other) => {
      const lists = [buffersRead(k), buffersWritten(k), buffersRead(other), buffersWritten(other)] as const
      const most = lists[0].length + lists[1].length + lists[2].length + lists[3].length
      return most <= mostBuffers ? most : new Set(lists.flat()).size
    },
    feeds,
    standsBetween: (first, second) => byAnother(first, second) || (!feeds(first, second) && byAnother(second, first)),
    replace: (old, merged) => {
      const at = Math.min(...old.map(place))
      replace(old, merged)
      for (const k of old) {
        for (const id of buffersRead(k)) readers.get(id)?.delete(k)
        places.delete(k)
      }
      add(merged, at)
    },
  }
}
