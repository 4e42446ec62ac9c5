/** Picking by index: values against plain loops, what is out of range, gradients, sentences. */
import fc from 'fast-check'
import {
  add,
  compile,
  dim,
  gather,
  grad,
  iota,
  matmul,
  mul,
  oneHot,
  pipe,
  ShapeError,
  spec,
  sum,
  type Tensor,
  tensor,
  toArray,
  transpose,
  zeros,
} from 'shapewright'
import { embedding } from 'shapewright/ops'
import { describe, expect, it } from 'vitest'
import * as ir from '../../src/graph/expression.ts'
import { evaluate } from '../../src/graph/interpret.ts'
import { rightOf } from '../train/values.ts'

const table = tensor([
  [1, 2],
  [3, 4],
  [5, 6],
])
const refuses = (sentence: string, mistake: () => unknown) => expect(mistake).toThrow(new ShapeError(sentence))

describe('gather', () => {
  it('picks rows, columns and elements, as take does', () => {
    expect(toArray(pipe(table, gather(tensor([2, 0, 2], 'i32'))))).toEqual([
      [5, 6],
      [1, 2],
      [5, 6],
    ])
    expect(toArray(pipe(table, gather(tensor([1], 'i32'), -1)))).toEqual([[2], [4], [6]])
    expect(toArray(pipe(table, gather(tensor(1, 'i32'))))).toEqual([3, 4])
    expect(
      toArray(
        pipe(
          tensor([7, 8, 9]),
          gather(
            tensor(
              [
                [2, 1],
                [0, 0],
              ],
              'i32',
            ),
          ),
        ),
      ),
    ).toEqual([
      [9, 8],
      [7, 7],
    ])
    expect(pipe(zeros([2, 3, 5]), gather(iota([4, 1], 0), 1)).shape).toEqual([2, 4, 1, 5])
  })

  it('picks integers and truths too', () => {
    expect(toArray(pipe(tensor([4, 5, 6], 'i32'), gather(tensor([2, 2], 'i32'))))).toEqual([6, 6])
    expect(toArray(pipe(tensor([true, false]), gather(tensor([1, 0, 0], 'i32'))))).toEqual([false, true, true])
  })

  it('is the product of one-hot rows with the table', () => {
    const ids = tensor([2, 1, 1, 0], 'i32')
    expect(toArray(pipe(table, gather(ids)))).toEqual(toArray(pipe(ids, oneHot(3), matmul(table))))
    expect(toArray(pipe(ids, embedding(table)))).toEqual(toArray(pipe(table, gather(ids))))
  })

  it('has names of sizes, and their sizes', () => {
    const rows = dim('rows', 2)
    const picked = pipe(table, gather(tensor([1, 2], [rows], 'i32')))
    expect(picked.shape).toEqual(['rows', 2])
    expect(toArray(add(picked, zeros([rows, 2])))).toEqual([
      [3, 4],
      [5, 6],
    ])
  })

  it('says what is wrong from JavaScript as well', () => {
    const ids = tensor([0], 'i32')
    refuses('gather: expected i32, got f32', () => gather(tensor([0]) as never))
    refuses('gather: expected a tensor, got 3', () => gather(3 as never))
    refuses('gather: expected a tensor, got an array', () => gather(ids)([1, 2] as never))
    refuses('gather: axis 2 is out of range for [3, 2]', () => gather(ids, 2)(table as never))
    refuses('gather: axis -3 is out of range for [3, 2]', () => gather(ids, -3)(table as never))
    refuses('gather: axis 0 is out of range for []', () => gather(ids)(tensor(1) as never))
    refuses('gather: axis first is out of range for [3, 2]', () => gather(ids, 'first' as never)(table as never))
    refuses('embedding: expected a table [vocabulary, features], got [3]', () => embedding(zeros([3]) as never))
    refuses('embedding: expected f32, got i32', () => embedding(zeros([3, 2], 'i32') as never))
    refuses('embedding: expected i32, got f32', () => embedding(table)(zeros([3]) as never))
  })

  it('refuses data that are no index', () => {
    refuses('gather: index 3 is out of range for axis 0 of [3, 2]', () => gather(tensor([0, 3], 'i32'))(table))
    refuses('gather: index -1 is out of range for axis 1 of [3, 2]', () => gather(tensor(-1, 'i32'), 1)(table))
    refuses('embedding: index 9 is out of range for axis 0 of [3, 2]', () => embedding(table)(tensor([[9]], 'i32')))
    const words = zeros([dim('words', 3)])
    refuses('gather: index 3 is out of range for axis 0 of [words]', () => gather(tensor([3], 'i32'))(words))
  })

  it('gives 0 for an index that only a running program knows, and takes no gradient from it', async () => {
    const picked = (x: Tensor<[3, 2]>, ids: Tensor<[4], 'i32'>) => pipe(x, gather(ids))
    const step = (x: Tensor<[3, 2]>, ids: Tensor<[4], 'i32'>) =>
      [x, { rows: picked(x, ids), gradient: grad((p: Tensor<[3, 2]>) => pipe(picked(p, ids), sum()))(x) }] as const
    const program = rightOf(await compile(step, { state: table, args: [spec([4], 'i32')] })())
    const { rows, gradient } = program.step(tensor([3, 1, -1, 2147483647], 'i32'))
    expect(toArray(rows)).toEqual([
      [0, 0],
      [3, 4],
      [0, 0],
      [0, 0],
    ])
    expect(toArray(gradient)).toEqual([
      [0, 0],
      [1, 1],
      [0, 0],
    ])
  })
})

describe('the gradient of gather', () => {
  it('adds up what was picked twice, and has a gradient of its own', () => {
    const ids = tensor([0, 2, 2], 'i32')
    const squares = (x: Tensor<[3, 2]>) => pipe(pipe(x, gather(ids)), (rows) => mul(rows, rows), sum())
    expect(toArray(grad(squares)(table))).toEqual([
      [2, 4],
      [0, 0],
      [20, 24],
    ])
    const curvature = (x: Tensor<[3, 2]>) => pipe(grad(squares)(x), sum())
    expect(toArray(grad(curvature)(table))).toEqual([
      [2, 2],
      [0, 0],
      [4, 4],
    ])
  })

  it('adds to the gradient of a table that is used in another way too', () => {
    const tied = (x: Tensor<[3, 2]>) => pipe(pipe(tensor([1], 'i32'), embedding(x)), matmul(transpose(x)), sum())
    // d/dx of the sum over j of x1 . xj: every row gets x1, and row 1 the sum of all rows
    expect(toArray(grad(tied)(table))).toEqual([
      [3, 4],
      [12, 16],
      [3, 4],
    ])
  })
})

/** Every index of a shape. */
const places = (shape: readonly number[]): readonly (readonly number[])[] =>
  shape.reduce<readonly (readonly number[])[]>((all, n) => all.flatMap((at) => Array.from({ length: n }, (_, i) => [...at, i])), [[]])
const flat = (shape: readonly number[], at: readonly number[]): number => at.reduce((sum, i, axis) => sum * (shape[axis] as number) + i, 0)

describe('the evaluator, against loops over every index', () => {
  const shape = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 })
  const whole = fc.tuple(
    shape,
    fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
    fc.nat(),
    fc.infiniteStream(fc.integer({ min: -1, max: 3 })),
  )

  it('gathers, and adds up where it came from', () => {
    fc.assert(
      fc.property(whole, ([dims, picked, n, stream]) => {
        const axis = n % dims.length
        const length = (all: readonly number[]) => all.reduce((a, b) => a * b, 1)
        const indices = Int32Array.from({ length: length(picked) }, () => stream.next().value ?? 0)
        const x = Float64Array.from({ length: length(dims) }, (_, i) => i + 1)
        const size = dims[axis] as number
        const result = [...dims.slice(0, axis), ...picked, ...dims.slice(axis + 1)]
        const updates = Float64Array.from({ length: length(result) }, (_, i) => i + 1)
        const wanted = { rows: new Float64Array(length(result)), sums: new Float64Array(length(dims)) }
        for (const at of places(result)) {
          const index = indices[flat(picked, at.slice(axis, axis + picked.length))] as number
          if (index < 0 || index >= size) continue
          const there = flat(dims, [...at.slice(0, axis), index, ...at.slice(axis + picked.length)])
          wanted.rows[flat(result, at)] = x[there] as number
          wanted.sums[there] = (wanted.sums[there] as number) + (updates[flat(result, at)] as number)
        }
        const at = { dtype: 'i32', shape: picked, values: indices } as const
        const [a, u, i] = [ir.parameter('x', dims, 'f32'), ir.parameter('u', result, 'f32'), ir.parameter('i', picked, 'i32')]
        const rows = evaluate(ir.gather(a, i, axis), [{ dtype: 'f32', shape: dims, values: x }, at])
        const sums = evaluate(ir.scatterAdd(u, i, dims, axis), [{ dtype: 'f32', shape: result, values: updates }, at])
        expect([rows.shape, [...rows.values]]).toEqual([result, [...wanted.rows]])
        expect([sums.shape, [...sums.values]]).toEqual([dims, [...wanted.sums]])
      }),
      { seed: 1, numRuns: 300 },
    )
  })
})
