/** A graph as text: one node a line, operands by number. */
import { describeAttributes, describeElements, describeNumber, typed } from './describe.ts'
import type { Graph } from './graph.ts'
import type { Node } from './node.ts'

/**
 * Inputs, nodes in order (`%3: f32 [32, 10] = dot %0 %1 {batch: 0, contract: [[1], [0]]}`), outputs. The body of a loop is a graph
 * of its own, which stands below the first node that has it.
 */
export const print = (graph: Graph): string => `${linesOf(graph, { bodies: new Map() }).join('\n')}\n`

interface Shown {
  readonly bodies: Map<Graph, number>
}

const linesOf = (graph: Graph, shown: Shown): readonly string[] => {
  const numbers = new Map(graph.nodes.map((node, i) => [node, `%${i}`]))
  const number = (node: Node): string => numbers.get(node) ?? '%?'
  const line = (node: Node): string => [`${number(node)}: ${typed(node)} = ${node.op}`, ...node.inputs.map(number)].join(' ') + detail(node)
  const lines = (node: Node): readonly string[] => (node.op === 'scan' ? loopLines(node, line(node), shown) : [line(node)])
  return [
    list(
      'inputs',
      graph.inputs.map((input) => `${number(input)} ${nameOf(input)}`),
    ),
    ...graph.nodes.flatMap(lines),
    list('outputs', graph.outputs.map(number)),
  ]
}

const loopLines = ({ attributes: { body } }: Node & { readonly op: 'scan' }, line: string, shown: Shown): readonly string[] => {
  const known = shown.bodies.get(body)
  if (known !== undefined) return [`${line} of body ${known}`]
  shown.bodies.set(body, shown.bodies.size)
  return [`${line} of body ${shown.bodies.size - 1}:`, ...linesOf(body, shown).map((inner) => `  ${inner}`)]
}

const list = (title: string, items: readonly string[]): string => `${title}: ${items.length === 0 ? 'none' : items.join(', ')}`
const nameOf = (node: Node): string => (node.op === 'parameter' ? node.attributes.name : node.op)

const detail = (node: Node): string => {
  if (node.op === 'parameter') return ` ${node.attributes.name}`
  if (node.op === 'constant') return ` ${describeNumber(node.attributes.value, node.dtype)}`
  return node.op === 'data' ? ` ${describeElements(node)}` : describeAttributes(node)
}
