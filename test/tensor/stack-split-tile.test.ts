/** Stacking, splitting and tiling: values and gradients worked out by hand, compiled and not. */
import * as E from 'fp-ts/lib/Either.js'
import {
  add,
  compile,
  type Dim,
  grad,
  key,
  mul,
  normal,
  pipe,
  spec,
  split,
  stack,
  sum,
  type Tensor,
  tensor,
  tile,
  toArray,
  zeros,
} from 'shapewright'
import { describe, expect, it } from 'vitest'

const grid = tensor([
  [1, 2, 3],
  [4, 5, 6],
])

describe('stack', () => {
  it('puts tensors along a new axis, anywhere', () => {
    const [a, b] = [tensor([1, 2]), tensor([3, 4])] as const
    expect(toArray(stack([a, b]))).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(toArray(stack([a, b], 1))).toEqual([
      [1, 3],
      [2, 4],
    ])
    expect(toArray(stack([a, b], -1))).toEqual(toArray(stack([a, b], 1)))
    expect(toArray(stack([a, b], -2))).toEqual(toArray(stack([a, b])))
    expect(toArray(stack([tensor(true), tensor(false)]))).toEqual([true, false])
    expect(toArray(stack([grid]))).toEqual([toArray(grid)])
    expect(stack([zeros(['n', 3]), zeros(['n', 3])], 1).shape).toEqual(['n', 2, 3])
    expect(stack([zeros([2, 0]), zeros([2, 0])], -1).shape).toEqual([2, 0, 2])
  })

  it('of all ranks is undone by split', () => {
    const xs = [normal(key(1), [2, 1, 3, 2]), normal(key(2), [2, 1, 3, 2])] as const
    const parts = pipe(stack(xs, -2), split(2, 3))
    expect(parts.map((part) => toArray(part).flat(4))).toEqual(xs.map((x) => toArray(x).flat(4)))
  })

  it('refuses from JavaScript what TypeScript refuses', () => {
    const js = stack as (...args: readonly unknown[]) => unknown
    expect(() => js([])).toThrow('stack: nothing to stack')
    expect(() => js(grid)).toThrow('stack: expected a list of tensors, got a tensor')
    expect(() => js([grid, 3])).toThrow('stack: expected a tensor, got 3')
    expect(() => js([grid, zeros([3, 2])])).toThrow('stack: [2, 3] and [3, 2] are not the same')
    expect(() => js([grid, zeros([2, 3], 'i32')])).toThrow('stack: f32 and i32 do not mix; use cast')
    expect(() => js([grid], 3)).toThrow('stack: axis 3 is out of range for [2, 3]')
    expect(() => js([grid], 0.5)).toThrow('stack: axis 0.5 is out of range for [2, 3]')
  })
})

describe('split', () => {
  it('gives equal parts, or parts of the sizes that are given', () => {
    const [upper, lower] = pipe(grid, split(2))
    expect([upper, lower].map((part) => toArray(part))).toEqual([[[1, 2, 3]], [[4, 5, 6]]])
    const [left, none, right] = pipe(grid, split([1, 0, 2], -1))
    expect(toArray(left)).toEqual([[1], [4]])
    expect(none.shape).toEqual([2, 0])
    expect(toArray(right)).toEqual([
      [2, 3],
      [5, 6],
    ])
    expect(pipe(zeros(['batch', 4], 'bool'), split(4, 1)).map(({ shape, dtype }) => [shape, dtype])).toEqual(
      Array.from({ length: 4 }, () => [['batch', 1], 'bool']),
    )
    expect(pipe(zeros([0]), split([]))).toEqual([])
  })

  it('is one value for keys and for tensors', () => {
    expect(pipe(key(0), split).map(({ bits }) => toArray(bits))).toEqual(split(key(0)).map(({ bits }) => toArray(bits)))
  })

  it('refuses from JavaScript what TypeScript refuses', () => {
    const js = split as (...args: readonly unknown[]) => (x: unknown) => unknown
    expect(() => js(2)(3)).toThrow('split: expected a tensor, got 3')
    expect(() => js(2, 2)(grid)).toThrow('split: axis 2 is out of range for [2, 3]')
    expect(() => js(3)(zeros(['n']))).toThrow('split: axis 0 of [n] is named, and a part of a name has no size')
    expect(() => js(2, 1)(grid)).toThrow('split: axis 1 of [2, 3] does not divide into 2 equal parts')
    for (const count of [0, -1, 1.5, 513, Number.NaN]) expect(() => js(count)(grid)).toThrow(`from 1 to 512, got ${count}`)
    expect(() => js([1, 1], 1)(grid)).toThrow('split: the sizes [1, 1] do not add up to axis 1 of [2, 3]')
    expect(() => js([4, -1], 1)(grid)).toThrow('split: a size must be a whole number, got -1')
    expect(() => js(['n', 1], 1)(grid)).toThrow('split: a size must be a whole number, got n')
    expect(() => js([2 ** 53, 1])(grid)).toThrow('split: a size must be below 2^53, got 9007199254740992')
  })
})

describe('tile', () => {
  it('repeats each axis, aligned from the last', () => {
    expect(toArray(pipe(tensor([1, 2]), tile([2])))).toEqual([1, 2, 1, 2])
    expect(toArray(pipe(tensor([[1], [2]]), tile([2, 3])))).toEqual([
      [1, 1, 1],
      [2, 2, 2],
      [1, 1, 1],
      [2, 2, 2],
    ])
    expect(toArray(pipe(tensor([1, 2]), tile([2, 1, 2])))).toEqual([[[1, 2, 1, 2]], [[1, 2, 1, 2]]])
    expect(toArray(pipe(grid, tile([2])))).toEqual([
      [1, 2, 3, 1, 2, 3],
      [4, 5, 6, 4, 5, 6],
    ])
    expect(pipe(zeros(['n', 2], 'i32'), tile([3, 1, 2])).shape).toEqual([3, 'n', 4])
    expect(pipe(grid, tile([0, 1])).shape).toEqual([0, 3])
    expect(toArray(pipe(tensor(true), tile([2])))).toEqual([true, true])
  })

  it('refuses from JavaScript what TypeScript refuses', () => {
    const js = tile as (repeats: unknown) => (x: unknown) => unknown
    expect(() => js(2)).toThrow('tile: expected a list of repeats, as [2, 1], got 2')
    expect(() => js([2])(3)).toThrow('tile: expected a tensor, got 3')
    expect(() => js([1.5])(grid)).toThrow('tile: a size must be a whole number, got 1.5')
    expect(() => js(['n'])(grid)).toThrow('tile: a size must be a whole number, got n')
    expect(() => js([2, 1])(zeros(['n', 3]))).toThrow("tile: 'n' of [n, 3] is a name; its repeats must be 1, got 2")
    expect(() => js([2])(zeros([2 ** 52]))).toThrow('tile: axis 0 of the result is 2^53 or longer')
  })
})

/** Each part weighs otherwise, so that no gradient is right by symmetry. */
const weighed = <B extends Dim>(x: Tensor<[B, 6]>): Tensor<[]> => {
  const [a, b] = pipe(x, split([2, 4], 1))
  const tiled = pipe(a, tile([1, 2]), mul(b))
  return pipe(stack([tiled, mul(b, b)], -1), mul(tensor([1, 3])), sum())
}

describe('together', () => {
  const x = normal(key(3), [2, 6])

  it('they have the gradient of the sum they are', () => {
    // sum(a_i mod 2 b_i + 3 b_i^2), where x = [a0, a1, b0, b1, b2, b3]
    const expected = (toArray(x) as number[][]).map((row) => {
      const [a0, a1, b0, b1, b2, b3] = row as [number, number, number, number, number, number]
      return [b0 + b2, b1 + b3, a0 + 6 * b0, a1 + 6 * b1, a0 + 6 * b2, a1 + 6 * b3]
    })
    const got = toArray(grad(weighed<2>)(x)) as number[][]
    for (const [i, row] of got.entries()) for (const [j, g] of row.entries()) expect(g).toBeCloseTo(expected[i]?.[j] as number, 5)
  })

  it('they compile, and the program agrees', async () => {
    const step = (state: Tensor<[]>, x: Tensor<['b', 6]>) => [add(state, weighed(x)), pipe(x, tile([2, 1, 1]))] as const
    const compiled = await compile(step, { state: zeros([]), args: [spec(['b', 6])], bind: { b: 2 } })()
    if (E.isLeft(compiled)) throw new Error(compiled.left.tag)
    const tiled = compiled.right.step(x as never)
    expect(toArray(tiled)).toEqual([toArray(x), toArray(x)])
    expect(toArray(compiled.right.read())).toBeCloseTo(toArray(weighed(x)), 4)
  })
})
