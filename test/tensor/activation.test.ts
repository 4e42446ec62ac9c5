/** Elementwise operations: their values, their gradients, and neither NaN nor infinity at the extremes. */
import * as E from 'fp-ts/lib/Either.js'
import {
  abs,
  add,
  compile,
  cos,
  elu,
  erf,
  exp,
  floor,
  gelu,
  geluTanh,
  grad,
  leakyRelu,
  log,
  mul,
  neg,
  pipe,
  reciprocal,
  relu,
  rsqrt,
  sigmoid,
  sign,
  silu,
  sin,
  softplus,
  spec,
  sqrt,
  sum,
  type Tensor,
  tanh,
  tensor,
  toArray,
} from 'shapewright'
import { describe, expect, it } from 'vitest'

type Unary = (x: Tensor<[6]>) => Tensor<[6]>
const given = [-2.5, -1.1, -0.1, 0.3, 1.2, 2.5] as const
const positive = [0.1, 0.5, 1, 2, 3.5, 9] as const
const sigma = (x: number) => 1 / (1 + Math.exp(-x))
/** Abramowitz and Stegun 7.1.26 would do for 1e-7; a series is exact enough here. */
const erfOf = (x: number): number => {
  let [term, total] = [x, x]
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n
    total += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * total
}

const operations: readonly (readonly [string, Unary, (x: number) => number, readonly number[]])[] = [
  ['neg', neg, (x) => -x, given],
  ['abs', abs, Math.abs, given],
  ['sign', sign, Math.sign, given],
  ['floor', floor, Math.floor, given],
  ['exp', exp, Math.exp, given],
  ['log', log, Math.log, positive],
  ['sqrt', sqrt, Math.sqrt, positive],
  ['rsqrt', rsqrt, (x) => 1 / Math.sqrt(x), positive],
  ['reciprocal', reciprocal, (x) => 1 / x, given],
  ['sin', sin, Math.sin, given],
  ['cos', cos, Math.cos, given],
  ['tanh', tanh, Math.tanh, given],
  ['sigmoid', sigmoid, sigma, given],
  ['erf', erf, erfOf, given],
  ['relu', relu, (x) => Math.max(0, x), given],
  ['leakyRelu', leakyRelu(0.1), (x) => (x > 0 ? x : 0.1 * x), given],
  ['elu', elu(1.5), (x) => (x > 0 ? x : 1.5 * (Math.exp(x) - 1)), given],
  ['gelu', gelu, (x) => (x / 2) * (1 + erfOf(x / Math.SQRT2)), given],
  ['geluTanh', geluTanh, (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))), given],
  ['silu', silu, (x) => x * sigma(x), given],
  ['softplus', softplus, (x) => Math.log1p(Math.exp(x)), given],
]
const six = (values: readonly number[]) => tensor(values, [6])
const gradient = (f: Unary) => grad((x: Tensor<[6]>) => pipe(f(x), sum()))

describe.each(operations)('%s', (_, f, formula, at) => {
  it('has the values of its formula', () =>
    toArray(f(six(at))).forEach((value, i) => {
      expect(value).toBeCloseTo(formula(at[i] as number), 6)
    }))

  it('has the slope of its formula', () =>
    toArray(gradient(f)(six(at))).forEach((value, i) => {
      const x = at[i] as number
      expect(value).toBeCloseTo((formula(x + 1e-6) - formula(x - 1e-6)) / 2e-6, 4)
    }))
})

describe('at the extremes', () => {
  const far = [-1e30, -200, -0, 0, 200, 1e30] as const
  const bounded = [neg, abs, sign, floor, sin, cos, tanh, sigmoid, erf, relu, leakyRelu(), elu(), gelu, geluTanh, silu, softplus] as const
  it.each(bounded.map((f) => [f(six(far)).op, f] as const))('%s stays finite, and so does its gradient', (_, f) => {
    expect(toArray(f(six(far))).every(Number.isFinite)).toBe(true)
    expect(toArray(gradient(f)(six(far))).every(Number.isFinite)).toBe(true)
  })

  it.each(bounded.map((f) => [f(six(far)).op, f] as const))('%s has a finite gradient where squares overflow', (_, f) => {
    // The evaluator holds f64: 1e200 is there what 1e30 is to a program.
    const beyond = [1e38, 1e38, 1e38, 1e38, 1e38, 1e10].reduce<Tensor<[6]>>((x, by) => mul(x, by), six([-1, 1, -1, 1, -0.5, 0.5]))
    expect(toArray(gradient(f)(beyond)).every(Number.isFinite)).toBe(true)
  })

  it('slopes at 0 are those of the field', () => {
    const zeros = six([0, 0, 0, 0, 0, 0])
    const slope = (f: Unary) => toArray(gradient(f)(zeros))[0]
    expect([relu, leakyRelu(0.25), elu(2), gelu, silu, softplus, abs].map(slope)).toEqual([0, 0.25, 2, 0.5, 0.5, 0.5, 0])
  })

  it('gradients of gradients stay finite', () => {
    const second = (f: Unary) => grad((x: Tensor<[6]>) => pipe(gradient(f)(x), sum()))
    for (const f of [softplus, gelu, geluTanh, silu, sigmoid, tanh, elu()])
      expect(toArray(second(f)(six(far))).every(Number.isFinite)).toBe(true)
  })
})

describe('whole numbers', () => {
  const x = tensor([-3, 0, 2147483647], 'i32')
  const expected = [
    [3, 0, -2147483647],
    [3, 0, 2147483647],
    [-1, 0, 1],
  ]
  it('have a sign and a size', () => expect([neg(x), abs(x), sign(x)].map((y) => toArray(y))).toEqual(expected))
  it('have them in a program', async () => {
    const step = (state: Tensor<[]>, x: Tensor<[3], 'i32'>) => [state, [neg(x), abs(x), sign(x)]] as const
    const compiled = await compile(step, { state: tensor(0), args: [spec([3], 'i32')] })()
    if (E.isLeft(compiled)) throw new Error(compiled.left.tag)
    expect(compiled.right.step(x).map((y) => toArray(y))).toEqual(expected)
  })
  it('have no other activation', () => expect(() => relu(x as never)).toThrow('relu: expected f32, got i32'))
})

describe('an activation', () => {
  it('refuses what is no finite slope', () => {
    expect(() => leakyRelu(Number.NaN)).toThrow('leakyRelu: the slope must be a finite number, got NaN')
    expect(() => elu('2' as never)).toThrow('elu: the alpha must be a finite number, got 2')
  })
  it('keeps any rank', () => expect(toArray(relu(add(tensor(-2), 1)))).toBe(0))
})
