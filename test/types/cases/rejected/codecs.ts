/** Mistakes at the door to the untyped world. The comments are those of `layers.ts`. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import {
  assertShape,
  dense,
  dim,
  type DType,
  input,
  matmul,
  paramsOf,
  pipe,
  predict,
  relu,
  type Tensor,
  type TensorCodec,
  tensorOf,
  zeros,
} from 'shapewright'
import { classifier } from '../accepted/classifier.ts'

declare const json: unknown
declare const n: number
declare const text: string
declare const three: 3 | 4
declare const name: 'a' | 'b'
declare const dtype: DType
declare const whole: 'f32' | 'i32'
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const anything: any
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const loose: Tensor<any>
declare const other: Tensor<[128, 10]>
const sizes = [2, 3]

// -- tensorOf: sizes that are not literal
// ~ tensorOf: a size is not a literal; write dim('name', n) @ decode
tensorOf([n]).decode(json)
// ~ tensorOf: a size is not a literal; write dim('name', n) @ decode
tensorOf(['batch', n]).decode(json)
// ~ tensorOf: a size is not a literal; write dim('name', n) @ decode
tensorOf(['batch', 28, n, 1]).decode(json)
// ~ tensorOf: a size is not a literal; write dim('name', n) @ decode
tensorOf(sizes).decode(json)
// ~ tensorOf: a size is not a literal; write dim('name', n) @ decode
tensorOf([...sizes, 4], 'i32').decode(json)
// ~ tensorOf: a size is not a literal; write dim('name', n) @ decode
tensorOf([three]).decode(json)
// ~ tensorOf: a size is not a literal; write dim('name', n) @ decode
tensorOf([2, anything]).decode(json)
// ~ tensorOf: a size is not a literal; write dim('name', n) @ decode
tensorOf([text]).decode(json)
// ~ tensorOf: a size is not a literal; write dim('name', n) @ decode
tensorOf([name, 3]).decode(json)
// ~ tensorOf: a size is not a literal; write dim('name', n) @ x
t.type({ x: tensorOf(['batch', n]), y: tensorOf(['batch'], 'i32') })
// ~ tensorOf: a size is not a literal; write dim('name', n) @ tensorOf([n])
t.array(tensorOf([n]))
// -- tensorOf: what is no size, what is no dtype
// ~ tensorOf: a size must be a whole number, got -1 @ decode
tensorOf([-1]).decode(json)
// ~ tensorOf: a size must be a whole number, got 2.5 @ decode
tensorOf(['batch', 2.5]).decode(json)
// ~ tensorOf: a size must be below 2^53, got 1e+21 @ decode
tensorOf([1, 2, 3, 1e21]).decode(json)
// ~ tensorOf: the dtype is not a literal @ decode
tensorOf([2], dtype).decode(json)
// ~ tensorOf: the dtype is not a literal @ decode
tensorOf(['batch', 3], whole).decode(json)
// ~ tensorOf: the dtype is not a literal @ decode
tensorOf([dim('n', n), 3], anything).decode(json)
// tensorOf: expected f32, i32 or bool, got f64 @ 'f64'
tensorOf([2], 'f64')
// ~ not assignable @ true
tensorOf([true])
// -- what was decoded has its shape
// matmul: [batch, 784] x [128, 10]: expected last dim 128, got 784 @ matmul(other)
pipe(tensorOf(['batch', 784]).decode(json), E.map(matmul(other)))
// relu: expected f32, got i32 @ relu
pipe(tensorOf(['batch'], 'i32').decode(json), E.map(relu))
// relu: expected a tensor or a model @ relu
pipe(tensorOf(['batch']).decode(json), relu)
// ~ 'TensorCodec<[4], "f32">' is not assignable @ narrow
export const narrow: TensorCodec<[3]> = tensorOf([4])
// ~ 'TensorCodec<["n"], "f32">' is not assignable @ widened
export const widened: TensorCodec<[number]> = tensorOf(['n'])
// ~ 'Tensor<[4], "f32">' is not assignable @ zeros([4])
tensorOf([3]).encode(zeros([4]))
// ~ 'Tensor<[3], "i32">' is not assignable @ zeros([3], 'i32')
tensorOf([3]).encode(zeros([3], 'i32'))

// -- assertShape
// assertShape: a size is not a literal; write dim('name', n) @ assertShape(['batch', n])
pipe(loose, assertShape(['batch', n]))
// assertShape: a size is not a literal; write dim('name', n) @ assertShape([n])
pipe(loose, assertShape([n]))
// assertShape: a size is not a literal; write dim('name', n) @ assertShape([2, 3, n, 4])
pipe(loose, assertShape([2, 3, n, 4]))
// assertShape: a size is not a literal; write dim('name', n) @ assertShape(sizes)
pipe(loose, assertShape(sizes))
// assertShape: a size is not a literal; write dim('name', n) @ assertShape([three])
pipe(loose, assertShape([three]))
// assertShape: a size is not a literal; write dim('name', n) @ assertShape([anything])
pipe(loose, assertShape([anything]))
// assertShape: a size must be a whole number, got -1 @ assertShape([-1, 2])
pipe(loose, assertShape([-1, 2]))
// assertShape: a size must be a whole number, got 0.5 @ assertShape([0.5])
pipe(loose, assertShape([0.5]))
// assertShape: the dtype is not a literal @ assertShape([2], dtype)
pipe(loose, assertShape([2], dtype))
// assertShape: the dtype is not a literal @ assertShape([2], whole)
pipe(loose, assertShape([2], whole))
// matmul: [batch, 784] x [128, 10]: expected last dim 128, got 784 @ matmul(other)
pipe(loose, assertShape(['batch', 784]), E.map(matmul(other)))
// relu: expected a tensor or a model @ relu
pipe(loose, assertShape(['batch', 784]), relu)
// ~ is not assignable @ [1, 2]
assertShape([2])([1, 2])
// assertShape: expected f32, i32 or bool, got f64 @ 'f64'
assertShape([2], 'f64')

// -- paramsOf
// input: a size is not a literal; write dim('name', n) @ input([n])
paramsOf(input([n]))
// ~ is missing the following properties from type 'Model<unknown, unknown, unknown, DType>' @ dense(3)
paramsOf(dense(3))
// ~ is missing the following properties from type 'Model<unknown, unknown, unknown, DType>' @ zeros([3])
paramsOf(zeros([3]))
// ~ is not assignable @ classifier.init
paramsOf(classifier.init)
// ~ Property 'logits' is missing @ { hidden: { weight: zeros([784, 256]), bias: zeros([256]) } }
paramsOf(classifier).encode({ hidden: { weight: zeros([784, 256]), bias: zeros([256]) } })
// ~ 'Tensor<[784, 10], "f32">' is not assignable to type 'Tensor<[784, 256], "f32">' @ weight
paramsOf(classifier).encode({ hidden: { weight: zeros([784, 10]), bias: zeros([256]) }, logits: { weight: zeros([256, 10]), bias: zeros([10]) } })
// ~ is not assignable @ params
predict(classifier, { params: paramsOf(classifier).decode(json), inputs: zeros([1, 784]) })
// predict: params.hidden is missing @ params
pipe(paramsOf(pipe(input([784]), dense(10, 'logits'))).decode(json), E.map((params) => predict(classifier, { params, inputs: zeros([1, 784]) })))
