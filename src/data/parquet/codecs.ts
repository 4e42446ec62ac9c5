/** Pages of Parquet without their compression: as many bytes as their header says, or what is wrong with them. */
import * as E from 'fp-ts/lib/Either.js'
import { decompressZstd } from 'hyparquet-compressors'
import { inflate } from '../../formats/inflate.ts'

type Decompress = (bytes: Uint8Array, length: number) => Promise<E.Either<string, Uint8Array>>

/** By the number of the codec in the file. LZO, Brotli and the LZ4 of Hadoop are not read. */
export const decompressors: Readonly<Record<number, { readonly name: string; readonly run: Decompress | null }>> = {
  0: { name: 'none', run: async (bytes, length) => sized(bytes, length) },
  1: { name: 'SNAPPY', run: async (bytes, length) => guarded(() => snappy(bytes, length)) },
  2: { name: 'GZIP', run: async (bytes, length) => gunzip(bytes, length) },
  3: { name: 'LZO', run: null },
  4: { name: 'BROTLI', run: null },
  5: { name: 'LZ4 of Hadoop', run: null },
  6: { name: 'ZSTD', run: async (bytes, length) => guarded(() => zstd(bytes, length)) },
  7: { name: 'LZ4_RAW', run: async (bytes, length) => guarded(() => lz4(bytes, length)) },
}

const sized = (bytes: Uint8Array, length: number): E.Either<string, Uint8Array> =>
  bytes.length === length ? E.right(bytes) : E.left(`it has ${bytes.length} bytes, its header says ${length}`)
const gunzip: Decompress = async (bytes, length) => {
  const stream = await inflate(bytes, length)
  if (E.isLeft(stream)) return stream
  return stream.right.more ? E.left(`it inflates to more than the ${length} bytes of its header`) : sized(stream.right.bytes, length)
}

/** Thrown in here alone. */
class Corrupt extends Error {}
const corrupt = (): never => {
  throw new Corrupt('its compressed bytes are damaged')
}
const guarded = (run: () => Uint8Array): E.Either<string, Uint8Array> => {
  try {
    return E.right(run())
  } catch (cause) {
    return E.left(cause instanceof Corrupt ? cause.message : 'its compressed bytes are damaged')
  }
}

/** Of a copy within the output, which may overlap itself. */
const repeat = (out: Uint8Array, at: number, distance: number, count: number): void => {
  if (distance === 0 || distance > at || count > out.length - at) corrupt()
  if (distance >= count) out.copyWithin(at, at - distance, at - distance + count)
  else for (let i = 0; i < count; i++) out[at + i] = out[at + i - distance] as number
}

/** That of hyparquet goes round without end where a length is negative, so this one is ours: google/snappy, format_description.txt. */
const snappy = (bytes: Uint8Array, length: number): Uint8Array => {
  let [at, to, said, scale] = [0, 0, 0, 1]
  for (;;) {
    const byte = bytes[at++] ?? corrupt()
    said += (byte & 0x7f) * scale
    scale *= 128
    if (byte < 128) break
    if (scale > 2 ** 35) corrupt()
  }
  if (said !== length) corrupt()
  const out = new Uint8Array(length)
  const number = (count: number): number => {
    if (bytes.length - at < count) corrupt()
    let value = 0
    for (let i = 0; i < count; i++) value += (bytes[at + i] as number) * 256 ** i
    at += count
    return value
  }
  while (at < bytes.length) {
    const tag = bytes[at++] as number
    if ((tag & 3) === 0) {
      const short = tag >> 2
      const count = 1 + (short < 60 ? short : number(short - 59))
      if (count > bytes.length - at || count > length - to) corrupt()
      out.set(bytes.subarray(at, at + count), to)
      at += count
      to += count
      continue
    }
    const near = (tag & 3) === 1
    const count = near ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2)
    const distance = near ? ((tag >> 5) << 8) + number(1) : number((tag & 3) === 2 ? 2 : 4)
    repeat(out, to, distance, count)
    to += count
  }
  return to === length ? out : corrupt()
}

/** lz4/lz4, doc/lz4_Block_format.md. The one of hyparquet-compressors does not notice where a block ends early. */
const lz4 = (bytes: Uint8Array, length: number): Uint8Array => {
  const out = new Uint8Array(length)
  let [at, to] = [0, 0]
  const extended = (short: number): number => {
    let count = short
    for (let byte = 255; short === 15 && byte === 255; count += byte) byte = bytes[at++] ?? corrupt()
    return count
  }
  while (at < bytes.length) {
    const token = bytes[at++] as number
    const literals = extended(token >> 4)
    if (literals > bytes.length - at || literals > length - to) corrupt()
    out.set(bytes.subarray(at, at + literals), to)
    at += literals
    to += literals
    if (at === bytes.length) break
    if (bytes.length - at < 2) corrupt()
    const distance = (bytes[at] as number) + 256 * (bytes[at + 1] as number)
    at += 2
    const count = 4 + extended(token & 15)
    repeat(out, to, distance, count)
    to += count
  }
  return to === length ? out : corrupt()
}

/** fzstd writes into room that it is given, so that no header makes it take more; where it ends it does not say. */
const zstd = (bytes: Uint8Array, length: number): Uint8Array => {
  oneFrame(bytes, length)
  const run = (fill: number): Uint8Array => {
    const out = new Uint8Array(length).fill(fill)
    const given: unknown = decompressZstd(bytes, out)
    return given === out ? out : corrupt()
  }
  const out = run(0)
  // a last byte that nobody wrote is still what the room was filled with
  if (length > 0 && out[length - 1] === 0 && run(255)[length - 1] !== 0) corrupt()
  return out
}

/** RFC 8878, 3.1.1: one frame, whose blocks end where the page does, and whose size, where it says one, is that of the page. */
const oneFrame = (bytes: Uint8Array, length: number): void => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 9 || view.getUint32(0, true) !== 0xfd2fb528) corrupt()
  const flags = bytes[4] as number
  const [single, checksum, dictionary, kind] = [(flags >> 5) & 1, (flags >> 2) & 1, flags & 3, flags >> 6]
  if (dictionary !== 0 || (flags & 8) !== 0) corrupt()
  const sizeAt = 6 - single
  const sizeBytes = kind === 0 ? single : 2 ** kind
  if (bytes.length < sizeAt + sizeBytes) corrupt()
  const size = [0, view.getUint8(sizeAt), 0, 0][sizeBytes] ?? 0
  const said =
    sizeBytes === 2
      ? view.getUint16(sizeAt, true) + 256
      : sizeBytes === 4
        ? view.getUint32(sizeAt, true)
        : sizeBytes === 8
          ? Number(view.getBigUint64(sizeAt, true))
          : size
  if (sizeBytes > 0 && said !== length) corrupt()
  let [at, known] = [sizeAt + sizeBytes, 0]
  for (let last = false; !last; ) {
    if (bytes.length - at < 3) corrupt()
    const head = (bytes[at] as number) + ((bytes[at + 1] as number) << 8) + ((bytes[at + 2] as number) << 16)
    const [type, count] = [(head >> 1) & 3, head >> 3]
    last = (head & 1) === 1
    if (type === 3 || count > 2 ** 17) corrupt()
    known += type === 2 ? 0 : count
    at += 3 + (type === 1 ? 1 : count)
    if (at > bytes.length || known > length) corrupt()
  }
  if (at + 4 * checksum !== bytes.length) corrupt()
}
