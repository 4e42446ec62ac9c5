/** Noise while training: which channels are dropped, how much is added, and when. */
import {
  compute,
  conv2d,
  dim,
  full,
  gaussianNoise,
  grad,
  input,
  key,
  mean,
  ones,
  pipe,
  spatialDropout,
  sum,
  type Tensor,
  toArray,
  toTypedArray,
  variance,
  zeros,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { refuses } from '../model/helpers.ts'

const images = ones([50, 3, 3, 8])

describe('spatialDropout', () => {
  it('drops whole channels of each sample, and keeps the mean', () => {
    const values = [...toTypedArray(compute(pipe(images, spatialDropout(0.25, key(1)))))]
    const channel = (n: number, c: number): readonly number[] =>
      [...Array(9).keys()].map((place) => values[(n * 9 + place) * 8 + c] as number)
    const all = [...Array(400).keys()].map((i) => channel(i >> 3, i & 7))
    expect(all.every((places) => new Set(places).size === 1)).toBe(true)
    expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.75)]))
    expect(all.filter(([first]) => first === 0).length / 400).toBeCloseTo(0.25, 1)
    const dropped = (n: number): string =>
      all
        .slice(8 * n, 8 * n + 8)
        .map(([first]) => first)
        .join()
    expect(dropped(0)).not.toBe(dropped(1))
  })
  it('works on sequences, on sizes with names, and has a gradient', () => {
    const sequence = toArray(compute(pipe(ones([2, dim('time', 4), 16]), spatialDropout(0.5, key(3)))))
    expect(sequence[0]?.[0]).toEqual(sequence[0]?.[3])
    const slope = grad((x: Tensor<[1, 2, 4]>) => pipe(x, spatialDropout(0.5, key(3)), sum()))(zeros([1, 2, 4]))
    expect(toArray(slope)).toEqual(toArray(pipe(ones([1, 2, 4]), spatialDropout(0.5, key(3)))))
    expect(pipe(images, spatialDropout(0, key(0)))).toBe(images)
  })
  it('in a model drops out while training alone', () => {
    const model = pipe(input([3, 3, 8]), spatialDropout(0.5))
    const x = ones([4, 3, 3, 8])
    expect(toArray(model.apply({}, x))).toEqual(toArray(x))
    const [y] = model.applyTraining({}, x, key(2))
    expect(new Set(toTypedArray(compute(y)))).toEqual(new Set([0, 2]))
    expect(toArray(model.applyTraining({}, x, key(2))[0])).toEqual(toArray(y))
    expect(pipe(input([8, 8, 1]), conv2d({ filters: 4, kernel: 3 }), spatialDropout(0.1)).output).toEqual([6, 6, 4])
  })
  it('says what is wrong', () => {
    refuses('spatialDropout: the rate must be at least 0 and below 1, got 1', () => spatialDropout(1))
    refuses('spatialDropout: needs rank >= 2, got [8]', () => spatialDropout(0.5)(input([8]) as never))
    refuses('spatialDropout: needs rank >= 3, got [4, 8]', () => spatialDropout(0.5, key(0))(zeros([4, 8]) as never))
    refuses('spatialDropout: on a tensor it needs a key; write spatialDropout(rate, key)', () => spatialDropout(0.5)(images as never))
    refuses('spatialDropout: expected f32, got i32', () => spatialDropout(0.5, key(0))(zeros([4, 2, 8], 'i32') as never))
  })
})

describe('gaussianNoise', () => {
  it('adds normal numbers while training alone', () => {
    const x = full([2000], 3)
    const y = pipe(x, gaussianNoise(0.5, key(4)))
    expect(toArray(pipe(y, mean()))).toBeCloseTo(3, 1)
    expect(toArray(pipe(y, variance()))).toBeCloseTo(0.25, 1)
    const model = pipe(input([4]), gaussianNoise(0.5))
    const [noisy] = model.applyTraining({}, zeros([3, 4]), key(1))
    expect(toArray(model.apply({}, zeros([3, 4])))).toEqual(toArray(zeros([3, 4])))
    expect([...toTypedArray(compute(noisy))].every((v) => v !== 0)).toBe(true)
    expect(toArray(grad((z: Tensor<[3]>) => pipe(z, gaussianNoise(1, key(0)), sum()))(zeros([3])))).toEqual([1, 1, 1])
  })
  it('says what is wrong', () => {
    refuses('gaussianNoise: the deviation must be a number from 0 on, got -1', () => gaussianNoise(-1))
    refuses('gaussianNoise: on a tensor it needs a key; write gaussianNoise(deviation, key)', () => gaussianNoise(1)(zeros([2]) as never))
    refuses('gaussianNoise: expected f32, got bool', () => gaussianNoise(1, key(0))(ones([2], 'bool') as never))
  })
})
