/** Training: losses and targets, chains of optimizers, statistics, steps of one's own, functions generic in the model. */
import {
  type AdamState,
  adam,
  add,
  applyUpdates,
  type Classes,
  chain,
  clipByGlobalNorm,
  compile,
  type Dataset,
  dense,
  dim,
  fit,
  type Grads,
  input,
  type Key,
  key,
  type Model,
  matmul,
  mean,
  meanSquaredError,
  type Optimizer,
  type OptimizerState,
  type Params,
  pipe,
  relu,
  type Statistic,
  softmaxCrossEntropy,
  spec,
  sum,
  type Tensor,
  valueAndGrad,
  zeros,
} from 'shapewright'
import { type Eq, is } from '../eq.ts'
import { optimizer } from './classifier.ts'

declare const sentences: Dataset<['time', 16], Classes<5, ['time']>>
declare const points: Dataset<[3], [2]>
declare const tokens: Tensor<['batch', 'time', 5]>
declare const tags: Tensor<['batch', 'time'], 'i32'>
declare const n: number

export const full = chain(clipByGlobalNorm(1), optimizer)
export const tagged = await fit(pipe(input(['time', 16]), dense(32), relu, dense(5)), {
  data: sentences,
  loss: softmaxCrossEntropy,
  optimizer,
  batchSize: 8,
  epochs: 1,
  key: key(1),
})()
export const regression = await fit(pipe(input([3]), dense(2)), {
  data: points,
  loss: meanSquaredError,
  optimizer: full,
  batchSize: 8,
  epochs: 1,
  key: key(1),
})()
export const perSample = pipe(tokens, softmaxCrossEntropy(tags))
is<Eq<typeof perSample, Tensor<['batch']>>>()

// -- leaves that are not trained
type Normed = { readonly scale: Tensor<[4]>; readonly mean: Statistic<[4]> }
type NormedModel = Model<[4], [4], { norm: Normed }>
is<Eq<Grads<NormedModel>, { readonly norm: { readonly scale: Tensor<[4]> } }>>()
is<Eq<OptimizerState<typeof full, Params<NormedModel>>, readonly [null, AdamState<Grads<NormedModel>>]>>()
declare const normed: NormedModel
const normedLoss = (params: Params<NormedModel>, x: Tensor<['batch', 4]>, y: Tensor<['batch', 4]>, seed: Key) => {
  const [prediction, next] = normed.applyTraining(params, x, seed)
  return [pipe(prediction, meanSquaredError(y), mean()), next] as const
}
type NormedState = { readonly params: Params<NormedModel>; readonly optimizer: OptimizerState<typeof full, Params<NormedModel>> }
export const normedStep = (state: NormedState, x: Tensor<['batch', 4]>, y: Tensor<['batch', 4]>) => {
  const [[value, moved], gradients] = valueAndGrad(normedLoss)(state.params, x, y, key(0))
  is<Eq<typeof gradients, Grads<NormedModel>>>()
  const [updates, next] = full.update(gradients, state.optimizer, state.params)
  return [{ params: applyUpdates(moved, updates), optimizer: next }, value] as const
}
declare const statistic: Statistic<[4]>
export const readAsTensor: Tensor<[4]> = statistic
export const positive = relu(statistic)
is<Eq<typeof positive, Tensor<[4]>>>()

// -- generic in everything
export const trainOnce = <Q, F>(f: (params: Q) => Tensor<[]>, by: Optimizer<F>, params: Q, state: OptimizerState<Optimizer<F>, Q>) => {
  const [, gradients] = valueAndGrad(f)(params)
  const [updates, next] = by.update(gradients, state, params)
  return [applyUpdates(params, updates), next] as const
}
export const trainAny = <I, O, Q>(model: Model<I, O, Q>, data: Dataset<I, O>) =>
  fit(model, { data, loss: meanSquaredError, optimizer: adam({ learningRate: 0.01 }), batchSize: 1, epochs: 1, key: key(0) })

// -- programs
const sized = pipe(input([784]), dense(dim('hidden', n), 'hidden'), relu, dense(10, 'logits'))
const sizedStep = (state: { readonly params: Params<typeof sized> }, x: Tensor<['batch', 784]>) =>
  [state, pipe(sized.apply(state.params, x), mean())] as const
export const sizedProgram = await compile(sizedStep, {
  state: { params: sized.init(key(0)) },
  args: [spec(['batch', 784])],
  bind: { batch: 4 },
})()
export const fixedProgram = await compile((state: Tensor<[]>, x: Tensor<[3]>) => [add(state, pipe(x, sum())), x] as const, {
  state: zeros([]),
  args: [spec([3])],
})()
type Leaves = { readonly first: { readonly weight: Tensor<[3, 2]> }; readonly second: readonly [Tensor<[2]>] }
const treeLoss = (tree: Leaves, x: Tensor<[1, 3]>) => pipe(x, matmul(tree.first.weight), add(tree.second[0]), sum())
export const treeGradient = (tree: Leaves) => valueAndGrad(treeLoss)(tree, zeros([1, 3]))[1]
is<Eq<ReturnType<typeof treeGradient>, Leaves>>()
