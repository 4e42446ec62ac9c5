/** What a tensor from outside must be: a shape whose names may be open or bound, and a dtype. And how sentences show it. */
import type { Dim, Dims, DType, Size, Sizes } from '../../../types/dim.ts'
import { factors, sizeOfDim } from '../../../types/elements.ts'
import { show } from '../../../types/show.ts'
import { dtypeArgument, shapeArgument } from '../../tensor/argument.ts'

export interface Wanted {
  readonly dims: Dims
  /** Sizes of names that are bound already: by `dim`, or by a model. */
  readonly sizes: Sizes
  readonly dtype: DType
}

/** What `op` was asked for. */
export const wanted = (op: string, shape: readonly Size[], dtype: unknown): Wanted => {
  const [dims, sizes] = shapeArgument(op, shape)
  return Object.freeze({ dims: Object.freeze(dims), sizes, dtype: dtypeArgument(op, dtype) })
}

/** A name by itself, no product. */
export const isName = (dim: Dim): dim is string => typeof dim === 'string' && !dim.includes('*')

/** `i32 [batch, 784] with batch = 32`: the dtype unless it is f32, and the sizes that names have. */
export const showSized = ({ dims, sizes, dtype }: Wanted): string => {
  const names = [...new Set(factors(dims)[1])].filter((name) => Object.hasOwn(sizes, name))
  const bound = names.length === 0 ? '' : ` with ${names.map((name) => `${name} = ${sizes[name]}`).join(', ')}`
  return `${dtype === 'f32' ? '' : `${dtype} `}${show(dims)}${bound}`
}

/** Each dim's size, null where a name has none. */
export const sizesOfDims = (dims: Dims, known: Sizes): readonly (number | null)[] => dims.map((dim) => sizeOfDim(dim, known))
