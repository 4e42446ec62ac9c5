/** The graph of one function: nodes in topological order, its inputs and its outputs. */
import type { Dim, Sizes } from '../../types/dim.ts'
import { sizeOfDim } from '../../types/elements.ts'
import { learnedShape } from '../../types/positions.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { constant, gather } from './expression.ts'
import { sameDims } from './infer.ts'
import { make, mergeSizes, unbound } from './make.ts'
import type { Attributes, Graph, Node, NodeOf, Op } from './op.ts'

export type { Graph } from './op.ts'

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
export const withInputs = (n: Node, inputs: readonly Node[]): Node => {
  for (let i = 0; i < inputs.length; i++)
    if (inputs[i] !== n.inputs[i]) return make(n.op as Op, inputs, n.attributes as Attributes[Op], n.sizes)
  return n
}

/** Whether two nodes are outputs of one loop. */
export const areSiblings = (loop: NodeOf<'scan'>, other: Node): other is NodeOf<'scan'> => {
  if (other.op !== 'scan') return false
  const { body, reverse, carries, sequences } = other.attributes
  const own = loop.attributes
  const alike = body === own.body && reverse === own.reverse && carries === own.carries && sequences === own.sequences
  return alike && sameDims(other.attributes.shape, own.shape) && other.inputs.every((input, i) => input === loop.inputs[i])
}

/** The same loop over another body. One function for each walk: equal bodies stay one object, so that siblings stay siblings. */
export const withBodies = (rebuild: (body: Graph) => Graph): ((n: NodeOf<'scan'>, inputs: readonly Node[]) => Node) => {
  const images = new Map<Graph, Graph>()
  return (n, inputs) => {
    const { body } = n.attributes
    const image = images.get(body) ?? rebuild(body)
    images.set(body, image)
    return image === body ? withInputs(n, inputs) : make('scan', inputs, { ...n.attributes, body: image }, n.sizes)
  }
}

const isNumber = (dim: Dim): boolean => typeof dim === 'number'

/** Names become numbers, `size` becomes a constant, in bodies of loops too. A name without a size, or with two, is the user's mistake. */
export const bindDims = (graph: Graph, sizes: Sizes, what: string): Graph => bound(graph, knownSizes(graph, sizes), what)

const knownSizes = (graph: Graph, sizes: Sizes): Sizes =>
  graph.nodes.reduce((all, n) => {
    const known = mergeSizes(all, n.sizes)
    return n.op === 'scan' ? knownSizes(n.attributes.body, known) : known
  }, sizes)

const bound = (graph: Graph, known: Sizes, what: string): Graph => {
  const number = (dim: Dim): number => {
    const n = sizeOfDim(dim, known)
    if (n === null) throw new ShapeError(`${what}: the size of '${dim}' is not known; bind it, or write dim('${dim}', n)`)
    return n
  }
  const loopOver = withBodies((body) => bound(body, known, what))
  return mapGraph(graph, (n, inputs) => {
    if (n.op === 'scan') {
      const loop = loopOver(n, inputs) as NodeOf<'scan'>
      return make('scan', inputs, { ...loop.attributes, shape: loop.attributes.shape.map(number) })
    }
    if (n.op === 'size') return constant(n.attributes.shape.map(number).reduce((a, b) => a * b, 1))
    if (n.op === 'gather' && n.attributes.places) return placesWithin(inputs as readonly [Node, Node])
    const { attributes } = n
    if (!('shape' in attributes) || (n.sizes === unbound && attributes.shape.every(isNumber))) return withInputs(n, inputs)
    return make(n.op as Op, inputs, { ...attributes, shape: attributes.shape.map(number) } as Attributes[Op])
  })
}

/** Rows of a table by place: a name may have turned out to be longer than the table. */
const placesWithin = ([table, places]: readonly [Node, Node]): Node => {
  fits(learnedShape([...places.shape, ...table.shape.slice(1)], table.shape[0] as number))
  return gather(table, places)
}
