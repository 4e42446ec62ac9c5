/** What the machine can do: arithmetic and bandwidth, measured by a program of its own that takes its turn in every round. */
import { cpus, totalmem } from 'node:os'
import { compiled, flags } from './builds.ts'
import { peersFolder } from './lines.ts'
import { type Conversation, converse } from './protocol.ts'

/** GFLOP/s, by kind: `mulAdd128` rounds twice as strict code does, `fma128` once; null where the machine has no such instruction. */
export const peakKinds = ['mulAdd128', 'fma128', 'mulAdd256', 'fma256', 'fma512'] as const
export type Peaks = Readonly<Record<(typeof peakKinds)[number], number | null>>
/** GB/s, by what is done (`read`, or `triad`: two read, one written) and how much memory it goes round in. */
export type Bandwidth = Readonly<Record<string, number>>

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGigabytes: number
  readonly system: string
  readonly node: string
  readonly cflags: string
  /** On one core and on two; null without a C compiler. */
  readonly peaks: { readonly one: Peaks; readonly two: Peaks } | null
  readonly bandwidth: { readonly one: Bandwidth; readonly two: Bandwidth } | null
}
export type Peaksmith = Conversation

const seconds = 60
/** Of each kind. */
const peakMilliseconds = 4
const bandwidthMilliseconds = 40

/** Null with the reason, where there is no C compiler. */
export const startPeaks = (): { readonly smith: Peaksmith } | { readonly missing: string } => {
  const built = compiled('peaks', ['peaks.c'], 'nothing')
  return 'missing' in built ? built : { smith: converse({ command: built.file, args: [] }, peersFolder) }
}

export const askPeaks = async (smith: Peaksmith, threads: number): Promise<Peaks | null> => {
  const asked = await smith.ask({ do: 'peaks', threads, milliseconds: peakMilliseconds }, seconds)
  if (!asked.ok) return null
  const peaks = peakKinds.map((kind) => [kind, typeof asked.answer[kind] === 'number' ? asked.answer[kind] : null] as const)
  return Object.fromEntries(peaks) as Peaks
}

const askBandwidth = async (smith: Peaksmith, threads: number): Promise<Bandwidth | null> => {
  const asked = await smith.ask({ do: 'bandwidth', threads, milliseconds: bandwidthMilliseconds }, seconds)
  if (!asked.ok) return null
  return Object.fromEntries(Object.entries(asked.answer).flatMap(([kind, rate]) => (typeof rate === 'number' ? [[kind, rate]] : [])))
}

export const machineOf = async (smith: Peaksmith | null): Promise<Machine> => {
  const [one, two] = smith === null ? [null, null] : [await askPeaks(smith, 1), await askPeaks(smith, 2)]
  const [near, far] = smith === null ? [null, null] : [await askBandwidth(smith, 1), await askBandwidth(smith, 2)]
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    cflags: flags.join(' '),
    peaks: one === null || two === null ? null : { one, two },
    bandwidth: near === null || far === null ? null : { one: near, two: far },
  }
}
