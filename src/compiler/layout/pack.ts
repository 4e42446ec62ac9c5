/**
 * Matrices that stay the same in a loop over time are packed before it: for each tile of columns all k side by side. A contraction
 * then runs tile by tile over a panel that fits the first cache, and copies nothing while the loop runs.
 */
import {
  buffersWritten,
  type ContractKernel,
  contiguous,
  emptyBody,
  type LoopKernel,
  product,
  type ScanKernel,
  type View,
} from '../kernel.ts'
import type { Target } from '../target.ts'
import { mapStrides } from './axes.ts'
import type { NewPanel } from './contract.ts'
import { blockBytes, columnsOf } from './tiling.ts'

/** Fewer iterations don't pay for the copy. */
const leastLength = 4

/** The loop with its constant matrices packed, in new buffers. */
export const withPacked = (scan: ScanKernel, newBuffer: NewPanel, target: Target): ScanKernel => {
  if (scan.length < leastLength) return scan
  const moves = new Set([...scan.rows.map(({ id }) => id), ...buffersWritten(scan)])
  const before: LoopKernel[] = []
  const kernels = scan.kernels.map((k) => {
    const width = k.kind === 'contract' && !moves.has(k.y.buffer) ? widthOf(k, target) : null
    if (k.kind !== 'contract' || width === null) return k
    const packed = newBuffer(product([...k.batch, ...k.n, ...k.k]), k.dtype, 'packed')
    before.push(packing(k, width, packed))
    return overTiles(k, width, packed)
  })
  return before.length === 0 ? scan : { ...scan, before: [...scan.before, ...before], kernels }
}

/** Columns in a tile; null where nothing is gained, or the columns can't be cut alike. */
const widthOf = (k: ContractKernel, { fastMath }: Target): number | null => {
  const [n = 1, ...more] = k.n
  const depth = product(k.k)
  const isApart = k.y.strides[k.batch.length] !== 1
  if (more.length > 0 || depth < 2 || (!isApart && 4 * depth * n <= blockBytes)) return null
  const width = columnsOf({ m: product(k.m), n, k: depth, kAxes: k.k, after: k.after.instructions.length }, fastMath)
  return [width, 8, 4].find((w) => w % 4 === 0 && n % w === 0 && w < n) ?? null
}

/** Copies y as `batch, tile, k, column`. */
const packing = ({ batch, n: [n = 1], k, y, dtype }: ContractKernel, width: number, packed: number): LoopKernel => {
  const [b, column] = [batch.length, y.strides[batch.length] as number]
  const space = [...batch, n / width, ...k, width]
  const from: View = { ...y, strides: [...y.strides.slice(0, b), width * column, ...y.strides.slice(b + 1), column] }
  const body = {
    instructions: [{ op: 'load' as const, view: from, dtype }],
    stores: [{ value: 0, view: { buffer: packed, offset: 0, strides: contiguous(space) } }],
  }
  return { kind: 'loop', outer: [], phases: [{ inner: space, body, accumulate: [], after: emptyBody }] }
}

/** The same products with one more axis of batches, the tiles. */
const overTiles = (kernel: ContractKernel, width: number, packed: number): ContractKernel => {
  const {
    batch,
    m,
    n: [n = 1],
    k,
    x,
    after,
  } = kernel
  const b = batch.length
  const steps = contiguous([...batch, n / width, ...k, width])
  const column = b + m.length
  return {
    ...kernel,
    batch: [...batch, n / width],
    n: [width],
    x: { ...x, strides: [...x.strides.slice(0, b), 0, ...x.strides.slice(b)] },
    y: { buffer: packed, offset: 0, strides: [...steps.slice(0, b + 1), 1, ...steps.slice(b + 1, -1)] },
    after: mapStrides(after, (s) => [...s.slice(0, b), width * (s[column] as number), ...s.slice(b)]),
  }
}
