/** What is trained in a tree of parameters: its f32 tensors, but for statistics. */
import type { AnyTensor, Statistic, Tensor } from './tensor.ts'

// biome-ignore-start lint/suspicious/noExplicitAny: an invariant type has no other supertype
/** Whether this is a leaf that is not trained: a statistic, an integer, a flag. */
type IsUntrained<T> = T extends Statistic<any> ? true : T extends Tensor<any, infer D> ? ('f32' extends D ? false : true) : false
// biome-ignore-end lint/suspicious/noExplicitAny: an invariant type has no other supertype
/** 'untrained' for a tree with such a leaf. A union, not a condition on one: else a tree that is a type parameter is too deep for the compiler. */
type Untrained<T> = T extends AnyTensor
  ? IsUntrained<T> extends true
    ? 'untrained'
    : never
  : T extends object
    ? { [K in keyof T]: Untrained<T[K]> }[keyof T]
    : never

/**
 * The trained leaves of a tree: the tree itself where all are. Else records lose the keys of the others, and tuples keep
 * the place as null, so that places stay the same.
 */
export type Trainable<T> = 'untrained' extends Untrained<T> ? Rest<T> : T
type Rest<T> = T extends AnyTensor
  ? null
  : T extends readonly unknown[]
    ? { readonly [K in keyof T]: Trainable<T[K]> }
    : { readonly [K in keyof T as IsUntrained<T[K]> extends true ? never : K]: Trainable<T[K]> }
