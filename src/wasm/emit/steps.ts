/** What an entry does, step by step: its kernels' calls, in the loops over time that they stand in, with pointers that move. */
import { type BufferId, elementBytes, type Row } from '../../compiler/kernel.ts'
import { around, type Region } from '../../compiler/regions.ts'
import type { KernelCall, MovingPointer, Pointer, Step } from './entry.ts'

/** Where a buffer is: at its place, or where its row stands. */
export type PointerOf = (id: BufferId) => Pointer

/** A loop around a call, and how far it moves each of the call's pointers: what a host that makes the calls itself has to know. */
export interface Turn {
  readonly times: number
  readonly by: readonly number[]
  /** Whether a pointer goes there and back again. */
  readonly turns: readonly boolean[]
}

/** The calls, one for each kernel, as the steps of their entry. */
export const stepsOf = (
  calls: readonly KernelCall[],
  regions: readonly Region[],
  pointerOf: PointerOf,
  widthOf: WidthOf,
): readonly Step[] => {
  const walk = (from: number, to: number, inside: readonly Region[]): readonly Step[] => {
    const steps: Step[] = []
    for (let at = from; at < to; ) {
      const loop = inside.find((region) => region.from === at && region.to > at)
      if (loop === undefined) {
        steps.push(calls[at++] as KernelCall)
        continue
      }
      const within = inside.slice(inside.indexOf(loop) + 1)
      const moving = loop.rows.map((row) => movingOf(row, loop, pointerOf, widthOf))
      steps.push({ times: loop.length, moving, steps: walk(loop.from, loop.to, within) })
      at = loop.to
    }
    return steps
  }
  return walk(0, calls.length, regions)
}

/** Bytes from element to element of a buffer. */
type WidthOf = (id: BufferId) => number
export const widthIn =
  (buffers: readonly { readonly storage?: 'u8' }[]): WidthOf =>
  (id) =>
    elementBytes(buffers[id] ?? {})

const movingOf = (row: Row, { length, reverse }: Region, pointerOf: PointerOf, widthOf: WidthOf): MovingPointer => {
  const { id, of, offset, step, turns } = row
  const width = widthOf(of)
  const { row: outer, at } = pointerOf(of)
  const backwards = reverse && !turns
  return {
    id,
    start: { row: outer, at: at + (offset + (backwards ? (length - 1) * step : 0)) * width },
    by: (backwards ? -step : step) * width,
    turns,
  }
}

/** The loops around kernel number `at` and how they move its pointers, the outermost first; and where these stand in the first iteration. */
export const turnsOf = (
  at: number,
  call: KernelCall,
  regions: readonly Region[],
  pointerOf: PointerOf,
  widthOf: WidthOf,
): { readonly pointers: readonly number[]; readonly turns: readonly Turn[] } => {
  const loops = around(regions, at).map((loop) => ({
    times: loop.length,
    moving: new Map(loop.rows.map((row) => [row.id, movingOf(row, loop, pointerOf, widthOf)])),
  }))
  const moving = new Map(loops.flatMap((loop) => [...loop.moving]))
  /** A row, and the rows that it is a row of. */
  const chain = ({ row }: Pointer): readonly MovingPointer[] => {
    const own = row === null ? undefined : moving.get(row)
    return own === undefined ? [] : [own, ...chain(own.start)]
  }
  const chains = call.pointers.map(chain)
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
  return {
    pointers: call.pointers.map((pointer, i) => pointer.at + sum((chains[i] ?? []).map(({ start }) => start.at))),
    turns: loops.map(({ times, moving: own }) => {
      const mine = chains.map((links) => links.filter((link) => own.get(link.id) === link))
      return {
        times,
        by: mine.map((links) => sum(links.map(({ by }) => by))),
        turns: mine.map((links) => links.some((link) => link.turns)),
      }
    }),
  }
}
