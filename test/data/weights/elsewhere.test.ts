/** Models of PyTorch and Keras (`scripts/golden/elsewhere.py`): their weights in our layers predict what they predict. */
import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import {
  attention,
  batchNorm,
  bidirectional,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  dense,
  depthwiseConv2d,
  embedding,
  flatten,
  fromKeras,
  fromPyTorch,
  groupNorm,
  gru,
  input,
  instanceNorm,
  isStatistic,
  layerNorm,
  learnedPositions,
  lstm,
  type Misfit,
  maxPool2d,
  pipe,
  predict,
  readSafetensors,
  relu,
  repeat,
  residual,
  rmsNorm,
  rnn,
  type StoredArray,
  tanh,
  tensorOf,
  toTypedArray,
  transformerDecoderBlock,
  transformerEncoderBlock,
} from 'shapewright'
import { describe, expect, it } from 'vitest'

const right = <A>(either: E.Either<{ readonly message: string } | readonly { readonly message?: string }[], A>): A => {
  if (E.isRight(either)) return either.right
  throw new Error('message' in either.left ? either.left.message : either.left.map(({ message }) => message).join())
}
const file = (name: string): ReadonlyMap<string, StoredArray> =>
  right(readSafetensors(readFileSync(new URL(`../../golden/elsewhere/${name}.safetensors`, import.meta.url)))).tensors

/** The largest difference between what we predict and what they did. */
const distance = async (name: string, model: never, params: E.Either<Misfit, never>): Promise<number> => {
  const io = file(`${name}-io`)
  const [given, theirs] = [io.get('input') as StoredArray, io.get('output') as StoredArray]
  // shapes come from a file here: no compiler knows them
  const codec = tensorOf(given.shape as [5], (given.type === 'i32' ? 'i32' : 'f32') as 'f32')
  const inputs = right(codec.decode(nested(given)))
  const ours = right(await predict(model, { params: right(params), inputs: inputs as never })())
  const mine = [...toTypedArray(ours as never)]
  expect(mine).toHaveLength(theirs.values.length)
  return mine.reduce((most, value, i) => Math.max(most, Math.abs(value - Number(theirs.values[i]))), 0)
}
/** Rows of rows, the last ones as typed arrays. */
const nested = ({ shape, values }: StoredArray): unknown => {
  const row = shape.at(-1) as number
  const rows = Array.from({ length: values.length / row }, (_, i): unknown => values.slice(i * row, (i + 1) * row))
  return shape
    .slice(1, -1)
    .reduceRight<unknown[]>(
      (parts, size) => Array.from({ length: parts.length / size }, (_, i) => parts.slice(i * size, (i + 1) * size)),
      rows,
    )
}

describe('PyTorch', () => {
  const mlp = pipe(input([5]), dense(7, 'one'), relu, dense(4, 'two'), layerNorm('norm'), tanh, dense(2, 'out'))
  const names = { one: '0', two: '2', norm: '3', out: '5' }
  it('linear layers, with and without a bias, and layer norms', async () => {
    const params = fromPyTorch(mlp, file('pytorch-mlp'), { names, withoutBias: ['two'] })
    expect(await distance('pytorch-mlp', mlp as never, params as never)).toBeLessThan(1e-5)
  })
  it('convolutions of every kind, norms and their statistics, and images that are made flat', async () => {
    const model = pipe(
      input([6, 6, 2]),
      conv2d({ filters: 4, kernel: [3, 2], padding: 1, name: 'a' }),
      batchNorm('b'),
      relu,
      conv2d({ filters: 8, kernel: 3, groups: 4, padding: 1, name: 'c' }),
      groupNorm(2, 'd'),
      convTranspose2d({ filters: 6, kernel: 3, stride: 2, padding: 1, groups: 2, name: 'e' }),
      maxPool2d(2),
      conv2d({ filters: 4, kernel: 1, groups: 2, name: 'f' }),
      convTranspose2d({ filters: 3, kernel: [2, 3], name: 'g' }),
      instanceNorm('h'),
      flatten,
      batchNorm('i'),
      relu,
      dense(3, 'j'),
    )
    const at = { a: '0', b: '1', c: '3', d: '4', e: '5', f: '7', g: '8', h: '9', i: '11', j: '13' }
    const params = fromPyTorch(model, file('pytorch-cnn'), { names: at, withoutBias: ['a'] })
    expect(await distance('pytorch-cnn', model as never, params as never)).toBeLessThan(1e-5)
    expect(isStatistic(right(params).b.mean) && isStatistic(right(params).i.variance)).toBe(true)
    expect(isStatistic(right(params).b.scale)).toBe(false)
  })
  it('convolutions over sequences', async () => {
    const model = pipe(
      input([8, 3]),
      conv1d({ filters: 4, kernel: 3, name: 'a' }),
      relu,
      convTranspose1d({ filters: 2, kernel: 4, stride: 2, name: 'b' }),
      flatten,
      dense(2, 'c'),
    )
    const params = fromPyTorch(model, file('pytorch-conv1d'), { names: { a: '0', b: '2', c: '4' } })
    expect(await distance('pytorch-conv1d', model as never, params as never)).toBeLessThan(1e-5)
  })
  it('a stack of LSTMs in one module, whose rows are made flat as they are', async () => {
    const model = pipe(input([5, 3]), lstm(4, { name: 'one' }), lstm(4, { name: 'two' }), flatten, dense(2, 'out'))
    const at = { one: '0.inner', two: { module: '0.inner', layer: 1 }, out: '2' }
    const params = fromPyTorch(model, file('pytorch-lstm'), { names: at })
    expect(await distance('pytorch-lstm', model as never, params as never)).toBeLessThan(1e-5)
  })
  it('GRUs and RNNs, in both directions', async () => {
    const model = pipe(input([5, 3]), bidirectional(gru(4), { name: 'a' }), rnn(5, { name: 'b' }), gru(3, { name: 'c' }))
    const params = fromPyTorch(model, file('pytorch-gru'), { names: { a: '0.inner', b: '1.inner', c: '2.inner' } })
    expect(await distance('pytorch-gru', model as never, params as never)).toBeLessThan(1e-5)
    const both = pipe(input([5, 3]), bidirectional(lstm(4), { name: 'a' }), bidirectional(rnn(5), { name: 'b' }))
    const more = fromPyTorch(both, file('pytorch-rnns'), { names: { a: '0.inner', b: '1.inner' }, withoutBias: ['b'] })
    expect(await distance('pytorch-rnns', both as never, more as never)).toBeLessThan(1e-5)
  })
  it('embeddings, positions and attention', async () => {
    const model = pipe(
      input([6], 'i32'),
      embedding(20, 8, 'embed'),
      learnedPositions(6, 'positions'),
      layerNorm('norm'),
      residual(attention(2, { causal: true, name: 'attention' })),
      rmsNorm({ epsilon: 1e-5, name: 'scale' }),
      dense(3, 'head'),
    )
    const names = { residual1: 'attention' }
    const params = fromPyTorch(model, file('pytorch-attention'), { names })
    expect(await distance('pytorch-attention', model as never, params as never)).toBeLessThan(1e-5)
  })
  it('whole blocks of transformers: norms before and behind, both activations, causal or not', async () => {
    const of = { hidden: 12, bias: true } as const
    const encoder = pipe(
      input([5, 8]),
      transformerEncoderBlock(2, { ...of, name: 'one' }),
      transformerEncoderBlock(2, { ...of, name: 'two' }),
      dense(3, 'head'),
    )
    const names = { one: '0', two: '1', head: '2' }
    const params = fromPyTorch(encoder, file('pytorch-encoder'), { names })
    expect(await distance('pytorch-encoder', encoder as never, params as never)).toBeLessThan(1e-5)
    const behind = pipe(
      input([5, 8]),
      repeat(2, transformerEncoderBlock(2, { ...of, norm: 'after', activation: 'relu', epsilon: 1e-3 })),
      dense(3, 'head'),
    )
    const places = { 'repeat1.transformerEncoderBlock1': '0', 'repeat1.transformerEncoderBlock2': '1', head: '2' }
    const other = fromPyTorch(behind, file('pytorch-post-norm'), { names: places })
    expect(await distance('pytorch-post-norm', behind as never, other as never)).toBeLessThan(1e-5)
    const decoder = pipe(input([5, 8]), transformerDecoderBlock(2, { ...of, activation: 'relu', name: 'one' }), dense(3, 'head'))
    const causal = fromPyTorch(decoder, file('pytorch-decoder'), { names: { one: '0.block', head: '1' } })
    expect(await distance('pytorch-decoder', decoder as never, causal as never)).toBeLessThan(1e-5)
    // each part of a block may have its own place
    const each = { attention: 'self_attn', attentionNorm: 'norm1', feedForwardNorm: 'norm2', hidden: 'linear1', output: 'linear2' }
    const apart = Object.fromEntries(Object.entries(each).map(([part, name]) => [`one.${part}`, `0.block.${name}`]))
    const again = fromPyTorch(decoder, file('pytorch-decoder'), { names: { ...apart, head: '1' } })
    expect(await distance('pytorch-decoder', decoder as never, again as never)).toBeLessThan(1e-5)
  })
  it('blocks of GPT-2, whose matrices lie the other way round, and the same with linear layers', async () => {
    const gpt = pipe(
      input([6], 'i32'),
      embedding(20, 8, 'wte'),
      learnedPositions(9, 'wpe'),
      repeat(2, transformerDecoderBlock(2, { bias: true, activation: 'geluTanh' })),
      layerNorm('ln_f'),
    )
    const names = Object.fromEntries([0, 1].map((i) => [`repeat1.transformerDecoderBlock${i + 1}`, `h.${i}`]))
    for (const name of ['pytorch-gpt2', 'pytorch-nano-gpt'])
      expect(await distance(name, gpt as never, fromPyTorch(gpt, file(name), { names }) as never)).toBeLessThan(1e-5)
    // a mask that files of GPT-2 hold is no weight, and a bias that the model does not have is one
    const mask = { type: 'f32', shape: [1, 1, 9, 9], values: new Float32Array(81) } as const
    const masked = fromPyTorch(gpt, new Map([...file('pytorch-gpt2'), ['h.0.attn.bias', mask], ['h.1.attn.masked_bias', mask]]), { names })
    expect(E.isRight(masked)).toBe(true)
    const odd = fromPyTorch(gpt, new Map([...file('pytorch-gpt2'), ['h.0.mlp.bias', mask]]), { names })
    expect(E.isLeft(odd) && odd.left.message).toBe(
      'fromPyTorch: the tensors do not fit the model; not of the model: h.0.mlp.bias [1, 1, 9, 9]',
    )
  })
  it('blocks of BERT', async () => {
    const given = { hidden: 12, bias: true, norm: 'after', epsilon: 1e-12 } as const
    const model = pipe(input([5, 8]), repeat(2, transformerEncoderBlock(2, given)))
    const names = Object.fromEntries([0, 1].map((i) => [`repeat1.transformerEncoderBlock${i + 1}`, `${i}`]))
    const params = fromPyTorch(model, file('pytorch-bert'), { names })
    expect(await distance('pytorch-bert', model as never, params as never)).toBeLessThan(1e-5)
  })
  it('biases that the model does not have, or that the file does not', () => {
    const one = [...file('pytorch-decoder')].filter(([name]) => name.startsWith('0.block.self_attn.'))
    const unbiased = fromPyTorch(pipe(input([5, 8]), attention(2, 'look')), new Map(one), { names: { look: '0.block.self_attn' } })
    expect(E.isLeft(unbiased) && unbiased.left.message).toBe(
      'fromPyTorch: the tensors do not fit the model; not of the model: 0.block.self_attn.in_proj_bias [24], 0.block.self_attn.out_proj.bias [8]',
    )
    const matrices = new Map(one.filter(([name]) => !name.endsWith('bias')))
    const biased = pipe(input([5, 8]), attention(2, { bias: true, name: 'look' }))
    const lacking = fromPyTorch(biased, matrices, { names: { look: '0.block.self_attn' } })
    expect(E.isLeft(lacking) && lacking.left.message).toBe(
      'fromPyTorch: the tensors do not fit the model; missing: 0.block.self_attn.in_proj_bias [24], 0.block.self_attn.out_proj.bias [8]',
    )
    const zeros = right(fromPyTorch(biased, matrices, { names: { look: '0.block.self_attn' }, withoutBias: ['look'] }))
    expect([...toTypedArray(zeros.look.keyBias)]).toEqual(Array.from({ length: 8 }, () => 0))
  })
  it('what does not fit is told at once, in their names', () => {
    const tensors = new Map([...file('pytorch-mlp')].filter(([name]) => name !== '3.weight'))
    const misfit = fromPyTorch(mlp, tensors, { names: { ...names, out: '4' } })
    expect(E.isLeft(misfit) && misfit.left.message).toBe(
      'fromPyTorch: the tensors do not fit the model; missing: 2.bias [4], 3.weight [4], 4.weight [2, 4], 4.bias [2]; not of the model: 5.bias [2], 5.weight [2, 4]',
    )
    const wrong = fromPyTorch(
      mlp,
      new Map([...file('pytorch-mlp'), ['0.bias', { type: 'f64', shape: [7], values: new Float64Array(7) }] as const]),
      { names, withoutBias: ['two'] },
    )
    expect(E.isLeft(wrong) && wrong.left.message).toBe(
      'fromPyTorch: the tensors do not fit the model; 0.bias is f64 [7], expected [7] (write { round: true } to round it)',
    )
  })
  it('a path that the model does not have throws', () => {
    expect(() => fromPyTorch(mlp, new Map(), { names: { hiden: '0' } })).toThrow(
      "fromPyTorch: the model has no layer 'hiden' with parameters; it has one, two, norm, out",
    )
  })
})

describe('Keras', () => {
  it('dense layers and layer norms', async () => {
    const model = pipe(input([5]), dense(7, 'one'), relu, layerNorm({ epsilon: 1e-3, name: 'norm' }), dense(2, 'two'))
    const params = fromKeras(model, file('keras-mlp'), { root: 'mlp', withoutBias: ['two'] })
    expect(await distance('keras-mlp', model as never, params as never)).toBeLessThan(1e-5)
  })
  it('convolutions of every kind, norms and their statistics', async () => {
    const model = pipe(
      input([6, 6, 2]),
      conv2d({ filters: 4, kernel: [3, 2], padding: 'same', name: 'conv' }),
      batchNorm({ epsilon: 1e-3, name: 'norm' }),
      relu,
      depthwiseConv2d({ kernel: 3, multiplier: 2, name: 'depthwise' }),
      conv2d({ filters: 6, kernel: 1, groups: 2, name: 'grouped' }),
      convTranspose2d({ filters: 3, kernel: [2, 3], stride: 2, name: 'up' }),
      groupNorm(3, { epsilon: 1e-3, name: 'groups' }),
      flatten,
      dense(3, 'head'),
    )
    const params = fromKeras(model, file('keras-cnn'), { root: 'cnn', withoutBias: ['conv'] })
    expect(await distance('keras-cnn', model as never, params as never)).toBeLessThan(1e-5)
  })
  it('recurrent layers, in one direction and in both', async () => {
    const model = pipe(
      input([5, 3]),
      bidirectional(lstm(4), { name: 'both' }),
      gru(5, { name: 'gru' }),
      lstm(3, { name: 'lstm' }),
      rnn(4, { returns: 'last', name: 'rnn' }),
      dense(2, 'head'),
    )
    const params = fromKeras(model, file('keras-recurrent'), { root: 'recurrent' })
    expect(await distance('keras-recurrent', model as never, params as never)).toBeLessThan(1e-5)
    const more = pipe(
      input([5, 3]),
      bidirectional(gru(4), { name: 'gru' }),
      bidirectional(rnn(4), { name: 'rnn' }),
      conv1d({ filters: 3, kernel: 2, name: 'conv' }),
      convTranspose1d({ filters: 2, kernel: 3, name: 'up' }),
    )
    expect(
      await distance(
        'keras-bidirectional',
        more as never,
        fromKeras(more, file('keras-bidirectional'), { root: 'bidirectional' }) as never,
      ),
    ).toBeLessThan(1e-5)
  })
  it('embeddings and attention, also with fewer heads of keys', async () => {
    const model = pipe(
      input([6], 'i32'),
      embedding(20, 8, 'embed'),
      residual(attention(2, 'attention')),
      residual(attention(4, { keyValueHeads: 2, name: 'grouped' })),
      rmsNorm({ epsilon: 1e-5, name: 'scale' }),
      dense(3, 'head'),
    )
    const params = fromKeras(model, file('keras-attention'), { names: { residual1: 'attention', residual2: 'grouped' } })
    expect(await distance('keras-attention', model as never, params as never)).toBeLessThan(1e-5)
  })
  it('attention with biases', async () => {
    const model = pipe(
      input([5, 8]),
      residual(attention(2, { causal: true, bias: true, name: 'attention' })),
      residual(attention(4, { keyValueHeads: 2, bias: true, name: 'grouped' })),
      dense(3, 'head'),
    )
    const params = fromKeras(model, file('keras-biased-attention'), { names: { residual1: 'attention', residual2: 'grouped' } })
    expect(await distance('keras-biased-attention', model as never, params as never)).toBeLessThan(1e-5)
  })
})
