/** Calls within calls, as mathematics is written: what an operation gives is seen wherever it stands as an argument. */
import {
  adam,
  add,
  applyUpdates,
  compile,
  div,
  grad,
  greater,
  matmul,
  mul,
  neg,
  scan,
  softmax,
  spec,
  sqrt,
  sub,
  sum,
  type Tensor,
  tanh,
  transpose,
  variance,
  where,
  zeros,
} from 'shapewright'
import * as ops from 'shapewright/ops'

const grid = zeros([2, 3])
const params = { w: zeros([4, 3]), b: zeros([3]) }
type P = typeof params

// -- a product of products, attention as its formula
export const attended = <T extends string>(x: Tensor<[T, 8]>, w: Tensor<[8, 4]>): Tensor<[T, 4]> =>
  matmul(softmax(-1)(div(matmul(matmul(x, w), transpose(matmul(x, w))), 2)), matmul(x, w))
export const perceptron = (x: Tensor<['n', 4]>): Tensor<['n', 2]> => matmul(tanh(add(matmul(x, params.w), params.b)), zeros([3, 2]))
export const standardised: Tensor<[2, 3]> = div(sub(grid, 1), sqrt(add(variance()(grid), 1e-5)))

// -- choosing, where a shape of three is not seen at first
export const chosen: Tensor<[2, 3]> = where(greater(grid, 0), zeros([2, 1]), zeros([3]))
export const raised: Tensor<[2, 3]> = where(zeros([2, 1], 'bool'), add(grid, 1), zeros([3]))
export const lower: Tensor<[2, 3]> = where(zeros([2, 1], 'bool'), zeros([3]), add(grid, 1))

// -- trees of parameters: steps, gradients, states of one's own
export const stepped: P = applyUpdates(params, { w: mul(params.w, 0.1), b: neg(mul(params.b, 0.1)) })
export const whole: Tensor<[3]> = applyUpdates(params.b, mul(params.b, 0.1))
const optimizer = adam({ learningRate: 0.1 })
export const updates: P = optimizer.update({ w: mul(params.w, 2), b: add(params.b, 1) }, optimizer.init(params), params)[0]
export const gradient: Tensor<[3]> = grad((b: Tensor<[3]>) => sum()(mul(b, b)))(add(params.b, 1))
export const program = compile((state: { readonly b: Tensor<[3]> }, x: Tensor<[3]>) => [{ b: add(state.b, x) }, sum()(x)], {
  state: { b: mul(params.b, 2) },
  args: [spec([3])],
})

// -- loops: what goes in, as it is and in a tree
export const looped: readonly [Tensor<[2]>, Tensor<[10, 2]>] = scan(
  (h, x) => [add(h, x), mul(h, 2)],
  add(zeros([2]), 1),
  mul(zeros([10, 2]), 3),
)
export const twice: readonly [Tensor<[2]>, Tensor<[10, 2]>] = scan(
  (h, { x, y }) => [add(h, x), mul(h, y)],
  zeros([2]),
  { x: mul(zeros([10, 2]), 3), y: zeros([10, 2]) },
)

// -- parameters of operations
export const normalised: Tensor<[2, 3]> = ops.layerNorm({ scale: add(params.b, 1), shift: params.b })(grid)
export const steps: readonly [Tensor<[2, 5, 4]>, Tensor<[2, 4]>] = ops.gru({
  inputWeight: mul(zeros([8, 12]), 1),
  recurrentWeight: matmul(zeros([4, 4]), zeros([4, 12])),
  bias: zeros([12]),
  recurrentBias: zeros([4]),
})(zeros([2, 5, 8]))
