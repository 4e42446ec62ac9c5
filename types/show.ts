/** How sizes and shapes read in a sentence: `784`, `batch`, `[batch, 784]`; `?` where the compiler does not know. */
import type { Dims, DType } from './dim.ts'

export type ShowDim<D> = number extends D ? '?' : string extends D ? '?' : D extends string | number ? `${D}` : '?'
/** Nothing is asked of what was shown before: so a dim that is a type parameter leaves the words around it readable. */
export type Show<S> = S extends readonly [infer Head, ...infer Rest]
  ? `[${ShowDim<Head>}${ShowRest<Rest>}]`
  : S extends readonly []
    ? '[]'
    : '[...?]'
type ShowRest<S, Done extends string = ''> = S extends readonly [infer Head, ...infer Rest]
  ? ShowRest<Rest, `${Done}, ${ShowDim<Head>}`>
  : S extends readonly []
    ? Done
    : `${Done}, ...?`

export const show = (dims: Dims): string => `[${dims.join(', ')}]`

/** A shape with its dtype where that is not f32: `i32 [batch]`. */
export type ShowTyped<S, D> = D extends 'f32' ? Show<S> : `${D & string} ${Show<S>}`

export interface DimsAndType {
  readonly shape: Dims
  readonly dtype: DType
}
export const showTyped = ({ shape, dtype }: DimsAndType): string => (dtype === 'f32' ? show(shape) : `${dtype} ${show(shape)}`)
