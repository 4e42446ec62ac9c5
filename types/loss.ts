/**
 * Losses at type level: functions from a model's output to the target that it is compared with, as values. A loss's rule
 * is an interface over `LossFn`, and `this['out']` is one sample's output.
 */

import type { Classes, Target, TargetTensor } from './classes.ts'
import type { Dim, Dims, DType, Shape } from './dim.ts'
import type { DTypeFault } from './dtype.ts'
import type { KindOf } from './layer.ts'
import { type needsBatch, needsBatchMessage } from './operation.ts'
import type { Same } from './same.ts'
import { same } from './same.ts'
import { type Say, say } from './say.ts'
import type { Fits } from './shape-error.ts'
import type { Tensor } from './tensor.ts'

declare const LOSS: unique symbol

const otherTarget = '{kind}: the prediction is {prediction}, the target {dtype} {target}'
export const noClasses = '{kind}: needs the classes on the last axis'

/** `target` is a shape, `Classes`, or the message. */
export interface LossFn {
  out: unknown
  readonly kind: string
  readonly target: unknown
}
/** The target that a loss needs for an output, or the message. */
export type TargetOf<F, O> = (F & { out: O })['target' & keyof F]

/** What a loss is at run time, beside the function. */
export interface LossRecord {
  /** `softmaxCrossEntropy`: the first word of its messages. */
  readonly kind: string
  /** From one sample's output to the target, or the message: the value twin of the loss's rule. */
  readonly targetOf: (output: Dims) => Target | string
  /** What is wrong with its options, a sentence each: `fit` gives the first one back, a call throws it. */
  readonly faults: readonly string[]
}
/** `loss(target)(prediction)`: one value per sample. `[b, ...target] -> [b, ...output] -> [b]` */
export interface Loss<in out F> extends LossRecord {
  <T extends Shape, D extends DType>(target: Tensor<T, D>): LossOf<F, T, D>
  readonly [LOSS]: F
}
/** A loss that has its target. */
export type LossOf<in out F, in out T extends Shape, in out D extends DType> = <S extends Shape, E extends DType>(
  prediction: Fits<LossRule<F, S, E, T, D>, Tensor<S, E>>,
) => LossTensor<LossRule<F, S, E, T, D>>
type LossTensor<R> = R extends Shape ? Tensor<R> : never
/** A prediction is f32; E is the dtype that it has. */
type LossRule<F, S extends Shape, E, T extends Shape, D extends DType> =
  DTypeFault<KindOf<F>, 'f32', E> extends infer Fault extends string ? Fault : LossShape<F, S, T, D>

/** One value per sample: `[b]`, or the message. */
export type LossShape<F, S extends Shape, T extends Shape, D extends DType> = S extends [infer B, ...infer O extends Shape]
  ? TargetOf<F, O> extends infer E extends string
    ? E
    : Same<TargetTensor<B, TargetOf<F, O>>, Tensor<T, D>> extends true
      ? [B]
      : Say<typeof otherTarget, { kind: KindOf<F>; prediction: S; dtype: D; target: T }>
  : Say<typeof needsBatch, { op: KindOf<F>; shape: S }>
export const lossShape = ({ kind, targetOf }: LossRecord, prediction: Dims, target: Dims, dtype: DType): Dims | string => {
  const [batch, ...output] = prediction
  if (batch === undefined) return needsBatchMessage(kind, prediction)
  const wanted = targetOf(output)
  if (typeof wanted === 'string') return wanted
  const fits = same([batch, ...wanted.shape], target) && dtype === (wanted.classes === null ? 'f32' : 'i32')
  return fits ? [batch] : say(otherTarget, { kind, prediction, dtype, target })
}

/** The target has the output's shape. */
export interface SameTarget<Kind extends string> extends LossFn {
  kind: Kind
  target: this['out']
}
export const sameTarget = (output: Dims): Target => ({ classes: null, shape: output })

/** The classes stand on the output's last axis, and the target is class numbers. */
export interface ClassTarget<Kind extends string> extends LossFn {
  kind: Kind
  target: this['out'] extends [...infer Positions extends Shape, infer N extends number]
    ? Classes<N, Positions>
    : Say<typeof noClasses, { kind: Kind }>
}
export const classTarget =
  (kind: string) =>
  (output: Dims): Target | string => {
    const classes = output.at(-1)
    return typeof classes === 'number' ? { classes, shape: output.slice(0, -1) } : say(noClasses, { kind })
  }

/** The classes stand on the last axis of both. */
export interface DistributionTarget<Kind extends string> extends LossFn {
  kind: Kind
  target: this['out'] extends [...infer _ extends Shape, infer _N extends Dim] ? this['out'] : Say<typeof noClasses, { kind: Kind }>
}
export const distributionTarget =
  (kind: string) =>
  (output: Dims): Target | string =>
    output.length === 0 ? say(noClasses, { kind }) : sameTarget(output)
