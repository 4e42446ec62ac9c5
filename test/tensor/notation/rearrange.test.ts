/** rearrange and reduce: plain loops on random patterns, known results, gradients, programs, models, sentences. */
import fc from 'fast-check'
import {
  add,
  compile,
  compute,
  dense,
  dim,
  input,
  key,
  mul,
  permute,
  pipe,
  rearrange,
  reduce,
  reshape,
  ShapeError,
  spec,
  sum,
  tensor,
  toArray,
  toTypedArray,
  valueAndGrad,
  zeros,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { type Node, nodeOf } from '../../../src/graph/node.ts'
import type { AnyTensor } from '../../../types/tensor.ts'
import { compare } from '../../autodiff/differences.ts'
import { runs } from '../../generators/runs.ts'
import { type Filled, filled } from './loops.ts'
import { byLoops, type DrawnPattern, patterns } from './patterns.ts'

/** Random patterns have no type. */
type Loose = (...args: readonly unknown[]) => never
const [anyRearrange, anyReduce] = [rearrange, reduce] as readonly unknown[] as readonly [Loose, Loose]
const given = ({ shape, values }: Filled): unknown =>
  (tensor as (values: readonly number[], shape: readonly number[]) => unknown)(values, shape)
const list = (x: AnyTensor): Filled => ({ shape: nodeOf(x).shape as readonly number[], values: [...toTypedArray(x)].map((v) => v + 0) })
const rearranged = ({ pattern, sizes }: DrawnPattern, x: unknown): AnyTensor => (anyRearrange(pattern, sizes) as Loose)(x)
const reduced = ({ pattern, sizes }: DrawnPattern, how: string, x: unknown): AnyTensor => (anyReduce(pattern, how, sizes) as Loose)(x)

const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
const hows = {
  sum: total,
  mean: (values: readonly number[]) => Math.fround(total(values) / values.length),
  max: (values: readonly number[]) => Math.max(...values),
  min: (values: readonly number[]) => Math.min(...values),
} as const
const how = fc.constantFrom(...(Object.keys(hows) as readonly (keyof typeof hows)[]))

describe('rearrange', () => {
  it('carries every element to its place', () => {
    fc.assert(
      fc.property(patterns(false), (drawn) => {
        expect(list(rearranged(drawn, given(drawn.operand))), drawn.pattern).toEqual(byLoops(drawn, ([value]) => value as number))
      }),
      runs(400),
    )
  })

  it('is undone by the pattern turned round', () => {
    fc.assert(
      fc.property(
        patterns(false).filter(({ pattern }) => !/\([^)]*\.\.\./.test(pattern)),
        (drawn) => {
          const [left, right] = drawn.pattern.split(' -> ')
          const back = { ...drawn, pattern: `${right} -> ${left}`, sizes: openedOnce(right as string, drawn.all) }
          const x = given(drawn.operand)
          expect(list(rearranged(back, rearranged(drawn, x)))).toEqual(list(x as AnyTensor))
        },
      ),
      runs(100),
    )
  })
})
/** Every size of a side but the first of each group. */
const openedOnce = (side: string, all: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...side.matchAll(/\(([^)]*)\)/g)].flatMap(([, group]) =>
      (group ?? '')
        .split(' ')
        .slice(1)
        .map((axis) => [axis, all[axis] as number]),
    ),
  )

describe('reduce', () => {
  it('makes one of all elements that come to a place', () => {
    fc.assert(
      fc.property(patterns(true), how, (drawn, by) => {
        expect(list(reduced(drawn, by, given(drawn.operand))), `${by} ${drawn.pattern}`).toEqual(byLoops(drawn, hows[by]))
      }),
      runs(400),
    )
  })

  it('has the gradients that differences measure', () => {
    fc.assert(
      fc.property(patterns(true), fc.constantFrom('sum', 'mean'), (drawn, by) => {
        expect(compare((x) => nodeOf(reduced(drawn, by, x)), [drawn.operand]).error, drawn.pattern).toBeLessThan(1e-6)
      }),
      runs(100),
    )
  })

  it('compiles to a program that gives the same, gradients included', async () => {
    await fc.assert(
      fc.asyncProperty(patterns(true), how, async (drawn, by) => {
        const withGradient = (x: unknown) => {
          const weighted = (p: unknown) => {
            const y = reduced(drawn, by, p)
            return [sum()((mul as Loose)(y, given(filled(nodeOf(y).shape as readonly number[], 5)))), y]
          }
          return ((valueAndGrad as Loose)(weighted) as Loose)(x) as readonly [readonly [AnyTensor, AnyTensor], AnyTensor]
        }
        const x = given(drawn.operand)
        const [[, y], gradient] = compute(withGradient(x))
        const step = (state: unknown, p: unknown) => [state, withGradient(p)]
        const options = { state: zeros([]), args: [(spec as Loose)(drawn.operand.shape)] }
        const program = (await ((compile as Loose)(step, options) as () => Promise<{ readonly right: { readonly step: Loose } }>)()).right
        const [[, found], slope] = program.step(x) as ReturnType<typeof withGradient>
        expect(list(found), drawn.pattern).toEqual(list(y))
        expect(
          list(slope).values.map((v) => Math.round(v * 1e5)),
          drawn.pattern,
        ).toEqual(list(gradient).values.map((v) => Math.round(v * 1e5)))
      }),
      runs(60),
    )
  }, 60_000)
})

describe('results known from einops', () => {
  const x = tensor([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
  ])
  it('split, merge, move', () => {
    expect(toArray(rearrange('a b -> b a')(x))).toEqual([
      [0, 4],
      [1, 5],
      [2, 6],
      [3, 7],
    ])
    expect(toArray(rearrange('a b -> (a b)')(x))).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(toArray(rearrange('a b -> (b a)')(x))).toEqual([0, 4, 1, 5, 2, 6, 3, 7])
    expect(toArray(rearrange('a (b c) -> b (a c)', { c: 2 })(x))).toEqual([
      [0, 1, 4, 5],
      [2, 3, 6, 7],
    ])
    expect(toArray(rearrange('a b -> a 1 b')(x))).toEqual([[[0, 1, 2, 3]], [[4, 5, 6, 7]]])
  })

  it('pool', () => {
    expect(toArray(reduce('a (b two) -> a b', 'max', { two: 2 })(x))).toEqual([
      [1, 3],
      [5, 7],
    ])
    expect(toArray(reduce('a b -> ', 'mean')(x))).toBe(3.5)
    expect(toArray(reduce('a b -> 1 b', 'sum')(x))).toEqual([[4, 6, 8, 10]])
    expect(toArray(reduce('... b -> b', 'min')(x))).toEqual([0, 1, 2, 3])
  })

  it('keep the dtype', () => {
    expect(rearrange('a b -> b a')(zeros([2, 3], 'bool')).dtype).toBe('bool')
    expect(
      reduce(
        'a b -> a',
        'sum',
      )(
        tensor(
          [
            [1, 2],
            [3, 4],
          ],
          'i32',
        ),
      ).dtype,
    ).toBe('i32')
  })

  it('split products of names, and bind what dim binds', () => {
    const [rows, wide] = [dim('rows', 2), dim('wide', 3)]
    const merged = pipe(zeros([rows, wide, 4]), rearrange('r w c -> (r w) c'))
    expect(merged.shape).toEqual(['rows*wide', 4])
    expect(pipe(merged, rearrange('(r w) c -> w c r', { r: 'rows' })).shape).toEqual(['wide', 4, 'rows'])
    expect(toArray(pipe(zeros([dim('all', 6)]), reshape([-1]), add(1), reduce('a -> ', 'mean')))).toBe(1)
    const bound = pipe(merged, rearrange('(r w) c -> r w c', { r: dim('rows', 2) }))
    expect(toArray(pipe(bound, reduce('r w c -> r', 'sum')))).toEqual([0, 0])
    const clash = new ShapeError("dim: 'rows' is 3 here and 2 there")
    expect(() => pipe(merged, rearrange('(r w) c -> r w c', { r: dim('rows', 3) }))).toThrow(clash)
  })
})

describe('the nodes of a pattern', () => {
  const ops = (node: Node): readonly string[] => [...node.inputs.flatMap(ops), node.op]
  const x = zeros([2, 6, 3])
  it('are no more than a reshape, a permute and a reshape', () => {
    const below = ops(nodeOf(x))
    const of = (y: AnyTensor) => ops(nodeOf(y)).slice(below.length)
    expect(nodeOf(rearrange('a b c -> a b c')(x))).toBe(nodeOf(x))
    expect(of(rearrange('a b c -> c a b')(x))).toEqual(['permute'])
    expect(of(rearrange('a b c -> a (b c)')(x))).toEqual(['reshape'])
    expect(of(rearrange('a (b d) c -> a d (b c)', { d: 2 })(x))).toEqual(['reshape', 'permute', 'reshape'])
    expect(of(reduce('a b c -> a c', 'sum')(x))).toEqual(['sum'])
    expect(of(reduce('a b c -> c a', 'max')(x))).toEqual(['max', 'permute'])
    expect(nodeOf(pipe(x, permute([2, 0, 1]))).shape).toEqual(nodeOf(rearrange('a b c -> c a b')(x)).shape)
  })
})

describe('in a model', () => {
  it('a pattern speaks of one sample', () => {
    const model = pipe(input([2, 3, 1]), rearrange('h w c -> (w h c)'), dense(4, 'logits'))
    const x = tensor([
      [
        [[0], [1], [2]],
        [[3], [4], [5]],
      ],
    ])
    const weight = tensor([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ])
    const params = model.init(key(0))
    expect(toArray(model.apply({ logits: { ...params.logits, weight } }, x))).toEqual([[0, 3, 1, 4]])
    const mean = pipe(input([2, 3, 1]), reduce('h w c -> w', 'mean'))
    expect(toArray(mean.apply({}, x))).toEqual([[1.5, 2.5, 3.5]])
    expect(mean.output).toEqual([3])
  })
})

describe('what patterns refuse', () => {
  const x = zeros([2, 30, 3])
  it.each<readonly [string, () => unknown]>([
    ["rearrange: 'a b c' is not a pattern, as 'b h w -> b (h w)'", () => anyRearrange('a b c')],
    ["rearrange: 'a 2 -> a' is not a pattern, as 'b h w -> b (h w)'", () => anyRearrange('a 2 -> a')],
    ["rearrange: 'a -> b -> c' is not a pattern, as 'b h w -> b (h w)'", () => anyRearrange('a -> b -> c')],
    ["rearrange: the parentheses of '(a -> a' do not match", () => anyRearrange('(a -> a')],
    ["rearrange: the parentheses of 'a -> a)' do not match", () => anyRearrange('a -> a)')],
    ["rearrange: ... stands in parentheses on the left of '(...) -> ...'", () => anyRearrange('(...) -> ...')],
    ["rearrange: a stands twice on the left of 'a (a b) -> a b'", () => anyRearrange('a (a b) -> a b')],
    ["reduce: b stands twice on the right of 'a b -> b b'", () => anyReduce('a b -> b b', 'sum')],
    ["rearrange: b stands only on the left of 'a b -> a'", () => anyRearrange('a b -> a')],
    ["reduce: c stands only on the right of 'a b -> c'", () => anyReduce('a b -> c', 'sum')],
    ['rearrange: the pattern is not a literal', () => anyRearrange(3)],
    ["rearrange: there is no axis q in 'a b -> b a'", () => anyRearrange('a b -> b a', { q: 2 })],
    ['rearrange: a size must be a whole number, got -2', () => anyRearrange('a b -> b a', { b: -2 })],
    ['rearrange: (b c) has two open sizes, b and c; give one', () => anyRearrange('a (b c) -> a b c')],
    ["reduce: expected sum, mean, max or min, got 'median'", () => anyReduce('a b -> a', 'median')],
    ["rearrange: 'a b -> b a' has 2 dims on the left, got [2, 30, 3]", () => (anyRearrange('a b -> b a') as Loose)(x)],
    [
      "rearrange: 'a b c d ... -> ... a b c d' needs rank >= 4, got [2, 30, 3]",
      () => (anyRearrange('a b c d ... -> ... a b c d') as Loose)(x),
    ],
    ["rearrange: a 1 of 'a 1 b -> a b' is 30 in [2, 30, 3]", () => (anyRearrange('a 1 b -> a b') as Loose)(x)],
    [
      'rearrange: (h w) of [2, 30, 3] is 30, which h = 4 does not divide',
      () => (anyRearrange('b (h w) c -> b h w c', { h: 4 }) as Loose)(x),
    ],
    ['rearrange: (h w) of [2, 30, 3] is 30, not 8', () => (anyRearrange('b (h w) c -> b h w c', { h: 4, w: 2 }) as Loose)(x)],
    ['rearrange: b of [2, 30, 3] is 2, not 3', () => (anyRearrange('b h c -> b c h', { b: 3 }) as Loose)(x)],
    ['reduce: expected f32, got i32', () => (anyReduce('a -> ', 'mean') as Loose)(tensor([1], 'i32'))],
    ['rearrange: expected a tensor or a model', () => (anyRearrange('a -> a') as Loose)(3)],
    ['rearrange: expected f32, got i32', () => pipe(input(['t'], 'i32') as never, anyRearrange('t -> t 1') as Loose)],
  ])('%s', (sentence, call) => {
    expect(call).toThrow(new ShapeError(sentence))
  })
})
