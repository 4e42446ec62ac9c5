/** The embedding layer: its table, what it gives, its gradient, and its sentences. */
import {
  adam,
  applyUpdates,
  block,
  compile,
  compute,
  dense,
  dim,
  embedding,
  flatten,
  initializers,
  input,
  key,
  mean,
  named,
  type OptimizerState,
  type Params,
  pipe,
  residual,
  sequential,
  softmaxCrossEntropy,
  spec,
  sum,
  summary,
  type Tensor,
  tensor,
  toArray,
  toTypedArray,
  valueAndGrad,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { rightOf } from '../train/values.ts'
import { refuses } from './helpers.ts'

const words = pipe(input(['time'], 'i32'), embedding(5, 3, 'words'))
const ids = tensor([0, 4, 1, 1], [2, dim('time', 2)], 'i32')

describe('an embedding', () => {
  it('has a table, which a key draws and another layer does not shift', () => {
    const { words: drawn } = words.init(key(1))
    expect(drawn.weight.shape).toEqual([5, 3])
    const numbers = [...toTypedArray(compute(drawn.weight))]
    expect(new Set(numbers).size).toBe(15)
    expect(Math.max(...numbers.map(Math.abs))).toBeLessThan(0.1)
    const longer = pipe(words, dense(2)).init(key(1))
    expect([...toTypedArray(compute(longer.words.weight))]).toEqual(numbers)
  })

  it('gives a row of its table for each index', () => {
    const weight = tensor([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7, 8],
      [9, 10, 11],
      [12, 13, 14],
    ])
    expect(toArray(words.apply({ words: { weight } }, ids))).toEqual([
      [
        [0, 1, 2],
        [12, 13, 14],
      ],
      [
        [3, 4, 5],
        [3, 4, 5],
      ],
    ])
    const one = pipe(input([], 'i32'), embedding(5, 3))
    expect(toArray(one.apply({ embedding1: { weight } }, tensor([2], 'i32')))).toEqual([[6, 7, 8]])
  })

  it('takes its initializer and sizes that are bound', () => {
    const ones = pipe(input([2], 'i32'), embedding(dim('words', 4), dim('features', 3), { name: 'table', weight: initializers.ones }))
    expect(toArray(pipe(ones.init(key(0)).table.weight, sum()))).toBe(12)
    const wide = pipe(input([2], 'i32'), embedding(1000, 8, { weight: initializers.normal({ standardDeviation: 1 }) }))
    const drawn = [...toTypedArray(compute(wide.init(key(3)).embedding1.weight))]
    expect(Math.sqrt(drawn.reduce((s, x) => s + x * x, 0) / drawn.length)).toBeCloseTo(1, 1)
    expect(summary(ones).total).toBe(12)
  })

  it('stands in blocks and under names', () => {
    const nested = pipe(input([2], 'i32'), named('stem')(block(embedding(5, 3), dense(4))))
    expect(Object.keys(nested.init(key(0)).stem)).toEqual(['embedding1', 'dense1'])
    expect(nested.output).toEqual([2, 4])
    expect(sequential(input([2, 3], 'i32'), embedding(5, 4), residual(dense(4))).output).toEqual([2, 3, 4])
  })

  it('says what is wrong from JavaScript as well', () => {
    // biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
    const js = { input, embedding, dense } as Record<string, (...given: any[]) => any>
    refuses('embedding: expected i32, got f32', () => js.embedding?.(5, 3)(js.input?.([2])))
    refuses('embedding: expected i32, got bool', () => js.embedding?.(5, 3)(js.input?.([2], 'bool')))
    refuses('embedding: this layer extends a model', () => js.embedding?.(5, 3)(ids))
    refuses('embedding: a size must be a whole number, got 2.5', () => js.embedding?.(2.5, 3))
    refuses('embedding: a size must be a whole number, got undefined', () => js.embedding?.(5))
    refuses("embedding: the size is not a literal; write embedding(dim('name', n))", () => js.embedding?.('words', 3))
    refuses("embedding: there is no option 'bias'", () => js.embedding?.(5, 3, { bias: 1 }))
    refuses('dense: expected last dim 4, got 3', () => js.dense?.(4, 1)(words))
    refuses('embedding: index 5 is out of range for axis 0 of [5, 3]', () =>
      words.apply(words.init(key(0)), tensor([5], [1, dim('time', 1)], 'i32')),
    )
  })
})

/** Sequences of four tokens, each of the class that its third token says. */
const model = pipe(input([4], 'i32'), embedding(6, 8, 'tokens'), flatten, dense(3, 'logits'))
type P = Params<typeof model>
const optimizer = adam({ learningRate: 0.05 })
interface State {
  readonly params: P
  readonly optimizer: OptimizerState<typeof optimizer, P>
}
const loss = (params: P, x: Tensor<['batch', 4], 'i32'>, y: Tensor<['batch'], 'i32'>) =>
  pipe(model.apply(params, x), softmaxCrossEntropy(y), mean())
const step = (state: State, x: Tensor<['batch', 4], 'i32'>, y: Tensor<['batch'], 'i32'>) => {
  const [value, gradients] = valueAndGrad(loss)(state.params, x, y)
  const [updates, next] = optimizer.update(gradients, state.optimizer, state.params)
  return [{ params: applyUpdates(state.params, updates), optimizer: next }, value] as const
}
const batch = dim('batch', 24)
const tokens = Array.from({ length: 24 }, (_, i) => [i % 5, (3 * i) % 6, (i * i + i) % 6, 5 - (i % 4)])
const x = tensor(tokens.flat(), [batch, 4], 'i32')
const y = tensor(
  tokens.map(([, , third]) => (third as number) >> 1),
  [batch],
  'i32',
)
const initial = (): State => {
  const params = compute(model.init(key(7)))
  return { params, optimizer: compute(optimizer.init(params)) }
}

describe('a model over tokens', () => {
  it('is trained by a compiled step, which agrees with the evaluator', async () => {
    const start = initial()
    const args = [spec(['batch', 4], 'i32'), spec(['batch'], 'i32')] as const
    const program = rightOf(await compile(step, { state: start, args, bind: { batch: 24 } })())
    const first = toArray(program.step(x, y))
    const [next, value] = compute(step(start, x, y))
    expect(first).toBeCloseTo(toArray(value), 6)
    const [found, wanted] = [program.read().params, next.params].map(({ tokens: { weight } }) => [...toTypedArray(weight)])
    found?.forEach((v, i) => {
      expect(v).toBeCloseTo(wanted?.[i] as number, 5)
    })
    let last = first
    for (let i = 0; i < 60; i++) last = toArray(program.step(x, y))
    expect(last).toBeLessThan(0.05)
  })

  it('leaves rows that no token asks for as they were', () => {
    const start = initial()
    const [, gradients] = valueAndGrad(loss)(
      start.params,
      tensor([0, 1, 1, 4], [dim('batch', 1), 4], 'i32'),
      tensor([1], [dim('batch', 1)], 'i32'),
    )
    const rows = toArray(compute(pipe(gradients.tokens.weight, sum(1))))
    expect(rows.map((v) => v !== 0)).toEqual([true, true, false, false, true, false])
  })
})
