/** The element types of the format, in its order, which is that of alignment. */
import type { StoredType } from '../stored-array.ts'

interface Kind {
  readonly bits: number
  /** What holds its elements here; null for what nothing here computes with. */
  readonly type: StoredType | null
}

/** A writer puts the last of these first. */
const kinds = {
  BOOL: { bits: 8, type: 'bool' },
  F4: { bits: 4, type: null },
  F6_E2M3: { bits: 6, type: null },
  F6_E3M2: { bits: 6, type: null },
  U8: { bits: 8, type: 'u8' },
  I8: { bits: 8, type: 'i8' },
  F8_E5M2: { bits: 8, type: null },
  F8_E4M3: { bits: 8, type: null },
  F8_E8M0: { bits: 8, type: null },
  F8_E4M3FNUZ: { bits: 8, type: null },
  F8_E5M2FNUZ: { bits: 8, type: null },
  I16: { bits: 16, type: 'i16' },
  U16: { bits: 16, type: 'u16' },
  F16: { bits: 16, type: 'f16' },
  BF16: { bits: 16, type: 'bf16' },
  I32: { bits: 32, type: 'i32' },
  U32: { bits: 32, type: 'u32' },
  F32: { bits: 32, type: 'f32' },
  C64: { bits: 64, type: null },
  F64: { bits: 64, type: 'f64' },
  I64: { bits: 64, type: 'i64' },
  U64: { bits: 64, type: 'u64' },
} as const satisfies Readonly<Record<string, Kind>>

/** `'F32'` */
export type SafetensorsType = keyof typeof kinds

export const kindOf = (dtype: SafetensorsType): Kind => kinds[dtype]
export const isSafetensorsType = (dtype: string): dtype is SafetensorsType => Object.hasOwn(kinds, dtype)

const inOrder = Object.keys(kinds) as readonly SafetensorsType[]
export const rankOf = (dtype: SafetensorsType): number => inOrder.indexOf(dtype)
/** The name in the format. */
export const namedType = (type: StoredType): SafetensorsType => inOrder.find((dtype) => kinds[dtype].type === type) as SafetensorsType
