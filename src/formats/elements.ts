/** Elements as files hold them, little-endian, to arrays and back. Hosts are little-endian, as WebAssembly is. */
import { narrowed, widened } from './half.ts'
import { type StoredArray, type StoredElements, type StoredType, storedBytes } from './stored-array.ts'

/** Each copies: what lies in a file lies anywhere, and elements must begin at a multiple of their size. */
export const decoders: { readonly [T in StoredType]: (bytes: Uint8Array) => StoredElements[T] } = {
  bool: (bytes) => new Uint8Array(bytes),
  u8: (bytes) => new Uint8Array(bytes),
  i8: (bytes) => new Int8Array(new Uint8Array(bytes).buffer),
  u16: (bytes) => new Uint16Array(new Uint8Array(bytes).buffer),
  i16: (bytes) => new Int16Array(new Uint8Array(bytes).buffer),
  u32: (bytes) => new Uint32Array(new Uint8Array(bytes).buffer),
  i32: (bytes) => new Int32Array(new Uint8Array(bytes).buffer),
  u64: (bytes) => new BigUint64Array(new Uint8Array(bytes).buffer),
  i64: (bytes) => new BigInt64Array(new Uint8Array(bytes).buffer),
  f32: (bytes) => new Float32Array(new Uint8Array(bytes).buffer),
  f64: (bytes) => new Float64Array(new Uint8Array(bytes).buffer),
  ...widened,
}

/** Writes an array's elements to where `into` starts, which is as long as they need. */
export const encodeElements = ({ type, values }: StoredArray, into: Uint8Array): void => {
  if (type === 'f16' || type === 'bf16') narrowed[type](values, into)
  else into.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
}

/** Bytes of one element in memory: half floats are widened. */
export const bytesInMemory = (type: StoredType): number => (type === 'f16' || type === 'bf16' ? 4 : storedBytes[type])

/** How many elements a shape has; past 2^53 not exact, but still larger than every limit. */
export const elementsOf = (shape: readonly number[]): number => (shape.includes(0) ? 0 : shape.reduce((n, size) => n * size, 1))
