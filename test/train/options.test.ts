/** Options and arguments that JavaScript misspells, or gives where there are none: nothing is forgotten silently. */
import * as E from 'fp-ts/lib/Either.js'
import * as shapewright from 'shapewright'
import * as ops from 'shapewright/ops'
import { describe, expect, it } from 'vitest'
import { numbers } from '../autodiff/differences.ts'
import { refuses } from '../model/helpers.ts'

// biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
const js = shapewright as unknown as Readonly<Record<string, (...given: any[]) => any>>
const { accuracy, dense, input, key, meanSquaredError, pipe, relu, sgd, spec, tensor, zeros } = js as Record<
  string,
  NonNullable<typeof js.fit>
>
const model = pipe?.(input?.([2]), dense?.(1))
const samples = js.dataset?.(tensor?.([[1, 2]]), tensor?.([[3]])).right
const right = { data: samples, loss: meanSquaredError, optimizer: sgd?.({ learningRate: 0.1 }), batchSize: 1, epochs: 1, key: key?.(0) }
const params = model.init(key?.(0))
const step = (state: unknown, x: unknown) => [state, x]

describe('options', () => {
  const cases: readonly (readonly [sentence: string, mistake: () => unknown])[] = [
    ["conv2d: there is no option 'kernelSize'", () => js.conv2d?.({ filters: 8, kernelSize: 3 })],
    ["conv2d: the option 'kernel' is missing", () => js.conv2d?.({ filters: 8 })],
    ["conv1d: the option 'filters' is missing", () => js.conv1d?.({})],
    [
      "conv2d: padding must be 'same', 'valid', a whole number or [[top, bottom], [left, right]], got SAME",
      () => js.conv2d?.({ filters: 8, kernel: 3, padding: 'SAME' }),
    ],
    ['conv2d: expected one record of options, as { filters: 8, kernel: 3 }', () => js.conv2d?.(8, 3)],
    ['conv2d: expected one record of options, as { filters: 8, kernel: 3 }', () => js.conv2d?.()],
    ['conv2d: weight must be an initializer', () => js.conv2d?.({ filters: 8, kernel: 3, weight: 1 })],
    ['conv2d: kernel must be a whole number, at least 1, got [3, 3, 3]', () => js.conv2d?.({ filters: 8, kernel: [3, 3, 3] })],
    ['avgPool1d: expected one record of options, as { stride: 2 }', () => js.avgPool1d?.(2, 2)],
    ['conv1d: expected one record of options, as { stride: 2 }', () => Reflect.apply(ops.conv1d, null, [zeros?.([3, 1, 1]), 2])],
    ["sum: there is no option 'keepdims'", () => js.sum?.(-1, { keepdims: true })],
    ['mean: expected options by name, got true', () => js.mean?.(0, true)],
    ["fit: there is no option 'shuffle'", () => js.fit?.(model, { ...right, shuffle: true })],
    ["fit: there is no option 'batch_size'", () => js.fit?.(model, { ...right, batch_size: 32 })],
    ['fit: expected options by name, got undefined', () => js.fit?.(model)],
    [
      'fit: expected a data set, got an object',
      () => js.fit?.(model, { ...right, data: { inputs: zeros?.([1, 2]), targets: zeros?.([1, 1]) } }),
    ],
    ['fit: expected metrics by name, as { accuracy }, got an array', () => js.fit?.(model, { ...right, metrics: [accuracy] })],
    ["evaluate: there is no option 'metric'", () => js.evaluate?.(model, { params, data: samples, loss: meanSquaredError, metric: {} })],
    ["predict: there is no option 'x'", () => js.predict?.(model, { params, x: zeros?.([1, 2]) })],
    ["compile: there is no option 'initial'", () => js.compile?.(step, { initial: zeros?.([]) })],
    ['fit: fastMath must be true or false, got 1', () => js.fit?.(model, { ...right, fastMath: 1 })],
    [
      'evaluate: fastMath must be true or false, got 1',
      () => js.evaluate?.(model, { params, data: samples, loss: meanSquaredError, fastMath: 1 }),
    ],
    [
      'predict: fastMath must be true or false, got an object',
      () => js.predict?.(model, { params, inputs: zeros?.([1, 2]), fastMath: {} }),
    ],
    ['fit: threads must be a number, got two', () => js.fit?.(model, { ...right, threads: 'two' })],
    ['compile: threads must be a whole number from 1 on, got 0', () => js.compile?.(step, { state: zeros?.([]), args: [], threads: 0 })],
    ['compile: expected a list of specs as args, got undefined', () => js.compile?.(step, { state: zeros?.([]) })],
    ['compile: expected a spec as argument 0, got an array', () => js.compile?.(step, { state: zeros?.([]), args: [[3]] })],
    ['compile: expected a function, got an object', () => js.compile?.({ state: zeros?.([]), args: [spec?.([3])] }, step)],
    ['residual: expected one layer, got 2; write residual(block(...))', () => js.residual?.(dense?.(4), relu)],
    ['tensor: the shape stands before the dtype', () => tensor?.([1, 2], 'i32', [2, 1])],
  ]
  it.each(cases)('%s', (sentence, mistake) => refuses(sentence, mistake))
  it('of an optimizer are given back by fit, and thrown in a step', async () => {
    const optimizer = sgd?.({ learningRate: 0.1, momentum: 0.9 })
    const sentence = "sgd: there is no option 'momentum'"
    expect(await js.fit?.(model, { ...right, optimizer })()).toEqual(E.left({ tag: 'Invalid', message: sentence }))
    refuses(sentence, () => optimizer.init(params))
  })
  it.each(['adam', 'adamw', 'momentum', 'nesterov', 'rmsprop', 'adagrad'])('%s knows its own alone', (kind) => {
    expect(js[kind]?.({ learningRate: 0.1, lr: 1 })).toHaveProperty('faults', [`${kind}: there is no option 'lr'`])
  })
  it('that are right are taken', async () => {
    expect(E.isRight(await js.fit?.(model, right)())).toBe(true)
    expect(numbers(js.sum?.(-1, { keepDims: true })(tensor?.([[1, 2]])))).toEqual([3])
  })
})
