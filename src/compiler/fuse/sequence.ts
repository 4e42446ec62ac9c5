/** Loops over the same rows become one loop over rows with several phases: a row stays in the first cache from phase to phase. */
import { bodiesOf, type Kernel, type LoopKernel, product, readsOf, type View, viewsRead, writesOf } from '../kernel.ts'
import { longestRow } from './price.ts'

/** `first` and `second` as phases of one kernel, where the second needs of the first only what lies in its own row. */
export const sequenced = (first: Kernel, second: Kernel): Kernel | null => {
  if (first.kind !== 'loop' || second.kind !== 'loop') return null
  const outer = first.outer.length > 0 ? first.outer : second.outer
  if (outer.length === 0 || product(outer) === 0) return null
  const [a, b] = [overRows(first, outer), overRows(second, outer)]
  if (a === null || b === null || !prefersRows(a) || !prefersRows(b)) return null
  const written = writesOf(first)
  const crossing = readsOf(second).filter((read) => written.some((write) => write.buffer === read.buffer))
  const rowsOf = (k: LoopKernel) => viewsOf(k)
  const local = (read: View): boolean => {
    const theirs = rowsOf(a).filter(({ view, isStore }) => isStore && view.buffer === read.buffer)
    const mine = rowsOf(b).filter(({ view, isStore }) => !isStore && view.buffer === read.buffer)
    return theirs.every((write) => mine.every((m) => sameRows(write, m, outer)))
  }
  return crossing.every(local) ? { ...a, phases: [...a.phases, ...b.phases] } : null
}

/** The kernel as a loop over `outer`: a map splits its space, others must have it already. */
const overRows = (k: LoopKernel, outer: readonly number[]): LoopKernel | null => {
  const starts = (space: readonly number[]): boolean => outer.length <= space.length && outer.every((d, i) => d === space[i])
  const split = k.outer.length > 0 ? (k.outer.length === outer.length && starts(k.outer) ? k : null) : splitMap(k, outer, starts)
  return split?.phases.every((p) => product(p.inner) <= longestRow) ? split : null
}
const splitMap = (k: LoopKernel, outer: readonly number[], starts: (space: readonly number[]) => boolean): LoopKernel | null =>
  !addsToItself(k) && k.phases.every((p) => p.accumulate.length === 0 && p.after.stores.length === 0 && starts(p.inner))
    ? { ...k, outer, phases: k.phases.map((p) => ({ ...p, inner: p.inner.slice(outer.length) })) }
    : null

/** What adds to its own buffer does so in any of its rows. */
const addsToItself = (k: LoopKernel): boolean =>
  readsOf(k).some((read) => writesOf(k).some((write) => write.buffer === read.buffer)) ||
  bodiesOf(k).some(({ body }) => body.stores.some((s) => s.addAt !== undefined))

/** Whether its lanes run along the row: everything in a row lies side by side, or is the same for all. */
const prefersRows = (k: LoopKernel): boolean =>
  k.phases.every(({ inner, body }) =>
    [...viewsRead(body), ...body.stores.map((s) => s.view)].every(
      ({ strides }) => inner.length === 0 || (strides[strides.length - 1] ?? 0) <= 1,
    ),
  )

interface Seen {
  readonly view: View
  readonly isStore: boolean
  /** Whether data say where it goes: no row holds it. */
  readonly isAnywhere: boolean
  /** Extents of the axes behind the outer ones. */
  readonly inner: readonly number[]
}
const viewsOf = (k: LoopKernel): readonly Seen[] =>
  bodiesOf(k).flatMap(({ space, body }) => {
    const inner = space.slice(k.outer.length)
    const loads = body.instructions.flatMap((i) =>
      i.op === 'load' || i.op === 'gather' ? [{ view: i.view, isStore: false, isAnywhere: i.op === 'gather', inner }] : [],
    )
    return [...loads, ...body.stores.map((s) => ({ view: s.view, isStore: true, isAnywhere: s.addAt !== undefined, inner }))]
  })

/** Both step over rows alike, and neither leaves its row. */
const sameRows = (a: Seen, b: Seen, outer: readonly number[]): boolean => {
  if (a.isAnywhere || b.isAnywhere) return false
  const steps = outer.flatMap((d, i) => (d > 1 ? [[a.view.strides[i] as number, b.view.strides[i] as number] as const] : []))
  if (!steps.every(([x, y]) => x === y && x > 0) || a.view.offset !== b.view.offset) return false
  const smallest = Math.min(Number.POSITIVE_INFINITY, ...steps.map(([x]) => x))
  const span = ({ view, inner }: Seen): number =>
    inner.reduce((sum, d, i) => sum + Math.max(0, d - 1) * Math.abs(view.strides[outer.length + i] as number), 0)
  return span(a) < smallest && span(b) < smallest
}
