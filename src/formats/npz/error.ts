/** What is wrong with an archive of arrays, as a value. */
import type { NpyError } from '../npy.ts'

/** `message` says in one sentence what was wrong, and where. */
export type NpzError = { readonly message: string } & (
  | { readonly tag: 'NotNpz' }
  /** The archive contradicts itself, or is cut. */
  | { readonly tag: 'BadZip'; readonly offset: number }
  /** Of zip, but not read: encryption, other compressions, zip64, several disks. */
  | { readonly tag: 'Unsupported'; readonly offset: number }
  | { readonly tag: 'BadName'; readonly name: string }
  | { readonly tag: 'TooLarge'; readonly limit: number }
  /** The bytes of an entry are not those that were written. */
  | { readonly tag: 'BadEntry'; readonly name: string }
  /** An entry is no array, or can't be written as one. */
  | { readonly tag: 'BadArray'; readonly name: string; readonly cause: NpyError }
)

export const badZip = (offset: number, why: string): NpzError => ({ tag: 'BadZip', offset, message: `npz: byte ${offset}: ${why}` })
export const unsupported = (offset: number, why: string): NpzError => ({
  tag: 'Unsupported',
  offset,
  message: `npz: byte ${offset}: ${why}`,
})
export const badName = (name: string, why: string): NpzError => ({ tag: 'BadName', name, message: `npz: ${why}` })
export const badEntry = (name: string, why: string): NpzError => ({ tag: 'BadEntry', name, message: `npz: ${shown(name)} ${why}` })
export const badArray = (name: string, cause: NpyError): NpzError => ({
  tag: 'BadArray',
  name,
  cause,
  message: `npz: ${shown(name)}: ${cause.message}`,
})
export const tooLarge = (limit: number, why: string): NpzError => ({ tag: 'TooLarge', limit, message: `npz: ${why}` })

/** A name in a sentence. */
export const shown = (name: string): string => JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}...` : name)
