/** The loop of training: steps of a compiled program, epoch by epoch. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { shuffle } from '../data/shuffle.ts'
import { encipher } from '../graph/threefry.ts'
import type { Slot } from '../runtime/machine.ts'
import type { Scores } from './progress.ts'
import type { Run, UntypedTrained } from './run.ts'
import { type Batch, type Epoch, type Session, sessionOf, startOf } from './session.ts'
import { copySlots, notFinite, snapshot } from './state.ts'
import type { TrainingState } from './step.ts'
import { mostResidentBytes } from './stock.ts'
import type { TrainingError } from './training.ts'

type Failure = TrainingError<UntypedTrained>

/** Trains as it was asked for, unless there is a fault. Up to `mostBytes` of samples lie in the arena all at once. */
export const train = (run: Run, mostBytes = mostResidentBytes): Promise<E.Either<Failure, UntypedTrained>> =>
  pipe(
    TE.fromEither<Failure, TrainingState>(run.fault === null ? E.right(startOf(run)) : E.left({ tag: 'Invalid', message: run.fault })),
    TE.chainW((state) => sessionOf(run, state, mostBytes)),
    TE.chainW((session) => () => epochs(session)),
  )()

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
  rest: async ({ run, steps, pace, epoch }) => {
    if (run.onEvent !== undefined) {
      epoch.times[0] = worked(epoch)
      const loss = (epoch.sums[0] as number) / epoch.from
      run.onEvent({ tag: 'Step', epoch: epoch.behind + 1, epochs: run.epochs, step: epoch.step, steps, loss })
    }
    await pace.rest()
    epoch.times[1] = performance.now()
  },
  validation: async ({ run, machine, validate, pace, epoch }) => {
    if (validate === null) return
    copySlots(machine.state, validate.state)
    // all of them numbers: `fit` refuses the others
    epoch.validation = (await validate.run(pace, run.signal)) as Scores | null
  },
}

/** Epoch after epoch, until it has to wait; null when all are done, or why it stopped. */
const work = (session: Session): Wait | Failure | null => {
  const { run, steps, validate, params, epoch, kept } = session
  while (epoch.behind < run.epochs) {
    if (run.signal?.aborted) return retraced(session) ?? aborted(session)
    if (epoch.from === 0) start(session, epoch.behind)
    const wait = stepOn(session)
    if (wait !== null) return wait
    const keeps = epoch.behind + 1 - kept.epoch >= kept.every || epoch.behind + 1 === run.epochs
    const bad = keeps ? notFinite(params) : null
    if (bad !== null) return retraced(session) ?? nonFinite(session, steps, bad.path, bad.value)
    if (validate !== null && epoch.validation === null) return 'validation'
    end(session, keeps)
  }
  return null
}

/** An epoch, in an order of its own. */
const start = ({ run, epoch, order, orderKey }: Session, number: number): void => {
  encipher(orderKey, 0, number, epochKey, 0)
  shuffle(order, epochKey)
  epoch.from = 0
  epoch.step = 0
  for (let i = 0; i < epoch.sums.length; i++) epoch.sums[i] = 0
  epoch.validation = null
  if (run.onEvent === undefined) return
  epoch.times[0] = 0
  epoch.times[1] = performance.now()
}
/** Written and read at once, by every session. */
const epochKey = new Int32Array(2)

/** The steps that are left of an epoch, until a rest is due. Makes no garbage. */
export const stepOn = (session: Session): 'rest' | Failure | null => {
  const { full, last, stock, pace, epoch, order } = session
  const { sums } = epoch
  while (epoch.from < order.length) {
    const batch = order.length - epoch.from < full.rows ? last : full
    stock.serve(batch.entry, order, epoch.from, batch.rows)
    batch.entry.run()
    epoch.from += batch.rows
    epoch.step += 1
    addTo(sums, batch)
    if (!Number.isFinite(sums[0])) return lost(session, epoch.step, batch.results[0]?.[0])
    if (pace.due()) return 'rest'
  }
  return null
}

/** Milliseconds of work on an epoch, without the rests. */
const worked = ({ times }: Epoch): number => (times[0] as number) + performance.now() - (times[1] as number)

/** Adds the results, weighed by their rows. */
const addTo = (sums: Float64Array, { results, rows }: Batch): void => {
  for (let i = 0; i < results.length; i++) sums[i] = (sums[i] as number) + ((results[i] as Slot['view'])[0] as number) * rows
}

/** Writes down what the epoch scored, and keeps what it ended with or leaves that for later. */
const end = ({ run, steps, machine, epoch, kept, history, order }: Session, keeps: boolean): void => {
  history.add(epoch.sums, order.length, epoch.validation)
  epoch.behind += 1
  epoch.from = 0
  if (keeps) {
    kept.state.set(machine.stateBytes)
    kept.epoch = epoch.behind
  }
  if (run.onEvent === undefined) return
  run.onEvent({ tag: 'Epoch', scores: history.last(), epochs: run.epochs, steps, seconds: worked(epoch) / 1000 })
}

/**
 * Goes back to what was kept, and trains the whole epochs since then again, which gives the bits that it gave: this time
 * each is looked at and kept. Why it should have stopped after one of them, or null.
 */
const retraced = (session: Session): Failure | null => {
  const { run, steps, machine, params, epoch, kept, history } = session
  const { behind } = epoch
  if (kept.epoch < behind) machine.stateBytes.set(kept.state)
  while (kept.epoch < behind) {
    start(session, kept.epoch)
    while (stepOn(session) === 'rest');
    const bad = notFinite(params)
    if (bad !== null) {
      epoch.behind = kept.epoch
      history.cut(kept.epoch - (run.from?.epoch ?? 0))
      return nonFinite(session, steps, bad.path, bad.value)
    }
    kept.state.set(machine.stateBytes)
    kept.epoch += 1
  }
  return null
}

const lost = (session: Session, step: number, loss: number | undefined): Failure =>
  retraced(session) ?? nonFinite(session, step, 'the loss', loss)

const trained = ({ run, state, machine, kept, history }: Session): UntypedTrained => {
  const { params, optimizer } = snapshot(state, machine, kept.state)
  return Object.freeze({ params, optimizer, key: run.key, epoch: kept.epoch, history: history.all() })
}

const aborted = (session: Session): Failure => {
  const { behind } = session.epoch
  return { tag: 'Aborted', last: trained(session), message: `fit: aborted in epoch ${behind + 1}` }
}

const nonFinite = (session: Session, stepInEpoch: number, what: string, value: number | undefined): Failure => {
  const { behind } = session.epoch
  const step = behind * session.steps + stepInEpoch
  const message = `fit: ${what} became ${value} in step ${step}, epoch ${behind + 1}`
  return { tag: 'NonFinite', step, epoch: behind + 1, last: trained(session), message }
}
