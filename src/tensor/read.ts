/** Reading tensors back into JavaScript. Expressions are computed first. */
import type { DType, Shape } from '../../types/dim.ts'
import { anyDType } from '../../types/dtype.ts'
import { sizeOfDim } from '../../types/elements.ts'
import type { Tensor } from '../../types/tensor.ts'
import type { Node, NodeOf } from '../graph/node.ts'
import type { Elements } from '../graph/op.ts'
import { tensorNode } from './argument.ts'
import { compute } from './compute.ts'

type Element<D> = D extends 'bool' ? boolean : number
/** Readonly arrays, as deep as the shape has axes. */
export type NestedArray<S, E> = S extends readonly [unknown, ...infer Rest] ? readonly NestedArray<Rest, E>[] : E

/** A typed array that cannot be written. */
export interface ReadonlyTypedArray<in out A extends Elements> extends Iterable<number> {
  readonly length: number
  readonly [index: number]: number
  readonly at: (index: number) => number | undefined
  readonly every: (holds: (value: number, index: number) => boolean) => boolean
  readonly some: (holds: (value: number, index: number) => boolean) => boolean
  readonly indexOf: (value: number) => number
  readonly reduce: <T>(f: (sum: T, value: number, index: number) => T, first: T) => T
  readonly forEach: (f: (value: number, index: number) => void) => void
  /** A copy, which can be written. */
  readonly slice: (start?: number, end?: number) => A
}
type TypedArrayOf<D> = D extends 'f32' ? Float32Array<ArrayBuffer> : D extends 'i32' ? Int32Array<ArrayBuffer> : Uint8Array<ArrayBuffer>

/**
 * The elements as nested arrays; a number or a boolean for a scalar.
 *
 * @example
 * toArray(ones([2, 2])) // => [[1, 1], [1, 1]]
 */
export const toArray = <S extends Shape, D extends DType>(x: Tensor<S, D>): NestedArray<S, Element<D>> => {
  const { attributes, sizes, dtype } = dataOf('toArray', x)
  const shape = attributes.shape.map((dim) => sizeOfDim(dim, sizes) ?? 0)
  const element = (i: number) => (dtype === 'bool' ? attributes.values[i] !== 0 : attributes.values[i])
  const nested = (axis: number, start: number, count: number): unknown => {
    const size = shape[axis]
    if (size === undefined) return element(start)
    return Array.from({ length: size }, (_, i) => nested(axis + 1, start + (i * count) / size, count / size))
  }
  return nested(0, 0, attributes.values.length) as NestedArray<S, Element<D>>
}

/**
 * The elements in row-major order; 0 and 1 for bool.
 *
 * @example
 * toTypedArray(tensor([[1, 2], [3, 4]])).at(-1) // => 4
 */
export const toTypedArray = <S extends Shape, D extends DType>(x: Tensor<S, D>): ReadonlyTypedArray<TypedArrayOf<D>> =>
  // what the dtype says of the array, `dataOf` has forgotten
  dataOf('toTypedArray', x).attributes.values.slice() as unknown as ReadonlyTypedArray<TypedArrayOf<D>>

const dataOf = (op: string, x: unknown): NodeOf<'data'> => compute<Node>(tensorNode(op, x, anyDType)) as NodeOf<'data'>
