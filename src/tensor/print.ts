/** The graph below tensors, as text: what `console.log` shows of one tensor is only its own line. */
import { ShapeError } from '../../types/shape-error.ts'
import { graphOf } from '../graph/graph.ts'
import { print as printGraph } from '../graph/print.ts'
import { leaves } from '../graph/tree.ts'

/**
 * Every node below a tree of tensors, one a line, operands by number.
 *
 * @example
 * print(add(tensor([1, 2]), 3)).split('\n')[1] // => '%0: f32 [2] = data [1, 2]'
 */
export const print = (tree: unknown): string => {
  const nodes = leaves(tree).map(({ node }) => node)
  if (nodes.length === 0) throw new ShapeError('print: there is no tensor in it; summary shows a model')
  return printGraph(graphOf(nodes, []))
}
