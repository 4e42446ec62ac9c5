/** Arguments of another kind than what is asked for. */
import {
  add,
  argmax,
  assertShape,
  dense,
  expandDims,
  full,
  greater,
  input,
  iota,
  key,
  matmul,
  mean,
  permute,
  pipe,
  pixels,
  predict,
  reshape,
  samples,
  slice,
  split,
  squeeze,
  sum,
  type Tensor,
  tensor,
  tensorOf,
  transpose,
  uniform,
  zeros,
} from 'shapewright'

declare const x: Tensor<[32, 784]>
declare const w: Tensor<[784, 10]>
declare const rowsOfJson: readonly (readonly number[])[]
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
// tensor: a typed array has no shape; write tensor(values, [2, 3]) @ tensor(Float32Array.of(1, 2))
add(tensor(Float32Array.of(1, 2)), w)

// -- sizes that are no list
// input: expected a list of sizes, as [2, 3], got 784 @ 784
input(784)
// zeros: expected a list of sizes, as [2, 3], got 4 @ 4
zeros(4)
// full: expected a list of sizes, as [2, 3], got 4 @ 4
full(4, 2)
// reshape: expected a list of sizes, as [2, 3], got 24 @ 24
reshape(24)
// iota: expected a list of sizes, as [2, 3], got 4 @ 4
iota(4)
// uniform: expected a list of sizes, as [2, 3], got 4 @ 4
uniform(key(0), 4)
// samples: expected a list of sizes, as [2, 3], got 2 @ 2
samples([1, 2], 2)
// samples: values stand in a flat list, one sample after the other; write values.flat() @ [[1, 2], [3, 4]]
samples([[1, 2], [3, 4]], [2])
// samples: values stand in a flat list, one sample after the other; write values.flat() @ rowsOfJson
samples(rowsOfJson, [2])
// pixels: values stand in a flat list, one sample after the other; write values.flat() @ rowsOfJson
pixels(rowsOfJson, [2])
// tensorOf: expected a list of sizes, as [2, 3], got batch @ 'batch'
tensorOf('batch')
// assertShape: expected a list of sizes, as [2, 3], got 784 @ 784
assertShape(784)

// -- one sample where a batch is asked for
const classifier = pipe(input([784]), dense(10))
const params = classifier.init(key(0))
const tokens = pipe(input(['time'], 'i32'))
// apply: the model takes samples of [784] with a batch dim in front, got [784] @ zeros([784])
classifier.apply(params, zeros([784]))
// apply: the model takes samples of i32 [time] with a batch dim in front, got i32 [time] @ zeros(['time'], 'i32')
tokens.apply({}, zeros(['time'], 'i32'))
// predict: the model takes samples of [784] with a batch dim in front, got [784] @ inputs
predict(classifier, { params, inputs: zeros([784]) })
