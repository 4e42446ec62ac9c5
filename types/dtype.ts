/** Which dtypes an operation takes. */
import type { DType } from './dim.ts'
import { type Say, say } from './say.ts'
import type { SizeFault } from './size.ts'

const otherDType = '{op}: expected {expected}, got {got}'

/** Sums and orders are of numbers. */
export type Numeric = 'f32' | 'i32'
export const numeric: readonly DType[] = ['f32', 'i32']
export const anyDType: readonly DType[] = ['f32', 'i32', 'bool']

/** What a binary operation takes. */
export type TakenBy<Op> = Op extends 'pow' ? 'f32' : Op extends 'equal' | 'notEqual' ? DType : Numeric
/** What a binary operation gives for two of D. */
export type GivenBy<Op, D> = Op extends 'equal' | 'notEqual' | 'less' | 'lessEqual' | 'greater' | 'greaterEqual' ? 'bool' : D
export const takenBy = (op: string): readonly DType[] => (op === 'pow' ? ['f32'] : op === 'equal' || op === 'notEqual' ? anyDType : numeric)

/** What keeps its dtype takes numbers where it means something for them. */
export type TakenByActivation<Kind> = Kind extends 'neg' | 'abs' | 'sign' ? Numeric : 'f32'
export const takenByActivation = (kind: string): readonly DType[] => (['neg', 'abs', 'sign'].includes(kind) ? numeric : ['f32'])

type Spoken<Allowed> = [Allowed] extends ['f32' | 'i32'] ? (['f32' | 'i32'] extends [Allowed] ? 'f32 or i32' : Allowed) : 'a dtype'
/** The message, or null. */
export type DTypeFault<Op extends string, Allowed, D> = [D] extends [Allowed]
  ? null
  : Say<typeof otherDType, { op: Op; expected: Spoken<Allowed>; got: D }>
/** The message, or null. */
export const dtypeFault = (op: string, allowed: readonly DType[], dtype: DType): string | null =>
  allowed.includes(dtype) ? null : say(otherDType, { op, expected: allowed.join(' or '), got: dtype })

const noDType = '{op}: expected f32, i32 or bool, got {got}'
/** D where it is a dtype, else the message: the argument of one more signature behind all others, from which a compiler tells. */
export type DTypeGiven<Op extends string, D> = [D] extends [string]
  ? [D] extends [DType]
    ? D
    : string extends D
      ? DType
      : Say<typeof noDType, { op: Op; got: D }>
  : 0 extends 1 & D
    ? D
    : DType
export const noDTypeMessage = (op: string, got: unknown): string => say(noDType, { op, got })

const wideDType = '{op}: the dtype is not a literal'
/** D where it must be refused, else `never`: as a parameter's type it makes the refusing overload match. */
export type RefuseDType<D> = SizeFault<D> extends null ? never : D
export type DTypeMessage<Op extends string> = Say<typeof wideDType, { op: Op }>
