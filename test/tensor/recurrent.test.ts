/** Recurrent layers of tensors: values against loops over numbers, gradients against differences, states, lengths, names, sentences. */
import { concat, dim, key, normal, ones, pipe, slice, tensor, toArray, zeros } from 'shapewright'
import * as ops from 'shapewright/ops'
import { describe, expect, it } from 'vitest'
import type { Node } from '../../src/graph/node.ts'
import { cells, maskOf, type Run, recurred, type Weights } from '../../src/tensor/cells.ts'
import { compare, elements, literal, numbers, type Point, spread } from '../autodiff/differences.ts'
import { refuses } from '../model/helpers.ts'
import { type Loop, type Looped, loop } from './recurrence.ts'

type Op = Loop['op']
const kinds: readonly Op[] = ['rnn', 'gru', 'lstm']
const gates = { rnn: 1, gru: 3, lstm: 4 } as const

const point = (shape: readonly number[], seed: number): Point => ({ shape, values: spread(elements(shape), seed, 2.4 / elements(shape)) })
const rowsOf = ({ shape: [rows = 0, columns = 0], values }: Point): number[][] =>
  Array.from({ length: rows }, (_, i) => [...values.slice(i * columns, (i + 1) * columns)])
/** Everything that a layer takes, as points. */
const pointsOf = (op: Op, [batch, time, features, hidden]: readonly [number, number, number, number]) => {
  const wide = gates[op] * hidden
  const weights = {
    inputWeight: point([features, wide], 1),
    recurrentWeight: point([hidden, wide], 2),
    bias: point([wide], 3),
    ...(op === 'gru' ? { recurrentBias: point([hidden], 4) } : {}),
  }
  return { x: point([batch, time, features], 5), weights, hidden: point([batch, hidden], 6), cell: point([batch, hidden], 7) }
}
type Points = ReturnType<typeof pointsOf>
const expected = (op: Op, { x, weights }: Points, more: Partial<Loop>): Looped => {
  const [batch = 0, time = 0, features = 0] = x.shape
  const samples = Array.from({ length: batch }, (_, b) =>
    rowsOf({ shape: [time, features], values: x.values.slice(b * time * features, (b + 1) * time * features) }),
  )
  const { inputWeight, recurrentWeight, bias, recurrentBias } = weights
  const own = { inputWeight: rowsOf(inputWeight), recurrentWeight: rowsOf(recurrentWeight), bias: bias.values }
  return loop({ op, x: samples, ...own, ...(recurrentBias === undefined ? {} : { recurrentBias: recurrentBias.values }), ...more })
}
const literals = (weights: Points['weights']): Weights =>
  Object.fromEntries(Object.entries(weights).map(([name, each]) => [name, literal(each)])) as unknown as Weights
const run: Run = { reverse: false, activation: 'tanh', initial: null, mask: null }
const near = (found: readonly number[], wanted: readonly number[]): void => {
  expect(found.length).toBe(wanted.length)
  found.forEach((x, i) => {
    expect(Math.abs(x - (wanted[i] as number))).toBeLessThan(1e-6)
  })
}
const agrees = (op: Op, points: Points, more: Partial<Loop>, how: Partial<Run>): void => {
  const { all, state } = recurred(op, literals(points.weights), literal(points.x), { ...run, ...how })
  const wanted = expected(op, points, more)
  near(numbers(all), wanted.all.flat(2))
  near(numbers(state[0] as never), wanted.hidden.flat())
  if (op === 'lstm') near(numbers(state[1] as never), wanted.cell.flat())
}

describe.each(kinds)('%s', (op) => {
  const points = pointsOf(op, [3, 5, 2, 4])
  const { hidden, cell } = points
  const initial = (op === 'lstm' ? [hidden, cell] : [hidden]).map(literal)
  const state = { hidden: rowsOf(hidden), cell: rowsOf(cell) }
  const lengths = [3, 0, 5]
  const counts = lengths.map((n) => [0, 1, 2, 3, 4].map((t) => t < n))
  const mask = maskOf(tensor(lengths, 'i32') as never, 5, {})

  it('is a loop over its steps', () => {
    agrees(op, points, {}, {})
  })
  it('goes on from a state', () => {
    agrees(op, points, state, { initial })
  })
  it('walks from the last step to the first, and its rows stay in their order', () => {
    agrees(op, points, { ...state, reverse: true }, { initial, reverse: true })
  })
  it('passes over the steps beyond a length, from both sides', () => {
    agrees(op, points, { ...state, counts }, { initial, mask })
    agrees(op, points, { ...state, counts, reverse: true }, { initial, mask, reverse: true })
  })
  it.each([
    [1, 1, 1, 1],
    [2, 1, 3, 2],
    [1, 9, 1, 3],
    [2, 0, 3, 2],
    [0, 3, 2, 2],
    [2, 3, 0, 2],
    [2, 3, 2, 0],
  ] as const)('of [%i, %i, %i] -> %i', (...sizes) => {
    agrees(op, pointsOf(op, sizes), {}, {})
  })

  it('has the gradient that differences measure, of all steps and of the state', () => {
    const small = pointsOf(op, [2, 3, 2, 2])
    const all = [small.x, ...Object.values(small.weights), small.hidden, ...(op === 'lstm' ? [small.cell] : [])]
    const names = Object.keys(small.weights)
    const before = cells[op].carries.length
    for (const how of [{}, { reverse: true }, { mask: maskOf(tensor([2, 0], 'i32') as never, 3, {}) }])
      for (const part of ['all', 'state'] as const) {
        const f = (...xs: readonly Node[]): Node => {
          const own = Object.fromEntries(names.map((name, i) => [name, xs[1 + i]])) as unknown as Weights
          const found = recurred(op, own, xs[0] as Node, { ...run, ...how, initial: xs.slice(-before) })
          return part === 'all' ? found.all : (found.state.at(-1) as Node)
        }
        expect(compare(f, all).error).toBeLessThan(1e-6)
      }
  })
})

describe('the operations', () => {
  const weights = { inputWeight: normal(key(0), [2, 12]), recurrentWeight: normal(key(1), [3, 12]), bias: normal(key(2), [12]) }
  const x = normal(key(3), [2, 5, 2])

  it('give all steps and the state after the last, from which the next part goes on', () => {
    const [all, last] = ops.lstm(weights)(x)
    expect([all.shape, last.hidden.shape, last.cell.shape]).toEqual([
      [2, 5, 3],
      [2, 3],
      [2, 3],
    ])
    const [first, middle] = pipe(x, slice([0, 0, 0], [2, 2, 2]), ops.lstm(weights))
    const [second, end] = pipe(x, slice([0, 2, 0], [2, 5, 2]), ops.lstm(weights, { initial: middle }))
    expect(toArray(concat([first, second], 1))).toEqual(toArray(all))
    expect(toArray(end.cell)).toEqual(toArray(last.cell))
  })
  it('take lengths, beyond which there are zeros', () => {
    const gru = { inputWeight: normal(key(0), [2, 9]), recurrentWeight: normal(key(1), [3, 9]), bias: zeros([9]), recurrentBias: ones([3]) }
    const [all, last] = ops.gru(gru, { lengths: tensor([2, 9], 'i32') })(x)
    const rows = toArray(all)
    expect(rows[0]?.slice(2)).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ])
    expect(toArray(last)).toEqual([rows[0]?.[1], rows[1]?.[4]])
  })
  it('have the activation that is asked for, and take options that are undefined', () => {
    const one = { inputWeight: ones([1, 1]), recurrentWeight: ones([1, 1]), bias: tensor([-2]) }
    const [all] = ops.rnn(one, { activation: 'relu', initial: undefined, lengths: undefined, reverse: undefined })(
      tensor([[[1], [4], [3]]]),
    )
    expect(toArray(all)).toEqual([[[0], [2], [3]]])
  })
  it('keep the names of sizes', () => {
    const [batch, time] = [dim('batch', 2), dim('time', 5)]
    const [all, last] = ops.lstm(weights)(normal(key(3), [batch, time, 2]))
    expect([all.shape, last.cell.shape]).toEqual([
      ['batch', 'time', 3],
      ['batch', 3],
    ])
    expect(toArray(all)).toEqual(toArray(ops.lstm(weights)(x)[0]))
  })
  it('say what is wrong from JavaScript as well', () => {
    // biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
    const js = ops as unknown as Record<Op, (...given: any[]) => (x: unknown) => unknown>
    refuses('lstm: expected recurrentWeight [hidden, 4*hidden], got no tensor', () => js.lstm())
    refuses('lstm: expected recurrentWeight [hidden, 4*hidden], got no tensor', () => js.lstm({ ...weights, recurrentWeight: [[1]] }))
    refuses('gru: expected recurrentWeight [3, 9], got [3, 12]', () => js.gru(weights))
    refuses('rnn: expected recurrentWeight [3, 3], got [3, 12]', () => js.rnn(weights))
    refuses('lstm: expected inputWeight [2, 12], got i32 [2, 12]', () => js.lstm({ ...weights, inputWeight: zeros([2, 12], 'i32') }))
    refuses('lstm: expected bias [12], got [3]', () => js.lstm({ ...weights, bias: zeros([3]) }))
    refuses('lstm: expected one record of options, as { reverse: true }', () => js.lstm(weights, true))
    refuses('lstm: expected one record of options, as { reverse: true }', () => js.lstm(weights, {}, {}))
    refuses("lstm: there is no option 'activation'", () => js.lstm(weights, { activation: 'relu' }))
    refuses('lstm: reverse must be true or false', () => js.lstm(weights, { reverse: 1 }))
    refuses('lstm: initial must be the state before the first step', () => js.lstm(weights, { initial: 0 }))
    refuses('lstm: expected initial.hidden [2, 3], got no tensor', () => js.lstm(weights, { initial: {} })(x))
    refuses('lstm: expected initial.cell [2, 3], got [3]', () =>
      js.lstm(weights, { initial: { hidden: zeros([2, 3]), cell: zeros([3]) } })(x),
    )
    refuses('lstm: expected lengths i32 [2], got i32 [3]', () => js.lstm(weights, { lengths: zeros([3], 'i32') })(x))
    refuses('lstm: expected 2 features, got 3', () => js.lstm(weights)(zeros([2, 5, 3])))
    refuses('lstm: expected [batch, time, features], got [5, 2]', () => js.lstm(weights)(zeros([5, 2])))
    refuses('lstm: expected f32, got i32', () => js.lstm(weights)(zeros([2, 5, 2], 'i32')))
    refuses('lstm: expected a tensor, got 3', () => js.lstm(weights)(3))
  })
})
