import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate, interpretAll, type Value } from '../../src/graph/interpret.ts'
import type { Node } from '../../src/graph/node.ts'
import { verify } from '../../src/graph/verify.ts'
import { disagreement } from '../laws/agreement.ts'
import { allOps, type Sample, samples } from './graphs.ts'
import { magnitudes } from './magnitude.ts'

const drawn = fc.sample(samples(), { numRuns: 1500, seed: 1 })

const rounded = (value: Value): Value => ({
  ...value,
  values: value.values instanceof Float64Array ? value.values.map(Math.fround) : value.values,
})
/** What a program is that rounds every element of every node to f32. */
const inF32 = ({ graph, values }: Sample): readonly Value[] => {
  const known = new Map<Node, Value>(graph.inputs.map((input, i) => [input, values[i] as Value]))
  for (const node of graph.nodes) {
    const operands = node.inputs.map((input) => known.get(input) as Value)
    if (!known.has(node)) known.set(node, rounded(evaluate(node, operands)))
  }
  return graph.outputs.map((output) => known.get(output) as Value)
}

describe('samples', () => {
  it('are sound graphs', () => {
    for (const { graph } of drawn) verify(graph, 'the generator')
  })

  it('hold every op, often', () => {
    const counts = new Map(allOps.map((op) => [op, 0]))
    for (const { graph } of drawn) for (const op of new Set(graph.nodes.map((node) => node.op))) counts.set(op, (counts.get(op) ?? 0) + 1)
    for (const [op, count] of counts) expect(count, op).toBeGreaterThan(30)
  })

  it('hold every dtype and rank, empty tensors, single elements, NaN and infinities', () => {
    const nodes = drawn.flatMap(({ graph }) => graph.nodes)
    const share = (holds: (node: Node) => boolean) => nodes.filter(holds).length / nodes.length
    for (const dtype of ['f32', 'i32', 'bool']) expect(share((node) => node.dtype === dtype)).toBeGreaterThan(0.05)
    for (const rank of [0, 1, 2, 3, 4]) expect(share((node) => node.shape.length === rank)).toBeGreaterThan(0.02)
    for (const size of [0, 1, 17]) expect(share((node) => node.shape.some((dim) => dim === size))).toBeGreaterThan(0.02)
    const given = drawn.flatMap(({ values }) => values.filter(({ dtype }) => dtype === 'f32'))
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0]
    for (const x of odd) expect(given.filter(({ values }) => values.some((v: number) => Object.is(v, x))).length).toBeGreaterThan(20)
  })

  it('leave the law a chance: f32 after every node agrees with f64', () => {
    for (const sample of drawn) {
      const { graph, values } = sample
      const all = interpretAll(graph, values)
      const met = magnitudes(graph, all)
      for (const [i, value] of inF32(sample).entries()) {
        const output = graph.outputs[i] as Node
        const wrong = disagreement(all.get(output) as Value, met.get(output) as never, value.values)
        expect(wrong, wrong === null ? '' : fc.stringify(sample)).toBe(null)
      }
    }
  })
})
