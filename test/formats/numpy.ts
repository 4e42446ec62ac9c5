/** Files that NumPy wrote (`scripts/golden/numpy_files.py`), and such as it would not. */
import { readFileSync } from 'node:fs'
import type { StoredArray, StoredType } from '../../src/formats/stored-array.ts'

export interface Described {
  readonly type: StoredType
  readonly shape: readonly number[]
  readonly elements: string
}
interface Golden {
  readonly versions: { readonly numpy: string }
  readonly npy: readonly (Described & { readonly name: string; readonly file: string })[]
  readonly npz: readonly { readonly name: string; readonly file: string; readonly arrays: readonly (readonly [string, Described])[] }[]
  readonly refused: Readonly<Record<string, string>>
}

export const golden = ['1', '2'].map(
  (major) => JSON.parse(readFileSync(new URL(`../golden/numpy/${major}.json`, import.meta.url), 'utf8')) as Golden,
)
export const fromText = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'))

const classes = {
  bool: Uint8Array,
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  i32: Int32Array,
  u64: BigUint64Array,
  i64: BigInt64Array,
  f16: Float32Array,
  bf16: Float32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const

export const heldBy = ({ type, shape, elements }: Described): StoredArray =>
  ({ type, shape, values: new classes[type](fromText(elements).buffer as ArrayBuffer) }) as StoredArray

/** A file of this header, whatever it says. */
export const npyFile = (header: string, data: Uint8Array, version: readonly [number, number] = [1, 0]): Uint8Array => {
  const start = version[0] === 1 ? 10 : 12
  const bytes = new Uint8Array(start + header.length + data.length)
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, ...version])
  const view = new DataView(bytes.buffer)
  if (start === 10) view.setUint16(8, header.length, true)
  else view.setUint32(8, header.length, true)
  for (let i = 0; i < header.length; i++) bytes[start + i] = header.charCodeAt(i)
  bytes.set(data, start + header.length)
  return bytes
}
