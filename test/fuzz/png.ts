/** PNG images whose checksums are right whatever else is broken, against fast-png where both take a file. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { decode, encode } from 'fast-png'
import { decodePng } from '../../src/data/images/index.ts'
import { crc32 } from '../../src/formats/npz/crc32.ts'
import type { StoredArray } from '../../src/index.ts'
import { type FuzzTarget, smallLimit } from './target.ts'

const goldens = Object.values(
  JSON.parse(readFileSync(new URL('../golden/readers/images.json', import.meta.url), 'utf8')) as Record<string, { readonly file: string }>,
).map(({ file }) => Uint8Array.from(Buffer.from(file, 'base64')))

/** Each chunk gets the checksum that belongs to it, as far as chunks can be found. */
const repaired = (bytes: Uint8Array): Uint8Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at)
    if (length > bytes.length - at - 12) break
    view.setUint32(at + 8 + length, crc32(bytes.subarray(at + 4, at + 8 + length)))
    at += 12 + length
  }
  return bytes
}

const broken = fc
  .tuple(fc.constantFrom(...goldens), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }))
  .map(([golden, changes]) => {
    const bytes = golden.slice()
    for (const [at, value] of changes) bytes[8 + (at % (bytes.length - 8))] = value
    return repaired(bytes)
  })
const drawn = fc
  .record({ width: fc.integer({ min: 1, max: 5 }), height: fc.integer({ min: 1, max: 5 }), channels: fc.integer({ min: 1, max: 4 }) })
  .chain((size) => {
    const length = size.width * size.height * size.channels
    return fc.uint8Array({ minLength: length, maxLength: length }).map((data) => encode({ ...size, depth: 8, data }))
  })

/** fast-png as it is: of 8 bits, without a palette and transparent colors. */
const wrong = (bytes: Uint8Array, value: unknown): string | null => {
  const image = value as StoredArray<'u8'> // the target's reader gives these
  const { width, height, channels, depth, data, palette, transparency } = decode(bytes)
  if (image.shape[0] !== height || image.shape[1] !== width) return `the shape is [${image.shape}], fast-png says ${height} x ${width}`
  if (depth !== 8 || palette !== undefined || transparency !== undefined) return null
  if (image.shape[2] !== channels) return `there are ${image.shape[2]} channels, fast-png says ${channels}`
  return image.values.length === data.length && image.values.every((each, i) => each === data[i]) ? null : 'the pixels differ'
}

export const pngTarget: FuzzTarget = {
  name: 'png',
  seeds: async () => goldens,
  files: fc.oneof({ weight: 8, arbitrary: broken }, { weight: 1, arbitrary: drawn }),
  read: (bytes) => decodePng(bytes, { limit: smallLimit, sixteenBits: 'round' })(),
  wrong,
}
