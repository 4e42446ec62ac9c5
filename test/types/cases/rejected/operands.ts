/** Arguments of another kind than what is asked for. */
import {
  add,
  argmax,
  assertShape,
  expandDims,
  greater,
  input,
  matmul,
  mean,
  permute,
  pipe,
  reshape,
  slice,
  split,
  squeeze,
  sum,
  type Tensor,
  transpose,
  zeros,
} from 'shapewright'

declare const x: Tensor<[32, 784]>
declare const w: Tensor<[784, 10]>
const model = input([6, 8])

// -- an Either, a model or an array where a tensor is asked for
// matmul: expected a tensor @ matmul(w)
pipe(x, assertShape(['batch', 784]), matmul(w))
// mean: expected a tensor @ mean(-2)
pipe(model, mean(-2))
// mean: expected a tensor @ [1, 2]
mean()([1, 2])
// sum: expected a tensor @ sum()
pipe(model, sum())
// argmax: expected a tensor @ argmax(-1)
pipe(model, argmax(-1))
// add: expected a tensor @ add(zeros([8]))
pipe(model, add(zeros([8])))
// greater: expected a tensor @ greater(0)
pipe(model, greater(0))
// matmul: expected a tensor @ model
matmul(w, model)
// reshape: expected a tensor @ reshape([28, 28, 1])
pipe(input([784]), reshape([28, 28, 1]))
// reshape: expected a tensor @ reshape([-1, 28, 1])
pipe(input([784]), reshape([-1, 28, 1]))
// expandDims: expected a tensor @ expandDims(0)
pipe(model, expandDims(0))
// squeeze: expected a tensor @ squeeze(0)
pipe(model, squeeze(0))
// permute: expected a tensor @ permute([1, 0])
pipe(model, permute([1, 0]))
// slice: expected a tensor @ slice([0], [1])
pipe(model, slice([0], [1]))
// split: expected a tensor @ split(2)
pipe(model, split(2))
// transpose: expected a tensor @ transpose
pipe(model, transpose)
