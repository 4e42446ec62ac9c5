import * as E from 'fp-ts/lib/Either.js'
import {
  add,
  assertShape,
  dim,
  grad,
  isStatistic,
  matmul,
  mul,
  ones,
  pipe,
  ShapeError,
  statistic,
  sum,
  type Tensor,
  toArray,
  zeros,
} from 'shapewright'
import { describe, expect, it } from 'vitest'

// biome-ignore lint/suspicious/noExplicitAny: what assertShape is for
type Loose = Tensor<any, any>
const message = (x: unknown, shape: readonly unknown[], dtype = 'f32'): string => {
  const checked = (
    assertShape as unknown as (shape: unknown, dtype: unknown) => (x: unknown) => E.Either<{ readonly message: string }, Loose>
  )(
    shape,
    dtype,
  )(x)
  return E.isLeft(checked) ? checked.left.message : 'no error'
}

describe('assertShape', () => {
  it('gives the tensor with its names', () => {
    const x: Loose = ones([2, 3])
    const y = pipe(x, assertShape(['batch', 3]), E.map(matmul(ones([3, 1]))))
    expect(E.isRight(y) && [y.right.shape, toArray(y.right)]).toEqual([
      ['batch', 1],
      [[3], [3]],
    ])
  })
  it('gives the same tensor where nothing is new', () => {
    for (const x of [ones([2, 3]), add(ones([2]), 1), zeros(['batch']), zeros([dim('n', 2)], 'i32')])
      expect(pipe(x as Loose, (assertShape as (shape: unknown, dtype: unknown) => (x: unknown) => unknown)(x.shape, x.dtype))).toEqual(
        E.right(x),
      )
  })
  it('keeps a statistic one', () => {
    const checked = pipe(statistic(ones([2])), assertShape(['n']))
    expect(E.isRight(checked) && isStatistic(checked.right)).toBe(true)
  })
  it.each([
    [zeros([32, 783]), ['batch', 784], 'f32', 'assertShape: expected [batch, 784], got [32, 783]'],
    [zeros([784]), ['batch', 784], 'f32', 'assertShape: expected [batch, 784], got [784]'],
    [zeros([2], 'i32'), [2], 'f32', 'assertShape: expected [2], got i32 [2]'],
    [zeros([2]), [2], 'bool', 'assertShape: expected bool [2], got [2]'],
    [zeros([3, 4]), ['n', 'n'], 'f32', 'assertShape: expected [n, n], got [3, 4]'],
    [zeros([6]), [dim('n', 5)], 'f32', 'assertShape: expected [n] with n = 5, got [6]'],
    [zeros([dim('n', 6)]), [dim('n', 5)], 'f32', 'assertShape: expected [n] with n = 5, got [n] with n = 6'],
    [zeros(['n']), [dim('n', 5)], 'f32', 'assertShape: expected [n] with n = 5, got [n]'],
    [zeros(['n']), [5], 'f32', 'assertShape: expected [5], got [n]'],
    [zeros(['n']), ['m'], 'f32', 'assertShape: expected [m], got [n]'],
    [zeros(['n', 5]), ['n', 'n'], 'f32', 'assertShape: expected [n, n], got [n, 5]'],
    [zeros([5, 'n']), ['n', 'n'], 'f32', 'assertShape: expected [n, n], got [5, n]'],
    [[1, 2], [2], 'f32', 'assertShape: expected [2], got an array'],
    [null, [2], 'f32', 'assertShape: expected [2], got null'],
    [zeros([5]), [5], 'f32', 'no error'],
    [zeros([dim('n', 5)]), [5], 'f32', 'no error'],
    [zeros([dim('n', 5)]), ['m'], 'f32', 'no error'],
    [zeros([dim('n', 5), 5]), ['m', 'm'], 'f32', 'no error'],
    [zeros(['n', 'n']), ['n', 'n'], 'f32', 'no error'],
    [zeros([5]), [dim('n', 5)], 'f32', 'no error'],
    [zeros(['a*b']), ['a*b'], 'f32', 'no error'],
    [zeros(['a', 'b', 'a*b']), ['a', 'b', 'a*b'], 'f32', 'no error'],
    [zeros([2, 3, 6]), ['a', 'b', 'a*b'], 'f32', 'no error'],
    [zeros([dim('c', 6), 3, 2]), ['a*b', 'a', 'b'], 'f32', 'no error'],
    [zeros([6, 'a', 2]), ['a*b', 'a', 'b'], 'f32', 'assertShape: expected [a*b, a, b], got [6, a, 2]'],
    [zeros([6]), ['a*b'], 'f32', 'assertShape: expected [a*b], got [6]'],
    [zeros([2, 3, 5]), ['a', 'b', 'a*b'], 'f32', 'assertShape: expected [a, b, a*b], got [2, 3, 5]'],
  ])('%s as %s %s: %s', (x, shape, dtype, sentence) => {
    expect(message(x, shape, dtype)).toBe(sentence)
  })
  it('tells what is wrong as data', () => {
    const tags = [zeros([3, 4]), zeros([3]), zeros([3, 3], 'i32'), 3].map((x) => {
      const checked = assertShape(['n', 'n'])(x as Loose)
      return E.isLeft(checked) ? checked.left : null
    })
    expect(tags).toMatchObject([
      { tag: 'WrongSize', axis: 1, expected: ['n', 'n'], got: [3, 4] },
      { tag: 'WrongRank', got: [3] },
      { tag: 'WrongDType', got: 'i32' },
      { tag: 'NotTensor' },
    ])
  })
  it('binds its names: another size for one of them is a mistake', () => {
    const x = assertShape(['batch', 2])(ones([3, 2]))
    const y = assertShape(['batch', 2])(ones([4, 2]))
    if (E.isLeft(x) || E.isLeft(y)) throw new Error('they fit')
    expect(() => add(x.right, y.right)).toThrow(new ShapeError("dim: 'batch' is 3 here and 4 there"))
  })
  it('lets gradients through', () => {
    const square = (x: Tensor<[3]>) => {
      const checked = pipe(x as Loose, assertShape(['n']))
      if (E.isLeft(checked)) throw new Error(checked.left.message)
      return sum()(mul(checked.right, checked.right))
    }
    expect(toArray(grad(square)(ones([3])))).toEqual([2, 2, 2])
  })
})
