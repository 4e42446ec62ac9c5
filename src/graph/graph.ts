/** The graph of one function: nodes in topological order, its inputs and its outputs. */
import type { Dim, Sizes } from '../../types/dim.ts'
import { sizeOfDim } from '../../types/elements.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { constant } from './expression.ts'
import { make, mergeSizes } from './make.ts'
import type { Node } from './node.ts'
import type { Attributes, Op } from './op.ts'

export interface Graph {
  /** Every node that an output needs, and every input; operands come before their users. */
  readonly nodes: readonly Node[]
  /** Nodes of op `parameter`, in the order in which values are given. */
  readonly inputs: readonly Node[]
  readonly outputs: readonly Node[]
}

/** The graph that computes `outputs`. The walk is iterative: depth costs no stack. */
export const graphOf = (outputs: readonly Node[], inputs: readonly Node[]): Graph => {
  const done = new Set<Node>(inputs)
  const nodes: Node[] = [...inputs]
  const stack = outputs.toReversed()
  while (stack.length > 0) {
    const next = stack[stack.length - 1] as Node
    const height = stack.length
    if (!done.has(next))
      for (let i = next.inputs.length - 1; i >= 0; i--) if (!done.has(next.inputs[i] as Node)) stack.push(next.inputs[i] as Node)
    if (stack.length > height) continue
    stack.pop()
    if (done.has(next)) continue
    done.add(next)
    nodes.push(next)
  }
  return { nodes, inputs, outputs }
}

/** How often each node is read, outputs counted once each. */
export const usersOf = ({ nodes, outputs }: Graph): ReadonlyMap<Node, readonly (Node | null)[]> => {
  const users = new Map<Node, (Node | null)[]>(nodes.map((n) => [n, []]))
  for (const n of nodes) for (const input of n.inputs) users.get(input)?.push(n)
  for (const output of outputs) users.get(output)?.push(null)
  return users
}

/** The same graph over nodes rebuilt one by one, operands first. `rebuild` gets a node and its new inputs. */
export const mapGraph = (graph: Graph, rebuild: (node: Node, inputs: readonly Node[]) => Node): Graph => {
  const images = new Map<Node, Node>()
  const image = (n: Node): Node => images.get(n) as Node
  for (const n of graph.nodes) images.set(n, rebuild(n, n.inputs.map(image)))
  return graphOf(graph.outputs.map(image), graph.inputs.map(image))
}

/** The node over other inputs; itself where they are its own. */
export const withInputs = (n: Node, inputs: readonly Node[]): Node =>
  inputs.every((input, i) => input === n.inputs[i]) ? n : make(n.op as Op, inputs, n.attributes as Attributes[Op], n.sizes)

/** Names become numbers, `size` becomes a constant. A name without a size, or with two, is the user's mistake. */
export const bindDims = (graph: Graph, sizes: Sizes, what: string): Graph => {
  const known = graph.nodes.reduce((all, n) => mergeSizes(all, n.sizes), sizes)
  const number = (dim: Dim): number => {
    const n = sizeOfDim(dim, known)
    if (n === null) throw new ShapeError(`${what}: the size of '${dim}' is not known; bind it, or write dim('${dim}', n)`)
    return n
  }
  return mapGraph(graph, (n, inputs) => {
    if (n.op === 'size') return constant(n.attributes.shape.map(number).reduce((a, b) => a * b, 1))
    const { attributes } = n
    if (!('shape' in attributes)) return withInputs(n, inputs)
    return make(n.op as Op, inputs, { ...attributes, shape: attributes.shape.map(number) } as Attributes[Op])
  })
}
