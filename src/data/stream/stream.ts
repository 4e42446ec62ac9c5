/** Data sets that are read a block at a time, since they are larger than memory or lie elsewhere. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { showTarget, type TargetTensor } from '../../../types/classes.ts'
import type { BoundDim } from '../../../types/dim.ts'
import type { Key } from '../../../types/key.ts'
import type { Joined, MappedInput, MappedTarget, Mapping } from '../../../types/mapped.ts'
import { ShapeError } from '../../../types/shape-error.ts'
import { showTyped } from '../../../types/show.ts'
import type { DimOf } from '../../../types/size.ts'
import type { CompileError } from '../../runtime/executable.ts'
import { rowsFault } from '../checks.ts'
import { type Column, type ColumnType, columnType, columnWith, emptyValues, typeOnly } from '../column.ts'
import { columnsOf, type DataError, type DataSource, type InputTensor, type Rows, type RowTypes } from '../data-source.ts'
import { atLeast, batchTensors, type Dataset, datasetOf, inspect, stepOf, within } from '../dataset.ts'
import { joinedTypes } from '../join.ts'
import { type MapFunction, mapperOf } from '../map.ts'
import type { MapOptions, MapTo, SampleValues } from '../mapping.ts'
import { type Predicate, predicateOf } from '../select.ts'
import {
  type Blocks,
  blockCount,
  cut,
  equalStarts,
  inOrder,
  joined,
  keptBlocks,
  longestBlock,
  mappedBlocks,
  regrouped,
  sampleCount,
  shuffledBlocks,
} from './blocks.ts'

/** Where the samples of a `StreamedDataset` come from. */
export interface RowSource {
  readonly length: number
  readonly inputs: ColumnType
  readonly targets: ColumnType
  /** Whether each sample has a weight. */
  readonly weights?: boolean
  /** Rows that are cheapest to read together. */
  readonly blockRows: number
  /** The rows from `from` on, a multiple of `blockRows`, `count` of them: a whole block, but for the last. */
  readonly read: (from: number, count: number) => TE.TaskEither<DataError, Read>
}
/** What was read: columns of the types that the source says. */
export interface Read {
  readonly inputs: Column
  readonly targets: Column
  readonly weights?: Column
}

/** Samples like those of a `Dataset`, read a block at a time, each time they are asked for. */
export interface StreamedDataset<in out X, in out Y> extends DataSource<X, Y> {
  readonly blocks: Blocks
  readonly reading: Reading
  /** The first `count` samples, and the rest. */
  readonly split: (count: number) => readonly [StreamedDataset<X, Y>, StreamedDataset<X, Y>]
  /** The blocks in an order that the key draws, and the samples of each block too: samples stay near those that they are read with. */
  readonly shuffled: (key: Key) => StreamedDataset<X, Y>
  /** The first `count` samples. */
  readonly take: (count: number) => StreamedDataset<X, Y>
  /**
   * Over how many samples `fit` shuffles at a time: it draws an order of the blocks, and one of the samples in as many blocks as have so
   * many together. The samples of 32 MB unless said; with as many as there are, the order is that of a set in memory.
   */
  readonly window: (samples: number) => StreamedDataset<X, Y>
  /** How many blocks are read ahead of those in use; while training as many as the next window has, unless said, else 4. */
  readonly prefetch: (blocks: number) => StreamedDataset<X, Y>
  /**
   * All samples in their order, `size` at a time, as tensors; the first that can't be read ends it. Where `size` is a number, samples that
   * are left over at the end are left out; where it is a `dim`, they come last, under the same name.
   */
  readonly batches: <const N extends number | BoundDim<string>>(
    size: N,
  ) => AsyncIterable<E.Either<DataError, readonly [inputs: InputTensor<DimOf<N>, X>, targets: TargetTensor<DimOf<N>, Y>]>>
  /**
   * What a function makes of each sample, whenever a block is read. It is given some at once, its dim in front is `batch`, and it is compiled
   * once; one that makes a sample depend on others is a `ShapeError`: what needs all is computed before, as `moments` is. Class numbers that
   * it gives as targets are below the number of classes that there were, or below that of the option `classes`.
   */
  readonly map: StreamedMapOf<X, Y>
  /**
   * The samples of whose values (flat, pixels as value / 255) a function says true. All blocks are read once, to count them: which samples
   * were kept is remembered, a bit each, and the function is not asked again.
   */
  readonly filter: (
    isKept: (x: SampleValues<X>, y: SampleValues<Y>, sample: number) => boolean,
  ) => TE.TaskEither<DataError, StreamedDataset<X, Y>>
  /** These samples, then those of another set. Where one set has weights, the samples of the other count as one. */
  readonly concat: <V, W>(other: Joined<X, Y, V, W, StreamedDataset<V, W>>) => StreamedDataset<X, Y>
  /** All samples, in memory. */
  readonly load: TE.TaskEither<DataError, Dataset<X, Y>>
}

export type StreamedMapOf<X, Y> = <A, B, const C extends number = never>(
  f: Mapping<X, Y, MapTo<X, Y, A, B, C>>,
  options?: MapOptions<C>,
) => TE.TaskEither<CompileError, StreamedDataset<MappedInput<A>, MappedTarget<Y, B, C>>>

/** How blocks are read. */
export interface Reading {
  /** Samples that are shuffled together, at least; null where nobody said. */
  readonly window: number | null
  /** Blocks that are read ahead; null where nobody said. */
  readonly prefetch: number | null
}

/** A data set of what a source reads; the caller vouches for `X` and `Y`. Every block is checked when it is read. */
export const streamed = <X, Y>(source: RowSource): StreamedDataset<X, Y> => {
  const { length, inputs, targets, weights = false, blockRows, read } = source
  const starts = equalStarts(length, blockRows)
  const blocks: Blocks = {
    inputs: typeOnly(inputs),
    targets: typeOnly(targets),
    weights: weights ? columnType([], {}, 'f32') : null,
    starts,
    read: (block) => checked(read, starts[block] as number, (starts[block + 1] as number) - (starts[block] as number)),
  }
  return streamOf(blocks, { window: null, prefetch: null })
}

const checked =
  (read: RowSource['read'], from: number, count: number): TE.TaskEither<DataError, Rows> =>
  async () => {
    const got = await attempt(read(from, count))
    if (E.isLeft(got)) return got
    const { inputs, targets, weights = null } = got.right
    const given: Rows = { inputs, targets, weights }
    const odd = [inputs, targets, weights].find((column) => column !== null && column.values.length !== count * column.width)
    if (odd != null) return E.left(unreadable(`stream: ${count} samples were to be read from sample ${from} on, ${odd.length} came`))
    const fault = rowsFault('stream', given, from)
    return fault === null ? E.right(given) : E.left(fault)
  }
/** A source gives an `Either`; should it throw, it is told as one. */
const attempt = async <A>(task: TE.TaskEither<DataError, A>): Promise<E.Either<DataError, A>> => {
  try {
    return await task()
  } catch (cause) {
    return E.left(unreadable(`stream: ${cause instanceof Error ? cause.message : String(cause)}`))
  }
}
export const unreadable = (message: string): DataError => ({ tag: 'Unreadable', message })

export const streamOf = <X, Y>(blocks: Blocks, reading: Reading): StreamedDataset<X, Y> => {
  const length = sampleCount(blocks)
  const { inputs, targets, weights } = blocks
  const part = (from: number, count: number): StreamedDataset<X, Y> => streamOf(cut(blocks, from, count), reading)
  const take = (count: number) => part(0, within('take', count, length))
  const split = (count: number) => [take(within('split', count, length)), part(count, length - count)] as const
  const shuffled = (key: Key): StreamedDataset<X, Y> => streamOf(shuffledBlocks(blocks, key), reading)
  const window = (samples: number): StreamedDataset<X, Y> =>
    streamOf(blocks, { ...reading, window: atLeast('window', 'samples', samples, 1) })
  const prefetch = (count: number): StreamedDataset<X, Y> =>
    streamOf(blocks, { ...reading, prefetch: atLeast('prefetch', 'blocks', count, 0) })
  const ahead = reading.prefetch ?? 4
  const batches = (size: number | BoundDim<string>) => {
    const count = stepOf(size)
    return { [Symbol.asyncIterator]: () => tensorsOf(blocks, ahead, size, count) }
  }
  const map = (f: MapFunction, options: unknown = {}) =>
    pipe(
      mapperOf(blocks, f, options, longestBlock(blocks)),
      TE.map((mapper) => streamOf(mappedBlocks(blocks, mapper), reading)),
    )
  const filter = (isKept: Predicate) =>
    pipe(
      keptBlocks(blocks, predicateOf(isKept), ahead),
      TE.map((kept) => streamOf<X, Y>(kept, reading)),
    )
  const concat = (other: RowTypes & { readonly blocks?: Blocks }): StreamedDataset<X, Y> => {
    const types = joinedTypes(blocks, other)
    if (other.blocks === undefined)
      throw new ShapeError('concat: one set is read a block at a time, the other is in memory; load() the first')
    return streamOf(joined(blocks, other.blocks, types), reading)
  }
  const load = pipe(
    loaded(blocks, ahead),
    TE.map((given) => datasetOf<X, Y>(given)),
  )
  const shown = () =>
    `data set of ${length} samples ${showTyped(inputs)}, their targets ${showTarget(targets)}, in ${blockCount(blocks)} blocks`
  const members = {
    length,
    inputs,
    targets,
    weights,
    blocks,
    reading,
    shuffled,
    take,
    split,
    window,
    prefetch,
    batches,
    map,
    filter,
    concat,
    load,
  }
  // the columns have lost X and Y
  return Object.freeze(Object.defineProperty(members, inspect, { value: shown })) as unknown as StreamedDataset<X, Y>
}

async function* tensorsOf(blocks: Blocks, ahead: number, size: number | BoundDim<string>, count: number) {
  for await (const got of regrouped(blocks, ahead, count)) {
    if (E.isLeft(got)) yield got
    else if (typeof size !== 'number') yield E.right(batchTensors(got.right, { ...size, size: got.right.inputs.length }))
    else if (got.right.inputs.length === count) yield E.right(batchTensors(got.right, size))
  }
}

const loaded =
  (blocks: Blocks, ahead: number): TE.TaskEither<DataError, Rows> =>
  async () => {
    const whole = (type: ColumnType): Column => columnWith(type, emptyValues(type, sampleCount(blocks)))
    const { weights } = blocks
    const rows = { inputs: whole(blocks.inputs), targets: whole(blocks.targets), weights: weights === null ? null : whole(weights) }
    const columns = columnsOf(rows)
    let from = 0
    for await (const got of inOrder(blocks, ahead)) {
      if (E.isLeft(got)) return got
      for (const [i, { values, width }] of columnsOf(got.right).entries()) (columns[i] as Column).values.set(values, from * width)
      from += got.right.inputs.length
    }
    return E.right(rows)
  }
