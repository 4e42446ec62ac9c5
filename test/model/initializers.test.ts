/** Initializers: moments, fans, names of sizes, and the same numbers from the same key. */
import { describe, expect, it } from 'vitest'
import type { Value } from '../../src/graph/evaluate/value.ts'
import { bindDims, graphOf } from '../../src/graph/graph.ts'
import { interpret } from '../../src/graph/interpret.ts'
import * as initializers from '../../src/model/initializers.ts'
import { unitNormal } from '../../src/tensor/draw.ts'
import { bitsOf, key } from '../../src/tensor/random.ts'
import type { Dims, Sizes } from '../../types/dim.ts'
import { numbers } from '../autodiff/differences.ts'

const { constant, normal, ones, uniform, zeros } = initializers
const drawn = (initializer: initializers.Initializer, shape: Dims, sizes: Sizes = {}, seed = 0): readonly number[] =>
  numbers(initializer(shape, key(seed), sizes))
const moments = (values: readonly number[]) => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  return { mean, deviation: Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) }
}
const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0)

describe('initializers', () => {
  it('that draw nothing', () => {
    expect([drawn(zeros, [2]), drawn(ones, [2]), drawn(constant(0.5), [1, 2]), drawn(ones, [])]).toEqual([[0, 0], [1, 1], [0.5, 0.5], [1]])
  })

  it('have the range or moments that are asked for', () => {
    const flat = drawn(uniform({ min: 1, max: 3 }), [4000])
    expect(Math.min(...flat)).toBeGreaterThanOrEqual(1)
    expect(Math.max(...flat)).toBeLessThan(3)
    expect(moments(flat).mean).toBeCloseTo(2, 1)
    const bell = moments(drawn(normal({ mean: 2, standardDeviation: 0.1 }), [4000]))
    expect([bell.mean, bell.deviation].map((v) => v.toFixed(2))).toEqual(['2.00', '0.10'])
  })

  const families = [
    ['glorot', Math.sqrt(2 / 100), initializers.glorotUniform, initializers.glorotNormal],
    ['he', Math.sqrt(2 / 60), initializers.heUniform, initializers.heNormal],
    ['lecun', Math.sqrt(1 / 60), initializers.lecunUniform, initializers.lecunNormal],
  ] as const
  for (const [name, wanted, ofUniform, ofNormal] of families) {
    it(`${name}: the deviation follows from the fans of [in, out]`, () => {
      const [flat, bell] = [drawn(ofUniform, [60, 40]), drawn(ofNormal, [60, 40])]
      for (const { mean, deviation } of [moments(flat), moments(bell)]) {
        expect(Math.abs(mean)).toBeLessThan(wanted / 12)
        expect(Math.abs(deviation / wanted - 1)).toBeLessThan(0.05)
      }
      expect(largest(flat)).toBeLessThanOrEqual(wanted * Math.sqrt(3))
      expect(largest(flat)).toBeGreaterThan(wanted * Math.sqrt(3) * 0.99)
      // Not truncated: Keras cuts at two deviations.
      expect(largest(bell)).toBeGreaterThan(wanted * 3)
    })
  }

  it('a kernel multiplies both fans; a vector stands on both sides; a scalar has fans of 1', () => {
    const scale = (shape: Dims) =>
      (drawn(initializers.heNormal, shape)[0] as number) / (drawn(normal({ standardDeviation: 1 }), shape)[0] as number)
    expect(scale([3, 3, 2, 5])).toBeCloseTo(Math.sqrt(2 / 18), 12)
    expect(scale([8])).toBeCloseTo(Math.sqrt(2 / 8), 12)
    expect(scale([])).toBeCloseTo(Math.sqrt(2), 12)
    expect(drawn(initializers.glorotUniform, [0, 3])).toEqual([])
  })

  it('names of sizes are worth their numbers', () => {
    const sizes = { hidden: 6 }
    const named = initializers.glorotUniform([4, 'hidden'], key(1), sizes)
    expect(named.shape).toEqual([4, 'hidden'])
    expect(numbers(named)).toEqual(drawn(initializers.glorotUniform, [4, 6], {}, 1))
    expect(numbers(zeros(['hidden'], key(1), sizes))).toEqual([0, 0, 0, 0, 0, 0])
    expect(() => initializers.heNormal([4, 'hidden'], key(1))).toThrow(
      "heNormal: the size of 'hidden' is not known; write dim('hidden', n)",
    )
  })

  it('the same key gives the same numbers, another key others', () => {
    expect(drawn(initializers.heNormal, [5, 4], {}, 3)).toEqual(drawn(initializers.heNormal, [5, 4], {}, 3))
    expect(drawn(initializers.heNormal, [5, 4], {}, 3)).not.toEqual(drawn(initializers.heNormal, [5, 4], {}, 4))
  })

  it('numbers must be finite', () => {
    expect(() => constant(Number.NaN)).toThrow('constant: the value must be a finite number, got NaN')
    expect(() => uniform({ max: Number.POSITIVE_INFINITY })).toThrow('uniform: the maximum must be a finite number, got Infinity')
    expect(() => normal({ standardDeviation: Number.NaN })).toThrow('normal: the standard deviation must be a finite number, got NaN')
  })

  it('orthogonal: the bits of Gram and Schmidt, vector by vector, on the normal numbers of the evaluator', () => {
    const [count, length] = [9, 40]
    const graph = bindDims(graphOf([unitNormal(bitsOf('test', key(7)), [count * length], {})], []), {}, 'test')
    const flat = Array.from((interpret(graph, [])[0] as Value).values)
    const vectors = Array.from({ length: count }, (_, k) => flat.slice(k * length, (k + 1) * length))
    const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * (b[i] as number), 0)
    const done: number[][] = []
    for (const vector of vectors) {
      const left = done.reduce((rest, before) => {
        const along = dot(rest, before)
        return rest.map((x, i) => x - along * (before[i] as number))
      }, vector)
      const scale = Math.sqrt(dot(left, left))
      done.push(left.map((x) => x / scale))
    }
    expect(drawn(initializers.orthogonal, [count, length], {}, 7)).toEqual(done.flat().map(Math.fround))
  })

  it('orthogonal: columns, or rows where these are fewer, of length 1 at right angles', () => {
    for (const [shape, sizes, rows, columns] of [
      [[5, 5], {}, 5, 5],
      [[7, 3], {}, 7, 3],
      [[2, 6], {}, 2, 6],
      [[2, 3, 4], {}, 6, 4],
      [['n', '2*n'], { n: 3 }, 3, 6],
      [[0, 3], {}, 0, 3],
    ] as const) {
      const values = drawn(initializers.orthogonal, shape, sizes, 3)
      const at = (vector: number, i: number): number =>
        (rows >= columns ? values[i * columns + vector] : values[vector * columns + i]) as number
      const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)]
      for (let a = 0; a < count; a++)
        for (let b = 0; b < count; b++) {
          const product = Array.from({ length }, (_, i) => at(a, i) * at(b, i)).reduce((sum, x) => sum + x, 0)
          expect(product).toBeCloseTo(a === b ? 1 : 0, 6)
        }
    }
    const many = Array.from({ length: 400 }, (_, seed) => drawn(initializers.orthogonal, [2, 2], {}, seed))
    expect(Math.abs(moments(many.map(([x]) => x as number)).mean)).toBeLessThan(0.1)
    expect(many.filter(([a, b, c, d]) => (a as number) * (d as number) > (b as number) * (c as number)).length).toBeGreaterThan(150)
    expect(drawn(initializers.orthogonal, [3, 3], {}, 1)).toEqual(drawn(initializers.orthogonal, [3, 3], {}, 1))
    expect(() => initializers.orthogonal([3], key(0))).toThrow('orthogonal: needs rank >= 2, got [3]')
    expect(() => initializers.orthogonal([2, 'm'], key(0))).toThrow("orthogonal: the size of 'm' is not known; write dim('m', n)")
  })
})
