/** A machine: one instance of an executable, its memory, and live views on it. The only thing here that changes. */
import type { DType, Sizes } from '../../types/dim.ts'
import { product } from '../compiler/kernel.ts'
import { InternalError } from '../graph/internal-error.ts'
import type { Elements } from '../graph/op.ts'
import { syncWords } from '../wasm/emit/barrier.ts'
import { type Call, entryName } from '../wasm/emit/emit.ts'
import { type Executable, type ExecutableEntry, type Lacking, nothingLacking, type Placed, type Report } from './executable.ts'
import { faster } from './threads/choice.ts'
import { crewFault, enlist } from './threads/crew.ts'
import { maySleep } from './threads/host.ts'

/** A live view of one tensor in the arena; a bool is 0 or 1 in an i32. */
export interface Slot {
  readonly path: string
  readonly shape: readonly number[]
  readonly dtype: DType
  readonly view: Float32Array | Int32Array
}
/** What the host puts in: bytes where the program reads bytes. */
export interface DataSlot extends Omit<Slot, 'view'> {
  readonly view: Slot['view'] | Uint8Array
}
/** Write the arguments' views, `run()`, read the results' views: no garbage. */
export interface Entry {
  readonly sizes: Sizes
  readonly args: readonly DataSlot[]
  readonly results: readonly Slot[]
  readonly run: () => void
}
export interface Machine {
  readonly entries: readonly Entry[]
  /** Read before, written after each step. */
  readonly state: readonly Slot[]
  /** The memory from the first slot of the state to the last: what it takes to keep a state, or to put one back. */
  readonly stateBytes: Uint8Array
  /** Rows of a data set, which the host fills before the steps that read them. */
  readonly residents: readonly DataSlot[]
  readonly memory: WebAssembly.Memory
  /** What steps may write over: all memory but the rows of data sets and the words by which threads meet. */
  readonly writable: readonly Uint8Array[]
  readonly report: Report
  /** Threads that share the next step: 1 until the workers have taken up the program. */
  readonly threads: () => number
  /** Each kernel of an entry as a function that runs it alone, as often as a step does: what a profile times. */
  readonly kernels: (entry: number) => readonly { readonly name: string; readonly run: () => void }[]
  /** The same kernels as records, with the buffers that they are over. */
  readonly laid: (entry: number) => ExecutableEntry['laid']
}

/** An instance, and the memory that it exports or has been given. */
export interface Instantiated {
  readonly instance: WebAssembly.Instance
  readonly memory: WebAssembly.Memory
}

/** An instance with its memory filled: state and captured data are copied in. */
export const start = (
  executable: Executable,
  { instance, memory }: Instantiated,
  state: readonly Elements[],
  captured: readonly Elements[],
  lacking: Lacking = nothingLacking,
): Machine => {
  const slot = ({ buffer: { path, shape, dtype }, offset }: Placed): Slot => {
    const Elements = dtype === 'f32' ? Float32Array : Int32Array
    return { path, shape, dtype, view: new Elements(memory.buffer, offset, product(shape)) }
  }
  const dataSlot = (placed: Placed): DataSlot => {
    const { path, shape, dtype, storage } = placed.buffer
    return storage === 'u8' ? { path, shape, dtype, view: new Uint8Array(memory.buffer, placed.offset, product(shape)) } : slot(placed)
  }
  const fill = (slots: readonly Slot[], values: readonly Elements[]): void => {
    slots.forEach((s, i) => {
      s.view.set(values[i] as Elements)
    })
  }
  const stateSlots = executable.state.map(slot)
  fill(stateSlots, state)
  fill(executable.captured.map(slot), captured)
  const { runOf, threads } = runner(executable, { instance, memory })
  const residents = executable.residents.map(dataSlot)
  return {
    entries: executable.entries.map(({ sizes, args, results }, i) => ({
      sizes,
      args: args.map(dataSlot),
      results: results.map(slot),
      run: runOf(i),
    })),
    state: stateSlots,
    stateBytes: bytesUnder(stateSlots),
    residents,
    memory,
    writable: around(new Uint8Array(memory.buffer, 0, executable.shared?.sync ?? memory.buffer.byteLength), residents),
    get report() {
      return reportOf(executable, lacking)
    },
    threads,
    laid: (entry) => (executable.entries[entry] as ExecutableEntry).laid,
    kernels: (entry) =>
      (executable.entries[entry]?.calls ?? []).map(({ kernel, pointers, units, turns }) => {
        const run = exported(instance, kernel) as (...pointers: readonly number[]) => void
        return { name: kernel, run: repeated(units === null ? pointers : [...pointers, 0, units], turns, run) }
      }),
  }
}

/** A kernel's function as its loops over time call it, the outermost loop first. */
export const repeated = (numbers: readonly number[], [turn, ...inner]: Call['turns'], run: (...numbers: readonly number[]) => void) => {
  if (turn === undefined) return () => run(...numbers)
  const { times, by, turns } = turn
  const at = (time: number): readonly number[] => numbers.map((n, i) => n + (turns[i] === true ? time % 2 : time) * (by[i] ?? 0))
  const iterations = Array.from({ length: times }, (_, time): (() => void) => repeated(at(time), inner, run))
  return () => {
    for (const iteration of iterations) iteration()
  }
}

/** The memory between the ends of slots. */
const bytesUnder = (slots: readonly Slot[]): Uint8Array => {
  const from = Math.min(...slots.map(({ view }) => view.byteOffset))
  const to = Math.max(...slots.map(({ view }) => view.byteOffset + view.byteLength))
  const [first] = slots
  return first === undefined ? new Uint8Array(0) : new Uint8Array(first.view.buffer, from, to - from)
}

/** The memory before slots that lie side by side, and behind them. */
const around = (all: Uint8Array, slots: readonly DataSlot[]): readonly Uint8Array[] => {
  const ends = slots.flatMap(({ view }) => [view.byteOffset, view.byteOffset + view.byteLength])
  return ends.length === 0 ? [all] : [all.subarray(0, Math.min(...ends)), all.subarray(Math.max(...ends))]
}

/** The report as it is now: what the host lacks of what was asked for, and what it refused since. */
const reportOf = ({ report, shared }: Executable, lacking: Lacking): Report => {
  const fault = shared === null ? null : crewFault()
  return {
    ...report,
    fastMathNotice: lacking.fastMath,
    threads: fault === null ? report.threads : 1,
    threadsNotice: lacking.threads ?? fault ?? report.threadsNotice,
  }
}

interface Runner {
  readonly runOf: (entry: number) => () => void
  readonly threads: () => number
}
/** The steps of an instance: of one thread, or shared with workers as soon as these are there. */
const runner = ({ module, entries, shared }: Executable, { instance, memory }: Instantiated): Runner => {
  if (shared === null) return { runOf: (entry) => exported(instance, entryName(entry)) as () => void, threads: () => 1 }
  const { threads, sync } = shared
  new Int32Array(memory.buffer)[(sync + syncWords.maySleep) / 4] = maySleep() ? 1 : 0
  const names = entries.map((_, i) => entryName(i))
  const job = enlist({ module, memory, entries: names, threads, ready: sync + syncWords.ready })
  const runOf = (entry: number): (() => void) => {
    const step = exported(instance, entryName(entry)) as (thread: number, threads: number) => void
    const alone = (): void => step(0, 1)
    const share = faster({
      shared: () => {
        job.call(entry)
        step(0, threads)
      },
      alone,
    })
    return () => (job.isReady() ? share() : alone())
  }
  return { runOf, threads: () => (job.isReady() ? threads : 1) }
}

const exported = (instance: WebAssembly.Instance, name: string): WebAssembly.ExportValue => {
  const value = instance.exports[name]
  if (value === undefined) throw new InternalError(`the module does not export ${name}`, 'instantiate')
  return value
}
