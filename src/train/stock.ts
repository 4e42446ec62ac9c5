/** Where the samples of training lie: all of them in the arena, or those of the coming steps, where all would be too many bytes. */
import { type Column, columnBytes, copyRows } from '../data/column.ts'
import { InternalError } from '../graph/internal-error.ts'
import type { DataSlot, Entry, Machine } from '../runtime/machine.ts'

/** Bytes of samples up to which all of them lie in the arena. */
export const mostResidentBytes = 2 ** 28
/** Bytes of samples that are brought at once, beyond: as much as the last cache of many machines holds. */
export const chunkBytes = 2 ** 24

/** How many samples lie in the arena at once: all, or those of whole batches. */
export const residentSamples = (columns: readonly Column[], batch: number, mostBytes: number): number => {
  const [{ length }] = columns as readonly [Column]
  const bytes = columns.reduce((sum, column) => sum + columnBytes(column), 0)
  if (bytes <= mostBytes) return length
  const batches = Math.floor(Math.min(mostBytes, chunkBytes) / (bytes / length) / batch)
  return Math.min(length, Math.max(1, batches) * batch)
}

export interface Stock {
  /** Tells an entry which samples are its batch: `order[from] ..`, an epoch's in a row. Makes no garbage. */
  readonly serve: (entry: Entry, order: Uint32Array, from: number, rows: number) => void
  /** The order is another one, in the middle of an epoch: what was brought for it counts no more. */
  readonly forget: () => void
}

/** The samples of these columns, for a machine that was compiled with places for `residents` of them. */
export const stockOf = ({ residents: places }: Machine, columns: readonly Column[], residents: number): Stock => {
  const [{ length }] = columns as readonly [Column]
  if (places.length !== columns.length) throw new InternalError('a column without a place', 'train')
  if (residents === length) {
    columns.forEach(({ values }, i) => {
      ;(places[i] as DataSlot).view.set(values)
    })
    return { serve: (entry, order, from, rows) => number(entry, order, from, rows), forget: () => {} }
  }
  const inTurn = Uint32Array.from({ length: residents }, (_, i) => i)
  const copies = columns.map((column, i) => copyRows(column, (places[i] as DataSlot).view))
  let held = -1
  const serve: Stock['serve'] = (entry, order, from, rows) => {
    const at = from % residents
    if (at === 0 || from - at !== held) {
      held = from - at
      for (const copy of copies) copy(order, held, Math.min(residents, length - held))
    }
    number(entry, inTurn, at, rows)
  }
  const forget = (): void => {
    held = -1
  }
  return { serve, forget }
}

/** Writes the numbers of a batch's samples to where the entry reads them. */
const number = (entry: Entry, order: Uint32Array, from: number, rows: number): void => {
  const { view } = entry.args[0] as DataSlot
  for (let i = 0; i < rows; i++) view[i] = order[from + i] as number
}
