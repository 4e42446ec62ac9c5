/** Making tensors, reading them back, computing. */
import { inspect } from 'node:util'
import fc from 'fast-check'
import {
  add,
  cast,
  compute,
  dim,
  full,
  iota,
  mul,
  ones,
  pipe,
  print,
  ShapeError,
  scalar,
  statistic,
  sum,
  type Tensor,
  tensor,
  toArray,
  toTypedArray,
  zeros,
} from 'shapewright'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { parameter } from '../../src/graph/expression.ts'
import { nodeOf, tensorOf } from '../../src/graph/node.ts'

describe('tensor', () => {
  it('has the shape of nested arrays', () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expectTypeOf(x).toEqualTypeOf<Tensor<[2, 3]>>()
    expect(x.shape).toEqual([2, 3])
    expectTypeOf(tensor(3)).toEqualTypeOf<Tensor<[]>>()
    expectTypeOf(tensor([[true], [false]])).toEqualTypeOf<Tensor<[2, 1], 'bool'>>()
    expectTypeOf(tensor([1, 2], 'i32')).toEqualTypeOf<Tensor<[2], 'i32'>>()
    expectTypeOf(tensor([] as const)).toEqualTypeOf<Tensor<[0]>>()
  })
  it('takes values and a shape', () => {
    const x = tensor([1, 2, 3, 4], [2, dim('n', 2)])
    expectTypeOf(x).toEqualTypeOf<Tensor<[2, 'n']>>()
    expect(toArray(x)).toEqual([
      [1, 2],
      [3, 4],
    ])
    expectTypeOf(tensor(new Int32Array([1]), [1], 'i32')).toEqualTypeOf<Tensor<[1], 'i32'>>()
  })
  it('keeps a copy', () => {
    const values = Float32Array.of(1, 2)
    const x = tensor(values, [2])
    values[0] = 9
    const read = toTypedArray(x) as unknown as Float32Array
    read[1] = 9
    expect(toArray(x)).toEqual([1, 2])
  })
  it('gives back what it was given', () => {
    const rows = fc
      .integer({ min: 1, max: 4 })
      .chain((n) => fc.array(fc.array(fc.float({ noDefaultInfinity: true }), { minLength: n, maxLength: n }), { maxLength: 4 }))
    fc.assert(
      fc.property(rows, (values) => {
        expect(toArray(tensor(values as never))).toEqual(values)
      }),
    )
  })
  it('refuses what makes no tensor', () => {
    expect(() => tensor([[1, 2], [3]])).toThrow('tensor: the arrays differ in length')
    expect(() => tensor([1, [2]])).toThrow('tensor: the arrays differ in length')
    expect(() => tensor([1, true])).toThrow('tensor: numbers and booleans do not mix')
    expect(() => tensor(['1'] as never)).toThrow('tensor: expected numbers or booleans, got 1')
    expect(() => tensor(null as never)).toThrow('tensor: expected numbers or booleans, got null')
    expect(() => tensor([1.5], 'i32')).toThrow('tensor: 1.5 is not an i32')
    expect(() => tensor([2], 'bool')).toThrow('tensor: 2 is not a bool')
    expect(() => tensor([1], 'f64' as never)).toThrow('tensor: expected f32, i32 or bool, got f64')
    expect(() => tensor([1, 2, 3], [2, 2])).toThrow('tensor: [2, 2] has 4 elements, got 3 values')
    expect(() => tensor([1, 2], ['n'])).toThrow("tensor: the size of 'n' is not known; write dim('n', n)")
    expect(() => tensor([1], [Number.NaN] as never)).toThrow('tensor: a size must be a whole number, got NaN')
    expect(() => tensor({} as never, [1])).toThrow('tensor: expected numbers, got an object')
    expect(() => tensor([[1, 2]] as never, [1, 2])).toThrow('tensor: beside a shape, values stand in a flat list; write values.flat()')
  })
})

describe('tensors in plain JavaScript', () => {
  it('are no numbers', () => {
    const x: unknown = tensor([1, 2])
    const message = 'tensor: operators and Math take numbers; write add(x, y), less(x, y), exp(x)'
    expect(() => (x as number) + 1).toThrow(new ShapeError(message))
    expect(() => (x as number) > 0).toThrow(new ShapeError(message))
    expect(() => Math.exp(x as number)).toThrow(new ShapeError(message))
  })
  it('are all that is printed', () => {
    expect(() => print({ rate: 1 })).toThrow(new ShapeError('print: there is no tensor in it; summary shows a model'))
  })
  it('are text in a template, as on a console', () => {
    expect(`${tensor([1, 2])}`).toBe('f32 [2] [1, 2]')
  })
})

describe('constant tensors', () => {
  it('have a shape and a dtype', () => {
    expectTypeOf(zeros([2, 'n'], 'i32')).toEqualTypeOf<Tensor<[2, 'n'], 'i32'>>()
    expect(toArray(zeros([2], 'bool'))).toEqual([false, false])
    expect(toArray(full([2], 7, 'i32'))).toEqual([7, 7])
    expect(toArray(scalar(0.5))).toBe(0.5)
    expect(toArray(iota([2, 2]))).toEqual([
      [0, 0],
      [1, 1],
    ])
    expect(toArray(zeros([0, 3]))).toEqual([])
    expect(toArray(zeros([2, 0]))).toEqual([[], []])
  })
  it('refuse what is no size', () => {
    expect(() => zeros([-5] as never)).toThrow('zeros: a size must be a whole number, got -5')
    expect(() => zeros(3 as never)).toThrow('zeros: expected a list of sizes, as [2, 3], got 3')
    expect(() => ones([undefined] as never)).toThrow('ones: a size must be a whole number, got undefined')
    expect(() => ones([''] as never)).toThrow("ones: a name must not be empty or a number, got ''")
    expect(() => full([2], 'x' as never)).toThrow('full: expected a number, got x')
    expect(() => full([2], 0.5, 'i32')).toThrow('full: 0.5 is not an i32')
    expect(() => scalar('x' as never)).toThrow('scalar: expected a number, got x')
    expect(() => iota([2], 1)).toThrow('iota: axis 1 is out of range for [2]')
  })
})

describe('dim', () => {
  it('binds a name to a size', () => {
    expect(toArray(add(ones([2, dim('n', 3)]), zeros([dim('n', 3)])))).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ])
    expect(zeros(['batch', dim('hidden', 3)]).shape).toEqual(['batch', 'hidden'])
    expect(nodeOf(zeros(['batch', dim('hidden', 3)])).sizes).toEqual({ hidden: 3 })
  })
  it('gives one size to a name', () => {
    expect(() => zeros([dim('n', 3), dim('n', 4)])).toThrow("dim: 'n' is 3 here and 4 there")
    expect(() => add(zeros([dim('n', 3)]), ones([dim('n', 4)]))).toThrow("dim: 'n' is 3 here and 4 there")
  })
  it('refuses what is neither a name nor a size', () => {
    expect(() => dim('n', 2.5)).toThrow('dim: a size must be a whole number, got 2.5')
    expect(() => dim('n', '3' as never)).toThrow('dim: a size must be a whole number, got 3')
    expect(() => dim(3 as never, 3)).toThrow('dim: the name must be text, got 3')
    expect(() => zeros([{ name: 'n', size: -1 }])).toThrow('zeros: a size must be a whole number, got -1')
  })
})

describe('compute', () => {
  it('gives back the same tree, of data', () => {
    const tree = { a: mul(ones([2]), 3), more: [scalar(1), null, 'text'] as const }
    const computed = compute(tree)
    expectTypeOf(computed).toEqualTypeOf(tree)
    expect(computed.a.op).toBe('data')
    expect(toArray(computed.a)).toEqual([3, 3])
    expect(computed.more[2]).toBe('text')
  })
  it('leaves data alone', () => {
    const x = tensor([1, 2])
    expect(compute(x)).toBe(x)
  })
  it('rounds to f32 at the end', () => expect(toArray(add(scalar(0.1), 0.2))).toBe(Math.fround(0.1 + 0.2)))
  it('keeps names, sizes and statistics', () => {
    const x = compute(ones([dim('n', 2)]))
    expect([x.shape, nodeOf(x).sizes]).toEqual([['n'], { n: 2 }])
    expect(nodeOf(compute(statistic(ones([2])))).statistic).toBe(true)
  })
  it('needs every size', () =>
    expect(() => toArray(ones(['batch', 2]))).toThrow("compute: the size of 'batch' is not known; bind it, or write dim('batch', n)"))
  it('does not read what is being traced', () => {
    const traced = tensorOf<Tensor<[]>>(parameter('learningRate', [], 'f32'))
    expect(() => toArray(add(traced, 1))).toThrow(
      "compute: 'learningRate' has no value while a function is traced; return the tensor and read the result",
    )
  })
})

describe('reading back', () => {
  it('is as deep as the shape', () => {
    expectTypeOf(toArray(zeros([2, dim('n', 1)]))).toEqualTypeOf<readonly (readonly number[])[]>()
    expectTypeOf(toArray(pipe(ones([2]), sum()))).toEqualTypeOf<number>()
    expectTypeOf(toArray(zeros([2], 'bool'))).toEqualTypeOf<readonly boolean[]>()
  })
  it('gives typed arrays without mutators', () => {
    const read = toTypedArray(tensor([3, 4]))
    expectTypeOf(read.slice()).toEqualTypeOf<Float32Array<ArrayBuffer>>()
    expectTypeOf(read).not.toHaveProperty('set')
    expectTypeOf(read).not.toHaveProperty('buffer')
    expect([...read]).toEqual([3, 4])
    expect(toTypedArray(pipe(tensor([0, 2]), cast('bool'))).slice()).toEqual(Uint8Array.of(0, 1))
  })
  it('refuses what is no tensor', () => expect(() => toArray(3 as never)).toThrow('toArray: expected a tensor, got 3'))
})

it('a console shows a tensor', () => {
  expect(
    inspect(
      tensor([
        [1, 2],
        [3, 4.5],
      ]),
    ),
  ).toBe('f32 [2, 2] [[1, 2], [3, 4.5]]')
  expect(inspect(add(zeros(['batch', 10]), 1))).toMatch(/^f32 \[batch, 10\] = add\(/)
})
