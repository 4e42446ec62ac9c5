/** The rules by themselves, where a program would show only one of their branches: what each gives, and what it says. */
import * as E from 'fp-ts/lib/Either.js'
import {
  type AdagradState,
  accuracy,
  adagrad,
  adam,
  add,
  type Classes,
  compute,
  concat,
  type Dataset,
  dense,
  equal,
  fit,
  greaterEqual,
  input,
  type Key,
  key,
  less,
  lessEqual,
  type MomentumState,
  momentum,
  notEqual,
  type OptimizerState,
  pad,
  pipe,
  predict,
  type RmspropState,
  rmsprop,
  type SgdState,
  scalar,
  sgd,
  softmaxCrossEntropy,
  type Statistic,
  sum,
  type Tensor,
  type Trainable,
  tensor,
  toArray,
  toTypedArray,
  where,
  zeros,
} from 'shapewright'
import type { Add, Compare, Div, Mod, Mul, Sub } from '../../../../types/arithmetic.ts'
import type { Axis, RemoveAt } from '../../../../types/axis.ts'
import type { BinaryShape, Broadcast } from '../../../../types/broadcast.ts'
import type { ConcatShape } from '../../../../types/concat.ts'
import type { DenseFromShape } from '../../../../types/dense.ts'
import type { DTypeFault } from '../../../../types/dtype.ts'
import type { Elements, Factors } from '../../../../types/elements.ts'
import type { ExpandDimsShape, SqueezeShape } from '../../../../types/expand-dims.ts'
import type { ScalarFault } from '../../../../types/gradient.ts'
import type { LossShape, SameTarget } from '../../../../types/loss.ts'
import type { MatmulShape } from '../../../../types/matmul.ts'
import type { FreeName } from '../../../../types/name.ts'
import type { Nested, NestedDType, NestedFault, NestedShape } from '../../../../types/nested.ts'
import type { PadShape } from '../../../../types/pad.ts'
import type { PermuteShape } from '../../../../types/permute.ts'
import type { IsWide, ReduceShape } from '../../../../types/reduce.ts'
import type { ReshapeShape } from '../../../../types/reshape.ts'
import type { Same } from '../../../../types/same.ts'
import type { Say } from '../../../../types/say.ts'
import type { Show, ShowDim } from '../../../../types/show.ts'
import type { SliceShape } from '../../../../types/slice.ts'
import type { AlongSampleShape } from '../../../../types/softmax.ts'
import type { WhereShape } from '../../../../types/where.ts'
import { type Eq, is } from '../eq.ts'

declare const grid: Tensor<[2, 3]>
declare const counts: Tensor<[2, 3], 'i32'>
declare const flags: Tensor<[2, 3], 'bool'>
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
type Any = any

// -- digits
is<Eq<[Add<999, 1>, Add<1, 999>, Add<95, 5>, Add<5, 95>, Add<0, 7>, Add<7, 0>, Add<19, 1>], [1000, 1000, 100, 100, 7, 7, 20]>>()
is<Eq<[Sub<1000, 1>, Sub<100, 99>, Sub<7, 7>, Sub<7, 0>, Sub<121, 19>, Sub<200, 1>], [999, 1, 0, 7, 102, 199]>>()
is<Eq<[Sub<2, 5>, Sub<99, 100>, Div<6, 0>, Mod<6, 0>], [never, never, never, never]>>()
is<Eq<[Mul<99, 99>, Mul<784, 64>, Mul<25, 4>, Mul<0, 5>, Mul<5, 0>, Mul<1, 7>, Mul<7, 1>], [9801, 50176, 100, 0, 0, 7, 7]>>()
is<Eq<[Div<1000, 8>, Div<1000, 7>, Div<6, 1>, Div<144, 12>, Div<5, 9>, Div<1000, 37>, Div<851, 23>], [125, 142, 6, 12, 0, 27, 37]>>()
is<Eq<[Mod<1000, 8>, Mod<1000, 7>, Mod<6, 1>, Mod<145, 12>, Mod<5, 9>, Mod<1000, 37>, Mod<851, 23>], [0, 6, 0, 1, 5, 1, 0]>>()
is<Eq<[Compare<21, 12>, Compare<12, 21>, Compare<100, 99>, Compare<99, 100>, Compare<77, 77>], ['>', '<', '>', '<', '=']>>()
is<Eq<[Add<9007199254740990, 1>, Sub<9007199254740991, 1>, Mul<94906265, 94906265>], [9007199254740991, 9007199254740990, 9007199136250225]>>()

// -- words in sentences
is<Eq<[ShowDim<784>, ShowDim<'n'>, ShowDim<number>, ShowDim<string>, ShowDim<null>], ['784', 'n', '?', '?', '?']>>()
is<Eq<[Show<[2, 'n']>, Show<[]>, Show<readonly [1, number]>, Show<number[]>, Show<null>], ['[2, n]', '[]', '[1, ?]', '[...?]', '[...?]']>>()
is<Eq<Say<'{a} and {b}, {c}', { a: [2, 3]; b: 'n'; c: Any }>, '[2, 3] and n, ?'>>()
is<Eq<[Same<[2], [2]>, Same<1, number>, Same<number, 1>, Same<1 | 2, 1>, Same<'n', 'n'>], [true, false, false, false, true]>>()

// -- axes
is<Eq<[Axis<[2, 3, 4], 1>, Axis<[2, 3, 4], -1>, Axis<[2, 3, 4], -3>, Axis<[2, 3, 4], -4>, Axis<[2], 1>], [[1], [2], [0], null, null]>>()
is<Eq<[RemoveAt<[2, 3, 4], 0>, RemoveAt<[2, 3, 4], 1>, RemoveAt<[2, 3, 4], 2>], [[3, 4], [2, 4], [2, 3]]>>()
is<Eq<[ExpandDimsShape<[2, 3], 0>, ExpandDimsShape<[2, 3], 1>, ExpandDimsShape<[2, 3], -1>], [[1, 2, 3], [2, 1, 3], [2, 3, 1]]>>()
is<Eq<ExpandDimsShape<[2, 3, 4], 2>, [2, 3, 1, 4]>>()
is<Eq<ExpandDimsShape<[2, 3], 3>, 'expandDims: axis 3 is out of range for [2, 3]'>>()
is<Eq<ExpandDimsShape<[2, 3], number>, 'expandDims: the axis is not a literal'>>()
is<Eq<[SqueezeShape<[1, 3, 1], 0>, SqueezeShape<[1, 3, 1], readonly [0, 2]>], [[3, 1], [3]]>>()
is<Eq<SqueezeShape<[1, 3], -1>, 'squeeze: axis -1 of [1, 3] is 3, not 1'>>()
is<Eq<SqueezeShape<[1, 3], 5>, 'squeeze: axis 5 is out of range for [1, 3]'>>()
is<Eq<SqueezeShape<[1, 3], number>, 'squeeze: the axis is not a literal'>>()
is<Eq<AlongSampleShape<'softmax', [4], number>, 'softmax: the axis is not a literal'>>()
is<Eq<PermuteShape<[2, 3, 4], [-1, 0, 1]>, [4, 2, 3]>>()
is<Eq<PermuteShape<[2, 3], readonly [1, 0, 0]>, 'permute: [1, 0, 0] is not a permutation of the 2 axes of [2, 3]'>>()
is<Eq<PermuteShape<[2, 3], readonly [1]>, 'permute: [1] is not a permutation of the 2 axes of [2, 3]'>>()

// -- reductions
is<Eq<[ReduceShape<'sum', [2, 'n', 4], null, true>, ReduceShape<'sum', [2, 'n', 4], null, false>], [[1, 1, 1], []]>>()
is<Eq<[ReduceShape<'sum', [2, 'n', 4], readonly [0, -1], true>, ReduceShape<'sum', [2, 'n', 4], readonly [0, -1], false>], [[1, 'n', 1], ['n']]>>()
is<Eq<ReduceShape<'sum', [2, 3, 4, 5], readonly [2], false>, [2, 3, 5]>>()
is<Eq<[ReduceShape<'sum', [2, 3, 4], 1, true>, ReduceShape<'sum', [2, 3, 4], -2, false>], [[2, 1, 4], [2, 4]]>>()
is<Eq<[IsWide<number[]>, IsWide<readonly 0[]>, IsWide<readonly [0, number]>], [true, true, true]>>()
is<Eq<[IsWide<readonly [0, 1]>, IsWide<1>], [false, false]>>()
is<Eq<ReduceShape<'sum', [2, 3], number[], false>, 'sum: the axis is not a literal'>>()

// -- two shapes
is<Eq<[Broadcast<[4, 1, 3], [2, 3]>, Broadcast<[3], [4, 2, 3]>, Broadcast<[], [2, 'n']>, Broadcast<[2, 3], []>], [[4, 2, 3], [4, 2, 3], [2, 'n'], [2, 3]]>>()
is<Eq<[Broadcast<[2], [3]>, Broadcast<['n', 2], ['m', 2]>, Broadcast<['n'], [1]>], [null, null, ['n']]>>()
is<Eq<[BinaryShape<'add', [3], [2, 3]>, BinaryShape<'add', [2, 3], [3]>, BinaryShape<'add', [1], [3]>], [[[2, 3]], [[2, 3]], [[3]]]>>()
is<Eq<[MatmulShape<[5, 2, 3], [3, 4]>, MatmulShape<[3], [3, 4]>, MatmulShape<['b', 2, 3], ['b', 3, 4]>], [[5, 2, 4], [4], ['b', 2, 4]]>>()
is<Eq<MatmulShape<[2, 3], [3]>, 'matmul: the right side needs rank >= 2, got [3]'>>()
is<Eq<MatmulShape<[], [3, 4]>, 'matmul: the left side needs rank >= 1, got []'>>()
is<Eq<MatmulShape<[3], [5, 3, 4]>, 'matmul: the left side needs rank >= 2, got [3]'>>()
is<Eq<WhereShape<[2, 3], 'bool', [3], 'f32', [], 'f32'>, [[2, 3]]>>()
is<Eq<WhereShape<[3], 'bool', [2, 3], 'f32', [1], 'f32'>, [[2, 3]]>>()
is<Eq<WhereShape<[3], 'bool', [1], 'i32', [2, 3], 'i32'>, [[2, 3]]>>()
is<Eq<WhereShape<[2, 3], 'bool', [4, 1, 1], 'f32', [], 'f32'>, 'where: none of [2, 3], [4, 1, 1] and [] has the shape [4, 2, 3]; use broadcastTo'>>()
is<Eq<WhereShape<[2, 3], 'bool', [4], 'f32', [1], 'f32'>, 'where: shapes [2, 3], [4] and [1] do not broadcast'>>()
is<Eq<WhereShape<[2, 1], 'bool', [3], 'f32', [4], 'f32'>, 'where: shapes [2, 1], [3] and [4] do not broadcast'>>()
is<Eq<DenseFromShape<[], 3, 4>, 'dense: needs rank >= 1, got []'>>()

// -- movement
is<Eq<[Factors<[2, 'a', 3, '4*b*c']>, Elements<['a', 'b']>, Elements<[2, 'a']>, Elements<[]>], [[24, ['a', 'b', 'c']], 'a*b', '2*a', 1]>>()
is<Eq<[ReshapeShape<['a', 'b', 4], [4, -1]>, ReshapeShape<['a*b', 6], ['b', 'a', -1]>], [[4, 'a*b'], ['b', 'a', 6]]>>()
is<Eq<[ReshapeShape<['2*a'], ['a', 2]>, ReshapeShape<['a', 'b', 'c'], ['c', 'b', 'a']>], [['a', 2], ['c', 'b', 'a']]>>()
is<Eq<[ReshapeShape<[2, 3, 4], [2, -1]>, ReshapeShape<[2, 3], [-1, 3]>, ReshapeShape<[0, 3], [0]>, ReshapeShape<[0], [0, -1]>], [[2, 12], [2, 3], [0], [0, 1]]>>()
is<Eq<ReshapeShape<['a', 'b', 'c'], ['a', 'c', -1]>, ['a', 'c', 'b']>>()
is<Eq<ReshapeShape<[4, 'a', 6], ['a', 2, -1, 3]>, ['a', 2, 4, 3]>>()
is<Eq<ReshapeShape<[4], [0, -1]>, 'reshape: [4] has 4 elements, which [0, -1] does not divide'>>()
is<Eq<ReshapeShape<[4], [3, -1]>, 'reshape: [4] has 4 elements, which [3, -1] does not divide'>>()
is<Eq<ReshapeShape<['a', 2], ['b', 2]>, 'reshape: [a, 2] has 2*a elements, [b, 2] has 2*b'>>()
is<Eq<[PadShape<[2, 'n', 4], readonly [[1, 2], [0, 0], [0, 3]]>, PadShape<[2, 3], readonly [[0, 0], [0, 0]]>], [[5, 'n', 7], [2, 3]]>>()
is<Eq<PadShape<[2, 'n'], readonly [[0, 0], [0, 1]]>, 'pad: axis 1 of [2, n] is named; its padding must be [0, 0]'>>()
is<Eq<PadShape<[2], readonly [[-1, 0]]>, 'pad: a size must be a whole number, got -1'>>()
is<Eq<PadShape<[2], readonly [[0, 1.5]]>, 'pad: a size must be a whole number, got 1.5'>>()
is<Eq<PadShape<[2], readonly (readonly [0, 0])[]>, 'pad: the padding is not a literal'>>()
is<Eq<ConcatShape<[Tensor<[2, 3]>, Tensor<[4, 3]>, Tensor<[1, 3]>], 0>, [7, 3]>>()
is<Eq<ConcatShape<[Tensor<[2, 'n']>, Tensor<[2, 4]>], 1>, 'concat: axis 1 of [2, n] is named, and a sum of names has no size'>>()
is<Eq<ConcatShape<[Tensor<[2, 4]>, Tensor<[2, 'n']>], 1>, 'concat: axis 1 of [2, n] is named, and a sum of names has no size'>>()
is<Eq<ConcatShape<[Tensor<[2, 4]>, Tensor<[3, 4]>], -1>, 'concat: [2, 4] and [3, 4] differ outside axis -1'>>()
is<Eq<[ConcatShape<[], 0>, ConcatShape<[Tensor<[2]>], number>], ['concat: nothing to join', 'concat: the axis is not a literal']>>()
is<Eq<ConcatShape<[Tensor<[2]>, Tensor<[2]>], 1>, 'concat: axis 1 is out of range for [2]'>>()
is<Eq<[SliceShape<[8, 'n', 6], [1, null, null], [-1, null, 4]>, SliceShape<['n', 6], [null], [null]>], [[6, 'n', 4], ['n', 6]]>>()
is<Eq<[SliceShape<[8, 6], [-3], [null]>, SliceShape<[8, 6], [null], [3]>, SliceShape<[8], [4], [4]>], [[3, 6], [3, 6], [0]]>>()
is<Eq<[SliceShape<[8, 6, 4], [2, 1], [5, 3]>, SliceShape<[8, 5], [null, 2], [null, 4]>], [[3, 2, 4], [8, 2]]>>()
is<Eq<SliceShape<[8, 6], [0, null], [8, 7]>, 'slice: 0 to 7 is out of range for axis 1 of [8, 6]'>>()
is<Eq<SliceShape<[8, 6], [5], [3]>, 'slice: 5 to 3 is out of range for axis 0 of [8, 6]'>>()
is<Eq<SliceShape<[8, 6], [9], [null]>, 'slice: 9 to 8 is out of range for axis 0 of [8, 6]'>>()
is<Eq<SliceShape<[8, 6], [-9], [3]>, 'slice: -9 to 3 is out of range for axis 0 of [8, 6]'>>()
is<Eq<SliceShape<[8, 6], [0.5], [3]>, 'slice: 0.5 to 3 is out of range for axis 0 of [8, 6]'>>()
is<Eq<SliceShape<[8, 'n'], [0, 1], [1, null]>, 'slice: axis 1 of [8, n] is named; only null to null takes it, whole'>>()
is<Eq<SliceShape<[8], [0, 0], [1, 1]>, 'slice: 2 starts and 2 ends for [8]'>>()
is<Eq<SliceShape<[8, 6], [0], [1, 1]>, 'slice: 1 starts and 2 ends for [8, 6]'>>()
is<Eq<[SliceShape<[8], [number], [1]>, SliceShape<[8], [0], [number]>, SliceShape<[8], number[], [1]>], Three<'slice: a start or an end is not a literal'>>>()
type Three<T> = [T, T, T]

// -- values
is<Eq<[NestedShape<[[1, 2], [3, 4]]>, NestedShape<[]>, NestedShape<3>, NestedShape<[[], []]>], [[2, 2], [0], [], [2, 0]]>>()
is<Eq<NestedShape<[[1, 2], [3]]>, 'tensor: the arrays differ in length'>>()
is<Eq<NestedShape<[[1], 2]>, 'tensor: the arrays differ in length'>>()
is<Eq<NestedShape<number[]>, "tensor: a size is not a literal; write tensor(values.flat(), [dim('name', n)])">>()
is<Eq<NestedShape<[number[], number[]]>, "tensor: a size is not a literal; write tensor(values.flat(), [dim('name', n)])">>()
is<Eq<NestedShape<[[1, 2], number[]]>, "tensor: a size is not a literal; write tensor(values.flat(), [dim('name', n)])">>()
is<Eq<[NestedDType<[[1]]>, NestedDType<[[true], [false]]>, NestedDType<[]>, NestedDType<Any>, NestedDType<true>], ['f32', 'bool', 'f32', 'f32', 'bool']>>()
is<Eq<NestedDType<readonly Nested[]>, 'f32'>>()
is<Eq<[NestedFault<[1, true]>, NestedFault<[1, 2]>, NestedFault<[true]>], ['tensor: numbers and booleans do not mix', null, null]>>()
export const matrix = tensor([
  [true, false],
  [false, true],
])
is<Eq<typeof matrix, Tensor<[2, 2], 'bool'>>>()

// -- dtypes
is<Eq<DTypeFault<'sqrt', 'f32', 'i32'>, 'sqrt: expected f32, got i32'>>()
is<Eq<DTypeFault<'sum', 'f32' | 'i32', 'bool'>, 'sum: expected f32 or i32, got bool'>>()
is<Eq<DTypeFault<'any', 'f32' | 'i32' | 'bool', string>, 'any: expected a dtype, got ?'>>()
export const compared = [equal(counts, 1), notEqual(flags, flags), less(grid, 1), lessEqual(grid, 1), greaterEqual(counts, 1)] as const
is<Eq<(typeof compared)[0], Tensor<[2, 3], 'bool'>>>()
is<Eq<(typeof compared)[1], Tensor<[2, 3], 'bool'>>>()
is<Eq<(typeof compared)[2], Tensor<[2, 3], 'bool'>>>()
is<Eq<(typeof compared)[3], Tensor<[2, 3], 'bool'>>>()
is<Eq<(typeof compared)[4], Tensor<[2, 3], 'bool'>>>()
export const added = [add(1, counts), add(counts, 1), equal(2, counts)] as const
is<Eq<(typeof added)[0], Tensor<[2, 3], 'i32'>>>()
is<Eq<(typeof added)[1], Tensor<[2, 3], 'i32'>>>()
is<Eq<(typeof added)[2], Tensor<[2, 3], 'bool'>>>()
export const chosen = [where(flags, 1, 0), where(flags, counts, 0), where(flags, 0, counts), where(flags, zeros([3]), grid)] as const
is<Eq<(typeof chosen)[0], Tensor<[2, 3]>>>()
is<Eq<(typeof chosen)[1], Tensor<[2, 3], 'i32'>>>()
is<Eq<(typeof chosen)[2], Tensor<[2, 3], 'i32'>>>()
is<Eq<(typeof chosen)[3], Tensor<[2, 3]>>>()
export const summed = pipe(counts, sum([0], { keepDims: true }))
is<Eq<typeof summed, Tensor<[1, 3], 'i32'>>>()
export const joined = concat([grid, grid], 1)
is<Eq<typeof joined, Tensor<[2, 6]>>>()
export const padded = pipe(counts, pad([[1, 0], [0, 0]]))
is<Eq<typeof padded, Tensor<[3, 3], 'i32'>>>()

// -- reading back
export const read = [toArray(grid), toArray(flags), toArray(scalar(1))] as const
is<Eq<(typeof read)[0], readonly (readonly number[])[]>>()
is<Eq<(typeof read)[1], readonly (readonly boolean[])[]>>()
is<Eq<(typeof read)[2], number>>()
export const bytes = [toTypedArray(grid).slice(), toTypedArray(counts).slice(), toTypedArray(flags).slice()] as const
is<Eq<(typeof bytes)[0], Float32Array<ArrayBuffer>>>()
is<Eq<(typeof bytes)[1], Int32Array<ArrayBuffer>>>()
is<Eq<(typeof bytes)[2], Uint8Array<ArrayBuffer>>>()
export const computed = compute({ a: grid })
is<Eq<typeof computed, { a: Tensor<[2, 3]> }>>()

// -- trees, names, losses, gradients
type Norm = { readonly scale: Tensor<[4]>; readonly mean: Statistic<[4]> }
is<Eq<Trainable<Norm>, { readonly scale: Tensor<[4]> }>>()
is<Eq<Trainable<readonly [Tensor<[4]>, Statistic<[4]>]>, readonly [Tensor<[4]>, null]>>()
is<Eq<Trainable<{ readonly a: readonly [Statistic<[4]>, Norm] }>, { readonly a: readonly [null, { readonly scale: Tensor<[4]> }] }>>()
is<Eq<Trainable<{ readonly step: Tensor<[], 'i32'>; readonly w: Tensor<[2]> }>, { readonly w: Tensor<[2]> }>>()
is<Eq<[FreeName<'dense', never>, FreeName<'dense', 'dense1' | 'a'>, FreeName<'dense', string>], ['dense1', 'dense2', string]>>()
is<Eq<LossShape<SameTarget<'mse'>, [], [], 'f32'>, 'mse: needs a batch dim, got []'>>()
is<Eq<LossShape<SameTarget<'mse'>, ['b', 2], ['b', 3], 'i32'>, 'mse: the prediction is [b, 2], the target i32 [b, 3]'>>()
is<Eq<[ScalarFault<'grad', Tensor<[]>>, ScalarFault<'grad', readonly [Tensor<[]>, 1]>], [null, null]>>()
is<Eq<ScalarFault<'grad', Any>, null>>()
is<Eq<ScalarFault<'grad', string>, 'grad: the function must give a scalar'>>()
is<Eq<ScalarFault<'grad', Tensor<[2]>>, 'grad: the function must give a scalar, got [2]; end it with mean()'>>()
is<Eq<ScalarFault<'grad', Tensor<[], 'i32'>>, 'grad: expected f32, got i32'>>()

// -- what every optimizer keeps
type Weights = { readonly w: Tensor<[2, 3]> }
export const optimizers = [sgd({ learningRate: 1 }), momentum({ learningRate: 1 }), adagrad({ learningRate: 1 }), rmsprop({ learningRate: 1 })] as const
type Kept<I extends 0 | 1 | 2 | 3> = OptimizerState<(typeof optimizers)[I], Weights>
is<Eq<[Kept<0>, Kept<1>, Kept<2>, Kept<3>], [SgdState, MomentumState<Weights>, AdagradState<Weights>, RmspropState<Weights>]>>()

// -- what is not known is let through where nothing can be said of it
declare const anyTensor: Tensor<Any>
declare const anyData: Any
declare const train: Dataset<[784], Classes<10>>
const model = pipe(input([784]), dense(10))
const params = model.init(key(0))
const options = { loss: softmaxCrossEntropy, metrics: { accuracy }, optimizer: adam({ learningRate: 1 }), batchSize: 1, epochs: 1, key: key(0) }
export const answers = await predict(model, { params, inputs: zeros([2, 784]) })()
export const answer = E.isRight(answers) ? answers.right : null
is<Eq<typeof answer, Tensor<[2, 10]> | null>>()
export const unknowns = [predict(model, { params, inputs: anyTensor }), fit(model, { data: anyData, ...options }), fit(model, { data: train, ...options })]
is<Eq<Key['bits'], Tensor<[2], 'i32'>>>()
is<Eq<[Div<6, 2>, Mod<7, 2>, Div<7, 2>], [3, 1, 3]>>()
is<Eq<SqueezeShape<[2, 3, 1], [0, 2]>, 'squeeze: axis 0 of [2, 3, 1] is 2, not 1'>>()
is<Eq<SqueezeShape<[1, 1], [0, -2]>, 'squeeze: axis -2 is given twice'>>()
export const differs = notEqual(grid, 1)
is<Eq<typeof differs, Tensor<[2, 3], 'bool'>>>()
is<Eq<[Add<1.5, 2>, Add<1e21, 1>, Add<1e999, 1>, Mul<number, 2>], [never, never, never, never]>>()
is<Eq<[Sub<number, 1>, Sub<2.5, 1>, Div<number, 2>, Div<5, 1.5>, Mod<number, 2>, Compare<number, 2>, Compare<2.5, 2>], [never, never, never, never, never, never, never]>>()
