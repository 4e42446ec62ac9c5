/** `freeze(...names)`: which parameters an optimizer leaves as they are. A name is a layer's, or a path: `'encoder.dense1'`. */
import type { Optimizer, OptimizerFn, StateFor, StateOf } from './optimizer.ts'
import { type Say, say } from './say.ts'
import type { IsUnion, SizeFault } from './size.ts'
import type { AnyTensor } from './tensor.ts'
import type { Trainable } from './trainable.ts'

const wideName = 'freeze: a name is not a literal'
const noPart = "freeze: the parameters have no '{name}'"
const noPartNear = "freeze: the parameters have no '{name}'; did you mean '{near}'?"

/** The type-level function of an optimizer that leaves some parameters as they are: it keeps nothing for them. */
export interface Frozen<F, Names extends readonly string[]> extends OptimizerFn {
  state: StateFor<F, Without<this['params'], Names[number]>>
  readonly names: Names
}
/** An optimizer that says which names it goes by: so `fit` can tell one that the parameters do not have. */
export interface FrozenOptimizer<F, Names extends readonly string[]> extends Optimizer<Frozen<F, Names>> {
  readonly frozen: Names
  init<P>(params: P & Named<NoInfer<Trainable<P>>, Names>): StateOf<Frozen<F, Names>, P>
}
/** Anything where the parameters have these names, else the message. */
type Named<P, Names extends readonly string[]> = FreezeFault<P, Names> extends infer E extends string ? E : unknown
/** What `fit` asks of an optimizer beside what it does: N is read from it, and is nothing where it freezes nothing. */
export interface Freezing<P, N> {
  readonly frozen?: N extends readonly unknown[] ? (FreezeFault<P, N> extends infer E extends string ? E : N) : N
}
/** What a chain of these says beside: the names that its links go by, where one goes by any. `unknown` keeps it what it is. */
export type FrozenAmong<Fs extends readonly unknown[]> =
  NamesAmong<Fs> extends infer Names extends readonly [unknown, ...unknown[]] ? { readonly frozen: Names } : unknown
type NamesAmong<Fs, Names extends readonly unknown[] = []> = Fs extends readonly [infer F, ...infer Rest]
  ? NamesAmong<Rest, F extends { readonly names: infer More extends readonly unknown[] } ? [...Names, ...More] : Names>
  : Names
/** The tree without what stands at these paths. */
export type Without<P, Paths> = P extends AnyTensor
  ? P
  : { readonly [K in keyof P as K extends Paths ? never : K]: [Below<Paths, K>] extends [never] ? P[K] : Without<P[K], Below<Paths, K>> }
type Below<Paths, K> = Paths extends `${K & string}.${infer Rest}` ? Rest : never

/** The message for the first name that the parameters do not have, or null. */
export type FreezeFault<P, Names extends readonly unknown[]> = Names extends readonly [infer Name, ...infer Rest]
  ? SizeFault<Name> extends 'wide'
    ? typeof wideName
    : Has<P, Name> extends true
      ? FreezeFault<P, Rest>
      : NearOf<P, Name> extends infer Near extends string
        ? Say<typeof noPartNear, { name: Name; near: Near }>
        : Say<typeof noPart, { name: Name }>
  : number extends Names['length']
    ? typeof wideName
    : null
type Has<P, Path> = P extends AnyTensor
  ? false
  : Path extends keyof P
    ? true
    : Path extends `${infer K}.${infer Rest}`
      ? K extends keyof P
        ? Has<P[K], Rest>
        : false
      : false
/** The one name that a slip of one letter away from this one, or null. */
type NearOf<P, Name> = P extends AnyTensor
  ? null
  : Candidates<keyof P, Name> extends infer C
    ? [C] extends [never]
      ? null
      : true extends IsUnion<C>
        ? null
        : C
    : never
type Candidates<K, Name> = K extends string ? (Name extends string ? (IsNear<Name, K> extends true ? K : never) : never) : never
type IsNear<A extends string, B extends string> = A extends `${infer X}${infer R}`
  ? B extends `${X}${infer S}`
    ? IsNear<R, S>
    : OneSlip<A, B>
  : OneSlip<A, B>
/** A letter more, a letter less, another letter, or two the other way round. */
type OneSlip<A extends string, B extends string> =
  Tail<A> extends B
    ? true
    : A extends Tail<B>
      ? true
      : Tail<A> extends Tail<B>
        ? true
        : A extends `${infer X}${infer Y}${infer R}`
          ? B extends `${Y}${X}${R}`
            ? true
            : false
          : false
/** Without the first letter; what has none is near to nothing. */
type Tail<A extends string> = A extends `${string}${infer R}` ? R : 0

/** The keys of a record of parameters; null for a leaf. */
export type Keys = (tree: unknown) => readonly string[] | null
/** The message for the first name that the parameters do not have, or null. */
export const freezeFault = (params: Readonly<Record<string, unknown>>, names: readonly string[], keys: Keys): string | null => {
  const missing = names.find((name) => !has(params, name.split('.'), keys))
  if (missing === undefined) return null
  const near = (keys(params) ?? []).filter((key) => isNear(missing, key))
  return near.length === 1 ? say(noPartNear, { name: missing, near: near[0] }) : say(noPart, { name: missing })
}
const has = (params: unknown, [key, ...rest]: readonly string[], keys: Keys): boolean =>
  key === undefined || (keys(params)?.includes(key) === true && has((params as Readonly<Record<string, unknown>>)[key], rest, keys))
const isNear = (a: string, b: string): boolean => {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  const [x, y] = [a.slice(at), b.slice(at)]
  const [before, after] = [x.slice(1), y.slice(1)]
  return (
    (x !== '' && before === y) ||
    (y !== '' && x === after) ||
    (x !== '' && y !== '' && before === after) ||
    (x.length > 1 && x[0] === y[1] && x[1] === y[0] && x.slice(2) === y.slice(2))
  )
}
