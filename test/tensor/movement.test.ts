/** Reductions and movement: their values, and the laws that tie them together. */
import fc from 'fast-check'
import {
  argmax,
  concat,
  type Dim,
  dim,
  dropout,
  expandDims,
  flatten,
  greater,
  input,
  logSoftmax,
  logSumExp,
  max,
  mean,
  min,
  mul,
  oneHot,
  pad,
  permute,
  pipe,
  relu,
  reshape,
  slice,
  softmax,
  squeeze,
  sum,
  type Tensor,
  tensor,
  toArray,
  toTypedArray,
  transpose,
  variance,
  where,
  zeros,
} from 'shapewright'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { nodeOf } from '../../src/graph/node.ts'

const six = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 6, maxLength: 6 })
const grid = tensor([
  [1, 5, 2],
  [4, 0, 4],
])
const list = (x: Tensor<never, never>) => [...toTypedArray(x)]

describe('reductions', () => {
  it('go over one axis, several or all', () => {
    expect(toArray(pipe(grid, sum(0)))).toEqual([5, 5, 6])
    expect(toArray(pipe(grid, sum(-1)))).toEqual([8, 8])
    expect(toArray(pipe(grid, sum([0, -1])))).toBe(16)
    expect(toArray(pipe(grid, sum(null, { keepDims: true })))).toEqual([[16]])
    expect(toArray(pipe(grid, mean(1)))).toEqual([Math.fround(8 / 3), Math.fround(8 / 3)])
    expect(toArray(pipe(grid, max(0, { keepDims: true })))).toEqual([[4, 5, 4]])
    expect(toArray(pipe(grid, min()))).toBe(0)
    expect(toArray(pipe(grid, variance()))).toBeCloseTo(mean2([1, 5, 2, 4, 0, 4]), 5)
    expect(toArray(pipe(grid, argmax(0)))).toEqual([1, 0, 1])
    expect(toArray(pipe(grid, argmax(-1)))).toEqual([1, 0])
    expect(toArray(pipe(grid, sum([])))).toEqual(toArray(grid))
    expect(toArray(pipe(tensor([[2, 3]], 'i32'), sum(1)))).toEqual([5])
  })
  it('of nothing', () => {
    expect(toArray(pipe(zeros([0]), sum()))).toBe(0)
    expect(toArray(pipe(zeros([0]), max()))).toBe(Number.NEGATIVE_INFINITY)
    expect(toArray(pipe(zeros([2, 0]), sum(1)))).toEqual([0, 0])
  })
  it('count a dim whose size is a name', () => expect(toArray(pipe(tensor([1, 2, 6], [dim('n', 3)]), mean()))).toBe(3))
  it('say what is wrong', () => {
    expect(() => sum('0' as never)(grid as never)).toThrow('sum: axis 0 is out of range for [2, 3]')
    expect(() => mean()(tensor([1], 'i32') as never)).toThrow('mean: expected f32, got i32')
    expect(() => sum()(tensor([true]) as never)).toThrow('sum: expected f32 or i32, got bool')
    expect(() => mean()(3 as never)).toThrow('mean: expected a tensor, got 3')
  })
})
const mean2 = (values: readonly number[]) => {
  const middle = values.reduce((a, b) => a + b) / values.length
  return values.reduce((total, value) => total + (value - middle) ** 2, 0) / values.length
}

describe('softmax', () => {
  it('is a distribution that a shift does not move', () =>
    fc.assert(
      fc.property(six, fc.integer({ min: -1000, max: 1000 }), (values, shift) => {
        const p = list(softmax(-1)(tensor(values, [2, 3])) as never)
        const q = list(
          softmax(-1)(
            tensor(
              values.map((value) => value + shift),
              [2, 3],
            ),
          ) as never,
        )
        expect((p[0] as number) + (p[1] as number) + (p[2] as number)).toBeCloseTo(1, 6)
        expect(q).toEqual(p)
      }),
    ))
  it('and its logarithm agree, far away too', () => {
    const far = tensor([
      [1000, 0, -1000],
      [-1e30, 1e30, 0],
    ])
    expect(list(softmax(-1)(far) as never)).toEqual([1, 0, 0, 0, 1, 0])
    expect(list(logSoftmax(-1)(far) as never)).toEqual([0, -1000, -2000, -Math.fround(2e30), 0, -Math.fround(1e30)])
    expect(list(pipe(far, logSumExp(-1)) as never)).toEqual([1000, Math.fround(1e30)])
  })
  it('works along any axis', () => expect(list(softmax(0)(tensor([[1], [1]])) as never)).toEqual([0.5, 0.5]))
})

describe('movement', () => {
  it('back and forth is nothing', () =>
    fc.assert(
      fc.property(six, (values) => {
        const x = tensor(values, [1, 2, 3])
        const same = [
          pipe(x, reshape([3, -1]), reshape([1, 2, 3])),
          pipe(x, permute([2, 0, 1]), permute([1, 2, 0])),
          transpose(transpose(x)),
          pipe(x, expandDims(0), squeeze([0])),
          pipe(x, squeeze(0), expandDims(0)),
          pipe(
            x,
            pad([
              [1, 2],
              [0, 1],
              [2, 0],
            ]),
            slice([1, 0, 2], [2, 2, 5]),
          ),
          concat([pipe(x, slice([null, 0], [null, 1])), pipe(x, slice([null, 1], [null, null]))], 1),
        ]
        for (const y of same) expect(toArray(y)).toEqual(toArray(x))
      }),
    ))
  it('names multiply, and cancel', () => {
    const x = zeros([dim('batch', 2), dim('time', 3), 4])
    const rows = pipe(x, reshape([-1, 4]))
    expectTypeOf(rows).toEqualTypeOf<Tensor<['batch*time', 4]>>()
    expect(rows.shape).toEqual(['batch*time', 4])
    expect(toArray(rows).length).toBe(6)
    const back = pipe(rows, reshape(['batch', 'time', 4]))
    expectTypeOf(back).toEqualTypeOf<Tensor<['batch', 'time', 4]>>()
    expect(toArray(back)[1]?.length).toBe(3)
    expectTypeOf(pipe(x, reshape([-1]))).toEqualTypeOf<Tensor<['4*batch*time']>>()
    expectTypeOf(flatten(x)).toEqualTypeOf<Tensor<['batch', '4*time']>>()
    expect(nodeOf(pipe(zeros(['n']), reshape([dim('n', 4), 1]))).sizes).toEqual({ n: 4 })
  })
  it('of a batch whose dim is a type parameter', () => {
    const images = <B extends Dim>(x: Tensor<[B, 4, 6, 3]>) =>
      pipe(
        x,
        mean([1, -2], { keepDims: true }),
        squeeze([1, 2]),
        expandDims(-1),
        pad([
          [0, 0],
          [1, 0],
          [0, 0],
        ]),
        slice([null, 1], [null, null]),
      )
    expectTypeOf(images(zeros(['batch', 4, 6, 3]))).toEqualTypeOf<Tensor<['batch', 3, 1]>>()
    expect(images(zeros([2, 4, 6, 3])).shape).toEqual([2, 3, 1])
    const both = <B extends Dim>(x: Tensor<[B, 4, 6]>, y: Tensor<[B, 4]>) =>
      concat([pipe(x, sum([2])), y, where(greater(y, 0), y, pipe(x, permute([0, 2, 1]), transpose, max(-1)))], 1)
    expectTypeOf(both(zeros(['batch', 4, 6]), zeros(['batch', 4]))).toEqualTypeOf<Tensor<['batch', 12]>>()
    expect(both(zeros([2, 4, 6]), zeros([2, 4])).shape).toEqual([2, 12])
  })
  it('pads with a value', () => {
    expect(toArray(pipe(tensor([1, 2]), pad([[1, 1]], -3)))).toEqual([-3, 1, 2, -3])
    expect(toArray(pipe(tensor([true]), pad([[1, 0]], 1)))).toEqual([true, true])
    expect(() => pad([[1, 0]], 0.5)(tensor([1], 'i32'))).toThrow('pad: 0.5 is not an i32')
  })
  it('has one hot', () => {
    expect(toArray(pipe(tensor([[1], [3]], 'i32'), oneHot(3)))).toEqual([[[0, 1, 0]], [[0, 0, 0]]])
    expectTypeOf(pipe(zeros(['batch'], 'i32'), oneHot(dim('classes', 5)))).toEqualTypeOf<Tensor<['batch', 'classes']>>()
  })
  it('joins', () => {
    expect(toArray(concat([tensor([1]), tensor([2, 3]), tensor([4])]))).toEqual([1, 2, 3, 4])
    expectTypeOf(concat([zeros(['n', 2]), zeros(['n', 3])], -1)).toEqualTypeOf<Tensor<['n', 5]>>()
    expectTypeOf(concat([mul(zeros([2]), 2), zeros([2])])).toEqualTypeOf<Tensor<[4]>>()
    expect(() => concat([] as never)).toThrow('concat: nothing to join')
    expect(() => concat(3 as never)).toThrow('concat: expected a list of tensors, got 3')
  })
  it('says what is wrong from JavaScript', () => {
    expect(() => reshape(4 as never)).toThrow('reshape: expected a list of sizes, as [2, 3], got 4')
    expect(() => reshape([-2] as never)).toThrow('reshape: a size must be a whole number, got -2')
    expect(() => permute(1 as never)(grid as never)).toThrow('permute: 1 is not a permutation of the 2 axes of [2, 3]')
    expect(() => slice([0.5], [1])(grid as never)).toThrow('slice: 0.5 to 1 is out of range for axis 0 of [2, 3]')
    expect(() => slice(0 as never, 1 as never)(grid as never)).toThrow('slice: 0 starts and 0 ends for [2, 3]')
    expect(() => pad(1 as never)(grid as never)).toThrow('pad: 0 pairs for [2, 3]')
    expect(() => pad([1, 2] as never)(grid as never)).toThrow('pad: a size must be a whole number, got NaN')
    expect(() => expandDims(undefined as never)(grid as never)).toThrow('expandDims: axis undefined is out of range for [2, 3]')
  })
})

describe('operations without weights', () => {
  it('extend a model', () => {
    const model = pipe(input([2, 3]), relu, flatten, softmax(-1), dropout(0.5))
    expect(
      toArray(
        model.apply(
          {},
          tensor([
            [
              [1, 1, 1],
              [1, 1, 1],
            ],
          ]),
        ),
      ),
    ).toEqual([Array(6).fill(Math.fround(1 / 6))])
    // @ts-expect-error the axis counts from the front
    expect(() => pipe(input([3]), softmax(0))).toThrow('softmax: in a model the axis counts from the end, as -1; got 0')
  })
  it('say what they expected', () => {
    expect(() => relu(3 as never)).toThrow('relu: expected a tensor or a model')
    expect(() => flatten(tensor([1], 'i32') as never)).toThrow('flatten: expected f32, got i32')
    expect(() => flatten(tensor(1) as never)).toThrow('flatten: needs a batch dim, got []')
  })
})
