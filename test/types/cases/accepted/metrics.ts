/** Metrics over all samples, class weights and searches: what fits, and what it gives. */
import type { Task } from 'fp-ts/lib/Task.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import {
  type Adam,
  abs,
  accuracy,
  adam,
  add,
  auc,
  averagePrecision,
  balancedAccuracy,
  balancedWeights,
  binaryAccuracy,
  type ClassWeights,
  type Classes,
  classWeighted,
  confusionMatrix,
  type Dataset,
  type Dim,
  dense,
  dim,
  type ElementwiseLoss,
  type Evaluation,
  type EvaluationError,
  elementwiseLoss,
  evaluate,
  f1,
  fit,
  input,
  key,
  type Loss,
  logUniform,
  lossOf,
  mean,
  meanSquaredError,
  mul,
  type OwnLoss,
  oneHot,
  oneOfValues,
  pipe,
  precision,
  r2,
  recall,
  rootMeanSquaredError,
  type SearchError,
  type Searched,
  search,
  sigmoidBinaryCrossEntropy,
  softmaxCrossEntropy,
  softmaxCrossEntropySmoothed,
  sub,
  sum,
  type Tensor,
  type Training,
  topKAccuracy,
  uniformIn,
  wholeIn,
  zeros,
} from 'shapewright'
import { type Eq, is } from '../eq.ts'

declare const train: Dataset<[784], Classes<10>>
declare const letters: Dataset<['time', 8], Classes<26, ['time']>>
declare const flags: Dataset<[784], [1]>
declare const houses: Dataset<[8], [2]>
declare const maybe: Dataset<[784], Classes<10>> | undefined

const classifier = pipe(input([784]), dense(10, 'logits'))
const tagger = pipe(input(['time', 8]), dense(26))
const detector = pipe(input([784]), dense(1))
const price = pipe(input([8]), dense(2))
const params = classifier.init(key(0))
const loss = softmaxCrossEntropy
const rest = { optimizer: adam({ learningRate: 1e-3 }), batchSize: 32, epochs: 10, key: key(0) }
type Scores<T> = T extends TE.TaskEither<EvaluationError, Evaluation<infer Ms, infer O>> ? Evaluation<Ms, O>['metrics'] : never

// -- what evaluate gives: numbers, and a matrix of the number of classes
const scored = evaluate(classifier, { params, data: train, loss, metrics: { accuracy, top: topKAccuracy(5), matrix: confusionMatrix() } })
is<Eq<Scores<typeof scored>, { readonly accuracy: number; readonly top: number; readonly matrix: Tensor<[10, 10], 'i32'> }>>()
const over = { f: f1({ average: 'macro' }), of: precision({ class: 25 }), area: auc({ class: 3 }), matrix: confusionMatrix() }
const tagged = evaluate(tagger, { params: tagger.init(key(0)), data: letters, loss, metrics: over })
is<Eq<Scores<typeof tagged>['matrix'], Tensor<[26, 26], 'i32'>>>()
is<Eq<Scores<typeof tagged>['of'], number>>()
const found = evaluate(detector, {
  params: detector.init(key(0)),
  data: flags,
  loss: sigmoidBinaryCrossEntropy,
  metrics: { recall: recall({ threshold: 0 }), auc: auc(), p: averagePrecision(), a: binaryAccuracy(0), matrix: confusionMatrix({ threshold: 0 }) },
})
is<Eq<Scores<typeof found>['matrix'], Tensor<[2, 2], 'i32'>>>()
evaluate(price, { params: price.init(key(0)), data: houses, loss: meanSquaredError, metrics: { r2, rmse: rootMeanSquaredError } })
is<Eq<Evaluation<Record<never, never>>['loss'], number>>()

// -- fit scores them on the validation set
const trained = fit(classifier, { data: train, validation: train, loss, ...rest, metrics: { accuracy, f: f1({ average: 'weighted' }), b: balancedAccuracy() } })
is<Eq<typeof trained, Task<Training<typeof classifier, Adam>>>>()
fit(price, { data: houses, validation: houses, loss: meanSquaredError, ...rest, metrics: { r2 } })
fit(classifier, { data: train, ...(maybe ? { validation: maybe } : {}), loss, ...rest, metrics: { accuracy, auc: auc({ average: 'macro' }) } })

// -- topKAccuracy and binaryAccuracy are metrics of single samples: losses, too
is<Eq<ReturnType<typeof apply>, Tensor<['batch']>>>()
function apply(target: Tensor<['batch'], 'i32'>, prediction: Tensor<['batch', 10]>) {
  return pipe(prediction, topKAccuracy(10)(target))
}
fit(classifier, { data: train, loss, ...rest, metrics: { top: topKAccuracy(1) } })

// -- class weights
const weighted = classWeighted([1, 1, 1, 1, 1, 1, 1, 1, 1, 5])(softmaxCrossEntropy)
fit(classifier, { data: train, loss: weighted, ...rest, metrics: { plain: softmaxCrossEntropy } })
fit(tagger, { data: letters, loss: classWeighted(balancedWeights(letters))(softmaxCrossEntropySmoothed(0.1)), ...rest })
is<Eq<ReturnType<typeof balanced>, ClassWeights<10>>>()
function balanced() {
  return balancedWeights(train)
}
is<Eq<ReturnType<typeof lossOfTwo>, Tensor<[2]>>>()
function lossOfTwo() {
  return pipe(zeros([2, 3]), classWeighted([1, 2, 0.5])(softmaxCrossEntropy)(zeros([2], 'i32')))
}

// -- searches
const space = t.type({
  learningRate: logUniform(1e-4, 1e-1),
  hidden: oneOfValues([64, 128]),
  inner: t.strict({ dropout: uniformIn(0, 0.5), layers: wholeIn(1, 4) }),
  kind: t.literal('mlp'),
})
type Config = t.TypeOf<typeof space>
is<
  Eq<
    Config,
    { learningRate: number; hidden: 64 | 128; inner: { dropout: number; layers: number }; kind: 'mlp' }
  >
>()
declare const worth: (config: unknown, budget?: number) => TE.TaskEither<{ readonly message: string }, number>
const searched = search(space, {
  trials: 8,
  key: key(0),
  objective: ({ learningRate, hidden, inner, kind }, _, budget) => worth({ learningRate, hidden, inner, kind }, budget),
  direction: 'maximize',
  strategy: { kind: 'halving', budgets: [1, 3, 9] },
})
is<Eq<typeof searched, TE.TaskEither<SearchError<Config, { readonly message: string }>, Searched<Config>>>>()

// -- records that are exact or readonly are spaces too
const strict = t.strict({ a: t.readonly(t.type({ b: uniformIn(0, 1) })) })
const ofStrict = search(strict, { trials: 1, key: key(0), objective: ({ a }) => worth(a.b), direction: 'minimize' })
is<Eq<typeof ofStrict, TE.TaskEither<SearchError<{ a: Readonly<{ b: number }> }, { readonly message: string }>, Searched<{ a: Readonly<{ b: number }> }>>>>()

// -- what comes from untyped code passes
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const untyped: any
const metrics = { f: f1({ average: 'macro' }), of: auc({ class: 1 }) }
fit(classifier, { data: train, validation: untyped, loss, ...rest, metrics })
fit(classifier, { data: train, validation: train, loss, ...rest, metrics: untyped })
fit(classifier, { data: untyped, validation: train, loss, ...rest, metrics: { ...metrics, untyped } })
evaluate(classifier, { params: untyped, data: untyped, loss: untyped, metrics: { ...metrics, untyped } })
evaluate(untyped, { params: untyped, data: untyped, loss: untyped, metrics })
search(untyped, { trials: 1, key: key(0), objective: untyped, direction: 'minimize' })
fit(classifier, { data: train, loss: classWeighted(untyped)(untyped), ...rest })

// -- losses of one's own, which are metrics too
declare const words: Dataset<[784], Classes<10>>
const byName = lossOf('byName', { output: [2] }, (p, t) => pipe(sub(p, t), mean(-1)))
is<Eq<typeof byName, Loss<OwnLoss<'byName', [2], [2]>>>>()
const written = (p: Tensor<['batch', 10]>, t: Tensor<['batch'], 'i32'>) => pipe(mul(p, oneHot(10)(t)), sum(-1))
const picked = lossOf('picked', { output: [10], target: 'classes' }, written)
const generic = lossOf('generic', { output: [2] }, <B extends Dim>(p: Tensor<[B, 2]>, t: Tensor<[B, 2]>) => pipe(sub(p, t), mean(-1)))
const pair = lossOf('pair', { output: [2], target: [3, 4] }, (p, t) => add(pipe(p, mean(-1)), pipe(t, mean(-1), mean(-1))))
is<Eq<typeof pair, Loss<OwnLoss<'pair', [2], [3, 4]>>>>()
const scalars = lossOf('scalars', { output: [] }, (p, t) => sub(p, t))
const places = lossOf('places', { output: [dim('time', 5), 3], target: 'classes' }, (p) => pipe(p, mean(-1), mean(-1)))
is<Eq<typeof places, Loss<OwnLoss<'places', ['time', 3], 'classes'>>>>()
const lossFor = <const N extends number>(n: N) => [n, elementwiseLoss('absolute', (p, t) => abs(sub(p, t)))] as const
const [, absolute] = lossFor(3)
is<Eq<typeof absolute, Loss<ElementwiseLoss<'absolute'>>>>()
export const ownTrained = fit(price, { data: houses, loss: byName, ...rest, metrics: { absolute, generic, meanSquaredError } })
export const ownPicked = fit(classifier, { data: words, loss: picked, ...rest, metrics: { accuracy } })
export const ownScored = evaluate(classifier, { params, data: train, loss: picked, metrics: { picked, confusion: confusionMatrix() } })
is<Eq<Scores<typeof ownScored>, { readonly picked: number; readonly confusion: Tensor<[10, 10], 'i32'> }>>()
export const ownNumbers = [scalars(zeros([4]))(zeros([4])), pair(zeros([4, 3, 4]))(zeros([4, 2]))] as const
is<Eq<(typeof ownNumbers)[1], Tensor<[4]>>>()
