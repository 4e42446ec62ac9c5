/** A graph as text: one node a line, operands by number. */
import { describeAttributes, describeElements, describeNumber, typed } from './describe.ts'
import type { Graph } from './graph.ts'
import type { Node } from './node.ts'

/** Inputs, nodes in order (`%3: f32 [32, 10] = dot %0 %1 {batch: 0, contract: [[1], [0]]}`), outputs. */
export const print = (graph: Graph): string => {
  const numbers = new Map(graph.nodes.map((node, i) => [node, `%${i}`]))
  const number = (node: Node): string => numbers.get(node) ?? '%?'
  const line = (node: Node): string => [`${number(node)}: ${typed(node)} = ${node.op}`, ...node.inputs.map(number)].join(' ') + detail(node)
  return [
    list(
      'inputs',
      graph.inputs.map((input) => `${number(input)} ${nameOf(input)}`),
    ),
    ...graph.nodes.map(line),
    list('outputs', graph.outputs.map(number)),
    '',
  ].join('\n')
}

const list = (title: string, items: readonly string[]): string => `${title}: ${items.length === 0 ? 'none' : items.join(', ')}`
const nameOf = (node: Node): string => (node.op === 'parameter' ? node.attributes.name : node.op)

const detail = (node: Node): string => {
  if (node.op === 'parameter') return ` ${node.attributes.name}`
  if (node.op === 'constant') return ` ${describeNumber(node.attributes.value, node.dtype)}`
  return node.op === 'data' ? ` ${describeElements(node)}` : describeAttributes(node)
}
