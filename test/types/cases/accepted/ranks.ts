/** Every rule on tensors at ranks 1, 2 and 4, literal and named; lists that are constant or not; generic helpers; dtypes. */
import {
  abs,
  add,
  argmax,
  broadcastTo,
  cast,
  concat,
  type Dim,
  type DType,
  div,
  equal,
  expandDims,
  flatten,
  full,
  greater,
  iota,
  logSoftmax,
  logSumExp,
  matmul,
  max,
  maximum,
  mean,
  min,
  mul,
  neg,
  notEqual,
  oneHot,
  ones,
  pad,
  permute,
  pipe,
  pow,
  reshape,
  scalar,
  sign,
  slice,
  softmax,
  squeeze,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
  variance,
  where,
  zeros,
} from 'shapewright'
import { type Eq, is } from '../eq.ts'

declare const row: Tensor<[6]>
declare const grid: Tensor<[2, 6]>
declare const images: Tensor<['batch', 8, 8, 3]>
declare const counts: Tensor<['n', 6], 'i32'>
declare const flags: Tensor<[2, 6], 'bool'>
interface Marked extends Tensor<[2, 6]> {
  readonly marked: true
}
declare const marked: Marked
const order = [0, 3, 1, 2] as const

// -- operands
export const sums = [add(row, 1), add(row, grid), mul(images, zeros([8, 3])), sub(0.5, images)] as const
is<Eq<typeof sums, readonly [Tensor<[6]>, Tensor<[2, 6]>, Tensor<['batch', 8, 8, 3]>, Tensor<['batch', 8, 8, 3]>]>>()
export const whole = [div(counts, 2), maximum(counts, counts), neg(counts), abs(counts), sign(counts)] as const
is<Eq<(typeof whole)[number], Tensor<['n', 6], 'i32'>>>()
export const powers = [pow(row, 2), pow(2, grid), pow(images, zeros([]))] as const
is<Eq<typeof powers, readonly [Tensor<[6]>, Tensor<[2, 6]>, Tensor<['batch', 8, 8, 3]>]>>()
export const truths = [equal(flags, flags), notEqual(counts, 1), greater(images, zeros([3])), pipe(row, equal(2))] as const
is<
  Eq<
    typeof truths,
    readonly [Tensor<[2, 6], 'bool'>, Tensor<['n', 6], 'bool'>, Tensor<['batch', 8, 8, 3], 'bool'>, Tensor<[6], 'bool'>]
  >
>()
export const chosen = [where(flags, row, 0), where(flags, flags, flags), where(greater(images, 0), images, 0), where(flags, 1, 0)] as const
is<Eq<typeof chosen, readonly [Tensor<[2, 6]>, Tensor<[2, 6], 'bool'>, Tensor<['batch', 8, 8, 3]>, Tensor<[2, 6]>]>>()
export const own = add(marked, marked)
is<Eq<typeof own, Tensor<[2, 6]>>>()
export const along = [softmax(-1)(row), pipe(grid, logSoftmax(0)), pipe(images, softmax(3))] as const
is<Eq<typeof along, readonly [Tensor<[6]>, Tensor<[2, 6]>, Tensor<['batch', 8, 8, 3]>]>>()
export const products = [
  pipe(row, matmul(zeros([6, 2]))),
  matmul(grid, zeros([6, 'n'])),
  matmul(images, zeros([3, 5])),
  matmul(images, zeros([8, 3, 5])),
  pipe(zeros(['batch', 4, 8, 3]), matmul(zeros(['batch', 1, 3, 7]))),
] as const
is<
  Eq<
    typeof products,
    readonly [
      Tensor<[2]>,
      Tensor<[2, 'n']>,
      Tensor<['batch', 8, 8, 5]>,
      Tensor<['batch', 8, 8, 5]>,
      Tensor<['batch', 4, 8, 7]>,
    ]
  >
>()
export const cast4 = [cast('i32')(row), pipe(flags, cast('f32')), pipe(images, cast('bool'))] as const
is<Eq<typeof cast4, readonly [Tensor<[6], 'i32'>, Tensor<[2, 6]>, Tensor<['batch', 8, 8, 3], 'bool'>]>>()
const ofDType = <D extends DType>(dtype: D) => [zeros([2, 'n'], dtype), scalar(1, dtype), full([3], 0, dtype)] as const
is<Eq<ReturnType<typeof ofDType<'i32'>>, readonly [Tensor<[2, 'n'], 'i32'>, Tensor<[], 'i32'>, Tensor<[3], 'i32'>]>>()
const castTo = <D extends DType, S extends unknown[]>(x: Tensor<S>, dtype: D) => pipe(x, cast(dtype))
is<Eq<ReturnType<typeof castTo<'bool', ['n', 2]>>, Tensor<['n', 2], 'bool'>>>()

// -- reductions
export const reduced1 = [pipe(row, sum()), pipe(row, mean(0)), pipe(row, max(-1, { keepDims: true }))] as const
is<Eq<typeof reduced1, readonly [Tensor<[]>, Tensor<[]>, Tensor<[1]>]>>()
export const reduced2 = [pipe(grid, min([0, 1])), pipe(grid, variance(-2)), pipe(counts, sum([] as const))] as const
is<Eq<typeof reduced2, readonly [Tensor<[]>, Tensor<[6]>, Tensor<['n', 6], 'i32'>]>>()
export const reduced4 = [pipe(images, mean([1, 2] as const)), pipe(images, logSumExp([-1, 0], { keepDims: true }))] as const
is<Eq<typeof reduced4, readonly [Tensor<['batch', 3]>, Tensor<[1, 8, 8, 1]>]>>()
export const kept = pipe(images, sum(null, { keepDims: true }))
is<Eq<typeof kept, Tensor<[1, 1, 1, 1]>>>()
export const best = [argmax(0)(row), argmax(-1)(counts), argmax(3)(images)] as const
is<Eq<typeof best, readonly [Tensor<[], 'i32'>, Tensor<['n'], 'i32'>, Tensor<['batch', 8, 8], 'i32'>]>>()
const spread = <B extends Dim>(x: Tensor<[B, 8, 8, 3]>) => sub(x, pipe(x, mean([1, 2], { keepDims: true })))
is<Eq<ReturnType<typeof spread<'batch'>>, Tensor<['batch', 8, 8, 3]>>>()

// -- movement
export const shaped = [reshape([2, -1])(row), pipe(grid, reshape([-1] as const)), pipe(images, reshape([-1, 3]))] as const
is<Eq<typeof shaped, readonly [Tensor<[2, 3]>, Tensor<[12]>, Tensor<['64*batch', 3]>]>>()
export const flat = [flatten(row), flatten(grid), flatten(images)] as const
is<Eq<typeof flat, readonly [Tensor<[6, 1]>, Tensor<[2, 6]>, Tensor<['batch', 192]>]>>()
export const ordered = [permute([0])(row), permute([-1, 0])(counts), pipe(images, permute(order))] as const
is<Eq<typeof ordered, readonly [Tensor<[6]>, Tensor<[6, 'n'], 'i32'>, Tensor<['batch', 3, 8, 8]>]>>()
export const turned = [transpose(counts), transpose(images)] as const
is<Eq<typeof turned, readonly [Tensor<[6, 'n'], 'i32'>, Tensor<['batch', 8, 3, 8]>]>>()
export const widened = [expandDims(0)(row), expandDims(-1)(grid), expandDims(2)(images), expandDims(-0)(row)] as const
is<Eq<typeof widened, readonly [Tensor<[1, 6]>, Tensor<[2, 6, 1]>, Tensor<['batch', 8, 1, 8, 3]>, Tensor<[1, 6]>]>>()
export const narrowed = [squeeze(0)(zeros([1])), squeeze([0, -1])(zeros([1, 'n', 4, 1])), squeeze([])(grid)] as const
is<Eq<typeof narrowed, readonly [Tensor<[]>, Tensor<['n', 4]>, Tensor<[2, 6]>]>>()
export const repeated = [broadcastTo([2, 6])(row), pipe(zeros([1, 1]), broadcastTo(['n', 6])), pipe(row, broadcastTo([6]))] as const
is<Eq<typeof repeated, readonly [Tensor<[2, 6]>, Tensor<['n', 6]>, Tensor<[6]>]>>()
export const sliced = [
  slice([1], [-1])(row),
  slice([null, -3], [null, null])(counts),
  pipe(images, slice([null, 2, 0], [null, 6, 8] as const)),
  slice([-0], [0])(row),
] as const
is<Eq<typeof sliced, readonly [Tensor<[4]>, Tensor<['n', 3], 'i32'>, Tensor<['batch', 4, 8, 3]>, Tensor<[0]>]>>()
export const joined = [concat([row, zeros([0]), row]), concat([counts, counts] as const, 1), concat([images, images], -2)] as const
is<Eq<typeof joined, readonly [Tensor<[12]>, Tensor<['n', 12], 'i32'>, Tensor<['batch', 8, 16, 3]>]>>()
export const padded = [
  pad([[1, 2]])(row),
  pad([
    [0, 0],
    [0, 4],
  ])(counts),
  pipe(images, pad([[0, 0], [1, 1], [1, 1], [0, 0]] as const, 0.5)),
] as const
is<Eq<typeof padded, readonly [Tensor<[9]>, Tensor<['n', 10], 'i32'>, Tensor<['batch', 10, 10, 3]>]>>()
export const hot = [oneHot(3)(iota([4])), oneHot('classes')(counts)] as const
is<Eq<typeof hot, readonly [Tensor<[4, 3]>, Tensor<['n', 6, 'classes']>]>>()

// -- creation
export const made = [zeros([6] as const), ones(['n', 2], 'i32'), full([1, 2, 3, 'n'], 0.5), tensor([[[[1]]]]), tensor([], 'i32')] as const
is<Eq<typeof made, readonly [Tensor<[6]>, Tensor<['n', 2], 'i32'>, Tensor<[1, 2, 3, 'n']>, Tensor<[1, 1, 1, 1]>, Tensor<[0], 'i32'>]>>()
const sized = <N extends number, B extends Dim>(n: N, b: B) => [zeros([b, n]), iota([n, 2]), ones([n, n])] as const
is<Eq<ReturnType<typeof sized<4, 'b'>>, readonly [Tensor<['b', 4]>, Tensor<[4, 2], 'i32'>, Tensor<[4, 4]>]>>()
