/** Mistakes with transposed and depthwise convolutions, upsampling and augmentation. */
import {
  convTranspose1d,
  convTranspose2d,
  depthwiseConv2d,
  dim,
  globalAveragePool1d,
  globalMaxPool1d,
  input,
  key,
  pipe,
  randomCrop,
  randomFlip,
  randomShift,
  sequential,
  type Tensor,
  upsample1d,
  upsample2d,
  zeros,
} from 'shapewright'
import * as ops from 'shapewright/ops'

declare const images: Tensor<['batch', 28, 28, 1]>
declare const counts: Tensor<[2, 5, 5, 1], 'i32'>
declare const n: number
declare const three: 3 | 4
declare const open: { stride?: 2 }
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const anything: any

// -- transposed: too much padding, names, sums without a size
// convTranspose2d: the padding leaves nothing of [1, 1, 8] @ convTranspose2d({ filters: 4, kernel: 2, padding: 1 })
pipe(input([1, 1, 8]), convTranspose2d({ filters: 4, kernel: 2, padding: 1 }))
// convTranspose1d: the padding leaves nothing of [0, 3] @ zeros([0, 3])
ops.convTranspose1d(zeros([2, 3, 1]), { stride: 2 })(zeros([0, 3]))
// convTranspose2d: a window over a named size of [height, 28, 1] has no size; use padding 'same' and stride 1 @ convTranspose2d({ filters: 8, kernel: 3, stride: 2, padding: 'same' })
pipe(input(['height', 28, 1]), convTranspose2d({ filters: 8, kernel: 3, stride: 2, padding: 'same' }))
// convTranspose1d: a window over a named size of [time, 8] has no size; use padding 'same' and stride 1 @ convTranspose1d({ filters: 8, kernel: 3 })
pipe(input(['time', 8]), convTranspose1d({ filters: 8, kernel: 3 }))
// convTranspose1d: windows over [9007199254740991, 1] reach 2^53 elements or more @ zeros([9007199254740991, 1])
ops.convTranspose1d(zeros([3, 1, 1]), { stride: 2, padding: 'same' })(zeros([9007199254740991, 1]))
// convTranspose1d: windows over [4503599627370496, 1] reach 2^53 elements or more @ zeros([4503599627370496, 1])
ops.convTranspose1d(zeros([3, 1, 1]), { stride: 4, padding: 'same' })(zeros([4503599627370496, 1]))
// convTranspose1d: windows over [4503599627370496, 1] reach 2^53 elements or more @ zeros([4503599627370496, 1])
ops.convTranspose1d(zeros([1, 1, 1]), { stride: 4 })(zeros([4503599627370496, 1]))
// convTranspose1d: windows over [9007199254740991, 1] reach 2^53 elements or more @ zeros([9007199254740991, 1])
ops.convTranspose1d(zeros([3, 1, 1]))(zeros([9007199254740991, 1]))
// convTranspose1d: windows over [1, 1] reach 2^53 elements or more @ zeros([1, 1])
ops.convTranspose1d(zeros([1, 1, 1]), { stride: 9007199254740991, padding: [1, 1] })(zeros([1, 1]))
// convTranspose1d: windows over [8, 1] reach 2^53 elements or more @ convTranspose1d({ filters: 1, kernel: 3, dilation: 9007199254740991 })
pipe(input([8, 1]), convTranspose1d({ filters: 1, kernel: 3, dilation: 9007199254740991 }))
// convTranspose1d: windows over [8, 1] reach 2^53 elements or more @ convTranspose1d({ filters: 1, kernel: 3, padding: [9007199254740991, 1] })
pipe(input([8, 1]), convTranspose1d({ filters: 1, kernel: 3, padding: [9007199254740991, 1] }))
// -- transposed: ranks, channels, groups, options
// convTranspose2d: expected [h, w, c], got [784] @ convTranspose2d({ filters: 8, kernel: 3 })
pipe(input([784]), convTranspose2d({ filters: 8, kernel: 3 }))
// convTranspose1d: expected [..., t, c], got [8] @ zeros([8])
ops.convTranspose1d(zeros([3, 8, 4]))(zeros([8]))
// convTranspose2d: expected a weight [kh, kw, in, out], got [3, 3, 8] @ ops.convTranspose2d(zeros([3, 3, 8]))
pipe(images, ops.convTranspose2d(zeros([3, 3, 8])))
// convTranspose2d: [batch, 28, 28, 1] x [3, 3, 3, 8]: expected 3 channels, got 1 @ ops.convTranspose2d(zeros([3, 3, 3, 8]))
pipe(images, ops.convTranspose2d(zeros([3, 3, 3, 8])))
// convTranspose2d: 3 groups do not divide 8 filters @ convTranspose2d({ filters: 8, kernel: 3, groups: 3 })
pipe(input([8, 8, 6]), convTranspose2d({ filters: 8, kernel: 3, groups: 3 }))
// convTranspose2d: there is no option 'outputPadding' @ convTranspose2d({ filters: 8, kernel: 3, outputPadding: 1 })
pipe(input([8, 8, 6]), convTranspose2d({ filters: 8, kernel: 3, outputPadding: 1 }))
// convTranspose2d: kernel is not a literal @ convTranspose2d({ filters: 8, kernel: n })
pipe(input([8, 8, 6]), convTranspose2d({ filters: 8, kernel: n }))
// convTranspose2d: stride is not a literal @ ops.convTranspose2d(zeros([3, 3, 1, 8]), open)
pipe(images, ops.convTranspose2d(zeros([3, 3, 1, 8]), open))
// convTranspose1d: expected f32, got i32 @ ops.convTranspose1d(zeros([3, 8, 4], 'i32'))
pipe(zeros([9, 8]), ops.convTranspose1d(zeros([3, 8, 4], 'i32')))
// convTranspose2d: padding must be 'same', 'valid', a whole number or [[top, bottom], [left, right]], got full @ convTranspose2d({ filters: 8, kernel: 3, padding: 'full' })
pipe(input([8, 8, 6]), convTranspose2d({ filters: 8, kernel: 3, padding: 'full' }))

// -- depthwise
// depthwiseConv2d: kernel 9 is larger than the image [8, 8, 2] @ depthwiseConv2d({ kernel: 9 })
pipe(input([8, 8, 2]), depthwiseConv2d({ kernel: 9 }))
// depthwiseConv2d: expected [h, w, c], got [8, 8] @ depthwiseConv2d({ kernel: 3 })
pipe(input([8, 8]), depthwiseConv2d({ kernel: 3 }))
// depthwiseConv2d: the channels of [8, 8, channels] have no size @ depthwiseConv2d({ kernel: 3 })
pipe(input([8, 8, dim('channels', n)]), depthwiseConv2d({ kernel: 3 }))
// depthwiseConv2d: the channels of [4, 4, 0] have no size @ zeros([4, 4, 0])
ops.depthwiseConv2d(zeros([3, 3, 1, 8]))(zeros([4, 4, 0]))
// depthwiseConv2d: axis 2 of the result is 2^53 or longer @ depthwiseConv2d({ kernel: 1, multiplier: 4503599627370496 })
pipe(input([4, 4, 2]), depthwiseConv2d({ kernel: 1, multiplier: 4503599627370496 }))
// depthwiseConv2d: multiplier must be a whole number, at least 1, got 0 @ depthwiseConv2d({ kernel: 3, multiplier: 0 })
pipe(input([8, 8, 2]), depthwiseConv2d({ kernel: 3, multiplier: 0 }))
// depthwiseConv2d: multiplier is not a literal @ depthwiseConv2d({ kernel: 3, multiplier: three })
pipe(input([8, 8, 2]), depthwiseConv2d({ kernel: 3, multiplier: three }))
// depthwiseConv2d: stride must be a whole number, at least 1, got 0 @ depthwiseConv2d({ kernel: 3, stride: 0 })
pipe(input([8, 8, 2]), depthwiseConv2d({ kernel: 3, stride: 0 }))
// depthwiseConv2d: there is no option 'groups' @ depthwiseConv2d({ kernel: 3, groups: 2 })
pipe(input([8, 8, 2]), depthwiseConv2d({ kernel: 3, groups: 2 }))
// depthwiseConv2d: the option 'kernel' is missing @ depthwiseConv2d({ multiplier: 2 })
pipe(input([8, 8, 2]), depthwiseConv2d({ multiplier: 2 }))
// depthwiseConv2d: expected one record of options, as { kernel: 3 } @ depthwiseConv2d(3)
pipe(input([8, 8, 2]), depthwiseConv2d(3))
// depthwiseConv2d: multiplier must be a whole number, at least 1, got two @ depthwiseConv2d({ kernel: 3, multiplier: 'two' })
pipe(input([8, 8, 2]), depthwiseConv2d({ kernel: 3, multiplier: 'two' }))
// depthwiseConv2d: bias must be an initializer @ depthwiseConv2d({ kernel: 3, bias: 0 })
pipe(input([8, 8, 2]), depthwiseConv2d({ kernel: 3, bias: 0 }))
// depthwiseConv2d: weight must be an initializer @ depthwiseConv2d({ kernel: 3, weight: 0 })
pipe(input([8, 8, 2]), depthwiseConv2d({ kernel: 3, weight: 0 }))
// depthwiseConv2d: kernel must be a whole number, at least 1, got three @ depthwiseConv2d({ kernel: 'three' })
pipe(input([8, 8, 2]), depthwiseConv2d({ kernel: 'three' }))
// depthwiseConv2d: the name is not a literal @ depthwiseConv2d({ kernel: 3, name: 7 })
pipe(input([8, 8, 2]), depthwiseConv2d({ kernel: 3, name: 7 }))
// depthwiseConv2d: expected a weight [kh, kw, 1, out], got [3, 3, 2, 4] @ ops.depthwiseConv2d(zeros([3, 3, 2, 4]))
pipe(zeros([5, 5, 2]), ops.depthwiseConv2d(zeros([3, 3, 2, 4])))
// depthwiseConv2d: 3 groups do not divide 4 filters @ ops.depthwiseConv2d(zeros([3, 3, 1, 4]))
pipe(zeros([5, 5, 3]), ops.depthwiseConv2d(zeros([3, 3, 1, 4])))
// depthwiseConv2d: the channels of [5, 5, c] have no size @ ops.depthwiseConv2d(zeros([3, 3, 1, 4]))
pipe(zeros([5, 5, 'c']), ops.depthwiseConv2d(zeros([3, 3, 1, 4])))
// depthwiseConv2d: expected [..., h, w, c], got [5, 2] @ ops.depthwiseConv2d(zeros([3, 3, 1, 4]))
pipe(zeros([5, 2]), ops.depthwiseConv2d(zeros([3, 3, 1, 4])))
// depthwiseConv2d: expected f32, got i32 @ counts
ops.depthwiseConv2d(zeros([3, 3, 1, 4]))(counts)
// depthwiseConv2d: dilation must be a whole number, at least 1, got 0 @ ops.depthwiseConv2d(zeros([3, 3, 1, 4]), { dilation: 0 })
pipe(zeros([5, 5, 2]), ops.depthwiseConv2d(zeros([3, 3, 1, 4]), { dilation: 0 }))

// -- upsampling
// upsample2d: 'height' of [height, 28, 3] is a name; its factor must be 1, got 2 @ upsample2d(2)
pipe(input(['height', 28, 3]), upsample2d(2))
// upsample1d: 't' of [t, 3] is a name; its factor must be 1, got 3 @ upsample1d(3)
pipe(zeros(['t', 3]), upsample1d(3))
// upsample2d: axis 1 of the result is 2^53 or longer @ upsample2d(2)
pipe(zeros([1, 9007199254740991, 1]), upsample2d(2))
// upsample1d: axis 1 of the result is 2^53 or longer @ upsample1d(2)
pipe(zeros([1, 9007199254740991, 1]), upsample1d(2))
// upsample2d: expected [h, w, c], got [28, 28] @ upsample2d(2)
pipe(input([28, 28]), upsample2d(2))
// upsample1d: expected [t, c], got [28, 28, 1] @ upsample1d(2)
pipe(input([28, 28, 1]), upsample1d(2))
// upsample2d: expected [..., h, w, c], got [2, 2] @ upsample2d(2)
pipe(zeros([2, 2]), upsample2d(2))
// upsample1d: expected [..., t, c], got [2] @ zeros([2])
upsample1d(2)(zeros([2]))
// upsample2d: the factor must be a whole number, at least 1, got 0 @ upsample2d(0)
pipe(images, upsample2d(0))
// upsample1d: the factor must be a whole number, at least 1, got 1.5 @ upsample1d(1.5, { method: 'linear' })
pipe(zeros([3, 2]), upsample1d(1.5, { method: 'linear' }))
// upsample2d: the factor is not a literal @ upsample2d(anything)
pipe(images, upsample2d(anything))
// upsample2d: the factor is not a literal @ upsample2d([2, three])
pipe(images, upsample2d([2, three]))
// upsample2d: the factor must be a whole number, at least 1, got two @ upsample2d('two')
pipe(images, upsample2d('two'))
// upsample2d: the method is 'nearest' or 'bilinear', got cubic @ upsample2d(2, { method: 'cubic' })
pipe(images, upsample2d(2, { method: 'cubic' }))
// upsample1d: the method is 'nearest' or 'linear', got bilinear @ upsample1d(2, { method: 'bilinear' })
pipe(zeros([3, 2]), upsample1d(2, { method: 'bilinear' }))
// upsample2d: there is no option 'mode' @ upsample2d(2, { mode: 'nearest' })
pipe(images, upsample2d(2, { mode: 'nearest' }))
// upsample2d: expected one record of options, as { method: 'nearest' } @ upsample2d(2, 'bilinear')
pipe(images, upsample2d(2, 'bilinear'))
// upsample2d: expected f32, got i32 @ counts
upsample2d(2)(counts)

// -- augmentation
// randomFlip: on a tensor it needs a key; write randomFlip(key) @ randomFlip()
pipe(images, randomFlip())
// randomShift: on a tensor it needs a key; write randomShift(pixels, key) @ randomShift(2, { fill: 'edge' })
pipe(images, randomShift(2, { fill: 'edge' }))
// randomCrop: on a tensor it needs a key; write randomCrop(size, key) @ randomCrop(3)
pipe(images, randomCrop(3))
// randomFlip: expected [h, w, c], got [784] @ randomFlip()
sequential(input([784]), randomFlip())
// randomShift: expected [n, h, w, c], got [28, 28, 1] @ randomShift(2, key(0))
pipe(zeros([28, 28, 1]), randomShift(2, key(0)))
// randomFlip: expected f32, got i32 @ counts
randomFlip(key(0))(counts)
// randomCrop: crop 29 is larger than the image [28, 28, 1] @ randomCrop(29, key(0))
pipe(images, randomCrop(29, key(0)))
// randomCrop: crop [3, 9] is larger than the image [8, 8, 3] @ randomCrop([3, 9])
pipe(input([8, 8, 3]), randomCrop([3, 9]))
// randomCrop: [height, 8, 3] has a size that is only a name @ randomCrop(8)
pipe(input(['height', 8, 3]), randomCrop(8))
// randomCrop: expected [h, w, c], got [8, 8] @ randomCrop(8)
pipe(input([8, 8]), randomCrop(8))
// randomCrop: expected [n, h, w, c], got [8, 8] @ randomCrop(8, key(0))
pipe(zeros([8, 8]), randomCrop(8, key(0)))
// randomCrop: expected f32, got i32 @ randomCrop(2, key(0))
pipe(counts, randomCrop(2, key(0)))
// randomCrop: the size is not a literal @ randomCrop(n)
pipe(input([8, 8, 3]), randomCrop(n))
// randomCrop: the size must be a whole number, at least 1, got 0 @ randomCrop(0, key(0))
pipe(images, randomCrop(0, key(0)))
// randomCrop: the size must be a whole number, at least 1, got all @ randomCrop('all')
pipe(input([8, 8, 3]), randomCrop('all'))
// randomCrop: the size must be a whole number, at least 1, got all @ randomCrop('all', key(0))
pipe(images, randomCrop('all', key(0)))

// -- global pools of sequences
// globalAveragePool1d: expected [t, c], got [8] @ globalAveragePool1d
pipe(input([8]), globalAveragePool1d)
// globalMaxPool1d: expected [..., t, c], got [8] @ zeros([8])
globalMaxPool1d(zeros([8]))
// a generic helper
// convTranspose2d: the padding leaves nothing of [1, 1, 3] @ convTranspose2d({ filters, kernel: 2, padding: 2 })
export const growing = <const F extends number>(filters: F) => pipe(input([1, 1, 3]), convTranspose2d({ filters, kernel: 2, padding: 2 }))
// randomCrop: expected a tensor or a model @ 3
randomCrop(0)(3)
// randomCrop: expected a tensor or a model @ 3
randomCrop('all')(3)

// -- depthwise: weights alone
// depthwiseConv2d: expected f32, got i32 @ ops.depthwiseConv2d(zeros([3, 3, 1, 1], 'i32'))
pipe(images, ops.depthwiseConv2d(zeros([3, 3, 1, 1], 'i32')))
// depthwiseConv2d: expected f32, got i32 @ ops.depthwiseConv2d(zeros([3, 3, 1, 1], 'i32'), { stride: 2 })
pipe(images, ops.depthwiseConv2d(zeros([3, 3, 1, 1], 'i32'), { stride: 2 }))
// depthwiseConv2d: there is no option 'groups' @ ops.depthwiseConv2d(zeros([3, 3, 1, 1]), { groups: 1 })
pipe(images, ops.depthwiseConv2d(zeros([3, 3, 1, 1]), { groups: 1 }))
// depthwiseConv2d: stride must be a whole number, at least 1, got 0 @ ops.depthwiseConv2d(zeros([3, 3, 1, 1]), { stride: 0 })
pipe(images, ops.depthwiseConv2d(zeros([3, 3, 1, 1]), { stride: 0 }))
// depthwiseConv2d: padding must be 'same', 'valid', a whole number or [[top, bottom], [left, right]], got SAME @ ops.depthwiseConv2d(zeros([3, 3, 1, 1]), { padding: 'SAME' })
pipe(images, ops.depthwiseConv2d(zeros([3, 3, 1, 1]), { padding: 'SAME' }))
// depthwiseConv2d: expected one record of options, as { stride: 2 } @ ops.depthwiseConv2d(zeros([3, 3, 1, 1]), 2)
pipe(images, ops.depthwiseConv2d(zeros([3, 3, 1, 1]), 2))

// -- transposed: weights and options alone
// convTranspose1d: expected f32, got i32 @ ops.convTranspose1d(zeros([3, 8, 4], 'i32'), { stride: 2 })
pipe(zeros([9, 8]), ops.convTranspose1d(zeros([3, 8, 4], 'i32'), { stride: 2 }))
// convTranspose1d: expected one record of options, as { stride: 2 } @ ops.convTranspose1d(zeros([3, 8, 4]), 2)
pipe(zeros([9, 8]), ops.convTranspose1d(zeros([3, 8, 4]), 2))
// convTranspose2d: expected f32, got i32 @ ops.convTranspose2d(zeros([3, 3, 1, 8], 'i32'))
pipe(images, ops.convTranspose2d(zeros([3, 3, 1, 8], 'i32')))
// convTranspose2d: expected one record of options, as { stride: 2 } @ ops.convTranspose2d(zeros([3, 3, 1, 8]), 2)
pipe(images, ops.convTranspose2d(zeros([3, 3, 1, 8]), 2))

// -- upsampling by what is no factor, of what is no image
// upsample1d: the factor must be a whole number, at least 1, got 0 @ upsample1d(0)
pipe(zeros([3, 2]), upsample1d(0))
// upsample1d: the factor must be a whole number, at least 1, got two @ upsample1d('two')
pipe(zeros([3, 2]), upsample1d('two'))
// upsample1d: expected one record of options, as { method: 'nearest' } @ upsample1d(2, 'linear')
pipe(zeros([3, 2]), upsample1d(2, 'linear'))
// upsample1d: expected a tensor or a model @ 3
upsample1d(0)(3)
// upsample1d: expected a tensor or a model @ 3
upsample1d(0, { method: 'linear' })(3)
// upsample1d: expected a tensor or a model @ 3
upsample1d('two')(3)
// upsample1d: expected a tensor or a model @ 3
upsample1d(2, 'linear')(3)
// upsample2d: expected a tensor or a model @ 3
upsample2d(0)(3)
// upsample2d: expected a tensor or a model @ 3
upsample2d(0, { method: 'bilinear' })(3)
// upsample2d: expected a tensor or a model @ 3
upsample2d('two')(3)
// upsample2d: expected a tensor or a model @ 3
upsample2d(2, 'bilinear')(3)
// depthwiseConv2d: kernel must be a whole number, at least 1, got 0 @ depthwiseConv2d({ kernel: 0 })
pipe(input([8, 8, 2]), depthwiseConv2d({ kernel: 0 }))
// depthwiseConv2d: kernel must be a whole number, at least 1, got big @ depthwiseConv2d({ kernel: 'big' })
pipe(input([8, 8, 2]), depthwiseConv2d({ kernel: 'big' }))
// depthwiseConv2d: multiplier must be a whole number, at least 1, got two @ depthwiseConv2d({ kernel: 3, multiplier: 'two' })
pipe(input([8, 8, 2]), depthwiseConv2d({ kernel: 3, multiplier: 'two' }))
// upsample1d: axis 1 of the result is 2^53 or longer @ upsample1d(4)
pipe(zeros([1, 4503599627370496, 1]), upsample1d(4))
// upsample1d: axis 0 of the result is 2^53 or longer @ upsample1d(4)
pipe(input([4503599627370496, 1]), upsample1d(4))
// upsample1d: expected a tensor or a model @ 3
upsample1d(2)(3)
// randomCrop: expected a tensor or a model @ 3
randomCrop(3)(3)

// -- two mistakes at once: what is told first
// depthwiseConv2d: there is no option 'groups' @ depthwiseConv2d({ kernel: 0, groups: 2 })
pipe(input([8, 8, 2]), depthwiseConv2d({ kernel: 0, groups: 2 }))
// depthwiseConv2d: there is no option 'groups' @ depthwiseConv2d({ kernel: 'big', groups: 2 })
pipe(input([8, 8, 2]), depthwiseConv2d({ kernel: 'big', groups: 2 }))
// depthwiseConv2d: kernel must be a whole number, at least 1, got 0 @ depthwiseConv2d({ kernel: 0, bias: 0 })
pipe(input([8, 8, 2]), depthwiseConv2d({ kernel: 0, bias: 0 }))
// depthwiseConv2d: multiplier must be a whole number, at least 1, got 0 @ depthwiseConv2d({ kernel: 3, multiplier: 0, bias: 0 })
pipe(input([8, 8, 2]), depthwiseConv2d({ kernel: 3, multiplier: 0, bias: 0 }))
// depthwiseConv2d: padding must be 'same', 'valid', a whole number or [[top, bottom], [left, right]], got SAME @ depthwiseConv2d({ kernel: 3, padding: 'SAME' })
pipe(input([8, 8, 2]), depthwiseConv2d({ kernel: 3, padding: 'SAME' }))
// upsample2d: there is no option 'mode' @ upsample2d('two', { mode: 'nearest' })
pipe(images, upsample2d('two', { mode: 'nearest' }))
// upsample2d: the factor must be a whole number, at least 1, got 1.5 @ upsample2d(1.5, { method: 'cubic' })
pipe(images, upsample2d(1.5, { method: 'cubic' }))
// convTranspose1d: windows over [time, 8] reach 2^53 elements or more @ convTranspose1d({ filters: 1, kernel: 3, dilation: 9007199254740991 })
pipe(input(['time', 8]), convTranspose1d({ filters: 1, kernel: 3, dilation: 9007199254740991 }))
