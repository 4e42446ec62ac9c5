/** An executable: a compiled module and what is known of its arena. Immutable; any number of machines run it. */
import type { Sizes } from '../../types/dim.ts'
import { show } from '../../types/show.ts'
import type { Buffer, BufferId } from '../compiler/kernel.ts'
import type { Laid } from '../compiler/layout/layout.ts'
import type { ProgramMemory } from '../compiler/memory.ts'
import type { Plan } from '../compiler/plan.ts'
import type { Target } from '../compiler/target.ts'
import type { Divided } from '../compiler/threads/divide.ts'
import { type Call, type Emitted, pagesOf } from '../wasm/emit/emit.ts'

/** A buffer at its place in the arena. */
export interface Placed {
  readonly buffer: Buffer
  readonly offset: number
}
export interface ExecutableEntry {
  readonly sizes: Sizes
  readonly args: readonly Placed[]
  readonly results: readonly Placed[]
  /** The kernels that a step calls, in order. */
  readonly calls: readonly Call[]
  /** The same kernels as records: what a profile counts and names. */
  readonly laid: Pick<Laid, 'kernels' | 'buffers' | 'regions'>
}
export interface Report {
  /** Bytes of the arena, all entries together. */
  readonly arenaBytes: number
  /** How many of them hold rows of a data set. */
  readonly residentBytes: number
  readonly wasmBytes: number
  /** Kernels that one step of the first entry calls, those of a loop over time once. */
  readonly kernels: number
  /** Whether products and sums may be rounded together: asked for, and this host can. */
  readonly fastMath: boolean
  /** Why the program is strict although `fastMath` was asked for, in one line; null where it is as it was asked for. */
  readonly fastMathNotice: string | null
  /** Threads that share a step. */
  readonly threads: number
  /** Why there are fewer threads than were asked for, or than the host has, in one line; null where there are not. */
  readonly threadsNotice: string | null
  /** From the function to a module that can run, engine included. 0 where the module was there already. */
  readonly compileMilliseconds: number
  /** The same by pass. */
  readonly passes: Readonly<Record<string, number>>
}
export interface Executable {
  readonly module: WebAssembly.Module
  readonly state: readonly Placed[]
  readonly captured: readonly Placed[]
  readonly residents: readonly Placed[]
  readonly entries: readonly ExecutableEntry[]
  /** Of a program for several threads: what they share. */
  readonly shared: Shared | null
  readonly report: Report
}
export interface Shared {
  readonly threads: number
  /** Pages of the memory, which the module imports. */
  readonly pages: number
  /** The byte offset of the words by which threads wait for each other. */
  readonly sync: number
}

/** What a host lacks of what was asked for, a line each; null where it lacks nothing. */
export interface Lacking {
  readonly threads: string | null
  readonly fastMath: string | null
}
export const nothingLacking: Lacking = { threads: null, fastMath: null }

/** Why a function could not be compiled here; `message` says it in one sentence. */
export type CompileError =
  | { readonly tag: 'Unsupported'; readonly feature: string; readonly message: string }
  /** The plan needs more memory than a WebAssembly program can have, or than the host gives. */
  | { readonly tag: 'TooLarge'; readonly arenaBytes: number; readonly message: string }
  /** The plan needs more memory than `memoryLimit`: nothing was allocated. */
  | { readonly tag: 'OverLimit'; readonly memoryLimit: number; readonly memory: ProgramMemory; readonly message: string }

export const unsupported = (feature: string): CompileError => ({
  tag: 'Unsupported',
  feature,
  message: `compile: this host has no ${feature}`,
})
export const tooLarge = (arenaBytes: number, why: string): CompileError => ({
  tag: 'TooLarge',
  arenaBytes,
  message: `compile: the program needs ${Math.ceil(arenaBytes / 2 ** 20)} MB, ${why}`,
})

/** Why a program with this memory is refused under this limit, or null. Its memory is asked for only where it is refused. */
export const overLimit = (memoryLimit: number, arenaBytes: number, memoryOf: () => ProgramMemory): CompileError | null => {
  if (arenaBytes <= memoryLimit) return null
  const memory = memoryOf()
  const parts = [
    [memory.stateBytes, 'state'],
    [memory.capturedBytes, 'data that it holds'],
    [memory.residentBytes, 'samples'],
    [memory.stepBytes, 'what a step computes'],
  ].flatMap(([bytes, what]) => (bytes === 0 ? [] : [`${bytes} of ${what}`]))
  const [largest] = memory.largest
  const most = largest === undefined ? '' : `, the largest ${largest.path} ${show(largest.shape)} with ${largest.bytes}`
  const message = `compile: the program needs ${arenaBytes} bytes of memory, the limit is ${memoryLimit}: ${parts.join(', ')}${most}`
  return { tag: 'OverLimit', memoryLimit, memory, message }
}

interface Parts extends Divided {
  readonly module: WebAssembly.Module
  readonly bind: readonly Sizes[]
  readonly plan: Plan
  readonly emitted: Emitted
  readonly passes: Readonly<Record<string, number>>
  readonly target: Target
}

const fewerThreads = (threads: number, most: number): string =>
  `threads: ${threads === 1 ? 'the step is too short to gain from a second thread' : `the step gains nothing from more than ${threads} of ${most} threads`}`

export const executableOf = ({ module, entries, threads, bind, plan, emitted, passes, target }: Parts): Executable => {
  const placed = (entry: number, ids: readonly BufferId[]): readonly Placed[] =>
    ids.map((id) => ({ buffer: entries[entry]?.buffers[id] as Buffer, offset: plan.offsets[entry]?.get(id) as number }))
  const withRole = (entry: number, role: Buffer['role']): readonly Placed[] =>
    placed(entry, entries[entry]?.buffers.flatMap((b) => (b.role === role ? [b.id] : [])) ?? [])
  return {
    module,
    state: placed(0, entries[0]?.state ?? []),
    captured: withRole(0, 'captured'),
    residents: withRole(0, 'resident'),
    entries: entries.map(({ results, kernels, buffers, regions }, i) => ({
      laid: { kernels, buffers, regions },
      sizes: bind[i] as Sizes,
      args: withRole(i, 'argument'),
      results: placed(i, results),
      calls: emitted.calls[i] as readonly Call[],
    })),
    shared: plan.sync === null ? null : { threads, pages: pagesOf(plan.bytes), sync: plan.sync },
    report: {
      arenaBytes: plan.bytes,
      residentBytes: plan.residentBytes,
      wasmBytes: emitted.bytes.length,
      kernels: emitted.calls[0]?.length ?? 0,
      fastMath: target.fastMath,
      fastMathNotice: null,
      threads,
      threadsNotice: threads === target.threads ? null : fewerThreads(threads, target.threads),
      compileMilliseconds: Object.values(passes).reduce((a, b) => a + b, 0),
      passes,
    },
  }
}
