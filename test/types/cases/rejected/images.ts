/** Mistakes with sequences and images: what is too small, named, not literal, out of range, or has other channels. */
import {
  addBranches,
  avgPool1d,
  avgPool2d,
  block,
  conv1d,
  conv2d,
  dense,
  dim,
  flatten,
  globalAveragePool2d,
  globalMaxPool2d,
  input,
  maxPool1d,
  maxPool2d,
  pipe,
  relu,
  residual,
  sequential,
  type Tensor,
  zeros,
} from 'shapewright'
import * as ops from 'shapewright/ops'

declare const images: Tensor<['batch', 28, 28, 1]>
declare const flat: Tensor<['batch', 784]>
declare const counts: Tensor<[5, 5, 1], 'i32'>
declare const n: number
declare const three: 3 | 4
declare const word: 'same' | 'valid'
declare const text: string
declare const maybe: { filters: 8; kernel: 3; stride?: 2 }
declare const open: { stride?: 2 }
declare const sizes: readonly number[]
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const anything: any

// -- too small
// conv2d: kernel 31 is larger than the image [28, 28, 1] @ conv2d({ filters: 8, kernel: 31 })
pipe(input([28, 28, 1]), conv2d({ filters: 8, kernel: 31 }))
// conv2d: kernel [1, 6] is larger than the image [8, 5, 1] @ conv2d({ filters: 8, kernel: [1, 6] })
pipe(input([8, 5, 1]), conv2d({ filters: 8, kernel: [1, 6] }))
// conv2d: kernel 3 is larger than the image [4, 4, 1] @ conv2d({ filters: 8, kernel: 3, dilation: 2 })
pipe(input([4, 4, 1]), conv2d({ filters: 8, kernel: 3, dilation: 2 }))
// conv2d: kernel 9 is larger than the image [4, 4, 1] @ conv2d({ filters: 8, kernel: 9, padding: 2 })
pipe(input([4, 4, 1]), conv2d({ filters: 8, kernel: 9, padding: 2 }))
// conv1d: kernel 5 is larger than the sequence [4, 8] @ conv1d({ filters: 8, kernel: 5 })
sequential(input([4, 8]), conv1d({ filters: 8, kernel: 5 }))
// maxPool2d: window 9 is larger than the image [8, 8, 1] @ maxPool2d(9)
pipe(input([8, 8, 1]), maxPool2d(9))
// maxPool2d: window 29 is larger than the image [28, 28, 1] @ maxPool2d(29)
pipe(images, maxPool2d(29))
// avgPool2d: window [2, 30] is larger than the image [28, 28, 1] @ avgPool2d([2, 30])
pipe(images, avgPool2d([2, 30]))
// maxPool1d: window 3 is larger than the sequence [2, 8] @ maxPool1d(3)
pipe(input([2, 8]), relu, maxPool1d(3))
// avgPool1d: window 3 is larger than the sequence [2, 8] @ zeros([4, 2, 8])
avgPool1d(3)(zeros([4, 2, 8]))
// conv2d: kernel [3, 3] is larger than the image [2, 28, 1] @ zeros([7, 2, 28, 1])
ops.conv2d(zeros([3, 3, 1, 8]))(zeros([7, 2, 28, 1]))
// conv2d: kernel 3 is larger than the image [1, 1, 8] @ block(conv2d({ filters: 8, kernel: 3 }), relu, conv2d({ filters: 8, kernel: 3 }))
pipe(input([3, 3, 1]), block(conv2d({ filters: 8, kernel: 3 }), relu, conv2d({ filters: 8, kernel: 3 })))

// -- named sizes
// conv2d: a window over a named size of [height, 28, 1] has no size; use padding 'same' and stride 1 @ conv2d({ filters: 8, kernel: 3 })
pipe(input(['height', 28, 1]), conv2d({ filters: 8, kernel: 3 }))
// conv2d: a window over a named size of [8, width, 1] has no size; use padding 'same' and stride 1 @ conv2d({ filters: 8, kernel: 3, stride: 2, padding: 'same' })
pipe(input([8, 'width', 1]), conv2d({ filters: 8, kernel: 3, stride: 2, padding: 'same' }))
// conv2d: a window over a named size of [2, width, 1] has no size; use padding 'same' and stride 1 @ conv2d({ filters: 8, kernel: 3 })
pipe(input([2, 'width', 1]), conv2d({ filters: 8, kernel: 3 }))
// conv1d: a window over a named size of [time, 8] has no size; use padding 'same' and stride 1 @ conv1d({ filters: 8, kernel: 3, padding: 2 })
pipe(input(['time', 8]), conv1d({ filters: 8, kernel: 3, padding: 2 }))
// maxPool1d: a window over a named size of [time, 8] has no size; use padding 'same' and stride 1 @ maxPool1d(2)
pipe(input(['time', 8]), maxPool1d(2))
// maxPool2d: a window over a named size of [height, 4, 3] has no size; use padding 'same' and stride 1 @ zeros(['batch', 'height', 4, 3])
maxPool2d(2)(zeros(['batch', 'height', 4, 3]))

// -- ranks
// conv2d: expected [h, w, c], got [784] @ conv2d({ filters: 8, kernel: 3 })
pipe(input([784]), conv2d({ filters: 8, kernel: 3 }))
// conv2d: expected [h, w, c], got [28, 28] @ conv2d({ filters: 8, kernel: 3, padding: 'same' })
pipe(input([28, 28]), conv2d({ filters: 8, kernel: 3, padding: 'same' }))
// conv2d: expected [h, w, c], got [32, 28, 28, 1] @ conv2d({ filters: 8, kernel: 3 })
pipe(input([32, 28, 28, 1]), conv2d({ filters: 8, kernel: 3 }))
// conv1d: expected [t, c], got [28, 28, 1] @ conv1d({ filters: 8, kernel: 3 })
pipe(input([28, 28, 1]), conv1d({ filters: 8, kernel: 3 }))
// maxPool2d: expected [h, w, c], got [6272] @ maxPool2d(2)
pipe(input([28, 28, 8]), flatten, maxPool2d(2))
// maxPool2d: expected [..., h, w, c], got [batch, 784] @ maxPool2d(2)
pipe(flat, maxPool2d(2))
// avgPool1d: expected [t, c], got [8] @ avgPool1d(2)
pipe(input([8]), avgPool1d(2))
// avgPool1d: expected [..., t, c], got [8] @ zeros([8])
avgPool1d(2)(zeros([8]))
// globalAveragePool2d: expected [h, w, c], got [8, 8] @ globalAveragePool2d
pipe(input([8, 8]), globalAveragePool2d)
// globalMaxPool2d: expected [..., h, w, c], got [batch, 784] @ globalMaxPool2d
pipe(flat, globalMaxPool2d)
// conv2d: expected [..., h, w, c], got [batch, 784] @ ops.conv2d(zeros([3, 3, 1, 8]))
pipe(flat, ops.conv2d(zeros([3, 3, 1, 8])))
// conv1d: expected [..., t, c], got [8] @ zeros([8])
ops.conv1d(zeros([3, 8, 4]))(zeros([8]))
// conv2d: expected a weight [kh, kw, in, out], got [3, 3, 8] @ ops.conv2d(zeros([3, 3, 8]))
pipe(images, ops.conv2d(zeros([3, 3, 8])))
// conv1d: expected a weight [k, in, out], got [3, 3, 1, 8] @ ops.conv1d(zeros([3, 3, 1, 8]))
pipe(images, ops.conv1d(zeros([3, 3, 1, 8])))

// -- channels and groups
// conv2d: [batch, 28, 28, 1] x [3, 3, 3, 8]: expected 3 channels, got 1 @ ops.conv2d(zeros([3, 3, 3, 8]))
pipe(images, ops.conv2d(zeros([3, 3, 3, 8])))
// conv2d: [5, 5, 6] x [3, 3, 2, 8]: expected 4 channels, got 6 @ zeros([5, 5, 6])
ops.conv2d(zeros([3, 3, 2, 8]), { groups: 2 })(zeros([5, 5, 6]))
// conv1d: [9, c] x [3, d, 8]: expected d channels, got c @ zeros([9, 'c'])
ops.conv1d(zeros([3, 'd', 8]))(zeros([9, 'c']))
// conv2d: 3 groups do not divide 8 filters @ conv2d({ filters: 8, kernel: 3, groups: 3 })
pipe(input([8, 8, 6]), conv2d({ filters: 8, kernel: 3, groups: 3 }))
// conv2d: 3 groups do not divide 8 filters @ ops.conv2d(zeros([3, 3, 2, 8]), { groups: 3 })
pipe(zeros([8, 8, 6]), ops.conv2d(zeros([3, 3, 2, 8]), { groups: 3 }))
// conv2d: 2 groups do not divide hidden filters @ conv2d({ filters: dim('hidden', n), kernel: 3, groups: 2 })
pipe(input([8, 8, 6]), conv2d({ filters: dim('hidden', n), kernel: 3, groups: 2 }))
// conv2d: 4 groups do not divide the channels of [8, 8, 6] @ conv2d({ filters: 8, kernel: 3, groups: 4 })
pipe(input([8, 8, 6]), conv2d({ filters: 8, kernel: 3, groups: 4 }))
// conv1d: 2 groups do not divide the channels of [8, channels] @ conv1d({ filters: 8, kernel: 3, groups: 2 })
pipe(input([8, dim('channels', n)]), conv1d({ filters: 8, kernel: 3, groups: 2 }))
// conv2d: the kernel of [k, 3, 1, 8] has no size @ ops.conv2d(zeros(['k', 3, 1, 8]))
pipe(images, ops.conv2d(zeros(['k', 3, 1, 8])))
// conv1d: the kernel of [0, 1, 8] has no size @ zeros([9, 1])
ops.conv1d(zeros([0, 1, 8]))(zeros([9, 1]))

// -- what is not literal
// conv2d: filters is not a literal @ conv2d({ filters: n, kernel: 3 })
pipe(input([8, 8, 1]), conv2d({ filters: n, kernel: 3 }))
// conv2d: kernel is not a literal @ conv2d({ filters: 8, kernel: three })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernel: three }))
// conv2d: kernel is not a literal @ conv2d({ filters: 8, kernel: [3, n] })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernel: [3, n] }))
// conv2d: kernel is not a literal @ conv2d({ filters: 8, kernel: anything })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernel: anything }))
// conv2d: stride is not a literal @ conv2d(maybe)
pipe(input([8, 8, 1]), conv2d(maybe))
// conv2d: padding is not a literal @ conv2d({ filters: 8, kernel: 3, padding: word })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernel: 3, padding: word }))
// conv2d: padding is not a literal @ conv2d({ filters: 8, kernel: 3, padding: [[0, n], [0, 0]] })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernel: 3, padding: [[0, n], [0, 0]] }))
// conv1d: dilation is not a literal @ conv1d({ filters: 8, kernel: 3, dilation: n })
pipe(input([8, 1]), conv1d({ filters: 8, kernel: 3, dilation: n }))
// conv2d: groups is not a literal @ conv2d({ filters: 8, kernel: 3, groups: n })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernel: 3, groups: n }))
// conv2d: the name is not a literal @ conv2d({ filters: 8, kernel: 3, name: text })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernel: 3, name: text }))
// maxPool2d: the size is not a literal @ maxPool2d(n)
pipe(input([8, 8, 1]), maxPool2d(n))
// maxPool2d: the size is not a literal @ maxPool2d(anything)
pipe(images, maxPool2d(anything))
// avgPool1d: the size is not a literal @ avgPool1d(three)
pipe(input([8, 1]), avgPool1d(three))
// avgPool2d: stride is not a literal @ avgPool2d(2, open)
pipe(input([8, 8, 1]), avgPool2d(2, open))
// maxPool1d: padding is not a literal @ maxPool1d(2, { padding: word })
pipe(input([8, 1]), maxPool1d(2, { padding: word }))
// conv2d: stride is not a literal @ ops.conv2d(zeros([3, 3, 1, 8]), open)
pipe(images, ops.conv2d(zeros([3, 3, 1, 8]), open))
// maxPool2d: the size is not a literal @ maxPool2d(sizes)
pipe(images, maxPool2d(sizes))

// -- what is out of range
// conv2d: filters must be a whole number, at least 0, got -5 @ conv2d({ filters: -5, kernel: 3 })
pipe(input([8, 8, 1]), conv2d({ filters: -5, kernel: 3 }))
// conv2d: kernel must be a whole number, at least 1, got 0 @ conv2d({ filters: 8, kernel: [3, 0] })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernel: [3, 0] }))
// conv2d: stride must be a whole number, at least 1, got 0 @ conv2d({ filters: 8, kernel: 3, stride: 0 })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernel: 3, stride: 0 }))
// conv1d: dilation must be a whole number, at least 1, got 1.5 @ conv1d({ filters: 8, kernel: 3, dilation: 1.5 })
pipe(input([8, 1]), conv1d({ filters: 8, kernel: 3, dilation: 1.5 }))
// conv2d: groups must be a whole number, at least 1, got 0 @ conv2d({ filters: 8, kernel: 3, groups: 0 })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernel: 3, groups: 0 }))
// conv2d: padding must be 'same', 'valid', a whole number or [[top, bottom], [left, right]], got -1 @ conv2d({ filters: 8, kernel: 3, padding: -1 })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernel: 3, padding: -1 }))
// conv1d: padding must be 'same', 'valid', a whole number or [before, after], got 0.5 @ conv1d({ filters: 8, kernel: 3, padding: [1, 0.5] })
pipe(input([8, 1]), conv1d({ filters: 8, kernel: 3, padding: [1, 0.5] }))
// maxPool2d: the size must be a whole number, at least 1, got 0 @ maxPool2d(0)
pipe(input([8, 8, 1]), maxPool2d(0))
// maxPool2d: stride must be a whole number, at least 1, got -2 @ maxPool2d(2, { stride: -2 })
pipe(images, maxPool2d(2, { stride: -2 }))
// maxPool2d: padding 2 is not smaller than the window 2 @ maxPool2d(2, { padding: 2 })
pipe(input([8, 8, 1]), maxPool2d(2, { padding: 2 }))
// avgPool2d: padding 3 is not smaller than the window 1 @ avgPool2d([2, 1], { padding: [[1, 0], [0, 3]] })
pipe(input([8, 8, 1]), avgPool2d([2, 1], { padding: [[1, 0], [0, 3]] }))
// maxPool1d: windows over [9007199254740991, 1] reach 2^53 elements or more @ zeros([9007199254740991, 1])
maxPool1d(2, { padding: 1 })(zeros([9007199254740991, 1]))
// conv1d: windows over [8, 1] reach 2^53 elements or more @ conv1d({ filters: 1, kernel: 3, dilation: 9007199254740991 })
pipe(input([8, 1]), conv1d({ filters: 1, kernel: 3, dilation: 9007199254740991 }))

// -- options and names
// conv2d: there is no option 'strides' @ conv2d({ filters: 8, kernel: 3, strides: 2 })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernel: 3, strides: 2 }))
// maxPool2d: there is no option 'dilation' @ maxPool2d(2, { dilation: 2 })
pipe(input([8, 8, 1]), maxPool2d(2, { dilation: 2 }))
// conv2d: there is no option 'filters' @ ops.conv2d(zeros([3, 3, 1, 8]), { filters: 8 })
pipe(images, ops.conv2d(zeros([3, 3, 1, 8]), { filters: 8 }))
// conv2d: the name 'stem' is already used @ conv2d({ filters: 8, kernel: 3, name: 'stem' })
pipe(input([8, 8, 1]), dense(4, 'stem'), conv2d({ filters: 8, kernel: 3, name: 'stem' }))

// -- dtypes, and what is no image
// maxPool2d: expected f32, got i32 @ counts
maxPool2d(2)(counts)
// conv2d: expected f32, got i32 @ counts
ops.conv2d(zeros([3, 3, 1, 8]))(counts)
// conv2d: expected f32, got i32 @ ops.conv2d(zeros([3, 3, 1, 8], 'i32'))
pipe(images, ops.conv2d(zeros([3, 3, 1, 8], 'i32')))
// conv2d: expected f32, got i32 @ conv2d({ filters: 8, kernel: 3 })
pipe(input([8, 8, 1], 'i32'), conv2d({ filters: 8, kernel: 3 }))
// conv2d: this layer extends a model @ conv2d({ filters: 8, kernel: 3 })
pipe(images, conv2d({ filters: 8, kernel: 3 }))
// maxPool2d: expected a tensor or a model @ 3
maxPool2d(2)(3)

// -- in composition
// residual: the block maps [8, 8, 4] to [6, 6, 4] @ residual(conv2d({ filters: 4, kernel: 3 }))
pipe(input([8, 8, 4]), residual(conv2d({ filters: 4, kernel: 3 })))
// residual: the block maps [8, 8, 4] to [8, 8, 6] @ residual(conv2d({ filters: 6, kernel: 3, padding: 'same' }))
pipe(input([8, 8, 4]), residual(conv2d({ filters: 6, kernel: 3, padding: 'same' })))
// addBranches: branch 1 gives [6, 6, 4], branch 2 gives [8, 8, 4] @ addBranches(conv2d({ filters: 4, kernel: 3 }), relu)
pipe(input([8, 8, 4]), addBranches(conv2d({ filters: 4, kernel: 3 }), relu))
// conv2d: expected [h, w, c], got [10] @ conv2d({ filters: 4, kernel: 3 })
sequential(input([8, 8, 4]), globalAveragePool2d, dense(10), conv2d({ filters: 4, kernel: 3 }))
// a generic helper
// conv2d: kernel 9 is larger than the image [8, 8, 1] @ conv2d({ filters, kernel: 9 })
export const convolving = <const F extends number>(filters: F) => pipe(input([8, 8, 1]), conv2d({ filters, kernel: 9 }))

// -- weights alone
// conv1d: expected f32, got i32 @ ops.conv1d(zeros([3, 8, 4], 'i32'))
pipe(zeros([9, 8]), ops.conv1d(zeros([3, 8, 4], 'i32')))

// -- borders that are no such list
// conv1d: padding must be 'same', 'valid', a whole number or [before, after], got [[2, 0]] @ conv1d({ filters: 8, kernel: 3, padding: [[2, 0]] })
pipe(input([8, 4]), conv1d({ filters: 8, kernel: 3, padding: [[2, 0]] }))
// conv2d: padding must be 'same', 'valid', a whole number or [[top, bottom], [left, right]], got [1, 1] @ conv2d({ filters: 8, kernel: 3, padding: [1, 1] })
pipe(input([8, 8, 1]), conv2d({ filters: 8, kernel: 3, padding: [1, 1] }))
