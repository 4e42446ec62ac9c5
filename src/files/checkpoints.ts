/** Checkpoints of a run in a folder: written while it trains, and gone on from when the program starts again. */
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { DType } from '../../types/dim.ts'
import type { Freezing } from '../../types/freeze.ts'
import type { Flat, Model } from '../../types/model.ts'
import { ShapeError } from '../../types/shape-error.ts'
import type { Trainable } from '../../types/trainable.ts'
import type { Misfit } from '../data/weights/misfit.ts'
import { describe } from '../model/describe.ts'
import type { AnyModel } from '../model/model.ts'
import type { Optimizer } from '../optim/optimizer.ts'
import { shown } from '../tensor/argument.ts'
import { typed } from '../tensor/typed.ts'
import type { Checkpointing, Invalid, Trained, UntypedTrained } from '../train/training.ts'
import { writeWhole } from './atomic.ts'
import { decodeCheckpoint, encodeCheckpoint, fitCheckpoint, type Stored } from './checkpoint.ts'
import { type FileError, said, unreadable, unwritable } from './file-error.ts'
import { type Entry, entriesIn, nameOf, obsolete, sweep, take } from './folder.ts'
import { otherwise } from './otherwise.ts'

/** Why a run is not saved or not gone on with; `message` says it in one sentence. */
export type CheckpointError =
  | FileError
  | Misfit
  | Invalid
  /** No checkpoint of the folder can be read; `files` says why for each, newest first. */
  | { readonly tag: 'Damaged'; readonly message: string; readonly files: readonly { readonly file: string; readonly why: string }[] }
  /** The newest file is whole, but of another kind or version. */
  | { readonly tag: 'Foreign'; readonly message: string; readonly file: string }
  /** Another process saves its run there. */
  | { readonly tag: 'InUse'; readonly message: string; readonly pid: number }
  /** The folder has checkpoints of an earlier run, which this one would delete in time. */
  | { readonly tag: 'NotResumed'; readonly message: string }

export interface CheckpointsOptions extends Pick<Checkpointing, 'everySteps' | 'everyEpochs' | 'everySeconds'> {
  /** How many of the last checkpoints stay: 3 unless said. The one that holds the best epoch stays too. */
  readonly keep?: number
  /** Told of what went otherwise than it should, though the run goes on: standard error unless said. */
  readonly onNotice?: (message: string) => void
}

/** What `fit` takes as `checkpoints`, and what the program asks before it. */
export interface CheckpointFolder extends Checkpointing {
  readonly resume: Resume
}
export interface Resume {
  <I, O, P, D extends DType, F, N>(
    model: O extends infer Message extends string ? Message : Model<I, O, P, D>,
    optimizer: Optimizer<F> & Freezing<Trainable<Flat<P>>, N>,
  ): TE.TaskEither<CheckpointError, Trained<Model<I, O, P, D>, F> | undefined>
}

/**
 * Keeps a run in a folder. Given to `fit` as `checkpoints`, it saves all that continuing needs, in a file that is whole or not
 * there. `resume` reads the newest one, or undefined where there is none yet: given to `fit` as `from`, the run goes on to the
 * bit. So one program starts a run and continues it. A damaged file is passed over for the one before, with a notice.
 *
 * @example
 * const model = pipe(input([2]), dense(1, 'out'))
 * const checkpoints = checkpointsIn('runs/none-yet', { everySteps: 100, keep: 3 })
 * await checkpoints.resume(model, sgd({ learningRate: 0.1 }))() // => { _tag: 'Right', right: undefined }
 */
export const checkpointsIn = (directory: string, options: CheckpointsOptions = {}): CheckpointFolder => {
  const { keep = 3, onNotice = toStandardError, ...every } = options
  const run: Run = { directory, keep, onNotice, isOurs: false, best: null }
  const invalid = Number.isSafeInteger(keep) && keep >= 1 ? null : `checkpointsIn: keep must be a whole number from 1, got ${shown(keep)}`
  const checked: TE.TaskEither<CheckpointError, null> = invalid === null ? TE.right(null) : TE.left({ tag: 'Invalid', message: invalid })
  return Object.freeze({
    ...every,
    save: (trained: UntypedTrained, model: object) =>
      pipe(
        checked,
        // what `fit` trains is a model
        TE.chain(() => save(run, trained, model as AnyModel)),
      ),
    resume: typed<Resume>((model: AnyModel, optimizer: ResumedOptimizer) =>
      pipe(
        checked,
        TE.chain(() => resume(run, model, optimizer)),
      ),
    ),
  })
}

interface ResumedOptimizer {
  readonly faults: readonly string[]
  readonly init: (params: unknown) => unknown
}

/** What is known of the folder while the program runs. */
interface Run {
  readonly directory: string
  readonly keep: number
  readonly onNotice: (message: string) => void
  /** Whether its files are those of this run: it has begun here, or was gone on with. */
  isOurs: boolean
  /** The best epoch that a file holds. */
  best: number | null
}

const toStandardError = (message: string): void => {
  process.stderr.write(`${message}\n`)
}

/** Where nothing else is said: what the system throws. */
const asked = <T>(directory: string, ask: () => Promise<T>): TE.TaskEither<CheckpointError, T> =>
  TE.tryCatch(ask, (cause) => unreadable(directory, cause))

const taken = (directory: string): TE.TaskEither<CheckpointError, null> =>
  pipe(
    TE.tryCatch(
      () => take(directory),
      (cause): CheckpointError => unwritable(directory, cause),
    ),
    TE.chain((pid) =>
      pid === null
        ? TE.right(null)
        : TE.left({ tag: 'InUse', pid, message: `${directory}: process ${pid} saves its run there; give this one another folder` }),
    ),
  )

const save = (run: Run, trained: UntypedTrained, model: AnyModel): TE.TaskEither<CheckpointError, { readonly file: string }> => {
  const { directory } = run
  return pipe(
    taken(directory),
    TE.chain(() => asked(directory, () => entriesIn(directory))),
    TE.chainFirst((entries) => (run.isOurs ? TE.right(null) : begin(run, entries))),
    TE.chain((entries) =>
      pipe(
        TE.fromEither(encoded(trained, model)),
        TE.chain((bytes) => written(run, trained, entries, bytes)),
      ),
    ),
  )
}

const written = (
  run: Run,
  trained: UntypedTrained,
  entries: readonly Entry[],
  bytes: Uint8Array,
): TE.TaskEither<CheckpointError, { readonly file: string }> => {
  const { directory } = run
  const best = trained.best !== null && trained.best.epoch !== run.best
  const serial = (entries.at(-1)?.serial ?? 0) + 1
  const entry = { name: nameOf(serial, trained.epoch, trained.underway?.step ?? 0, best), serial, best }
  const file = join(directory, entry.name)
  return pipe(
    writeWhole(file, bytes),
    TE.chainTaskK(() => async () => {
      run.best = trained.best?.epoch ?? null
      await tidy(run, [...entries, entry])
      return { file }
    }),
  )
}

/** What no file can hold is a mistake of the program's, and stops no training without a word. */
const encoded = (trained: UntypedTrained, model: AnyModel): E.Either<CheckpointError, Uint8Array> =>
  pipe(
    encodeCheckpoint(trained, model),
    E.mapLeft(({ message }): CheckpointError => ({ tag: 'Invalid', message })),
  )

/** The first save: into a folder that is empty, or was gone on from. */
const begin = (run: Run, entries: readonly Entry[]): TE.TaskEither<CheckpointError, null> => {
  const { directory } = run
  const newest = entries.at(-1)
  if (newest !== undefined)
    return TE.left({
      tag: 'NotResumed',
      message: `${directory}: has checkpoints of an earlier run, the last is ${newest.name}; go on from it with resume, or give this run another folder`,
    })
  return pipe(
    asked(directory, () => sweep(directory)),
    TE.map(() => {
      run.isOurs = true
      return null
    }),
  )
}

/** What can't be deleted is not worth a run. */
const tidy = async ({ directory, keep, onNotice }: Run, entries: readonly Entry[]): Promise<void> => {
  for (const { name } of obsolete(entries, keep)) {
    try {
      await rm(join(directory, name), { force: true })
    } catch (cause) {
      onNotice(`checkpointsIn: ${join(directory, name)} could not be deleted: ${said(cause)}`)
    }
  }
}

const resume = (run: Run, model: AnyModel, optimizer: ResumedOptimizer): TE.TaskEither<CheckpointError, UntypedTrained | undefined> => {
  const { directory } = run
  if (!Array.isArray(optimizer?.faults)) throw new ShapeError(`resume: expected an optimizer, got ${shown(optimizer)}`)
  const [fault] = optimizer.faults
  if (fault !== undefined) return TE.left({ tag: 'Invalid', message: fault })
  const shape = JSON.stringify(describe(model))
  return pipe(
    asked(directory, () => entriesIn(directory)),
    TE.chain((entries) => {
      if (entries.length === 0) return TE.right(undefined)
      return pipe(
        taken(directory),
        TE.chain(() => asked(directory, () => sweep(directory))),
        TE.chain(() => newest(run, entries)),
        TE.chainEitherK((found) =>
          pipe(
            fitCheckpoint(found.stored, model, optimizer.init),
            E.bimap(
              (misfit): CheckpointError => ({ ...misfit, message: misfit.message.replace(/^resume:/, `resume: ${found.file}:`) }),
              (trained) => ({ found, trained }),
            ),
          ),
        ),
        TE.map(({ found, trained }) => {
          noteOtherModel(run, found, shape)
          run.isOurs = true
          run.best = trained.best?.epoch ?? null
          return trained
        }),
      )
    }),
  )
}

interface Found {
  readonly file: string
  readonly stored: Stored
}

/** The newest file that is whole; of those that are not there is a notice. */
const newest =
  ({ directory, onNotice }: Run, entries: readonly Entry[]): TE.TaskEither<CheckpointError, Found> =>
  async () => {
    const files: { readonly file: string; readonly why: string }[] = []
    for (const { name } of [...entries].reverse()) {
      const file = join(directory, name)
      const read = await readWhole(file)
      if (E.isRight(read)) {
        for (const each of files) onNotice(`resume: ${each.file} is damaged: ${each.why}; going on from ${name}, the one before`)
        return E.right({ file, stored: read.right })
      }
      if (read.left.tag === 'Foreign') return E.left({ tag: 'Foreign', file, message: `resume: ${file}: ${read.left.message}` })
      files.push({ file, why: read.left.message })
    }
    const all = files.map(({ file, why }) => `${file}: ${why}`).join('; ')
    return E.left({ tag: 'Damaged', files, message: `resume: no checkpoint can be read: ${all}` })
  }

const readWhole = async (file: string): Promise<ReturnType<typeof decodeCheckpoint>> => {
  try {
    return decodeCheckpoint(await readFile(file))
  } catch (cause) {
    return E.left({ tag: 'Damaged', message: said(cause) })
  }
}

/** Tensors of other layers may fit: what they meant then is told. */
const noteOtherModel = ({ onNotice }: Run, { file, stored }: Found, model: string): void => {
  const differences = otherwise(stored.model, model)
  if (differences.length > 0) onNotice(`resume: ${file} is of a model that was another: ${differences.join(', ')}`)
}
