/** A machine: one instance of an executable, its memory, and live views on it. The only thing here that changes. */
import type { DType, Sizes } from '../../types/dim.ts'
import { product } from '../compiler/kernel.ts'
import { InternalError } from '../graph/internal-error.ts'
import type { Elements } from '../graph/op.ts'
import { entryName } from '../wasm/emit/emit.ts'
import type { Executable, Placed, Report } from './executable.ts'

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
  readonly report: Report
  /** Each kernel of an entry as a function that runs it alone: what a profile times. */
  readonly kernels: (entry: number) => readonly { readonly name: string; readonly run: () => void }[]
}

/** An instance with its memory filled: state and captured data are copied in. */
export const start = (
  executable: Executable,
  instance: WebAssembly.Instance,
  state: readonly Elements[],
  captured: readonly Elements[],
): Machine => {
  const memory = exported(instance, 'memory') as WebAssembly.Memory
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
  return {
    entries: executable.entries.map(({ sizes, args, results }, i) => ({
      sizes,
      args: args.map(dataSlot),
      results: results.map(slot),
      run: exported(instance, entryName(i)) as () => void,
    })),
    state: stateSlots,
    stateBytes: bytesUnder(stateSlots),
    residents: executable.residents.map(dataSlot),
    memory,
    report: executable.report,
    kernels: (entry) =>
      (executable.entries[entry]?.calls ?? []).map(({ kernel, pointers }) => {
        const run = exported(instance, kernel) as (...pointers: readonly number[]) => void
        return { name: kernel, run: () => run(...pointers) }
      }),
  }
}

/** The memory between the ends of slots. */
const bytesUnder = (slots: readonly Slot[]): Uint8Array => {
  const from = Math.min(...slots.map(({ view }) => view.byteOffset))
  const to = Math.max(...slots.map(({ view }) => view.byteOffset + view.byteLength))
  const [first] = slots
  return first === undefined ? new Uint8Array(0) : new Uint8Array(first.view.buffer, from, to - from)
}

const exported = (instance: WebAssembly.Instance, name: string): WebAssembly.ExportValue => {
  const value = instance.exports[name]
  if (value === undefined) throw new InternalError(`the module does not export ${name}`, 'instantiate')
  return value
}
