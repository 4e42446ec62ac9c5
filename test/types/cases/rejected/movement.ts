/** Stacking, splitting, tiling; products of names; sizes past the ceiling. The comments are those of `layers.ts`. */
import {
  add,
  broadcastTo,
  concat,
  type Dim,
  dim,
  flatten,
  input,
  key,
  oneHot,
  pad,
  pipe,
  relu,
  reshape,
  split,
  stack,
  type Tensor,
  tile,
  zeros,
} from 'shapewright'

declare const row: Tensor<[6]>
declare const grid: Tensor<[2, 6]>
declare const images: Tensor<['batch', 28, 28, 6]>
declare const counts: Tensor<[2, 6], 'i32'>
declare const merged: Tensor<['b*s', 64]>
declare const n: number
declare const two: 2 | 3
declare const sizes: number[]
declare const pattern: `x${number}`
declare const branded: number & { readonly meters: true }
declare const rows: Tensor<[6]>[]
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const anything: any

// -- stack
// stack: [6] and [7] are not the same @ [row, zeros([7])]
stack([row, zeros([7])])
// stack: [2, 6] and [6] are not the same @ [grid, row]
stack([grid, row], 1)
// stack: [batch, 28, 28, 6] and [n, 28, 28, 6] are not the same @ [images, zeros(['n', 28, 28, 6])]
stack([images, zeros(['n', 28, 28, 6])])
// stack: f32 and i32 do not mix; use cast @ [grid, counts]
stack([grid, counts])
// stack: axis 3 is out of range for [2, 6] @ [grid, grid]
stack([grid, grid], 3)
// stack: axis -4 is out of range for [2, 6] @ [grid, grid]
stack([grid, grid], -4)
// stack: the axis is not a literal @ [grid, grid]
stack([grid, grid], n)
// stack: the axis is not a literal @ [grid, grid]
stack([grid, grid], two)
// stack: nothing to stack @ []
stack([])
// ~ stack: the number of tensors is not known @ stack(rows)
relu(stack(rows))
// ~ stack: the number of tensors is not known @ stack([row, ...rows])
relu(stack([row, ...rows]))
// ~ 6] and [2, 6] are not the same` @ [x, grid]
export const stackedWith = <B extends Dim>(x: Tensor<[B, 6]>) => stack([x, grid])

// -- split
// split: axis 0 of [6] does not divide into 4 equal parts @ split(4)
pipe(row, split(4))
// split: axis -1 of [2, 6] does not divide into 5 equal parts @ split(5, -1)
pipe(grid, split(5, -1))
// split: the sizes [2, 3] do not add up to axis 1 of [2, 6] @ split([2, 3], 1)
pipe(grid, split([2, 3], 1))
// split: axis 0 of [batch, 28, 28, 6] is named, and a part of a name has no size @ split(2)
pipe(images, split(2))
// split: the number of parts must be from 1 to 512, got 0 @ split(0)
pipe(row, split(0))
// split: the number of parts must be from 1 to 512, got -2 @ split(-2)
pipe(row, split(-2))
// split: the number of parts must be from 1 to 512, got 1.5 @ split(1.5)
pipe(row, split(1.5))
// split: the number of parts must be from 1 to 512, got 1000 @ split(1000)
pipe(zeros([1000]), split(1000))
// split: a size must be a whole number, got -1 @ split([7, -1])
pipe(row, split([7, -1]))
// split: axis 4 is out of range for [batch, 28, 28, 6] @ split(2, 4)
pipe(images, split(2, 4))
// split: the axis is not a literal @ split(2, n)
pipe(images, split(2, n))
// split: a number or a size of parts is not a literal @ split(n)
pipe(row, split(n))
// split: a number or a size of parts is not a literal @ split(two)
pipe(row, split(two))
// split: a number or a size of parts is not a literal @ split(sizes)
pipe(row, split(sizes))
// split: a number or a size of parts is not a literal @ split([2, n])
pipe(row, split([2, n]))
// split: a number or a size of parts is not a literal @ split(anything)
pipe(row, split(anything))
// ~ is not assignable to parameter of type 'AnyTensor | Key | Parts' @ 'two'
split('two')
// ~ Type 'readonly [Key, Key]' is not assignable @ relu
pipe(key(0), split, relu)

// -- tile
// tile: 'batch' of [batch, 28, 28, 6] is a name; its repeats must be 1, got 2 @ tile([2, 1, 1, 1])
pipe(images, tile([2, 1, 1, 1]))
// tile: a size must be a whole number, got -1 @ tile([-1])
pipe(row, tile([-1]))
// tile: a size must be a whole number, got 0.5 @ tile([1, 0.5])
pipe(grid, tile([1, 0.5]))
// tile: a number of repeats is not a literal @ tile([n])
pipe(row, tile([n]))
// tile: a number of repeats is not a literal @ tile(sizes)
pipe(row, tile(sizes))
// tile: a number of repeats is not a literal @ tile([1, ...sizes])
pipe(grid, tile([1, ...sizes]))
// tile: axis 1 of the result is 2^53 or longer @ tile([2, 4503599627370496])
pipe(grid, tile([2, 4503599627370496]))

// -- products
// add: shapes [b*s, 64] and [s*b, 64] do not broadcast @ add(zeros(['s*b', 64]))
pipe(merged, add(zeros(['s*b', 64])))
// reshape: [b*s, 64] has 64*b*s elements, [b, b, 64] has 64*b*b @ reshape(['b', 'b', 64])
pipe(merged, reshape(['b', 'b', 64]))
// reshape: [b*s, 64] has 64*b*s elements, which [3, -1] does not divide @ reshape([3, -1])
pipe(merged, reshape([3, -1]))
// reshape: a product of names has its number in front, as '2*b*s'; got 'b*2' @ reshape(['b*2', -1])
pipe(merged, reshape(['b*2', -1]))
// broadcastTo: a product of names has its number in front, as '2*b*s'; got '1*b' @ broadcastTo(['1*b', 64])
pipe(merged, broadcastTo(['1*b', 64]))
// oneHot: a product of names has its number in front, as '2*b*s'; got 'b*' @ oneHot('b*')
pipe(counts, oneHot('b*'))
// ~ zeros: a product of names has its number in front, as '2*b*s'; got '2*3' @ zeros(['2*3'])
relu(zeros(['2*3']))
// input: a product of names has its number in front, as '2*b*s'; got 's*2' @ relu
pipe(input(['s*2', 8]), relu)
// ~ zeros: a name must not be empty or a number, got '' @ zeros([''])
relu(zeros(['']))
// reshape: a name must not be empty or a number, got '64' @ reshape(['64', -1])
pipe(merged, reshape(['64', -1]))
// ~ dim: expected one name, which is no number, got 'b*s' @ dim('b*s', 6)
zeros([dim('b*s', 6)])

// -- what is no size, or past the ceiling
// ~ zeros: a size must be below 2^53, got 9007199254740992 @ zeros([9007199254740992])
relu(zeros([9007199254740992]))
// ~ zeros: a size must be below 2^53, got 1e+21 @ zeros([1e21])
relu(zeros([1e21]))
// ~ zeros: a size must be a whole number, got 1e-7 @ zeros([1e-7])
relu(zeros([1e-7]))
// ~ zeros: a size is not a literal; write dim('name', n) @ zeros([pattern])
relu(zeros([pattern]))
// ~ zeros: a size is not a literal; write dim('name', n) @ zeros([branded])
relu(zeros([branded]))
// reshape: [1073741824, 1073741824] has 2^53 elements or more @ reshape([-1])
pipe(zeros([1073741824, 1073741824]), reshape([-1]))
// reshape: [134217728, 134217728] has 2^53 elements or more @ reshape([134217728, 134217728])
pipe(zeros([2, 6]), reshape([134217728, 134217728]))
// flatten: [1073741824, 1073741824] has 2^53 elements or more @ zeros([2, 1073741824, 1073741824])
flatten(zeros([2, 1073741824, 1073741824]))
// concat: axis 0 of the result is 2^53 or longer @ [zeros([9007199254740991]), zeros([1])]
concat([zeros([9007199254740991]), zeros([1])])
// pad: axis 0 of the result is 2^53 or longer @ pad([[9007199254740986, 0]])
pipe(row, pad([[9007199254740986, 0]]))
// pad: a size must be below 2^53, got 1e+21 @ pad([[1e21, 0]])
pipe(row, pad([[1e21, 0]]))
