/** Sources of samples for tests: those of a set in memory, a block at a time, or made up where they are asked for. */
import * as TE from 'fp-ts/lib/TaskEither.js'
import { rows } from '../../src/data/column.ts'
import { mapColumns } from '../../src/data/data-source.ts'
import { type Dataset, dataset } from '../../src/data/dataset.ts'
import { samples } from '../../src/data/samples.ts'
import type { RowSource } from '../../src/data/stream/stream.ts'
import { rightOf } from '../train/values.ts'

/** The samples `[i, -i]` with the targets `[i]`. */
export const counted = (length: number): Dataset<[2], [1]> => {
  const numbers = Array.from({ length }, (_, i) => i)
  return rightOf(
    dataset(
      samples(
        numbers.flatMap((i) => [i, -i]),
        [2],
      ),
      samples(numbers, [1]),
    ),
  )
}

/** The samples of a set in memory, copied at each read, which takes a turn of the event loop. */
export const sourceOf = <X, Y>(given: Dataset<X, Y>, blockRows: number): RowSource => {
  const { length, inputs, targets, weights } = given
  return {
    length,
    inputs,
    targets,
    weights: weights !== null,
    blockRows,
    read: (from, count) =>
      TE.fromTask(async () => {
        await new Promise((turn) => setImmediate(turn))
        const read = mapColumns(given, (column) => {
          const part = rows(column, from, count)
          return { ...part, values: part.values.slice() }
        })
        return { inputs: read.inputs, targets: read.targets, ...(read.weights === null ? {} : { weights: read.weights }) }
      }),
  }
}
