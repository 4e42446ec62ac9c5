/** `masked(padding, ...layers)`: layers in a row that take no notice of steps which are padding. */
import type { ReturnedBy } from './bidirectional.ts'
import type { BlockFaults, RowParams, Told } from './block.ts'
import type { Dims, DType, Shape } from './dim.ts'
import type { DTypeOf, KindOf, LayerFn, OutputOf, Reported, ShapeFault } from './layer.ts'
import type { Flat, NoParams, Typed } from './model.ts'
import type { RecurrentOp } from './recurrent.ts'
import { type Same, same } from './same.ts'
import { type Say, say } from './say.ts'
import { type DimsAndType, type ShowTyped, showTyped } from './show.ts'
import type { TransformerOp } from './transformer.ts'

const noSteps = 'masked: expected i32 [time] or [time, features], got {got}'
const otherSteps = 'masked: {kind} maps {from} to {to}; what is masked must keep its steps'
const turnedSteps = '{op}: inside masked the steps are {steps}, got {shape}'
const noticesPadding = "masked: {kind} takes padding for steps, so it can't stand inside"
const noLayers = 'masked: expected at least one layer'

/** `masked(padding, ...layers)` */
export interface Masked<Fs extends unknown[]> extends LayerFn {
  kind: 'masked'
  out: BlockFaults<Fs> extends Told ? Reported : MaskedShape<Fs, this['in']>
  params: Flat<RowParams<Fs, this['in'], NoParams>>
  takes: DType
}
/** The shape that the layers give together, or the first message. */
export type MaskedShape<Fs, S> = Fs extends []
  ? typeof noLayers
  : S extends Typed<[infer T], 'i32'>
    ? StepsShape<Fs, S, T>
    : S extends [infer T, infer _]
      ? StepsShape<Fs, S, T>
      : Say<typeof noSteps, { got: Shown<S> }>
type Shown<S> = S extends Typed<infer Dims, infer D> ? ShowTyped<Dims, D> : ShowTyped<S, DTypeOf<S>>
/** Each keeps the steps, but for the last, which may return the last step. */
type StepsShape<Fs, S, T> = Fs extends [infer F, ...infer Rest]
  ? ShapeFault<F, S> extends infer E extends string
    ? E
    : OutputOf<F, S> extends infer O
      ? [O] extends [Reported]
        ? Reported
        : InsideFault<F, S, T> extends infer E extends string
          ? E
          : KeepsSteps<O, T> extends true
            ? StepsShape<Rest, O, T>
            : [Rest, ReturnedBy<F>] extends [[], 'last']
              ? O
              : Say<typeof otherSteps, { kind: KindOf<F>; from: Shown<S>; to: Shown<O> }>
      : never
  : S
type KeepsSteps<O, T> = O extends Typed<[infer U], 'i32'> ? Same<T, U> : O extends [infer U, ...infer _ extends Shape] ? Same<T, U> : false
/** Layers that must be given the steps in front: those that heed the mask, and those to which what is padded is zeros. */
type StepsOp =
  | RecurrentOp
  | 'bidirectional'
  | 'attention'
  | TransformerOp
  | 'conv1d'
  | 'conv2d'
  | 'convTranspose1d'
  | 'convTranspose2d'
  | 'depthwiseConv2d'
  | 'masked'
  | RowsOp
/** Those that treat each step alone if its features stand behind it. */
type RowsOp =
  | 'dense'
  | 'layerNorm'
  | 'rmsNorm'
  | 'batchNorm'
  | 'softmax'
  | 'logSoftmax'
  | 'learnedPositions'
  | 'sinusoidalPositions'
  | 'rotaryPositions'
/** Those that take steps together, whichever count. */
type MixingOp =
  | 'avgPool1d'
  | 'avgPool2d'
  | 'maxPool1d'
  | 'maxPool2d'
  | 'globalAveragePool1d'
  | 'globalAveragePool2d'
  | 'globalMaxPool1d'
  | 'globalMaxPool2d'
  | 'groupNorm'
  | 'instanceNorm'
  | 'randomCrop'
  | 'randomFlip'
  | 'randomShift'
/** The message where F, or a layer inside it, would take notice of padding, or is given other steps than T; or null. F takes S. */
type InsideFault<F, S, T, Op = KindOf<F>> =
  KindOf<F> extends StepsOp
    ? KeepsSteps<S, T> extends true
      ? KindOf<F> extends RowsOp
        ? IsAlone<F, S> extends true
          ? null
          : Say<typeof noticesPadding, { kind: Op }>
        : null
      : Say<typeof turnedSteps, { op: Op; steps: T; shape: S }>
    : KindOf<F> extends 'flatten' | 'reshape'
      ? OrderFault<F, S, T, Op>
      : KindOf<F> extends MixingOp
        ? Say<typeof noticesPadding, { kind: Op }>
        : F extends { pattern: infer P }
          ? Turns<P, [KeepsSteps<S, T>, KeepsSteps<OutputOf<F, S>, T>]> extends true
            ? Say<typeof noticesPadding, { kind: Op }>
            : null
          : F extends { renames: [infer G] }
            ? InsideFault<G, S, T, Op>
            : F extends { around: [infer G] }
              ? InsideFault<G, S, T, Op>
              : F extends { layers: infer Fs }
                ? KindOf<F> extends 'block'
                  ? InsideRow<Fs, S, T>
                  : InsideEach<Fs, S, T>
                : null
/** What keeps all elements in their order keeps the steps if they stay in front. */
type OrderFault<F, S, T, Op> =
  KeepsSteps<S, T> extends true
    ? KeepsSteps<OutputOf<F, S>, T> extends true
      ? null
      : Say<typeof otherSteps, { kind: Op; from: Shown<S>; to: Shown<OutputOf<F, S>> }>
    : Say<typeof turnedSteps, { op: Op; steps: T; shape: S }>
/** Whether the last axis is not that of the steps, nor the one along which F works. */
type IsAlone<F, S> = S extends [infer _Steps, infer _Row, ...infer _Rest]
  ? F extends { along: infer A extends number }
    ? `${A}` extends `-${S['length']}`
      ? false
      : true
    : true
  : false
/** Whether other axes come to stand in the steps' place, or nobody knows any more where the steps are. */
type Turns<P, Kept> = P extends `${infer Left}->${infer Right}`
  ? [FirstOf<Left>] extends [FirstOf<Right>]
    ? false
    : P extends `${string}(${string}`
      ? true
      : Kept extends [true, true]
        ? true
        : false
  : false
type FirstOf<Side extends string> = Side extends ` ${infer Rest}`
  ? FirstOf<Rest>
  : Side extends `(${infer Group})${string}`
    ? `(${Group})`
    : Side extends `${infer Name} ${string}`
      ? Name
      : Side
type InsideRow<Fs, S, T> = Fs extends [infer F, ...infer Rest]
  ? InsideFault<F, S, T> extends infer E extends string
    ? E
    : InsideRow<Rest, OutputOf<F, S>, T>
  : null
type InsideEach<Fs, S, T> = Fs extends [infer F, ...infer Rest]
  ? InsideFault<F, S, T> extends infer E extends string
    ? E
    : InsideEach<Rest, S, T>
  : null

/** Whether what a model gives has steps: the message where it has none, or null. */
export const noStepsMessage = (given: DimsAndType): string | null => {
  const rank = given.dtype === 'i32' ? 1 : given.dtype === 'f32' ? 2 : null
  return given.shape.length === rank ? null : say(noSteps, { got: showTyped(given) })
}
/** The message where a layer does not keep the steps, and may not drop them either; or null. */
export const otherStepsMessage = (kind: string, from: DimsAndType, to: Dims, mayDrop: boolean): string | null =>
  (to.length > 0 && to[0] === from.shape[0]) || mayDrop ? null : say(otherSteps, { kind, from: showTyped(from), to })
/** The message of a layer that takes padding for steps. */
export const noticesPaddingMessage = (kind: string): string => say(noticesPadding, { kind })
/** The message where a layer that heeds the mask is given other steps than these; or null. */
export const turnedStepsMessage = (op: string, steps: Dims, shape: Dims): string | null =>
  same(steps, shape.slice(0, 1)) ? null : say(turnedSteps, { op, steps: steps[0], shape })
export const noLayersMessage: string = noLayers
/** What stands in front on both sides of a pattern: the value twin of `FirstOf`. */
export const patternFronts = (pattern: string): readonly string[] =>
  pattern.split('->').map((side) => /^ *(\([^)]*\)|[^ ]*)/.exec(side)?.[1] ?? '')
