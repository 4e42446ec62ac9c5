/** What data sets become: mapped, filtered, joined, cut into batches; in memory and read a block at a time alike. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import {
  add,
  argmax,
  attention,
  type Classes,
  cast,
  classes,
  conv1d,
  type Dataset,
  dataset,
  dense,
  dim,
  einsum,
  equal,
  expandDims,
  flatten,
  grad,
  gru,
  input,
  key,
  layerNorm,
  matmul,
  max,
  mean,
  moments,
  mul,
  normal,
  oneHot,
  pipe,
  pixels,
  relu,
  reshape,
  ShapeError,
  type StreamedDataset,
  samples,
  sin,
  softmax,
  sub,
  sum,
  type Tensor,
  tensor,
  toArray,
  transpose,
  zeros,
} from 'shapewright'
import { describe, expect, expectTypeOf, it, vi } from 'vitest'
import { columnsOf, type Rows } from '../../src/data/data-source.ts'
import { streamed } from '../../src/data/stream/stream.ts'
import type { Typed } from '../../types/model.ts'
import { leftOf, rightOf } from '../train/values.ts'
import { counted, sourceOf } from './sources.ts'

const digits = (count: number) =>
  rightOf(
    dataset(
      pixels(
        Uint8Array.from({ length: count * 4 }, (_, i) => (i * 37) % 256),
        [2, 2, 1],
      ),
      classes(
        Array.from({ length: count }, (_, i) => i % 10),
        10,
      ),
      { weights: samples(Array.from({ length: count }, (_, i) => i), []) }, // biome-ignore format: a number a sample
    ),
  )
const stream = <X, Y>(data: Dataset<X, Y>, blockRows: number): StreamedDataset<X, Y> => streamed<X, Y>(sourceOf(data, blockRows))
const values = (given: Rows): readonly (readonly number[])[] => columnsOf(given).map((column) => [...column.values])
const types = ({ inputs, targets, weights }: Rows): readonly unknown[] =>
  [inputs, targets, weights].map((column) => column && [column.shape, column.dtype, column.classes, column.stored, column.width])

const weight = tensor(Array.from({ length: 12 }, (_, i) => i / 7 - 1), [4, 3]) // biome-ignore format: a matrix

describe('map', () => {
  it('is a function over a batch: new shapes are inferred, and the values are those of the function', async () => {
    const data = digits(300)
    const mapped = rightOf(await data.map((x, y) => [pipe(x, flatten, matmul(weight), relu), y])())
    expectTypeOf(mapped).toEqualTypeOf<Dataset<[3], Classes<10>>>()
    const [x] = data.batch(300)
    const expected = toArray(pipe(x, flatten, matmul(weight), relu)).flat()
    for (const [i, value] of [...mapped.inputs.values].entries()) expect(value).toBeCloseTo(expected[i] as number, 5)
    expect([...mapped.targets.values]).toEqual([...data.targets.values])
    expect(mapped.weights).toBe(data.weights)
  })
  it('leaves as it is what the function does: pixels stay bytes, and nothing is compiled', async () => {
    const data = digits(20)
    const compiles = vi.spyOn(WebAssembly, 'compile')
    const copied = rightOf(await data.map((x) => [x, x])())
    expect(compiles).not.toHaveBeenCalled()
    vi.restoreAllMocks()
    expectTypeOf(copied).toEqualTypeOf<Dataset<[2, 2, 1], [2, 2, 1]>>()
    expect([copied.inputs.stored, copied.targets.stored]).toEqual(['u8', 'u8'])
    expect(copied.inputs.values).toBe(data.inputs.values)
  })
  it('keeps class numbers below their number, or below one that is said', async () => {
    const data = digits(30)
    const parity = rightOf(await data.map((x, y) => [x, pipe(y, equal(3), cast('i32'))], { classes: 2 })())
    expectTypeOf(parity).toEqualTypeOf<Dataset<[2, 2, 1], Classes<2>>>()
    expect([...parity.targets.values]).toEqual([...data.targets.values].map((y) => (y === 3 ? 1 : 0)))
    expect(parity.targets.classes).toBe(2)
    expect(leftOf(await data.map((x, y) => [x, pipe(y, add(1))])())).toEqual({
      tag: 'BadLabel',
      sample: 9,
      value: 10,
      classes: 10,
      message: 'map: the label of sample 9 is 10, expected a whole number from 0 to 9',
    })
    const told = rightOf(await digits(5).map((x, y) => [x, y], { classes: 12 })())
    expectTypeOf(told).toEqualTypeOf<Dataset<[2, 2, 1], Classes<12>>>()
    expect(told.targets.classes).toBe(12)
  })
  it('gives tokens and tensors of any side, and names of their own', async () => {
    const data = rightOf(dataset(samples(new Float32Array(24), [dim('time', 3), 2]), samples(new Float32Array(4), [])))
    const mapped = rightOf(await data.map((x) => [pipe(x, argmax(-1)), pipe(x, mul(2), add(1), sub(0.5), relu)] as const)())
    expectTypeOf(mapped).toEqualTypeOf<Dataset<Typed<['time'], 'i32'>, ['time', 2]>>()
    expect([mapped.inputs.sizes, mapped.targets.sizes, mapped.targets.width]).toEqual([{ time: 3 }, { time: 3 }, 6])
    expect([...mapped.targets.values]).toEqual(new Array(24).fill(0.5))
  })
  it('says which sample is not finite', async () => {
    const data = counted(300)
    const error = leftOf(await data.map((x, y) => [x, pipe(y, sub(280), mul(1e38), mul(20))])())
    expect(error).toMatchObject({
      tag: 'NotFinite',
      sample: 0,
      message: expect.stringMatching(/^map: the target of sample 0 has -Infinity at \[0\]/),
    })
  })
  it('refuses what is no pair of batches, from JavaScript too', () => {
    const data = digits(5)
    const untyped = data as unknown as { map: (f: unknown, options?: unknown) => unknown }
    const refused: readonly (readonly [unknown, unknown, string])[] = [
      [7, {}, 'map: expected a function of a batch, got 7'],
      [(x: unknown, y: unknown) => [x, y, y], {}, 'map: the function must give [inputs, targets]'],
      [(x: unknown) => [x, 3], {}, 'map: the targets are no tensor'],
      [(_: unknown, y: unknown) => [zeros([4]), y], {}, 'map: the inputs must have the dim batch in front and nowhere else, got [4]'],
      [(x: Tensor<['batch', 4]>, y: unknown) => [pipe(x, equal(0)), y], {}, 'map: the inputs are bool [batch, 2, 2, 1], cast them to f32'],
      [
        (x: unknown, y: Tensor<['batch'], 'i32'>) => [x, pipe(y, cast('f32'))],
        { classes: 3 },
        'map: class numbers are i32, the targets are [batch]',
      ],
      [(x: unknown, y: unknown) => [x, y], { classes: 0.5 }, 'map: the number of classes must be a literal from 1 on'],
      [(x: unknown, y: unknown) => [x, y], { clases: 3 }, "map: there is no option 'clases'"],
    ]
    for (const [f, options, message] of refused) expect(() => untyped.map(f, options)).toThrow(message)
    const named = rightOf(dataset(samples(new Float32Array(6), [dim('batch', 3)]), samples([1, 2], [])))
    // @ts-expect-error map: a dim of the samples is named 'batch', as the one in front of them is
    expect(() => named.map((x, y) => [x, y])).toThrow("map: a dim of the samples is named 'batch', as the one in front of them is")
    const points = counted(3)
    // @ts-expect-error map: the targets are i32 [batch, 1]; say in the options how many classes there are
    expect(() => points.map((x, y) => [x, pipe(y, cast('i32'))])).toThrow('map: the targets are i32 [batch, 1]; say in the options how many classes there are') // biome-ignore format: one line below the sentence
  })
})

/** What is said of a function that brings samples together. */
const why = (op: string, does: string): string =>
  `map: each sample is mapped by itself, and ${op} ${does}; compute what needs all samples before, as moments(data) does`

describe('map treats every sample by itself', () => {
  const points = counted(300)
  const grid = rightOf(dataset(samples(new Float32Array(20 * 24), [4, 6]), classes(new Int32Array(20), 2)))
  it('and refuses what brings samples together, before anything is compiled', () => {
    const compiles = vi.spyOn(WebAssembly, 'compile')
    expect(() => points.map((x, y) => [pipe(x, sub(mean(0)(x))), y])).toThrow(why('sum', 'adds those of a batch up'))
    expect(() => points.map((x, y) => [pipe(x, sub(max(0)(x))), y])).toThrow(why('max', 'brings those of a batch together'))
    expect(() => points.map((x, y) => [x, pipe(y, softmax(0))])).toThrow(ShapeError)
    expect(() => points.map((x, y) => [mul(x, sum()(x)), y])).toThrow(why('sum', 'adds those of a batch up'))
    expect(() => points.map((x, y) => [matmul(x, matmul(transpose(x), x)), y])).toThrow(ShapeError)
    expect(() => stream(points, 7).map((x, y) => [pipe(x, sub(mean(0)(x))), y])).toThrow(why('sum', 'adds those of a batch up'))
    expect(() => points.map((x, y) => [add(x, normal(key(1), ['batch', 1])), y])).toThrow(why('random', 'would draw the same for every batch')) // biome-ignore format: one line
    expect(compiles).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })
  it('and takes layers, models, gradients of a sample, and all that stays in one', async () => {
    const model = pipe(input([4, 6]), conv1d({ filters: 3, kernel: 2 }), layerNorm(), gru(5), attention(1), flatten, dense(2))
    const params = model.init(key(1))
    const slope = grad((x: Tensor<['batch', 4, 6]>) => sum()(mul(x, sin(x))))
    const mapped = rightOf(await grid.map((x, y) => [model.apply(params, x), y])())
    expectTypeOf(mapped).toEqualTypeOf<Dataset<[2], Classes<2>>>()
    const taken: readonly (() => unknown)[] = [
      () => grid.map((x, y) => [slope(x), y]),
      () => grid.map((x, y) => [pipe(x, sub(pipe(x, mean(1, { keepDims: true }))), softmax(-1)), y]),
      () => grid.map((x, y) => [pipe(x, reshape([-1, 6]), matmul(zeros([6, 2])), reshape(['batch', 4, 2])), y]),
      () => grid.map((x, y) => [einsum('bij,bkj->bik', x, x), y]),
      () => grid.map((x, y) => [pipe(oneHot(2)(y), expandDims(1), add(mean([1, 2], { keepDims: true })(x))), y]),
    ]
    for (const map of taken) expect(map).not.toThrow()
  })
})

describe('moments', () => {
  it('are those of all samples in f64, in memory and in a stream alike, pixels as a model sees them', async () => {
    const many = rightOf(dataset(samples(Float32Array.from({ length: 30_000 }, (_, i) => (i % 3 === 2 ? 7 : 1e4 + (i % 11))), [3]), samples(new Float32Array(10_000), []))) // biome-ignore format: three columns
    const column = Array.from({ length: 10_000 }, (_, i) => 1e4 + ((3 * i) % 11))
    const average = column.reduce((total, value) => total + value, 0) / 10_000
    const deviation = Math.sqrt(column.reduce((total, value) => total + (value - average) ** 2, 0) / 10_000)
    const found = rightOf(await moments(many)())
    expectTypeOf(found.mean).toEqualTypeOf<Tensor<[3]>>()
    expect([toArray(found.mean)[0], toArray(found.deviation)[0]]).toEqual([Math.fround(average), Math.fround(deviation)])
    expect([toArray(found.mean)[2], toArray(found.deviation)[2]]).toEqual([7, 0])
    const streamed = rightOf(await moments(stream(many, 999))())
    expect([toArray(streamed.mean), toArray(streamed.deviation)]).toEqual([toArray(found.mean), toArray(found.deviation)])
    const [x] = digits(300).batch(300)
    const seen = rightOf(await moments(digits(300))())
    for (const [i, value] of toArray(pipe(x, mean(0)))
      .flat(2)
      .entries())
      expect(toArray(seen.mean).flat(2)[i]).toBeCloseTo(value, 5)
  })
  it('refuse what has none, and say what could not be read', async () => {
    await expect(moments(7 as never)()).rejects.toThrow('moments: expected a data set, got 7')
    const tokens = rightOf(dataset(classes([0, 1], 2, [1]), classes([0, 1], 2)))
    await expect(moments(tokens as never)()).rejects.toThrow('moments: the inputs are tokens, which have no mean')
    const broken = rightOf(await stream(digits(30), 7).map((x, y) => [x, pipe(y, add(1))])())
    expect(leftOf(await moments(broken)()).message).toBe('map: the label of sample 9 is 10, expected a whole number from 0 to 9')
  })
})

describe('filter, concat, batches', () => {
  it('filter keeps samples by their values, pixels as a model sees them', () => {
    const data = digits(20)
    const kept = data.filter((x, y, sample) => {
      expectTypeOf(x).toEqualTypeOf<Float32Array>()
      expectTypeOf(y).toEqualTypeOf<number>()
      expect(x[1]).toBe(Math.fround((((sample * 4 + 1) * 37) % 256) / 255))
      return y === 3 || sample === 0
    })
    expectTypeOf(kept).toEqualTypeOf<Dataset<[2, 2, 1], Classes<10>>>()
    expect([...kept.targets.values]).toEqual([0, 3, 3])
    expect([...(kept.weights?.values ?? [])]).toEqual([0, 3, 13])
    expect(data.filter(() => false).length).toBe(0)
    expect(() => data.filter(3 as never)).toThrow('filter: expected a function of a sample, got 3')
  })
  it('concat puts one set behind another; pixels beside numbers become numbers, a missing weight is one', () => {
    const data = digits(3)
    const numbers = rightOf(dataset(samples([1, 2, 3, 4], [2, 2, 1]), classes([9], 10)))
    const both = data.concat(numbers)
    expectTypeOf(both).toEqualTypeOf<Dataset<[2, 2, 1], Classes<10>>>()
    expect([both.length, both.inputs.stored]).toEqual([4, 'f32'])
    expect([...both.inputs.values].slice(0, 2)).toEqual([0, Math.fround(37 / 255)])
    expect([...both.inputs.values].slice(12)).toEqual([1, 2, 3, 4])
    expect([...(both.weights?.values ?? [])]).toEqual([0, 1, 2, 1])
    expect(values(digits(2).concat(digits(3)))[1]).toEqual([0, 1, 0, 1, 2])
    const others = 'concat: the samples are [2, 2, 1] with targets 10 classes, those of the other set [2] with [1]'
    // @ts-expect-error concat: the samples are [2, 2, 1] with targets 10 classes, those of the other set [2] with [1]
    expect(() => data.concat(counted(2))).toThrow(others)
    expect(() => data.concat(null as never)).toThrow('concat: expected a data set, got null')
  })
  it('batches are all samples in order', () => {
    const data = counted(7)
    const whole = [...data.batches(3)]
    expectTypeOf(whole[0]).toEqualTypeOf<readonly [inputs: Tensor<[3, 2]>, targets: Tensor<[3, 1]>] | undefined>()
    expect(whole.map(([, y]) => toArray(y).flat())).toEqual([[0, 1, 2], [3, 4, 5]]) // biome-ignore format: batches
    const all = [...data.batches(dim('n', 3))]
    expect(all.map(([, y]) => toArray(y).flat())).toEqual([[0, 1, 2], [3, 4, 5], [6]]) // biome-ignore format: batches
    expect(all.at(-1)?.[0].shape).toEqual(['n', 2])
    expect(() => data.batches(0)).toThrow('batches: expected a whole number of samples from 1 on, got 0')
  })
})

describe('of a stream', () => {
  const sized = fc.record({ length: fc.integer({ min: 1, max: 40 }), blockRows: fc.integer({ min: 1, max: 12 }), ahead: fc.nat(3) })
  it('each operation gives what it gives in memory, whatever the blocks', async () => {
    await fc.assert(
      fc.asyncProperty(sized, fc.integer({ min: 1, max: 5 }), async ({ length, blockRows, ahead }, modulus) => {
        const data = digits(length)
        const read = stream(data, blockRows).prefetch(ahead)
        const isKept = (_: unknown, y: number) => y % modulus === 0
        const kept = rightOf(await read.filter(isKept)())
        expect(kept.length).toBe(data.filter(isKept).length)
        expect(values(rightOf(await kept.load()))).toEqual(values(data.filter(isKept)))
        const twice = rightOf(await read.concat(kept).load())
        expect(values(twice)).toEqual(values(data.concat(data.filter(isKept))))
        expect(types(twice)).toEqual(types(data))
        const half = Math.floor(kept.length / 2)
        expect(values(rightOf(await kept.split(half)[1].load()))).toEqual(values(data.filter(isKept).split(half)[1]))
      }),
      { numRuns: 40 },
    )
  })
  it('map is the same function, compiled once', async () => {
    const data = digits(50)
    const f = (x: Tensor<['batch', 2, 2, 1]>, y: Tensor<['batch'], 'i32'>) => [pipe(x, flatten, matmul(weight)), y] as const
    const expected = values(rightOf(await data.map(f)()))
    for (const blockRows of [1, 7, 50]) {
      const mapped = rightOf(await stream(data, blockRows).map(f)())
      expectTypeOf(mapped).toEqualTypeOf<StreamedDataset<[3], Classes<10>>>()
      expect(values(rightOf(await mapped.load()))).toEqual(expected)
    }
    const broken = rightOf(await stream(data, 7).map((x, y) => [x, pipe(y, add(1))])())
    expect(leftOf(await broken.load()).message).toBe('map: the label of sample 9 is 10, expected a whole number from 0 to 9')
  })
  it('a read error ends the counting of filter', async () => {
    const source = sourceOf(digits(20), 5)
    const gone = { tag: 'Unreadable', message: 'disk: gone' } as const
    const read: typeof source.read = (from, count) => (from === 10 ? async () => E.left(gone) : source.read(from, count))
    expect(await streamed<[2, 2, 1], Classes<10>>({ ...source, read }).filter(() => true)()).toEqual(E.left(gone))
  })
  it('does not mix with a set in memory', () => {
    const data = digits(4)
    expect(() => stream(data, 2).concat(data as never)).toThrow('concat: one set is read a block at a time, the other is in memory')
    expect(() => stream(data, 2).prefetch(-1)).toThrow('prefetch: expected a whole number of blocks from 0 on, got -1')
    expect(() => stream(data, 2).window(0.5)).toThrow('window: expected a whole number of samples from 1 on, got 0.5')
  })
})
