/** Sequences and images: exact shapes and parameters, options in every form, blocks on several channel counts, generic helpers. */
import {
  addBranches,
  avgPool1d,
  avgPool2d,
  block,
  type Conv1dParams,
  type Conv2dParams,
  concatBranches,
  conv1d,
  conv2d,
  type DenseParams,
  type Dim,
  dense,
  dim,
  flatten,
  globalAveragePool2d,
  globalMaxPool2d,
  type In,
  initializers,
  input,
  key,
  type Model,
  maxPool1d,
  maxPool2d,
  named,
  type Out,
  type Params,
  pipe,
  relu,
  residual,
  sequential,
  softmax,
  type Tensor,
  zeros,
} from 'shapewright'
import * as ops from 'shapewright/ops'
import { type Eq, is } from '../eq.ts'

declare const images: Tensor<['batch', 28, 28, 1]>
declare const n: number

// -- a model
export const cnn = pipe(
  input([28, 28, 1]),
  conv2d({ filters: 8, kernel: 3 }),
  relu,
  maxPool2d(2),
  flatten,
  dense(128),
  relu,
  dense(10, 'logits'),
  softmax(-1),
)
is<
  Eq<
    Params<typeof cnn>,
    { readonly conv2d1: Conv2dParams<3, 3, 1, 8>; readonly dense1: DenseParams<1352, 128>; readonly logits: DenseParams<128, 10> }
  >
>()
export const inSequence = sequential(
  input([28, 28, 1]),
  conv2d({ filters: 8, kernel: 3 }),
  relu,
  maxPool2d(2),
  flatten,
  dense(128),
  relu,
  dense(10, 'logits'),
  softmax(-1),
)
is<Eq<typeof inSequence, typeof cnn>>()
export const prediction = cnn.apply(cnn.init(key(0)), zeros([7, 28, 28, 1]))
is<Eq<typeof prediction, Tensor<[7, 10]>>>()

// -- kernel, stride, padding, dilation, groups
export const pairs = pipe(input([28, 20, 3]), conv2d({ filters: 6, kernel: [5, 3], stride: [2, 1], dilation: [1, 2], name: 'stem' }))
is<Eq<typeof pairs, Model<[28, 20, 3], [12, 16, 6], { stem: Conv2dParams<5, 3, 3, 6> }>>>()
export const same = pipe(input([28, 27, 3]), conv2d({ filters: 6, kernel: 3, stride: 2, padding: 'same' }))
is<Eq<Out<typeof same>, [14, 14, 6]>>()
export const explicit = pipe(
  input([28, 28, 3]),
  conv2d({
    filters: 6,
    kernel: 3,
    stride: 2,
    padding: [
      [0, 1],
      [2, 0],
    ],
  }),
)
is<Eq<Out<typeof explicit>, [14, 14, 6]>>()
export const around = pipe(input([28, 28, 3]), conv2d({ filters: 6, kernel: 7, padding: 3 }))
is<Eq<Out<typeof around>, [28, 28, 6]>>()
export const grouped = pipe(input([8, 8, 6]), conv2d({ filters: 9, kernel: 3, groups: 3, padding: 'same' }))
is<Eq<Params<typeof grouped>, { readonly conv2d1: Conv2dParams<3, 3, 2, 9> }>>()
export const depthwise = pipe(input([8, 8, 16]), conv2d({ filters: 16, kernel: 3, groups: 16, padding: 'same' }), conv2d({ filters: 32, kernel: 1 }))
is<Eq<Params<typeof depthwise>, { readonly conv2d1: Conv2dParams<3, 3, 1, 16>; readonly conv2d2: Conv2dParams<1, 1, 16, 32> }>>()
export const begun = pipe(input([4, 4, 1]), conv2d({ filters: 2, kernel: 3, weight: initializers.heNormal, bias: initializers.constant(0.1) }))
is<Eq<Out<typeof begun>, [2, 2, 2]>>()
export const options = { filters: 8, kernel: 3, stride: 2 } as const
export const declared = pipe(input([9, 9, 1]), conv2d(options))
is<Eq<Out<typeof declared>, [4, 4, 8]>>()
export const nothing = pipe(input([3, 3, 1]), conv2d({ filters: 0, kernel: 3 }))
is<Eq<Out<typeof nothing>, [1, 1, 0]>>()
export const exact = pipe(input([9007199254740991, 1, 1]), conv2d({ filters: 1, kernel: [9007199254740990, 1] }))
is<Eq<Out<typeof exact>, [2, 1, 1]>>()

// -- names
export const anySize = pipe(input(['height', 'width', 3]), conv2d({ filters: 8, kernel: 3, padding: 'same' }), relu, globalAveragePool2d, dense(10))
is<Eq<Out<typeof anySize>, [10]>>()
is<Eq<In<typeof anySize>, ['height', 'width', 3]>>()
export const kept = pipe(input(['time', 8]), conv1d({ filters: 4, kernel: 5, dilation: 2, padding: [8, 0] }))
is<Eq<Out<typeof kept>, ['time', 4]>>()
export const bound = pipe(input([8, 8, dim('channels', n)]), conv2d({ filters: dim('hidden', n), kernel: 1 }))
is<Eq<Params<typeof bound>, { readonly conv2d1: Conv2dParams<1, 1, 'channels', 'hidden'> }>>()

// -- sequences
export const sequence = pipe(input([100, 8]), conv1d({ filters: 16, kernel: 5, stride: 2 }), maxPool1d(2), conv1d({ filters: 4, kernel: 3, padding: 'same' }))
is<Eq<typeof sequence, Model<[100, 8], [24, 4], { conv1d1: Conv1dParams<5, 8, 16> } & { conv1d2: Conv1dParams<3, 16, 4> }>>>()
export const averaged = pipe(input([100, 8]), avgPool1d(3, { stride: 1, padding: 'same' }), avgPool1d(2, { padding: [1, 0] }))
is<Eq<Out<typeof averaged>, [50, 8]>>()

// -- pools, on models and on tensors
export const pooled = pipe(images, maxPool2d(2), maxPool2d([3, 2], { stride: 2, padding: 'same' }), flatten)
is<Eq<typeof pooled, Tensor<['batch', 49]>>>()
export const mean = pipe(images, avgPool2d([4, 7]))
is<Eq<typeof mean, Tensor<['batch', 7, 4, 1]>>>()
export const whole = pipe(images, globalMaxPool2d)
is<Eq<typeof whole, Tensor<['batch', 1]>>>()
export const alone = globalAveragePool2d(zeros([4, 4, 3]))
is<Eq<typeof alone, Tensor<[3]>>>()
export const frames = maxPool2d(2)(zeros([2, 'time', 4, 4, 3]))
is<Eq<typeof frames, Tensor<[2, 'time', 2, 2, 3]>>>()

// -- on tensors
export const convolved = pipe(images, ops.conv2d(zeros([3, 3, 1, 8]), { stride: 2, padding: 'same' }))
is<Eq<typeof convolved, Tensor<['batch', 14, 14, 8]>>>()
export const single = ops.conv2d(zeros([2, 3, 4, 8]), { groups: 2, dilation: [2, 1] })(zeros([5, 6, 8]))
is<Eq<typeof single, Tensor<[3, 4, 8]>>>()
export const line = ops.conv1d(zeros([3, 2, 4]), { padding: 1 })(zeros(['batch', 10, 2]))
is<Eq<typeof line, Tensor<['batch', 10, 4]>>>()
export const video = ops.conv2d(zeros([3, 3, 1, 2]))(zeros(['batch', 'time', 5, 5, 1]))
is<Eq<typeof video, Tensor<['batch', 'time', 3, 3, 2]>>>()

// -- blocks, on several channel counts
export const stage = block(conv2d({ filters: 8, kernel: 3, padding: 'same' }), relu, maxPool2d(2))
export const twice = pipe(input([28, 28, 3]), named('stem')(stage), stage, flatten, dense(10))
is<
  Eq<
    Params<typeof twice>,
    {
      readonly stem: { readonly conv2d1: Conv2dParams<3, 3, 3, 8> }
      readonly block1: { readonly conv2d1: Conv2dParams<3, 3, 8, 8> }
      readonly dense1: DenseParams<392, 10>
    }
  >
>()
export const deep = residual(block(conv2d({ filters: 16, kernel: 3, padding: 'same' }), relu, conv2d({ filters: 16, kernel: 3, padding: 'same' })))
export const network = pipe(
  input([32, 32, 3]),
  conv2d({ filters: 16, kernel: 3, padding: 'same' }),
  deep,
  relu,
  deep,
  relu,
  maxPool2d(2),
  conv2d({ filters: 32, kernel: 1 }),
  residual(conv2d({ filters: 32, kernel: 3, padding: 'same' })),
  globalAveragePool2d,
  dense(10),
)
is<Eq<Out<typeof network>, [10]>>()
export const inception = pipe(
  input([16, 16, 8]),
  concatBranches(
    conv2d({ filters: 4, kernel: 1 }),
    conv2d({ filters: 8, kernel: 3, padding: 'same' }),
    block(maxPool2d(3, { stride: 1, padding: 'same' }), conv2d({ filters: 2, kernel: 1 })),
  ),
)
is<Eq<Out<typeof inception>, [16, 16, 14]>>()
export const added = pipe(
  input([16, 16, 8]),
  addBranches(conv2d({ filters: 4, kernel: 2, stride: 2 }), block(avgPool2d(2), conv2d({ filters: 4, kernel: 1 }))),
)
is<Eq<Out<typeof added>, [8, 8, 4]>>()

// -- generic helpers
export const convolving = <const F extends number>(filters: F) => pipe(input([8, 8, 1]), conv2d({ filters, kernel: 3 }), relu)
export const five = convolving(5)
is<Eq<Params<typeof five>, { readonly conv2d1: Conv2dParams<3, 3, 1, 5> }>>()
is<Eq<Out<typeof five>, [6, 6, 5]>>()
export const features = <B extends Dim>(x: Tensor<[B, 28, 28, 1]>, weight: Tensor<[3, 3, 1, 8]>) =>
  pipe(x, ops.conv2d(weight, { padding: 'same' }), relu, maxPool2d(2), globalAveragePool2d)
export const ofSeven = features(zeros([7, 28, 28, 1]), zeros([3, 3, 1, 8]))
is<Eq<typeof ofSeven, Tensor<[7, 8]>>>()
export const open = <B extends Dim>(x: Tensor<[B, 28, 28, 1]>): Tensor<[B, 8]> => features(x, zeros([3, 3, 1, 8]))
export const over = <H extends Dim>(x: Tensor<['batch', H, 8]>): Tensor<['batch', H, 4]> =>
  pipe(x, ops.conv1d(zeros([3, 8, 4]), { padding: 'same' }))
