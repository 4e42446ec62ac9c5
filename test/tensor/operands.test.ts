/** Arguments of another kind than what is asked for, in the words of their types. */
import { describe, expect, it } from 'vitest'
import { dense, input, iota, key, matmul, mean, pipe, predict, samples, tensor, tensorOf, zeros } from '../../src/index.ts'
import { ShapeError } from '../../types/shape-error.ts'

/** Any function, as JavaScript calls it. */
const untyped = (f: unknown) => f as (...args: readonly unknown[]) => unknown

describe('what is refused as its type is', () => {
  it.each<[string, () => unknown]>([
    ['mean: expected a tensor, got a model', () => untyped(mean())(input([6, 8]))],
    ['matmul: expected a tensor, got an array', () => untyped(matmul)(zeros([2, 2]), [1])],
    ['tensor: a typed array has no shape; write tensor(values, [2, 3])', () => tensor(Float32Array.of(1, 2))],
    ['tensor: a typed array has no shape; write tensor(values, [2, 3])', () => tensor(Int32Array.of(1, 2), 'i32')],
    ['iota: expected a list of sizes, as [2, 3], got 4', () => untyped(iota)(4)],
    ['samples: expected a list of sizes, as [2, 3], got 2', () => untyped(samples)([1, 2], 2)],
    ['tensorOf: expected a list of sizes, as [2, 3], got batch', () => untyped(tensorOf)('batch')],
    [
      'predict: the model takes samples of [4] with a batch dim in front, got [4]',
      () => {
        const model = pipe(input([4]), dense(1))
        return untyped(predict)(model, { params: model.init(key(0)), inputs: zeros([4]) })
      },
    ],
  ])('%s', (sentence, f) => {
    expect(f).toThrow(new ShapeError(sentence))
  })
})
