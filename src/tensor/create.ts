/** Making tensors: from numbers, or all alike. */
import { type Axis, type AxisMessage, axisMessage, axisOf, type wideAxis } from '../../types/axis.ts'
import type { Dim, DType, Shape, Size, Sizes } from '../../types/dim.ts'
import type { DTypeGiven, DTypeMessage, RefuseDType } from '../../types/dtype.ts'
import { sizeOfDim } from '../../types/elements.ts'
import {
  type flatValues,
  type Nested,
  type NestedDType,
  type NestedFault,
  type NestedShape,
  nestedDType,
  nestedShape,
  nestedValues,
  type TypedValues,
} from '../../types/nested.ts'
import type { Say } from '../../types/say.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { show } from '../../types/show.ts'
import type { DimsOf, ListOfSizes, RefuseShape, ShapeMessage, SizeFault } from '../../types/size.ts'
import type { Tensor } from '../../types/tensor.ts'
import { data, full as fullNode, iota as iotaNode } from '../graph/expression.ts'
import { tensorOf } from '../graph/node.ts'
import type { Elements } from '../graph/op.ts'
import { checked, dtypeArgument, scalarNode, shapeArgument, shown } from './argument.ts'
import type { Creator, Refusal } from './size.ts'
import { typed } from './typed.ts'

/** Numbers in row-major order. */
export type Values = readonly number[] | readonly boolean[] | TypedValues

type NestedTensor<T, D extends DType> = 0 extends 1 & T
  ? // biome-ignore lint/suspicious/noExplicitAny: of `any` nothing is known, its rank neither
    Tensor<any, D>
  : NestedShape<T> extends infer S
    ? S extends Shape
      ? NestedFault<T> extends infer E extends string
        ? Refusal<E>
        : Tensor<S, D>
      : S extends string
        ? Refusal<S>
        : never
    : never
type DefaultDType<T> = NestedDType<T> extends infer D extends DType ? D : never

export interface TensorFunction {
  <const D extends DType>(nested: Nested, dtype: RefuseDType<D>): Refusal<DTypeMessage<'tensor'>>
  <V extends TypedValues>(values: 0 extends 1 & V ? never : V, dtype?: DType): [V] extends [never] ? never : Refusal<typeof flatValues>
  <const T extends Nested>(nested: T): NestedTensor<T, DefaultDType<T>>
  <const T extends Nested, const D extends DType>(nested: T, dtype: D): NestedTensor<T, NoInfer<D>>
  <const S extends readonly Size[]>(values: Values, shape: RefuseShape<S>, dtype?: DType): Refusal<ShapeMessage<'tensor', S>>
  <const D extends DType>(values: Values, shape: readonly Size[], dtype: RefuseDType<D>): Refusal<DTypeMessage<'tensor'>>
  <const S extends readonly Dim[]>(values: Values, shape: readonly [...S]): Tensor<[...S]>
  <const S extends readonly Dim[], const D extends DType>(values: Values, shape: readonly [...S], dtype: D): Tensor<[...S], NoInfer<D>>
  <const S extends readonly Size[]>(values: Values, shape: readonly [...S]): Tensor<DimsOf<S>>
  <const S extends readonly Size[], const D extends DType>(values: Values, shape: readonly [...S], dtype: D): Tensor<DimsOf<S>, NoInfer<D>>
  <const D>(nested: Nested, dtype: DTypeGiven<'tensor', D>): never
  <const D>(values: Values, shape: readonly Size[], dtype: DTypeGiven<'tensor', D>): never
}

/**
 * A tensor from nested arrays, whose shape is theirs; or from values in row-major order and a shape. Numbers are f32
 * unless said, booleans bool.
 *
 * @example
 * toArray(sum(0)(tensor([[1, 2], [3, 4]]))) // => [4, 6]
 */
export const tensor = typed<TensorFunction>((values: Nested | Values, shape?: unknown, dtype?: DType) => {
  if (Array.isArray(shape)) return shaped(values as Values, shape, dtypeArgument('tensor', dtype ?? 'f32'))
  if (shape !== undefined && dtype !== undefined) throw new ShapeError('tensor: the shape stands before the dtype')
  return nested(values as Nested, dtypeArgument('tensor', shape ?? nestedDType(values as Nested)))
})

export interface ScalarFunction {
  <const D extends DType>(value: number, dtype: RefuseDType<D>): Refusal<DTypeMessage<'scalar'>>
  (value: number): Tensor<[]>
  <const D extends DType>(value: number, dtype: D): Tensor<[], NoInfer<D>>
  <const D>(value: number, dtype: DTypeGiven<'scalar', D>): never
}

/**
 * A scalar, of shape [].
 *
 * @example
 * toArray(scalar(3)) // => 3
 */
export const scalar = typed<ScalarFunction>((value: number, dtype?: DType) => {
  if (typeof value !== 'number') throw new ShapeError(`scalar: expected a number, got ${shown(value)}`)
  return tensorOf(scalarNode('scalar', value, dtypeArgument('scalar', dtype ?? 'f32')))
})

const alike =
  (op: string, value: number) =>
  (shape: readonly Size[], dtype: DType = 'f32') =>
    filled(op, shape, value, dtype)

/**
 * Zeros of a shape; false for bool.
 *
 * @example
 * toArray(zeros([2, 2])) // => [[0, 0], [0, 0]]
 */
export const zeros = typed<Creator<'zeros'>>(alike('zeros', 0))

/**
 * Ones of a shape; true for bool.
 *
 * @example
 * toArray(ones([2])) // => [1, 1]
 */
export const ones = typed<Creator<'ones'>>(alike('ones', 1))

export interface FullFunction {
  <const S extends readonly Size[]>(shape: RefuseShape<S>, value: number, dtype?: DType): Refusal<ShapeMessage<'full', S>>
  <const D extends DType>(shape: readonly Size[], value: number, dtype: RefuseDType<D>): Refusal<DTypeMessage<'full'>>
  <const S extends readonly Dim[]>(shape: readonly [...S], value: number): Tensor<[...S]>
  <const S extends readonly Dim[], const D extends DType>(shape: readonly [...S], value: number, dtype: D): Tensor<[...S], NoInfer<D>>
  <const S extends readonly Size[]>(shape: readonly [...S], value: number): Tensor<DimsOf<S>>
  <const S extends readonly Size[], const D extends DType>(shape: readonly [...S], value: number, dtype: D): Tensor<DimsOf<S>, NoInfer<D>>
  <const S>(shape: ListOfSizes<'full', S>, value: number): never
  <const S, const D>(shape: ListOfSizes<'full', S>, value: number, dtype: DTypeGiven<'full', D>): never
}

/**
 * One value everywhere.
 *
 * @example
 * toArray(full([2], 0.5)) // => [0.5, 0.5]
 */
export const full = typed<FullFunction>((shape: readonly Size[], value: number, dtype: DType = 'f32') => {
  if (typeof value !== 'number') throw new ShapeError(`full: expected a number, got ${shown(value)}`)
  return filled('full', shape, value, dtype)
})

/** The tensor, or the message where there is no such axis. */
type Counted<S extends Shape, A extends number> =
  SizeFault<A> extends 'wide'
    ? Refusal<Say<typeof wideAxis, { op: 'iota' }>>
    : Axis<S, A> extends [unknown]
      ? Tensor<S, 'i32'>
      : Refusal<AxisMessage<'iota', S, A>>
export interface IotaFunction {
  <const S extends readonly Size[]>(shape: RefuseShape<S>, axis?: number): Refusal<ShapeMessage<'iota', S>>
  <const S extends readonly Dim[]>(shape: readonly [...S]): Counted<[...S], 0>
  <const S extends readonly Dim[], const A extends number>(shape: readonly [...S], axis: A): Counted<[...S], A>
  <const S extends readonly Size[]>(shape: readonly [...S]): Counted<DimsOf<S>, 0>
  <const S extends readonly Size[], const A extends number>(shape: readonly [...S], axis: A): Counted<DimsOf<S>, A>
  <const S>(shape: ListOfSizes<'iota', S>): never
  <const S>(shape: ListOfSizes<'iota', S>, axis: number): never
}

/**
 * Each element is its index along an axis, the first unless said; i32.
 *
 * @example
 * toArray(iota([2, 3], 1)) // => [[0, 1, 2], [0, 1, 2]]
 */
export const iota = typed<IotaFunction>((shape: readonly Size[], axis = 0) => {
  const [dims, sizes] = shapeArgument('iota', shape)
  const at = axisOf(dims, axis)
  if (at === null) throw new ShapeError(axisMessage('iota', dims, axis))
  return tensorOf(iotaNode(dims, at, sizes))
})

const filled = (op: string, shape: readonly Size[], value: number, dtype: DType) => {
  const [dims, sizes] = shapeArgument(op, shape)
  return tensorOf(fullNode(dims, checked(op, value, dtypeArgument(op, dtype)), dtype, sizes))
}

const nested = (values: Nested, dtype: DType) => {
  const shape = fits(nestedShape(values))
  return tensorOf(data(elementsOf(fits(nestedValues(values)), dtype), shape, dtype))
}

const shaped = (values: Values, shape: readonly Size[], dtype: DType) => {
  const [dims, sizes] = shapeArgument('tensor', shape)
  const count = dims.reduce<number>((n, dim) => n * known(dim, sizes), 1)
  if (!isValues(values)) throw new ShapeError(`tensor: expected numbers, got ${shown(values)}`)
  if (Array.isArray(values[0])) throw new ShapeError('tensor: beside a shape, values stand in a flat list; write values.flat()')
  if (values.length !== count) throw new ShapeError(`tensor: ${show(dims)} has ${count} elements, got ${values.length} values`)
  return tensorOf(data(elementsOf(values, dtype), dims, dtype, sizes))
}
const known = (dim: Dim, sizes: Sizes): number => {
  const size = sizeOfDim(dim, sizes)
  if (size === null) throw new ShapeError(`tensor: the size of '${dim}' is not known; write dim('${dim}', n)`)
  return size
}
const isValues = (values: unknown): values is Values => Array.isArray(values) || ArrayBuffer.isView(values)

/** A copy: tensors never change. */
const elementsOf = (values: Values, dtype: DType): Elements => {
  for (const value of values) {
    if (typeof value !== 'number' && typeof value !== 'boolean')
      throw new ShapeError(`tensor: expected numbers or booleans, got ${shown(value)}`)
    checked('tensor', Number(value), dtype)
  }
  return arrays[dtype].from(values as ArrayLike<number>)
}
const arrays = { f32: Float32Array, i32: Int32Array, bool: Uint8Array } as const
