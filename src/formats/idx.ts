/** Reading IDX, the format of MNIST: a type, up to eight sizes, and big-endian elements. Plain or gzip. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { inflate, isGzip } from './inflate.ts'

/** The elements of an IDX file, last size fastest. */
export type IdxArray =
  | { readonly type: 'u8'; readonly shape: readonly number[]; readonly values: Uint8Array }
  | { readonly type: 'i8'; readonly shape: readonly number[]; readonly values: Int8Array }
  | { readonly type: 'i16'; readonly shape: readonly number[]; readonly values: Int16Array }
  | { readonly type: 'i32'; readonly shape: readonly number[]; readonly values: Int32Array }
  | { readonly type: 'f32'; readonly shape: readonly number[]; readonly values: Float32Array }
  | { readonly type: 'f64'; readonly shape: readonly number[]; readonly values: Float64Array }

/** What is wrong with the bytes, and at which of them. `message` says it in one line. */
export type IdxError = { readonly message: string; readonly offset: number } & (
  | { readonly tag: 'NotIdx' }
  | { readonly tag: 'UnknownType'; readonly type: number }
  | { readonly tag: 'BadRank'; readonly rank: number }
  | { readonly tag: 'TooLarge'; readonly limit: number }
  | { readonly tag: 'WrongLength'; readonly expected: number }
  | { readonly tag: 'BadGzip' }
)

export interface IdxOptions {
  /** The most bytes that the file may have, or a gzip file inflate to. 1 GiB unless said. */
  readonly limit?: number
}

/**
 * Reads an IDX file, plain or gzip. Nothing is allocated on the word of a header: the bytes must be there.
 *
 * @example
 * await readIdx(new Uint8Array([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]))() // => { _tag: 'Right', right: { type: 'u8', shape: [2], values: new Uint8Array([7, 9]) } }
 */
export const readIdx =
  (bytes: Uint8Array, options: IdxOptions = {}): TaskEither<IdxError, IdxArray> =>
  async () => {
    if (!isGzip(bytes)) return parseIdx(bytes, options)
    const head = await inflate(bytes, longestHeader)
    if (E.isLeft(head)) return badGzip(head.left)
    const header = readHeader(head.right.bytes, options.limit ?? defaultLimit)
    if (E.isLeft(header)) return header
    const body = await inflate(bytes, header.right.end)
    if (E.isLeft(body)) return badGzip(body.left)
    return elements(header.right, body.right.bytes, body.right.more)
  }

/**
 * Reads an IDX file that is not compressed.
 *
 * @example
 * parseIdx(new Uint8Array([0, 0, 11, 1, 0, 0, 0, 1, 255, 254])) // => { _tag: 'Right', right: { type: 'i16', shape: [1], values: new Int16Array([-2]) } }
 */
export const parseIdx = (bytes: Uint8Array, options: IdxOptions = {}): E.Either<IdxError, IdxArray> =>
  pipe(
    readHeader(bytes, options.limit ?? defaultLimit),
    E.chain((header) => elements(header, bytes, bytes.length > header.end)),
  )

/** Where and how the elements of a file lie, by its first bytes; 36 are enough. */
export const idxLayout = (bytes: Uint8Array): E.Either<IdxError, Header> => readHeader(bytes, Number.POSITIVE_INFINITY)

interface Header {
  readonly type: IdxArray['type']
  readonly shape: readonly number[]
  readonly start: number
  readonly end: number
}
const defaultLimit = 2 ** 30
const mostSizes = 8
const longestHeader = 4 + 4 * mostSizes

const types: Readonly<Record<number, { readonly type: IdxArray['type']; readonly bytes: number }>> = {
  8: { type: 'u8', bytes: 1 },
  9: { type: 'i8', bytes: 1 },
  11: { type: 'i16', bytes: 2 },
  12: { type: 'i32', bytes: 4 },
  13: { type: 'f32', bytes: 4 },
  14: { type: 'f64', bytes: 8 },
}

/** What the first bytes of other files look like, to say what came instead. */
const signatures: readonly (readonly [readonly number[], string])[] = [
  [[0x1f, 0x8b], 'gzip; readIdx inflates it'],
  [[0x50, 0x4b], 'a zip archive'],
  [[0x42, 0x5a, 0x68], 'bzip2'],
  [[0xfd, 0x37, 0x7a], 'xz'],
  [[0x28, 0xb5, 0x2f], 'zstd'],
  [[0x93, 0x4e, 0x55], 'a NumPy array'],
  [[0x89, 0x50, 0x4e], 'a PNG image'],
  [[0x3c], 'HTML or XML'],
  [[0x7b], 'JSON'],
]

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const hex = (byte: number): string => byte.toString(16).padStart(2, '0')
const badGzip = (why: string): E.Either<IdxError, never> =>
  E.left({ tag: 'BadGzip', offset: 0, message: `idx: the gzip stream is damaged: ${why}` })

const readHeader = (bytes: Uint8Array, limit: number): E.Either<IdxError, Header> => {
  const [first, second, typeByte, rank] = bytes
  if (first === undefined || second === undefined || typeByte === undefined || rank === undefined) return short(4, bytes.length)
  if (first !== 0 || second !== 0) return E.left(notIdx(bytes))
  const element = types[typeByte]
  if (element === undefined)
    return E.left({
      tag: 'UnknownType',
      type: typeByte,
      offset: 2,
      message: `idx: byte 2 is ${hex(typeByte)}, which is no element type (08, 09, 0b, 0c, 0d, 0e)`,
    })
  if (rank < 1 || rank > mostSizes)
    return E.left({ tag: 'BadRank', rank, offset: 3, message: `idx: byte 3 says ${rank} sizes, expected 1 to ${mostSizes}` })
  const start = 4 + 4 * rank
  if (bytes.length < start) return short(start, bytes.length)
  const shape = Array.from({ length: rank }, (_, i) => view(bytes).getUint32(4 + 4 * i))
  const end = start + element.bytes * product(shape)
  if (end > limit)
    return E.left({
      tag: 'TooLarge',
      limit,
      offset: 4,
      message: `idx: [${shape.join(', ')}] of ${element.type} is over the limit of ${limit} bytes`,
    })
  return E.right({ type: element.type, shape, start, end })
}

/** Past 2^53 a product is not exact, but still larger than every limit. */
const product = (shape: readonly number[]): number => (shape.includes(0) ? 0 : shape.reduce((n, size) => n * size, 1))

const notIdx = (bytes: Uint8Array): IdxError => {
  const known = signatures.find(([start]) => start.every((byte, i) => bytes[i] === byte))
  const got = `${hex(bytes[0] ?? 0)} ${hex(bytes[1] ?? 0)}`
  return { tag: 'NotIdx', offset: 0, message: `idx: the first two bytes must be 00 00, got ${got}${known ? ` (${known[1]})` : ''}` }
}

const short = (expected: number, got: number): E.Either<IdxError, never> =>
  E.left({ tag: 'WrongLength', expected, offset: got, message: `idx: the file ends at byte ${got}, the header needs ${expected}` })

const elements = ({ type, shape, start, end }: Header, bytes: Uint8Array, more: boolean): E.Either<IdxError, IdxArray> => {
  if (bytes.length < end || more) {
    const got = more ? `there are more` : `the file ends at byte ${bytes.length}`
    return E.left({
      tag: 'WrongLength',
      expected: end,
      offset: Math.min(bytes.length, end),
      message: `idx: [${shape.join(', ')}] of ${type} is ${end} bytes with its header, ${got}`,
    })
  }
  return E.right({ type, shape: Object.freeze(shape), values: decoders[type](bytes.subarray(start, end)) } as IdxArray)
}

type Decoders = { readonly [T in IdxArray['type']]: (bytes: Uint8Array) => Extract<IdxArray, { type: T }>['values'] }
const decoders: Decoders = {
  // Not `slice`: a Node Buffer's shares its memory.
  u8: (bytes) => new Uint8Array(bytes),
  i8: (bytes) => new Int8Array(new Uint8Array(bytes).buffer),
  i16: (bytes) => swapped(Int16Array, 2, bytes, (at, i) => at.getInt16(i)),
  i32: (bytes) => swapped(Int32Array, 4, bytes, (at, i) => at.getInt32(i)),
  f32: (bytes) => swapped(Float32Array, 4, bytes, (at, i) => at.getFloat32(i)),
  f64: (bytes) => swapped(Float64Array, 8, bytes, (at, i) => at.getFloat64(i)),
}

const swapped = <A extends { [i: number]: number }>(
  Elements: new (length: number) => A,
  width: number,
  bytes: Uint8Array,
  get: (at: DataView, i: number) => number,
): A => {
  const at = view(bytes)
  const values = new Elements(bytes.length / width)
  for (let i = 0; i < bytes.length / width; i++) values[i] = get(at, i * width)
  return values
}
