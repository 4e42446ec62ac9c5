/** Names of layers: given by the user, or the first free one of the kind (`dense1`, `dense2`, ...). */
import type { Increment } from './arithmetic.ts'
import { type Say, say } from './say.ts'
import { isNoName, type NoName, type SizeFault } from './size.ts'

export const usedName = "{kind}: the name '{name}' is already used"
export const wideName = '{kind}: the name is not a literal'
export const badName = "{kind}: a name must not be empty, a number, or have a dot, got '{name}'"

/** What records would not keep in order, and paths could not tell apart. */
type NoLayerName = NoName | `${string}.${string}`

/** The message for what cannot be a name, or null. */
export type NameMessage<Kind extends string, Name extends string> =
  SizeFault<Name> extends 'wide'
    ? Say<typeof wideName, { kind: Kind }>
    : Name extends NoLayerName
      ? Say<typeof badName, { kind: Kind; name: Name }>
      : null
/** The message for a name that is taken, or null. */
export type UsedMessage<Kind extends string, Name extends string, Taken extends PropertyKey> = { _: Use<Uses<Name>[Taken]> } extends {
  _: 'other'
}
  ? null
  : Say<typeof usedName, { kind: Kind; name: Name }>
/**
 * What each name is beside this one. Asked through a table, and boxed: so it resolves where the parameters are a type parameter,
 * as the names of those are then other ones until the function runs.
 */
type Uses<Name extends string> = { readonly [K in PropertyKey]: Other } & { readonly [K in Name]: This }
type Use<T> = T extends This ? 'this' : 'other'
interface Other {
  readonly other: true
}
interface This {
  readonly same: true
}

/** The first free automatic name. Where the names are not known (`keyof any`) the search would never end. */
export type FreeName<Kind extends string, Taken> = string extends Taken ? string : FreeFrom<Kind, Taken, 1>
type FreeFrom<Kind extends string, Taken, N extends number> = `${Kind}${N}` extends Taken
  ? FreeFrom<Kind, Taken, Increment<N>>
  : `${Kind}${N}`

/** The message for what cannot be a name, or null. */
export const nameMessage = (kind: string, name: unknown): string | null =>
  typeof name !== 'string' ? say(wideName, { kind }) : noName(name) ? say(badName, { kind, name }) : null
/** The message for a name that is taken, or null. */
export const usedMessage = (kind: string, name: string, taken: ReadonlySet<string>): string | null =>
  taken.has(name) ? say(usedName, { kind, name }) : null
const noName = (name: string): boolean => isNoName(name) || name.includes('.')

/** The first free automatic name. */
export const freeName = (kind: string, taken: ReadonlySet<string>): string => {
  for (let n = 1; ; n++) if (!taken.has(`${kind}${n}`)) return `${kind}${n}`
}
