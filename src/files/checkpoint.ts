/**
 * A checkpoint as bytes: one safetensors file with all of a `Trained` (`params.hidden.weight`, `optimizer.first.hidden.weight`,
 * `key`, `best.params.hidden.weight`), the model's description, and a digest of it all.
 */
import { createHash } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Key } from '../../types/key.ts'
import { fitted, type Misfit } from '../data/weights/misfit.ts'
import { storedTree, wantedParams } from '../data/weights/params-from.ts'
import type { SafetensorsError } from '../formats/safetensors/error.ts'
import { readSafetensors } from '../formats/safetensors/read.ts'
import { writeSafetensors } from '../formats/safetensors/write.ts'
import type { StoredArray } from '../formats/stored-array.ts'
import { full } from '../graph/expression.ts'
import { leaves, withLeaves } from '../graph/tree.ts'
import { describe } from '../model/describe.ts'
import type { AnyModel } from '../model/model.ts'
import type { UntypedTrained } from '../train/training.ts'
import { readWords, type Words, writeWords } from './words.ts'

/** A checkpoint whose bytes were checked, not yet held against a model. */
export interface Stored {
  readonly tensors: ReadonlyMap<string, StoredArray>
  readonly words: Words
  /** The model's description, as JSON. */
  readonly model: string
}
/** What is wrong with the bytes of a checkpoint. */
export type CheckpointFault = { readonly message: string } & (
  | { readonly tag: 'Damaged' }
  /** It is whole, and of another kind or of another version of this library. */
  | { readonly tag: 'Foreign' }
)

/** The bytes of a checkpoint: equal runs give equal bytes. */
export const encodeCheckpoint = (trained: UntypedTrained, model: AnyModel): E.Either<SafetensorsError, Uint8Array> => {
  const { params, optimizer, key, best } = trained
  const tensors = {
    params,
    optimizer,
    key: key.bits,
    ...(best === null ? {} : { best: { params: best.params, optimizer: best.optimizer } }),
  }
  const metadata = new Map([
    [kindKey, kind],
    [modelKey, JSON.stringify(describe(model))],
    [wordsKey, writeWords(trained)],
    [digestKey, blank],
  ])
  return pipe(writeSafetensors(storedTree(tensors), metadata), E.map(sealed))
}

/** Reads and checks the bytes: every bit of them is what was written. */
export const decodeCheckpoint = (bytes: Uint8Array, limit = mostBytes): E.Either<CheckpointFault, Stored> =>
  pipe(
    readSafetensors(bytes, { limit, headerLimit: mostHeader }),
    E.mapLeft(({ message }) => damaged(message)),
    E.chain(({ tensors, metadata }) => {
      const [found, model, words] = [kindKey, modelKey, wordsKey].map((name) => metadata.get(name))
      if (found === undefined || model === undefined || words === undefined)
        return E.left(foreign('it is a safetensors file, but no checkpoint'))
      if (found !== kind) return E.left(foreign(`it is a '${found.slice(0, 40)}', what is read here is a '${kind}'`))
      if (!isSealed(bytes, metadata.get(digestKey) ?? ''))
        return E.left(damaged('its bytes are not those that were written: the digest is another'))
      return pipe(
        readWords(words),
        E.mapLeft((why) => damaged(`what it says of the run cannot be read: ${why}`)),
        E.map((read) => ({ tensors, words: read, model })),
      )
    }),
  )

/** The run, where it fits the model and the optimizer; `init` is the optimizer's. */
export const fitCheckpoint = (
  { tensors, words }: Stored,
  model: AnyModel,
  init: (params: unknown) => unknown,
): E.Either<Misfit, UntypedTrained> => {
  const params = wantedParams('resume', model)
  const one = { params, optimizer: init(params) }
  const wanted = { ...one, key: full([2], 0, 'i32'), ...(words.best === null ? {} : { best: one }) }
  return pipe(
    fitted('resume', 'the model with its optimizer', leaves(wanted), tensors),
    E.map((nodes) => {
      const read = withLeaves<typeof wanted & { readonly best?: typeof one }>(wanted, nodes)
      const { epoch, history, underway } = words
      return Object.freeze({
        params: read.params,
        optimizer: read.optimizer,
        // the key's words are two i32, as `full` has said
        key: Object.freeze({ bits: read.key }) as unknown as Key,
        epoch,
        history,
        underway,
        best: words.best === null ? null : Object.freeze({ ...words.best, ...(read.best ?? one) }),
      })
    }),
  )
}

/** Names of the metadata of a file; the reference shows them to everybody. */
export const kindKey = 'shapewright'
export const kind = 'checkpoint 1'
export const modelKey = 'model'
export const wordsKey = 'trained'
export const digestKey = 'sha256'
/** The parameters among the tensors of a checkpoint. */
export const paramsPrefix = 'params.'

const damaged = (why: string): CheckpointFault => ({ tag: 'Damaged', message: why })
const foreign = (why: string): CheckpointFault => ({ tag: 'Foreign', message: why })
/** A header may be as long as the reference's, since the history of a run stands in it. */
const mostHeader = 100_000_000
const mostBytes = 2 ** 33

export const blank = '0'.repeat(64)
/** The file with the digest that it has while blanks stand in the digest's place. */
export const sealed = (file: Uint8Array): Uint8Array => {
  file.set(Buffer.from(createHash('sha256').update(file).digest('hex')), placeOf(file, blank))
  return file
}
const isSealed = (file: Uint8Array, digest: string): boolean => {
  const at = digest.length === blank.length ? placeOf(file, digest) : -1
  if (at < 0) return false
  const hash = createHash('sha256')
    .update(file.subarray(0, at))
    .update(blank)
    .update(file.subarray(at + blank.length))
  return hash.digest('hex') === digest
}
/** Where the digest stands, or -1. Inside other strings quotes are escaped, so nothing else looks like it. */
const placeOf = (file: Uint8Array, digest: string): number => {
  const start = `"${digestKey}":"`
  const at = Buffer.from(file.buffer, file.byteOffset, file.byteLength).indexOf(`${start}${digest}"`)
  return at < 0 ? -1 : at + start.length
}
