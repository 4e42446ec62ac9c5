/** The mean loss and metrics of a whole data set, by a compiled program. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Sizes } from '../../types/dim.ts'
import { build } from '../compiler/compile.ts'
import type { Target } from '../compiler/target.ts'
import { entryAt, rowsAtOnce, runRows } from '../data/batches.ts'
import { numericShape } from '../data/column.ts'
import { columnsOf, type DataError, typesOf } from '../data/data-source.ts'
import { regrouped } from '../data/stream/blocks.ts'
import { partsOf } from '../model/model.ts'
import type { CompileError } from '../runtime/executable.ts'
import type { Entry, Slot } from '../runtime/machine.ts'
import type { Pace } from '../runtime/pace.ts'
import type { MetricResult } from './metrics/metric.ts'
import { isStream, type UntypedData, type UntypedRows, type UntypedStream } from './run.ts'
import { type Objective, scoringSource, type UntypedModel } from './step.ts'
import { tokenCheck } from './tokens.ts'

/** Scores of which some may be no number: a matrix. */
export interface Scored {
  readonly loss: number
  readonly metrics: Readonly<Record<string, MetricResult>>
}
export interface Scorer {
  /** The parameters, to be written before it runs. */
  readonly state: readonly Slot[]
  /** Left: why there are no samples, or null where the signal stopped it. */
  readonly run: (pace: Pace, signal: AbortSignal | undefined) => Promise<E.Either<DataError | null, Scored>>
}
export interface ScorerOptions {
  readonly model: UntypedModel
  readonly objective: Objective
  readonly params: unknown
  readonly data: UntypedData
  readonly sizes: Sizes
  /** The most samples at once. */
  readonly batchSize?: number | undefined
  readonly target: Target
}

/** A last, smaller batch is filled up with what stood there before, and what comes of that is left out. */
export const scorer = (options: ScorerOptions): TE.TaskEither<CompileError, Scorer> => {
  const { model, objective, params, data, sizes, batchSize, target } = options
  const { length } = data
  const rows = rowsAtOnce(length, batchSize)
  const output = numericShape(partsOf('evaluate', model).chain.shape, sizes)
  return pipe(
    build(scoringSource(model, objective, params, { columns: typesOf(data), sizes, rows: [rows] }), target),
    TE.map((machine): Scorer => {
      const entry = entryAt(machine, 0)
      const batches = isStream(data) ? readBatches(entry, model, data, rows) : heldBatches(entry, data, rows)
      const run: Scorer['run'] = async (pace, signal) => {
        const tally = tallyOf(entry, objective, length, output)
        pace.turn()
        const goesOn = (): boolean => !signal?.aborted
        const fault = await batches((count) => {
          tally.add(count, rows)
          return pace.due() ? pace.rest().then(goesOn) : goesOn()
        })
        if (fault !== undefined) return E.left(fault)
        pace.turn()
        return E.right(tally.scores())
      }
      return { state: machine.state, run }
    }),
    // fewer at once take less memory, and give the same
    TE.orElse((error) => (error.tag === 'OverLimit' && rows > 1 ? scorer({ ...options, batchSize: rows / 2 }) : TE.left(error))),
  )
}

/** Runs the entry on all samples, so many at a time, until `seen` says to stop: then null, or why there are no more; undefined at the end. */
type Batches = (seen: (count: number) => boolean | Promise<boolean>) => Promise<DataError | null | undefined>

const heldBatches = (entry: Entry, data: UntypedRows, rows: number): Batches => {
  const columns = columnsOf(data)
  return async (seen) => {
    for (let from = 0; from < data.length; from += rows) {
      const count = Math.min(rows, data.length - from)
      runRows(entry, columns, from, count)
      const goesOn = seen(count)
      // a promise for each batch would cost as much as a small one
      if (!(typeof goesOn === 'boolean' ? goesOn : await goesOn)) return null
    }
    return undefined
  }
}

const readBatches = (entry: Entry, model: object, { inputs, blocks, reading }: UntypedStream, rows: number): Batches => {
  const tokens = tokenCheck('stream', model, inputs)
  return async (seen) => {
    let from = 0
    for await (const got of regrouped(blocks, reading.prefetch ?? 4, rows)) {
      if (E.isLeft(got)) return got.left
      const { length } = got.right.inputs
      const fault = tokens(got.right.inputs, from)
      if (fault !== null) return fault
      runRows(entry, columnsOf(got.right), 0, length)
      if (!(await seen(length))) return null
      from += length
    }
    return undefined
  }
}

/** What the rows so far come to. */
interface Tally {
  /** After a run of the entry, of whose `rows` the first `count` are samples. */
  readonly add: (count: number, rows: number) => void
  readonly scores: () => Scored
}
const tallyOf = ({ results }: Entry, { metrics, overAll, names: asked }: Objective, length: number, output: readonly number[]): Tally => {
  const names = Object.keys(metrics)
  const views = results.map(({ view }) => view)
  const ofSamples = views.slice(0, 1 + names.length)
  const sums = new Float64Array(ofSamples.length)
  const collected = Object.entries(overAll).map(([name, { collect }], i) => {
    const [given, right] = views.slice(ofSamples.length + 2 * i) as [Slot['view'], Slot['view']]
    return { name, given, right, collector: collect(length, output) }
  })
  const add: Tally['add'] = (count, rows) => {
    for (const [i, view] of ofSamples.entries()) sums[i] = (sums[i] as number) + sumOf(view, count)
    const filled = (view: Slot['view']) => view.subarray(0, (view.length / rows) * count)
    for (const { given, right, collector } of collected) collector.add(filled(given), filled(right))
  }
  const scores = (): Scored => {
    const means = sums.map((sum) => sum / length)
    const values = new Map<string, MetricResult>([
      ...names.map((name, i) => [name, means[1 + i] as number] as const),
      ...collected.map(({ name, collector }) => [name, collector.value()] as const),
    ])
    const inOrder = Object.fromEntries(asked.map((name) => [name, values.get(name) as MetricResult]))
    return Object.freeze({ loss: means[0] as number, metrics: Object.freeze(inOrder) })
  }
  return { add, scores }
}

const sumOf = (view: Slot['view'], count: number): number => {
  let sum = 0
  for (let i = 0; i < count; i++) sum += view[i] as number
  return sum
}
