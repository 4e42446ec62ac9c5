/** `Tensor<S, D>`: shape and dtype in the type, nothing else. */
import type { DType, Shape } from './dim.ts'

declare const TENSOR: unique symbol
declare const STATISTIC: unique symbol

/**
 * A frozen expression node. `in out` and the phantom make it invariant; the phantom is declared last, so that every
 * compiler explains a mismatch by dtype and shape.
 */
export interface Tensor<in out S extends Shape, in out D extends DType = 'f32'> {
  readonly dtype: D
  readonly shape: Readonly<S>
  readonly op: string
  // biome-ignore lint/suspicious/noExplicitAny: an invariant type has no other supertype
  readonly inputs: readonly Tensor<any, any>[]
  readonly attributes: unknown
  readonly [TENSOR]: (s: S, d: D) => [S, D]
}
// biome-ignore lint/suspicious/noExplicitAny: an invariant type has no other supertype
export type AnyTensor = Tensor<any, any>

/** A leaf that is not trained. It can be read wherever a tensor can. */
export interface Statistic<in out S extends Shape> extends Tensor<S> {
  readonly [STATISTIC]: true
}
