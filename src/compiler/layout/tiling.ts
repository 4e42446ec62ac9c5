/** How a contraction is cut into tiles and in which order they are walked: from its sizes and the committed table alone. */
import { costTable, type TileCosts } from './cost-table.ts'
import type { Run } from './laid.ts'
import { columnRuns, rowRuns } from './runs.ts'

export interface Sizes {
  readonly m: number
  readonly n: number
  readonly k: number
  /** The axes of k, whose product it is. */
  readonly kAxes: readonly number[]
  /** Instructions that follow each sum, about: they are written out for every vector of a tile. */
  readonly after: number
}
export interface Tiling {
  readonly rows: readonly Run[]
  readonly columns: readonly Run[]
  readonly outer: 'rows' | 'columns'
  /** Whether y is copied to panels. */
  readonly copies: boolean
  /** Elements of the first axis of k in a block, or null for all of them in one. */
  readonly block: number | null
}

/** Bytes of y that a block of k takes: the rows that tiles pass over again and again stay in the first cache beside those of x. */
export const blockBytes = 32 * 1024
/** Shorter blocks would move sums to memory and back more often than they save reading y. */
const block = { least: 16, most: 128 } as const

/**
 * Where columns of y lie side by side it is read in place, block of k by block of k, each of whose rows are read in order: no
 * stride is met that maps to few sets of a cache, and no copy is made. Where they lie apart a panel of them is copied before
 * the rows pass over it, if there are rows enough.
 */
export const tilingOf = (sizes: Sizes, liesApart: boolean, fastMath: boolean): Tiling => {
  const { rows, columns } = cheapestTiles(sizes, fastMath ? costTable.fast : costTable.strict)
  const copies = liesApart && sizes.n > 1 && sizes.k > 1 && rows.length + (rows[0]?.count ?? 0) > 2
  return { rows, columns, outer: copies ? 'columns' : 'rows', copies, block: copies ? null : blockOf(sizes) }
}

/** Columns of most tiles. */
export const columnsOf = (sizes: Sizes, fastMath: boolean): number =>
  cheapestTiles(sizes, fastMath ? costTable.fast : costTable.strict).columns[0]?.size ?? 1

const blockOf = ({ n, k, kAxes: [outer = 0] }: Sizes): number | null => {
  const terms = Math.min(block.most, Math.max(block.least, 2 ** Math.floor(Math.log2(blockBytes / 4 / Math.max(1, n)))))
  const size = Math.ceil((terms * outer) / k)
  return 4 * k * n > blockBytes && k >= 2 * terms && outer > size ? size : null
}

/** What one size of tiles more must save, as a share of the time, and each instruction in them: it is code to compile and to keep. */
const codeShare = { tile: 0.02, instruction: 0.0002 } as const
/** The same in nanoseconds: a kernel of some microseconds is not worth another kilobyte. */
const codeTime = 100

/** The time that the cheapest tiles take over the whole space, by the table. */
export const nanosecondsOf = (sizes: Sizes, table: TileCosts): number => timeOf(sizes, table, cheapestTiles(sizes, table))

type Runs = Pick<Tiling, 'rows' | 'columns'>
const timeOf = ({ k, after }: Sizes, { tiles }: TileCosts, { rows, columns }: Runs): number => {
  const kinds = rows.length * columns.length
  const spent = total(rows, (r) =>
    total(columns, (c) => {
      const cost = tiles[r.size - 1]?.[Math.ceil(c.size / 4) - 1]
      return r.count * c.count * (cost == null ? Number.POSITIVE_INFINITY : cost.perTile + k * cost.perK)
    }),
  )
  const share = codeShare.tile * kinds + codeShare.instruction * after * vectorsIn(rows) * vectorsIn(columns, 4)
  return (1 + share) * spent + codeTime * kinds
}

/** The tiles with the least time over the whole space, those at its ends included. */
const cheapestTiles = (sizes: Sizes, table: TileCosts): Runs => {
  const { m, n } = sizes
  const { tiles } = table
  // larger tiles than the space is are cut like it
  const down = tiles.slice(0, m).map((_, r) => rowRuns(m, r + 1))
  const across = (tiles[0] ?? []).slice(0, Math.ceil(n / 4)).map((_, v) => columnRuns(n, v + 1))
  let [best, least]: [Runs, number] = [{ rows: rowRuns(m, 1), columns: columnRuns(n, 1) }, Number.POSITIVE_INFINITY]
  for (const [r, rows] of down.entries())
    for (const [v, columns] of across.entries()) {
      if (tiles[r]?.[v] == null) continue
      const spent = timeOf(sizes, table, { rows, columns })
      if (spent < least) [best, least] = [{ rows, columns }, spent]
    }
  return best
}
/** Of one tile of each size. */
const vectorsIn = (runs: readonly Run[], lanes = 1): number => runs.reduce((sum, { size }) => sum + Math.ceil(size / lanes), 0)
const total = (runs: readonly Run[], of: (run: Run) => number): number => runs.reduce((sum, run) => sum + of(run), 0)
