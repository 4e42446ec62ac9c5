/** Mistakes in training, in steps and in their compilation. The comments are those of `layers.ts`. */
import {
  adam,
  applyUpdates,
  type Classes,
  classes,
  compile,
  type Dataset,
  type Dim,
  dataset,
  dense,
  dim,
  fit,
  input,
  key,
  mean,
  meanSquaredError,
  pipe,
  pixels,
  predict,
  relu,
  softmaxCrossEntropy,
  spec,
  type Tensor,
  valueAndGrad,
} from 'shapewright'
import { classifier, initial, mlp, type P, type State, step } from '../accepted/classifier.ts'

declare const train: Dataset<[784], Classes<10>>
declare const images: Dataset<[32, 32, 3], Classes<10>>
declare const letters: Dataset<[784], Classes<26>>
declare const vectors: Dataset<[784], [10]>
declare const sequences: Dataset<[4, 'time'], [4]>
declare const x: Tensor<['batch', 784]>
declare const y: Tensor<['batch'], 'i32'>
declare const n: number
declare const bytes: Uint8Array
const rest = { optimizer: adam({ learningRate: 1e-3 }), batchSize: 32, epochs: 10, key: key(0) }

// -- fit
// fit: the model takes [784], the samples are [32, 32, 3] @ data
fit(classifier, { data: images, loss: softmaxCrossEntropy, ...rest })
// fit: the loss compares 10 classes, the data set has 26 @ data
fit(classifier, { data: letters, loss: softmaxCrossEntropy, ...rest })
// fit: the model takes [784], the samples are [32, 32, 3] @ validation
fit(classifier, { data: train, validation: images, loss: softmaxCrossEntropy, ...rest })
// fit: the loss compares [10], the data set has 10 classes @ data
fit(classifier, { data: train, loss: meanSquaredError, ...rest })
// fit: the loss compares 10 classes, the data set has [10] @ data
fit(classifier, { data: vectors, loss: softmaxCrossEntropy, ...rest })
// softmaxCrossEntropy: needs the classes on the last axis @ data
fit(pipe(input([4, dim('time', n)]), relu), { data: sequences, loss: softmaxCrossEntropy, ...rest })
// fit: expected a data set; dataset gives an Either, take its right side @ data
fit(classifier, { data: dataset(pixels(bytes, [784]), classes(bytes, 10)), loss: softmaxCrossEntropy, ...rest })
// predict: expected a batch of samples, as a tensor whose rank is known @ inputs
predict(classifier, { params: initial.params, inputs: [[1, 2]] })

// -- gradients and updates
const perSample = (p: P, rows: Tensor<['batch', 784]>, targets: Tensor<['batch'], 'i32'>) => pipe(mlp(p, rows), softmaxCrossEntropy(targets))
// valueAndGrad: the function must give a scalar, got [batch]; end it with mean() @ initial.params
valueAndGrad(perSample)(initial.params, x, y)
// applyUpdates: updates.logits is missing @ { hidden: initial.params.hidden }
applyUpdates(initial.params, { hidden: initial.params.hidden })

// -- compile
// compile: argument 0 is [batch, 784], the spec says [batch, 785] @ spec(['batch', 785])
compile(step, { state: initial, args: [spec(['batch', 785]), spec(['batch'], 'i32')], bind: { batch: [32, 24] } })
// spec: a size is not a literal; write dim('name', n) @ spec(['batch', n])
compile(step, { state: initial, args: [spec(['batch', n]), spec(['batch'], 'i32')], bind: { batch: 32 } })
// compile: argument 1 is i32 [batch], the spec says [batch] @ spec(['batch'])
compile(step, { state: initial, args: [spec(['batch', 784]), spec(['batch'])], bind: { batch: [32, 24] } })
// compile: the size of 'batch' is not known; bind it, or write dim('batch', n) @ bind
compile(step, { state: initial, args: [spec(['batch', 784]), spec(['batch'], 'i32')], bind: {} })
// compile: the function takes 2 arguments after the state, args has 3 @ spec([3])
compile(step, { state: initial, args: [spec(['batch', 784]), spec(['batch'], 'i32'), spec([3])], bind: { batch: 32 } })
// compile: the function takes 2 arguments after the state, args has 1 @ args
compile(step, { state: initial, args: [spec(['batch', 784])], bind: { batch: 32 } })
const losesState = (state: State, rows: Tensor<['batch', 784]>) => [state.params, rows] as const
// compile: the first result is not of the type of the state @ state
compile(losesState, { state: initial, args: [spec(['batch', 784])], bind: { batch: 32 } })
const losesResult = (state: State) => state
// compile: the function must give [next state, result] @ { state: initial, args: [] }
compile(losesResult, { state: initial, args: [] })
const ofThree = (state: State) => [state, state, state] as const
// compile: the function must give [next state, result] @ { state: initial, args: [] }
compile(ofThree, { state: initial, args: [] })
const promised = async (state: State) => [state, null] as const
// compile: the function must give [next state, result] @ { state: initial, args: [] }
compile(promised, { state: initial, args: [] })
const forgets = (state: State): void => {
  applyUpdates(state.params, state.params)
}
// compile: the function must give [next state, result] @ { state: initial, args: [] }
compile(forgets, { state: initial, args: [] })
const ofAnyLength = (state: State) => [state, state.params]
// compile: the function gives a list that may be of any length; write [next state, result] as const @ { state: initial, args: [] }
compile(ofAnyLength, { state: initial, args: [] })
// compile: state.optimizer is missing @ state
compile(step, { state: { params: initial.params }, args: [spec(['batch', 784]), spec(['batch'], 'i32')], bind: { batch: 32 } })
const generic = <B extends Dim>(state: State, rows: Tensor<[B, 784]>) => [state, pipe(mlp(state.params, rows), mean())] as const
// compile: argument 0 is [?, 784]; give each open dim a name @ spec(['batch', 784])
compile(generic, { state: initial, args: [spec(['batch', 784])], bind: { batch: 32 } })
const grown = pipe(classifier, relu, dense(2))
// dense: expected last dim 3, got 2 @ dense(3, 1)
pipe(grown, dense(3, 1))
