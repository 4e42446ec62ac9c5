/** How sizes and shapes read in a sentence: `784`, `batch`, `[batch, 784]`; `?` where the compiler does not know. */
import type { Dims, DType } from './dim.ts'

/** A list in a list is no shape, but what was given for one: it is shown as it is. */
export type ShowDim<D> = number extends D
  ? '?'
  : string extends D
    ? '?'
    : D extends string | number
      ? `${D}`
      : D extends readonly unknown[]
        ? Show<D>
        : '?'
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

export const show = (dims: readonly unknown[]): string => `[${dims.map((dim) => (Array.isArray(dim) ? show(dim) : dim)).join(', ')}]`

/** A shape with its dtype where that is not f32: `i32 [batch]`. */
export type ShowTyped<S, D> = D extends 'f32' ? Show<S> : `${D & string} ${Show<S>}`

export interface DimsAndType {
  readonly shape: Dims
  readonly dtype: DType
}
export const showTyped = ({ shape, dtype }: DimsAndType): string => (dtype === 'f32' ? show(shape) : `${dtype} ${show(shape)}`)
