/** Training on sequences: recurrent layers through `fit`, and programs beside the evaluator, over padding and in both directions. */
import {
  accuracy,
  adam,
  bidirectional,
  classes,
  compile,
  compute,
  dataset,
  dense,
  dim,
  embedding,
  evaluate,
  fit,
  gru,
  input,
  key,
  lstm,
  masked,
  mean,
  normal,
  pipe,
  predict,
  rnn,
  samples,
  sigmoidBinaryCrossEntropy,
  softmaxCrossEntropy,
  spec,
  type Tensor,
  tensor,
  toArray,
  toTypedArray,
  valueAndGrad,
  zeros,
} from 'shapewright'
import * as ops from 'shapewright/ops'
import { describe, expect, it } from 'vitest'
import { numbers, rightOf } from './values.ts'

/** Numbers that look random, the same every day. */
const words = (count: number, below: number): number[] => {
  let state = 12345
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  })
}
// biome-ignore lint/suspicious/noExplicitAny: models of several types at once
type Loose = (...given: any[]) => any
const flat = (x: Tensor<never>): number[] => [...toTypedArray(compute(x))]

describe('recurrent layers learn', () => {
  it('an LSTM to remember the first of twelve tokens', async () => {
    const tokens = words(1024 * 12, 4)
    const first = tokens.filter((_, i) => i % 12 === 0)
    const data = rightOf(dataset(tensor(tokens, [1024, 12], 'i32'), classes(first, 4)))
    const model = pipe(input([12], 'i32'), embedding(4, 4), lstm(12, { returns: 'last', forgetBias: 3 }), dense(4))
    const options = { loss: softmaxCrossEntropy, optimizer: adam({ learningRate: 0.02 }), batchSize: 32, epochs: 30, key: key(1) }
    const { params } = rightOf(await fit(model, { data, ...options })())
    const fresh = words(64 * 12 + 1024 * 12, 4).slice(1024 * 12)
    const unseen = rightOf(
      dataset(
        tensor(fresh, [64, 12], 'i32'),
        classes(
          fresh.filter((_, i) => i % 12 === 0),
          4,
        ),
      ),
    )
    const { metrics } = rightOf(await evaluate(model, { params, data: unseen, loss: softmaxCrossEntropy, metrics: { accuracy } })())
    expect(metrics.accuracy).toBeGreaterThan(0.95)
  })

  it('a GRU to say at each step whether it has seen an odd number of ones', async () => {
    const bits = words(512 * 8, 2)
    const parity = bits.map((_, i) => bits.slice(i - (i % 8), i + 1).reduce((a, b) => a + b, 0) % 2)
    const data = rightOf(dataset(samples(bits, [8, 1]), samples(parity, [8, 1])))
    const model = pipe(input([8, 1]), gru(12), dense(1))
    const options = { loss: sigmoidBinaryCrossEntropy, optimizer: adam({ learningRate: 0.03 }), batchSize: 32, epochs: 25, key: key(2) }
    const { params, history } = rightOf(await fit(model, { data, ...options })())
    expect(history.at(-1)?.loss).toBeLessThan(0.1)
    const asked = rightOf(await predict(model, { params, inputs: tensor([[[1], [1], [1], [0], [0], [1], [0], [1]]]) })())
    expect(toArray(asked)[0]?.map(([x]) => (x as number) > 0)).toEqual([true, false, true, true, true, false, false, true])
  })

  it('a network that reads both ways which token stands where it began, whatever is padded', async () => {
    const rows = Array.from({ length: 192 }, (_, i) => {
      const length = 2 + (i % 7)
      return { length, tokens: Array.from({ length: 8 }, (_, t) => (t < length ? 1 + ((i * 7 + t * t * 3 + (i >> 3) * t) % 4) : 0)) }
    })
    const last = rows.map(({ length, tokens }) => (tokens[length - 1] as number) - 1)
    const data = rightOf(
      dataset(
        tensor(
          rows.flatMap(({ tokens }) => tokens),
          [192, 8],
          'i32',
        ),
        classes(last, 4),
      ),
    )
    const model = pipe(input([8], 'i32'), masked(0, embedding(5, 4), bidirectional(rnn(6, { returns: 'last' }))), dense(4))
    const options = { loss: softmaxCrossEntropy, optimizer: adam({ learningRate: 0.03 }), batchSize: 32, epochs: 20, key: key(3) }
    const { history } = rightOf(await fit(model, { data, metrics: { accuracy }, ...options })())
    expect(history.at(-1)?.metrics.accuracy).toBeGreaterThan(0.98)
  })
})

describe('a program agrees with the evaluator', () => {
  const steps = { time: 5, features: 3 } as const
  const models = {
    'stacked, in both directions': pipe(input([steps.time, steps.features]), bidirectional(gru(4)), lstm(3, { reverse: true }), dense(2)),
    'over padding': pipe(
      input([steps.time, steps.features]),
      masked(0, rnn(4, { activation: 'relu' }), bidirectional(lstm(3), { merge: 'sum' })),
      dense(2),
    ),
    'in its last step': pipe(input([steps.time, steps.features]), masked(0, gru(2), bidirectional(gru(2, { returns: 'last' }))), dense(2)),
  }
  const x = tensor(
    Array.from({ length: 2 * 15 }, (_, i) => (i >= 9 && i < 15 ? 0 : Math.round(100 * Math.sin(3 * i)) / 100)),
    [dim('batch', 2), 5, 3],
  )
  it.each(Object.entries(models))('%s: values and gradients', async (_, model) => {
    const start = compute(model.init(key(5)))
    const step = (params: unknown, rows: unknown) => {
      const loss = (given: unknown) => (pipe as Loose)((model.apply as Loose)(given, rows), mean())
      return [params, (valueAndGrad as Loose)(loss)(params)] as const
    }
    const options = { state: start, args: [spec(['batch', 5, 3])], bind: { batch: 2 } }
    const program = rightOf<unknown, { readonly step: Loose }>(await (compile as Loose)(step, options)())
    const [found, wanted] = [program.step(x), compute(step(start, x)[1])].map((tree) => Object.entries(numbers(tree)))
    expect(found?.map(([path]) => path)).toEqual(wanted?.map(([path]) => path))
    for (const [i, [, values]] of (found ?? []).entries())
      values.forEach((value, k) => {
        expect(value).toBeCloseTo(wanted?.[i]?.[1][k] as number, 5)
      })
  })

  it('of lengths that only run time knows, from a state, at another size of batch', async () => {
    const weights = { inputWeight: normal(key(0), [3, 16]), recurrentWeight: normal(key(1), [4, 16]), bias: normal(key(2), [16]) }
    const step = (state: Tensor<[]>, rows: Tensor<['batch', 5, 3]>, lengths: Tensor<['batch'], 'i32'>, before: Tensor<['batch', 4]>) => {
      const [all, last] = ops.lstm(weights, { lengths, initial: { hidden: before, cell: before } })(rows)
      return [state, { all, last }] as const
    }
    const args = [spec(['batch', 5, 3]), spec(['batch'], 'i32'), spec(['batch', 4])] as const
    const program = rightOf(await compile(step, { state: zeros([]), args, bind: { batch: [3, 2] } })())
    for (const batch of [3, 2]) {
      const size = dim('batch', batch)
      const given = [normal(key(3), [size, 5, 3]), tensor([2, 5, 0].slice(0, batch), [size], 'i32'), normal(key(4), [size, 4])] as const
      const [found, [, wanted]] = [program.step(...given), compute(step(zeros([]), ...given))]
      for (const [a, b] of [
        [found.all, wanted.all],
        [found.last.hidden, wanted.last.hidden],
        [found.last.cell, wanted.last.cell],
      ] as const)
        flat(a as never).forEach((value, i) => {
          expect(value).toBeCloseTo(flat(b as never)[i] as number, 5)
        })
    }
  })
})
