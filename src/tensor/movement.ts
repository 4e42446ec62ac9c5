/** Other shapes for the same elements. Each works on every dtype. */
import { type BroadcastToShape, broadcastToShape } from '../../types/broadcast.ts'
import type { Dim, DType, Shape, Size } from '../../types/dim.ts'
import { anyDType } from '../../types/dtype.ts'
import { type ExpandDimsShape, expandDimsShape, type SqueezeShape, squeezeShape } from '../../types/expand-dims.ts'
import { type FlattenFn, flattenSampleShape, flattenShape } from '../../types/flatten.ts'
import type { AfterFirst, Operation, TensorFirst } from '../../types/operation.ts'
import { type PermuteShape, permutationOf, type TransposeShape, transposeShape } from '../../types/permute.ts'
import { type Closed, type LeadingReshapeFn, type ReshapeFn, reshapeShape } from '../../types/reshape.ts'
import { type Fits, fits } from '../../types/shape-error.ts'
import type { DimsOf, FirstFault, ListOfSizes, RefuseShape, ShapeMessage } from '../../types/size.ts'
import { type Bound, type SliceShape, sliceOf } from '../../types/slice.ts'
import type { Tensor } from '../../types/tensor.ts'
import { permute as permuteNode, reshape as reshapeNode, slice as sliceNode } from '../graph/expression.ts'
import { make } from '../graph/make.ts'
import { type Node, tensorOf } from '../graph/node.ts'
import { notFirst, shapeArgument, tensorNode } from './argument.ts'
import { operation } from './operation.ts'
import type { RefusedOperation } from './size.ts'
import { typed } from './typed.ts'

type Given<R, D extends DType> = R extends Shape ? Tensor<R, D> : never

/** The untyped function of a movement. */
const moving = (op: string, f: (x: Node) => Node) => (x: unknown) => tensorOf(f(tensorNode(op, x, anyDType)))

export interface ReshapeFunction {
  <const B extends readonly Size[]>(
    shape: FirstFault<Closed<B>> extends null ? never : readonly [...B],
  ): RefusedOperation<ShapeMessage<'reshape', Closed<B>>>
  <const B extends readonly Dim[]>(shape: readonly [-1, ...B]): Operation<LeadingReshapeFn<[-1, ...B]>>
  <const B extends readonly Dim[]>(shape: readonly [...B]): Operation<ReshapeFn<[...B]>>
  <const B extends readonly Size[]>(shape: readonly [...B]): Operation<ReshapeFn<DimsOf<B>>>
  <const B>(shape: TensorFirst<'reshape', B, ListOfSizes<'reshape', B>>, ...more: AfterFirst<B>): never
}

/**
 * The same elements, in row-major order, under another shape. One dim may be -1: what is left, which may be a product of
 * names, as in `['batch', 'time', 64]` to `[-1, 64]`, `['batch*time', 64]`. On a model the shape is one sample's.
 *
 * @example
 * toArray(pipe(tensor([1, 2, 3, 4]), reshape([2, -1]))) // => [[1, 2], [3, 4]]
 */
export const reshape = typed<ReshapeFunction>((shape: readonly Size[]) => {
  notFirst('reshape', shape)
  const open = Array.isArray(shape) ? shape.map((size) => size === -1) : []
  const [closed, sizes] = shapeArgument('reshape', Array.isArray(shape) ? shape.map((size) => (size === -1 ? 1 : size)) : shape)
  const target = closed.map((dim, i) => (open[i] ? -1 : dim))
  const reshaped = (x: Node, batch: number): Node => {
    const result = [...x.shape.slice(0, batch), ...fits(reshapeShape(x.shape.slice(batch), target))]
    return Object.keys(sizes).length === 0 ? reshapeNode(x, result) : make('reshape', [x], { shape: result }, sizes)
  }
  return operation({
    kind: 'reshape',
    options: { shape: target },
    out: (sample) => reshapeShape(sample, target),
    onTensor: (x) => reshaped(x, 0),
    onBatch: (x) => reshaped(x, 1),
    onto: anyDType,
    sizes,
  })
})

/**
 * Every axis after the batch in one, `[batch, ...] -> [batch, elements]`; on a model every axis of a sample.
 *
 * @example
 * toArray(flatten(tensor([[[1, 2], [3, 4]]]))) // => [[1, 2, 3, 4]]
 */
export const flatten = operation<FlattenFn>({
  kind: 'flatten',
  options: {},
  out: flattenSampleShape,
  onTensor: (x) => reshapeNode(x, fits(flattenShape(x.shape))),
  onBatch: (x) => reshapeNode(x, fits(flattenShape(x.shape))),
})

/** `permute(permutation)` */
export interface Permute<in out P extends readonly number[]> {
  <S extends Shape, D extends DType>(x: Fits<PermuteShape<S, P>, Tensor<S, D>>): Given<PermuteShape<S, P>, D>
}

export interface PermuteFunction {
  <const P extends readonly number[]>(permutation: readonly [...P]): Permute<P>
  <X>(permutation: TensorFirst<'permute', X, readonly number[]>, ...more: AfterFirst<X>): never
}

/**
 * The axes in another order: axis i of the result is axis `permutation[i]` of x.
 *
 * @example
 * toArray(pipe(tensor([[1, 2, 3]]), permute([1, 0]))) // => [[1], [2], [3]]
 */
export const permute = typed<PermuteFunction>((permutation: readonly number[]) => {
  notFirst('permute', permutation)
  return moving('permute', (x) => permuteNode(x, fits(permutationOf(x.shape, permutation))))
})

/**
 * The last two axes swapped, `[..., m, n] -> [..., n, m]`.
 *
 * @example
 * toArray(transpose(tensor([[1, 2], [3, 4]]))) // => [[1, 3], [2, 4]]
 */
export const transpose = <S extends Shape, D extends DType>(x: Fits<TransposeShape<S>, Tensor<S, D>>): Given<TransposeShape<S>, D> =>
  transposed(x) as Given<TransposeShape<S>, D>

const transposed = moving('transpose', (x) => {
  const rank = fits(transposeShape(x.shape)).length
  return permuteNode(x, [...x.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2))
})

/** `expandDims(axis)` */
export interface ExpandDims<in out A extends number> {
  <S extends Shape, D extends DType>(x: Fits<ExpandDimsShape<S, A>, Tensor<S, D>>): Given<ExpandDimsShape<S, A>, D>
}
export interface ExpandDimsFunction {
  <const A extends number>(axis: A): ExpandDims<A>
  <X>(axis: TensorFirst<'expandDims', X, number>, ...more: AfterFirst<X>): never
}

/**
 * A new axis of size 1, at `axis` of the result.
 *
 * @example
 * pipe(ones([2, 3]), expandDims(-1)).shape // => [2, 3, 1]
 */
export const expandDims = typed<ExpandDimsFunction>((axis: number) => {
  notFirst('expandDims', axis)
  return moving('expandDims', (x) => reshapeNode(x, fits(expandDimsShape(x.shape, axis))))
})

/** `squeeze(axis)` */
export interface Squeeze<in out A> {
  <S extends Shape, D extends DType>(x: Fits<SqueezeShape<S, A>, Tensor<S, D>>): Given<SqueezeShape<S, A>, D>
}
export interface SqueezeFunction {
  <const A extends number | readonly number[]>(axis: A): Squeeze<A>
  <X>(axis: TensorFirst<'squeeze', X, number | readonly number[]>, ...more: AfterFirst<X>): never
}

/**
 * Axes of size 1 taken out.
 *
 * @example
 * pipe(ones([1, 2, 1]), squeeze([0, 2])).shape // => [2]
 */
export const squeeze = typed<SqueezeFunction>((axis: number | readonly number[]) => {
  notFirst('squeeze', axis)
  return moving('squeeze', (x) => reshapeNode(x, fits(squeezeShape(x.shape, axis))))
})

/** `broadcastTo(shape)` */
export interface BroadcastTo<in out B extends Shape> {
  <S extends Shape, D extends DType>(x: Fits<BroadcastToShape<S, B>, Tensor<S, D>>): Given<BroadcastToShape<S, B>, D>
}
export interface BroadcastToFunction {
  <const B extends readonly Size[]>(shape: RefuseShape<B>): RefusedOperation<ShapeMessage<'broadcastTo', B>>
  <const B extends readonly Dim[]>(shape: readonly [...B]): BroadcastTo<[...B]>
  <const B extends readonly Size[]>(shape: readonly [...B]): BroadcastTo<DimsOf<B>>
  <const B>(shape: TensorFirst<'broadcastTo', B, ListOfSizes<'broadcastTo', B>>, ...more: AfterFirst<B>): never
}

/**
 * x repeated along axes that it lacks, or where its size is 1.
 *
 * @example
 * toArray(pipe(tensor([1, 2]), broadcastTo([2, 2]))) // => [[1, 2], [1, 2]]
 */
export const broadcastTo = typed<BroadcastToFunction>((shape: readonly Size[]) => {
  notFirst('broadcastTo', shape)
  const [target, sizes] = shapeArgument('broadcastTo', shape)
  return moving('broadcastTo', (x) => make('broadcast', [x], { shape: fits(broadcastToShape(x.shape, target)) }, sizes))
})

/** `slice(start, end)` */
export interface Slice<in out From extends readonly Bound[], in out To extends readonly Bound[]> {
  <S extends Shape, D extends DType>(x: Fits<SliceShape<S, From, To>, Tensor<S, D>>): Given<SliceShape<S, From, To>, D>
}

export interface SliceFunction {
  <const From extends readonly Bound[], const To extends readonly Bound[]>(
    start: readonly [...From],
    end: readonly [...To],
  ): Slice<From, To>
  <X>(start: TensorFirst<'slice', X, readonly Bound[]>, ...end: AfterFirst<X, [readonly Bound[]]>): never
}

/**
 * From `start` up to `end` of each axis, counted from the end when negative; null is the axis's own start or end. Axes that
 * are not spoken of stay whole; nothing is clipped.
 *
 * @example
 * toArray(pipe(tensor([[1, 2, 3], [4, 5, 6]]), slice([0, -2], [1, null]))) // => [[2, 3]]
 */
export const slice = typed<SliceFunction>((start: readonly Bound[], end: readonly Bound[]) => {
  notFirst('slice', start)
  return moving('slice', (x) => {
    const sliced = fits(sliceOf(x.shape, start, end))
    return sliceNode(x, sliced.start, sliced.shape)
  })
})
