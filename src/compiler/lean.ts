/** Of several orders in which kernels can run, the one that keeps least in memory at any time. */
import { type BufferId, type Kernel, readsOf, writesOf } from './kernel.ts'
import type { Order } from './order.ts'

/** The bytes that a buffer takes only while its contents matter, and whether they matter to the end. */
export interface Span {
  readonly bytes: number
  readonly stays: boolean
}
/** Null for a buffer that has its place for the whole step. */
export type SpanOf = (id: BufferId) => Span | null

/** The first of the orders with the least bytes at its worst moment: that of the list, that which grows least, that which frees first. */
export const leanest = (kernels: readonly Kernel[], order: Order, spanOf: SpanOf): readonly Kernel[] => {
  const touched = new Map(kernels.map((k) => [k, touchedIn(k, spanOf)]))
  // what one kernel touches is there at once in every order
  const bound = kernels.reduce((most, k) => Math.max(most, bytesIn(touched.get(k) ?? [])), 0)
  const tried = (choice: Choice): Tried => {
    const memory = memoryOf(kernels, touched)
    const sorted = order.sorted((ready) => {
      const k = choice(ready, memory)
      memory.run(k)
      return k
    })
    return { sorted, most: memory.most() }
  }
  const [first, ...others] = choices as readonly [Choice, ...Choice[]]
  let best = tried(first)
  for (const choice of others) {
    if (best.most <= bound) break
    const next = tried(choice)
    if (next.most < best.most) best = next
  }
  return best.sorted
}

interface Tried {
  readonly sorted: readonly Kernel[]
  readonly most: number
}
const bytesIn = (all: readonly Touched[]): number => all.reduce((n, { bytes }) => n + bytes, 0)

type Choice = (ready: readonly Kernel[], memory: Memory) => Kernel
const choices: readonly Choice[] = [
  (ready) => ready[0] as Kernel,
  (ready, { growth }) => ready.reduce((best, k) => (growth(k) < growth(best) ? k : best)),
  (ready, { growth }) => ready.find((k) => growth(k) <= 0) ?? (ready[0] as Kernel),
]

interface Touched extends Span {
  readonly id: BufferId
}
const touchedIn = (k: Kernel, spanOf: SpanOf): readonly Touched[] =>
  [...new Set([...readsOf(k), ...writesOf(k)].map(({ buffer }) => buffer))].flatMap((id) => {
    const span = spanOf(id)
    return span === null ? [] : [{ id, ...span }]
  })

interface Memory {
  /** Bytes more after the kernel than before it. */
  readonly growth: (k: Kernel) => number
  readonly run: (k: Kernel) => void
  readonly most: () => number
}
/** What is live while kernels run one after the other. */
const memoryOf = (kernels: readonly Kernel[], touched: ReadonlyMap<Kernel, readonly Touched[]>): Memory => {
  const uses = new Map<BufferId, number>()
  const started = new Set<BufferId>()
  for (const k of kernels) for (const { id } of touched.get(k) ?? []) uses.set(id, (uses.get(id) ?? 0) + 1)
  let [live, most] = [0, 0]
  const ends = ({ id, stays }: Touched): boolean => !stays && uses.get(id) === 1
  const sum = (all: readonly Touched[], counts: (t: Touched) => boolean): number => all.reduce((n, t) => n + (counts(t) ? t.bytes : 0), 0)
  const starting = (k: Kernel): number => sum(touched.get(k) ?? [], ({ id }) => !started.has(id))
  const ending = (k: Kernel): number => sum(touched.get(k) ?? [], ends)
  return {
    growth: (k) => starting(k) - ending(k),
    run: (k) => {
      const freed = ending(k)
      live += starting(k)
      most = Math.max(most, live)
      live -= freed
      for (const { id } of touched.get(k) ?? []) {
        started.add(id)
        uses.set(id, (uses.get(id) as number) - 1)
      }
    },
    most: () => most,
  }
}
