/** sin and cos. The angle is reduced in f64, where two parts of pi/2 are enough; the polynomials are in f32. */
import type { Code } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'
import { type Emitter, horner, type MultiplyAdd } from './arithmetic.ts'
import { cosineTail, sineTail } from './coefficients.ts'

/** Added to a double of smaller size it leaves the nearest whole number in the low bits. */
const wholes = 1.5 * 2 ** 52
/** pi/2 in 30 bits, so that 2^23 multiples are exact, and the rest. */
const quarterHigh = Math.floor((Math.PI / 2) * 2 ** 29) / 2 ** 29
const quarterLow = Math.PI / 2 - quarterHigh + 6.123233995736766e-17
const eighth = Math.PI / 4

export const sin = (madd: MultiplyAdd): Emitter => quarterTurns(madd, 0)
export const cos = (madd: MultiplyAdd): Emitter => quarterTurns(madd, 1)

/** The sine of x + shift pi/2: of the rest of x after n quarter turns, its sine or cosine and their sign go by n + shift. */
const quarterTurns =
  (madd: MultiplyAdd, shift: number): Emitter =>
  (code) => {
    const [x, angle, turns] = [code.local('v128', 'x'), code.local('v128', 'angle'), code.local('v128', 'turns')]
    code.set(x)
    emitReduced(code, madd, x, angle, turns, shift)
    emitCosine(code, madd, angle)
    emitSine(code, madd, angle)
    code.get(turns).i32(31).op('i32x4.shl').i32(31).op('i32x4.shr_s').op('v128.bitselect')
    code.get(turns).i32(1).op('i32x4.shr_u').i32(31).op('i32x4.shl').op('v128.xor')
    code.release(x, angle, turns)
  }

/** Sets `angle` to x - n pi/2, within an eighth of a turn, and `turns` to n + shift in its low bits. */
const emitReduced = (code: Code, madd: MultiplyAdd, x: Local, angle: Local, turns: Local, shift: number): void => {
  const [high, highTurns] = [code.local('v128', 'high'), code.local('v128', 'highTurns')]
  code.get(x)
  emitHalf(code, madd, angle, turns, shift)
  code.get(x).get(x).shuffle([2, 3, 2, 3])
  emitHalf(code, madd, high, highTurns, shift)
  code.get(turns).get(highTurns).shuffle([0, 2, 4, 6]).set(turns)
  code.get(angle).get(high).shuffle([0, 1, 4, 5]).v128f(-eighth).op('f32x4.pmax').v128f(eighth).op('f32x4.pmin').set(angle)
  code.release(high, highTurns)
}

/** The same for two lanes on the stack; what it sets holds f32 in `angle`'s lower half, whole numbers in `turns`'s even words. */
const emitHalf = (code: Code, madd: MultiplyAdd, angle: Local, turns: Local, shift: number): void => {
  code.op('f64x2.promote_low_f32x4').tee(angle)
  madd(code, 2 / Math.PI, wholes + shift, 'f64x2')
    .tee(turns)
    .v128d(wholes + shift)
    .op('f64x2.sub')
  const whole = code.local('v128', 'whole')
  madd(code.tee(whole), -quarterHigh, angle, 'f64x2').set(angle)
  madd(code.get(whole), -quarterLow, angle, 'f64x2').op('f32x4.demote_f64x2_zero').set(angle)
  code.release(whole)
}

/** r (1 + z tail(z)), z = r^2 */
const emitSine = (code: Code, madd: MultiplyAdd, r: Local): void => {
  const z = code.local('v128', 'z')
  code.get(r).get(r).op('f32x4.mul').set(z)
  madd(horner(code, madd, z, sineTail), z, 1)
    .get(r)
    .op('f32x4.mul')
  code.release(z)
}

/** 1 - z/2 + z^2 tail(z), z = r^2 */
const emitCosine = (code: Code, madd: MultiplyAdd, r: Local): void => {
  const [z, most] = [code.local('v128', 'z'), code.local('v128', 'most')]
  code.get(r).get(r).op('f32x4.mul').tee(z)
  madd(code, -0.5, 1).set(most)
  horner(code, madd, z, cosineTail).get(z).op('f32x4.mul')
  madd(code, z, most)
  code.release(z, most)
}
