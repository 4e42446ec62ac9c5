/** What a run goes on from, or which weights it begins with. */
import type { Fitting } from './fitting.ts'
import { type Say, say } from './say.ts'

const notTrained = "fit: 'from' is what an earlier fit ended with; fit gives an Either, take its right side"
const lacking = 'fit: from.{part} is missing; to begin with weights alone, give them as params'
const together = "fit: 'from' goes on with its own parameters; 'params' are what a new run begins with"

/** What a run goes on from at least, in the order in which it is missed: it may stand at an epoch's end, without a best one. */
const parts = ['params', 'optimizer', 'key', 'epoch', 'history'] as const
/** What a `Trained` has. */
interface Standing {
  readonly params: unknown
  readonly optimizer: unknown
  readonly key: unknown
  readonly epoch: unknown
  readonly history: unknown
  readonly underway: unknown
}
/** The best epoch: that of another optimizer is no best of this one, and is forgotten. */
interface AnyBest {
  readonly epoch: number
  readonly value: number
  readonly params: unknown
  readonly optimizer: unknown
}

/**
 * `R`, which is `T` or undefined, or messages where it is not. `Q` are the parameters that a run begins with, or unknown: there are
 * none beside an earlier run. Boxed, as in `Fitting`.
 */
export type Continued<R, T extends Standing, Q = unknown> =
  IsGiven<Q> extends true
    ? TogetherFault<R>
    : { _: R } extends { _: T | undefined }
      ? R
      : ContinuedFault<Exclude<R, undefined>, T> | Extract<R, undefined>
/** Whether it is there for sure: what may be undefined is looked at when it is. */
type IsGiven<Q> = undefined extends Q ? false : true
type TogetherFault<R> = R extends undefined ? R : typeof together
type ContinuedFault<R, T extends Standing> = R extends { readonly params: infer Q }
  ? Lacking<keyof R> extends infer Part extends string
    ? Say<typeof lacking, { part: Part }>
    : {
        readonly params: Fitting<'fit', 'the model has', 'from.params', Q, T['params']>
        readonly optimizer: Fitting<'fit', 'the optimizer has', 'from.optimizer', R['optimizer' & keyof R], T['optimizer']>
        readonly key: T['key']
        readonly epoch: T['epoch']
        readonly history: T['history']
        readonly underway?: T['underway']
        readonly best?: AnyBest | null
      }
  : typeof notTrained
type Lacking<Keys, Parts = typeof parts> = Parts extends readonly [infer Part, ...infer Rest]
  ? Part extends Keys
    ? Lacking<Keys, Rest>
    : Part
  : null

/** The parameters that a run begins with, which may be undefined, or messages where they are not the model's. */
export type Begun<Q, P> = Fitting<'fit', 'the model has', 'params', Exclude<Q, undefined>, P> | Extract<Q, undefined>

/** The message for what is no earlier run, or null. Its parameters and states are looked at for themselves. */
export const continuedFault = (from: unknown, begins: boolean): string | null => {
  if (begins) return together
  if (typeof from !== 'object' || from === null || !('params' in from)) return notTrained
  const part = parts.find((name) => !(name in from))
  return part === undefined ? null : say(lacking, { part })
}
