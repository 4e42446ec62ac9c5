/** `grad` and `valueAndGrad`: trees, gradients of gradients, depth, types and refusals. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import { grad, valueAndGrad } from '../../src/autodiff/grad.ts'
import { statistic } from '../../src/autodiff/statistic.ts'
import * as x from '../../src/graph/expression.ts'
import { graphOf } from '../../src/graph/graph.ts'
import { type Node, nodeOf, tensorOf } from '../../src/graph/node.ts'
import { type Key, key } from '../../src/tensor/random.ts'
import type { Dim } from '../../types/dim.ts'
import type { ScalarFault } from '../../types/gradient.ts'
import type { AnyTensor, Statistic, Tensor } from '../../types/tensor.ts'
import { numbers } from './differences.ts'

const scalar = (value: number): Tensor<[]> => tensorOf(x.constant(value))
const vector = (...values: readonly number[]): Tensor<[3]> => tensorOf(x.data(Float32Array.from(values), [3], 'f32'))
const values = (t: AnyTensor): readonly number[] => numbers(nodeOf(t))
/** A function of one scalar, written on nodes. */
const real =
  (f: (a: Node) => Node) =>
  (a: Tensor<[]>): Tensor<[]> =>
    tensorOf(f(nodeOf(a)))
const total = (...parts: readonly AnyTensor[]): Tensor<[]> =>
  tensorOf(
    parts
      .map(nodeOf)
      .map((n) => x.sum(n, x.allAxes(n)))
      .reduce((a, b) => x.add(a, b)),
  )
const product = (a: AnyTensor, b: AnyTensor): Tensor<[3]> => tensorOf(x.mul(nodeOf(a), nodeOf(b)))

describe('grad', () => {
  it('differentiates a tree by every leaf, and passes the other arguments on', () => {
    type P = { readonly a: Tensor<[3]>; readonly b: readonly [Tensor<[3]>, null] }
    const f = (p: P, y: Tensor<[3]>) => total(product(p.a, y), product(p.b[0], p.a))
    const p: P = { a: vector(1, 2, 3), b: [vector(4, 5, 6), null] }
    const [value, gradients] = valueAndGrad(f)(p, vector(10, 20, 30))
    expectTypeOf(gradients).toEqualTypeOf<P>()
    expectTypeOf(value).toEqualTypeOf<Tensor<[]>>()
    expect(values(value)).toEqual([172])
    expect([values(gradients.a), values(gradients.b[0]), gradients.b[1]]).toEqual([[14, 25, 36], [1, 2, 3], null])
    expect(values(grad(f)(p, vector(1, 1, 1)).a)).toEqual([5, 6, 7])
  })

  it('gives zeros, with names and what binds them, where the value does not depend on a parameter', () => {
    const bound = tensorOf<Tensor<['rows', 2]>>(x.full(['rows', 2], 1, 'f32', { rows: 2 }))
    const gradients = grad((p: { readonly used: Tensor<[3]>; readonly not: Tensor<['rows', 2]> }) => total(p.used))({
      used: vector(1, 2, 3),
      not: bound,
    })
    expect([gradients.not.shape, values(gradients.not)]).toEqual([
      ['rows', 2],
      [0, 0, 0, 0],
    ])
    expect(values(grad((_: Tensor<[3]>) => scalar(3))(vector(1, 2, 3)))).toEqual([0, 0, 0])
  })

  it('tells apart one tensor at two places, in a closure, and below another parameter', () => {
    const one = vector(1, 2, 3)
    const twice = product(one, vector(2, 2, 2))
    const gradients = grad((p: readonly [Tensor<[3]>, Tensor<[3]>, Tensor<[3]>]) => total(product(p[0], one), product(p[1], twice), p[2]))([
      one,
      one,
      twice,
    ])
    expect(gradients.map(values)).toEqual([
      [1, 2, 3],
      [2, 4, 6],
      [1, 1, 1],
    ])
  })

  it('keeps what a function gives beside its scalar', () => {
    const [[value, more], gradient] = valueAndGrad((a: Tensor<[]>, k: Key) => [a, { seen: k }] as const)(scalar(2), key(1))
    expectTypeOf(more).toEqualTypeOf<{ readonly seen: Key }>()
    expect([values(value), values(more.seen.bits), values(gradient)]).toEqual([[2], [0, 1], [1]])
  })

  it('skips statistics, i32 leaves and keys, which the function reads as they are', () => {
    type P = { readonly scale: Tensor<[3]>; readonly mean: Statistic<[3]>; readonly count: Tensor<[], 'i32'>; readonly key: Key }
    const p: P = { scale: vector(1, 2, 3), mean: statistic(vector(4, 5, 6)), count: tensorOf(x.constant(2, 'i32')), key: key(0) }
    const [value, gradients] = valueAndGrad((q: P) => {
      expect([q.mean, q.count, q.key.bits]).toEqual([p.mean, p.count, p.key.bits])
      return total(product(q.scale, q.mean))
    })(p)
    // biome-ignore lint/complexity/noBannedTypes: a key has no trained leaf
    expectTypeOf(gradients).toEqualTypeOf<{ readonly scale: Tensor<[3]>; readonly key: {} }>()
    expect([values(value), Object.keys(gradients), values(gradients.scale)]).toEqual([[32], ['scale', 'key'], [4, 5, 6]])
  })

  it('leaves no node behind but identities: the gradient is an expression over the parameters', () => {
    const a = x.parameter('a', [], 'f32')
    const gradient = nodeOf(grad(real((n) => x.mul(n, n)))(tensorOf(a)))
    const { nodes } = graphOf([gradient], [])
    expect(nodes.filter((n) => n.op === 'parameter')).toEqual([a])
  })
})

describe('gradients of gradients', () => {
  it('are the derivatives of polynomials, exponentials and sines', () => {
    const at = scalar(0.5)
    const cube = real((a) => x.mul(a, x.mul(a, a)))
    expect(values(grad(grad(cube))(at))).toEqual([3])
    expect(values(grad(grad(grad(cube)))(at))).toEqual([6])
    expect(values(grad(grad(grad(grad(cube))))(at))).toEqual([0])
    const sine = real((a) => x.unary('sin', a))
    expect(values(grad(grad(sine))(at))[0]).toBeCloseTo(-Math.sin(0.5), 14)
    const tanh = real(x.tanh)
    const y = Math.tanh(0.5)
    expect(values(grad(grad(tanh))(at))[0]).toBeCloseTo(-2 * y * (1 - y * y), 14)
  })

  it('a penalty on a gradient can be trained', () => {
    const inner = (w: Tensor<[3]>) => (a: Tensor<[3]>) => total(product(w, product(a, a)))
    const penalty = (w: Tensor<[3]>, a: Tensor<[3]>) => {
      const slope = grad(inner(w))(a)
      return total(product(slope, slope))
    }
    // slope = 2 w a, penalty = 4 w^2 a^2
    expect(values(grad(penalty)(vector(1, 2, 3), vector(1, 2, 1)))).toEqual([8, 64, 24])
  })
})

describe('depth', () => {
  it('a chain of 10,000 nodes does not overflow the stack, twice differentiated', () => {
    const chain = real((a) => Array.from({ length: 10_000 }).reduce<Node>((y) => x.add(x.mul(y, 0.999), a), a))
    const slope = (1 - 0.999 ** 10_001) / 0.001
    expect(values(grad(chain)(scalar(1)))[0]).toBeCloseTo(slope, 6)
    expect(values(grad(grad(chain))(scalar(1)))).toEqual([0])
  })

  it('shared nodes are walked once', () => {
    const doubled = real((a) => Array.from({ length: 60 }).reduce<Node>((y) => x.mul(x.add(y, y), 0.5), a))
    expect(values(grad(doubled)(scalar(3)))).toEqual([1])
  })
})

describe('what is refused', () => {
  const rows = tensorOf<Tensor<['batch']>>(x.parameter('rows', ['batch'], 'f32'))
  const count = tensorOf<Tensor<[], 'i32'>>(x.constant(1, 'i32'))
  it('says so in the type', () => {
    expectTypeOf<ScalarFault<'grad', Tensor<[]>>>().toEqualTypeOf<null>()
    expectTypeOf<ScalarFault<'grad', readonly [Tensor<[]>, 3]>>().toEqualTypeOf<null>()
    expectTypeOf<
      ScalarFault<'grad', Tensor<['batch']>>
    >().toEqualTypeOf<'grad: the function must give a scalar, got [batch]; end it with mean()'>()
    expectTypeOf<ScalarFault<'grad', Tensor<[], 'i32'>>>().toEqualTypeOf<'grad: expected f32, got i32'>()
    expectTypeOf<ScalarFault<'grad', number>>().toEqualTypeOf<'grad: the function must give a scalar'>()
  })

  it('and throws the same sentences', () => {
    // @ts-expect-error valueAndGrad: the function must give a scalar, got [batch]; end it with mean()
    expect(() => valueAndGrad(() => rows)(rows)).toThrow('valueAndGrad: the function must give a scalar, got [batch]; end it with mean()')
    // @ts-expect-error grad: expected f32, got i32
    expect(() => grad(() => count)(rows)).toThrow('grad: expected f32, got i32')
    // @ts-expect-error grad: the function must give a scalar
    expect(() => grad(() => 3)(rows)).toThrow('grad: the function must give a scalar')
  })
})

it('stays generic in the batch of the function, and in the parameters', () => {
  const f = <B extends Dim>(p: Tensor<[3]>, y: Tensor<[B, 3]>): Tensor<[]> => total(tensorOf(x.mul(nodeOf(y), nodeOf(p))))
  const y = tensorOf<Tensor<[2, 3]>>(x.full([2, 3], 2))
  expect(values(grad(f)(vector(1, 2, 3), y))).toEqual([4, 4, 4])
  const descend = <P>(g: (p: P) => Tensor<[]>, p: P) => valueAndGrad(g)(p)[1]
  expect(values(descend((p: Tensor<[3]>) => total(product(p, p)), vector(1, 2, 3)))).toEqual([2, 4, 6])
})
