/** Names that every record inherits, sizes that only look bound, and sums beyond 2^53: what values say. */
import * as E from 'fp-ts/lib/Either.js'
import { concatBranches, dataset, dense, input, pipe, rearrange, reduce, sum, tensor, toArray } from 'shapewright'
import { expect, test } from 'vitest'

test('an axis may have the name of what every record inherits', () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ])
  expect(toArray(rearrange('constructor b -> b constructor')(x))).toEqual([
    [1, 4],
    [2, 5],
    [3, 6],
  ])
  expect(toArray(reduce('toString b -> toString', 'sum')(x))).toEqual(toArray(sum(1)(x)))
})

test('a batch of what only looks like a bound size is refused', () => {
  const made = dataset(tensor([[0], [1]]), tensor([[0], [1]]))
  if (E.isLeft(made)) throw new Error(made.left.message)
  // @ts-expect-error: a name must not be empty
  expect(() => made.right.batch({ name: '', size: 2 } as const)[0].shape).toThrow("batch: a name must not be empty or a number, got ''")
})

test('branches whose last axis would be 2^53 or longer are refused', () => {
  const joined: unknown = concatBranches(dense(9007199254740991), dense(1))
  expect(() => pipe(input([1]), joined as never)).toThrow('concatBranches: axis 0 of the result is 2^53 or longer')
})
