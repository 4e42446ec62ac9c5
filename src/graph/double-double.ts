/** Numbers of about 106 bits, as unevaluated sums of two doubles (Dekker 1971, Knuth's TwoSum). */

/** `high` is the nearest double of the sum. */
export type DoubleDouble = readonly [high: number, low: number]

/** a + b without error. */
export const twoSum = (a: number, b: number): DoubleDouble => {
  const sum = a + b
  const rest = sum - a
  return [sum, a - (sum - rest) + (b - rest)]
}

/** a b without error, for |a|, |b| < 2^996 whose product does not underflow. */
export const twoProduct = (a: number, b: number): DoubleDouble => {
  const product = a * b
  const [aHigh, aLow] = halves(a)
  const [bHigh, bLow] = halves(b)
  return [product, aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)]
}

export const plus = (a: DoubleDouble, b: DoubleDouble): DoubleDouble => {
  const [high, low] = twoSum(a[0], b[0])
  return twoSum(high, low + a[1] + b[1])
}

export const times = (a: DoubleDouble, b: DoubleDouble): DoubleDouble => {
  const [high, low] = twoProduct(a[0], b[0])
  return twoSum(high, low + (a[0] * b[1] + a[1] * b[0]))
}

export const over = (a: DoubleDouble, b: DoubleDouble): DoubleDouble => {
  const quotient = a[0] / b[0]
  const [high, low] = times(b, [quotient, 0])
  return twoSum(quotient, (a[0] - high - low + a[1]) / b[0])
}

/** Two numbers of 26 bits whose sum is a. */
const halves = (a: number): DoubleDouble => {
  const scaled = a * 134217729
  const high = scaled - (scaled - a)
  return [high, a - high]
}
