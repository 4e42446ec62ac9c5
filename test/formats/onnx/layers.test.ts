/** Every layer that ONNX has, alone, on random shapes and options: onnxruntime gives what `predict` gives. */
import { fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import * as sw from '../../../src/index.ts'
import type { LayerKind } from '../../../src/tensor/kind.ts'
import { type AnyOne, agreement, samples, trainedParams } from './run.ts'

/** A layer and the shape of one sample that it is given; `tokens` where that is of i32. */
interface Case {
  readonly shape: readonly number[]
  readonly layer: AnyOne
  readonly tokens?: number
  /** What the inputs become before the layer: where it is not defined on all numbers. */
  readonly before?: AnyOne
}
const js = sw as unknown as Readonly<Record<string, AnyOne>>
const small = (from: number, to: number) => fc.integer({ min: from, max: to })
const shapes = (least: number, most: number) => fc.array(small(1, 5), { minLength: least, maxLength: most })
const word = (...words: readonly unknown[]) => fc.constantFrom(...words)

const anywhere = (layer: AnyOne): fc.Arbitrary<Case> => shapes(1, 3).map((shape) => ({ shape, layer }))
const positive = (layer: AnyOne): fc.Arbitrary<Case> => anywhere(layer).map((each) => ({ ...each, before: js.softplus }))

/** Per axis: kernel, stride, dilation and padding such that the kernel fits. */
const axis = (pads: boolean) =>
  fc
    .record({ size: small(1, 4), stride: small(1, 3), dilation: small(1, 2), low: small(0, 2), high: small(0, 2), more: small(0, 5) })
    .map((drawn) => {
      const reach = (drawn.size - 1) * drawn.dilation + 1
      return { ...drawn, image: Math.max(1, pads ? reach - drawn.low - drawn.high : reach) + drawn.more }
    })
const paddings = word('valid', 'same', 'both', 'each')
const paddingOf = (how: unknown, all: readonly { readonly low: number; readonly high: number }[]): unknown =>
  how === 'each' ? (all.length === 1 ? [all[0]?.low, all[0]?.high] : all.map(({ low, high }) => [low, high])) : how === 'both' ? 1 : how

const convolution = (kind: string, axes: 1 | 2): fc.Arbitrary<Case> =>
  fc
    .record({
      axes: fc.array(axis(false), { minLength: axes, maxLength: axes }),
      padding: paddings,
      groups: small(1, 3),
      inGroup: small(1, 3),
      each: small(1, 3),
    })
    .map(({ axes: all, padding, groups, inGroup, each }) => {
      const of = (what: 'size' | 'stride' | 'dilation') => (axes === 1 ? all[0]?.[what] : all.map((drawn) => drawn[what]))
      const depthwise = kind === 'depthwiseConv2d'
      const channels = depthwise ? inGroup : groups * inGroup
      const options = { kernel: of('size'), stride: of('stride'), dilation: of('dilation'), padding: paddingOf(padding, all) }
      const more = depthwise ? { multiplier: each } : { filters: groups * each, groups }
      return { shape: [...all.map(({ image }) => image + 4), channels], layer: js[kind]({ ...options, ...more }) }
    })

const pool = (kind: string, axes: 1 | 2): fc.Arbitrary<Case> =>
  fc
    .record({ axes: fc.array(axis(false), { minLength: axes, maxLength: axes }), padding: paddings, channels: small(1, 4) })
    .map(({ axes: all, padding, channels }) => {
      const borders = all.map(({ size, low, high }) => ({ low: Math.min(low, size - 1), high: Math.min(high, size - 1) }))
      const how = padding === 'both' && all.some(({ size }) => size === 1) ? 'valid' : padding
      const of = (what: 'size' | 'stride') => (axes === 1 ? all[0]?.[what] : all.map((drawn) => drawn[what]))
      return {
        shape: [...all.map(({ image }) => image), channels],
        layer: js[kind](of('size'), { stride: of('stride'), padding: paddingOf(how, borders) }),
      }
    })

const upsample = (kind: string, axes: 1 | 2, method: string): fc.Arbitrary<Case> =>
  fc
    .record({
      image: fc.array(small(1, 5), { minLength: axes, maxLength: axes }),
      by: fc.array(small(1, 3), { minLength: axes, maxLength: axes }),
      how: word('nearest', method),
    })
    .map(({ image, by, how }) => ({ shape: [...image, 3], layer: js[kind](axes === 1 ? by[0] : by, { method: how }) }))

const recurrentLayer = (kind: string): fc.Arbitrary<AnyOne> =>
  fc
    .record({ units: small(1, 5), returns: word('all', 'last'), reverse: fc.boolean(), activation: word('tanh', 'relu') })
    .map(({ units, activation, ...options }) => js[kind](units, kind === 'rnn' ? { ...options, activation } : options))
const sequence = fc.tuple(small(1, 6), small(1, 4))
const recurrent = (kind: string): fc.Arbitrary<Case> => fc.record({ shape: sequence, layer: recurrentLayer(kind) })

const headed = (kind: string): fc.Arbitrary<Case> =>
  fc
    .record({
      time: small(1, 6),
      groups: small(1, 3),
      each: small(1, 3),
      half: small(1, 3),
      rotary: fc.boolean(),
      bias: fc.boolean(),
      causal: fc.boolean(),
      block: fc.record({
        norm: word('before', 'after'),
        activation: word('gelu', 'geluTanh', 'relu', 'silu'),
        epsilon: word(1e-5, 1e-3),
      }),
    })
    .map(({ time, groups, each, half, rotary, bias, causal, block }) => {
      const heads = groups * each
      const options = { keyValueHeads: groups, rotary, bias, ...(kind === 'attention' ? { causal } : { hidden: 5, ...block }) }
      return { shape: [time, heads * half * 2], layer: js[kind](heads, options) }
    })

const norm = (kind: string, ranks: readonly [number, number]): fc.Arbitrary<Case> =>
  fc
    .record({ shape: shapes(...ranks), epsilon: word(1e-5, 1e-3) })
    .map(({ shape, epsilon }) => ({ shape: [...shape, 4], layer: js[kind]({ epsilon }) }))

/** Tokens of which some are padding, or features of which some are zeros; some sequences have nothing else. */
const heeding: fc.Arbitrary<AnyOne> = fc.oneof(
  ...['rnn', 'gru', 'lstm'].map(recurrentLayer),
  fc.oneof(...['rnn', 'gru', 'lstm'].map(recurrentLayer)).map((layer) => js.bidirectional(layer)),
  fc.constantFrom(js.attention(2, { causal: true }), js.attention(2), js.transformerEncoderBlock(2, { rotary: true })),
  fc.constant(js.block(js.residual(js.lstm(4)), js.repeat(2, js.residual(js.gru(4)), { shared: true }), js.attention(4))),
  fc.constant(js.block(js.conv1d({ filters: 4, kernel: 3, padding: 'same' }), js.batchNorm(), js.masked(0, js.dense(4), js.gru(4)))),
  fc.constant(js.block(js.rearrange('t (a b) -> t a b', { a: 2 }), js.depthwiseConv2d({ kernel: 3, padding: 'same' }), js.rearrange('t a b -> t (a b)'))), // biome-ignore format: a line
)
const maskedCase: fc.Arbitrary<Case> = fc
  .record({ time: small(1, 6), tokens: small(1, 4), layer: heeding, features: fc.boolean() })
  .map(({ time, tokens, layer, features }) =>
    features
      ? { shape: [time, 1], layer: js.block(js.relu, js.masked(0, js.dense(4), layer)) }
      : { shape: [time], layer: js.masked(0, js.embedding(tokens, 4), layer), tokens },
  )

/** One of each kind. */
const cases: { readonly [Kind in LayerKind]: fc.Arbitrary<Case> } = {
  abs: anywhere(sw.abs),
  cos: anywhere(sw.cos),
  elu: anywhere(sw.elu(0.7)),
  erf: anywhere(sw.erf),
  exp: anywhere(sw.exp),
  floor: anywhere(sw.floor),
  gelu: anywhere(sw.gelu),
  geluTanh: anywhere(sw.geluTanh),
  leakyRelu: anywhere(sw.leakyRelu(0.2)),
  log: positive(sw.log),
  neg: anywhere(sw.neg),
  reciprocal: positive(sw.reciprocal),
  relu: anywhere(sw.relu),
  rsqrt: positive(sw.rsqrt),
  sigmoid: anywhere(sw.sigmoid),
  sign: anywhere(sw.sign),
  silu: anywhere(sw.silu),
  sin: anywhere(sw.sin),
  softplus: anywhere(sw.softplus),
  sqrt: positive(sw.sqrt),
  tanh: anywhere(sw.tanh),
  addBranches: shapes(1, 3).map((shape) => ({ shape, layer: js.addBranches(js.dense(3), js.block(js.relu, js.dense(3))) })),
  attention: headed('attention'),
  avgPool1d: pool('avgPool1d', 1),
  avgPool2d: pool('avgPool2d', 2),
  batchNorm: norm('batchNorm', [0, 2]),
  bidirectional: fc
    .record({ shape: sequence, inner: fc.oneof(...['rnn', 'gru', 'lstm'].map(recurrentLayer)), merge: word('concat', 'sum') })
    .map(({ shape, inner, merge }) => ({ shape, layer: js.bidirectional(inner, { merge }) })),
  block: shapes(1, 3).map((shape) => ({ shape, layer: js.block(js.dense(3), js.tanh, js.block(js.dense(2))) })),
  concatBranches: shapes(1, 3).map((shape) => ({ shape, layer: js.concatBranches(js.dense(3), js.relu, js.block()) })),
  conv1d: convolution('conv1d', 1),
  conv2d: convolution('conv2d', 2),
  convTranspose1d: convolution('convTranspose1d', 1),
  convTranspose2d: convolution('convTranspose2d', 2),
  dense: shapes(1, 4).map((shape) => ({ shape, layer: js.dense(4) })),
  depthwiseConv2d: convolution('depthwiseConv2d', 2),
  dropout: anywhere(sw.dropout(0.5)),
  embedding: shapes(0, 2).map((shape) => ({ shape, layer: js.embedding(11, 3), tokens: 11 })),
  flatten: anywhere(sw.flatten),
  gaussianNoise: anywhere(sw.gaussianNoise(1)),
  globalAveragePool1d: shapes(2, 2).map((shape) => ({ shape, layer: sw.globalAveragePool1d })),
  globalAveragePool2d: shapes(3, 3).map((shape) => ({ shape, layer: sw.globalAveragePool2d })),
  globalMaxPool1d: shapes(2, 2).map((shape) => ({ shape, layer: sw.globalMaxPool1d })),
  globalMaxPool2d: shapes(3, 3).map((shape) => ({ shape, layer: sw.globalMaxPool2d })),
  groupNorm: fc
    .record({ shape: shapes(0, 2), groups: word(1, 2, 3, 6) })
    .map(({ shape, groups }) => ({ shape: [...shape, 6], layer: js.groupNorm(groups) })),
  gru: recurrent('gru'),
  instanceNorm: norm('instanceNorm', [1, 2]),
  layerNorm: norm('layerNorm', [0, 2]),
  learnedPositions: sequence.map((shape) => ({ shape, layer: js.learnedPositions(6) })),
  logSoftmax: fc.record({ shape: shapes(2, 3), axis: word(-1, -2) }).map(({ shape, axis: at }) => ({ shape, layer: js.logSoftmax(at) })),
  lstm: recurrent('lstm'),
  masked: maskedCase,
  maxPool1d: pool('maxPool1d', 1),
  maxPool2d: pool('maxPool2d', 2),
  model: small(1, 4).map((n) => ({ shape: [n], layer: (x: AnyOne) => js.compose(js.dense(3)(x), js.dense(2)(js.input([3]))) })),
  randomCrop: fc
    .record({ more: fc.tuple(small(0, 3), small(0, 3)) })
    .map(({ more: [a, b] }) => ({ shape: [2 + a, 3 + b, 2], layer: js.randomCrop([2, 3]) })),
  randomFlip: shapes(3, 3).map((shape) => ({ shape, layer: sw.randomFlip() })),
  randomShift: shapes(3, 3).map((shape) => ({ shape, layer: sw.randomShift(1) })),
  rearrange: word('(a b) c d -> b c (a d)', 'e c d -> d e c', '(a b) c d -> (c a b d)').map((pattern) => ({
    shape: [4, 3, 2],
    layer: js.rearrange(pattern, pattern === 'e c d -> d e c' ? {} : { a: 2 }),
  })),
  reduce: fc
    .record({ pattern: word('(a b) c d -> d b', 'a c d -> c', 'a c d -> d c a'), how: word('sum', 'mean', 'max', 'min') })
    .map(({ pattern, how }) => ({ shape: [4, 3, 2], layer: js.reduce(pattern, how, String(pattern).includes('(') ? { a: 2 } : {}) })),
  repeat: fc
    .record({ shape: shapes(0, 2), shared: fc.boolean() })
    .map(({ shape, shared }) => ({ shape: [...shape, 4], layer: js.repeat(3, js.block(js.dense(4), js.tanh), { shared }) })),
  reshape: word([-1], [3, 2, 4], [4, -1, 3], [2, 3, 1, 4]).map((shape) => ({ shape: [4, 3, 2], layer: js.reshape(shape) })),
  residual: shapes(0, 2).map((shape) => ({ shape: [...shape, 4], layer: js.residual(js.dense(4)) })),
  rmsNorm: norm('rmsNorm', [0, 2]),
  rnn: recurrent('rnn'),
  rotaryPositions: sequence.map(([time, half]) => ({ shape: [time, 2 * half], layer: sw.rotaryPositions })),
  sinusoidalPositions: sequence.map(([time, half]) => ({ shape: [time, 2 * half], layer: sw.sinusoidalPositions })),
  softmax: fc.record({ shape: shapes(2, 3), axis: word(-1, -2) }).map(({ shape, axis: at }) => ({ shape, layer: js.softmax(at) })),
  spatialDropout: shapes(2, 3).map((shape) => ({ shape, layer: sw.spatialDropout(0.5) })),
  transformerDecoderBlock: headed('transformerDecoderBlock'),
  transformerEncoderBlock: headed('transformerEncoderBlock'),
  upsample1d: upsample('upsample1d', 1, 'linear'),
  upsample2d: upsample('upsample2d', 2, 'bilinear'),
}

const runs = Number(process.env.LAW_RUNS ?? 1) * 12

describe('a layer alone', () => {
  it.each(Object.entries(cases))('%s gives in onnxruntime what it gives here', async (_, drawn) => {
    await fc.assert(
      fc.asyncProperty(drawn, word(1, 7), fc.nat(1000), async ({ shape, layer, tokens, before }, batch, seed) => {
        const start = js.input(shape, tokens === undefined ? 'f32' : 'i32')
        const model = layer(before === undefined ? start : before(start))
        const inputs = samples([batch as number, ...shape], seed, tokens ?? null)
        const { error, shape: gives, expected, faults } = await agreement(model, trainedParams(model, seed), inputs)
        expect(faults).toEqual([])
        expect(gives).toEqual(expected)
        expect(error).toBeLessThan(1e-5)
      }),
      { numRuns: runs, seed: Number(process.env.LAW_SEED ?? 1), endOnFailure: true },
    )
  })
})
