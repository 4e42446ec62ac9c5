/** NumPy's `.npz`: several arrays by name, a zip archive of `.npy` files. */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { inflate } from '../inflate.ts'
import { readNpy } from '../npy.ts'
import type { StoredArray } from '../stored-array.ts'
import { crc32 } from './crc32.ts'
import { arrayName, type Entry, readDirectory } from './directory.ts'
import { badArray, badEntry, type NpzError, tooLarge } from './error.ts'

export interface NpzOptions {
  /** The most bytes that all entries together may inflate to, and each array may take in memory: 1 GiB unless said. */
  readonly limit?: number
  /** The most entries: 10,000 unless said. */
  readonly entries?: number
}

/**
 * Reads a `.npz` file, as `np.savez` and `np.savez_compressed` write it. Names are those of the arrays, without `.npy`, in
 * a Map: every name is data. Refused are archives whose parts overlap, leave holes or contradict each other, encrypted ones,
 * zip64, names twice or leading out of a folder, what is no array, and whatever is larger than said.
 *
 * @example
 * const file = await writeNpz(new Map([['x', { type: 'u8', shape: [2], values: new Uint8Array([7, 9]) }]]))()
 * const read = E.isRight(file) ? await readNpz(file.right)() : file
 * E.isRight(read) && read.right.get('x') // => { type: 'u8', shape: [2], values: new Uint8Array([7, 9]) }
 */
export const readNpz =
  (bytes: Uint8Array, options: NpzOptions = {}): TaskEither<NpzError, ReadonlyMap<string, StoredArray>> =>
  async () => {
    const limit = options.limit ?? defaultLimit
    const entries = readDirectory(bytes, options.entries ?? mostEntries)
    if (E.isLeft(entries)) return entries
    const total = entries.right.reduce((n, { size }) => n + size, 0)
    if (total > limit) return E.left(tooLarge(limit, `its entries inflate to ${total} bytes, the limit is ${limit}`))
    const arrays = new Map<string, StoredArray>()
    for (const entry of entries.right) {
      const array = await arrayOf(bytes, entry, limit)
      if (E.isLeft(array)) return array
      arrays.set(arrayName(entry.name), array.right)
    }
    return E.right(arrays)
  }

const defaultLimit = 2 ** 30
const mostEntries = 10_000

const arrayOf = async (bytes: Uint8Array, entry: Entry, limit: number): Promise<E.Either<NpzError, StoredArray>> => {
  const content = await contentOf(bytes.subarray(entry.data, entry.data + entry.packed), entry)
  if (E.isLeft(content)) return content
  const crc = crc32(content.right)
  if (crc !== entry.crc) return E.left(badEntry(entry.name, `has the checksum ${hex(crc)}, the directory says ${hex(entry.crc)}`))
  return E.mapLeft((cause: Parameters<typeof badArray>[1]) => badArray(entry.name, cause))(readNpy(content.right, { limit }))
}
const hex = (word: number): string => word.toString(16).padStart(8, '0')

/** Exactly as many bytes as the directory says. */
const contentOf = async (packed: Uint8Array, { name, deflated, size }: Entry): Promise<E.Either<NpzError, Uint8Array>> => {
  if (!deflated) return E.right(packed)
  const inflated = await inflate(packed, size, 'deflate-raw')
  if (E.isLeft(inflated)) return E.left(badEntry(name, `can't be inflated: ${inflated.left}`))
  const { bytes, more } = inflated.right
  if (!more && bytes.length === size) return E.right(bytes)
  return E.left(badEntry(name, `inflates to ${more ? `more than ${size}` : bytes.length} bytes, the directory says ${size}`))
}
