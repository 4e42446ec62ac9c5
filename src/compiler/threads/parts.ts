/** Whether what one thread touches meets what another does: of views in the arena, by intervals, exact enough and never wrong. */
import { type BufferId, elementBytes } from '../kernel.ts'
import type { LaidKernel } from '../layout/laid.ts'
import type { Moving } from '../regions.ts'
import { type Access, accessesOf, panelsOf, shareOf } from './accesses.ts'

/** A kernel among those that run at once: what it touches, in bytes of the arena. */
export interface Placed {
  readonly kernel: LaidKernel
  readonly accesses: readonly Access[]
}

/** Where a buffer lies, and its length in elements. */
export interface Place {
  readonly at: number
  readonly length: number
}

/**
 * A kernel with its views moved to their places in the arena, those of rows to all the places that they move to; a panel is written
 * by every thread at its own.
 */
export const placed = (
  kernel: LaidKernel,
  threads: number,
  placeOf: (buffer: BufferId) => Place,
  rows: ReadonlyMap<BufferId, Moving>,
): Placed => ({
  kernel,
  accesses: [
    ...accessesOf(kernel, kernel.split?.axis ?? null).map((moving) => {
      const a = overAllRows(moving, rows)
      // any element of the buffer is one row of all of them, which nobody divides
      const whole: Access = { ...a, view: { ...a.view, offset: 0, strides: [1] }, extents: [placeOf(a.view.buffer).length], axis: null }
      return inBytes(a.anywhere ? whole : a, placeOf(a.view.buffer))
    }),
    ...panelsOf(kernel).map((buffer) => {
      const own = placeOf(buffer).length / threads
      const parts: Access = {
        view: { buffer, offset: 0, strides: [own, 1] },
        extents: [threads, own],
        axis: 0,
        writes: true,
        anywhere: false,
      }
      return inBytes(parts, placeOf(buffer))
    }),
  ],
})

/** What a loop over time touches in all its iterations: the rows are one more axis. */
const overAllRows = (access: Access, rows: ReadonlyMap<BufferId, Moving>): Access => {
  const { view, extents, axis } = access
  const row = rows.get(view.buffer)
  if (row === undefined) return access
  const whole = { ...view, buffer: row.of, offset: view.offset + row.offset, strides: [row.step, ...view.strides] }
  return overAllRows({ ...access, view: whole, extents: [row.count, ...extents], axis: axis === null ? null : axis + 1 }, rows)
}

/** The bytes of an element are one more axis. */
const inBytes = (access: Access, { at }: Place): Access => {
  const { view, extents } = access
  const width = elementBytes(view)
  const strides = [...view.strides.map((s) => s * width), 1]
  return { ...access, view: { ...view, offset: at + view.offset * width, strides }, extents: [...extents, width] }
}

/** Whether some thread must not start b before another has finished a. */
export const meet = (a: Placed, b: Placed, threads: number): boolean =>
  a.accesses.some((x) =>
    b.accesses.some(
      (y) =>
        (x.writes || y.writes) &&
        overlap(reach(x, null, Number.POSITIVE_INFINITY), reach(y, null, Number.POSITIVE_INFINITY)) &&
        betweenThreads(threads, (t, u) => mayMeet(x, partOf(a, x, t, threads), y, partOf(b, y, u, threads))),
    ),
  )

const betweenThreads = (threads: number, meets: (t: number, u: number) => boolean): boolean => {
  for (let t = 0; t < threads; t++) for (let u = 0; u < threads; u++) if (t !== u && meets(t, u)) return true
  return false
}

type Part = readonly [from: number, to: number]
/** The points of the divided axis that a thread takes, null for none. A panel has one for each thread. */
const partOf = ({ kernel }: Placed, access: Access, thread: number, threads: number): Part | null => {
  const share = shareOf(kernel.split, thread, threads)
  return share !== null && panelsOf(kernel).includes(access.view.buffer) ? [thread, thread + 1] : share
}

const mayMeet = (x: Access, xPart: Part | null, y: Access, yPart: Part | null): boolean => {
  if (xPart === null || yPart === null) return false
  const periods = [...x.view.strides, ...y.view.strides].map(Math.abs).filter((p) => p > 1)
  return [Number.POSITIVE_INFINITY, ...new Set(periods)].every((period) =>
    overlap(reach(x, xPart, period), reach(y, yPart, period), period),
  )
}

interface Interval {
  readonly from: number
  readonly to: number
}
/** The elements of an access, modulo a period: steps of whole periods count nothing. */
const reach = ({ view, extents, axis }: Access, part: Part | null, period: number): Interval => {
  let [from, to] = [view.offset, view.offset + 1]
  extents.forEach((d, i) => {
    const step = view.strides[i] as number
    const [first, last] = i === axis && part !== null ? [part[0], Math.min(part[1], d) - 1] : [0, d - 1]
    const [low, high] = [Math.min(first * step, last * step), Math.max(first * step, last * step)]
    if (step % period === 0) return
    from += low
    to += high
  })
  return extents.includes(0) ? { from, to: from } : { from, to }
}

/** Whether two intervals share an element, of a line or of a circle. */
const overlap = (a: Interval, b: Interval, period = Number.POSITIVE_INFINITY): boolean => {
  if (a.to <= a.from || b.to <= b.from) return false
  if (period === Number.POSITIVE_INFINITY) return a.from < b.to && b.from < a.to
  if (a.to - a.from >= period || b.to - b.from >= period) return true
  const distance = (((b.from - a.from) % period) + period) % period
  return distance < a.to - a.from || distance + (b.to - b.from) > period
}
