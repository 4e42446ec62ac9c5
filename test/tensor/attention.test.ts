/** Attention of tensors: against plain loops, masks and rows that see nothing, gradients, sentences. */
import {
  compile,
  dim,
  grad,
  iota,
  key,
  lessEqual,
  matmul,
  mul,
  normal,
  pipe,
  reshape,
  ShapeError,
  spec,
  sum,
  type Tensor,
  tensor,
  toArray,
  toTypedArray,
  zeros,
} from 'shapewright'
import { type AttentionOptions, attention } from 'shapewright/ops'
import { describe, expect, it } from 'vitest'
import * as e from '../../src/graph/expression.ts'
import type { Node } from '../../src/graph/node.ts'
import { attended } from '../../src/tensor/attention.ts'
import { compare, spread } from '../autodiff/differences.ts'
import { rightOf } from '../train/values.ts'

const refuses = (sentence: string, mistake: () => unknown) => expect(mistake).toThrow(new ShapeError(sentence))

/** softmax(q k^T / sqrt(d)) v of one matrix each, in loops; `sees` says which key a query sees. */
const loops = (
  q: readonly (readonly number[])[],
  k: readonly (readonly number[])[],
  v: readonly (readonly number[])[],
  sees: (query: number, key: number) => boolean,
): number[][] =>
  q.map((query, i) => {
    const scores = k.map((other, j) =>
      sees(i, j) ? other.reduce((s, x, d) => s + x * (query[d] as number), 0) / Math.sqrt(query.length) : Number.NEGATIVE_INFINITY,
    )
    const most = Math.max(...scores)
    const powers = scores.map((s) => (s === Number.NEGATIVE_INFINITY ? 0 : Math.exp(s - most)))
    const total = powers.reduce((a, b) => a + b, 0)
    return (v[0] ?? []).map((_, d) =>
      total === 0 ? 0 : v.reduce((s, row, j) => s + (powers[j] as number) * (row[d] as number), 0) / total,
    )
  })
const near = (found: unknown, wanted: unknown, digits = 5): void => {
  const [a, b] = [found, wanted].map((x) => [x].flat(9) as number[]) as [number[], number[]]
  expect(a.length).toBe(b.length)
  a.forEach((x, i) => {
    expect(x).toBeCloseTo(b[i] as number, digits)
  })
}

const q = normal(key(1), [5, 4])
const k = normal(key(2), [6, 4])
const v = normal(key(3), [6, 3])
const [qs, ks, vs] = [toArray(q), toArray(k), toArray(v)]

describe('attention', () => {
  it('weighs values by how near their keys are to a query', () => {
    near(
      toArray(pipe(q, attention(k, v))),
      loops(qs, ks, vs, () => true),
    )
    near(
      toArray(pipe(q, attention(k, v, {}))),
      loops(qs, ks, vs, () => true),
    )
    near(
      toArray(pipe(q, attention(k, v, { causal: undefined, mask: undefined }))),
      loops(qs, ks, vs, () => true),
    )
  })

  it('hides what comes later, what a mask hides, and what is behind the end', () => {
    near(
      toArray(pipe(q, attention(k, v, { causal: true }))),
      loops(qs, ks, vs, (i, j) => j <= i),
    )
    const mask = lessEqual(iota([5, 6], 1), mul(iota([5, 6], 0), 2))
    near(
      toArray(pipe(q, attention(k, v, { mask }))),
      loops(qs, ks, vs, (i, j) => j <= 2 * i),
    )
    near(
      toArray(pipe(q, attention(k, v, { mask, causal: true }))),
      loops(qs, ks, vs, (i, j) => j <= 2 * i && j <= i),
    )
    near(
      toArray(pipe(q, attention(k, v, { lengths: tensor(4, 'i32') }))),
      loops(qs, ks, vs, (_, j) => j < 4),
    )
  })

  it('has a length for each sequence, whatever stands behind the batch', () => {
    const [qb, kb, vb] = [normal(key(4), [2, 3, 5, 4]), normal(key(5), [2, 3, 6, 4]), normal(key(6), [2, 3, 6, 2])]
    const found = toArray(pipe(qb, attention(kb, vb, { lengths: tensor([2, 5], 'i32'), causal: true })))
    const [qa, ka, va] = [toArray(qb), toArray(kb), toArray(vb)]
    ;[2, 5].forEach((length, b) => {
      for (const h of [0, 1, 2]) {
        const [one, two, three] = [qa[b]?.[h] ?? [], ka[b]?.[h] ?? [], va[b]?.[h] ?? []]
        near(
          found[b]?.[h],
          loops(one, two, three, (i, j) => j <= i && j < length),
        )
      }
    })
  })

  it('shares keys among queries that have dims in front', () => {
    const many = normal(key(7), [2, 3, 5, 4])
    const found = toArray(pipe(many, attention(k, v)))
    near(
      found[1]?.[2],
      loops(toArray(many)[1]?.[2] ?? [], ks, vs, () => true),
    )
    const grouped = pipe(many, attention(reshape([2, 1, 6, 4])(normal(key(8), [2, 6, 4])), zeros([2, 1, 6, 7])))
    expect(grouped.shape).toEqual([2, 3, 5, 7])
  })

  it('gives zeros to a query that sees nothing, and no gradient', () => {
    const mask = tensor([
      [true, true],
      [false, false],
    ])
    const [x, y] = [
      tensor([
        [1, 2],
        [3, 4],
      ]),
      tensor([
        [5, 6],
        [7, 8],
      ]),
    ]
    const found = (p: { q: Tensor<[2, 2]>; k: Tensor<[2, 2]>; v: Tensor<[2, 2]> }) => pipe(p.q, attention(p.k, p.v, { mask }))
    expect(toArray(found({ q: x, k: x, v: y }))[1]).toEqual([0, 0])
    const gradients = grad((p: { q: Tensor<[2, 2]>; k: Tensor<[2, 2]>; v: Tensor<[2, 2]> }) => pipe(found(p), mul(y), sum()))({
      q: x,
      k: x,
      v: y,
    })
    expect(toArray(gradients.q)[1]).toEqual([0, 0])
    for (const g of Object.values(gradients)) for (const n of toTypedArray(g)) expect(Number.isFinite(n)).toBe(true)
    expect(toArray(pipe(x, attention(x, y, { lengths: tensor(0, 'i32') })))).toEqual([
      [0, 0],
      [0, 0],
    ])
  })

  it('does not overflow, and knows no keys at all', () => {
    const far = tensor([
      [1e4, -1e4],
      [2e4, 1e4],
    ])
    near(toArray(pipe(far, attention(far, tensor([[1], [2]])))), [[1], [2]])
    expect(toArray(pipe(q, attention(zeros([0, 4]), zeros([0, 2]))))).toEqual(Array.from({ length: 5 }, () => [0, 0]))
    expect(toArray(pipe(zeros([2, 0]), attention(zeros([3, 0]), tensor([[1], [2], [6]]))))).toEqual([[3], [3]])
  })

  it('has names of sizes', () => {
    const time = dim('time', 3)
    const x = normal(key(9), [2, time, 4])
    const y = pipe(x, attention(x, x, { causal: true }))
    expect(y.shape).toEqual([2, 'time', 4])
    const wide = pipe(zeros([3, dim('depth', 16)]), attention(zeros([3, dim('depth', 16)]), tensor([[1], [2], [3]])))
    near(toArray(wide), [[2], [2], [2]])
  })

  it.each<[string, (m: number) => Parameters<typeof attended>[3]]>([
    ['everything', () => ({})],
    ['what is not later', () => ({ causal: true })],
    [
      'what a mask shows',
      (m) => ({
        mask: e.data(
          Uint8Array.from({ length: 3 * m }, (_, i) => Number(i % 5 > 1 && i >= m)),
          [3, m],
          'bool',
        ),
      }),
    ],
    ['what is before the end', () => ({ lengths: e.data(Int32Array.of(2, 0), [2], 'i32') })],
  ])('has the gradients of %s', (_, how) => {
    const point = (shape: readonly number[], seed: number) => ({
      shape,
      values: spread(
        shape.reduce((a, b) => a * b, 1),
        seed,
        0.1,
      ),
    })
    const { error } = compare(
      (a, b, c) => attended(a as Node, b as Node, c as Node, how(4)),
      [point([2, 3, 2], 1), point([2, 4, 2], 2), point([2, 4, 3], 3)],
    )
    expect(error).toBeLessThan(1e-7)
  })

  it('is compiled to what the evaluator says', async () => {
    const lengths = tensor([6, 3], 'i32')
    const loss = (p: { q: Tensor<[2, 3, 6, 8]>; k: Tensor<[2, 3, 6, 8]> }, v: Tensor<[2, 3, 6, 5]>) =>
      pipe(p.q, attention(p.k, v, { causal: true, lengths }), matmul(tensor([[1], [2], [-1], [0.5], [3]])), sum())
    const p = { q: normal(key(11), [2, 3, 6, 8]), k: normal(key(12), [2, 3, 6, 8]) }
    const step = (state: typeof p, v: Tensor<[2, 3, 6, 5]>) => [state, grad(loss)(state, v)] as const
    const x = normal(key(13), [2, 3, 6, 5])
    const program = rightOf(await compile(step, { state: p, args: [spec([2, 3, 6, 5])] })())
    const [found, wanted] = [program.step(x), grad(loss)(p, x)]
    near(toArray(found.q), toArray(wanted.q), 4)
    near(toArray(found.k), toArray(wanted.k), 4)
  })

  it('says what is wrong from JavaScript as well', () => {
    const js = attention as unknown as (k: unknown, v: unknown, options?: unknown) => (q: unknown) => unknown
    refuses('attention: expected keys [..., time, depth], got [4]', () => js(zeros([4]), v))
    refuses('attention: expected values [..., time, depth], got []', () => js(k, zeros([])))
    refuses('attention: expected queries [..., time, depth], got [4]', () => js(k, v)(zeros([4])))
    refuses('attention: keys [6, 4] and values [5, 3] differ before the last axis', () => js(k, zeros([5, 3])))
    refuses('attention: queries [5, 3] x keys [6, 4]: expected depth 4, got 3', () => js(k, v)(zeros([5, 3])))
    refuses('attention: shapes [2] and [3] do not broadcast', () => js(zeros([3, 6, 4]), zeros([3, 6, 4]))(zeros([2, 5, 4])))
    refuses('attention: the mask [6, 5] does not broadcast to [5, 6]', () => js(k, v, { mask: zeros([6, 5], 'bool') })(q))
    refuses('attention: the mask must be bool, got f32', () => js(k, v, { mask: zeros([5, 6]) }))
    refuses('attention: lengths must be i32, got f32', () => js(k, v, { lengths: zeros([]) }))
    refuses('attention: lengths [5] are not the leading dims of [5, 6]', () => js(k, v, { lengths: zeros([5], 'i32') })(q))
    refuses("attention: there is no option 'casual'", () => js(k, v, { casual: true }))
    refuses('attention: expected options by name, got true', () => js(k, v, true))
    refuses('attention: expected f32, got i32', () => js(zeros([6, 4], 'i32'), v))
    refuses('attention: expected a tensor, got 3', () => js(k, v)(3))
    const options: AttentionOptions = { causal: true }
    expect(pipe(q, attention(k, v, options)).shape).toEqual([5, 3])
  })
})
