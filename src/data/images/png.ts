/** PNG images as arrays of bytes, by fast-png, which is given nothing that could inflate to more than the header says. */

import { decode } from 'fast-png'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { ShapeError } from '../../../types/shape-error.ts'
import { inflate } from '../../formats/inflate.ts'
import type { StoredArray } from '../../formats/stored-array.ts'
import { damaged, type PngChunks, type PngError, type PngHeader, readChunks, samplesOf, unsupported } from './chunks.ts'

export interface PngOptions {
  /** The most bytes that the pixels may take, at one byte a sample and one more a pixel. 64 MiB unless said. */
  readonly limit?: number | undefined
  /**
   * How many channels the result has: 1 for grey, 2 for grey and alpha, 3 for colors, 4 for colors and alpha; as many as the
   * file has unless said. Nothing is lost: colors become grey where all of them are, alpha is left out where all is opaque.
   */
  readonly channels?: 1 | 2 | 3 | 4 | undefined
  /** `'round'` takes 16 bits a sample, rounded to 8: value * 255 / 65535. They are refused unless said. */
  readonly sixteenBits?: 'refuse' | 'round' | undefined
}

/**
 * An image as bytes `[height, width, channels]`. Palettes become colors, fewer than 8 bits are spread over 0 to 255,
 * transparent colors become an alpha channel. The size stands in the header and is limited before anything is inflated; a file
 * that inflates to something else is damaged.
 *
 * @example
 * const png = Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGNgaAAAAIMAgYfP7KQAAAAASUVORK5CYII='), (c) => c.charCodeAt(0))
 * await decodePng(png)() // => { _tag: 'Right', right: { type: 'u8', shape: [1, 2, 1], values: new Uint8Array([0, 128]) } }
 */
export const decodePng = (bytes: Uint8Array, options: PngOptions = {}): TaskEither<PngError, StoredArray<'u8'>> => {
  const { limit = 2 ** 26, channels, sixteenBits = 'refuse' } = options
  if (channels !== undefined && ![1, 2, 3, 4].includes(channels))
    throw new ShapeError(`decodePng: channels must be 1, 2, 3 or 4, got ${channels}`)
  return async () => {
    const read = readChunks(bytes, limit)
    if (E.isLeft(read)) return read
    const chunks = read.right
    if (chunks.depth === 16 && sixteenBits !== 'round')
      return unsupported(24, "the image has 16 bits a sample; write { sixteenBits: 'round' } for 8 of them")
    const raw = await inflated(chunks)
    if (E.isLeft(raw)) return raw
    const samples = unfiltered(bytes, chunks, raw.right)
    if (E.isLeft(samples)) return samples
    const pixels = pixelsOf(chunks, samples.right)
    return E.isLeft(pixels) ? pixels : withChannels(pixels.right, channels)
  }
}

/** Bytes of one row in the file, without the byte in front that says its filter. */
const rowBytes = ({ depth, color }: PngHeader, width: number): number => Math.ceil((width * depth * samplesOf[color]) / 8)
/** Where the pixels of the seven parts of an interlaced image begin, and how far apart they are. */
const parts = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const
const filteredBytes = (header: PngHeader): number => {
  const { width, height, interlaced } = header
  if (!interlaced) return height * (1 + rowBytes(header, width))
  return parts.reduce((sum, [x, y, stepX, stepY]) => {
    const [w, h] = [Math.ceil((width - x) / stepX), Math.ceil((height - y) / stepY)]
    return w <= 0 || h <= 0 ? sum : sum + h * (1 + rowBytes(header, w))
  }, 0)
}

const inflated = async (chunks: PngChunks): Promise<E.Either<PngError, Uint8Array>> => {
  const size = filteredBytes(chunks)
  const stream = await inflate(chunks.compressed, size, 'deflate')
  if (E.isLeft(stream)) return damaged(33, `the pixels cannot be inflated: ${stream.left}`)
  const { bytes, more } = stream.right
  if (bytes.length !== size || more)
    return damaged(
      33,
      `the pixels inflate to ${more ? 'more than' : bytes.length} ${more ? size : 'bytes, expected'} ${more ? 'bytes' : size}`,
    )
  return E.right(bytes)
}

/** fast-png takes off the filters, of a file that has only the header and the pixels, stored without compression. */
const unfiltered = (bytes: Uint8Array, chunks: PngChunks, raw: Uint8Array): E.Either<PngError, Uint8Array | Uint16Array> => {
  try {
    const { data } = decode(plainPng(bytes.subarray(0, 33), raw))
    const elements = chunks.height * (chunks.depth === 16 ? chunks.width * samplesOf[chunks.color] : rowBytes(chunks, chunks.width))
    if (data.length !== elements || data instanceof Uint8ClampedArray) return damaged(33, 'the pixels have another number of bytes')
    return E.right(data)
  } catch (cause) {
    return damaged(33, cause instanceof Error ? cause.message : String(cause))
  }
}

/** Its checksums are zero: they were checked before, and nobody looks at them again. */
const plainPng = (head: Uint8Array, raw: Uint8Array): Uint8Array => {
  const blocks = Math.max(1, Math.ceil(raw.length / 65535))
  const length = 2 + 5 * blocks + raw.length + 4
  const file = new Uint8Array(head.length + 12 + length + 12)
  const view = new DataView(file.buffer)
  file.set(head)
  let at = head.length
  const name = (text: string): void =>
    file.set(
      [...text].map((c) => c.charCodeAt(0)),
      at + 4,
    )
  view.setUint32(at, length)
  name('IDAT')
  file.set([0x78, 0x01], at + 8)
  at += 10
  for (let block = 0; block < blocks; block++) {
    const part = raw.subarray(block * 65535, (block + 1) * 65535)
    file[at] = block === blocks - 1 ? 1 : 0
    view.setUint16(at + 1, part.length, true)
    view.setUint16(at + 3, ~part.length & 0xffff, true)
    file.set(part, at + 5)
    at += 5 + part.length
  }
  at += 8
  name('IEND')
  return file
}

interface Pixels {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly values: Uint8Array
}

/** One byte a sample, with an alpha channel where the file says anything of transparency. */
const pixelsOf = (chunks: PngChunks, samples: Uint8Array | Uint16Array): E.Either<PngError, Pixels> => {
  const { color, depth, width, height, transparency } = chunks
  const values = depth < 8 ? unpacked(chunks, samples as Uint8Array) : samples
  if (color === 'palette') return fromPalette(chunks, values as Uint8Array)
  const channels = samplesOf[color]
  const bytes = depth === 8 ? (values as Uint8Array) : Uint8Array.from(values, (v) => Math.round((v * 255) / (2 ** depth - 1)))
  if (transparency === null) return E.right({ height, width, channels, values: bytes })
  const key = Array.from({ length: channels }, (_, c) => ((transparency[2 * c] as number) << 8) | (transparency[2 * c + 1] as number))
  const out = new Uint8Array(height * width * (channels + 1))
  for (let i = 0; i < height * width; i++) {
    const clear = key.every((k, c) => values[i * channels + c] === k)
    for (let c = 0; c < channels; c++) out[i * (channels + 1) + c] = bytes[i * channels + c] as number
    out[i * (channels + 1) + channels] = clear ? 0 : 255
  }
  return E.right({ height, width, channels: channels + 1, values: out })
}

/** Samples of fewer than 8 bits, one a byte; each row begins with a byte of its own. */
const unpacked = (header: PngHeader, packed: Uint8Array): Uint8Array => {
  const { width, height, depth } = header
  const [row, mask] = [rowBytes(header, width), 2 ** depth - 1]
  const values = new Uint8Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const bit = x * depth
      values[y * width + x] = ((packed[y * row + (bit >> 3)] as number) >> (8 - depth - (bit & 7))) & mask
    }
  return values
}

const fromPalette = ({ palette, transparency, width, height }: PngChunks, indices: Uint8Array): E.Either<PngError, Pixels> => {
  const channels = transparency === null ? 3 : 4
  const values = new Uint8Array(indices.length * channels)
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number
    if (index * 3 >= palette.length)
      return damaged(33, `pixel [${Math.floor(i / width)}, ${i % width}] has color ${index} of a palette of ${palette.length / 3}`)
    for (let c = 0; c < 3; c++) values[i * channels + c] = palette[index * 3 + c] as number
    if (transparency !== null) values[i * 4 + 3] = transparency[index] ?? 255
  }
  return E.right({ height, width, channels, values })
}

/** Nothing is lost, or it is refused. */
const withChannels = (image: Pixels, wanted: number | undefined): E.Either<PngError, StoredArray<'u8'>> => {
  const { height, width, channels, values } = image
  const result = (bytes: Uint8Array, count: number): E.Either<PngError, StoredArray<'u8'>> =>
    E.right({ type: 'u8', shape: Object.freeze([height, width, count]), values: bytes })
  if (wanted === undefined || wanted === channels) return result(values, channels)
  const [hasAlpha, alphaWanted] = [channels % 2 === 0, wanted % 2 === 0]
  const [tones, tonesWanted] = [channels > 2 ? 3 : 1, wanted > 2 ? 3 : 1]
  const out = new Uint8Array(height * width * wanted)
  for (let i = 0; i < height * width; i++) {
    const [from, to] = [i * channels, i * wanted]
    const place = `pixel [${Math.floor(i / width)}, ${i % width}]`
    if (hasAlpha && !alphaWanted && values[from + tones] !== 255)
      return unsupported(33, `${place} is not opaque, and ${wanted} channels have no alpha`)
    if (tones > tonesWanted && (values[from] !== values[from + 1] || values[from] !== values[from + 2]))
      return unsupported(33, `${place} is not grey, and ${wanted} channels have no colors`)
    for (let c = 0; c < tonesWanted; c++) out[to + c] = values[from + (tones === 1 ? 0 : c)] as number
    if (alphaWanted) out[to + tonesWanted] = hasAlpha ? (values[from + tones] as number) : 255
  }
  return result(out, wanted)
}
