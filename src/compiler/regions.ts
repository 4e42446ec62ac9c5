/** Regions: the stretches of a step's kernels that run once for each row of a sequence. What every later pass asks of them. */
import type { BufferId, Row } from './kernel.ts'

/** The kernels with numbers `from` up to `to` run `length` times, over rows that move on each time. */
export interface Region {
  readonly from: number
  readonly to: number
  readonly length: number
  /** From the last row to the first. */
  readonly reverse: boolean
  readonly rows: readonly Row[]
}

/** The regions around a kernel, the outermost first. Regions that stand in others come after these. */
export const around = (regions: readonly Region[], kernel: number): readonly Region[] =>
  regions.filter(({ from, to }) => from <= kernel && kernel < to)

/** How often a kernel runs in a step. */
export const timesOf = (regions: readonly Region[], kernel: number): number =>
  around(regions, kernel).reduce((times, { length }) => times * length, 1)

/** A row, and how many rows it stands for one after the other. */
export interface Moving extends Row {
  readonly count: number
}
/** Every row of a step by its number. */
export const rowsIn = (regions: readonly Region[]): ReadonlyMap<BufferId, Moving> =>
  new Map(regions.flatMap(({ rows, length }) => rows.map((row) => [row.id, { ...row, count: row.turns ? Math.min(2, length) : length }])))

/** The buffer that has a place of its own in the arena: itself, or what it is a row of. */
export const ground = (rows: ReadonlyMap<BufferId, Row>, id: BufferId): BufferId => {
  const row = rows.get(id)
  return row === undefined ? id : ground(rows, row.of)
}
