/** The rule of `classWeighted`: a loss that compares classes, and as many weights as there are classes. */
import type { Classes, Target } from './classes.ts'
import type { Dims } from './dim.ts'
import type { KindOf } from './layer.ts'
import type { LossFn, LossRecord, TargetOf } from './loss.ts'
import { type Say, say } from './say.ts'
import type { SizeFault } from './size.ts'

const comparesNone = 'classWeighted: {kind} compares no classes'
const wideCount = 'classWeighted: how many weights there are is not known; write a literal list, or balancedWeights(data)'
const otherCount = 'classWeighted: {weights} weights for {classes} classes'

/** A weight for each of N classes. */
export interface ClassWeights<N extends number> extends ReadonlyArray<number> {
  readonly length: N
}
/** The loss F, of N classes with a weight each. */
export interface ClassWeighted<N extends number, F> extends LossFn {
  kind: KindOf<F>
  target: TargetOf<F, this['out']> extends infer T
    ? T extends string
      ? T
      : T extends Classes<infer M, infer _>
        ? CountFault<N, M> extends infer E extends string
          ? E
          : T
        : Say<typeof comparesNone, { kind: KindOf<F> }>
    : never
}
type CountFault<N extends number, M extends number> =
  SizeFault<N> extends 'wide' ? typeof wideCount : [N, M] extends [M, N] ? null : Say<typeof otherCount, { weights: N; classes: M }>

export const classWeightedTarget =
  (weights: number, { kind, targetOf }: LossRecord) =>
  (output: Dims): Target | string => {
    const target = targetOf(output)
    if (typeof target === 'string') return target
    if (target.classes === null) return say(comparesNone, { kind })
    return target.classes === weights ? target : say(otherCount, { weights, classes: target.classes })
  }
