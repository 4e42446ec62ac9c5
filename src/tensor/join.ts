/** Larger tensors from smaller ones. */
import { axisOf } from '../../types/axis.ts'
import { type ConcatShape, concatShape, type wideList } from '../../types/concat.ts'
import type { DType, Shape, Size } from '../../types/dim.ts'
import { anyDType, type DTypeFault } from '../../types/dtype.ts'
import type { AfterFirst, TensorFirst } from '../../types/operation.ts'
import { type Padding, type PadShape, padShape } from '../../types/pad.ts'
import { type Fits, fits, ShapeError } from '../../types/shape-error.ts'
import type { DimFault, DimOf, SizeMessage } from '../../types/size.ts'
import { type StackShape, stackShape, type wideStack } from '../../types/stack.ts'
import type { AnyTensor, Tensor } from '../../types/tensor.ts'
import { cast, concat as concatNode, equal, full, iota, pad as padNode, reshape, select } from '../graph/expression.ts'
import { tensorOf } from '../graph/node.ts'
import { notFirst, scalarNode, shapeArgument, shown, tensorNode } from './argument.ts'
import type { Refusal, RefusedOperation } from './size.ts'
import { typed } from './typed.ts'

type DTypeOf<T> = T extends readonly [Tensor<infer _, infer D>, ...unknown[]] ? D : never
/** A list of open length is refused by the result: so is the list of nested calls at first, whose types come later. */
type ConcatFault<T extends readonly unknown[], A extends number> = number extends T['length']
  ? unknown
  : ConcatShape<T, A> extends infer Fault extends string
    ? Fault
    : unknown
type Concatenated<T extends readonly unknown[], A extends number> = number extends T['length']
  ? Refusal<typeof wideList>
  : ConcatShape<T, A> extends infer R extends Shape
    ? Tensor<R, DTypeOf<T>>
    : never
/** A signature for each count of arguments: an optional axis might be `undefined`, which its type would not show. */
export interface ConcatFunction {
  <const T extends readonly AnyTensor[]>(tensors: readonly [...T] & ConcatFault<T, 0>): Concatenated<T, 0>
  <const T extends readonly AnyTensor[], const A extends number>(tensors: readonly [...T] & ConcatFault<T, A>, axis: A): Concatenated<T, A>
}

/**
 * Tensors joined along an axis, the first unless said; the other dims are the same.
 *
 * @example
 * toArray(concat([tensor([[1], [2]]), tensor([[3], [4]])], 1)) // => [[1, 3], [2, 4]]
 */
export const concat = typed<ConcatFunction>((tensors: unknown, axis = 0) => {
  if (!Array.isArray(tensors)) throw new ShapeError(`concat: expected a list of tensors, got ${shown(tensors)}`)
  const nodes = tensors.map((x) => tensorNode('concat', x, anyDType))
  return tensorOf(concatNode(nodes, axisOf(fits(concatShape(nodes, axis)), axis) as number))
})

type StackFault<T extends readonly unknown[], A extends number> = number extends T['length']
  ? unknown
  : StackShape<T, A> extends infer Fault extends string
    ? Fault
    : unknown
type Stacked<T extends readonly unknown[], A extends number> = number extends T['length']
  ? Refusal<typeof wideStack>
  : StackShape<T, A> extends [infer R extends Shape]
    ? Tensor<R, DTypeOf<T>>
    : never
/** As `ConcatFunction`. */
export interface StackFunction {
  <const T extends readonly AnyTensor[]>(tensors: readonly [...T] & StackFault<T, 0>): Stacked<T, 0>
  <const T extends readonly AnyTensor[], const A extends number>(tensors: readonly [...T] & StackFault<T, A>, axis: A): Stacked<T, A>
}

/**
 * Tensors of one shape along a new axis, which is the first of the result unless said: n of `[3]` make `[n, 3]`.
 *
 * @example
 * toArray(stack([tensor([1, 2]), tensor([3, 4])], -1)) // => [[1, 3], [2, 4]]
 */
export const stack = typed<StackFunction>((tensors: unknown, axis = 0) => {
  if (!Array.isArray(tensors)) throw new ShapeError(`stack: expected a list of tensors, got ${shown(tensors)}`)
  const nodes = tensors.map((x) => tensorNode('stack', x, anyDType))
  const at = axisOf(fits(stackShape(nodes, axis)), axis) as number
  const layers = nodes.map((x) => reshape(x, x.shape.toSpliced(at, 0, 1)))
  return tensorOf(concatNode(layers, at))
})

/** `pad(padding)` */
export interface Pad<in out P extends readonly unknown[]> {
  <S extends Shape, D extends DType>(
    x: Fits<PadShape<S, P>, Tensor<S, D>>,
  ): PadShape<S, P> extends infer R extends Shape ? Tensor<R, D> : never
}

/**
 * A value, 0 unless said, before and after each axis: `[low, high]` for each.
 *
 * @example
 * toArray(pipe(tensor([[1, 2]]), pad([[0, 1], [1, 0]]))) // => [[0, 1, 2], [0, 0, 0]]
 */
export const pad = <const P extends Padding>(padding: readonly [...P], value = 0): Pad<P> =>
  typed((x: unknown) => {
    const node = tensorNode('pad', x, anyDType)
    fits(padShape(node.shape, padding))
    const sides = [padding.map(([low]) => low), padding.map(([, high]) => high)] as const
    const padded = padNode(node, ...sides)
    if (value === 0) return tensorOf(padded)
    const inside = padNode(full(node.shape, 1, 'bool'), ...sides)
    return tensorOf(select(inside, padded, scalarNode('pad', value, node.dtype)))
  })

/** `oneHot(size)` */
export interface OneHot<in out N> {
  <S extends Shape, D extends DType>(classes: Fits<DTypeFault<'oneHot', 'i32', D>, Tensor<S, D>>): Tensor<[...S, N]>
}
export interface OneHotFunction {
  <const N extends Size>(size: DimFault<DimOf<N>> extends null ? never : N): RefusedOperation<SizeMessage<'oneHot', DimOf<N>>>
  <const N extends Size>(size: N): OneHot<DimOf<N>>
  <X>(size: TensorFirst<'oneHot', X, Size>, ...more: AfterFirst<X>): never
}

/**
 * 1 at the class and 0 elsewhere, `i32 [...] -> [..., size]`; all 0 for a class that is not one of them.
 *
 * @example
 * toArray(pipe(tensor([2, 0], 'i32'), oneHot(3))) // => [[0, 0, 1], [1, 0, 0]]
 */
export const oneHot = typed<OneHotFunction>((size: Size) => {
  notFirst('oneHot', size)
  const [[classes], sizes] = shapeArgument('oneHot', [size])
  return (x: unknown) => {
    const node = tensorNode('oneHot', x, ['i32'])
    const one = iota([classes as number], 0, sizes)
    return tensorOf(cast(equal(reshape(node, [...node.shape, 1]), one), 'f32'))
  }
})
