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
export { activation } from './tensor/operation.ts'
export {
  foldIn,
  type Key,
  key,
  split,
} from './tensor/random.ts'

// gradients
export {
  grad,
  valueAndGrad,
} from './autodiff/grad.ts'
export { statistic } from './autodiff/statistic.ts'
export { trainable } from './autodiff/trainable.ts'
