/** What is handed to models, optimizers and programs, and fits: literals, larger records, any, helpers that are generic in all of it. */
import {
  type Adam,
  type AdamState,
  accuracy,
  adam,
  applyUpdates,
  type Batch,
  chain,
  type Classes,
  clipByGlobalNorm,
  compile,
  type Dataset,
  type Dim,
  dense,
  dim,
  evaluate,
  fit,
  input,
  key,
  type Layer,
  type Loss,
  type Model,
  meanSquaredError,
  named,
  type Optimizer,
  type OptimizerState,
  type Params,
  type Program,
  pipe,
  predict,
  relu,
  residual,
  type Sgd,
  sequential,
  softmaxCrossEntropy,
  split,
  spec,
  type Statistic,
  type Tensor,
  type Trained,
  type Training,
  zeros,
} from 'shapewright'
import { type Eq, is } from '../eq.ts'
import { classifier, initial, type P, type State, step } from './classifier.ts'

declare const train: Dataset<[784], Classes<10>>
declare const x: Tensor<['batch', 784]>
declare const labels: Tensor<['batch'], 'i32'>
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const untyped: any
declare const n: number
const params = classifier.init(key(0))
const rest = { loss: softmaxCrossEntropy, optimizer: adam({ learningRate: 1e-3 }), batchSize: 32, epochs: 10, key: key(0) }

// -- parameters: a literal, a larger record, what comes from untyped code
export const literal = classifier.apply(
  { hidden: { weight: zeros([784, 256]), bias: zeros([256]) }, logits: { weight: zeros([256, 10]), bias: zeros([10]) } },
  x,
)
is<Eq<typeof literal, Tensor<['batch', 10]>>>()
const larger = { ...params, temperature: zeros([1]) }
export const fromLarger = classifier.apply(larger, zeros([7, 784]))
is<Eq<typeof fromLarger, Tensor<[7, 10]>>>()
export const fromUntyped = classifier.apply(untyped, x)
is<Eq<typeof fromUntyped, Tensor<['batch', 10]>>>()
export const statistics = pipe(input([4]), relu).apply({}, {} as Statistic<[3, 4]>)
is<Eq<typeof statistics, Tensor<[3, 4]>>>()
export const bound = classifier.apply(params, zeros([dim('rows', n), 784]))
is<Eq<typeof bound, Tensor<['rows', 10]>>>()
export const [trained, moved] = classifier.applyTraining(params, x, key(1))
is<Eq<typeof moved, P>>()

// -- predict, evaluate, fit: parameters of this model, an earlier run of it
export const predicted = predict(classifier, { params: larger, inputs: zeros([5, 784]), batchSize: 2 })
export const evaluated = evaluate(classifier, { params, data: train, loss: softmaxCrossEntropy, metrics: { accuracy } })
declare const earlier: Trained<typeof classifier, Adam>
export const again = fit(classifier, { data: train, ...rest, from: earlier })
is<Eq<Awaited<ReturnType<typeof again>>, Training<typeof classifier, Adam>>>()
// parts that no epoch under way and no best epoch need, another optimizer's best epoch, and what may not be there
declare const slower: Trained<typeof classifier, Sgd>
export const fresh = fit(classifier, { data: train, ...rest, from: { ...slower, optimizer: rest.optimizer.init(slower.params), epoch: 0, history: [] } })
const bare = { params, optimizer: rest.optimizer.init(params), key: key(0), epoch: 0, history: [] }
export const written = fit(classifier, { data: train, ...rest, from: bare })
declare const perhaps: typeof earlier | undefined
export const perhapsAgain = fit(classifier, { data: train, ...rest, from: perhaps })
is<Eq<Awaited<ReturnType<typeof written>>, Training<typeof classifier, Adam>>>()

// -- the weights that a run begins with
export const begun = fit(classifier, { data: train, ...rest, params })
is<Eq<Awaited<ReturnType<typeof begun>>, Training<typeof classifier, Adam>>>()
export const begunSpread = fit(classifier, { data: train, ...rest, params: { ...classifier.init(key(1)), hidden: params.hidden } })
export const begunLarger = fit(classifier, { data: train, ...rest, params: larger })
is<Eq<Awaited<ReturnType<typeof begunLarger>>, Training<typeof classifier, Adam>>>()
export const begunUntyped = fit(classifier, { data: train, ...rest, params: untyped })
export const perhapsBegun = fit(classifier, { data: train, ...rest, params: n > 3 ? params : undefined })
export const eitherOf = fit(classifier, { data: train, ...rest, from: perhaps, params: perhaps === undefined ? params : undefined })
export const begunGeneric = <H extends Dim>(width: H) => {
  const model = pipe(input([784]), dense(dim('h', 3)), dense(10))
  return [width, fit(model, { data: train, ...rest, params: model.init(key(0)) })] as const
}
export const begunAny = <P>(model: Model<[784], [10], P>, weights: Params<Model<[784], [10], P>>) =>
  fit(model, { data: train, ...rest, params: weights })

export const spread = fit(classifier, { data: train, ...rest, from: { ...earlier, epoch: 0 } })

// -- optimizers: trees of records and of tuples
const tree = { first: zeros([2]), rest: [zeros([3]), zeros([4])] } as const
const optimizer = chain(clipByGlobalNorm(1), adam({ learningRate: 1 }))
const state = optimizer.init(tree)
is<Eq<typeof state, readonly [null, AdamState<typeof tree>]>>()
export const [updates] = optimizer.update({ first: zeros([2]), rest: [zeros([3]), zeros([4])] }, [null, state[1]], tree)
is<Eq<typeof updates, typeof tree>>()
export const updated = applyUpdates(tree, { first: zeros([2]), rest: [zeros([3]), zeros([4])] })
is<Eq<typeof updated, typeof tree>>()

// -- programs
declare const program: Program<State, [x: Tensor<['batch', 784]>, y: Tensor<['batch'], 'i32'>], Tensor<[]>>
export const stepped = program.step(x, labels)
is<Eq<typeof stepped, Tensor<[]>>>()
export const fromData = program.step(...train.batch(dim('batch', 32)))
program.write({ params, optimizer: initial.optimizer })
program.write(program.read())
program.write(initial)
declare const silent: Program<Tensor<[]>, [], null>
export const nothing = silent.step()
type Mutable = { sum: Tensor<[2]>; counts: [Tensor<[], 'i32'>, null]; rate: number }
const keep = (all: Mutable, row: Tensor<[2]>) => [all, row] as const
export const kept = compile(keep, { state: { sum: zeros([2]), counts: [zeros([], 'i32'), null], rate: 3 }, args: [spec([2])] })
export const many = compile(step, { state: initial, args: [spec(['batch', 784]), spec(['batch'], 'i32')], bind: { batch: [n, 4] } })

// -- helpers that are generic
const wrapped = <F>(layer: Layer<F>) => residual(layer)
const called = <F>(layer: Layer<F>) => named('inner')(layer)
export const helped = pipe(input([3]), wrapped(dense(3)), called(dense(4)))
is<Eq<keyof Params<typeof helped>, 'residual1' | 'inner'>>()
const run = <I, O, Q, B extends Dim>(model: Model<I, O, Q>, weights: Params<Model<I, O, Q>>, rows: Tensor<Batch<B, I>>) =>
  model.apply(weights, rows)
export const ran = run(classifier, params, x)
is<Eq<typeof ran, Tensor<['batch', 10]>>>()
export const score = <I, O, Q, F>(model: Model<I, O, Q>, weights: Params<Model<I, O, Q>>, data: Dataset<I, O>, loss: Loss<F>) =>
  evaluate(model, { params: weights, data, loss: meanSquaredError, metrics: {} as { readonly [name: string]: never } & Record<never, typeof loss> })
export const resume = <I, O, Q>(model: Model<I, O, Q>, data: Dataset<I, O>, from: Trained<Model<I, O, Q>, Adam>) =>
  fit(model, { data, loss: meanSquaredError, optimizer: adam({ learningRate: 1 }), batchSize: 1, epochs: 1, key: key(0), from })
export const stepOnce = <Q, F>(by: Optimizer<F>, gradients: Q, weights: Q, kept: OptimizerState<Optimizer<F>, Q>) => [by, gradients, weights, kept]
const rowOf = <const H extends number>(width: H) => sequential(input([8]), dense(width), relu, dense(width, 3))
export const rows = rowOf(5)
is<Eq<Params<typeof rows>['dense1']['weight'], Tensor<[8, 5]>>>()

// -- parts that nobody knows the type of may be sizes: an axis is taken
export const cut = split(untyped, 1)
