/** Operations whose code differs where an operand is a known number: zeros keep their signs, NaN stays. */
import { describe, expect, it } from 'vitest'
import { build } from '../../src/compiler/compile.ts'
import { simplify } from '../../src/compiler/simplify/simplify.ts'
import type { Source } from '../../src/compiler/trace.ts'
import * as e from '../../src/graph/expression.ts'
import { graphOf } from '../../src/graph/graph.ts'
import { evaluate, interpret } from '../../src/graph/interpret.ts'
import type { Node } from '../../src/graph/node.ts'

const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1, -1, 0.5, -2.5]
const x = { dtype: 'f32' as const, shape: [values.length], values: Float64Array.from(values) }

describe.each([0, -0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('with %s', (known) => {
  it.each(['maximum', 'minimum'] as const)('%s keeps the sign of zero and NaN, on either side', async (op) => {
    const step = (given: Node) => [given, [e.binary(op, given, known), e.binary(op, known, given)]]
    const state = e.data(Float32Array.from(values), [values.length], 'f32')
    const built = await build({ step: step as unknown as Source['step'], state, args: [], bind: [{}] })()
    if (built._tag === 'Left') throw new Error(built.left.tag)
    const entry = built.right.entries[0] ?? expect.unreachable()
    entry.run()
    const both = e.binary(op, e.parameter('x', x.shape, 'f32'), e.parameter('y', x.shape, 'f32'))
    const wanted = evaluate(both, [x, { ...x, values: x.values.map(() => known) }])
    for (const { view } of entry.results) expect([...view]).toEqual([...wanted.values])
  })
})

describe('a quotient by almost a power of two', () => {
  it('is no product: it would have other bits', () => {
    const x = e.parameter('x', [1], 'f32')
    const given = [{ dtype: 'f32' as const, shape: [1], values: Float64Array.of(1.2345678912345) }]
    for (const divisor of [16, 16 * (1 + 2 ** -52), 2 ** 99 * (1 - 2 ** -53)]) {
      const graph = graphOf([e.div(x, divisor)], [x])
      expect(interpret(simplify(graph), given)).toEqual(interpret(graph, given))
    }
  })
})
