import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as ir from '../../src/graph/expression.ts'
import { graphOf } from '../../src/graph/graph.ts'
import { InternalError } from '../../src/graph/internal-error.ts'
import { interpret, type Value } from '../../src/graph/interpret.ts'
import { make } from '../../src/graph/make.ts'
import type { Node } from '../../src/graph/node.ts'
import { type BinaryOp, type BitOp, type CompareOp, compareOps, type UnaryOp, unaryOps } from '../../src/graph/op.ts'
import { threefryWords } from '../../src/graph/threefry.ts'
import type { DType } from '../../types/dim.ts'

const { argmax, binary, cast, concat, constant, data, dot, full, iota, pad } = ir
const { parameter, permute, random, reduce, reshape, select, size, slice, stopGradient, unary } = ir
const { NaN: nan, POSITIVE_INFINITY: infinity, NEGATIVE_INFINITY: minusInfinity } = Number
const evaluate = (node: Node): Value => interpret(graphOf([node], []), [])[0] as Value
const elements = (node: Node): readonly number[] => [...evaluate(node).values]

const f32 = (values: readonly number[], shape: readonly number[] = [values.length]) => data(Float32Array.from(values), shape, 'f32')
const i32 = (values: readonly number[], shape: readonly number[] = [values.length]) => data(Int32Array.from(values), shape, 'i32')
const bool = (values: readonly number[], shape: readonly number[] = [values.length]) => data(Uint8Array.from(values), shape, 'bool')
const makers = { f32, i32, bool }
/** 0, 1, 2, ... */
const counting = (shape: readonly number[], dtype: DType = 'f32') => {
  const length = shape.reduce((a, b) => a * b, 1)
  return makers[dtype](
    Array.from({ length }, (_, i) => (dtype === 'bool' ? i % 2 : i)),
    shape,
  )
}

describe('interpret, an element at a time', () => {
  it('evaluates every unary op', () => {
    const x = [-2.5, -0.5, 0, 0.5, 3]
    const expected: { readonly [O in UnaryOp]: (x: number) => number } = {
      neg: (v) => -v,
      abs: Math.abs,
      sign: Math.sign,
      floor: Math.floor,
      reciprocal: (v) => 1 / v,
      sqrt: Math.sqrt,
      exp: Math.exp,
      log: Math.log,
      sin: Math.sin,
      cos: Math.cos,
      tanh: Math.tanh,
      sigmoid: (v) => 1 / (1 + Math.exp(-v)),
      erf: (v) =>
        Math.sign(v) * (Math.abs(v) > 2.9 ? 0.9999779095030014 : Math.abs(v) > 2 ? 0.999593047982555 : v === 0 ? 0 : 0.5204998778130465),
    }
    for (const op of unaryOps) {
      const values = elements(unary(op, f32(x)))
      for (const [i, value] of values.entries()) {
        const wanted = expected[op](x[i] as number)
        if (Number.isFinite(wanted)) expect(value).toBeCloseTo(wanted, 12)
        else expect(value).toBe(wanted)
      }
    }
    expect(elements(unary('neg', i32([5, -2147483648])))).toEqual([-5, -2147483648])
    expect(elements(unary('abs', i32([-5, -2147483648])))).toEqual([5, -2147483648])
    expect(elements(unary('sign', i32([-5, 0, 7])))).toEqual([-1, 0, 1])
  })

  it('evaluates every binary op', () => {
    const cases: { readonly [O in BinaryOp]: readonly number[] } = {
      add: [9, 1, 0],
      sub: [5, -5, -4],
      mul: [14, -6, -4],
      div: [3.5, -2 / 3, -1],
      pow: [49, -8, 0.25],
      maximum: [7, 3, 2],
      minimum: [2, -2, -2],
    }
    for (const [op, expected] of Object.entries(cases) as [BinaryOp, readonly number[]][]) {
      expect(elements(binary(op, f32([7, -2, -2]), f32([2, 3, op === 'pow' ? -2 : 2])))).toEqual(expected)
    }
    expect(elements(binary('maximum', f32([nan, 1, -0]), f32([1, nan, 0])))).toEqual([nan, nan, 0])
    expect(elements(binary('minimum', f32([nan, 1, 0]), f32([1, nan, -0])))).toEqual([nan, nan, -0])
  })

  it('wraps in i32, and divides by zero without a trap', () => {
    const [most, least] = [2147483647, -2147483648]
    expect(elements(binary('add', i32([most]), i32([1])))).toEqual([least])
    expect(elements(binary('sub', i32([least]), i32([1])))).toEqual([most])
    expect(elements(binary('mul', i32([65537]), i32([65537])))).toEqual([131073])
    expect(elements(binary('div', i32([7, -7, 5, least]), i32([2, 2, 0, -1])))).toEqual([3, -3, 0, least])
    expect(elements(binary('maximum', i32([1, -4]), i32([2, -5])))).toEqual([2, -4])
  })

  it('evaluates every bit op', () => {
    const cases: { readonly [O in BitOp]: readonly number[] } = {
      and: [8, 1],
      or: [14, -1],
      xor: [6, -2],
      shiftLeft: [12 << 10, -2147483648],
      shiftRight: [0, 1],
    }
    for (const [op, expected] of Object.entries(cases) as [BitOp, readonly number[]][]) {
      expect(elements(binary(op, i32([12, -1]), i32([10, op.startsWith('shift') ? 31 : 1])))).toEqual(expected)
    }
    expect(elements(binary('and', bool([1, 1]), bool([1, 0])))).toEqual([1, 0])
    expect(elements(binary('shiftLeft', i32([1]), i32([33])))).toEqual([2])
  })

  it('compares, and NaN only differs', () => {
    const cases: { readonly [O in CompareOp]: readonly number[] } = {
      equal: [0, 1, 0, 0],
      notEqual: [1, 0, 1, 1],
      less: [1, 0, 0, 0],
      lessEqual: [1, 1, 0, 0],
      greater: [0, 0, 1, 0],
      greaterEqual: [0, 1, 1, 0],
    }
    for (const op of compareOps) expect(elements(binary(op, f32([1, 2, 3, nan]), f32([2, 2, 2, nan])))).toEqual(cases[op])
    expect(evaluate(binary('less', i32([1]), i32([2]))).dtype).toBe('bool')
  })

  it('selects and casts', () => {
    expect(elements(select(bool([1, 0]), f32([1, 2]), f32([nan, 4])))).toEqual([1, 4])
    expect(elements(cast(f32([1.9, -1.9, 3e9, -3e9, nan, infinity, -0]), 'i32'))).toEqual([
      1, -1, 2147483647, -2147483648, 0, 2147483647, 0,
    ])
    expect(elements(cast(f32([0, -0, 0.5, nan]), 'bool'))).toEqual([0, 0, 1, 1])
    expect(elements(cast(i32([0, 3]), 'bool'))).toEqual([0, 1])
    expect(elements(cast(bool([0, 1]), 'f32'))).toEqual([0, 1])
    expect(elements(stopGradient(f32([2])))).toEqual([2])
  })

  it('holds f32 in f64', () => {
    expect(elements(constant(0.1))).toEqual([0.1])
    expect(elements(binary('add', constant(1), constant(1e-12)))).toEqual([1 + 1e-12])
    expect(elements(f32([0.1]))).toEqual([Math.fround(0.1)])
  })
})

describe('interpret, elements that move', () => {
  it('creates', () => {
    expect(elements(iota([2, 3], 1))).toEqual([0, 1, 2, 0, 1, 2])
    expect(elements(iota([2, 3], 0))).toEqual([0, 0, 0, 1, 1, 1])
    expect(elements(iota([2, 0], 0))).toEqual([])
    expect(elements(size([3, 4]))).toEqual([12])
    expect(elements(full([2, 2], 7, 'i32'))).toEqual([7, 7, 7, 7])
    expect(elements(random(i32([3, 4]), [5]))).toEqual([...threefryWords([3, 4], 5)])
  })

  it('stretches, cuts, pads and joins', () => {
    const x = counting([2, 3])
    expect(elements(make('broadcast', [f32([1, 2], [2, 1])], { shape: [2, 2, 2] }))).toEqual([1, 1, 2, 2, 1, 1, 2, 2])
    expect(elements(make('broadcast', [f32([1, 2], [2, 1])], { shape: [2, 0] }))).toEqual([])
    expect(elements(slice(x, [1, 1], [1, 2]))).toEqual([4, 5])
    expect(elements(slice(x, [2, 0], [0, 3]))).toEqual([])
    expect(elements(pad(x, [0, 1], [1, 0]))).toEqual([0, 0, 1, 2, 0, 3, 4, 5, 0, 0, 0, 0])
    expect(elements(pad(counting([0, 2]), [1, 0], [0, 0]))).toEqual([0, 0])
    expect(elements(concat([x, f32([8, 9], [2, 1]), counting([2, 0])], 1))).toEqual([0, 1, 2, 8, 3, 4, 5, 9])
    expect(elements(reshape(x, [3, 2]))).toEqual([0, 1, 2, 3, 4, 5])
    expect(elements(permute(counting([2, 3, 2], 'i32'), [1, 2, 0]))).toEqual([0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11])
  })

  it('permutes back', () => {
    const permuted = fc.array(fc.nat(3), { maxLength: 4 }).chain((shape) =>
      fc.tuple(
        fc.constant(shape),
        fc.shuffledSubarray(
          shape.map((_, i) => i),
          { minLength: shape.length },
        ),
      ),
    )
    fc.assert(
      fc.property(permuted, ([shape, permutation]) => {
        const x = counting(shape)
        const there = make('permute', [x], { permutation })
        const back = make('permute', [there], { permutation: permutation.map((_, i) => permutation.indexOf(i)) })
        expect(evaluate(back)).toEqual(evaluate(x))
      }),
    )
  })
})

describe('interpret, many become one', () => {
  it('reduces', () => {
    const x = counting([2, 3, 2])
    expect(elements(reduce('sum', x, [0, 2]))).toEqual([14, 22, 30])
    expect(elements(reduce('max', x, [1]))).toEqual([4, 5, 10, 11])
    expect(elements(reduce('min', x, [0, 1, 2]))).toEqual([0])
    expect(elements(reduce('max', f32([1, nan, 2]), [0]))).toEqual([nan])
    expect(elements(reduce('sum', i32([2147483647, 1]), [0]))).toEqual([-2147483648])
    expect(elements(reduce('max', bool([0, 1, 0, 0], [2, 2]), [1]))).toEqual([1, 0])
    expect(elements(reduce('min', bool([1, 1, 1, 0], [2, 2]), [1]))).toEqual([1, 0])
  })

  it('reduces nothing', () => {
    expect(elements(reduce('sum', counting([2, 0]), [1]))).toEqual([0, 0])
    expect(elements(reduce('max', counting([2, 0]), [1]))).toEqual([minusInfinity, minusInfinity])
    expect(elements(reduce('min', counting([0]), [0]))).toEqual([infinity])
    expect(elements(reduce('max', counting([0], 'i32'), [0]))).toEqual([-2147483648])
    expect(elements(reduce('min', counting([0], 'i32'), [0]))).toEqual([2147483647])
    expect(elements(reduce('sum', counting([0, 2]), [1]))).toEqual([])
    expect(elements(argmax(counting([2, 0]), 1))).toEqual([0, 0])
  })

  it('finds the first maximum', () => {
    expect(elements(argmax(f32([1, 3, 3, 0, 0, 0], [2, 3]), 1))).toEqual([1, 0])
    expect(elements(argmax(f32([1, 3, 3, 0, 0, 5], [2, 3]), 0))).toEqual([0, 0, 1])
    expect(elements(argmax(f32([1, nan, nan]), 0))).toEqual([1])
    expect(elements(argmax(f32([minusInfinity, minusInfinity]), 0))).toEqual([0])
  })

  it('contracts by its index formula', () => {
    const sizes = fc.record({ b: fc.nat(2), m: fc.nat(3), n: fc.nat(3), k: fc.nat(3), l: fc.nat(2) })
    fc.assert(
      fc.property(sizes, fc.boolean(), ({ b, m, n, k, l }, whole) => {
        const dtype = whole ? 'i32' : 'f32'
        const [x, y] = [counting([b, l, m, k], dtype), counting([b, k, n, l], dtype)]
        const value = evaluate(
          dot(
            x,
            y,
            [
              [3, 1],
              [1, 3],
            ],
            1,
          ),
        )
        const expected: number[] = []
        for (let i = 0; i < b * m * n; i++) {
          const [ib, im, i_n] = [Math.floor(i / (m * n)), Math.floor(i / n) % m, i % n]
          let sum = 0
          for (let ik = 0; ik < k; ik++)
            for (let il = 0; il < l; il++) sum += (((ib * l + il) * m + im) * k + ik) * (((ib * k + ik) * n + i_n) * l + il)
          expected.push(sum)
        }
        expect(value.shape).toEqual([b, m, n])
        expect([...value.values]).toEqual(expected)
      }),
    )
    expect(elements(dot(f32([1, 2]), f32([3, 4, 5]), [[], []]))).toEqual([3, 4, 5, 6, 8, 10])
  })
})

describe('interpret, a graph', () => {
  it('takes values for its inputs, unrounded', () => {
    const x = parameter('x', [2], 'f32')
    const graph = graphOf([binary('mul', x, x), x], [x])
    const value: Value = { dtype: 'f32', shape: [2], values: Float64Array.of(0.1, 3) }
    expect(interpret(graph, [value]).map(({ values }) => [...values])).toEqual([
      [0.1 * 0.1, 9],
      [0.1, 3],
    ])
    expect(() => interpret(graph, [])).toThrow(new InternalError('an input is f32 [2], its value nothing', 'parameter -> interpret'))
    expect(() => interpret(graph, [{ ...value, shape: [1, 2] }])).toThrow('an input is f32 [2], its value f32 [1,2]')
    expect(() => interpret(graphOf([x], []), [])).toThrow("parameter 'x' is no input of the graph")
  })

  it('goes deeper than any stack', () => {
    let node = f32([1])
    for (let i = 0; i < 20_000; i++) node = binary('add', node, 1)
    expect(elements(node)).toEqual([20_001])
  })

  it('refuses ops on dtypes that they are not defined on', () => {
    expect(() => elements(unary('exp', i32([1])))).toThrow('exp is not defined on i32 (exp -> interpret)')
    expect(() => elements(binary('add', bool([1]), bool([1])))).toThrow('add is not defined on bool')
    expect(() => elements(reduce('sum', bool([1]), [0]))).toThrow('sum is not defined on bool')
    expect(() => elements(iota(['batch'], 0))).toThrow("the size of 'batch' is not bound")
  })
})
