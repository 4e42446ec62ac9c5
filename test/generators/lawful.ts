/** Which graphs the law of agreement can hold for, judged without running a program. */
import type { Value } from '../../src/graph/evaluate/value.ts'
import { interpretAll } from '../../src/graph/interpret.ts'
import type { Node } from '../../src/graph/node.ts'
import type { Sample } from './graphs.ts'
import { type Magnitude, magnitudeOf } from './magnitude.ts'
import { errorOf } from './rounding.ts'

/** A node with its value, the magnitudes on its paths and the error that f32 may have there. */
export interface Entry {
  readonly node: Node
  readonly value: Value
  readonly magnitude: Magnitude
  readonly error: Magnitude
}

export const examined = (node: Node, value: Value, operands: readonly Entry[]): Entry => ({
  node,
  value,
  magnitude: magnitudeOf(node, value, operands),
  error: errorOf(node, value, operands),
})

/** What an f32 program is expected to lose at most, before the law's 1e-5: half, so that the law leaves room for other orders. */
const allowed = 5e-6

/** What jumps is far from its jumps, nothing overflows f32 alone, no cancellation is blown up. */
export const isLawful = ({ magnitude, error }: Entry): boolean =>
  error.values.every((e, i) => e === 0 || e <= allowed * (magnitude.values[i] as number))

/** Whether every node of the sample is lawful. */
export const canHold = ({ graph, values }: Sample): boolean => {
  const all = interpretAll(graph, values)
  const entries = new Map<Node, Entry>()
  return graph.nodes.every((node) => {
    const operands = node.inputs.map((input) => entries.get(input) as Entry)
    const entry = examined(node, all.get(node) as Value, operands)
    entries.set(node, entry)
    return isLawful(entry)
  })
}
