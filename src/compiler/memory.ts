/** What a plan's memory holds, by what it is there for: what a limit refuses is said in these numbers. */
import type { DType } from '../../types/dim.ts'
import { type Buffer, product, type Role } from './kernel.ts'
import { bytesOf } from './plan.ts'

/** The memory of a program, in bytes, of all its entries together. */
export interface ProgramMemory {
  readonly arenaBytes: number
  /** What is kept from step to step: parameters, the optimizer's state, keys. */
  readonly stateBytes: number
  /** Data that the function itself holds. */
  readonly capturedBytes: number
  /** Samples of a data set. */
  readonly residentBytes: number
  /** What a step needs beside them: batches, activations, gradients, results. Those that are not live at once share their bytes. */
  readonly stepBytes: number
  /** The largest arrays of a step, three at most. */
  readonly largest: readonly StepArray[]
}
/** An array that lives during a step. `path` is an argument's number, or what made the array. */
export interface StepArray {
  readonly path: string
  readonly shape: readonly number[]
  readonly dtype: DType
  readonly bytes: number
}

/** What is known of a plan where it is asked for: when it is made, and when its program is found again. */
interface Planned {
  readonly arenaBytes: number
  /** The buffers of each entry. */
  readonly entries: readonly { readonly buffers: readonly Buffer[] }[]
}

export const memoryOf = ({ arenaBytes, entries }: Planned): ProgramMemory => {
  const [first] = entries
  const withRole = (wanted: Role): number =>
    (first?.buffers ?? []).reduce((sum, buffer) => (buffer.role === wanted ? sum + bytesOf(buffer) : sum), 0)
  const [stateBytes, capturedBytes, residentBytes] = [withRole('state'), withRole('captured'), withRole('resident')]
  const stepBytes = arenaBytes - stateBytes - capturedBytes - residentBytes
  return { arenaBytes, stateBytes, capturedBytes, residentBytes, stepBytes, largest: largestOf(entries) }
}

const ofStep: readonly Role[] = ['argument', 'result', 'temporary']
/** Of arrays of one name and one rank, which are the same in several entries, the largest. */
const largestOf = (entries: Planned['entries']): readonly StepArray[] => {
  const found = new Map<string, StepArray>()
  for (const buffer of entries.flatMap(({ buffers }) => buffers)) {
    if (!ofStep.includes(buffer.role)) continue
    const { role, shape, dtype } = buffer
    const path = role === 'argument' ? `argument ${buffer.path}` : buffer.path
    const key = `${path} ${shape.length} ${dtype}`
    const bytes = bytesOf(buffer)
    if (bytes > (found.get(key)?.bytes ?? 0)) found.set(key, { path, shape, dtype, bytes })
  }
  return [...found.values()].sort((a, b) => b.bytes - a.bytes || product(b.shape) - product(a.shape)).slice(0, 3)
}
