/** Contractions as code: how tiles are walked, and where they find y. What a tile does is in tile.ts. */
import { type Body, inputsOf, type Store, sameView, type View } from '../../compiler/kernel.ts'
import type { LaidContract, Run } from '../../compiler/layout/laid.ts'
import { InternalError } from '../../graph/internal-error.ts'
import type { Code } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'
import type { Arithmetic } from '../math/vector-math.ts'
import { emitInstructions, emitStores, emitWrite, type Point, type Values } from './body.ts'
import { emitPanel, panelSteps } from './panel.ts'
import {
  basePointers,
  emitAxis,
  emitRest,
  emitSteps,
  indexKey,
  type Pointers,
  type Range,
  type Stream,
  streamsOf,
  viewKey,
} from './streams.ts'
import { emitProducts, type Operands, type Sums, zeroed } from './tile.ts'

/** Operands and epilogue have views over different axes; they are walked together over `batch x m x n`. */
interface Walk {
  readonly kernel: LaidContract
  readonly arithmetic: Arithmetic
  readonly rank: number
  readonly streams: readonly Stream[]
  /** x and y over `batch x m x n`: k is walked inside the tile. */
  readonly x: View
  readonly y: View
  readonly kStrides: { readonly x: readonly number[]; readonly y: readonly number[] }
  /** Where y is copied to, likewise; null where y is read in place. */
  readonly panel: View | null
  /** Where k is walked in blocks; null where the tile walks all of it. */
  readonly block: Block | null
  readonly range: Range | null
}

/** The block of k that is done. */
interface Block {
  /** Its size, along the first axis of k. */
  readonly length: Local
  /** How much of k is left, this block included. */
  readonly left: Local
  readonly sums: View
}

/** Emits the kernel; `params` are the base pointers of its buffers, `range` the units of it to do, null for all. */
export const emitContract = (
  code: Code,
  kernel: LaidContract,
  params: ReadonlyMap<number, Local>,
  arithmetic: Arithmetic,
  range: Range | null,
): void => {
  const b = kernel.batch.length
  const batch = (v: View): readonly number[] => v.strides.slice(0, b)
  const at = (v: View, i: number): number => v.strides[b + i] as number
  const kStrides = { x: kernel.x.strides.slice(b + 1), y: kernel.y.strides.slice(b + 1) }
  const size = kernel.blocks?.size ?? 0
  const x: View = { ...kernel.x, strides: [...batch(kernel.x), at(kernel.x, 0), 0, size * at(kernel.x, 1)] }
  const y: View = { ...kernel.y, strides: [...batch(kernel.y), 0, at(kernel.y, 0), size * at(kernel.y, 1)] }
  const panel = panelView(kernel)
  const sums = kernel.blocks === null ? [] : [kernel.blocks.sums]
  const streams = streamsOf([kernel.after], [x, y, ...(panel === null ? [] : [panel]), ...sums])
  const walk: Walk = { kernel, arithmetic, rank: b, streams, x, y, kStrides, panel, block: null, range }
  const start = basePointers(code, streams, params)
  if (kernel.blocks?.around === 'all') emitBlocks(code, walk, start, (blocked, p) => overBatches(code, blocked, 0, p, emitTiles))
  else overBatches(code, walk, 0, start, (_, __, p) => emitBlocks(code, walk, p, (blocked, inner) => emitTiles(code, blocked, inner)))
}

type Inside = (code: Code, walk: Walk, pointers: Pointers) => void
const overBatches = (code: Code, walk: Walk, axis: number, pointers: Pointers, inside: Inside): void => {
  const { kernel, streams, range } = walk
  const extent = kernel.batch[axis]
  if (extent === undefined) inside(code, walk, pointers)
  else emitAxis(code, streams, axis, extent, 1, pointers, (p) => overBatches(code, walk, axis + 1, p, inside), undefined, range)
}

/** A column of y takes k elements of the panel: walking over the columns finds each tile's part of it. */
const panelView = ({ panel, batch, outer, k }: LaidContract): View | null =>
  panel === null ? null : { buffer: panel, offset: 0, strides: [...batch.map(() => 0), 0, outer === 'rows' ? k : 0] }

/** Block after block of k, each over all that is inside. */
const emitBlocks = (code: Code, walk: Walk, pointers: Pointers, inside: (walk: Walk, pointers: Pointers) => void): void => {
  const { kernel, rank, streams } = walk
  const { blocks, kAxes } = kernel
  const [k = 0] = kAxes
  if (blocks === null) return inside(walk, pointers)
  const [length, left] = [code.local('i32'), code.local('i32')]
  code.i32(k).set(left)
  emitSteps(code, streams, { axis: rank + 2, by: 1, count: Math.ceil(k / blocks.size) }, pointers, (p) => {
    code.i32(blocks.size).get(left).get(left).i32(blocks.size).op('i32.gt_s').select().set(length)
    inside({ ...walk, block: { length, left, sums: blocks.sums } }, p)
    code.get(left).i32(blocks.size).op('i32.sub').set(left)
  })
  code.release(length, left)
}

const emitTiles = (code: Code, walk: Walk, pointers: Pointers): void => {
  const { kernel } = walk
  if (kernel.outer === 'columns')
    overColumns(code, walk, pointers, (p, columns) => {
      emitCopy(code, walk, p, columns)
      overRows(code, walk, p, (inner, rows) => emitTile(code, walk, inner, rows, columns))
    })
  else {
    if (walk.panel !== null) overColumns(code, walk, pointers, (p, columns) => emitCopy(code, walk, p, columns))
    overRows(code, walk, pointers, (p, rows) => {
      overColumns(code, walk, p, (inner, columns) => emitTile(code, walk, inner, rows, columns))
    })
  }
}

type Tiles = (pointers: Pointers, size: number) => void
const overRows = (code: Code, walk: Walk, pointers: Pointers, body: Tiles): void =>
  emitRuns(code, walk, walk.rank, walk.kernel.rows, pointers, body, walk.range)
const overColumns = (code: Code, walk: Walk, pointers: Pointers, body: Tiles): void =>
  emitRuns(code, walk, walk.rank + 1, walk.kernel.columns, pointers, body, walk.range)

/**
 * Run by run along an axis; a range divides the first of them, which has the largest tiles. Its code comes last: V8 gives registers to what
 * stands behind it too, and a tile that fills them all is a sixth slower when another follows.
 */
const emitRuns = (
  code: Code,
  walk: Walk,
  axis: number,
  runs: readonly Run[],
  pointers: Pointers,
  body: Tiles,
  range: Range | null,
): void => {
  const [run, ...more] = runs
  if (run === undefined) return
  const steps = { axis, by: run.size, count: run.count }
  if (more.length > 0) emitRest(code, walk.streams, steps, pointers, (p) => emitRuns(code, walk, axis, more, p, body, null), range)
  emitSteps(code, walk.streams, steps, pointers, (p) => body(p, run.size), undefined, range)
}

const emitCopy = (code: Code, walk: Walk, pointers: Pointers, columns: number): void => {
  const { kernel, panel, y, rank, kStrides } = walk
  if (panel === null) return
  const [from, to] = [pointers.get(viewKey(y)) as Local, pointers.get(viewKey(panel)) as Local]
  const column = y.strides[rank + 1] as number
  emitPanel(code, { from, to, start: kernel.y.offset, column, extents: kernel.kAxes, strides: kStrides.y, columns })
}

const emitTile = (code: Code, walk: Walk, pointers: Pointers, rows: number, columns: number): void => {
  const { kernel, arithmetic, block } = walk
  const sums = zeroed(code, rows, Math.ceil(columns / 4))
  if (block !== null) emitFound(code, walk, block, pointers, sums)
  emitProducts(code, arithmetic, kernel, operandsOf(walk, pointers, columns), sums, columns, block?.length ?? null)
  if (block === null) emitEpilogue(code, walk, pointers, sums, columns)
  else emitKept(code, walk, block, pointers, sums, columns)
  code.release(...sums.flat())
}

/** Where this is not the first block, the sums go on from where they were kept. */
const emitFound = (code: Code, { kernel, rank }: Walk, { left, sums: view }: Block, pointers: Pointers, sums: Sums): void => {
  code
    .get(left)
    .i32(kernel.kAxes[0] as number)
    .op('i32.ne')
    .if(() => {
      eachVector(sums, (sum, i, j) => {
        code
          .get(pointers.get(viewKey(view)) as Local)
          .load('v128.load', (view.offset + i * (view.strides[rank] as number) + 4 * j) * 4)
          .set(sum)
      })
    })
}

/** The sums are kept for the next block, or this is the last one. What is kept where the epilogue would leave it needs no choice. */
const emitKept = (code: Code, walk: Walk, { left, length, sums: view }: Block, pointers: Pointers, sums: Sums, columns: number): void => {
  const { kernel, rank } = walk
  if (isStore(kernel.after, view)) return emitEpilogue(code, walk, pointers, sums, columns)
  code
    .get(left)
    .get(length)
    .op('i32.gt_s')
    .if(
      () => {
        eachVector(sums, (sum, i, j) => {
          const offset = (view.offset + i * (view.strides[rank] as number) + 4 * j) * 4
          emitWrite(code, sum, pointers.get(viewKey(view)) as Local, offset, 1, Math.min(4, columns - 4 * j))
        })
      },
      () => emitEpilogue(code, walk, pointers, sums, columns),
    )
}

const eachVector = (sums: Sums, body: (sum: Local, row: number, vector: number) => void): void => {
  sums.forEach((row, i) => {
    row.forEach((sum, j) => {
      body(sum, i, j)
    })
  })
}

/** Whether a body stores the accumulator in this view, and no more. */
const isStore = ({ instructions, stores }: Body, view: View): boolean =>
  instructions.length === 1 && instructions[0]?.op === 'accumulator' && stores.length === 1 && sameView((stores[0] as Store).view, view)

/** Where the tile's corner stands in both operands. */
const operandsOf = ({ kernel, x, y, rank, panel, kStrides }: Walk, pointers: Pointers, columns: number): Operands => ({
  x: {
    pointer: pointers.get(viewKey(x)) as Local,
    start: kernel.x.offset,
    step: x.strides[rank] as number,
    kSteps: kStrides.x,
  },
  y:
    panel === null
      ? { pointer: pointers.get(viewKey(y)) as Local, start: kernel.y.offset, step: y.strides[rank + 1] as number, kSteps: kStrides.y }
      : { pointer: pointers.get(viewKey(panel)) as Local, start: 0, step: 1, kSteps: panelSteps(kernel.kAxes, columns) },
})

/** Columns outside and rows inside, so that what belongs to a column alone (a bias) is loaded once. */
const emitEpilogue = (code: Code, walk: Walk, pointers: Pointers, accumulators: Sums, columns: number): void => {
  const { kernel, rank } = walk
  const perRow = rowDependent(kernel.after, rank)
  for (let j = 0; 4 * j < columns; j++) {
    const shared: Values = []
    accumulators.forEach((row, i) => {
      const point = epiloguePoint(walk, pointers, row[j] as Local, i, j, Math.min(4, columns - 4 * j))
      if (i === 0) emitInstructions(code, kernel.after, shared, point, (n) => !perRow[n])
      const values: Values = [...shared]
      emitInstructions(code, kernel.after, values, point)
      emitStores(code, kernel.after, values, point)
      code.release(...values.filter((v, n) => v !== undefined && shared[n] === undefined).map((v) => v as Local))
    })
    code.release(...shared.filter((v) => v !== undefined))
  }
}

const epiloguePoint = ({ rank, arithmetic }: Walk, pointers: Pointers, accumulator: Local, i: number, j: number, count: number): Point => {
  const shift = (s: readonly number[]): number => i * (s[rank] as number) + 4 * j * (s[rank + 1] as number)
  return {
    arithmetic,
    at: (view) => ({ pointer: pointers.get(viewKey(view)) as Local, shift: shift(view.strides) }),
    indexAt: (strides) => ({ pointer: pointers.get(indexKey(strides)) as Local, shift: shift(strides) }),
    laneStride: (s) => s[rank + 1] as number,
    count,
    isOne: false,
    accumulator: (index) => {
      if (index !== 0) throw new InternalError(`a contraction has one accumulator, not ${index}`, 'contract -> emit')
      return accumulator
    },
  }
}

/** Which instructions differ from row to row. */
const rowDependent = (body: Body, rank: number): readonly boolean[] => {
  const result: boolean[] = []
  for (const i of body.instructions) {
    if (i.op === 'accumulator') result.push(true)
    else if (i.op === 'index') result.push(i.strides[rank] !== 0)
    else
      result.push(
        ((i.op === 'load' || i.op === 'gather') && i.view.strides[rank] !== 0) || inputsOf(i).some((input) => result[input] === true),
      )
  }
  return result
}
