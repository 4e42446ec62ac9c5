/** A profile as a table for a terminal: one for each entry, kernels in the order in which they run. */
import type { EntryProfile, KernelProfile, Profile } from './profile.ts'

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
