/** Which contractions run as loops over channels and which as products of matrices: by the committed table, the same everywhere. */
import { compile, grad, key, mul, normal, pipe, scalar, spec, sum, toTypedArray } from 'shapewright'
import * as ops from 'shapewright/ops'
import { describe, expect, it } from 'vitest'
import { lower } from '../../src/compiler/compile.ts'
import { costTable } from '../../src/compiler/layout/cost-table.ts'
import { isDirect } from '../../src/compiler/simplify/direct.ts'
import { type Source, trace } from '../../src/compiler/trace.ts'

// biome-ignore lint/suspicious/noExplicitAny: shapes and options are random
type Any = any

describe('the choice', () => {
  it('has prices that were measured', () => {
    const { engine, perTile, perK } = costTable.direct
    expect(engine).toMatch(/^V8 \d/)
    expect([perTile > 0, perK > 0]).toEqual([true, true])
  })
  it('between a loop and a product is the same everywhere', async () => {
    const tried = [1, 2, 4, 8, 32, 256].flatMap((batch) =>
      (
        [
          [12544, 1, 9],
          [1, 12544, 9],
          [9, 1, 12544],
          [1, 9, 12544],
          [12544, 1, 2],
          [12544, 1, 25],
          [12544, 2, 9],
          [12544, 4, 36],
          [64, 64, 32],
          [1, 1, 5],
          [1, 1, 1],
        ] as const
      ).map(([m, n, k]) => `${batch} of ${m}x${n} over ${k}: ${isDirect({ batch, m, n, k }) ? 'loop' : 'product'}`),
    )
    await expect(tried.join('\n')).toMatchFileSnapshot('../golden/direct.txt')
  })
})

/** Kinds of the kernels of a program, those that only copy or fill left out. */
const kindsOf = (f: (...xs: Any[]) => Any, shapes: readonly (readonly number[])[]): readonly string[] => {
  const step = ((_: never, ...xs: Any[]) => [{}, f(...xs)]) as unknown as Source['step']
  const source: Source = { step, state: {}, args: shapes.map((shape) => ({ shape, dtype: 'f32' as const })), bind: [{}] }
  const { entries } = lower(trace(source), source.bind) as Any
  const kernels = entries[0].laid?.kernels ?? entries[0].kernels
  return kernels.flatMap((k: Any) =>
    k.kind === 'contract' ? ['product'] : k.phases.some((p: Any) => p.accumulate.length > 0) ? ['loop'] : [],
  )
}
const given = { padding: 'same' } as const
const depthwise = (x: Any, weight: Any): Any => (ops.depthwiseConv2d(weight, given) as Any)(x)
const [image, weight] = [
  [2, 8, 8, 16],
  [3, 3, 1, 16],
] as const

describe('a depthwise convolution', () => {
  it('is a loop, and so are its gradients', () => {
    const by = (at: 0 | 1) => (x: Any, w: Any, g: Any) =>
      grad((z: Any) => pipe(mul(at === 0 ? depthwise(z, w) : depthwise(x, z), g) as Any, sum() as Any) as Any)(at === 0 ? x : w)
    expect(kindsOf(depthwise, [image, weight])).toEqual(['loop'])
    expect(kindsOf(by(0), [image, weight, image])).toEqual(['loop'])
    expect(new Set(kindsOf(by(1), [image, weight, image]))).toEqual(new Set(['loop']))
  })
  it('of few groups is a product', () => {
    const grouped = (x: Any, w: Any): Any => (ops.conv2d(w, { ...given, groups: 2 }) as Any)(x)
    expect(kindsOf(grouped, [image, [3, 3, 8, 16]])).toEqual(['product'])
  })
  it('gives its bits again, whatever else is in the program', async () => {
    const [x, w]: Any[] = [normal(key(1), image), normal(key(2), weight)]
    const runs = await Promise.all(
      [(a: Any, b: Any) => [depthwise(a, b)], (a: Any, b: Any) => [depthwise(a, b), pipe(depthwise(a, b), sum() as Any)]].map(async (f) => {
        const built: Any = await (compile as Any)((s: Any, a: Any, b: Any) => [s, f(a, b)], {
          state: scalar(0),
          args: [spec(image), spec(weight)],
        })()
        return [...toTypedArray(built.right.step(x, w)[0])]
      }),
    )
    expect(runs[0]).toEqual(runs[1])
  })
})

/** The laid contractions of a program. */
const contractionsOf = (f: (...xs: Any[]) => Any, shapes: readonly (readonly number[])[]): readonly Any[] => {
  const step = ((_: never, ...xs: Any[]) => [{}, f(...xs)]) as unknown as Source['step']
  const source: Source = { step, state: {}, args: shapes.map((shape) => ({ shape, dtype: 'f32' as const })), bind: [{}] }
  const { entries } = lower(trace(source), source.bind) as Any
  return (entries[0].laid?.kernels ?? entries[0].kernels).filter((k: Any) => k.kind === 'contract')
}
describe('a grouped convolution', () => {
  const options = { padding: 'same', groups: 4 } as const
  const grouped = (x: Any, w: Any): Any => (ops.conv2d(w, options) as Any)(x)
  it('walks its groups inside the rows of an image: they share its lines of the cache', () => {
    const [kernel] = contractionsOf(grouped, [
      [2, 8, 8, 16],
      [3, 3, 4, 16],
    ])
    expect(kernel.batch).toEqual([2, 8, 4])
    expect(kernel.x.strides.slice(0, 3)).toEqual([...kernel.x.strides.slice(0, 3)].sort((a: number, b: number) => b - a))
  })
  it('by its weight takes an image for all elements of the kernel before the next', () => {
    const byWeight = (x: Any, w: Any, g: Any) =>
      grad((z: Any) => pipe(mul((ops.conv2d(z, { padding: 'same' }) as Any)(x), g) as Any, sum() as Any) as Any)(w)
    const [kernel] = contractionsOf(byWeight, [
      [16, 28, 28, 8],
      [5, 5, 8, 16],
      [16, 28, 28, 16],
    ])
    expect(kernel.blocks.around).toBe('all')
  })
})
