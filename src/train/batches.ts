/** A data set going through a program, a batch at a time. */

import { type Column, gather } from '../data/column.ts'
import { InternalError } from '../graph/internal-error.ts'
import type { Entry, Machine, Slot } from '../runtime/machine.ts'

/** Copies rows into an entry's arguments and runs it, without garbage. */
export const runRows = (entry: Entry, columns: readonly Column[], order: Uint32Array, from: number, count: number): void => {
  for (let i = 0; i < columns.length; i++) gather(columns[i] as Column, order, from, count, (entry.args[i] as Slot).view)
  entry.run()
}

/** The entry of the i-th size that a program was built for. */
export const entryAt = ({ entries }: Machine, i: number): Entry => {
  const entry = entries[i]
  if (entry === undefined) throw new InternalError(`the program has no entry ${i}`, 'train')
  return entry
}

/** 0, 1, 2, ...: the order of a data set as it is. */
export const inOrder = (length: number): Uint32Array => Uint32Array.from({ length }, (_, i) => i)

/** How many samples are scored at once: few sizes for all data sets, so that few programs are compiled. */
export const rowsAtOnce = (samples: number, most = 256): number => {
  let rows = 1
  while (rows < samples && 2 * rows <= most) rows *= 2
  return rows
}
