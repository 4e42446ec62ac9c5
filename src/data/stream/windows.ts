/** Samples of a stream on their way to training: windows are read ahead, shuffled, and handed out in the order of the epochs. */
import * as E from 'fp-ts/lib/Either.js'
import { type Column, columnWith, copyRows, emptyValues } from '../column.ts'
import { columnsOf, type DataError, type Rows, typesOf } from '../data-source.ts'
import { type Blocks, longestBlock, rowsIn, sampleCount } from './blocks.ts'
import { type EpochPlan, epochPlan, orderWindow, windowCount, windowSamples } from './epoch-plan.ts'
import type { Reading } from './stream.ts'

/** Stands before a sample of an epoch and moves on, at the end of an epoch into the next. */
export interface Windows {
  /** Goes to where an epoch has seen so many samples. */
  readonly seek: (epoch: number, samples: number) => void
  /** Copies the next samples into columns, from the row `at` on, until they are `count` or are not read yet: how many it copied. */
  readonly take: (into: readonly Column['values'][], at: number, count: number) => number
  /** Until the next samples are there: null, or why they can't be. */
  readonly wait: () => Promise<DataError | null>
}
export interface WindowsOptions {
  readonly blocks: Blocks
  readonly reading: Reading
  readonly orderKey: ArrayLike<number>
  /** Epochs in all: nothing is read for more. */
  readonly epochs: number
  /** What is wrong with samples, the first of which has this number. */
  readonly check: (rows: Rows, first: number) => DataError | null
}

/** A window of an epoch, and how many of its samples, or of its blocks, are done with. */
interface Position {
  readonly plan: EpochPlan
  readonly window: number
  done: number
}
/** Room for the samples of a window, its blocks one behind the other. It is written over when the window is done with. */
interface Place {
  window: Position
  /** Blocks that are still to come. */
  missing: number
  /** The epoch whose order `order` has; null for none. */
  ordered: number | null
  readonly columns: readonly Column[]
  readonly order: Uint32Array
}
interface State extends WindowsOptions {
  readonly samples: number
  /** All samples are one window, which is read once. */
  readonly isWhole: boolean
  readonly ahead: number
  readonly atOnce: number
  readonly places: Place[]
  /** The next sample to hand out, and the next block to read: of the same window or the one behind it. */
  at: Position
  next: Position
  /** The row of its place that the next block belongs to. */
  row: number
  /** What was read before the last `seek` to elsewhere comes too late. */
  seeks: number
  inFlight: number
  failure: { readonly at: Position; readonly why: DataError } | null
  broken: { readonly cause: unknown } | null
  wake: () => void
}

/** Blocks that are read at once, at most. */
const mostAtOnce = 8

export const windowsOf = (options: WindowsOptions): Windows => {
  const { blocks, reading, orderKey } = options
  const samples = windowSamples(blocks, reading)
  const ahead = reading.prefetch ?? Number.POSITIVE_INFINITY
  const plan = epochPlan(blocks, samples, orderKey, 0)
  const state: State = {
    ...options,
    samples,
    isWhole: samples >= sampleCount(blocks),
    ahead,
    atOnce: Math.max(1, Math.min(mostAtOnce, ahead)),
    places: [],
    at: { plan, window: 0, done: 0 },
    next: { plan, window: 0, done: 0 },
    row: 0,
    seeks: 0,
    inFlight: 0,
    failure: null,
    broken: null,
    wake: () => {},
  }
  return {
    seek: (epoch, sample) => seek(state, epoch, sample),
    take: (into, at, count) => take(state, into, at, count),
    wait: () => wait(state),
  }
}

const seek = (state: State, epoch: number, samples: number): void => {
  const to = positionAt(state, epoch, samples)
  if (isSame(state, to, state.at)) state.at = to
  else {
    state.at = to
    state.next = { ...to, done: 0 }
    state.row = 0
    state.places.length = 0
    state.seeks += 1
    state.inFlight = 0
    state.failure = null
  }
  readOn(state)
}

const positionAt = (state: State, epoch: number, samples: number): Position => {
  const plan = planOf(state, epoch)
  const window = plan.starts.findLastIndex((start) => start <= samples)
  return window < windowCount(plan)
    ? { plan, window, done: samples - (plan.starts[window] as number) }
    : { plan: planOf(state, epoch + 1), window: 0, done: 0 }
}

const take = (state: State, into: readonly Column['values'][], at: number, count: number): number => {
  let copied = 0
  while (copied < count) {
    const place = placeOf(state, state.at)
    if (place === undefined || place.missing > 0) return copied
    const rows = windowRows(state.at)
    if (place.ordered !== state.at.plan.epoch) orderPlace(state, place)
    const some = Math.min(count - copied, rows - state.at.done)
    for (const [i, column] of place.columns.entries()) {
      const values = into[i] as Column['values']
      copyRows(column, values.subarray((at + copied) * column.width))(place.order, state.at.done, some)
    }
    copied += some
    state.at.done += some
    if (state.at.done < rows) continue
    state.at = behind(state, state.at)
    readOn(state)
  }
  return copied
}

const wait = async (state: State): Promise<DataError | null> => {
  for (;;) {
    if (state.broken !== null) throw state.broken.cause
    if (placeOf(state, state.at)?.missing === 0) return null
    if (state.failure !== null && isSame(state, state.failure.at, state.at)) return state.failure.why
    await new Promise<void>((resolve) => {
      state.wake = resolve
    })
  }
}

/** Asks for blocks, those of the present window first, while there is room and they are not too far ahead. */
const readOn = (state: State): void => {
  while (state.failure === null && state.inFlight < state.atOnce && state.next.plan.epoch < state.epochs) {
    const { next, at } = state
    if (next.done === blocksOf(next).length) {
      if (state.isWhole || !isSame(state, next, at)) return
      state.next = behind(state, next)
      state.row = 0
      continue
    }
    if (!isSame(state, next, at) && next.done >= state.ahead) return
    const place = placeOf(state, next) ?? newPlace(state, next)
    const block = blocksOf(next)[next.done] as number
    readBlock(state, place, block, state.row)
    next.done += 1
    state.row += rowsIn(state.blocks, block)
  }
}

/** Its samples belong from the row `row` on. */
const readBlock = (state: State, place: Place, block: number, row: number): void => {
  const { seeks, blocks } = state
  const { window } = place
  state.inFlight += 1
  const arrived = (got: E.Either<DataError, Rows>): void => {
    if (seeks !== state.seeks) return
    state.inFlight -= 1
    const why = E.isLeft(got) ? got.left : state.check(got.right, blocks.starts[block] as number)
    if (why !== null) state.failure ??= { at: window, why }
    else if (E.isRight(got)) fill(state, place, got.right, row)
    readOn(state)
    state.wake()
  }
  blocks
    .read(block)()
    .then(arrived)
    .catch((cause: unknown) => {
      state.broken ??= { cause }
      state.wake()
    })
}

const fill = (state: State, place: Place, rows: Rows, row: number): void => {
  for (const [i, { values, width }] of columnsOf(rows).entries()) (place.columns[i] as Column).values.set(values, row * width)
  place.missing -= 1
  if (place.missing === 0) orderPlace(state, place)
}

/** Draws the order of a window. That of all samples is another one in each epoch. */
const orderPlace = (state: State, place: Place): void => {
  const { plan, window } = state.isWhole ? state.at : place.window
  orderWindow(place.order.subarray(0, windowRows(place.window)), plan, window, state.orderKey)
  place.ordered = plan.epoch
}

/** Room for a window: that of one which is done with, where there is one. */
const newPlace = (state: State, window: Position): Place => {
  const free = state.places.find((place) => !isSame(state, place.window, state.at))
  const missing = blocksOf(window).length
  if (free !== undefined) return Object.assign(free, { window: { ...window }, missing, ordered: null })
  const longest = longestWindow(state)
  const columns = typesOf(state.blocks).map((type) => columnWith(type, emptyValues(type, longest)))
  const place = { window: { ...window }, missing, ordered: null, columns, order: new Uint32Array(longest) }
  state.places.push(place)
  return place
}

const longestWindow = ({ blocks, samples }: State): number => Math.min(sampleCount(blocks), samples + longestBlock(blocks) - 1)

const placeOf = (state: State, at: Position): Place | undefined => state.places.find(({ window }) => isSame(state, window, at))
const isSame = ({ isWhole }: State, a: Position, b: Position): boolean =>
  isWhole || (a.plan.epoch === b.plan.epoch && a.window === b.window)
const behind = (state: State, { plan, window }: Position): Position =>
  window + 1 < windowCount(plan) ? { plan, window: window + 1, done: 0 } : { plan: planOf(state, plan.epoch + 1), window: 0, done: 0 }
const planOf = ({ at, next, blocks, samples, orderKey }: State, epoch: number): EpochPlan =>
  [at, next].find(({ plan }) => plan.epoch === epoch)?.plan ?? epochPlan(blocks, samples, orderKey, epoch)
const windowRows = ({ plan: { starts }, window }: Position): number => (starts[window + 1] as number) - (starts[window] as number)
const blocksOf = ({ plan: { order, firsts }, window }: Position): Uint32Array => order.subarray(firsts[window], firsts[window + 1])
