/** A layer's last argument: a name, or a record of options of which one is the name. */
import type { Refused } from './layer.ts'
import { type NameMessage, nameMessage } from './name.ts'
import { type Say, say } from './say.ts'

export const noOption = "{kind}: there is no option '{option}'"

/** What is taken for options: also what has others, so that the sentence can say so. */
export type OptionsGiven<Options> = string | Options | (Options & Readonly<Record<string, unknown>>)

/** The name in the options: null for none, `string` when the compiler does not know it. */
type NameIn<O> = O extends string ? O : 'name' extends keyof O ? (IsOptional<O, 'name'> extends true ? string : O['name']) : null
type IsOptional<O, K extends keyof O> = Partial<Pick<O, K>> extends Pick<O, K> ? true : false
type Unknown<O, Known> = O extends string | null ? never : Exclude<keyof O, Known>

/** The layer F under the name that the options O give. `Known` are the options there are. */
export type WithOptions<F, Kind extends string, O, Known> = [Unknown<O, Known>] extends [never]
  ? NameIn<O> extends infer Name extends string
    ? WithName<F, Kind, Name>
    : F
  : Refused<Kind, Say<typeof noOption, { kind: Kind; option: Unknown<O, Known> }>>
type WithName<F, Kind extends string, Name extends string> =
  NameMessage<Kind, Name> extends infer Message extends string ? Refused<Kind, Message> : F & { label: Name }

/** The options as a record, whose name is null for none; or the message. */
export const optionsOf = <O extends object>(
  kind: string,
  options: string | O | null | undefined,
  known: readonly (keyof O & string)[],
): (Partial<O> & { readonly name: string | null }) | string => {
  const given = (typeof options === 'string' ? { name: options } : { ...options }) as Partial<O> & { readonly name?: string }
  const option = Object.keys(given).find((key) => key !== 'name' && !known.includes(key as keyof O & string))
  if (option !== undefined) return say(noOption, { kind, option })
  if (given.name === undefined) return { ...given, name: null }
  return nameMessage(kind, given.name) ?? { ...given, name: given.name }
}
