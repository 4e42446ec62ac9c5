/** A session: the compiled programs of a run, where they stand, and what the epochs behind have left. */
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Tensor } from '../../types/tensor.ts'
import { build } from '../compiler/compile.ts'
import { alignment } from '../compiler/plan.ts'
import { entryAt } from '../data/batches.ts'
import { wordsOf } from '../data/shuffle.ts'
import { data } from '../graph/expression.ts'
import { tensorOf } from '../graph/node.ts'
import type { CompileError } from '../runtime/executable.ts'
import type { Entry, Machine, Slot } from '../runtime/machine.ts'
import { type Pace, pace } from '../runtime/pace.ts'
import { profileOf } from '../runtime/profile.ts'
import { compute } from '../tensor/compute.ts'
import { foldIn } from '../tensor/random.ts'
import { type History, historyOf } from './history.ts'
import type { Scores } from './progress.ts'
import { type Run, sizesIn } from './run.ts'
import { type Scorer, scorer } from './scorer.ts'
import { type FloatSlot, floatSlots } from './state.ts'
import { type TrainingState, trainingSource } from './step.ts'
import { chunkBytes, residentSamples, type Stock, stockOf } from './stock.ts'

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
  readonly orderKey: Int32Array
  readonly order: Uint32Array
  readonly epoch: Epoch
  readonly kept: Kept
  readonly history: History
}
/** An entry of the program; its results are the loss and the metrics, in order. */
export interface Batch {
  readonly entry: Entry
  readonly rows: number
  readonly results: readonly Slot['view'][]
}
/** The epoch that is under way. It is written over, epoch after epoch. */
export interface Epoch {
  /** Whole epochs behind it. */
  behind: number
  /** Its samples and steps that are done. */
  from: number
  step: number
  readonly sums: Float64Array
  validation: Scores | null
  /** Milliseconds of work before the last rest, and when that ended; only kept where somebody listens. */
  readonly times: Float64Array
}
/** The state after a whole epoch, from which those that followed can be trained again. It is written over. */
export interface Kept {
  epoch: number
  readonly state: Uint8Array<ArrayBuffer>
  /** Keeping a state and looking whether it is finite costs as much as a small step: so many epochs may pass without. */
  readonly every: number
}

/** Steps that may have to be done again, at most, unless they are one epoch. */
const mostRetraced = 64

const stepsPerEpoch = ({ data: { length }, batchSize }: Run): number => Math.ceil(length / batchSize)

/** New parameters from the key, or those of an earlier run. */
export const startOf = (run: Run): TrainingState => {
  const { from, model, optimizer, key } = run
  const params = from?.params ?? compute(model.init(foldIn(key, 'init')))
  const moments = from?.optimizer ?? compute(optimizer.init(params))
  const step = tensorOf<Tensor<[], 'i32'>>(data(Int32Array.of((from?.epoch ?? 0) * stepsPerEpoch(run)), [], 'i32'))
  return { params, optimizer: moments, key: compute(foldIn(key, 'steps')), step }
}

/** Compiles what a run needs. Up to `mostBytes` of samples lie in the arena all at once, if the host gives that much. */
export const sessionOf = (run: Run, state: TrainingState, mostBytes: number): TE.TaskEither<CompileError, Session> => {
  const { model, objective, data, batchSize, validation, target } = run
  const columns = [data.inputs, data.targets]
  const trainer = (most: number): TE.TaskEither<CompileError, Pick<Session, 'machine' | 'stock'>> => {
    const residents = residentSamples(columns, batchSize, most)
    const feed = { columns, sizes: sizesIn('fit', model, data), rows: batchesOf(run), residents }
    return pipe(
      build(trainingSource(model, objective, run.optimizer, state, feed), target),
      TE.map((machine) => ({ machine, stock: stockOf(machine, columns, residents) })),
      TE.orElse((error) => {
        const fewer = fewerBytes(error, most, (bytes) => residentSamples(columns, batchSize, bytes) < residents)
        return fewer === null ? TE.left(error) : trainer(fewer)
      }),
    )
  }
  return pipe(
    trainer(mostBytes),
    TE.bind('validate', () =>
      validation === undefined
        ? TE.right(null)
        : scorer({ ...validation, model, objective, params: state.params, sizes: sizesIn('fit', model, validation), target }),
    ),
    TE.map((programs) => {
      const { machine } = programs
      run.onEvent?.({ tag: 'Compiled', report: machine.report, profile: (options) => profileOf(machine, options) })
      return begun(run, state, programs)
    }),
  )
}

/** How many bytes of samples may lie in memory, where a program with `most` was refused; null where samples are not what is too much. */
const fewerBytes = (error: CompileError, most: number, isFewer: (bytes: number) => boolean): number | null => {
  if (error.tag === 'TooLarge') return most > chunkBytes ? chunkBytes : null
  if (error.tag !== 'OverLimit') return null
  const { arenaBytes, residentBytes } = error.memory
  // what stands at the ends of the columns, so that each starts at its multiple, is not known yet
  const bytes = error.memoryLimit - (arenaBytes - residentBytes) - 2 * alignment
  return isFewer(bytes) ? bytes : null
}

/** The sizes of an epoch's batches. */
const batchesOf = ({ data: { length }, batchSize }: Run): readonly number[] => {
  const left = length % batchSize
  return left === 0 ? [batchSize] : [batchSize, left]
}

const begun = (run: Run, state: TrainingState, { machine, stock, validate }: Pick<Session, 'machine' | 'stock' | 'validate'>): Session => {
  const batches = batchesOf(run).map((rows, i): Batch => {
    const entry = entryAt(machine, i)
    return { entry, rows, results: entry.results.map(({ view }) => view) }
  })
  const steps = stepsPerEpoch(run)
  const behind = run.from?.epoch ?? 0
  const metricNames = Object.keys(run.objective.metrics)
  // what is told of an epoch must be true when it is told
  const isWatched = run.onEvent !== undefined || validate !== null
  return {
    run,
    steps,
    state,
    machine,
    stock,
    validate,
    full: batches[0] as Batch,
    last: batches.at(-1) as Batch,
    params: floatSlots(machine.state, 'params.'),
    pace: pace(),
    orderKey: Int32Array.from(wordsOf(foldIn(run.key, 'order'))),
    order: new Uint32Array(run.data.length),
    epoch: { behind, from: 0, step: 0, sums: new Float64Array(1 + metricNames.length), validation: null, times: new Float64Array(2) },
    kept: { epoch: behind, state: machine.stateBytes.slice(), every: isWatched ? 1 : Math.max(1, Math.floor(mostRetraced / steps)) },
    history: historyOf(run.from?.history ?? [], behind, metricNames),
  }
}
