/** What a profile says, and how it reads in a terminal: a table for each entry, kernels in the order in which they run. */
import type { Sizes } from '../../types/dim.ts'

/** One kernel of a step, run by one thread; in a loop over time, all its iterations. Times are medians. */
export interface KernelProfile {
  /** Its function in the module. */
  readonly name: string
  /** What it is for: a layer, a parameter that it updates, a gradient, a result. '' where that is not known. */
  readonly about: string
  /** Its operations: `matmul, add, relu`. */
  readonly computes: string
  /** How often it was timed. */
  readonly calls: number
  readonly microseconds: number
  /** Its part of the time of all kernels, 0 to 1. */
  readonly share: number
  /** Operations on floats in a step; a multiply-add is two. */
  readonly flops: number
  /** Distinct bytes that it reads in a step, and writes; in a loop over time those of every iteration count. */
  readonly bytesRead: number
  readonly bytesWritten: number
  readonly gflopsPerSecond: number
  readonly gigabytesPerSecond: number
  /** Of the operations that this host can do at most, 0 to 1. */
  readonly shareOfPeak: number
}
/** One entry of a program: a step of one set of sizes. */
export interface EntryProfile {
  readonly sizes: Sizes
  /** Of the whole step in one call, by all threads. */
  readonly microseconds: number
  readonly kernels: readonly KernelProfile[]
}
/** Shown in a console or a template, it is a table. */
export interface Profile {
  readonly entries: readonly EntryProfile[]
  /** That share a step. */
  readonly threads: number
  /** The most that one thread did in a loop of multiply-adds alone, measured between the kernels. */
  readonly peakGflopsPerSecond: number
  readonly toString: () => string
}

export const profileText = ({ entries, threads, peakGflopsPerSecond }: Omit<Profile, 'toString'>): string =>
  entries.map((entry) => entryText(entry, threads, peakGflopsPerSecond)).join('\n\n')

const entryText = ({ sizes, microseconds, kernels }: EntryProfile, threads: number, peak: number): string => {
  const bound = Object.entries(sizes).map(([name, size]) => `${name} ${size}`)
  const flops = kernels.reduce((sum, k) => sum + k.flops, 0)
  const rate = microseconds > 0 ? flops / 1000 / microseconds : 0
  const head = [
    ['step', ...bound, ...(threads > 1 ? [`${threads} threads`] : [])].join(', '),
    `${number(microseconds)} µs`,
    `${number(flops / 1e6)} MFLOP, ${number(rate)} GFLOP/s: ${percent(rate / peak)} of the peak of ${number(peak)} on one thread`,
  ].join('  ')
  return [head, ...aligned([titles, ...kernels.map(cells)])].join('\n')
}

const titles = ['kernel', 'computes', 'calls', 'µs', 'time', 'MFLOP', 'KB', 'GFLOP/s', 'GB/s', 'of peak']
const cells = (k: KernelProfile): readonly string[] => [
  k.about,
  k.computes,
  `${k.calls}`,
  number(k.microseconds),
  percent(k.share),
  number(k.flops / 1e6),
  number((k.bytesRead + k.bytesWritten) / 1024),
  number(k.gflopsPerSecond),
  number(k.gigabytesPerSecond),
  percent(k.shareOfPeak),
]

/** Three digits that count, two below 1, or all in front of the point. */
const number = (x: number): string => {
  if (x === 0 || x >= 100) return x.toFixed(0)
  return x >= 10 ? x.toFixed(1) : x >= 1 ? x.toFixed(2) : `${Number(x.toPrecision(2))}`
}
const percent = (x: number): string => `${(100 * x).toFixed(0)} %`

/** Text to the left, numbers to the right. */
const aligned = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = titles.map((_, column) => rows.reduce((widest, row) => Math.max(widest, (row[column] as string).length), 0))
  const pad = (cell: string, column: number): string =>
    column < 2 ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number)
  return rows.map((row) => `  ${row.map(pad).join('  ')}`.trimEnd())
}
