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
  /** Vectors that lie side by side along the last outer axis and are walked together; more than 1 where lanes run along it. */
  readonly vectors: number
  /** null where one thread does it all. */
  readonly split: Split | null
}
/** So many tiles of one size, one after the other along an axis. */
export interface Run {
  readonly size: number
  readonly count: number
}
export interface Blocks {
  readonly size: number
  /** What a block is walked over before the next: all that the kernel does, batches too, or the tiles of one of them. */
  readonly around: 'all' | 'tiles'
  /** Over `batch, m, n`, its columns side by side: what the epilogue writes anyway, or a buffer of its own. */
  readonly sums: View
}
/**
 * Batch axes are loops around the whole; m and n are one axis each. Lanes run along n, and each sums in the order of k.
 * A tile is so many rows of x by so many columns of y whose sums are held in registers while k runs.
 */
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
  /** Sizes of tiles along m and along n, the largest first. A split of the axis divides the first run; the others are the last unit's. */
  readonly rows: readonly Run[]
  readonly columns: readonly Run[]
  /** Which axis is walked outside: each of its tiles meets all of the other's. */
  readonly outer: 'rows' | 'columns'
  /**
   * Where y is copied to, column tile by column tile, each with its columns side by side for every k; null where y is read in
   * place. With columns outside it holds one tile's, with rows outside all of them.
   */
  readonly panel: BufferId | null
  /**
   * Blocks of the first axis of k are walked around all tiles, and sums are kept in `sums` from block to block, so that a block of y is read once,
   * row after row; null where k is walked inside the tile alone. Either way a sum runs in the order of k.
   */
  readonly blocks: Blocks | null
  readonly split: Split | null
}
export type LaidKernel = LaidLoop | LaidContract

/** The buffers that a kernel reads, writes or works in. */
export const touchedBy = (k: LaidKernel): ReadonlySet<BufferId> => {
  const bodies = k.kind === 'loop' ? bodiesOf(k).map(({ body }) => body) : [k.after]
  const outside =
    k.kind === 'loop'
      ? []
      : [k.x.buffer, k.y.buffer, ...(k.panel === null ? [] : [k.panel]), ...(k.blocks === null ? [] : [k.blocks.sums.buffer])]
  return new Set([
    ...outside,
    ...bodies.flatMap((body) => [...viewsRead(body).map((v) => v.buffer), ...body.stores.map((s) => s.view.buffer)]),
  ])
}
