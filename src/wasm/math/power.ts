/** pow, as 2^(y log2 x) with the logarithm and the product in f64. */
import type { Code } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'
import { type Emitter, horner, type MultiplyAdd } from './arithmetic.ts'
import { log2Quotient } from './coefficients.ts'
import { emitExp2MinusOne, emitPowerOfTwo } from './exponential.ts'
import { emitMantissa, emitNormalized, emitNotNormal } from './logarithm.ts'

/** Added to a double of smaller size it leaves the nearest whole number, less one, in the low bits. */
const wholes = 1.5 * 2 ** 52 - 1
/** 2^-126 becomes 0, 2^128 Infinity. */
const exponentRange = [-126, 128] as const
const infinityBits = 0x7f800000

/** Takes x and y and leaves x^y. Lanes that are not normal and positive, and infinite y, take a slow path before and after. */
export const pow =
  (madd: MultiplyAdd): Emitter =>
  (code) => {
    const [x, y, base, exponent] = [
      code.local('v128', 'x'),
      code.local('v128', 'y'),
      code.local('v128', 'base'),
      code.local('v128', 'exponent'),
    ]
    const special = code.local('i32', 'special')
    code.set(y).tee(x).set(base).v128f(0).set(exponent)
    emitNotNormal(code, x)
      .get(y)
      .op('f32x4.abs')
      .v128i(infinityBits)
      .op('i32x4.ge_s')
      .op('v128.or')
      .op('v128.any_true')
      .tee(special)
      .if(() => {
        code.get(x).op('f32x4.abs').set(base)
        emitNormalized(code, base, exponent)
      })
    emitMantissa(code, base, exponent).set(base)
    emitExp2(code, madd, base, exponent, y)
    code.set(base)
    code.get(special).if(() => emitSpecial(code, x, y, base))
    code.get(base)
    code.release(x, y, base, exponent, special)
  }

/** Leaves 2^(y (exponent + log2 m)). */
const emitExp2 = (code: Code, madd: MultiplyAdd, m: Local, exponent: Local, y: Local): void => {
  const [fraction, whole] = [code.local('v128', 'fraction'), code.local('v128', 'whole')]
  const [high, highWhole] = [code.local('v128', 'high'), code.local('v128', 'highWhole')]
  emitHalf(code, madd, (operand) => code.get(operand), [m, exponent, y], fraction, whole)
  emitHalf(code, madd, (operand) => code.get(operand).get(operand).shuffle([2, 3, 2, 3]), [m, exponent, y], high, highWhole)
  code.get(whole).get(highWhole).shuffle([0, 2, 4, 6]).set(whole)
  code.get(fraction).get(high).shuffle([0, 1, 4, 5]).set(fraction)
  emitPowerOfTwo(code, whole).set(whole)
  madd(emitExp2MinusOne(code, madd, fraction), whole, whole)
    .tee(whole)
    .get(whole)
    .op('f32x4.add')
  code.release(fraction, whole, high, highWhole)
}

type Operands = readonly [m: Local, exponent: Local, y: Local]

/** For two lanes: v = y (exponent + s quotient(s^2)), s = (m - 1) / (m + 1); `whole` holds n - 1 in its low bits, `fraction` v - n. */
const emitHalf = (
  code: Code,
  madd: MultiplyAdd,
  push: (operand: Local) => Code,
  operands: Operands,
  fraction: Local,
  whole: Local,
): void => {
  const [s, square] = [code.local('v128', 's'), code.local('v128', 'square')]
  const [m, exponent, y] = operands
  push(m).op('f64x2.promote_low_f32x4').tee(s).v128d(1).op('f64x2.sub').get(s).v128d(1).op('f64x2.add').op('f64x2.div')
  code.tee(s).get(s).op('f64x2.mul').set(square)
  push(exponent).op('f64x2.promote_low_f32x4').set(whole)
  madd(horner(code, madd, square, log2Quotient, 'f64x2'), s, whole, 'f64x2')
  push(y).op('f64x2.promote_low_f32x4').op('f64x2.mul')
  code.v128d(exponentRange[0]).op('f64x2.pmax').v128d(exponentRange[1]).op('f64x2.pmin').tee(s)
  code.get(s).v128d(wholes).op('f64x2.add').tee(whole).v128d(wholes).op('f64x2.sub').op('f64x2.sub')
  code.op('f32x4.demote_f64x2_zero').set(fraction)
  code.release(s, square)
}

/** IEEE 754's cases, given |x|^y in `result`: the sign of an odd power, NaN for a root of a negative number, and 1. */
const emitSpecial = (code: Code, x: Local, y: Local, result: Local): void => {
  const [whole, magnitude] = [code.local('v128', 'whole'), code.local('v128', 'magnitude')]
  code.get(y).op('f32x4.floor').get(y).op('f32x4.eq').set(whole)
  code.get(whole).get(y).v128f(0.5).op('f32x4.mul').tee(magnitude).op('f32x4.floor').get(magnitude).op('f32x4.ne')
  code.op('v128.and').get(x).op('v128.and').v128f(-0).op('v128.and').get(result).op('v128.xor')
  code
    .get(x)
    .v128f(0)
    .op('f32x4.lt')
    .get(x)
    .v128f(-Infinity)
    .op('f32x4.ne')
    .op('v128.and')
    .get(whole)
    .op('v128.andnot')
    .op('v128.or')
    .set(result)
  code.v128f(1).get(result)
  code.get(y).v128f(0).op('f32x4.eq').get(x).v128f(1).op('f32x4.eq').op('v128.or')
  code.get(x).op('f32x4.abs').v128f(1).op('f32x4.eq').get(y).op('f32x4.abs').v128f(Infinity).op('f32x4.eq').op('v128.and').op('v128.or')
  code.op('v128.bitselect').set(result)
  code.release(whole, magnitude)
}
