import { inspect } from 'node:util'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { gather } from '../../src/data/column.ts'
import { type Dataset, type DatasetError, dataset } from '../../src/data/dataset.ts'
import { classes, pixels, samples } from '../../src/data/samples.ts'
import { nodeOf } from '../../src/graph/node.ts'
import { tensor } from '../../src/tensor/create.ts'
import { key } from '../../src/tensor/random.ts'
import { dim, type Refusal } from '../../src/tensor/size.ts'
import type { Classes } from '../../types/classes.ts'
import type { AnyTensor, Tensor } from '../../types/tensor.ts'

const right = <X, Y>(made: E.Either<DatasetError, Dataset<X, Y>>): Dataset<X, Y> => {
  if (E.isLeft(made)) throw new Error(made.left.message)
  return made.right
}
/** The elements of a tensor of data. */
const elements = (given: AnyTensor): readonly number[] => {
  const node = nodeOf(given)
  if (node.op !== 'data') throw new Error(`no data: ${node.op}`)
  return [...node.attributes.values]
}
const digits = right(
  dataset(
    pixels(
      Uint8Array.from({ length: 5 * 4 }, (_, i) => i * 13),
      [2, 2, 1],
    ),
    classes([3, 1, 4, 1, 5], 10),
  ),
)

describe('a data set', () => {
  it('has the shapes of its samples in its type', () => {
    expectTypeOf(digits).toEqualTypeOf<Dataset<[2, 2, 1], Classes<10>>>()
    const xor = right(dataset(tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), tensor([[0], [1], [1], [0]]))) // biome-ignore format: a row a sample
    expectTypeOf(xor).toEqualTypeOf<Dataset<[2], [1]>>()
    const tagged = right(dataset(samples(new Float32Array(24), [dim('time', 3), 4]), classes([0, 1, 2, 0, 1, 2], 3, [dim('time', 3)])))
    expectTypeOf(tagged).toEqualTypeOf<Dataset<['time', 4], Classes<3, ['time']>>>()
    expect([xor.length, tagged.length, tagged.inputs.width, tagged.targets.width]).toEqual([4, 2, 12, 3])
  })
  it('gives batches as tensors, pixels scaled', () => {
    const [images, labels] = digits.batch(2, 3)
    expectTypeOf(images).toEqualTypeOf<Tensor<[2, 2, 2, 1]>>()
    expectTypeOf(labels).toEqualTypeOf<Tensor<[2], 'i32'>>()
    expect(elements(images)).toEqual(Array.from({ length: 8 }, (_, i) => Math.fround(((12 + i) * 13) / 255)))
    expect(elements(labels)).toEqual([1, 5])
    const [named] = digits.batch(dim('n', 5))
    expectTypeOf(named).toEqualTypeOf<Tensor<['n', 2, 2, 1]>>()
    expect([named.shape, nodeOf(named).sizes]).toEqual([['n', 2, 2, 1], { n: 5 }])
  })
  it('reads well on a console', () => {
    expect(inspect(digits)).toBe('data set of 5 samples [2, 2, 1], their targets 10 classes')
  })
  it('is shuffled by a key: every sample once, still with its target, in the same order for the same key', () => {
    const labels = Array.from({ length: 40 }, (_, i) => i)
    const sorted = right(
      dataset(
        samples(
          labels.flatMap((i) => [i, i + 100]),
          [2],
        ),
        classes(labels, 40),
      ),
    )
    const [x, y] = sorted.shuffled(key(3)).batch(40)
    const order = elements(y)
    expect([...order].sort((a, b) => a - b)).toEqual(labels)
    expect(order).not.toEqual(labels)
    expect(elements(x)).toEqual(order.flatMap((i) => [i, i + 100]))
    expect(elements(sorted.shuffled(key(3)).batch(40)[1])).toEqual(order)
    expect(elements(sorted.batch(2)[1])).toEqual([0, 1])
  })
  it('is split and cut without a copy', () => {
    const [first, rest] = digits.split(2)
    expect([first.length, rest.length, digits.take(4).length]).toEqual([2, 3, 4])
    expect(elements(rest.batch(1)[1])).toEqual([4])
    expect(elements(rest.split(1)[1].batch(2)[1])).toEqual([1, 5])
    expect(rest.inputs.values.buffer).toBe(digits.inputs.values.buffer)
  })
  it.each([-1, 6, 1.5, Number.NaN])('refuses to be cut at %d', (count) => {
    const expected = `expected a whole number of samples from 0 to 5, got ${count}`
    expect(() => digits.take(count)).toThrow(new RangeError(`take: ${expected}`))
    expect(() => digits.split(count)).toThrow(new RangeError(`split: ${expected}`))
    expect(() => digits.batch(2, count)).toThrow(RangeError)
  })
  it('keeps its own copy', () => {
    const given = new Float32Array([1, 2])
    const made = right(dataset(samples(given, [1]), samples([1, 2], [1])))
    given[0] = Number.NaN
    expect(elements(made.batch(1)[0])).toEqual([1])
  })
  it('gathers any rows in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { minLength: 1, maxLength: 9 }), fc.nat(3), (order, skipped) => {
        const from = Math.min(skipped, order.length)
        const count = order.length - from
        const [x, y] = [new Float32Array(4 * count), new Int32Array(count)]
        gather(digits.inputs, Uint32Array.from(order), from, count, x)
        gather(digits.targets, Uint32Array.from(order), from, count, y)
        const expected = order.slice(from)
        expect([...y]).toEqual(expected.map((row) => [3, 1, 4, 1, 5][row]))
        expect([...x]).toEqual(expected.flatMap((row) => [0, 1, 2, 3].map((i) => Math.fround(((row * 4 + i) * 13) / 255))))
      }),
    )
  })
})

describe('dataset refuses', () => {
  const x = samples([1, 2, 3, 4], [2])
  const refusals: readonly (readonly [string, E.Either<DatasetError, unknown>, DatasetError])[] = [
    ['nothing', dataset(samples([], [2]), classes([], 3)), { tag: 'Empty', message: 'dataset: there are no samples' }],
    [
      'lengths that differ',
      dataset(x, classes([0, 1, 2], 3)),
      { tag: 'LengthsDiffer', inputs: 2, targets: 3, message: 'dataset: 2 inputs and 3 targets' },
    ],
    [
      'half a sample',
      dataset(samples([1, 2, 3], [2]), classes([0, 1], 3)),
      { tag: 'WrongSize', values: 3, shape: [2], message: 'dataset: 3 values are not a whole number of samples [2]' },
    ],
    [
      'samples of nothing',
      dataset(samples([], [0, 2]), classes([0], 3)),
      { tag: 'WrongSize', values: 0, shape: [0, 2], message: 'dataset: samples of [0, 2] have no elements' },
    ],
    [
      'a name without a size',
      dataset(samples([1, 2], ['time', 2]), classes([0], 3)),
      { tag: 'WrongSize', values: 2, shape: ['time', 2], message: "dataset: the size of 'time' is not known; write dim('time', n)" },
    ],
    [
      'NaN',
      dataset(samples([1, 2, 3, Number.NaN], [1, 2]), classes([0, 1], 3)),
      {
        tag: 'NotFinite',
        sample: 1,
        value: Number.NaN,
        message: 'dataset: the input of sample 1 has NaN at [0, 1], which is not finite in f32',
      },
    ],
    [
      'what overflows in f32',
      dataset(x, samples([1, -1e39], [])),
      { tag: 'NotFinite', sample: 1, value: -1e39, message: 'dataset: the target of sample 1 has -1e+39, which is not finite in f32' },
    ],
    [
      'infinity in a tensor',
      dataset(tensor([[1, Number.POSITIVE_INFINITY]]), tensor([[1]])),
      {
        tag: 'NotFinite',
        sample: 0,
        value: Number.POSITIVE_INFINITY,
        message: 'dataset: the input of sample 0 has Infinity at [1], which is not finite in f32',
      },
    ],
    ...([3, -1, 0.5, Number.NaN, 2 ** 32] as const).map(
      (value) =>
        [
          `the label ${value}`,
          dataset(x, classes([0, value], 3)),
          {
            tag: 'BadLabel',
            sample: 1,
            value,
            classes: 3,
            message: `dataset: the label of sample 1 is ${value}, expected a whole number from 0 to 2`,
          },
        ] as const,
    ),
    [
      'a label at a position',
      dataset(x, classes([0, 1, 2, 0, 1, 7], 3, [3])),
      {
        tag: 'BadLabel',
        sample: 1,
        value: 7,
        classes: 3,
        message: 'dataset: the label of sample 1 at [2] is 7, expected a whole number from 0 to 2',
      },
    ],
  ]
  it.each(refusals)('%s', (_, result, error) => {
    expect(result).toEqual(E.left(error))
  })
  it('what is known when it compiles, there and at run time', () => {
    const n: number = 3
    // @ts-expect-error samples: a size is not a literal; write dim('name', n)
    expect(E.isLeft(dataset(samples([1, 2], [n]), classes([0], 3)))).toBe(true)
    // @ts-expect-error classes: the number of classes is not a literal
    expect(E.isRight(dataset(x, classes([0, 1], n)))).toBe(true)
    // @ts-expect-error dataset: 2 inputs and 1 targets
    expect(dataset(tensor([[1], [2]]), tensor([[1]]))).toMatchObject({ left: { message: 'dataset: 2 inputs and 1 targets' } })
    // @ts-expect-error dataset: expected a tensor, samples(...), pixels(...) or classes(...)
    expect(() => dataset(x, [0, 1])).toThrow('dataset: expected a tensor, samples(...), pixels(...) or classes(...)')
    // @ts-expect-error dataset: expected f32 or i32 rows, got f32 []
    expect(() => dataset(tensor(1), x)).toThrow('dataset: expected f32 or i32 rows, got f32 []')
    expectTypeOf(digits.batch(n)).toEqualTypeOf<Refusal<"batch: the size is not a literal; write batch(dim('name', n))">>()
    expect(() => classes([0], 0)).toThrow('classes: expected at least one class, got 0')
    expect(() => samples([0], [-1])).toThrow('samples: a size must be a whole number, got -1')
    expect(() => samples([[1, 2]] as never, [2])).toThrow(
      'samples: values stand in a flat list, one sample after the other; write values.flat()',
    )
  })
})

it('takes for pixels what fits into bytes, and nothing else', () => {
  // biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
  const js = pixels as (...given: any[]) => any
  expect([...js([0, 255, 7], [1]).values]).toEqual([0, 255, 7])
  expect(() => js([0.2, 300, -5], [1])).toThrow('pixels: expected whole numbers from 0 to 255, got 0.2 at 0')
  expect(() => js([1, 300], [1])).toThrow('pixels: expected whole numbers from 0 to 255, got 300 at 1')
  expect(() => js(Float32Array.of(1, -5), [1])).toThrow('pixels: expected whole numbers from 0 to 255, got -5 at 1')
})

it('gathers pixels of any width', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 11 }), fc.nat(3), (width, row) => {
      const bytes = Uint8Array.from({ length: 4 * width }, (_, i) => (i * 37) % 256)
      const { inputs } = right(dataset(pixels(bytes, [dim('width', width)]), classes([0, 0, 0, 0], 1)))
      const into = new Float32Array(width)
      gather(inputs, Uint32Array.of(row), 0, 1, into)
      expect([...into]).toEqual([...bytes.subarray(row * width, (row + 1) * width)].map((value) => Math.fround(value / 255)))
    }),
  )
})
