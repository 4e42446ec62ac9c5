/** Records into columns of numbers: what a mapping says, planned by the first record and held to by all. */
import { recordShape } from '../../../types/records.ts'
import { fits, ShapeError } from '../../../types/shape-error.ts'
import { show } from '../../../types/show.ts'
import { isOfNumbers, lengthOf, shownValue, typedKind, typedLength } from '../codec/foreign.ts'
import { type Column, type ColumnType, columnType, columnWith, emptyValues, numericShape } from '../column.ts'
import type { Rows } from '../data-source.ts'
import type { Read, RowSource } from '../stream/stream.ts'
import type { RecordFault } from './error.ts'
import type { FieldType } from './fields.ts'

/** What becomes of a record, without its types. */
export interface AnyMapping {
  readonly inputs: (record: never) => unknown
  readonly targets: (record: never) => unknown
  readonly weights?: ((record: never) => unknown) | undefined
}

/** One column to be: what is picked of a record, and what its values must be. */
export interface Lane extends ColumnType {
  readonly role: 'inputs' | 'targets' | 'weights'
  readonly kind: FieldType['kind']
  readonly names: FieldType['names']
  readonly pick: (record: never) => unknown
  /** Sizes of one sample, whose names are bound. */
  readonly dims: readonly number[]
}
export interface Lanes {
  readonly inputs: Lane
  readonly targets: Lane
  readonly weights: Lane | null
}

/** What a source of rows says of these lanes. */
export const typesOf = ({ inputs, targets, weights }: Lanes): Pick<RowSource, 'inputs' | 'targets' | 'weights'> => ({
  inputs: typeOf(inputs),
  targets: typeOf(targets),
  weights: weights !== null,
})
const typeOf = ({ shape, sizes, width, dtype, classes, stored }: Lane): ColumnType => ({ shape, sizes, width, dtype, classes, stored })
/** What a source of rows gives. */
export const readOf = ({ inputs, targets, weights }: Rows): Read => (weights === null ? { inputs, targets } : { inputs, targets, weights })

/** Fields say what they are; of numbers in tuples the first record says it, and what are none is a mistake of the program. */
export const lanesOf = (op: string, { inputs, targets, weights }: AnyMapping, first: unknown): Lanes => ({
  inputs: laneOf(op, 'inputs', inputs, first),
  targets: laneOf(op, 'targets', targets, first),
  weights: weights === undefined ? null : laneOf(op, 'weights', weights, first),
})

const laneOf = (op: string, role: Lane['role'], pick: Lane['pick'], first: unknown): Lane => {
  if (typeof pick !== 'function') throw new ShapeError(`${op}: ${role} must be a function of the record, got ${shownValue(pick)}`)
  if ('field' in pick) return laneWith(op, role, pick, pick.field as FieldType)
  // the codec has made of it what the function takes
  const shape = fits(recordShape(op, pick(first as never)))
  return laneWith(op, role, pick, { kind: 'numbers', shape, sizes: {}, classes: null, names: null })
}

const laneWith = (op: string, role: Lane['role'], pick: Lane['pick'], type: FieldType): Lane => {
  const dims = numericShape(type.shape, type.sizes)
  const unknown = type.shape.find((_, i) => Number.isNaN(dims[i]))
  if (unknown !== undefined) throw new ShapeError(`${op}: the size of '${unknown}' is not known; write dim('${unknown}', n)`)
  const column = columnType(type.shape, type.sizes, storedAs[type.kind], type.classes)
  if (column.width === 0) throw new ShapeError(`${op}: samples of ${show(type.shape)} have no elements`)
  return { ...column, kind: type.kind, names: type.names, role, pick, dims }
}
const storedAs: { readonly [K in FieldType['kind']]: ColumnType['stored'] } = { numbers: 'f32', tokens: 'i32', pixels: 'u8', labels: 'i32' }

/** Rows that grow as records come. */
export interface GrowingRows {
  /** Writes the next row, or says what is wrong with it. */
  readonly add: (record: unknown) => RecordFault | null
  readonly columns: () => Rows
}

/** `expected` is how many records are likely; more find room too. */
export const growingRows = ({ inputs, targets, weights }: Lanes, expected: number): GrowingRows => {
  const columns = { inputs: growingColumn(inputs, expected), targets: growingColumn(targets, expected) }
  const weighing = weights === null ? null : growingColumn(weights, expected)
  return {
    add: (record) => columns.inputs.add(record) ?? columns.targets.add(record) ?? weighing?.add(record) ?? null,
    columns: () => ({ inputs: columns.inputs.column(), targets: columns.targets.column(), weights: weighing?.column() ?? null }),
  }
}

const growingColumn = (lane: Lane, expected: number) => {
  const { width } = lane
  const write = writers[lane.kind]
  let length = 0
  let values = emptyValues(lane, Math.max(1, expected))
  const add = (record: unknown): RecordFault | null => {
    if ((length + 1) * width > values.length) {
      const more = emptyValues(lane, 2 * (length + 1))
      more.set(values)
      values = more
    }
    const fault = write(lane, lane.pick(record as never), values, length * width)
    if (fault === null) length++
    return fault
  }
  const column = (): Column => columnWith(typeOf(lane), length * width === values.length ? values : values.slice(0, length * width))
  return { add, column }
}

/** Writes one sample to where `at` says. */
type Write = (lane: Lane, value: unknown, into: Column['values'], at: number) => RecordFault | null
const fault = (lane: Lane, place: string, message: string): RecordFault => ({ path: `${lane.role}${place}`, message })

const writeLabel: Write = (lane, value, into, at) => {
  const label = lane.names === null ? value : lane.names.get(value as string)
  if (Number.isInteger(label) && (label as number) >= 0 && (label as number) < (lane.classes ?? 0)) {
    into[at] = label as number
    return null
  }
  const expected = lane.names === null ? `a whole number from 0 to ${(lane.classes ?? 0) - 1}` : alternatives([...lane.names.keys()])
  return fault(lane, '', `expected ${expected}, got ${shownValue(value)}`)
}
/** `'cat', 'dog' or 'bird'`; of many only the first. */
const alternatives = (names: readonly string[]): string => {
  const shown = names.map((name) => shownValue(name))
  if (shown.length > 8) return `one of ${shown.length} names (${shown.slice(0, 6).join(', ')}, ...)`
  return shown.length === 1 ? `${shown[0]}` : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`
}

const writePixels: Write = (lane, value, into, at) => {
  const image = typedKind(value) === null ? storedBytesOf(value) : { shape: null, values: value as Uint8Array }
  const kind = image === null ? null : typedKind(image.values)
  if (image === null || (kind !== 'Uint8Array' && kind !== 'Uint8ClampedArray'))
    return fault(lane, '', `expected the bytes of an image ${show(lane.dims)}, got ${shownValue(value)}`)
  if (image.shape !== null && show(image.shape) !== show(lane.dims))
    return fault(lane, '', `expected an image ${show(lane.dims)}, got one of ${show(image.shape)}`)
  if (typedLength(image.values) !== lane.width)
    return fault(lane, '', `expected ${lane.width} bytes for an image ${show(lane.dims)}, got ${typedLength(image.values)}`)
  into.set(image.values, at)
  return null
}
const storedBytesOf = (value: unknown): { readonly shape: readonly number[]; readonly values: Uint8Array } | null => {
  if (typeof value !== 'object' || value === null || !('shape' in value) || !('values' in value)) return null
  return Array.isArray(value.shape) ? { shape: value.shape, values: value.values as Uint8Array } : null
}

const writeNumbers: Write = (lane, value, into, at) => writeAt(lane, value, into, at, 0, '')

/** A flat list stands for all sizes that are left. */
const writeAt = (lane: Lane, value: unknown, into: Column['values'], at: number, depth: number, place: string): RecordFault | null => {
  const one = depth === lane.dims.length
  if (one && (depth > 0 || typeof value !== 'object')) return writeElement(lane, value, into, at, place)
  const rest = lane.dims.slice(depth)
  const width = rest.reduce((n, size) => n * size, 1)
  const kind = typedKind(value)
  const length = kind === null ? (Array.isArray(value) ? lengthOf(value) : null) : typedLength(value)
  if (length === null || (kind !== null && !isOfNumbers(kind)))
    return fault(lane, place, `expected numbers ${show(rest)}, got ${shownValue(value)}`)
  const list = value as ArrayLike<unknown>
  const nested = rest.length > 1 && kind === null && typeof list[0] === 'object'
  const wanted = nested ? (rest[0] as number) : width
  if (length !== wanted)
    return fault(lane, place, `expected ${wanted} ${nested ? 'list' : 'number'}${wanted === 1 ? '' : 's'} for ${show(rest)}, got ${length}`)
  for (let i = 0; i < length; i++) {
    const bad = nested
      ? writeAt(lane, list[i], into, at + i * (width / wanted), depth + 1, `${place}[${i}]`)
      : writeElement(lane, list[i], into, at + i, `${place}[${i}]`)
    if (bad !== null) return bad
  }
  return null
}

const writeElement: (lane: Lane, value: unknown, into: Column['values'], at: number, place: string) => RecordFault | null = (
  lane,
  value,
  into,
  at,
  place,
) => {
  if (lane.kind === 'tokens') {
    if (typeof value !== 'number' || (value | 0) !== value) return fault(lane, place, `expected a whole number, got ${shownValue(value)}`)
  } else if (typeof value !== 'number' || !Number.isFinite(Math.fround(value))) {
    const told = typeof value === 'number' ? 'which is not finite in f32' : ''
    return fault(lane, place, told === '' ? `expected a number, got ${shownValue(value)}` : `expected a number, got ${value}, ${told}`)
  } else if (lane.role === 'weights' && value < 0) return fault(lane, place, `expected a number from 0 on, got ${value}`)
  into[at] = value
  return null
}

const writers: { readonly [K in FieldType['kind']]: Write } = {
  numbers: writeNumbers,
  tokens: writeNumbers,
  pixels: writePixels,
  labels: writeLabel,
}
