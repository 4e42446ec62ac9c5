/** Elements computed a block at a time are those of the evaluator, bit for bit. */
import { bernoulli, dim, key, normal, uniform } from 'shapewright'
import { describe, expect, it } from 'vitest'
import { elementsOf } from '../../src/graph/elements.ts'
import {
  add,
  binary,
  broadcastTo,
  cast,
  constant,
  data,
  full,
  less,
  mul,
  neg,
  random,
  reshape,
  select,
  sub,
} from '../../src/graph/expression.ts'
import { bindDims, graphOf } from '../../src/graph/graph.ts'
import { interpret } from '../../src/graph/interpret.ts'
import { type Node, nodeOf } from '../../src/graph/node.ts'

const kinds = { f32: Float32Array, i32: Int32Array, bool: Uint8Array } as const
/** What the evaluator gives, rounded. */
const bound = (outputs: readonly Node[]) => bindDims(graphOf(outputs, []), {}, 'test')
const whole = (outputs: readonly Node[]) =>
  interpret(bound(outputs), []).map(({ dtype, values }) => kinds[dtype].from(values as Iterable<number>))
const agree = (...outputs: readonly Node[]): void => expect(elementsOf(bound(outputs))).toEqual(whole(outputs))

const numbers = (count: number): Node =>
  data(
    Float32Array.from({ length: count }, (_, i) => Math.fround((i * 37) % 101) / 7 - 6),
    [count],
    'f32',
  )

describe('elements of', () => {
  it.each([0, 1, 2, 2047, 2048, 2049, 2050, 4096, 5121])('%s drawn numbers', (count) => {
    const draws = [uniform(key(3), [dim('n', count)]), normal(key(4), [dim('n', count)], { mean: 1 })]
    for (const draw of draws) agree(nodeOf(draw))
    agree(nodeOf(bernoulli(key(5), [dim('n', count)], 0.3)))
    agree(random(nodeOf(key(6).bits), [count]))
    agree(cast(random(nodeOf(key(6).bits), [3, count]), 'bool'))
    agree(full([count], 0.1), full([count], 7, 'i32'))
  })

  it.each([5, 2048, 5200])('%s elements computed from what lies in memory', (count) => {
    const [x, y] = [numbers(count), mul(numbers(count), 0.3)]
    const smaller = less(x, y)
    agree(add(x, y), smaller, select(smaller, x, neg(y)), binary('shiftRight', cast(x, 'i32'), full([count], 3, 'i32')))
    agree(add(reshape(sub(x, 1), [1, count]), reshape(y, [1, count])))
    // a number everywhere that is itself computed
    agree(mul(x, broadcastTo(add(constant(0.1), constant(0.2)), [count])))
  })

  it('several tensors that share what they are made of', () => {
    const shared = mul(nodeOf(uniform(key(1), [2300])), 3)
    const [a, b] = [add(shared, 1), sub(shared, 1)]
    agree(a, b, shared, a, mul(a, b))
    agree(neg(add(shared, shared)))
  })
})
