/** Where a program's time goes: every kernel timed alone, beside what it has to do and what this host can do at most. */
import { recordMessage } from '../../types/options.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { costIn } from '../compiler/cost.ts'
import { wordsOf } from '../compiler/words.ts'
import { shown } from '../tensor/argument.ts'
import { emitPeak, flopsPerTurn, peakName } from '../wasm/emit/peak.ts'
import type { Entry, Machine } from './machine.ts'
import { type EntryProfile, type KernelProfile, type Profile, profileText } from './profile-text.ts'

export interface ProfileOptions {
  /** About how long to measure each entry; 200 unless said. */
  readonly milliseconds?: number
}

/** Times every entry. What is in memory before is there again afterwards. */
export const profileOf = (machine: Machine, options: ProfileOptions = {}): Profile => {
  const milliseconds = checkedTime(options)
  const restore = kept(machine)
  const peak = peakOf(machine)
  try {
    const timings = machine.entries.map((_, i) => timed(machine, i, peak, milliseconds))
    const gflops = flopsPerTurn / 1000 / Math.min(...peak.times.filter((time) => time > 0))
    const entries = timings.map((timing, i) => entryProfile(machine, i, timing, gflops))
    return shownAsTable({ entries, threads: machine.threads(), peakGflopsPerSecond: gflops })
  } finally {
    restore()
  }
}

/** JavaScript may ask for no time at all, or for all there is. */
const checkedTime = (options: ProfileOptions): number => {
  const wrong = recordMessage('profile', options, ['milliseconds'], shown)
  if (wrong !== null) throw new ShapeError(wrong)
  const { milliseconds = 200 } = options
  if (Number.isFinite(milliseconds) && milliseconds > 0) return milliseconds
  throw new ShapeError(`profile: milliseconds must be a number above 0, got ${shown(milliseconds)}`)
}

/** Keeps what steps write over. The function puts it back. */
const kept = ({ writable }: Machine): (() => void) => {
  const copies = writable.map((part) => part.slice())
  return () => {
    for (const [i, part] of writable.entries()) part.set(copies[i] as Uint8Array)
  }
}

const shownAsTable = (profile: Omit<Profile, 'toString'>): Profile => {
  const show = { value: () => profileText(profile), enumerable: false }
  return Object.freeze(Object.defineProperties({ ...profile, toString: show.value }, { toString: show, [inspect]: show }))
}
const inspect = Symbol.for('nodejs.util.inspect.custom')

/** Microseconds. */
interface Timing {
  readonly step: readonly number[]
  readonly kernels: readonly (readonly number[])[]
}
interface Peak {
  /** Times one more sample: microseconds for a turn. */
  readonly sample: () => void
  readonly times: readonly number[]
}

const entryProfile = (machine: Machine, i: number, timing: Timing, peak: number): EntryProfile => {
  const laid = machine.laid(i)
  const words = wordsOf(laid)
  const microseconds = timing.kernels.map(median)
  const all = microseconds.reduce((a, b) => a + b, 0)
  return {
    sizes: (machine.entries[i] as Entry).sizes,
    microseconds: median(timing.step),
    kernels: machine.kernels(i).map(({ name }, n): KernelProfile => {
      const { flops, bytesRead, bytesWritten } = costIn(laid, n)
      const time = microseconds[n] as number
      const gflopsPerSecond = perSecond(flops, time)
      return {
        name,
        ...(words[n] as (typeof words)[number]),
        calls: timing.kernels[n]?.length ?? 0,
        microseconds: time,
        share: all > 0 ? time / all : 0,
        flops,
        bytesRead,
        bytesWritten,
        gflopsPerSecond,
        gigabytesPerSecond: perSecond(bytesRead + bytesWritten, time),
        shareOfPeak: gflopsPerSecond / peak,
      }
    }),
  }
}
/** Thousands of millions in a second; 0 where the clock saw no time. */
const perSecond = (amount: number, microseconds: number): number => (microseconds > 0 ? amount / 1000 / microseconds : 0)

const now = (): number => performance.now() * 1000
const timeOf = (run: () => void): number => {
  const start = now()
  run()
  return now() - start
}
const median = (samples: readonly number[]): number => [...samples].sort((a, b) => a - b)[samples.length >> 1] ?? 0

/** Turns of one sample of the peak: tens of microseconds. */
const peakTurns = 5000
const peakOf = ({ report }: Machine): Peak => {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(emitPeak(report)))
  const run = exports[peakName] as (turns: number) => number
  const times: number[] = []
  // an engine's better compiler takes over after some calls
  for (let i = 0; i < 20; i++) run(peakTurns)
  return { sample: () => times.push(timeOf(() => run(peakTurns)) / peakTurns), times }
}

/** Kernels that take less are called in a row: a clock can't time them one by one. */
const shortMicroseconds = 20
/** Rounds after which the state is put back: fed with one batch for ever, gradients die out in subnormal numbers, which are slow. */
const roundsTogether = 8

/** Kernel by kernel in the order of the step, so that each finds what it needs, and finds it as warm as in the step. */
const timed = (machine: Machine, i: number, peak: Peak, milliseconds: number): Timing => {
  const entry = machine.entries[i] as Entry
  const kernels = machine.kernels(i)
  const samples = kernels.map((): number[] => [])
  const step: number[] = []
  const state = machine.stateBytes.slice()
  const reset = (): void => {
    machine.stateBytes.set(state)
    fillArguments(entry)
    entry.run()
  }
  const warm = now() + milliseconds * 250
  for (let round = 0; round < 3 || (now() < warm && round < 100); round++) reset()
  const end = now() + milliseconds * 750
  for (let round = 0; round < 5 || (now() < end && round < 1000); round++) {
    if (round % roundsTogether === 0) reset()
    peak.sample()
    step.push(timeOf(entry.run))
    for (const [n, { run }] of kernels.entries()) samples[n]?.push(timeOf(run))
  }
  kernels.forEach(({ run }, n) => {
    const once = median(samples[n] as number[])
    if (once < shortMicroseconds) samples[n] = inARow(run, reset, once)
  })
  const steps = median(step) < shortMicroseconds ? inARow(entry.run, reset, median(step)) : step
  machine.stateBytes.set(state)
  return { step: steps, kernels: samples }
}
const inARow = (run: () => void, reset: () => void, once: number): number[] => {
  const times = Math.ceil((2 * shortMicroseconds) / Math.max(once, 0.1))
  return Array.from({ length: 9 }, () => {
    reset()
    return (
      timeOf(() => {
        for (let i = 0; i < times; i++) run()
      }) / times
    )
  })
}

/** What nobody gave yet is made up: numbers between -1 and 1, whole numbers from 0 on, and every other is true. */
const fillArguments = ({ args }: Entry): void => {
  let seed = 1
  for (const { view, dtype } of args)
    for (let i = 0; i < view.length; i++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
      view[i] = dtype === 'f32' ? seed / 2 ** 31 - 1 : dtype === 'i32' ? i : i & 1
    }
}
