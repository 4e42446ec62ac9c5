/** Freezing and decay by group: what stays to the bit, what costs nothing, what is told. */
import {
  adagrad,
  adam,
  adamw,
  addDecayedWeights,
  batchNorm,
  chain,
  classes,
  clipByGlobalNorm,
  compute,
  dataset,
  dense,
  fit,
  freeze,
  input,
  key,
  momentum,
  nesterov,
  ones,
  pipe,
  relu,
  rmsprop,
  samples,
  sgd,
  softmaxCrossEntropy,
  tensor,
  toArray,
  toTypedArray,
  weightsOnly,
  zeros,
} from 'shapewright'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { lower } from '../../src/compiler/compile.ts'
import { trace } from '../../src/compiler/trace.ts'
import { leaves } from '../../src/graph/tree.ts'
import type { AdamState } from '../../src/optim/adam.ts'
import { trainingSource } from '../../src/train/step.ts'
import type { DenseParams } from '../../types/dense.ts'
import type { OptimizerState } from '../../types/optimizer.ts'
import { refuses } from '../model/helpers.ts'
import { numbers, rightOf } from '../train/values.ts'

const model = pipe(input([4]), dense(8, 'hidden'), relu, dense(3, 'logits'))
const labels = Array.from({ length: 30 }, (_, i) => i % 3)
const data = rightOf(
  dataset(
    samples(
      labels.flatMap((label, i) => [label, 1 - label, Math.sin(i), 1]),
      [4],
    ),
    classes(labels, 3),
  ),
)
const options = { data, loss: softmaxCrossEntropy, batchSize: 8, key: key(2) }

describe('freeze', () => {
  it('keeps every bit of what it names, in fit, and trains the rest', async () => {
    const before = compute(model.init(key(2)))
    const params = { ...before, hidden: { ...before.hidden, bias: tensor([-0, 0, 1e-40, 3, -0, 1, 2, 4]) } }
    const optimizer = freeze('hidden')(adam({ learningRate: 0.05 }))
    const trained = rightOf(await fit(model, { ...options, optimizer, epochs: 5, params })())
    const bits = ({ hidden }: typeof params): readonly number[] => [...toTypedArray(hidden.weight), ...toTypedArray(hidden.bias)]
    expect(bits(trained.params).every((v, i) => Object.is(v, bits(params)[i]))).toBe(true)
    expect(toArray(trained.params.logits.bias)).not.toEqual(toArray(params.logits.bias))
    expect(Object.keys(trained.optimizer.first)).toEqual(['logits'])
    expect(trained.history.at(-1)?.loss).toBeLessThan(trained.history[0]?.loss as number)
  })

  it('computes no gradient of it', () => {
    const params = model.init(key(0))
    const kernels = (optimizer: { readonly init: (p: typeof params) => unknown }): number => {
      const column = (shape: readonly number[], dtype: 'f32' | 'i32') => ({
        shape,
        sizes: {},
        width: 1,
        dtype,
        classes: null,
        stored: dtype,
      })
      const state = { params, optimizer: optimizer.init(params), key: key(1), step: zeros([], 'i32') }
      const source = trainingSource(
        model as never,
        { loss: softmaxCrossEntropy as never, metrics: {} },
        optimizer as never,
        state as never,
        {
          columns: [column([4], 'f32'), column([], 'i32')],
          sizes: {},
          rows: [8],
        },
      )
      return lower(trace(source), source.bind).entries[0]?.kernels.length ?? 0
    }
    const all = kernels(sgd({ learningRate: 0.1 }))
    expect(kernels(freeze('hidden')(sgd({ learningRate: 0.1 })))).toBeLessThan(all)
    expect(kernels(freeze('hidden.bias')(sgd({ learningRate: 0.1 })))).toBeLessThan(all)
    // the prediction, the loss and the counts are left
    expect(kernels(freeze('hidden', 'logits')(sgd({ learningRate: 0.1 })))).toBeLessThanOrEqual(4)
  })

  it('takes paths, and several', () => {
    const params = { a: { weight: ones([2, 2]), bias: ones([2]) }, b: { inner: { scale: ones([2]) } }, c: ones([1]) }
    const optimizer = freeze('a.bias', 'b.inner', 'c')(momentum({ learningRate: 1 }))
    const [updates, state] = optimizer.update(params, optimizer.init(params), params)
    expect(leaves(state.velocity).map(({ path }) => path)).toEqual(['a.weight'])
    expect(numbers(updates)).toEqual({ 'a.weight': [-1, -1, -1, -1], 'a.bias': [-0, -0], 'b.inner.scale': [-0, -0], c: [-0] })
    expectTypeOf(state.velocity).toEqualTypeOf<{
      readonly a: { readonly weight: typeof params.a.weight }
      // biome-ignore lint/complexity/noBannedTypes: nothing is left of it
      readonly b: {}
    }>()
  })

  it('has no state for it, in its type', () => {
    const optimizer = freeze('hidden')(adam({ learningRate: 0.1 }))
    type P = ReturnType<typeof model.init>
    expectTypeOf<OptimizerState<typeof optimizer, P>>().toEqualTypeOf<AdamState<{ readonly logits: DenseParams<8, 3> }>>()
  })

  it('goes on with all later, and composes', async () => {
    const frozen = rightOf(await fit(model, { ...options, optimizer: freeze('hidden')(adam({ learningRate: 0.05 })), epochs: 2 })())
    const optimizer = chain(clipByGlobalNorm(1), adam({ learningRate: 0.05 }))
    const from = { ...frozen, optimizer: optimizer.init(frozen.params) }
    const thawed = rightOf(await fit(model, { ...options, optimizer, epochs: 4, from })())
    expect(toArray(thawed.params.hidden.bias)).not.toEqual(toArray(frozen.params.hidden.bias))
    const clipped = freeze('hidden')(chain(clipByGlobalNorm(1), sgd({ learningRate: 0.1 })))
    expect(rightOf(await fit(model, { ...options, optimizer: clipped, epochs: 1 })()).epoch).toBe(1)
  })

  it('lets the statistics of a frozen layer move on', async () => {
    const normed = pipe(input([4]), batchNorm('norm'), dense(3, 'logits'))
    const { params } = rightOf(await fit(normed, { ...options, optimizer: freeze('norm')(sgd({ learningRate: 0.1 })), epochs: 1 })())
    expect([toArray(params.norm.scale), toArray(params.norm.shift)]).toEqual([
      [1, 1, 1, 1],
      [0, 0, 0, 0],
    ])
    expect(toArray(params.norm.mean)[3]).toBeGreaterThan(0.3)
  })

  it.each([
    ['hiden', "freeze: the parameters have no 'hiden'; did you mean 'hidden'?"],
    ['hiddne', "freeze: the parameters have no 'hiddne'; did you mean 'hidden'?"],
    ['hiddens', "freeze: the parameters have no 'hiddens'; did you mean 'hidden'?"],
    ['logit.s', "freeze: the parameters have no 'logit.s'; did you mean 'logits'?"],
    ['hidden.weights', "freeze: the parameters have no 'hidden.weights'"],
    ['output', "freeze: the parameters have no 'output'"],
    ['', "freeze: the parameters have no ''"],
  ])('%s: %s', (name, sentence) => {
    // a name that only a running program knows is refused by the compiler
    refuses(sentence, () => freeze(name as 'hidden')(sgd({ learningRate: 1 })).init(model.init(key(0))))
  })
  it('refuses what is no optimizer', () => {
    // biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
    const js = freeze as any
    refuses('freeze: expected an optimizer, got 3', () => js('a')(3))
    refuses('freeze: expected names, got 3', () => js(3)(sgd({ learningRate: 1 })))
    expect(freeze('a')(sgd({ learningRate: -1 })).faults.length).toBe(1)
  })
})

describe('decay by group', () => {
  const params = { dense: { weight: tensor([[4]]), bias: tensor([4]) } }
  const zero = { dense: { weight: zeros([1, 1]), bias: zeros([1]) } }
  const decays = ({ path }: { readonly path: string }) => path.endsWith('.bias')
  const moved = (optimizer: { readonly init: (p: typeof params) => unknown; readonly update: unknown }) => {
    const update = optimizer.update as (g: unknown, s: unknown, p: unknown) => readonly [typeof params]
    const [updates] = update(zero, optimizer.init(params), params)
    return [toArray(updates.dense.weight)[0]?.[0] === 0, toArray(updates.dense.bias)[0] === 0]
  }
  const rate = { learningRate: 0.5, weightDecay: 0.5 }
  it.each([
    ['sgd', sgd],
    ['momentum', momentum],
    ['nesterov', nesterov],
    ['adagrad', adagrad],
    ['rmsprop', rmsprop],
    ['adam', adam],
    ['adamw', adamw],
  ] as const)('%s leaves out what does not decay', (_, make) => {
    expect(moved(make({ ...rate, decays: weightsOnly }))).toEqual([false, true])
    expect(moved(make({ ...rate, decays }))).toEqual([true, false])
    expect(moved(make(rate))).toEqual([false, false])
    expect(make({ ...rate, decays: 3 as never }).faults.join()).toMatch(/decays must be a function of a parameter, got 3$/)
  })
  it('has rates of their own', () => {
    const two = chain(addDecayedWeights(0.5, { decays: weightsOnly }), addDecayedWeights(0.25, { decays }), sgd({ learningRate: 1 }))
    const [updates] = two.update(zero, two.init(params), params)
    expect([toArray(updates.dense.weight), toArray(updates.dense.bias)]).toEqual([[[-2]], [-1]])
  })
})
