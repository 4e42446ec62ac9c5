/** The public names, one a line, by room. What reads files stands in `shapewright/data`. */

export { pipe } from 'fp-ts/lib/function.js'

// words
export type {
  BoundDim,
  Dim,
  DType,
  Shape,
  Size,
} from '../types/dim.ts'
export { ShapeError } from '../types/shape-error.ts'
export type {
  Statistic,
  Tensor,
} from '../types/tensor.ts'
export { InternalError } from './graph/internal-error.ts'

// tensors
export {
  abs,
  cos,
  elu,
  erf,
  exp,
  floor,
  gelu,
  geluTanh,
  leakyRelu,
  log,
  neg,
  reciprocal,
  relu,
  rsqrt,
  sigmoid,
  sign,
  silu,
  sin,
  softplus,
  sqrt,
  tanh,
} from './tensor/activation.ts'
export {
  add,
  div,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  maximum,
  minimum,
  mul,
  notEqual,
  pow,
  sub,
} from './tensor/binary.ts'
export {
  cast,
  stopGradient,
} from './tensor/cast.ts'
export { compute } from './tensor/compute.ts'
export {
  full,
  iota,
  ones,
  scalar,
  tensor,
  zeros,
} from './tensor/create.ts'
export {
  bernoulli,
  normal,
  uniform,
} from './tensor/draw.ts'
export { dropout } from './tensor/dropout.ts'
export {
  concat,
  oneHot,
  pad,
} from './tensor/join.ts'
export { matmul } from './tensor/matmul.ts'
export {
  broadcastTo,
  expandDims,
  flatten,
  permute,
  reshape,
  slice,
  squeeze,
  transpose,
} from './tensor/movement.ts'
export { activation } from './tensor/operation.ts'
export {
  foldIn,
  type Key,
  key,
  split,
} from './tensor/random.ts'
export {
  toArray,
  toTypedArray,
} from './tensor/read.ts'
export {
  argmax,
  logSumExp,
  max,
  mean,
  min,
  sum,
  variance,
} from './tensor/reduce.ts'
export { dim } from './tensor/size.ts'
export {
  logSoftmax,
  softmax,
} from './tensor/softmax.ts'
export { where } from './tensor/where.ts'

// gradients
export {
  grad,
  valueAndGrad,
} from './autodiff/grad.ts'
export { statistic } from './autodiff/statistic.ts'
export { trainable } from './autodiff/trainable.ts'
