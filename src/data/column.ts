/** One column of a data set: samples of one shape in one typed array, and how rows of it go into a batch. */
import type { Dims, Sizes } from '../../types/dim.ts'
import { show } from '../../types/show.ts'
import type { Node } from '../graph/node.ts'

/** What the samples of a column are, wherever their values lie. */
export interface ColumnType {
  /** One sample's shape. */
  readonly shape: Dims
  readonly sizes: Sizes
  /** Elements of one sample. */
  readonly width: number
  /** What the elements become in a batch. */
  readonly dtype: 'f32' | 'i32'
  /** How many classes there are, where the elements are class numbers. */
  readonly classes: number | null
  /** How the elements lie in memory. Bytes are pixels: in a batch they are value / 255. */
  readonly stored: 'f32' | 'i32' | 'u8'
}
export interface Column extends ColumnType {
  /** How many samples. */
  readonly length: number
  /** Of the type that `stored` says. */
  readonly values: Float32Array | Int32Array | Uint8Array
}

/** Values as a column of this type. */
export const columnWith = (type: ColumnType, values: Column['values']): Column => ({
  ...type,
  length: values.length / type.width,
  values,
})

/** The type of a column with this shape of a sample. */
export const columnType = (shape: Dims, sizes: Sizes, stored: ColumnType['stored'], classes: number | null = null): ColumnType => ({
  shape,
  sizes,
  width: numericShape(shape, sizes).reduce((n, size) => n * size, 1),
  dtype: stored === 'i32' ? 'i32' : 'f32',
  classes,
  stored,
})

/** The type alone, of what may be a column. */
export const typeOnly = ({ shape, sizes, width, dtype, classes, stored }: ColumnType): ColumnType => ({
  shape,
  sizes,
  width,
  dtype,
  classes,
  stored,
})

/** Bytes of one sample in memory. */
export const sampleBytes = ({ stored, width }: ColumnType): number => (stored === 'u8' ? 1 : 4) * width

/** What one sample's shape stands for, once its names are bound. */
export const numericShape = (shape: Dims, sizes: Sizes): readonly number[] =>
  shape.map((dim) => (typeof dim === 'number' ? dim : (sizes[dim] ?? Number.NaN)))

/** Where in its sample an element stands: ` at [2, 0]`. */
export const placeIn = ({ shape, sizes, width }: ColumnType, element: number): string => {
  let left = element % width
  const at = numericShape(shape, sizes).map(() => 0)
  for (const [i, size] of [...numericShape(shape, sizes).entries()].reverse()) {
    at[i] = left % size
    left = Math.floor(left / size)
  }
  return at.length === 0 ? '' : ` at ${show(at)}`
}

/** The rows of a tensor of data as samples, not copied; null for a scalar, bools, and what is no data. */
export const columnOfRows = ({ op, attributes, shape, sizes, dtype }: Node): Column | null => {
  const [length, ...dims] = numericShape(shape, sizes)
  if (op !== 'data' || dtype === 'bool' || length === undefined) return null
  const width = dims.reduce((n, size) => n * size, 1)
  return { length, shape: shape.slice(1), sizes, width, dtype, stored: dtype, classes: null, values: attributes.values }
}

export const rows = (column: Column, from: number, length: number): Column => ({
  ...column,
  length,
  values: column.values.subarray(from * column.width, (from + length) * column.width),
})

/** The same samples in another order, copied. */
export const reordered = (column: Column, order: Uint32Array): Column => {
  const values = column.values.slice()
  for (const [row, from] of order.entries())
    values.set(column.values.subarray(from * column.width, (from + 1) * column.width), row * column.width)
  return { ...column, values }
}

/** The samples of all, one column behind the other, copied. */
export const joinedColumns = (columns: readonly Column[]): Column => {
  const [first] = columns as readonly [Column, ...(readonly Column[])]
  const values = emptyValues(
    first,
    columns.reduce((sum, { length }) => sum + length, 0),
  )
  let at = 0
  for (const column of columns) {
    values.set(column.values, at)
    at += column.values.length
  }
  return columnWith(first, values)
}

/** Room for so many samples. */
export const emptyValues = ({ stored, width }: ColumnType, count: number): Column['values'] =>
  stored === 'u8' ? new Uint8Array(count * width) : stored === 'i32' ? new Int32Array(count * width) : new Float32Array(count * width)

/** Copies the rows `order[from] ..` one after the other to where `into` starts, as they are. Makes no garbage. */
export type CopyRows = (order: Uint32Array, from: number, count: number) => void

/** Rows that are whole words are copied as words. */
export const copyRows = (column: Column, into: Column['values']): CopyRows => {
  const [source, target] = [wordsOf(column), wordsOf({ ...column, values: into })]
  const [values, places, width] =
    source === null || target === null ? [column.values, into, column.width] : [source, target, column.width / 4]
  return (order, from, count) => {
    for (let row = 0; row < count; row++) {
      const start = (order[from + row] as number) * width
      for (let i = 0; i < width; i++) places[row * width + i] = values[start + i] as number
    }
  }
}
const wordsOf = ({ values, width }: Column): Int32Array | null =>
  values.BYTES_PER_ELEMENT === 1 && width % 4 === 0 && values.byteOffset % 4 === 0
    ? new Int32Array(values.buffer, values.byteOffset, values.length / 4)
    : null

/** value / 255, rounded to f32. */
const brightness = Float32Array.from({ length: 256 }, (_, value) => value / 255)

/** Copies the rows `order[from] ..` into `into`, `count` of them, without garbage. */
export const gather = (column: Column, order: Uint32Array, from: number, count: number, into: Float32Array | Int32Array): void => {
  if (column.values instanceof Uint8Array) gatherPixels(column.values, column.width, order, from, count, into)
  else gatherNumbers(column.values, column.width, order, from, count, into)
}

type Gather<V> = (values: V, width: number, order: Uint32Array, from: number, count: number, into: Float32Array | Int32Array) => void

const gatherNumbers: Gather<Float32Array | Int32Array> = (values, width, order, from, count, into) => {
  for (let row = 0; row < count; row++) {
    const source = (order[from + row] as number) * width
    for (let i = 0; i < width; i++) into[row * width + i] = values[source + i] as number
  }
}

/** Four at a time: half the work of the plain loop is its bookkeeping. */
const gatherPixels: Gather<Uint8Array> = (values, width, order, from, count, into) => {
  for (let row = 0; row < count; row++) {
    let source = (order[from + row] as number) * width
    let target = row * width
    const end = target + width
    for (; target + 4 <= end; target += 4, source += 4) {
      into[target] = brightness[values[source] as number] as number
      into[target + 1] = brightness[values[source + 1] as number] as number
      into[target + 2] = brightness[values[source + 2] as number] as number
      into[target + 3] = brightness[values[source + 3] as number] as number
    }
    for (; target < end; target++, source++) into[target] = brightness[values[source] as number] as number
  }
}
