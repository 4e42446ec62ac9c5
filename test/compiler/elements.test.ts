/** Operations whose code differs where an operand is a known number: zeros keep their signs, NaN stays. */
import { describe, expect, it } from 'vitest'
import { build } from '../../src/compiler/compile.ts'
import type { Source } from '../../src/compiler/trace.ts'
import * as e from '../../src/graph/expression.ts'
import { evaluate } from '../../src/graph/interpret.ts'
import type { Node } from '../../src/graph/node.ts'

const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1, -1, 0.5, -2.5]
const x = { dtype: 'f32' as const, shape: [values.length], values: Float64Array.from(values) }

describe.each([0, -0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('with %s', (known) => {
  it.each(['maximum', 'minimum'] as const)('%s keeps the sign of zero and NaN, on either side', async (op) => {
    const step = (given: Node) => [given, [e.binary(op, given, known), e.binary(op, known, given)]]
    const state = e.data(Float32Array.from(values), [values.length], 'f32')
    const built = await build({ step: step as unknown as Source['step'], state, args: [], bind: [{}] }, {})()
    if (built._tag === 'Left') throw new Error(built.left.tag)
    const entry = built.right.entries[0] ?? expect.unreachable()
    entry.run()
    const both = e.binary(op, e.parameter('x', x.shape, 'f32'), e.parameter('y', x.shape, 'f32'))
    const wanted = evaluate(both, [x, { ...x, values: x.values.map(() => known) }])
    for (const { view } of entry.results) expect([...view]).toEqual([...wanted.values])
  })
})
