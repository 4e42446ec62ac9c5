/** Recurrent layers: what they give, how their parameters start, both directions, padding, summaries, sentences. */
import {
  add,
  bidirectional,
  block,
  compute,
  concat,
  conv1d,
  dense,
  dim,
  embedding,
  gru,
  initializers,
  input,
  key,
  lstm,
  masked,
  named,
  normal,
  pipe,
  rearrange,
  relu,
  residual,
  rnn,
  slice,
  summary,
  type Tensor,
  tensor,
  toArray,
  toTypedArray,
  zeros,
} from 'shapewright'
import * as ops from 'shapewright/ops'
import { describe, expect, it } from 'vitest'
import { refuses } from './helpers.ts'

const x = normal(key(1), [3, 5, 2])
const flat = (tree: Tensor<never>): number[] => [...toTypedArray(compute(tree))]

describe('a recurrent layer', () => {
  it('is the operation of its name, with parameters of its own', () => {
    const model = pipe(input([5, 2]), lstm(4), gru(3, { returns: 'last', reverse: true }), dense(1))
    const params = model.init(key(0))
    const [first] = ops.lstm(params.lstm1)(x)
    const [, last] = ops.gru(params.gru1, { reverse: true })(first)
    expect(model.output).toEqual([1])
    const head = pipe(input([3]), dense(1))
    expect(toArray(model.apply(params, x))).toEqual(toArray(head.apply({ dense1: params.dense1 }, last)))
  })
  it('has the activation that is asked for', () => {
    const model = pipe(input([5, 2]), rnn(4, { activation: 'relu', name: 'memory' }))
    const params = model.init(key(0))
    expect(toArray(model.apply(params, x))).toEqual(toArray(ops.rnn(params.memory, { activation: 'relu' })(x)[0]))
  })
  it('gives the same with sizes that are bound as with literal ones', () => {
    const literal = pipe(input([5, 2]), gru(4, 'a'), bidirectional(lstm(3, { returns: 'last' }), 'b'))
    const bound = pipe(
      input([dim('time', 5), dim('features', 2)]),
      gru(dim('memory', 4), 'a'),
      bidirectional(lstm(dim('units', 3), { returns: 'last' }), 'b'),
    )
    expect(bound.output).toEqual(['2*units'])
    const rows = normal(key(1), [3, dim('time', 5), dim('features', 2)])
    expect(toArray(bound.apply(bound.init(key(2)), rows))).toEqual(toArray(literal.apply(literal.init(key(2)), x)))
    expect(summary(bound).total).toBe(summary(literal).total)
  })
  it('starts with orthogonal gates, no bias, and a memory that keeps', () => {
    const { lstm1 } = pipe(input([5, 2]), lstm(4)).init(key(0))
    expect(flat(lstm1.bias as never)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    const weight = toArray(lstm1.recurrentWeight)
    for (const gate of [0, 1, 2, 3]) {
      const columns = [0, 1, 2, 3].map((i) => weight.map((row) => row[gate * 4 + i] as number))
      for (const [i, a] of columns.entries())
        for (const [j, b] of columns.entries())
          expect(a.reduce((sum, v, k) => sum + v * (b[k] as number), 0)).toBeCloseTo(i === j ? 1 : 0, 6)
    }
    const limit = Math.sqrt(6 / (2 + 4))
    const drawn = flat(lstm1.inputWeight as never)
    expect(new Set(drawn).size).toBe(32)
    expect(Math.max(...drawn.map(Math.abs))).toBeLessThanOrEqual(limit)
  })
  it('starts as it is told', () => {
    const options = { inputWeight: initializers.ones, recurrentWeight: initializers.zeros, bias: initializers.constant(0.5) }
    const own = pipe(
      input([5, 2]),
      lstm(1, { ...options, forgetBias: 2 }),
      gru(2, { ...options, recurrentBias: initializers.ones }),
      rnn(1, options),
    )
    const { lstm1, gru1, rnn1 } = own.init(key(0))
    expect(flat(lstm1.bias as never)).toEqual([0.5, 2.5, 0.5, 0.5])
    expect(flat(gru1.recurrentBias as never)).toEqual([1, 1])
    expect(flat(rnn1.inputWeight as never)).toEqual([1, 1])
    expect(flat(gru1.recurrentWeight as never)).toEqual(new Array(12).fill(0))
    const none = pipe(input([5, 2]), lstm(1, { forgetBias: 0 })).init(key(0))
    expect(flat(none.lstm1.bias as never)).toEqual([0, 0, 0, 0])
  })
  it('says what is wrong from JavaScript as well', () => {
    // biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
    const js = { input, lstm, gru, rnn, bidirectional, masked, dense } as unknown as Record<string, (...given: any[]) => any>
    const rows = input([5, 2])
    refuses('lstm: expected [time, features], got [5]', () => js.lstm?.(3)(input([5])))
    refuses('lstm: a size must be a whole number, got undefined', () => js.lstm?.())
    refuses("gru: the size is not a literal; write gru(dim('name', n))", () => js.gru?.('memory'))
    refuses("rnn: there is no option 'units'", () => js.rnn?.(3, { units: 3 }))
    refuses('rnn: the name is not a literal', () => js.rnn?.(3, { name: 3 }))
    refuses("rnn: activation must be 'tanh' or 'relu'", () => js.rnn?.(3, { activation: 'sigmoid' }))
    refuses("lstm: returns must be 'all' or 'last'", () => js.lstm?.(3, { returns: null }))
    refuses('lstm: forgetBias must be a finite number', () => js.lstm?.(3, { forgetBias: Number.NaN }))
    refuses('lstm: recurrentWeight must be an initializer', () => js.lstm?.(3, { recurrentWeight: zeros([3, 12]) }))
    refuses('lstm: this layer extends a model', () => js.lstm?.(3)(x))
    refuses('bidirectional: expected a layer, got lstm', () => js.bidirectional?.('lstm'))
    refuses('bidirectional: expected rnn, gru or lstm, got dense', () => js.bidirectional?.(dense(3)))
    refuses("bidirectional: merge must be 'concat' or 'sum'", () => js.bidirectional?.(rnn(3), { merge: 'mul' }))
    refuses('masked: expected at least one layer', () => js.masked?.(0))
    refuses('masked: the padding must be a finite number, got undefined', () => js.masked?.(undefined, rnn(3)))
    refuses('masked: expected a layer, got 3', () => js.masked?.(0, 3))
    refuses('masked: conv1d maps [5, 2] to [3, 4]; what is masked must keep its steps', () =>
      js.masked?.(0, conv1d({ filters: 4, kernel: 3 }), rnn(2))(rows),
    )
    refuses('masked: expected i32 [time] or [time, features], got [5]', () => js.masked?.(0, rnn(2))(input([5])))
  })
})

describe('bidirectional', () => {
  const steps = pipe(input([5, 2]), bidirectional(gru(3)))
  it('puts what both directions give side by side, or adds it', () => {
    const params = steps.init(key(0))
    const { forward, backward } = params.bidirectional1
    expect(flat(forward.inputWeight as never)).not.toEqual(flat(backward.inputWeight as never))
    const [there] = ops.gru(forward)(x)
    const [back] = ops.gru(backward, { reverse: true })(x)
    expect(toArray(steps.apply(params, x))).toEqual(toArray(concat([there, back], 2)))
    const summed = pipe(input([5, 2]), bidirectional(gru(3), { merge: 'sum' }))
    expect(toArray(summed.apply(params, x))).toEqual(toArray(add(there, back)))
  })
  it('returns the last step of each direction', () => {
    const ends = pipe(input([5, 2]), bidirectional(gru(3, { returns: 'last' })))
    const params = ends.init(key(0))
    const rows = toArray(steps.apply(params, x))
    expect(toArray(ends.apply(params, x))).toEqual(rows.map((row) => [...(row[4]?.slice(0, 3) ?? []), ...(row[0]?.slice(3) ?? [])]))
  })
  it('turns round what was made to go backward', () => {
    const turned = pipe(input([5, 2]), bidirectional(lstm(3, { reverse: true })))
    const params = turned.init(key(0))
    const { forward, backward } = params.bidirectional1
    const [there] = ops.lstm(forward, { reverse: true })(x)
    const [back] = ops.lstm(backward)(x)
    expect(toArray(turned.apply(params, x))).toEqual(toArray(concat([there, back], 2)))
  })
})

describe('masked', () => {
  const inner = block(embedding(9, 4), bidirectional(lstm(3), 'both'))
  const model = pipe(input([6], 'i32'), masked(0, inner, gru(2, { returns: 'last' })))
  const params = model.init(key(4))
  const short = pipe(input(['time'], 'i32'), inner, gru(2, { returns: 'last' }))
  const alone = (tokens: number[]) =>
    toArray(
      short.apply({ block1: params.masked1.block1, gru1: params.masked1.gru1 }, tensor(tokens, [1, dim('time', tokens.length)], 'i32')),
    )[0]

  it('gives for what is padded what the sequence alone gives, wherever the padding stands', () => {
    const given = [
      [1, 2, 3, 4, 5, 6],
      [7, 8, 0, 0, 0, 0],
      [0, 0, 3, 0, 1, 2],
    ]
    const found = toArray(model.apply(params, tensor(given.flat(), [3, 6], 'i32')))
    for (const [i, tokens] of given.entries())
      found[i]?.forEach((v, j) => {
        expect(v).toBeCloseTo(alone(tokens.filter((token) => token !== 0))?.[j] as number, 6)
      })
    expect(toArray(model.apply(params, zeros([2, 6], 'i32')))).toEqual([
      [0, 0],
      [0, 0],
    ])
  })
  it('gives zeros for padding where all steps are returned', () => {
    const tagger = pipe(input([4], 'i32'), masked(0, embedding(9, 4), lstm(2)))
    const rows = toArray(tagger.apply(tagger.init(key(0)), tensor([[5, 0, 3, 0]], 'i32')))[0]
    expect(rows?.map((row) => row.every((v) => v === 0))).toEqual([false, true, false, true])
  })
  it('takes a row for padding when all of its features are', () => {
    const measured = pipe(input([3, 2]), masked(-1, gru(2, { returns: 'last' })))
    const own = measured.init(key(0))
    const rows = tensor([
      [
        [1, 2],
        [-1, 3],
        [-1, -1],
      ],
    ])
    const [, last] = pipe(rows, slice([0, 0, 0], [1, 2, 2]), ops.gru(own.masked1.gru1))
    expect(toArray(measured.apply(own, rows))).toEqual(toArray(last))
  })
  it('masks no more than it holds, and the inner one of two has the word', () => {
    const outside = pipe(input([3, 2]), masked(0, dense(2)), rnn(2))
    const own = outside.init(key(0))
    const rows = zeros([1, 3, 2])
    const plain = pipe(input([3, 2]), dense(2), rnn(2))
    expect(toArray(outside.apply(own, rows))).toEqual(toArray(plain.apply({ dense1: own.masked1.dense1, rnn1: own.rnn1 }, rows)))
    const nested = pipe(input([3, 2]), masked(5, relu, residual(masked(0, gru(2)))))
    expect(toArray(nested.apply(nested.init(key(0)), rows))).toEqual(toArray(rows))
  })
  it('shows what it holds', () => {
    const lines = String(summary(pipe(model, dense(1)))).split('\n')
    expect(lines).toEqual([
      'layer              name                       output  parameters',
      'input                                         [6]              0',
      'masked             masked1                    [2]              0',
      '  block            masked1.block1             [6, 6]           0',
      '    embedding      masked1.block1.embedding1  [6, 4]          36',
      '    bidirectional  masked1.block1.both        [6, 6]         192',
      '  gru              masked1.gru1               [2]             56',
      'dense              dense1                     [1]              3',
      'total                                                        287',
    ])
  })
  it('refuses steps that were turned', () => {
    const turned = rearrange('t f -> f t')
    // biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
    const js = masked as (...given: any[]) => any
    refuses('lstm: inside masked the steps are 5, got [2, 5]', () => js(0, block(turned, lstm(5), turned))(input([5, 2])))
    refuses('residual: inside masked the steps are 5, got [2, 5]', () =>
      js(0, named('a')(block(turned, residual(rnn(5)), turned)))(input([5, 2])),
    )
  })
})
