/**
 * `concatBranches` and `addBranches`: layers that are given one input, and whose outputs are joined: end to end along the
 * last axis, or added.
 */
import type { Add } from './arithmetic.ts'
import type { DeclaredFault, OpenShape, Told } from './block.ts'
import type { Dims, DType, Shape } from './dim.ts'
import type { From, Grow, LayerFn, NameFault, OutputOf, Reported, ShapeFault } from './layer.ts'
import type { Flat, NoParams } from './model.ts'
import { type Same, same } from './same.ts'
import { type Say, say } from './say.ts'
import { type LongMessage, sizeFault, tooLong } from './size.ts'

const noBranch = '{op}: expected at least one branch'
const openCount = '{op}: the number of branches is not known'
const unequal = 'addBranches: branch 1 gives {first}, branch {index} gives {other}'
const apart = 'concatBranches: {first} and {other} differ outside the last axis'
const noAxis = 'concatBranches: needs rank >= 1, got {shape}'
const namedAxis = 'concatBranches: the last axis of {shape} is named, and a sum of names has no size'

/** `concatBranches(a, b)` */
export interface ConcatBranches<Fs extends unknown[]> extends LayerFn {
  kind: 'concatBranches'
  out: Joined<'concatBranches', Fs, this['in']>
  params: BranchParams<Fs, this['in']>
  takes: DType
  from: FirstFrom<Fs>
  layers: Fs
}
/** `addBranches(a, b)` */
export interface AddBranches<Fs extends unknown[]> extends LayerFn {
  kind: 'addBranches'
  out: Joined<'addBranches', Fs, this['in']>
  params: BranchParams<Fs, this['in']>
  takes: DType
  from: FirstFrom<Fs>
  layers: Fs
}
export type BranchOp = 'concatBranches' | 'addBranches'

/** The shape that the branches give together, or the first message. What was told where they were made is not told again. */
export type Joined<Op extends BranchOp, Fs extends unknown[], S> =
  BranchFaults<Op, Fs> extends Told ? Reported : Fs extends [] ? Say<typeof noBranch, { op: Op }> : JoinedShape<Op, Outputs<Fs, S>>
/** What each branch makes of S, or the first message. */
type Outputs<Fs, S, Done extends unknown[] = []> = Fs extends [infer F, ...infer Rest]
  ? ShapeFault<F, S> extends infer E extends string
    ? E
    : Outputs<Rest, S, [...Done, OutputOf<F, S>]>
  : Done
/** The joined shape, or the message. */
export type JoinedShape<Op extends BranchOp, Given> = Given extends [infer First, ...infer Rest]
  ? Reported extends [First, ...Rest][number]
    ? Reported
    : Op extends 'addBranches'
      ? Added<First, Rest, [First]>
      : Concatenated<First, Rest, First>
  : Given
type Added<First, Given, Done extends unknown[]> = Given extends [infer Next, ...infer Rest]
  ? Same<First, Next> extends true
    ? Added<First, Rest, [...Done, Next]>
    : Say<typeof unequal, { first: First; index: [...Done, Next]['length']; other: Next }>
  : First
type Concatenated<First, Given, Whole> = Given extends [infer Next, ...infer Rest]
  ? [Whole, Next] extends [[...infer A extends Shape, infer N], [...infer B extends Shape, infer M]]
    ? Same<A, B> extends true
      ? [N, M] extends [infer n extends number, infer m extends number]
        ? [Add<n, m>] extends [never]
          ? LongMessage<'concatBranches', A['length'], n | m>
          : Concatenated<First, Rest, [...A, Add<n, m>]>
        : Say<typeof namedAxis, { shape: N extends number ? Next : First }>
      : Say<typeof apart, { first: First; other: Next }>
    : Say<typeof noAxis, { shape: First extends [] ? First : Next }>
  : Whole

/** The parameters of branches, by their names. */
export type BranchParams<Fs extends unknown[], S> = Flat<Grown<Fs, S, NoParams>>
type Grown<Fs, S, P> = Fs extends [infer F, ...infer Rest] ? Grown<Rest, S, Grow<F, S, P>> : P

/** The shape that the first branch was made for which says so. */
type FirstFrom<Fs> = Fs extends [infer F, ...infer Rest] ? (From<F> extends null ? FirstFrom<Rest> : From<F>) : null

/**
 * A tuple that ends in the first message of branches that are in no model yet, at the place of its branch: names, and
 * shapes as far as a branch says what it was made for. A message alone where their number is not known.
 */
export type BranchFaults<Op extends BranchOp, Fs extends unknown[]> = number extends Fs['length']
  ? Say<typeof openCount, { op: Op }>
  : OpenBranches<Op, Fs, OpenShape<FirstFrom<Fs>>, NoParams>
type OpenBranches<Op extends BranchOp, Fs, Open, P, Done extends unknown[] = []> = Fs extends [infer F, ...infer Rest]
  ? DeclaredFault<Op, F, Open> extends infer E extends string
    ? [...Done, E]
    : NameFault<F, P> extends infer E extends string
      ? [...Done, E]
      : OpenBranches<Op, Rest, Open, Grow<F, unknown, P>, [...Done, unknown]>
  : Done

export const noBranchMessage = (op: BranchOp): string => say(noBranch, { op })

/** The joined shape of the outputs of branches, or the message. */
export const joinedShape = (op: BranchOp, [first, ...rest]: readonly Dims[]): Dims | string =>
  first === undefined ? noBranchMessage(op) : op === 'addBranches' ? added(first, rest) : concatenated(first, rest)

const added = (first: Dims, rest: readonly Dims[]): Dims | string => {
  const index = rest.findIndex((next) => !same(first, next))
  return index < 0 ? first : say(unequal, { first, index: index + 2, other: rest[index] })
}
const concatenated = (first: Dims, rest: readonly Dims[]): Dims | string => {
  let whole = first
  for (const next of rest) {
    const [n, m] = [whole.at(-1), next.at(-1)]
    if (n === undefined || m === undefined) return say(noAxis, { shape: first.length === 0 ? first : next })
    if (!same(whole.slice(0, -1), next.slice(0, -1))) return say(apart, { first, other: next })
    if (typeof n === 'string' || typeof m === 'string') return say(namedAxis, { shape: typeof n === 'number' ? next : first })
    if (sizeFault(n + m) !== null) return say(tooLong, { op: 'concatBranches', axis: whole.length - 1 })
    whole = [...whole.slice(0, -1), n + m]
  }
  return whole
}
