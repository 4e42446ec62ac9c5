/** What a kernel touches, as views over its space, and which of it belongs to one thread. */
import { type Body, type BufferId, type View, viewsRead } from '../kernel.ts'
import type { LaidContract, LaidKernel, Split } from '../layout/laid.ts'

/** The points of a view, over a space of which one axis may be divided. */
export interface Access {
  readonly view: View
  readonly extents: readonly number[]
  /** The place in these extents of the kernel's divided axis; null where every thread touches the whole view. */
  readonly axis: number | null
  readonly writes: boolean
  /** Data choose the place: any element of the buffer. */
  readonly anywhere: boolean
}

/** All that a kernel touches but the panels it works in. `axis` counts as in a `Split`; null for a kernel that is not divided. */
export const accessesOf = (k: LaidKernel, axis: number | null): readonly Access[] => {
  if (k.kind === 'contract') return contractAccesses(k, axis)
  return k.phases.flatMap(({ inner, body, after }) => [
    ...bodyAccesses(body, [...k.outer, ...inner], axis),
    ...bodyAccesses(after, k.outer, axis !== null && axis < k.outer.length ? axis : null),
  ])
}

const contractAccesses = (k: LaidContract, axis: number | null): readonly Access[] => {
  const rows = k.batch.length
  const read = (view: View, extents: readonly number[], at: number | null): Access => ({
    view,
    extents,
    axis: at,
    writes: false,
    anywhere: false,
  })
  const inBatch = axis !== null && axis < rows ? axis : null
  return [
    read(k.x, [...k.batch, k.m, ...k.kAxes], axis === rows ? rows : inBatch),
    read(k.y, [...k.batch, k.n, ...k.kAxes], axis === rows + 1 ? rows : inBatch),
    ...(k.blocks === null ? [] : [{ ...read(k.blocks.sums, [...k.batch, k.m, k.n], axis), writes: true }]),
    ...bodyAccesses(k.after, [...k.batch, k.m, k.n], axis),
  ]
}

const bodyAccesses = (body: Body, extents: readonly number[], axis: number | null): readonly Access[] => {
  const gathered = new Set(body.instructions.flatMap((i) => (i.op === 'gather' ? [i.view] : [])))
  return [
    ...viewsRead(body).map((view) => ({ view, extents, axis, writes: false, anywhere: gathered.has(view) })),
    ...body.stores.map(({ view, addAt }) => ({ view, extents, axis, writes: true, anywhere: addAt !== undefined })),
  ]
}

/** The points of the divided axis that are one thread's: those from the first number up to the second. Thread 0 does what is not divided. */
export const shareOf = (split: Split | null, thread: number, threads: number): readonly [from: number, to: number] | null => {
  if (split === null) return thread === 0 ? [0, Number.POSITIVE_INFINITY] : null
  const cut = (t: number): number => Math.floor((split.units * t) / threads) * split.size
  const [from, to] = [cut(thread), cut(thread + 1)]
  if (from >= to) return null
  // what the units leave of the axis is done with the last
  return [from, thread + 1 === threads ? Number.POSITIVE_INFINITY : to]
}

/** The buffers that a kernel works in, each thread in a part of its own. */
export const panelsOf = (k: LaidKernel): readonly BufferId[] => (k.kind === 'contract' && k.panel !== null ? [k.panel] : [])
