/** The mean loss and metrics of a whole data set, by a compiled program. */
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Sizes } from '../../types/dim.ts'
import { build } from '../compiler/compile.ts'
import type { Target } from '../compiler/target.ts'
import { entryAt, rowsAtOnce, runRows } from '../data/batches.ts'
import type { Column } from '../data/column.ts'
import type { CompileError } from '../runtime/executable.ts'
import type { Slot } from '../runtime/machine.ts'
import type { Pace } from '../runtime/pace.ts'
import type { Scores } from './progress.ts'
import { type Objective, scoringSource, type UntypedModel } from './step.ts'

export interface Scorer {
  /** The parameters, to be written before it runs. */
  readonly state: readonly Slot[]
  /** Null where the signal stopped it. */
  readonly run: (pace: Pace, signal: AbortSignal | undefined) => Promise<Scores | null>
}
export interface ScorerOptions {
  readonly model: UntypedModel
  readonly objective: Objective
  readonly params: unknown
  readonly inputs: Column
  readonly targets: Column
  readonly sizes: Sizes
  /** The most samples at once. */
  readonly batchSize?: number | undefined
  readonly target: Target
}

/** A last, smaller batch is filled up with what stood there before, and what comes of that is left out. */
export const scorer = ({
  model,
  objective,
  params,
  inputs,
  targets,
  sizes,
  batchSize,
  target,
}: ScorerOptions): TE.TaskEither<CompileError, Scorer> => {
  const columns = [inputs, targets]
  const length = inputs.length
  const rows = rowsAtOnce(length, batchSize)
  return pipe(
    build(scoringSource(model, objective, params, { columns, sizes, rows: [rows] }), target),
    TE.map((machine): Scorer => {
      const entry = entryAt(machine, 0)
      const views = entry.results.map(({ view }) => view)
      const run = async (pace: Pace, signal: AbortSignal | undefined): Promise<Scores | null> => {
        const sums = new Float64Array(views.length)
        pace.turn()
        for (let from = 0; from < length; from += rows) {
          const count = Math.min(rows, length - from)
          runRows(entry, columns, from, count)
          for (const [i, view] of views.entries()) sums[i] = (sums[i] as number) + sumOf(view, count)
          if (pace.due()) await pace.rest()
          if (signal?.aborted) return null
        }
        pace.turn()
        const means = sums.map((sum) => sum / length)
        return Object.freeze({ loss: means[0] as number, metrics: metricsOf(Object.keys(objective.metrics), means, 1) })
      }
      return { state: machine.state, run }
    }),
  )
}

/** Metrics by name, out of a list from the place `from` on. */
export const metricsOf = (names: readonly string[], values: Float64Array, from: number): Scores['metrics'] =>
  names.length === 0 ? none : Object.freeze(Object.fromEntries(names.map((name, i) => [name, values[from + i] as number])))
const none: Scores['metrics'] = Object.freeze({})

const sumOf = (view: Slot['view'], count: number): number => {
  let sum = 0
  for (let i = 0; i < count; i++) sum += view[i] as number
  return sum
}
