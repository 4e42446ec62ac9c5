/** What compile must keep right however buffers are reused: states that move, results that are inputs, entries that share an arena. */
import {
  add,
  cast,
  compile,
  dim,
  greater,
  iota,
  key,
  matmul,
  mean,
  mul,
  ones,
  pipe,
  ShapeError,
  spec,
  sub,
  sum,
  type Tensor,
  tensor,
  toArray,
  uniform,
  where,
  zeros,
} from 'shapewright'
import { describe, expect, it } from 'vitest'

const orThrow = <A>(either: { readonly _tag: 'Left'; readonly left: unknown } | { readonly _tag: 'Right'; readonly right: A }): A => {
  if (either._tag === 'Left') throw new Error(JSON.stringify(either.left))
  return either.right
}

type Pair = { readonly a: Tensor<[3]>; readonly b: Tensor<[3]> }
const pair: Pair = { a: tensor([1, 2, 3]), b: tensor([10, 20, 30]) }

describe('state in place', () => {
  it('may change places', async () => {
    const swap = ({ a, b }: Pair) => [{ a: b, b: a }, sum()(a)] as const
    const program = orThrow(await compile(swap, { state: pair, args: [] })())
    expect(toArray(program.step())).toBe(6)
    expect(toArray(program.read().a)).toEqual([10, 20, 30])
    expect(toArray(program.step())).toBe(60)
    expect(toArray(program.read().a)).toEqual([1, 2, 3])
  })

  it('may be computed from what another place held before', async () => {
    const turn = ({ a, b }: Pair) => [{ a: add(a, b), b: sub(a, b) }, a] as const
    const program = orThrow(await compile(turn, { state: pair, args: [] })())
    expect(toArray(program.step())).toEqual([1, 2, 3])
    expect(toArray(program.read().a)).toEqual([11, 22, 33])
    expect(toArray(program.read().b)).toEqual([-9, -18, -27])
    expect(toArray(program.step())).toEqual([11, 22, 33])
    expect(toArray(program.read().b)).toEqual([20, 40, 60])
  })

  it('may become one value in two places, or an argument', async () => {
    const both = ({ a }: Pair, x: Tensor<[3]>) => {
      const c = mul(add(a, x), 2)
      return [{ a: c, b: c }, c] as const
    }
    const program = orThrow(await compile(both, { state: pair, args: [spec([3])] })())
    expect(toArray(program.step(tensor([1, 1, 1])))).toEqual([4, 6, 8])
    expect(toArray(program.read().b)).toEqual([4, 6, 8])
    const keep = (_: Pair, x: Tensor<[3]>) => [{ a: x, b: x }, x] as const
    const kept = orThrow(await compile(keep, { state: pair, args: [spec([3])] })())
    expect(toArray(kept.step(tensor([7, 8, 9])))).toEqual([7, 8, 9])
    expect(toArray(kept.read().a)).toEqual([7, 8, 9])
  })

  it('is not overwritten while a contraction still reads it', async () => {
    const squared = (w: Tensor<[2, 2]>) => [pipe(w, matmul(w)), sum()(w)] as const
    const program = orThrow(
      await compile(squared, {
        state: tensor([
          [1, 1],
          [0, 1],
        ]),
        args: [],
      })(),
    )
    expect([program.step(), program.step(), program.step()].map((t) => toArray(t))).toEqual([3, 4, 6])
    expect(toArray(program.read())).toEqual([
      [1, 8],
      [0, 1],
    ])
  })

  it('keeps values that were read before', async () => {
    const count = (n: Tensor<[], 'i32'>) => [add(n, 1), n] as const
    const program = orThrow(await compile(count, { state: tensor(0, 'i32'), args: [] })())
    const first = program.read()
    program.step()
    expect(toArray(first)).toBe(0)
    program.write(tensor(41, 'i32'))
    program.step()
    expect(toArray(program.read())).toBe(42)
  })

  it('may be a key, and flags', async () => {
    const draw = (state: { readonly flags: Tensor<[4], 'bool'>; readonly count: Tensor<[], 'i32'> }) => {
      const flags = greater(uniform(key(1), [4]), mul(cast('f32')(state.count), 0.25))
      return [{ flags, count: add(state.count, 1) }, where(state.flags, 1, 0)] as const
    }
    const state = { flags: tensor([true, false, true, false]), count: tensor(0, 'i32') }
    const program = orThrow(await compile(draw, { state, args: [] })())
    expect(toArray(program.step())).toEqual([1, 0, 1, 0])
    expect(toArray(program.step())).toEqual([1, 1, 1, 1])
    program.step()
    program.step()
    program.step()
    expect(toArray(program.read().flags)).toEqual([false, false, false, false])
  })
})

describe('entries', () => {
  it('share state and arena, each with shapes of its own', async () => {
    const total = (sofar: Tensor<[]>, x: Tensor<['n', 5]>) => [add(sofar, sum()(x)), mean(1)(x)] as const
    const program = orThrow(await compile(total, { state: zeros([]), args: [spec(['n', 5])], bind: { n: [3, 2] } })())
    const ones = (rows: number) =>
      tensor(
        Array.from({ length: 5 * rows }, (_, i) => (i % 5) + 1),
        [dim('n', rows), 5],
      )
    expect(toArray(program.step(ones(3)))).toEqual([3, 3, 3])
    expect(toArray(program.step(ones(2)))).toEqual([3, 3])
    expect(toArray(program.read())).toBe(75)
    expect(() => program.step(ones(4))).toThrow(new ShapeError('step: compiled for [3, 5] or [2, 5], got [4, 5]'))
  })

  it('takes sizes that dim bound from the state', async () => {
    const weights = zeros([dim('wide', 3), 2])
    const apply = (w: Tensor<['wide', 2]>, x: Tensor<['n', 'wide']>) => [add(w, 1), pipe(x, matmul(w))] as const
    const program = orThrow(await compile(apply, { state: weights, args: [spec(['n', dim('wide', 3)])], bind: { n: 1 } })())
    const x = tensor([[1, 2, 3]]) as unknown as Tensor<['n', 'wide']>
    expect(toArray(program.step(x))).toEqual([[0, 0]])
    expect(toArray(program.step(x))).toEqual([[6, 6]])
  })

  it('refuses bindings and states that do not fit', () => {
    const step = (n: Tensor<[]>, x: Tensor<['n']>) => [add(n, sum()(x)), x] as const
    const options = { state: zeros([]), args: [spec(['n'])] } as const
    expect(() => compile(step, { ...options, bind: { n: -1 } })).toThrow("compile: 'n' must be bound to a whole number, got -1")
    expect(() => compile(step, { ...options, bind: { n: [] } })).toThrow(
      "compile: bind gives 'n' 0 sizes; give each as many, and at least one",
    )
    const grows = (n: Tensor<[]>, x: Tensor<['n']>) => [x, n] as const
    // @ts-expect-error the first result is not of the type of the state
    expect(() => compile(grows, { ...options, bind: { n: 3 } })).toThrow(
      'compile: the first result is not of the type of the state: it is [], then [n]',
    )
  })

  it('refuses steps that give no pair, and numbers that change', () => {
    const run = (step: unknown, state: unknown) => () => compile(step as never, { state, args: [] } as never)
    const pair = 'compile: the function must give [next state, result]'
    expect(run((n: Tensor<[]>) => n, zeros([]))).toThrow(new ShapeError(pair))
    expect(run(async (n: Tensor<[]>) => [n, n], zeros([]))).toThrow(new ShapeError(pair))
    expect(run((n: number) => [n + 1, zeros([])], 0)).toThrow(
      new ShapeError('compile: the state is the number 0, which a step cannot change; write scalar(0)'),
    )
    expect(run(({ count }: { readonly count: number }) => [{ count: count + 1 }, zeros([])], { count: 2 })).toThrow(
      new ShapeError('compile: count is the number 2, which a step cannot change; write scalar(2)'),
    )
    const kept = (state: { readonly rate: number; readonly n: Tensor<[]> }) => [{ ...state, n: mul(state.n, state.rate) }, zeros([])]
    expect(run(kept, { rate: 2, n: ones([]) })).not.toThrow()
  })
})

describe('captured data', () => {
  it('becomes an input of the program, copied in once', async () => {
    const table = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9])
    const look = (n: Tensor<[]>) => [add(n, 1), sum()(mul(table, n))] as const
    const program = orThrow(await compile(look, { state: tensor(1), args: [] })())
    expect(toArray(program.step())).toBe(45)
    expect(toArray(program.step())).toBe(90)
  })

  it('of the whole numbers is an iota, not data', async () => {
    const look = (n: Tensor<[], 'i32'>) => [n, add(iota([2, 3], 1), n)] as const
    const program = orThrow(await compile(look, { state: tensor(5, 'i32'), args: [] })())
    expect(toArray(program.step())).toEqual([
      [5, 6, 7],
      [5, 6, 7],
    ])
  })
})
