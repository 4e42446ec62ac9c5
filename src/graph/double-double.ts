/**
 * Numbers of about 106 bits, as unevaluated sums of two doubles (Dekker 1971, Knuth's TwoSum). Pairs are made where they are given
 * back and nowhere else: initial weights go through here by the thousand, before an engine has made fast code of it.
 */

/** `high` is the nearest double of the sum. */
export type DoubleDouble = readonly [high: number, low: number]

/** a + b without error. */
export const twoSum = (a: number, b: number): DoubleDouble => {
  const sum = a + b
  return [sum, sumRest(a, b, sum)]
}
/** What a sum of two numbers left out. */
export const sumRest = (a: number, b: number, sum: number): number => {
  const rest = sum - a
  return a - (sum - rest) + (b - rest)
}

/** What a product left out, for |a|, |b| < 2^996 whose product does not underflow. */
export const productRest = (a: number, b: number, product: number): number => {
  const aHigh = upper(a)
  const bHigh = upper(b)
  const aLow = a - aHigh
  const bLow = b - bHigh
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
}

export const plus = (a: DoubleDouble, b: DoubleDouble): DoubleDouble => {
  const high = a[0] + b[0]
  return twoSum(high, sumRest(a[0], b[0], high) + a[1] + b[1])
}

export const times = (a: DoubleDouble, b: DoubleDouble): DoubleDouble => {
  const high = a[0] * b[0]
  return twoSum(high, productRest(a[0], b[0], high) + (a[0] * b[1] + a[1] * b[0]))
}

/** The upper 26 bits of a; the rest has 26 bits too. */
const upper = (a: number): number => {
  const scaled = a * 134217729
  return scaled - (scaled - a)
}
