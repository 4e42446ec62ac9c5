/**
 * The number of elements of a shape: a number, or a product of names (`'784*batch'`: the number first, then the names
 * in order). Products are names like any other.
 */
import type { Mul } from './arithmetic.ts'
import type { Dim, Dims, Sizes } from './dim.ts'

/** What a shape multiplies to: its number, and its names in order. */
export type Factors<S, N extends number = 1, Names extends readonly string[] = []> = S extends readonly [infer Head, ...infer Rest]
  ? Head extends number
    ? Factors<Rest, Mul<N, Head>, Names>
    : Head extends `${infer K extends number}*${infer Product}`
      ? Factors<Rest, Mul<N, K>, [...Names, ...Split<Product>]>
      : Factors<Rest, N, [...Names, ...Split<Head & string>]>
  : [N, Names]
type Split<Product extends string> = Product extends `${infer Name}*${infer Rest}` ? [Name, ...Split<Rest>] : [Product]
type Join<Names> = Names extends readonly [infer Head extends string, ...infer Rest]
  ? Rest extends readonly []
    ? Head
    : `${Head}*${Join<Rest>}`
  : never

/** One dim from its factors. */
export type Product<N extends number, Names> = Names extends readonly [] ? N : N extends 1 ? Join<Names> : `${N}*${Join<Names>}`
export type Elements<S> = Factors<S> extends [infer N extends number, infer Names] ? Product<N, Names> : never

/** What dims multiply to: their number, and their names in order. */
export const factors = (dims: Dims): readonly [number, readonly string[]] => {
  const parts = dims.flatMap((dim) => (typeof dim === 'number' ? [dim] : dim.split('*').map(part)))
  return [parts.reduce<number>((n, f) => (typeof f === 'number' ? n * f : n), 1), parts.filter((f) => typeof f === 'string')]
}
/** One dim from its factors. */
export const product = (n: number, names: readonly string[]): Dim =>
  names.length === 0 ? n : n === 1 ? names.join('*') : `${n}*${names.join('*')}`
export const elements = (dims: Dims): Dim => product(...factors(dims))

const part = (text: string, index: number): Dim => (index === 0 && /^\d+$/.test(text) ? Number(text) : text)

/** The size of a dim: a literal, a bound name, or a product of them (`'batch*time'`); null for a name that has none. */
export const sizeOfDim = (dim: Dim, sizes: Sizes): number | null => {
  if (typeof dim === 'number') return dim
  return dim.split('*').reduce<number | null>((product, factor) => {
    const n = /^\d+$/.test(factor) ? Number(factor) : Object.hasOwn(sizes, factor) ? sizes[factor] : undefined
    return product === null || n === undefined ? null : product * n
  }, 1)
}
