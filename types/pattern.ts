/**
 * Patterns of axes by name: `b (h w) c -> b h w c`. A name is an axis, parentheses are axes in one dim, `1` is a dim of
 * size 1, and `...` is any number of dims. Both sides are read here; what they do to a shape is in `rearrange.ts`.
 */
import type { Around } from './ellipsis.ts'
import { type Say, say } from './say.ts'
import type { SizeFault } from './size.ts'

const widePattern = '{op}: the pattern is not a literal'
const noPattern = "{op}: '{pattern}' is not a pattern, as 'b h w -> b (h w)'"
const unbalanced = "{op}: the parentheses of '{pattern}' do not match"
const dotsInside = "{op}: ... stands in parentheses on the left of '{pattern}'"
const twice = "{op}: {name} stands twice on the {side} of '{pattern}'"
const onlyOn = "{op}: {name} stands only on the {side} of '{pattern}'"

/** Spaces around a mark, so that a side can be cut at spaces. */
type Spaced<S extends string, Mark extends string, Done extends string = ''> = S extends `${infer Before}${Mark}${infer After}`
  ? Spaced<After, Mark, `${Done}${Before} ${Mark} `>
  : `${Done}${S}`
type NoName = `${number}${string}` | `${string}${'.' | '-' | '>' | ',' | ':' | '*' | '=' | '\t' | '\n'}${string}`

/** A side, cut at spaces: a list of groups of names and of `...`, boxed with all names in it; or the sentence. */
type ReadSide<
  S extends string,
  Groups extends unknown[] = [],
  Open = null,
  Names extends string[] = [],
> = S extends `${infer Word} ${infer Rest}`
  ? Word extends ''
    ? ReadSide<Rest, Groups, Open, Names>
    : Word extends '('
      ? Open extends null
        ? ReadSide<Rest, Groups, [], Names>
        : typeof unbalanced
      : Word extends ')'
        ? Open extends string[]
          ? ReadSide<Rest, [...Groups, Open], null, Names>
          : typeof unbalanced
        : Word extends '1'
          ? ReadSide<Rest, Open extends null ? [...Groups, []] : Groups, Open, Names>
          : Word extends '...'
            ? Open extends string[]
              ? ReadSide<Rest, Groups, [...Open, Word], [...Names, Word]>
              : ReadSide<Rest, [...Groups, Word], Open, [...Names, Word]>
            : Word extends NoName
              ? typeof noPattern
              : Open extends string[]
                ? ReadSide<Rest, Groups, [...Open, Word], [...Names, Word]>
                : ReadSide<Rest, [...Groups, [Word]], Open, [...Names, Word]>
  : Open extends null
    ? [Groups, Names]
    : typeof unbalanced
/** The groups before `...` and after it. */
type Parted<Groups, Before extends unknown[] = []> = Groups extends [infer Head, ...infer Rest]
  ? Head extends '...'
    ? [Before, Rest]
    : Parted<Rest, [...Before, Head]>
  : [Before, null]

/** Boxed; null where there is none. */
type Twice<Names> = Names extends [infer Head, ...infer Rest] ? (Head extends Rest[number] ? [Head] : Twice<Rest>) : null
type Missing<Names, Others extends unknown[]> = Names extends [infer Head, ...infer Rest]
  ? Head extends Others[number]
    ? Missing<Rest, Others>
    : [Head]
  : null
type HasDotsInside<Groups> = Groups extends [infer Head, ...infer Rest]
  ? Head extends unknown[]
    ? '...' extends Head[number]
      ? true
      : HasDotsInside<Rest>
    : HasDotsInside<Rest>
  : false

/** The left side around its `...`, the right side, and the names of the left; or the message. `Drops`: the right may lack names. */
export type PatternOf<Op extends string, P extends string, Drops> =
  SizeFault<P> extends 'wide'
    ? Say<typeof widePattern, { op: Op }>
    : Spaced<Spaced<Spaced<P, '('>, ')'>, '->'> extends `${infer L} -> ${infer R}`
      ? [ReadSide<`${L} `>, ReadSide<`${R} `>] extends [infer Left, infer Right]
        ? Left extends [infer Ls, infer Names]
          ? Right extends [infer Rs, infer Others]
            ? NamesFault<Op, P, Drops, Ls, Names, Others> extends infer Fault extends string
              ? Fault
              : [Parted<Ls>, Rs, Names]
            : SideMessage<Op, P, Right>
          : SideMessage<Op, P, Left>
        : never
      : Say<typeof noPattern, { op: Op; pattern: P }>
type SideMessage<Op extends string, P, Fault> = Say<Fault & string, { op: Op; pattern: P }>
type NamesFault<Op extends string, P, Drops, Ls, Names, Others> =
  HasDotsInside<Ls> extends true
    ? Say<typeof dotsInside, { op: Op; pattern: P }>
    : Twice<Names> extends [infer Name]
      ? Say<typeof twice, { op: Op; name: Name; side: 'left'; pattern: P }>
      : Twice<Others> extends [infer Name]
        ? Say<typeof twice, { op: Op; name: Name; side: 'right'; pattern: P }>
        : [Drops, Missing<Names, Others & unknown[]>] extends [false, [infer Name]]
          ? Say<typeof onlyOn, { op: Op; name: Name; side: 'left'; pattern: P }>
          : Missing<Others, Names & unknown[]> extends [infer Name]
            ? Say<typeof onlyOn, { op: Op; name: Name; side: 'right'; pattern: P }>
            : null

// -- the same at run time

/** Axes that are one dim; or `...`, which is any number of dims. */
export type Group = readonly string[] | '...'
export interface Pattern {
  readonly left: Around<readonly string[]>
  readonly right: readonly Group[]
  readonly names: readonly string[]
}
interface Side {
  readonly groups: readonly Group[]
  readonly names: readonly string[]
}

/** A side, or the sentence. */
const sideOf = (text: string): Side | string => {
  const groups: Group[] = []
  const names: string[] = []
  let open: string[] | null = null
  for (const word of text.split(' ').filter((each) => each !== '')) {
    if (word === '(' ? open !== null : word === ')' && open === null) return unbalanced
    if (word === '(') open = []
    else if (word === ')') {
      groups.push(open as string[])
      open = null
    } else if (word === '1') groups.push(...(open === null ? [[]] : []))
    else if (word !== '...' && !isName(word)) return noPattern
    else {
      names.push(word)
      if (open === null) groups.push(word === '...' ? word : [word])
      else open.push(word)
    }
  }
  return open === null ? { groups, names } : unbalanced
}
const isName = (word: string): boolean => /^[^0-9.\->,:*=\t\n][^.\->,:*=\t\n]*$/.test(word)
const parted = (groups: readonly Group[]): Around<readonly string[]> => {
  const at = groups.indexOf('...')
  const all = groups.filter((group) => group !== '...')
  return at < 0 ? [all, null] : [all.slice(0, at), all.slice(at)]
}

/** The left side around its `...`, the right side, and the names of the left; or the message. `drops`: the right may lack names. */
export const patternOf = (op: string, pattern: string, drops: boolean): Pattern | string => {
  if (typeof pattern !== 'string') return say(widePattern, { op })
  const [first = '', ...more] = pattern.replace(/[()]|->/g, ' $& ').split(' -> ')
  if (more.length === 0) return say(noPattern, { op, pattern })
  const [left, right] = [sideOf(first), sideOf(more.join(' -> '))]
  if (typeof left === 'string') return say(left, { op, pattern })
  if (typeof right === 'string') return say(right, { op, pattern })
  return namesFault(op, pattern, drops, left, right) ?? { left: parted(left.groups), right: right.groups, names: left.names }
}
const namesFault = (op: string, pattern: string, drops: boolean, left: Side, right: Side): string | null => {
  if (left.groups.some((group) => group !== '...' && group.includes('...'))) return say(dotsInside, { op, pattern })
  const doubled = (names: readonly string[]) => names.find((name, i) => names.includes(name, i + 1))
  const missing = (names: readonly string[], others: readonly string[]) => names.find((name) => !others.includes(name))
  const faults: readonly (readonly [sentence: string, name: string | undefined, side: string])[] = [
    [twice, doubled(left.names), 'left'],
    [twice, doubled(right.names), 'right'],
    [onlyOn, drops ? undefined : missing(left.names, right.names), 'left'],
    [onlyOn, missing(right.names, left.names), 'right'],
  ]
  const fault = faults.find(([, name]) => name !== undefined)
  return fault === undefined ? null : say(fault[0], { op, name: fault[1], side: fault[2], pattern })
}
