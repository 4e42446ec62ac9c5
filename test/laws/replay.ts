/** A random graph as a training step: its nodes over again on the tensors that a compilation hands in. */
import type { Source } from '../../src/compiler/trace.ts'
import type { Value } from '../../src/graph/evaluate/value.ts'
import * as ir from '../../src/graph/expression.ts'
import { type Graph, graphOf, withInputs } from '../../src/graph/graph.ts'
import { sameDims } from '../../src/graph/infer.ts'
import type { Node } from '../../src/graph/node.ts'
import type { Sample } from '../generators/graphs.ts'
import { elementsOf } from '../generators/values.ts'

/** The outputs over other inputs. */
export const replay = (graph: Graph, inputs: readonly Node[]): readonly Node[] => {
  const images = new Map<Node, Node>(graph.inputs.map((input, i) => [input, inputs[i] as Node]))
  for (const node of graph.nodes) {
    if (images.has(node)) continue
    images.set(
      node,
      withInputs(
        node,
        node.inputs.map((input) => images.get(input) as Node),
      ),
    )
  }
  return graph.outputs.map((output) => images.get(output) as Node)
}

/** A step whose first `kept` inputs are the state: an output of the same type is the next state, or it stays. */
export interface Stepped {
  readonly source: Source
  /** The next state, then the results, as one graph over the same inputs. */
  readonly graph: Graph
  readonly args: readonly Value[]
}
export const stepOf = ({ graph, values }: Sample, kept: number): Stepped => {
  const { inputs, outputs } = graph
  const next = inputs.slice(0, kept).map((input) => outputs.find((output) => fits(output, input)) ?? input)
  const whole = graphOf([...next, ...outputs], inputs)
  const step = (state: readonly Node[], ...args: readonly Node[]) => {
    const all = replay(whole, [...state, ...args])
    return [all.slice(0, kept), all.slice(kept)] as const
  }
  return {
    source: {
      step: step as Source['step'],
      state: values.slice(0, kept).map((value) => ir.data(elementsOf(value), value.shape, value.dtype)),
      args: values.slice(kept).map(({ shape, dtype }) => ({ shape, dtype })),
      bind: [{}],
    },
    graph: whole,
    args: values.slice(kept),
  }
}
const fits = (a: Node, b: Node): boolean => sameDims(a.shape, b.shape) && a.dtype === b.dtype
