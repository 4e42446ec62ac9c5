/** The header of a safetensors file: what lies where. All that it claims is held against the length of the file before anything is made. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ByteSource } from '../byte-source.ts'
import type { StoredType } from '../stored-array.ts'
import { isArray, isObject, parseStrictJson, quoted, type StrictJson, wholeNumberIn } from '../strict-json.ts'
import { isSafetensorsType, kindOf, type SafetensorsType } from './dtype.ts'
import { badHeader, badTensor, notSafetensors, type SafetensorsError, tooLarge, unreadable, wrongLength } from './error.ts'

/** A tensor as the header has it. */
export interface SafetensorsEntry {
  /** The name of its type in the file: `'F32'`. */
  readonly dtype: SafetensorsType
  /** What holds its elements here; null for types that only the header can be read of, such as `F8_E4M3` and `C64`. */
  readonly type: StoredType | null
  readonly shape: readonly number[]
  /** Its bytes, counted from the start of the file. */
  readonly begin: number
  readonly end: number
}

/** What stands in a file, in the order in which it lies there. */
export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>
  readonly metadata: ReadonlyMap<string, string>
}

export interface SafetensorsHeaderOptions {
  /** The most bytes that the header may have: 16 MB unless said. No file of the reference has more than 100 MB. */
  readonly headerLimit?: number
}

/**
 * Reads the header of a safetensors file and nothing else: a few kilobytes, however large the file.
 *
 * @example
 * const file = writeSafetensors(new Map([['a', { type: 'f32', shape: [2], values: new Float32Array(2) }]]))
 * if (E.isLeft(file)) throw new Error(file.left.message)
 * const header = await readSafetensorsHeader(bytesSource(file.right))()
 * E.isRight(header) && header.right.tensors.get('a')?.shape // => [2]
 */
export const readSafetensorsHeader = (
  source: ByteSource,
  options: SafetensorsHeaderOptions = {},
): TE.TaskEither<SafetensorsError, SafetensorsHeader> =>
  pipe(
    partOf(source, 0, Math.min(source.byteLength, lengthBytes)),
    TE.chainEitherK((bytes) => headerEnd(bytes, source.byteLength, options.headerLimit ?? defaultHeaderLimit)),
    TE.chain((end) => partOf(source, lengthBytes, end)),
    TE.chainEitherK((bytes) => parseHeader(bytes, source.byteLength)),
  )

/** The header of a file that is in memory. */
export const headerOf = (bytes: Uint8Array, options: SafetensorsHeaderOptions): E.Either<SafetensorsError, SafetensorsHeader> =>
  pipe(
    headerEnd(bytes, bytes.length, options.headerLimit ?? defaultHeaderLimit),
    E.chain((end) => parseHeader(bytes.subarray(lengthBytes, end), bytes.length)),
  )

/** Bytes of a source, or that it gave others than were asked for. */
export const partOf = (source: ByteSource, from: number, to: number): TE.TaskEither<SafetensorsError, Uint8Array> =>
  pipe(
    source.read(from, to),
    TE.mapLeft(unreadable),
    TE.filterOrElse(
      (bytes) => bytes.length === to - from,
      (bytes) => unreadable(`bytes ${from} to ${to} were asked for, ${bytes.length} came`),
    ),
  )

/** Of the length of the header, which the file begins with. */
export const lengthBytes = 8
const defaultHeaderLimit = 2 ** 24
/** As the reference has it. */
export const largestHeader = 100_000_000
const mostAxes = 64

/** What the first bytes of other files look like, to say what came instead. */
const signatures: readonly (readonly [readonly number[], string])[] = [
  [[0x50, 0x4b], 'a zip archive, as files of PyTorch and Keras are'],
  [[0x80, 0x02], 'a pickle, as old files of PyTorch are'],
  [[0x89, 0x48, 0x44, 0x46], 'an HDF5 file, as old ones of Keras are'],
  [[0x93, 0x4e, 0x55], 'a NumPy array'],
  [[0x1f, 0x8b], 'gzip'],
  [[0x47, 0x47, 0x55, 0x46], 'a GGUF file'],
  [[0x7b], 'JSON; the index of a sharded file is read by readSafetensorsIndex'],
  [[0x3c], 'HTML or XML'],
  [[0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e], 'the pointer of Git LFS to a file, which has not been fetched'],
]

/** Where the header ends, from the first eight bytes. */
const headerEnd = (bytes: Uint8Array, length: number, limit: number): E.Either<SafetensorsError, number> => {
  if (length < lengthBytes)
    return E.left(notSafetensors(`the file has ${length} bytes, the length of its header alone needs ${lengthBytes}`))
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true)
  const known = signatures.find(([start]) => start.every((byte, i) => bytes[i] === byte))
  const hint = known === undefined ? '' : `; the file looks like ${known[1]}`
  if (size > BigInt(length - lengthBytes))
    return E.left(notSafetensors(`bytes 0 to 8 say that the header has ${size} bytes, behind them are ${length - lengthBytes}${hint}`))
  const most = Math.min(limit, largestHeader)
  return size > BigInt(most) ? E.left(tooLarge(most, `the header of ${size} bytes`)) : E.right(lengthBytes + Number(size))
}

/** `length`: of the whole file. */
const parseHeader = (bytes: Uint8Array, length: number): E.Either<SafetensorsError, SafetensorsHeader> => {
  const start = lengthBytes + bytes.length
  return pipe(
    E.tryCatch(
      () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
      () => badHeader(0, 'it is not UTF-8'),
    ),
    E.chain((text) =>
      pipe(
        parseStrictJson(text),
        E.mapLeft(({ offset, message }) => badHeader(offset, message)),
      ),
    ),
    E.chain((json) => (isObject(json) ? E.right(json) : E.left(badHeader(0, 'it is no JSON object')))),
    E.bindTo('json'),
    E.bind('metadata', ({ json }) => metadataOf(json.get(metadataKey))),
    E.bind('entries', ({ json }) => entriesOf(json, start, length)),
    E.chain(({ metadata, entries }) =>
      pipe(
        inPlace(entries, start, length),
        E.map((tensors) => ({ tensors, metadata })),
      ),
    ),
  )
}

export const metadataKey = '__metadata__'

const metadataOf = (json: StrictJson | undefined): E.Either<SafetensorsError, ReadonlyMap<string, string>> => {
  if (json === undefined) return E.right(new Map())
  if (!isObject(json)) return E.left(badHeader(0, `${metadataKey} is no object`))
  for (const [key, value] of json)
    if (typeof value !== 'string') return E.left(badHeader(0, `${metadataKey} has ${quoted(key)}, which is no string`))
  return E.right(json as ReadonlyMap<string, string>)
}

type Named = readonly [name: string, entry: SafetensorsEntry]

const entriesOf = (json: ReadonlyMap<string, StrictJson>, start: number, length: number): E.Either<SafetensorsError, readonly Named[]> => {
  const entries: Named[] = []
  for (const [name, value] of json) {
    if (name === metadataKey) continue
    const entry = entryOf(name, value, start, length)
    if (E.isLeft(entry)) return entry
    entries.push([name, entry.right])
  }
  return E.right(entries)
}

const entryOf = (name: string, json: StrictJson, start: number, length: number): E.Either<SafetensorsError, SafetensorsEntry> => {
  const wrong = (why: string): E.Either<SafetensorsError, never> => E.left(badTensor(name, `${quoted(name)} ${why}`))
  if (!isObject(json)) return wrong('is no JSON object')
  const dtype = json.get('dtype')
  if (typeof dtype !== 'string') return wrong('has no dtype')
  if (!isSafetensorsType(dtype))
    return E.left({
      tag: 'UnknownType',
      tensor: name,
      dtype,
      message: `safetensors: ${quoted(name)} is of dtype ${quoted(dtype)}, which the format does not have`,
    })
  const shape = wholeNumbers(json.get('shape'))
  if (shape === null || shape.length > mostAxes) return wrong(`has no shape of at most ${mostAxes} whole numbers`)
  const offsets = wholeNumbers(json.get('data_offsets'))
  const [begin, end] = offsets ?? []
  if (offsets?.length !== 2 || begin === undefined || end === undefined) return wrong('has no data_offsets of two whole numbers')
  if (end < begin) return wrong(`ends at ${end}, before it begins at ${begin}`)
  if (end > length - start) return wrong(`ends at byte ${end} of the data, which has ${length - start}`)
  const { bits, type } = kindOf(dtype)
  const elements = shape.reduce((n, size) => n * size, 1)
  if (!shape.reduce<readonly [number, boolean]>(([n, ok], size) => [n * size, ok && Number.isSafeInteger(n * size)], [1, true])[1])
    return wrong(`has the shape [${shape.join(', ')}], which is past counting`)
  // an end that was checked bounds the shape: nothing is made on the word of either alone
  if (elements * bits !== 8 * (end - begin))
    return wrong(`is ${dtype} [${shape.join(', ')}], ${(elements * bits) / 8} bytes, and has ${end - begin} from ${begin} to ${end}`)
  return E.right({ dtype, type, shape: Object.freeze(shape), begin: start + begin, end: start + end })
}

const wholeNumbers = (json: StrictJson | undefined): number[] | null => {
  if (!isArray(json)) return null
  const numbers = json.map(wholeNumberIn)
  return numbers.includes(null) ? null : (numbers as number[])
}

/** In the order in which they lie: without an overlap, a hole, or bytes behind. */
const inPlace = (
  entries: readonly Named[],
  start: number,
  length: number,
): E.Either<SafetensorsError, ReadonlyMap<string, SafetensorsEntry>> => {
  const sorted = [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)
  let at = start
  for (const [name, { begin, end }] of sorted) {
    if (begin !== at)
      return E.left(badTensor(name, `${quoted(name)} begins at byte ${begin - start} of the data, the one before it ends at ${at - start}`))
    at = end
  }
  if (at !== length) return E.left(wrongLength(at, `the last tensor ends at byte ${at}, the file has ${length}`))
  return E.right(new Map(sorted))
}
