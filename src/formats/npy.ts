/** NumPy's `.npy`: one array. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { bytesInMemory, decoders, elementsOf, encodeElements } from './elements.ts'
import { descrOf, type NpyHeader, parseNpyHeader } from './npy-header.ts'
import { type StoredArray, storedBytes } from './stored-array.ts'

/** What is wrong with the bytes, and at which of them; of what can't be written, `offset` is 0. `message` says it in one line. */
export type NpyError = { readonly message: string; readonly offset: number } & (
  | { readonly tag: 'NotNpy' }
  | { readonly tag: 'UnknownVersion'; readonly version: string }
  | { readonly tag: 'BadHeader' }
  /** Of elements that no array here holds: texts, dates, complex numbers, records, Python objects. */
  | { readonly tag: 'UnknownType'; readonly descr: string }
  | { readonly tag: 'TooLarge'; readonly limit: number }
  | { readonly tag: 'WrongLength'; readonly expected: number }
  | { readonly tag: 'BadElement' }
)

export interface NpyOptions {
  /** The most bytes that the array may take in memory, where half floats are twice as large: 1 GiB unless said. */
  readonly limit?: number
}

/**
 * Reads a `.npy` file of numbers or bools: versions 1 to 3, either byte order, either order of axes; what comes is in the
 * order of rows. Never Python objects. Every byte of the file is accounted for, and nothing is allocated on a header's word.
 *
 * @example
 * const file = writeNpy({ type: 'i16', shape: [2, 1], values: new Int16Array([3, -4]) })
 * pipe(file, E.chain(readNpy)) // => E.right({ type: 'i16', shape: [2, 1], values: new Int16Array([3, -4]) })
 */
export const readNpy = (bytes: Uint8Array, options: NpyOptions = {}): E.Either<NpyError, StoredArray> =>
  pipe(
    headerAt(bytes),
    E.chain(({ text, start }) =>
      pipe(
        parseNpyHeader(text),
        E.mapLeft((fault) => headerError(fault, start - text.length)),
        E.chain((header) => arrayOf(header, bytes, start, options.limit ?? defaultLimit)),
      ),
    ),
  )

/**
 * The bytes of a `.npy` file, as `np.save` writes them: version 1.0, little-endian, in the order of rows. Left where the
 * values are not as many as the shape says, and for bfloat16, which NumPy does not have.
 *
 * @example
 * const file = writeNpy({ type: 'f32', shape: [2], values: new Float32Array([1, 2]) })
 * E.isRight(file) && file.right.length // => 136
 */
export const writeNpy = (array: StoredArray): E.Either<NpyError, Uint8Array<ArrayBuffer>> => {
  const { type, shape, values } = array
  const descr = descrOf(type)
  if (descr === null) {
    const message = `npy: NumPy has no ${type}; write the array as f32`
    return E.left({ tag: 'UnknownType', descr: type, offset: 0, message })
  }
  const expected = elementsOf(shape)
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0) || shape.length > 64 || expected !== values.length) {
    const message = `npy: an array of the shape [${shape.join(', ')}] can't have ${values.length} elements`
    return E.left({ tag: 'WrongLength', expected, offset: 0, message })
  }
  const header = headerText(descr, shape)
  const file = new Uint8Array(preamble.length + 2 + header.length + expected * storedBytes[type])
  file.set(preamble)
  new DataView(file.buffer).setUint16(preamble.length, header.length, true)
  const start = preamble.length + 2 + header.length
  for (let i = 0; i < header.length; i++) file[start - header.length + i] = header.charCodeAt(i)
  encodeElements(array, file.subarray(start))
  return E.right(file)
}

const defaultLimit = 2 ** 30
/** As NumPy has it: no array needs more. */
const longestHeader = 10_000
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
const preamble = Uint8Array.from([...magic, 1, 0])
/** NumPy leaves room so that the first size can grow in place, and pads so that elements begin at a multiple of 64. */
const roomToGrow = 21
const alignment = 64

const headerText = (descr: string, shape: readonly number[]): string => {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const growth = shape.length === 0 ? 0 : Math.max(0, roomToGrow - String(shape[0]).length)
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }${' '.repeat(growth)}`
  const used = preamble.length + 2 + dict.length + 1
  return `${dict}${' '.repeat(alignment - (used % alignment))}\n`
}

/** Bytes of the header's length, and how its text is written, by major version. */
const versions: Readonly<Record<number, { readonly width: number; readonly encoding: string }>> = {
  1: { width: 2, encoding: 'latin1' },
  2: { width: 4, encoding: 'latin1' },
  3: { width: 4, encoding: 'utf-8' },
}
const signatures: readonly (readonly [readonly number[], string])[] = [
  [[0x50, 0x4b], ' (a zip archive; readNpz reads those of NumPy)'],
  [[0x1f, 0x8b], ' (gzip)'],
  [[0x80], ' (a pickle of Python)'],
  [[0x89, 0x48, 0x44, 0x46], ' (HDF5)'],
  [[0x3c], ' (HTML or XML)'],
  [[0x7b], ' (JSON)'],
]

/** Where and how the elements of a file lie, by its first bytes: as many as the longest header may take are enough. */
export interface NpyLayout extends NpyHeader {
  readonly start: number
}
export const npyLayout = (bytes: Uint8Array): E.Either<NpyError, NpyLayout> =>
  pipe(
    headerAt(bytes),
    E.chain(({ text, start }) =>
      pipe(
        parseNpyHeader(text),
        E.bimap(
          (fault) => headerError(fault, start - text.length),
          (header) => ({ ...header, start }),
        ),
      ),
    ),
  )

/** The header's text and where it ends. */
const headerAt = (bytes: Uint8Array): E.Either<NpyError, { readonly text: string; readonly start: number }> => {
  if (!magic.every((byte, i) => bytes[i] === byte)) {
    const known = signatures.find(([begin]) => begin.every((byte, i) => bytes[i] === byte))?.[1] ?? ''
    return E.left({ tag: 'NotNpy', offset: 0, message: `npy: the file does not begin with the bytes of NumPy's arrays${known}` })
  }
  const [major = 0, minor = 0] = bytes.subarray(6, 8)
  if (bytes.length < preamble.length) return short(bytes, preamble.length)
  const version = versions[major]
  if (version === undefined || minor !== 0) {
    const message = `npy: version ${major}.${minor} is none of 1.0, 2.0, 3.0`
    return E.left({ tag: 'UnknownVersion', version: `${major}.${minor}`, offset: 6, message })
  }
  const begin = preamble.length + version.width
  if (bytes.length < begin) return short(bytes, begin)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = version.width === 2 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > longestHeader) {
    const message = `npy: the header has ${length} bytes, at most ${longestHeader} are read`
    return E.left({ tag: 'TooLarge', limit: longestHeader, offset: 8, message })
  }
  if (bytes.length < begin + length) return short(bytes, begin + length)
  return textOf(bytes.subarray(begin, begin + length), version.encoding, begin)
}

/** Names and numbers are ASCII; what is not can stand nowhere but in what is refused. */
const textOf = (bytes: Uint8Array, encoding: string, at: number): ReturnType<typeof headerAt> => {
  const other = bytes.findIndex((byte) => byte > 126)
  if (other < 0) return E.right({ text: new TextDecoder().decode(bytes), start: at + bytes.length })
  const message = `npy: the header (${encoding}) has the byte ${bytes[other]} at byte ${at + other}; arrays of numbers need ASCII alone`
  return E.left({ tag: 'BadHeader', offset: at + other, message })
}

const headerError = (
  { at, why, descr }: { readonly at: number; readonly why: string; readonly descr?: string },
  begin: number,
): NpyError => {
  if (descr !== undefined) return { tag: 'UnknownType', descr, offset: begin + at, message: `npy: ${why}` }
  return { tag: 'BadHeader', offset: begin + at, message: `npy: the header is damaged at byte ${begin + at}: ${why}` }
}

const short = (bytes: Uint8Array, expected: number): E.Either<NpyError, never> =>
  E.left({
    tag: 'WrongLength',
    expected,
    offset: bytes.length,
    message: `npy: the file ends at byte ${bytes.length}, its header needs ${expected}`,
  })

const arrayOf = (header: NpyHeader, bytes: Uint8Array, start: number, limit: number): E.Either<NpyError, StoredArray> => {
  const { type, shape, fortranOrder, bigEndian } = header
  const count = elementsOf(shape)
  const name = `[${shape.join(', ')}] of ${type}`
  if (count * bytesInMemory(type) > limit)
    return E.left({ tag: 'TooLarge', limit, offset: start, message: `npy: ${name} is over the limit of ${limit} bytes` })
  const expected = start + count * storedBytes[type]
  if (bytes.length !== expected) {
    const message = `npy: ${name} ends at byte ${expected}, the file ends at ${bytes.length}`
    return E.left({ tag: 'WrongLength', expected, offset: Math.min(bytes.length, expected), message })
  }
  const data = bytes.subarray(start)
  const odd = type === 'bool' ? data.findIndex((byte) => byte > 1) : -1
  if (odd >= 0) {
    const message = `npy: byte ${start + odd} is ${data[odd]}, a bool is 0 or 1`
    return E.left({ tag: 'BadElement', offset: start + odd, message })
  }
  const values = decoders[type](bigEndian ? swapped(data, storedBytes[type]) : data)
  const rows = fortranOrder && shape.length > 1 ? inRows(values as Movable, shape) : values
  return E.right({ type, shape: Object.freeze(shape), values: rows } as StoredArray) // values are those of the type
}

const swapped = (bytes: Uint8Array, width: number): Uint8Array => {
  const turned = new Uint8Array(bytes.length)
  for (let i = 0; i < bytes.length; i += width) for (let j = 0; j < width; j++) turned[i + j] = bytes[i + width - 1 - j] as number
  return turned
}

/** Elements of one class, whichever it is. */
interface Movable {
  [index: number]: number
  readonly length: number
  readonly slice: () => Movable
}

/** From first size fastest to last size fastest. */
const inRows = (values: Movable, shape: readonly number[]): Movable => {
  const turned = values.slice()
  const strides = shape.map((_, axis) => elementsOf(shape.slice(0, axis)))
  const at = shape.map(() => 0)
  for (let i = 0, from = 0; i < values.length; i++) {
    turned[i] = values[from] as number
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] as number
      at[axis] = (at[axis] as number) + 1
      from += stride
      if ((at[axis] as number) < (shape[axis] as number)) break
      from -= stride * (shape[axis] as number)
      at[axis] = 0
    }
  }
  return turned
}
