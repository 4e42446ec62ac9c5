/** Law 2: every rule agrees with central differences in f64, on generated shapes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pullBack } from '../../src/autodiff/pull-back.ts'
import { vjps } from '../../src/autodiff/vjp.ts'
import * as x from '../../src/graph/expression.ts'
import { windowDims } from '../../src/graph/infer.ts'
import { make } from '../../src/graph/make.ts'
import type { Node } from '../../src/graph/node.ts'
import type { BinaryOp, Op, ReduceOp, UnaryOp, Windows } from '../../src/graph/op.ts'
import type { Dim } from '../../types/dim.ts'
import { compare, elements, numbers, type Point, spread } from './differences.ts'

interface Case {
  readonly f: (...xs: readonly Node[]) => Node
  readonly points: readonly Point[]
}
const shapes = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 })
const seeds = fc.integer({ min: 0, max: 1e6 })
const point = (shape: readonly number[], seed: number, domain: (v: number) => number = (v) => v): Point => ({
  shape,
  values: spread(elements(shape), seed).map(domain),
})
const positive = (v: number) => 0.2 + Math.abs(v) + (v > 0 ? 0.1 : 0)

const unary = (op: UnaryOp, domain?: (v: number) => number): fc.Arbitrary<Case> =>
  fc.tuple(shapes, seeds).map(([shape, seed]) => ({ f: (a) => x.unary(op, a as Node), points: [point(shape, seed, domain)] }))
const binary = (op: BinaryOp, left?: (v: number) => number, right?: (v: number) => number): fc.Arbitrary<Case> =>
  fc.tuple(shapes, seeds).map(([shape, seed]) => {
    // One spread over both, so that no two elements tie.
    const all = spread(2 * elements(shape), seed)
    const half = (from: number, domain: (v: number) => number = (v) => v) => ({
      shape,
      values: all.slice(from, from + elements(shape)).map(domain),
    })
    return { f: (a, b) => x.binary(op, a as Node, b as Node), points: [half(0, left), half(elements(shape), right)] }
  })
const reduction = (op: ReduceOp): fc.Arbitrary<Case> =>
  fc.tuple(shapes, seeds, fc.array(fc.boolean(), { minLength: 3, maxLength: 3 })).map(([shape, seed, chosen]) => {
    const axes = shape.map((_, i) => i).filter((i) => chosen[i])
    const solid = op === 'sum' ? shape : shape.map((d, i) => (axes.includes(i) ? Math.max(d, 1) : d))
    return { f: (a) => x.reduce(op, a as Node, axes), points: [point(solid, seed)] }
  })
const movement = (f: (shape: readonly number[], n: number) => (a: Node) => Node): fc.Arbitrary<Case> =>
  fc.tuple(shapes, seeds).map(([shape, seed]) => ({ f: f(shape, seed) as Case['f'], points: [point(shape, seed)] }))
const permuted = (rank: number, seed: number): readonly number[] => spread(rank, seed, 1).map((v) => v - 0.5 + Math.floor(rank / 2))

const contraction: fc.Arbitrary<Case> = fc
  .tuple(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }), fc.integer({ min: 0, max: 2 }), seeds, seeds, seeds)
  .map(([[k, l, m, n], batch, p, q, seed]) => {
    const lead = [2, 3].slice(0, batch)
    const [left, right] = [permuted(3, p), permuted(3, q)]
    // x has axes k, l, m and y has k, l, n, each in an order of its own; k and l are contracted.
    const shapeOf = (own: readonly (number | undefined)[], order: readonly number[]) => [...lead, ...order.map((i) => own[i] as number)]
    const places = (order: readonly number[]) => [0, 1].map((i) => batch + order.indexOf(i))
    return {
      f: (a, b) => x.dot(a as Node, b as Node, [places(left), places(right)], batch),
      points: [point(shapeOf([k, l, m], left), seed), point(shapeOf([k, l, n], right), seed + 1)],
    }
  })

/** Along the last two axes or fewer: overlapping or apart, over a border or not. */
const windowsAlong = (shape: readonly number[], n: number): Windows => {
  const axes = shape.map((_, i) => i).slice(-2)
  const each = (from: number, to: number, shift: number) => axes.map((_, i) => from + ((n >> (shift + 2 * i)) % (to - from + 1)))
  return { axes, size: each(1, 3, 0), stride: each(1, 2, 1), dilation: each(1, 2, 4), low: each(0, 2, 6), high: each(0, 1, 3) }
}
/** Indices along an axis, some of them twice, some before the first or after the last. */
const indexed = (
  make: (whole: readonly number[], indices: Node, axis: number) => { readonly f: Case['f']; readonly shape: readonly number[] },
): fc.Arbitrary<Case> =>
  fc
    .tuple(
      shapes.filter((s) => s.length > 0),
      shapes.filter((s) => s.length < 3),
      fc.array(fc.integer({ min: -2, max: 4 }), { minLength: 9, maxLength: 9 }),
      seeds,
    )
    .map(([whole, picked, all, seed]) => {
      const indices = x.data(Int32Array.from(all.slice(0, elements(picked))), picked, 'i32')
      const { f, shape } = make(whole, indices, seed % whole.length)
      return { f, points: [point(shape, seed)] }
    })

/** Null: no gradient goes through it. */
const cases: { readonly [O in Op]: fc.Arbitrary<Case> | null } = {
  constant: null,
  data: null,
  parameter: null,
  size: null,
  iota: null,
  random: null,
  and: null,
  or: null,
  xor: null,
  shiftLeft: null,
  shiftRight: null,
  equal: null,
  notEqual: null,
  less: null,
  lessEqual: null,
  greater: null,
  greaterEqual: null,
  argmax: null,
  stopGradient: null,
  scan: null, // the outputs of a loop have one gradient together: scan.test.ts
  sign: unary('sign'),
  floor: unary('floor', (v) => v + 0.05),
  neg: unary('neg'),
  abs: unary('abs'),
  reciprocal: unary('reciprocal', (v) => v + Math.sign(v) * 0.5),
  sqrt: unary('sqrt', positive),
  exp: unary('exp'),
  log: unary('log', positive),
  sin: unary('sin'),
  cos: unary('cos'),
  tanh: unary('tanh'),
  sigmoid: unary('sigmoid'),
  erf: unary('erf'),
  add: binary('add'),
  sub: binary('sub'),
  mul: binary('mul'),
  div: binary('div', undefined, (v) => v + Math.sign(v) * 0.5),
  pow: binary('pow', positive, (v) => v / 2),
  maximum: binary('maximum'),
  minimum: binary('minimum'),
  select: binary('add').map(({ points }) => ({
    f: (a, b) => x.select(x.greater(a as Node, 0.3), x.mul(a as Node, b as Node), b as Node),
    points,
  })),
  cast: movement(() => (a) => make('cast', [a], { dtype: 'f32' })),
  reshape: movement((shape) => (a) => x.reshape(a, [elements(shape), 1])),
  permute: movement((shape, n) => (a) => x.permute(a, permuted(shape.length, n))),
  broadcast: movement((shape, n) => (a) => {
    const ones = shape.map((d, i) => ((n >> i) & 1 ? 1 : d))
    return x.broadcastTo(
      x.reshape(
        x.sum(
          a,
          shape.map((_, i) => i).filter((i) => ones[i] !== shape[i]),
        ),
        ones,
      ),
      [2, ...shape],
    )
  }),
  slice: movement((shape, n) => (a) => {
    const start = shape.map((d, i) => (n >> i) % (d + 1))
    return x.slice(
      a,
      start,
      shape.map((d, i) => (d - (start[i] as number)) >> (n & 1)),
    )
  }),
  pad: movement(
    (shape, n) => (a) =>
      x.pad(
        a,
        shape.map((_, i) => (n >> i) % 3),
        shape.map((_, i) => (n >> (2 * i)) % 2),
      ),
  ),
  concat: fc
    .tuple(
      shapes.filter((s) => s.length > 0),
      seeds,
    )
    .map(([shape, seed]) => {
      const axis = seed % shape.length
      const longer = shape.map((d, i) => (i === axis ? d + 1 : d))
      return { f: (a, b) => x.concat([a, b, a] as readonly Node[], axis), points: [point(shape, seed), point(longer, seed + 1)] }
    }),
  window: movement((shape, n) => (a) => x.window(a, windowsAlong(shape, n))),
  windowTranspose: movement((shape, n) => {
    const windows = windowsAlong(shape, n)
    const places = windowDims(shape, windows)
    return (a) => x.windowTranspose(x.mul(x.broadcastTo(x.sum(a, x.allAxes(a)), places), x.full(places, 0.5)), windows, shape)
  }),
  sum: reduction('sum'),
  max: reduction('max'),
  min: reduction('min'),
  dot: contraction,
  gather: indexed((shape, indices, axis) => ({ f: (a) => x.gather(a as Node, indices, axis), shape })),
  scatterAdd: indexed((shape, indices, axis) => ({
    f: (a) => x.scatterAdd(a as Node, indices, shape, axis),
    shape: [...shape.slice(0, axis), ...(indices.shape as readonly number[]), ...shape.slice(axis + 1)],
  })),
}

describe('every rule agrees with central differences', () => {
  for (const [op, cased] of Object.entries(cases)) {
    if (cased === null) continue
    it(op, () => {
      fc.assert(
        fc.property(cased, ({ f, points }) => {
          const { found, measured, error } = compare(f, points)
          expect(error, JSON.stringify({ points, found, measured })).toBeLessThan(1e-7)
        }),
        { numRuns: 40 },
      )
    })
  }
})

const vector = (...values: readonly number[]): Node => x.data(Float32Array.from(values), [values.length], 'f32')
const gradient = (y: Node, source: Node, g: Node = x.full(y.shape, 1)): readonly number[] => {
  const [found] = pullBack(y, g, [source])
  return found === null || found === undefined ? [] : numbers(found)
}

describe('where nothing goes', () => {
  it('integers, comparisons and stopGradient', () => {
    const a = vector(1, 2, 3)
    const i = x.data(Int32Array.of(1, 2), [2], 'i32')
    const outputs = [
      x.stopGradient(a),
      x.cast(x.cast(a, 'i32'), 'f32'),
      x.cast(x.greater(a, 2), 'f32'),
      x.cast(x.argmax(a, 0), 'f32'),
      x.cast(x.add(i, 1), 'f32'),
    ]
    for (const y of outputs) expect(pullBack(y, x.full(y.shape, 1), [a, i])).toEqual([null, null])
    for (const [op, cased] of Object.entries(cases)) {
      if (cased === null) expect(vjps[op as Op]({ inputs: [a, a] } as never, a), op).toEqual([null, null])
    }
  })
})

describe('ties and edges', () => {
  it('gives a tie to the first operand, so that relu is flat at 0', () => {
    const a = vector(-1, 0, 2)
    expect(gradient(x.maximum(0, a), a)).toEqual([0, 0, 1])
    expect(gradient(x.maximum(a, 0), a)).toEqual([0, 1, 1])
    expect(gradient(x.minimum(0, a), a)).toEqual([1, 0, 0])
    expect(gradient(x.minimum(a, 0), a)).toEqual([1, 1, 0])
  })

  it('reads only the output of relu, tanh, sigmoid, exp, sqrt and reciprocal', () => {
    const a = vector(1, 2)
    for (const y of [x.maximum(0, a), x.tanh(a), x.sigmoid(a), x.exp(a), x.sqrt(a), x.reciprocal(a)]) {
      const [g] = pullBack(y, vector(1, 1), [a]) as readonly Node[]
      const seen = new Set<Node>()
      const walk = (n: Node): void => {
        seen.add(n)
        if (n !== y) n.inputs.forEach(walk)
      }
      walk(g as Node)
      expect([y.op, seen.has(a), seen.has(y)]).toEqual([y.op, false, true])
    }
  })

  it('gives the maximum over several axes to the first element that equals it', () => {
    const a = x.reshape(vector(1, 5, 5, 2, 5, 5, 5, 0), [2, 2, 2])
    expect(gradient(x.max(a, [0, 2]), a, vector(10, 20))).toEqual([0, 10, 20, 0, 0, 0, 0, 0])
    expect(gradient(x.max(a, [0, 1, 2]), a)).toEqual([0, 1, 0, 0, 0, 0, 0, 0])
    expect(gradient(x.reduce('min', a, [1]), a, x.reshape(vector(1, 2, 3, 4), [2, 2]))).toEqual([1, 0, 0, 2, 3, 0, 0, 4])
  })

  it('is finite for powers of 0 and of negative numbers', () => {
    const [base, exponent] = [vector(0, 0, 0, -2, -2, 0), vector(0, 1, 2, 3, 2, 0.5)]
    const y = x.pow(base, exponent)
    expect(gradient(y, base)).toEqual([0, 1, 0, 12, -4, Infinity])
    expect(gradient(y, exponent)).toEqual([0, 0, 0, 0, 0, 0])
    const square = x.pow(base, 2)
    const slope = pullBack(square, x.full([6], 1), [base])[0] as Node
    expect(gradient(slope, base)).toEqual([2, 2, 2, 2, 2, 2])
    const curve = pullBack(slope, x.full([6], 1), [base])[0] as Node
    expect(gradient(curve, base)).toEqual([0, 0, 0, 0, 0, 0])
  })
})

describe('contractions', () => {
  it('transpose nothing for a matrix product', () => {
    const [a, w] = [x.parameter('x', ['batch', 784], 'f32'), x.parameter('w', [784, 10], 'f32')]
    const g = x.parameter('g', ['batch', 10], 'f32')
    const [toX, toW] = pullBack(x.dot(a, w, [[1], [0]]), g, [a, w]) as readonly [Node, Node]
    expect(toX).toMatchObject({ op: 'dot', inputs: [g, w], attributes: { batch: 0, contract: [[1], [1]] }, shape: ['batch', 784] })
    expect(toW).toMatchObject({ op: 'dot', inputs: [a, g], attributes: { batch: 0, contract: [[0], [0]] }, shape: [784, 10] })
  })

  it('transpose nothing in a batch, nor over several leading axes', () => {
    const [q, k] = [x.parameter('q', ['batch', 4, 8], 'f32'), x.parameter('k', ['batch', 8, 5], 'f32')]
    const both = pullBack(x.dot(q, k, [[2], [1]], 1), x.parameter('g', ['batch', 4, 5], 'f32'), [q, k])
    const [a, w] = [x.parameter('x', ['batch', 'time', 8], 'f32'), x.parameter('w', [8, 3], 'f32')]
    const tall = pullBack(x.dot(a, w, [[2], [0]]), x.parameter('g', ['batch', 'time', 3], 'f32'), [a, w])
    expect([...both, ...tall].map((n) => [n?.op, n?.shape])).toEqual([
      ['dot', ['batch', 4, 8]],
      ['dot', ['batch', 8, 5]],
      ['dot', ['batch', 'time', 8]],
      ['dot', [8, 3]],
    ])
  })
})

describe('names of sizes', () => {
  it('pass through every movement and reduction, and keep what binds them', () => {
    const f = (a: Node, rows: Dim): Node => {
      const moved = x.concat([x.slice(x.pad(a, [0, 1], [0, 2]), [0, 1], [rows, 4]), x.permute(x.permute(a, [1, 0]), [1, 0])], 1)
      return x.add(x.max(x.mul(moved, x.mean(a, [0, 1])), [0, 1]), x.sum(a, [0]))
    }
    const values = Float32Array.of(1, 2, 3, 6, 5, 4)
    const named = x.data(values, ['batch', 3], 'f32', { batch: 2 })
    const literal = x.data(values, [2, 3], 'f32')
    const expected = gradient(f(literal, 2), literal)
    expect(expected.some((v) => v !== 0 && v !== 1)).toBe(true)
    expect(gradient(f(named, 'batch'), named)).toEqual(expected)
    expect(gradient(x.sum(named, [0, 1]), named)).toEqual([1, 1, 1, 1, 1, 1])
  })
})
