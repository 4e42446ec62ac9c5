/** Models: one value for tensors and models, names, blocks, helpers that are generic in a size or in the model. */
import {
  activation,
  add,
  type Batch,
  block,
  type DenseParams,
  dense,
  dim,
  dropout,
  flatten,
  gelu,
  input,
  type Key,
  key,
  type Model,
  mul,
  named,
  type Params,
  pipe,
  relu,
  residual,
  sequential,
  sigmoid,
  softmax,
  type Tensor,
  zeros,
} from 'shapewright'
import { type Eq, is } from '../eq.ts'
import type { classifier } from './classifier.ts'

declare const images: Tensor<['batch', 28, 28, 1]>
declare const logits: Tensor<['batch', 10]>
declare const n: number

// -- one value for tensors and models
export const onTensor = pipe(images, flatten, relu, softmax(-1))
is<Eq<typeof onTensor, Tensor<['batch', 784]>>>()
export const onModel = pipe(input([28, 28, 1]), flatten, dense(128), relu, dropout(0.5), dense(10, 'logits'), softmax(-1))
is<Eq<Params<typeof onModel>, { readonly dense1: DenseParams<784, 128>; readonly logits: DenseParams<128, 10> }>>()
export const inSequence = sequential(
  input([28, 28, 1]),
  flatten,
  dense(128),
  relu,
  dropout(0.5),
  dense(10, 'logits'),
  softmax(-1),
)
is<Eq<typeof inSequence, typeof onModel>>()
export const prediction = onModel.apply(onModel.init(key(0)), zeros([7, 28, 28, 1]))
is<Eq<typeof prediction, Tensor<[7, 10]>>>()
export const training = onModel.applyTraining(onModel.init(key(0)), zeros([7, 28, 28, 1]), key(1))
is<Eq<typeof training, readonly [Tensor<[7, 10]>, Params<typeof onModel>]>>()

export const swish = activation('swish', (x) => mul(x, sigmoid(x)))
export const swished = pipe(input([4]), dense(3), swish, block(dense(2), swish))
is<Eq<Params<typeof swished>, { readonly dense1: DenseParams<4, 3>; readonly block1: { readonly dense1: DenseParams<3, 2> } }>>()
export const swishedTensor = pipe(logits, swish)
is<Eq<typeof swishedTensor, Tensor<['batch', 10]>>>()

// -- composition
export const deep = pipe(
  input([64]),
  residual(block(dense(128), relu, dropout(0.1), dense(64))),
  residual(relu),
  block(gelu, dense(10), softmax(-1)),
)
is<
  Eq<
    ReturnType<typeof deep.init>,
    {
      readonly residual1: { readonly dense1: DenseParams<64, 128>; readonly dense2: DenseParams<128, 64> }
      readonly block1: { readonly dense1: DenseParams<64, 10> }
    }
  >
>()
const stage = block(dense(8), relu)
export const twice = pipe(input([3]), named('stem')(stage), stage, dense(10))
is<
  Eq<
    Params<typeof twice>,
    {
      readonly stem: { readonly dense1: DenseParams<3, 8> }
      readonly block1: { readonly dense1: DenseParams<8, 8> }
      readonly dense1: DenseParams<8, 10>
    }
  >
>()
const head = <I, Q>(model: Model<I, [200], Q>) => pipe(model, dense(32), relu, dense(10))
export const headed = pipe(input([5, 5, 8]), flatten, head)
is<Eq<Params<typeof headed>, { readonly dense1: DenseParams<200, 32>; readonly dense2: DenseParams<32, 10> }>>()
export const tagger = pipe(input(['time', 16]), dense(32), relu, dense(5))
is<Eq<typeof tagger, Model<['time', 16], ['time', 5], { dense1: DenseParams<16, 32> } & { dense2: DenseParams<32, 5> }>>>()
export const explicit = pipe(input([784]), dense(784, 256, 'hidden'), relu, dense(256, 10, 'logits'))
is<Eq<typeof explicit, typeof classifier>>()

const predict = <I, O, Q, B extends number>(model: Model<I, O, Q>, seed: Key, x: Tensor<Batch<B, I>>) => model.apply(model.init(seed), x)
export const predicted = predict(onModel, key(0), zeros([5, 28, 28, 1]))
is<Eq<typeof predicted, Tensor<[5, 10]>>>()

// -- sizes known only at run time, and helpers generic in a size
export const sized = pipe(input([784]), dense(dim('hidden', n), 'hidden'), relu, dense(10, 'logits'))
is<Eq<Params<typeof sized>, { readonly hidden: DenseParams<784, 'hidden'>; readonly logits: DenseParams<'hidden', 10> }>>()
export const columns = pipe(input([dim('columns', n)]), dense(10))
is<Eq<Params<typeof columns>, { readonly dense1: DenseParams<'columns', 10> }>>()
const anyInput = <const I extends number>(size: I) => pipe(input([size]), dense(10))
is<Eq<Params<ReturnType<typeof anyInput<4>>>, { readonly dense1: DenseParams<4, 10> }>>()
const anyWidth = <const H extends number>(width: H) => pipe(input([784]), dense(width, 'hidden'), relu, dense(10, 'logits'))
export const narrow = anyWidth(256)
is<Eq<typeof narrow, typeof classifier>>()
export const ofBlocks = anyInput(3)
export const shifted = add(narrow.apply(narrow.init(key(0)), zeros(['batch', 784])), 1)
is<Eq<typeof shifted, Tensor<['batch', 10]>>>()
