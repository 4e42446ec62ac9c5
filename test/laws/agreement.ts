/** The law of agreement: per element, |program - evaluator| <= 1e-5 x the largest magnitude met on its path. */
import { describeNumber } from '../../src/graph/describe.ts'
import type { Value, Values } from '../../src/graph/evaluate/value.ts'
import type { Magnitude } from '../generators/magnitude.ts'

/** The law's tolerance. */
export const tolerance = 1e-5

/** What disagrees first, or null. Whole numbers, truths, infinities and NaN agree only with themselves. */
export const disagreement = (wanted: Value, magnitude: Magnitude, got: ArrayLike<number>): string | null => {
  if (got.length !== wanted.values.length) return `${got.length} elements instead of ${wanted.values.length}`
  for (let i = 0; i < got.length; i++) {
    const [a, b] = [wanted.values[i] as number, got[i] as number]
    const within = wanted.dtype === 'f32' && Number.isFinite(a) ? tolerance * (magnitude.values[i] as number) : 0
    if (Object.is(a, b) || Math.abs(a - b) <= within) continue
    return `[${index(wanted.shape, i)}] is ${describeNumber(b, wanted.dtype)}, not ${a}, at most ${within} apart`
  }
  return null
}

/** The index of element i. */
const index = (shape: readonly number[], i: number): readonly number[] =>
  shape.reduceRight<{ readonly rest: number; readonly at: readonly number[] }>(
    ({ rest, at }, n) => ({ rest: Math.floor(rest / n), at: [rest % n, ...at] }),
    { rest: i, at: [] },
  ).at

/** Bit for bit, except that there is one NaN. */
export const sameBits = <T extends Values | Float32Array>(a: T, b: T): boolean =>
  a.constructor === b.constructor && a.length === b.length && a.every((x: number, i: number) => Object.is(x, b[i]))
