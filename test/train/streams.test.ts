/** Training on what is read a block at a time: the bits of a set in memory, wherever it stops and goes on; what can't be read is told. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  accuracy,
  adam,
  classes,
  type Dataset,
  dataset,
  dense,
  embedding,
  evaluate,
  fit,
  flatten,
  input,
  key,
  pipe,
  pixels,
  relu,
  type StreamedDataset,
  samples,
  softmaxCrossEntropy,
  tensor,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { streamed } from '../../src/data/stream/stream.ts'
import { windowsOf } from '../../src/data/stream/windows.ts'
import type { Classes } from '../../types/classes.ts'
import type { Typed } from '../../types/model.ts'
import { counted, sourceOf } from '../data/sources.ts'
import { leftOf, numbers, rightOf } from './values.ts'

const whole = (count: number, seed: number): readonly number[] => {
  const found = [seed]
  while (found.length < count) found.push(((found.at(-1) as number) * 48271) % 2147483647)
  return found
}
const digits = (count: number) =>
  rightOf(
    dataset(
      pixels(
        Uint8Array.from(whole(count * 50, 3), (n) => (n % 3 === 0 ? n % 256 : 0)),
        [50],
      ),
      classes(
        whole(count, 5).map((n) => n % 10),
        10,
      ),
    ),
  )
const stream = <X, Y>(data: Dataset<X, Y>, blockRows: number): StreamedDataset<X, Y> => streamed<X, Y>(sourceOf(data, blockRows))

const model = pipe(input([50]), dense(16), relu, dense(10))
const shared = { optimizer: adam({ learningRate: 0.01 }), key: key(3), loss: softmaxCrossEntropy, metrics: { accuracy } }
/** All that a run leaves, to the bit. */
const traces = ({ params, optimizer, history }: { params: unknown; optimizer: unknown; history: unknown }) => ({
  numbers: numbers([params, optimizer]),
  history,
})

describe('a streamed set', () => {
  it('trains to the bits of the set in memory where all is one window, whatever the blocks', async () => {
    const data = digits(70)
    const validation = digits(33)
    const options = { ...shared, batchSize: 8, epochs: 4 }
    const expected = traces(rightOf(await fit(model, { ...options, data, validation })()))
    for (const blockRows of [1, 7, 8, 64, 100])
      for (const ahead of [0, 1, 5]) {
        const streamedData = stream(data, blockRows).prefetch(ahead)
        const got = rightOf(await fit(model, { ...options, data: streamedData, validation: stream(validation, blockRows) })())
        expect(traces(got)).toEqual(expected)
      }
  })
  it('is scored as the set in memory is', async () => {
    const data = digits(70)
    const params = model.init(key(1))
    const of = { params, loss: softmaxCrossEntropy, metrics: { accuracy }, batchSize: 16 }
    const expected = rightOf(await evaluate(model, { ...of, data })())
    for (const blockRows of [1, 9, 16, 100])
      expect(rightOf(await evaluate(model, { ...of, data: stream(data, blockRows) })())).toEqual(expected)
  })
  it('sees every sample once an epoch, in an order of the key and the epoch, over small windows', async () => {
    const cases = fc.record({
      length: fc.integer({ min: 2, max: 60 }),
      blockRows: fc.integer({ min: 1, max: 9 }),
      window: fc.integer({ min: 1, max: 30 }),
      ahead: fc.nat(6),
      batchSize: fc.integer({ min: 1, max: 7 }),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ length, blockRows, window, ahead, batchSize }) => {
        const batch = Math.min(batchSize, length)
        const orders = await epochsSeen(stream(counted(length), blockRows).window(window).prefetch(ahead), batch, 3)
        expect(orders.length).toBe(3)
        for (const order of orders) expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i))
        expect(await epochsSeen(stream(counted(length), blockRows).window(window), batch, 3)).toEqual(orders)
      }),
      { numRuns: 25 },
    )
  })
  it('goes on to the bit from where it was stopped, over small windows', async () => {
    const data = stream(digits(70), 6).window(20)
    const options = { ...shared, data, batchSize: 8, epochs: 3 }
    const expected = traces(rightOf(await fit(model, options)()))
    for (const stopAt of [1, 3, 9, 12, 17, 26]) {
      let steps = 0
      const onEvent = (event: { tag: string }) => (event.tag === 'Step' && ++steps === stopAt ? 'stop' : undefined)
      const before = rightOf(await fit(model, { ...options, stepEvery: 1, onEvent })())
      expect(before.underway?.step ?? 0).toBe(((stopAt - 1) % 9) + 1)
      expect(traces(rightOf(await fit(model, { ...options, from: before })()))).toEqual(expected)
    }
  })
})

describe('what cannot be read', () => {
  const data = digits(70)
  const options = { ...shared, batchSize: 8, epochs: 3 }
  /** A disk that fails at the reads with these numbers. */
  const failing = (isBad: (read: number) => boolean): StreamedDataset<[50], Classes<10>> => {
    const source = sourceOf(data, 10)
    let reads = 0
    const read: typeof source.read = (from, count) =>
      isBad(reads++) ? TE.left({ tag: 'Unreadable', message: 'disk: gone' }) : source.read(from, count)
    return streamed<[50], Classes<10>>({ ...source, read }).window(20)
  }
  it('ends the run with what it was, from which it goes on to the bit once it can be read', async () => {
    const expected = traces(rightOf(await fit(model, { ...options, data: failing(() => false) })()))
    for (const bad of [0, 3, 7, 12, 19]) {
      const error = leftOf(await fit(model, { ...options, data: failing((read) => read === bad) })())
      if (error.tag !== 'DataFailed') throw new Error(error.message)
      expect(error.message).toBe(`fit: no data in epoch ${error.last.epoch + 1}: disk: gone`)
      expect(error.error).toEqual({ tag: 'Unreadable', message: 'disk: gone' })
      // what was read before is trained on first: as many whole batches as there are
      expect((error.last.underway?.step ?? 0) + 9 * error.last.epoch).toBeLessThanOrEqual((bad * 10) / 8 + 3)
      expect(traces(rightOf(await fit(model, { ...options, data: failing(() => false), from: error.last })()))).toEqual(expected)
    }
  })
  it('in the validation set, too', async () => {
    const error = leftOf(await fit(model, { ...options, data, validation: failing((read) => read === 12) })())
    expect(error).toMatchObject({ tag: 'DataFailed', message: 'fit: no data in epoch 2: disk: gone' })
    expect(error.tag === 'DataFailed' && error.last.history.length).toBe(1)
  })
  it('ends an evaluation', async () => {
    const params = model.init(key(1))
    expect(await evaluate(model, { params, data: failing((read) => read === 4), loss: softmaxCrossEntropy })()).toEqual(
      E.left({ tag: 'DataFailed', error: { tag: 'Unreadable', message: 'disk: gone' }, message: 'evaluate: no data: disk: gone' }),
    )
  })
  it('does not hold up who aborts', async () => {
    const stop = new AbortController()
    const never = streamed<[50], Classes<10>>({ ...sourceOf(data, 10), read: () => () => new Promise(() => {}) })
    const task = fit(model, { ...options, data: never, signal: stop.signal })()
    setTimeout(() => stop.abort(), 20)
    expect(leftOf(await task).tag).toBe('Aborted')
  })
  it.each([
    ['NaN', 'input', 'stream: the input of sample 43 has NaN at [1], which is not finite in f32'],
    ['a label', 'target', 'stream: the label of sample 43 is 3, expected a whole number from 0 to 2'],
  ] as const)('%s is found in its block, with the number of its sample', async (_, what, message) => {
    const rows = rightOf(dataset(samples(whole(120, 7).map((n) => n % 5), [2]), classes(whole(60, 9).map((n) => n % 3), 3))) // biome-ignore format: a set
    const broken = { ...rows, inputs: { ...rows.inputs, values: rows.inputs.values.slice() }, targets: { ...rows.targets, values: rows.targets.values.slice() } } // biome-ignore format: a set
    if (what === 'input') broken.inputs.values[87] = Number.NaN
    else broken.targets.values[43] = 3
    const small = pipe(input([2]), dense(3))
    const from = stream<[2], Classes<3>>(broken, 8).window(16)
    const error = leftOf(await fit(small, { data: from, loss: softmaxCrossEntropy, optimizer: shared.optimizer, batchSize: 4, epochs: 2, key: key(0) })()) // biome-ignore format: a call
    expect(error).toMatchObject({ tag: 'DataFailed', error: { sample: 43 }, message: `fit: no data in epoch 1: ${message}` })
  })
  it('a token without a row is found in its block', async () => {
    const words = rightOf(dataset(tensor(whole(60 * 6, 11).map((n) => n % 20), [60, 6], 'i32'), classes(new Uint8Array(60), 4))) // biome-ignore format: a set
    const broken = { ...words, inputs: { ...words.inputs, values: words.inputs.values.slice() } }
    broken.inputs.values[6 * 41 + 2] = 20
    const reader = pipe(input([6], 'i32'), embedding(20, 4), flatten, dense(4))
    const data = stream<Typed<[6], 'i32'>, Classes<4>>(broken, 8)
    const message = 'the token of sample 41 at [2] is 20, the table has the rows 0 to 19'
    const error = leftOf(await fit(reader, { data, loss: softmaxCrossEntropy, optimizer: shared.optimizer, batchSize: 4, epochs: 2, key: key(0) })()) // biome-ignore format: a call
    expect(error).toMatchObject({
      tag: 'DataFailed',
      error: { tag: 'BadToken', sample: 41 },
      message: `fit: no data in epoch 1: stream: ${message}`,
    })
    const scored = await evaluate(reader, { params: reader.init(key(0)), data, loss: softmaxCrossEntropy })()
    expect(leftOf(scored).message).toBe(`evaluate: no data: stream: ${message}`)
  })
})

/** The numbers of the samples that each epoch trained on, in order: a batch of one sample has its number as its loss. */
const epochsSeen = async (data: StreamedDataset<[2], [1]>, batchSize: number, epochs: number): Promise<readonly number[][]> => {
  const seen: number[][] = Array.from({ length: epochs }, () => [])
  const windows = windowsOf({ blocks: data.blocks, reading: data.reading, orderKey: [7, 9], epochs, check: () => null })
  const into = [new Float32Array(2 * batchSize), new Float32Array(batchSize)]
  for (let epoch = 0; epoch < epochs; epoch++) {
    windows.seek(epoch, 0)
    for (let from = 0; from < data.length; ) {
      const count = Math.min(batchSize, data.length - from)
      let at = 0
      while (at < count) {
        at += windows.take(into, at, count - at)
        if (at < count) expect(await windows.wait()).toBeNull()
      }
      for (let i = 0; i < count; i++) expect(into[0]?.[2 * i]).toBe(into[1]?.[i])
      seen[epoch]?.push(...(into[1] as Float32Array).subarray(0, count))
      from += count
    }
  }
  return seen
}
