/**
 * `rnn`, `gru` and `lstm` on tensors, `[batch, time, features] -> [batch, time, hidden]` and the state after the last step:
 * whether weights fit each other, and a sequence, an initial state and lengths fit the weights.
 */
import type { Dim, Dims, DType, Shape } from './dim.ts'
import { type Columns, columns, type GruParams, type LstmParams, noSequence, type RecurrentOp, type RnnParams } from './recurrent.ts'
import { type Same, same } from './same.ts'
import { type Say, say } from './say.ts'
import { type DimsAndType, type ShowTyped, showTyped } from './show.ts'
import type { Tensor } from './tensor.ts'
import type { First } from './window-options.ts'

const noPart = '{op}: expected {part} {expected}, got no tensor'
const otherPart = '{op}: expected {part} {expected}, got {got}'
const otherFeatures = '{op}: expected {expected} features, got {got}'

/** What a long short-term memory carries from step to step. */
export interface LstmState<in out B, in out H> {
  readonly hidden: Tensor<[B, H]>
  readonly cell: Tensor<[B, H]>
}
/** The state after a step. */
export type StateOf<Op, B, H> = Op extends 'lstm' ? LstmState<B, H> : Tensor<[B, H]>

/** Features and hidden units of weights that fit each other; else the message. Asked of the record first: so it resolves on type parameters. */
export type WeightSizes<Op extends RecurrentOp, P> = Op extends 'lstm'
  ? P extends LstmParams<infer F, infer H>
    ? [F, H]
    : WeightsMessage<'lstm', P>
  : Op extends 'gru'
    ? P extends GruParams<infer F, infer H>
      ? [F, H]
      : WeightsMessage<'gru', P>
    : P extends RnnParams<infer F, infer H>
      ? [F, H]
      : WeightsMessage<'rnn', P>
type WeightsMessage<Op extends RecurrentOp, P> =
  PartShape<P, 'recurrentWeight'> extends [infer H, infer W]
    ? Same<W, Columns<Op, H>> extends true
      ? First<
          [
            PartShape<P, 'inputWeight'> extends [infer F, unknown]
              ? PartMessage<Op, P, 'inputWeight', [F, W]>
              : PartMessage<Op, P, 'inputWeight', ['features', W]>,
            PartMessage<Op, P, 'bias', [W]>,
            PartMessage<Op, P, 'recurrentBias', [H]>,
          ]
        >
      : PartMessage<Op, P, 'recurrentWeight', [H, Columns<Op, H>]>
    : PartMessage<Op, P, 'recurrentWeight', ['hidden', Columns<Op, 'hidden'>]>
type PartShape<P, K> = K extends keyof P ? (P[K] extends Tensor<infer S, infer _> ? S : null) : null
/** The message for a part that is no f32 tensor of this shape, or null. */
type PartMessage<Op extends string, P, Part extends string, Wanted> = Part extends keyof P
  ? TensorMessage<Op, Part, P[Part], Wanted, 'f32'>
  : Say<typeof noPart, { op: Op; part: Part; expected: Wanted }>
type TensorMessage<Op extends string, Part extends string, X, Wanted, E extends DType> =
  X extends Tensor<infer S, infer D>
    ? Same<[S, D], [Wanted, E]> extends true
      ? null
      : Say<typeof otherPart, { op: Op; part: Part; expected: ShowTyped<Wanted, E>; got: ShowTyped<S, D> }>
    : Say<typeof noPart, { op: Op; part: Part; expected: ShowTyped<Wanted, E> }>

/** Batch and steps of what weights for F features and H hidden units take; else the message. O is a record of options. */
export type SequenceSizes<Op extends RecurrentOp, S extends Shape, F, H, O> = S extends [infer B, infer T, infer C]
  ? Same<C, F> extends true
    ? First<[InitialMessage<Op, B, H, O>, LengthsMessage<Op, B, O>]> extends infer E extends string
      ? E
      : [B, T]
    : Say<typeof otherFeatures, { op: Op; expected: F; got: C }>
  : Say<typeof noSequence, { op: Op; layout: '[batch, time, features]'; shape: S }>
type Given<O, K> = K extends keyof O ? Exclude<O[K], undefined> : never
type InitialMessage<Op, B, H, O> = [Given<O, 'initial'>] extends [never]
  ? null
  : Op extends 'lstm'
    ? First<
        [
          TensorMessage<'lstm', 'initial.hidden', Given<Given<O, 'initial'>, 'hidden'>, [B, H], 'f32'>,
          TensorMessage<'lstm', 'initial.cell', Given<Given<O, 'initial'>, 'cell'>, [B, H], 'f32'>,
        ]
      >
    : TensorMessage<Op & string, 'initial', Given<O, 'initial'>, [B, H], 'f32'>
type LengthsMessage<Op extends string, B, O> = [Given<O, 'lengths'>] extends [never]
  ? null
  : TensorMessage<Op, 'lengths', Given<O, 'lengths'>, [B], 'i32'>

/** What an argument is: its shape and dtype, or null for what is no tensor. */
export type Part = DimsAndType | null
/** Features and hidden units of weights that fit each other; else the message. */
export const weightSizes = (op: RecurrentOp, parts: Readonly<Record<string, Part>>): readonly [features: Dim, hidden: Dim] | string => {
  const [hidden, width, ...more] = parts.recurrentWeight?.shape ?? []
  if (hidden === undefined || width === undefined || more.length > 0)
    return partMessage(op, 'recurrentWeight', parts.recurrentWeight, ['hidden', columns(op, 'hidden')]) as string
  const wide = columns(op, hidden)
  const [features = 'features', , ...others] = parts.inputWeight?.shape ?? []
  const inputs: Dims = parts.inputWeight?.shape.length === 2 && others.length === 0 ? [features, wide] : ['features', wide]
  const message =
    partMessage(op, 'recurrentWeight', parts.recurrentWeight, [hidden, wide]) ??
    partMessage(op, 'inputWeight', parts.inputWeight, inputs) ??
    partMessage(op, 'bias', parts.bias, [wide]) ??
    (op === 'gru' ? partMessage(op, 'recurrentBias', parts.recurrentBias, [hidden]) : null)
  return message ?? [features, hidden]
}
/** The message for a part that is no tensor of this shape and dtype, or null. */
export const partMessage = (op: RecurrentOp, part: string, given: Part | undefined, shape: Dims, dtype: DType = 'f32'): string | null => {
  const expected = showTyped({ shape, dtype })
  if (given === null || given === undefined) return say(noPart, { op, part, expected })
  return given.dtype === dtype && same(given.shape, shape) ? null : say(otherPart, { op, part, expected, got: showTyped(given) })
}
/** Batch and steps of a sequence that weights for so many features take; else the message. */
export const sequenceSizes = (op: RecurrentOp, shape: Dims, features: Dim): readonly [batch: Dim, time: Dim] | string => {
  const [batch, time, got, ...more] = shape
  if (batch === undefined || time === undefined || got === undefined || more.length > 0)
    return say(noSequence, { op, layout: '[batch, time, features]', shape })
  return got === features ? [batch, time] : say(otherFeatures, { op, expected: features, got })
}
