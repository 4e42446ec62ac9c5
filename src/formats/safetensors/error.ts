/** What is wrong with a file of tensors, as a value. */

/** `message` says in one sentence what was wrong, and where. */
export type SafetensorsError = { readonly message: string } & (
  | { readonly tag: 'NotSafetensors' }
  /** `offset`: the byte of the file, or the character of the header, before which it goes wrong. */
  | { readonly tag: 'BadHeader'; readonly offset: number }
  | { readonly tag: 'BadTensor'; readonly tensor: string }
  | { readonly tag: 'UnknownType'; readonly tensor: string; readonly dtype: string }
  | { readonly tag: 'TooLarge'; readonly limit: number }
  | { readonly tag: 'WrongLength'; readonly expected: number }
  /** Of a sharded file's index, or of the shards beside it. */
  | { readonly tag: 'BadIndex' }
  /** What the source said of itself. */
  | { readonly tag: 'Unreadable' }
)

export const notSafetensors = (why: string): SafetensorsError => ({ tag: 'NotSafetensors', message: `safetensors: ${why}` })
export const badHeader = (offset: number, why: string): SafetensorsError => ({
  tag: 'BadHeader',
  offset,
  message: `safetensors: the header is damaged at character ${offset}: ${why}`,
})
export const badTensor = (tensor: string, why: string): SafetensorsError => ({ tag: 'BadTensor', tensor, message: `safetensors: ${why}` })
export const tooLarge = (limit: number, what: string): SafetensorsError => ({
  tag: 'TooLarge',
  limit,
  message: `safetensors: ${what} is over the limit of ${limit} bytes`,
})
export const wrongLength = (expected: number, why: string): SafetensorsError => ({
  tag: 'WrongLength',
  expected,
  message: `safetensors: ${why}`,
})
export const badIndex = (why: string): SafetensorsError => ({ tag: 'BadIndex', message: `safetensors index: ${why}` })
export const unreadable = (why: string): SafetensorsError => ({ tag: 'Unreadable', message: `safetensors: ${why}` })
