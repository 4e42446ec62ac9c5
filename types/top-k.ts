/** The rule of `topKAccuracy`: no more classes are looked at than there are. */
import type { Compare } from './arithmetic.ts'
import type { Classes, Target } from './classes.ts'
import type { Dims, Shape } from './dim.ts'
import { classTarget, type LossFn, type noClasses } from './loss.ts'
import { type Say, say } from './say.ts'
import type { SizeFault } from './size.ts'

const wide = 'topKAccuracy: k is not a literal'
const bad = 'topKAccuracy: k is a whole number from 1 on, got {k}'
const many = 'topKAccuracy: k is {k}, there are {classes} classes'

export interface TopKAccuracy<K extends number> extends LossFn {
  kind: 'topKAccuracy'
  target: this['out'] extends [...infer Positions extends Shape, infer N extends number]
    ? CountFault<K, N> extends infer E extends string
      ? E
      : Classes<N, Positions>
    : Say<typeof noClasses, { kind: 'topKAccuracy' }>
}
type CountFault<K extends number, N extends number> =
  SizeFault<K> extends 'wide'
    ? typeof wide
    : SizeFault<K> extends string
      ? Say<typeof bad, { k: K }>
      : K extends 0
        ? Say<typeof bad, { k: K }>
        : Compare<K, N> extends '>'
          ? Say<typeof many, { k: K; classes: N }>
          : null

export const topKTarget =
  (k: number) =>
  (output: Dims): Target | string => {
    const target = classTarget('topKAccuracy')(output)
    if (typeof target === 'string') return target
    if (!Number.isSafeInteger(k) || k < 1) return say(bad, { k })
    return k <= (target.classes as number) ? target : say(many, { k, classes: target.classes })
  }
