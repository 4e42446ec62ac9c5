/** Training on tokens: i32 samples go through data sets, `fit`, `evaluate` and `predict`. */
import {
  accuracy,
  adam,
  addBranches,
  attention,
  block,
  classes,
  dataset,
  dense,
  dim,
  embedding,
  evaluate,
  fit,
  flatten,
  input,
  key,
  learnedPositions,
  pipe,
  predict,
  ShapeError,
  softmaxCrossEntropy,
  tensor,
  toArray,
  toTypedArray,
  zeros,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { leftOf, numbers, rightOf } from './values.ts'

/** Sequences of four tokens below 9, of the class that the third one says. */
const rows = Array.from({ length: 50 }, (_, i) => [i % 9, (i * 5) % 9, (i * i) % 9, (i * 7 + 3) % 9] as const)
const labels = rows.map(([, , third]) => Math.floor(third / 3))
const sentences = tensor(rows.flat(), [50, 4], 'i32')
const model = pipe(input([4], 'i32'), embedding(9, 6, 'tokens'), flatten, dense(3, 'logits'))
const options = { loss: softmaxCrossEntropy, optimizer: adam({ learningRate: 0.05 }), batchSize: 16, epochs: 12, key: key(3) }

describe('a data set of tokens', () => {
  const data = rightOf(dataset(sentences, classes(labels, 3)))

  it('keeps i32 rows, in batches too', () => {
    expect(toArray(data.batch(2)[0])).toEqual([
      [0, 0, 0, 3],
      [1, 5, 1, 1],
    ])
    expect(data.batch(2)[0].dtype).toBe('i32')
    expect(data.split(10)[1].batch(1)[0].shape).toEqual([1, 4])
    expect(`${data.shuffled(key(0)).length}`).toBe('50')
    expect(Object.values(data.inputs.values.slice(0, 4))).toEqual([0, 0, 0, 3])
  })

  it('may be class numbers, which are checked to be in range', () => {
    const checked = rightOf(dataset(classes(rows.flat(), 9, [4]), classes(labels, 3)))
    expect(toArray(checked.batch(1)[0])).toEqual([[0, 0, 0, 3]])
    const outside = dataset(classes(rows.flat(), 8, [4]), classes(labels, 3))
    expect(leftOf(outside).message).toMatch(/^dataset: the token of sample \d+ at \[\d\] is 8, expected a whole number from 0 to 7$/)
  })

  it('has no bools, and no scalars', () => {
    const js = dataset as (...given: readonly unknown[]) => unknown
    const y = classes([0, 1], 2)
    expect(() => js(zeros([2, 3], 'bool'), y)).toThrow(new ShapeError('dataset: expected f32 or i32 rows, got bool [2, 3]'))
    expect(() => js(zeros([], 'i32'), y)).toThrow(new ShapeError('dataset: expected f32 or i32 rows, got i32 []'))
    expect(() => js(zeros([2, 3]), zeros([2, 3], 'i32'))).toThrow(
      new ShapeError('dataset: expected f32 rows or classes(...), got i32 [2, 3]'),
    )
  })
})

describe('a model over tokens', () => {
  const data = rightOf(dataset(sentences, classes(labels, 3)))
  const checked = rightOf(dataset(classes(rows.flat(), 9, [4]), classes(labels, 3)))

  it('learns, and is scored and asked', async () => {
    const { params, history } = rightOf(await fit(model, { ...options, data, validation: checked, metrics: { accuracy } })())
    expect(history.at(-1)?.loss).toBeLessThan(0.1)
    expect(history.at(-1)?.validation?.metrics.accuracy).toBe(1)
    const scores = rightOf(await evaluate(model, { params, data: checked, loss: softmaxCrossEntropy, metrics: { accuracy } })())
    expect(scores.metrics.accuracy).toBe(1)
    const predicted = rightOf(await predict(model, { params, inputs: sentences, batchSize: 7 })())
    expect(predicted.shape).toEqual([50, 3])
    const eager = [...toTypedArray(model.apply(params, sentences))]
    ;[...toTypedArray(predicted)].forEach((v, i) => {
      expect(v).toBeCloseTo(eager[i] as number, 4)
    })
  })

  it('ends with the same bits for the same key, wherever its tokens come from', async () => {
    const ends = await Promise.all([data, data].map((samples) => fit(model, { ...options, epochs: 2, data: samples })()))
    const other = await fit(model, { ...options, epochs: 2, data: checked })()
    const [first, second, third] = [...ends, other].map((end) => numbers(rightOf(end).params))
    expect(second).toEqual(first)
    expect(third).toEqual(first)
  })

  it('has sizes that are bound', async () => {
    const sized = pipe(input([4], 'i32'), embedding(dim('words', 9), dim('features', 5)), flatten, dense(3))
    const { params } = rightOf(await fit(sized, { ...options, epochs: 1, data })())
    expect(params.embedding1.weight.shape).toEqual(['words', 'features'])
  })

  it('refuses other samples from JavaScript as well', () => {
    // biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
    const js = { fit, evaluate, predict } as unknown as Record<'fit' | 'evaluate' | 'predict', (...given: any[]) => any>
    const floats = rightOf(dataset(zeros([6, 4]), classes([0, 1, 2, 0, 1, 2], 3)))
    const params = model.init(key(0))
    const refuses = (sentence: string, mistake: () => unknown) => expect(mistake).toThrow(new ShapeError(sentence))
    refuses('fit: the model takes i32 [4], the samples are [4]', () => js.fit(model, { ...options, data: floats }))
    const dense4 = pipe(input([4]), dense(3))
    refuses('fit: the model takes [4], the samples are i32 [4]', () => js.fit(dense4, { ...options, data }))
    refuses('evaluate: the model takes i32 [4], the samples are [4]', () =>
      js.evaluate(model, { params, data: floats, loss: softmaxCrossEntropy }),
    )
    refuses('predict: the model takes i32 [4], the samples are [4]', () => js.predict(model, { params, inputs: zeros([2, 4]) }))
  })

  it('has no token without a row: the sample and the token are named', async () => {
    const few = pipe(input([4], 'i32'), block(embedding(8, 6), dense(2)), flatten, dense(3))
    const first = rows.findIndex((row) => row.includes(8 as never))
    const place = rows[first]?.indexOf(8 as never)
    const sentence = (op: string, what = '') =>
      `${op}: the token of sample ${first}${what} at [${place}] is 8, the table has the rows 0 to 7`
    expect(leftOf(await fit(few, { ...options, data })())).toEqual({ tag: 'Invalid', message: sentence('fit') })
    const valid = data.take(first)
    const second = { ...options, data: valid, validation: data, batchSize: 2 }
    expect(leftOf(await fit(few, second)()).message).toBe(sentence('fit', ' of the validation set'))
    const params = few.init(key(0))
    expect(leftOf(await evaluate(few, { params, data, loss: softmaxCrossEntropy })()).message).toBe(sentence('evaluate'))
    expect(leftOf(await predict(few, { params, inputs: sentences })()).message).toBe(sentence('predict'))
    const negative = tensor([0, -1, 2, 3], [1, 4], 'i32')
    expect(leftOf(await predict(few, { params, inputs: negative })()).message).toMatch(/sample 0 at \[1\] is -1, /)
    const branched = pipe(input([4], 'i32'), addBranches(embedding(9, 3), embedding(dim('few', 8), 3)), flatten, dense(3))
    expect(leftOf(await fit(branched, { ...options, data: checked })()).message).toBe(sentence('fit'))
  })
})

/** The token before each, at every position. */
describe('a class a position', () => {
  const tokens = Array.from({ length: 40 * 6 }, (_, i) => (i * 5 + (i >> 2)) % 7)
  const before = tokens.map((token, i) => (i % 6 === 0 ? token : (tokens[i - 1] as number)))
  const text = rightOf(dataset(tensor(tokens, [40, dim('time', 6)], 'i32'), classes(before, 7, [dim('time', 6)])))
  const writer = pipe(input(['time'], 'i32'), embedding(7, 12), learnedPositions(6), attention(2, { causal: true, rotary: true }), dense(7))

  it('is trained over a time that is named, scored, and asked', async () => {
    const adamFast = adam({ learningRate: 0.03 })
    const { params, history } = rightOf(
      await fit(writer, { ...options, optimizer: adamFast, data: text, validation: text, metrics: { accuracy }, epochs: 60 })(),
    )
    expect(history.at(-1)?.validation?.metrics.accuracy).toBeGreaterThan(0.95)
    const [inputs] = text.batch(dim('rows', 3))
    const logits = rightOf(await predict(writer, { params, inputs })())
    expect(logits.shape).toEqual(['rows', 'time', 7])
  })
})
