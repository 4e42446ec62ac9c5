/** Arrays as files hold them: elements of one type, last axis fastest, in the words that IDX, NumPy and safetensors share. */

/** The elements of each type in memory. Half floats and bfloat16 are widened to f32, which holds each of them exactly. */
export interface StoredElements {
  readonly bool: Uint8Array
  readonly u8: Uint8Array
  readonly i8: Int8Array
  readonly u16: Uint16Array
  readonly i16: Int16Array
  readonly u32: Uint32Array
  readonly i32: Int32Array
  readonly u64: BigUint64Array
  readonly i64: BigInt64Array
  readonly f16: Float32Array
  readonly bf16: Float32Array
  readonly f32: Float32Array
  readonly f64: Float64Array
}
export type StoredType = keyof StoredElements

/** Values in the order of rows, of this shape; `[]` is one value. */
export type StoredArray<T extends StoredType = StoredType> = {
  readonly [K in T]: { readonly type: K; readonly shape: readonly number[]; readonly values: StoredElements[K] }
}[T]

/** Bytes of one element in a file. */
export const storedBytes: { readonly [T in StoredType]: number } = {
  bool: 1,
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
  i64: 8,
  f16: 2,
  bf16: 2,
  f32: 4,
  f64: 8,
}

/** Whether this is an array of a file, and no list of numbers. */
export const isStoredArray = (x: unknown): x is StoredArray =>
  typeof x === 'object' &&
  x !== null &&
  'type' in x &&
  'shape' in x &&
  'values' in x &&
  typeof x.type === 'string' &&
  Object.hasOwn(storedBytes, x.type) &&
  Array.isArray(x.shape) &&
  ArrayBuffer.isView(x.values)
