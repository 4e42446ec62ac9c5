/** Two operands: arithmetic, comparisons, where, matmul. */
import fc from 'fast-check'
import {
  add,
  broadcastTo,
  cast,
  type Dim,
  dim,
  div,
  equal,
  flatten,
  full,
  greater,
  greaterEqual,
  less,
  lessEqual,
  matmul,
  maximum,
  mean,
  minimum,
  mul,
  notEqual,
  ones,
  permute,
  pipe,
  pow,
  relu,
  reshape,
  type Shape,
  softmax,
  sub,
  sum,
  type Tensor,
  tensor,
  toArray,
  toTypedArray,
  transpose,
  where,
  zeros,
} from 'shapewright'
import { describe, expect, expectTypeOf, it } from 'vitest'

const whole = fc.integer({ min: -8, max: 8 })
const matrix = (rows: number, columns: number) => fc.array(whole, { minLength: rows * columns, maxLength: rows * columns })

describe('arithmetic', () => {
  const [x, y] = [tensor([6, -7, 0.5]), tensor([2, 2, 4])]
  it('is that of numbers', () => {
    expect(toArray(add(x, y))).toEqual([8, -5, 4.5])
    expect(toArray(sub(x, y))).toEqual([4, -9, -3.5])
    expect(toArray(mul(x, y))).toEqual([12, -14, 2])
    expect(toArray(div(x, y))).toEqual([3, -3.5, 0.125])
    expect(toArray(pow(y, tensor([3, 0, 0.5])))).toEqual([8, 1, 2])
    expect(toArray(maximum(x, y))).toEqual([6, 2, 4])
    expect(toArray(minimum(x, y))).toEqual([2, -7, 0.5])
    expect(toArray(div(tensor([7, -7], 'i32'), 2))).toEqual([3, -3])
  })
  it('takes numbers on either side, and one operand in a pipe', () => {
    expect(toArray(sub(1, x))).toEqual([-5, 8, 0.5])
    expect(toArray(sub(x, 1))).toEqual([5, -8, -0.5])
    expect(toArray(pipe(x, sub(1)))).toEqual([5, -8, -0.5])
    expect(toArray(pipe(x, sub(y)))).toEqual([4, -9, -3.5])
  })
  it('compares', () => {
    const [a, b] = [tensor([1, 2, Number.NaN]), tensor([2, 2, Number.NaN])]
    expect(toArray(equal(a, b))).toEqual([false, true, false])
    expect(toArray(notEqual(a, b))).toEqual([true, false, true])
    expect(toArray(less(a, b))).toEqual([true, false, false])
    expect(toArray(lessEqual(a, b))).toEqual([true, true, false])
    expect(toArray(greater(a, b))).toEqual([false, false, false])
    expect(toArray(greaterEqual(a, b))).toEqual([false, true, false])
    expectTypeOf(less(a, 1)).toEqualTypeOf<Tensor<[3], 'bool'>>()
    expectTypeOf(equal(tensor([true]), tensor([false]))).toEqualTypeOf<Tensor<[1], 'bool'>>()
  })
  it('stretches the operand that lacks axes', () =>
    fc.assert(
      fc.property(matrix(2, 3), matrix(1, 3), (a, b) => {
        const [left, right] = [tensor(a, [2, 3]), tensor(b, [3])]
        expect(toArray(add(left, right))).toEqual(toArray(add(left, pipe(right, broadcastTo([2, 3])))))
      }),
    ))
  it('says what is wrong', () => {
    expect(() => add(3 as never)(4 as never)).toThrow('add: two numbers make no tensor; use scalar')
    expect(() => add('x' as never, x)).toThrow('add: expected a tensor, got x')
    expect(() => add(x, null as never)).toThrow('add: expected a tensor, got null')
    expect(() => add(tensor([1], 'i32'), 0.5)).toThrow('add: 0.5 is not an i32')
    expect(() => add(tensor([1], 'i32'), 2 ** 31)).toThrow('add: 2147483648 is not an i32')
    expect(() => equal(tensor([true]), 2 as never)).toThrow('equal: bool and a number do not mix; use cast')
    expect(() => equal(1, tensor([true]) as never)).toThrow('equal: bool and a number do not mix; use cast')
    expect(() => where(tensor([true]), tensor([true]), 0 as never)).toThrow('where: bool and a number do not mix; use cast')
    expect(() => add(x, 1e39)).toThrow('add: 1e+39 is beyond f32')
    expect(() => tensor([1, -1e300])).toThrow('tensor: -1e+300 is beyond f32')
    expect(() => full([2], 3.5e38)).toThrow('full: 3.5e+38 is beyond f32')
    expect(toArray(tensor([Number.NEGATIVE_INFINITY, 3.4028234e38]))[0]).toBe(Number.NEGATIVE_INFINITY)
  })
})

describe('where', () => {
  it('chooses', () => {
    const x = tensor([1, -2, 3])
    expect(toArray(where(greater(x, 0), x, mul(x, 10)))).toEqual([1, -20, 3])
    expect(toArray(where(greater(x, 0), 1, 0))).toEqual([1, 0, 1])
    expectTypeOf(where(greater(x, 0), tensor([1, 2, 3], 'i32'), 0)).toEqualTypeOf<Tensor<[3], 'i32'>>()
    expectTypeOf(where(zeros(['n', 1], 'bool'), zeros(['n', 4]), zeros([4]))).toEqualTypeOf<Tensor<['n', 4]>>()
  })
  it('says what is wrong', () => {
    // @ts-expect-error the condition is no bool
    expect(() => where(zeros([2]), 1, 0)).toThrow('where: the condition must be bool, got f32')
    // @ts-expect-error nothing has the shape of the result
    expect(() => where(zeros([2, 1], 'bool'), zeros([3]), 0)).toThrow(
      'where: none of [2, 1], [3] and [] has the shape [2, 3]; use broadcastTo',
    )
  })
})

describe('matmul', () => {
  it('is the sum of products', () =>
    fc.assert(
      fc.property(matrix(2, 3), matrix(3, 2), (a, b) => {
        const product = toTypedArray(matmul(tensor(a, [2, 3]), tensor(b, [3, 2])))
        const at = (i: number, j: number) => [0, 1, 2].reduce((total, k) => total + (a[i * 3 + k] as number) * (b[k * 2 + j] as number), 0)
        expect([...product]).toEqual([at(0, 0), at(0, 1), at(1, 0), at(1, 1)])
      }),
    ))
  it('goes through batches one by one', () => {
    const [a, b] = [tensor([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]), tensor([1, 0, 0, 1, 2, 0, 0, 2], [2, 2, 2])]
    expect(toArray(matmul(a, b))).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
      [
        [10, 12],
        [14, 16],
      ],
    ])
    expect(
      toArray(
        matmul(
          a,
          tensor([
            [0, 1],
            [1, 0],
          ]),
        ),
      ),
    ).toEqual([
      [
        [2, 1],
        [4, 3],
      ],
      [
        [6, 5],
        [8, 7],
      ],
    ])
    expect(toArray(matmul(tensor([1, 2]), tensor([[1], [10]])))).toEqual([21])
  })
  it('turned around is the product of the turned', () =>
    fc.assert(
      fc.property(matrix(2, 3), matrix(3, 4), (a, b) => {
        const [x, y] = [tensor(a, [2, 3]), tensor(b, [3, 4])]
        expect(toArray(transpose(matmul(x, y)))).toEqual(toArray(matmul(transpose(y), transpose(x))))
      }),
    ))
  it('has batch dims of the operand that has them all', () => {
    expectTypeOf(matmul(zeros(['b', 1, 2, 3]), zeros(['b', 8, 3, 4]).shape ? zeros([3, 4]) : zeros([3, 4]))).toEqualTypeOf<
      Tensor<['b', 1, 2, 4]>
    >()
    expectTypeOf(matmul(zeros([1, 2, 3]), zeros([8, 3, 4]))).toEqualTypeOf<Tensor<[8, 2, 4]>>()
    expect(toArray(pipe(matmul(ones([1, 2, 3]), ones([8, 3, 4])), sum()))).toBe(8 * 2 * 4 * 3)
    // @ts-expect-error integers
    expect(() => matmul(zeros([2, 2], 'i32'), zeros([2, 2]))).toThrow('matmul: expected f32, got i32')
  })
})

describe('functions that are generic', () => {
  it('in the batch', () => {
    const centre = <B extends Dim>(x: Tensor<[B, 7]>, b: Tensor<[7]>) =>
      pipe(x, add(b), sub(pipe(x, mean(1, { keepDims: true }))), relu, softmax(-1))
    expectTypeOf(centre(zeros([dim('batch', 3), 7]), zeros([7]))).toEqualTypeOf<Tensor<['batch', 7]>>()
    expectTypeOf(centre(zeros([5, 7]), zeros([7]))).toEqualTypeOf<Tensor<[5, 7]>>()
    const scores = <B extends Dim>(q: Tensor<[B, 'time', 64]>, k: Tensor<[B, 64, 'time']>) => pipe(q, matmul(k), mul(0.125), softmax(-1))
    expectTypeOf(scores(zeros([2, 'time', 64]), zeros([2, 64, 'time']))).toEqualTypeOf<Tensor<[2, 'time', 'time']>>()
    const heads = <B extends Dim>(x: Tensor<[B, 784]>) => pipe(x, reshape([x.shape[0], 28, -1]), permute([0, 2, 1]))
    expectTypeOf(heads(zeros([5, 784]))).toEqualTypeOf<Tensor<[5, 28, 28]>>()
    expect(heads(zeros([5, 784])).shape).toEqual([5, 28, 28])
    const again = <B extends Dim>(x: Tensor<[B, 784]>) =>
      pipe(x, reshape([x.shape[0], 28, 28]), flatten, add(x), mul(pipe(ones([784]), broadcastTo([x.shape[0], 784]))))
    expectTypeOf(again(zeros(['batch', 784]))).toEqualTypeOf<Tensor<['batch', 784]>>()
  })
  it('in a size', () => {
    const rows = <const H extends number>(h: H) => add(zeros([h, 784]), ones([784]))
    expectTypeOf(rows(5)).toEqualTypeOf<Tensor<[5, 784]>>()
  })
  it('in the whole shape', () => {
    const square = <S extends Shape>(y: Tensor<S>) => pipe(mul(mul(y, y), 0.5), add(y), relu, sub(1), (z) => sub(1, z))
    expectTypeOf(square(zeros(['batch', 10]))).toEqualTypeOf<Tensor<['batch', 10]>>()
    const halves = <S extends Shape>(y: Tensor<S>) => cast('i32')(div(y, 2))
    expectTypeOf(halves(zeros([2, 3]))).toEqualTypeOf<Tensor<[2, 3], 'i32'>>()
  })
})
