/** exp and what is made of it: sigmoid, tanh, erf. The method is W. J. Cody and W. Waite's (1980); the polynomials are ours. */
import type { Code } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'
import { type Emitter, horner, type MultiplyAdd } from './arithmetic.ts'
import { erfRate, exp2Quotient, expTail } from './coefficients.ts'

/** Added to a float of smaller size it leaves the nearest whole number in the low bits. */
const wholes = 1.5 * 2 ** 23
/** The exponent of 1, where a float holds it. */
const exponentOfOne = 0x3f800000
const exponentBits = 23
/** ln 2 in 10 bits, so that its whole multiples are exact, and the rest. */
const ln2High = 355 / 512
const ln2Low = Math.LN2 - ln2High

/** Arguments are held within: at the low end 2^n is already 0, at the high end the result is already Infinity. */
const expRange = [-87.3, 88.8] as const

/** e^x = 2^n (1 + r + r^2 tail(r)) with x = n ln 2 + r. Half of 2^n is made of bits, so that 2^128 is Infinity and 2^-126 is 0. */
export const exp =
  (madd: MultiplyAdd): Emitter =>
  (code) => {
    const [x, whole, r, square] = [
      code.local('v128', 'x'),
      code.local('v128', 'whole'),
      code.local('v128', 'r'),
      code.local('v128', 'square'),
    ]
    code.v128f(expRange[0]).op('f32x4.pmax').v128f(expRange[1]).op('f32x4.pmin').tee(x)
    madd(code, Math.LOG2E, wholes - 1)
      .tee(whole)
      .v128f(wholes - 1)
      .op('f32x4.sub')
      .set(r)
    madd(code.get(r), -ln2High, x).set(x)
    madd(code.get(r), -ln2Low, x).tee(r).get(r).op('f32x4.mul').set(square)
    madd(horner(code, madd, r, expTail), square, r)
    emitPowerOfTwo(code, whole).set(whole)
    madd(code, whole, whole).tee(r).get(r).op('f32x4.add')
    code.release(x, whole, r, square)
  }

/** The float 2^n, where the low bits of `whole` hold n from -127 (which gives 0) to 127. */
export const emitPowerOfTwo = (code: Code, whole: Local): Code =>
  code.get(whole).i32(exponentBits).op('i32x4.shl').v128i(exponentOfOne).op('i32x4.add')

/** 1 / (1 + e^-x) */
export const sigmoid =
  (madd: MultiplyAdd): Emitter =>
  (code) => {
    const denominator = code.local('v128', 'denominator')
    exp(madd)(code.op('f32x4.neg'))
    code.v128f(1).op('f32x4.add').set(denominator).v128f(1).get(denominator).op('f32x4.div')
    code.release(denominator)
  }

/** From here on tanh is 1. */
const tanhEnd = 10

/** g / (g + 2) with g = e^2|x| - 1, and the sign of x. */
export const tanh =
  (madd: MultiplyAdd): Emitter =>
  (code) => {
    const [x, whole, scale] = [code.local('v128', 'x'), code.local('v128', 'whole'), code.local('v128', 'scale')]
    code
      .tee(x)
      .op('f32x4.abs')
      .v128f(tanhEnd)
      .op('f32x4.pmin')
      .v128f(2 * Math.LOG2E)
      .op('f32x4.mul')
    emitFraction(code, madd, whole)
    emitPowerOfTwo(code, whole).tee(scale).v128f(1).op('f32x4.sub').set(whole)
    madd(code, scale, whole).tee(whole).get(whole).v128f(2).op('f32x4.add').op('f32x4.div')
    code.get(x).v128f(-0).op('v128.and').op('v128.or')
    code.release(x, whole, scale)
  }

/** From here on erf is 1. */
const erfEnd = 4

/** 1 - 2^v with v = -|x| rate(-|x|), and the sign of x. */
export const erf =
  (madd: MultiplyAdd): Emitter =>
  (code) => {
    const [x, t, whole] = [code.local('v128', 'x'), code.local('v128', 't'), code.local('v128', 'whole')]
    code.tee(x).v128f(-0).op('v128.or').v128f(-erfEnd).op('f32x4.pmax').set(t)
    horner(code, madd, t, erfRate).get(t).op('f32x4.mul')
    emitFraction(code, madd, whole)
    emitPowerOfTwo(code, whole).op('f32x4.neg').tee(whole).v128f(1).op('f32x4.add').set(t)
    madd(code, whole, t)
    code.get(x).v128f(-0).op('v128.and').op('v128.or')
    code.release(x, t, whole)
  }

/** Takes v and leaves 2^(v - n) - 1, where n is the whole number nearest to v; sets `whole` to a float whose low bits hold n. */
const emitFraction = (code: Code, madd: MultiplyAdd, whole: Local): void => {
  const fraction = code.local('v128', 'fraction')
  code.tee(fraction).get(fraction).v128f(wholes).op('f32x4.add').tee(whole).v128f(wholes).op('f32x4.sub').op('f32x4.sub').set(fraction)
  emitExp2MinusOne(code, madd, fraction)
  code.release(fraction)
}

/** 2^f - 1 for |f| <= 1/2 */
export const emitExp2MinusOne = (code: Code, madd: MultiplyAdd, fraction: Local): Code =>
  horner(code, madd, fraction, exp2Quotient).get(fraction).op('f32x4.mul')
