/** What training tells while it runs, and how it reads on a terminal or in a log. */
import type { Report } from '../runtime/executable.ts'
import type { ProfileOptions } from '../runtime/profile.ts'
import type { Profile } from '../runtime/profile-text.ts'

/** Means over samples. */
export interface Scores {
  readonly loss: number
  readonly metrics: Readonly<Record<string, number>>
}
/** One epoch; the first is 1. Scores of training are taken while the parameters move. */
export interface EpochScores extends Scores {
  readonly epoch: number
  readonly validation: Scores | null
  /** That of the epoch's last step, as the optimizer used it; null where it has none. */
  readonly learningRate: number | null
}

/** What a run tells while it trains. Epochs and steps of an epoch count from 1. */
export type TrainingEvent =
  /** `profile` times the kernels of the step, on made-up data, and leaves the state as it is. */
  | { readonly tag: 'Compiled'; readonly report: Report; readonly profile: (options?: ProfileOptions) => Profile }
  | { readonly tag: 'EpochStart'; readonly epoch: number; readonly epochs: number; readonly steps: number }
  /** When the event loop gets its turn, or as often as `stepEvery` says. */
  | {
      readonly tag: 'Step'
      readonly epoch: number
      readonly epochs: number
      readonly step: number
      readonly steps: number
      /** The mean of the epoch so far. */
      readonly loss: number
      /** That of the step alone. */
      readonly batchLoss: number
    }
  | { readonly tag: 'Epoch'; readonly scores: EpochScores; readonly epochs: number; readonly steps: number; readonly seconds: number }
  /** Behind a save: `epoch` is how many are whole, `step` how many steps of the next are done, `saved` what `save` gave. */
  | { readonly tag: 'Checkpoint'; readonly epoch: number; readonly step: number; readonly seconds: number; readonly saved: unknown }
  /** The last event, whatever the run ends with; `epoch` and `step` count as those of `Checkpoint`. */
  | { readonly tag: 'Stopped'; readonly reason: StopReason; readonly message: string; readonly epoch: number; readonly step: number }

/** All epochs are done, no epoch was better for long, `timeLimit`, a callback gave `'stop'`; or the tag of the error. */
export type StopReason =
  | 'Finished'
  | 'NoBetter'
  | 'TimeLimit'
  | 'Asked'
  | 'Aborted'
  | 'NonFinite'
  | 'DataFailed'
  | 'CheckpointFailed'
  | 'CallbackFailed'

/** Hears of events. Of what it gives, `'stop'` ends the run, and a promise is waited for; all else is left alone. */
export type Listener = (event: TrainingEvent) => unknown

/** `process.stdout` is one. */
export interface Writer {
  readonly write: (text: string) => unknown
  readonly isTTY?: boolean | undefined
}

/**
 * Shows progress: a bar that moves on a terminal, one line an epoch elsewhere. The learning rate stands where it changes.
 *
 * @example
 * const lines: string[] = []
 * const show = progress({ write: (text) => lines.push(text) })
 * show({ tag: 'Epoch', scores: { epoch: 1, loss: 0.5, metrics: {}, validation: null, learningRate: 0.1 }, epochs: 3, steps: 10, seconds: 2 })
 * lines // => ['epoch 1/3  loss 0.5000  2.0 s\n']
 */
export const progress = (writer: Writer): ((event: TrainingEvent) => void) => {
  const terminal = writer.isTTY === true
  let rate: number | null = null
  return (event) => {
    const text = lines[event.tag](event as never, terminal, rate)
    if (event.tag === 'Compiled') rate = null
    if (event.tag === 'Epoch') rate = event.scores.learningRate
    if (text !== '') writer.write(terminal ? `\r\x1b[K${text}` : text)
  }
}

/** `rate` is the learning rate of the epoch before. */
type Line<E> = (event: E, terminal: boolean, rate: number | null) => string
const lines: { readonly [T in TrainingEvent['tag']]: Line<Extract<TrainingEvent, { tag: T }>> } = {
  Compiled: ({ report }) => {
    const memory = `${kilobytes(report.arenaBytes)} of memory${report.residentBytes > 0 ? `, ${kilobytes(report.residentBytes)} of it samples` : ''}`
    const threads = report.threads > 1 ? `, ${report.threads} threads` : ''
    return `compiled ${report.kernels} kernels in ${report.compileMilliseconds.toFixed(0)} ms: ${kilobytes(report.wasmBytes)} of code, ${memory}${threads}\n`
  },
  EpochStart: () => '',
  Step: ({ epoch, epochs, step, steps, loss }, terminal) =>
    terminal ? `epoch ${epoch}/${epochs}  ${bar(step / steps)}  loss ${loss.toFixed(4)}` : '',
  Epoch: ({ scores, epochs, seconds }, _, rate) => {
    const { learningRate } = scores
    const parts = [
      `epoch ${scores.epoch}/${epochs}`,
      ...read(scores),
      ...(learningRate === null || learningRate === rate || rate === null ? [] : [`learning rate ${learningRate.toPrecision(3)}`]),
      ...(scores.validation ? ['| validation', ...read(scores.validation)] : []),
    ]
    return `${[...parts, `${seconds.toFixed(1)} s`].join('  ')}\n`
  },
  Checkpoint: () => '',
  Stopped: ({ reason, message }) => (reason === 'Finished' ? '' : `${message}\n`),
}

const read = ({ loss, metrics }: Scores): readonly string[] =>
  Object.entries({ loss, ...metrics }).map(([name, value]) => `${name} ${value.toFixed(4)}`)
const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1024)} KB`
const width = 24
const bar = (done: number): string => {
  const full = Math.floor(done * width)
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${Math.floor(done * 100)}%`
}
