/** A layer's last argument: a name, or a record of options of which one is the name. */
import type { Refused } from './layer.ts'
import { type NameMessage, nameMessage, type wideName } from './name.ts'
import { uncalled } from './operation.ts'
import { type Say, say } from './say.ts'
import type { IsUnion } from './size.ts'

const noRecord = '{kind}: expected options by name, got {got}'
export const noOption = "{kind}: there is no option '{option}'"
const wrongOption = '{op}: {option} must be {expected}'

/** What may be missing has no name that the compiler knows. */
export type MaybeNamed<Kind extends string> = Refused<Kind, Say<typeof wideName, { kind: Kind }>>
/** What is taken for options: also what has others, so that the sentence can say so. */
export type OptionsGiven<Options> = string | Options | (Options & Readonly<Record<string, unknown>>)

/** The name in the options: null for none, `string` when the compiler does not know it. */
type NameIn<O> =
  true extends IsUnion<O>
    ? string
    : O extends string
      ? O
      : 'name' extends keyof O
        ? undefined extends O['name']
          ? string
          : O['name']
        : null
type Unknown<O, Known> = O extends string | null ? never : Exclude<keyof O, Known>

/** The message for an option that is not among the known ones, or null. */
export type UnknownMessage<Kind extends string, O, Known> = [Unknown<O, Known>] extends [never]
  ? null
  : Say<typeof noOption, { kind: Kind; option: Unknown<O, Known> }>
/** The options O, or the message for one that is not among those of `Options`, which would be forgotten. */
export type Known<Kind extends string, O, Options> = UnknownMessage<Kind, O, keyof Options> extends infer E extends string ? E : O
/** The message for the options O, the name among them, or null. */
export type OptionsMessage<Kind extends string, O, Known> =
  UnknownMessage<Kind, O, Known> extends infer Message extends string
    ? Message
    : NameIn<O> extends infer Name extends string
      ? NameMessage<Kind, Name>
      : null
/** The layer F under the name that the options O give. */
export type WithOptions<F, Kind extends string, O, Known> =
  OptionsMessage<Kind, O, Known> extends infer Message extends string
    ? Refused<Kind, Message>
    : NameIn<O> extends infer Name extends string
      ? F & { label: Name }
      : F

/** Whether there may be no options at all, or what is no record of them: it has no name that the compiler knows. */
export type Absent<O> = O extends undefined | null | number | boolean | readonly unknown[] ? true : false
/** The message for the value of an option that is not even of its type, or null. `Words` say what each must be. */
export type WrongOption<Op extends string, O, Options, K extends keyof Words, Words> = K extends keyof O & keyof Options
  ? [O[K]] extends [Options[K] | undefined]
    ? null
    : Say<typeof wrongOption, { op: Op; option: K; expected: Words[K] }>
  : null

/** The options as a record, whose name is null for none; or the message. */
export const optionsOf = <O extends object>(
  kind: string,
  options: string | O | null | undefined,
  known: readonly (keyof O & string)[],
): (Partial<O> & { readonly name: string | null }) | string => {
  // A model in the place of options: it stands where the layer should, whose call was forgotten.
  if (typeof options === 'object' && options !== null && 'extend' in options) return say(uncalled, { kind, call: `${kind}()` })
  const given = (typeof options === 'string' ? { name: options } : { ...options }) as Partial<O> & { readonly name?: string }
  const unknown = unknownMessage(kind, given, ['name', ...known])
  if (unknown !== null) return unknown
  if (given.name === undefined) return { ...given, name: null }
  return nameMessage(kind, given.name) ?? { ...given, name: given.name }
}

/** The message for an option that is not among the known ones, or null. */
export const unknownMessage = (kind: string, given: object, known: readonly string[]): string | null => {
  const option = Object.keys(given).find((key) => !known.includes(key))
  return option === undefined ? null : say(noOption, { kind, option })
}
/** The message for what is no record of known options, or null. `shown` is how what was given reads. */
export const recordMessage = (kind: string, given: unknown, known: readonly string[], shown: (x: unknown) => string): string | null =>
  typeof given !== 'object' || given === null || Array.isArray(given)
    ? say(noRecord, { kind, got: shown(given) })
    : unknownMessage(kind, given, known)

/** What the value of an option must be, in words, and whether it is. */
export type OptionWords = Readonly<Record<string, readonly [expected: string, holds: (value: unknown) => boolean]>>
/** The message for an option whose value is none, or null. One that is undefined is as if it were absent. */
export const wrongOptionMessage = (op: string, options: object, words: OptionWords): string | null => {
  const given = options as Readonly<Record<string, unknown>>
  const wrong = Object.entries(words).find(([key, [, holds]]) => given[key] !== undefined && !holds(given[key]))
  return wrong === undefined ? null : say(wrongOption, { op, option: wrong[0], expected: wrong[1][0] })
}
