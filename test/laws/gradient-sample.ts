/** Random graphs with a slope: one number made of their outputs, and its gradients as a graph of their own. */
import { pullBack } from '../../src/autodiff/pull-back.ts'
import type { Value } from '../../src/graph/evaluate/value.ts'
import * as ir from '../../src/graph/expression.ts'
import { bindDims, graphOf } from '../../src/graph/graph.ts'
import { interpret } from '../../src/graph/interpret.ts'
import type { Node } from '../../src/graph/node.ts'
import type { Sample } from '../generators/graphs.ts'

/** One number that depends on every f32 output, none of them outweighing the others. */
const scalarOf = ({ graph, values }: Sample): Node => {
  const worth = interpret(graph, values)
  const terms = graph.outputs.flatMap((output, i) => {
    if (output.dtype !== 'f32') return []
    const { shape, values: all } = worth[i] as Value
    const weights = Float32Array.from(all, (x, j) => ((j % 7) - 3.5) / (1 + Math.abs(x)))
    return [ir.sum(ir.mul(output, ir.data(weights, shape, 'f32')), ir.allAxes(output))]
  })
  return terms.reduce(ir.add, ir.constant(0))
}

/** The number, then its gradient by each f32 input, over the same inputs. */
export const gradientsOf = (sample: Sample): Sample => {
  const { graph, values } = sample
  const scalar = scalarOf(sample)
  const trained = graph.inputs.filter(({ dtype }) => dtype === 'f32')
  const gradients = pullBack(scalar, ir.constant(1), trained).map((gradient, i) => gradient ?? ir.full((trained[i] as Node).shape, 0))
  return { graph: bindDims(graphOf([scalar, ...gradients], graph.inputs), {}, 'the law'), values }
}
