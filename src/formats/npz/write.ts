/** Writing `.npz`: byte for byte what `np.savez` writes, unless entries are to be compressed. */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { deflate } from '../inflate.ts'
import { writeNpy } from '../npy.ts'
import type { StoredArray } from '../stored-array.ts'
import { crc32 } from './crc32.ts'
import { fileName, oddName } from './directory.ts'
import { badArray, badEntry, badName, type NpzError, shown, tooLarge } from './error.ts'

export interface WriteNpzOptions {
  /** Whether entries are deflated. */
  readonly compressed?: boolean
}

/**
 * The bytes of a `.npz` file, entries in the order of the map. It is what `np.savez` writes, so equal arrays give equal
 * bytes; `compressed` ones depend on the host's deflate. Left for names that `readNpz` refuses, for arrays that `writeNpy`
 * refuses, and beyond 4 GB.
 *
 * @example
 * const file = await writeNpz(new Map([['x', { type: 'u8', shape: [2], values: new Uint8Array([7, 9]) }]]))()
 * E.isRight(file) && file.right.length // => 258
 */
export const writeNpz =
  (arrays: ReadonlyMap<string, StoredArray>, options: WriteNpzOptions = {}): TaskEither<NpzError, Uint8Array<ArrayBuffer>> =>
  async () => {
    const parts: Part[] = []
    let at = 0
    for (const [name, array] of arrays) {
      const part = await partOf(fileName(name), array, at, options.compressed ?? false)
      if (E.isLeft(part)) return part
      parts.push(part.right)
      at += part.right.local.length + part.right.data.length
    }
    const total = at + parts.reduce((n, { central }) => n + central.length, 0) + 22
    if (total > mostBytes || parts.length > mostParts)
      return E.left(tooLarge(mostBytes, `${total} bytes in ${parts.length} entries are too many`))
    return E.right(joined(parts, at, total))
  }

/** Beyond these a zip archive needs its second form. */
const mostBytes = 2 ** 32 - 2
const mostParts = 2 ** 16 - 2

interface Part {
  readonly local: Uint8Array
  readonly data: Uint8Array
  readonly central: Uint8Array
}

const partOf = async (name: string, array: StoredArray, at: number, compressed: boolean): Promise<E.Either<NpzError, Part>> => {
  const odd = oddName(name)
  if (odd !== null) return E.left(badName(name, `the entry ${shown(name)} ${odd}`))
  const content = writeNpy(array)
  if (E.isLeft(content)) return E.left(badArray(name, content.left))
  const data = compressed ? await deflate(content.right) : E.right(content.right)
  if (E.isLeft(data)) return E.left(badEntry(name, `can't be deflated: ${data.left}`))
  const head: Head = {
    name: new TextEncoder().encode(name),
    compressed,
    crc: crc32(content.right),
    packed: data.right.length,
    size: content.right.length,
    at,
  }
  return E.right({ local: localHeader(head), data: data.right, central: centralHeader(head) })
}

interface Head {
  readonly name: Uint8Array
  readonly compressed: boolean
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly at: number
}

/** The version of zip that is needed, with entries that may pass 4 GB: Python writes their sizes with 64 bits in any case. */
const version = 45
/** 1980-01-01: no file has an earlier day, and NumPy says none. */
const day = 0x21
const flagsOf = ({ name }: Head): number => (name.some((byte) => byte > 0x7f) ? 0x800 : 0)

const localHeader = (head: Head): Uint8Array => {
  const { name, crc, packed, size } = head
  const bytes = new Uint8Array(30 + name.length + 20)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x04034b50, true)
  shared(view, 4, head)
  view.setUint32(14, crc, true)
  view.setUint32(18, 0xffffffff, true)
  view.setUint32(22, 0xffffffff, true)
  view.setUint16(26, name.length, true)
  view.setUint16(28, 20, true)
  bytes.set(name, 30)
  const extra = 30 + name.length
  view.setUint16(extra, 1, true)
  view.setUint16(extra + 2, 16, true)
  view.setBigUint64(extra + 4, BigInt(size), true)
  view.setBigUint64(extra + 12, BigInt(packed), true)
  return bytes
}

const centralHeader = (head: Head): Uint8Array => {
  const { name, crc, packed, size, at } = head
  const bytes = new Uint8Array(46 + name.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x02014b50, true)
  // made by this version on Unix, readable and writable by its owner: as Python says it everywhere
  view.setUint16(4, (3 << 8) | version, true)
  shared(view, 6, head)
  view.setUint32(16, crc, true)
  view.setUint32(20, packed, true)
  view.setUint32(24, size, true)
  view.setUint16(28, name.length, true)
  view.setUint32(38, 0o600 << 16, true)
  view.setUint32(42, at, true)
  bytes.set(name, 46)
  return bytes
}

/** Version, flags, compression, time and day: the same in both headers. */
const shared = (view: DataView, at: number, head: Head): void => {
  view.setUint16(at, version, true)
  view.setUint16(at + 2, flagsOf(head), true)
  view.setUint16(at + 4, head.compressed ? 8 : 0, true)
  view.setUint16(at + 6, 0, true)
  view.setUint16(at + 8, day, true)
}

const joined = (parts: readonly Part[], directory: number, total: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(total)
  let at = 0
  const put = (part: Uint8Array): void => {
    bytes.set(part, at)
    at += part.length
  }
  for (const { local, data } of parts) {
    put(local)
    put(data)
  }
  for (const { central } of parts) put(central)
  const view = new DataView(bytes.buffer, at)
  view.setUint32(0, 0x06054b50, true)
  view.setUint16(8, parts.length, true)
  view.setUint16(10, parts.length, true)
  view.setUint32(12, at - directory, true)
  view.setUint32(16, directory, true)
  return bytes
}
