/** The loop of training: steps of a compiled program, epoch by epoch. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { DataError } from '../data/data-source.ts'
import type { Slot } from '../runtime/machine.ts'
import { profileOf } from '../runtime/profile.ts'
import { audienceOf, heard, tell } from './audience.ts'
import { monitorOf, observe, restored, watchOf } from './early-stopping.ts'
import { goTo, keep, open, positionOf, trainedAt } from './position.ts'
import type { Scores, StopReason } from './progress.ts'
import type { Run } from './run.ts'
import { isDueAfter, isDueBy, save } from './saving.ts'
import { sessionOf, startOf } from './session.ts'
import type { Batch, Epoch, Session } from './standing.ts'
import { copySlots, notFinite, snapshot } from './state.ts'
import type { TrainingState } from './step.ts'
import { mostResidentBytes } from './stock.ts'
import type { TrainingError, UntypedTrained } from './training.ts'

type Outcome = E.Either<TrainingError<UntypedTrained>, UntypedTrained>
/** What went wrong while it trained. */
type Failure = Extract<TrainingError<UntypedTrained>, { readonly last: UntypedTrained }>
/** Why there are no more steps: something went wrong, or it has been enough. */
type Ending = Failure | { readonly tag: 'Reached'; readonly reason: StopReason; readonly message: string }

/** Trains as it was asked for, unless there is a fault. Up to `mostBytes` of samples lie in the arena all at once. */
export const train = (run: Run, mostBytes = mostResidentBytes): Promise<Outcome> => {
  const called = performance.now()
  if (run.fault === null && run.from?.epoch === run.epochs) return finished(run, run.from)
  return pipe(
    TE.fromEither<TrainingError<UntypedTrained>, TrainingState>(
      run.fault === null ? E.right(startOf(run)) : E.left({ tag: 'Invalid', message: run.fault }),
    ),
    TE.chainW((state) => sessionOf(run, state, mostBytes)),
    TE.chainW((session) => () => {
      const { machine, audience, clock } = session
      if (run.timeLimit !== undefined) clock.deadline = called + 1000 * run.timeLimit
      tell(audience, { tag: 'Compiled', report: machine.report, profile: (options) => profileOf(machine, options) })
      look(session)
      setMark(session)
      return epochs(session)
    }),
  )()
}

/** What a run ends with that has no epochs to do: nothing is compiled. */
const finished = async ({ earlyStopping, epochs, onEvent }: Run, from: UntypedTrained): Promise<Outcome> => {
  const audience = audienceOf(onEvent)
  tell(audience, { tag: 'Stopped', reason: 'Finished', message: allDone(epochs), epoch: epochs, step: 0 })
  const failed = await heard(audience)
  const trained = earlyStopping === undefined ? from : restored(from, watchOf(earlyStopping, from).best)
  return failed === null ? E.right(trained) : E.left(callbackFailed(epochs, trained, failed.error))
}
const allDone = (epochs: number): string => `fit: trained ${epochs} epochs`

/** What the program's work waits for: a turn of the event loop, samples that are being read, the scores of validation, a save, or what callbacks promised. */
type Wait = 'rest' | 'data' | 'validation' | 'checkpoint' | 'callbacks'

/** Promises only where something is waited for: an epoch of a small model is shorter than a promise. */
const epochs = async (session: Session): Promise<Outcome> => {
  for (;;) {
    const wait = work(session)
    if (typeof wait === 'object') return ended(session, wait)
    const failure = await waits[wait](session)
    if (failure !== null) return ended(session, failure)
    look(session)
  }
}

const waits: { readonly [W in Wait]: (session: Session) => Promise<Failure | null> } = {
  rest: async (session) => {
    const { run, pace, epoch } = session
    epoch.times[0] = worked(epoch)
    if (run.stepEvery === undefined) tellStep(session)
    await pace.rest()
    epoch.times[1] = performance.now()
    return null
  },
  data: async (session) => {
    const { run, epoch, stock, pace } = session
    epoch.times[0] = worked(epoch)
    const why = await orAborted(stock.wait(), run.signal)
    pace.turn()
    epoch.times[1] = performance.now()
    return why === null ? null : dataFailed(session, why)
  },
  validation: async (session) => {
    const { run, machine, validate, pace, epoch } = session
    if (validate === null) return null
    copySlots(machine.state, validate.state)
    const scores = await orAborted(validate.run(pace, run.signal), run.signal)
    if (scores !== null && E.isLeft(scores)) return scores.left === null ? null : dataFailed(session, scores.left)
    // all of them numbers: `fit` refuses the others
    epoch.validation = scores === null ? null : (scores.right as Scores)
    return null
  },
  checkpoint: async (session) => {
    const { epoch } = session
    epoch.times[0] = worked(epoch)
    const failure = await save(session)
    epoch.times[1] = performance.now()
    return failure
  },
  callbacks: async ({ audience, epoch }) => {
    epoch.times[0] = worked(epoch)
    await heard(audience)
    epoch.times[1] = performance.now()
    return null
  },
}

/** A look at the clock, where something was waited for. */
const look = ({ run, clock, saving }: Session): void => {
  if (run.timeLimit === undefined && run.checkpoints?.everySeconds === undefined) return
  const now = performance.now()
  clock.isOver = now >= clock.deadline
  saving.due ||= isDueBy(run, saving, now)
}

/** Epoch after epoch, until it has to wait, or until there are no more steps to do. */
const work = (session: Session): Wait | Ending => {
  const { run, steps, validate, params, epoch, kept, audience, saving } = session
  for (;;) {
    if (audience.promised.length > 0) return 'callbacks'
    const why = ending(session)
    if (why !== null) return why
    if (saving.due) return 'checkpoint'
    if (!epoch.begun) {
      begin(session)
      if (audience.listeners.length > 0) continue
    }
    const wait = stepOn(session)
    if (wait !== null) return wait
    if (epoch.step === epoch.mark) {
      passMark(session)
      continue
    }
    const keeps = epoch.behind + 1 - kept.epoch >= kept.every || epoch.behind + 1 === run.epochs
    const bad = keeps ? notFinite(params) : null
    if (bad !== null) return retraced(session) ?? nonFinite(session, steps, bad.path, bad.value)
    if (validate !== null && epoch.validation === null) return 'validation'
    end(session, keeps)
  }
}

/** An epoch, in an order of its own. */
const begin = (session: Session): void => {
  const { run, steps, epoch, audience } = session
  open(session)
  epoch.begun = true
  setMark(session)
  if (audience.listeners.length === 0) return
  epoch.times[0] = 0
  epoch.times[1] = performance.now()
  tell(audience, { tag: 'EpochStart', epoch: epoch.behind + 1, epochs: run.epochs, steps })
}

/** The steps of an epoch up to its mark or its end, until a rest is due or samples are still being read. Makes no garbage. */
export const stepOn = (session: Session): 'rest' | 'data' | Failure | null => {
  const { run, full, last, stock, pace, epoch } = session
  const { sums } = epoch
  const { length } = run.data
  while (epoch.from < epoch.until) {
    const batch = length - epoch.from < full.rows ? last : full
    if (!stock.bring(epoch.from, batch.rows)) return 'data'
    stock.serve(batch.entry, epoch.from, batch.rows)
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

/** Adds the results, weighed by their rows, and writes down the learning rate. */
const addTo = (sums: Float64Array, { results, rows, rate }: Batch): void => {
  if (rate !== null) sums[results.length] = rate[0] as number
  for (let i = 0; i < results.length; i++) sums[i] = (sums[i] as number) + ((results[i] as Slot['view'])[0] as number) * rows
}

/** The next step behind which something is to be told or saved. */
const setMark = ({ run, steps, epoch }: Session): void => {
  const { stepEvery, checkpoints } = run
  const everySteps = checkpoints?.everySteps
  if (!epoch.begun || (stepEvery === undefined && everySteps === undefined)) return
  const before = epoch.behind * steps
  const next = (every = Number.POSITIVE_INFINITY): number => (Math.floor((before + epoch.step) / every) + 1) * every - before
  const mark = Math.min(next(stepEvery), next(everySteps))
  epoch.mark = mark <= steps ? mark : Number.POSITIVE_INFINITY
  epoch.until = Math.min(epoch.mark * run.batchSize, run.data.length)
}

/** Tells what is to be told behind this step, and says whether the run is to be saved: behind an epoch's last that is for later. */
const passMark = (session: Session): void => {
  const { run, steps, epoch, saving } = session
  const done = epoch.behind * steps + epoch.step
  if (run.stepEvery !== undefined && done % run.stepEvery === 0) tellStep(session)
  const everySteps = run.checkpoints?.everySteps
  saving.due ||= everySteps !== undefined && done % everySteps === 0 && epoch.step < steps
  setMark(session)
}

const tellStep = ({ run, steps, epoch, full, last, audience }: Session): void => {
  if (audience.listeners.length === 0) return
  const loss = (epoch.sums[0] as number) / epoch.from
  const { results } = epoch.from === run.data.length ? last : full
  const batchLoss = (results[0] as Slot['view'])[0] as number
  tell(audience, { tag: 'Step', epoch: epoch.behind + 1, epochs: run.epochs, step: epoch.step, steps, loss, batchLoss })
}

/** Writes down what the epoch scored, and keeps what it ended with or leaves that for later. */
const end = (session: Session, keeps: boolean): void => {
  const { run, steps, epoch, kept, history, audience, saving, watch } = session
  history.add(epoch.sums, run.data.length, epoch.validation)
  epoch.behind += 1
  epoch.from = 0
  epoch.step = 0
  epoch.begun = false
  if (keeps) keep(session, kept)
  if (watch !== null && run.earlyStopping !== undefined)
    observe(watch, run.earlyStopping, history.last(), () => snapshot(session.state, session.machine, kept.state))
  saving.due ||= isDueAfter(run, epoch.behind, steps)
  if (audience.listeners.length === 0) return
  tell(audience, { tag: 'Epoch', scores: history.last(), epochs: run.epochs, steps, seconds: worked(epoch) / 1000 })
}

/** Why the run ends where it stands, or null. It is asked in every epoch, of which some are shorter than it takes to make a function. */
const ending = (session: Session): Ending | null => {
  const { run, epoch, audience, clock, watch } = session
  if (audience.failure !== null) return settled(session) ?? callbackFailed(epoch.behind, present(session), audience.failure.error)
  if (epoch.behind === run.epochs) return { tag: 'Reached', reason: 'Finished', message: allDone(run.epochs) }
  if (watch !== null && watch.stale >= (run.earlyStopping?.patience ?? 0))
    return { tag: 'Reached', reason: 'NoBetter', message: noBetter(session) }
  if (run.signal?.aborted) return settled(session) ?? aborted(session)
  if (clock.isOver) return reached(session, 'TimeLimit', `the ${run.timeLimit} seconds are over`)
  if (audience.asks) return reached(session, 'Asked', 'a callback asked for it')
  return null
}

const reached = (session: Session, reason: StopReason, why: string): Ending =>
  settled(session) ?? { tag: 'Reached', reason, message: `fit: stopped in epoch ${session.epoch.behind + 1}: ${why}` }

const noBetter = ({ run: { earlyStopping }, epoch, watch }: Session): string => {
  const best = watch?.best == null ? 'none was a number' : `the best is epoch ${watch.best.epoch}`
  const monitor = earlyStopping === undefined ? '' : monitorOf(earlyStopping)
  return `fit: stopped behind epoch ${epoch.behind}: '${monitor}' got no better for ${watch?.stale} epochs, ${best}`
}

/** What the run ends with: where it ended is saved and told, and then handed out. */
const ended = async (session: Session, why: Ending): Promise<Outcome> => {
  const { epoch, audience } = session
  const failure = why.tag === 'Reached' || why.tag === 'Aborted' ? await save(session) : null
  const at = failure ?? why
  // who has failed before is told, too
  audience.failure = null
  tell(audience, {
    tag: 'Stopped',
    reason: at.tag === 'Reached' ? at.reason : at.tag,
    message: at.message,
    epoch: epoch.behind,
    step: epoch.step,
  })
  const failed = await heard(audience)
  if (at.tag !== 'Reached') return E.left(at)
  return failed === null
    ? E.right(restored(present(session), session.watch?.best ?? null))
    : E.left(callbackFailed(epoch.behind, present(session), failed.error))
}

/**
 * Goes back to what was kept, and trains the whole epochs since then again, which gives the bits that it gave: this time
 * each is looked at and kept. Why it should have stopped after one of them, or null.
 */
const retraced = (session: Session): Failure | null => {
  const { run, steps, params, epoch, kept, history } = session
  const { behind } = epoch
  if (kept.epoch === behind) return null
  goTo(session, kept)
  while (epoch.behind < behind) {
    if (epoch.step === 0) open(session)
    while (stepOn(session) === 'rest');
    const bad = notFinite(params)
    if (bad !== null) {
      history.cut(epoch.behind - (run.from?.epoch ?? 0))
      return nonFinite(session, steps, bad.path, bad.value)
    }
    epoch.behind += 1
    epoch.from = 0
    epoch.step = 0
    keep(session, kept)
  }
  return null
}

/** Null where all that led to here was finite, as those find it who look at each epoch; the run stands where it stood. */
const settled = (session: Session): Failure | null => {
  const { params, epoch, kept } = session
  if (kept.epoch < epoch.behind) {
    const { begun } = epoch
    const now = positionOf(session)
    const failure = retraced(session)
    if (failure !== null) return failure
    goTo(session, now)
    epoch.begun = begun
  }
  const bad = epoch.step === 0 ? null : notFinite(params)
  return bad === null ? null : nonFinite(session, epoch.step, bad.path, bad.value)
}

const lost = (session: Session, step: number, loss: number | undefined): Failure =>
  retraced(session) ?? nonFinite(session, step, 'the loss', loss)

const present = (session: Session): UntypedTrained => trainedAt(session, positionOf(session))

const aborted = (session: Session): Failure => {
  const { behind } = session.epoch
  return { tag: 'Aborted', last: present(session), message: `fit: aborted in epoch ${behind + 1}` }
}

const dataFailed = (session: Session, error: DataError): Failure => {
  const message = `fit: no data in epoch ${session.epoch.behind + 1}: ${error.message}`
  return settled(session) ?? { tag: 'DataFailed', error, last: present(session), message }
}

/** What was promised, or null where the signal comes first. */
const orAborted = <A>(promise: Promise<A>, signal: AbortSignal | undefined): Promise<A | null> => {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(null)
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

const callbackFailed = (behind: number, last: UntypedTrained, error: unknown): Failure => {
  const why = error instanceof Error ? error.message : String(error)
  return { tag: 'CallbackFailed', error, last, message: `fit: onEvent failed behind epoch ${behind}: ${why}` }
}

const nonFinite = (session: Session, stepInEpoch: number, what: string, value: number | undefined): Failure => {
  const { behind } = session.epoch
  const step = behind * session.steps + stepInEpoch
  const message = `fit: ${what} became ${value} in step ${step}, epoch ${behind + 1}`
  return { tag: 'NonFinite', step, epoch: behind + 1, last: trainedAt(session, session.kept), message }
}
