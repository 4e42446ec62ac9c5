/** What becomes of the samples of a data set: mapped by a function over a batch of them, or put behind those of another set. */
import { type Classes, type ShowTarget, showTarget, type Target } from './classes.ts'
import type { Shape, Sizes } from './dim.ts'
import type { Typed } from './model.ts'
import { type Same, same } from './same.ts'
import { type Say, say } from './say.ts'
import { type DimsAndType, type ShowTyped, showTyped } from './show.ts'
import type { SizeFault } from './size.ts'
import type { Tensor } from './tensor.ts'

const ownBatch = "map: a dim of the samples is named 'batch', as the one in front of them is"
const noTensor = 'map: the {what} are no tensor'
const noBatch = 'map: the {what} must have the dim batch in front and nowhere else, got {got}'
const noNumbers = 'map: the {what} are {got}, cast them to f32'
const noClasses = 'map: the targets are {got}; say in the options how many classes there are'
const notClasses = 'map: class numbers are i32, the targets are {got}'
const badCount = 'map: the number of classes must be a literal from 1 on'
const mixed = 'map: each sample is mapped by itself, and {op} {why}; compute what needs all samples before, as moments(data) does'
const otherSamples = 'concat: the samples are {input} with targets {target}, those of the other set {others} with {otherTargets}'

/** Whether a sample has a dim of its own that is called as the one in front. */
type HasBatch<X> =
  X extends Classes<infer _, infer S>
    ? 'batch' extends S[number]
      ? true
      : false
    : X extends Typed<infer S, infer _>
      ? HasBatch<S>
      : X extends Shape
        ? 'batch' extends X[number]
          ? true
          : false
        : false
/** F, unless the samples have a dim named as the batch is. */
export type Mapping<X, Y, F> = true extends HasBatch<X> | HasBatch<Y> ? typeof ownBatch : F

/** A where nothing is wrong with the sample that it comes to. */
export type Kept<A, Sample> = Sample extends string ? Sample : A

/** One sample of the inputs that a function over a batch gives, or the message. */
export type MappedInput<A> =
  Rows<A, 'inputs'> extends infer R ? (R extends Typed<infer S, infer D> ? ([D] extends ['f32'] ? S : R) : R) : never
/** The same of targets, where the targets were Y and C classes are asked for; `never` for none. */
export type MappedTarget<Y, B, C extends number> =
  Rows<B, 'targets'> extends infer R
    ? R extends Typed<infer S extends Shape, infer D>
      ? [D] extends ['i32']
        ? [C] extends [never]
          ? Y extends Classes<infer N, infer _>
            ? Classes<N, S>
            : Say<typeof noClasses, { got: ShowTyped<['batch', ...S], D> }>
          : SizeFault<C> extends null
            ? C extends 0
              ? typeof badCount
              : Classes<C, S>
            : typeof badCount
        : [C] extends [never]
          ? S
          : Say<typeof notClasses, { got: ShowTyped<['batch', ...S], D> }>
      : R
    : never
/** What a mistake inside the function leaves unknown needs no second message. */
type Rows<A, What extends string> = unknown extends A
  ? unknown
  : A extends Tensor<infer S, infer D>
    ? S extends ['batch', ...infer R extends Shape]
      ? 'batch' extends R[number]
        ? Say<typeof noBatch, { what: What; got: ShowTyped<S, D> }>
        : [D] extends ['bool']
          ? Say<typeof noNumbers, { what: What; got: ShowTyped<S, D> }>
          : Typed<R, D>
      : Say<typeof noBatch, { what: What; got: ShowTyped<S, D> }>
    : Say<typeof noTensor, { what: What }>

/** The other set, or the message where its samples are others. */
export type Joined<X, Y, V, W, Other> =
  Same<[X, Y], [V, W]> extends true
    ? Other
    : Say<typeof otherSamples, { input: ShowSample<X>; target: ShowSample<Y>; others: ShowSample<V>; otherTargets: ShowSample<W> }>
type ShowSample<X> = X extends Typed<infer S, infer D> ? ShowTyped<S, D> : ShowTarget<X>

/** The message, or null. */
export const mappingFault = (sizes: Sizes): string | null => (Object.hasOwn(sizes, 'batch') ? ownBatch : null)
/** The message for what a function gives as inputs or targets, where `got` is null for no tensor; or null. */
export const rowsFault = (what: 'inputs' | 'targets', got: DimsAndType | null): string | null => {
  if (got === null) return say(noTensor, { what })
  if (got.shape[0] !== 'batch' || got.shape.includes('batch', 1)) return say(noBatch, { what, got: showTyped(got) })
  return got.dtype === 'bool' ? say(noNumbers, { what, got: showTyped(got) }) : null
}
/** The message for a function over a batch in which this op lets a sample depend on others, on how many, or on its place. */
export const mixedMessage = (op: string): string => say(mixed, { op, why: whys[op] ?? 'brings those of a batch together' })
const whys: Readonly<Record<string, string>> = {
  sum: 'adds those of a batch up',
  dot: 'adds those of a batch up',
  size: 'counts those of a batch',
  iota: 'tells places in a batch apart',
  data: 'tells places in a batch apart',
  random: 'would draw the same for every batch',
}
/** The number of classes of targets, null for none; or the message. */
export const mappedClasses = (got: DimsAndType, before: number | null, asked: number | undefined): number | string | null => {
  if (got.dtype === 'f32') return asked === undefined ? null : say(notClasses, { got: showTyped(got) })
  if (asked === undefined) return before ?? say(noClasses, { got: showTyped(got) })
  return Number.isSafeInteger(asked) && asked > 0 ? asked : badCount
}

/** One sample's side: class numbers, or a tensor. */
type Side = Target & DimsAndType
const sameSide = (a: Side, b: Side): boolean => a.classes === b.classes && a.dtype === b.dtype && same(a.shape, b.shape)
const showSide = (side: Side): string => (side.classes === null ? showTyped(side) : showTarget(side))
/** The message, or null. */
export const joinedFault = ([x, y]: readonly [Side, Side], [v, w]: readonly [Side, Side]): string | null =>
  sameSide(x, v) && sameSide(y, w)
    ? null
    : say(otherSamples, { input: showSide(x), target: showSide(y), others: showSide(v), otherTargets: showSide(w) })
