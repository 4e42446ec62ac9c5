/** The mean and the deviation of a data set's inputs over all samples, of streams too. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Shape } from '../../types/dim.ts'
import { ShapeError } from '../../types/shape-error.ts'
import type { Tensor } from '../../types/tensor.ts'
import { data as dataNode } from '../graph/expression.ts'
import { tensorOf } from '../graph/node.ts'
import { pace } from '../runtime/pace.ts'
import { shown } from '../tensor/argument.ts'
import type { Column, ColumnType } from './column.ts'
import type { DataError, DataSource, Rows, RowTypes } from './data-source.ts'
import { type Blocks, regrouped } from './stream/blocks.ts'

/** Of each element of a sample, over all samples. */
export interface Moments<S extends Shape> {
  readonly mean: Tensor<S>
  /** The square root of the mean squared difference from the mean: that of the population, divided by n. 0 where all are the same. */
  readonly deviation: Tensor<S>
}

/**
 * mean = sum x / n and deviation = sqrt(sum (x - mean)^2 / n) of each element of the inputs, over all n samples, each counted once
 * whatever its weight, in f64; pixels are value / 255. What was measured on the training set standardises every other set too. An element
 * that never changes has deviation 0: `maximum` before `div`. A stream is read once, 4096 samples at a time (Chan, Golub and LeVeque 1983).
 *
 * @example
 * const made = dataset(samples([1, 10, 3, 10], [2]), classes([0, 1], 2))
 * const measured = E.isRight(made) ? await moments(made.right)() : made
 * E.isRight(measured) && [toArray(measured.right.mean), toArray(measured.right.deviation)] // => [[2, 10], [1, 0]]
 */
export const moments =
  <X extends Shape, Y>(data: DataSource<X, Y>): TE.TaskEither<DataError, Moments<X>> =>
  async () => {
    const { inputs } = data ?? {}
    if (inputs?.stored === undefined) throw new ShapeError(`moments: expected a data set, got ${shown(data)}`)
    if (inputs.dtype !== 'f32') throw new ShapeError('moments: the inputs are tokens, which have no mean')
    const sums: Sums = { count: 0, mean: new Float64Array(inputs.width), squares: new Float64Array(inputs.width) }
    const { due, rest } = pace()
    for await (const got of regrouped(blocksOf(data), 4, 4096)) {
      if (E.isLeft(got)) return got
      measure(sums, got.right.inputs)
      if (due()) await rest()
    }
    const scale = inputs.stored === 'u8' ? 255 : 1
    const { count, mean, squares } = sums
    return E.right({
      mean: oneSample<X>(inputs, mean, (sum) => sum / scale),
      deviation: oneSample<X>(inputs, squares, (sum) => Math.sqrt(sum / count) / scale),
    })
  }

/** The samples as blocks: a set in memory is one. */
const blocksOf = (data: (RowTypes & { readonly length: number }) | (Rows & { readonly length: number })): Blocks => {
  if ('blocks' in data) return data.blocks as Blocks // a stream's
  const rows = data as Rows // the columns of a set in memory have their values
  return { ...rows, starts: Float64Array.of(0, data.length), read: () => async () => E.right(rows) }
}

/** Of the samples so far: their mean, and the sums of squared differences from it. */
interface Sums {
  count: number
  readonly mean: Float64Array
  readonly squares: Float64Array
}

/** Two sets of samples are one: m = m1 + d n2 / n and M = M1 + M2 + d^2 n1 n2 / n, where d = m2 - m1. */
const measure = (sums: Sums, { values, width, length }: Column): void => {
  const [mean, squares] = [new Float64Array(width), new Float64Array(width)]
  for (let at = 0; at < values.length; at += width)
    for (let i = 0; i < width; i++) mean[i] = (mean[i] as number) + (values[at + i] as number)
  for (let i = 0; i < width; i++) mean[i] = (mean[i] as number) / length
  for (let at = 0; at < values.length; at += width)
    for (let i = 0; i < width; i++) {
      const difference = (values[at + i] as number) - (mean[i] as number)
      squares[i] = (squares[i] as number) + difference * difference
    }
  const count = sums.count + length
  for (let i = 0; i < width; i++) {
    const difference = (mean[i] as number) - (sums.mean[i] as number)
    sums.mean[i] = (sums.mean[i] as number) + (difference * length) / count
    const between = (difference * difference * sums.count * length) / count
    sums.squares[i] = (sums.squares[i] as number) + (squares[i] as number) + between
  }
  sums.count = count
}

const oneSample = <S extends Shape>({ shape, sizes }: ColumnType, sums: Float64Array, of: (sum: number) => number): Tensor<S> =>
  tensorOf<Tensor<S>>(dataNode(Float32Array.from(sums, of), shape, 'f32', sizes))
