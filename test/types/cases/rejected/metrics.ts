/** Mistakes in metrics over all samples, class weights and searches. The comments are those of `layers.ts`. */
import * as t from 'io-ts'
import {
  adam,
  auc,
  averagePrecision,
  balancedAccuracy,
  balancedWeights,
  binaryAccuracy,
  type Classes,
  classWeighted,
  confusionMatrix,
  type Dataset,
  dense,
  evaluate,
  elementwiseLoss,
  f1,
  fit,
  input,
  key,
  logUniform,
  lossOf,
  type Model,
  mean,
  meanSquaredError,
  type NoParams,
  pipe,
  precision,
  r2,
  recall,
  rootMeanSquaredError,
  search,
  softmaxCrossEntropy,
  sub,
  type Tensor,
  topKAccuracy,
  uniformIn,
  zeros,
} from 'shapewright'

declare const train: Dataset<[784], Classes<10>>
declare const letters: Dataset<[784], Classes<26>>
declare const vectors: Dataset<[784], [10]>
declare const numbered: Dataset<[4], ['n']>
declare const n: number
declare const weights: number[]
declare const labels: Tensor<['batch'], 'i32'>
declare const logits: Tensor<['batch', 10]>

const classifier = pipe(input([784]), dense(10, 'logits'))
declare const open: Model<[4], ['n'], NoParams>
const params = classifier.init(key(0))
const loss = softmaxCrossEntropy
const rest = { optimizer: adam({ learningRate: 1e-3 }), batchSize: 32, epochs: 10, key: key(0) }
const scoring = { params, data: train, loss }

// -- the targets are others
// evaluate: the metric f compares [10], the data set has 10 classes @ f
evaluate(classifier, { ...scoring, metrics: { f: f1({ threshold: 0 }) } })
// evaluate: the metric area compares [10], the data set has 10 classes @ area
evaluate(classifier, { ...scoring, metrics: { area: auc() } })
// evaluate: the metric precise compares 10 classes, the data set has [10] @ precise
evaluate(classifier, { params, data: vectors, loss: meanSquaredError, metrics: { precise: precision({ average: 'micro' }) } })
// evaluate: the metric found compares 10 classes, the data set has [10] @ found
evaluate(classifier, { params, data: vectors, loss: meanSquaredError, metrics: { found: recall({ class: 3 }) } })
// evaluate: the metric confusion compares 10 classes, the data set has [10] @ confusion
evaluate(classifier, { params, data: vectors, loss: meanSquaredError, metrics: { confusion: confusionMatrix() } })
// evaluate: the metric confusion compares [10], the data set has 10 classes @ confusion
evaluate(classifier, { ...scoring, metrics: { confusion: confusionMatrix({ threshold: 0 }) } })
// evaluate: the metric b compares [10], the data set has 10 classes @ b
evaluate(classifier, { ...scoring, metrics: { b: balancedAccuracy({ threshold: 0 }) } })
// evaluate: the metric r2 compares [10], the data set has 10 classes @ r2
evaluate(classifier, { ...scoring, metrics: { r2 } })
// evaluate: the metric rmse compares [10], the data set has 10 classes @ rmse
evaluate(classifier, { ...scoring, metrics: { rmse: rootMeanSquaredError } })
// evaluate: the metric p compares 10 classes, the data set has [10] @ p
evaluate(classifier, { params, data: vectors, loss: meanSquaredError, metrics: { p: averagePrecision({ average: 'macro' }) } })
// fit: the metric top compares 10 classes, the data set has [10] @ top
fit(classifier, { data: vectors, loss: meanSquaredError, ...rest, metrics: { top: topKAccuracy(3) } })
// fit: the metric a compares [10], the data set has 10 classes @ a
fit(classifier, { data: train, loss, ...rest, metrics: { a: binaryAccuracy(0) } })

// -- who is asked
// fit: the metric f is over all samples at once, so it needs a validation set @ f
fit(classifier, { data: train, loss, ...rest, metrics: { f: f1({ average: 'macro' }) } })
// fit: the metric r2 is over all samples at once, so it needs a validation set @ r2
fit(classifier, { data: vectors, loss: meanSquaredError, ...rest, metrics: { r2 } })
// fit: the metric confusion gives no number; ask evaluate for it @ confusion
fit(classifier, { data: train, validation: train, loss, ...rest, metrics: { confusion: confusionMatrix() } })
// fit: the metric confusion gives no number; ask evaluate for it @ confusion
fit(classifier, { data: train, loss, ...rest, metrics: { confusion: confusionMatrix() } })
// fit: the metric f compares [10], the data set has 10 classes @ f
fit(classifier, { data: train, validation: train, loss, ...rest, metrics: { f: f1({ threshold: 0 }) } })
// fit: expected metrics by name, as { accuracy }, got an array @ metrics
fit(classifier, { data: train, validation: train, loss, ...rest, metrics: [r2] })
// ~ Property '[LOSS]' is missing in type 'Metric<R2>' but required in type 'Loss<unknown>'. @ r2
classWeighted([1])(r2)

// -- classes that there are not
// precision: the class is 10, there are 10 classes @ p
evaluate(classifier, { ...scoring, metrics: { p: precision({ class: 10 }) } })
// recall: a class is a whole number from 0 on, got -1 @ r
evaluate(classifier, { ...scoring, metrics: { r: recall({ class: -1 }) } })
// auc: a class is a whole number from 0 on, got 1.5 @ a
evaluate(classifier, { ...scoring, metrics: { a: auc({ class: 1.5 }) } })
// f1: the class is not a literal @ f
evaluate(classifier, { ...scoring, metrics: { f: f1({ class: n }) } })
// topKAccuracy: k is 11, there are 10 classes @ top
evaluate(classifier, { ...scoring, metrics: { top: topKAccuracy(11) } })
// topKAccuracy: k is a whole number from 1 on, got 0 @ top
evaluate(classifier, { ...scoring, metrics: { top: topKAccuracy(0) } })
// topKAccuracy: k is a whole number from 1 on, got 2.5 @ top
evaluate(classifier, { ...scoring, metrics: { top: topKAccuracy(2.5) } })
// topKAccuracy: k is not a literal @ top
evaluate(classifier, { ...scoring, metrics: { top: topKAccuracy(n) } })
// topKAccuracy: k is 11, there are 10 classes @ topKAccuracy(11)(labels)
pipe(logits, topKAccuracy(11)(labels))
// topKAccuracy: the prediction is [batch, 10], the target f32 [batch, 10] @ logits
topKAccuracy(3)(zeros(['batch', 10]))(logits)
// topKAccuracy: needs the classes on the last axis @ topKAccuracy(1)(zeros([2], 'i32'))
pipe(zeros([2]), topKAccuracy(1)(zeros([2], 'i32')))
// auc: needs the classes on the last axis @ area
evaluate(open, { params: {}, data: numbered, loss: meanSquaredError, metrics: { area: auc({ class: 0 }) } })
// confusionMatrix: needs the classes on the last axis @ confusion
evaluate(open, { params: {}, data: numbered, loss: meanSquaredError, metrics: { confusion: confusionMatrix() } })

// -- class weights
// classWeighted: 3 weights for 10 classes @ data
fit(classifier, { data: train, loss: classWeighted([1, 2, 3])(softmaxCrossEntropy), ...rest })
// classWeighted: 26 weights for 10 classes @ data
fit(classifier, { data: train, loss: classWeighted(balancedWeights(letters))(softmaxCrossEntropy), ...rest })
// classWeighted: how many weights there are is not known; write a literal list, or balancedWeights(data) @ data
fit(classifier, { data: train, loss: classWeighted(weights)(softmaxCrossEntropy), ...rest })
// classWeighted: meanSquaredError compares no classes @ data
fit(classifier, { data: vectors, loss: classWeighted([1, 2])(meanSquaredError), ...rest })
// classWeighted: 2 weights for 3 classes @ classWeighted([1, 2])(softmaxCrossEntropy)(zeros([2], 'i32'))
pipe(zeros([2, 3]), classWeighted([1, 2])(softmaxCrossEntropy)(zeros([2], 'i32')))
// softmaxCrossEntropy: needs the classes on the last axis @ classWeighted([1, 2])(softmaxCrossEntropy)(zeros([2], 'i32'))
pipe(zeros([2]), classWeighted([1, 2])(softmaxCrossEntropy)(zeros([2], 'i32')))
// softmaxCrossEntropy: the prediction is [2, 3], the target f32 [2] @ classWeighted([1, 2, 3])(softmaxCrossEntropy)(zeros([2]))
pipe(zeros([2, 3]), classWeighted([1, 2, 3])(softmaxCrossEntropy)(zeros([2])))
// fit: the loss compares 10 classes, the data set has 26 @ data
fit(classifier, { data: letters, loss: classWeighted([1, 1, 1, 1, 1, 1, 1, 1, 1, 1])(softmaxCrossEntropy), ...rest })

// -- searches
declare const objective: () => () => Promise<never>
const asked = { trials: 3, key: key(0), objective, direction: 'minimize' } as const
// search: b of the space is drawn by nothing; write uniformIn, logUniform, wholeIn or oneOfValues @ t.type({ a: uniformIn(0, 1), b: t.number })
search(t.type({ a: uniformIn(0, 1), b: t.number }), asked)
// search: a.b of the space is drawn by nothing; write uniformIn, logUniform, wholeIn or oneOfValues @ t.type({ a: t.type({ b: t.string }) })
search(t.type({ a: t.type({ b: t.string }) }), asked)
// search: several parts of the space are drawn by nothing; write uniformIn, logUniform, wholeIn or oneOfValues @ t.type({ a: t.string, b: t.array(t.number) })
search(t.type({ a: t.string, b: t.array(t.number) }), asked)
// search: a.b of the space is drawn by nothing; write uniformIn, logUniform, wholeIn or oneOfValues @ t.strict({ a: t.readonly(t.type({ b: t.string })) })
search(t.strict({ a: t.readonly(t.type({ b: t.string })) }), asked)
// search: a space is a record, as t.type({ learningRate: logUniform(1e-4, 1e-1) }) @ logUniform(1e-4, 1e-1)
search(logUniform(1e-4, 1e-1), asked)

// -- losses of one's own
const far = lossOf('far', { output: [10] }, (p, t) => pipe(sub(p, t), mean(-1)))
const toClasses = lossOf('toClasses', { output: [10], target: 'classes' }, (p) => pipe(p, mean(-1)))
const own = { optimizer: adam({ learningRate: 1e-3 }), batchSize: 32, epochs: 1, key: key(0) }
declare const anyCount: number
// far: compares predictions of [10], the model gives [9] @ data
fit(pipe(input([784]), dense(9)), { ...own, data: vectors, loss: far })
// fit: the loss compares [10], the data set has 10 classes @ data
fit(pipe(input([784]), dense(10)), { ...own, data: train, loss: far })
// fit: the loss compares 10 classes, the data set has 26 @ data
fit(pipe(input([784]), dense(10)), { ...own, data: letters, loss: toClasses })
// far: the prediction is [3, 10], the target f32 [3, 9] @ zeros([3, 10])
far(zeros([3, 9]))(zeros([3, 10]))
// flat: the function gives [batch, 10], one value per sample is [batch] @ sub(p, t)
lossOf('flat', { output: [10] }, (p, t) => sub(p, t))
// flat: the function gives [], one value per sample is [batch] @ pipe(sub(p, t), mean())
lossOf('flat', { output: [10] }, (p, t) => pipe(sub(p, t), mean()))
// flat: the function gives no tensor, one value per sample is [batch] @ 3
lossOf('flat', { output: [10] }, () => 3)
// lossOf: a size is not a literal; write dim('name', n) @ output
lossOf('wide', { output: [anyCount] }, () => zeros(['batch']))
// lossOf: a size is not a literal; write dim('name', n) @ target
lossOf('wide', { output: [2], target: [anyCount] }, () => zeros(['batch']))
// ~ 'outputs' does not exist in type @ outputs
lossOf('other', { outputs: [2] }, () => zeros(['batch']))
// ~ is not assignable to type 'Tensor<S, "f32">'. @ pipe(sub(p, t), mean())
elementwiseLoss('each', (p, t) => pipe(sub(p, t), mean()))

// -- a score that does not say what it scores
// ~ f1: expected { threshold }, { class } or { average: 'macro' }, 'micro' or 'weighted' @ f
evaluate(classifier, { ...scoring, metrics: { f: f1() } })
// ~ f1: expected { threshold }, { class } or { average: 'macro' }, 'micro' or 'weighted' @ f
evaluate(classifier, { ...scoring, metrics: { f: f1({}) } })
// f1: expected { threshold }, { class } or { average: 'macro' }, 'micro' or 'weighted' @ f
evaluate(classifier, { ...scoring, metrics: { f: f1(n > 1 ? { class: 1 } : { average: 'macro' }) } })
