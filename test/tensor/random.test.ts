/** Keys and what is drawn with them. */
import fc from 'fast-check'
import type { Key, Tensor } from 'shapewright'
import {
  bernoulli,
  compute,
  dim,
  dropout,
  foldIn,
  key,
  normal,
  ones,
  pipe,
  scalar,
  split,
  tensor,
  toArray,
  toTypedArray,
  uniform,
  zeros,
} from 'shapewright'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { erf } from '../../src/graph/math.ts'
import { threefry, threefryWords } from '../../src/graph/threefry.ts'

const words = (key: Key) => toArray(key.bits)
const seeds = fc.integer({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1 })
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

describe('keys', () => {
  it('of different seeds differ', () =>
    fc.assert(fc.property(seeds, seeds, (a, b) => (JSON.stringify(words(key(a))) === JSON.stringify(words(key(b)))) === (a === b))))

  it('split into the first two blocks of the generator', () => {
    const [left, right] = split(key(7))
    expect([...words(left), ...words(right)]).toEqual([...threefryWords([0, 7], 4)])
  })

  it('fold in data after the key was hashed', () => {
    const hashed = threefry([0, 7], [0, 0])
    expect(words(foldIn(key(7), 3))).toEqual([...threefry([hashed[0] ^ 0x6e756d62, hashed[1] ^ 3], [0, 0])])
  })

  it('never meet: seed s at step t is no other seed at another step', () => {
    const seen = new Set<string>()
    for (let seed = 0; seed < 8; seed++) for (let step = 0; step < 8; step++) seen.add(`${words(foldIn(key(seed), step))}`)
    for (const name of ['a', 'b', 'dense1', 'dense2', '', '0', '1']) seen.add(`${words(foldIn(key(0), name))}`)
    expect(seen.size).toBe(71)
  })

  it('fold in a count that is a tensor as they do a number', () =>
    fc.assert(
      fc.property(fc.integer(), (step) => {
        expect(words(foldIn(key(1), scalar(step, 'i32')))).toEqual(words(foldIn(key(1), step)))
      }),
      { numRuns: 20 },
    ))

  it('tell large counts from those with the same lower word', () => {
    const counts = [5, 5 - 2 ** 32, 5 + 2 ** 32, 5 + 2 ** 33, -5, 2 ** 32 - 5, 2 ** 31, -(2 ** 31)]
    expect(new Set(counts.map((count) => `${words(foldIn(key(0), count))}`)).size).toBe(counts.length)
  })

  it('refuse what is neither a seed nor data', () => {
    expect(() => key(0.5)).toThrow('key: the seed must be a whole number, got 0.5')
    expect(() => foldIn(key(0), 0.5)).toThrow('foldIn: the data must be a whole number, a name or an i32 scalar, got 0.5')
    expect(() => foldIn(key(0), scalar(1) as never)).toThrow('foldIn: the data must be a whole number, a name or an i32 scalar, got f32 []')
    expect(() => split(undefined as never)).toThrow('split: expected a key, got undefined')
    expect(() => uniform(null as never, [2])).toThrow('uniform: expected a key, got null')
  })
})

describe('uniform', () => {
  it('is the upper 24 bits of each word', () => {
    const bits = threefryWords([0, 5], 8)
    expect(toArray(uniform(key(5), [8]))).toEqual([...bits].map((word) => (word >>> 8) / 2 ** 24))
  })
  it('stays in its range', () => {
    const values = toArray(uniform(key(3), [2000], { min: -2, max: 3 }))
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-2)
    expect(Math.max(...values)).toBeLessThan(3)
    expect(total(values) / 2000).toBeCloseTo(0.5, 0)
  })
  it('has the shape it was given', () => {
    expectTypeOf(uniform(key(0), ['batch', dim('hidden', 3)])).toEqualTypeOf<Tensor<['batch', 'hidden']>>()
    expect(toArray(uniform(key(0), [2, dim('hidden', 3)])).map((row) => row.length)).toEqual([3, 3])
    expect(() => uniform(key(0), [-1] as never)).toThrow('uniform: a size must be a whole number, got -1')
    expect(() => uniform(key(0), [2], { max: Number.NaN })).toThrow('uniform: the maximum must be a finite number, got NaN')
  })
})

describe('normal', () => {
  it('has the moments it was given', () => {
    const values = toArray(normal(key(11), [4000], { mean: 2, standardDeviation: 3 }))
    const mean = total(values) / 4000
    expect(mean).toBeCloseTo(2, 0)
    expect(Math.sqrt(total(values.map((x) => (x - mean) ** 2)) / 4000)).toBeCloseTo(3, 0)
  })
  it('has as many numbers below each quantile as it should', () => {
    const values = toArray(normal(key(12), [4000]))
    for (const z of [-2, -1, -0.3, 0, 0.7, 1.5, 2.5])
      expect(Math.abs(values.filter((x) => x < z).length / 4000 - (1 + erf(z / Math.SQRT2)) / 2)).toBeLessThan(0.025)
  })
  it('undoes the error function', () => {
    const bits = threefryWords([0, 13], 500)
    toArray(normal(key(13), [500])).forEach((z, i) => {
      const u = (((bits[i] as number) >>> 8) - 2 ** 23) / 2 ** 23 + 2 ** -24
      expect(Math.abs(erf(z / Math.SQRT2) - u)).toBeLessThan(4e-7)
    })
  })
})

describe('bernoulli', () => {
  it('is true as often as it should', () => {
    const draws = toArray(bernoulli(key(4), [4000], 0.3))
    expect(draws.filter(Boolean).length / 4000).toBeCloseTo(0.3, 1)
    expect(toArray(bernoulli(key(4), [50], 0)).some(Boolean)).toBe(false)
    expect(toArray(bernoulli(key(4), [50], 1)).every(Boolean)).toBe(true)
  })
  it('refuses what is no probability', () =>
    expect(() => bernoulli(key(0), [2], 1.5)).toThrow('bernoulli: the probability must be between 0 and 1, got 1.5'))
})

describe('dropout on a tensor', () => {
  it('drops its share and scales the rest', () => {
    const values = toArray(pipe(ones([4000]), dropout(0.25, key(2))))
    expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.75)]))
    expect(values.filter((value) => value === 0).length / 4000).toBeCloseTo(0.25, 1)
  })
  it('says what is wrong', () => {
    expect(() => dropout(1)).toThrow('dropout: the rate must be at least 0 and below 1, got 1')
    expect(() => dropout(ones([2]) as never)).toThrow('dropout: call it, dropout(rate)')
    expect(() => dropout(Number.NaN, key(0))).toThrow('dropout: the rate must be at least 0 and below 1, got NaN')
    expect(() => dropout(0.5)(zeros([2]) as never)).toThrow('dropout: on a tensor it needs a key; write dropout(rate, key)')
    expect(() => dropout(0.5, key(0))(tensor([1], 'i32') as never)).toThrow('dropout: expected f32, got i32')
  })
})

it('the same key draws the same bits', () => {
  const draw = () => compute({ u: uniform(key(9), [5]), n: normal(key(9), [5]) })
  expect([...toTypedArray(draw().u), ...toTypedArray(draw().n)]).toEqual([...toTypedArray(draw().u), ...toTypedArray(draw().n)])
})
