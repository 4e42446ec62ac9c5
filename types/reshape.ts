/**
 * Reshaping keeps the number of elements. One -1 stands for what is left: a number, or a product of names, as in
 * `['b', 's', 64]` to `[-1, 64]`, which gives `['b*s', 64]`. Names cancel in any order. A leading -1 that faces a dim, behind
 * which both have as many elements, is that dim: so it is also where the dim is a type parameter.
 */
import type { Div, Mod } from './arithmetic.ts'
import type { Dim, Dims, DType, Shape } from './dim.ts'
import { type CountFault, countFault, type Elements, elements, type Factors, factors, type Product, product } from './elements.ts'
import type { OperationFn } from './operation.ts'
import type { Same } from './same.ts'
import { type Say, say } from './say.ts'

const miscounted = 'reshape: {from} has {count} elements, {to} has {other}'
const undivided = 'reshape: {from} has {count} elements, which {to} does not divide'
const manyOpen = 'reshape: at most one -1 in {to}'

/** `reshape(shape)`: on a model the shape is one sample's. */
export interface ReshapeFn<B extends Shape> extends OperationFn {
  kind: 'reshape'
  out: ReshapeShape<Tail<this['in']>, B>
  wholeOut: ReshapeShape<Tail<this['whole']>, B>
  onto: DType
}
/** `reshape([-1, ...])` */
export interface LeadingReshapeFn<B extends Shape> extends OperationFn {
  kind: 'reshape'
  out: LeadingReshapeShape<Tail<this['in']>, B>
  wholeOut: LeadingReshapeShape<Tail<this['whole']>, B>
  onto: DType
}

/** A shape without -1, for questions about its other dims. */
export type Closed<S> = { [I in keyof S]: S[I] extends -1 ? 1 : S[I] }
type Known<S> = S extends [infer Head, ...infer Rest] ? (Head extends -1 ? Known<Rest> : [Head, ...Known<Rest>]) : []
type CountOpen<S, Count extends 1[] = []> = S extends [infer Head, ...infer Rest]
  ? CountOpen<Rest, Head extends -1 ? [...Count, 1] : Count>
  : Count['length']
type Close<S, D> = { [I in keyof S]: S[I] extends -1 ? D : S[I] }

/** Names without those of Others, boxed; null when one of Others is not there. */
type Without<Names extends readonly string[], Others> = Others extends readonly [infer Head, ...infer Rest]
  ? Drop<Names, Head> extends infer Left extends readonly string[]
    ? Without<Left, Rest>
    : null
  : Names
type Drop<Names extends readonly string[], Name, Before extends readonly string[] = []> = Names extends readonly [
  infer Head extends string,
  ...infer Rest extends readonly string[],
]
  ? Same<Head, Name> extends true
    ? [...Before, ...Rest]
    : Drop<Rest, Name, [...Before, Head]>
  : null

/** Leading dims that are the same stand aside first: so a batch dim that is a type parameter resolves. */
type Aside<A, B, Front extends Shape = []> = [A, B] extends [[infer a, ...infer As], [infer b, ...infer Bs]]
  ? Same<a, b> extends true
    ? Aside<As, Bs, [...Front, a]>
    : [Front, A, B]
  : [Front, A, B]

export type ReshapeShape<A extends Shape, B extends Shape> =
  Aside<A, B> extends [infer Front extends Shape, infer X, infer Y]
    ? CountOpen<Y> extends 0
      ? Counts<X, Y> extends [1, []]
        ? B
        : Counts<A, B> extends [1, []]
          ? B
          : Miscounted<A, B, Say<typeof miscounted, { from: A; count: Elements<A>; to: B; other: Elements<B> }>>
      : CountOpen<Y> extends 1
        ? Counts<X, Known<Y>> extends [infer N extends number, infer Names]
          ? [...Front, ...Tail<Close<Y, Product<N, Names>>>]
          : Miscounted<A, Known<B>, Say<typeof undivided, { from: A; count: Elements<A>; to: B }>>
        : Say<typeof manyOpen, { to: B }>
    : never
/** `ReshapeShape` to a shape that is known to begin with -1: nothing is asked of A's first dim, which may be a type parameter. */
export type LeadingReshapeShape<A extends Shape, B extends Shape> = Faced<A, B> extends infer R extends Shape ? R : ReshapeShape<A, B>
/** Y with X's first dim for its leading -1; null where the rest has other elements. */
type Faced<X, Y> = [X, Y] extends [[infer D, ...infer Xs], [-1, ...infer Ys]] ? (Counts<Xs, Ys> extends [1, []] ? [D, ...Ys] : null) : null
/** The message, unless the elements of one are too many to count. */
type Miscounted<A extends Shape, B extends Shape, Message> =
  CountFault<'reshape', A> extends infer E extends string ? E : CountFault<'reshape', B> extends infer E extends string ? E : Message
type Tail<S> = S extends Shape ? S : never
/** What is left of A's elements after B's: number and names; null when B's do not divide them. */
export type Counts<A, B> = [Factors<A>, Factors<B>] extends [
  [infer N extends number, infer Names extends readonly string[]],
  [infer M extends number, infer Others],
]
  ? Without<Names, Others> extends infer Left extends readonly string[]
    ? Quotient<N, M> extends [infer Q]
      ? [Q, Left]
      : null
    : null
  : null
/** Boxed; null when there is a rest, or one is too large. 0 elements of 0 are one. */
type Quotient<N extends number, M extends number> = [N] extends [never]
  ? null
  : [M] extends [never]
    ? null
    : Same<N, M> extends true
      ? [1]
      : M extends 0
        ? null
        : Mod<N, M> extends 0
          ? [Div<N, M>]
          : null

export const reshapeShape = (from: Dims, to: Dims): Dims | string => {
  const front = to.findIndex((dim, i) => dim !== from[i])
  const [x, y] = front < 0 ? [from.slice(to.length), []] : [from.slice(front), to.slice(front)]
  const open = y.filter((dim) => dim === -1).length
  if (open > 1) return say(manyOpen, { to })
  if (open === 0)
    return isOne(counts(x, y)) || isOne(counts(from, to))
      ? to
      : (uncounted(from, to) ?? say(miscounted, { from, count: elements(from), to, other: elements(to) }))
  const [faced] = x
  if (faced !== undefined && to[0] === -1 && isOne(counts(x.slice(1), y.slice(1)))) return to.with(front, faced)
  const left = counts(
    x,
    y.filter((dim) => dim !== -1),
  )
  const known = to.filter((dim) => dim !== -1)
  return left === null
    ? (uncounted(from, known) ?? say(undivided, { from, count: elements(from), to }))
    : to.map((dim): Dim => (dim === -1 ? product(...left) : dim))
}
const uncounted = (from: Dims, to: Dims): string | null => countFault('reshape', from) ?? countFault('reshape', to)
const isOne = (left: readonly [number, readonly string[]] | null): boolean => left !== null && left[0] === 1 && left[1].length === 0
/** What is left of the elements of `a` after those of `b`: number and names; null when they do not divide them. */
export const counts = (a: Dims, b: Dims): readonly [number, readonly string[]] | null => {
  const [[n, names], [m, others]] = [factors(a), factors(b)]
  const left = [...names]
  for (const name of others) {
    const at = left.indexOf(name)
    if (at < 0) return null
    left.splice(at, 1)
  }
  if (!Number.isFinite(n) || !Number.isFinite(m)) return null
  return n === m ? [1, left] : m === 0 || n % m !== 0 ? null : [n / m, left]
}
