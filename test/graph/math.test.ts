import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cos, erf, exp, log, pow, sigmoid, sin, tanh } from '../../src/graph/math.ts'

/** How many doubles lie between two: both zeros are one. */
const distance = (a: number, b: number): number => {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.POSITIVE_INFINITY
  const [x, y] = new BigInt64Array(new Float64Array([a, b]).buffer)
  const order = (n = 0n) => (n < 0n ? -(n & 0x7fff_ffff_ffff_ffffn) : n)
  return Math.abs(Number(order(x) - order(y)))
}
const anywhere = fc.oneof(
  fc.double(),
  fc.double({ min: -1, max: 1 }),
  fc.double({ min: -50, max: 50 }),
  fc.double({ min: -800, max: 800 }),
  fc.double({ min: 0.9, max: 1.1 }),
  fc.integer().map((n) => (n * Math.PI) / 2),
)
const within = (ulps: number, ours: (x: number) => number, theirs: (x: number) => number) =>
  fc.assert(
    fc.property(anywhere, (x) => {
      expect(distance(ours(x), theirs(x)), `${ours(x)}, not ${theirs(x)}`).toBeLessThanOrEqual(ulps)
    }),
    { numRuns: 5000 },
  )

/** The error function by its series, in integers scaled by 2^1200. */
const exactErf = (x: number): number => {
  const one = 1n << 1200n
  const scaled = (value: number): bigint => (BigInt(Math.round(value * 2 ** 52)) * one) >> 52n
  const square = (scaled(x) * scaled(x)) / one
  let term = scaled(x)
  let sum = term
  for (let n = 1n; term !== 0n; n++) {
    term = (-term * square) / one / n
    sum += term / (2n * n + 1n)
  }
  const arctangent = (inverse: bigint): bigint => {
    let power = one / inverse
    let total = power
    for (let n = 3n; power !== 0n; n += 2n) {
      power = -power / (inverse * inverse)
      total += power / n
    }
    return total
  }
  const pi = 4n * (4n * arctangent(5n) - arctangent(239n))
  return Number((2n * sum * 2n ** 200n) / squareRoot(pi * one)) / 2 ** 200
}
const squareRoot = (n: bigint): bigint => {
  let root = n
  for (let next = (root + 1n) / 2n; next < root; next = (root + n / root) / 2n) root = next
  return root
}

describe('math', () => {
  it('gives the neighbours of the true exp, log, sin, cos and tanh', () => {
    within(1, exp, Math.exp)
    within(1, log, Math.log)
    within(1, sin, Math.sin)
    within(1, cos, Math.cos)
    within(3, tanh, Math.tanh)
  })

  it('gives sigmoid without overflow on either side', () => {
    within(4, sigmoid, (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))))
  })

  it('gives pow like Math.pow, except where IEEE 754 gives 1', () => {
    const base = fc.oneof(fc.double(), fc.double({ min: -20, max: 20 }), fc.double({ min: 0.9, max: 1.1 }), fc.integer({ min: -9, max: 9 }))
    const exponent = fc.oneof(fc.double(), fc.double({ min: -40, max: 40 }), fc.integer({ min: -300, max: 300 }))
    fc.assert(
      fc.property(base, exponent, (x, y) => {
        fc.pre(x !== 1 && !(x === -1 && !Number.isFinite(y)))
        expect(distance(pow(x, y), x ** y)).toBeLessThanOrEqual(1)
        expect(Object.is(pow(x, y), -0)).toBe(Object.is(x ** y, -0))
      }),
      { numRuns: 5000 },
    )
    for (const y of [Number.NaN, Number.POSITIVE_INFINITY, 3]) expect(pow(1, y)).toBe(1)
    for (const y of [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0]) expect(pow(-1, y)).toBe(1)
  })

  it('gives erf like its series', () => {
    fc.assert(
      fc.property(fc.double({ min: -6.5, max: 6.5, noNaN: true }), (x) => {
        const coarse = Math.round(x * 2 ** 52) / 2 ** 52
        fc.pre(Math.abs(coarse) > 1e-6)
        expect(distance(erf(coarse), exactErf(coarse))).toBeLessThanOrEqual(3)
      }),
      { numRuns: 300 },
    )
    expect(erf(0.5)).toBeCloseTo(0.5204998778130465, 15)
    expect([0, -0, 7, -7, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN].map(erf)).toEqual([
      0,
      -0,
      1,
      -1,
      1,
      -1,
      Number.NaN,
    ])
  })

  it('reduces the double that lies nearest to a multiple of pi/2', () => {
    const x = 6381956970095103 * 2 ** 797
    expect(cos(x)).toBe(-4.687165924254628e-19)
    expect(sin(x)).toBe(1)
    expect(sin(-(2 ** 1000))).toBe(-sin(2 ** 1000))
  })

  it('gives the limits', () => {
    const { NaN: nan, POSITIVE_INFINITY: infinity, NEGATIVE_INFINITY: minusInfinity } = Number
    const edges = [0, -0, infinity, minusInfinity, nan]
    expect(edges.map(exp)).toEqual([1, 1, infinity, 0, nan])
    expect(edges.map(log)).toEqual([minusInfinity, minusInfinity, infinity, nan, nan])
    expect(edges.map(sin)).toEqual([0, -0, nan, nan, nan])
    expect(edges.map(cos)).toEqual([1, 1, nan, nan, nan])
    expect(edges.map(tanh)).toEqual([0, -0, 1, -1, nan])
    expect(edges.map(sigmoid)).toEqual([0.5, 0.5, 1, 0, nan])
    expect([exp(-745.2), exp(709.79), exp(-745), exp(709)].map((y) => y === 0 || y === infinity)).toEqual([true, true, false, false])
  })
})
