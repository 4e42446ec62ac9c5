/** Weights of samples: what a loss is multiplied by, in training and in scores, against the formula written by hand and against PyTorch. */
import {
  accuracy,
  add,
  classes,
  dataset,
  dense,
  evaluate,
  fit,
  foldIn,
  grad,
  input,
  key,
  matmul,
  mean,
  meanSquaredError,
  mul,
  pipe,
  samples,
  sgd,
  softmaxCrossEntropy,
  sub,
  type Tensor,
  tensor,
  toArray,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { streamed } from '../../src/data/stream/stream.ts'
import { sourceOf } from '../data/sources.ts'
import { leftOf, numbers, rightOf } from './values.ts'

/** What PyTorch computed. */
const torch = {
  loss: 2.6549017,
  after: {
    'out.weight': [-0.1265875, -0.2562315, 0.5828189, 0.1197281, -0.0945524, 0.2748243],
    'out.bias': [-0.0811851, -0.1116295, 0.3428145],
  },
}
const xs = [0.5, -1, 2, 0.25, 1.5, -0.75]
const ys = [1, 0, 3, -1, 2, 0.5]
const ws = [1, 0, 2.5, 0.5, 3, 1]
const points = rightOf(dataset(samples(xs, [1]), samples(ys, [1]), { weights: samples(ws, []) }))
const line = pipe(input([1]), dense(1, 'line'))

describe('weights', () => {
  it('multiply the loss of each sample; means divide by the number of samples', async () => {
    const params = { line: { weight: tensor([[0.5]]), bias: tensor([0.25]) } }
    const scored = rightOf(await evaluate(line, { params, data: points, loss: meanSquaredError, metrics: { plain: meanSquaredError } })())
    const each = xs.map((x, i) => (0.5 * x + 0.25 - (ys[i] as number)) ** 2)
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
    expect(scored.loss).toBeCloseTo(sum(each.map((loss, i) => loss * (ws[i] as number))) / 6, 6)
    // metrics are not weighted
    expect(scored.metrics.plain).toBeCloseTo(sum(each) / 6, 6)
  })
  it('steer the gradient: a step is that of the formula', async () => {
    // foldIn(key, 'init') is where fit draws weights from
    const start = { params: line.init(foldIn(key(1), 'init')) }
    const stepped = rightOf(await fit(line, { data: points, loss: meanSquaredError, optimizer: sgd({ learningRate: 0.1 }), batchSize: 6, epochs: 1, key: key(1) })()) // biome-ignore format: a call
    const x = tensor(xs.map((value) => [value])) as unknown as Tensor<[6, 1]>
    const y = tensor(ys.map((value) => [value])) as unknown as Tensor<[6, 1]>
    const w = tensor(ws) as unknown as Tensor<[6]>
    const loss = (p: (typeof start.params)['line']) => pipe(pipe(x, matmul(p.weight), add(p.bias)), meanSquaredError(y), mul(w), mean())
    const gradient = grad(loss)(start.params.line)
    const expected = toArray(sub(start.params.line.weight, mul(gradient.weight, 0.1))).flat()[0] as number
    expect(numbers(stepped.params)['line.weight']?.[0]).toBeCloseTo(expected, 6)
    expect(stepped.history[0]?.loss).toBeCloseTo(toArray(loss(start.params.line)) as number, 6)
  })
  it('agree with PyTorch, over a softmax', async () => {
    // made by PyTorch 2: model = Linear(2, 3); loss = (cross_entropy(model(x), y, reduction='none') * w).mean(); SGD, lr 0.5, one step
    const data = rightOf(dataset(tensor([[1, 2], [-1, 0.5], [0.25, -2]]), classes([2, 0, 1], 3), { weights: tensor([2, 0.5, 1]) })) // biome-ignore format: rows
    const model = pipe(input([2]), dense(3, 'out'))
    const params = { out: { weight: tensor([[0.1, -0.2, 0.3], [0.4, 0.5, -0.6]]), bias: tensor([0.05, -0.1, 0.2]) } } // biome-ignore format: rows
    const scored = rightOf(await evaluate(model, { params, data, loss: softmaxCrossEntropy, metrics: { accuracy } })())
    expect(scored.loss).toBeCloseTo(torch.loss, 5)
    const optimizer = sgd({ learningRate: 0.5 })
    const from = { ...rightOf(await fit(model, { data, loss: softmaxCrossEntropy, optimizer, batchSize: 3, epochs: 1, key: key(0) })()), params, epoch: 0, history: [] } // biome-ignore format: a call
    const trained = rightOf(await fit(model, { data, loss: softmaxCrossEntropy, optimizer, batchSize: 3, epochs: 1, key: key(0), from })())
    for (const [path, expected] of Object.entries(torch.after))
      for (const [i, value] of expected.entries()) expect(numbers(trained.params)[path]?.[i]).toBeCloseTo(value, 5)
  })
  it('of one are no weights, to the bit; of a stream those of the set in memory', async () => {
    const options = {
      loss: meanSquaredError,
      optimizer: sgd({ learningRate: 0.1 }),
      batchSize: 4,
      epochs: 3,
      key: key(2),
      validation: points,
    }
    const plain = rightOf(dataset(samples(xs, [1]), samples(ys, [1])))
    const ones = rightOf(dataset(samples(xs, [1]), samples(ys, [1]), { weights: samples(xs.map(() => 1), []) })) // biome-ignore format: a set
    const of = async (data: typeof plain) => {
      const { params, history } = rightOf(await fit(line, { ...options, data })())
      return [numbers(params), history]
    }
    expect(await of(ones)).toEqual(await of(plain))
    const memory = await of(points)
    const read = streamed<[1], [1]>(sourceOf(points, 2))
    const { params, history } = rightOf(await fit(line, { ...options, data: read, validation: read })())
    expect([numbers(params), history]).toEqual(memory)
  })
  it('go with their samples through every operation', () => {
    const weights = (data: typeof points) => [...(data.weights?.values ?? [])]
    expect(weights(points.take(3))).toEqual([1, 0, 2.5])
    expect(weights(points.split(4)[1])).toEqual([3, 1])
    const mixed = points.shuffled(key(4))
    expect(weights(mixed)).toEqual([...mixed.inputs.values].map((x) => ws[xs.indexOf(x)]))
  })
})

describe('weights are refused', () => {
  const x = samples([1, 2, 3], [1])
  const y = samples([1, 2, 3], [])
  it.each([
    ['that are negative', [1, -0.5, 1], 1, -0.5],
    ['that are NaN', [1, 1, Number.NaN], 2, Number.NaN],
    ['that are infinite', [Number.POSITIVE_INFINITY, 1, 1], 0, Number.POSITIVE_INFINITY],
  ])('%s, with the number of the sample', (_, given, sample, value) => {
    expect(leftOf(dataset(x, y, { weights: samples(given, []) }))).toEqual({
      tag: 'BadWeight',
      sample,
      value,
      message: `dataset: the weight of sample ${sample} is ${value}, expected a finite number from 0 on`,
    })
  })
  it('that are others than the samples', () => {
    expect(leftOf(dataset(x, y, { weights: samples([1, 2], []) }))).toEqual({
      tag: 'WeightsDiffer',
      inputs: 3,
      weights: 2,
      message: 'dataset: 3 inputs and 2 weights',
    })
    // @ts-expect-error dataset: a weight is one number a sample, got [1]
    expect(() => dataset(x, y, { weights: samples([1, 2, 3], [1]) })).toThrow('dataset: a weight is one number a sample, got [1]')
    // @ts-expect-error dataset: a weight is one number a sample, got 3 classes
    expect(() => dataset(x, y, { weights: classes([1, 2, 0], 3) })).toThrow('dataset: a weight is one number a sample, got 3 classes')
    // @ts-expect-error dataset: there is no option 'weight'
    expect(() => dataset(x, y, { weight: y })).toThrow("dataset: there is no option 'weight'")
  })
  it('in a block that is read', async () => {
    const broken = { ...points, weights: { ...(points.weights ?? expect.unreachable()), values: Float32Array.from([1, 1, 1, 1, -2, 1]) } }
    const data = streamed<[1], [1]>(sourceOf(broken, 2))
    expect(leftOf(await data.load()).message).toBe('stream: the weight of sample 4 is -2, expected a finite number from 0 on')
  })
})
