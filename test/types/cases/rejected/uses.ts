/** Mistakes in what is done with models: every value that is handed to one beside what it asks for. The comments are those of `layers.ts`. */
import {
  type Adam,
  accuracy,
  adam,
  add,
  applyUpdates,
  binaryCrossEntropy,
  type Classes,
  chain,
  clipByGlobalNorm,
  compile,
  compose,
  type Dataset,
  dense,
  evaluate,
  fit,
  clipByValue,
  freeze,
  grad,
  huber,
  input,
  key,
  klDivergence,
  type Model,
  meanAbsoluteError,
  meanSquaredError,
  momentum,
  type Program,
  pipe,
  predict,
  relu,
  residual,
  type Sgd,
  type Statistic,
  sequential,
  sgd,
  sigmoidBinaryCrossEntropy,
  softmaxCrossEntropy,
  softmaxCrossEntropyDense,
  softmaxCrossEntropySmoothed,
  spec,
  summary,
  sum,
  type Tensor,
  type Trained,
  valueAndGrad,
  zeros,
} from 'shapewright'
import { classifier, fitted, initial, type P, type State, step } from '../accepted/classifier.ts'

declare const train: Dataset<[784], Classes<10>>
declare const letters: Dataset<[784], Classes<26>>
declare const vectors: Dataset<[784], [10]>
declare const photographs: Dataset<[32, 32, 3], Classes<10>>

declare const x: Tensor<['batch', 784]>
declare const short: Tensor<['batch', 783]>
declare const ids: Tensor<['batch', 784], 'i32'>
declare const labels: Tensor<['batch'], 'i32'>
declare const floats: Tensor<['batch']>
declare const logits: Tensor<['batch', 10]>
declare const grid: Tensor<['batch', 4, 5, 10]>
declare const image: Tensor<[3, 4, 4, 784]>
const params = classifier.init(key(0))
const narrow = pipe(input([784]), dense(128, 'hidden'), relu, dense(10, 'logits'))
const narrowParams = narrow.init(key(0))
const tokens = input(['time'], 'i32')
const loss = softmaxCrossEntropy
const rest = { optimizer: adam({ learningRate: 1e-3 }), batchSize: 32, epochs: 10, key: key(0) }

// -- apply: parameters
// apply: params.hidden.weight is [784, 128], the model has [784, 256] @ narrowParams
classifier.apply(narrowParams, x)
// apply: params.logits is missing @ { hidden: params.hidden }
classifier.apply({ hidden: params.hidden }, x)
// apply: params.logits.bias is missing @ logits
classifier.apply({ ...params, logits: { weight: params.logits.weight } }, x)
// apply: several parts of params are missing @ {}
classifier.apply({}, x)
// apply: params.logits.weight is i32 [256, 10], the model has [256, 10] @ weight
classifier.apply({ ...params, logits: { ...params.logits, weight: zeros([256, 10], 'i32') } }, x)
// apply: params.hidden is a tensor, the model has several there @ hidden
classifier.apply({ ...params, hidden: params.hidden.weight }, x)
// apply: params.hidden.bias is no tensor, the model has [256] @ bias
classifier.apply({ ...params, hidden: { ...params.hidden, bias: [1, 2] } }, x)
// applyTraining: params.hidden.weight is [784, 128], the model has [784, 256] @ narrowParams
classifier.applyTraining(narrowParams, x, key(0))
declare const normed: Model<[4], [4], { norm: { readonly mean: Statistic<[4]> } }>
// apply: params.norm.mean is no statistic; write statistic(x) @ mean
normed.apply({ norm: { mean: zeros([4]) } }, zeros([2, 4]))

// -- apply: samples, at ranks 1, 2 and 4
// apply: the model takes samples of [784], x is [batch] @ floats
classifier.apply(params, floats)
// apply: the model takes samples of [784], x is [batch, 783] @ short
classifier.apply(params, short)
// apply: the model takes samples of [784], x is [3, 4, 4, 784] @ image
classifier.apply(params, image)
// apply: the model takes samples of [784], x is i32 [batch, 784] @ ids
classifier.apply(params, ids)
// apply: the model takes samples of i32 [time], x is [batch, time] @ zeros(['batch', 'time'])
tokens.apply({}, zeros(['batch', 'time']))
// apply: the model takes samples of [784], x is no tensor @ [[1, 2]]
classifier.apply(params, [[1, 2]])
// applyTraining: the model takes samples of [784], x is [batch, 783] @ short
classifier.applyTraining(params, short, key(0))
// ~ Argument of type 'number' is not assignable to parameter of type 'Key'. @ 3
classifier.init(3)

// -- predict, evaluate
// predict: params.hidden.weight is [784, 128], the model has [784, 256] @ params
predict(classifier, { params: narrowParams, inputs: x })
// predict: params.logits is missing @ params
predict(classifier, { params: { hidden: params.hidden }, inputs: x })
// predict: the model takes [784], the samples are [783] @ inputs
predict(classifier, { params, inputs: short })
// predict: the model takes [784], the samples are i32 [784] @ inputs
predict(classifier, { params, inputs: ids })
// predict: needs a batch dim, got [] @ inputs
predict(classifier, { params, inputs: zeros([]) })
// predict: expected a model @ dense(3)
predict(dense(3), { params, inputs: x })
// evaluate: params.hidden.weight is [784, 128], the model has [784, 256] @ params
evaluate(classifier, { params: narrowParams, data: train, loss })
// evaluate: the loss compares 10 classes, the data set has 26 @ data
evaluate(classifier, { params, data: letters, loss })
// evaluate: the model takes [784], the samples are [32, 32, 3] @ data
evaluate(classifier, { params, data: photographs, loss })
// evaluate: the metric accuracy compares 10 classes, the data set has [10] @ accuracy
evaluate(classifier, { params, data: vectors, loss: meanSquaredError, metrics: { accuracy } })
// evaluate: expected a model @ relu
evaluate(relu, { params, data: train, loss })

// -- fit
// fit: the metric mse compares [10], the data set has 10 classes @ mse
fit(classifier, { data: train, loss, ...rest, metrics: { accuracy, mse: meanSquaredError } })
// fit: the loss compares 10 classes, the data set has 26 @ validation
fit(classifier, { data: train, validation: letters, loss, ...rest })
// fit: the model takes i32 [time], the samples are [784] @ data
fit(tokens, { data: train, loss, ...rest })
// fit: expected a model @ dense(3)
fit(dense(3), { data: train, loss, ...rest })
declare const narrowTrained: Trained<typeof narrow, Adam>
// fit: from.params.hidden.weight is [784, 128], the model has [784, 256] @ from
fit(classifier, { data: train, loss, ...rest, from: narrowTrained })
declare const sgdTrained: Trained<typeof classifier, Sgd>
// fit: several parts of from.optimizer are missing @ from
fit(classifier, { data: train, loss, ...rest, from: sgdTrained })
// fit: 'from' is what an earlier fit ended with; fit gives an Either, take its right side @ from
fit(classifier, { data: train, loss, ...rest, from: fitted })
const state0 = rest.optimizer.init(params)
// fit: from.key is missing; to begin with weights alone, give them as params @ from
fit(classifier, { data: train, loss, ...rest, from: { params, optimizer: state0 } })
const noHistory = { params, optimizer: state0, key: key(0), epoch: 0 }
// fit: from.history is missing; to begin with weights alone, give them as params @ from
fit(classifier, { data: train, loss, ...rest, from: noHistory })
// ~ Type 'string' is not assignable to type 'number'. @ epoch
fit(classifier, { data: train, loss, ...rest, from: { ...noHistory, history: [], epoch: '0' } })
// ~ Type 'number' is not assignable to type 'AnyBest'. @ best
fit(classifier, { data: train, loss, ...rest, from: { ...noHistory, history: [], best: 3 } })
// fit: several parts of from.optimizer are missing @ optimizer
fit(classifier, { data: train, loss, ...rest, from: { ...noHistory, history: [], optimizer: sgdTrained.optimizer } })
// fit: 'from' is what an earlier fit ended with; fit gives an Either, take its right side @ from
fit(classifier, { data: train, loss, ...rest, from: params })
declare const wholeTrained: Trained<typeof classifier, Adam>
// fit: 'from' goes on with its own parameters; 'params' are what a new run begins with @ from
fit(classifier, { data: train, loss, ...rest, from: wholeTrained, params })
// fit: params.hidden.weight is [784, 128], the model has [784, 256] @ params
fit(classifier, { data: train, loss, ...rest, params: narrowTrained.params })
declare const perhapsNarrow: typeof narrowTrained.params | undefined
// fit: params.hidden.weight is [784, 128], the model has [784, 256] @ params
fit(classifier, { data: train, loss, ...rest, params: perhapsNarrow })
// fit: params.logits is missing @ params
fit(classifier, { data: train, loss, ...rest, params: { hidden: params.hidden } })
// fit: several parts of params are missing @ params
fit(classifier, { data: train, loss, ...rest, params: fitted })
// ~ is not assignable to type 'Optimizer<unknown>' @ optimizer
fit(classifier, { data: train, loss, ...rest, optimizer: momentum })
// ~ Type 'number' is not assignable to type 'Key'. @ key
fit(classifier, { data: train, loss, ...rest, key: 3 })

// -- frozen parameters
const descent = sgd({ learningRate: 0.1 })
const gathered = classifier.init(key(0))
// freeze: the parameters have no 'hiden'; did you mean 'hidden'? @ optimizer
fit(classifier, { data: train, loss, ...rest, optimizer: freeze('hiden')(descent) })
// freeze: the parameters have no 'logist'; did you mean 'logits'? @ optimizer
fit(classifier, { data: train, loss, ...rest, optimizer: freeze('hidden', 'logist')(descent) })
// freeze: the parameters have no 'hiden'; did you mean 'hidden'? @ optimizer
fit(classifier, { data: train, loss, ...rest, optimizer: chain(clipByValue(1), freeze('hiden')(descent)) })
// freeze: the parameters have no 'logist'; did you mean 'logits'? @ optimizer
fit(classifier, { data: train, loss, ...rest, optimizer: chain(freeze('hidden')(clipByValue(1)), freeze('logist')(descent)) })
// freeze: the parameters have no 'hiden'; did you mean 'hidden'? @ optimizer
fit(classifier, { data: train, loss, ...rest, optimizer: chain(freeze('hiden')(clipByValue(1)), freeze('logits')(descent)) })
// freeze: the parameters have no 'lojits'; did you mean 'logits'? @ optimizer
fit(classifier, { data: train, loss, ...rest, optimizer: freeze('lojits')(descent) })
// freeze: the parameters have no 'logits1'; did you mean 'logits'? @ optimizer
fit(classifier, { data: train, loss, ...rest, optimizer: freeze('logits1')(descent) })
// freeze: the parameters have no 'output' @ optimizer
fit(classifier, { data: train, loss, ...rest, optimizer: freeze('output')(descent) })
// freeze: the parameters have no 'hidden.kernel' @ optimizer
fit(classifier, { data: train, loss, ...rest, optimizer: freeze('hidden.weight', 'hidden.kernel')(descent) })
// freeze: the parameters have no 'hidden.weight.row' @ optimizer
fit(classifier, { data: train, loss, ...rest, optimizer: freeze('hidden.weight.row')(descent) })
declare const someName: string
declare const twoNames: 'hidden' | 'logits'
declare const manyNames: readonly 'hidden'[]
// freeze: the parameters have no 'dense3' @ optimizer
fit(pipe(input([784]), dense(20), dense(10)), { data: train, loss, ...rest, optimizer: freeze('dense3')(descent) })
// freeze: the parameters have no 'hidden.weight.shape' @ optimizer
fit(classifier, { data: train, loss, ...rest, optimizer: freeze('hidden.weight.shape')(descent) })
// freeze: a name is not a literal @ optimizer
fit(classifier, { data: train, loss, ...rest, optimizer: freeze(someName)(descent) })
// freeze: a name is not a literal @ optimizer
fit(classifier, { data: train, loss, ...rest, optimizer: freeze(twoNames)(descent) })
// freeze: a name is not a literal @ optimizer
fit(classifier, { data: train, loss, ...rest, optimizer: freeze(...manyNames)(descent) })
// freeze: the parameters have no 'hiden'; did you mean 'hidden'? @ classifier.init(key(0))
freeze('hiden')(descent).init(classifier.init(key(0)))
// freeze: the parameters have no 'encoder' @ gathered
freeze('hidden.bias', 'encoder')(descent).init(gathered)
// freeze: a name is not a literal @ gathered
freeze(someName)(descent).init(gathered)
// freeze: the parameters have no 'shap' @ params.logits.bias
freeze('shap')(descent).init(params.logits.bias)

// -- losses on tensors, at ranks 1, 2 and 4
// softmaxCrossEntropy: the prediction is [batch, 10], the target f32 [batch] @ softmaxCrossEntropy(floats)
pipe(logits, softmaxCrossEntropy(floats))
// softmaxCrossEntropy: needs the classes on the last axis @ softmaxCrossEntropy(labels)
pipe(floats, softmaxCrossEntropy(labels))
// softmaxCrossEntropySmoothed: the prediction is [batch, 4, 5, 10], the target i32 [batch] @ softmaxCrossEntropySmoothed(0.1)(labels)
pipe(grid, softmaxCrossEntropySmoothed(0.1)(labels))
// softmaxCrossEntropyDense: the prediction is [batch, 10], the target i32 [batch] @ softmaxCrossEntropyDense(labels)
pipe(logits, softmaxCrossEntropyDense(labels))
// meanSquaredError: the prediction is [batch, 10], the target f32 [batch, 784] @ meanSquaredError(x)
pipe(logits, meanSquaredError(x))
// meanSquaredError: needs a batch dim, got [] @ meanSquaredError(zeros([]))
pipe(zeros([]), meanSquaredError(zeros([])))
// meanAbsoluteError: the prediction is [batch, 10], the target i32 [batch] @ meanAbsoluteError(labels)
pipe(logits, meanAbsoluteError(labels))
// huber: the prediction is [batch, 4, 5, 10], the target f32 [batch, 10] @ huber()(logits)
pipe(grid, huber()(logits))
// klDivergence: the prediction is [batch, 10], the target f32 [batch, 784] @ klDivergence(x)
pipe(logits, klDivergence(x))
// binaryCrossEntropy: the prediction is [batch, 10], the target f32 [batch] @ binaryCrossEntropy(floats)
pipe(logits, binaryCrossEntropy(floats))
// sigmoidBinaryCrossEntropy: the prediction is [batch], the target f32 [batch, 10] @ sigmoidBinaryCrossEntropy(logits)
pipe(floats, sigmoidBinaryCrossEntropy(logits))
// accuracy: the prediction is [batch, 10], the target f32 [batch] @ accuracy(floats)
pipe(logits, accuracy(floats))

// -- optimizers
const optimizer = adam({ learningRate: 1e-3 })
const gradients: P = params
// update: gradients.hidden.weight is [784, 128], the parameters have [784, 256] @ narrowParams
optimizer.update(narrowParams, optimizer.init(params), params)
// update: gradients.logits is missing @ { hidden: params.hidden }
optimizer.update({ hidden: params.hidden }, optimizer.init(params), params)
// update: state.first.hidden.weight is [784, 128], the optimizer has [784, 256] @ optimizer.init(narrowParams)
optimizer.update(gradients, optimizer.init(narrowParams), params)
// learningRate: state.first.hidden.weight is [784, 128], the optimizer has [784, 256] @ optimizer.init(narrowParams)
optimizer.learningRate(optimizer.init(narrowParams), params)
// update: several parts of state are missing @ sgd({ learningRate: 1 }).init(params)
optimizer.update(gradients, sgd({ learningRate: 1 }).init(params), params)
// update: state.velocity is missing @ optimizer.init(params)
momentum({ learningRate: 1 }).update(gradients, optimizer.init(params), params)
// update: state is no list of 2 @ optimizer.init(params)
chain(clipByGlobalNorm(1), optimizer).update(gradients, optimizer.init(params), params)
// update: state is another value than the optimizer has @ optimizer.init(params)
clipByGlobalNorm(1).update(gradients, optimizer.init(params), params)
// applyUpdates: updates.hidden.weight is [784, 128], the parameters have [784, 256] @ narrowParams
applyUpdates(params, narrowParams)

// -- gradients
// valueAndGrad: the function must give a scalar, got [batch, 10]; end it with mean() @ params
valueAndGrad((p: P, rows: Tensor<['batch', 784]>) => classifier.apply(p, rows))(params, x)
// grad: the function must give a scalar @ params
grad((p: P) => p)(params)
// grad: expected f32, got i32 @ zeros([], 'i32')
grad((p: Tensor<[], 'i32'>) => p)(zeros([], 'i32'))
const total = (p: P, rows: Tensor<['batch', 784]>) => pipe(classifier.apply(p, rows), sum())
// ~ Type '128' is not assignable to type '256'. @ narrowParams
valueAndGrad(total)(narrowParams, x)
// ~ Type '783' is not assignable to type '784'. @ short
grad(total)(params, short)
// ~ Expected 2 arguments, but got 1. @ grad(total)
grad(total)(params)

// -- compiling, and what was compiled
const args = [spec(['batch', 784]), spec(['batch'], 'i32')] as const
// compile: the size of 'batch' is not known; bind it, or write dim('batch', n) @ { state: initial, args }
compile(step, { state: initial, args })
// compile: bind has 'time', which is no open name of the arguments @ time
compile(step, { state: initial, args, bind: { batch: 32, time: 4 } })
// compile: the size of 'batch' is not known; bind it, or write dim('batch', n) @ bind
compile(step, { state: initial, args, bind: { time: 4 } })
// compile: state.params.hidden.weight is [784, 128], the step takes [784, 256] @ params
compile(step, { state: { params: narrowParams, optimizer: initial.optimizer }, args, bind: { batch: 32 } })
const grown = (state: Tensor<[3]>, rows: Tensor<[3]>) => [add(state, rows), rows] as const
// compile: state is [4], the step takes [3] @ state
compile(grown, { state: zeros([4]), args: [spec([3])] })
// compile: state is i32 [3], the step takes [3] @ state
compile(grown, { state: zeros([3], 'i32'), args: [spec([3])] })
// compile: argument 0 is not a tensor @ spec([3])
compile((state: Tensor<[3]>, n: number) => [state, n] as const, { state: zeros([3]), args: [spec([3])] })
declare const program: Program<State, [x: Tensor<['batch', 784]>, y: Tensor<['batch'], 'i32'>], Tensor<[]>>
// step: argument 0 is [batch, 783], the program takes [batch, 784] @ short
program.step(short, labels)
// step: argument 1 is [batch], the program takes i32 [batch] @ floats
program.step(x, floats)
// step: argument 1 is no tensor, the program takes i32 [batch] @ 5
program.step(x, 5)
// step: the program takes 2 arguments, got 1 @ x
program.step(x)
// step: the program takes 2 arguments, got 3 @ x
program.step(x, labels, labels)
// ~ Expected 2 arguments, but got 0. @ step
program.step()
// write: state.optimizer.first.hidden.weight is [784, 128], the program has [784, 256] @ optimizer
program.write({ params, optimizer: optimizer.init(narrowParams) })
// write: several parts of state are missing @ params
program.write(params)
// write: state.optimizer is missing @ { params }
program.write({ params })

// -- a model where a layer is expected, and the other way round
// residual: expected a layer @ classifier
residual(classifier)
// sequential: expected a layer @ classifier
sequential(input([784]), classifier)
// sequential: expected a model @ dense(3)
sequential(dense(3), relu)
// compose: expected a model @ dense(3)
compose(classifier, dense(3))
// compose: expected a model @ relu
compose(relu, classifier)
// compose: expected a model @ dense(3)
compose(dense(3))
// relu: expected a tensor or a model @ dense(3)
relu(dense(3))
// ~ is missing the following properties from type 'Model<any, any, any, any>' @ dense(3)
summary(dense(3))
// ~ Expected 1 arguments, but got 0. @ dense(3)
dense(3)()
