/** Tensors in several files: the index that says which file has which, and all of them read as one. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ByteSource } from '../byte-source.ts'
import { storedBytes } from '../stored-array.ts'
import { isObject, parseStrictJson, quoted, type StrictJson } from '../strict-json.ts'
import { badIndex, type SafetensorsError } from './error.ts'
import { readSafetensorsFrom, type Safetensors, type SafetensorsOptions } from './read.ts'

/** Which tensors lie in which file, as `model.safetensors.index.json` says. */
export type SafetensorsIndex = ReadonlyMap<string, readonly string[]>

/**
 * Reads the index of a sharded file. Its files must have plain names, which stand beside it: nothing leads out of the folder.
 *
 * @example
 * const index = '{"weight_map": {"a.weight": "one.safetensors", "b.weight": "../two.safetensors"}}'
 * const read = readSafetensorsIndex(new TextEncoder().encode(index))
 * E.isLeft(read) && read.left.message // => 'safetensors index: "b.weight" is said to lie in "../two.safetensors", which is no plain name of a file beside it'
 */
export const readSafetensorsIndex = (bytes: Uint8Array, options: SafetensorsOptions = {}): E.Either<SafetensorsError, SafetensorsIndex> => {
  const limit = options.headerLimit ?? defaultIndexLimit
  if (bytes.length > limit)
    return E.left({ tag: 'TooLarge', limit, message: `safetensors index: ${bytes.length} bytes are over the limit of ${limit} bytes` })
  return pipe(
    E.tryCatch(
      () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
      () => badIndex('it is not UTF-8'),
    ),
    E.chain((text) =>
      pipe(
        parseStrictJson(text),
        E.mapLeft(({ offset, message }) => badIndex(`it is damaged at character ${offset}: ${message}`)),
      ),
    ),
    E.chain((json) => shardsOf(isObject(json) ? json.get('weight_map') : undefined)),
  )
}
const defaultIndexLimit = 2 ** 24

const shardsOf = (map: StrictJson | undefined): E.Either<SafetensorsError, SafetensorsIndex> => {
  if (!isObject(map)) return E.left(badIndex('it has no object "weight_map"'))
  const shards = new Map<string, string[]>()
  for (const [tensor, file] of map) {
    if (typeof file !== 'string') return E.left(badIndex(`${quoted(tensor)} has no name of a file`))
    if (!isPlainName(file))
      return E.left(badIndex(`${quoted(tensor)} is said to lie in ${quoted(file)}, which is no plain name of a file beside it`))
    const tensors = shards.get(file)
    if (tensors === undefined) shards.set(file, [tensor])
    else tensors.push(tensor)
  }
  return E.right(shards)
}

/** No separator of any system, no drive or scheme, nothing hidden, nothing that a system reads otherwise than it stands. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a name must not have
const isPlainName = (name: string): boolean => name.length <= 255 && /^[^./\\:\u0000-\u001f\u007f][^/\\:\u0000-\u001f\u007f]*$/.test(name)

/**
 * Reads the tensors of a sharded file. `open` is asked for each file by its name, one after another; what they have must be what
 * the index says, no more and no less. The metadata is what all files agree on.
 *
 * @example
 * const part = writeSafetensors(new Map([['a', { type: 'u8', shape: [1], values: new Uint8Array([7]) }]]))
 * if (E.isLeft(part)) throw new Error(part.left.message)
 * const read = await readSafetensorsShards(new Map([['one.safetensors', ['a']]]), () => async () => E.right(bytesSource(part.right)))()
 * E.isRight(read) && [...read.right.tensors.keys()] // => ['a']
 */
export const readSafetensorsShards = (
  index: SafetensorsIndex,
  open: (file: string) => TE.TaskEither<string, ByteSource>,
  options: SafetensorsOptions = {},
): TE.TaskEither<SafetensorsError, Safetensors> => {
  const limit = options.limit ?? 2 ** 30
  const shard = (all: Gathered, file: string, tensors: readonly string[]): TE.TaskEither<SafetensorsError, Gathered> =>
    pipe(
      open(file),
      TE.mapLeft((why): SafetensorsError => badIndex(`${quoted(file)} cannot be read: ${why}`)),
      TE.chain((source) => readSafetensorsFrom(source, { ...options, limit: limit - all.bytes })),
      TE.mapLeft((error) => ({ ...error, message: error.message.replace(/^safetensors:/, `safetensors: ${quoted(file)}:`) })),
      TE.chainFirstEitherK((read) => agreeing(file, tensors, read)),
      TE.map((read) => gathered(all, read)),
    )
  return pipe(
    [...index].reduce<TE.TaskEither<SafetensorsError, Gathered>>(
      (before, [file, tensors]) =>
        pipe(
          before,
          TE.chain((all) => shard(all, file, tensors)),
        ),
      TE.right({ bytes: 0, tensors: new Map(), metadata: null }),
    ),
    TE.map(({ tensors, metadata }) => ({ tensors, metadata: metadata ?? new Map() })),
  )
}

/** What the files so far have; `metadata` is null before the first. */
interface Gathered extends Pick<Safetensors, 'tensors'> {
  readonly bytes: number
  readonly metadata: ReadonlyMap<string, string> | null
}

const agreeing = (file: string, tensors: readonly string[], read: Safetensors): E.Either<SafetensorsError, null> => {
  const missing = tensors.find((name) => !read.tensors.has(name))
  if (missing !== undefined) return E.left(badIndex(`${quoted(missing)} is not in ${quoted(file)}`))
  const said = new Set(tensors)
  const extra = [...read.tensors.keys()].find((name) => !said.has(name))
  return extra === undefined ? E.right(null) : E.left(badIndex(`${quoted(file)} has ${quoted(extra)}, of which the index does not say so`))
}

const gathered = (all: Gathered, { tensors, metadata }: Safetensors): Gathered => ({
  bytes: [...tensors.values()].reduce(
    (n, { type, values }) => n + values.length * Math.max(storedBytes[type], values.BYTES_PER_ELEMENT),
    all.bytes,
  ),
  tensors: new Map([...all.tensors, ...tensors]),
  metadata: all.metadata === null ? metadata : new Map([...all.metadata].filter(([key, value]) => metadata.get(key) === value)),
})
