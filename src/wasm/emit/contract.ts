/** Contractions as code: a register tile of accumulators, k innermost, the epilogue while the tile is still in registers. */
import type { DType } from '../../../types/dim.ts'
import { type Body, contiguous, inputsOf, type View } from '../../compiler/kernel.ts'
import type { LaidContract } from '../../compiler/layout/laid.ts'
import { InternalError } from '../../graph/internal-error.ts'
import type { Code } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'
import type { MultiplyAdd } from '../math/arithmetic.ts'
import type { Arithmetic } from '../math/vector-math.ts'
import { emitInstructions, emitStores, type Point, type Values } from './body.ts'
import { basePointers, emitAxis, indexKey, type Pointers, type Range, type Stream, streamsOf, viewKey } from './streams.ts'

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
  /** Where panels of y are copied to; null where y is read in place. */
  readonly panel: Local | null
  readonly range: Range | null
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
  const x: View = { ...kernel.x, strides: [...batch(kernel.x), at(kernel.x, 0), 0] }
  const y: View = { ...kernel.y, strides: [...batch(kernel.y), 0, at(kernel.y, 0)] }
  const streams = streamsOf([kernel.after], [x, y])
  const walk: Walk = {
    kernel,
    arithmetic,
    rank: b,
    streams,
    x,
    y,
    kStrides: { x: kernel.x.strides.slice(b + 1), y: kernel.y.strides.slice(b + 1) },
    panel: kernel.panel === null ? null : (params.get(kernel.panel) as Local),
    range,
  }
  const batches = (axis: number, p: Pointers): void => {
    const extent = kernel.batch[axis]
    if (extent === undefined) emitPanels(code, walk, p)
    else emitAxis(code, streams, axis, extent, 1, p, (inner) => batches(axis + 1, inner), undefined, range)
  }
  batches(0, basePointers(code, streams, params))
}

/** Panels of columns outside, blocks of rows inside: a panel of y stays in cache while all rows pass over it. */
const emitPanels = (code: Code, walk: Walk, pointers: Pointers): void => {
  const { kernel, rank, streams, range } = walk
  const { m, n, tile } = kernel
  const width = tile.vectors * 4
  const rows = (p: Pointers, columns: number): void => {
    emitPanelCopy(code, walk, p, columns)
    emitAxis(
      code,
      streams,
      rank,
      m,
      tile.rows,
      p,
      (inner) => emitTile(code, walk, inner, tile.rows, columns),
      (inner) => emitTile(code, walk, inner, m % tile.rows, columns),
      range,
    )
  }
  emitAxis(
    code,
    streams,
    rank + 1,
    n,
    width,
    pointers,
    (p) => rows(p, width),
    (p) => rows(p, n % width),
    range,
  )
}

const emitTile = (code: Code, walk: Walk, pointers: Pointers, rows: number, columns: number): void => {
  const accumulators = products(code, walk, pointers, rows, columns)
  emitEpilogue(code, walk, pointers, accumulators, columns)
  code.release(...accumulators.flat())
}

type Summing = (code: Code, splat: Local, vector: Local, sum: Local) => void
/** sum += splat * vector. A bool is never contracted; it is listed so that the table is total. */
const summing = (multiplyAdd: MultiplyAdd): Readonly<Record<DType, Summing>> => ({
  f32: (code, splat, vector, sum) => multiplyAdd(code.get(splat), vector, sum).set(sum),
  i32: (code, splat, vector, sum) => code.get(splat).get(vector).op('i32x4.mul').get(sum).op('i32x4.add').set(sum),
  bool: (code, splat, vector, sum) => code.get(splat).get(vector).op('v128.and').get(sum).op('v128.or').set(sum),
})

const zeroed = (code: Code, rows: number, vectors: number): readonly (readonly Local[])[] =>
  Array.from({ length: rows }, () =>
    Array.from({ length: vectors }, () => {
      const local = code.local('v128')
      code.v128f(0).set(local)
      return local
    }),
  )

interface Operands {
  readonly px: Local
  readonly py: Local
  /** Bytes from row to row of x, and from column to column of y. */
  readonly xRow: number
  readonly yColumn: number
  /** Bytes before the first element. */
  readonly xStart: number
  readonly yStart: number
  /** Elements from one k to the next, along each axis of k. */
  readonly kStrides: Walk['kStrides']
}
/** Pointers of both operands at the tile's corner, in locals that k moves. */
const operands = (code: Code, walk: Walk, pointers: Pointers, columns: number): Operands => {
  const { kernel, x, y, rank, panel, kStrides } = walk
  const [px, py] = [code.local('i32'), code.local('i32')]
  code.get(pointers.get(viewKey(x)) as Local).set(px)
  code.get(panel ?? (pointers.get(viewKey(y)) as Local)).set(py)
  const inPlace = { yColumn: (y.strides[rank + 1] as number) * 4, yStart: kernel.y.offset * 4, kStrides }
  const copied = { yColumn: 4, yStart: 0, kStrides: { ...kStrides, y: contiguous([...kernel.kAxes, panelWidth(columns)]).slice(0, -1) } }
  return { px, py, xRow: (x.strides[rank] as number) * 4, xStart: kernel.x.offset * 4, ...(panel === null ? inPlace : copied) }
}
/** Elements from one k to the next in a panel: whole vectors. */
const panelWidth = (columns: number): number => Math.ceil(columns / 4) * 4

/** The columns of one panel, brought side by side. */
const emitPanelCopy = (code: Code, walk: Walk, pointers: Pointers, columns: number): void => {
  const { kernel, panel, kStrides, y, rank } = walk
  if (panel === null) return
  const [from, to] = [code.local('i32'), code.local('i32')]
  code.get(pointers.get(viewKey(y)) as Local).set(from)
  code.get(panel).set(to)
  const yColumn = (y.strides[rank + 1] as number) * 4
  const side = contiguous([...kernel.kAxes, panelWidth(columns)]).slice(0, -1)
  const walkers = [
    { pointer: from, strides: kStrides.y },
    { pointer: to, strides: side },
  ]
  overK(code, kernel.kAxes, walkers, () => {
    for (let j = 0; 4 * j < columns; j++) {
      code.get(to)
      emitVector(code, from, kernel.y.offset * 4 + 4 * j * yColumn, yColumn, Math.min(4, columns - 4 * j))
      code.store('v128.store', 16 * j)
    }
  })
  code.release(from, to)
}

/** Runs `step` for each k while the pointers walk; one k a turn, since V8 unrolls by itself and spills when it is told to. */
const overK = (
  code: Code,
  [extent, ...inner]: readonly number[],
  walkers: readonly { readonly pointer: Local; readonly strides: readonly number[] }[],
  step: () => void,
): void => {
  if (extent === undefined) return step()
  const counter = code.local('i32')
  code.for(counter, 0, extent, 1, () => {
    overK(
      code,
      inner,
      walkers.map(({ pointer, strides }) => ({ pointer, strides: strides.slice(1) })),
      step,
    )
    for (const { pointer, strides } of walkers) {
      // the axes further in have moved it by the whole of the next one
      const moved = (inner[0] ?? 0) * (strides[1] ?? 0)
      const bytes = ((strides[0] as number) - moved) * 4
      if (bytes !== 0) code.get(pointer).i32(bytes).op('i32.add').set(pointer)
    }
  })
  code.release(counter)
}

/** acc[row][vector] += splat(x[row, k]) * y[k, vector], in the order of k. */
const products = (code: Code, walk: Walk, pointers: Pointers, rows: number, columns: number): readonly (readonly Local[])[] => {
  const { kernel, arithmetic } = walk
  const sum = summing(arithmetic.multiplyAdd)[kernel.dtype]
  const vectors = Math.ceil(columns / 4)
  const accumulators = zeroed(code, rows, vectors)
  if (kernel.k === 0) return accumulators
  const at = operands(code, walk, pointers, columns)
  const splat = code.local('v128')
  const line = Array.from({ length: vectors }, () => code.local('v128'))
  const walkers = [
    { pointer: at.px, strides: at.kStrides.x },
    { pointer: at.py, strides: at.kStrides.y },
  ]
  overK(code, kernel.kAxes, walkers, () => {
    line.forEach((local, j) => {
      emitVector(code, at.py, at.yStart + 4 * j * at.yColumn, at.yColumn, Math.min(4, columns - 4 * j))
      code.set(local)
    })
    accumulators.forEach((row, i) => {
      code
        .get(at.px)
        .load('v128.load32_splat', at.xStart + i * at.xRow)
        .set(splat)
      row.forEach((acc, j) => {
        sum(code, splat, line[j] as Local, acc)
      })
    })
  })
  code.release(splat, ...line, at.px, at.py)
  return accumulators
}

/** Four elements `stride` bytes apart; side by side they are read whole, past the end too. */
const emitVector = (code: Code, pointer: Local, offset: number, stride: number, count: number): void => {
  if (stride === 4) {
    code.get(pointer).load('v128.load', offset)
    return
  }
  const gathered = code.local('v128')
  code.get(pointer).load('v128.load32_zero', offset).set(gathered)
  for (let lane = 1; lane < count; lane++)
    code
      .get(pointer)
      .get(gathered)
      .loadLane('v128.load32_lane', lane, offset + lane * stride)
      .set(gathered)
  code.get(gathered)
  code.release(gathered)
}

/** Columns outside and rows inside, so that what belongs to a column alone (a bias) is loaded once. */
const emitEpilogue = (code: Code, walk: Walk, pointers: Pointers, accumulators: readonly (readonly Local[])[], columns: number): void => {
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
