/** Trees of expressions as trees of data, in f64: what a program does between two steps. */
import { data } from '../../src/graph/expression.ts'
import type { Value } from '../../src/graph/interpret.ts'
import { leaves, withLeaves } from '../../src/graph/tree.ts'
import type { Dims, DType } from '../../types/dim.ts'
import type { AnyTensor } from '../../types/tensor.ts'
import { evaluate } from '../autodiff/differences.ts'

/** The evaluator takes elements as they are, so that nothing is rounded to f32. */
export const exact = (values: readonly number[], shape: Dims, dtype: DType = 'f32'): AnyTensor =>
  data((dtype === 'f32' ? Float64Array.from(values) : Int32Array.from(values)) as never, shape, dtype) as never

export const settle = <T>(tree: T): T => {
  const nodes = leaves(tree).map(({ node }) => node)
  const values = evaluate(nodes)
  return withLeaves(
    tree,
    nodes.map(({ shape, dtype, sizes }, i) => data((values[i] as Value).values as never, shape, dtype, sizes)),
  )
}
