/** Thrift's compact protocol, strictly: lists are as long as their bytes allow, structures are only so deep. */

/** A structure is a map from field numbers; whole numbers of 64 bits are numbers where they are safe. */
export type ThriftValue = boolean | number | Uint8Array | ThriftList | ThriftStruct
export interface ThriftList {
  readonly list: readonly ThriftValue[]
}
export type ThriftStruct = ReadonlyMap<number, ThriftValue>

/** Thrown in here alone, and told by whoever reads. */
export class ThriftFault extends Error {}

const [deepest, longestVarint] = [24, 10]

/** The structure that begins at `from`, and where it ends. */
export const readThrift = (bytes: Uint8Array, from: number): { readonly struct: ThriftStruct; readonly end: number } => {
  let at = from
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const byte = (): number => {
    if (at >= bytes.length) throw new ThriftFault('a structure has no end')
    return bytes[at++] as number
  }
  const varint = (): bigint => {
    let result = 0n
    for (let i = 0; i < longestVarint; i++) {
      const next = byte()
      result |= BigInt(next & 0x7f) << BigInt(7 * i)
      if (next < 0x80) return result
    }
    throw new ThriftFault('a number is too long')
  }
  const whole = (): number => {
    const zigzag = varint()
    const value = Number((zigzag >> 1n) ^ -(zigzag & 1n))
    if (!Number.isSafeInteger(value)) throw new ThriftFault('a number is beyond 2^53')
    return value
  }
  const count = (): number => {
    const value = Number(varint())
    // an element has at least one byte
    if (value > bytes.length - at) throw new ThriftFault(`a list or a text of ${value} is longer than what is left`)
    return value
  }
  const list = (depth: number): ThriftList => {
    const head = byte()
    const size = head >> 4 === 15 ? count() : head >> 4
    const type = head & 15
    return { list: Array.from({ length: size }, () => (type === 1 || type === 2 ? byte() === 1 : value(type, depth))) }
  }
  const value = (type: number, depth: number): ThriftValue => {
    if (type === 1 || type === 2) return type === 1
    if (type === 3) return (byte() << 24) >> 24
    if (type >= 4 && type <= 6) return whole()
    if (type === 7) {
      if (bytes.length - at < 8) throw new ThriftFault('a structure has no end')
      at += 8
      return view.getFloat64(at - 8, true)
    }
    if (type === 8) {
      const length = count()
      at += length
      return bytes.subarray(at - length, at)
    }
    if (type === 9) return list(depth)
    if (type === 12) return struct(depth + 1)
    throw new ThriftFault(`an unknown type ${type}`)
  }
  const struct = (depth: number): ThriftStruct => {
    if (depth > deepest) throw new ThriftFault('structures are too deep')
    const fields = new Map<number, ThriftValue>()
    let field = 0
    for (;;) {
      const head = byte()
      if (head === 0) return fields
      field = head >> 4 === 0 ? whole() : field + (head >> 4)
      if (fields.has(field)) throw new ThriftFault(`field ${field} stands twice`)
      fields.set(field, value(head & 15, depth))
    }
  }
  return { struct: struct(0), end: at }
}

/** A whole number of a structure; `null` where there is none. */
export const numberIn = (struct: ThriftStruct, field: number): number | null => {
  const value = struct.get(field)
  return typeof value === 'number' ? value : null
}
export const structIn = (struct: ThriftStruct, field: number): ThriftStruct | null => {
  const value = struct.get(field)
  return value instanceof Map ? value : null
}
export const listIn = (struct: ThriftStruct, field: number): readonly ThriftValue[] | null => {
  const value = struct.get(field)
  return typeof value === 'object' && 'list' in value ? value.list : null
}

/** What `writeThrift` writes: numbers of 32 bits, truths, structures. */
export type Written = readonly (readonly [field: number, value: number | boolean | Written])[]

export const writeThrift = (fields: Written): readonly number[] => {
  const bytes: number[] = []
  let last = 0
  for (const [field, value] of fields) {
    const type = typeof value === 'number' ? 5 : typeof value === 'boolean' ? (value ? 1 : 2) : 12
    bytes.push(((field - last) << 4) | type)
    if (typeof value === 'number') bytes.push(...varintOf(value * 2))
    else if (typeof value === 'object') bytes.push(...writeThrift(value))
    last = field
  }
  return [...bytes, 0]
}
const varintOf = (value: number): readonly number[] => (value < 128 ? [value] : [(value % 128) | 128, ...varintOf(Math.floor(value / 128))])
