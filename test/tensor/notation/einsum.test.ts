/** einsum: plain loops on random equations, NumPy's results, gradients, programs, and the sentences of its mistakes. */
import fc from 'fast-check'
import {
  compile,
  compute,
  dim,
  einsum,
  matmul,
  mul,
  pipe,
  ShapeError,
  spec,
  sum,
  type Tensor,
  tensor,
  toArray,
  toTypedArray,
  valueAndGrad,
  zeros,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { compileTraced } from '../../../src/compiler/compile.ts'
import { trace } from '../../../src/compiler/trace.ts'
import { type Node, nodeOf } from '../../../src/graph/node.ts'
import type { AnyTensor } from '../../../types/tensor.ts'
import { compare } from '../../autodiff/differences.ts'
import { runs } from '../../generators/runs.ts'
import { equations, type Filled, filled, summedByLoops } from './loops.ts'

/** Random equations have no type. */
type Loose = (...args: readonly unknown[]) => never
const loose = einsum as unknown as (equation: string, ...operands: readonly unknown[]) => AnyTensor
const [anyCompile, anyGrad, anySpec] = [compile, valueAndGrad, spec] as readonly unknown[] as readonly [Loose, Loose, Loose]
const given = ({ shape, values }: Filled): unknown =>
  (tensor as (values: readonly number[], shape: readonly number[]) => unknown)(values, shape)
const list = (x: AnyTensor): Filled => ({ shape: nodeOf(x).shape as readonly number[], values: [...toTypedArray(x)].map((v) => v + 0) })

describe('einsum', () => {
  it('is what loops over all indices give', () => {
    fc.assert(
      fc.property(equations, (drawn) => {
        expect(list(loose(drawn.equation, ...drawn.operands.map(given))), drawn.equation).toEqual(summedByLoops(drawn))
      }),
      runs(600),
    )
  })

  it('waits for its first operand', () => {
    fc.assert(
      fc.property(equations, ({ equation, operands }) => {
        const [first, ...rest] = operands.map(given)
        const waiting = loose(equation, ...rest) as unknown as (x: unknown) => AnyTensor
        expect(list(waiting(first))).toEqual(list(loose(equation, first, ...rest)))
      }),
      runs(50),
    )
  })

  it('has the gradients that differences measure', () => {
    fc.assert(
      fc.property(equations, ({ equation, operands }) => {
        const f = (...xs: readonly Node[]): Node => nodeOf(loose(equation, ...xs))
        expect(compare(f, operands).error, equation).toBeLessThan(1e-6)
      }),
      runs(150),
    )
  })

  it('compiles to a program that gives the same, gradients included', async () => {
    await fc.assert(
      fc.asyncProperty(equations, async ({ equation, operands }) => {
        const tensors = operands.map(given)
        const wanted = compute(withGradients(equation, tensors))
        const program = (await compiled((_, ...xs) => [_, withGradients(equation, xs)], operands)) as { readonly step: Loose }
        const found = program.step(...tensors) as typeof wanted
        expect(list(found.y), equation).toEqual(list(wanted.y))
        expect(found.gradients.map(list), equation).toEqual(wanted.gradients.map(list))
      }),
      runs(60),
    )
  }, 60_000)
})

interface Answer {
  readonly y: AnyTensor
  readonly gradients: readonly AnyTensor[]
}
/** The value, and the gradients of its product with small whole numbers. */
const withGradients = (equation: string, tensors: readonly unknown[]): Answer => {
  const weighted = (xs: readonly unknown[]) => {
    const y = loose(equation, ...xs)
    const weights = given(filled(nodeOf(y).shape as readonly number[], 5))
    return [sum()((mul as Loose)(y, weights)), y]
  }
  const [[, y], gradients] = (anyGrad(weighted) as Loose)(tensors) as readonly [readonly [unknown, AnyTensor], readonly AnyTensor[]]
  return { y, gradients }
}
const compiled = async (step: (state: unknown, ...xs: readonly unknown[]) => unknown, operands: readonly Filled[]): Promise<unknown> => {
  // The compiler counts a step's arguments.
  Object.defineProperty(step, 'length', { value: operands.length + 1 })
  const options = { state: zeros([]), args: operands.map(({ shape }) => (anySpec as Loose)(shape)) }
  const either = (await (anyCompile(step, options) as () => Promise<unknown>)()) as { readonly _tag: string; readonly right: unknown }
  if (either._tag === 'Left') throw new Error(JSON.stringify(either))
  return either.right
}

const range = <const S extends readonly number[]>(shape: readonly [...S]): Tensor<[...S]> =>
  given({ shape, values: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i) }) as Tensor<[...S]>
const [a, b, c] = [range([5, 5]), range([5]), range([2, 3])]

describe("the examples of NumPy's documentation", () => {
  it.each<readonly [string, unknown, unknown]>([
    ['trace', einsum('ii', a), 60],
    ['diagonal', einsum('ii->i', a), [0, 6, 12, 18, 24]],
    ['sum over an axis', einsum('ij->i', a), [10, 35, 60, 85, 110]],
    ['sum over the last axis', einsum('...j->...', a), [10, 35, 60, 85, 110]],
    [
      'transpose',
      einsum('ji', c),
      [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
    ],
    ['inner product', einsum('i,i', b, b), 30],
    ['matrix and vector', einsum('ij,j', a, b), [30, 80, 130, 180, 230]],
    ['matrix and vector, with dots', einsum('...j,j', a, b), [30, 80, 130, 180, 230]],
    [
      'with a scalar',
      einsum(', ij', tensor(3), c),
      [
        [0, 3, 6],
        [9, 12, 15],
      ],
    ],
    [
      'outer product',
      einsum('i,j', tensor([1, 2]), b),
      [
        [0, 1, 2, 3, 4],
        [0, 2, 4, 6, 8],
      ],
    ],
    [
      'tensor contraction',
      einsum('ijk,jil->kl', range([3, 4, 5]), range([4, 3, 2])),
      [
        [4400, 4730],
        [4532, 4874],
        [4664, 5018],
        [4796, 5162],
        [4928, 5306],
      ],
    ],
    [
      'transposed output',
      einsum('ki,jk->ij', range([3, 2]), range([4, 3])),
      [
        [10, 28, 46, 64],
        [13, 40, 67, 94],
      ],
    ],
    [
      'dots at the end',
      einsum('ki,...k->i...', range([3, 2]), range([4, 3])),
      [
        [10, 28, 46, 64],
        [13, 40, 67, 94],
      ],
    ],
    ['dots that were summed over the first axis', einsum('i...->...', a), [50, 55, 60, 65, 70]],
    [
      'capitals come first',
      einsum('aB', c),
      [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
    ],
    ['of nothing but a scalar', einsum('', tensor(2)), 2],
  ])('%s', (_, made, wanted) => {
    expect(toArray(made as Tensor<[]>)).toEqual(wanted)
  })

  it('hold for names as for sizes', () => {
    const named = zeros([dim('rows', 2), 3])
    const x = einsum('ij,kj->ik', named, c)
    expect(x.shape).toEqual(['rows', 2])
    expect(toArray(x)).toEqual([
      [0, 0],
      [0, 0],
    ])
    const n = dim('n', 3)
    const square = einsum('i,j->ij', tensor([1, 2, 3], [n]), tensor([1, 2, 3], [n]))
    expect(toArray(einsum('ii->i', square))).toEqual([1, 4, 9])
  })
})

describe('the nodes of an equation', () => {
  const [x, y] = [zeros([4, 2, 3]), zeros([4, 3, 5])]
  const ops = (node: Node): readonly string[] =>
    [...node.inputs.flatMap(ops), node.op].filter((op) => op !== 'broadcast' && op !== 'constant')

  it('are one dot for a contraction of two', () => {
    expect(ops(nodeOf(einsum('bij,bjk->bik', x, y)))).toEqual(['dot'])
    expect(ops(nodeOf(einsum('...ij,...jk->...ik', x, y)))).toEqual(['dot'])
    expect(ops(nodeOf(einsum('bij,bjk->bki', x, y)))).toEqual(['dot', 'permute'])
    expect(ops(nodeOf(einsum('ij,jk->ik', c, zeros([3, 2]))))).toEqual(['data', 'dot'])
    expect(ops(nodeOf(einsum('bqhd,bkhd->bhqk', zeros([2, 6, 2, 7]), zeros([2, 3, 2, 7]))))).toEqual(['permute', 'permute', 'dot'])
    expect(ops(nodeOf(einsum('bij,bjk->ik', x, y)))).toEqual(['dot'])
  })

  it('are one product where nothing is summed, and no operand where nothing is to do', () => {
    expect(ops(nodeOf(einsum('bij,bij->bij', x, x)))).toEqual(['mul'])
    expect(nodeOf(einsum('bij', x))).toBe(nodeOf(x))
    expect(ops(nodeOf(einsum('bij->b', x)))).toEqual(['sum'])
  })

  it('compile to what matmul compiles to', async () => {
    type Sides = readonly [n: Tensor<[]>, x: Tensor<[6, 7]>, w: Tensor<[7, 5]>]
    const report = async (step: (...sides: Sides) => readonly [unknown, unknown]) => {
      const source = { step, state: zeros([]), args: [spec([6, 7]), spec([7, 5])], bind: [{}] }
      const either = await compileTraced(trace(source as never), [{}])()
      if (either._tag === 'Left') throw new Error(either.left.tag)
      const { kernels, arenaBytes, wasmBytes } = either.right.report
      return { kernels, arenaBytes, wasmBytes }
    }
    const product = await report((...[n, x, w]: Sides) => [n, matmul(x, w)])
    expect(await report((...[n, x, w]: Sides) => [n, einsum('ij,jk->ik', x, w)])).toEqual(product)
    expect(product.kernels).toBe(1)
  })
})

describe('what einsum refuses', () => {
  it.each<readonly [string, () => unknown]>([
    ["einsum: 'ij;jk' is not an equation, as 'ij,jk->ik'", () => loose('ij;jk', c, c)],
    ["einsum: 'ij->j->i' is not an equation, as 'ij,jk->ik'", () => loose('ij->j->i', c)],
    ["einsum: '..ij' is not an equation, as 'ij,jk->ik'", () => loose('..ij', c)],
    ["einsum: '...i...' is not an equation, as 'ij,jk->ik'", () => loose('...i...', c)],
    ['einsum: the equation is not a literal', () => loose(7 as never, c)],
    ["einsum: the output letter k of 'ij->ik' is in no operand", () => loose('ij->ik', c)],
    ["einsum: the output letter i of 'ij->ii' is there twice", () => loose('ij->ii', c)],
    ["einsum: the output letter ... of 'ij->...' is in no operand", () => loose('ij->...', c)],
    ["einsum: the output of '...j->j' lacks ...", () => loose('...j->j', c)],
    ["einsum: operands of 'ij,jk': expected 2, got 3", () => loose('ij,jk', c, c, c)],
    ["einsum: operands of 'ij,jk,kl': expected 3, got 1", () => loose('ij,jk,kl', c)],
    ["einsum: 'ijk' has 3 letters, got [2, 3]", () => loose('ijk', c)],
    ["einsum: 'i...jk' needs rank >= 3, got [2, 3]", () => loose('i...jk', c)],
    ['einsum: j is 3 in [2, 3] and 5 in [5, 5]', () => loose('ij,jk', c, a)],
    ['einsum: j is 3 in [2, 3] and 5 in [5, 5]', () => pipe(c, loose('ij,jk', a) as never)],
    ['einsum: l is 3 in [2, 3] and 5 in [5]', () => loose('ij,kl,l', c, b)],
    ['einsum: i is 2 in [2, 3] and 3 in [2, 3]', () => loose('ii', c)],
    ['einsum: neither [2, 1] nor [2] has the shape [2, 2]; use broadcastTo', () => loose('...,...', zeros([2, 1]), zeros([2]))],
    ['einsum: expected f32, got i32', () => loose('ij', zeros([2, 2], 'i32'))],
    ['einsum: expected a tensor, got 3', () => loose('ij', 3)],
  ])('%s', (sentence, call) => {
    expect(call).toThrow(new ShapeError(sentence))
  })
})
