/** Laid kernels: kernels with every decision about how they walk. Emission writes them down and decides nothing. */
import { type Body, type BufferId, bodiesOf, type ContractKernel, type LoopKernel, type View, viewsRead } from '../kernel.ts'

/** Four lanes run along the last outer axis, each its own result, or along the last inner axis, four partial results. */
export type Lanes = 'outer' | 'inner'

/**
 * Equal units of one axis, which threads may take apart: what one unit writes no other touches, and no sum runs across units.
 * The axis is one of the outer space, or of the inner one of a kernel without; of `batch, m, n` for a contraction.
 */
export interface Split {
  readonly axis: number
  /** Points of the axis in a unit, a multiple of what the walk takes at once; the last unit may have fewer. */
  readonly size: number
  readonly units: number
}

export interface LaidLoop extends LoopKernel {
  readonly lanes: Lanes
  /** For each phase, how many of its last inner axes are written out point by point, without a loop. */
  readonly straight: readonly number[]
  /** null where one thread does it all. */
  readonly split: Split | null
}
/** Rows of x by vectors of four columns of y that are held in registers at once. */
export interface Tile {
  readonly rows: number
  readonly vectors: number
}
/** Batch axes are loops around the whole; m and n are one axis each. Lanes run along n, and each sums in the order of k. */
export interface LaidContract {
  readonly kind: 'contract'
  readonly batch: readonly number[]
  readonly m: number
  readonly n: number
  /** Terms of each sum: the product of `kAxes`. */
  readonly k: number
  /** The axes of k that do not lie side by side in both operands, a nest inside the tile: windows of an image are read where they lie. */
  readonly kAxes: readonly number[]
  /** Over `batch, m, kAxes`. */
  readonly x: View
  /** Over `batch, n, kAxes`. */
  readonly y: View
  readonly dtype: ContractKernel['dtype']
  readonly after: Body
  readonly tile: Tile
  /** Where a panel of y, as wide as the tile, is laid side by side before the rows pass over it; null where y is read in place. */
  readonly panel: BufferId | null
  readonly split: Split | null
}
export type LaidKernel = LaidLoop | LaidContract

/** The buffers that a kernel reads, writes or works in. */
export const touchedBy = (k: LaidKernel): ReadonlySet<BufferId> => {
  const bodies = k.kind === 'loop' ? bodiesOf(k).map(({ body }) => body) : [k.after]
  const outside = k.kind === 'loop' ? [] : [k.x.buffer, k.y.buffer, ...(k.panel === null ? [] : [k.panel])]
  return new Set([
    ...outside,
    ...bodies.flatMap((body) => [...viewsRead(body).map((v) => v.buffer), ...body.stores.map((s) => s.view.buffer)]),
  ])
}
