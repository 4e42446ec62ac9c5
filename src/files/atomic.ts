/** Writing a file so that there is never half of it: beside its place, flushed, then moved there. */
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { codeOf, type FileError, unwritable } from './file-error.ts'

/**
 * Writes the whole file or leaves the old one as it was, whenever the process ends or the power goes. Who reads the old file
 * meanwhile keeps it.
 */
export const writeWhole = (file: string, bytes: Uint8Array): TE.TaskEither<FileError, void> =>
  TE.tryCatch(
    () => write(file, bytes),
    (cause) => unwritable(file, cause),
  )

/** Files that a run which was killed has left behind: `.model.safetensors.4711-1.part`. */
export const isPart = (name: string): boolean => /^\..*\.\d+-\d+\.part$/.test(name)
const partName = (file: string): string => join(dirname(file), `.${basename(file)}.${process.pid}-${++parts}.part`)
/** Two writes of one file at once do not meet. */
let parts = 0

const write = async (file: string, bytes: Uint8Array): Promise<void> => {
  const part = partName(file)
  try {
    const handle = await open(part, 'wx')
    try {
      await writeAll(handle, bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(part, file)
  } catch (cause) {
    await rm(part, { force: true })
    throw cause
  }
  await flushFolder(dirname(file))
}

const writeAll = async (handle: FileHandle, bytes: Uint8Array): Promise<void> => {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, at, Math.min(bytes.length - at, mostAtOnce), at)
    at += bytesWritten
  }
}
/** Systems write less than 2 GiB in one call. */
const mostAtOnce = 2 ** 30

/** That a file was moved is known to the disk only when its folder is flushed; not every system lets one. */
const flushFolder = async (folder: string): Promise<void> => {
  try {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (cause) {
    if (!unflushable.includes(codeOf(cause) ?? '')) throw cause
  }
}
const unflushable: readonly string[] = ['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP', 'EBADF']
