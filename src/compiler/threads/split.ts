/** split: which axis of a kernel threads may divide among them, and into which units. A reduction is never divided. */
import { product, type View } from '../kernel.ts'
import type { LaidContract, LaidKernel, LaidLoop, Run, Split } from '../layout/laid.ts'
import { type Access, accessesOf } from './accesses.ts'

/** An axis that may be divided: its extent, and the points that the walk takes at once. */
interface Candidate {
  readonly axis: number
  readonly extent: number
  readonly by: number
  /** Points that follow and are not divided: the last unit does them. */
  readonly rest: number
  /** What dividing it adds to the whole, as a share: work that every thread does over again. */
  readonly extra: number
}

/** More units cut no better, and leave the cuts of unequal kernels further apart. */
const mostUnits = 1024

/** The best axis for so many threads, or null where there is none; `written` are the cuts of the kernels before. */
export const splitOf = (k: LaidKernel, threads: number, written: Cuts): Split | null => {
  const candidates = (k.kind === 'contract' ? contractCandidates(k) : loopCandidates(k)).filter(
    (c) => c.extent > c.by && isApart(k, c.axis),
  )
  const load = ({ extent, by, rest, extra }: Candidate): number => {
    const most = Math.ceil(Math.ceil(extent / by) / threads) * by + rest
    return (most / Math.max(most, extent + rest)) * (1 + extra)
  }
  const [first, ...rest] = candidates
  if (first === undefined) return null
  // within three hundredths the outermost is best: its parts lie together
  const best = rest.reduce((least, c) => (load(c) < 0.97 * load(least) ? c : least), first)
  return written.adopted(k, best) ?? unitsOf(best)
}

const unitsOf = ({ axis, extent, by }: Candidate): Split => {
  const size = by * Math.ceil(Math.ceil(extent / by) / mostUnits)
  return { axis, size, units: Math.ceil(extent / size) }
}

/** Axes of the outer space, or of the one phase of a map: phases wait for each other, and sums are not cut. */
const loopCandidates = ({ outer, phases, lanes, straight, vectors }: LaidLoop): readonly Candidate[] => {
  const [only, ...more] = phases
  const isMap = only !== undefined && more.length === 0 && only.accumulate.length === 0 && only.after.stores.length === 0
  const extents = outer.length > 0 ? outer : isMap ? only.inner : []
  const inLanes = outer.length > 0 ? lanes === 'outer' : true
  const walked = outer.length > 0 ? extents : extents.slice(0, extents.length - (straight[0] ?? 0))
  return walked.map((extent, axis) => ({ axis, extent, by: inLanes && axis === extents.length - 1 ? 4 * vectors : 1, rest: 0, extra: 0 }))
}

/** What reading one operand anew in every thread costs, in multiply-adds for each of its elements: it comes from afar. */
const read = 2
/** Whoever shares rows reads all of y, and copies all its panels: this weighs the more the fewer rows there are. And so with columns and x. */
const contractCandidates = ({ batch, m, n, rows, columns, panel, y }: LaidContract): readonly Candidate[] => {
  const copy = panel === null ? 0 : y.strides[batch.length] === 1 ? 2 : 8
  return [
    ...batch.map((extent, axis) => ({ axis, extent, by: 1, rest: 0, extra: 0 })),
    { axis: batch.length, ...firstOf(rows), extra: (read + copy) / m },
    { axis: batch.length + 1, ...firstOf(columns), extra: read / n },
  ]
}

/** What may be divided of an axis cut into tiles: the first run; what follows it is the last unit's. */
const firstOf = ([first, ...others]: readonly Run[]): Pick<Candidate, 'extent' | 'by' | 'rest'> => ({
  extent: (first?.size ?? 0) * (first?.count ?? 0),
  by: first?.size ?? 1,
  rest: others.reduce((sum, { size, count }) => sum + size * count, 0),
})

/** Whether no point of the axis touches what another writes, so that the points may run in any order, and at once. */
const isApart = (k: LaidKernel, axis: number): boolean => {
  const all = accessesOf(k, axis)
  return all.filter(({ writes }) => writes).every((w) => all.every((a) => a.view.buffer !== w.view.buffer || areApart(w, a)))
}

/** w at one point of the axis and a at another are never one element. */
const areApart = (w: Access, a: Access): boolean => {
  if (w.anywhere || a.anywhere || w.axis === null || a.axis === null) return false
  const [step, other, extent] = [w.view.strides[w.axis], a.view.strides[a.axis], w.extents[w.axis]] as const
  if (step === undefined || step === 0 || step !== other || extent === undefined) return false
  const width = Math.abs(step)
  const periods = [...w.view.strides, ...a.view.strides].map(Math.abs).filter((p) => p >= width * extent)
  return [Number.POSITIVE_INFINITY, ...periods].some((period) => {
    const [x, y] = [reachOf(w, period), reachOf(a, period)]
    return Math.max(x.to - y.from, y.to - x.from) < width
  })
}
/** Between which elements a view lies at one point of its divided axis, leaving out whole periods. */
const reachOf = ({ view, extents, axis }: Access, period: number): { readonly from: number; readonly to: number } => {
  let [from, to] = [view.offset, view.offset]
  extents.forEach((d, i) => {
    const step = view.strides[i] as number
    const reach = step * (d - 1)
    if (i === axis || d === 0 || step % period === 0) return
    if (reach < 0) from += reach
    else to += reach
  })
  return { from, to }
}

/** Where the kernels so far cut what they write, so that the next may cut it alike and need not wait. */
export interface Cuts {
  /** The units of a reader that finds its elements in those of the buffer's writer, or null. */
  readonly adopted: (k: LaidKernel, candidate: { readonly axis: number; readonly extent: number; readonly by: number }) => Split | null
  readonly add: (k: LaidKernel) => void
}
export const cuts = (): Cuts => {
  /** By buffer: how many units, and the elements of each, where a unit writes elements side by side. */
  const known = new Map<number, { readonly units: number; readonly elements: number }>()
  return {
    adopted: (k, { axis, extent, by }) => {
      for (const { view, axis: at } of accessesOf(k, axis)) {
        const cut = known.get(view.buffer)
        const step = at === null ? 0 : (view.strides[at] as number)
        if (cut === undefined || step <= 0 || view.offset !== 0) continue
        const size = cut.elements / step
        if (size % by === 0 && Math.ceil(extent / size) === cut.units) return { axis, size, units: cut.units }
      }
      return null
    },
    add: (k) => {
      for (const { view, extents, axis, writes } of accessesOf(k, k.split?.axis ?? null)) {
        if (!writes) continue
        const elements = k.split === null || axis === null ? null : sideBySide(view, extents, axis, k.split.size)
        if (elements === null || k.split === null) known.delete(view.buffer)
        else known.set(view.buffer, { units: k.split.units, elements })
      }
    },
  }
}

/** The elements of a unit, where they lie side by side and the next unit's behind them. */
const sideBySide = ({ offset, strides }: View, extents: readonly number[], axis: number, size: number): number | null => {
  const step = strides[axis] as number
  const inside = extents.filter((_, i) => i !== axis)
  return offset === 0 && step > 0 && product(inside) === step ? step * size : null
}
