/**
 * The number of elements of a shape: a number, or a product of names (`'784*batch'`: the number first, then the names
 * in order). Products are names like any other.
 */
import type { Mul } from './arithmetic.ts'
import type { Dim, Dims, Sizes } from './dim.ts'
import { type Say, say } from './say.ts'

const openShape = '{op}: a size of {shape} is not a literal'
const countless = '{op}: {shape} has 2^53 elements or more'

/** What a shape multiplies to: its number, which is `never` from 2^53 on, and its names in order; null for an open rank. */
export type Factors<S, N extends number = 1, Names extends readonly string[] = []> = S extends readonly [infer Head, ...infer Rest]
  ? Head extends number
    ? Factors<Rest, Mul<N, Head>, Names>
    : Head extends `${infer K extends number}*${infer Product}`
      ? Factors<Rest, Mul<N, K>, [...Names, ...Split<Product>]>
      : Factors<Rest, N, [...Names, ...Split<Head & string>]>
  : S extends readonly []
    ? [N, Names]
    : null
type Split<Product extends string> = Product extends `${infer Name}*${infer Rest}` ? [Name, ...Split<Rest>] : [Product]
type Join<Names> = Names extends readonly [infer Head extends string, ...infer Rest]
  ? Rest extends readonly []
    ? Head
    : `${Head}*${Join<Rest>}`
  : never

/** One dim from its factors. */
export type Product<N extends number, Names> = Names extends readonly [] ? N : N extends 1 ? Join<Names> : `${N}*${Join<Names>}`
/** `never` from 2^53 on. */
export type Elements<S> = Factors<S> extends [infer N extends number, infer Names] ? Product<N, Names> : never
/** The message for a shape whose elements are too many to count, or not known; or null. */
export type CountFault<Op extends string, S> =
  Factors<S> extends [infer N, unknown]
    ? [N] extends [never]
      ? Say<number extends S[number & keyof S] ? typeof openShape : typeof countless, { op: Op; shape: S }>
      : null
    : Say<typeof openShape, { op: Op; shape: S }>

/** What dims multiply to: their number, which is infinite from 2^53 on, and their names in order. */
export const factors = (dims: Dims): readonly [number, readonly string[]] => {
  const parts = dims.flatMap((dim) => (typeof dim === 'number' ? [dim] : dim.split('*').map(part)))
  const names = parts.filter((f) => typeof f === 'string')
  return [parts.reduce<number>((n, f) => (typeof f === 'number' ? counted(n * f) : n), 1), names]
}
const counted = (n: number): number => (n <= Number.MAX_SAFE_INTEGER ? n : Number.POSITIVE_INFINITY)
/** One dim from its factors. */
export const product = (n: number, names: readonly string[]): Dim =>
  names.length === 0 ? n : n === 1 ? names.join('*') : `${n}*${names.join('*')}`
export const elements = (dims: Dims): Dim => product(...factors(dims))
/** The message for a shape whose elements are too many to count, or null. */
export const countFault = (op: string, shape: Dims): string | null =>
  Number.isFinite(factors(shape)[0]) ? null : say(countless, { op, shape })

const part = (text: string, index: number): Dim => (index === 0 && /^\d+$/.test(text) ? Number(text) : text)

/** The size of a dim: a literal, a bound name, or a product of them (`'batch*time'`); null for a name that has none. */
export const sizeOfDim = (dim: Dim, sizes: Sizes): number | null => {
  if (typeof dim === 'number') return dim
  return dim.split('*').reduce<number | null>((product, factor) => {
    const n = /^\d+$/.test(factor) ? Number(factor) : Object.hasOwn(sizes, factor) ? sizes[factor] : undefined
    return product === null || n === undefined ? null : product * n
  }, 1)
}
