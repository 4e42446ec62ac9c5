/** In which order an epoch sees what is read a block at a time: blocks in an order of their own, shuffled over a window of several. */
import { encipher } from '../../graph/threefry.ts'
import { sampleBytes } from '../column.ts'
import { typesOf } from '../data-source.ts'
import { shuffle } from '../shuffle.ts'
import { type Blocks, blockCount, rowsIn, sampleCount } from './blocks.ts'
import type { Reading } from './stream.ts'

/** The windows of an epoch: stretches of the order of its blocks. */
export interface EpochPlan {
  readonly epoch: number
  readonly order: Uint32Array
  /** The place in the order where each window begins, then how many blocks there are. */
  readonly firsts: readonly number[]
  /** How many samples come before each window, then how many there are. */
  readonly starts: readonly number[]
}

/** Bytes of samples that are shuffled together, where nobody says. */
const windowBytes = 2 ** 25

/** Samples of a window, at least. */
export const windowSamples = (blocks: Blocks, { window }: Reading): number =>
  window ?? Math.max(1, Math.floor(windowBytes / typesOf(blocks).reduce((sum, type) => sum + sampleBytes(type), 0)))

/**
 * Where all samples are one window, the blocks stay in their order, and the key shuffles the samples: that is the order of a set in
 * memory. `orderKey` is that of a run.
 */
export const epochPlan = (blocks: Blocks, samples: number, orderKey: ArrayLike<number>, epoch: number): EpochPlan => {
  const count = blockCount(blocks)
  const length = sampleCount(blocks)
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  if (samples >= length) return { epoch, order, firsts: [0, count], starts: [0, length] }
  shuffle(order, derived(epochKey(orderKey, epoch), 1, 0))
  const [firsts, starts] = [[0], [0]]
  let sum = 0
  for (let i = 0; i < count; i++) {
    sum += rowsIn(blocks, order[i] as number)
    if (sum - (starts.at(-1) as number) < samples && i < count - 1) continue
    firsts.push(i + 1)
    starts.push(sum)
  }
  return { epoch, order, firsts, starts }
}

export const windowCount = ({ starts }: EpochPlan): number => starts.length - 1

/** The order of the samples in a window, whose blocks lie one behind the other; as many as there is room for. */
export const orderWindow = (into: Uint32Array, plan: EpochPlan, window: number, orderKey: ArrayLike<number>): void => {
  const key = epochKey(orderKey, plan.epoch)
  shuffle(into, windowCount(plan) === 1 ? key : derived(key, 2, window))
}

const derived = (key: ArrayLike<number>, kind: number, number: number): Int32Array => {
  const words = new Int32Array(2)
  encipher(key, kind, number, words, 0)
  return words
}
/** The key of an epoch: that of a set in memory. */
const epochKey = (orderKey: ArrayLike<number>, epoch: number): Int32Array => derived(orderKey, 0, epoch)
