/** Columns as a program sees them: what it is given, and what a model makes of that. */
import type { Dim } from '../../types/dim.ts'
import type { AnyTensor } from '../../types/tensor.ts'
import type { Specified } from '../compiler/trace.ts'
import * as e from '../graph/expression.ts'
import { nodeOf, tensorOf } from '../graph/node.ts'
import type { ColumnType } from './column.ts'

/** `count` samples as the argument of a step. Pixels are bytes in memory. */
export const specifiedRows = (column: ColumnType, count: Dim): Specified => {
  const shape = [count, ...column.shape]
  return isPixels(column) ? { shape, dtype: 'i32', storage: 'u8' } : { shape, dtype: column.dtype }
}
/** Of pixels a model sees value / 255. */
export const seenRows = (column: ColumnType, rows: AnyTensor): AnyTensor =>
  isPixels(column) ? tensorOf<AnyTensor>(e.div(e.cast(nodeOf(rows), 'f32'), 255)) : rows
const isPixels = ({ stored }: ColumnType): boolean => stored === 'u8'
