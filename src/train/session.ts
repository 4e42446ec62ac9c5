/** Sessions are made: a run is compiled, and put where it begins. */
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Tensor } from '../../types/tensor.ts'
import { build } from '../compiler/compile.ts'
import { alignment } from '../compiler/plan.ts'
import { entryAt } from '../data/batches.ts'
import { typesOf } from '../data/data-source.ts'
import { wordsOf } from '../data/shuffle.ts'
import { windowsOf } from '../data/stream/windows.ts'
import { data } from '../graph/expression.ts'
import { tensorOf } from '../graph/node.ts'
import { chainParameters } from '../model/chain.ts'
import { partsOf } from '../model/model.ts'
import { ownParameters } from '../model/parameters.ts'
import type { CompileError } from '../runtime/executable.ts'
import type { Machine } from '../runtime/machine.ts'
import { pace } from '../runtime/pace.ts'
import { compute } from '../tensor/compute.ts'
import { foldIn } from '../tensor/random.ts'
import { audienceOf } from './audience.ts'
import { watchOf } from './early-stopping.ts'
import { historyOf } from './history.ts'
import { open, positionOf } from './position.ts'
import { isStream, type Run, sizesIn } from './run.ts'
import { scorer } from './scorer.ts'
import type { Batch, Session } from './standing.ts'
import { floatSlots } from './state.ts'
import { fixedRate, type TrainingState, trainingSource } from './step.ts'
import { chunkBytes, residentSamples, stockOf, streamStock } from './stock.ts'
import { tokenCheck } from './tokens.ts'
import type { Underway } from './training.ts'

/** Steps that may have to be done again, at most, unless they are one epoch. */
const mostRetraced = 64

const stepsPerEpoch = ({ data: { length }, batchSize }: Run): number => Math.ceil(length / batchSize)

/** Parameters that were given, those of an earlier run, or new ones from the key. */
export const startOf = (run: Run): TrainingState => {
  const { from, model, optimizer, key } = run
  const params = from?.params ?? compute(givenParams(run) ?? model.init(foldIn(key, 'init')))
  const moments = from?.optimizer ?? compute(optimizer.init(params))
  const behind = (from?.epoch ?? 0) * stepsPerEpoch(run) + (from?.underway?.step ?? 0)
  const step = tensorOf<Tensor<[], 'i32'>>(data(Int32Array.of(behind), [], 'i32'))
  return { params, optimizer: moments, key: compute(foldIn(key, 'steps')), step }
}

const givenParams = ({ params, model }: Run): unknown =>
  params === undefined ? null : ownParameters(params, chainParameters(partsOf('fit', model).chain))

/** Compiles what a run needs. Up to `mostBytes` of samples lie in the arena all at once, if the host gives that much. */
export const sessionOf = (run: Run, state: TrainingState, mostBytes: number): TE.TaskEither<CompileError, Session> => {
  const { model, objective, data, batchSize, validation, target } = run
  const trainer = (most: number): TE.TaskEither<CompileError, Stocked> => {
    const residents = residentSamples(data, batchSize, most)
    const feed = { columns: typesOf(data), sizes: sizesIn('fit', model, data), rows: batchesOf(run), residents }
    return pipe(
      build(trainingSource(model, objective, run.optimizer, state, feed), target),
      TE.map((machine) => stocked(run, machine, residents)),
      TE.orElse((error) => {
        const fewer = fewerBytes(error, most, (bytes) => residentSamples(data, batchSize, bytes) < residents)
        return fewer === null ? TE.left(error) : trainer(fewer)
      }),
    )
  }
  return pipe(
    // what is read a block at a time is in memory once already
    trainer(isStream(data) ? Math.min(mostBytes, chunkBytes) : mostBytes),
    TE.bind('validate', () =>
      validation === undefined
        ? TE.right(null)
        : scorer({ data: validation, model, objective, params: state.params, sizes: sizesIn('fit', model, validation), target }),
    ),
    TE.map((programs) => begun(run, state, programs)),
  )
}

type Stocked = Pick<Session, 'machine' | 'stock' | 'order'>
const stocked = ({ model, data, key, epochs }: Run, machine: Machine, residents: number): Stocked => {
  const orderKey = wordsOf(foldIn(key, 'order'))
  if (!isStream(data)) {
    const order = new Uint32Array(data.length)
    return { machine, order, stock: stockOf(machine, data, residents, order, orderKey) }
  }
  const { blocks, reading } = data
  const tokens = tokenCheck('stream', model, data.inputs)
  const windows = windowsOf({ blocks, reading, orderKey, epochs, check: ({ inputs }, first) => tokens(inputs, first) })
  return { machine, order: new Uint32Array(0), stock: streamStock(machine, data, residents, windows) }
}

/** Inputs, targets and weights. */
const mostColumns = 3
/** How many bytes of samples may lie in memory, where a program with `most` was refused; null where samples are not what is too much. */
const fewerBytes = (error: CompileError, most: number, isFewer: (bytes: number) => boolean): number | null => {
  if (error.tag === 'TooLarge') return most > chunkBytes ? chunkBytes : null
  if (error.tag !== 'OverLimit') return null
  const { arenaBytes, residentBytes } = error.memory
  // what stands at the ends of the columns, so that each starts at its multiple, is not known yet
  const bytes = error.memoryLimit - (arenaBytes - residentBytes) - mostColumns * alignment
  return isFewer(bytes) ? bytes : null
}

/** The sizes of an epoch's batches. */
const batchesOf = ({ data: { length }, batchSize }: Run): readonly number[] => {
  const left = length % batchSize
  return left === 0 ? [batchSize] : [batchSize, left]
}

const begun = (run: Run, state: TrainingState, { machine, stock, order, validate }: Stocked & Pick<Session, 'validate'>): Session => {
  const scores = 1 + Object.keys(run.objective.metrics).length
  const batches = batchesOf(run).map((rows, i): Batch => {
    const entry = entryAt(machine, i)
    const views = entry.results.map(({ view }) => view)
    return { entry, rows, results: views.slice(0, scores), rate: views[scores] ?? null }
  })
  const { from, checkpoints, earlyStopping, onEvent, data } = run
  const steps = stepsPerEpoch(run)
  const behind = from?.epoch ?? 0
  const metricNames = Object.keys(run.objective.metrics)
  const sums = new Float64Array(scores + 1)
  // what is told of an epoch must be true when it is told; and what must be read again is not trained again
  const isToldOf = onEvent !== undefined || validate !== null || checkpoints !== undefined || earlyStopping !== undefined
  const isWatched = isToldOf || isStream(data)
  const every = isWatched ? 1 : Math.max(1, Math.floor(mostRetraced / steps))
  const session: Session = {
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
    order,
    epoch: {
      behind,
      from: 0,
      step: 0,
      sums,
      validation: null,
      times: new Float64Array(2),
      begun: false,
      mark: Number.POSITIVE_INFINITY,
      until: data.length,
    },
    kept: { epoch: behind, step: 0, sums: sums.slice(), state: machine.stateBytes.slice(), every },
    history: historyOf(
      (from?.history ?? []).filter(({ epoch }) => epoch <= behind),
      behind,
      metricNames,
    ),
    audience: audienceOf(onEvent),
    saving: { due: false, epoch: behind, step: from?.underway?.step ?? 0, time: performance.now() },
    clock: { deadline: Number.POSITIVE_INFINITY, isOver: false },
    watch: earlyStopping === undefined ? null : watchOf(earlyStopping, from),
    fixedRate: fixedRate(run.optimizer.learningRate(state.optimizer, state.params)),
  }
  return from?.underway == null ? session : resumed(session, from.underway)
}

/** Behind the steps of an epoch that an earlier run has done. */
const resumed = (session: Session, { step, sums, learningRate }: Underway): Session => {
  open(session, step, Float64Array.of(...sums, learningRate ?? Number.NaN))
  session.epoch.begun = true
  session.epoch.times[1] = performance.now()
  return { ...session, kept: { ...positionOf(session), every: session.kept.every } }
}
