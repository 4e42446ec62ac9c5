/** `undefined` where an argument may be absent: the value takes the default, so the type may not take another. */
import {
  argmax,
  assertShape,
  concat,
  conv1d,
  dense,
  embedding,
  gather,
  full,
  input,
  iota,
  logSumExp,
  max,
  maxPool1d,
  mean,
  ones,
  pipe,
  scalar,
  split,
  stack,
  sum,
  tensor,
  type Tensor,
  type TensorCodec,
  tensorOf,
  zeros,
} from 'shapewright'
import * as ops from 'shapewright/ops'

declare const flag: boolean
declare const x: Tensor<[2, 3]>
declare const indices: Tensor<[5], 'i32'>
declare const strided: { readonly stride: 1 } | { readonly padding: 'same' }
declare const filtered: { filters: 2; kernel: 3; stride: 2 } | { filters: 2; kernel: 3 }
declare const labelled: { readonly name: 'hidden' } | Readonly<Record<never, never>>
declare const maybe: [0?]

// -- reductions
// ~ is not assignable @ flag ? 0 : undefined
sum(flag ? 0 : undefined)
// ~ is not assignable @ undefined
mean(undefined)
// ~ is not assignable @ flag ? { keepDims: true } : undefined
max(0, flag ? { keepDims: true } : undefined)
// ~ is not assignable @ keepDims
logSumExp(0, { keepDims: undefined })
// ~ is not assignable @ ...maybe
sum(...maybe)
// ~ arguments, but got 0 @ sum
sum<0>()
// ~ is not assignable @ flag ? 0 : undefined
argmax(flag ? 0 : undefined)

// -- picking, joining, splitting
// ~ is not assignable @ flag ? 1 : undefined
gather(indices, flag ? 1 : undefined)
// concat: the axis is not a literal @ [x, x]
concat([x, x], flag ? 1 : undefined)
// stack: the axis is not a literal @ [x, x]
stack([x, x], flag ? 1 : undefined)
// ~ is not assignable @ flag ? 1 : undefined
split(2, flag ? 1 : undefined)
// ~ is not assignable @ ...maybe
split(2, ...maybe)

// -- making tensors, models, specs and codecs
// ~ is not assignable @ flag ? 'i32' : undefined
zeros([2], flag ? 'i32' : undefined)
// ~ is not assignable @ undefined
ones([2], undefined)
// ~ is not assignable @ flag ? 'i32' : undefined
full([2], 1, flag ? 'i32' : undefined)
// ~ is not assignable @ flag ? 'i32' : undefined
tensor([1, 2], flag ? 'i32' : undefined)
// ~ is not assignable @ flag ? 'i32' : undefined
tensor([1, 2], [2], flag ? 'i32' : undefined)
// ~ is not assignable @ flag ? 'i32' : undefined
scalar(1, flag ? 'i32' : undefined)
// ~ is not assignable @ flag ? 1 : undefined
iota([2, 3], flag ? 1 : undefined)
// ~ is not assignable @ flag ? 'i32' : undefined
input([3], flag ? 'i32' : undefined)
// ~ is not assignable @ flag ? 'i32' : undefined
tensorOf([3], flag ? 'i32' : undefined)
// ~ is not assignable @ flag ? 'i32' : undefined
assertShape([3], flag ? 'i32' : undefined)

// -- what a result is wanted for says nothing of its dtype
// ~ is not assignable @ codec
export const codec: TensorCodec<[2], 'i32'> = tensorOf([2])
// ~ is not assignable @ decode
export const decode: (x: Tensor<[2]>) => ReturnType<ReturnType<typeof assertShape<[2], 'i32'>>> = assertShape([2])

// -- a union of records of options
// maxPool1d: stride is not a literal @ maxPool1d(2, strided)
pipe(input([8, 1]), maxPool1d(2, strided))
// conv1d: the name is not a literal @ conv1d(filtered)
pipe(input([8, 1]), conv1d(filtered))
// dense: the name is not a literal @ dense(2, labelled)
pipe(input([3]), dense(2, labelled))

// -- options that may be missing
// dense: the name is not a literal @ dense(2, flag ? 'hidden' : undefined)
pipe(input([3]), dense(2, flag ? 'hidden' : undefined))
// dense: the name is not a literal @ dense(3, 2, flag ? { name: 'hidden' } : undefined)
pipe(input([3]), dense(3, 2, flag ? { name: 'hidden' } : undefined))
// embedding: the name is not a literal @ embedding(9, 2, flag ? 'table' : undefined)
pipe(input(['time'], 'i32'), embedding(9, 2, flag ? 'table' : undefined))
// maxPool1d: expected one record of options, as { stride: 2 } @ maxPool1d(2, flag ? { stride: 1 } : undefined)
pipe(input([8, 1]), maxPool1d(2, flag ? { stride: 1 } : undefined))
// conv1d: expected one record of options, as { stride: 2 } @ ops.conv1d(zeros([3, 1, 2]), flag ? { stride: 2 } : undefined)
pipe(zeros([9, 1]), ops.conv1d(zeros([3, 1, 2]), flag ? { stride: 2 } : undefined))
