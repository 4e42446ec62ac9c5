/**
 * Mistakes inside helpers that are generic in their batch. A compiler does not decide what hangs on a type parameter, so the sentence
 * is printed with the parameter in it, inside an alias: `Fits<"...">`. The comments are those of `layers.ts`.
 */
import {
  add,
  conv2d,
  type Dim,
  dense,
  einsum,
  flatten,
  matmul,
  maxPool2d,
  mean,
  type Model,
  mul,
  pipe,
  relu,
  residual,
  slice,
  softmax,
  squeeze,
  sum,
  type Tensor,
  transpose,
} from 'shapewright'
import * as ops from 'shapewright/ops'

declare const wide: Tensor<[128, 10]>
declare const bias: Tensor<[68]>
declare const kernel: Tensor<[3, 3, 4, 8]>

// ~ matmul: [${ShowDim<B>}, 784] x [128, 10]: expected last dim 128, got 784 @ matmul(wide)
export const product = <B extends Dim>(x: Tensor<[B, 784]>) => pipe(x, matmul(wide))
// ~ add: shapes [${ShowDim<B>}, 69] and [68] do not broadcast @ add(bias)
export const biased = <B extends Dim>(x: Tensor<[B, 69]>) => pipe(x, add(bias))
// ~ mul: shapes [${ShowDim<B>}, 7, 69] and [68] do not broadcast @ bias
export const scaled = <B extends Dim>(x: Tensor<[B, 7, 69]>) => mul(x, bias)
// ~ softmax: axis 2 is out of range for [${ShowDim<B>}, 10] @ softmax(2)
export const probable = <B extends Dim>(x: Tensor<[B, 10]>) => pipe(x, softmax(2))
// ~ mean: axis 3 is out of range for [${ShowDim<B>}, 10, 4] @ mean(3)
export const centred = <B extends Dim>(x: Tensor<[B, 10, 4]>) => pipe(x, mean(3), relu)
// ~ sum: axis -1 is given twice @ sum([1, -1])
export const total = <B extends Dim>(x: Tensor<[B, 10]>) => pipe(x, sum([1, -1]))
// ~ squeeze: axis 1 of [${ShowDim<B>}, 2] is 2, not 1 @ squeeze(1)
export const squeezed = <B extends Dim>(x: Tensor<[B, 2]>) => pipe(x, squeeze(1))
// ~ slice: 0 to 4 is out of range for axis 1 of [${ShowDim<B>}, 3] @ slice([null, 0], [null, 4])
export const sliced = <B extends Dim>(x: Tensor<[B, 3]>) => pipe(x, slice([null, 0], [null, 4]))
// ~ einsum: j is 3 in [${ShowDim<B>}, 3] and 4 in [4, 3] @ x
export const contracted = <B extends Dim>(x: Tensor<[B, 3]>, zeros43: Tensor<[4, 3]>) => einsum('bj,jk->bk', x, zeros43)
// ~ conv2d: [${ShowDim<B>}, 28, 28, 3] x [3, 3, 4, 8]: expected 4 channels, got 3 @ ops.conv2d(kernel)
export const convolved = <B extends Dim>(x: Tensor<[B, 28, 28, 3]>) => pipe(x, ops.conv2d(kernel))
// ~ maxPool2d: window 29 is larger than the image [28, 28, 3] @ maxPool2d(29)
export const pooled = <B extends Dim>(x: Tensor<[B, 28, 28, 3]>) => pipe(x, maxPool2d(29))
// ~ transpose: needs rank >= 2, got [${ShowDim<B>}] @ x
export const turned = <B extends Dim>(x: Tensor<[B]>) => transpose(x)

// -- helpers over models are concrete in the shape that they look at
// dense: expected last dim 128, got 200 @ dense(128, 10)
export const head = <I, P>(m: Model<I, [200], P>) => pipe(m, dense(128, 10))
// residual: the block maps [64] to [32] @ residual(dense(32))
export const skip = <I, P>(m: Model<I, [64], P>) => pipe(m, relu, residual(dense(32)))
// conv2d: expected [h, w, c], got [784] @ conv2d({ filters: 8, kernel: 3 })
export const late = <I, P>(m: Model<I, [28, 28], P>) => pipe(m, flatten, conv2d({ filters: 8, kernel: 3 }))
