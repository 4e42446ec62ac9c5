/** The invariants of a graph, checked between passes. */
import { typed } from './describe.ts'
import type { Graph } from './graph.ts'
import { inferences, sameDims } from './infer.ts'
import { InternalError } from './internal-error.ts'
import type { Node } from './node.ts'
import type { Attributes, Op } from './op.ts'
import { complaint } from './well-formed.ts'

/**
 * The same graph, after a look at it: every node once, operands before their users, every parameter an input and every
 * input a parameter, outputs among the nodes, each node one that its op allows, of the shape and dtype that follow from it.
 * Bodies of loops are graphs too. What is wrong is an `InternalError` with the trail `op -> pass`.
 */
export const verify = (graph: Graph, pass: string): Graph => {
  const seen = new Set<Node>()
  const inputs = new Set(graph.inputs)
  const bodies = new Set<Graph>()
  for (const node of graph.nodes) {
    const wrong = misplaced(node, seen, inputs) ?? complaint(node) ?? mistyped(node)
    if (wrong !== null) throw new InternalError(`%${seen.size} ${node.op}: ${wrong}`, `${node.op} -> ${pass}`)
    if (node.op === 'scan' && !bodies.has(node.attributes.body)) bodies.add(verifyBody(node.attributes.body, pass))
    seen.add(node)
  }
  for (const [title, nodes] of Object.entries({ input: graph.inputs, output: graph.outputs })) {
    const lost = nodes.find((node) => !seen.has(node))
    if (lost !== undefined) throw new InternalError(`an ${title} is not among the nodes`, `${lost.op} -> ${pass}`)
  }
  const odd = graph.inputs.find((input, i) => input.op !== 'parameter' || graph.inputs.indexOf(input) !== i)
  if (odd !== undefined) throw new InternalError('an input is no parameter, or stands there twice', `${odd.op} -> ${pass}`)
  return graph
}

/** Data are inputs of the loop: a body is code that other data may go through. */
const verifyBody = (body: Graph, pass: string): Graph => {
  if (body.nodes.some(({ op }) => op === 'data')) throw new InternalError('a body has data of its own', `scan -> ${pass}`)
  return verify(body, `scan -> ${pass}`)
}

const misplaced = (node: Node, seen: ReadonlySet<Node>, inputs: ReadonlySet<Node>): string | null => {
  if (seen.has(node)) return 'it stands here twice'
  const late = node.inputs.findIndex((input) => !seen.has(input))
  if (late >= 0) return `operand ${late} does not come before it`
  return node.op === 'parameter' && !inputs.has(node) ? `'${node.attributes.name}' is no input` : null
}

const mistyped = (node: Node): string | null => {
  const inferred = infer(node.op as Op, node.attributes as Attributes[Op], node.inputs)
  return sameDims(inferred.shape, node.shape) && inferred.dtype === node.dtype ? null : `it is ${typed(inferred)}, not ${typed(node)}`
}
const infer = <O extends Op>(op: O, attributes: Attributes[O], inputs: readonly Node[]) => inferences[op](attributes, inputs)
