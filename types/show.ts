/** How sizes and shapes read in a sentence: `784`, `batch`, `[batch, 784]`; `?` where the compiler does not know. */
import type { Dims } from './dim.ts'

export type ShowDim<D> = number extends D ? '?' : string extends D ? '?' : D extends string | number ? `${D}` : '?'
export type Show<S, Done extends string = ''> = S extends readonly [infer Head, ...infer Rest]
  ? Show<Rest, Done extends '' ? ShowDim<Head> : `${Done}, ${ShowDim<Head>}`>
  : S extends readonly []
    ? `[${Done}]`
    : '[...?]'

export const show = (dims: Dims): string => `[${dims.join(', ')}]`
