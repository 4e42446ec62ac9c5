/** Loops over time as users write them: values against plain loops, gradients, programs, sentences. */
import {
  add,
  compile,
  compute,
  dim,
  grad,
  iota,
  matmul,
  mul,
  pipe,
  ShapeError,
  scalar,
  scan,
  spec,
  sum,
  type Tensor,
  tanh,
  tensor,
  toArray,
  zeros,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { rightOf } from '../train/values.ts'

const rows = tensor([
  [1, 2],
  [3, 4],
  [5, 6],
])

describe('scan', () => {
  it('carries a tree and stacks a tree', () => {
    const [{ total, count }, { sums, numbers }] = scan(
      ({ total, count }, { row, i }) => [
        { total: add(total, row), count: add(count, 1) },
        { sums: add(total, row), numbers: mul(i, 10) },
      ],
      { total: zeros([2]), count: scalar(0, 'i32') },
      { row: rows, i: iota([3]) },
    )
    expect([toArray(total), toArray(count), toArray(sums), toArray(numbers)]).toEqual([
      [9, 12],
      3,
      [
        [1, 2],
        [4, 6],
        [9, 12],
      ],
      [0, 10, 20],
    ])
  })

  it('walks back where it is told to; results stay beside their rows', () => {
    const [last, sums] = scan((total, row) => [add(total, row), add(total, row)], zeros([2]), rows, { reverse: true })
    expect(toArray(last)).toEqual([9, 12])
    expect(toArray(sums)).toEqual([
      [9, 12],
      [8, 10],
      [5, 6],
    ])
    expect(toArray(scan((total, row) => [add(total, row), null], zeros([2]), rows, { reverse: undefined })[0])).toEqual([9, 12])
  })

  it('reads what stands outside, keys of the next carry in any order, and no more of it than there was', () => {
    const factor = tensor([2, 3])
    const [last, none] = scan(
      ({ a, b }, row) => [{ b: a, a: add(b, mul(row, factor)), c: row }, null],
      { a: zeros([2]), b: zeros([2]) },
      rows,
    )
    expect(none).toBe(null)
    expect(Object.keys(last)).toEqual(['a', 'b'])
    expect([toArray(last.a), toArray(last.b)]).toEqual([
      [12, 24],
      [6, 12],
    ])
    expect(Object.isFrozen(last)).toBe(true)
  })

  it('keeps names, and the sizes that bind them', () => {
    const named = tensor([1, 2, 3, 4, 5, 6], [dim('time', 3), 2])
    const [last, sums] = scan((total, row) => [add(total, row), total], zeros([2]), named)
    expect([last.shape, sums.shape]).toEqual([[2], ['time', 2]])
    expect(toArray(sums)).toEqual([
      [0, 0],
      [1, 2],
      [4, 6],
    ])
  })

  it('stands inside another', () => {
    const grid = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    const [total, products] = scan(
      (outer, row) => {
        const [product] = scan((inner, x) => [mul(inner, add(x, outer)), null], scalar(1), row)
        return [add(outer, 1), product]
      },
      scalar(0),
      grid,
    )
    expect([toArray(total), toArray(products)]).toEqual([2, [6, 5 * 6 * 7]])
  })
})

/** A recurrent network without a bias, the last state summed up. */
const loss = (weight: Tensor<[2, 2]>, xs: Tensor<[3, 2]>): Tensor<[]> =>
  pipe(scan((h, x) => [tanh(add(matmul(h, weight), x)), null], zeros([2]), xs)[0], sum())

describe('the gradient of a scan', () => {
  const weight = tensor([
    [0.1, -0.2],
    [0.3, 0.4],
  ])
  /** By hand. */
  const lossOf = (w: readonly number[]): number => {
    let h = [0, 0]
    for (const [x, y] of toArray(rows) as readonly [number, number][])
      h = [
        Math.tanh((h[0] as number) * (w[0] as number) + (h[1] as number) * (w[2] as number) + x * 0.1),
        Math.tanh((h[0] as number) * (w[1] as number) + (h[1] as number) * (w[3] as number) + y * 0.1),
      ]
    return (h[0] as number) + (h[1] as number)
  }
  const scaled = mul(rows, 0.1)

  it('is the slope', () => {
    const values = [0.1, -0.2, 0.3, 0.4]
    const slopes = values.map((_, i) => {
      const at = (by: number) => lossOf(values.map((w, j) => (i === j ? w + by : w)))
      return (at(1e-5) - at(-1e-5)) / 2e-5
    })
    const found = (toArray(compute(grad(loss)(weight, scaled))) as readonly (readonly number[])[]).flat()
    found.forEach((slope, i) => {
      expect(slope).toBeCloseTo(slopes[i] as number, 5)
    })
  })

  it('is computed by a program, for a length that is bound later', async () => {
    const step = (w: Tensor<[2, 2]>, xs: Tensor<['time', 2]>) => {
      const last = (v: Tensor<[2, 2]>) => pipe(scan((h, x) => [tanh(add(matmul(h, v), x)), null], zeros([2]), xs)[0], sum())
      const slope = grad(last)(w)
      return [add(w, mul(slope, -0.5)), slope] as const
    }
    const program = rightOf(await compile(step, { state: weight, args: [spec(['time', 2])], bind: { time: [3, 1] } })())
    const slope = toArray(program.step(tensor(new Float32Array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), [dim('time', 3), 2])))
    const wanted = toArray(compute(grad(loss)(weight, scaled)))
    ;(slope as readonly (readonly number[])[]).flat().forEach((found, i) => {
      expect(found).toBeCloseTo((wanted as readonly (readonly number[])[]).flat()[i] as number, 6)
    })
  })
})

describe('from untyped JavaScript', () => {
  const refuses = (sentence: string, mistake: () => unknown) => expect(mistake).toThrow(new ShapeError(sentence))
  const loose = scan as unknown as (...given: readonly unknown[]) => unknown
  const same = (h: unknown, x: unknown) => [h, x]

  it('refuses what types refuse, with the same sentence', () => {
    refuses('scan: the step must give [next carry, result]', () => loose((h: unknown) => h, zeros([2]), rows))
    refuses('scan: the step must give [next carry, result]', () => loose((h: unknown) => [h], zeros([2]), rows))
    refuses('scan: the next carry is [2], the step takes [3]', () => loose((_: unknown, x: unknown) => [x, x], zeros([3]), rows))
    refuses('scan: the next carry.h is i32 [], the step takes []', () =>
      loose(() => [{ h: scalar(0, 'i32') }, null], { h: scalar(0) }, rows),
    )
    refuses('scan: the next carry.h is missing', () => loose(() => [{}, null], { h: scalar(0) }, rows))
    refuses('scan: the sequences are of different lengths', () => loose(same, zeros([2]), [rows, iota([4])]))
    refuses('scan: a sequence is a scalar; rows lie along a first axis', () => loose(same, zeros([2]), [rows, scalar(1)]))
    for (const none of [null, undefined, {}, [], 3])
      refuses('scan: there is no sequence; write iota([n]) for n steps', () => loose(same, 1, none))
  })

  it('refuses what is no function and no options', () => {
    refuses('scan: expected a function as step, got a tensor', () => loose(rows, zeros([2]), rows))
    refuses("scan: there is no option 'revers'", () => loose(same, zeros([2]), rows, { revers: true }))
    refuses('scan: expected options by name, got true', () => loose(same, zeros([2]), rows, true))
  })
})
