/** Rewriting asks a rule about its own ops alone: what a pass costs grows with the rules that may fire, not with all there are. */
import { describe, expect, it } from 'vitest'
import { rewrite, rule } from '../../src/compiler/rewrite.ts'
import * as e from '../../src/graph/expression.ts'
import { graphOf } from '../../src/graph/graph.ts'

describe('rewrite', () => {
  it('asks each rule about the nodes of its ops, once each', () => {
    const x = e.parameter('x', [4], 'f32')
    const sum = e.add(e.mul(x, x), e.neg(e.neg(x)))
    const asked: string[] = []
    const rules = [
      rule('negations', 'neg', (n) => {
        asked.push(n.op)
        return null
      }),
      rule('sums and products', ['add', 'mul'], (n) => {
        asked.push(n.op)
        return null
      }),
    ]
    expect(rewrite(graphOf([sum], [x]), rules).outputs).toEqual([sum])
    expect(asked.sort()).toEqual(['add', 'mul', 'neg', 'neg'])
  })
})
