/** Reverse-mode differentiation of an expression: the chain rule, walked from the output to the sources. */
import { add } from '../graph/expression.ts'
import { areSiblings, graphOf } from '../graph/graph.ts'
import type { Node, NodeOf } from '../graph/node.ts'
import { pullBackLoop } from './pull-back-loop.ts'
import { type Cotangent, vjps } from './vjp.ts'

/**
 * The cotangents of the sources, given the output's; null for a source that the output does not depend on. What stands
 * below a source is not looked at. The walk is iterative, and zeros are never made.
 */
export const pullBack = (output: Node, cotangent: Node, sources: readonly Node[]): readonly Cotangent[] =>
  pullBackAll([output], [cotangent], sources)

/** The same of several outputs, each with its cotangent: what comes to a source from all of them. */
export const pullBackAll = (outputs: readonly Node[], given: readonly Node[], sources: readonly Node[]): readonly Cotangent[] => {
  const { nodes } = graphOf(outputs, sources)
  const stops = new Set(sources)
  const active = activeNodes(nodes, stops)
  const cotangents = new Map<Node, Node>()
  const receive = (node: Node | undefined, cotangent: Cotangent): void => {
    if (cotangent === null || node === undefined || !active.has(node)) return
    const before = cotangents.get(node)
    cotangents.set(node, before === undefined ? cotangent : add(before, cotangent))
  }
  outputs.forEach((output, i) => {
    receive(output, given[i] as Node)
  })
  const loops = loopsOf(nodes)
  for (const node of nodes.toReversed()) {
    if (node.op === 'scan') {
      // at the first of the siblings whatever comes to any of them is known
      const siblings = loops.get(node)
      if (siblings === undefined) continue
      const own = node.attributes.body.outputs.map((_, output) => {
        const sibling = siblings.find(({ attributes }) => attributes.output === output)
        return sibling === undefined || stops.has(sibling) ? null : (cotangents.get(sibling) ?? null)
      })
      pullBackLoop(node, own, active, { activeNodes, pullBackAll }).forEach((cotangent, i) => {
        receive(node.inputs[i], cotangent)
      })
      continue
    }
    const own = cotangents.get(node)
    if (own === undefined || stops.has(node)) continue
    ruleOf(node)(node, own).forEach((cotangent, i) => {
      receive(node.inputs[i], cotangent)
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

/** The outputs of each loop, by the first of them. */
const loopsOf = (nodes: readonly Node[]): ReadonlyMap<Node, readonly NodeOf<'scan'>[]> => {
  const loops = new Map<NodeOf<'scan'>, NodeOf<'scan'>[]>()
  for (const node of nodes) {
    if (node.op !== 'scan') continue
    const first = [...loops.keys()].find((loop) => areSiblings(loop, node))
    if (first === undefined) loops.set(node, [node])
    else loops.get(first)?.push(node)
  }
  return loops
}

/** A row of the table fits the node whose op it is under. */
const ruleOf = (node: Node): ((node: Node, cotangent: Node) => readonly Cotangent[]) => vjps[node.op] as never
