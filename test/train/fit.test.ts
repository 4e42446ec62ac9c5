import {
  accuracy,
  adam,
  applyUpdates,
  type Classes,
  classes,
  compute,
  type Dataset,
  dataset,
  dense,
  dim,
  dropout,
  evaluate,
  fit,
  foldIn,
  input,
  key,
  mean,
  meanAbsoluteError,
  meanSquaredError,
  pipe,
  relu,
  ShapeError,
  samples,
  sgd,
  softmaxCrossEntropy,
  type TrainingEvent,
  tensor,
  toArray,
  toTypedArray,
  valueAndGrad,
} from 'shapewright'
import { describe, expect, it, vi } from 'vitest'
import { gather } from '../../src/data/column.ts'
import { shuffle } from '../../src/data/shuffle.ts'
import { threefry } from '../../src/graph/threefry.ts'
import { leftOf, numbers, rightOf } from './values.ts'

/** Points of y = 2 a - b + 1. */
const points = (count: number): Dataset<[2], [1]> => {
  const xs = Array.from({ length: count }, (_, i) => [(i % 5) / 4, (i % 3) / 2] as const)
  return rightOf(
    dataset(
      samples(xs.flat(), [2]),
      samples(
        xs.map(([a, b]) => 2 * a - b + 1),
        [1],
      ),
    ),
  )
}
/** Which of three the point is nearest to. */
const clusters = (count: number): Dataset<[2], Classes<3>> => {
  const labels = Array.from({ length: count }, (_, i) => i % 3)
  const xs = labels.flatMap((label, i) => [label + 0.1 * Math.sin(i), (label - 1) ** 2 + 0.1 * Math.cos(i)])
  return rightOf(dataset(samples(xs, [2]), classes(labels, 3)))
}
const line = pipe(input([2]), dense(1, 'out'))
const classifier = pipe(input([2]), dense(8, 'hidden'), relu, dropout(0.25), dense(3, 'logits'))
const regression = { loss: meanSquaredError, optimizer: sgd({ learningRate: 0.2 }), key: key(1) }
const classification = { loss: softmaxCrossEntropy, optimizer: adam({ learningRate: 0.05 }), key: key(2) }

describe('fit', () => {
  it('finds a line', async () => {
    const data = points(15)
    const { params, history, epoch } = rightOf(await fit(line, { ...regression, data, batchSize: 4, epochs: 200 })())
    expect(epoch).toBe(200)
    expect(history.map(({ epoch: each }) => each)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1))
    expect(history.at(-1)?.loss).toBeLessThan(1e-6)
    expect([...toArray(params.out.weight).flat(), ...toArray(params.out.bias)].map((value) => Number(value.toFixed(3)))).toEqual([2, -1, 1])
  })
  it('separates classes, and reports metrics of training and validation', async () => {
    const [data, validation] = clusters(60).split(45)
    const options = { ...classification, data, validation, metrics: { accuracy }, batchSize: 8, epochs: 30 }
    const { params, history } = rightOf(await fit(classifier, options)())
    const [first, last] = [history[0], history.at(-1)]
    expect(last?.loss).toBeLessThan((first?.loss ?? 0) / 4)
    expect(last?.metrics.accuracy).toBeGreaterThan(0.9)
    expect(last?.validation?.metrics.accuracy).toBe(1)
    const again = rightOf(await evaluate(classifier, { params, data: validation, loss: softmaxCrossEntropy, metrics: { accuracy } })())
    expect(again).toEqual(last?.validation)
  })
  it('gives the same bits for the same key, and others for another', async () => {
    const options = { ...classification, data: clusters(23), batchSize: 5, epochs: 3 }
    const weights = async (seed: number) => numbers(rightOf(await fit(classifier, { ...options, key: key(seed) })()).params)
    const first = await weights(7)
    expect(await weights(7)).toEqual(first)
    expect(await weights(8)).not.toEqual(first)
  })
  it('goes on from where it ended as if it had not stopped', async () => {
    const options = { ...classification, data: clusters(23), batchSize: 5 }
    const whole = rightOf(await fit(classifier, { ...options, epochs: 5 })())
    const half = rightOf(await fit(classifier, { ...options, epochs: 2 })())
    const rest = rightOf(await fit(classifier, { ...options, epochs: 5, from: half })())
    expect(numbers(rest.params)).toEqual(numbers(whole.params))
    expect(numbers(rest.optimizer)).toEqual(numbers(whole.optimizer))
    expect([rest.history, rest.epoch]).toEqual([whole.history, 5])
    expect(rest.history.slice(0, 2)).toEqual(half.history)
  })
  it('weighs the loss of an epoch by rows', async () => {
    const data = points(7)
    const options = { ...regression, optimizer: sgd({ learningRate: 1e-30 }), metrics: { error: meanAbsoluteError } }
    const losses = await Promise.all(
      [1, 2, 3, 7].map(async (batchSize) => rightOf(await fit(line, { ...options, data, batchSize, epochs: 1 })()).history[0]),
    )
    for (const scores of losses) {
      expect(scores?.loss).toBeCloseTo(losses[0]?.loss ?? 0, 6)
      expect(scores?.metrics.error).toBeCloseTo(losses[0]?.metrics.error ?? 0, 6)
    }
  })
  it('sees each sample once an epoch, in another order each time', async () => {
    // With one sample a step and nothing learnt, the losses of the steps are those of the samples in their order.
    const data = rightOf(dataset(samples([0, 0, 0, 0, 0, 0], [1]), samples([1, 2, 4, 8, 16, 32], [1])))
    const model = pipe(input([1]), dense(1, 'out'))
    const seen: number[][] = []
    const options = { ...regression, optimizer: sgd({ learningRate: 1e-30 }), data, batchSize: 1, epochs: 3 }
    const zero = { ...rightOf(await fit(model, { ...options, epochs: 1 })()), epoch: 0 }
    const { history } = rightOf(await fit(model, { ...options, from: { ...zero, params: compute(model.init(key(0))) } })())
    seen.push(history.map(({ loss }) => loss))
    expect(seen[0]?.slice(-3).every((loss) => Math.abs(loss - (1 + 4 + 16 + 64 + 256 + 1024) / 6) < 1e-3)).toBe(true)
  })
  it('takes sizes known only at run time', async () => {
    const n: number = 6
    const model = pipe(input([dim('columns', 2)]), dense(dim('hidden', n), 'hidden'), relu, dense(1, 'out'))
    const data = rightOf(dataset(samples([0, 0, 0, 1, 1, 0, 1, 1], [dim('columns', 2)]), samples([0, 1, 1, 0], [1])))
    const { params } = rightOf(await fit(model, { ...regression, data, batchSize: 3, epochs: 2 })())
    expect([params.hidden.weight.shape, toArray(params.hidden.bias).length]).toEqual([['columns', 'hidden'], 6])
  })
  it('takes a class for each position of a sequence', async () => {
    const tagger = pipe(input(['time', 2]), dense(8), relu, dense(3))
    const time = dim('time', 4)
    const labels = Array.from({ length: 10 * 4 }, (_, i) => (i * 7) % 3)
    const data = rightOf(
      dataset(
        samples(
          labels.flatMap((label) => [label, label * label]),
          [time, 2],
        ),
        classes(labels, 3, [time]),
      ),
    )
    const options = { ...classification, data, metrics: { accuracy }, batchSize: 4, epochs: 40 }
    const { history } = rightOf(await fit(tagger, options)())
    expect(history.at(-1)?.metrics.accuracy).toBe(1)
  })
  it('compiles once', async () => {
    const model = pipe(input([2]), dense(4, 'a'), relu, dense(1, 'b'))
    const compiled: number[] = []
    const onEvent = (event: TrainingEvent) => {
      if (event.tag === 'Compiled') compiled.push(event.report.compileMilliseconds)
    }
    const run = (seed: number) => fit(model, { ...regression, data: points(10), batchSize: 4, epochs: 2, key: key(seed), onEvent })()
    rightOf(await run(0))
    rightOf(await run(1))
    expect(compiled[0]).toBeGreaterThan(0)
    expect(compiled[1]).toBe(0)
  })
  it('is silent, and tells events', async () => {
    const written = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')]
    const events: TrainingEvent[] = []
    const onEvent = (event: TrainingEvent) => events.push(event)
    rightOf(await fit(line, { ...regression, data: points(10), batchSize: 4, epochs: 2, onEvent })())
    for (const spy of written) {
      expect(spy).not.toHaveBeenCalled()
      spy.mockRestore()
    }
    const tags = events.map(({ tag }) => tag).filter((tag) => tag !== 'Step')
    expect(tags).toEqual(['Compiled', 'EpochStart', 'Epoch', 'EpochStart', 'Epoch', 'Stopped'])
    expect(events.at(-2)).toMatchObject({ scores: { epoch: 2, validation: null }, epochs: 2, steps: 3 })
  })
  it('does nothing until it is called', async () => {
    const onEvent = vi.fn()
    const task = fit(line, { ...regression, data: points(10), batchSize: 4, epochs: 1, onEvent })
    await Promise.resolve()
    expect(onEvent).not.toHaveBeenCalled()
    rightOf(await task())
    expect(onEvent).toHaveBeenCalled()
  })
})

describe('fit stops', () => {
  it('when the loss is not finite, with the epoch before', async () => {
    const data = points(9)
    const options = { ...regression, data, batchSize: 3 }
    const before = rightOf(await fit(line, { ...options, epochs: 2 })())
    const error = leftOf(await fit(line, { ...options, optimizer: sgd({ learningRate: 1e25 }), epochs: 9, from: before })())
    expect(error).toMatchObject({ tag: 'NonFinite', epoch: 3 })
    if (error.tag !== 'NonFinite') return
    expect([7, 8, 9]).toContain(error.step)
    expect(error.message).toBe(`fit: the loss became ${/NaN|Infinity/.exec(error.message)?.[0]} in step ${error.step}, epoch 3`)
    expect(numbers(error.last.params)).toEqual(numbers(before.params))
    expect([error.last.epoch, error.last.history]).toEqual([2, before.history])
  })
  it('when a parameter is not finite after the last step', async () => {
    const data = rightOf(dataset(samples([1], [1]), samples([1e30], [1])))
    const model = pipe(input([1]), dense(1, 'out'))
    const error = leftOf(
      await fit(model, { ...regression, loss: meanAbsoluteError, optimizer: sgd({ learningRate: 1e39 }), data, batchSize: 1, epochs: 1 })(),
    )
    expect(error).toMatchObject({ tag: 'NonFinite', step: 1, epoch: 1, last: { epoch: 0, history: [] } })
  })
  it('when it is aborted, with the epoch before', async () => {
    const controller = new AbortController()
    const options = { ...classification, data: clusters(30), batchSize: 1, signal: controller.signal }
    const onEvent = (event: TrainingEvent) => {
      if (event.tag === 'Epoch' && event.scores.epoch === 3) controller.abort()
    }
    const error = leftOf(await fit(classifier, { ...options, epochs: 1_000_000, onEvent })())
    expect(error).toMatchObject({ tag: 'Aborted', message: 'fit: aborted in epoch 4', last: { epoch: 3 } })
    const three = rightOf(await fit(classifier, { ...classification, data: options.data, batchSize: 1, epochs: 3 })())
    if (error.tag === 'Aborted') expect(numbers(error.last.params)).toEqual(numbers(three.params))
    expect(leftOf(await fit(classifier, { ...options, epochs: 1 })())).toMatchObject({ tag: 'Aborted', last: { epoch: 0, history: [] } })
  })
  it('for a timer: the event loop gets its turn', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 30)
    const error = leftOf(
      await fit(line, { ...regression, data: points(100), batchSize: 10, epochs: 100_000_000, signal: controller.signal })(),
    )
    expect(error.tag).toBe('Aborted')
  })
})

describe('fit refuses', () => {
  const data = points(4)
  const good = { ...regression, data, batchSize: 2, epochs: 1 }
  it.each([
    [{ batchSize: 0 }, 'fit: the batch size must be a whole number from 1 to 4, as many as there are samples, got 0'],
    [{ batchSize: 5 }, 'fit: the batch size must be a whole number from 1 to 4, as many as there are samples, got 5'],
    [{ batchSize: 1.5 }, 'fit: the batch size must be a whole number from 1 to 4, as many as there are samples, got 1.5'],
    [{ batchSize: Number.NaN }, 'fit: the batch size must be a whole number from 1 to 4, as many as there are samples, got NaN'],
    [{ epochs: 0 }, 'fit: epochs must be a whole number from 1 on, got 0'],
    [{ epochs: 2.5 }, 'fit: epochs must be a whole number from 1 on, got 2.5'],
    [{ data: data.take(0) }, 'fit: the data set has no samples'],
    [{ validation: data.take(0) }, 'fit: the validation set has no samples'],
  ])('%j', async (change, message) => {
    expect(leftOf(await fit(line, { ...good, ...change })())).toEqual({ tag: 'Invalid', message })
  })
  it('an optimizer that cannot work', async () => {
    const error = leftOf(await fit(line, { ...good, optimizer: sgd({ learningRate: -1 }) })())
    expect(error.tag).toBe('Invalid')
    if (error.tag === 'Invalid') expect(error.message).toMatch(/learning ?rate.*-1/i)
  })
  it('epochs that are behind it already', async () => {
    const from = rightOf(await fit(line, { ...good, epochs: 3 })())
    expect(leftOf(await fit(line, { ...good, epochs: 2, from })())).toEqual({
      tag: 'Invalid',
      message: "fit: 'from' has 3 epochs behind it, so epochs must be more, got 2",
    })
    expect(rightOf(await fit(line, { ...good, epochs: 3, from })())).toBe(from)
  })
  it('shapes that do not fit, with the sentence of the types', async () => {
    const wide = pipe(input([3]), dense(1))
    const message = 'fit: the model takes [3], the samples are [2]'
    // @ts-expect-error fit: the model takes [3], the samples are [2]
    expect(() => fit(wide, good)).toThrow(new ShapeError(message))
    // @ts-expect-error fit: the loss compares 3 classes, the data set has [1]
    expect(() => fit(classifier, { ...good, loss: softmaxCrossEntropy })).toThrow('fit: the loss compares 3 classes, the data set has [1]')
    // @ts-expect-error fit: the metric accuracy compares 1 classes, the data set has [1]
    expect(() => fit(line, { ...good, metrics: { accuracy } })).toThrow('fit: the metric accuracy compares 1 classes, the data set has [1]')
    // @ts-expect-error fit: the model takes [2], the samples are [3]
    expect(() => fit(line, { ...good, validation: rightOf(dataset(samples([1, 2, 3], [3]), samples([1], [1]))) })).toThrow(
      'fit: the model takes [2], the samples are [3]',
    )
    const unnamed = rightOf(dataset(samples([1, 2, 3], [dim('columns', 3)]), samples([1], [1])))
    const named = pipe(input([dim('columns', 2)]), dense(1))
    await expect(fit(named, { ...good, data: unnamed, batchSize: 1 })()).rejects.toThrow("dim: 'columns' is 2 here and 3 there")
  })
})

describe('fit in untyped JavaScript', () => {
  const untyped = fit as unknown as (model: unknown, options: unknown) => unknown
  const good = { ...regression, data: points(4), batchSize: 2, epochs: 1 }
  it.each([
    [{ data: undefined }, 'fit: expected a data set, got undefined'],
    [{ data: dataset(samples([1, 2], [2]), samples([1], [1])) }, 'fit: expected a data set; dataset gives an Either, take its right side'],
    [{ validation: [] }, 'fit: expected a data set, got an array'],
    [{ loss: 'mse' }, 'fit: expected a loss, got mse'],
    [{ optimizer: undefined }, 'fit: expected an optimizer, got undefined'],
    [{ key: 0 }, 'fit: expected a key, got 0'],
    [{ metrics: accuracy }, 'fit: expected metrics by name, as { accuracy }, got a function'],
    [{ metrics: { mse: 'mse' } }, 'fit: expected a loss as the metric mse, got mse'],
  ])('%j', (change, message) => {
    expect(() => untyped(line, { ...good, ...change })).toThrow(new ShapeError(message))
  })
  it('without a model', () => {
    expect(() => untyped(dense(1), good)).toThrow('fit: expected a model, got a layer')
  })
})

it('takes the steps that the reference evaluator takes', async () => {
  const [data, base, optimizer] = [clusters(7), key(11), adam({ learningRate: 0.03 })]
  const options = { loss: softmaxCrossEntropy, optimizer, batchSize: 3, epochs: 3, key: base }
  const fitted = rightOf(await fit(classifier, { ...options, data })())

  let params = compute(classifier.init(foldIn(base, 'init')))
  let moments = compute(optimizer.init(params))
  const [first = 0, second = 0] = toTypedArray(foldIn(base, 'order').bits)
  const losses: number[] = []
  for (let epoch = 0, step = 0; epoch < options.epochs; epoch++) {
    const order = new Uint32Array(7)
    shuffle(order, threefry([first, second], [0, epoch]))
    let sum = 0
    for (let from = 0; from < 7; from += 3, step++) {
      const rows = Math.min(3, 7 - from)
      const [xs, ys] = [new Float32Array(2 * rows), new Int32Array(rows)]
      gather(data.inputs, order, from, rows, xs)
      gather(data.targets, order, from, rows, ys)
      const [x, y] = [tensor(xs, [dim('batch', rows), 2]), tensor(ys, [dim('batch', rows)], 'i32')]
      const goal = (p: typeof params) =>
        pipe(classifier.applyTraining(p, x, foldIn(foldIn(base, 'steps'), step))[0], softmaxCrossEntropy(y), mean())
      const [loss, gradients] = valueAndGrad(goal)(params)
      const [updates, next] = optimizer.update(gradients, moments, params)
      sum += toArray(loss) * rows
      ;[params, moments] = compute([applyUpdates(params, updates), next] as const)
    }
    losses.push(sum / 7)
  }
  const [wanted, got] = [numbers([params, moments]), numbers([fitted.params, fitted.optimizer])]
  expect(Object.keys(got)).toEqual(Object.keys(wanted))
  for (const [path, values] of Object.entries(wanted))
    for (const [i, value] of values.entries()) expect(got[path]?.[i]).toBeCloseTo(value, 4)
  for (const [i, { loss }] of fitted.history.entries()) expect(loss).toBeCloseTo(losses[i] as number, 4)
})
