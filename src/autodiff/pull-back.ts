/** Reverse-mode differentiation of an expression: the chain rule, walked from the output to the sources. */
import { add } from '../graph/expression.ts'
import { graphOf } from '../graph/graph.ts'
import type { Node } from '../graph/node.ts'
import { vjps } from './vjp.ts'

/**
 * The cotangents of the sources, given the output's; null for a source that the output does not depend on. What stands
 * below a source is not looked at. The walk is iterative, and zeros are never made.
 */
export const pullBack = (output: Node, cotangent: Node, sources: readonly Node[]): readonly (Node | null)[] => {
  const { nodes } = graphOf([output], sources)
  const stops = new Set(sources)
  const active = activeNodes(nodes, stops)
  const cotangents = new Map<Node, Node>(active.has(output) ? [[output, cotangent]] : [])
  for (const node of nodes.toReversed()) {
    const own = cotangents.get(node)
    if (own === undefined || stops.has(node)) continue
    ruleOf(node)(node, own).forEach((given, i) => {
      const input = node.inputs[i]
      if (given === null || input === undefined || !active.has(input)) return
      const before = cotangents.get(input)
      cotangents.set(input, before === undefined ? given : add(before, given))
    })
  }
  return sources.map((source) => cotangents.get(source) ?? null)
}

/** The nodes through which a gradient can reach a source: f32 all the way. */
const activeNodes = (nodes: readonly Node[], sources: ReadonlySet<Node>): ReadonlySet<Node> => {
  const active = new Set(sources)
  for (const node of nodes) {
    if (node.dtype !== 'f32' || node.op === 'stopGradient') continue
    if (node.inputs.some((input) => active.has(input))) active.add(node)
  }
  return active
}

/** A row of the table fits the node whose op it is under. */
const ruleOf = (node: Node): ((node: Node, cotangent: Node) => readonly (Node | null)[]) => vjps[node.op] as never
