/** Reading safetensors: names to arrays, and a few words about them. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ByteSource } from '../byte-source.ts'
import { bytesInMemory, decoders } from '../elements.ts'
import { type StoredArray, type StoredType, storedBytes } from '../stored-array.ts'
import { quoted } from '../strict-json.ts'
import { type SafetensorsError, tooLarge } from './error.ts'
import {
  headerOf,
  partOf,
  readSafetensorsHeader,
  type SafetensorsEntry,
  type SafetensorsHeader,
  type SafetensorsHeaderOptions,
} from './header.ts'

/** The tensors of a file in the order in which they lie there, and what it says about itself. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, StoredArray>
  readonly metadata: ReadonlyMap<string, string>
}

export interface SafetensorsOptions extends SafetensorsHeaderOptions {
  /** The most bytes that the arrays may take in memory, where half floats are twice as large: 1 GiB unless said. */
  readonly limit?: number
}

/**
 * Reads a safetensors file that is in memory, by all rules of the format: every byte of it is accounted for. The arrays
 * are copies. Half floats and bfloat16 come as f32, 64-bit integers as BigInt arrays.
 *
 * @example
 * const file = writeSafetensors(new Map([['bias', { type: 'f16', shape: [2], values: new Float32Array([0.5, -2]) }]]))
 * const read = E.isRight(file) ? readSafetensors(file.right) : file
 * E.isRight(read) && read.right.tensors.get('bias') // => { type: 'f16', shape: [2], values: new Float32Array([0.5, -2]) }
 */
export const readSafetensors = (bytes: Uint8Array, options: SafetensorsOptions = {}): E.Either<SafetensorsError, Safetensors> =>
  pipe(
    headerOf(bytes, options),
    E.chainFirst((header) => withinLimit(header, options)),
    E.map(({ tensors, metadata }) => ({
      tensors: new Map([...tensors].map(([name, entry]) => [name, arrayOf(entry, bytes.subarray(entry.begin, entry.end))])),
      metadata,
    })),
  )

/**
 * Reads a safetensors file from where it lies, a tensor at a time, so that no more is in memory than the arrays.
 *
 * @example
 * const file = writeSafetensors(new Map([['count', { type: 'i64', shape: [], values: new BigInt64Array([7n]) }]]))
 * if (E.isLeft(file)) throw new Error(file.left.message)
 * const read = await readSafetensorsFrom(bytesSource(file.right))()
 * E.isRight(read) && String(read.right.tensors.get('count')?.values) // => '7'
 */
export const readSafetensorsFrom = (source: ByteSource, options: SafetensorsOptions = {}): TE.TaskEither<SafetensorsError, Safetensors> =>
  pipe(
    readSafetensorsHeader(source, options),
    TE.chainFirstEitherK((header) => withinLimit(header, options)),
    TE.chain(({ tensors, metadata }) =>
      pipe(
        [...tensors],
        TE.traverseSeqArray(([name, entry]) =>
          pipe(
            partOf(source, entry.begin, entry.end),
            TE.map((bytes) => [name, arrayOf(entry, bytes)] as const),
          ),
        ),
        TE.map((arrays) => ({ tensors: new Map(arrays), metadata })),
      ),
    ),
  )

/** That every tensor can be held here, and all of them in the memory that they may have. */
const withinLimit = ({ tensors }: SafetensorsHeader, { limit = defaultLimit }: SafetensorsOptions): E.Either<SafetensorsError, null> => {
  let bytes = 0
  for (const [tensor, { dtype, type, begin, end }] of tensors) {
    if (type === null)
      return E.left({
        tag: 'UnknownType',
        tensor,
        dtype,
        message: `safetensors: ${quoted(tensor)} is of dtype ${dtype}, which no array here holds`,
      })
    bytes += ((end - begin) / storedBytes[type]) * bytesInMemory(type)
  }
  return bytes > limit ? E.left(tooLarge(limit, `what the tensors take in memory, ${bytes} bytes,`)) : E.right(null)
}
const defaultLimit = 2 ** 30

/** The header has looked at it: `type` is not null, and the bytes are as many as the shape asks for. */
const arrayOf = ({ type, shape }: SafetensorsEntry, bytes: Uint8Array): StoredArray =>
  ({ type, shape, values: decoders[type as StoredType](bytes) }) as StoredArray
