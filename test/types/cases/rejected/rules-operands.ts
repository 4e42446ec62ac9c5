/** Mistakes with one, two and three operands at ranks 1, 2 and 4: shapes, dtypes, what is not known. */
import {
  abs,
  add,
  cast,
  type Dim,
  div,
  equal,
  full,
  gelu,
  greaterEqual,
  key,
  less,
  logSoftmax,
  matmul,
  maximum,
  minimum,
  mul,
  neg,
  normal,
  notEqual,
  oneHot,
  ones,
  pipe,
  pow,
  relu,
  scalar,
  softmax,
  sub,
  type Tensor,
  tensor,
  where,
  zeros,
} from 'shapewright'

declare const row: Tensor<[6]>
declare const grid: Tensor<[2, 6]>
declare const images: Tensor<['batch', 8, 8, 3]>
declare const counts: Tensor<[2, 6], 'i32'>
declare const flags: Tensor<[2, 6], 'bool'>
declare const n: number
declare const either: Tensor<[2]> | Tensor<[3]>
declare const mixed: Tensor<[2]> | Tensor<[2], 'i32'>
declare const openRank: Tensor<number[]>
declare const openSize: Tensor<[number, 6]>
declare const dtype: 'f32' | 'i32'
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const anything: any
declare const alike: { readonly dtype: 'f32'; readonly shape: readonly [2, 6]; readonly op: string; readonly inputs: readonly [] }

// -- broadcasting
// add: shapes [6] and [5] do not broadcast @ add(zeros([5]))
pipe(row, add(zeros([5])))
// mul: shapes [2, 6] and [3, 6] do not broadcast @ zeros([3, 6])
mul(grid, zeros([3, 6]))
// sub: shapes [batch, 8, 8, 3] and [n, 8, 8, 3] do not broadcast @ sub(zeros(['n', 8, 8, 3]))
pipe(images, sub(zeros(['n', 8, 8, 3])))
// div: neither [6] nor [2, 1] has the shape [2, 6]; use broadcastTo @ zeros([2, 1])
div(row, zeros([2, 1]))
// maximum: neither [batch, 8, 1, 3] nor [8, 3] has the shape [batch, 8, 8, 3]; use broadcastTo @ zeros([8, 3])
maximum(zeros(['batch', 8, 1, 3]), zeros([8, 3]))
// minimum: shapes [...?] and [2, 6] do not broadcast @ grid
minimum(openRank, grid)
// add: shapes [?, 6] and [2, 6] do not broadcast @ grid
add(openSize, grid)
// ~ is not assignable to type @ either
add(either, zeros([2]))
// ~ is not assignable to parameter of type @ grid
export const generic = <B extends Dim>(x: Tensor<[B, 6]>) => add(x, grid)

// -- dtypes
// pow: expected f32, got bool @ flags
pow(flags, flags)
// add: expected f32 or i32, got bool @ add(1)
pipe(flags, add(1))
// less: f32 and i32 do not mix; use cast @ less(counts)
pipe(grid, less(counts))
// equal: bool and a number do not mix; use cast @ 2
equal(flags, 2)
// equal: bool and a number do not mix; use cast @ flags
equal(2, flags)
// notEqual: bool and a number do not mix; use cast @ notEqual(0)
pipe(flags, notEqual(0))
// greaterEqual: expected f32 or i32, got bool @ greaterEqual(flags)
pipe(flags, greaterEqual(flags))
// neg: expected f32 or i32, got bool @ neg
pipe(flags, neg)
// abs: expected f32 or i32, got bool @ flags
abs(flags)
// gelu: expected f32, got i32 @ gelu
pipe(counts, gelu)
// relu: expected f32, got i32 @ mixed
relu(mixed)
// softmax: expected f32, got i32 @ softmax(-1)
pipe(counts, softmax(-1))
// relu: expected a tensor or a model @ alike
relu(alike)
// add: shapes [2, 6] and [...?] do not broadcast @ alike
add(grid, alike)
// cast: the dtype is not a literal @ cast(dtype)
pipe(grid, cast(dtype))
// cast: the dtype is not a literal @ cast(anything)
pipe(grid, cast(anything))
// ~ zeros: the dtype is not a literal @ zeros([2, 6], dtype)
relu(zeros([2, 6], dtype))
// ~ full: the dtype is not a literal @ full([2], 1, dtype)
relu(full([2], 1, dtype))
// ~ scalar: the dtype is not a literal @ scalar(1, dtype)
relu(scalar(1, dtype))
// ~ tensor: the dtype is not a literal @ tensor([1, 2], dtype)
relu(tensor([1, 2], dtype))
// ~ tensor: the dtype is not a literal @ tensor([1, 2], [2], dtype)
relu(tensor([1, 2], [2], dtype))

// -- one axis that keeps the shape
// softmax: axis 1 is out of range for [6] @ softmax(1)
pipe(row, softmax(1))
// logSoftmax: axis -5 is out of range for [batch, 8, 8, 3] @ logSoftmax(-5)
pipe(images, logSoftmax(-5))
// softmax: axis 0.5 is out of range for [2, 6] @ softmax(0.5)
pipe(grid, softmax(0.5))
// logSoftmax: the axis is not a literal @ logSoftmax(n)
pipe(grid, logSoftmax(n))

// -- three
// where: shapes [2, 6], [6] and [5] do not broadcast @ zeros([5])
where(flags, row, zeros([5]))
// where: bool and a number do not mix; use cast @ 1
where(flags, flags, 1)
// where: the condition must be bool, got i32 @ grid
where(counts, grid, grid)

// -- matmul
// matmul: [6] x [5, 2]: expected last dim 5, got 6 @ matmul(zeros([5, 2]))
pipe(row, matmul(zeros([5, 2])))
// matmul: the right side needs rank >= 2, got [6] @ matmul(row)
pipe(grid, matmul(row))
// matmul: the left side needs rank >= 1, got [] @ matmul(grid)
pipe(zeros([]), matmul(grid))
// matmul: the left side needs rank >= 2, got [3] @ matmul(zeros(['n', 3, 4]))
pipe(zeros([3]), matmul(zeros(['n', 3, 4])))
// matmul: shapes [batch, 8] and [n, 8] do not broadcast @ matmul(zeros(['n', 8, 3, 2]))
pipe(images, matmul(zeros(['n', 8, 3, 2])))
// matmul: [2, 6] x [?, 6]: expected last dim ?, got 6 @ matmul(openSize)
pipe(grid, matmul(openSize))

// -- what is no list, or not known
// zeros: expected a list of sizes, as [2, 3], got 2 @ 2
zeros(2)
// ones: expected a list of sizes, as [2, 3], got n @ 'n'
ones('n')
// full: expected a list of sizes, as [2, 3], got 2 @ 2
full(2, 0)
// normal: expected a list of sizes, as [2, 3], got ? @ n
normal(key(0), n)
// oneHot: the size is not a literal; write oneHot(dim('name', n)) @ oneHot(anything)
pipe(counts, oneHot(anything))
// ~ boolean' is not assignable to type 'Size'. @ true
zeros([true])
