/** Statistics through training: moved by steps, read by what predicts, handed on, and the same bits however it is run. */
import {
  accuracy,
  adam,
  adamw,
  batchNorm,
  block,
  type Classes,
  classes,
  compute,
  concatBranches,
  type Dataset,
  dataset,
  dense,
  evaluate,
  fit,
  input,
  isStatistic,
  key,
  layerNorm,
  paramsOf,
  pipe,
  predict,
  relu,
  residual,
  samples,
  softmaxCrossEntropy,
  tensor,
  toArray,
  toTypedArray,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { numbers, rightOf } from './values.ts'

/** Two rings far from 0, where a net without normalisation learns nothing. */
const rings = (count: number): Dataset<[2], Classes<2>> => {
  const labels = Array.from({ length: count }, (_, i) => i % 2)
  const xs = labels.flatMap((label, i) => [100 + (1 + label) * Math.sin(0.7 * i), -50 + (1 + label) * Math.cos(0.7 * i)])
  return rightOf(dataset(samples(xs, [2]), classes(labels, 2)))
}
const model = pipe(
  input([2]),
  batchNorm('first'),
  dense(24, 'hidden'),
  residual(block(batchNorm(), relu)),
  concatBranches(batchNorm('left'), layerNorm('right')),
  dense(2, 'logits'),
)
const train = rings(200)
const options = { data: train, loss: softmaxCrossEntropy, optimizer: adam({ learningRate: 0.01 }), batchSize: 32, key: key(4) }

describe('fit', () => {
  it('learns by batches, and tells apart by the running statistics', async () => {
    const { params, optimizer } = rightOf(await fit(model, { ...options, epochs: 100 })())
    const { metrics } = rightOf(await evaluate(model, { params, data: rings(400), loss: softmaxCrossEntropy, metrics: { accuracy } })())
    expect(metrics.accuracy).toBeGreaterThan(0.95)
    expect(toArray(params.first.mean).map(Math.round)).toEqual([100, -50])
    expect([params.first.mean, params.residual1.batchNorm1.variance, params.concatBranches1.left.mean].map(isStatistic)).toEqual([
      true,
      true,
      true,
    ])
    expect(Object.keys(optimizer.first.first)).toEqual(['scale', 'shift'])
    // rows do not see each other: one alone is told apart as it is among others
    const rows = tensor([
      [100.2, -49.1],
      [101.9, -50.4],
      [98.3, -51],
    ])
    const all = rightOf(await predict(model, { params, inputs: rows })())
    const one = rightOf(await predict(model, { params, inputs: tensor([[101.9, -50.4]]) })())
    expect(toArray(one)[0]).toEqual(toArray(all)[1])
    expect(toArray(compute(model.apply(params, rows)))[1]?.map((v) => v.toFixed(4))).toEqual(toArray(all)[1]?.map((v) => v.toFixed(4)))
  })

  it('moves the statistics as loops do, the last batch of one row among them', async () => {
    const plain = pipe(input([2]), batchNorm({ name: 'norm', momentum: 0.75 }), dense(2, 'out'))
    const data = rings(33)
    const { params } = rightOf(await fit(plain, { ...options, data, batchSize: 33, epochs: 1 })())
    const xs = [...Array(33).keys()].map((i) => 100 + (1 + (i % 2)) * Math.sin(0.7 * i))
    const centre = xs.reduce((a, b) => a + b) / 33
    const unbiased = xs.reduce((a, b) => a + (b - centre) ** 2, 0) / 32
    expect(toArray(params.norm.mean)[0]).toBeCloseTo(0.25 * centre, 3)
    expect(toArray(params.norm.variance)[0]).toBeCloseTo(0.75 + 0.25 * unbiased, 4)
    const single = rightOf(await fit(plain, { ...options, data, batchSize: 32, epochs: 3 })())
    expect(Object.values(numbers(single.params)).flat().every(Number.isFinite)).toBe(true)
    expect([...toTypedArray(single.params.norm.variance)].every((v) => v > 0.9)).toBe(true)
  })

  it('goes on from statistics as if it had not stopped', async () => {
    const whole = rightOf(await fit(model, { ...options, epochs: 4 })())
    const half = rightOf(await fit(model, { ...options, epochs: 2 })())
    const rest = rightOf(await fit(model, { ...options, epochs: 4, from: half })())
    expect(numbers(rest.params)).toEqual(numbers(whole.params))
    const codec = paramsOf(model)
    const read = rightOf(codec.decode(JSON.parse(JSON.stringify(codec.encode(half.params)))))
    expect(numbers(rightOf(await fit(model, { ...options, epochs: 4, from: { ...half, params: read } })()).params)).toEqual(
      numbers(whole.params),
    )
  })

  it('gives the same bits on one thread and on two', async () => {
    const wide = pipe(input([2]), dense(256, 'a'), batchNorm('norm'), relu, dense(256, 'b'), batchNorm('last'), dense(2, 'c'))
    const run = async (threads: number) =>
      rightOf(await fit(wide, { ...options, batchSize: 96, epochs: 3, threads, optimizer: adamw({ learningRate: 1e-2 }) })())
    expect(numbers((await run(2)).params)).toEqual(numbers((await run(1)).params))
  })

  it('validates by the statistics of the epoch', async () => {
    const { history, params } = rightOf(await fit(model, { ...options, epochs: 3, validation: rings(64), metrics: { accuracy } })())
    const scores = rightOf(await evaluate(model, { params, data: rings(64), loss: softmaxCrossEntropy, metrics: { accuracy } })())
    expect(history.at(-1)?.validation).toEqual(scores)
  })
})
