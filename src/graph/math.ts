/**
 * exp, log, sin, cos, tanh, sigmoid, erf and pow in f64, from correctly rounded arithmetic only: the same bits on every
 * host, which `Math.exp` and its like do not promise. Errors are below 1 ulp for exp, log, sin, cos and pow, below 3 ulp
 * for tanh, sigmoid and erf, on all doubles; the methods are those of W. J. Cody and W. Waite, Software Manual for the
 * Elementary Functions (1980), with Taylor coefficients.
 */
import { type DoubleDouble, plus, productRest, sumRest, times, twoSum } from './double-double.ts'

export const exp = (x: number): number => expOf(x, 0)

export const log = (x: number): number => {
  if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : x > 0 ? x : NaN
  return logOf(x)[0]
}

/** The argument is reduced exactly, however large it is. */
export const sin = (x: number): number => {
  if (!Number.isFinite(x)) return NaN
  if (Math.abs(x) < 1e-8) return x
  const { quadrant, angle } = reduceAngle(x)
  return quarterTurns(quadrant, angle)
}

/** The argument is reduced exactly, however large it is. */
export const cos = (x: number): number => {
  if (!Number.isFinite(x)) return NaN
  const { quadrant, angle } = reduceAngle(x)
  return quarterTurns(quadrant + 1, angle)
}

export const tanh = (x: number): number => {
  const a = Math.abs(x)
  if (!(a >= 1e-9)) return x
  if (a > 22) return x < 0 ? -1 : 1
  const grown = expMinusOne(2 * a)
  const y = a < 0.5 ? grown / (grown + 2) : 1 - 2 / (grown + 2)
  return x < 0 ? -y : y
}

/** 1 / (1 + e^-x) */
export const sigmoid = (x: number): number => {
  if (x >= 0) return 1 / (1 + exp(-x))
  const e = exp(x)
  return e / (1 + e)
}

/** 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x. */
export const erf = (x: number): number => {
  const a = Math.abs(x)
  if (!(a >= 1e-9)) return twoOverSqrtPi[0] * x
  if (a < 1) return erfSeries(x)
  const y = a < 6 ? 1 - erfComplement(a) : 1
  return x < 0 ? -y : y
}

/** IEEE 754's pow: pow(x, 0) and pow(1, y) are 1 even for NaN, a negative x takes whole y only. */
export const pow = (x: number, y: number): number => {
  if (y === 0 || x === 1) return 1
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN
  if (x < 0 && x !== -Infinity && Number.isFinite(y) && Math.floor(y) !== y) return NaN
  const magnitude = powPositive(Math.abs(x), y)
  const negative = x < 0 || Object.is(x, -0)
  return negative && Math.abs(y % 2) === 1 ? -magnitude : magnitude
}

/** a^y for a >= 0, as e^(y log a) with the logarithm to 64 bits. */
const powPositive = (a: number, y: number): number => {
  if (a === 1) return 1
  if (a === 0 || a === Infinity || !Number.isFinite(y)) return a > 1 === y > 0 ? Infinity : 0
  const logarithm = logOf(a)
  const size = y * logarithm[0]
  if (!(Math.abs(size) < 800)) return size > 0 ? Infinity : 0
  return expOf(...times(logarithm, [y, 0]))
}

const horner = (coefficients: readonly number[], x: number): number => {
  let sum = 0
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + (coefficients[i] as number)
  return sum
}
const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
const terms = (count: number, term: (n: number) => number): readonly number[] => Array.from({ length: count }, (_, n) => term(n))
const alternating = (n: number): number => (n % 2 === 0 ? 1 : -1)

// ln 2 in 32 bits and the rest, and as a double-double
const ln2High = 0.6931471803691238
const ln2Low = 1.9082149292705877e-10
const ln2: DoubleDouble = [Math.LN2, 2.3190468138462996e-17]

/** (e^x - 1 - x) / x^2 = 1/2! + x/3! + ... on |x| <= ln 2 / 2 */
const expTail = terms(13, (n) => 1 / factorial(n + 2))

/** x + tail = k ln 2 + r; gives k and e^r - 1. */
const reduceExp = (x: number, tail: number): { readonly k: number; readonly grown: number } => {
  const k = Math.floor(x / ln2[0] + 0.5)
  const [r, rest] = twoSum(x - k * ln2High, tail - k * ln2Low)
  return { k, grown: r + (rest + r * r * horner(expTail, r)) }
}
/** e^(x + tail) */
const expOf = (x: number, tail: number): number => {
  if (Number.isNaN(x)) return NaN
  if (x > 710) return Infinity
  if (x < -746) return 0
  const { k, grown } = reduceExp(x, tail)
  return scaled(1 + grown, k)
}
/** e^x - 1 for 0 <= x < 50 */
const expMinusOne = (x: number): number => {
  const { k, grown } = reduceExp(x, 0)
  return k === 0 ? grown : scaled(grown + (1 - scaled(1, -k)), k)
}

/** atanh(s) / s = 1 + s^2/3 + s^4/5 + ...: the terms after s^2/3, by s^4, on |s| <= 3 - 2 sqrt 2 */
const atanhTail = terms(10, (n) => 1 / (2 * n + 5))
const third: DoubleDouble = [1 / 3, 1.850371707708594e-17]

/**
 * log x for finite x > 0, to about 64 bits: k ln 2 + 2 atanh(s), s = (m - 1) / (m + 1), where x = m 2^k. Pairs of doubles written out as
 * two numbers each: every initial weight that is normal takes a logarithm, and most are drawn before an engine has made fast code of it.
 */
const logOf = (x: number): DoubleDouble => {
  const { m, k } = decomposed(x)
  const below = m + 1
  const belowRest = sumRest(m, 1, below)
  const quotient = (m - 1) / below
  const back = quotient * below
  const missing = productRest(below, quotient, back) + belowRest * quotient
  const reached = back + missing
  const more = (m - 1 - reached - sumRest(back, missing, reached)) / below
  const s = quotient + more
  const sRest = sumRest(quotient, more, s)

  const square = s * s
  const aboutSquare = productRest(s, s, square) + 2 * (s * sRest)
  const s2 = square + aboutSquare
  const s2Rest = sumRest(square, aboutSquare, s2)

  const later = s2 * horner(atanhTail, s2)
  const thirds = third[0] + later
  const aboutThirds = sumRest(third[0], later, thirds) + third[1]
  const series = thirds + aboutThirds
  const tail = times([s, sRest], times([s2, s2Rest], [series, sumRest(thirds, aboutThirds, series)]))
  const atanh = plus([s, sRest], tail)
  return plus(times(ln2, [k, 0]), [2 * atanh[0], 2 * atanh[1]])
}

/** sin r = r + r^3 sineTail(r^2), cos r = 1 - r^2/2 + r^4 cosineTail(r^2), on |r| <= pi/4 */
const sineTail = terms(8, (n) => -alternating(n) / factorial(2 * n + 3))
const cosineTail = terms(8, (n) => alternating(n) / factorial(2 * n + 4))

/** The sine of r + rest after that many quarter turns. */
const quarterTurns = (quadrant: number, [r, rest]: DoubleDouble): number => {
  const value = quadrant % 2 === 0 ? sineOf(r, rest) : cosineOf(r, rest)
  return quadrant % 4 < 2 ? value : -value
}
const sineOf = (r: number, rest: number): number => {
  const square = r * r
  return r + (r * square * horner(sineTail, square) + rest * (1 - square / 2))
}
const cosineOf = (r: number, rest: number): number => {
  const square = r * r
  const most = 1 - square / 2
  return most + (1 - most - square / 2 + (square * square * horner(cosineTail, square) - r * rest))
}

interface Angle {
  /** 0 to 3 */
  readonly quadrant: number
  /** in [-pi/4, pi/4] */
  readonly angle: DoubleDouble
}
// pi/2 in 33 bits, 33 bits and the rest
const halfPi = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21] as const

const reduceAngle = (x: number): Angle => {
  const turns = Math.floor(x / (halfPi[0] + halfPi[1]) + 0.5)
  if (turns === 0) return { quadrant: 0, angle: [x, 0] }
  if (Math.abs(turns) >= 1e6) return reduceAngleExactly(x)
  const [high, low] = twoSum(x - turns * halfPi[0], -turns * halfPi[1])
  if (Math.abs(high) < 1e-6) return reduceAngleExactly(x)
  return { quadrant: turns & 3, angle: twoSum(high, low - turns * halfPi[2]) }
}

/** pi/2 x 2^1200, by Machin's formula */
const halfPiBits = BigInt(
  [
    '0x1921fb54442d18469898cc51701b839a252049c1114cf98e804177d4c76273644a29410f31c6809bbdf2a33679a748636605',
    '614dbe4be286e9fc26adadaa3848bc90b6aecc4bcfd8de89885d34c6fdad617feb96de80d6fdbdc70d7f6b5133f4b5d3e482',
    '2f8963fcc9250cca3d9c8b67b8400f97142c77e0b31b4906c38aba734d22c7f51fa499ebf06caba47b9475b2c38c5e6ac410a',
  ].join(''),
)

/** In whole numbers: no double is nearer than 2^-62 to a multiple of pi/2, and 1200 bits reach 2^-176. */
const reduceAngleExactly = (x: number): Angle => {
  const { m, k } = decomposed(Math.abs(x))
  const whole = BigInt(scaled(m, 53)) << BigInt(k + 1200 - 53)
  const turns = (2n * whole + halfPiBits) / (2n * halfPiBits)
  const remainder = (whole - turns * halfPiBits) >> 1000n
  const high = Number(remainder)
  const low = Number(remainder - BigInt(high))
  const sign = x < 0 ? -1 : 1
  return { quadrant: (sign * Number(turns & 3n)) & 3, angle: [scaled(sign * high, -200), scaled(sign * low, -200)] }
}

const twoOverSqrtPi = [1.1283791670955126, 1.533545961316588e-17] as const
const sqrtPi = 1.772453850905516

/** (sum of (-1)^n x^2n / (n! (2n + 1)) - 1) / x^2 on |x| <= 1 */
const erfTail = terms(19, (n) => -alternating(n) / (factorial(n + 1) * (2 * n + 3)))
const erfSeries = (x: number): number => {
  const square = x * x
  return twoOverSqrtPi[0] * (x + x * square * horner(erfTail, square)) + twoOverSqrtPi[1] * x
}
/** 1 - erf x = e^(-x^2) / sqrt pi / (x + 1/2 / (x + 2/2 / (x + 3/2 / ...))) for 1 <= x, deep enough for 1 - (it). */
const erfComplement = (x: number): number => {
  let fraction = x
  for (let n = Math.floor(170 / (x * x)) + 10; n > 0; n--) fraction = x + n / 2 / fraction
  return exp(-x * x) / (sqrtPi * fraction)
}

const smallestNormal = 2.2250738585072014e-308
const bits = new DataView(new ArrayBuffer(8))
/** x = m 2^k with m in [sqrt 1/2, sqrt 2), for finite x > 0. */
const decomposed = (x: number): { readonly m: number; readonly k: number } => {
  const normal = x < smallestNormal ? x * power(54) : x
  bits.setFloat64(0, normal)
  const high = bits.getInt32(0)
  bits.setInt32(0, (high & 0xfffff) | 0x3ff00000)
  const m = bits.getFloat64(0)
  const k = (high >> 20) - 1023 - (normal === x ? 0 : 54)
  return m > Math.SQRT2 ? { m: m / 2, k: k + 1 } : { m, k }
}
/** x 2^k, rounded once, for x in [1/2, 2] and k from -1200 to 1024. */
const scaled = (x: number, k: number): number => {
  if (k < -1021) return x * power(k + 128) * power(-128)
  return k > 1023 ? x * 2 * power(k - 1) : x * power(k)
}
/** 2^k for a normal result */
const power = (k: number): number => {
  bits.setFloat64(0, 0)
  bits.setInt32(0, (k + 1023) << 20)
  return bits.getFloat64(0)
}
