/** What stands behind a sequence as padding changes nothing inside `masked`: results, statistics and gradients, whatever the layer. */
import { describe, expect, it } from 'vitest'
import * as sw from '../../src/index.ts'
import type { ActivationKind, LayerKind } from '../../src/tensor/kind.ts'

// layers of all types in one table
// biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
const js = sw as unknown as Record<string, (...given: any[]) => any>
const { ShapeError, grad, key, normal, tensor, toArray } = sw

const noticed = Symbol('noticed')
/** A layer over `[time, 4]`, of which masked holds that it keeps the steps, in training too; or that it is refused. */
interface Held {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly layer: any
  readonly refused?: typeof noticed
  /** It draws random numbers while training: of others, where there are others. */
  readonly draws?: true
}
/** What works on images, over `[time, 2, 2]`. */
const onImages = (layer: unknown) => js.block?.(js.rearrange?.('t (a b) -> t a b', { a: 2 }), layer, js.rearrange?.('t a b -> t (a b)'))
const held = (layer: unknown): Held => ({ layer })
const refused = (layer: unknown): Held => ({ layer, refused: noticed })
const drawing = (layer: unknown): Held => ({ layer, draws: true })
const heads = (layer: unknown): Held => held((layer as (n: number, options: object) => unknown)(2, { bias: true, rotary: true }))

const layers: { readonly [K in Exclude<LayerKind, ActivationKind> | 'relu']: readonly Held[] } = {
  relu: [held(js.relu)],
  addBranches: [held(js.addBranches?.(js.dense?.(4), js.conv1d?.({ filters: 4, kernel: 3, padding: 'same' })))],
  attention: [heads(js.attention), held(js.attention?.(2, { causal: true }))],
  avgPool1d: [refused(js.avgPool1d?.(3, { stride: 1, padding: 'same' }))],
  avgPool2d: [refused(onImages(js.avgPool2d?.(1)))],
  batchNorm: [held(js.batchNorm?.()), held(onImages(js.batchNorm?.()))],
  bidirectional: [held(js.bidirectional?.(js.gru?.(2)))],
  block: [held(js.block?.(js.dense?.(3), js.relu, js.dense?.(4)))],
  concatBranches: [held(js.concatBranches?.(js.dense?.(2), js.conv1d?.({ filters: 2, kernel: 3, padding: 'same' })))],
  conv1d: [
    held(js.conv1d?.({ filters: 4, kernel: 3, padding: 'same' })),
    held(js.conv1d?.({ filters: 4, kernel: 3, padding: [4, 0], dilation: 2 })),
    refused(js.conv1d?.({ filters: 4, kernel: 1, padding: [0, 6], stride: 2 })),
  ],
  conv2d: [held(onImages(js.conv2d?.({ filters: 2, kernel: 3, padding: 'same' })))],
  convTranspose1d: [held(js.convTranspose1d?.({ filters: 4, kernel: 3, padding: 1 }))],
  convTranspose2d: [held(onImages(js.convTranspose2d?.({ filters: 2, kernel: 3, padding: 1 })))],
  dense: [held(js.dense?.(4)), refused(js.block?.(js.reduce?.('t f -> t', 'mean'), js.dense?.(7), js.rearrange?.('t -> t 1')))],
  depthwiseConv2d: [held(onImages(js.depthwiseConv2d?.({ kernel: 3, padding: 'same' })))],
  dropout: [drawing(js.dropout?.(0.5))],
  embedding: [],
  flatten: [held(js.block?.(js.reduce?.('t f -> t 1', 'mean'), js.flatten, js.rearrange?.('t -> t 1')))],
  gaussianNoise: [drawing(js.gaussianNoise?.(0.5))],
  globalAveragePool1d: [refused(js.globalAveragePool1d)],
  globalAveragePool2d: [refused(js.block?.(js.rearrange?.('t (a b) -> t a b', { a: 2 }), js.globalAveragePool2d))],
  globalMaxPool1d: [refused(js.globalMaxPool1d)],
  globalMaxPool2d: [refused(js.block?.(js.rearrange?.('t (a b) -> t a b', { a: 2 }), js.globalMaxPool2d))],
  groupNorm: [refused(js.groupNorm?.(2))],
  gru: [held(js.gru?.(4)), held(js.gru?.(4, { reverse: true }))],
  instanceNorm: [refused(js.instanceNorm?.())],
  layerNorm: [held(js.layerNorm?.())],
  learnedPositions: [held(js.learnedPositions?.(9))],
  logSoftmax: [held(js.logSoftmax?.(-1)), refused(js.logSoftmax?.(-2))],
  lstm: [held(js.lstm?.(4))],
  masked: [held(js.masked?.(0, js.conv1d?.({ filters: 4, kernel: 3, padding: 'same' })))],
  maxPool1d: [refused(js.maxPool1d?.(3, { stride: 1, padding: 'same' }))],
  maxPool2d: [refused(onImages(js.maxPool2d?.(1)))],
  model: [],
  randomCrop: [refused(onImages(js.randomCrop?.([7, 2])))],
  randomFlip: [refused(onImages(js.randomFlip?.()))],
  randomShift: [refused(onImages(js.randomShift?.(1)))],
  rearrange: [held(js.rearrange?.('t (a b) -> t (b a)', { a: 2 }))],
  reduce: [held(js.reduce?.('t (a b) -> t a', 'max', { a: 2 }))],
  repeat: [
    held(js.repeat?.(2, js.conv1d?.({ filters: 4, kernel: 3, padding: 'same' }))),
    held(js.repeat?.(2, js.batchNorm?.(), { shared: true })),
    refused(js.repeat?.(2, js.groupNorm?.(2), { shared: true })),
  ],
  reshape: [held(js.block?.(js.reshape?.([-1, 2, 2]), js.reshape?.([-1, 4])))],
  residual: [held(js.residual?.(js.conv1d?.({ filters: 4, kernel: 3, padding: 'same' }))), refused(js.residual?.(js.instanceNorm?.()))],
  rmsNorm: [held(js.rmsNorm?.())],
  rnn: [held(js.rnn?.(4))],
  rotaryPositions: [held(js.rotaryPositions)],
  sinusoidalPositions: [held(js.sinusoidalPositions)],
  softmax: [held(js.softmax?.(-1)), refused(js.softmax?.(-2))],
  spatialDropout: [drawing(js.spatialDropout?.(0.5))],
  transformerDecoderBlock: [heads(js.transformerDecoderBlock)],
  transformerEncoderBlock: [heads(js.transformerEncoderBlock)],
  upsample1d: [],
  upsample2d: [],
}

const [long, short] = [7, 4]
/** A layer whose results are far from 0 in front of it, and one that looks around behind it, as neighbours of what is padded. */
const modelOf = (time: number, layer: unknown) =>
  js.pipe?.(
    js.input?.([time, 4]),
    js.masked?.(
      0,
      js.dense?.(4, { bias: sw.initializers.ones }),
      layer,
      js.conv1d?.({ filters: 3, kernel: 3, padding: 'same', bias: sw.initializers.ones }),
      js.bidirectional?.(js.rnn?.(2)),
    ),
  )
const rows = toArray(normal(key(3), [2, 4, 4])) as number[][][]
const given = (time: number) =>
  tensor(rows.map((sample) => Array.from({ length: time }, (_, t) => sample[t] ?? [0, 0, 0, 0])).flat(2), [2, time, 4] as never)
const numbers = (tree: unknown): number[] => (typeof tree === 'number' ? [tree] : Object.values(tree as object).flatMap(numbers))
const values = (tree: unknown): number[] =>
  sw.pipe(tree as never, (all: object) =>
    'dtype' in all ? numbers([toArray(all as never)]) : Object.values(all).flatMap((inner) => values(inner)),
  )
/** What it gives at the steps that are no padding, what training leaves of its statistics, and the gradient. */
const measured = (time: number, layer: unknown, draws: boolean) => {
  const model = modelOf(time, layer)
  const params = model.init(key(1))
  const x = given(time)
  const real = (y: never) => js.slice?.([0, 0, 0], [2, short, 4])(y)
  const trained = (p: object, at: object) => (draws ? [model.apply(p, at), p] : model.applyTraining(p, at, key(2)))
  const loss = (p: object, at: object) => {
    const y = real(trained(p, at)[0] as never)
    return js.sum?.()(js.mul?.(y, js.add?.(y, 0.3)))
  }
  const slopes = (grad as unknown as (f: unknown) => (p: object, at: object) => object)(loss)(params, x)
  const inputs = (grad as unknown as (f: unknown) => (at: object) => object)((at: object) => loss(params, at))(x)
  const inFront = real(inputs as never)
  return [real(model.apply(params, x) as never), real(trained(params, x)[0] as never), trained(params, x)[1], slopes, inFront].map(values)
}

describe('masked', () => {
  const all = Object.entries(layers).flatMap(([kind, each]) => each.map((one, i) => [`${kind} ${i + 1}`, one] as const))
  it.each(all.filter(([, one]) => one.refused === undefined))('%s takes no notice of padding', (_, { layer, draws = false }) => {
    const [padded, alone] = [measured(long, layer, draws), measured(short, layer, draws)]
    for (const [i, found] of padded.entries()) {
      expect(found.length).toBe(alone[i]?.length)
      for (const [j, value] of found.entries()) expect(value).toBeCloseTo(alone[i]?.[j] as number, 4)
    }
  })
  it.each(all.filter(([, one]) => one.refused === noticed))('%s is refused', (_, { layer }) => {
    expect(() => modelOf(long, layer)).toThrow(ShapeError)
    expect(() => modelOf(long, layer)).toThrow(/^masked: \w+ takes padding for steps, so it can't stand inside$/)
  })
  it('refuses what turns steps into as many features, and what is given them', () => {
    const turned = js.rearrange?.('t f -> f t')
    expect(() => js.pipe?.(js.input?.([4, 4]), js.masked?.(0, turned))).toThrow(
      "masked: rearrange takes padding for steps, so it can't stand inside",
    )
    expect(() => js.pipe?.(js.input?.([7, 4]), js.masked?.(0, js.block?.(turned, js.dense?.(7), turned)))).toThrow('dense: inside masked the steps are 7, got [4, 7]') // biome-ignore format: a line
    expect(() => js.pipe?.(js.input?.([7, 4]), js.masked?.(0, js.block?.(js.flatten, js.rearrange?.('(f t) -> t f', { f: 4 }))))).toThrow('masked: flatten maps [7, 4] to [28]; what is masked must keep its steps') // biome-ignore format: a line
    expect(() => js.pipe?.(js.input?.([7, 4]), js.masked?.(0, js.block?.(js.rearrange?.('t f -> (t f)'), js.rearrange?.('(f t) -> t f', { f: 4 }))))).toThrow("masked: rearrange takes padding for steps, so it can't stand inside") // biome-ignore format: a line
    expect(() => js.pipe?.(js.input?.([4, 4]), js.masked?.(0, js.globalAveragePool1d))).toThrow('masked: globalAveragePool1d takes padding')
  })
})
