/** Data sets of a folder of PNG images, a folder a class. It reads files, so it runs in Node only. */
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Size } from '../../../types/dim.ts'
import type { Dataset } from '../dataset.ts'
import type { StreamedDataset } from '../stream/stream.ts'
import {
  type Entry,
  type ImageRule,
  type ImagesError,
  type ImagesOptions,
  loadImages,
  type NamesRule,
  streamImages,
  type WantedImages,
  wantedImages,
} from './samples.ts'

/**
 * A data set of a folder that has a folder of PNG images for each class, all of it in memory. Order is that of the classes, then
 * of the names, by their characters. Names that begin with a point, `Thumbs.db` and `desktop.ini` are not looked at; a link, a
 * folder or another file is refused, and so is an image of another size.
 *
 * @example
 * const read = await imageFolder('no/such/place', { shape: [28, 28, 1], classes: ['cat', 'dog'] })()
 * E.isLeft(read) && read.left.message // => 'imageFolder: no/such/place/cat cannot be read: there is no such folder'
 */
export const imageFolder = <const S extends readonly Size[], const L extends readonly string[]>(
  directory: string,
  options: ImagesOptions<'imageFolder', S, L>,
): TE.TaskEither<ImagesError, Dataset<ImageRule<'imageFolder', S>, NamesRule<'imageFolder', L>>> => {
  const wanted = wantedImages('imageFolder', options)
  return pipe(
    entriesOf(wanted, directory),
    TE.chain((entries) => loadImages(wanted, entries)),
  )
}

/**
 * The same, read a block of images at a time: names and kinds of files are looked at now, images when they are asked for.
 *
 * @example
 * const read = await streamImageFolder('no/such/place', { shape: [28, 28, 1], classes: ['cat', 'dog'] })()
 * E.isLeft(read) && read.left.tag // => 'Unreadable'
 */
export const streamImageFolder = <const S extends readonly Size[], const L extends readonly string[]>(
  directory: string,
  options: ImagesOptions<'streamImageFolder', S, L>,
): TE.TaskEither<ImagesError, StreamedDataset<ImageRule<'streamImageFolder', S>, NamesRule<'streamImageFolder', L>>> => {
  const wanted = wantedImages('streamImageFolder', options)
  return pipe(
    entriesOf(wanted, directory),
    TE.chain((entries) => streamImages(wanted, entries)),
  )
}

/** The images of all classes. */
const entriesOf =
  (wanted: WantedImages, directory: string): TE.TaskEither<ImagesError, readonly Entry[]> =>
  async () => {
    const entries: Entry[] = []
    for (const [label, name] of wanted.classes.entries()) {
      const folder = await filesOf(wanted.op, directory, name, label)
      if (E.isLeft(folder)) return folder
      entries.push(...folder.right)
    }
    return E.right(entries)
  }

const notLookedAt = /^(\..*|Thumbs\.db|desktop\.ini)$/
/** An image file of so many bytes is none. */
const longestFile = 2 ** 28

const filesOf = async (op: string, directory: string, name: string, label: number): Promise<E.Either<ImagesError, readonly Entry[]>> => {
  const place = join(directory, name)
  if (name === '' || name === '.' || name === '..' || /[/\\]/.test(name))
    return odd(op, place, `the class '${name}' is no name of a folder`)
  try {
    // a class that is a link may lead anywhere
    if (!(await lstat(place)).isDirectory()) return odd(op, place, 'it is no folder')
    const found = await readdir(place, { withFileTypes: true })
    const entries: Entry[] = []
    for (const file of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (notLookedAt.test(file.name)) continue
      const path = join(place, file.name)
      const kind = file.isSymbolicLink() ? 'it is a link' : file.isDirectory() ? 'it is a folder' : file.isFile() ? null : 'it is no file'
      if (kind !== null) return odd(op, path, kind)
      if (!/\.png$/i.test(file.name)) return odd(op, path, 'its name does not end in .png')
      entries.push({ file: path, label, load: () => fileBytes(path) })
    }
    return entries.length === 0 ? odd(op, place, 'there are no images in it') : E.right(entries)
  } catch (cause) {
    return E.left({ tag: 'Unreadable', file: place, message: `${op}: ${place} cannot be read: ${why(cause)}` })
  }
}

const fileBytes = async (path: string): Promise<E.Either<string, Uint8Array>> => {
  try {
    const found = await lstat(path)
    if (!found.isFile()) return E.left('it is no file any more')
    if (found.size > longestFile) return E.left(`${found.size} bytes are too many for an image`)
    return E.right(await readFile(path))
  } catch (cause) {
    return E.left(why(cause))
  }
}
const odd = (op: string, file: string, what: string): E.Either<ImagesError, never> =>
  E.left({ tag: 'OddFile', file, message: `${op}: ${file}: ${what}` })
const why = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    ? 'there is no such folder'
    : cause instanceof Error
      ? cause.message
      : String(cause)
