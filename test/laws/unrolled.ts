/** The kernels of a step as they run, one after the other: loops over time written out, and rows as places in the buffers that they are of. */
import type { BufferId, View } from '../../src/compiler/kernel.ts'
import type { LaidKernel } from '../../src/compiler/layout/laid.ts'
import type { Laid } from '../../src/compiler/layout/layout.ts'

type Loops = Pick<Laid, 'kernels' | 'regions'>

/** A kernel's turn: its number, and the iteration of each loop around it, the outermost first. */
export interface Turn {
  readonly kernel: number
  readonly times: readonly number[]
}

/** Every turn of every kernel, or of the first iterations of each loop. */
export const unrolled = ({ kernels, regions }: Loops, most = Number.POSITIVE_INFINITY): readonly Turn[] => {
  const walk = (from: number, to: number, within: Laid['regions'], times: readonly number[]): readonly Turn[] => {
    const turns: Turn[] = []
    for (let at = from; at < to; ) {
      const place = within.findIndex((region) => region.from === at && region.to > at)
      const loop = within[place]
      if (loop === undefined) {
        turns.push({ kernel: at++, times })
        continue
      }
      const inner = within.slice(place + 1)
      for (let time = 0; time < Math.min(most, loop.length); time++) turns.push(...walk(loop.from, loop.to, inner, [...times, time]))
      at = loop.to
    }
    return turns
  }
  return walk(0, kernels.length, regions, [])
}

/** Where rows are in an iteration: in which buffer, and how many elements behind its start. */
export type RowPlaces = ReadonlyMap<BufferId, { readonly of: BufferId; readonly offset: number }>
export const rowPlaces = (regions: Laid['regions'], kernel: number, times: readonly number[]): RowPlaces => {
  const places = new Map<BufferId, { readonly of: BufferId; readonly offset: number }>()
  regions
    .filter(({ from, to }) => from <= kernel && kernel < to)
    .forEach(({ length, reverse, rows }, depth) => {
      const time = times[depth] as number
      for (const { id, of, offset, step, turns } of rows) {
        const row = turns ? time % 2 : reverse ? length - 1 - time : time
        const outer = places.get(of) ?? { of, offset: 0 }
        places.set(id, { of: outer.of, offset: outer.offset + offset + row * step })
      }
    })
  return places
}

/** The kernel over the buffers themselves. */
export const overGround = (kernel: LaidKernel, rows: RowPlaces): LaidKernel => {
  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved)
    if (typeof value !== 'object' || value === null) return value
    const fields = Object.fromEntries(Object.entries(value).map(([name, child]) => [name, moved(child)]))
    const row = rows.get((value as Partial<View>).buffer ?? -1)
    return row === undefined ? fields : { ...fields, buffer: row.of, offset: (value as View).offset + row.offset }
  }
  return moved(kernel) as LaidKernel
}
