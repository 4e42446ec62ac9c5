/** Where a run stands: kept, gone back to, and as a value to continue from. */
import type { Position, Session } from './standing.ts'
import { snapshot } from './state.ts'
import type { UntypedTrained } from './training.ts'

/** Where the run stands now. */
export const positionOf = ({ epoch, machine }: Session): Position => ({
  epoch: epoch.behind,
  step: epoch.step,
  sums: epoch.sums.slice(),
  state: machine.stateBytes.slice(),
})

/** Writes where the run stands now over what was kept. */
export const keep = ({ epoch, machine }: Session, kept: Position): void => {
  kept.epoch = epoch.behind
  kept.step = epoch.step
  kept.sums.set(epoch.sums)
  kept.state.set(machine.stateBytes)
}

/** Puts the run back to where it stood. */
export const goTo = (session: Session, { epoch: behind, step, sums, state }: Position): void => {
  session.machine.stateBytes.set(state)
  session.epoch.behind = behind
  open(session, step, sums)
}

/** The epoch that is under way, behind some of its steps: the order of its samples, and what they sum up to. Makes no garbage. */
export const open = ({ run, epoch, stock, fixedRate }: Session, step = 0, sums: Float64Array | null = null): void => {
  const { batchSize, data } = run
  epoch.step = step
  epoch.from = Math.min(step * batchSize, data.length)
  stock.open(epoch.behind, epoch.from)
  const rate = epoch.sums.length - 1
  for (let i = 0; i < rate; i++) epoch.sums[i] = sums === null ? 0 : (sums[i] as number)
  epoch.sums[rate] = sums === null ? (fixedRate ?? Number.NaN) : (sums[rate] as number)
  epoch.validation = null
  epoch.mark = Number.POSITIVE_INFINITY
  epoch.until = data.length
}

/** The learning rate that stands behind the sums of an epoch. */
const rateIn = (sums: Float64Array): number | null => {
  const rate = sums.at(-1) as number
  return Number.isNaN(rate) ? null : rate
}

/** A position as a value. The history is that of the whole epochs which lead to it. */
export const trainedAt = (
  { run, steps, state, machine, history, watch }: Session,
  { epoch, step, sums, state: bytes }: Position,
): UntypedTrained => {
  const { params, optimizer } = snapshot(state, machine, bytes)
  const { batchSize, data, key } = run
  const sofar = { sums: Object.freeze(Array.from(sums.subarray(0, -1))), learningRate: rateIn(sums) }
  const underway = step === 0 ? null : Object.freeze({ step, steps, samples: data.length, batchSize, ...sofar })
  return Object.freeze({ params, optimizer, key, epoch, history: history.all(), underway, best: watch?.best ?? null })
}
