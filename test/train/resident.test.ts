/** Data in the arena: the bits of training are those of rows that are copied in, wherever the rows lie. */
import {
  accuracy,
  adam,
  classes,
  dataset,
  dense,
  dim,
  embedding,
  fit,
  flatten,
  input,
  key,
  meanSquaredError,
  pipe,
  pixels,
  relu,
  samples,
  sigmoid,
  softmaxCrossEntropy,
  type TrainingEvent,
  tanh,
  tensor,
} from 'shapewright'
import { describe, expect, it, vi } from 'vitest'
import { type RunOptions, runOf } from '../../src/train/run.ts'
import { residentSamples } from '../../src/train/stock.ts'
import { train } from '../../src/train/train.ts'
import type { UntypedTrained } from '../../src/train/training.ts'
import { sha256 } from '../programs/digest.ts'
import { numbers, rightOf } from './values.ts'

/** Whole numbers, by Lehmer's generator. */
const whole = (count: number, seed: number): readonly number[] => {
  const found = [seed]
  while (found.length < count) found.push(((found.at(-1) as number) * 48271) % 2147483647)
  return found
}
const labels = (count: number, seed: number, most: number): readonly number[] => whole(count, seed).map((n) => n % most)

const xor = rightOf(dataset(samples([0, 0, 0, 1, 1, 0, 1, 1], [2]), samples([0, 1, 1, 0], [1])))
const digits = (count: number) =>
  rightOf(
    dataset(
      pixels(
        Uint8Array.from(whole(count * 50, 3), (n) => (n % 3 === 0 ? n % 256 : 0)),
        [50],
      ),
      classes(labels(count, 5, 10), 10),
    ),
  )
const words = rightOf(
  dataset(
    tensor(
      Int32Array.from(whole(45 * 6, 11), (n) => n % 20),
      [dim('words', 45), 6],
      'i32',
    ),
    classes(labels(45, 13, 4), 4),
  ),
)
const points = rightOf(
  dataset(
    samples(
      whole(33 * 7, 17).map((n) => (n % 1000) / 500 - 1),
      [7],
    ),
    samples(
      whole(33 * 2, 19).map((n) => (n % 100) / 50),
      [2],
    ),
  ),
)

const shared = { optimizer: adam({ learningRate: 0.01 }), key: key(3) }
/** A model and options, without types: what `fit` and `train` take. */
type Case = readonly [model: object, options: RunOptions]
const given = (model: object, options: object): Case => [model, { ...shared, ...options } as unknown as RunOptions]
const squares = { loss: meanSquaredError }
const choices = { loss: softmaxCrossEntropy }

/** All are shuffled and have a last, smaller batch. The sums are of weights, optimizer and losses, from before data lay in the arena. */
const cases: Readonly<Record<string, readonly [sum: string, make: () => Case]>> = {
  'f32, a step or two an epoch': [
    'a9f55d07417866b5',
    () => given(pipe(input([2]), dense(8), tanh, dense(1), sigmoid), { ...squares, data: xor, batchSize: 3, epochs: 50 }),
  ],
  'bytes, with validation and metrics': [
    'aca2c6d5cf8150d0',
    () =>
      given(pipe(input([50]), dense(16), relu, dense(10)), {
        ...choices,
        data: digits(70),
        validation: digits(40),
        metrics: { accuracy },
        batchSize: 8,
        epochs: 6,
      }),
  ],
  'i32 tokens': [
    '64ca9b1d62077a6d',
    () => given(pipe(input([6], 'i32'), embedding(20, 4), flatten, dense(4)), { ...choices, data: words, batchSize: 8, epochs: 6 }),
  ],
  'f32 inputs and targets': [
    '1bd817c339979668',
    () => given(pipe(input([7]), dense(9), tanh, dense(2)), { ...squares, data: points, batchSize: 8, epochs: 6 }),
  ],
}

const trained = async ([model, options]: Case, mostBytes?: number): Promise<UntypedTrained> =>
  rightOf(await train(runOf(model, options), mostBytes))
const sumOf = async ({ params, optimizer, history }: UntypedTrained): Promise<string> =>
  (await sha256([...Object.values(numbers([params, optimizer])), history.map(({ loss }) => loss)])).slice(0, 16)

describe.each(Object.entries(cases))('%s', (_, [sum, make]) => {
  it('gives the bits of rows that were copied in', async () => {
    expect(await sumOf(await trained(make()))).toBe(sum)
  })
  it('gives the same bits in chunks, whatever their size', async () => {
    const { data, batchSize } = make()[1]
    for (const mostBytes of [1, 700, 1500]) {
      const at = residentSamples(data, batchSize, mostBytes)
      expect(at % batchSize).toBe(at < data.length ? 0 : data.length % batchSize)
      expect(await sumOf(await trained(make(), mostBytes))).toBe(sum)
    }
  })
})

describe('what lies in the arena', () => {
  const data = digits(70)
  it('is everything up to a limit, else whole batches, at least one', () => {
    expect(residentSamples(data, 8, 70 * 54)).toBe(70)
    expect(residentSamples(data, 8, 70 * 54 - 1)).toBe(64)
    expect(residentSamples(data, 8, 1000)).toBe(16)
    expect(residentSamples(data, 8, 1)).toBe(8)
    expect(residentSamples(data, 70, 1)).toBe(70)
  })
  it('is bytes where the data are bytes, and is reported', async () => {
    const reports: number[] = []
    const onEvent = (event: TrainingEvent) => {
      if (event.tag === 'Compiled') reports.push(event.report.residentBytes, event.report.arenaBytes)
    }
    const [model, options] = given(pipe(input([50]), dense(16), relu, dense(10)), { ...choices, data: digits(70), batchSize: 8, epochs: 1 })
    await trained([model, { ...options, onEvent }])
    await trained([model, { ...options, onEvent }], 1)
    // 50 bytes and a label a sample, in units of 16 bytes
    expect([reports[0], reports[2]]).toEqual([3504 + 288, 400 + 32])
    expect((reports[1] as number) - (reports[3] as number)).toBe(3504 + 288 - 400 - 32)
  })
})

it('a host that refuses the memory for all samples is asked for that of a chunk', async () => {
  const [, make] = cases['bytes, with validation and metrics'] as (typeof cases)[string]
  const refuse = vi.spyOn(WebAssembly, 'instantiate').mockRejectedValueOnce(new RangeError('could not allocate memory'))
  const { epoch } = await trained(make())
  expect(epoch).toBe(6)
  expect(refuse.mock.calls.length).toBe(3)
  refuse.mockRejectedValueOnce(new RangeError('could not allocate memory'))
  const [model, options] = make()
  expect(await train(runOf(model, options), 1000)).toMatchObject({ _tag: 'Left', left: { tag: 'TooLarge' } })
  vi.restoreAllMocks()
})

describe('parts of data sets', () => {
  it('train as data sets of their own do', async () => {
    const model = pipe(input([50]), dense(4), dense(10))
    const [, rest] = digits(70).split(3)
    const copy = rightOf(dataset(pixels(rest.inputs.values.slice() as Uint8Array, [50]), classes([...rest.targets.values], 10)))
    const options = { ...choices, batchSize: 8, epochs: 2 }
    const sums = await Promise.all(
      [rest, copy].flatMap((data) => [undefined, 900].map(async (most) => sumOf(await trained(given(model, { ...options, data }), most)))),
    )
    expect(new Set(sums).size).toBe(1)
  })
})

it('a model is compiled once, whatever the samples of a data set are', async () => {
  const model = pipe(input([2]), dense(4), dense(1))
  const compiled: boolean[] = []
  const onEvent = (event: TrainingEvent) => {
    if (event.tag === 'Compiled') compiled.push(event.report.compileMilliseconds > 0)
  }
  const options = { ...squares, batchSize: 4, epochs: 1, onEvent }
  const others = rightOf(dataset(samples([5, 6, 7, 8, 9, 0, 1, 2], [2]), samples([1, 2, 3, 4], [1])))
  await trained(given(model, { ...options, data: xor }))
  await trained(given(model, { ...options, data: others }))
  expect(compiled).toEqual([true, false])
})

it('a pixel is its byte / 255, rounded once', async () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i)
  const identity = { ...squares, optimizer: adam({ learningRate: 1e-30 }), batchSize: 1, epochs: 1 }
  const model = pipe(input([1]), dense(1, 'out'))
  const params = { out: { weight: tensor([[1]]), bias: tensor([0]) } }
  for (const value of [0, 1, 2, 77, 128, 200, 254, 255]) {
    const data = rightOf(dataset(pixels(all.subarray(value, value + 1), [1]), samples([0], [1])))
    const from = { ...rightOf(await fit(model, { ...shared, ...squares, data, batchSize: 1, epochs: 1 })()), params, epoch: 0, history: [] }
    const { history } = await trained(given(model, { ...identity, data, optimizer: shared.optimizer, from }))
    const seen = Math.fround(value / 255)
    expect(history[0]?.loss).toBe(Math.fround(seen * seen))
  }
})
