/** An axis cut into tiles: as few as can be, as equal as can be, so that no sliver is left at its end. */
import type { Run } from './laid.ts'

/** Runs over `extent` rows, at most `most` in a tile. */
export const rowRuns = (extent: number, most: number): readonly Run[] => {
  const count = Math.ceil(extent / most)
  const small = Math.floor(extent / count)
  const large = extent - count * small
  return [
    { size: small + 1, count: large },
    { size: small, count: count - large },
  ].filter((run) => run.count > 0)
}

/** Runs over `extent` columns, at most `most` vectors of four in a tile; the last vector may be filled in part. */
export const columnRuns = (extent: number, most: number): readonly Run[] => {
  const runs = rowRuns(Math.ceil(extent / 4), most).map(({ size, count }) => ({ size: 4 * size, count }))
  const last = runs.at(-1)
  const missing = (4 - (extent % 4)) % 4
  if (last === undefined || missing === 0) return runs
  const whole = { size: last.size, count: last.count - 1 }
  return [...runs.slice(0, -1), ...(whole.count > 0 ? [whole] : []), { size: last.size - missing, count: 1 }]
}
