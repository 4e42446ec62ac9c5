import fc from 'fast-check'
import { expect, it } from 'vitest'
import { shuffle } from '../../src/data/shuffle.ts'

const ordered = (length: number, key: readonly [number, number]): readonly number[] => {
  const order = new Uint32Array(length)
  shuffle(order, key)
  return [...order]
}
const anyKey = fc.tuple(fc.integer(), fc.integer())

it('is a permutation', () => {
  fc.assert(
    fc.property(fc.nat(300), anyKey, (length, key) => {
      expect(ordered(length, key).toSorted((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i))
    }),
  )
})
it('depends on the key, and on nothing that stood in the array', () => {
  const order = Uint32Array.from({ length: 100 }, () => 7)
  shuffle(order, [1, 2])
  expect([...order]).toEqual(ordered(100, [1, 2]))
  expect(ordered(100, [1, 3])).not.toEqual(ordered(100, [1, 2]))
  expect(ordered(8, [0, 0])).toEqual([2, 3, 0, 5, 4, 7, 6, 1])
})
it('gives every order of four equally often', () => {
  const counts = new Map<string, number>()
  const runs = 24_000
  for (let i = 0; i < runs; i++) {
    const order = ordered(4, [i, -i]).join()
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  const expected = runs / 24
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  expect(counts.size).toBe(24)
  expect(chiSquare).toBeLessThan(49.7) // 23 degrees of freedom, p = 0.001
})
it('shuffles sixty thousand in milliseconds', () => {
  const order = new Uint32Array(60_000)
  shuffle(order, [3, 4])
  const fixed = order.reduce((count, value, i) => count + (value === i ? 1 : 0), 0)
  expect(new Set(order).size).toBe(60_000)
  expect(fixed).toBeLessThan(10)
})
