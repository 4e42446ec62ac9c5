/** Blocks of transformers, layers repeated and shared: values against compositions, training, sentences. */
import {
  type AttentionParams,
  adam,
  add,
  addBranches,
  applyUpdates,
  attention,
  block,
  classes,
  compile,
  compute,
  concatBranches,
  type Dim,
  dataset,
  dense,
  dim,
  embedding,
  fit,
  gelu,
  grad,
  input,
  key,
  layerNorm,
  learnedPositions,
  matmul,
  mean,
  named,
  normal,
  type OptimizerState,
  type Params,
  pipe,
  rearrange,
  relu,
  repeat,
  residual,
  sequential,
  silu,
  slice,
  softmaxCrossEntropy,
  spec,
  sum,
  summary,
  type Tensor,
  tensor,
  toArray,
  transformerDecoderBlock,
  transformerEncoderBlock,
  transpose,
  valueAndGrad,
} from 'shapewright'
import * as ops from 'shapewright/ops'
import { describe, expect, it } from 'vitest'
import { rightOf } from '../train/values.ts'
import { refuses } from './helpers.ts'

// biome-ignore lint/suspicious/noExplicitAny: tensors of any shape are compared
const flat = (x: any): number[] => [toArray(x)].flat(9) as number[]
// biome-ignore lint/suspicious/noExplicitAny: tensors of any shape are compared
const near = (found: any, wanted: any, digits = 5): void => {
  const [a, b] = [flat(found), flat(wanted)]
  expect(a.length).toBe(b.length)
  a.forEach((x, i) => {
    expect(x).toBeCloseTo(b[i] as number, digits)
  })
}
const x = normal(key(5), [2, 6, 8])

describe('a block of a transformer', () => {
  it.each([
    ['encoder', transformerEncoderBlock(2, { hidden: 12, name: 'block' }), false],
    ['decoder', transformerDecoderBlock(2, { hidden: 12, name: 'block' }), true],
  ] as const)('of an %s is attention and two dense layers, each behind a norm', (_, layer, causal) => {
    const model = pipe(input([6, 8]), layer as ReturnType<typeof transformerEncoderBlock<2, { hidden: 12; name: 'block' }>>)
    const params = compute(model.init(key(1)))
    const { attentionNorm, attention: look, feedForwardNorm, hidden, output } = params.block
    const composed = pipe(
      input([6, 8]),
      residual(block(layerNorm('norm'), attention(2, { causal, name: 'look' }))),
      residual(block(layerNorm('norm'), dense(12, 'hidden'), gelu, dense(8, 'output'))),
    )
    near(
      model.apply(params, x),
      composed.apply({ residual1: { norm: attentionNorm, look }, residual2: { norm: feedForwardNorm, hidden, output } }, x),
    )
    expect(summary(model).total).toBe(4 * 64 + 4 * 8 + 8 * 12 + 12 + 12 * 8 + 8)
  })

  it('has its norms behind the sums, other activations, and biases where they are asked for', () => {
    const given = { hidden: 12, norm: 'after', activation: 'silu', epsilon: 0.1, bias: true, name: 'block' } as const
    const model = pipe(input([6, 8]), transformerDecoderBlock(2, given))
    const start = compute(model.init(key(1))).block
    const look = { ...start.attention, queryBias: normal(key(2), [8]), valueBias: normal(key(3), [8]) }
    const { attentionNorm, feedForwardNorm, hidden, output } = start
    const composed = pipe(
      input([6, 8]),
      residual(attention(2, { causal: true, bias: true, name: 'look' })),
      layerNorm({ epsilon: 0.1, name: 'one' }),
      residual(block(dense(12, 'hidden'), silu, dense(8, 'output'))),
      layerNorm({ epsilon: 0.1, name: 'two' }),
    )
    near(
      model.apply({ block: { ...start, attention: look } }, x),
      composed.apply({ residual1: look, one: attentionNorm, residual2: { hidden, output }, two: feedForwardNorm }, x),
    )
    expect(summary(model).total).toBe(4 * 64 + 4 * 8 + 4 * 8 + 8 * 12 + 12 + 12 * 8 + 8)
  })

  it('drops out in training alone, at three places', () => {
    const model = pipe(input([6, 8]), transformerEncoderBlock(2, { dropout: 0.3 }))
    const params = model.init(key(2))
    expect(params.transformerEncoderBlock1.hidden.weight.shape).toEqual([8, 32])
    const [one] = model.applyTraining(params, x, key(3))
    expect(flat(one)).toEqual(flat(model.applyTraining(params, x, key(3))[0]))
    expect(flat(one)).not.toEqual(flat(model.apply(params, x)))
    near(pipe(input([6, 8]), transformerEncoderBlock(2)).apply(params, x), model.apply(params, x))
  })

  it('learns to say what came before', async () => {
    const tokens = Array.from({ length: 48 * 8 }, (_, i) => (i * i * 7 + (i >> 3)) % 5)
    const labels = tokens.map((token, i) => (i % 8 === 0 ? token : (tokens[i - 1] as number)))
    const data = rightOf(dataset(tensor(tokens, [48, 8], 'i32'), classes(labels, 5, [8])))
    const model = sequential(
      input([8], 'i32'),
      embedding(5, 16),
      learnedPositions(8),
      repeat(2, transformerDecoderBlock(2, { hidden: 16 })),
      layerNorm(),
      dense(5, 'logits'),
    )
    const trained = rightOf(
      await fit(model, {
        data,
        loss: softmaxCrossEntropy,
        optimizer: adam({ learningRate: 0.01 }),
        batchSize: 16,
        epochs: 60,
        key: key(0),
      })(),
    )
    expect(trained.history.at(-1)?.loss).toBeLessThan(0.1)
    expect(Object.keys(trained.params.repeat1)).toEqual(['transformerDecoderBlock1', 'transformerDecoderBlock2'])
  })

  it('says what is wrong from JavaScript as well', () => {
    // biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
    const js = { transformerEncoderBlock, transformerDecoderBlock, repeat } as unknown as Record<string, (...given: any[]) => any>
    const seq = (...shape: number[]) => input(shape as [number])
    refuses('transformerEncoderBlock: 8 heads do not divide the depth 60', () => js.transformerEncoderBlock?.(8)(seq(4, 60)))
    refuses('transformerDecoderBlock: expected [time, depth], got [60]', () => js.transformerDecoderBlock?.(8)(seq(60)))
    refuses('transformerEncoderBlock: heads must be a whole number, at least 1, got 0', () => js.transformerEncoderBlock?.(0))
    refuses('transformerEncoderBlock: hidden must be a whole number, at least 1, got 0', () =>
      js.transformerEncoderBlock?.(2, { hidden: 0 }),
    )
    refuses("transformerEncoderBlock: there is no option 'causal'", () => js.transformerEncoderBlock?.(2, { causal: true }))
    refuses("transformerEncoderBlock: norm must be 'before' or 'after'", () => js.transformerEncoderBlock?.(2, { norm: 'first' }))
    refuses("transformerDecoderBlock: activation must be 'gelu', 'geluTanh', 'relu' or 'silu'", () =>
      js.transformerDecoderBlock?.(2, { activation: 'selu' }),
    )
    refuses('transformerDecoderBlock: bias must be true or false', () => js.transformerDecoderBlock?.(2, { bias: 1 }))
    refuses('transformerEncoderBlock: epsilon must be a positive number, got 0', () => js.transformerEncoderBlock?.(2, { epsilon: 0 }))
    refuses('dropout: the rate must be at least 0 and below 1, got half', () => js.transformerEncoderBlock?.(2, { dropout: 'half' }))
    refuses('repeat: expected a whole number of layers from 1 to 256, got 0', () => js.repeat?.(0, relu))
    refuses('repeat: expected a whole number of layers from 1 to 256, got 257', () => js.repeat?.(257, relu))
    refuses('repeat: expected a layer, got 3', () => js.repeat?.(2, 3))
    refuses('repeat: the layer maps [64] to [32]', () => js.repeat?.(2, dense(32))(seq(64)))
    refuses("repeat: there is no option 'share'", () => js.repeat?.(2, relu, { share: true }))
    refuses('repeat: expected f32, got i32', () => js.repeat?.(2, embedding(3, 4))(input([2], 'i32')))
  })
})

describe('repeat', () => {
  it('is the layer written out, each with its own parameters', () => {
    const model = pipe(input([8]), repeat(3, residual(dense(8))))
    const params = compute(model.init(key(0)))
    const written = pipe(input([8]), residual(dense(8)), residual(dense(8)), residual(dense(8)))
    const y = normal(key(1), [4, 8])
    near(model.apply(params, y), written.apply(params.repeat1, y))
    expect(flat(params.repeat1.residual1.weight)).not.toEqual(flat(params.repeat1.residual2.weight))
    expect(summary(model).total).toBe(3 * 72)
    expect(summary(model).rows.map(({ name }) => name)).toEqual([
      null,
      'repeat1',
      'repeat1.residual1',
      'repeat1.residual2',
      'repeat1.residual3',
    ])
    const longer = pipe(input([8]), repeat(4, residual(dense(8))))
    expect(flat(compute(longer.init(key(0))).repeat1.residual2.weight)).toEqual(flat(params.repeat1.residual2.weight))
  })

  it('goes by the name of the layer, and takes what has no parameters', () => {
    const model = pipe(input([8]), named('stack')(repeat(2, named('layer')(block(dense(8), relu)))), repeat(5, relu))
    expect(Object.keys(model.init(key(0)).stack)).toEqual(['layer1', 'layer2'])
    expect(Object.keys(model.init(key(0)))).toEqual(['stack'])
  })

  it('shares one layer, whose gradient is the sum', async () => {
    const model = pipe(input([8]), repeat(2, dense(8, 'same'), { shared: true }))
    const params = compute(model.init(key(0)))
    const own = pipe(input([8]), repeat(2, dense(8)))
    const { weight, bias } = params.repeat1
    const y = normal(key(1), [4, 8])
    type P = Params<typeof model>
    type Q = Params<typeof own>
    const loss = (p: P, z: Tensor<[4, 8]>) => pipe(model.apply(p, z), (r) => add(r, r), sum())
    const lossOfOwn = (p: Q, z: Tensor<[4, 8]>) => pipe(own.apply(p, z), (r) => add(r, r), sum())
    const [value, slopes] = valueAndGrad(loss)(params, y)
    const [wanted, both] = valueAndGrad(lossOfOwn)({ repeat1: { dense1: { weight, bias }, dense2: { weight, bias } } }, y)
    near(value, wanted, 3)
    near(slopes.repeat1.weight, add(both.repeat1.dense1.weight, both.repeat1.dense2.weight), 3)
    expect(summary(model).total).toBe(72)
    const step = (state: P, z: Tensor<[4, 8]>) => [state, valueAndGrad(loss)(state, z)] as const
    const program = rightOf(await compile(step, { state: params, args: [spec([4, 8])] })())
    near(program.step(y)[1].repeat1.weight, slopes.repeat1.weight, 3)
  })

  it('has branches inside, and stands in branches', () => {
    const model = pipe(
      input(['time', 8]),
      repeat(2, residual(addBranches(attention(2), dense(8)))),
      concatBranches(repeat(2, transformerEncoderBlock(2)), block()),
    )
    expect(model.output).toEqual(['time', 16])
    expect(Object.keys(model.init(key(0)).concatBranches1.repeat1)).toEqual(['transformerEncoderBlock1', 'transformerEncoderBlock2'])
  })
})

/** Weights that stand twice in a function of one's own: a table embeds words, and tells which comes next. */
describe('a table that embeds and tells', () => {
  const model = pipe(input(['time'], 'i32'), embedding(5, 8, 'tokens'), repeat(2, transformerDecoderBlock(2)))
  type P = Params<typeof model>
  const logits = <B extends Dim>(p: P, ids: Tensor<[B, 'time'], 'i32'>): Tensor<[B, 'time', 5]> =>
    pipe(model.apply(p, ids), matmul(transpose(p.tokens.weight)))
  const loss = (p: P, ids: Tensor<['batch', 'time'], 'i32'>, next: Tensor<['batch', 'time'], 'i32'>) =>
    pipe(logits(p, ids), softmaxCrossEntropy(next), mean())
  const optimizer = adam({ learningRate: 0.02 })
  interface State {
    readonly params: P
    readonly optimizer: OptimizerState<typeof optimizer, P>
  }
  const step = (state: State, ids: Tensor<['batch', 'time'], 'i32'>, next: Tensor<['batch', 'time'], 'i32'>) => {
    const [value, gradients] = valueAndGrad(loss)(state.params, ids, next)
    const [updates, moved] = optimizer.update(gradients, state.optimizer, state.params)
    return [{ params: applyUpdates(state.params, updates), optimizer: moved }, value] as const
  }
  const ids = tensor([0, 1, 2, 3, 4, 0, 2, 4, 1, 3], [dim('batch', 2), dim('time', 5)], 'i32')
  const next = tensor([1, 2, 3, 4, 0, 2, 4, 1, 3, 0], [dim('batch', 2), dim('time', 5)], 'i32')

  it('is one parameter, whose gradient is the sum of both uses', () => {
    const params = compute(model.init(key(0)))
    const twice = (p: P, table: Tensor<[5, 8]>) => pipe(model.apply(p, ids), matmul(transpose(table)), softmaxCrossEntropy(next), mean())
    const whole = grad(loss)(params, ids, next).tokens.weight
    const read = grad((p: P) => twice(p, params.tokens.weight))(params).tokens.weight
    const told = grad((table: Tensor<[5, 8]>) => twice(params, table))(params.tokens.weight)
    near(whole, add(read, told))
  })

  it('learns in a compiled step', async () => {
    const params = compute(model.init(key(0)))
    const start: State = { params, optimizer: compute(optimizer.init(params)) }
    const args = [spec(['batch', 'time'], 'i32'), spec(['batch', 'time'], 'i32')] as const
    const program = rightOf(await compile(step, { state: start, args, bind: { batch: 2, time: 5 } })())
    for (let i = 0; i < 120; i++) program.step(ids, next)
    // both begin with 0, behind which stands 1 or 2: no model knows which
    expect(toArray(program.step(ids, next))).toBeCloseTo(Math.log(2) / 5, 2)
  })
})

/** A decoder beside an encoder: a function of two tensors, with the parameters that the layer of attention has. */
describe('attention to another sequence', () => {
  const heads = <B extends Dim, T extends Dim>(x: Tensor<[B, T, 8]>, matrix: Tensor<[8, 8]>): Tensor<[B, 2, T, 4]> =>
    pipe(x, matmul(matrix), rearrange('b t (h d) -> b h t d', { h: 2 }))
  const attend = <B extends Dim, T extends Dim, U extends Dim>(
    p: AttentionParams<8>,
    x: Tensor<[B, T, 8]>,
    memory: Tensor<[B, U, 8]>,
    lengths: Tensor<[B], 'i32'>,
  ): Tensor<[B, T, 8]> =>
    pipe(
      heads(x, p.query),
      ops.attention(heads(memory, p.key), heads(memory, p.value), { lengths }),
      rearrange('b h t d -> b t (h d)'),
      matmul(p.output),
    )
  const layer = pipe(input([6, 8]), attention(2, 'look'))
  const { look } = compute(layer.init(key(4)))

  it('is self-attention where both are one', () => {
    near(attend(look, x, x, tensor([6, 6], 'i32')), layer.apply({ look }, x))
  })

  it('sees as much of the other as it has', () => {
    const memory = normal(key(6), [2, 5, 8])
    const found = toArray(attend(look, x, memory, tensor([5, 3], 'i32')))
    const cut = toArray(attend(look, x, pipe(memory, slice([0, 0, 0], [2, 3, 8])), tensor([3, 3], 'i32')))
    found[1]?.forEach((row, t) => {
      row.forEach((v, i) => {
        expect(v).toBeCloseTo(cut[1]?.[t]?.[i] as number, 5)
      })
    })
  })
})
