/** The chunks of a PNG file, checked: what its header says, its palette, and its compressed pixels. Nothing is inflated here. */
import * as E from 'fp-ts/lib/Either.js'
import { crc32 } from '../../formats/npz/crc32.ts'

/** Why bytes are no image; `message` says it in one line, `offset` where. */
export type PngError = { readonly message: string; readonly offset: number } & (
  | { readonly tag: 'NotPng' }
  | { readonly tag: 'Damaged' }
  | { readonly tag: 'TooLarge'; readonly limit: number }
  | { readonly tag: 'Unsupported' }
)

export interface PngHeader {
  readonly width: number
  readonly height: number
  readonly depth: 1 | 2 | 4 | 8 | 16
  readonly color: 'grey' | 'rgb' | 'palette' | 'greyAlpha' | 'rgba'
  readonly interlaced: boolean
}
export interface PngChunks extends PngHeader {
  /** Three bytes a color; empty where there is none. */
  readonly palette: Uint8Array
  /** How opaque the colors of the palette are, or the one color that is transparent; null where nothing says it. */
  readonly transparency: Uint8Array | null
  /** A zlib stream. */
  readonly compressed: Uint8Array
}

/** Samples of one pixel in the file. */
export const samplesOf: { readonly [C in PngHeader['color']]: number } = { grey: 1, rgb: 3, palette: 1, greyAlpha: 2, rgba: 4 }
const colors: Readonly<Record<number, { readonly color: PngHeader['color']; readonly depths: readonly number[] }>> = {
  0: { color: 'grey', depths: [1, 2, 4, 8, 16] },
  2: { color: 'rgb', depths: [8, 16] },
  3: { color: 'palette', depths: [1, 2, 4, 8] },
  4: { color: 'greyAlpha', depths: [8, 16] },
  6: { color: 'rgba', depths: [8, 16] },
}
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

interface Chunk {
  readonly type: string
  readonly offset: number
  readonly data: Uint8Array
}

export const damaged = (offset: number, message: string): E.Either<PngError, never> =>
  E.left({ tag: 'Damaged', offset, message: `png: byte ${offset}: ${message}` })
export const unsupported = (offset: number, message: string): E.Either<PngError, never> =>
  E.left({ tag: 'Unsupported', offset, message: `png: ${message}` })

export const readChunks = (bytes: Uint8Array, limit: number): E.Either<PngError, PngChunks> => {
  if (signature.some((byte, i) => bytes[i] !== byte))
    return E.left({ tag: 'NotPng', offset: 0, message: `png: the first eight bytes are not those of a PNG image${whatItIs(bytes)}` })
  const first = chunkAt(bytes, 8)
  if (E.isLeft(first)) return first
  const header = headerOf(first.right, limit)
  if (E.isLeft(header)) return header
  return bodyOf(bytes, header.right)
}

const whatItIs = ([a, b, c]: Uint8Array): string => {
  if (a === undefined) return ', there are none'
  if (a === 0xff && b === 0xd8) return ' (it is a JPEG image)'
  if (a === 0x47 && b === 0x49) return ' (it is a GIF image)'
  return a === 0x52 && b === 0x49 && c === 0x46 ? ' (it is a WebP image)' : ''
}

/** A chunk whose length, name and checksum are right. */
const chunkAt = (bytes: Uint8Array, offset: number): E.Either<PngError, Chunk> => {
  if (bytes.length - offset < 12) return damaged(offset, `the file ends at byte ${bytes.length}, inside a chunk`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = view.getUint32(offset)
  const name = bytes.subarray(offset + 4, offset + 8)
  const type = String.fromCharCode(...name)
  if (!/^[A-Za-z]{4}$/.test(type)) return damaged(offset + 4, 'this is no name of a chunk')
  if (length > bytes.length - offset - 12)
    return damaged(offset, `the chunk ${type} has ${length} bytes, the file ends at byte ${bytes.length}`)
  const data = bytes.subarray(offset + 8, offset + 8 + length)
  if (view.getUint32(offset + 8 + length) !== crc32(bytes.subarray(offset + 4, offset + 8 + length)))
    return damaged(offset, `the checksum of the chunk ${type} is wrong`)
  return E.right({ type, offset, data })
}

const headerOf = ({ type, offset, data }: Chunk, limit: number): E.Either<PngError, PngHeader> => {
  if (type !== 'IHDR' || data.length !== 13) return damaged(offset, `expected the header, got a chunk ${type} of ${data.length} bytes`)
  const view = new DataView(data.buffer, data.byteOffset, 13)
  const [width, height, depth] = [view.getUint32(0), view.getUint32(4), view.getUint8(8)]
  const known = colors[view.getUint8(9)]
  if (width === 0 || height === 0 || width >= 2 ** 31 || height >= 2 ** 31)
    return damaged(offset + 8, `an image of ${height} x ${width} pixels`)
  if (known === undefined || !known.depths.includes(depth))
    return damaged(offset + 16, `${depth} bits of color type ${view.getUint8(9)} are no format of PNG`)
  if (view.getUint8(10) !== 0 || view.getUint8(11) !== 0 || view.getUint8(12) > 1)
    return damaged(offset + 18, 'an unknown compression, filter or interlacing')
  const interlaced = view.getUint8(12) === 1
  // of fewer bits fast-png takes an interlaced image apart wrongly
  if (interlaced && depth < 8)
    return unsupported(offset + 20, `interlaced images of ${depth} bits are not read; save it without interlacing`)
  const most = width * height * (known.color === 'palette' ? 4 : samplesOf[known.color] + 1)
  if (most > limit)
    return E.left({
      tag: 'TooLarge',
      limit,
      offset: offset + 8,
      message: `png: ${height} x ${width} pixels are over the limit of ${limit} bytes`,
    })
  return E.right({ width, height, depth: depth as PngHeader['depth'], color: known.color, interlaced })
}

/** The chunks behind the header, in the order that PNG demands. */
const bodyOf = (bytes: Uint8Array, header: PngHeader): E.Either<PngError, PngChunks> => {
  const pixels: Uint8Array[] = []
  let [palette, transparency]: [Uint8Array, Uint8Array | null] = [new Uint8Array(), null]
  let closed = false
  for (let at = 33; ; ) {
    const next = chunkAt(bytes, at)
    if (E.isLeft(next)) return next
    const { type, data } = next.right
    const wrong = misplaced(header, next.right, palette, transparency, pixels.length, closed)
    if (wrong !== null) return damaged(at, wrong)
    closed = pixels.length > 0 && type !== 'IDAT'
    if (type === 'PLTE') palette = data
    if (type === 'tRNS') transparency = data
    if (type === 'IDAT') pixels.push(data)
    at += 12 + data.length
    if (type !== 'IEND') continue
    if (at !== bytes.length) return damaged(at, `the image ends here, the file has ${bytes.length} bytes`)
    return E.right({ ...header, palette, transparency, compressed: joined(pixels) })
  }
}

type Misplaced = (
  header: PngHeader,
  chunk: Chunk,
  palette: Uint8Array,
  transparency: Uint8Array | null,
  pixels: number,
  closed: boolean,
) => string | null
const misplaced: Misplaced = ({ color, depth }, { type, data }, palette, transparency, pixels, closed) => {
  if (type === 'PLTE') {
    if (palette.length > 0 || pixels > 0 || transparency !== null || color === 'grey' || color === 'greyAlpha')
      return 'a palette in the wrong place'
    const most = color === 'palette' ? 2 ** depth : 256
    return data.length === 0 || data.length % 3 !== 0 || data.length / 3 > most ? `a palette of ${data.length} bytes` : null
  }
  if (type === 'tRNS') {
    if (transparency !== null || pixels > 0 || color === 'greyAlpha' || color === 'rgba') return 'transparency in the wrong place'
    const right = color === 'palette' ? data.length > 0 && data.length <= palette.length / 3 : data.length === 2 * samplesOf[color]
    return right ? null : `transparency of ${data.length} bytes`
  }
  if (type === 'IDAT')
    return closed ? 'pixels behind another chunk' : color === 'palette' && palette.length === 0 ? 'pixels without a palette' : null
  if (type === 'IEND') return pixels === 0 ? 'an image without pixels' : data.length > 0 ? 'an end that has bytes' : null
  // names of chunks that a reader must know begin with a capital
  return type === 'IHDR' ? 'a second header' : /^[A-Z]/.test(type) ? `an unknown chunk ${type}` : null
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
