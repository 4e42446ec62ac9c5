/**
 * npm run bench: how long one training step takes, with the split by kernel. Rounds of every workload take turns, so that
 * all see the same noise; medians and minima are told, never one run.
 */
import { pipe } from 'fp-ts/lib/function.js'
import type { Machine } from '../src/runtime/machine.ts'
import { workloads } from './bench/workloads.ts'

const rounds = 15
/** Microseconds that one round of a workload lasts, about. */
const roundMicroseconds = 60_000

interface Timing {
  readonly median: number
  readonly minimum: number
}
const microseconds = (): number => performance.now() * 1000
const timing = (samples: readonly number[]): Timing => {
  const sorted = [...samples].sort((a, b) => a - b)
  return { median: sorted[sorted.length >> 1] as number, minimum: sorted[0] as number }
}
const show = ({ median, minimum }: Timing): string => `${median.toFixed(2).padStart(10)} ${minimum.toFixed(2).padStart(10)}`

interface Running {
  readonly name: string
  readonly machine: Machine
  /** Puts the next batch in its place. */
  readonly feed: () => void
  /** Steps of one round. */
  readonly steps: number
  readonly times: number[]
  readonly kernels: readonly { readonly name: string; readonly run: () => void; readonly times: number[] }[]
}

const timeOf = (steps: number, step: () => void): number => {
  const start = microseconds()
  for (let i = 0; i < steps; i++) step()
  return (microseconds() - start) / steps
}

const prepared = async (workload: (typeof workloads)[number]): Promise<Running> => {
  const { machine, feed } = await workload.start()
  const [entry] = machine.entries
  if (entry === undefined) throw new Error('a program without an entry')
  const step = (): void => {
    feed()
    entry.run()
  }
  for (let i = 0; i < 200; i++) step()
  const once = timeOf(20, step)
  return {
    name: workload.name,
    machine,
    feed,
    steps: Math.max(5, Math.round(roundMicroseconds / once)),
    times: [],
    kernels: machine.kernels(0).map((k) => ({ ...k, times: [] })),
  }
}

const round = ({ machine, feed, steps, times, kernels }: Running): void => {
  const run = (machine.entries[0] as (typeof machine.entries)[number]).run
  times.push(
    timeOf(steps, () => {
      feed()
      run()
    }),
  )
  // kernel by kernel in the order of the step, so that each finds what it needs, and finds it as warm as in the step
  const samples = kernels.map(() => 0)
  const turns = Math.max(1, Math.round(steps / 4))
  for (let turn = 0; turn < turns; turn++) {
    feed()
    kernels.forEach((k, i) => {
      const start = microseconds()
      k.run()
      samples[i] = (samples[i] as number) + microseconds() - start
    })
  }
  for (const [i, k] of kernels.entries()) k.times.push((samples[i] as number) / turns)
}

const report = ({ name, machine, times, kernels }: Running): void => {
  const { arenaBytes, wasmBytes, compileMilliseconds, passes } = machine.report
  console.log(`\n${name}`)
  console.log(`  ${''.padEnd(34)} ${'median µs'.padStart(10)} ${'best µs'.padStart(10)}`)
  console.log(`  ${'step, batch copied in'.padEnd(34)} ${show(timing(times))}`)
  for (const k of kernels) console.log(`    ${k.name.padEnd(32)} ${show(timing(k.times))}`)
  console.log(`  arena ${arenaBytes} bytes, module ${wasmBytes} bytes, compiled in ${compileMilliseconds.toFixed(1)} ms`)
  console.log(`    ${pipe(Object.entries(passes), (all) => all.map(([pass, ms]) => `${pass} ${ms.toFixed(1)}`).join(', '))}`)
}

const asJson = ({ name, machine, times, kernels }: Running) => ({
  name,
  step: timing(times),
  kernels: kernels.map((k) => ({ name: k.name, ...timing(k.times) })),
  report: machine.report,
})

const main = async (): Promise<void> => {
  const running: Running[] = []
  for (const workload of workloads) running.push(await prepared(workload))
  for (let i = 0; i < rounds; i++) for (const r of running) round(r)
  if (process.argv.includes('--json')) console.log(JSON.stringify(running.map(asJson)))
  else for (const r of running) report(r)
}

await main()
