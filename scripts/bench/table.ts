/** The report of a run: Markdown, whose tables line up in a terminal too. */
import type { LineResult, Measured } from './measure.ts'
import { type Machine, peakKinds } from './peaks.ts'
import { ratioOf, timingOf } from './statistics.ts'
import { roundsOf, shareOf } from './summary.ts'
import { contractionFlops, parameterCount, updateCost } from './workloads.ts'

export interface Sweep {
  readonly axis: string
  readonly points: readonly Measured[]
}
export interface Run {
  readonly date: string
  readonly machine: Machine
  readonly measured: readonly Measured[]
  readonly sweep: readonly Sweep[]
}

/** Rows under a head, columns as wide as their longest cell; all but the first are numbers, and stand right. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((cell, i) => Math.max(3, cell.length, ...rows.map((row) => (row[i] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number))).join(' | ')} |`
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

export const time = (microseconds: number | null): string =>
  microseconds === null || Number.isNaN(microseconds)
    ? ''
    : microseconds >= 100
      ? Math.round(microseconds).toLocaleString('en')
      : microseconds.toFixed(2)
const times = (ratio: number | null): string => (ratio === null ? '' : ratio.toFixed(ratio < 100 ? 2 : 0))
const percent = (share: number | null): string => (share === null || Number.isNaN(share) ? '' : `${(share * 100).toFixed(0)} %`)

export const report = (run: Run): string =>
  [
    machineText(run),
    ...run.measured.map((each) => workloadText(each, run)),
    ...(run.sweep.length === 0 ? [] : [sweepText(run.sweep)]),
    missingText(run),
  ].join('\n\n')

const machineText = ({ date, machine }: Run): string => {
  const { cpu, cores, memoryGigabytes, system, node, cflags, peaks, bandwidth } = machine
  const host = `${date}. ${cpu}, ${cores} cores, ${memoryGigabytes} GB, ${system}; Node ${node}`
  if (peaks === null || bandwidth === null) return `${host}. No C compiler: shares are of what WebAssembly itself reaches in registers.`
  const intro = `${host}; C compiled with \`cc ${cflags}\`.`
  const names = { mulAdd128: '128-bit multiply, add', fma128: '128-bit fused multiply-add', mulAdd256: '256-bit multiply, add' }
  const kinds = { ...names, fma256: '256-bit fused multiply-add (AVX2)', fma512: '512-bit fused multiply-add (AVX-512)' }
  const number = (rate: number | null | undefined): string => (typeof rate === 'number' ? rate.toFixed(1) : '')
  const arithmetic = peakKinds.map((kind) => [`${kinds[kind]}, GFLOP/s`, number(peaks.one[kind]), number(peaks.two[kind])])
  const memory = Object.keys(bandwidth.one).map((kind) => [
    `${kind.startsWith('read') ? 'reading' : 'two read, one written'}, ${kind.replace(/^\D+/, '')}, GB/s`,
    number(bandwidth.one[kind]),
    number(bandwidth.two[kind]),
  ])
  return [intro, '', table(['measured on', 'one core', 'two cores'], [...arithmetic, ...memory])].join('\n')
}

const workloadText = (measured: Measured, run: Run): string => {
  const { workload, lines } = measured
  // what runs nowhere is named once, below
  const refusals = measured.refusals.filter(({ id }) => run.measured.some((other) => other.lines.some((line) => line.id === id)))
  const mflop = (contractionFlops(workload) / 1e6).toPrecision(4)
  const cost = `${mflop} MFLOP in products, ${parameterCount(workload).toLocaleString('en')} parameters`
  const traffic = updateCost(workload).bytes / 1e6
  return [
    `## ${workload.id}: ${workload.title}`,
    '',
    `${cost}${traffic > 0 ? `, ${traffic.toPrecision(3)} MB through the optimizer` : ''}.${busyText(measured)}`,
    '',
    timesTable(measured),
    ...splitTable(measured, run.machine),
    ...kernelTable(lines),
    ...ownText(lines),
    ...(refusals.length === 0 ? [] : ['', refusals.map(({ id, why }) => `${id}: ${why}`).join('; ')]),
  ].join('\n')
}

/** Above this the figures are of no use. */
const mostLoad = 0.2
const busyText = ({ othersLoad }: Measured): string =>
  othersLoad > mostLoad ? ` **Others kept ${othersLoad.toFixed(1)} cores busy: take no figure of this from here.**` : ''

const timesTable = (measured: Measured): string => {
  const head = ['', 'µs, median', 'best', 'x ours', 'x C', 'GFLOP/s', 'of 128 mul+add', 'of 128 FMA', 'of AVX2', 'of AVX-512']
  const rows = measured.lines.flatMap(({ id, rounds }) => {
    const timing = timingOf(rounds)
    if (timing === null) return []
    const ratio = (other: string): string => times(ratioOf(rounds, roundsOf(measured, other)))
    const gflops = contractionFlops(measured.workload) / timing.median / 1000
    const shares = (['mulAdd128', 'fma128', 'fma256', 'fma512'] as const).map((kind) => percent(shareOf(measured, id, kind)))
    return [[id, time(timing.median), time(timing.minimum), ratio('ours'), ratio('c-openblas'), gflops.toFixed(2), ...shares]]
  })
  return table(head, rows)
}

/** The bandwidth that an optimizer's pass is held against: two read, one written, in as much memory as W1's parameters and state. */
const optimizerBandwidth = 'triad3MB'

/** Products and optimizer apart, on one thread: what each reaches of what bounds it. */
const splitTable = ({ workload, lines }: Measured, { bandwidth }: Machine): readonly string[] => {
  const apart = lines.flatMap(({ id, split, rounds }) => (split === null ? [] : [{ id, split, rounds }]))
  if (apart.length === 0) return []
  const limit = bandwidth?.one[optimizerBandwidth] ?? Number.NaN
  const rows = apart.map(({ id, split, rounds }) => {
    const gflops = split.gemm > 0 ? (contractionFlops(workload) / split.gemm / 1000).toFixed(2) : ''
    const rate = split.optimizer > 0 ? updateCost(workload).bytes / split.optimizer / 1000 : 0
    const moved = rate > 0 ? [rate.toFixed(1), percent(rate / limit)] : ['', '']
    const step = timingOf(rounds)?.median ?? null
    const over = step === null || split.gemm === 0 ? null : step / split.gemm
    return [id, time(split.gemm), gflops, times(over), time(split.optimizer), ...moved, time(split.rest)]
  })
  return ['', table(['µs, apart', 'products', 'GFLOP/s', 'step / products', 'optimizer', 'GB/s', 'of bandwidth', 'rest'], rows)]
}

/** Our strict line by kernel, in the order of the step. */
const kernelTable = (lines: readonly LineResult[]): readonly string[] => {
  const ours = lines.find(({ id }) => id === 'ours')?.split
  if (ours == null) return []
  const all = ours.gemm + ours.optimizer + ours.rest
  const rows = ours.kernels.map(({ name, about, piece, microseconds }) => [
    about === '' ? name : `${name}: ${about}`,
    piece,
    time(microseconds),
    percent(microseconds / all),
  ])
  return ['', table(['ours by kernel', 'part', 'µs', 'of the step'], rows)]
}

/** What a program of ours is: kernels, bytes, how long until the first step, and what steps leave behind. */
const ownText = (lines: readonly LineResult[]): readonly string[] =>
  lines.flatMap(({ id, report: said, garbage }) => {
    if (said === null) return []
    const passes = Object.entries((said.passes ?? {}) as Record<string, number>).map(([pass, ms]) => `${pass} ${ms.toFixed(1)}`)
    const data = Number(said.residentBytes) > 0 ? `, ${said.residentBytes} of them samples` : ''
    const bytes = `arena ${said.arenaBytes} bytes${data}, module ${said.wasmBytes} bytes, ${said.kernels} kernels`
    const compiled = `compiled in ${milliseconds(said.compileMilliseconds)} ms${id === 'ours' ? ` (${passes.join(', ')})` : ''}`
    const first = `first step, initial weights and all, after ${milliseconds(said.firstStepMilliseconds)} ms`
    const left = garbage === null ? '' : `; ${garbage.bytes} bytes of garbage in ${garbage.steps.toLocaleString('en')} steps`
    return ['', `${id}: ${bytes}; ${compiled}, ${first}${left}.`]
  })
const milliseconds = (value: unknown): string => Number(value).toFixed(1)

const sweepText = (sweep: readonly Sweep[]): string =>
  [
    '## How cost grows',
    '',
    'Microseconds a step; in brackets GFLOP/s of products.',
    ...sweep.flatMap((each) => ['', axisTable(each)]),
  ].join('\n')

const axisTable = ({ axis, points }: Sweep): string => {
  const ids = [...new Set(points.flatMap(({ lines }) => lines.map(({ id }) => id)))]
  const rows = points.map((point) => [
    point.workload.title,
    ...ids.map((id) => {
      const timing = timingOf(roundsOf(point, id) ?? [])
      return timing === null ? '' : `${time(timing.median)} (${(contractionFlops(point.workload) / timing.median / 1000).toFixed(1)})`
    }),
  ])
  return table([axis, ...ids], rows)
}

/** Every line that did not run, once, and what the others are. */
const missingText = ({ measured }: Run): string => {
  const ran = new Map(measured.flatMap(({ lines }) => lines.map(({ id, version }) => [id, version] as const)))
  const missing = new Map(
    measured.flatMap(({ refusals }) => refusals.filter(({ id }) => !ran.has(id)).map(({ id, why }) => [id, why] as const)),
  )
  const slow = [...ran].filter(([id, version]) => id.startsWith('c-') && /Prescott|Core2|generic/i.test(version)).map(([id]) => id)
  const old =
    slow.length === 0 ? [] : ['', `This OpenBLAS does not know this processor: ${slow.join(', ')} ran its code for the oldest ones (SSE3).`]
  const listed = (all: ReadonlyMap<string, string>): readonly string[] => [...all].map(([id, what]) => `- ${id}: ${what}`)
  return ['## What ran', '', ...listed(ran), ...old, ...(missing.size === 0 ? [] : ['', 'What did not:', '', ...listed(missing)])].join(
    '\n',
  )
}
