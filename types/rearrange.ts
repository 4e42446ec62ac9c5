/**
 * What a pattern does to a shape: `rearrange` splits, permutes and merges dims and keeps every name, `reduce` also drops
 * names. In a group one size may be open: it is what the others leave of the dim, a number or a product of names.
 */
import type { Dim, Dims, DType, Shape, Size } from './dim.ts'
import type { Numeric } from './dtype.ts'
import { type CountFault, countFault, type Elements, elements, type Product, product } from './elements.ts'
import { type Matched, matched } from './ellipsis.ts'
import type { OperationFn } from './operation.ts'
import { type Pattern, type PatternOf, patternOf } from './pattern.ts'
import { type Counts, counts } from './reshape.ts'
import type { Same } from './same.ts'
import { type Say, say } from './say.ts'
import { type badSize, type DimOf, dimOf, type IsUnion, type SizeFault, sizeMessage } from './size.ts'

const wideSizes = '{op}: the names of the sizes are not literals'
const noAxis = "{op}: there is no axis {name} in '{pattern}'"
const wideSize = "{op}: the size of {name} is not a literal; write dim('name', n)"
const twoOpen = '{op}: ({group}) has two open sizes, {a} and {b}; give one'
const otherRank = "{op}: '{pattern}' has {rank} dims on the left, got {shape}"
const lowRank = "{op}: '{pattern}' needs rank >= {rank}, got {shape}"
const notOne = "{op}: a 1 of '{pattern}' is {size} in {shape}"
const otherSize = '{op}: {group} of {shape} is {size}, not {given}'
const undivided = '{op}: ({group}) of {shape} is {size}, which {given} does not divide'
const otherHow = "{op}: expected sum, mean, max or min, got '{how}'"
const wideHow = 'reduce: the reduction is not a literal'

/** Sizes of axes, by name. */
export type AxisSizes = Readonly<Record<string, Size>>
/** How the elements of dropped axes become one. */
export const reductions = ['sum', 'mean', 'max', 'min'] as const
export type Reduction = (typeof reductions)[number]

// -- what can be said before there is a shape

/** What is wrong with the sizes: the message, or null. */
export type SizesFault<Op extends string, P extends string, O, Drops> =
  PatternOf<Op, P, Drops> extends [unknown, unknown, infer Names extends unknown[]]
    ? string extends keyof O
      ? Say<typeof wideSizes, { op: Op }>
      : Exclude<keyof O, Exclude<Names[number], '...'>> extends infer Other
        ? [Other] extends [never]
          ? EachSize<Op, Names, O>
          : Say<typeof noAxis, { op: Op; name: Other; pattern: P }>
        : never
    : null
type EachSize<Op extends string, Names, O> = Names extends [infer Head, ...infer Rest]
  ? Head extends keyof O
    ? SizeFault<DimOf<O[Head]>> extends null
      ? EachSize<Op, Rest, O>
      : SizeFault<DimOf<O[Head]>> extends 'bad'
        ? Say<typeof badSize, { op: Op; size: DimOf<O[Head]> }>
        : Say<typeof wideSize, { op: Op; name: Head }>
    : EachSize<Op, Rest, O>
  : null
/** What is wrong with the pattern, as far as the sizes are right: the message, or null. */
export type PatternFault<Op extends string, P extends string, O, Drops> =
  PatternOf<Op, P, Drops> extends infer R
    ? R extends [[infer Before, infer After], unknown, unknown]
      ? SizesFault<Op, P, O, Drops> extends null
        ? OpenFault<Op, Before, O> extends infer Fault extends string
          ? Fault
          : OpenFault<Op, After, O>
        : null
      : R
    : never
type OpenFault<Op extends string, Groups, O> = Groups extends [infer Head, ...infer Rest]
  ? Sorted<Head, O> extends [[infer A, infer B, ...unknown[]], unknown, unknown]
    ? Say<typeof twoOpen, { op: Op; group: Words<Head>; a: A; b: B }>
    : OpenFault<Op, Rest, O>
  : null
/** The names of a group whose sizes are open, those that have one, and their sizes. */
type Sorted<Names, O, Open extends unknown[] = [], Given extends unknown[] = [], Sizes extends unknown[] = []> = Names extends [
  infer Head,
  ...infer Rest,
]
  ? Head extends keyof O
    ? Sorted<Rest, O, Open, [...Given, Head], [...Sizes, DimOf<O[Head]>]>
    : Sorted<Rest, O, [...Open, Head], Given, Sizes>
  : [Open, Given, Sizes]
type Words<Names, Between extends string = ' ', Done extends string = ''> = Names extends [infer Head extends string, ...infer Rest]
  ? Words<Rest, Between, Done extends '' ? Head : `${Done}${Between}${Head}`>
  : Done

// -- the shape

/** The sizes of a group's axes, each in a box, as a record; or the message. */
type Axes<Op extends string, P, Group, D, S, O> = Group extends []
  ? Same<D, 1> extends true
    ? unknown
    : Say<typeof notOne, { op: Op; pattern: P; size: D; shape: S }>
  : Group extends [infer Name extends string]
    ? Name extends keyof O
      ? Same<D, DimOf<O[Name]>> extends true
        ? { [K in Name]: [D] }
        : Say<typeof otherSize, { op: Op; group: Name; shape: S; size: D; given: DimOf<O[Name]> }>
      : { [K in Name]: [D] }
    : Sorted<Group, O> extends [infer Open, infer Given, infer Sizes]
      ? CountFault<Op, Sizes> extends infer E extends string
        ? E
        : Counts<[D], Sizes> extends [infer N extends number, infer Names]
          ? Open extends [infer Name extends string]
            ? Boxes<Given, O> & { [K in Name]: [Product<N, Names>] }
            : [N, Names] extends [1, []]
              ? Boxes<Given, O>
              : OtherSize<Op, Group, D, S, Sizes>
          : Open extends []
            ? OtherSize<Op, Group, D, S, Sizes>
            : Say<
                typeof undivided,
                { op: Op; group: Words<Group>; shape: S; size: D; given: `${Words<Given, ' * '>} = ${Elements<Sizes>}` }
              >
      : never
type Boxes<Names, O> = { [K in (Names & unknown[])[number] & keyof O]: [DimOf<O[K]>] }
type OtherSize<Op extends string, Group, D, S, Sizes> = Say<
  typeof otherSize,
  { op: Op; group: `(${Words<Group>})`; shape: S; size: D; given: Elements<Sizes> }
>

/** The sizes of all axes, boxed; or the first message. */
type Bound<Op extends string, P, Groups, Ds, S, O, Known = unknown> = [Groups, Ds] extends [
  [infer Group, ...infer Rest],
  [infer D, ...infer Drest],
]
  ? Axes<Op, P, Group, D, S, O> extends infer R
    ? R extends string
      ? R
      : Bound<Op, P, Rest, Drest, S, O, Known & R>
    : never
  : [Known]
type Spread<Names, Known, Between extends Shape, Done extends unknown[] = []> = Names extends [infer Head, ...infer Rest]
  ? Head extends '...'
    ? Spread<Rest, Known, Between, [...Done, ...Between]>
    : Known[Head & keyof Known] extends [infer D]
      ? Spread<Rest, Known, Between, [...Done, D]>
      : never
  : Done
type Merged<Op extends string, Groups, Known, Between extends Shape, Done extends unknown[] = []> = Groups extends [
  infer Head,
  ...infer Rest,
]
  ? Head extends '...'
    ? Merged<Op, Rest, Known, Between, [...Done, ...Between]>
    : Spread<Head, Known, Between> extends infer Ds
      ? Ds extends [infer D]
        ? Merged<Op, Rest, Known, Between, [...Done, D]>
        : CountFault<Op, Ds> extends infer E extends string
          ? E
          : Merged<Op, Rest, Known, Between, [...Done, Elements<Ds>]>
      : never
  : Done

/** The shape after a pattern, or the message. */
export type NotationShape<Op extends string, P extends string, O, Drops, S> =
  PatternFault<Op, P, O, Drops> extends infer Fault extends string
    ? Fault
    : SizesFault<Op, P, O, Drops> extends infer Fault extends string
      ? Fault
      : PatternOf<Op, P, Drops> extends [[infer Before extends unknown[], infer After], infer Right, unknown]
        ? Matched<Before, After, S> extends [infer Ds, infer Between]
          ? Bound<Op, P, After extends unknown[] ? [...Before, ...After] : Before, Ds, S, O> extends infer R
            ? R extends [infer Known]
              ? Merged<Op, Right, Known, Between extends Shape ? Between : []>
              : R
            : never
          : After extends unknown[]
            ? Say<typeof lowRank, { op: Op; pattern: P; rank: [...Before, ...After]['length']; shape: S }>
            : Say<typeof otherRank, { op: Op; pattern: P; rank: Before['length']; shape: S }>
        : never

/** `rearrange(pattern, sizes)` */
export interface RearrangeFn<P extends string, O> extends OperationFn {
  kind: 'rearrange'
  pattern: P
  out: NotationShape<'rearrange', P, O, false, this['in']>
  wholeOut: NotationShape<'rearrange', P, O, false, this['whole']>
  onto: DType
}
/** `reduce(pattern, how, sizes)`: a mean is of f32, the others of numbers. */
export interface ReduceFn<P extends string, How, O> extends OperationFn {
  kind: 'reduce'
  pattern: P
  out: ReducedShape<P, How, O, this['in']>
  wholeOut: ReducedShape<P, How, O, this['whole']>
  onto: How extends 'mean' ? 'f32' : Numeric
}
type ReducedShape<P extends string, How, O, S> =
  HowFault<How> extends infer Fault extends string ? Fault : NotationShape<'reduce', P, O, true, S>
/** The message for what is no reduction, or null. */
export type HowFault<How> = [How] extends [Reduction]
  ? true extends IsUnion<How>
    ? typeof wideHow
    : null
  : Say<typeof otherHow, { op: 'reduce'; how: How }>

// -- the same at run time

/** A pattern with its sizes. */
export interface Notation extends Pattern {
  readonly op: 'rearrange' | 'reduce'
  readonly pattern: string
  readonly sizes: Readonly<Record<string, Dim>>
}
/** A shape under a pattern: the size of each axis on the left, in its order, and the right side as axes of these. */
export interface Arranged {
  readonly split: Dims
  /** The axes of each dim of the result. */
  readonly groups: readonly (readonly number[])[]
  readonly shape: Dims
}

/** The pattern with its sizes, or the message. */
export const notationOf = (op: Notation['op'], pattern: string, sizes: AxisSizes, drops: boolean): Notation | string => {
  const parsed = patternOf(op, pattern, drops)
  if (typeof parsed === 'string') return parsed
  const names = parsed.names.filter((name) => name !== '...')
  const unknown = Object.keys(sizes).find((name) => !names.includes(name))
  if (unknown !== undefined) return say(noAxis, { op, name: unknown, pattern })
  const given = names.filter((name) => Object.hasOwn(sizes, name))
  const fault = given.map((name) => sizeMessage(op, sizes[name])).find((message) => message !== null)
  if (fault !== undefined) return fault as string
  const notation = { ...parsed, op, pattern, sizes: Object.fromEntries(given.map((name) => [name, dimOf(sizes[name] as Size)])) }
  return openFault(notation) ?? notation
}
const spoken = ({ left: [before, after] }: Notation): readonly (readonly string[])[] => [...before, ...(after ?? [])]
const openOf = (group: readonly string[], { sizes }: Notation): readonly string[] => group.filter((name) => !Object.hasOwn(sizes, name))
const openFault = (notation: Notation): string | null => {
  const group = spoken(notation).find((each) => each.length > 1 && openOf(each, notation).length > 1)
  if (group === undefined) return null
  const [a, b] = openOf(group, notation)
  return say(twoOpen, { op: notation.op, group: group.join(' '), a, b })
}

/** What the pattern makes of a shape, or the message. */
export const arrangedOf = (notation: Notation, shape: Dims): Arranged | string => {
  const { op, pattern, left } = notation
  const match = matched(left, shape)
  if (match === null) return say(left[1] === null ? otherRank : lowRank, { op, pattern, rank: spoken(notation).length, shape })
  const [dims, between] = match
  const found = new Map<string, Dim>()
  for (const [i, group] of spoken(notation).entries()) {
    const axes = axesOf(notation, group, dims[i] as Dim, shape)
    if (typeof axes === 'string') return axes
    for (const [name, dim] of axes) found.set(name, dim)
  }
  return arranged(notation, found, between ?? [])
}
type Axis = readonly [name: string, dim: Dim]
/** The axes of a group in a dim of the shape, or the message. */
const axesOf = (notation: Notation, group: readonly string[], size: Dim, shape: Dims): readonly Axis[] | string => {
  const { op, pattern, sizes } = notation
  const [name] = group
  if (name === undefined) return size === 1 ? [] : say(notOne, { op, pattern, size, shape })
  const own = Object.hasOwn(sizes, name) ? sizes[name] : undefined
  if (group.length === 1)
    return own === undefined || own === size ? [[name, size]] : say(otherSize, { op, group: name, shape, size, given: own })
  const open = openOf(group, notation)
  const given = group.filter((each) => !open.includes(each))
  const known = given.map((each): Axis => [each, sizes[each] as Dim])
  const knownSizes = known.map(([, dim]) => dim)
  const tooMany = countFault(op, knownSizes)
  if (tooMany !== null) return tooMany
  const [rest, whole] = [counts([size], knownSizes), elements(knownSizes)]
  if (open[0] !== undefined) {
    if (rest !== null) return [...known, [open[0], product(...rest)]]
    return say(undivided, { op, group: group.join(' '), shape, size, given: `${given.join(' * ')} = ${whole}` })
  }
  const isWhole = rest !== null && rest[0] === 1 && rest[1].length === 0
  return isWhole ? known : say(otherSize, { op, group: `(${group.join(' ')})`, shape, size, given: whole })
}
const arranged = ({ op, left: [before, after], right }: Notation, found: ReadonlyMap<string, Dim>, between: Dims): Arranged | string => {
  const [first, last] = [before.flat(), (after ?? []).flat()]
  const split = [...first.map((name) => found.get(name) as Dim), ...between, ...last.map((name) => found.get(name) as Dim)]
  const dots = between.map((_, i) => first.length + i)
  const axisOf = (name: string) => {
    const at = first.indexOf(name)
    return at < 0 ? first.length + between.length + last.indexOf(name) : at
  }
  const axes = (names: readonly string[]) => names.flatMap((name) => (name === '...' ? dots : [axisOf(name)]))
  const groups = right.flatMap((group) => (group === '...' ? dots.map((axis) => [axis]) : [axes(group)]))
  const sizes = (group: readonly number[]) => group.map((axis) => split[axis] as Dim)
  const fault = groups.map((group) => (group.length === 1 ? null : countFault(op, sizes(group)))).find((each) => each !== null)
  return fault ?? { split, groups, shape: groups.map((group) => (group.length === 1 ? (sizes(group)[0] as Dim) : elements(sizes(group)))) }
}

/** The message for what is no reduction, or null. */
export const howFault = (how: string): string | null =>
  reductions.some((each) => each === how) ? null : say(otherHow, { op: 'reduce', how })
