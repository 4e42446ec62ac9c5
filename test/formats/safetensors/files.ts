/** Files for tests: stored ones of the reference implementation, and headers written by hand. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import type { StoredArray, StoredType } from '../../../src/formats/stored-array.ts'

export const golden = (name: string): Uint8Array => new Uint8Array(readFileSync(`test/golden/safetensors/${name}`))

/** A file whose header is this text and whose data are so many bytes, counting up from 1. */
export const fileOf = (header: string, data = 0): Uint8Array => {
  const json = new TextEncoder().encode(header)
  const file = new Uint8Array(8 + json.length + data)
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true)
  file.set(json, 8)
  for (let i = 0; i < data; i++) file[8 + json.length + i] = i + 1
  return file
}

const elements = {
  bool: () => Uint8Array,
  u8: () => Uint8Array,
  i8: () => Int8Array,
  u16: () => Uint16Array,
  i16: () => Int16Array,
  u32: () => Uint32Array,
  i32: () => Int32Array,
  u64: () => BigUint64Array,
  i64: () => BigInt64Array,
  f16: () => Float32Array,
  bf16: () => Float32Array,
  f32: () => Float32Array,
  f64: () => Float64Array,
} as const
export const storedTypes = Object.keys(elements) as readonly StoredType[]

const array: fc.Arbitrary<StoredArray> = fc
  .record({ type: fc.constantFrom(...storedTypes), shape: fc.array(fc.nat(3), { maxLength: 4 }), seed: fc.integer() })
  .map(({ type, shape, seed }) => {
    const count = shape.reduce((n, size) => n * size, 1)
    const Elements = elements[type]()
    const bytes = new Uint8Array(count * Elements.BYTES_PER_ELEMENT).map((_, i) => Math.imul(seed + i, 0x9e3779b1) >>> 23)
    // what is no half float would be rounded
    const values =
      type === 'f16' || type === 'bf16' ? Float32Array.from({ length: count }, (_, i) => (seed + i) % 128) : new Elements(bytes.buffer)
    return { type, shape, values } as StoredArray
  })
export const names = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 6 }), fc.constantFrom('__proto__', 'constructor', 'toString', ''))
export const tensors: fc.Arbitrary<ReadonlyMap<string, StoredArray>> = fc
  .array(fc.tuple(names, array), { maxLength: 6 })
  .map((entries) => new Map(entries))
export const metadata: fc.Arbitrary<ReadonlyMap<string, string>> = fc
  .array(fc.tuple(names, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 3 })
  .map((entries) => new Map(entries))
