/** Whether samples and their targets are what a model and its loss ask for. */
import { type Classes, type ShowTarget, showTarget, type Target } from './classes.ts'
import type { DType } from './dim.ts'
import type { Reported } from './layer.ts'
import type { Typed } from './model.ts'
import { type Same, same } from './same.ts'
import { type Say, say } from './say.ts'
import { type DimsAndType, type ShowTyped, showTyped } from './show.ts'

const samplesDiffer = '{op}: the model takes {input}, the samples are {sample}'
const noDataset = '{op}: expected a data set; dataset gives an Either, take its right side'
const targetsDiffer = '{op}: the {what} compares {wanted}, the data set has {got}'
export const metricsListed = '{op}: expected metrics by name, as {example}, got an array'
const openModel = '{op}: the shape that the model gives is not known'

/** What was no data set: its one message is enough. */
type Unknown<X> = unknown extends X ? true : false
/** What is wrong with a model that gives O, before anything is compared with it: the message, or null. */
type GivenFault<Op extends string, O> = 0 extends 1 & O ? Say<typeof openModel, { op: Op }> : O extends string ? O : null

/** One sample as a model takes it: its shape, with the dtype where that is not f32. */
export type SampleTaken<I, D extends DType> = [D] extends ['f32'] ? I : Typed<I, D>
/** Class numbers are i32 samples. */
type IsClasses<T, X> = X extends Classes<infer _, infer S> ? Same<T, Typed<S, 'i32'>> : false
type ShowSample<X> = X extends Typed<infer S, infer D> ? ShowTyped<S, D> : X extends Classes<infer _, infer S> ? ShowTyped<S, 'i32'> : X

/** The message, or null. `T` is the sample that a model takes which gives O, `X` what the data set has. */
export type SampleFault<Op extends string, T, O, X> =
  Same<T, X> extends true
    ? null
    : GivenFault<Op, O> extends infer E extends string
      ? E
      : Unknown<X> extends true
        ? Say<typeof noDataset, { op: Op }>
        : IsClasses<T, X> extends true
          ? null
          : Say<typeof samplesDiffer, { op: Op; input: ShowSample<T>; sample: ShowSample<X> }>

/** The message, or null. `T` is the target that `What` needs for O, or says why it needs none; `Y` is what the data set has. */
export type TargetFault<Op extends string, What extends string, O, T, Y> =
  Same<T, Y> extends true
    ? null
    : GivenFault<Op, O> extends infer E extends string
      ? E
      : Unknown<Y> extends true
        ? null
        : [O] extends [Reported]
          ? null // it was told
          : [T] extends [never]
            ? null // what is no loss has its own error
            : T extends string
              ? T
              : Say<typeof targetsDiffer, { op: Op; what: What; wanted: ShowTarget<T>; got: ShowGot<T, Y> }>

/** The message, or null. */
export type FitFault<Op extends string, S, O, T, X, Y> =
  SampleFault<Op, S, O, X> extends infer E extends string ? E : TargetFault<Op, 'loss', O, T, Y>

/** Two numbers of classes are compared without saying the word twice. */
type ShowGot<T, Y> = [T, Y] extends [Classes<infer _, []>, Classes<infer M, []>] ? M : ShowTarget<Y>

export const eitherFault = (op: string): string => say(noDataset, { op })
export const sampleFault = (op: string, input: DimsAndType, sample: DimsAndType): string | null =>
  same(input.shape, sample.shape) && input.dtype === sample.dtype
    ? null
    : say(samplesDiffer, { op, input: showTyped(input), sample: showTyped(sample) })

export const targetFault = (op: string, what: string, wanted: Target | string, got: Target): string | null => {
  if (typeof wanted === 'string') return wanted
  if (wanted.classes === got.classes && same(wanted.shape, got.shape)) return null
  return say(targetsDiffer, { op, what, wanted: showTarget(wanted), got: showGot(wanted, got) })
}

const showGot = (wanted: Target, got: Target): string =>
  [wanted, got].every(({ classes, shape }) => classes !== null && shape.length === 0) ? `${got.classes}` : showTarget(got)
