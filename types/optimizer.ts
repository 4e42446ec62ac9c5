/** Optimizers at type level: functions from the type of the trained parameters to the type of the state, as values. */
import type { Fitting } from './fitting.ts'
import { type Say, say } from './say.ts'
import type { Tensor } from './tensor.ts'
import type { Trainable } from './trainable.ts'

declare const OPTIMIZER: unique symbol

const noOptions = '{kind}: expected options, as {example}'
const example = '{ learningRate: 1e-3 }'
/**
 * The message for what is no record of options. It stands beside them in a union: so a compiler that refuses a number says it, and a
 * right call costs nothing, since nothing is inferred for it.
 */
export type NoOptions<Kind extends string> = Say<typeof noOptions, { kind: Kind; example: typeof example }>
export const noOptionsMessage = (kind: string): string => say(noOptions, { kind, example })

/** `this['params']` is the tree of the trained parameters. */
export interface OptimizerFn {
  params: unknown
  readonly state: unknown
}
/** The state for a tree of trained parameters. */
export type StateFor<F, T> = (F & { params: T })['state' & keyof F]
/** The state for parameters, which may have statistics. */
export type StateOf<F, P> = StateFor<F, Trainable<P>>
/** The state that an optimizer keeps for parameters: `OptimizerState<typeof optimizer, P>`. */
export type OptimizerState<T, P> = T extends Optimizer<infer F> ? StateOf<F, P> : never

/** Two pure functions. Updates are added to the parameters by `applyUpdates`. */
export interface Optimizer<in out F> {
  /** `adam`: the first word of its messages. */
  readonly kind: string
  /** What is wrong with its options, a sentence each: `fit` gives the first one back, `init` and `update` throw it. */
  readonly faults: readonly string[]
  /** A method: one that leaves parameters as they are asks more of them, and is an optimizer all the same. */
  init<P>(params: P): StateOf<F, P>
  readonly update: <P, const G, const S>(
    gradients: Fitting<'update', 'the parameters have', 'gradients', NoInfer<G>, NoInfer<Trainable<P>>> & G,
    state: Fitting<'update', 'the optimizer has', 'state', NoInfer<S>, NoInfer<StateOf<F, P>>> & S,
    params: P,
  ) => readonly [updates: Trainable<P>, state: StateOf<F, P>]
  /** The rate of the step that `update` takes from this state, as it takes it; null where it has none. */
  readonly learningRate: <P, const S>(
    state: Fitting<'learningRate', 'the optimizer has', 'state', NoInfer<S>, NoInfer<StateOf<F, P>>> & S,
    params: P,
  ) => Tensor<[]> | null
  readonly [OPTIMIZER]: F
}
