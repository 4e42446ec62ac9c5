import { inspect } from 'node:util'
import { expect, it, describe as suite } from 'vitest'
import { describe, describeNumber } from '../../src/graph/describe.ts'
import * as ir from '../../src/graph/expression.ts'
import { graphOf } from '../../src/graph/graph.ts'
import { print } from '../../src/graph/print.ts'

const f32 = (values: readonly number[], shape: readonly number[]) => ir.data(Float32Array.from(values), shape, 'f32')
const counting = (...shape: readonly number[]) =>
  f32(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
    shape,
  )

suite('describe', () => {
  it('shows data', () => {
    expect(describe(f32([1, 2, 3, 4], [2, 2]))).toBe('f32 [2, 2] [[1, 2], [3, 4]]')
    expect(describe(f32([0.1], []))).toBe('f32 [] 0.1')
    expect(describe(counting(0, 3))).toBe('f32 [0, 3] []')
    expect(describe(counting(2, 0))).toBe('f32 [2, 0] [[], []]')
    expect(describe(ir.data(Uint8Array.of(1, 0), [2], 'bool'))).toBe('bool [2] [true, false]')
    expect(describe(ir.data(Float32Array.of(1, 2), ['rows', 2], 'f32', { rows: 1 }))).toBe('f32 [rows, 2] [[1, 2]]')
  })

  it('elides long axes, harder where the line stays long', () => {
    expect(describe(counting(9))).toBe('f32 [9] [0, 1, 2, ..., 6, 7, 8]')
    expect(describe(counting(6))).toBe('f32 [6] [0, 1, 2, 3, 4, 5]')
    expect(describe(counting(9, 8, 7))).toBe(
      'f32 [9, 8, 7] [[[0, ..., 6], ..., [49, ..., 55]], ..., [[448, ..., 454], ..., [497, ..., 503]]]',
    )
  })

  it('shows expressions to a bounded depth', () => {
    const x = ir.parameter('x', ['batch', 3], 'f32')
    const y = ir.sum(ir.exp(ir.add(ir.mul(x, counting(3)), 0.5)), [1])
    expect(describe(y)).toBe('f32 [batch] = sum(exp(add(..., ...)), {axes: [1]})')
    expect(describe(ir.mul(x, x))).toBe('f32 [batch, 3] = mul(x, x)')
    expect(
      describe(
        ir.concat(
          [x, x, x, x, x].map((part) => ir.slice(part, [0, 0], ['batch', 1])),
          1,
        ),
      ),
    ).toBe(`f32 [batch, 5] = concat(${'slice(x, {start: [0, 0]}), '.repeat(4)}..., {axis: 1})`)
    expect(describe(ir.size(['batch']))).toBe('f32 [] = size({shape: [batch]})')
    expect(inspect(ir.exp(x))).toBe('f32 [batch, 3] = exp(x)')
  })

  it('writes the shortest number that reads back', () => {
    expect(
      [0.1, 1 / 3, 1e-30, 16777216, -0, Number.NaN, Number.NEGATIVE_INFINITY].map((x) => describeNumber(Math.fround(x), 'f32')),
    ).toEqual(['0.1', '0.33333334', '1e-30', '16777216', '-0', 'NaN', '-Infinity'])
    expect(describeNumber(1 / 3, 'f32')).toBe('0.3333333333333333')
  })
})

suite('print', () => {
  it('prints a graph as its golden file', async () => {
    const x = ir.parameter('x', [32, 784], 'f32')
    const labels = ir.parameter('labels', [32], 'i32')
    const weight = ir.parameter('params.hidden.weight', [784, 10], 'f32')
    const logits = ir.add(ir.dot(x, weight, [[1], [0]]), f32([0.5, -1, 2, 3, 4, 5, 6, 7, 8, 9], [10]))
    const shifted = ir.sub(logits, ir.max(logits, [1], true))
    const right = ir.cast(ir.equal(ir.argmax(shifted, 1), labels), 'f32')
    const graph = graphOf([ir.mean(right, [0]), ir.permute(ir.pad(shifted, [0, 1], [0, 0]), [1, 0])], [x, labels, weight])
    await expect(print(graph)).toMatchFileSnapshot('../golden/print.txt')
  })

  it('prints nothing at all', () => expect(print(graphOf([], []))).toBe('inputs: none\noutputs: none\n'))
})
