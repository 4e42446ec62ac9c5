/** A session: the compiled programs of a run, where they stand, and what the epochs behind have left. */
import type { Entry, Machine, Slot } from '../runtime/machine.ts'
import type { Pace } from '../runtime/pace.ts'
import type { Audience } from './audience.ts'
import type { Watch } from './early-stopping.ts'
import type { History } from './history.ts'
import type { Scores } from './progress.ts'
import type { Run } from './run.ts'
import type { Scorer } from './scorer.ts'
import type { FloatSlot } from './state.ts'
import type { TrainingState } from './step.ts'
import type { Stock } from './stock.ts'

export interface Session {
  readonly run: Run
  /** Steps of an epoch. */
  readonly steps: number
  readonly state: TrainingState
  readonly machine: Machine
  readonly stock: Stock
  readonly full: Batch
  readonly last: Batch
  readonly validate: Scorer | null
  /** What must stay finite. */
  readonly params: readonly FloatSlot[]
  readonly pace: Pace
  /** The order of the samples in memory, in the epoch that is under way. */
  readonly order: Uint32Array
  readonly epoch: Epoch
  readonly kept: Kept
  readonly history: History
  readonly audience: Audience
  readonly saving: Saving
  readonly clock: Clock
  /** Where the best epoch is watched for. */
  readonly watch: Watch | null
  /** The learning rate of all steps, where it is one. */
  readonly fixedRate: number | null
}
/** An entry of the program; its results are the loss and the metrics, in order, without the learning rate. */
export interface Batch {
  readonly entry: Entry
  readonly rows: number
  readonly results: readonly Slot['view'][]
  /** The rate of the step that it took last, where a step gives it. */
  readonly rate: Slot['view'] | null
}
/** The epoch that is under way. It is written over, epoch after epoch. */
export interface Epoch {
  /** Whole epochs behind it. */
  behind: number
  /** Its samples and steps that are done. */
  from: number
  step: number
  /** Of loss and metrics, weighed by rows; behind them the learning rate of the last step, NaN for none. */
  readonly sums: Float64Array
  validation: Scores | null
  /** Milliseconds of work before the last rest, and when that ended; only kept where somebody listens. */
  readonly times: Float64Array
  /** Whether its order is drawn. */
  begun: boolean
  /** The next step behind which there is something to do, and the sample that the steps before it end at. */
  mark: number
  until: number
}
/** When the time of a run is up, in milliseconds, and whether it is. */
export interface Clock {
  deadline: number
  isOver: boolean
}
/**
 * The state after a whole epoch, or that the run began with, from which the epochs that followed can be trained again. It is
 * written over.
 */
export interface Kept extends Position {
  /** Keeping a state and looking whether it is finite costs as much as a small step: so many epochs may pass without. */
  readonly every: number
}

/** A state, and how many epochs and steps of the next led to it. Kept ones are written over. */
export interface Position {
  epoch: number
  step: number
  readonly sums: Float64Array
  readonly state: Uint8Array<ArrayBuffer>
}

/** What was saved last, and whether it is time again. It is written over. */
export interface Saving {
  due: boolean
  epoch: number
  step: number
  /** When that was done. */
  time: number
}
