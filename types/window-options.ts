/** Options of kernels and pools: whole numbers or pairs of them, and paddings. Literal, and in range. */
import type { wideName } from './name.ts'
import { type Say, say } from './say.ts'
import { type IsUnion, type SizeFault, sizeFault } from './size.ts'
import type { Border } from './window.ts'

export const wideOption = '{op}: {option} is not a literal'
const badCount = '{op}: {option} must be a whole number, at least {least}, got {got}'
const noRecord = '{op}: expected one record of options, as {example}'
const lacking = "{op}: the option '{option}' is missing"
const noInitializer = '{op}: {option} must be an initializer'
const badPadding = "{op}: padding must be 'same', 'valid', a whole number or {list}, got {got}"

const pairs = { line: '[before, after]', image: '[[top, bottom], [left, right]]' } as const

export type Pair = readonly [number, number]
export type Padding1d = 'same' | 'valid' | number | Pair
export type Padding2d = 'same' | 'valid' | number | readonly [Pair, Pair]

/** The value of an option: the default where there is none, `Wide` where the compiler does not know whether there is one. */
export type OptionOf<O, K, Default, Wide> =
  true extends IsUnion<O> ? Wide : K extends keyof O ? (Partial<Pick<O, K>> extends Pick<O, K> ? Wide : O[K]) : Default

/** `'wide'`, what is no whole number from `Least` up (boxed), or null. */
type CountFault<V, Least> =
  SizeFault<V> extends 'wide'
    ? 'wide'
    : V extends readonly unknown[]
      ? V extends readonly [infer A, infer B]
        ? CountFault<A, Least> extends infer F
          ? F extends null
            ? CountFault<B, Least>
            : F
          : never
        : 'wide'
      : SizeFault<V> extends null
        ? [V, Least] extends [0, 1]
          ? [V]
          : null
        : [V]
/** The message for an option that is no count, or null. */
export type CountMessage<Op extends string, Option extends string, V, Least extends number = 1> =
  CountFault<V, Least> extends infer F
    ? F extends 'wide'
      ? Say<typeof wideOption, { op: Op; option: Option }>
      : F extends [infer Got]
        ? Say<typeof badCount, { op: Op; option: Option; least: Least; got: Got }>
        : null
    : never
/** The message for a padding, or null. A word is no fault: the compiler itself knows which there are. */
export type PaddingMessage<Op extends string, P> =
  CountFault<P, 0> extends infer F
    ? F extends 'wide'
      ? Say<typeof wideOption, { op: Op; option: 'padding' }>
      : F extends [infer Got]
        ? Say<typeof badPadding, { op: Op; list: Borders<Op>; got: Got }>
        : null
    : never
/** What an operation takes as its borders, one by one. */
type Borders<Op extends string> = Op extends `${string}1d` ? typeof pairs.line : typeof pairs.image
/** The message for what is no record of options alone, or null. */
export type RecordMessage<Op extends string, O, Rest, Example extends string> = [Rest] extends [readonly []]
  ? O extends string | number | boolean | null | undefined | readonly unknown[]
    ? Say<typeof noRecord, { op: Op; example: Example }>
    : null
  : Say<typeof noRecord, { op: Op; example: Example }>
/** The message for an option that is not there, or null. */
export type LackingMessage<Op extends string, O, Option extends string> = Option extends keyof O
  ? null
  : Say<typeof lacking, { op: Op; option: Option }>
/** The message for an option that is not even of its own type, else `Message`. */
export type OptionMessage<Op extends string, Options, O, Option extends keyof Options & string, Message, Least = 1> = Option extends keyof O
  ? IsWide<O[Option]> extends true
    ? Say<typeof wideOption, { op: Op; option: Option }>
    : [O[Option]] extends [Required<Options>[Option]]
      ? Message
      : Option extends 'name'
        ? Say<typeof wideName, { kind: Op }>
        : Option extends 'padding'
          ? Say<typeof badPadding, { op: Op; list: Borders<Op>; got: O[Option] }>
          : Option extends 'weight' | 'bias'
            ? Say<typeof noInitializer, { op: Op; option: Option }>
            : Say<typeof badCount, { op: Op; option: Option; least: Least; got: O[Option] }>
  : null
type IsWide<V> = V extends readonly unknown[] ? (number extends V['length'] ? true : false) : SizeFault<V> extends 'wide' ? true : false
/** The first of several messages, or null. */
export type First<Messages extends readonly unknown[]> = Messages extends readonly [infer Head, ...infer Rest]
  ? Head extends null
    ? First<Rest>
    : Head
  : null

/** The message for an option that is no count, or null. JavaScript may give a pair where one is meant, or anything. */
export const countMessage = (op: string, option: string, value: unknown, axes: number, least = 1): string | null => {
  const all = Array.isArray(value) && value.length === axes && axes > 1 ? value : [value]
  const bad = all.findIndex((n) => typeof n !== 'number' || sizeFault(n) !== null || n < least)
  return bad < 0 ? null : say(badCount, { op, option, least, got: all[bad] })
}
const bordersFor = (op: string): string => (op.endsWith('1d') ? pairs.line : pairs.image)
/** The message for a padding, or null. */
export const paddingMessage = (op: string, padding: unknown, axes: number): string | null => {
  if (padding === 'same' || padding === 'valid') return null
  const lists = !Array.isArray(padding) ? [[padding, padding]] : axes === 1 ? [padding] : padding.length === axes ? padding : [padding]
  for (const list of lists) {
    if (!Array.isArray(list) || list.length !== 2) return say(badPadding, { op, list: bordersFor(op), got: padding })
    const bad = list.findIndex((n) => typeof n !== 'number' || sizeFault(n) !== null)
    if (bad >= 0) return say(badPadding, { op, list: bordersFor(op), got: list[bad] })
  }
  return null
}

/** The message for what is no record of options alone, or null. */
export const recordMessage = (op: string, given: unknown, rest: readonly unknown[], example: string): string | null =>
  rest.length === 0 && typeof given === 'object' && given !== null && !Array.isArray(given) ? null : say(noRecord, { op, example })
/** The message for an option that is not there, or null. */
export const lackingMessage = (op: string, given: object, option: string): string | null =>
  (given as Readonly<Record<string, unknown>>)[option] === undefined ? say(lacking, { op, option }) : null
/** The message for what gives no parameters their start, or null. */
export const initializerMessage = (op: string, option: string, given: unknown): string | null =>
  typeof given === 'function' ? null : say(noInitializer, { op, option })

/** A count for each axis. */
export const countsOf = (value: number | readonly number[], axes: number): readonly number[] =>
  typeof value === 'number' ? Array.from({ length: axes }, () => value) : value
/** The border of each axis. */
export const bordersOf = (padding: Padding1d | Padding2d, axes: number): readonly Border[] => {
  if (typeof padding === 'number') return Array.from({ length: axes }, () => [padding, padding])
  if (typeof padding === 'string') return Array.from({ length: axes }, () => padding)
  return axes === 1 ? [padding as Pair] : (padding as readonly Pair[])
}
