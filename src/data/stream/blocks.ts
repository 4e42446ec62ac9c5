/** Samples that are read a block at a time: which blocks there are, and what becomes of them. All of it is values; reading is a task. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Key } from '../../../types/key.ts'
import { encipher } from '../../graph/threefry.ts'
import { pace } from '../../runtime/pace.ts'
import { type Column, type ColumnType, joinedColumns, reordered, rows } from '../column.ts'
import { type DataError, mapColumns, type Rows, type RowTypes } from '../data-source.ts'
import { asTyped } from '../join.ts'
import type { Mapper } from '../map.ts'
import { keptRows, type Predicate, picked } from '../select.ts'
import { shuffle, wordsOf } from '../shuffle.ts'

export interface Blocks {
  readonly inputs: ColumnType
  readonly targets: ColumnType
  readonly weights: ColumnType | null
  /** The number of the sample that each block starts with, then how many there are in all. */
  readonly starts: Float64Array
  readonly read: (block: number) => TE.TaskEither<DataError, Rows>
}

/** How many there are. */
export const blockCount = ({ starts }: Blocks): number => starts.length - 1
export const sampleCount = ({ starts }: Blocks): number => starts.at(-1) as number
/** Samples of a block. */
export const rowsIn = ({ starts }: Blocks, block: number): number => (starts[block + 1] as number) - (starts[block] as number)

/** Samples of the longest block. */
export const longestBlock = (blocks: Blocks): number => {
  let longest = 0
  for (let block = 0; block < blockCount(blocks); block++) longest = Math.max(longest, rowsIn(blocks, block))
  return longest
}

/** Blocks of as many samples each, but for the last. */
export const equalStarts = (length: number, blockRows: number): Float64Array =>
  Float64Array.from({ length: Math.ceil(length / blockRows) + 1 }, (_, i) => Math.min(i * blockRows, length))

/** The block in which a sample stands. */
export const blockOf = ({ starts }: Blocks, sample: number): number => {
  let [low, high] = [0, starts.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((starts[middle] as number) <= sample) low = middle
    else high = middle
  }
  return low
}

/** `count` samples from `from` on; the blocks at both ends are cut. */
export const cut = (blocks: Blocks, from: number, count: number): Blocks => {
  const first = blockOf(blocks, from)
  const inside = [...blocks.starts.subarray(first + 1)].filter((start) => start < from + count).map((start) => start - from)
  const starts = Float64Array.from(count === 0 ? [0] : [0, ...inside, count])
  const read = (block: number): TE.TaskEither<DataError, Rows> => {
    const start = (starts[block] as number) + from - (blocks.starts[first + block] as number)
    const length = (starts[block + 1] as number) - (starts[block] as number)
    return pipe(blocks.read(first + block), TE.map(part(start, length)))
  }
  return { ...blocks, starts, read }
}
const part =
  (from: number, length: number) =>
  (given: Rows): Rows =>
    given.inputs.length === length ? given : mapColumns(given, (column) => rows(column, from, length))

/** The blocks of one, then those of the other, as rows of these types. */
export const joined = (a: Blocks, b: Blocks, types: RowTypes): Blocks => {
  const [length, count] = [sampleCount(a), blockCount(a)]
  const starts = Float64Array.from([...a.starts.subarray(0, count), ...b.starts.map((start) => length + start)])
  const read = (block: number): TE.TaskEither<DataError, Rows> =>
    pipe(
      block < count ? a.read(block) : b.read(block - count),
      TE.map((rows) => asTyped(rows, types)),
    )
  return { ...types, starts, read }
}

/** Each block mapped when it is read. */
export const mappedBlocks = ({ starts, read }: Blocks, { inputs, targets, weights, run }: Mapper): Blocks => ({
  inputs,
  targets,
  weights,
  starts,
  read: (block) =>
    pipe(
      read(block),
      TE.chain((rows) => run(rows, starts[block] as number)),
    ),
})

/** The samples that a predicate keeps: it is asked once, of all, and what it said is remembered, a bit a sample. */
export const keptBlocks =
  (blocks: Blocks, isKept: Predicate, ahead: number): TE.TaskEither<DataError, Blocks> =>
  async () => {
    const kept: { readonly block: number; readonly count: number; readonly bits: Uint8Array }[] = []
    const { due, rest } = pace()
    let block = 0
    for await (const got of inOrder(blocks, ahead)) {
      if (E.isLeft(got)) return got
      const numbers = keptRows(got.right, isKept, blocks.starts[block] as number)
      if (numbers.length > 0) kept.push({ block, count: numbers.length, bits: bitsOf(numbers, got.right.inputs.length) })
      if (due()) await rest()
      block += 1
    }
    const starts = new Float64Array(kept.length + 1)
    for (const [i, { count }] of kept.entries()) starts[i + 1] = (starts[i] as number) + count
    const read = (i: number): TE.TaskEither<DataError, Rows> => {
      const { block, count, bits } = kept[i] as (typeof kept)[number]
      return pipe(
        blocks.read(block),
        TE.map((rows) => picked(rows, numbersOf(bits, count))),
      )
    }
    return E.right({ ...blocks, starts, read })
  }

const bitsOf = (numbers: Uint32Array, length: number): Uint8Array => {
  const bits = new Uint8Array(Math.ceil(length / 8))
  for (const number of numbers) bits[number >> 3] = (bits[number >> 3] as number) | (1 << (number & 7))
  return bits
}
const numbersOf = (bits: Uint8Array, count: number): Uint32Array => {
  const numbers = new Uint32Array(count)
  for (let number = 0, at = 0; at < count; number++) if ((bits[number >> 3] as number) & (1 << (number & 7))) numbers[at++] = number
  return numbers
}

/** The blocks in an order that the key draws, and the samples of each too. */
export const shuffledBlocks = (blocks: Blocks, key: Key): Blocks => {
  const words = wordsOf(key)
  const order = new Uint32Array(blockCount(blocks))
  shuffle(order, words)
  const starts = new Float64Array(order.length + 1)
  for (const [i, block] of order.entries()) starts[i + 1] = (starts[i] as number) + rowsIn(blocks, block)
  const read = (i: number): TE.TaskEither<DataError, Rows> => {
    const block = order[i] as number
    return pipe(
      blocks.read(block),
      TE.map((given) => {
        const within = new Uint32Array(given.inputs.length)
        const own = new Int32Array(2)
        encipher(words, 1, block, own, 0)
        shuffle(within, own)
        return mapColumns(given, (column) => reordered(column, within))
      }),
    )
  }
  return { ...blocks, starts, read }
}

/** Each block in its order, while as many as `ahead` behind it are read; it ends with the first that can't be read. */
export async function* inOrder(blocks: Blocks, ahead: number): AsyncGenerator<E.Either<DataError, Rows>, void, undefined> {
  const count = blockCount(blocks)
  const reading: Promise<E.Either<DataError, Rows>>[] = []
  for (let block = 0; block < count; block++) {
    for (let next = block + reading.length; next < Math.min(count, block + 1 + ahead); next++) reading.push(blocks.read(next)())
    const got = await (reading.shift() as Promise<E.Either<DataError, Rows>>)
    yield got
    if (E.isLeft(got)) return
  }
}

/** All samples in their order, so many at a time; the last have what is left. Those of one block are not copied. */
export async function* regrouped(blocks: Blocks, ahead: number, size: number): AsyncGenerator<E.Either<DataError, Rows>, void, undefined> {
  let parts: readonly Rows[] = []
  let held = 0
  for await (const got of inOrder(blocks, ahead)) {
    if (E.isLeft(got)) {
      yield got
      return
    }
    const { length } = got.right.inputs
    for (let from = 0; from < length; ) {
      const count = Math.min(size - held, length - from)
      parts = [...parts, part(from, count)(got.right)]
      held += count
      from += count
      if (held < size) continue
      yield E.right(joinedRows(parts))
      parts = []
      held = 0
    }
  }
  if (held > 0) yield E.right(joinedRows(parts))
}

/** The samples of all, one part behind the other. */
export const joinedRows = (parts: readonly Rows[]): Rows => {
  const [first] = parts as readonly [Rows, ...(readonly Rows[])]
  if (parts.length === 1) return first
  return {
    inputs: joinedColumns(parts.map(({ inputs }) => inputs)),
    targets: joinedColumns(parts.map(({ targets }) => targets)),
    weights: first.weights === null ? null : joinedColumns(parts.map(({ weights }) => weights as Column)),
  }
}
