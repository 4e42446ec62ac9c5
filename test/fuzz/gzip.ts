/** What inflates gzip and raw deflate, against zlib. */
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { type Inflated, inflate } from '../../src/formats/inflate.ts'
import { type FuzzTarget, smallLimit } from './target.ts'

const text = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => 97 + ((i * i) % 7))

const gzipped = (bytes: Uint8Array, level: number): Uint8Array => Uint8Array.from(gzipSync(bytes, { level }))

export const gzipTarget: FuzzTarget = {
  name: 'gzip',
  seeds: async () =>
    [text(0), text(5), text(900), Uint8Array.from({ length: 300 }, (_, i) => (i * 197) & 255)].map((bytes) =>
      Uint8Array.from(gzipSync(bytes)),
    ),
  files: fc.oneof(
    {
      weight: 40,
      arbitrary: fc.tuple(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(0, 1, 6, 9)).map(([bytes, level]) => gzipped(bytes, level)),
    },
    // bombs: a thousand times their size
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }).map((n) => gzipped(new Uint8Array(n * 2 ** 19 + n), 6)) },
  ),
  read: async (bytes) => E.mapLeft((message: string) => ({ message }))(await inflate(bytes, smallLimit)),
  wrong: (bytes, value) => {
    const { bytes: got, more } = value as Inflated // the target's reader gives these
    if (more) return got.length === smallLimit ? null : `stopped at ${got.length} bytes`
    try {
      return Buffer.compare(gunzipSync(bytes), got) === 0 ? null : 'zlib gives other bytes'
    } catch (cause) {
      return `zlib refuses it: ${String(cause)}`
    }
  },
}
