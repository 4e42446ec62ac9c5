/** A model's weights as a file, without what only training needs. */

import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { DType } from '../../types/dim.ts'
import type { Fitting } from '../../types/fitting.ts'
import type { Flat, Model } from '../../types/model.ts'
import type { Declaring } from '../../types/weights.ts'
import { fitted, type Misfit, type WeightsOptions } from '../data/weights/misfit.ts'
import { paramArrays, type Unnamed, unnamed, wantedParams } from '../data/weights/params-from.ts'
import type { SafetensorsError } from '../formats/safetensors/error.ts'
import { readSafetensorsFrom, type Safetensors, type SafetensorsOptions } from '../formats/safetensors/read.ts'
import { readSafetensorsIndex, readSafetensorsShards } from '../formats/safetensors/sharded.ts'
import { writeSafetensors } from '../formats/safetensors/write.ts'
import { leaves, withLeaves } from '../graph/tree.ts'
import { chainParameters } from '../model/chain.ts'
import { describe } from '../model/describe.ts'
import { type AnyModel, partsOf } from '../model/model.ts'
import { checkParameters } from '../model/parameters.ts'
import { typed } from '../tensor/typed.ts'
import { writeWhole } from './atomic.ts'
import { kind, kindKey, modelKey, paramsPrefix } from './checkpoint.ts'
import { type FileError, unreadable } from './file-error.ts'
import { fileSource } from './source.ts'

/** Why weights were not saved or loaded; `message` says which file, and why. */
export type SaveParamsError = FileError | SafetensorsError | Unnamed
export type LoadParamsError = FileError | SafetensorsError | Misfit

export interface SaveParams {
  <I, O, P, D extends DType, Q>(
    file: string,
    model: O extends infer Message extends string ? Message : Model<I, O, P, D>,
    params: Fitting<'saveParams', 'the model has', 'params', Q, Flat<P>>,
  ): TE.TaskEither<SaveParamsError, void>
}

/**
 * Writes the parameters of a model as a safetensors file, each under its path: `hidden.weight`. The file is whole or not there,
 * whatever happens meanwhile. Every layer with parameters must have a name of its own.
 *
 * @example
 * const model = pipe(input([2]), dense(1))
 * const saved = await saveParams('weights.safetensors', model, model.init(key(0)))()
 * E.isLeft(saved) && saved.left.message // => "saveParams: dense1 has a name that was made up, which shifts when a layer is added; write dense(256, 'hidden') or named('hidden')(layer)"
 */
export const saveParams = typed<SaveParams>((file: string, model: AnyModel, params: unknown): TE.TaskEither<SaveParamsError, void> => {
  checkParameters('saveParams', params, chainParameters(partsOf('saveParams', model).chain))
  return pipe(
    unnamed('saveParams', model),
    E.chainW(() => writeSafetensors(paramArrays(model, params), new Map([[modelKey, JSON.stringify(describe(model))]]))),
    TE.fromEither<SaveParamsError, Uint8Array>,
    TE.chainW((bytes) => writeWhole(file, bytes)),
  )
})

export interface LoadParams {
  <I, O, P, D extends DType, F extends string>(
    file: Declaring<'loadParams', F, Flat<P>>,
    model: O extends infer Message extends string ? Message : Model<I, O, P, D>,
    options?: LoadParamsOptions,
  ): TE.TaskEither<LoadParamsError, Flat<P>>
}
export interface LoadParamsOptions extends WeightsOptions, SafetensorsOptions {}

/**
 * The parameters of a model from a safetensors file, from the index of a sharded one (`model.safetensors.index.json`), or from a
 * checkpoint. Left has every tensor that is missing, that the model does not have, or that has another shape.
 *
 * @example
 * const loaded = await loadParams('nowhere.safetensors', pipe(input([2]), dense(1, 'out')))()
 * E.isLeft(loaded) && loaded.left.message // => 'loadParams: nowhere.safetensors: there is no such file'
 */
export const loadParams = typed<LoadParams>(
  (file: string, model: AnyModel, options: LoadParamsOptions = {}): TE.TaskEither<LoadParamsError, unknown> => {
    const wanted = wantedParams('loadParams', model)
    return pipe(
      file.endsWith('.json') ? sharded(file, options) : single(file, options),
      TE.mapLeft((error): LoadParamsError => ({ ...error, message: `loadParams: ${error.message}` })),
      TE.chainEitherKW((read) =>
        pipe(
          fitted('loadParams', 'the model', leaves(wanted), paramsIn(read), options),
          E.mapLeft((misfit) => ({ ...misfit, message: misfit.message.replace(/^loadParams:/, `loadParams: ${file}:`) })),
        ),
      ),
      TE.map((nodes) => withLeaves(wanted, nodes)),
    )
  },
)

type ReadError = FileError | SafetensorsError
const single = (file: string, options: SafetensorsOptions): TE.TaskEither<ReadError, Safetensors> =>
  pipe(
    fileSource(file),
    TE.chainW((source) =>
      pipe(
        readSafetensorsFrom(source, options),
        TE.mapLeft((error) => ({ ...error, message: `${file}: ${error.message}` })),
      ),
    ),
  )

const sharded = (file: string, options: SafetensorsOptions): TE.TaskEither<ReadError, Safetensors> =>
  pipe(
    TE.tryCatch(
      () => readFile(file),
      (cause) => unreadable(file, cause),
    ),
    TE.chainW((bytes) =>
      pipe(
        TE.fromEither(readSafetensorsIndex(bytes, options)),
        TE.chain((index) => readSafetensorsShards(index, shardBeside(file), options)),
        TE.mapLeft((error) => ({ ...error, message: `${file}: ${error.message}` })),
      ),
    ),
  )
const shardBeside = (file: string) => (shard: string) =>
  pipe(
    fileSource(join(dirname(file), shard)),
    TE.mapLeft(({ message }) => message),
  )

/** Of a checkpoint its parameters, of any other file all tensors. */
const paramsIn = ({ tensors, metadata }: Safetensors): Safetensors['tensors'] =>
  metadata.get(kindKey) !== kind
    ? tensors
    : new Map([...tensors].flatMap(([name, array]) => (name.startsWith(paramsPrefix) ? [[name.slice(paramsPrefix.length), array]] : [])))
