/** What is trained in a tree of parameters: all but its statistics. */
import type { AnyTensor, Statistic } from './tensor.ts'

// biome-ignore lint/suspicious/noExplicitAny: an invariant type has no other supertype
type AnyStatistic = Statistic<any>
type HasStatistic<T> = T extends AnyTensor
  ? T extends AnyStatistic
    ? true
    : false
  : true extends { [K in keyof T]: HasStatistic<T[K]> }[keyof T]
    ? true
    : false

/** The trained leaves of a tree: the tree itself where it has no statistics. */
export type Trainable<T> =
  HasStatistic<T> extends true ? { readonly [K in keyof T as T[K] extends AnyStatistic ? never : K]: Trainable<T[K]> } : T
