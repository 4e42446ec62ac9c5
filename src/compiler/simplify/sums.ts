/** Sums over columns of images that fit no cache, in turns: a block of rows is summed while it lies in the first cache. Rounds otherwise. */
import type { Dims } from '../../../types/dim.ts'
import * as e from '../../graph/expression.ts'
import type { NodeOf } from '../../graph/node.ts'
import { type Rule, rule } from '../rewrite.ts'

export const sumRules: readonly Rule[] = [rule('sum over images -> sum of sums over blocks of rows', 'sum', (n) => inBlocks(n))]

/** A block of rows, whose columns are walked a few at a time, and what is read fast enough from the second cache. */
const bytes = { block: 32 * 1024, least: 1536 * 1024 } as const
/**
 * Columns that are walked at once anyway; rows that pay for a sum to be kept; and the axes of an image in its batch: how many kernels a loop
 * over time has must not depend on its length.
 */
const least = { columns: 8, rows: 4, axes: 3 } as const

const product = (dims: Dims): number => dims.reduce<number>((n, d) => n * (d as number), 1)
const inBlocks = ({ inputs: [x], attributes: { axes } }: NodeOf<'sum'>) => {
  if (x === undefined || x.dtype !== 'f32' || axes.length < least.axes || axes.some((axis, i) => axis !== i)) return null
  const { shape } = x
  const columns = product(shape.slice(axes.length))
  const rowsFrom = (axis: number): number => product(shape.slice(axis, axes.length))
  if (columns <= least.columns || 4 * rowsFrom(0) * columns < bytes.least) return null
  let from = axes.length - 1
  while (from > 1 && 4 * rowsFrom(from - 1) * columns <= bytes.block) from--
  if (rowsFrom(from) < least.rows) return null
  return e.sum(e.sum(x, axes.slice(from)), axes.slice(0, from))
}
