/** Which dtypes an operation takes. */
import type { DType } from './dim.ts'
import { type Say, say } from './say.ts'

export const otherDType = '{op}: expected {expected}, got {got}'

/** Sums and orders are of numbers. */
export type Numeric = 'f32' | 'i32'
export const numeric: readonly DType[] = ['f32', 'i32']
export const anyDType: readonly DType[] = ['f32', 'i32', 'bool']

type Spoken<Allowed> = [Allowed] extends ['f32' | 'i32'] ? (['f32' | 'i32'] extends [Allowed] ? 'f32 or i32' : Allowed) : 'a dtype'
/** The message, or null. */
export type DTypeFault<Op extends string, Allowed, D> = [D] extends [Allowed]
  ? null
  : Say<typeof otherDType, { op: Op; expected: Spoken<Allowed>; got: D }>
/** R, unless the dtype is not taken. */
export type Taking<Op extends string, Allowed, D, R> = [D] extends [Allowed] ? R : DTypeFault<Op, Allowed, D>

/** The message, or null. */
export const dtypeFault = (op: string, allowed: readonly DType[], dtype: DType): string | null =>
  allowed.includes(dtype) ? null : say(otherDType, { op, expected: allowed.join(' or '), got: dtype })
