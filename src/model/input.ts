/** Where a model begins: the shape of one sample. */
import type { DType, Size } from '../../types/dim.ts'
import type { DTypeGiven } from '../../types/dtype.ts'
import { type InputMessage, type InputOutput, inputShape, type RefuseInput, type wideType } from '../../types/input.ts'
import type { Model, NoParams } from '../../types/model.ts'
import { fits } from '../../types/shape-error.ts'
import { type DimsOf, type ListOfSizes, type Refuse, type RefuseShape, type ShapeMessage, sizesOf } from '../../types/size.ts'
import { mergeSizes } from '../graph/make.ts'
import { emptyChain } from './chain.ts'
import { modelOf } from './model.ts'

export interface Input {
  <const S extends readonly Size[]>(shape: RefuseInput<S>, dtype?: 'f32'): Model<S, InputMessage<S>, NoParams>
  <const S extends readonly Size[]>(shape: RefuseShape<S>, dtype: DType): Model<S, ShapeMessage<'input', S>, NoParams>
  <const S extends readonly Size[], D extends DType>(shape: readonly [...S], dtype: Refuse<D>): Model<DimsOf<S>, typeof wideType, NoParams>
  <const S extends readonly Size[]>(shape: readonly [...S]): Model<DimsOf<S>, InputOutput<DimsOf<S>, 'f32'>, NoParams, 'f32'>
  <const S extends readonly Size[], const D extends DType>(
    shape: readonly [...S],
    dtype: D,
  ): Model<DimsOf<S>, InputOutput<DimsOf<S>, NoInfer<D>>, NoParams, NoInfer<D>>
  <const S>(shape: ListOfSizes<'input', S>): never
  <const S, const D>(shape: ListOfSizes<'input', S>, dtype: DTypeGiven<'input', D>): never
}

/**
 * A model that gives back what it takes: one sample of this shape. Sizes are literal, named, or bound by
 * `dim(name, n)`; the last one sizes weights, so it may be a bare name only where the input is not f32.
 *
 * @example
 * pipe(input([784]), dense(10)).output // => [10]
 */
export const input: Input = (shape: readonly Size[], dtype: DType = 'f32') => {
  const dims = Object.freeze(fits(inputShape(shape, dtype)))
  const sizes = sizesOf(shape).reduce(mergeSizes, {})
  return modelOf<never>({ input: dims, dtype, chain: emptyChain(dims, dtype), sizes })
}
