/** Tensors of random numbers, and their numbers side by side: what tests of operations over random shapes share. */
import { key, normal, toTypedArray } from 'shapewright'
import { expect } from 'vitest'

// biome-ignore lint/suspicious/noExplicitAny: shapes and options are random
export type Any = any
export const random = (shape: readonly number[], seed: number): Any => normal(key(seed), shape as Any)
export const numbers = (x: Any): readonly number[] => Array.from(toTypedArray(x as Any) as Iterable<number>)
export const close = (a: readonly number[], b: readonly number[], within = 1e-5): void => {
  expect(a.length).toBe(b.length)
  for (const [i, x] of a.entries()) expect(Math.abs(x - (b[i] as number))).toBeLessThanOrEqual(within)
}
