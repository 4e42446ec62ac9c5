/** Law 1, first half: a pass keeps the value of a graph bit for bit, unless it says that it reassociates. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Pass, simplifyPasses } from '../../src/compiler/simplify/simplify.ts'
import { bindDims, type Graph } from '../../src/graph/graph.ts'
import { interpret, interpretAll, type Value } from '../../src/graph/interpret.ts'
import type { Node } from '../../src/graph/node.ts'
import { print } from '../../src/graph/print.ts'
import { verify } from '../../src/graph/verify.ts'
import { type Sample, samples } from '../generators/graphs.ts'
import { magnitudes } from '../generators/magnitude.ts'
import { runs } from '../generators/runs.ts'
import { sameBits } from './agreement.ts'
import { gradientsOf } from './gradient-sample.ts'

const bind: Pass = { name: 'bind', reassociates: false, run: (graph) => bindDims(graph, {}, 'the law') }
const passes: readonly Pass[] = [bind, ...simplifyPasses]
/** Other roundings of f64: four decimals are left between this and what an f32 program may do. */
const tolerance = 1e-12

/** Each pass after those before it, as in a compilation. */
const inTurn = (graph: Graph): readonly { readonly pass: Pass; readonly before: Graph; readonly after: Graph }[] => {
  let before = graph
  return passes.map((pass) => {
    const after = verify(pass.run(before), pass.name)
    const turn = { pass, before, after }
    before = after
    return turn
  })
}

const closeTo = (before: Graph, values: readonly Value[], i: number, got: Value): boolean => {
  const output = before.outputs[i] as Node
  const all = interpretAll(before, values)
  const met = magnitudes(before, all).get(output)
  return (all.get(output) as Value).values.every((x: number, at: number) => {
    const y = got.values[at] as number
    return Object.is(x, y) || Math.abs(x - y) <= tolerance * (met?.values[at] as number)
  })
}

const broken = ({ graph, values }: Sample): string | null => {
  for (const { pass, before, after } of inTurn(graph)) {
    const [wanted, got] = [interpret(before, values), interpret(after, values)]
    for (const [i, value] of wanted.entries()) {
      const other = got[i] as Value
      const same = sameBits(value.values, other.values) || (pass.reassociates && closeTo(before, values, i, other))
      if (!same) return `${pass.name}, output ${i}: ${value.values.join()} became ${other.values.join()} in\n${print(after)}`
    }
  }
  return null
}

describe('law 1: every pass keeps the value of a graph', () => {
  it('on random graphs', () => {
    fc.assert(
      fc.property(samples(), (sample) => {
        expect(broken(sample)).toBe(null)
      }),
      runs(2000),
    )
  })

  it('on loops over time, in loops too', () => {
    fc.assert(
      fc.property(samples(6, ['scan', 'scan', 'recurrence', 'dot', 'dense', 'movements', 'parameter']), (sample) => {
        expect(broken(sample)).toBe(null)
      }),
      runs(500),
    )
  })

  it('on the gradients of loops over time', () => {
    fc.assert(
      fc.property(samples(3, ['scan', 'recurrence', 'embedding']), (sample) => {
        expect(broken(gradientsOf(sample))).toBe(null)
      }),
      runs(300),
    )
  })
})
