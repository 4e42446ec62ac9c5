/** Transposed and depthwise convolutions, upsampling and augmentation: exact shapes and parameters, on models and on tensors. */
import {
  type Conv1dParams,
  type Conv2dParams,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  type Dim,
  depthwiseConv2d,
  flatten,
  globalAveragePool1d,
  globalMaxPool1d,
  initializers,
  input,
  key,
  type Model,
  type Out,
  type Params,
  pipe,
  randomCrop,
  randomFlip,
  randomShift,
  relu,
  type Tensor,
  upsample1d,
  upsample2d,
  zeros,
} from 'shapewright'
import * as ops from 'shapewright/ops'
import { type Eq, is } from '../eq.ts'

declare const images: Tensor<['batch', 28, 28, 1]>

// -- transposed
export const grown = pipe(input([7, 7, 16]), convTranspose2d({ filters: 8, kernel: 3, stride: 2, padding: 'same' }), relu)
is<Eq<typeof grown, Model<[7, 7, 16], [14, 14, 8], { convTranspose2d1: Conv2dParams<3, 3, 16, 8> }>>>()
export const valid = pipe(input([7, 5, 16]), convTranspose2d({ filters: 8, kernel: [3, 2], stride: [2, 1], dilation: [1, 2], groups: 2, name: 'up' }))
is<Eq<typeof valid, Model<[7, 5, 16], [15, 7, 8], { up: Conv2dParams<3, 2, 8, 8> }>>>()
export const likePyTorch = pipe(input([7, 7, 3]), convTranspose2d({ filters: 8, kernel: 3, stride: 2, padding: [[1, 0], [1, 0]], bias: initializers.ones }))
is<Eq<Out<typeof likePyTorch>, [14, 14, 8]>>()
export const line = pipe(input([50, 8]), convTranspose1d({ filters: 4, kernel: 4, stride: 2, padding: 1 }))
is<Eq<typeof line, Model<[50, 8], [100, 4], { convTranspose1d1: Conv1dParams<4, 8, 4> }>>>()
export const named = pipe(input(['time', 8]), convTranspose1d({ filters: 4, kernel: 3, padding: 1 }), convTranspose1d({ filters: 4, kernel: 5, padding: 'same' }))
is<Eq<Out<typeof named>, ['time', 4]>>()
export const onTensor = pipe(images, ops.convTranspose2d(zeros([4, 4, 1, 2]), { stride: 2, padding: 1 }))
is<Eq<typeof onTensor, Tensor<['batch', 56, 56, 2]>>>()
export const everyElement = pipe(zeros([4, 5, 3]), ops.convTranspose2d(zeros([3, 2, 3, 8])))
is<Eq<typeof everyElement, Tensor<[6, 6, 8]>>>()
export const oneElement = ops.convTranspose1d(zeros([2, 3, 4]))(zeros([0, 3]))
is<Eq<typeof oneElement, Tensor<[1, 4]>>>()
export const frames = ops.convTranspose1d(zeros([3, 2, 4]), { stride: 3, padding: 'same' })(zeros(['batch', 'n', 10, 2]))
is<Eq<typeof frames, Tensor<['batch', 'n', 30, 4]>>>()

// -- depthwise
export const separable = pipe(input([14, 14, 8]), depthwiseConv2d({ kernel: 3, padding: 'same', multiplier: 2 }), conv2d({ filters: 32, kernel: 1 }))
is<Eq<Params<typeof separable>, { readonly depthwiseConv2d1: Conv2dParams<3, 3, 1, 16>; readonly conv2d1: Conv2dParams<1, 1, 16, 32> }>>()
export const strided = pipe(input([14, 13, 8]), depthwiseConv2d({ kernel: [5, 3], stride: [2, 1], dilation: [1, 2], name: 'each' }))
is<Eq<typeof strided, Model<[14, 13, 8], [5, 9, 8], { each: Conv2dParams<5, 3, 1, 8> }>>>()
export const each = ops.depthwiseConv2d(zeros([3, 3, 1, 6]), { padding: 1 })(zeros(['batch', 5, 6, 3]))
is<Eq<typeof each, Tensor<['batch', 5, 6, 6]>>>()
export const plain = pipe(zeros([5, 6, 3]), ops.depthwiseConv2d(zeros([3, 3, 1, 3])))
is<Eq<typeof plain, Tensor<[3, 4, 3]>>>()

// -- upsampling
export const larger = pipe(input([14, 7, 8]), upsample2d(2), upsample2d([1, 3], { method: 'bilinear' }))
is<Eq<Out<typeof larger>, [28, 42, 8]>>()
export const longer = pipe(input(['time', 8]), upsample1d(1), upsample1d(1, { method: 'linear' }))
is<Eq<Out<typeof longer>, ['time', 8]>>()
export const wide = pipe(zeros(['batch', 'height', 4, 3]), upsample2d([1, 2]))
is<Eq<typeof wide, Tensor<['batch', 'height', 8, 3]>>>()
export const twice = <B extends Dim>(x: Tensor<[B, 4, 4, 3]>) => pipe(x, upsample2d(2, { method: 'nearest' }))
is<Eq<ReturnType<typeof twice<'n'>>, Tensor<['n', 8, 8, 3]>>>()

// -- augmentation
export const augmented = pipe(input([32, 32, 3]), randomFlip(), randomShift([2, 0], { fill: 'edge' }), randomCrop([28, 24]), flatten)
is<Eq<Out<typeof augmented>, [2016]>>()
export const anySize = pipe(input(['height', 'width', 3]), randomFlip(), randomShift(2))
is<Eq<Out<typeof anySize>, ['height', 'width', 3]>>()
export const drawn = pipe(images, randomFlip(key(1)), randomShift(2, key(2), { fill: 'zeros' }), randomShift(1, key(4)), randomCrop(24, key(3)))
is<Eq<typeof drawn, Tensor<['batch', 24, 24, 1]>>>()
export const whole = randomCrop([4, 4], key(0))(zeros([2, 4, 4, 'c']))
is<Eq<typeof whole, Tensor<[2, 4, 4, 'c']>>>()

// -- global pools of sequences
export const mean = pipe(input(['time', 8]), globalAveragePool1d)
is<Eq<Out<typeof mean>, [8]>>()
export const largest = globalMaxPool1d(zeros([2, 'time', 8]))
is<Eq<typeof largest, Tensor<[2, 8]>>>()
