/** Races, found point by point: every element that every thread touches, derived from the kernels' records alone. */
import type { Lowered } from '../../src/compiler/compile.ts'
import type { Body, BufferId, View } from '../../src/compiler/kernel.ts'
import type { LaidKernel } from '../../src/compiler/layout/laid.ts'
import { overGround, rowPlaces, unrolled } from './unrolled.ts'

type Touch = (element: number, writes: boolean) => void

/** Calls `visit` with the element of each point of the space, where an axis may be cut to a part. */
const walk = ({ offset, strides }: View, extents: readonly number[], visit: (element: number) => void): void => {
  const step = (axis: number, at: number): void => {
    const extent = extents[axis]
    if (extent === undefined) return visit(at)
    for (let i = 0; i < extent; i++) step(axis + 1, at + i * (strides[axis] as number))
  }
  step(0, offset)
}

/** The space with one axis cut to the points from one number to another: the view moves, the extent shrinks. */
const cut = (view: View, extents: readonly number[], axis: number | undefined, from: number, to: number) => ({
  view: axis === undefined ? view : { ...view, offset: view.offset + from * (view.strides[axis] as number) },
  extents: extents.map((d, i) => (i === axis ? Math.min(to, d) - from : d)),
})

/** What one thread touches while it does its units of a kernel, in words of the arena; nothing writes bytes. */
const touches = (
  k: LaidKernel,
  thread: number,
  threads: number,
  place: (b: BufferId) => { at: number; length: number },
  touch: Touch,
): void => {
  if (k.split === null && thread !== 0) return
  const at = (t: number): number => Math.floor(((k.split?.units ?? 0) * t) / threads) * (k.split?.size ?? 0)
  const [from, to] = [at(thread), at(thread + 1)]
  if (k.split !== null && from === to) return
  const go = (view: View, extents: readonly number[], axis: number | undefined, writes: boolean): void => {
    const part = cut(view, extents, axis, from, to)
    const { at: start } = place(view.buffer)
    const perWord = view.storage === 'u8' ? 4 : 1
    walk(part.view, part.extents, (element) => touch(start + Math.floor(element / perWord), writes))
  }
  const all = ({ buffer, storage }: View, writes: boolean): void => {
    const { at: start, length } = place(buffer)
    for (let i = 0; i < length / (storage === 'u8' ? 4 : 1); i++) touch(start + i, writes)
  }
  const body = ({ instructions, stores }: Body, extents: readonly number[], axis: number | undefined): void => {
    for (const i of instructions) {
      if (i.op === 'load') go(i.view, extents, axis, false)
      if (i.op === 'gather') all(i.view, false)
    }
    for (const { view, addAt } of stores) addAt === undefined ? go(view, extents, axis, true) : all(view, true)
  }
  const axis = k.split?.axis
  if (k.kind === 'contract') {
    const b = k.batch.length
    const inBatch = axis !== undefined && axis < b ? axis : undefined
    go(k.x, [...k.batch, k.m, ...k.kAxes], axis === b ? b : inBatch, false)
    go(k.y, [...k.batch, k.n, ...k.kAxes], axis === b + 1 ? b : inBatch, false)
    body(k.after, [...k.batch, k.m, k.n], axis)
    if (k.panel === null) return
    const { at: start, length } = place(k.panel)
    for (let i = 0; i < length / threads; i++) touch(start + (thread * length) / threads + i, true)
    return
  }
  for (const phase of k.phases) {
    body(phase.body, [...k.outer, ...phase.inner], axis)
    body(phase.after, k.outer, axis !== undefined && axis < k.outer.length ? axis : undefined)
  }
}

/** The first element that one thread touches while another may write it, in words; null where there is none. */
export const race = ({ entries, plan, threads }: Lowered, barriers: Lowered['barriers']): string | null => {
  for (const [e, { kernels, buffers, regions }] of entries.entries()) {
    const size = Math.ceil(plan.bytes / 4)
    const [writtenIn, readIn] = [new Int32Array(size), new Int32Array(size)]
    const [writer, readers] = [new Uint8Array(size), new Uint32Array(size)]
    let [time, found]: [number, string | null] = [1, null]
    const place = (id: BufferId) => ({
      at: (plan.offsets[e]?.get(id) as number) / 4,
      length: (buffers[id]?.shape ?? []).reduce((n, d) => n * d, 1),
    })
    // three iterations show what meets within one and from one to the next, in places that take turns too
    for (const { kernel: i, times } of unrolled({ kernels, regions }, 3)) {
      const kernel = overGround(kernels[i] as LaidKernel, rowPlaces(regions, i, times))
      if (barriers[e]?.[i] === true) time++
      for (let thread = 0; thread < threads; thread++)
        touches(kernel, thread, threads, place, (element, writes) => {
          const wrote = writtenIn[element] === time && writer[element] !== thread
          const isRead = readIn[element] === time && ((readers[element] as number) & ~(1 << thread)) !== 0
          if (wrote || (writes && isRead)) found ??= `entry ${e}, kernel ${i}, thread ${thread}: element ${element} is another's`
          if (writes) {
            writtenIn[element] = time
            writer[element] = thread
          } else {
            readers[element] = (readIn[element] === time ? (readers[element] as number) : 0) | (1 << thread)
            readIn[element] = time
          }
        })
    }
    if (found !== null) return found
  }
  return null
}
