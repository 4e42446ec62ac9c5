/** Arrays as files hold them, of every type and of small shapes. */
import fc from 'fast-check'
import { elementsOf } from '../../src/formats/elements.ts'
import { widened } from '../../src/formats/half.ts'
import { type StoredArray, type StoredElements, type StoredType, storedBytes } from '../../src/formats/stored-array.ts'

const made: { readonly [T in StoredType]: (bits: Uint8Array, count: number) => StoredElements[T] } = {
  bool: (bits) => bits.map((byte) => byte & 1),
  u8: (bits) => bits.slice(),
  i8: (bits) => new Int8Array(bits.slice().buffer),
  u16: (bits) => new Uint16Array(bits.slice().buffer),
  i16: (bits) => new Int16Array(bits.slice().buffer),
  u32: (bits) => new Uint32Array(bits.slice().buffer),
  i32: (bits) => new Int32Array(bits.slice().buffer),
  u64: (bits) => new BigUint64Array(bits.slice().buffer),
  i64: (bits) => new BigInt64Array(bits.slice().buffer),
  f16: (bits) => widened.f16(bits),
  bf16: (bits) => widened.bf16(bits),
  f32: (bits) => new Float32Array(bits.slice().buffer),
  f64: (bits) => new Float64Array(bits.slice().buffer),
}
const types = Object.keys(storedBytes) as readonly StoredType[]

/** Of every type unless some are given; any bits, but that a NaN is the common one. */
export const storedArrays = (some: readonly StoredType[] = types): fc.Arbitrary<StoredArray> =>
  fc
    .tuple(fc.constantFrom(...some), fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }), fc.integer())
    .map(([type, shape, seed]) => {
      const bits = Uint8Array.from(
        { length: elementsOf(shape) * storedBytes[type] },
        (_, i) => (Math.imul(seed + i, 0x9e3779b1) >>> 13) & 255,
      )
      const values = made[type](bits, elementsOf(shape))
      return { type, shape, values } as StoredArray // the values are those of the type
    })
