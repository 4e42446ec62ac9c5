/** Mistakes with operations on tensors, and what the compiler does not know. The comments are those of `layers.ts`. */
import {
  add,
  argmax,
  broadcastTo,
  concat,
  equal,
  expandDims,
  flatten,
  full,
  greater,
  iota,
  less,
  matmul,
  mean,
  normal,
  key,
  oneHot,
  ones,
  pad,
  permute,
  pipe,
  pow,
  relu,
  reshape,
  slice,
  squeeze,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
  uniform,
  where,
  zeros,
} from 'shapewright'

declare const grid: Tensor<[2, 3]>
declare const flags: Tensor<[2, 3], 'bool'>
declare const counts: Tensor<[2, 3], 'i32'>
declare const tokens: Tensor<['batch', 'time', 64]>
declare const n: number
declare const axis: 0 | 1
declare const keepDims: boolean
declare const numbers: number[]
declare const tensors: Tensor<[2, 3]>[]

// -- shapes
// reshape: [2, 3] has 6 elements, [4, 2] has 8 @ reshape([4, 2])
pipe(grid, reshape([4, 2]))
// reshape: [2, 3] has 6 elements, which [4, -1] does not divide @ reshape([4, -1])
pipe(grid, reshape([4, -1]))
// reshape: at most one -1 in [-1, -1] @ reshape([-1, -1])
pipe(grid, reshape([-1, -1]))
// reshape: expected a tensor or a model @ 3
reshape([-1, 4])(3)
// reshape: [batch, time, 64] has 64*batch*time elements, which [rows, -1] does not divide @ reshape(['rows', -1])
pipe(tokens, reshape(['rows', -1]))
// permute: [0, 0] is not a permutation of the 2 axes of [2, 3] @ permute([0, 0])
pipe(grid, permute([0, 0]))
// transpose: needs rank >= 2, got [3] @ zeros([3])
transpose(zeros([3]))
// squeeze: axis 0 of [2, 3] is 2, not 1 @ squeeze(0)
pipe(grid, squeeze(0))
// sum: axis -1 is given twice @ sum([1, -1])
pipe(grid, sum([1, -1]))
// slice: 0 to 4 is out of range for axis 1 of [2, 3] @ slice([0, 0], [1, 4])
pipe(grid, slice([0, 0], [1, 4]))
// slice: axis 0 of [batch, time, 64] is named; only null to null takes it, whole @ slice([0], [5])
pipe(tokens, slice([0], [5]))
// slice: 1 starts and 2 ends for [2, 3] @ slice([0], [1, 2])
pipe(grid, slice([0], [1, 2]))
// concat: [2, 3] and [2, 4] differ outside axis 0 @ [grid, zeros([2, 4])]
concat([grid, zeros([2, 4])])
// concat: axis 0 of [batch, time, 64] is named, and a sum of names has no size @ [tokens, tokens]
concat([tokens, tokens])
// concat: f32 and i32 do not mix; use cast @ [grid, counts]
concat([grid, counts])
// pad: 1 pairs for [2, 3] @ pad([[1, 1]])
pipe(grid, pad([[1, 1]]))
// pad: axis 0 of [batch, time, 64] is named; its padding must be [0, 0] @ pad([[1, 0], [0, 0], [0, 0]])
pipe(tokens, pad([[1, 0], [0, 0], [0, 0]]))
// flatten: needs a batch dim, got [] @ flatten
pipe(zeros([]), flatten)
// where: none of [2, 1], [3] and [] has the shape [2, 3]; use broadcastTo @ 0
where(zeros([2, 1], 'bool'), zeros([3]), 0)
// add: shapes [2, 3] and [4] do not broadcast @ add(zeros([4]))
pipe(grid, add(zeros([4])), relu)
// ~ tensor: the arrays differ in length @ tensor([[1, 2], [3]])
relu(tensor([[1, 2], [3]]))

// -- dtypes
// argmax: expected f32 or i32, got bool @ argmax(0)
pipe(flags, argmax(0))
// mean: expected f32, got i32 @ mean()
pipe(counts, mean())
// pow: expected f32, got i32 @ 2
pow(counts, 2)
// less: expected f32 or i32, got bool @ flags
less(flags, flags)
// equal: bool and f32 do not mix; use cast @ grid
equal(flags, grid)
// oneHot: expected i32, got f32 @ oneHot(3)
pipe(grid, oneHot(3))
// matmul: expected f32, got i32 @ matmul(zeros([3, 4]))
pipe(counts, matmul(zeros([3, 4])))
// where: the condition must be bool, got f32 @ 0
where(grid, 1, 0)
// where: f32 and i32 do not mix; use cast @ counts
where(flags, grid, counts)
// ~ sub: two numbers make no tensor; use scalar @ sub(1, 2)
relu(sub(1, 2))

// -- what is not literal
// sum: keepDims is not a literal @ sum(0, { keepDims })
pipe(grid, sum(0, { keepDims }))
// sum: the axis is not a literal @ sum([0, n])
pipe(grid, sum([0, n]))
// sum: the axis is not a literal @ sum(numbers)
pipe(grid, sum(numbers))
// argmax: the axis is not a literal @ argmax(axis)
pipe(grid, argmax(axis))
// expandDims: the axis is not a literal @ expandDims(n)
pipe(grid, expandDims(n))
// squeeze: the axis is not a literal @ squeeze(n)
pipe(grid, squeeze(n))
// permute: the axis is not a literal @ permute([1, n])
pipe(grid, permute([1, n]))
// slice: a start or an end is not a literal @ slice([n], [2])
pipe(grid, slice([n], [2]))
// pad: the padding is not a literal @ pad([[0, n], [0, 0]])
pipe(grid, pad([[0, n], [0, 0]]))
// concat: the axis is not a literal @ [grid, grid]
concat([grid, grid], n)
// ~ concat: the number of tensors is not known @ concat(tensors)
relu(concat(tensors))
// reshape: a size is not a literal; write dim('name', n) @ reshape([n, -1])
pipe(grid, reshape([n, -1]))
// broadcastTo: a size is not a literal; write dim('name', n) @ broadcastTo([n, 2, 3])
pipe(grid, broadcastTo([n, 2, 3]))
// oneHot: the size is not a literal; write oneHot(dim('name', n)) @ oneHot(n)
pipe(counts, oneHot(n))
// reshape: a size must be a whole number, got -2 @ reshape([-2, 3])
pipe(grid, reshape([-2, 3]))
// ~ ones: a size must be a whole number, got 2.5 @ ones([2.5])
add(grid, ones([2.5]))
// ~ full: a size is not a literal; write dim('name', n) @ full([n], 1)
add(grid, full([n], 1))
// ~ iota: a size is not a literal; write dim('name', n) @ iota([n])
greater(iota([n]), 0)
// ~ normal: a size is not a literal; write dim('name', n) @ normal(key(0), [n])
add(grid, normal(key(0), [n]))
// ~ uniform: a size must be a whole number, got -1 @ uniform(key(0), [-1])
add(grid, uniform(key(0), [-1]))
// ~ tensor: a size is not a literal; write tensor(values.flat(), [dim('name', n)]) @ tensor(numbers)
add(grid, tensor(numbers))
// ~ tensor: a size is not a literal; write dim('name', n) @ tensor(numbers, [n])
add(grid, tensor(numbers, [n]))
