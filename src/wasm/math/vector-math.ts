/**
 * The unary operations and pow on four f32 lanes, inlined: operands from the stack, result left there.
 *
 * The largest errors, in units in the last place of the exact result (below a power of two the smaller unit counts), over
 * all of f32 unless the notes say less. The tests read this table. A NaN gives NaN, and -0 gives -0 where the function is
 * odd.
 *
 * | function | ulp | notes |
 * |---|---|---|
 * | reciprocal | 0.5 | 1 / x |
 * | sqrt | 0.5 | |
 * | exp | 1.4 | 1.0 above 2^-124; results below 2^-125.5 (x < -86.99) are 0 |
 * | log | 0.9 | subnormal x too; log 0 is -Infinity |
 * | sin | 2.1 | where abs x <= 2^23; beyond, off by at most 2^-23 + 2^-52 abs x up to 2^51, and within [-1, 1] for any x |
 * | cos | 2.1 | likewise |
 * | tanh | 3.8 | never beyond 1 |
 * | sigmoid | 2.5 | relative down to 2^-126; results below may be 0 |
 * | erf | 2.6 | never beyond 1 |
 * | pow | 1.7 | 1.3 above 2^-124; results below 2^-125.5 are 0; IEEE 754's special cases |
 *
 * They were measured over millions of inputs each. Relaxed multiply-adds keep within them too.
 */
import type { Target } from '../../compiler/target.ts'
import type { UnaryOp } from '../../graph/op.ts'
import type { Code } from '../assembler/code.ts'
import type { OpName } from '../assembler/opcodes.ts'
import { type Emitter, fused, type MultiplyAdd, strict } from './arithmetic.ts'
import { erf, exp, sigmoid, tanh } from './exponential.ts'
import { log } from './logarithm.ts'
import { pow } from './power.ts'
import { cos, sin } from './trigonometric.ts'

export type VectorMath = { readonly [O in UnaryOp]: Emitter }

const instruction =
  (name: OpName): Emitter =>
  (code) => {
    code.op(name)
  }

/** 1 / x, rounded once. */
const reciprocal: Emitter = (code) => {
  const x = code.local('v128', 'x')
  code.set(x).v128f(1).get(x).op('f32x4.div')
  code.release(x)
}

/** 1 with the sign of x, and x itself where it is 0 or NaN. */
const sign: Emitter = (code) => {
  const x = code.local('v128', 'x')
  code.tee(x).v128f(-0).op('v128.and').v128f(1).op('v128.or').get(x)
  code.get(x).op('f32x4.abs').v128f(0).op('f32x4.gt').op('v128.bitselect')
  code.release(x)
}

/** The sign bit cleared: the constant is loaded once before a loop, where f32x4.abs makes it anew each time. */
const abs: Emitter = (code) => {
  code.v128i(0x7fffffff).op('v128.and')
}

const table = (madd: MultiplyAdd): VectorMath => ({
  neg: instruction('f32x4.neg'),
  abs,
  sign,
  floor: instruction('f32x4.floor'),
  reciprocal,
  sqrt: instruction('f32x4.sqrt'),
  exp: exp(madd),
  log: log(madd),
  sin: sin(madd),
  cos: cos(madd),
  tanh: tanh(madd),
  sigmoid: sigmoid(madd),
  erf: erf(madd),
})

/** The same bits on every host. */
export const vectorMath: VectorMath = table(strict)
/** x, y -> x^y, the same bits on every host. */
export const vectorPow: Emitter = pow(strict)

/** With relaxed multiply-adds: fewer roundings and instructions, other bits on other hosts. */
export const fusedVectorMath: VectorMath = table(fused)
export const fusedVectorPow: Emitter = pow(fused)

/** How all emitters of one program compute: contractions, loops and functions round alike. */
export interface Arithmetic {
  readonly multiplyAdd: MultiplyAdd
  readonly unary: VectorMath
  readonly pow: Emitter
}
export const arithmeticOf = ({ fastMath }: Pick<Target, 'fastMath'>): Arithmetic =>
  fastMath
    ? { multiplyAdd: fused, unary: fusedVectorMath, pow: fusedVectorPow }
    : { multiplyAdd: strict, unary: vectorMath, pow: vectorPow }

/** -1, 0 or 1 */
const integerSign: Emitter = (code) => {
  const x = code.local('v128', 'x')
  code.tee(x).i32(31).op('i32x4.shr_s').get(x).op('i32x4.neg').i32(31).op('i32x4.shr_u').op('v128.or')
  code.release(x)
}

/** The unary operations of i32: -2^31 has no opposite and stays. */
export const integerVectorMath: { readonly [O in 'neg' | 'abs' | 'sign']: (code: Code) => void } = {
  neg: instruction('i32x4.neg'),
  abs: instruction('i32x4.abs'),
  sign: integerSign,
}
