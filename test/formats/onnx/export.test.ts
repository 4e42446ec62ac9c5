/** What an ONNX file says beside its layers: sizes, names, own activations; and what is no file. */
import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import * as ort from 'onnxruntime-web/wasm'
import { describe, expect, it } from 'vitest'
import { exportOnnx, type OnnxError } from '../../../src/formats/onnx/index.ts'
import * as sw from '../../../src/index.ts'
import { type AnyOne, agreement, bytesOf, fileOf, ran, samples, trainedParams } from './run.ts'

const { activation, dense, input, key, pipe } = sw
const js = sw as unknown as Readonly<Record<string, AnyOne>>
const leftOf = (model: AnyOne, options = {}): OnnxError => {
  const result = exportOnnx(model, model.init(key(0)), options)
  if (E.isRight(result)) throw new Error('it was exported')
  return result.left
}

describe('named sizes', () => {
  it('are those of a run, and what dim bound is a number', async () => {
    const row = (time: number | string, wide: unknown): AnyOne =>
      js.sequential(
        js.input([time], 'i32'),
        js.embedding(50, 8),
        js.learnedPositions(9),
        js.sinusoidalPositions,
        js.transformerDecoderBlock(2, { rotary: true, keyValueHeads: 1 }),
        js.conv1d({ filters: 6, kernel: 3, padding: 'same' }),
        js.dense(wide),
        js.gru(4),
      )
    const model = row('time', 5)
    const params = trainedParams(model, 1)
    const file = fileOf(row('time', sw.dim('wide', 5)), row('time', sw.dim('wide', 5)).init(key(0)))
    expect(file.inputs).toEqual([{ name: 'input', type: 6, shape: ['batch', 'time'] }])
    expect(file.outputs).toEqual([{ name: 'output', type: 1, shape: ['batch', 'time', 4] }])
    expect(file.tensors.find(({ name }) => name === 'dense1.weight')?.shape).toEqual([5, 6, 1])
    for (const time of [1, 5, 9]) {
      const tokens = samples([3, time], time, 50)
      const alone = row(time, 5)
      // the same layers over a size that is known, with the same parameters, as numbers
      const { values } = await ran(bytesOf(model, params), { input: int32(tokens, [3, time]) })
      const plain = trainedParams(alone, 1)
      const known = await ran(bytesOf(alone, plain), { input: int32(tokens, [3, time]) })
      expect((await agreement(alone, plain, tokens)).error).toBeLessThan(1e-5)
      expect(Array.from(values)).toEqual(Array.from(known.values))
    }
  })
  it('are split and merged by patterns', async () => {
    const row = (h: number | string): AnyOne =>
      js.sequential(
        js.input([h, 3, 4]),
        js.rearrange('h w c -> (h w) c'),
        js.rearrange('t (c two) -> two t c', { two: 2 }),
        js.reduce('two t c -> t c', 'max'),
        js.rearrange('t c -> c t'),
        js.reduce('c t -> c', 'sum'),
      )
    for (const h of [1, 5]) {
      const x = samples([2, h, 3, 4], h)
      const feed = { input: new ort.Tensor('float32', sw.toTypedArray(x as never).slice() as unknown as Float32Array, [2, h, 3, 4]) }
      const [named, known] = [await ran(bytesOf(row('h'), {}), feed), await ran(bytesOf(row(h), {}), feed)]
      expect((await agreement(row(h), {}, x)).error).toBeLessThan(1e-5)
      expect([named.shape, Array.from(named.values)]).toEqual([known.shape, Array.from(known.values)])
    }
  })
  it('flatten, and leave the batch its name', () => {
    const model = pipe(input(['batch', 3]), dense(2), sw.flatten)
    const file = fileOf(model, model.init(key(0)))
    expect(file.inputs[0]?.shape).toEqual(['batch_1', 'batch', 3])
    expect(file.outputs[0]?.shape).toEqual(['batch_1', '2*batch'])
  })
})
const int32 = (tokens: AnyOne, shape: readonly number[]) => new ort.Tensor('int32', sw.toTypedArray(tokens).slice() as Int32Array, shape)

describe('names', () => {
  it('of inputs and outputs stay theirs, whatever layers are called', async () => {
    const model = pipe(input([3]), dense(4, 'output'), sw.relu, dense(2, 'output/Gemm'))
    const { nodes, faults } = {
      ...fileOf(model, model.init(key(0))),
      ...(await agreement(model, trainedParams(model, 2), samples([2, 3], 1))),
    }
    expect(faults).toEqual([])
    expect(nodes.at(-1)?.outputs).toEqual(['output'])
  })
  it('are given, and probabilities stand behind logits', async () => {
    const model = pipe(input([4, 4, 2]), sw.conv2d({ filters: 3, kernel: 2 }))
    const options = { input: 'image', output: 'classes', probabilities: true }
    const file = fileOf(model, model.init(key(0)), options)
    expect(file.nodes.map(({ name }) => name)).toEqual(['conv2d1/Transpose', 'conv2d1/Conv', 'classes/Transpose', 'classes/Softmax'])
    const through = pipe(model, sw.softmax(-1))
    const params = trainedParams(model, 1)
    const image = new ort.Tensor(
      'float32',
      sw.toTypedArray(samples([2, 4, 4, 2], 3) as never).slice() as unknown as Float32Array,
      [2, 4, 4, 2],
    )
    const { name, values } = await ran(bytesOf(model, params, options), { image })
    const other = await ran(bytesOf(through, params), { input: image })
    expect(name).toBe('classes')
    expect(Array.from(values)).toEqual(Array.from(other.values))
  })
  it('of a model without layers are those of an identity', async () => {
    const model = input([3])
    expect(fileOf(model, {}).nodes.map(({ op, inputs, outputs }) => [op, inputs, outputs])).toEqual([['Identity', ['input'], ['output']]])
    expect((await agreement(pipe(model, sw.dropout(0.5)), {}, samples([2, 3], 1))).error).toBe(0)
  })
  it('of parameters that are used again stand for one tensor', () => {
    const model = pipe(input([3]), sw.repeat(4, dense(3), { shared: true }))
    const { nodes, tensors } = fileOf(model, model.init(key(0)))
    expect(nodes.map(({ name }) => name)).toEqual(['', '_1', '_2', '_3'].map((suffix) => `repeat1/Gemm${suffix}`))
    expect(tensors.map(({ name }) => name)).toEqual(['repeat1.weight', 'repeat1.bias'])
  })
})

describe('own activations', () => {
  it('are their operations', async () => {
    const swish = activation('relu', (x) => sw.mul(x, sw.sigmoid(x)))
    const odd: typeof sw.relu = js.activation('odd', (x: AnyOne) => {
      const clipped = js.maximum(js.minimum(x, 2), sw.scalar(-2))
      const whole = js.cast('f32')(js.greaterEqual(x, 0))
      return js.where(js.notEqual(clipped, x), js.pow(js.abs(x), 1.5), js.add(whole, clipped))
    })
    const model = pipe(input([3, 2, 4]), sw.conv2d({ filters: 2, kernel: 2 }), swish, odd) as AnyOne
    const file = fileOf(model, model.init(key(0)))
    expect(file.nodes.slice(0, 4).map(({ op }) => op)).toEqual(['Transpose', 'Conv', 'Sigmoid', 'Mul'])
    const { error, faults } = await agreement(model, trainedParams(model, 3), samples([5, 3, 2, 4], 3))
    expect(faults).toEqual([])
    expect(error).toBeLessThan(1e-5)
  })
})

describe('what is no file', () => {
  it('is a function that gives the same for everything', () => {
    const seven = js.activation('seven', (x: AnyOne) => js.broadcastTo(x.shape)(js.exp(sw.scalar(7))))
    expect(leftOf(seven(input([3])))).toMatchObject({
      message: 'exportOnnx: seven1 (seven) is a function of yours that does not look at what it is given',
    })
  })
  it('names every layer that ONNX has no operators for', () => {
    const centred: typeof sw.relu = js.activation('centred', (x: AnyOne) => js.sub(x, js.mean(-1, { keepDims: true })(x)))
    const model = js.sequential(input(['h', 'w', 4]), sw.named('review')(js.block(js.rearrange('h w c -> (h c) w'), sw.relu)), centred)
    const [first, second] = [
      'review.rearrange1 (rearrange) has sizes that only a run knows',
      "centred1 (centred) is a function of yours with the operation 'sum', which is not element by element",
    ]
    expect(leftOf(model)).toEqual({
      tag: 'NotInOnnx',
      message: `exportOnnx: ${first}; ${second}`,
      layers: [
        { layer: 'review.rearrange1', kind: 'rearrange', message: first },
        { layer: 'centred1', kind: 'centred', message: second },
      ],
    })
  })
  it('is what has more bytes than a file holds, told before anything is computed', () => {
    const model = pipe(input([30_000]), dense(20_000))
    expect(leftOf(model)).toEqual({
      tag: 'TooLarge',
      message: 'exportOnnx: the parameters have 2400080000 bytes, and a file of ONNX holds at most 1900000000',
      bytes: 2_400_080_000,
      limit: 1.9e9,
    })
  })
  it('is what has one name for two things, or none', () => {
    const model = pipe(input([3]), dense(2))
    expect(leftOf(model, { output: 'input' })).toEqual({
      tag: 'InvalidOptions',
      message: "exportOnnx: input and output are both named 'input'",
    })
    expect(leftOf(model, { input: '' })).toEqual({ tag: 'InvalidOptions', message: 'exportOnnx: input and output need names' })
  })
  it('is a mistake where it is no model, or the parameters are not its own', () => {
    const model = pipe(input([3]), dense(2)) as AnyOne
    expect(() => exportOnnx({} as never, {} as never)).toThrow(new sw.ShapeError('exportOnnx: expected a model, got an object'))
    expect(() => exportOnnx(model, { dense1: { weight: sw.ones([3, 3]), bias: sw.ones([2]) } } as never)).toThrow(sw.ShapeError)
  })
})

it('says the version of the package', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(fileOf(pipe(input([1]), sw.relu), {}).producerVersion).toBe(version)
})
