/** Samples that a predicate keeps, by the values that it sees. */
import { ShapeError } from '../../types/shape-error.ts'
import { shown } from '../tensor/argument.ts'
import { type Column, columnWith, gather } from './column.ts'
import { mapColumns, type Rows } from './data-source.ts'

export type Predicate = (x: unknown, y: unknown, sample: number) => unknown

/** The numbers of the rows that are kept; the first row is the sample `first`. */
export const keptRows = ({ inputs, targets }: Rows, isKept: Predicate, first: number): Uint32Array => {
  const kept = new Uint32Array(inputs.length)
  let count = 0
  for (let row = 0; row < inputs.length; row++) if (isKept(valuesOf(inputs, row), valuesOf(targets, row), first + row)) kept[count++] = row
  return kept.slice(0, count)
}

export const predicateOf = (given: unknown): Predicate => {
  if (typeof given !== 'function') throw new ShapeError(`filter: expected a function of a sample, got ${shown(given)}`)
  return given as Predicate
}

/** The rows with these numbers, copied. */
export const picked = (given: Rows, numbers: Uint32Array): Rows => mapColumns(given, (column) => pickedColumn(column, numbers))

const pickedColumn = (column: Column, numbers: Uint32Array): Column => {
  const { values, width } = column
  const into = values.slice(0, numbers.length * width)
  for (const [row, from] of numbers.entries()) into.set(values.subarray(from * width, (from + 1) * width), row * width)
  return columnWith(column, into)
}

const one = new Uint32Array(1)
/** A copy: a predicate may keep it. */
const valuesOf = (column: Column, row: number): number | Float32Array | Int32Array => {
  const values = column.dtype === 'i32' ? new Int32Array(column.width) : new Float32Array(column.width)
  one[0] = row
  gather(column, one, 0, 1, values)
  return column.shape.length === 0 ? (values[0] as number) : values
}
