/** Attention in heads to another sequence: against the layer, against its definition, with biases, masks and lengths. */
import {
  add,
  attention as attentionLayer,
  compile,
  compute,
  type Dim,
  dim,
  grad,
  input,
  key,
  matmul,
  mul,
  normal,
  type Params,
  pipe,
  rearrange,
  reshape,
  slice,
  spec,
  sum,
  type Tensor,
  tensor,
  toArray,
  zeros,
} from 'shapewright'
import { attention, multiHeadAttention } from 'shapewright/ops'
import { describe, expect, it } from 'vitest'
import { refuses } from '../model/helpers.ts'
import { rightOf } from '../train/values.ts'

// biome-ignore lint/suspicious/noExplicitAny: trees of any shape are compared
const flat = (x: any): number[] => (Array.isArray(x) ? x : [toArray(x)]).flat(9) as number[]
// biome-ignore lint/suspicious/noExplicitAny: trees of any shape are compared
const near = (found: any, wanted: any, digits = 5): void => {
  const [a, b] = [flat(found), flat(wanted)]
  expect(a.length).toBe(b.length)
  a.forEach((x, i) => {
    expect(x).toBeCloseTo(b[i] as number, digits)
  })
}
const x = normal(key(5), [2, 6, 8])
const memory = normal(key(6), [2, 5, 8])
const layer = pipe(input([6, 8]), attentionLayer(2, { bias: true, name: 'look' }))
const look = {
  ...compute(layer.init(key(1))).look,
  queryBias: normal(key(2), [8]),
  valueBias: normal(key(3), [8]),
  outputBias: normal(key(4), [8]),
}
const { queryBias: _q, keyBias: _k, valueBias: _v, outputBias: _o, ...bare } = look

describe('multiHeadAttention', () => {
  it('is the layer where a sequence looks at itself', () => {
    near(multiHeadAttention(look, x, { heads: 2 })(x), layer.apply({ look }, x))
    const causal = pipe(input([6, 8]), attentionLayer(4, { keyValueHeads: 2, causal: true, name: 'look' }))
    const params = compute(causal.init(key(7)))
    near(pipe(x, multiHeadAttention(params.look, x, { heads: 4, causal: true })), causal.apply(params, x))
  })

  it('is heads of attention between its matrices, where it looks at another', () => {
    const heads = <B extends Dim, T extends Dim>(y: Tensor<[B, T, 8]>, w: Tensor<[8, 8]>, b: Tensor<[8]>): Tensor<[B, 2, T, 4]> =>
      pipe(y, matmul(w), add(b), rearrange('b t (h d) -> b h t d', { h: 2 }))
    const { query, key: keys, value, output } = look
    const wanted = pipe(
      heads(x, query, look.queryBias),
      attention(heads(memory, keys, look.keyBias), heads(memory, value, look.valueBias)),
      rearrange('b h t d -> b t (h d)'),
      matmul(output),
      add(look.outputBias),
    )
    near(pipe(x, multiHeadAttention(look, memory, { heads: 2 })), wanted)
  })

  it('sees as much of the other as it has: by lengths, or by a mask that is the same for all heads', () => {
    const found = pipe(x, multiHeadAttention(bare, memory, { heads: 2, lengths: tensor([5, 3], 'i32') }))
    const cut = pipe(x, multiHeadAttention(bare, pipe(memory, slice([0, 0, 0], [2, 3, 8])), { heads: 2 }))
    near(flat(found).slice(48), flat(cut).slice(48))
    const seen = tensor([[[1, 1, 1, 1, 1]], [[1, 1, 1, 0, 0]]], 'bool')
    near(pipe(x, multiHeadAttention(bare, memory, { heads: 2, mask: seen })), found)
    const one = tensor([1, 1, 1, 0, 0], [5], 'bool')
    near(pipe(x, multiHeadAttention(bare, memory, { heads: 2, mask: one })), cut)
    near(flat(pipe(x, multiHeadAttention(bare, memory, { heads: 2, lengths: tensor([0, 0], 'i32') }))), flat(zeros([2, 6, 8])))
  })

  it('takes matrices, sequences of batches, and one memory for all of them', () => {
    const [one, its] = [pipe(x, slice([0, 0, 0], [1, 6, 8]), reshape([6, 8])), pipe(memory, slice([0, 0, 0], [1, 5, 8]), reshape([5, 8]))]
    const whole = multiHeadAttention(look, memory, { heads: 2 })(x)
    near(multiHeadAttention(look, its, { heads: 2 })(one), flat(whole).slice(0, 48))
    near(flat(multiHeadAttention(look, its, { heads: 2 })(x)).slice(0, 48), flat(whole).slice(0, 48))
    const four = pipe(x, reshape([1, 2, 6, 8]), multiHeadAttention(look, pipe(memory, reshape([1, 2, 5, 8])), { heads: 2 }))
    near(four, whole)
  })

  it('is compiled, and has the gradients that it has', async () => {
    type P = Params<typeof layer>['look']
    const loss = (p: P, y: Tensor<['batch', 6, 8]>, m: Tensor<['batch', 'time', 8]>, ends: Tensor<['batch'], 'i32'>) =>
      pipe(y, multiHeadAttention(p, m, { heads: 2, lengths: ends }), (z) => mul(z, z), sum())
    const step = (p: P, y: Tensor<['batch', 6, 8]>, m: Tensor<['batch', 'time', 8]>, ends: Tensor<['batch'], 'i32'>) =>
      [p, grad(loss)(p, y, m, ends)] as const
    const args = [spec(['batch', 6, 8]), spec(['batch', 'time', 8]), spec(['batch'], 'i32')] as const
    const program = rightOf(await compile(step, { state: look, args, bind: { batch: 2, time: 5 } })())
    const [y, m] = [normal(key(5), [dim('batch', 2), 6, 8]), normal(key(6), [dim('batch', 2), dim('time', 5), 8])]
    const ends = tensor([5, 3], [dim('batch', 2)], 'i32')
    const slopes = program.step(y, m, ends)
    const wanted = grad(loss)(look, y, m, ends)
    for (const part of ['query', 'key', 'value', 'output', 'queryBias', 'valueBias', 'outputBias'] as const)
      near(slopes[part], wanted[part], 2)
  })

  it('says what is wrong from JavaScript as well', () => {
    // biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
    const js = multiHeadAttention as unknown as (...given: any[]) => (query: any) => unknown
    refuses('multiHeadAttention: params.output is missing', () => js({ ...bare, output: undefined }, memory, { heads: 2 }))
    refuses('multiHeadAttention: params.keyBias is [4], the layer has [8]', () =>
      js({ ...look, keyBias: zeros([4]) }, memory, { heads: 2 }),
    )
    refuses('multiHeadAttention: heads must be a whole number, at least 1, got undefined', () => js(bare, memory, {}))
    refuses('multiHeadAttention: expected options by name, got 2', () => js(bare, memory, 2))
    refuses('multiHeadAttention: 3 heads do not divide the depth 8', () => js(bare, memory, { heads: 3 }))
    const few = { ...bare, key: zeros([8, 6]), value: zeros([8, 6]) }
    refuses('multiHeadAttention: keys of depth 6 are no heads of depth 4', () => js(few, memory, { heads: 2 }))
    refuses('multiHeadAttention: 3 key-value heads do not divide 4 heads', () => js(few, memory, { heads: 4 }))
    refuses("multiHeadAttention: there is no option 'casual'", () => js(bare, memory, { heads: 2, casual: true }))
    refuses('multiHeadAttention: expected keys [..., time, depth], got [8]', () => js(bare, zeros([8]), { heads: 2 }))
    refuses('multiHeadAttention: queries [6, 7] x keys [2, 5, 8]: expected depth 8, got 7', () =>
      js(bare, memory, { heads: 2 })(zeros([6, 7])),
    )
    refuses('multiHeadAttention: expected memory of depth 8, got 7', () => js(bare, zeros([5, 7]), { heads: 2 })(zeros([6, 7])))
    refuses('multiHeadAttention: lengths must be i32, got f32', () => js(bare, memory, { heads: 2, lengths: zeros([2]) }))
    refuses('multiHeadAttention: lengths [3] are not the leading dims of [2, 6, 5]', () =>
      js(bare, memory, { heads: 2, lengths: zeros([3], 'i32') })(x),
    )
  })
})
