/** Unions where one shape, axis, word or tensor must stand. The comments are those of `layers.ts`. */
import {
  concat,
  concatBranches,
  type Dataset,
  dense,
  dim,
  einsum,
  full,
  grad,
  input,
  iota,
  key,
  mean,
  normal,
  pipe,
  reduce,
  reshape,
  spec,
  squeeze,
  stack,
  sum,
  type Tensor,
  tensorOf,
  valueAndGrad,
  zeros,
} from 'shapewright'

declare const flag: boolean
declare const shape: readonly [2, 3] | readonly [3, 2]
declare const axis: 0 | readonly [0, 1]
declare const axes: readonly [0] | readonly [1]
declare const some: Tensor<[2]> | Tensor<[3]>
declare const two: Tensor<[2]>
declare const samples: Dataset<[3], [1]>
declare const whole: (batch: readonly [Tensor<['m', 3]>, Tensor<['m', 1]>]) => void

// -- shapes
// zeros: a size is not a literal; write dim('name', n) @ shape
zeros(shape)
// full: a size is not a literal; write dim('name', n) @ shape
full(shape, 1)
// normal: a size is not a literal; write dim('name', n) @ shape
normal(key(0), shape)
// spec: a size is not a literal; write dim('name', n) @ shape
spec(shape)
// input: a size is not a literal; write dim('name', n) @ shape
input(shape)
// reshape: a size is not a literal; write dim('name', n) @ shape
reshape(shape)
// iota: a size is not a literal; write dim('name', n) @ shape
iota(shape)
// tensorOf: a size is not a literal; write dim('name', n) @ shape
tensorOf(shape)

// -- axes
// sum: the axis is not a literal @ zeros([2, 3])
sum(axis)(zeros([2, 3]))
// sum: the axis is not a literal @ zeros([2, 3])
sum(axes)(zeros([2, 3]))
// mean: the axis is not a literal @ mean(axes)
pipe(zeros([2, 3]), mean(axes))
// squeeze: the axis is not a literal @ zeros([1, 1])
squeeze(axis)(zeros([1, 1]))
// squeeze: the axis is not a literal @ zeros([1, 1])
squeeze(axes)(zeros([1, 1]))

// -- tensors
// einsum: the shape of a tensor is not known @ some
einsum('i,i->i', some, two)
// einsum: the shape of a tensor is not known @ some
einsum('i,i->i', two, some)
// concat: the shape of a tensor is not known @ [some, two]
concat([some, two])
// concat: the shape of a tensor is not known @ [two, some]
concat([two, some])
// stack: the shape of a tensor is not known @ [some, two]
stack([some, two])
// stack: the shape of a tensor is not known @ [two, some]
stack([two, some])
// grad: the function must give a scalar, got [2]; end it with mean() @ two
grad((x: Tensor<[2]>) => (flag ? sum()(x) : x))(two)
// valueAndGrad: the function must give a scalar, got [2]; end it with mean() @ two
valueAndGrad((x: Tensor<[2]>) => (flag ? sum()(x) : x))(two)

// -- sizes and words
// batch: the size is not a literal; write batch(dim('name', n)) @ samples.batch(flag ? dim('m', 1) : dim('n', 2))
whole(samples.batch(flag ? dim('m', 1) : dim('n', 2)))
// reduce: the reduction is not a literal @ flag ? 'sum' : 'mean'
reduce('a b -> a', flag ? 'sum' : 'mean')
// concatBranches: axis 0 of the result is 2^53 or longer @ concatBranches(dense(9007199254740991), dense(1))
pipe(input([1]), concatBranches(dense(9007199254740991), dense(1)))
