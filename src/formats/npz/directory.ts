/**
 * The directory of a zip archive, read strictly: every byte belongs to one entry or to the directory, and what an entry
 * says of itself twice it says twice alike. So no two readers can see different files in it.
 */
import * as E from 'fp-ts/lib/Either.js'
import { badEntry, badName, badZip, type NpzError, shown, unsupported } from './error.ts'

export interface Entry {
  readonly name: string
  readonly deflated: boolean
  readonly crc: number
  /** Bytes in the archive, and inflated. */
  readonly packed: number
  readonly size: number
  /** Where the local header begins, and the data behind it. */
  readonly at: number
  readonly data: number
}

/** All entries in the order of the archive. Nothing is inflated. */
export const readDirectory = (bytes: Uint8Array, mostEntries: number): E.Either<NpzError, readonly Entry[]> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const archive = { bytes, view }
  const end = readEnd(archive, mostEntries)
  if (E.isLeft(end)) return end
  const central = readCentral(archive, end.right)
  if (E.isLeft(central)) return central
  return inPlace(archive, central.right, end.right.at)
}

interface Archive {
  readonly bytes: Uint8Array
  readonly view: DataView
}
const signature = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50, descriptor: 0x08074b50 } as const
const lengths = { local: 30, central: 46, end: 22 } as const
const zip64 = 'it is a zip64 archive, of more than 4 GB or 65535 entries, which is not read'

const knownStarts: readonly (readonly [number, string])[] = [
  [0x4d554e93, ' (one array of NumPy; readNpy reads it)'],
  [0x46444889, ' (HDF5)'],
  [0x00088b1f, ' (gzip)'],
]

interface End {
  readonly entries: number
  /** Where the directory begins, and its bytes. */
  readonly at: number
  readonly size: number
}

const readEnd = ({ bytes, view }: Archive, mostEntries: number): E.Either<NpzError, End> => {
  const start = bytes.length - lengths.end
  const isZip = bytes.length >= lengths.end && (view.getUint32(0, true) === signature.local || view.getUint32(0, true) === signature.end)
  if (!isZip) {
    const known = bytes.length < 4 ? '' : (knownStarts.find(([word]) => word === view.getUint32(0, true))?.[1] ?? '')
    return E.left({ tag: 'NotNpz', message: `npz: the file does not begin as a zip archive${known}` })
  }
  if (view.getUint32(start, true) !== signature.end || view.getUint16(start + 20, true) !== 0)
    return E.left(badZip(start, 'the end of the directory is not here: the file is cut, or something follows'))
  const [disk, firstDisk, here, entries] = [4, 6, 8, 10].map((at) => view.getUint16(start + at, true)) as [number, number, number, number]
  const [size, at] = [view.getUint32(start + 12, true), view.getUint32(start + 16, true)]
  if (entries === 0xffff || size === 0xffffffff || at === 0xffffffff) return E.left(unsupported(start, zip64))
  if (disk !== 0 || firstDisk !== 0 || here !== entries) return E.left(unsupported(start, 'it is one of several disks'))
  if (entries > mostEntries)
    return E.left({ tag: 'TooLarge', limit: mostEntries, message: `npz: ${entries} entries are over the limit of ${mostEntries}` })
  if (at + size !== start) return E.left(badZip(start, `the directory is said to lie from ${at} to ${at + size}`))
  return E.right({ entries, at, size })
}

/** An entry as the directory has it; its data begins where its local header ends. */
interface Central extends Omit<Entry, 'data'> {
  readonly flags: number
  readonly rawName: Uint8Array
}

const readCentral = (archive: Archive, { entries, at, size }: End): E.Either<NpzError, readonly Central[]> => {
  const found = new Map<string, Central>()
  let place = at
  for (let i = 0; i < entries; i++) {
    const entry = readEntry(archive, place, at + size)
    if (E.isLeft(entry)) return entry
    const { name } = entry.right.entry
    if (found.has(name)) return E.left(badName(name, `${shown(name)} is in the archive twice`))
    found.set(name, entry.right.entry)
    place = entry.right.end
  }
  if (place !== at + size) return E.left(badZip(place, `the directory of ${entries} entries goes on`))
  return E.right([...found.values()])
}

const readEntry = (
  { bytes, view }: Archive,
  place: number,
  limit: number,
): E.Either<NpzError, { readonly entry: Central; readonly end: number }> => {
  if (place + lengths.central > limit || view.getUint32(place, true) !== signature.central)
    return E.left(badZip(place, 'expected an entry of the directory'))
  const u16 = (at: number): number => view.getUint16(place + at, true)
  const u32 = (at: number): number => view.getUint32(place + at, true)
  const [flags, method, nameLength, disk] = [u16(8), u16(10), u16(28), u16(34)]
  const [crc, packed, size, at] = [u32(16), u32(20), u32(24), u32(42)]
  const end = place + lengths.central + nameLength + u16(30) + u16(32)
  if (end > limit) return E.left(badZip(place, 'an entry of the directory reaches past its end'))
  const rawName = bytes.subarray(place + lengths.central, place + lengths.central + nameLength)
  const name = nameOf(rawName, flags)
  if (E.isLeft(name)) return name
  if (packed === 0xffffffff || size === 0xffffffff || at === 0xffffffff) return E.left(unsupported(place, zip64))
  if (disk !== 0) return E.left(unsupported(place, 'it is one of several disks'))
  const fault = flagsFault(flags) ?? methodFault(method)
  if (fault !== null) return E.left(unsupported(place, `${shown(name.right)} ${fault}`))
  if (method === 0 && packed !== size)
    return E.left(badZip(place, `${shown(name.right)} is stored as it is, in ${packed} bytes for ${size}`))
  return E.right({ entry: { name: name.right, deflated: method === 8, crc, packed, size, at, flags, rawName }, end })
}

/** Of flags, bits 1 and 2 say how hard it was compressed, 3 that sizes follow the data, 11 that the name is UTF-8. */
const flagsFault = (flags: number): string | null => {
  if ((flags & 0x2041) !== 0) return 'is encrypted'
  return (flags & ~0x080e) !== 0 ? `has the flags ${flags.toString(16)}, which are not read` : null
}
const methodFault = (method: number): string | null =>
  method === 0 || method === 8 ? null : `is compressed by method ${method}; only stored and deflated ones are read`

/** Names are keys here and never paths; still what could lead out of a folder is no name. */
const nameOf = (raw: Uint8Array, flags: number): E.Either<NpzError, string> => {
  const ascii = raw.every((byte) => byte >= 0x20 && byte < 0x7f)
  let name: string
  try {
    name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw)
  } catch {
    return E.left(badName('', 'the name of an entry is not UTF-8'))
  }
  if (!ascii && (flags & 0x800) === 0) return E.left(badName(name, `${shown(name)} is neither ASCII nor said to be UTF-8`))
  const odd = oddName(name)
  return odd === null ? E.right(name) : E.left(badName(name, `the entry ${shown(name)} ${odd}`))
}

const ending = '.npy'
/** Why an array can't have this file's name, or null. */
export const oddName = (name: string): string | null => {
  if (!name.endsWith(ending)) return `is no array: its name does not end in ${ending}`
  if (name.length > 1000) return 'has a name of more than 1000 characters'
  if (/\p{Cc}|\\|\p{Surrogate}/u.test(name)) return 'has a control character, a backslash or half of a character in its name'
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name) || name.split('/').includes('..')) return 'has a name that leads out of a folder'
  return null
}
/** The name of the array in a file of this name, and back. */
export const arrayName = (file: string): string => file.slice(0, -ending.length)
export const fileName = (array: string): string => `${array}${ending}`

/** Entries one behind the other from byte 0 to the directory, each with its own header saying the same. */
const inPlace = (archive: Archive, central: readonly Central[], directory: number): E.Either<NpzError, readonly Entry[]> => {
  const entries: Entry[] = []
  let at = 0
  const sorted = central.toSorted((a, b) => a.at - b.at)
  for (const [i, entry] of sorted.entries()) {
    if (entry.at !== at)
      return E.left(badZip(entry.at, `${shown(entry.name)} begins here, expected at ${at}: entries overlap or leave a hole`))
    const next = sorted[i + 1]?.at ?? directory
    if (next <= at) return E.left(badZip(next, `${shown(entry.name)} and another entry overlap`))
    const local = readLocal(archive, entry, next)
    if (E.isLeft(local)) return local
    const { flags: _flags, rawName: _rawName, ...told } = entry
    entries.push({ ...told, data: local.right })
    at = next
  }
  return at === directory ? E.right(entries) : E.left(badZip(at, 'something that is no entry lies before the directory'))
}

/** Where the data begins, once the local header agrees with the directory and all ends where the next entry begins. */
const readLocal = ({ bytes, view }: Archive, entry: Central, next: number): E.Either<NpzError, number> => {
  const { at, rawName, flags, packed, name } = entry
  const differs = (what: string): E.Either<NpzError, never> => E.left(badEntry(name, `has ${what} in its own header than in the directory`))
  if (at + lengths.local > next || view.getUint32(at, true) !== signature.local)
    return E.left(badZip(at, 'expected the header of an entry'))
  const nameEnd = at + lengths.local + view.getUint16(at + 26, true)
  const data = nameEnd + view.getUint16(at + 28, true)
  if (data + packed > next) return E.left(badZip(at, `${shown(name)} reaches past where the next begins`))
  if (view.getUint16(at + 6, true) !== flags) return differs('other flags')
  if ((view.getUint16(at + 8, true) === 8) !== entry.deflated || view.getUint16(at + 8, true) > 8) return differs('another compression')
  const own = bytes.subarray(at + lengths.local, nameEnd)
  if (own.length !== rawName.length || !own.every((byte, i) => byte === rawName[i])) return differs('another name')
  const sizes = sizesOf(view, at, nameEnd, data)
  if (sizes === null) return E.left(badZip(nameEnd, `what ${shown(name)} has beside its name is damaged`))
  const streamed = (flags & 8) !== 0
  const said = [view.getUint32(at + 14, true), ...sizes]
  const told = [entry.crc, packed, entry.size]
  if (!said.every((value, i) => value === told[i] || (streamed && value === 0))) return differs('another size or checksum')
  return isEnd(view, data + packed, next, streamed, told)
    ? E.right(data)
    : E.left(badZip(data + packed, `${shown(name)} does not end here`))
}

/** The sizes that a local header says; those of 64 bits, which NumPy always writes, stand in a field behind the name. */
const sizesOf = (view: DataView, at: number, from: number, to: number): readonly [packed: number, size: number] | null => {
  let [packed, size] = [view.getUint32(at + 18, true), view.getUint32(at + 22, true)]
  const wide = packed === 0xffffffff || size === 0xffffffff
  let seen = false
  for (let field = from; field < to; ) {
    if (field + 4 > to) return null
    const [id, length] = [view.getUint16(field, true), view.getUint16(field + 2, true)]
    if (field + 4 + length > to) return null
    if (id === 1) {
      if (seen || (wide && length < 16)) return null
      seen = true
      if (wide) [size, packed] = [Number(view.getBigUint64(field + 4, true)), Number(view.getBigUint64(field + 12, true))]
    }
    field += 4 + length
  }
  return wide && !seen ? null : [packed, size]
}

/** Whether nothing is left behind the data but, where sizes follow it, those: with or without a signature, of 32 or 64 bits. */
const isEnd = (view: DataView, at: number, next: number, streamed: boolean, told: readonly number[]): boolean => {
  const left = next - at
  if (!streamed) return left === 0
  if (![12, 16, 20, 24].includes(left)) return false
  const signed = left === 16 || left === 24
  if (signed && view.getUint32(at, true) !== signature.descriptor) return false
  const start = at + (signed ? 4 : 0)
  const wide = left >= 20
  const sizes = wide
    ? [Number(view.getBigUint64(start + 4, true)), Number(view.getBigUint64(start + 12, true))]
    : [view.getUint32(start + 4, true), view.getUint32(start + 8, true)]
  return view.getUint32(start, true) === told[0] && sizes[0] === told[1] && sizes[1] === told[2]
}
