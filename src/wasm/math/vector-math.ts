/**
 * The unary operations and pow on four f32 lanes, inlined: operands from the stack, result left there.
 *
 * Largest errors, in units of the last place of the exact result rounded to f32 (one below a power of two is the smaller
 * one), over all f32 but where the table says otherwise; the tests hold the same numbers.
 *
 * | function | error | notes |
 * |---|---|---|
 */
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

const table = (madd: MultiplyAdd): VectorMath => ({
  neg: instruction('f32x4.neg'),
  abs: instruction('f32x4.abs'),
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
