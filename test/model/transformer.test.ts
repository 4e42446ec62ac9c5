/** Blocks of transformers, layers repeated and shared: values against compositions, training, sentences. */
import {
  adam,
  add,
  addBranches,
  attention,
  block,
  classes,
  compile,
  compute,
  concatBranches,
  dataset,
  dense,
  embedding,
  fit,
  gelu,
  input,
  key,
  layerNorm,
  learnedPositions,
  mean,
  named,
  normal,
  type Params,
  pipe,
  relu,
  repeat,
  residual,
  sequential,
  softmaxCrossEntropy,
  spec,
  sum,
  summary,
  type Tensor,
  tensor,
  toArray,
  transformerDecoderBlock,
  transformerEncoderBlock,
  valueAndGrad,
} from 'shapewright'
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

/** Tied weights in a function of one's own: the table of the embedding gives the logits too. */
describe('a table that embeds and tells', () => {
  it('is one parameter, whose gradient is the sum of both uses', () => {
    const model = pipe(input([3], 'i32'), embedding(5, 4, 'tokens'))
    const params = compute(model.init(key(0)))
    const ids = tensor([0, 1, 2, 3, 4, 0], [2, 3], 'i32')
    const logits = (p: Params<typeof model>) => pipe(model.apply(p, ids), (y) => dotted(y, p.tokens.weight))
    const dotted = (y: Tensor<[2, 3, 4]>, table: Tensor<[5, 4]>) =>
      pipe(
        y,
        (h) => mean(1)(h),
        (h) => add(h, pipe(table, mean(0))),
        sum(),
      )
    const [, slopes] = valueAndGrad(logits)(params)
    expect(flat(slopes.tokens.weight).every((g) => g > 0)).toBe(true)
  })
})
