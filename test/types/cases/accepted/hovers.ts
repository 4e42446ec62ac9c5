/** What an editor shows, where a comment points: `test/golden/hovers.txt` has it. */
import * as E from 'fp-ts/lib/Either.js'
import {
  accuracy,
  adam,
  add,
  attention,
  bidirectional,
  block,
  chain,
  type Classes,
  clipByGlobalNorm,
  compile,
  type Dataset,
  dataset,
  dense,
  type Dim,
  dim,
  dropout,
  embedding,
  evaluate,
  fit,
  flatten,
  grad,
  type Grads,
  gru,
  input,
  key,
  lstm,
  type LstmParams,
  masked,
  matmul,
  mean,
  named,
  type OptimizerState,
  type Params,
  pipe,
  predict,
  relu,
  reshape,
  residual,
  sequential,
  sgd,
  slice,
  softmax,
  softmaxCrossEntropy,
  topKAccuracy,
  transformerEncoderBlock,
  classWeighted,
  confusionMatrix,
  precision,
  spec,
  sum,
  type Tensor,
  tensor,
  valueAndGrad,
  zeros,
} from 'shapewright'
import * as ops from 'shapewright/ops'

declare const train: Dataset<[784], Classes<10>>
declare const n: number

// -- layers and models
export const layer = dense(256, 'hidden')
//           ^?
export const wide = dense(dim('width', n))
//           ^?
export const tower = block(dense(64), relu, dropout(0.5))
//           ^?
export const skip = residual(block(dense(64), relu, dense(64)))
//           ^?
export const first = input([28, 28, 1])
//           ^?
export const classifier = pipe(input([784]), dense(256, 'hidden'), relu, dense(10, 'logits'))
//           ^?
export const deep = sequential(input([28, 28, 1]), flatten, dense(64), relu, named('body')(tower), dense(10), softmax(-1))
//           ^?
export const prediction = classifier.apply(classifier.init(key(0)), zeros([32, 784]))
//           ^?
export const among = ops.multiHeadAttention({} as Params<typeof looker>['look'], zeros(['batch', 9, 64]), { heads: 8 })
//           ^?
export const looking = attention(8, { bias: true })
//           ^?
export const looker = pipe(input(['time', 64]), attention(8, { bias: true, name: 'look' }), transformerEncoderBlock(8, { norm: 'after', bias: true }))
//           ^?
export const activation = relu
//                        ^?

// -- parameters
export type P = Params<typeof classifier>
//          ^?
export type G = Grads<typeof classifier>
//          ^?
export const params = classifier.init(key(0))
//           ^?
export const weight = params.hidden.weight
//           ^?

// -- tensors
export const matrix = tensor([
  [1, 2],
  [3, 4],
])
export const product = matmul(matrix, zeros([2, 5]))
//           ^?
export const added = add(zeros([5]))
//           ^?
export const times = matmul(zeros([784, 10]))
//           ^?
export const shaped = reshape([-1, 4])
//           ^?
export const total = pipe(matrix, sum(0, { keepDims: true }))
//           ^?
export const part = pipe(zeros([8, 6]), slice([1], [4]))
//           ^?
export const mlp = <B extends Dim>(p: P, x: Tensor<[B, 784]>) =>
  pipe(x, matmul(p.hidden.weight), add(p.hidden.bias), relu, matmul(p.logits.weight), add(p.logits.bias))
export const logits = <B extends Dim>(p: P, x: Tensor<[B, 784]>) => mlp(p, x)
//           ^?

// -- losses, optimizers
export const loss = softmaxCrossEntropy
//           ^?
export const compared = softmaxCrossEntropy(zeros(['batch'], 'i32'))
//           ^?
export const optimizer = chain(clipByGlobalNorm(1), adam({ learningRate: 1e-3 }))
//           ^?
export const plain = sgd({ learningRate: 0.1 })
//           ^?
export type S = OptimizerState<typeof optimizer, P>
//          ^?
export const state = optimizer.init(params)
//           ^?

// -- sequences
export const reader = pipe(input([28, 8]), bidirectional(lstm(16)), gru(4, { returns: 'last' }))
//           ^?
export const memory = lstm(16, { returns: 'last', name: 'memory' })
//           ^?
export const review = pipe(input(['time'], 'i32'), masked(0, embedding(100, 8), lstm(16, { returns: 'last' })))
//           ^?
export const looped = pipe(zeros(['batch', 28, 8]), ops.lstm({} as LstmParams<8, 16>, { reverse: true }))
//           ^?

// -- gradients
export const slope = grad((x: Tensor<[3]>) => pipe(x, sum(null)))
//           ^?
export const both = valueAndGrad((p: P, x: Tensor<['batch', 784]>) => pipe(mlp(p, x), mean()))
//           ^?

// -- training
export const pairs = dataset(zeros([4, 2]), zeros([4, 1]))
//           ^?
export const result = await fit(classifier, {
  data: train,
  loss: softmaxCrossEntropy,
  metrics: { accuracy },
  optimizer,
  batchSize: 32,
  epochs: 10,
  key: key(0),
})()
export const training = result
//           ^?
export const trained = E.isRight(result) ? result.right : null
//           ^?
export const scores = evaluate(classifier, { params, data: train, loss: softmaxCrossEntropy, metrics: { accuracy } })
//           ^?
export const confused = evaluate(classifier, { params, data: train, loss: softmaxCrossEntropy, metrics: { confusion: confusionMatrix() } })
//           ^?
export const found = precision({ class: 3 })
//           ^?
export const weighing = classWeighted([1, 2, 5])
//           ^?
export const best = topKAccuracy(5)
//           ^?
export const answers = predict(classifier, { params, inputs: zeros([2, 784]) })
//           ^?

// -- programs
export const step = (s: { readonly params: P }, x: Tensor<['batch', 784]>) => [s, mlp(s.params, x)] as const
export const program = await compile(step, { state: { params }, args: [spec(['batch', 784])], bind: { batch: [32, 24] } })()
export const compiled = program
//           ^?
export const run = E.isRight(program) ? program.right.step : null
//           ^?
