/** How a contraction walks: one axis each for m and n, the nest of k, the register tile, and whether y is copied to panels. */
import type { DType } from '../../../types/dim.ts'
import { type BufferId, type ContractKernel, product } from '../kernel.ts'
import { groupsOf, joinedExtents, joinedStrides, mapStrides, stridesOf } from './axes.ts'
import type { LaidContract, Tile } from './laid.ts'

/** Asks for a buffer of so many elements to work in. */
export type NewPanel = (elements: number, dtype: DType) => BufferId

export const layContract = (k: ContractKernel, newPanel: NewPanel): LaidContract => {
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
  const x = { ...k.x, strides: xs(k.x.strides) }
  const y = { ...k.y, strides: ys(k.y.strides) }
  const sizes = { m: one(k.m, lastRow), n: one(k.n, lastColumn), k: product(k.k) }
  const kAxes = terms.length === 0 ? [sizes.k] : joinedExtents(k.k, terms)
  const tile = tileOf(sizes)
  return {
    kind: 'contract',
    batch: [...joinedExtents(k.batch, batch), ...joinedExtents(k.m, outerRows), ...joinedExtents(k.n, outerColumns)],
    ...sizes,
    kAxes,
    x,
    y,
    dtype: k.dtype,
    after: mapStrides(k.after, both),
    tile,
    panel: needsPanel(y.strides.at(-1 - kAxes.length) === 1, sizes, tile) ? newPanel(sizes.k * tile.vectors * 4, k.dtype) : null,
    split: null,
  }
}

interface Sizes {
  readonly m: number
  readonly n: number
  readonly k: number
}
/** Accumulators that fit the sixteen vector registers beside operands: measured, the ninth already costs. */
const registers = 8

/**
 * Whether a panel of y is copied before the rows pass over it. Rows of y lie apart by all of its columns: a panel read in
 * place touches a cache line for every k, at a distance that maps many of them to the same few sets. The copy costs one
 * pass over y and pays when enough rows follow.
 */
const needsPanel = (isBeside: boolean, { m, n, k }: Sizes, { rows, vectors }: Tile): boolean =>
  m > rows && k > 1 && ((!isBeside && n > 1) || (n > 4 * vectors && m >= 4 * rows))

/** The tile with the least work, counted in multiply-adds and loads over the whole space, edges included. */
const tileOf = ({ m, n }: Sizes): Tile => {
  const columns = Math.ceil(n / 4)
  const tiles = [1, 2, 3, 4, 8]
    .flatMap((vectors) => [8, 6, 5, 4, 3, 2, 1].map((rows): Tile => ({ rows, vectors })))
    .filter(({ rows, vectors }) => rows * vectors <= registers)
  const work = (t: Tile): number => {
    const [fullRows, restRows] = [Math.floor(m / t.rows), m % t.rows]
    const [fullColumns, restColumns] = [Math.floor(columns / t.vectors), columns % t.vectors]
    const one = (rows: number, vectors: number): number => (rows * vectors === 0 ? 0 : rows * vectors + (rows + vectors) * 0.75 + 1)
    return (
      fullRows * (fullColumns * one(t.rows, t.vectors) + one(t.rows, restColumns)) +
      fullColumns * one(restRows, t.vectors) +
      one(restRows, restColumns)
    )
  }
  return tiles.reduce((best, t) => (work(t) < work(best) ? t : best))
}
