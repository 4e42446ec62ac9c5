/** The loop of training: steps of a compiled program, epoch by epoch. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Tensor } from '../../types/tensor.ts'
import { build } from '../compiler/compile.ts'
import type { Column } from '../data/column.ts'
import { shuffle, wordsOf } from '../data/shuffle.ts'
import { data } from '../graph/expression.ts'
import { tensorOf } from '../graph/node.ts'
import { threefry, type Words } from '../graph/threefry.ts'
import type { CompileError } from '../runtime/executable.ts'
import type { Entry, Machine, Slot } from '../runtime/machine.ts'
import { compute } from '../tensor/compute.ts'
import { foldIn } from '../tensor/random.ts'
import { entryAt, runRows } from './batches.ts'
import { type Pace, pace } from './pace.ts'
import type { EpochScores, Scores } from './progress.ts'
import { type Run, sizesIn, type UntypedTrained } from './run.ts'
import { type Scorer, scorer, scoresOf } from './scorer.ts'
import { copySlots, notFinite, snapshot } from './state.ts'
import { type TrainingState, trainingSource } from './step.ts'
import type { TrainingError } from './training.ts'

type Failure = TrainingError<UntypedTrained>

/** What runs: the programs, and what the epochs behind have left. */
interface Session {
  readonly run: Run
  readonly columns: readonly Column[]
  readonly machine: Machine
  readonly state: TrainingState
  readonly full: Batch
  readonly last: Batch
  readonly validate: Scorer | null
  readonly pace: Pace
  readonly orderKey: Words
  readonly kept: Kept
}
/** An entry of the program; its results are the loss and the metrics, in order. */
interface Batch {
  readonly entry: Entry
  readonly rows: number
  readonly results: readonly Slot['view'][]
}
/** The state as of the last whole epoch. It is written over, epoch after epoch. */
interface Kept {
  epoch: number
  readonly history: EpochScores[]
  readonly values: readonly Slot['view'][]
}

/** Trains as it was asked for, unless there is a fault. */
export const train = (run: Run): Promise<E.Either<Failure, UntypedTrained>> =>
  pipe(
    TE.fromEither<Failure, TrainingState>(run.fault === null ? E.right(startOf(run)) : E.left({ tag: 'Invalid', message: run.fault })),
    TE.chainW((state) => sessionOf(run, state)),
    TE.chainW((session) => () => epochs(session)),
  )()

const stepsPerEpoch = ({ data: { length }, batchSize }: Run): number => Math.ceil(length / batchSize)

/** New parameters from the key, or those of an earlier run. */
const startOf = (run: Run): TrainingState => {
  const { from, model, optimizer, key } = run
  const params = from?.params ?? compute(model.init(foldIn(key, 'init')))
  const moments = from?.optimizer ?? compute(optimizer.init(params))
  const steps = (from?.epoch ?? 0) * stepsPerEpoch(run)
  const step = tensorOf<Tensor<[], 'i32'>>(data(Int32Array.of(steps), [], 'i32'))
  return { params, optimizer: moments, key: compute(foldIn(key, 'steps')), step }
}

const sessionOf = (run: Run, state: TrainingState): TE.TaskEither<CompileError, Session> => {
  const { model, objective, optimizer, batchSize, validation, from, target } = run
  const columns = [run.data.inputs, run.data.targets]
  const left = run.data.length % batchSize
  const rows = left === 0 ? [batchSize] : [batchSize, left]
  const sizes = sizesIn('fit', model, run.data)
  return pipe(
    build(trainingSource(model, objective, optimizer, state, { columns, sizes, rows }), model, target),
    TE.bindTo('machine'),
    TE.bind('validate', () =>
      validation === undefined
        ? TE.right(null)
        : scorer({ ...validation, model, objective, params: state.params, sizes: sizesIn('fit', model, validation), target }),
    ),
    TE.map(({ machine, validate }) => {
      run.onEvent?.({ tag: 'Compiled', report: machine.report })
      const batch = (i: number): Batch => {
        const entry = entryAt(machine, i)
        return { entry, rows: rows[i] as number, results: entry.results.map(({ view }) => view) }
      }
      const kept = { epoch: from?.epoch ?? 0, history: [...(from?.history ?? [])], values: machine.state.map(({ view }) => view.slice()) }
      const programs = { machine, state, full: batch(0), last: batch(rows.length - 1), validate }
      return { ...programs, run, columns, kept, pace: pace(), orderKey: wordsOf(foldIn(run.key, 'order')) }
    }),
  )
}

const epochs = async (session: Session): Promise<E.Either<Failure, UntypedTrained>> => {
  const { run, kept, orderKey } = session
  const order = new Uint32Array(run.data.length)
  while (kept.epoch < run.epochs) {
    if (run.signal?.aborted) return E.left(aborted(session))
    shuffle(order, threefry(orderKey, [0, kept.epoch]))
    const steps = await stepThrough(session, order)
    if (E.isLeft(steps)) return steps
    const failure = await end(session, steps.right)
    if (failure !== null) return E.left(failure)
  }
  return E.right(trained(session))
}

interface Epoch extends Scores {
  readonly seconds: number
}

/** One epoch in this order. */
const stepThrough = async (session: Session, order: Uint32Array): Promise<E.Either<Failure, Epoch>> => {
  const { run, columns, full, last, pace, kept } = session
  const { length } = order
  const sums = new Float64Array(full.results.length)
  let [from, step, worked, since] = [0, 0, 0, performance.now()]
  while (from < length) {
    const batch = length - from < full.rows ? last : full
    runRows(batch.entry, columns, order, from, batch.rows)
    from += batch.rows
    step += 1
    addTo(sums, batch)
    if (!Number.isFinite(sums[0])) return E.left(nonFinite(session, step, 'the loss', batch.results[0]?.[0]))
    if (!pace.due()) continue
    worked += performance.now() - since
    const loss = (sums[0] as number) / from
    run.onEvent?.({ tag: 'Step', epoch: kept.epoch + 1, epochs: run.epochs, step, steps: stepsPerEpoch(run), loss })
    await pace.rest()
    if (run.signal?.aborted) return E.left(aborted(session))
    since = performance.now()
  }
  return E.right({ ...scoresOf(run.objective, sums, length), seconds: (worked + performance.now() - since) / 1000 })
}

/** Adds the results, weighed by their rows. */
const addTo = (sums: Float64Array, { results, rows }: Batch): void => {
  for (let i = 0; i < results.length; i++) sums[i] = (sums[i] as number) + ((results[i] as Slot['view'])[0] as number) * rows
}

/** Scores the epoch and keeps the state that it ended with. */
const end = async (session: Session, { loss, metrics, seconds }: Epoch): Promise<Failure | null> => {
  const { run, machine, validate, kept, pace } = session
  const bad = notFinite(machine.state.filter(({ path }) => path.startsWith('params.')))
  if (bad !== null) return nonFinite(session, stepsPerEpoch(run), bad.path, bad.value)
  if (validate !== null) copySlots(machine.state, validate.state)
  const validation = validate === null ? null : await validate.run(pace, run.signal)
  if (validate !== null && validation === null) return aborted(session)
  for (const [i, values] of kept.values.entries()) values.set((machine.state[i] as Slot).view)
  kept.epoch += 1
  const scores = Object.freeze({ epoch: kept.epoch, loss, metrics, validation })
  kept.history.push(scores)
  run.onEvent?.({ tag: 'Epoch', scores, epochs: run.epochs, steps: stepsPerEpoch(run), seconds })
  return null
}

const trained = ({ run, state, kept }: Session): UntypedTrained => {
  const { params, optimizer } = snapshot(state, kept.values)
  return Object.freeze({ params, optimizer, key: run.key, epoch: kept.epoch, history: Object.freeze([...kept.history]) })
}

const aborted = (session: Session): Failure => {
  const { epoch } = session.kept
  return { tag: 'Aborted', last: trained(session), message: `fit: aborted in epoch ${epoch + 1}` }
}

const nonFinite = (session: Session, stepInEpoch: number, what: string, value: number | undefined): Failure => {
  const epoch = session.kept.epoch + 1
  const step = session.kept.epoch * stepsPerEpoch(session.run) + stepInEpoch
  return { tag: 'NonFinite', step, epoch, last: trained(session), message: `fit: ${what} became ${value} in step ${step}, epoch ${epoch}` }
}
