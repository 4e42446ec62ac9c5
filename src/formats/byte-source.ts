/** Bytes that lie elsewhere and are read a part at a time: a file, a Blob, a range of a download. */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'

export interface ByteSource {
  /** How many bytes there are. */
  readonly byteLength: number
  /** The bytes from `from` up to `to`, all of them, or why they can't be read, in one sentence. */
  readonly read: (from: number, to: number) => TaskEither<string, Uint8Array>
}

/**
 * Bytes in memory as a source. What it gives are views, not copies.
 *
 * @example
 * await bytesSource(new Uint8Array([7, 8, 9])).read(1, 3)() // => { _tag: 'Right', right: new Uint8Array([8, 9]) }
 */
export const bytesSource = (bytes: Uint8Array): ByteSource => ({
  byteLength: bytes.byteLength,
  read: (from, to) => async () => (to <= bytes.byteLength ? E.right(bytes.subarray(from, to)) : E.left(ends(bytes.byteLength, to))),
})

/**
 * A Blob, as a file that a page was given, as a source.
 *
 * @example
 * await blobSource(new Blob([new Uint8Array([7, 8, 9])])).read(1, 3)() // => { _tag: 'Right', right: new Uint8Array([8, 9]) }
 */
export const blobSource = (blob: Blob): ByteSource => ({
  byteLength: blob.size,
  read: (from, to) => async () => {
    if (to > blob.size) return E.left(ends(blob.size, to))
    try {
      return E.right(new Uint8Array(await blob.slice(from, to).arrayBuffer()))
    } catch (cause) {
      return E.left(cause instanceof Error ? cause.message : String(cause))
    }
  },
})

const ends = (length: number, to: number): string => `it ends at byte ${length}, ${to} were asked for`
