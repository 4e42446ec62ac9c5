/** log, by the method of fdlibm's logf (Sun Microsystems, 1993) with our polynomial. */
import type { Code } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'
import { type Emitter, horner, type MultiplyAdd } from './arithmetic.ts'
import { logTail } from './coefficients.ts'

const smallestNormal = 2 ** -126
const exponentBits = 23
/** The bits of the smallest normal float, and how far they are from those of Infinity. */
const firstNormal = 0x00800000
const normals = 0x7f000000
/** The bits of sqrt(1/2). */
const halfRoot = 0x3f3504f3
/** ln 2 in 17 bits, so that its whole multiples are exact, and the rest. */
const ln2High = 90852 / 2 ** 17
const ln2Low = Math.LN2 - ln2High

/** log x = n ln 2 + log m with x = m 2^n; log m = f - (f^2/2 - s (f^2/2 + z tail(z))), f = m - 1, s = f / (2 + f), z = s^2. */
export const log =
  (madd: MultiplyAdd): Emitter =>
  (code) => {
    const [x, exponent, f, s] = [code.local('v128', 'x'), code.local('v128', 'exponent'), code.local('v128', 'f'), code.local('v128', 's')]
    const [half, z, low] = [code.local('v128', 'half'), code.local('v128', 'z'), code.local('v128', 'low')]
    code.set(x).v128f(0).set(exponent)
    emitNotNormal(code, x)
      .op('v128.any_true')
      .if(() => emitNormalized(code, x, exponent))
    emitMantissa(code, x, exponent).v128f(1).op('f32x4.sub').tee(f)
    code.get(f).v128f(2).op('f32x4.add').op('f32x4.div').tee(s).get(s).op('f32x4.mul').set(z)
    code.get(f).v128f(0.5).op('f32x4.mul').get(f).op('f32x4.mul').set(half)
    code.get(exponent).v128f(ln2Low).op('f32x4.mul').set(low)
    code.get(f).get(half)
    madd(madd(horner(code, madd, z, logTail), z, half), s, low)
    code.op('f32x4.sub').op('f32x4.sub').set(f)
    madd(code.get(exponent), ln2High, f)
    code.release(x, exponent, f, s, half, z, low)
  }

/** All bits of the lanes that are not positive, normal and finite. */
export const emitNotNormal = (code: Code, x: Local): Code => code.get(x).v128i(firstNormal).op('i32x4.sub').v128i(normals).op('i32x4.ge_u')

/**
 * Makes x fit for `emitMantissa` where it is not normal: subnormals grow by 2^23 and `exponent` becomes -23; for 0 it
 * becomes -Infinity, for Infinity it stays that, and for negative numbers and NaN it is NaN, whatever x is then.
 */
export const emitNormalized = (code: Code, x: Local, exponent: Local): void => {
  const small = code.local('v128', 'small')
  code.get(x).v128f(smallestNormal).op('f32x4.lt').tee(small).v128f(-exponentBits).op('v128.and').set(exponent)
  code.v128f(-Infinity).get(exponent).get(x).v128f(0).op('f32x4.eq').op('v128.bitselect').set(exponent)
  code.v128f(Infinity).get(exponent).get(x).v128f(Infinity).op('f32x4.eq').op('v128.bitselect')
  code.get(x).v128f(0).op('f32x4.ge').op('v128.not').op('v128.or').set(exponent)
  code
    .get(x)
    .v128f(2 ** exponentBits)
    .op('f32x4.mul')
    .get(x)
    .get(small)
    .op('v128.bitselect')
    .set(x)
  code.release(small)
}

/** Leaves m from sqrt(1/2) to sqrt 2, and adds n to `exponent`, where x = m 2^n. */
export const emitMantissa = (code: Code, x: Local, exponent: Local): Code => {
  const whole = code.local('v128', 'whole')
  code.get(x).v128i(halfRoot).op('i32x4.sub').i32(exponentBits).op('i32x4.shr_s').tee(whole)
  code.op('f32x4.convert_i32x4_s').get(exponent).op('f32x4.add').set(exponent)
  code.get(x).get(whole).i32(exponentBits).op('i32x4.shl').op('i32x4.sub')
  code.release(whole)
  return code
}
