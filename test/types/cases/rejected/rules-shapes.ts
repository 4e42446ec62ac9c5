/** Mistakes with reductions and movement at ranks 1, 2 and 4: axes, bounds, what is not known. */
import {
  argmax,
  broadcastTo,
  concat,
  type Dim,
  expandDims,
  flatten,
  input,
  logSumExp,
  max,
  mean,
  min,
  pad,
  permute,
  pipe,
  reshape,
  slice,
  spec,
  squeeze,
  sum,
  type Tensor,
  transpose,
  variance,
  zeros,
} from 'shapewright'

declare const row: Tensor<[6]>
declare const grid: Tensor<[2, 6]>
declare const images: Tensor<['batch', 8, 8, 3]>
declare const flags: Tensor<[2, 6], 'bool'>
declare const openRank: Tensor<number[]>
declare const openSize: Tensor<[number, 6]>
declare const n: number
declare const axes: number[]
declare const pairs: [number, number][]
declare const options: { keepDims: boolean }
declare const perhaps: { keepDims?: true }
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const anything: any

// -- reductions
// sum: axis 1 is out of range for [6] @ sum(1)
pipe(row, sum(1))
// mean: axis -3 is out of range for [2, 6] @ mean(-3)
pipe(grid, mean(-3))
// max: axis 4 is out of range for [batch, 8, 8, 3] @ max([1, 4])
pipe(images, max([1, 4]))
// min: axis 3 is given twice @ min([-1, 3])
pipe(images, min([-1, 3]))
// variance: axis 0.5 is out of range for [2, 6] @ variance(0.5)
pipe(grid, variance(0.5))
// logSumExp: axis 1e+21 is out of range for [2, 6] @ logSumExp(1e21)
pipe(grid, logSumExp(1e21))
// sum: expected f32 or i32, got bool @ sum()
pipe(flags, sum())
// argmax: axis 2 is out of range for [2, 6] @ argmax(2)
pipe(grid, argmax(2))
// argmax: the axis is not a literal @ argmax(anything)
pipe(grid, argmax(anything))
// mean: the axis is not a literal @ mean(anything)
pipe(grid, mean(anything))
// max: the axis is not a literal @ max([0, ...axes])
pipe(grid, max([0, ...axes]))
// sum: keepDims is not a literal @ sum(0, options)
pipe(grid, sum(0, options))
// ~ Property 'keepDims' is optional in type @ perhaps
sum(0, perhaps)
// sum: axis 0 is out of range for [...?] @ sum(0)
pipe(openRank, sum(0))

// -- reshape, flatten
// reshape: [6] has 6 elements, [5] has 5 @ reshape([5])
pipe(row, reshape([5]))
// reshape: [batch, 8, 8, 3] has 192*batch elements, [192] has 192 @ reshape([192])
pipe(images, reshape([192]))
// reshape: [batch, 8, 8, 3] has 192*batch elements, which [n, -1] does not divide @ reshape(['n', -1])
pipe(images, reshape(['n', -1]))
// reshape: a size must be a whole number, got 2.5 @ reshape([2.5, -1])
pipe(grid, reshape([2.5, -1]))
// reshape: a size of [?, 6] is not a literal @ reshape([-1])
pipe(openSize, reshape([-1]))
// reshape: a size of [...?] is not a literal @ reshape([6])
pipe(openRank, reshape([6]))
// reshape: expected a list of sizes, as [2, 3], got 12 @ 12
reshape(12)
// flatten: needs a batch dim, got [...?] @ flatten
pipe(openRank, flatten)

// -- the order of axes
// permute: [1] is not a permutation of the 1 axes of [6] @ permute([1])
pipe(row, permute([1]))
// permute: [0, 1, 1] is not a permutation of the 2 axes of [2, 6] @ permute([0, 1, 1])
pipe(grid, permute([0, 1, 1]))
// permute: [0, -4, 1, 2] is not a permutation of the 4 axes of [batch, 8, 8, 3] @ permute([0, -4, 1, 2])
pipe(images, permute([0, -4, 1, 2]))
// permute: [1, 0] is not a permutation of the ? axes of [...?] @ permute([1, 0])
pipe(openRank, permute([1, 0]))
// permute: the axis is not a literal @ permute(axes)
pipe(grid, permute(axes))
// transpose: needs rank >= 2, got [6] @ transpose
pipe(row, transpose)
// transpose: needs rank >= 2, got [...?] @ openRank
transpose(openRank)

// -- axes of size 1
// squeeze: axis 0 of [batch, 8, 8, 3] is batch, not 1 @ squeeze(0)
pipe(images, squeeze(0))
// squeeze: axis -1 is given twice @ squeeze([1, -1])
pipe(zeros([6, 1]), squeeze([1, -1]))
// squeeze: axis 1 is out of range for [6] @ squeeze(1)
pipe(row, squeeze(1))
// squeeze: the axis is not a literal @ squeeze(axes)
pipe(grid, squeeze(axes))
// expandDims: axis 2 is out of range for [6] @ expandDims(2)
pipe(row, expandDims(2))
// expandDims: axis -6 is out of range for [batch, 8, 8, 3] @ expandDims(-6)
pipe(images, expandDims(-6))
// expandDims: the axis is not a literal @ expandDims(anything)
pipe(images, expandDims(anything))

// -- broadcastTo
// broadcastTo: [6] does not broadcast to [2, 5] @ broadcastTo([2, 5])
pipe(row, broadcastTo([2, 5]))
// broadcastTo: [batch, 8, 8, 3] does not broadcast to [8, 8, 3] @ broadcastTo([8, 8, 3])
pipe(images, broadcastTo([8, 8, 3]))
// broadcastTo: [...?] does not broadcast to [2, 6] @ broadcastTo([2, 6])
pipe(openRank, broadcastTo([2, 6]))
// ~ is not assignable to @ broadcastTo([2, 6])
export const repeated = <B extends Dim>(x: Tensor<[B, 6]>) => pipe(x, broadcastTo([2, 6]))

// -- slice
// slice: 4 to 2 is out of range for axis 0 of [6] @ slice([4], [2])
pipe(row, slice([4], [2]))
// slice: 0 to -9 is out of range for axis 3 of [batch, 8, 8, 3] @ slice([null, null, null, 0], [null, null, null, -9])
pipe(images, slice([null, null, null, 0], [null, null, null, -9]))
// slice: 0.5 to 2 is out of range for axis 0 of [2, 6] @ slice([0.5], [2])
pipe(grid, slice([0.5], [2]))
// slice: axis 0 of [batch, 8, 8, 3] is named; only null to null takes it, whole @ slice([0], [null])
pipe(images, slice([0], [null]))
// slice: 2 starts and 2 ends for [6] @ slice([0, 0], [1, 1])
pipe(row, slice([0, 0], [1, 1]))

// -- concat, pad
// concat: [6] and [2, 6] differ outside axis 0 @ [row, grid]
concat([row, grid])
// concat: axis 0 of [batch, 8, 8, 3] is named, and a sum of names has no size @ [images, images]
concat([images, images])
// concat: axis 4 is out of range for [batch, 8, 8, 3] @ [images, images]
concat([images, images], 4)
// concat: the size of axis 0 is not a literal @ [openSize, openSize]
concat([openSize, openSize])
// concat: nothing to join @ []
concat([])
// pad: 1 pairs for [batch, 8, 8, 3] @ pad([[0, 0]])
pipe(images, pad([[0, 0]]))
// pad: a size must be a whole number, got 1.5 @ pad([[0, 1.5]])
pipe(row, pad([[0, 1.5]]))
// pad: the padding is not a literal @ pad(pairs)
pipe(row, pad(pairs))
// pad: the size of axis 0 is not a literal @ pad([[1, 0], [0, 0]])
pipe(openSize, pad([[1, 0], [0, 0]]))
// pad: 2 pairs for [...?] @ pad([[0, 0], [0, 0]])
pipe(openRank, pad([[0, 0], [0, 0]]))

// -- what is no list
// input: expected a list of sizes, as [2, 3], got 784 @ 784
input(784)
// spec: expected a list of sizes, as [2, 3], got batch @ 'batch'
spec('batch')
// broadcastTo: expected a list of sizes, as [2, 3], got ? @ n
broadcastTo(n)
