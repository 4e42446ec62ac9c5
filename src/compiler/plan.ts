/** plan: every buffer gets its place in the one arena before anything runs. Buffers that are not live at once may share. */
import { type Buffer, type BufferId, elementBytes, product, type Role } from './kernel.ts'
import { type LaidKernel, touchedBy } from './layout/laid.ts'
import { ground, type Region, rowsIn } from './regions.ts'

export interface Lifetime {
  readonly buffer: BufferId
  readonly bytes: number
  /** Numbers of the first and the last kernel between which its contents matter. */
  readonly from: number
  readonly to: number
}
export interface Arena {
  /** Byte offset of each buffer that is used. */
  readonly offsets: ReadonlyMap<BufferId, number>
  readonly bytes: number
}

/** Places start at multiples of this, and vectors may be read past the end of a buffer, never past that of the arena. */
export const alignment = 16
/** What the arena ends with, so that the last vector of the last buffer can be read whole. */
export const slack = 64

export const bytesOf = (b: Buffer): number => Math.max(alignment, Math.ceil((product(b.shape) * elementBytes(b)) / alignment) * alignment)

/**
 * When each buffer is live. The host holds arguments and results for the whole step; state and data always. What is touched outside
 * of a loop over time and inside it lives through all of it; what is touched inside alone is written anew by each iteration.
 */
export const lifetimes = ({ buffers, kernels, regions }: EntryBuffers): readonly Lifetime[] => {
  const last = kernels.length
  const rows = rowsIn(regions)
  const span = new Map<BufferId, { from: number; to: number }>()
  const touch = (id: BufferId, at: number): void => {
    const known = span.get(id)
    span.set(id, known === undefined ? { from: at, to: at } : { from: Math.min(known.from, at), to: Math.max(known.to, at) })
  }
  kernels.forEach((k, at) => {
    for (const buffer of touchedBy(k)) touch(ground(rows, buffer), at)
  })
  for (const { from, to, rows: own } of regions.toReversed()) {
    // each iteration has another row of it, and none may be lost until the last
    const inRows = new Set(own.map(({ of }) => ground(rows, of)))
    for (const [id, life] of span)
      if (life.from < to && life.to >= from && (life.from < from || life.to >= to || inRows.has(id))) {
        touch(id, from)
        touch(id, to - 1)
      }
  }
  return buffers.flatMap((b): readonly Lifetime[] => {
    if (b.role === 'row') return []
    const used = span.get(b.id)
    const bytes = bytesOf(b)
    if (b.role === 'temporary') return used === undefined ? [] : [{ buffer: b.id, bytes, ...used }]
    if (b.role === 'result') return [{ buffer: b.id, bytes, from: used?.from ?? 0, to: last }]
    return [{ buffer: b.id, bytes, from: 0, to: last }]
  })
}

/** The most bytes that are live at one time: no arena can be smaller. */
export const largestLiveSet = (all: readonly Lifetime[]): number => {
  const changes = new Map<number, number>()
  for (const { from, to, bytes } of all) {
    changes.set(from, (changes.get(from) ?? 0) + bytes)
    changes.set(to + 1, (changes.get(to + 1) ?? 0) - bytes)
  }
  let live = 0
  let most = 0
  for (const at of [...changes.keys()].sort((a, b) => a - b)) {
    live += changes.get(at) as number
    most = Math.max(most, live)
  }
  return most
}

/** Tries to mend an order by placing first what lay on top, and the share of waste that is not worth one. */
const mends = 24
const spare = 0.01

/** The best of several orders, each placed greedily at the lowest gap that is free for its whole life. */
export const place = (all: readonly Lifetime[], base: number): Arena => {
  const orders: readonly ((a: Lifetime, b: Lifetime) => number)[] = [
    (a, b) => b.bytes - a.bytes || a.from - b.from,
    (a, b) => (b.to - b.from) * b.bytes - (a.to - a.from) * a.bytes,
    (a, b) => a.from - b.from || b.bytes - a.bytes,
    (a, b) => b.to - b.from - (a.to - a.from) || b.bytes - a.bytes,
  ]
  const least = base + largestLiveSet(all)
  let best: Arena | null = null
  for (const compare of orders) {
    let order = [...all].sort(compare)
    for (let mend = 0; mend <= mends; mend++) {
      const arena = greedy(order, base)
      if (best === null || arena.bytes < best.bytes) best = arena
      if (best.bytes <= least) return best
      if (arena.bytes <= least + spare * (least - base)) break
      order = withTopFirst(order, arena)
    }
  }
  return best as Arena
}
const withTopFirst = (order: readonly Lifetime[], { offsets, bytes }: Arena): Lifetime[] => {
  const isTop = (life: Lifetime): boolean => (offsets.get(life.buffer) as number) + life.bytes === bytes
  return [...order.filter(isTop), ...order.filter((life) => !isTop(life))]
}

const greedy = (sorted: readonly Lifetime[], base: number): Arena => {
  /** In the order of their places. */
  const placed: (Lifetime & { readonly at: number })[] = []
  let bytes = base
  for (const life of sorted) {
    let at = base
    for (const p of placed) {
      if (p.from > life.to || life.from > p.to) continue
      if (p.at - at >= life.bytes) break
      at = Math.max(at, p.at + p.bytes)
    }
    const behind = placed.findIndex((p) => p.at > at)
    placed.splice(behind < 0 ? placed.length : behind, 0, { ...life, at })
    bytes = Math.max(bytes, at + life.bytes)
  }
  return { offsets: new Map(placed.map((p) => [p.buffer, p.at])), bytes }
}

/** What a plan has to know of an entry of the program. */
export interface EntryBuffers {
  readonly buffers: readonly Buffer[]
  readonly kernels: readonly LaidKernel[]
  readonly regions: readonly Region[]
}
export interface Plan {
  /** For each entry, the byte offset of each of its buffers. */
  readonly offsets: readonly ReadonlyMap<BufferId, number>[]
  readonly bytes: number
  /** Bytes of residents, which are part of `bytes`. */
  readonly residentBytes: number
  /** The words by which threads wait for each other, behind all else; null for a program of one thread. */
  readonly sync: number | null
}
/** What lies in the arena from step to step, in this order. */
const keptRoles: readonly Role[] = ['state', 'captured', 'resident']

/** Bytes of these words: each that is spun on has a cache line of its own. */
export const syncBytes = 256

/** One arena for all entries: state, captured data and residents first, the same for all; behind them each entry has the rest. */
export const planEntries = ({ entries, threads }: { readonly entries: readonly EntryBuffers[]; readonly threads: number }): Plan => {
  const buffers = entries[0]?.buffers ?? []
  let base = 0
  const always = new Map<BufferId, number>()
  for (const b of keptRoles.flatMap((kept) => buffers.filter(({ role }) => role === kept))) {
    always.set(b.id, base)
    base += bytesOf(b)
  }
  const arenas = entries.map((entry) => {
    const own = lifetimes(entry).filter(({ buffer }) => !always.has(buffer))
    return place(own, base)
  })
  const end = arenas.reduce((most, { bytes }) => Math.max(most, bytes), base) + slack
  const sync = threads === 1 ? null : Math.ceil(end / 64) * 64
  return {
    offsets: arenas.map(({ offsets }) => new Map([...always, ...offsets])),
    bytes: sync === null ? end : sync + syncBytes,
    sync,
    residentBytes: buffers.reduce((sum, b) => (b.role === 'resident' ? sum + bytesOf(b) : sum), 0),
  }
}
