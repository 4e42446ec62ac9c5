/** A graph's structure as text: equal for graphs that compile to the same program, whatever values were captured. */
import type { Sizes } from '../../types/dim.ts'
import type { Node } from '../graph/node.ts'
import { attributesKey } from './rewrite.ts'
import { type Target, targetKey } from './target.ts'
import type { Traced } from './trace.ts'

export const fingerprint = ({ graph, inputs, state }: Traced, bind: readonly Sizes[], target: Target): string => {
  const numbers = new Map<Node, number>(graph.nodes.map((n, i) => [n, i]))
  const number = (n: Node): number => numbers.get(n) as number
  const lines = graph.nodes.map(
    (n) => `${n.op} ${n.inputs.map(number).join()} ${attributesKey(n)} ${Object.keys(n.sizes).length > 0 ? JSON.stringify(n.sizes) : ''}`,
  )
  const ends = [
    inputs.map(({ role, path, storage = '' }) => `${role} ${path} ${storage}`).join(),
    graph.outputs.map(number).join(),
    state.length,
  ]
  return [targetKey(target), JSON.stringify(bind), ...ends, ...lines].join('\n')
}
