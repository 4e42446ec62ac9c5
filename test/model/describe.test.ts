/** Descriptions: every option of every layer is told, as data that a file keeps. */
import { describe, expect, it } from 'vitest'
import * as sw from '../../src/index.ts'
import type { LayerKind } from '../../src/tensor/kind.ts'

const { describe: described, input, pipe } = sw

/** For every kind, layers that differ in one option from the first, and what they extend. */
// biome-ignore lint/suspicious/noExplicitAny: layers of all types in one table
type Variants = readonly [shape: readonly number[], ...layers: readonly any[]]
const pairs = [
  [1, 0],
  [0, 1],
]
const activation = (layer: unknown): Variants => [[6], layer]
const pools = (axes: 1 | 2, pool: unknown): Variants => {
  // biome-ignore lint/suspicious/noExplicitAny: one function for two ranks
  const of = pool as (...given: readonly unknown[]) => any
  const shape = axes === 1 ? [12, 2] : [12, 12, 2]
  const border = axes === 1 ? [1, 0] : pairs
  return [shape, of(3), of(4), of(3, { stride: 2 }), of(3, { padding: 'same' }), of(3, { padding: 1 }), of(3, { padding: border })]
}
const convolution = (axes: 1 | 2, layer: unknown): Variants => {
  // biome-ignore lint/suspicious/noExplicitAny: one function for two ranks
  const of = (options: object): any => (layer as (given: object) => unknown)({ filters: 4, kernel: 3, ...options })
  const more = [{ filters: 6 }, { kernel: 2 }, { stride: 2 }, { padding: 'same' }, { padding: 1 }, { dilation: 2 }, { groups: 2 }]
  return [axes === 1 ? [12, 4] : [12, 12, 4], of({}), ...more.map(of)]
}
const depthwise = (options: object) => sw.depthwiseConv2d({ kernel: 3, ...options } as { kernel: 3 })
const recurrent = (layer: unknown): readonly unknown[] => {
  const of = layer as (units: number, options?: object) => unknown
  return [of(3), of(4), of(3, { returns: 'last' }), of(3, { reverse: true })]
}
const transformer = (block: unknown): Variants => {
  const of = block as (heads: number, options?: object) => unknown
  const more = [{ hidden: 5 }, { keyValueHeads: 1 }, { rotary: true }, { dropout: 0.5 }, { bias: true }]
  const form = [{ norm: 'after' }, { activation: 'relu' }, { activation: 'geluTanh' }, { activation: 'silu' }, { epsilon: 1e-3 }]
  return [[4, 8], of(2), of(4), ...[...more, ...form].map((given) => of(2, given))]
}

const variants: Readonly<Record<LayerKind, Variants>> = {
  abs: activation(sw.abs),
  cos: activation(sw.cos),
  elu: [[6], sw.elu(), sw.elu(0.5)],
  erf: activation(sw.erf),
  exp: activation(sw.exp),
  floor: activation(sw.floor),
  gelu: activation(sw.gelu),
  geluTanh: activation(sw.geluTanh),
  leakyRelu: [[6], sw.leakyRelu(), sw.leakyRelu(0.5)],
  log: activation(sw.log),
  neg: activation(sw.neg),
  reciprocal: activation(sw.reciprocal),
  relu: activation(sw.relu),
  rsqrt: activation(sw.rsqrt),
  sigmoid: activation(sw.sigmoid),
  sign: activation(sw.sign),
  silu: activation(sw.silu),
  sin: activation(sw.sin),
  softplus: activation(sw.softplus),
  sqrt: activation(sw.sqrt),
  tanh: activation(sw.tanh),
  addBranches: [[6], sw.addBranches(sw.relu), sw.addBranches(sw.tanh), sw.addBranches(sw.relu, sw.relu)],
  attention: [
    [4, 8],
    sw.attention(2),
    sw.attention(4),
    ...[{ causal: true }, { keyValueHeads: 1 }, { rotary: true }, { bias: true }, { dropout: 0.5 }].map((given) =>
      sw.attention(2, given as object),
    ),
  ],
  avgPool1d: pools(1, sw.avgPool1d),
  avgPool2d: pools(2, sw.avgPool2d),
  batchNorm: [[6], sw.batchNorm(), sw.batchNorm({ epsilon: 1e-3 }), sw.batchNorm({ momentum: 0.5 }), sw.batchNorm('mine')],
  bidirectional: [
    [5, 2],
    ...[sw.rnn, sw.gru, sw.lstm].flatMap(recurrent).map((layer) => sw.bidirectional(layer as never)),
    sw.bidirectional(sw.rnn(3, { activation: 'relu' })),
    sw.bidirectional(sw.rnn(3), { merge: 'sum' }),
  ],
  block: [[6], sw.block(), sw.block(sw.relu), sw.block(sw.relu, sw.tanh), sw.block(sw.dense(6))],
  concatBranches: [[6], sw.concatBranches(sw.relu), sw.concatBranches(sw.relu, sw.relu), sw.concatBranches(sw.tanh)],
  conv1d: convolution(1, sw.conv1d),
  conv2d: convolution(2, sw.conv2d),
  convTranspose1d: convolution(1, sw.convTranspose1d),
  convTranspose2d: convolution(2, sw.convTranspose2d),
  dense: [[6], sw.dense(3), sw.dense(4), sw.dense(6, 3), sw.dense(3, 'mine'), sw.dense(sw.dim('units', 3)), sw.dense(sw.dim('units', 4))],
  depthwiseConv2d: [
    [12, 12, 2],
    ...[{}, { kernel: [3, 2] }, { multiplier: 2 }, { stride: 2 }, { padding: 'same' }, { padding: 1 }, { dilation: 2 }].map(depthwise),
  ],
  dropout: [[6], sw.dropout(0.5), sw.dropout(0.1)],
  embedding: [[4], sw.embedding(9, 3), sw.embedding(8, 3), sw.embedding(9, 4)],
  flatten: [[3, 2], sw.flatten],
  gaussianNoise: [[6], sw.gaussianNoise(1), sw.gaussianNoise(2)],
  globalAveragePool1d: [[4, 2], sw.globalAveragePool1d],
  globalAveragePool2d: [[4, 4, 2], sw.globalAveragePool2d],
  globalMaxPool1d: [[4, 2], sw.globalMaxPool1d],
  globalMaxPool2d: [[4, 4, 2], sw.globalMaxPool2d],
  groupNorm: [[4, 6], sw.groupNorm(2), sw.groupNorm(3), sw.groupNorm(2, { epsilon: 1e-3 })],
  gru: [[5, 2], ...recurrent(sw.gru)],
  instanceNorm: [[4, 6], sw.instanceNorm(), sw.instanceNorm({ epsilon: 1e-3 })],
  layerNorm: [[6], sw.layerNorm(), sw.layerNorm({ epsilon: 1e-3 })],
  learnedPositions: [[4, 6], sw.learnedPositions(4), sw.learnedPositions(5)],
  logSoftmax: [[4, 6], sw.logSoftmax(-1), sw.logSoftmax(-2)],
  lstm: [[5, 2], ...recurrent(sw.lstm)],
  masked: [[5, 2], sw.masked(0, sw.relu), sw.masked(1, sw.relu), sw.masked(0, sw.tanh)],
  maxPool1d: pools(1, sw.maxPool1d),
  maxPool2d: pools(2, sw.maxPool2d),
  model: [[6]],
  randomCrop: [[8, 8, 1], sw.randomCrop(4), sw.randomCrop([4, 5])],
  randomFlip: [[8, 8, 1], sw.randomFlip()],
  randomShift: [[8, 8, 1], sw.randomShift(1), sw.randomShift([1, 2]), sw.randomShift(1, { fill: 'edge' })],
  rearrange: [[4, 6], sw.rearrange('a b -> b a'), sw.rearrange('(a c) b -> a c b', { a: 2 }), sw.rearrange('(a c) b -> a c b', { a: 1 })],
  reduce: [[4, 6], sw.reduce('a b -> a', 'max'), sw.reduce('a b -> a', 'mean'), sw.reduce('(a c) b -> a', 'max', { c: 2 })],
  repeat: [[6], sw.repeat(2, sw.dense(6)), sw.repeat(3, sw.dense(6)), sw.repeat(2, sw.dense(6), { shared: true }), sw.repeat(2, sw.relu)],
  reshape: [[4, 6], sw.reshape([24]), sw.reshape([4, 3, 2]), sw.reshape([-1, 3, 2])],
  residual: [[6], sw.residual(sw.relu), sw.residual(sw.tanh), sw.residual(sw.leakyRelu(0.5)), sw.residual(sw.block(sw.relu))],
  rmsNorm: [[6], sw.rmsNorm(), sw.rmsNorm({ epsilon: 1e-3 })],
  rnn: [[5, 2], ...recurrent(sw.rnn), sw.rnn(3, { activation: 'relu' })],
  rotaryPositions: [[4, 6], sw.rotaryPositions],
  sinusoidalPositions: [[4, 6], sw.sinusoidalPositions],
  softmax: [[4, 6], sw.softmax(-1), sw.softmax(-2)],
  spatialDropout: [[4, 6], sw.spatialDropout(0.5), sw.spatialDropout(0.1)],
  transformerDecoderBlock: transformer(sw.transformerDecoderBlock),
  transformerEncoderBlock: transformer(sw.transformerEncoderBlock),
  upsample1d: [[4, 2], sw.upsample1d(2), sw.upsample1d(3), sw.upsample1d(2, { method: 'linear' })],
  upsample2d: [[4, 4, 2], sw.upsample2d(2), sw.upsample2d([2, 3]), sw.upsample2d(2, { method: 'bilinear' })],
}

describe('descriptions', () => {
  // biome-ignore lint/suspicious/noExplicitAny: layers of all types
  const modelOf = (kind: string, shape: readonly number[], layer: any) => layer(input(shape as [6], kind === 'embedding' ? 'i32' : 'f32'))

  it.each(Object.entries(variants))('of %s tell its options apart', (kind, [shape, ...layers]) => {
    const all = layers.map((layer) => described(modelOf(kind, shape, layer)))
    expect(all.map(({ layers: [first] }) => first?.kind)).toEqual(layers.map(() => kind))
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(layers.length)
    expect(JSON.parse(JSON.stringify(all))).toEqual(all)
  })

  it('have the parameters of every layer by their paths, once', () => {
    const kinds = Object.entries(variants).flatMap(([kind, [shape, ...layers]]) => layers.map((layer) => modelOf(kind, shape, layer)))
    for (const model of kinds) {
      const paths = (layers: readonly sw.LayerDescription[]): readonly string[] =>
        layers.flatMap((layer) => [...Object.keys(layer.parameters), ...paths(layer.layers ?? [])])
      expect([...paths(described(model).layers)].sort()).toEqual(leavesOf(model.init(sw.key(0))).sort())
    }
  })

  it('tell what the user named, what a composition is made of, and what dim bound', () => {
    const encode = pipe(input([sw.dim('wide', 8)]), sw.dense(sw.dim('narrow', 4), 'code'), sw.relu, sw.dense(3))
    const model = sw.compose(encode, pipe(input([3]), sw.repeat(2, sw.residual(sw.dense(3)))))
    expect(described(model)).toEqual({
      input: ['wide'],
      dtype: 'f32',
      output: [3],
      sizes: { narrow: 4, wide: 8 },
      layers: [
        {
          ...{ kind: 'model', name: 'first', given: false, options: {}, input: ['wide'], output: [3], parameters: {} },
          layers: [
            layer('dense', 'code', true, { units: 'narrow', from: null }, ['wide'], ['narrow'], {
              'first.code.weight': ['wide', 'narrow'],
              'first.code.bias': ['narrow'],
            }),
            layer('relu', 'relu1', false, {}, ['narrow'], ['narrow'], {}),
            layer('dense', 'dense1', false, { units: 3, from: null }, ['narrow'], [3], {
              'first.dense1.weight': ['narrow', 3],
              'first.dense1.bias': [3],
            }),
          ],
        },
        {
          ...{ kind: 'model', name: 'second', given: false, options: {}, input: [3], output: [3], parameters: {} },
          layers: [
            {
              ...layer('repeat', 'repeat1', false, { count: 2, shared: false }, [3], [3], {}),
              layers: ['residual1', 'residual2'].map((name) => ({
                ...layer('residual', name, false, {}, [3], [3], {}),
                layers: [
                  layer('dense', name, false, { units: 3, from: null }, [3], [3], {
                    [`second.repeat1.${name}.weight`]: [3, 3],
                    [`second.repeat1.${name}.bias`]: [3],
                  }),
                ],
              })),
            },
          ],
        },
      ],
    })
  })

  it('are copies, which nobody writes to', () => {
    const kernel: [number, number] = [3, 3]
    const description = described(pipe(input([8, 8, 1]), sw.conv2d({ filters: 2, kernel: kernel as [3, 3] })))
    kernel[0] = 5
    expect(description.layers[0]?.options.kernel).toEqual([3, 3])
    expect(Object.isFrozen(description.layers[0]?.options)).toBe(true)
  })

  it('say of an own activation that it is one, whatever its word', () => {
    const own = sw.activation('relu', (x) => x)
    expect(described(own(input([2]))).layers).toEqual([layer('relu', 'relu1', false, { own: true }, [2], [2], {})])
  })
})

const layer = (
  kind: string,
  name: string,
  given: boolean,
  options: object,
  from: readonly unknown[],
  to: readonly unknown[],
  shapes: object,
) => ({
  ...{ kind, name, given, options, input: from, output: to, parameters: shapes },
})
const leavesOf = (tree: unknown, path = ''): string[] =>
  typeof tree !== 'object' || tree === null || 'op' in tree
    ? [path]
    : Object.entries(tree).flatMap(([name, inner]) => leavesOf(inner, path === '' ? name : `${path}.${name}`))
