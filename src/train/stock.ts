/** Where the samples of training lie: all of them in the arena, or those of the coming steps, where all would be too many bytes. */
import { type Column, copyRows, sampleBytes } from '../data/column.ts'
import { columnsOf, type DataError, type Rows, type RowTypes, typesOf } from '../data/data-source.ts'
import { shuffle } from '../data/shuffle.ts'
import type { Windows } from '../data/stream/windows.ts'
import { InternalError } from '../graph/internal-error.ts'
import { encipher } from '../graph/threefry.ts'
import type { DataSlot, Entry, Machine } from '../runtime/machine.ts'

/** Bytes of samples up to which all of them lie in the arena. */
export const mostResidentBytes = 2 ** 28
/** Bytes of samples that are brought at once, beyond: as much as the last cache of many machines holds. */
export const chunkBytes = 2 ** 24

/** How many samples lie in the arena at once: all, or those of whole batches. */
export const residentSamples = (data: RowTypes & { readonly length: number }, batch: number, mostBytes: number): number => {
  const { length } = data
  const each = typesOf(data).reduce((sum, type) => sum + sampleBytes(type), 0)
  if (each * length <= mostBytes) return length
  const batches = Math.floor(Math.min(mostBytes, chunkBytes) / each / batch)
  return Math.min(length, Math.max(1, batches) * batch)
}

/** What goes to the steps of an epoch in its order. Nothing here makes garbage but where samples are brought. */
export interface Stock {
  /** An epoch goes on behind so many samples: what was brought for another one counts no more. */
  readonly open: (epoch: number, from: number) => void
  /** Brings the samples of a batch to the arena, if they are not there: false where they are still being read. */
  readonly bring: (from: number, rows: number) => boolean
  /** Until they are read: null, or why they can't be. */
  readonly wait: () => Promise<DataError | null>
  /** Tells an entry which samples are its batch: those from `from` on in the epoch's order. */
  readonly serve: (entry: Entry, from: number, rows: number) => void
}

/** The samples of a set in memory, for a machine that was compiled with places for `residents` of them. `order` is written over. */
export const stockOf = (machine: Machine, data: Rows, residents: number, order: Uint32Array, orderKey: ArrayLike<number>): Stock => {
  const columns = columnsOf(data)
  const views = placesIn(machine, columns.length)
  const { length } = data.inputs
  const key = new Int32Array(2)
  const draw = (epoch: number): void => {
    encipher(orderKey, 0, epoch, key, 0)
    shuffle(order, key)
  }
  const wait = async (): Promise<null> => null
  if (residents === length) {
    for (const [i, { values }] of columns.entries()) (views[i] as Column['values']).set(values)
    return { open: draw, bring: () => true, wait, serve: (entry, from, rows) => number(entry, order, from, rows) }
  }
  const copies = columns.map((column, i) => copyRows(column, views[i] as Column['values']))
  const inTurn = Uint32Array.from({ length: residents }, (_, i) => i)
  let held = -1
  return {
    open: (epoch) => {
      draw(epoch)
      held = -1
    },
    bring: (from) => {
      const at = from % residents
      if (at === 0 || from - at !== held) {
        held = from - at
        for (const copy of copies) copy(order, held, Math.min(residents, length - held))
      }
      return true
    },
    wait,
    serve: (entry, from, rows) => number(entry, inTurn, from % residents, rows),
  }
}

/** The samples of a stream: those of some steps are brought out of the windows together. */
export const streamStock = (machine: Machine, data: RowTypes & { readonly length: number }, residents: number, windows: Windows): Stock => {
  const views = placesIn(machine, typesOf(data).length)
  const inTurn = Uint32Array.from({ length: residents }, (_, i) => i)
  // the sample that stands in the first row, and the rows up to which they are there
  let [held, filled] = [-1, 0]
  return {
    open: (epoch, from) => {
      held = -1
      windows.seek(epoch, from)
    },
    bring: (from, rows) => {
      const at = from % residents
      if (from - at !== held) {
        held = from - at
        filled = at
      }
      if (filled < at + rows) filled += windows.take(views, filled, Math.min(residents, data.length - held) - filled)
      return filled >= at + rows
    },
    wait: windows.wait,
    serve: (entry, from, rows) => number(entry, inTurn, from % residents, rows),
  }
}

const placesIn = ({ residents }: Machine, columns: number): readonly Column['values'][] => {
  if (residents.length !== columns) throw new InternalError('a column without a place', 'train')
  return residents.map(({ view }) => view)
}

/** Writes the numbers of a batch's samples to where the entry reads them. */
const number = (entry: Entry, order: Uint32Array, from: number, rows: number): void => {
  const { view } = entry.args[0] as DataSlot
  for (let i = 0; i < rows; i++) view[i] = order[from + i] as number
}
