/** How a contraction walks: one axis each for m and n, the nest of k, the register tile, and whether y is copied to panels. */
import type { DType } from '../../../types/dim.ts'
import { flopsOfOp, integersOfRandom } from '../cost.ts'
import { type Body, type BufferId, type ContractKernel, contiguous, product, type View, viewsRead } from '../kernel.ts'
import type { Target } from '../target.ts'
import { groupsOf, joinedExtents, joinedStrides, mapStrides, stridesOf } from './axes.ts'
import type { LaidContract } from './laid.ts'
import { tilingOf } from './tiling.ts'

/** Asks for a buffer of so many elements to work in, a panel unless said. */
export type NewPanel = (elements: number, dtype: DType, path?: string) => BufferId

export const layContract = (k: ContractKernel, newPanel: NewPanel, target: Target): LaidContract => {
  const [b, m, n] = [k.batch.length, k.m.length, k.n.length]
  const after = stridesOf(k.after)
  const part = (s: readonly number[], from: number, count: number) => s.slice(from, from + count)
  const batch = groupsOf(k.batch, [part(k.x.strides, 0, b), part(k.y.strides, 0, b), ...after.map((s) => part(s, 0, b))])
  const rows = groupsOf(k.m, [part(k.x.strides, b, m), ...after.map((s) => part(s, b, m))])
  const columns = groupsOf(k.n, [part(k.y.strides, b, n), ...after.map((s) => part(s, b + m, n))])
  const terms = groupsOf(k.k, [k.x.strides.slice(b + m), k.y.strides.slice(b + n)])
  // axes of m and n that can't be joined to the innermost are walked outside, like batches
  const [outerRows, lastRow] = [rows.slice(0, -1), rows.slice(-1)]
  const [outerColumns, lastColumn] = [columns.slice(0, -1), columns.slice(-1)]
  const zeros = (groups: readonly unknown[]) => groups.map(() => 0)
  const one = (extents: readonly number[], groups: readonly (readonly number[])[]): number => joinedExtents(extents, groups)[0] ?? 1
  const step = (strides: readonly number[], groups: readonly (readonly number[])[]): readonly number[] =>
    groups.length === 0 ? [0] : joinedStrides(strides, groups)
  const xs = (s: readonly number[]) => [
    ...joinedStrides(part(s, 0, b), batch),
    ...joinedStrides(part(s, b, m), outerRows),
    ...zeros(outerColumns),
    ...step(part(s, b, m), lastRow),
    ...step(s.slice(b + m), terms),
  ]
  const ys = (s: readonly number[]) => [
    ...joinedStrides(part(s, 0, b), batch),
    ...zeros(outerRows),
    ...joinedStrides(part(s, b, n), outerColumns),
    ...step(part(s, b, n), lastColumn),
    ...step(s.slice(b + n), terms),
  ]
  const both = (s: readonly number[]) => [
    ...joinedStrides(part(s, 0, b), batch),
    ...joinedStrides(part(s, b, m), outerRows),
    ...joinedStrides(part(s, b + m, n), outerColumns),
    ...step(part(s, b, m), lastRow),
    ...step(part(s, b + m, n), lastColumn),
  ]
  const outside = [...joinedExtents(k.batch, batch), ...joinedExtents(k.m, outerRows), ...joinedExtents(k.n, outerColumns)]
  const order = walkedInOrder(outside.length, xs(k.x.strides))
  const sorted = (s: readonly number[]) => [...order.map((axis) => s[axis] as number), ...s.slice(order.length)]
  const x = { ...k.x, strides: sorted(xs(k.x.strides)) }
  const y = { ...k.y, strides: sorted(ys(k.y.strides)) }
  const sizes = { m: one(k.m, lastRow), n: one(k.n, lastColumn), k: product(k.k) }
  const kAxes = terms.length === 0 ? [sizes.k] : joinedExtents(k.k, terms)
  const {
    rows: tileRows,
    columns: tileColumns,
    outer,
    copies,
    block,
  } = tilingOf({ ...sizes, kAxes, after: lengthOf(k.after) }, y.strides.at(-1 - kAxes.length) !== 1, target.fastMath)
  const laidAfter = mapStrides(k.after, (s) => sorted(both(s)))
  const extents = [...sorted(outside), sizes.m, sizes.n]
  return {
    kind: 'contract',
    batch: sorted(outside),
    ...sizes,
    kAxes,
    x,
    y,
    dtype: k.dtype,
    after: laidAfter,
    rows: tileRows,
    columns: tileColumns,
    outer,
    panel: copies ? newPanel(sizes.k * (tileColumns[0] === undefined ? 0 : Math.ceil(tileColumns[0].size / 4) * 4), k.dtype) : null,
    blocks:
      block === null ? null : { size: block, around: aroundOf(y, extents), sums: sumsOf(laidAfter, [x, y], extents, k.dtype, newPanel) },
    split: null,
  }
}

/** Outer axes from the one along which x is walked in the largest steps: groups of channels inside the places of an image. */
const walkedInOrder = (count: number, strides: readonly number[]): readonly number[] =>
  Array.from({ length: count }, (_, axis) => axis).sort((a, b) => (strides[b] as number) - (strides[a] as number) || a - b)

/** Sums that stay in the second cache while all of them go on from block to block. */
const mostSums = 64 * 1024
/** A block of y that several batches read is read by all of them before the next, if their sums can wait so long. */
const aroundOf = (y: View, extents: readonly number[]): 'all' | 'tiles' => {
  const again = product(extents.slice(0, -2).filter((_, axis) => y.strides[axis] === 0))
  return again > 1 && product(extents) <= mostSums ? 'all' : 'tiles'
}

/** Instructions of the code of a body, about. */
const lengthOf = ({ instructions, stores }: Body): number =>
  instructions.reduce(
    (sum, i) => sum + (i.op === 'random' ? integersOfRandom : i.op === 'apply' ? 1 + flopsOfOp[i.apply] : 1),
    stores.length,
  )

/** Sums between blocks stay where the epilogue leaves its result, if nothing else is read or written there; else beside it. */
const sumsOf = (after: Body, operands: readonly View[], extents: readonly number[], dtype: DType, newBuffer: NewPanel): View => {
  const [store, ...more] = after.stores
  const isFree =
    store !== undefined &&
    more.length === 0 &&
    store.addAt === undefined &&
    store.view.strides.at(-1) === 1 &&
    after.instructions[store.value]?.dtype === dtype &&
    [...operands, ...viewsRead(after)].every(({ buffer }) => buffer !== store.view.buffer)
  return isFree ? store.view : { buffer: newBuffer(product(extents), dtype), offset: 0, strides: contiguous(extents) }
}
