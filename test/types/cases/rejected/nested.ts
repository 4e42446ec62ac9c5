/**
 * Mistakes in calls within calls: the sentence tells of what the inner call gives, and not that there is nothing. The comments are
 * those of `scan.ts`.
 */
import { add, applyUpdates, compile, greater, matmul, mul, scan, spec, sum, type Tensor, where, zeros } from 'shapewright'
import * as ops from 'shapewright/ops'

const grid = zeros([2, 3])
const params = { w: zeros([4, 3]), b: zeros([3]) }

// -- two operands, the first of them a call
// matmul: [2, 3] x [4, 4]: expected last dim 4, got 3 @ zeros([4, 4])
matmul(add(grid, 1), zeros([4, 4]))
// matmul: [2, 3] x [9, 2]: expected last dim 9, got 3 @ zeros([9, 2])
matmul(matmul(zeros([2, 4]), params.w), zeros([9, 2]))
// add: shapes [2, 3] and [9] do not broadcast @ zeros([9])
add(matmul(zeros([2, 4]), params.w), zeros([9]))

// -- three operands
// where: shapes [2, 3], [2, 3] and [3, 2] do not broadcast @ zeros([3, 2])
where(greater(grid, 0), grid, zeros([3, 2]))
// where: shapes [2, 3], [2, 3] and [4] do not broadcast @ zeros([4])
where(greater(grid, 0), add(grid, 1), zeros([4]))

// -- trees
// applyUpdates: updates.w is [3], the parameters have [4, 3] @ w
applyUpdates(params, { w: mul(params.b, 0.1), b: mul(params.b, 0.1) })
// applyUpdates: updates.b is missing @ { w: mul(params.w, 0.1) }
applyUpdates(params, { w: mul(params.w, 0.1) })
// compile: state.b is [4], the step takes [3] @ b
compile((state: { readonly b: Tensor<[3]> }, x: Tensor<[3]>) => [{ b: add(state.b, x) }, sum()(x)], {
  state: { b: mul(zeros([4]), 2) },
  args: [spec([3])],
})
// layerNorm: params.shift is [3], the layer has [4] @ shift
ops.layerNorm({ scale: add(zeros([4]), 1), shift: zeros([3]) })

// -- loops
// scan: the next carry is [1, 3], the step takes [1, 2] @ matmul(h, zeros([2, 3]))
scan((h) => [matmul(h, zeros([2, 3])), null], add(zeros([1, 2]), 1), mul(zeros([10, 2]), 3))
// scan: the sequences are of different lengths @ [mul(zeros([10, 2]), 3), zeros([9, 2])]
scan((h) => [h, null], zeros([2]), [mul(zeros([10, 2]), 3), zeros([9, 2])])
