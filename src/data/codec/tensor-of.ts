/** `tensorOf`: tensors out of what JSON, files and other libraries give. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Dim, DType, Shape, Size } from '../../../types/dim.ts'
import type { DTypeGiven, DTypeMessage, RefuseDType } from '../../../types/dtype.ts'
import { ShapeError } from '../../../types/shape-error.ts'
import type { DimsOf, ListOfSizes, RefuseShape, ShapeMessage } from '../../../types/size.ts'
import type { Tensor } from '../../../types/tensor.ts'
import { data } from '../../graph/expression.ts'
import { type Node, tensorOf as tensorOfNode } from '../../graph/node.ts'
import { compute } from '../../tensor/compute.ts'
import type { NestedArray } from '../../tensor/read.ts'
import type { Refusal } from '../../tensor/size.ts'
import { typed } from '../../tensor/typed.ts'
import { type PlainElement, plain } from './element.ts'
import { type Fault, invalid } from './fault.ts'
import { fitTensor, isFitting, showNode } from './fit-tensor.ts'
import { isTensor, shownValue } from './foreign.ts'
import { readElements } from './read-elements.ts'
import { showSized, type Wanted, wanted } from './wanted.ts'

/** A codec of io-ts between tensors and nested arrays. */
export interface TensorCodec<S extends Shape, D extends DType = 'f32'>
  extends t.Type<Tensor<S, D>, NestedArray<S, PlainElement<D>>, unknown> {}

export interface TensorOf {
  <const S extends readonly Size[]>(shape: RefuseShape<S>, dtype?: DType): Refusal<ShapeMessage<'tensorOf', S>>
  <const S extends readonly Size[], const D extends DType>(shape: readonly [...S], dtype: RefuseDType<D>): Refusal<DTypeMessage<'tensorOf'>>
  <const S extends readonly Dim[]>(shape: readonly [...S]): TensorCodec<[...S], 'f32'>
  <const S extends readonly Dim[], const D extends DType>(shape: readonly [...S], dtype: D): TensorCodec<[...S], NoInfer<D>>
  <const S extends readonly Size[]>(shape: readonly [...S]): TensorCodec<DimsOf<S>, 'f32'>
  <const S extends readonly Size[], const D extends DType>(shape: readonly [...S], dtype: D): TensorCodec<DimsOf<S>, NoInfer<D>>
  <const S>(shape: ListOfSizes<'tensorOf', S>): never
  <const S, const D>(shape: ListOfSizes<'tensorOf', S>, dtype: DTypeGiven<'tensorOf', D>): never
}

/**
 * A codec of io-ts for tensors of a shape. It decodes nested arrays, typed arrays (flat, row-major, also as rows of an
 * array), arrays of files (`readNpy`) and tensors. A name takes its size from what comes, the same wherever it stands; `dim(name, n)` demands n. f32
 * takes any number that it can hold, rounded; i32 whole numbers; bool booleans, or 0 and 1 in a typed array. It encodes as
 * nested arrays, which `JSON.stringify` keeps bit for bit: NaN, Infinity and -0 are words there.
 *
 * Errors are `t.Errors`, at most 10, each with its sentence as `message`, which io-ts's `PathReporter` prints.
 *
 * @example
 * const decoded = tensorOf(['batch', 3]).decode(JSON.parse('[[1, 2, 3], [4, "x", 6]]'))
 * E.isLeft(decoded) && decoded.left.map(({ message }) => message) // => ["[1][1]: expected a number, got 'x'"]
 */
export const tensorOf = typed<TensorOf>((shape: readonly Size[], dtype: unknown = 'f32') => codecOf(wanted('tensorOf', shape, dtype)))

const codecOf = (want: Wanted): t.Type<Node, unknown, unknown> => {
  const codec: t.Type<Node, unknown, unknown> = new t.Type(
    showSized(want),
    (x): x is Node => isFitting(want, x),
    (x, context) => {
      const read = readTensor(want, x)
      return E.isLeft(read) ? invalid(read.left, context, codec) : read
    },
    (x) => plain(compute(tensorOfNode(encodable(want, x)))),
  )
  return codec
}

/** The types of JavaScript say nothing: what does not fit throws. */
const encodable = (want: Wanted, x: unknown): Node => {
  if (!isTensor(x)) throw new ShapeError(`tensorOf: expected ${showSized(want)}, got ${shownValue(x)}`)
  if (E.isLeft(fitTensor(want, x))) throw new ShapeError(`tensorOf: expected ${showSized(want)}, got ${showNode(want, x)}`)
  return x
}

/** A tensor of the wanted shape, or what is wrong with what came. */
export const readTensor = (want: Wanted, x: unknown): E.Either<readonly Fault[], Node> => {
  if (isTensor(x)) {
    const fitting = fitTensor(want, x)
    if (E.isRight(fitting)) return fitting
    return E.left([{ path: [], value: x, message: `expected ${showSized(want)}, got ${showNode(want, x)}` }])
  }
  const read = readElements(want, x)
  return E.isLeft(read) ? read : E.right(data(read.right.values, want.dims, want.dtype, read.right.sizes))
}
