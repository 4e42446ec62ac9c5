/**
 * The reference evaluator: what a graph means, in f64. Every pass and every program is tested against it. It rounds
 * nothing to f32, neither values nor constants, so that it can judge programs that do.
 */
import type { Dims } from '../../types/dim.ts'
import { elementwise } from './evaluate/elementwise.ts'
import { evaluateGather, evaluateScatterAdd } from './evaluate/indexing.ts'
import {
  evaluateBroadcast,
  evaluateConcat,
  evaluateConstant,
  evaluateData,
  evaluateIota,
  evaluatePad,
  evaluatePermute,
  evaluateRandom,
  evaluateReshape,
  evaluateSize,
  evaluateSlice,
} from './evaluate/movement.ts'
import { evaluateArgmax, evaluateDot, evaluateReduce } from './evaluate/reduction.ts'
import { evaluateLoop } from './evaluate/scan.ts'
import { operand, type Value } from './evaluate/value.ts'
import { evaluateWindow, evaluateWindowTranspose } from './evaluate/window.ts'
import { areSiblings, type Graph } from './graph.ts'
import { sameDims } from './infer.ts'
import { InternalError } from './internal-error.ts'
import type { Node, NodeOf } from './node.ts'
import type { Op } from './op.ts'

export type { Value } from './evaluate/value.ts'

type Evaluation<O extends Op> = (node: NodeOf<O>, inputs: readonly Value[]) => Value

const evaluations: { readonly [O in Op]: Evaluation<O> } = {
  ...elementwise,
  stopGradient: (_, inputs) => operand(inputs, 0),
  constant: evaluateConstant,
  data: evaluateData,
  parameter: ({ attributes }) => {
    throw new InternalError(`parameter '${attributes.name}' is no input of the graph`, 'parameter -> interpret')
  },
  size: evaluateSize,
  iota: evaluateIota,
  random: evaluateRandom,
  reshape: evaluateReshape,
  permute: evaluatePermute,
  broadcast: evaluateBroadcast,
  slice: evaluateSlice,
  pad: evaluatePad,
  concat: evaluateConcat,
  window: evaluateWindow,
  windowTranspose: evaluateWindowTranspose,
  sum: evaluateReduce,
  max: evaluateReduce,
  min: evaluateReduce,
  argmax: evaluateArgmax,
  dot: evaluateDot,
  gather: evaluateGather,
  scatterAdd: evaluateScatterAdd,
  scan: ({ attributes }, inputs) => evaluateLoop(attributes, inputs, interpret)[attributes.output] as Value,
}

/** The values of the outputs. All dims are numbers; one value for each input, of its shape and dtype. */
export const interpret = (graph: Graph, inputs: readonly Value[]): readonly Value[] => {
  const values = interpretAll(graph, inputs)
  return graph.outputs.map((output) => values.get(output) as Value)
}

/** The value of every node. */
export const interpretAll = (graph: Graph, inputs: readonly Value[]): ReadonlyMap<Node, Value> => {
  const values = new Map<Node, Value>(graph.inputs.map((input, i) => [input, fitting(input, inputs[i])]))
  for (const node of graph.nodes) {
    if (values.has(node)) continue
    const operands = node.inputs.map((input) => known(values, input, node))
    if (node.op !== 'scan') values.set(node, evaluate(node, operands))
    else {
      // siblings are outputs of one loop, which is run once
      const outputs = evaluateLoop(node.attributes, operands, interpret)
      for (const sibling of graph.nodes) if (areSiblings(node, sibling)) values.set(sibling, outputs[sibling.attributes.output] as Value)
    }
  }
  return values
}

/** The value of one node over its operands' values. */
export const evaluate = (node: Node, operands: readonly Value[]): Value => (evaluations[node.op] as Evaluation<Op>)(node, operands)

const known = (values: ReadonlyMap<Node, Value>, input: Node, user: Node): Value => {
  const value = values.get(input)
  if (value === undefined) throw new InternalError(`${input.op} comes after its user`, `${user.op} -> interpret`)
  return value
}
const fitting = ({ dtype, shape }: { readonly dtype: string; readonly shape: Dims }, value: Value | undefined): Value => {
  if (value !== undefined && value.dtype === dtype && sameDims(value.shape, shape)) return value
  const given = value === undefined ? 'nothing' : `${value.dtype} [${value.shape}]`
  throw new InternalError(`an input is ${dtype} [${shape}], its value ${given}`, 'parameter -> interpret')
}
