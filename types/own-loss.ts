/** Losses of a user's own: a function over predictions and targets of one shape, which gives one value per sample. */
import type { TargetTensor } from './classes.ts'
import type { Dims, DType, Shape } from './dim.ts'
import type { ClassTarget, LossFn, SameTarget, TargetOf } from './loss.ts'
import { type Same, same } from './same.ts'
import { type Say, say } from './say.ts'
import { type ShowTyped, showTyped } from './show.ts'
import type { Tensor } from './tensor.ts'

const otherOutput = '{kind}: compares predictions of {wanted}, the model gives {got}'
const otherResult = '{kind}: the function gives {got}, one value per sample is {wanted}'
const noResult = '{kind}: the function gives no tensor, one value per sample is {wanted}'

/** The rule of a loss that looks at each element for itself: which target an output needs. */
export interface ElementwiseLoss<Kind extends string> extends SameTarget<Kind> {}

/** The rule of `lossOf`: which target an output needs. O is the output that it compares; T the target, a shape or 'classes'. */
export interface OwnLoss<Kind extends string, O extends Shape, T> extends LossFn {
  kind: Kind
  target: OwnTargetOf<Kind, O, T, this['out']>
}
type OwnTargetOf<Kind extends string, O extends Shape, T, Out> =
  Same<Out, O> extends true ? OwnTarget<Kind, O, T> : Say<typeof otherOutput, { kind: Kind; wanted: O; got: Out }>
/** What an output of the shape O is compared with. */
export type OwnTarget<Kind extends string, O extends Shape, T> = T extends 'classes' ? TargetOf<ClassTarget<Kind>, O> : T
/** What the function gets. */
export type OwnTargetTensor<Kind extends string, O extends Shape, T> = TargetTensor<'batch', OwnTarget<Kind, O, T>>

/** What the function gives, or the message where that is not one value per sample. */
export type OwnResult<Kind extends string, R> = { _: R } extends { _: Tensor<['batch']> }
  ? R
  : R extends Tensor<infer S, infer D>
    ? Say<typeof otherResult, { kind: Kind; got: ShowTyped<S, D>; wanted: ['batch'] }>
    : Say<typeof noResult, { kind: Kind; wanted: ['batch'] }>

/** The message for an output that is not the one which a loss compares, or null. */
export const ownOutputFault = (kind: string, wanted: Dims, got: Dims): string | null =>
  same(wanted, got) ? null : say(otherOutput, { kind, wanted, got })
/** The message for what the function gives where that is not of this shape, or null. */
export const ownResultFault = (kind: string, wanted: Dims, got: { readonly shape: Dims; readonly dtype: DType } | null): string | null => {
  if (got === null) return say(noResult, { kind, wanted })
  return got.dtype === 'f32' && same(got.shape, wanted) ? null : say(otherResult, { kind, got: showTyped(got), wanted })
}
