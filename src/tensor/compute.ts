/** Evaluating tensors: every expression in a tree becomes data. */
import { elementsOf } from '../graph/elements.ts'
import { data } from '../graph/expression.ts'
import { bindDims, graphOf } from '../graph/graph.ts'
import { markStatistic, ownSizes } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'
import type { Elements } from '../graph/op.ts'
import { leaves, withLeaves } from '../graph/tree.ts'

/**
 * The same tree with every tensor evaluated, by the reference evaluator in f64, rounded to f32 at the end. Names need a
 * size from `dim`. A parameter of a function being traced has no value yet: reading it is an error.
 *
 * @example
 * compute({ total: sum()(tensor([1, 2])) }).total.op // => 'data'
 */
export const compute = <T>(tree: T): T => {
  const nodes = leaves(tree).map(({ node }) => node)
  const open = nodes.filter((node) => node.op !== 'data')
  const values = evaluate(open)
  let next = 0
  return withLeaves(
    tree,
    nodes.map((node) => (node.op === 'data' ? node : dataOf(node, values[next++] as Elements))),
  )
}

const evaluate = (outputs: readonly Node[]): readonly Elements[] => {
  const graph = graphOf(outputs, [])
  const traced = graph.nodes.find((node) => node.op === 'parameter')
  if (traced?.op === 'parameter')
    throw new Error(
      `compute: ${nameOf(traced.attributes.name)} has no value while a function is traced; return the tensor and read the result`,
    )
  return elementsOf(bindDims(graph, {}, 'compute'))
}

const dataOf = (node: Node, values: Elements): Node => {
  const made = data(values, node.shape, node.dtype, ownSizes(node.shape, node.sizes))
  return node.statistic ? markStatistic(made) : made
}
/** What is all of a state, or of an argument, has no name. */
const nameOf = (path: string): string => (path === '' ? 'the tensor' : `'${path}'`)
