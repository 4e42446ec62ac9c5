/** Mistakes that show a branch of a rule that the other files do not show. The comments are those of `layers.ts`. */
import {
  accuracy,
  adam,
  add,
  block,
  argmax,
  classes,
  type Classes,
  compile,
  compose,
  concat,
  type Dataset,
  dataset,
  dense,
  dropout,
  einsum,
  fit,
  type Dim,
  evaluate,
  flatten,
  input,
  key,
  klDivergence,
  matmul,
  meanSquaredError,
  type Model,
  mul,
  type NoParams,
  pipe,
  predict,
  relu,
  reshape,
  samples,
  scalar,
  softmax,
  softmaxCrossEntropy,
  spec,
  squeeze,
  sum,
  type Tensor,
  tensor,
  valueAndGrad,
  where,
  zeros,
} from 'shapewright'

declare const grid: Tensor<[2, 3]>
declare const counts: Tensor<[2, 3], 'i32'>
declare const flags: Tensor<[2, 3], 'bool'>
declare const x: Tensor<['batch', 784]>
declare const tokens: Tensor<['batch', 'time', 64]>
declare const train: Dataset<[784], Classes<10>>
declare const photographs: Dataset<[32, 32, 3], Classes<10>>
declare const numbers: number[]
declare const tensors: Tensor<[2, 3]>[]
declare const n: number
const model = pipe(input([784]), dense(10))
const params = model.init(key(0))

// -- data
// dataset: expected a tensor, samples(...), pixels(...) or classes(...) @ numbers
dataset(numbers, zeros([2, 1]))
// dataset: expected a tensor, samples(...), pixels(...) or classes(...) @ 3
dataset(zeros([2, 1]), 3)
// dataset: expected f32 rows or classes(...), got i32 [2, 3] @ counts
dataset(zeros([2, 4]), counts)
// dataset: expected f32 or i32 rows, got f32 [] @ scalar(1)
dataset(scalar(1), zeros([2, 4]))
// dataset: 4 inputs and 3 targets @ zeros([3, 1])
dataset(zeros([4, 2]), zeros([3, 1]))
// classes: the number of classes is not a literal @ classes(numbers, n)
dataset(samples(numbers, [3]), classes(numbers, n))
// samples: a size must be a whole number, got -3 @ samples(numbers, [-3])
dataset(samples(numbers, [-3]), classes(numbers, 2))

// -- models and what is done with them
// predict: needs a batch dim, got [] @ inputs
predict(model, { params, inputs: scalar(1) })
// predict: the model takes [784], the samples are [783] @ inputs
predict(model, { params, inputs: zeros([2, 783]) })
// evaluate: the model takes [784], the samples are [32, 32, 3] @ data
evaluate(model, { params, data: photographs, loss: softmaxCrossEntropy })
// evaluate: the loss compares [10], the data set has 10 classes @ data
evaluate(model, { params, data: train, loss: meanSquaredError })
// compose: the first model gives [10], the second takes [12] @ pipe(input([12]), dense(2))
compose(model, pipe(input([12]), dense(2)))
// klDivergence: needs the classes on the last axis @ zeros([2])
klDivergence(zeros([2]))(zeros([2]))
// meanSquaredError: the prediction is [2, 3], the target i32 [2, 3] @ meanSquaredError(counts)
pipe(grid, meanSquaredError(counts))
// softmaxCrossEntropy: the prediction is [2, 3], the target f32 [2] @ softmaxCrossEntropy(zeros([2]))
pipe(grid, softmaxCrossEntropy(zeros([2])))
// meanSquaredError: needs a batch dim, got [] @ meanSquaredError(scalar(1))
pipe(scalar(2), meanSquaredError(scalar(1)))
// relu: expected a tensor or a model @ [1, 2]
relu([1, 2])
// flatten: expected a tensor or a model @ 3
flatten(3)
// flatten: expected f32, got i32 @ counts
flatten(counts)
// relu: expected f32, got i32 @ counts
relu(counts)
// softmax: expected f32, got bool @ softmax(-1)
pipe(flags, softmax(-1))
// flatten: needs a batch dim, got [] @ scalar(1)
flatten(scalar(1))

// -- programs
const step = (s: Tensor<[]>, a: Tensor<[2]>, rate: number) => [s, mul(a, rate)] as const
// compile: argument 1 is not a tensor @ spec([])
compile(step, { state: scalar(0), args: [spec([2]), spec([])] })
// compile: argument 0 is [2], the spec says i32 [2] @ spec([2], 'i32')
compile((s: Tensor<[]>, a: Tensor<[2]>) => [s, a] as const, { state: scalar(0), args: [spec([2], 'i32')] })
// compile: argument 1 is [3], the spec says [4] @ spec([4])
compile((s: Tensor<[]>, _a: Tensor<[2]>, b: Tensor<[3]>) => [s, b] as const, { state: scalar(0), args: [spec([2]), spec([4])] })
// compile: argument 1 is [?, 3]; give each open dim a name @ spec(['n', 3])
compile(<B extends Dim>(s: Tensor<[]>, _a: Tensor<[2]>, b: Tensor<[B, 3]>) => [s, b] as const, {
  state: scalar(0),
  args: [spec([2]), spec(['n', 3])],
  bind: { n: [1] },
})
// compile: the function takes 2 arguments after the state, args has 1 @ args
compile((s: Tensor<[]>, a: Tensor<[2]>, _b: Tensor<[3]>) => [s, a] as const, { state: scalar(0), args: [spec([2])] })

// -- tensors
// add: two numbers make no tensor; use scalar @ add(1, 2)
relu(add(1, 2))
// concat: the number of tensors is not known @ concat(tensors, 0)
relu(concat(tensors, 0))
// concat: nothing to join @ []
relu(concat([], 0))
// tensor: the arrays differ in length @ tensor([[1, 2], [3]])
relu(tensor([[1, 2], [3]]))
// tensor: a size is not a literal; write tensor(values.flat(), [dim('name', n)]) @ tensor(numbers)
relu(tensor(numbers))
// tensor: numbers and booleans do not mix @ tensor([1, true])
relu(tensor([1, true]))
// matmul: the right side needs rank >= 2, got [3] @ zeros([3])
matmul(grid, zeros([3]))
// matmul: the left side needs rank >= 2, got [3] @ zeros([4, 3, 5])
matmul(zeros([3]), zeros([4, 3, 5]))
// where: shapes [2, 3], [2, 3] and [4] do not broadcast @ zeros([4])
where(flags, grid, zeros([4]))
// where: f32 and i32 do not mix; use cast @ counts
where(flags, grid, counts)
// where: the condition must be bool, got i32 @ 0
where(counts, 1, 0)
// squeeze: the axis is not a literal @ squeeze(n)
pipe(grid, squeeze(n))
// argmax: the axis is not a literal @ argmax(n)
pipe(grid, argmax(n))
// valueAndGrad: the function must give a scalar @ grid
valueAndGrad((a: Tensor<[2, 3]>) => ({ a }))(grid)
// valueAndGrad: expected f32, got i32 @ counts
valueAndGrad((a: Tensor<[2, 3], 'i32'>) => pipe(a, sum(null)))(counts)

// -- what the sentence names
// matmul: expected f32, got i32 @ zeros([3, 2], 'i32')
matmul(grid, zeros([3, 2], 'i32'))
// argmax: axis 5 is out of range for [2, 3] @ argmax(5)
pipe(grid, argmax(5))
// reshape: a size is not a literal; write dim('name', n) @ reshape([n, 3])
pipe(grid, reshape([n, 3]))
// batch: the size is not a literal; write batch(dim('name', n)) @ train.batch(n)
relu(train.batch(n))
// evaluate: the metric error compares [10], the data set has 10 classes @ error
evaluate(model, { params, data: train, loss: softmaxCrossEntropy, metrics: { error: meanSquaredError } })
// dropout: expected f32, got i32 @ dropout(0.5)
pipe(input(['time'], 'i32'), dropout(0.5))
// block: expected f32, got i32 @ block()
pipe(input(['time'], 'i32'), block())
// fit: expected a data set; dataset gives an Either, take its right side @ data
fit(model, {
  data: dataset(samples(numbers, [784]), classes(numbers, 10)),
  loss: softmaxCrossEntropy,
  metrics: { accuracy },
  optimizer: adam({ learningRate: 1 }),
  batchSize: 1,
  epochs: 1,
  key: key(0),
})

// -- einsum
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const anyShape: Tensor<any>
// einsum: the output letter z of '...ij->...iz' is in no operand @ '...ij->...iz'
einsum('...ij->...iz', grid)
// einsum: the shape of a tensor is not known @ anyShape
einsum('ij->ji', anyShape)
// einsum: the shape of a tensor is not known @ anyShape
einsum('ij,jk->ik', grid, anyShape)

// -- what is not given in full
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const opened: Model<[3], any, NoParams>
// dense: the shape that the model gives is not known @ dense(2)
pipe(opened, dense(2))
// relu: the shape that the model gives is not known @ opened
relu(opened)
