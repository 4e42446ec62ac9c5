/** Loops over time taken apart: what goes round, what comes in row by row, what stays, and what is asked of them. */
import { areSiblings, type Graph, graphOf, withInputs } from '../../graph/graph.ts'
import { outputsOf } from '../../graph/loop.ts'
import type { Node, NodeOf } from '../../graph/op.ts'

/** What a loop reads from outside, as a parameter inside. */
export interface Fed {
  readonly outside: Node
  readonly inside: Node
}
export interface Carry extends Fed {
  readonly next: Node
}
export interface OpenLoop {
  readonly length: number
  readonly reverse: boolean
  readonly carries: readonly Carry[]
  /** Inside, a row of what stands outside. */
  readonly sequences: readonly Fed[]
  readonly constants: readonly Fed[]
  /** Rows that are stacked outside. */
  readonly results: readonly Node[]
}
/** What a loop gives: the last value of a carry, by its parameter, and the stack of the rows that a node inside has. */
export interface Closed {
  readonly final: (state: Node) => Node
  readonly stacked: (row: Node) => Node
}

export const opened = ({ attributes }: NodeOf<'scan'>, body: Graph, inputs: readonly Node[]): OpenLoop => {
  const { carries, sequences, shape, reverse } = attributes
  const fed = body.inputs.map((inside, i): Fed => ({ inside, outside: inputs[i] as Node }))
  return {
    length: shape[0] as number,
    reverse,
    carries: fed.slice(0, carries).map((each, i) => ({ ...each, next: body.outputs[i] as Node })),
    sequences: fed.slice(carries, carries + sequences),
    constants: fed.slice(carries + sequences),
    results: body.outputs.slice(carries),
  }
}

/** The nodes of a loop; a result that stands there twice is stacked once. */
export const closed = ({ length, reverse, carries, sequences, constants, results }: OpenLoop): Closed => {
  const fed = [...carries, ...sequences, ...constants]
  const rows = [...new Set(results)]
  const body = graphOf(
    [...carries.map(({ next }) => next), ...rows],
    fed.map(({ inside }) => inside),
  )
  const outputs = outputsOf(
    { body, carries: carries.length, sequences: sequences.length, shape: [length], reverse },
    fed.map(({ outside }) => outside),
  )
  return {
    final: (state) => outputs[carries.findIndex(({ inside }) => inside === state)] as Node,
    stacked: (row) => outputs[carries.length + rows.indexOf(row)] as Node,
  }
}

/** What stands for each output that is asked for. */
export type Transform = (loop: OpenLoop, asked: readonly number[]) => ReadonlyMap<number, Node>

/** The graph with its loops transformed, those inside bodies first. */
export const overLoops = (graph: Graph, transform: Transform): Graph => {
  const bodies = new Map<Graph, Graph>()
  const bodyOf = (body: Graph): Graph => {
    const known = bodies.get(body) ?? overLoops(body, transform)
    bodies.set(body, known)
    return known
  }
  const images = new Map<Node, Node>()
  const image = (n: Node): Node => images.get(n) as Node
  for (const n of graph.nodes) {
    if (images.has(n)) continue
    const inputs = n.inputs.map(image)
    if (n.op !== 'scan') {
      images.set(n, withInputs(n, inputs))
      continue
    }
    const siblings = graph.nodes.filter((other) => areSiblings(n, other))
    const asked = siblings.map(({ attributes }) => attributes.output)
    const outputs = transform(opened(n, bodyOf(n.attributes.body), inputs), asked)
    for (const sibling of siblings) images.set(sibling, outputs.get(sibling.attributes.output) as Node)
  }
  return graphOf(graph.outputs.map(image), graph.inputs.map(image))
}

/** The nodes that these are made of, inside the loop. */
export const coneOf = (outputs: readonly Node[]): ReadonlySet<Node> => new Set(graphOf(outputs, []).nodes)

/** Nodes that change from step to step: those made of these parameters. In the order of the body's. */
export const dependents = (nodes: readonly Node[], on: Iterable<Node>): ReadonlySet<Node> => {
  const found = new Set(on)
  for (const n of nodes) if (n.inputs.some((input) => found.has(input))) found.add(n)
  return found
}
