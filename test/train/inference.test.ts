import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import {
  accuracy,
  classes,
  compute,
  dataset,
  dense,
  dim,
  dropout,
  evaluate,
  input,
  key,
  mean,
  normal,
  pipe,
  predict,
  relu,
  ShapeError,
  samples,
  softmaxCrossEntropy,
  type Tensor,
  tensor,
  toArray,
} from 'shapewright'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { rightOf } from './values.ts'

const model = pipe(input([3]), dense(5, 'hidden'), relu, dropout(0.5), dense(4, 'logits'))
const params = compute(model.init(key(3)))
describe('predict', () => {
  it('is apply, whatever the number of rows and of rows at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 12 }), async (n, batchSize) => {
        const inputs = compute(normal(key(n), [dim('n', n), 3]))
        const predicted = rightOf(await predict(model, { params, inputs, batchSize })())
        expectTypeOf(predicted).toEqualTypeOf<Tensor<['n', 4]>>()
        const expected = toArray(compute(model.apply(params, inputs)))
        expect(predicted.shape).toEqual(['n', 4])
        expect(
          toArray(predicted)
            .flat()
            .map((value) => value.toFixed(4)),
        ).toEqual(expected.flat().map((value) => value.toFixed(4)))
      }),
      { numRuns: 15 },
    )
  })
  it('refuses what is no batch for the model', async () => {
    // @ts-expect-error predict: the model takes [3], the samples are [2]
    expect(() => predict(model, { params, inputs: tensor([[1, 2]]) })).toThrow(
      new ShapeError('predict: the model takes [3], the samples are [2]'),
    )
    // @ts-expect-error predict: needs a batch dim, got []
    expect(() => predict(model, { params, inputs: tensor(1) })).toThrow('predict: needs a batch dim, got []')
    expect(await predict(model, { params, inputs: tensor([[1, 2, 3]]), batchSize: 0 })()).toEqual(
      E.left({ tag: 'Invalid', message: 'predict: the batch size must be a whole number from 1 on, got 0' }),
    )
  })
})

describe('evaluate', () => {
  const inputs = Array.from({ length: 37 * 3 }, (_, i) => Math.fround(((i * 7919) % 97) / 48 - 1))
  const labels = Array.from({ length: 37 }, (_, i) => (i * 5) % 4)
  const data = rightOf(dataset(samples(inputs, [3]), classes(labels, 4)))
  it('gives means over samples, whatever the number of rows at once', async () => {
    const [x, y] = data.batch(37)
    const prediction = model.apply(params, x)
    const loss = toArray(compute(pipe(prediction, softmaxCrossEntropy(y), mean())))
    const right4 = toArray(compute(pipe(prediction, accuracy(y), mean())))
    for (const batchSize of [1, 8, 37, 1000]) {
      const scores = rightOf(await evaluate(model, { params, data, loss: softmaxCrossEntropy, metrics: { accuracy }, batchSize })())
      expectTypeOf(scores.metrics.accuracy).toEqualTypeOf<number>()
      expect(scores.loss).toBeCloseTo(loss, 5)
      expect(scores.metrics.accuracy).toBeCloseTo(right4, 7)
    }
  })
  it('refuses bad sizes, stops when aborted', async () => {
    const options = { params, data, loss: softmaxCrossEntropy }
    expect(await evaluate(model, { ...options, batchSize: 2.5 })()).toEqual(
      E.left({ tag: 'Invalid', message: 'evaluate: the batch size must be a whole number from 1 on, got 2.5' }),
    )
    expect(await evaluate(model, { ...options, signal: AbortSignal.abort() })()).toEqual(
      E.left({ tag: 'Aborted', message: 'evaluate: aborted' }),
    )
    const other = rightOf(dataset(samples([1, 2], [2]), classes([0], 4)))
    // @ts-expect-error evaluate: the model takes [3], the samples are [2]
    expect(() => evaluate(model, { ...options, data: other })).toThrow('evaluate: the model takes [3], the samples are [2]')
  })
})

describe('accuracy', () => {
  it('is the share of largest outputs at the place of the class', () => {
    const scores = tensor([[1, 2, 0], [3, 2, 1], [0, 0, 0], [1, 5, 5]]) // biome-ignore format: a row a sample
    expect(toArray(pipe(scores, accuracy(tensor([1, 1, 0, 1], 'i32'))))).toEqual([1, 0, 1, 1])
    const positions = tensor([[[1, 2], [2, 1]], [[0, 1], [0, 1]]]) // biome-ignore format: a row a position
    expect(toArray(pipe(positions, accuracy(tensor([[1, 1], [1, 1]], 'i32'))))).toEqual([0.5, 1]) // biome-ignore format: a row a sample
  })
})
