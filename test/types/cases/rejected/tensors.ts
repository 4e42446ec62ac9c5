/** Mistakes with tensors. The comments are those of `layers.ts`. */
import {
  add,
  broadcastTo,
  matmul,
  mean,
  mul,
  pipe,
  relu,
  type Shape,
  type Statistic,
  softmax,
  softmaxCrossEntropy,
  sub,
  type Tensor,
  zeros,
} from 'shapewright'
import { initial } from '../accepted/classifier.ts'

declare const hidden: Tensor<['batch', 256]>
declare const logits: Tensor<['batch', 10]>
declare const bias: Tensor<[10]>
declare const prediction: Tensor<['n', 1]>
declare const target: Tensor<['n']>
declare const ids: Tensor<['batch'], 'i32'>
declare const other: Tensor<['n'], 'i32'>
declare const rows: Tensor<['batch', 784]>
declare const n: number
declare const axis: 0 | 1
declare const three: 3 | 4
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const anything: any
const sizes = [2, 3]

// -- shapes that do not fit
// add: shapes [batch, 256] and [10] do not broadcast @ add(bias)
pipe(hidden, add(bias))
// add: shapes [batch, 256] and [10] do not broadcast @ bias
add(hidden, bias)
// sub: neither [n, 1] nor [n] has the shape [n, n]; use broadcastTo @ sub(target)
pipe(prediction, sub(target))
// sub: neither [n, 1] nor [n] has the shape [n, n]; use broadcastTo @ target
sub(prediction, target)
// broadcastTo: [n, 2] does not broadcast to [n, n] @ broadcastTo(['n', 'n'])
pipe(zeros(['n', 2]), broadcastTo(['n', 'n']))
// matmul: [batch, 256] x [128, 10]: expected last dim 128, got 256 @ matmul(zeros([128, 10]))
pipe(hidden, matmul(zeros([128, 10])))
// matmul: neither [n, 1] nor [n] has the shape [n, n]; use broadcastTo @ matmul(zeros(['n', 4, 5]))
pipe(zeros(['n', 1, 3, 4]), matmul(zeros(['n', 4, 5])))
// softmaxCrossEntropy: the prediction is [batch, 256], the target i32 [n] @ softmaxCrossEntropy(other)
pipe(hidden, softmaxCrossEntropy(other))

// -- axes and dtypes
// softmax: axis 2 is out of range for [batch, 10] @ softmax(2)
pipe(logits, softmax(2))
// mean: axis 3 is out of range for [batch, 256] @ mean(3)
pipe(hidden, mean(3))
// mean: the axis is not a literal @ mean(n)
pipe(hidden, mean(n))
// mean: the axis is not a literal @ mean(axis)
pipe(hidden, mean(axis))
// softmax: the axis is not a literal @ softmax(n)
pipe(hidden, softmax(n))
// relu: expected f32, got i32 @ relu
pipe(ids, relu)
// mul: f32 and i32 do not mix; use cast @ other
mul(target, other)

// -- sizes that are not literal
// ~ zeros: a size is not a literal; write dim('name', n) @ zeros([784, n])
pipe(rows, matmul(zeros([784, n])))
// zeros: a size is not a literal; write dim('name', n) @ relu
pipe(zeros(['batch', n]), relu)
// zeros: a size is not a literal; write dim('name', n) @ zeros([...sizes, 4])
add(hidden, zeros([...sizes, 4]))
// zeros: a size is not a literal; write dim('name', n) @ zeros(sizes)
add(hidden, zeros(sizes))
// zeros: a size is not a literal; write dim('name', n) @ zeros([three])
add(hidden, zeros([three]))
// zeros: a size is not a literal; write dim('name', n) @ zeros([10, anything])
add(hidden, zeros([10, anything]))

// -- tensors are invariant
// ~ 'Tensor<[784, 256], "f32">' is not assignable @ open
export const open: Tensor<[number, 256]> = initial.params.hidden.weight
// ~ in type 'Tensor<[4], "f32">' @ trained
export const trained: Statistic<[4]> = zeros([4])
// ~ Type 'Tensor<S, "f32">' is not assignable to type 'Tensor<[3], "f32">'. @ relu(x)
export const anyShape = <S extends Shape>(x: Tensor<S>): Tensor<[3]> => relu(x)
