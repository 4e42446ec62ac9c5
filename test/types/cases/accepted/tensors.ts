/** Tensors: creation, broadcasting, reductions, movement, and functions generic in the batch or in the shape. */
import {
  add,
  argmax,
  type BoundDim,
  broadcastTo,
  cast,
  concat,
  type Dim,
  dim,
  div,
  dropout,
  expandDims,
  flatten,
  full,
  greater,
  iota,
  key,
  logSumExp,
  matmul,
  max,
  mean,
  mul,
  normal,
  oneHot,
  ones,
  permute,
  pipe,
  relu,
  reshape,
  type Shape,
  slice,
  softmax,
  sqrt,
  squeeze,
  sub,
  sum,
  type Tensor,
  tensor,
  toArray,
  transpose,
  variance,
  where,
  zeros,
} from 'shapewright'
import { type Eq, is } from '../eq.ts'

declare const logits: Tensor<['batch', 10]>
declare const bias: Tensor<[10]>
declare const column: Tensor<['n', 1]>
declare const row: Tensor<['n']>
declare const counts: Tensor<[3], 'i32'>
declare const tokens: Tensor<['batch', 'time', 16]>
declare const n: number

// -- creation
export const matrix = tensor([
  [1, 2],
  [3, 4],
])
is<Eq<typeof matrix, Tensor<[2, 2]>>>()
export const scalar = tensor(3)
is<Eq<typeof scalar, Tensor<[]>>>()
export const ids = tensor([1, 2, 3], 'i32')
export const parsed: Tensor<[2, 2]> = tensor(JSON.parse('[[1, 2], [3, 4]]'))
is<Eq<typeof ids, Tensor<[3], 'i32'>>>()
export const named = zeros(['batch', dim('hidden', n)])
is<Eq<typeof named, Tensor<['batch', 'hidden']>>>()
export const hidden = dim('hidden', n)
is<Eq<typeof hidden, BoundDim<'hidden'>>>()
export const created = [ones([2]), full([2, 3], 0.5), iota([4]), normal(key(0), [5])] as const
is<Eq<typeof created, readonly [Tensor<[2]>, Tensor<[2, 3]>, Tensor<[4], 'i32'>, Tensor<[5]>]>>()
const zeroRows = <const H extends number>(rows: H) => zeros([rows, 784])
is<Eq<ReturnType<typeof zeroRows<5>>, Tensor<[5, 784]>>>()

// -- binary operations: (x, y), (y) in a pipe, numbers
export const direct = sub(logits, bias)
export const piped = pipe(logits, sub(bias))
export const halved = pipe(logits, mul(0.5))
export const less = sub(logits, 1)
export const more = pipe(counts, add(1))
export const dropped = pipe(logits, dropout(0.5, key(0)))
is<
  Eq<
    [typeof direct, typeof piped, typeof halved, typeof less, typeof more, typeof dropped],
    [
      Tensor<['batch', 10]>,
      Tensor<['batch', 10]>,
      Tensor<['batch', 10]>,
      Tensor<['batch', 10]>,
      Tensor<[3], 'i32'>,
      Tensor<['batch', 10]>,
    ]
  >
>()
export const onPurpose = pipe(column, broadcastTo(['n', 'n']), sub(row))
is<Eq<typeof onPurpose, Tensor<['n', 'n']>>>()
export const clipped = where(greater(logits, 0), logits, zeros(['batch', 10]))
is<Eq<typeof clipped, Tensor<['batch', 10]>>>()

// -- reductions and movement
export const total = pipe(logits, sum(0))
is<Eq<typeof total, Tensor<[10]>>>()
export const both = pipe(tokens, max([0, 2]))
is<Eq<typeof both, Tensor<['time']>>>()
export const all = pipe(tokens, mean())
is<Eq<typeof all, Tensor<[]>>>()
export const kept = pipe(tokens, logSumExp(-1, { keepDims: true }))
is<Eq<typeof kept, Tensor<['batch', 'time', 1]>>>()
export const best = pipe(logits, argmax(-1))
is<Eq<typeof best, Tensor<['batch'], 'i32'>>>()
export const moved = pipe(tokens, permute([2, 0, 1]))
is<Eq<typeof moved, Tensor<[16, 'batch', 'time']>>>()
export const turned = pipe(zeros([2, 3]), transpose)
is<Eq<typeof turned, Tensor<[3, 2]>>>()
export const split = pipe(zeros(['batch', 12]), reshape(['batch', 3, -1]))
is<Eq<typeof split, Tensor<['batch', 3, 4]>>>()
export const joined = concat([zeros(['batch', 3]), zeros(['batch', 4])], 1)
is<Eq<typeof joined, Tensor<['batch', 7]>>>()
export const part = pipe(zeros([5, 4]), slice([1, 0], [3, 4]))
is<Eq<typeof part, Tensor<[2, 4]>>>()
export const widened = pipe(row, expandDims(-1), squeeze(1))
is<Eq<typeof widened, Tensor<['n']>>>()
export const hot = pipe(counts, oneHot(10))
is<Eq<typeof hot, Tensor<[3, 10]>>>()
export const numbers = pipe(counts, cast('f32'))
is<Eq<typeof numbers, Tensor<[3]>>>()
export const read = toArray(zeros([2, 3]))
is<Eq<typeof read, readonly (readonly number[])[]>>()

// -- generic in the batch, through keepDims; generic in the shape
const centre = <B extends Dim>(x: Tensor<[B, 7]>, shift: Tensor<[7]>) =>
  pipe(x, add(shift), sub(pipe(x, mean(1, { keepDims: true }))), relu, flatten, softmax(-1))
export const centred = centre(zeros(['batch', 7]), zeros([7]))
is<Eq<typeof centred, Tensor<['batch', 7]>>>()
const normalise = <B extends Dim>(x: Tensor<[B, 7]>) =>
  div(sub(x, pipe(x, mean(-1, { keepDims: true }))), sqrt(pipe(x, variance(-1, { keepDims: true }))))
is<Eq<ReturnType<typeof normalise<3>>, Tensor<[3, 7]>>>()
const anyShape = <S extends Shape>(x: Tensor<S>) => pipe(x, relu, mul(2))
export const ofAnyShape = anyShape(logits)
is<Eq<typeof ofAnyShape, Tensor<['batch', 10]>>>()
const square = <S extends Shape>(x: Tensor<S>) => pipe(mul(mul(x, x), 0.5), add(x), relu)
export const squared = square(logits)
is<Eq<typeof squared, Tensor<['batch', 10]>>>()
const scores = <B extends Dim>(query: Tensor<[B, 'time', 64]>, keys: Tensor<[B, 64, 'time']>) =>
  pipe(query, matmul(keys), mul(0.125), softmax(-1))
is<Eq<ReturnType<typeof scores<2>>, Tensor<[2, 'time', 'time']>>>()

// -- a batch that is a type parameter: a leading -1 is that dim
export const splitHeads = <B extends Dim>(x: Tensor<[B, 'time', 64]>): Tensor<[B, 'time', 8, 8]> => pipe(x, reshape([-1, 'time', 8, 8]))
export const joinHeads = <B extends Dim>(x: Tensor<[B, 'time', 8, 8]>): Tensor<[B, 'time', 64]> => pipe(x, reshape([-1, 'time', 64]))
export const columns = <B extends Dim>(x: Tensor<[B, 28, 28, 1]>): Tensor<[B, 784]> => pipe(x, reshape([-1, 784]))

// -- values in a row, and a shape
declare const listedValues: Float32Array
is<Eq<typeof listed, Tensor<[2, 3]>>>()
export const listed = tensor(listedValues, [2, 3])
is<Eq<typeof counted, Tensor<[2, 'n'], 'i32'>>>()
export const counted = tensor([1, 2, 3, 4], [2, 'n'], 'i32')
is<Eq<typeof bound, Tensor<[2, 'width']>>>()
export const bound = tensor(listedValues, [2, dim('width', n)])
is<Eq<typeof boundCounts, Tensor<['width', 2], 'i32'>>>()
export const boundCounts = tensor(listedValues, [dim('width', n), 2], 'i32')

// -- reshaping behind dims that stay, of which one is a type parameter
export const heads = <B extends Dim>(x: Tensor<[B, 784]>): Tensor<[B, 28, 28]> => pipe(x, reshape([x.shape[0], 28, -1]))
export const rows = <B extends Dim>(x: Tensor<[B, 3, 784]>): Tensor<[B, 3, 28, 28]> => pipe(x, reshape([x.shape[0], 3, 28, -1]))
export const there = <B extends Dim>(x: Tensor<[B, 784]>): Tensor<[B, 784]> => pipe(x, reshape([x.shape[0], 28, 28]), flatten)
