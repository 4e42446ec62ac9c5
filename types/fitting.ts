/**
 * A tree beside the tree that is asked for: parameters, gradients, updates, the state of an optimizer or of a program. What
 * does not fit is told at its path.
 */
import { same } from './same.ts'
import { type Say, say } from './say.ts'
import { type DimsAndType, type ShowTyped, showTyped } from './show.ts'
import type { IsUnion } from './size.ts'
import type { AnyTensor, Tensor } from './tensor.ts'

const missing = '{op}: {path} is missing'
const several = '{op}: several parts of {path} are missing'
const other = '{op}: {path} is {got}, {owner} {wanted}'
const noTensor = '{op}: {path} is no tensor, {owner} {wanted}'
const noStatistic = '{op}: {path} is no statistic; write statistic(x)'
const noTree = '{op}: {path} is a tensor, {owner} several there'
const noList = '{op}: {path} is no list of {length}'
const otherValue = '{op}: {path} is another value than {owner}'

/**
 * `Wanted` where `Given` fits, else with a message at each place that is wrong. Boxed, and first of all: a tree that is a type
 * parameter fits itself. `Given` stands alone in a branch to be inferred there. Lists in a literal are tuples where its type parameter
 * is `const`; that they are readonly then does not matter.
 */
export type Fitting<Op extends string, Owner extends string, Path extends string, Given, Wanted> = { _: Given } extends { _: Wanted }
  ? Wanted
  : 0 extends 1 & Given
    ? Given
    : Misfit<Op, Owner, Path, Given, Wanted>
type Misfit<Op extends string, Owner extends string, Path extends string, Given, Wanted> = Wanted extends AnyTensor
  ? LeafFault<Op, Owner, Path, Given, Wanted>
  : Wanted extends object
    ? Given extends AnyTensor
      ? Say<typeof noTree, { op: Op; path: Path; owner: Owner }>
      : Wanted extends readonly unknown[]
        ? Given extends { readonly length: Wanted['length'] }
          ? Items<Op, Owner, Path, Given, Wanted>
          : Say<typeof noList, { op: Op; path: Path; length: Wanted['length'] }>
        : Exclude<keyof Wanted, keyof Given> extends infer K
          ? [K] extends [never]
            ? Parts<Op, Owner, Path, Given, Wanted>
            : MissingFault<Op, Path, K>
          : never
    : Say<typeof otherValue, { op: Op; path: Path; owner: Owner }>
type Parts<Op extends string, Owner extends string, Path extends string, Given, Wanted> = {
  readonly [K in keyof Wanted]: Fitting<Op, Owner, `${Path}.${K & string}`, K extends keyof Given ? Given[K] : undefined, Wanted[K]>
}
/** A list's elements alone: of two lists a compiler would first tell how their methods differ. */
type Items<Op extends string, Owner extends string, Path extends string, Given, Wanted> = {
  readonly [K in keyof Wanted & `${number}`]: Fitting<Op, Owner, `${Path}.${K}`, K extends keyof Given ? Given[K] : undefined, Wanted[K]>
}
type LeafFault<Op extends string, Owner extends string, Path extends string, Given, Wanted> =
  Wanted extends Tensor<infer T, infer E>
    ? Given extends Tensor<infer S, infer D>
      ? { _: Given } extends { _: Tensor<T, E> }
        ? Say<typeof noStatistic, { op: Op; path: Path }>
        : Say<typeof other, { op: Op; path: Path; got: ShowTyped<S, D>; owner: Owner; wanted: ShowTyped<T, E> }>
      : Say<typeof noTensor, { op: Op; path: Path; owner: Owner; wanted: ShowTyped<T, E> }>
    : never
/** Which of several is the first, a compiler cannot say. */
type MissingFault<Op extends string, Path extends string, K> =
  true extends IsUnion<K> ? Say<typeof several, { op: Op; path: Path }> : Say<typeof missing, { op: Op; path: `${Path}.${K & string}` }>

/** What a leaf is: the shape of a parameter that a model declares, or a tensor. */
export interface Leaf extends DimsAndType {
  readonly statistic?: boolean
}
/** Reads the leaves of both trees; null for what is none. */
export interface Leaves {
  readonly given: (x: unknown) => Leaf | null
  readonly wanted: (x: unknown) => Leaf | null
}

/** The first message, or null. */
export const fitting = (op: string, owner: string, path: string, given: unknown, wanted: unknown, leaves: Leaves): string | null => {
  const [a, b] = [leaves.given(given), leaves.wanted(wanted)]
  if (b !== null) return leafFault(op, owner, path, a, b)
  if (typeof wanted !== 'object' || wanted === null) return Object.is(given, wanted) ? null : say(otherValue, { op, path, owner })
  if (a !== null) return say(noTree, { op, path, owner })
  const parts = typeof given === 'object' && given !== null ? (given as Readonly<Record<string, unknown>>) : {}
  if (Array.isArray(wanted) && parts.length !== wanted.length) return say(noList, { op, path, length: wanted.length })
  const lacking = Object.keys(wanted).filter((key) => !Object.hasOwn(parts, key) || parts[key] === undefined)
  if (lacking.length > 0) return lacking.length > 1 ? say(several, { op, path }) : say(missing, { op, path: `${path}.${lacking[0]}` })
  for (const [key, part] of Object.entries(wanted)) {
    const fault = fitting(op, owner, `${path}.${key}`, parts[key], part, leaves)
    if (fault !== null) return fault
  }
  return null
}
const leafFault = (op: string, owner: string, path: string, given: Leaf | null, wanted: Leaf): string | null => {
  if (given === null) return say(noTensor, { op, path, owner, wanted: showTyped(wanted) })
  if (given.dtype !== wanted.dtype || !same(given.shape, wanted.shape))
    return say(other, { op, path, got: showTyped(given), owner, wanted: showTyped(wanted) })
  return wanted.statistic === true && given.statistic !== true ? say(noStatistic, { op, path }) : null
}

/**
 * Options from which types are inferred though one of them is misspelt: TypeScript infers nothing from a record that both
 * lacks what is required and has what is not asked for, and would then complain of all the others.
 */
export type Inferred<Options> = Options & Partial<Options>
