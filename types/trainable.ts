/** The trained leaves of a tree: f32 tensors that are no statistics. */
import type { AnyTensor, Statistic, Tensor } from './tensor.ts'

type Trained<T> =
  // biome-ignore lint/suspicious/noExplicitAny: an invariant type has no other supertype
  T extends Statistic<any> ? false : T extends Tensor<any, infer D> ? ([D] extends ['f32'] ? true : false) : false
type AllTrained<T> = T extends AnyTensor
  ? Trained<T>
  : T extends object
    ? false extends { [K in keyof T]: AllTrained<T[K]> }[keyof T]
      ? false
      : true
    : true

/**
 * The tree itself where every leaf is trained. Else records lose the keys of the others, and tuples keep the place as
 * null, so that places stay the same.
 */
export type Trainable<T> = AllTrained<T> extends true ? T : Rest<T>
type Rest<T> = T extends AnyTensor
  ? null
  : T extends readonly unknown[]
    ? { readonly [K in keyof T]: Trainable<T[K]> }
    : { readonly [K in keyof T as Left<T[K]> extends true ? never : K]: Trainable<T[K]> }
/** Whether this is a leaf that is not trained. */
type Left<T> = T extends AnyTensor ? (Trained<T> extends true ? false : true) : false
