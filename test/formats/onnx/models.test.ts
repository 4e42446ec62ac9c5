/** Whole models as ONNX files: those of the lessons, and chains that no one thought of. */
import { fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import * as sw from '../../../src/index.ts'
import { type AnyOne, agreement, fileOf, samples, trainedParams } from './run.ts'

const js = sw as unknown as Readonly<Record<string, AnyOne>>
const { input, pipe, conv2d, dense, relu, maxPool2d, batchNorm, flatten, dropout, residual, block } = sw

const perceptron = pipe(input([784]), dense(sw.dim('hidden', 256), 'hidden'), relu, dense(10, 'logits'))
const digits = pipe(
  input([28, 28, 1]),
  conv2d({ filters: 8, kernel: 5, name: 'strokes' }),
  maxPool2d(2),
  relu,
  conv2d({ filters: 32, kernel: 5, name: 'shapes' }),
  maxPool2d(2),
  relu,
  flatten,
  dense(128, 'hidden'),
  relu,
  dropout(0.3),
  dense(10, 'logits'),
)
const fashion = pipe(
  input([28, 28, 1]),
  conv2d({ filters: 16, kernel: 5, padding: 'same', name: 'edges' }),
  maxPool2d(2),
  batchNorm('edgeNorm'),
  relu,
  conv2d({ filters: 32, kernel: 5, name: 'parts' }),
  maxPool2d(2),
  batchNorm('partNorm'),
  relu,
  flatten,
  dense(128, 'hidden'),
  relu,
  dropout(0.5),
  dense(10, 'logits'),
)
const way = (filters: number) =>
  block(
    conv2d({ filters, kernel: 3, padding: 'same' } as { filters: 8; kernel: 3; padding: 'same' }),
    batchNorm(),
    relu,
    conv2d({ filters, kernel: 3, padding: 'same' } as { filters: 8; kernel: 3; padding: 'same' }),
  )
const deep = pipe(
  input([12, 12, 3]),
  conv2d({ filters: 8, kernel: 3, stride: 2, padding: 'same' }),
  residual(way(8)),
  sw.repeat(2, residual(way(8))),
  sw.concatBranches(conv2d({ filters: 4, kernel: 1 }), sw.avgPool2d(3, { stride: 1, padding: 'same' }), block()),
  sw.addBranches(sw.depthwiseConv2d({ kernel: 3, padding: 'same' }), sw.groupNorm(4)),
  sw.globalAveragePool2d,
  dense(5),
)
const picture = pipe(
  input([6, 6, 3]),
  conv2d({ filters: 4, kernel: 3, padding: 'same' }),
  relu,
  sw.upsample2d(2),
  sw.convTranspose2d({ filters: 3, kernel: 3, stride: 2, padding: 'same' }),
  dense(2),
  sw.sigmoid,
)

const opsOf = (model: AnyOne, options = {}): readonly string[] => fileOf(model, model.init(sw.key(0)), options).nodes.map(({ op }) => op)

describe('models of the lessons', () => {
  const models: Readonly<Record<string, AnyOne>> = { perceptron, digits, fashion, deep, picture }
  it.each(Object.entries(models))('%s predicts in onnxruntime what it predicts here', async (_, model) => {
    for (const batch of [1, 7]) {
      const { error, shape, expected, faults } = await agreement(model, trainedParams(model, 3), samples([batch, ...model.input], batch))
      expect(faults).toEqual([])
      expect(shape).toEqual(expected)
      expect(error).toBeLessThan(1e-5)
    }
  })

  it('are no more nodes than layers', () => {
    expect(opsOf(perceptron)).toEqual(['Gemm', 'Relu', 'Gemm'])
    const half = ['Conv', 'MaxPool', 'Relu']
    expect(opsOf(digits)).toEqual(['Transpose', ...half, ...half, 'Flatten', 'Gemm', 'Relu', 'Gemm'])
    const normed = ['Conv', 'MaxPool', 'BatchNormalization', 'Relu']
    expect(opsOf(fashion, { probabilities: true })).toEqual([
      'Transpose',
      ...normed,
      ...normed,
      'Flatten',
      'Gemm',
      'Relu',
      'Gemm',
      'Softmax',
    ])
  })
  it('transpose an image where it comes in, and where it goes out, alone', () => {
    expect(opsOf(deep).flatMap((op, i) => (op === 'Transpose' ? [i] : []))).toEqual([0])
    const ops = opsOf(picture)
    expect(ops).toEqual(['Transpose', 'Conv', 'Relu', 'Resize', 'ConvTranspose', 'Conv', 'Sigmoid', 'Transpose'])
  })
  it('name what they compute, and keep the paths of parameters', () => {
    const { nodes, tensors } = fileOf(perceptron, perceptron.init(sw.key(0)))
    expect(nodes).toEqual([
      node('Gemm', 'hidden/Gemm', ['input', 'hidden.weight', 'hidden.bias'], 'hidden/Gemm'),
      node('Relu', 'relu1/Relu', ['hidden/Gemm'], 'relu1/Relu'),
      node('Gemm', 'logits/Gemm', ['relu1/Relu', 'logits.weight', 'logits.bias'], 'output'),
    ])
    expect(tensors.map(({ name, shape }) => [name, shape])).toEqual([
      ['hidden.weight', [784, 256]],
      ['hidden.bias', [256]],
      ['logits.weight', [256, 10]],
      ['logits.bias', [10]],
    ])
  })
  it('say where they come from, and what they are', () => {
    const file = fileOf(digits, digits.init(sw.key(0)), { input: 'image', output: 'logits' })
    expect(file.producer).toBe('shapewright')
    expect(JSON.parse(file.metadata['shapewright.model'] as string)).toEqual(sw.describe(digits))
    expect(file.inputs).toEqual([{ name: 'image', type: 1, shape: ['batch', 28, 28, 1] }])
    expect(file.outputs).toEqual([{ name: 'logits', type: 1, shape: ['batch', 10] }])
  })
})
const node = (op: string, name: string, inputs: readonly string[], output: string) => ({
  ...{ op, name, domain: '', inputs, outputs: [output], attributes: {} },
})

/** Layers that are tried one behind another; what does not take the shape is left out. */
const images: readonly AnyOne[] = [
  js.conv2d({ filters: 4, kernel: 3, padding: 'same' }),
  js.conv2d({ filters: 4, kernel: 2, groups: 2 }),
  js.depthwiseConv2d({ kernel: 2, multiplier: 2 }),
  js.convTranspose2d({ filters: 4, kernel: 2, stride: 2 }),
  js.maxPool2d(2, { stride: 1, padding: 1 }),
  js.avgPool2d(2),
  js.upsample2d(2),
  js.randomCrop(2),
  js.rearrange('h w c -> w h c'),
  js.rearrange('h w c -> (h w) c'),
  js.reduce('h w c -> w c', 'mean'),
  js.globalMaxPool2d,
]
const sequences: readonly AnyOne[] = [
  js.conv1d({ filters: 4, kernel: 2, padding: 'same' }),
  js.avgPool1d(2, { stride: 1, padding: 'same' }),
  js.attention(2),
  js.gru(4),
  js.sinusoidalPositions,
  js.learnedPositions(200),
  js.lstm(4, { returns: 'last' }),
]
const anywhere: readonly AnyOne[] = [
  js.dense(4),
  js.dense(6),
  js.relu,
  js.gelu,
  js.flatten,
  js.batchNorm(),
  js.layerNorm(),
  js.rmsNorm(),
  js.groupNorm(2),
  js.instanceNorm(),
  js.softmax(-1),
  js.logSoftmax(-2),
  js.dropout(0.5),
]
const anyLayer: fc.Arbitrary<AnyOne> = fc.letrec<{ readonly layer: AnyOne }>((tie) => ({
  layer: fc.oneof(
    { maxDepth: 2 },
    { weight: 6, arbitrary: fc.constantFrom(...images, ...anywhere, ...anywhere) },
    { weight: 2, arbitrary: fc.constantFrom(...sequences) },
    { weight: 1, arbitrary: tie('layer').map((layer) => outcome(() => js.residual(layer)) ?? js.relu) },
    { weight: 1, arbitrary: fc.tuple(tie('layer'), tie('layer')).map((both) => outcome(() => js.addBranches(...both)) ?? js.relu) },
    { weight: 1, arbitrary: fc.tuple(tie('layer'), tie('layer')).map((both) => outcome(() => js.concatBranches(...both)) ?? js.relu) },
    { weight: 1, arbitrary: fc.tuple(tie('layer'), tie('layer')).map((both) => outcome(() => js.block(...both)) ?? js.relu) },
    { weight: 1, arbitrary: tie('layer').map((layer) => outcome(() => js.repeat(2, layer, { shared: true })) ?? js.relu) },
  ),
})).layer
const outcome = (make: () => AnyOne): AnyOne => {
  try {
    return make()
  } catch (cause) {
    if (cause instanceof sw.ShapeError) return null
    throw cause
  }
}

describe('chains of layers', () => {
  it('predict in onnxruntime what they predict here', { timeout: 300_000 }, async () => {
    const numRuns = 60 * Number(process.env.LAW_RUNS ?? 1)
    const start = fc.constantFrom([5, 4, 2], [4, 4, 1], [1, 1, 3], [6, 4])
    await fc.assert(
      fc.asyncProperty(start, fc.array(anyLayer, { minLength: 1, maxLength: 7 }), fc.constantFrom(1, 3), async (shape, layers, batch) => {
        const model = layers.reduce((row, layer) => outcome(() => layer(row)) ?? row, js.input(shape))
        const { error, shape: gives, expected, faults } = await agreement(model, trainedParams(model, 1), samples([batch, ...shape], 5))
        expect(faults).toEqual([])
        expect(gives).toEqual(expected)
        // a norm of two numbers that lie close together makes much of their last bits; a wrong order of axes is far from that
        expect(error, JSON.stringify(sw.describe(model))).toBeLessThan(1e-4)
      }),
      { numRuns, seed: Number(process.env.LAW_SEED ?? 1), endOnFailure: false },
    )
  })
})
