/** Two sets as one: whether their samples are alike, and what makes their columns alike. */
import { joinedFault } from '../../types/mapped.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { mergeSizes } from '../graph/make.ts'
import { shown } from '../tensor/argument.ts'
import { type Column, type ColumnType, columnType, columnWith, gather, typeOnly } from './column.ts'
import type { Rows, RowTypes } from './data-source.ts'

/** The types of the columns of both together; throws where their samples are others. */
export const joinedTypes = (a: RowTypes, b: RowTypes): RowTypes => {
  if (typeof b?.inputs !== 'object' || typeof b.targets !== 'object') throw new ShapeError(`concat: expected a data set, got ${shown(b)}`)
  const fault = joinedFault([a.inputs, a.targets], [b.inputs, b.targets])
  if (fault !== null) throw new ShapeError(fault)
  return {
    inputs: common(a.inputs, b.inputs),
    targets: common(a.targets, b.targets),
    weights: a.weights === null && b.weights === null ? null : columnType([], {}, 'f32'),
  }
}
/** Bytes and numbers together are numbers. */
const common = (a: ColumnType, b: ColumnType): ColumnType => ({
  ...typeOnly(a),
  sizes: mergeSizes(a.sizes, b.sizes),
  stored: a.stored === b.stored ? a.stored : a.dtype,
})

/** Rows as columns of these types: pixels as value / 255 where they become numbers, a weight of one where there was none. */
export const asTyped = (given: Rows, { inputs, targets, weights }: RowTypes): Rows => ({
  inputs: restored(given.inputs, inputs),
  targets: restored(given.targets, targets),
  weights:
    weights === null ? null : (given.weights ?? columnWith(columnType([], {}, 'f32'), new Float32Array(given.inputs.length).fill(1))),
})
const restored = (column: Column, type: ColumnType): Column => {
  if (column.stored === type.stored) return { ...column, ...type }
  const values = new Float32Array(column.values.length)
  gather(
    column,
    Uint32Array.from({ length: column.length }, (_, i) => i),
    0,
    column.length,
    values,
  )
  return columnWith(type, values)
}
