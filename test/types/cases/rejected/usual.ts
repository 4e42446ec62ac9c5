/** What a first program gets wrong: the options of an optimizer, and dtypes. The comments are those of `layers.ts`. */
import { adagrad, adam, adamw, full, input, momentum, nesterov, ones, rmsprop, scalar, sgd, tensor, zeros } from 'shapewright'

declare const dtype: string

// -- a number in the place of options
// adam: expected options, as { learningRate: 1e-3 } @ 1e-3
adam(1e-3)
// adamw: expected options, as { learningRate: 1e-3 } @ 1e-3
adamw(1e-3)
// sgd: expected options, as { learningRate: 1e-3 } @ 0.1
sgd(0.1)
// momentum: expected options, as { learningRate: 1e-3 } @ 0.1
momentum(0.1)
// nesterov: expected options, as { learningRate: 1e-3 } @ 0.1
nesterov(0.1)
// rmsprop: expected options, as { learningRate: 1e-3 } @ 0.1
rmsprop(0.1)
// adagrad: expected options, as { learningRate: 1e-3 } @ 0.1
adagrad(0.1)
// ~ 'lr' does not exist in type 'AdamOptions' @ lr
adam({ lr: 1e-3 })

// -- dtypes of other libraries
// tensor: expected f32, i32 or bool, got f64 @ 'f64'
tensor([[1, 2]], 'f64')
// tensor: expected f32, i32 or bool, got f64 @ 'f64'
tensor([1, 2], [2], 'f64')
// zeros: expected f32, i32 or bool, got f64 @ 'f64'
zeros([3], 'f64')
// ones: expected f32, i32 or bool, got float32 @ 'float32'
ones([3], 'float32')
// full: expected f32, i32 or bool, got f64 @ 'f64'
full([3], 1, 'f64')
// scalar: expected f32, i32 or bool, got f64 @ 'f64'
scalar(3, 'f64')
// input: expected f32, i32 or bool, got int32 @ 'int32'
input([16], 'int32')
// ~ is not assignable to parameter of type 'DType' @ dtype
zeros([3], dtype)
// ~ is not assignable to parameter of type 'DType' @ 64
zeros([3], 64)
