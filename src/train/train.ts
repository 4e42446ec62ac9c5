/** The loop of training: steps of a compiled program, epoch by epoch. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Tensor } from '../../types/tensor.ts'
import { build } from '../compiler/compile.ts'
import { shuffle, wordsOf } from '../data/shuffle.ts'
import { data } from '../graph/expression.ts'
import { tensorOf } from '../graph/node.ts'
import { encipher, type Words } from '../graph/threefry.ts'
import type { CompileError } from '../runtime/executable.ts'
import type { Entry, Machine, Slot } from '../runtime/machine.ts'
import { profileOf } from '../runtime/profile.ts'
import { compute } from '../tensor/compute.ts'
import { foldIn } from '../tensor/random.ts'
import { entryAt } from './batches.ts'
import { type Pace, pace } from './pace.ts'
import type { EpochScores, Scores } from './progress.ts'
import { type Run, sizesIn, type UntypedTrained } from './run.ts'
import { type Scorer, scorer, scoresOf } from './scorer.ts'
import { copySlots, notFinite, snapshot } from './state.ts'
import { type TrainingState, trainingSource } from './step.ts'
import { mostResidentBytes, residentSamples, type Stock, stockOf } from './stock.ts'
import type { TrainingError } from './training.ts'

type Failure = TrainingError<UntypedTrained>

/** What runs: the programs, and what the epochs behind have left. */
interface Session {
  readonly run: Run
  readonly machine: Machine
  readonly state: TrainingState
  readonly stock: Stock
  readonly full: Batch
  readonly last: Batch
  /** What must stay finite. */
  readonly params: readonly Slot[]
  readonly validate: Scorer | null
  readonly pace: Pace
  readonly orderKey: Words
  readonly order: Uint32Array
  readonly epoch: Epoch
  readonly kept: Kept
}
/** An entry of the program; its results are the loss and the metrics, in order. */
interface Batch {
  readonly entry: Entry
  readonly rows: number
  readonly results: readonly Slot['view'][]
}
/** The epoch that is under way. It is written over, epoch after epoch. */
interface Epoch {
  /** Samples and steps behind. */
  from: number
  step: number
  readonly sums: Float64Array
  validation: Scores | null
  /** Milliseconds of work before the last rest, and when that ended; only kept where somebody listens. */
  worked: number
  since: number
}
/** The state as of the last whole epoch. It is written over, epoch after epoch. */
interface Kept {
  epoch: number
  readonly history: EpochScores[]
  readonly state: Uint8Array<ArrayBuffer>
}

/** Trains as it was asked for, unless there is a fault. Up to `mostBytes` of samples lie in the arena, all at once. */
export const train = (run: Run, mostBytes = mostResidentBytes): Promise<E.Either<Failure, UntypedTrained>> =>
  pipe(
    TE.fromEither<Failure, TrainingState>(run.fault === null ? E.right(startOf(run)) : E.left({ tag: 'Invalid', message: run.fault })),
    TE.chainW((state) => sessionOf(run, state, mostBytes)),
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

const sessionOf = (run: Run, state: TrainingState, mostBytes: number): TE.TaskEither<CompileError, Session> => {
  const { model, objective, optimizer, batchSize, validation, data, target } = run
  const columns = [data.inputs, data.targets]
  const left = data.length % batchSize
  const rows = left === 0 ? [batchSize] : [batchSize, left]
  const sizes = sizesIn('fit', model, data)
  const residents = residentSamples(columns, batchSize, mostBytes)
  return pipe(
    build(trainingSource(model, objective, optimizer, state, { columns, sizes, rows, residents }), target),
    TE.bindTo('machine'),
    TE.bind('validate', () =>
      validation === undefined
        ? TE.right(null)
        : scorer({ ...validation, model, objective, params: state.params, sizes: sizesIn('fit', model, validation), target }),
    ),
    TE.map(({ machine, validate }) => {
      const batches = rows.map((count, i): Batch => {
        const entry = entryAt(machine, i)
        return { entry, rows: count, results: entry.results.map(({ view }) => view) }
      })
      const stock = stockOf(machine, columns, residents)
      run.onEvent?.({ tag: 'Compiled', report: machine.report, profile: (options) => profileOf(machine, options) })
      return begun(run, state, { machine, validate, stock, full: batches[0] as Batch, last: batches.at(-1) as Batch })
    }),
  )
}

const begun = (run: Run, state: TrainingState, programs: Pick<Session, 'machine' | 'validate' | 'stock' | 'full' | 'last'>): Session => {
  const { machine, full } = programs
  return {
    ...programs,
    run,
    state,
    params: machine.state.filter(({ path }) => path.startsWith('params.')),
    pace: pace(),
    orderKey: wordsOf(foldIn(run.key, 'order')),
    order: new Uint32Array(run.data.length),
    epoch: { from: 0, step: 0, sums: new Float64Array(full.results.length), validation: null, worked: 0, since: 0 },
    kept: { epoch: run.from?.epoch ?? 0, history: [...(run.from?.history ?? [])], state: machine.stateBytes.slice() },
  }
}

/** What the program's work waits for: a turn of the event loop, or the scores of validation. */
type Wait = 'rest' | 'validation'

/** Promises only where something is waited for: an epoch of a small model is shorter than a promise. */
const epochs = async (session: Session): Promise<E.Either<Failure, UntypedTrained>> => {
  for (;;) {
    const wait = work(session)
    if (wait === null) return E.right(trained(session))
    if (typeof wait === 'object') return E.left(wait)
    await waits[wait](session)
  }
}

const waits: { readonly [W in Wait]: (session: Session) => Promise<void> } = {
  rest: async ({ run, pace, epoch, kept }) => {
    if (run.onEvent !== undefined) {
      epoch.worked += performance.now() - epoch.since
      const loss = (epoch.sums[0] as number) / epoch.from
      run.onEvent({ tag: 'Step', epoch: kept.epoch + 1, epochs: run.epochs, step: epoch.step, steps: stepsPerEpoch(run), loss })
    }
    await pace.rest()
    epoch.since = performance.now()
  },
  validation: async ({ run, machine, validate, pace, epoch }) => {
    if (validate === null) return
    copySlots(machine.state, validate.state)
    epoch.validation = await validate.run(pace, run.signal)
  },
}

/** Epoch after epoch, until it has to wait; null when all are done, or why it stopped. */
const work = (session: Session): Wait | Failure | null => {
  const { run, kept, epoch, order, params, validate } = session
  while (kept.epoch < run.epochs) {
    if (run.signal?.aborted) return aborted(session)
    if (epoch.from === 0) start(session)
    const wait = steps(session)
    if (wait !== null) return wait
    const bad = notFinite(params)
    if (bad !== null) return nonFinite(session, epoch.step, bad.path, bad.value)
    if (validate !== null && epoch.validation === null) return 'validation'
    end(session, order.length)
  }
  return null
}

/** The next epoch, in an order of its own. */
const start = ({ run, kept, epoch, order, orderKey }: Session): void => {
  encipher(orderKey, 0, kept.epoch, epochKey, 0)
  shuffle(order, epochKey)
  epoch.step = 0
  epoch.sums.fill(0)
  epoch.validation = null
  if (run.onEvent === undefined) return
  epoch.worked = 0
  epoch.since = performance.now()
}
/** Written and read at once, by every session. */
const epochKey = new Int32Array(2)

/** The steps that are left of an epoch, until a rest is due. Makes no garbage. */
const steps = (session: Session): 'rest' | Failure | null => {
  const { full, last, stock, pace, epoch, order } = session
  const { sums } = epoch
  while (epoch.from < order.length) {
    const batch = order.length - epoch.from < full.rows ? last : full
    stock.serve(batch.entry, order, epoch.from, batch.rows)
    batch.entry.run()
    epoch.from += batch.rows
    epoch.step += 1
    addTo(sums, batch)
    if (!Number.isFinite(sums[0])) return nonFinite(session, epoch.step, 'the loss', batch.results[0]?.[0])
    if (pace.due()) return 'rest'
  }
  return null
}

/** Adds the results, weighed by their rows. */
const addTo = (sums: Float64Array, { results, rows }: Batch): void => {
  for (let i = 0; i < results.length; i++) sums[i] = (sums[i] as number) + ((results[i] as Slot['view'])[0] as number) * rows
}

/** Keeps what the epoch ended with. */
const end = ({ run, machine, kept, epoch }: Session, samples: number): void => {
  const { loss, metrics } = scoresOf(run.objective, epoch.sums, samples)
  kept.state.set(machine.stateBytes)
  kept.epoch += 1
  const scores = Object.freeze({ epoch: kept.epoch, loss, metrics, validation: epoch.validation })
  kept.history.push(scores)
  epoch.from = 0
  if (run.onEvent === undefined) return
  const seconds = (epoch.worked + performance.now() - epoch.since) / 1000
  run.onEvent({ tag: 'Epoch', scores, epochs: run.epochs, steps: stepsPerEpoch(run), seconds })
}

const trained = ({ run, state, machine, kept }: Session): UntypedTrained => {
  const { params, optimizer } = snapshot(state, machine, kept.state)
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
