/** The two programs that README begins with: a model that is fitted, and the same model as a plain function with its own step. */
import * as E from 'fp-ts/lib/Either.js'
import {
  type Adam,
  adam,
  add,
  applyUpdates,
  type Classes,
  compile,
  type Dataset,
  type DenseParams,
  type Dim,
  dense,
  fit,
  type Grads,
  type In,
  input,
  key,
  type Model,
  matmul,
  mean,
  type OptimizerState,
  type Out,
  type Params,
  type Program,
  pipe,
  relu,
  softmaxCrossEntropy,
  spec,
  type Tensor,
  type Trained,
  type Training,
  valueAndGrad,
  zeros,
} from 'shapewright'
import { type Eq, is } from '../eq.ts'

declare const train: Dataset<[784], Classes<10>>
declare const validation: Dataset<[784], Classes<10>>

export const classifier = pipe(input([784]), dense(256, 'hidden'), relu, dense(10, 'logits'))
is<Eq<typeof classifier, Model<[784], [10], { hidden: DenseParams<784, 256> } & { logits: DenseParams<256, 10> }>>>()
is<Eq<In<typeof classifier>, [784]>>()
is<Eq<Out<typeof classifier>, [10]>>()

export const fitted = await fit(classifier, {
  data: train,
  validation,
  loss: softmaxCrossEntropy,
  optimizer: adam({ learningRate: 1e-3 }),
  batchSize: 32,
  epochs: 10,
  key: key(0),
})()
is<Eq<typeof fitted, Training<typeof classifier, Adam>>>()
export const trained = E.isRight(fitted) ? fitted.right : null
is<Eq<typeof trained, Trained<typeof classifier, Adam> | null>>()
export const hidden = trained === null ? null : trained.params.hidden.weight
is<Eq<typeof hidden, Tensor<[784, 256]> | null>>()
export const lastGood = E.isLeft(fitted) && fitted.left.tag === 'NonFinite' ? fitted.left.last.params.logits.bias : null
is<Eq<typeof lastGood, Tensor<[10]> | null>>()

export type P = Params<typeof classifier>
is<Eq<P, { readonly hidden: DenseParams<784, 256>; readonly logits: DenseParams<256, 10> }>>()
is<Eq<Grads<typeof classifier>, P>>()

export const mlp = <B extends Dim>(p: P, x: Tensor<[B, 784]>): Tensor<[B, 10]> =>
  pipe(x, matmul(p.hidden.weight), add(p.hidden.bias), relu, matmul(p.logits.weight), add(p.logits.bias))

export const loss = (p: P, x: Tensor<['batch', 784]>, y: Tensor<['batch'], 'i32'>) => pipe(mlp(p, x), softmaxCrossEntropy(y), mean())
is<Eq<ReturnType<typeof loss>, Tensor<[]>>>()

export const optimizer = adam({ learningRate: 1e-3 })
export type State = { readonly params: P; readonly optimizer: OptimizerState<typeof optimizer, P> }
export const step = (state: State, x: Tensor<['batch', 784]>, y: Tensor<['batch'], 'i32'>) => {
  const [value, gradients] = valueAndGrad(loss)(state.params, x, y)
  is<Eq<typeof gradients, P>>()
  const [updates, next] = optimizer.update(gradients, state.optimizer, state.params)
  return [{ params: applyUpdates(state.params, updates), optimizer: next }, value] as const
}
const params = classifier.init(key(0))
export const initial: State = { params, optimizer: optimizer.init(params) }
export const program = await compile(step, {
  state: initial,
  args: [spec(['batch', 784]), spec(['batch'], 'i32')],
  bind: { batch: [32, 24] },
})()
type Right<T> = T extends E.Right<infer R> ? R : never
is<Eq<Right<typeof program>, Program<State, [x: Tensor<['batch', 784]>, y: Tensor<['batch'], 'i32'>], Tensor<[]>>>>()

// the loss may be generic in its batch
const anyLoss = <B extends Dim>(p: P, x: Tensor<[B, 784]>, y: Tensor<[B], 'i32'>) => pipe(mlp(p, x), softmaxCrossEntropy(y), mean())
export const anyGradient = valueAndGrad(anyLoss)(params, zeros([7, 784]), zeros([7], 'i32'))
is<Eq<typeof anyGradient, readonly [Tensor<[]>, P]>>()
