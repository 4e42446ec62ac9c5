/** divide: on how many threads a program runs. A step that is too short gains nothing from a second one. */
import type { Laid } from '../layout/layout.ts'
import { timesOf } from '../regions.ts'
import type { Target } from '../target.ts'
import { panelsOf } from './accesses.ts'
import { microsecondsOf } from './microseconds.ts'

export interface Divided {
  readonly entries: readonly Laid[]
  /** Threads that share each step; with 1 no kernel is divided. */
  readonly threads: number
}

/** Microseconds that threads wait for each other between two kernels while they spin: measured, with some to spare. */
const barrierMicroseconds = 0.3
/** To come together for a step: little in a loop of steps, and 40 where the workers sleep. */
const stepMicroseconds = 20
/** What another thread must save, as a share: below it the estimate is not to be trusted. */
const leastGain = 0.05

/** More would wait for each other longer than they work. */
const mostThreads = 32

/** The entry that takes longest decides for all; panels get a part for each thread. */
export const divide = (entries: readonly Laid[], { threads: asked, grain }: Target): Divided => {
  const most = Math.min(asked, mostThreads)
  const threads = grain === 0 || most <= 1 ? most : Math.max(1, ...entries.map((laid) => bestCount(laid, most, grain)))
  return { threads, entries: entries.map(threads === 1 ? whole : (laid) => shared(laid, threads)) }
}

/** As many as the target has, or as long as each one more still pays. */
const bestCount = ({ kernels, regions }: Laid, most: number, grain: number): number => {
  const times = kernels.map((k, i) => [timesOf(regions, i), microsecondsOf(k), k.split] as const)
  const lasts = (threads: number): number =>
    times.reduce(
      (sum, [often, time, split]) =>
        sum +
        often * (split === null || threads === 1 ? time : (time * Math.ceil(split.units / threads)) / split.units + barrierMicroseconds),
      threads === 1 ? 0 : stepMicroseconds,
    )
  let [best, least] = [1, lasts(1)]
  for (let threads = 2; threads <= most; threads++) {
    const time = lasts(threads)
    if (time < (1 - leastGain) * least && lasts(1) - time >= grain) [best, least] = [threads, time]
  }
  return best
}

const whole = (laid: Laid): Laid => ({ ...laid, kernels: laid.kernels.map((k) => ({ ...k, split: null })) })
const shared = (laid: Laid, threads: number): Laid => {
  const panels = new Set(laid.kernels.flatMap(panelsOf))
  return { ...laid, buffers: laid.buffers.map((b) => (panels.has(b.id) ? { ...b, shape: [threads, ...b.shape] } : b)) }
}
