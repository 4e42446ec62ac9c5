/** Why a file could not be read or written, as a value. */

/** `message` says in one sentence which file, and why. */
export type FileError = { readonly message: string; readonly file: string } & (
  | { readonly tag: 'Missing' }
  | { readonly tag: 'Unreadable' }
  | { readonly tag: 'Unwritable' }
)

export const unreadable = (file: string, cause: unknown): FileError =>
  codeOf(cause) === 'ENOENT'
    ? { tag: 'Missing', file, message: `${file}: there is no such file` }
    : { tag: 'Unreadable', file, message: `${file}: cannot be read: ${said(cause)}` }

export const unwritable = (file: string, cause: unknown): FileError => ({
  tag: 'Unwritable',
  file,
  message: `${file}: cannot be written: ${said(cause)}`,
})

/** `'ENOENT'` */
export const codeOf = (cause: unknown): string | null =>
  typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : null

export const said = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
