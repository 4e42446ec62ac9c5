/** Elementwise operations on four lanes: a total table from op and dtype to instructions. Bools are masks while in registers. */
import type { DType } from '../../../types/dim.ts'
import type { ElementOp } from '../../compiler/kernel.ts'
import { InternalError } from '../../graph/internal-error.ts'
import type { BinaryOp, BitOp, CompareOp, ReduceOp, UnaryOp } from '../../graph/op.ts'
import type { Code } from '../assembler/code.ts'
import type { OpName } from '../assembler/opcodes.ts'
import { type Arithmetic, integerVectorMath } from '../math/vector-math.ts'

/** Operands are on the stack, the result takes their place. */
type Emit = (code: Code) => void
const op =
  (name: OpName): Emit =>
  (code) => {
    code.op(name)
  }

const integerUnary: Partial<Record<UnaryOp, Emit>> = integerVectorMath

const floatBinary: Readonly<Record<Exclude<BinaryOp, 'pow'>, Emit>> = {
  add: op('f32x4.add'),
  sub: op('f32x4.sub'),
  mul: op('f32x4.mul'),
  div: op('f32x4.div'),
  maximum: (code) => emitExtremum(code, 'maximum'),
  minimum: (code) => emitExtremum(code, 'minimum'),
}
const integerBinary: Partial<Record<BinaryOp, Emit>> = {
  add: op('i32x4.add'),
  sub: op('i32x4.sub'),
  mul: op('i32x4.mul'),
  maximum: op('i32x4.max_s'),
  minimum: op('i32x4.min_s'),
  div: (code) => divideIntegers(code),
}

const bits: Readonly<Record<BitOp, Emit>> = {
  and: op('v128.and'),
  or: op('v128.or'),
  xor: op('v128.xor'),
  shiftLeft: (code) => shiftLanes(code, 'i32.shl'),
  shiftRight: (code) => shiftLanes(code, 'i32.shr_u'),
}

const floatCompare: Readonly<Record<CompareOp, OpName>> = {
  equal: 'f32x4.eq',
  notEqual: 'f32x4.ne',
  less: 'f32x4.lt',
  lessEqual: 'f32x4.le',
  greater: 'f32x4.gt',
  greaterEqual: 'f32x4.ge',
}
const integerCompare: Readonly<Record<CompareOp, OpName>> = {
  equal: 'i32x4.eq',
  notEqual: 'i32x4.ne',
  less: 'i32x4.lt_s',
  lessEqual: 'i32x4.le_s',
  greater: 'i32x4.gt_s',
  greaterEqual: 'i32x4.ge_s',
}
/** As numbers true is 1 and false 0, as masks -1 and 0: the order turns round. */
const boolCompare: Readonly<Record<CompareOp, OpName>> = {
  ...integerCompare,
  less: 'i32x4.gt_s',
  lessEqual: 'i32x4.ge_s',
  greater: 'i32x4.lt_s',
  greaterEqual: 'i32x4.le_s',
}
const compare: Readonly<Record<DType, Readonly<Record<CompareOp, OpName>>>> = { f32: floatCompare, i32: integerCompare, bool: boolCompare }

const casts: Readonly<Record<DType, Readonly<Record<DType, Emit>>>> = {
  f32: { f32: () => {}, i32: op('i32x4.trunc_sat_f32x4_s'), bool: (code) => code.v128f(0).op('f32x4.ne') },
  i32: { f32: op('f32x4.convert_i32x4_s'), i32: () => {}, bool: (code) => code.v128i(0).op('i32x4.ne') },
  bool: { f32: (code) => code.v128f(1).op('v128.and'), i32: (code) => code.v128i(1).op('v128.and'), bool: () => {} },
}

const has = <K extends string>(table: Readonly<Record<K, unknown>>, key: string): key is K => key in table

/** Pushes the operands with `push(i)` in the order that the instruction wants, then the instruction. */
export const emitElement = (
  code: Code,
  arithmetic: Arithmetic,
  apply: ElementOp,
  from: DType,
  to: DType,
  push: (operand: number) => void,
): void => {
  if (apply === 'select') {
    push(1)
    push(2)
    push(0)
    code.op('v128.bitselect')
    return
  }
  push(0)
  if (apply === 'cast') return casts[from][to](code)
  if (apply === 'multiplyAdd') {
    arithmetic.multiplyAdd(
      code,
      () => push(1),
      () => push(2),
    )
    return
  }
  if (has(arithmetic.unary, apply)) return found(from === 'f32' ? arithmetic.unary[apply] : integerUnary[apply], apply, from)(code)
  push(1)
  if (apply === 'pow') return found(from === 'f32' ? arithmetic.pow : undefined, apply, from)(code)
  if (has(floatBinary, apply)) return found(from === 'f32' ? floatBinary[apply] : integerBinary[apply], apply, from)(code)
  if (has(bits, apply)) return bits[apply](code)
  code.op(compare[from][apply])
}
const found = (emit: Emit | undefined, apply: string, dtype: DType): Emit => {
  if (emit === undefined) throw new InternalError(`there is no ${apply} of ${dtype}`, `${apply} -> emit`)
  return emit
}

/**
 * The greater, or the lesser, of two on the stack, as f32x4.max and f32x4.min say it, which take an engine eight instructions, one
 * after the other. pmin gives one of its operands, and either way round they are the same ones, but for zeros and NaN: of
 * these the bits of both together are the lesser zero, or a NaN.
 */
const emitExtremum = (code: Code, apply: 'maximum' | 'minimum'): void => {
  const [x, y] = [code.local('v128'), code.local('v128')]
  const flip = (): void => {
    if (apply === 'maximum') code.v128f(-0).op('v128.xor')
  }
  flip()
  code.set(y)
  flip()
  code.set(x).get(x).get(y).op('f32x4.pmin').get(y).get(x).op('f32x4.pmin').op('v128.or')
  flip()
  code.release(x, y)
}

/** The greater, or the lesser, of a number and x where the number is known: cheaper, since only x can be NaN. */
export const emitExtremumOfConstant = (code: Code, apply: 'maximum' | 'minimum', constant: number, pushX: () => void): void => {
  pushX()
  if (apply === 'maximum' && Object.is(constant, 0)) {
    // x and not x <= 0: NaN stays, and -0 becomes 0
    pushX()
    code.v128f(0).op('f32x4.le').op('v128.andnot')
    return
  }
  // pmax(x, c) is x < c ? c : x, so that NaN stays; of two zeros it would give x
  const isLesserZero = apply === 'minimum' && Object.is(constant, -0)
  code.v128f(constant).op(isLesserZero ? 'f32x4.min' : apply === 'maximum' ? 'f32x4.pmax' : 'f32x4.pmin')
}

const integerIdentity: Readonly<Record<ReduceOp, number>> = { sum: 0, max: -(2 ** 31), min: 2 ** 31 - 1 }
const floatIdentity: Readonly<Record<ReduceOp, number>> = { sum: 0, max: Number.NEGATIVE_INFINITY, min: Number.POSITIVE_INFINITY }
/** max of bools is or, min is and. */
const boolIdentity: Readonly<Record<ReduceOp, number>> = { sum: 0, max: 0, min: -1 }

/** What a reduction of nothing gives. */
export const emitIdentity = (code: Code, op: ReduceOp, dtype: DType): void => {
  if (dtype === 'f32') code.v128f(floatIdentity[op])
  else code.v128i(dtype === 'i32' ? integerIdentity[op] : boolIdentity[op])
}
const combine: Readonly<Record<DType, Readonly<Record<ReduceOp, OpName>>>> = {
  f32: { sum: 'f32x4.add', max: 'f32x4.max', min: 'f32x4.min' },
  i32: { sum: 'i32x4.add', max: 'i32x4.max_s', min: 'i32x4.min_s' },
  bool: { sum: 'v128.or', max: 'v128.or', min: 'v128.and' },
}
/** Two partial results on the stack become one. */
export const emitCombine = (code: Code, op: ReduceOp, dtype: DType): void => {
  if (dtype === 'f32' && op !== 'sum') emitExtremum(code, op === 'max' ? 'maximum' : 'minimum')
  else code.op(combine[dtype][op])
}

const lanes = [0, 1, 2, 3] as const

/** i32 division that truncates: x / 0 is 0, and the one overflow wraps. Exact, since f64 holds every i32. */
const divideIntegers = (code: Code): void => {
  const [x, y] = [code.local('v128'), code.local('v128')]
  code.set(y).set(x)
  const half = (high: boolean): void => {
    const part = (l: typeof x): Code => (high ? code.get(l).get(l).shuffle([2, 3, 2, 3]) : code.get(l)).op('f64x2.convert_low_i32x4_s')
    part(x)
    part(y).op('f64x2.div').op('i32x4.trunc_sat_f64x2_s_zero')
  }
  half(false)
  half(true)
  code.shuffle([0, 1, 4, 5])
  // where y is 0 the quotient saturated, and so it did for -2^31 / -1
  code.v128i(0).get(y).v128i(0).op('i32x4.ne').op('v128.bitselect')
  const q = code.local('v128')
  code.set(q).get(x).op('i32x4.neg').get(q).get(y).v128i(-1).op('i32x4.eq').op('v128.bitselect')
  code.release(x, y, q)
}

/** Shifts by a count of its own for each lane, modulo 32. */
const shiftLanes = (code: Code, name: 'i32.shl' | 'i32.shr_u'): void => {
  const [x, by] = [code.local('v128'), code.local('v128')]
  code.set(by).set(x).get(x)
  for (const lane of lanes)
    code
      .get(x)
      .extractLane('i32x4.extract_lane', lane)
      .get(by)
      .extractLane('i32x4.extract_lane', lane)
      .op(name)
      .replaceLane('i32x4.replace_lane', lane)
  code.release(x, by)
}
/** Shifts all lanes by one known count. */
export const emitShiftByConstant = (code: Code, apply: 'shiftLeft' | 'shiftRight', by: number): void => {
  code.i32(by).op(apply === 'shiftLeft' ? 'i32x4.shl' : 'i32x4.shr_u')
}
