/** Accumulated gradients: the step of a larger batch, bits that stay between steps, schedules that count steps of the optimizer. */
import { readFileSync } from 'node:fs'
import {
  type AccumulateState,
  type AdamState,
  accumulate,
  adagrad,
  adam,
  adamw,
  add,
  addDecayedWeights,
  applyUpdates,
  batchNorm,
  chain,
  clipByGlobalNorm,
  compile,
  compute,
  dataset,
  dense,
  fit,
  freeze,
  grad,
  input,
  key,
  matmul,
  mean,
  meanSquaredError,
  momentum,
  type Optimizer,
  type OptimizerState,
  pipe,
  rmsprop,
  samples,
  sgd,
  spec,
  stepDecay,
  type Tensor,
  tanh,
  tensor,
  toArray,
  toTypedArray,
} from 'shapewright'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { leftOf, numbers, rightOf } from '../train/values.ts'

interface Golden {
  readonly start: { readonly weight: readonly (readonly number[])[]; readonly bias: readonly number[] }
  readonly batches: readonly (readonly [x: readonly (readonly number[])[], y: readonly (readonly number[])[]])[]
  readonly steps: Readonly<Record<string, readonly Golden['start'][]>>
}
/** Written by scripts/golden/accumulate.py. */
const golden: Golden = JSON.parse(readFileSync('test/golden/loop/accumulate.json', 'utf8'))

const start = {
  weight: tensor([
    [1, -0.5],
    [0.25, 2],
  ]),
  bias: tensor([-0, 3]),
}
/** Gradients of eight steps. */
const gradients = Array.from({ length: 8 }, (_, i) => ({
  weight: tensor([
    [Math.sin(i), Math.cos(i)],
    [i / 8, -i / 4],
  ]),
  bias: tensor([0.5 - i, 0.125 * i]),
}))
type P = typeof start

/** The parameters behind every step. */
const walked = <F>(optimizer: Optimizer<F>, given: readonly P[]): readonly P[] => {
  const all: P[] = []
  let params: P = start
  let state: unknown = optimizer.init(params)
  for (const g of given) {
    const [updates, next] = optimizer.update(g, state as never, params)
    params = compute(applyUpdates(params, updates as never))
    state = compute(next)
    all.push(params)
  }
  return all
}
const bits = ({ weight, bias }: P): readonly number[] =>
  [toTypedArray(weight), toTypedArray(bias)].flatMap((values) => [...new Int32Array(values.slice().buffer)])
/** Without the types of their states, so that they stand in one table. */
const optimizers: Readonly<Record<string, () => Optimizer<never>>> = {
  sgd: () => sgd({ learningRate: 0.1, weightDecay: 0.01 }) as unknown as Optimizer<never>,
  momentum: () => momentum({ learningRate: 0.1 }) as unknown as Optimizer<never>,
  adam: () => adam({ learningRate: 0.1 }) as unknown as Optimizer<never>,
  adamw: () => adamw({ learningRate: 0.1 }) as unknown as Optimizer<never>,
  rmsprop: () => rmsprop({ learningRate: 0.1 }) as unknown as Optimizer<never>,
  adagrad: () => adagrad({ learningRate: 0.1 }) as unknown as Optimizer<never>,
  'PyTorch sgd': () => sgd({ learningRate: 0.1 }) as unknown as Optimizer<never>,
  'PyTorch momentum': () => momentum({ learningRate: 0.1 }) as unknown as Optimizer<never>,
  'PyTorch adam': () => adam({ learningRate: 0.05 }) as unknown as Optimizer<never>,
  'PyTorch adamw': () => adamw({ learningRate: 0.05 }) as unknown as Optimizer<never>,
  'PyTorch rmsprop': () => rmsprop({ learningRate: 0.05 }) as unknown as Optimizer<never>,
  'a chain': () => chain(clipByGlobalNorm(1), addDecayedWeights(0.1), adam({ learningRate: 0.1 })) as unknown as Optimizer<never>,
}

describe('accumulate', () => {
  it.each(Object.entries(optimizers))('takes the steps of %s on means, and moves no bit between them', (_, make) => {
    const means = [0, 4].map((from) => ({
      weight: tensor(
        [0, 1].map((row) =>
          [0, 1].map((column) => gradients.slice(from, from + 4).reduce((sum, g) => sum + (toArray(g.weight)[row]?.[column] ?? 0), 0) / 4),
        ) as [[number, number], [number, number]],
      ),
      bias: tensor(
        [0, 1].map((i) => gradients.slice(from, from + 4).reduce((sum, g) => sum + (toArray(g.bias)[i] ?? 0), 0) / 4) as [number, number],
      ),
    }))
    const expected = walked(make(), means)
    const found = walked(accumulate(4)(make()), gradients)
    for (const i of [0, 1, 2]) expect(bits(found[i] as P)).toEqual(bits(start))
    for (const i of [4, 5, 6]) expect(bits(found[i] as P)).toEqual(bits(found[3] as P))
    for (const [i, at] of [3, 7].entries())
      for (const [path, values] of Object.entries(numbers(expected[i])))
        values.forEach((value, j) => {
          expect(numbers(found[at])[path]?.[j]).toBeCloseTo(value, 5)
        })
  })
  it.each(Object.entries(golden.steps))('ends as PyTorch, which adds up gradients over backward passes: %s', (name, steps) => {
    const optimizer = accumulate(4)((optimizers[`PyTorch ${name}`] as () => Optimizer<never>)())
    let params = { weight: tensor(golden.start.weight as [[number], [number]]), bias: tensor(golden.start.bias as [number]) }
    let state: unknown = optimizer.init(params)
    for (const [i, [x, y]] of golden.batches.entries()) {
      const [rows, targets] = [
        tensor(x as [[number, number], [number, number], [number, number]]),
        tensor(y as [[number], [number], [number]]),
      ]
      const loss = (p: typeof params) => pipe(rows, matmul(p.weight), add(p.bias), meanSquaredError(targets), mean())
      const [updates, next] = optimizer.update(grad(loss)(params), state as never, params)
      params = compute(applyUpdates(params, updates as never))
      state = compute(next)
      const expected = steps[Math.floor(i / 4)]
      if (i % 4 !== 3 || expected === undefined) continue
      const found = [...toArray(params.weight).flat(), ...toArray(params.bias)]
      for (const [j, value] of [...expected.weight.flat(), ...expected.bias].entries()) expect(found[j]).toBeCloseTo(value, 5)
    }
  })
  it('by one is the optimizer itself', () => {
    const found = walked(accumulate(1)(adam({ learningRate: 0.1 })), gradients)
    expect(found.map(bits)).toEqual(walked(adam({ learningRate: 0.1 }), gradients).map(bits))
  })
  it('lets nothing of a gradient that is no number through before its step', () => {
    const broken = { ...start, bias: tensor([Number.NaN, 1]) }
    const [first, second, third] = walked(accumulate(3)(adam({ learningRate: 0.1 })), [broken, start, start])
    expect([first, second].map((params) => bits(params as P))).toEqual([bits(start), bits(start)])
    expect(toArray((third as P).bias)[0]).toBeNaN()
    expect(toArray((third as P).bias)[1]).toBeCloseTo(2.9)
  })
  it('has a state that its type says', () => {
    const optimizer = accumulate(2)(adam({ learningRate: 0.1 }))
    expectTypeOf<OptimizerState<typeof optimizer, P>>().toEqualTypeOf<AccumulateState<P, AdamState<P>>>()
    const state = optimizer.init(start)
    expect(toArray(state.count)).toBe(0)
    expect(toArray(state.optimizer.count)).toBe(0)
  })
  it('says what is wrong with it', async () => {
    const sentence = (steps: number) => `accumulate: the number of steps must be a positive whole number, got ${steps}`
    for (const steps of [0, -1, 1.5, Number.NaN]) {
      const { faults } = accumulate(steps)(sgd({ learningRate: 0.1 }))
      expect(faults).toEqual([sentence(steps)])
    }
    const data = rightOf(dataset(samples([1, 2], [1]), samples([1, 2], [1])))
    const options = { data, loss: meanSquaredError, batchSize: 1, epochs: 1, key: key(0) }
    expect(leftOf(await fit(pipe(input([1]), dense(1)), { ...options, optimizer: accumulate(0)(sgd({ learningRate: 0.1 })) })())).toEqual({
      tag: 'Invalid',
      message: sentence(0),
    })
    expect(accumulate(2)(sgd({ learningRate: -1 })).faults).toEqual(['sgd: the learning rate must be a positive number, got -1'])
    // @ts-expect-error a function is no optimizer
    expect(() => accumulate(2)(() => 0)).toThrow('accumulate: expected an optimizer, got a function')
  })
  it('counts the steps of the optimizer in schedules', () => {
    const optimizer = accumulate(2)(sgd({ learningRate: stepDecay({ initial: 1, factor: 0.5, every: 1 }) }))
    let state = optimizer.init(start)
    const rates = gradients.map((g) => {
      const rate = optimizer.learningRate(state, start)
      state = compute(optimizer.update(g, state, start)[1])
      return rate === null ? null : toArray(rate)
    })
    expect(rates).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125])
  })
})

describe('accumulate in fit', () => {
  const xs = Array.from({ length: 48 }, (_, i) => Math.sin(i * 1.7))
  const data = rightOf(
    dataset(
      samples(xs, [2]),
      samples(
        xs.filter((_, i) => i % 2 === 0).map((x) => 3 * x - 1),
        [1],
      ),
    ),
  )
  const model = pipe(input([2]), dense(5, 'hidden'), tanh, dense(1, 'out'))
  const options = { data, loss: meanSquaredError, epochs: 8, key: key(3) }
  it.each([
    ['sgd', sgd({ learningRate: 0.1 }) as unknown as Optimizer<never>],
    ['adam', adam({ learningRate: 0.01 }) as unknown as Optimizer<never>],
    ['adamw behind a clip', chain(clipByGlobalNorm(0.5), adamw({ learningRate: 0.01 })) as unknown as Optimizer<never>],
  ] as const)('%s: ends as with batches so many times as large', async (_, optimizer) => {
    const small = rightOf(await fit(model, { ...options, optimizer: accumulate(4)(optimizer), batchSize: 3 })())
    const large = rightOf(await fit(model, { ...options, optimizer, batchSize: 12 })())
    const [found, expected] = [numbers(small.params), numbers(large.params)]
    for (const [path, values] of Object.entries(expected))
      for (const [i, value] of values.entries()) expect(found[path]?.[i]).toBeCloseTo(value, 4)
    for (const [i, { loss }] of small.history.entries()) expect(loss).toBeCloseTo(large.history[i]?.loss as number, 4)
  })
  it('is gone on with in the middle of a sum, and freezes', async () => {
    const normed = pipe(input([2]), dense(5, 'hidden'), batchNorm(), tanh, dense(1, 'out'))
    const optimizer = freeze('hidden')(accumulate(4)(adam({ learningRate: 0.01 })))
    const all = { ...options, optimizer, batchSize: 5, epochs: 5 }
    const whole = rightOf(await fit(normed, all)())
    let steps = 0
    const stop = { stepEvery: 1, onEvent: ({ tag }: { readonly tag: string }) => (tag === 'Step' && ++steps === 11 ? 'stop' : null) }
    const from = rightOf(await fit(normed, { ...all, ...stop })())
    expect(from.underway?.step).toBe(1)
    const again = rightOf(await fit(normed, { ...all, from })())
    expect([numbers(again.params), numbers(again.optimizer), again.history]).toEqual([
      numbers(whole.params),
      numbers(whole.optimizer),
      whole.history,
    ])
  })
  it('works in a step of one’s own', async () => {
    const optimizer = accumulate(2)(sgd({ learningRate: 0.5 }))
    const params = tensor([1, 2])
    type State = { readonly params: Tensor<[2]>; readonly optimizer: OptimizerState<typeof optimizer, Tensor<[2]>> }
    const step = (state: State, gradient: Tensor<[2]>) => {
      const [updates, next] = optimizer.update(gradient, state.optimizer, state.params)
      const moved = applyUpdates(state.params, updates)
      return [{ params: moved, optimizer: next }, moved] as const
    }
    const program = rightOf(await compile(step, { state: { params, optimizer: optimizer.init(params) }, args: [spec([2])] })())
    const seen = [
      [1, 1],
      [3, 1],
      [2, 2],
      [2, 4],
    ].map(([a, b]) => toArray(program.step(tensor([a as number, b as number]))))
    expect(seen).toEqual([
      [1, 2],
      [0, 1.5],
      [0, 1.5],
      [-1, 0],
    ])
  })
})
