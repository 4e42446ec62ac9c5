/** When a run is saved, and how. */
import * as E from 'fp-ts/lib/Either.js'
import { tell } from './audience.ts'
import { positionOf, trainedAt } from './position.ts'
import type { Run } from './run.ts'
import type { Saving, Session } from './standing.ts'
import { notFinite } from './state.ts'
import type { TrainingError, UntypedTrained } from './training.ts'

type CheckpointFailed = Extract<TrainingError<UntypedTrained>, { readonly tag: 'CheckpointFailed' }>

/** Whether the run is to be saved at the end of an epoch, so many of which are behind. */
export const isDueAfter = ({ checkpoints }: Run, epochs: number, steps: number): boolean => {
  if (checkpoints === undefined) return false
  const { everySteps, everyEpochs, everySeconds } = checkpoints
  const each = everyEpochs ?? (everySteps === undefined && everySeconds === undefined ? 1 : null)
  return (each !== null && epochs % each === 0) || (everySteps !== undefined && (epochs * steps) % everySteps === 0)
}

/** Whether so much time has passed that the run is to be saved. */
export const isDueBy = ({ checkpoints }: Run, { time }: Saving, now: number): boolean =>
  checkpoints?.everySeconds !== undefined && now - time >= 1000 * checkpoints.everySeconds

/** Saves the run where it stands, unless that was done or a parameter is not finite. Why that failed, or null. */
export const save = async (session: Session): Promise<CheckpointFailed | null> => {
  const { run, saving, epoch, params, audience } = session
  const { checkpoints } = run
  saving.due = false
  if (checkpoints === undefined || (saving.epoch === epoch.behind && saving.step === epoch.step)) return null
  if (notFinite(params) !== null) return null
  const trained = trainedAt(session, positionOf(session))
  const before = performance.now()
  const saved = await attempt(() => checkpoints.save(trained, run.model)())
  const [behind, step, now] = [epoch.behind, epoch.step, performance.now()]
  if (E.isLeft(saved)) {
    const at = step === 0 ? `behind epoch ${behind}` : `in epoch ${behind + 1}, behind step ${step}`
    return { tag: 'CheckpointFailed', message: `fit: the checkpoint ${at} was not saved: ${saved.left.message}`, last: trained }
  }
  Object.assign(saving, { epoch: behind, step, time: now })
  tell(audience, { tag: 'Checkpoint', epoch: behind, step, seconds: (now - before) / 1000, saved: saved.right })
  return null
}

type Saved = E.Either<{ readonly message: string }, unknown>
/** What is thrown there is no more than a failure. */
const attempt = async (task: () => Promise<Saved>): Promise<Saved> => {
  try {
    return await task()
  } catch (error) {
    return E.left({ message: error instanceof Error ? error.message : String(error) })
  }
}
