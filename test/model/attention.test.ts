/** Attention in models, and positions: values against their definition, gradients, programs, sentences. */
import {
  add,
  attention,
  block,
  compile,
  compute,
  dense,
  dim,
  embedding,
  foldIn,
  grad,
  input,
  key,
  learnedPositions,
  masked,
  matmul,
  mean,
  mul,
  normal,
  type Params,
  permute,
  pipe,
  rearrange,
  relu,
  repeat,
  reshape,
  residual,
  rotaryPositions,
  ShapeError,
  sequential,
  sinusoidalPositions,
  slice,
  softmaxCrossEntropy,
  spec,
  sum,
  summary,
  type Tensor,
  tensor,
  tensorsFrom,
  toArray,
  toTypedArray,
  transformerEncoderBlock,
  valueAndGrad,
  weightsOnly,
  zeros,
} from 'shapewright'
import * as ops from 'shapewright/ops'
import { describe, expect, it } from 'vitest'
import { rightOf } from '../train/values.ts'
import { refuses } from './helpers.ts'

// biome-ignore lint/suspicious/noExplicitAny: trees of any shape are compared
const flat = (x: any): number[] => [toArray(x)].flat(9) as number[]
// biome-ignore lint/suspicious/noExplicitAny: trees of any shape are compared
const near = (found: any, wanted: any, digits = 5): void => {
  const [a, b] = [flat(found), flat(wanted)]
  expect(a.length).toBe(b.length)
  a.forEach((x, i) => {
    expect(x).toBeCloseTo(b[i] as number, digits)
  })
}
const x = normal(key(5), [2, 6, 8])

describe('a layer of attention', () => {
  const model = pipe(input([6, 8]), attention(2, { causal: true, name: 'look' }))
  const params = compute(model.init(key(1)))

  it('is heads of attention between four matrices', () => {
    const heads = (w: Tensor<[8, 8]>) => pipe(x, matmul(w), reshape([2, 6, 2, 4]), permute([0, 2, 1, 3]))
    const { query, key: keys, value, output } = params.look
    const found = pipe(heads(query), ops.attention(heads(keys), heads(value), { causal: true }), permute([0, 2, 1, 3]), reshape([2, 6, 8]))
    near(model.apply(params, x), matmul(found, output))
  })

  it('sees nothing that comes later where it is causal, and all of it else', () => {
    const cut = pipe(x, slice([0, 0, 0], [2, 3, 8]))
    const short = pipe(input([3, 8]), attention(2, { causal: true, name: 'look' }))
    near(pipe(model.apply(params, x), slice([0, 0, 0], [2, 3, 8])), short.apply(params, cut))
    const open = pipe(input([6, 8]), attention(2, 'look'))
    expect(flat(open.apply(params, x))[0]).not.toBeCloseTo(flat(model.apply(params, x))[0] as number, 3)
  })

  it('shares keys among heads', () => {
    const shared = pipe(input([6, 8]), attention(4, { keyValueHeads: 2 }))
    const own = compute(shared.init(key(2)))
    expect(Object.values(own.attention1).map(({ shape }) => [...shape])).toEqual([
      [8, 8],
      [8, 4],
      [8, 4],
      [8, 8],
    ])
    // the same keys and values, written out for each head
    const twice = (w: Tensor<[8, 4]>) =>
      tensor(
        toArray(w).flatMap(([a = 0, b = 0, c = 0, d = 0]) => [a, b, a, b, c, d, c, d]),
        [8, 8],
      )
    const { query, key: keys, value, output } = own.attention1
    const full = pipe(input([6, 8]), attention(4))
    near(shared.apply(own, x), full.apply({ attention1: { query, key: twice(keys), value: twice(value), output } }, x))
    expect(summary(shared).total).toBe(2 * 64 + 2 * 32)
  })

  it('adds a bias behind each matrix, where it has any', async () => {
    const biased = pipe(input([6, 8]), attention(4, { keyValueHeads: 2, rotary: true, causal: true, bias: true, name: 'look' }))
    const start = compute(biased.init(key(2))).look
    expect(Object.entries(start).map(([name, { shape }]) => [name, ...shape])).toEqual([
      ['query', 8, 8],
      ['key', 8, 4],
      ['value', 8, 4],
      ['output', 8, 8],
      ['queryBias', 8],
      ['keyBias', 4],
      ['valueBias', 4],
      ['outputBias', 8],
    ])
    // zeros at first: what it gives is what it gives without them, from the same key
    const plain = pipe(input([6, 8]), attention(4, { keyValueHeads: 2, rotary: true, causal: true, name: 'look' }))
    near(biased.apply({ look: start }, x), plain.apply(plain.init(key(2)), x))
    expect(summary(biased).total).toBe(summary(plain).total + 8 + 4 + 4 + 8)
    const [queryBias, outputBias] = [normal(key(3), [8]), normal(key(4), [8])]
    const [keyBias, valueBias] = [normal(key(5), [4]), normal(key(6), [4])]
    const own = { ...start, queryBias, keyBias, valueBias, outputBias }
    const heads = (w: Tensor<[8, 8]>, b: Tensor<[8]>) => pipe(x, matmul(w), add(b), reshape([2, 6, 4, 2]), permute([0, 2, 1, 3]))
    const few = (w: Tensor<[8, 4]>, b: Tensor<[4]>) =>
      pipe(x, matmul(w), add(b), rearrange('b t (g d) -> b g t d', { g: 2 }), rearrange('b g t d -> b g 1 t d'))
    const found = pipe(
      rotaryPositions(heads(own.query, queryBias)),
      reshape([2, 2, 2, 6, 2]),
      ops.attention(rotaryPositions(few(own.key, keyBias)), few(own.value, valueBias), { causal: true }),
      reshape([2, 4, 6, 2]),
      permute([0, 2, 1, 3]),
      reshape([2, 6, 8]),
      matmul(own.output),
      add(outputBias),
    )
    near(biased.apply({ look: own }, x), found)
    type P = Params<typeof biased>
    const loss = (p: P) => pipe(biased.apply(p, x), (y) => mul(y, y), sum())
    const program = rightOf(await compile((state: P) => [state, grad(loss)(state)] as const, { state: { look: own }, args: [] })())
    const slopes = program.step().look
    const wanted = grad(loss)({ look: own }).look
    near(slopes.queryBias, wanted.queryBias, 3)
    near(slopes.valueBias, wanted.valueBias, 3)
    near(slopes.outputBias, wanted.outputBias, 3)
    const stored = rightOf(tensorsFrom(biased, { look: own }))
    expect([...stored].filter(([path, { shape }]) => weightsOnly({ path, shape: [...shape] })).map(([path]) => path)).toEqual(
      ['query', 'key', 'value', 'output'].map((name) => `look.${name}`),
    )
  })

  it('drops weights in training alone, by its key', () => {
    const dropping = pipe(input([6, 8]), attention(2, { dropout: 0.5 }))
    const own = dropping.init(key(3))
    const plain = pipe(input([6, 8]), attention(2))
    near(dropping.apply(own, x), plain.apply(own, x))
    const [one] = dropping.applyTraining(own, x, key(4))
    expect(flat(one)).not.toEqual(flat(plain.apply(own, x)))
    expect(flat(dropping.applyTraining(own, x, key(4))[0])).toEqual(flat(one))
    expect(flat(dropping.applyTraining(own, x, foldIn(key(4), 1))[0])).not.toEqual(flat(one))
  })

  it('turns queries and keys, so that only distance counts', () => {
    const turning = pipe(input([6, 8]), attention(2, { rotary: true }))
    const own = compute(turning.init(key(6)))
    const heads = (w: Tensor<[8, 8]>) => pipe(x, matmul(w), reshape([2, 6, 2, 4]), permute([0, 2, 1, 3]))
    const { query, key: keys, value, output } = own.attention1
    const found = pipe(
      rotaryPositions(heads(query)),
      ops.attention(rotaryPositions(heads(keys)), heads(value)),
      permute([0, 2, 1, 3]),
      reshape([2, 6, 8]),
    )
    near(turning.apply(own, x), matmul(found, output))
    const row = normal(key(7), [1, 8])
    const rows = rotaryPositions(tensor(Array.from({ length: 9 }, () => flat(row)).flat(), [9, 8]))
    const products = toArray(pipe(rows, matmul(pipe(rows, permute([1, 0])))))
    expect(products[2]?.[5]).toBeCloseTo(products[5]?.[8] as number, 4)
    expect(products[2]?.[5]).not.toBeCloseTo(products[2]?.[6] as number, 2)
  })

  it('looks at no padding inside masked, whatever stands there', async () => {
    const table = tensor(
      Array.from({ length: 6 * 4 }, (_, i) => Math.round(100 * Math.cos(i * i)) / 100),
      [6, 4],
    )
    const layers = (n: 3 | 5) =>
      pipe(
        input([n as 5], 'i32'),
        masked(0, embedding(6, 4, 'tokens'), repeat(2, transformerEncoderBlock(2, { hidden: 8 })), attention(2, 'last')),
      )
    const long = layers(5)
    const start = compute(long.init(key(3)))
    const params = { masked1: { ...start.masked1, tokens: { weight: table } } }
    const found = toArray(long.apply(params, tensor([3, 1, 4, 0, 0, 0, 0, 2, 5, 1], [2, 5], 'i32')))
    const short = toArray(layers(3).apply(params, tensor([3, 1, 4, 2, 5, 1], [2, 3], 'i32') as never))
    found[0]?.slice(0, 3).forEach((row, t) => {
      row.forEach((v, i) => {
        expect(v).toBeCloseTo(short[0]?.[t]?.[i] as number, 5)
      })
    })
    found[1]?.slice(2).forEach((row, t) => {
      row.forEach((v, i) => {
        expect(v).toBeCloseTo(short[1]?.[t]?.[i] as number, 5)
      })
    })
    const nothing = pipe(input([3], 'i32'), masked(0, embedding(6, 4, 'tokens'), attention(2)))
    expect(flat(nothing.apply(nothing.init(key(0)), tensor([0, 0, 0], [1, 3], 'i32'))).every((v) => v === 0)).toBe(true)
    const grouped = pipe(input([5], 'i32'), masked(0, embedding(6, 8), attention(4, { keyValueHeads: 2, causal: true })))
    const ids = tensor([1, 2, 0, 4, 5], [1, 5], 'i32')
    const step = (state: Params<typeof grouped>, x: Tensor<[1, 5], 'i32'>) => [state, grouped.apply(state, x)] as const
    const program = rightOf(await compile(step, { state: grouped.init(key(1)), args: [spec([1, 5], 'i32')] })())
    near(program.step(ids), grouped.apply(grouped.init(key(1)), ids))
    // biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
    const js = masked as any
    refuses('attention: inside masked the steps are 3, got [4, 3]', () =>
      js(0, embedding(6, 4), block(rearrange('t f -> f t'), attention(1), rearrange('f t -> t f')))(input([3], 'i32')),
    )
  })

  it('stands in blocks, with names of sizes, and over several lengths', async () => {
    const words = sequential(
      input(['time'], 'i32'),
      embedding(10, 8),
      learnedPositions(5),
      residual(block(attention(2, { causal: true }), dense(8), relu)),
      dense(10),
    )
    const start = words.init(key(0))
    type P = Params<typeof words>
    const loss = (p: P, ids: Tensor<['batch', 'time'], 'i32'>, y: Tensor<['batch', 'time'], 'i32'>) =>
      pipe(words.apply(p, ids), softmaxCrossEntropy(y), mean())
    const step = (state: P, ids: Tensor<['batch', 'time'], 'i32'>, y: Tensor<['batch', 'time'], 'i32'>) =>
      [state, valueAndGrad(loss)(state, ids, y)] as const
    const args = [spec(['batch', 'time'], 'i32'), spec(['batch', 'time'], 'i32')] as const
    const program = rightOf(await compile(step, { state: start, args, bind: { batch: 3, time: 4 } })())
    const ids = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 1], [dim('batch', 3), dim('time', 4)], 'i32')
    const [value, gradients] = program.step(ids, ids)
    const [wanted, slopes] = valueAndGrad(loss)(start, ids, ids)
    near(value, wanted)
    near(gradients.residual1.attention1.query, slopes.residual1.attention1.query)
    near(gradients.learnedPositions1.weight, slopes.learnedPositions1.weight)
    expect(toArray(slopes.learnedPositions1.weight)[4]).toEqual(Array.from({ length: 8 }, () => 0))
  })

  it('says what is wrong from JavaScript as well', () => {
    // biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
    const js = { attention, learnedPositions } as unknown as Record<'attention' | 'learnedPositions', (...given: any[]) => any>
    const seq = (...shape: number[]) => input(shape as [number])
    refuses('attention: 8 heads do not divide the depth 60', () => js.attention(8)(seq(4, 60)))
    refuses('attention: expected [time, depth], got [60]', () => js.attention(8)(seq(60)))
    refuses('attention: expected [time, depth], got [2, 4, 64]', () => js.attention(8)(seq(2, 4, 64)))
    refuses('attention: the depth of [4, depth] must be a literal', () => js.attention(8)(input([4, dim('depth', 64)])))
    refuses('attention: heads must be a whole number, at least 1, got 0', () => js.attention(0))
    refuses('attention: heads must be a whole number, at least 1, got undefined', () => js.attention())
    refuses('attention: keyValueHeads must be a whole number, at least 1, got 2.5', () => js.attention(8, { keyValueHeads: 2.5 }))
    refuses('attention: 3 key-value heads do not divide 8 heads', () => js.attention(8, { keyValueHeads: 3 }))
    refuses('attention: rotary positions need an even depth a head, got 5', () => js.attention(2, { rotary: true })(seq(4, 10)))
    refuses('dropout: the rate must be at least 0 and below 1, got 1', () => js.attention(2, { dropout: 1 }))
    refuses("attention: there is no option 'casual'", () => js.attention(8, { casual: true }))
    refuses('attention: bias must be true or false', () => js.attention(8, { bias: 'yes' }))
    refuses('attention: causal must be true or false', () => js.attention(8, { causal: 1 }))
    refuses('attention: rotary must be true or false', () => js.attention(8, { rotary: 0 }))
    refuses('attention: weight must be an initializer', () => js.attention(8, { weight: 0 }))
    refuses('attention: this layer extends a model', () => js.attention(8)(zeros([4, 64])))
    refuses('learnedPositions: expected [time, depth], got [60]', () => js.learnedPositions(8)(seq(60)))
    refuses('learnedPositions: the sequence [9, 4] has more than 8 positions', () => js.learnedPositions(8)(seq(9, 4)))
    refuses("learnedPositions: the size is not a literal; write learnedPositions(dim('name', n))", () => js.learnedPositions('time'))
    refuses('learnedPositions: a size must be a whole number, got -1', () => js.learnedPositions(-1))
    const long = pipe(input(['time', 2]), learnedPositions(3))
    refuses('learnedPositions: the sequence [4, 2] has more than 3 positions', () =>
      long.apply(long.init(key(0)), zeros([1, dim('time', 4), 2]) as never),
    )
  })
})

describe('positions', () => {
  it('that are learned are rows of a table', () => {
    const model = pipe(input([2, 3]), learnedPositions(4, 'place'))
    const weight = tensor([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
      [10, 11, 12],
    ])
    expect(toArray(model.apply({ place: { weight } }, zeros([1, 2, 3])))).toEqual([
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ])
    const whole = pipe(input([dim('time', 4), 3]), learnedPositions(dim('time', 4)))
    expect(
      flat(
        pipe(
          whole.apply({ learnedPositions1: { weight: tensor(flat(weight), [dim('time', 4), 3]) } }, zeros([1, dim('time', 4), 3])),
          sum(),
        ),
      ),
    ).toEqual([78])
    expect([...toTypedArray(compute(model.init(key(0)).place.weight))].every((v) => Math.abs(v) < 0.1)).toBe(true)
  })

  it('that are learned are as many as the places at least, which binding a name may tell', async () => {
    const model = pipe(input(['time', 2]), learnedPositions(3))
    type P = Params<typeof model>
    const loss = (p: P, z: Tensor<['batch', 'time', 2]>) => pipe(model.apply(p, z), (y) => mul(y, y), sum())
    const step = (state: P, z: Tensor<['batch', 'time', 2]>) => [state, grad(loss)(state, z)] as const
    const state = compute(model.init(key(0)))
    const bound = (time: number | readonly number[]) =>
      compile(step, { state, args: [spec(['batch', 'time', 2])], bind: { batch: 2, time: time as number } })
    const message = 'learnedPositions: the sequence [4, 2] has more than 3 positions'
    expect(() => bound(4)).toThrow(new ShapeError(message))
    expect(() => bound([2, 4])).toThrow(message)
    const program = rightOf(await bound([2, 3])())
    const z = normal(key(1), [dim('batch', 2), dim('time', 3), 2])
    near(program.step(z).learnedPositions1.weight, grad(loss)(state, z).learnedPositions1.weight)
  })

  it('that are waves are sines and cosines', () => {
    const found = toArray(sinusoidalPositions(zeros([50, 6])))
    found.forEach((row, t) => {
      row.forEach((v, i) => {
        const angle = t / 10000 ** ((2 * Math.floor(i / 2)) / 6)
        expect(v).toBeCloseTo(i % 2 === 0 ? Math.sin(angle) : Math.cos(angle), 5)
      })
    })
    expect(pipe(input(['time', 6]), sinusoidalPositions).output).toEqual(['time', 6])
    refuses('sinusoidalPositions: the depth must be even, got 5 in [3, 5]', () => sinusoidalPositions(zeros([3, 5]) as never))
  })

  it('that are turns keep lengths, and are complex products', () => {
    const rows = normal(key(8), [2, 5, 4])
    const found = toArray(rotaryPositions(rows))
    toArray(rows).forEach((sequence, b) => {
      sequence.forEach(([a0 = 0, a1 = 0, b0 = 0, b1 = 0], t) => {
        const [s0, s1] = [t, t / 100]
        const wanted = [
          a0 * Math.cos(s0) - b0 * Math.sin(s0),
          a1 * Math.cos(s1) - b1 * Math.sin(s1),
          b0 * Math.cos(s0) + a0 * Math.sin(s0),
          b1 * Math.cos(s1) + a1 * Math.sin(s1),
        ]
        wanted.forEach((v, i) => {
          expect(found[b]?.[t]?.[i]).toBeCloseTo(v, 5)
        })
      })
    })
    refuses('rotaryPositions: expected [time, depth], got [4]', () => rotaryPositions(zeros([4]) as never))
    refuses('rotaryPositions: the depth of [3, depth] must be a literal', () => rotaryPositions(zeros([3, dim('depth', 4)]) as never))
  })
})
