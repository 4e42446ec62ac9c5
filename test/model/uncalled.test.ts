/** What JavaScript hands over in the place of a layer, of options or of an axis: refused with what to write. */
import * as E from 'fp-ts/lib/Either.js'
import * as sw from 'shapewright'
import { describe, expect, it } from 'vitest'

type Untyped = (...args: readonly unknown[]) => unknown
// The public functions as JavaScript sees them, which has no types.
const js = sw as unknown as Readonly<Record<string, Untyped>>
const call = (name: string, ...args: readonly unknown[]): unknown => (js[name] as Untyped)(...args)

describe('a call that was forgotten', () => {
  const model = sw.input([4])
  it.each([
    ['elu', 'elu()'],
    ['leakyRelu', 'leakyRelu()'],
    ['softmax', 'softmax(-1)'],
    ['logSoftmax', 'logSoftmax(-1)'],
    ['batchNorm', 'batchNorm()'],
    ['layerNorm', 'layerNorm()'],
    ['rmsNorm', 'rmsNorm()'],
    ['instanceNorm', 'instanceNorm()'],
    ['groupNorm', 'groupNorm(groups)'],
    ['dense', 'dense(n)'],
    ['lstm', 'lstm(n)'],
    ['embedding', 'embedding(vocabulary, n)'],
    ['learnedPositions', 'learnedPositions(n)'],
    ['attention', 'attention(heads)'],
    ['transformerEncoderBlock', 'transformerEncoderBlock(heads)'],
    ['dropout', 'dropout(rate)'],
    ['spatialDropout', 'spatialDropout(rate)'],
    ['gaussianNoise', 'gaussianNoise(deviation)'],
    ['maxPool2d', 'maxPool2d(size)'],
    ['upsample1d', 'upsample1d(factor)'],
    ['conv1d', 'conv1d({ filters: 8, kernel: 3 })'],
    ['depthwiseConv2d', 'depthwiseConv2d({ kernel: 3 })'],
    ['randomCrop', 'randomCrop(size)'],
    ['randomFlip', 'randomFlip()'],
    ['randomShift', 'randomShift(pixels)'],
  ])('%s', (name, written) => expect(() => call(name, model)).toThrow(`${name}: call it, ${written}`))

  it('is told of tensors too', () => {
    expect(() => call('elu', sw.zeros([2]))).toThrow('elu: call it, elu()')
  })
})

describe('a record in the place of the number', () => {
  it.each([
    ['dense', 'dense(n)'],
    ['gru', 'gru(n)'],
    ['embedding', 'embedding(vocabulary, n)'],
    ['learnedPositions', 'learnedPositions(n)'],
    ['attention', 'attention(heads)'],
    ['transformerDecoderBlock', 'transformerDecoderBlock(heads)'],
    ['groupNorm', 'groupNorm(groups)'],
    ['dropout', 'dropout(rate)'],
    ['spatialDropout', 'spatialDropout(rate)'],
    ['gaussianNoise', 'gaussianNoise(deviation)'],
  ])('%s', (name, written) => expect(() => call(name, { units: 2 })).toThrow(`${name}: expected ${written}, got a record`))

  it('is no size with a name, and no list', () => {
    expect(() => call('dense', sw.dim('hidden', 2))).not.toThrow()
    expect(() => call('dense', [2])).toThrow('dense: a size must be a whole number')
  })
})

describe('a number, or nothing, in the place of the options of', () => {
  it.each(['adam', 'adamw', 'sgd', 'momentum', 'nesterov', 'rmsprop', 'adagrad'])('%s', (name) => {
    for (const given of [1e-3, undefined, null])
      expect(() => call(name, given)).toThrow(`${name}: expected options, as { learningRate: 1e-3 }`)
  })
})

describe('a dtype of another library', () => {
  it.each([
    ['tensor', [1], 'f64'],
    ['zeros', [3], 'f64'],
    ['full', [3], 1, 'f64'],
    ['scalar', 3, 'f64'],
    ['input', [16], 'f64'],
    ['spec', [3], 'f64'],
    ['cast', 'f64'],
  ])('%s', (name, ...args) => expect(() => call(name, ...args)).toThrow(`${name}: expected f32, i32 or bool, got f64`))
})

describe('options that would be forgotten', () => {
  it.each([
    ['stepDecay', { initial: 1, factor: 0.5, every: 2 }],
    ['exponentialDecay', { initial: 1, factor: 0.5 }],
    ['cosineDecay', { initial: 1, steps: 10 }],
    ['warmUp', { steps: 3, rate: 0.1 }],
    ['piecewiseConstant', { boundaries: [2], values: [1, 2] }],
  ])('%s', (name, options) => {
    expect(call(name, options)).toHaveProperty('faults', [])
    expect(call(name, { ...options, other: 1 })).toHaveProperty('faults', [`${name}: there is no option 'other'`])
  })

  it('of random tensors', () => {
    expect(() => call('uniform', sw.key(0), [2], { min: 0, high: 3 })).toThrow("uniform: there is no option 'high'")
    expect(() => call('normal', sw.key(0), [2], { std: 3 })).toThrow("normal: there is no option 'std'")
  })

  it('of checkpoints', () => {
    const made = sw.dataset(sw.zeros([2, 1]), sw.zeros([2, 1]))
    if (E.isLeft(made)) throw new Error(made.left.message)
    const checkpoints = { everyStep: 1, save: () => async () => E.right(null) }
    const options = { data: made.right, loss: sw.meanSquaredError, optimizer: sw.sgd({ learningRate: 1 }), batchSize: 1, epochs: 1 }
    const run = () => call('fit', sw.input([1]), { ...options, key: sw.key(0), checkpoints })
    expect(run).toThrow("checkpoints: there is no option 'everyStep'")
  })
})

describe('split', () => {
  it('of a key takes no number', () => {
    expect(() => call('split', sw.key(0), 3)).toThrow('split: a key gives two keys; for more write foldIn(key, i)')
  })
})
