// A tensor goes in by pipe: it was given first, as in other libraries, or the call was forgotten.
import { argmax, broadcastTo, cast, expandDims, gather, input, logSoftmax, max, mean, oneHot, permute, pipe, rearrange, reduce, reshape, slice, softmax, split, squeeze, sum, type Tensor } from 'shapewright'

declare const x: Tensor<[2, 6]>
declare const classes: Tensor<[3], 'i32'>
declare const either: Tensor<[2]> | Tensor<[3]>
declare const anything: any
const model = input([6])

// -- a tensor first
// reshape: a tensor goes in by pipe; write pipe(x, reshape(...)) @ x
reshape(x, [3, 4])
// reshape: a tensor goes in by pipe; write pipe(x, reshape(...)) @ x
reshape(x)
// reshape: a tensor goes in by pipe; write pipe(x, reshape(...)) @ x
reshape(x, 3, 4)
// broadcastTo: a tensor goes in by pipe; write pipe(x, broadcastTo(...)) @ x
broadcastTo(x, [3, 2, 6])
// slice: a tensor goes in by pipe; write pipe(x, slice(...)) @ x
slice(x, [0, 0], [1, 2])
// slice: a tensor goes in by pipe; write pipe(x, slice(...)) @ x
slice(x, [0, 0])
// permute: a tensor goes in by pipe; write pipe(x, permute(...)) @ x
permute(x, [1, 0])
// permute: a tensor goes in by pipe; write pipe(x, permute(...)) @ x
permute(x, 1, 0)
// expandDims: a tensor goes in by pipe; write pipe(x, expandDims(...)) @ x
expandDims(x, 0)
// squeeze: a tensor goes in by pipe; write pipe(x, squeeze(...)) @ x
squeeze(x)
// cast: a tensor goes in by pipe; write pipe(x, cast(...)) @ x
cast(x, 'i32')
// sum: a tensor goes in by pipe; write pipe(x, sum(...)) @ x
sum(x)
// mean: a tensor goes in by pipe; write pipe(x, mean(...)) @ x
mean(x, 1)
// mean: a tensor goes in by pipe; write pipe(x, mean(...)) @ either
mean(either, 1)
// max: a tensor goes in by pipe; write pipe(x, max(...)) @ x
max(x, 1, true)
// argmax: a tensor goes in by pipe; write pipe(x, argmax(...)) @ x
argmax(x, -1)
// softmax: a tensor goes in by pipe; write pipe(x, softmax(...)) @ x
softmax(x, 1)
// logSoftmax: a tensor goes in by pipe; write pipe(x, logSoftmax(...)) @ x
logSoftmax(x, -1)
// softmax: call it, softmax(-1) @ x
softmax(x)
// softmax: call it, softmax(-1) @ model
softmax(model)
// oneHot: a tensor goes in by pipe; write pipe(x, oneHot(...)) @ classes
oneHot(classes, 4)
// gather: a tensor goes in by pipe; write pipe(x, gather(...)) @ x
gather(x, classes)
// gather: a tensor goes in by pipe; write pipe(x, gather(...)) @ x
gather(x, classes, 1)
// split: a tensor goes in by pipe; write pipe(x, split(...)) @ x
split(x, 2, 1)
// split: a tensor goes in by pipe; write pipe(x, split(...)) @ x
split(x)
// rearrange: a tensor goes in by pipe; write pipe(x, rearrange(...)) @ x
rearrange(x, 'a b -> b a')
// rearrange: a tensor goes in by pipe; write pipe(x, rearrange(...)) @ x
rearrange(x, 'a (b c) -> b a c', { b: 2 })
// reduce: a tensor goes in by pipe; write pipe(x, reduce(...)) @ x
reduce(x, 'a b -> a', 'mean')

// -- the call was forgotten
// reshape: a tensor goes in by pipe; write pipe(x, reshape(...)) @ x
pipe(x, reshape)
// permute: a tensor goes in by pipe; write pipe(x, permute(...)) @ x
pipe(x, permute)
// mean: a tensor goes in by pipe; write pipe(x, mean(...)) @ x
pipe(x, mean)
// argmax: a tensor goes in by pipe; write pipe(x, argmax(...)) @ x
pipe(x, argmax)
// oneHot: a tensor goes in by pipe; write pipe(x, oneHot(...)) @ classes
pipe(classes, oneHot)
// split: a tensor goes in by pipe; write pipe(x, split(...)) @ split
pipe(x, split)
// rearrange: a tensor goes in by pipe; write pipe(x, rearrange(...)) @ x
pipe(x, rearrange)
// softmax: call it, softmax(-1) @ softmax
pipe(model, softmax)
// sum: a tensor goes in by pipe; write pipe(x, sum(...)) @ permute([1, 0])
pipe(x, permute([1, 0]), sum)

// -- what is no tensor
// ~ Expected 1 arguments, but got 2 @ 1
softmax(anything, 1)
// ~ Expected 1 arguments, but got 2 @ 1
reshape(anything, 1)
// ~ Expected 1 arguments, but got 2 @ 5
reshape([2, 3], 5)
// ~ Expected 1 arguments, but got 2 @ 5
cast('i32', 5)
// ~ Expected 2 arguments, but got 3 @ [2]
slice([0], [1], [2])
// ~ Expected 2 arguments, but got 3 @ 3
sum(1, { keepDims: true }, 3)
// ~ Expected 1 arguments, but got 2 @ 2
softmax(-1, 2)
// ~ Argument of type '3' is not assignable to parameter of type 'never' @ 3
rearrange('a b -> b a', {}, 3)
// ~ Argument of type 'string' is not assignable to parameter of type 'number' @ 'a'
gather(classes, 'a')
// ~ is not assignable to parameter of type 'Axes'. @ 'a'
sum('a')
