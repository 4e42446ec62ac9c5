/** A data set going through a program in its own order, a batch at a time. */

import { InternalError } from '../graph/internal-error.ts'
import type { DataSlot, Entry, Machine } from '../runtime/machine.ts'
import type { Column } from './column.ts'

/** Copies rows that stand one after the other into an entry's arguments, as they are, and runs it. */
export const runRows = (entry: Entry, columns: readonly Column[], from: number, count: number): void => {
  columns.forEach(({ values, width }, i) => {
    ;(entry.args[i] as DataSlot).view.set(values.subarray(from * width, (from + count) * width))
  })
  entry.run()
}

/** The entry of the i-th size that a program was built for. */
export const entryAt = ({ entries }: Machine, i: number): Entry => {
  const entry = entries[i]
  if (entry === undefined) throw new InternalError(`the program has no entry ${i}`, 'train')
  return entry
}

/** How many samples are scored at once: few sizes for all data sets, so that few programs are compiled. */
export const rowsAtOnce = (samples: number, most = 256): number => {
  let rows = 1
  while (rows < samples && 2 * rows <= most) rows *= 2
  return rows
}
