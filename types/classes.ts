/** What the targets of samples are: tensors of a shape, or class numbers. */
import type { Dims, Shape } from './dim.ts'
import { type Show, show } from './show.ts'
import type { Tensor } from './tensor.ts'

/** Class numbers below N, one a position of S; S is `[]` for one a sample. */
export interface Classes<in out N extends number, in out S extends Shape = []> {
  readonly classes: N
  readonly shape: Readonly<S>
}

/** A target at run time: `classes` is null where it is a tensor of this shape. */
export interface Target {
  readonly classes: number | null
  readonly shape: Dims
}

/** A batch of targets: class numbers are i32. */
export type TargetTensor<B, T> =
  T extends Classes<infer _, infer S> ? Tensor<[B, ...S], 'i32'> : T extends Shape ? Tensor<[B, ...T]> : never

export type ShowTarget<T> =
  T extends Classes<infer N, infer S> ? (S extends [] ? `${N} classes` : `${N} classes a position of ${Show<S>}`) : Show<T>

export const showTarget = ({ classes, shape }: Target): string =>
  classes === null ? show(shape) : shape.length === 0 ? `${classes} classes` : `${classes} classes a position of ${show(shape)}`
