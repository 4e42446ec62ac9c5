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
/** Write the arguments' views, `run()`, read the results' views: no garbage. */
export interface Entry {
  readonly sizes: Sizes
  readonly args: readonly Slot[]
  readonly results: readonly Slot[]
  readonly run: () => void
}
export interface Machine {
  readonly entries: readonly Entry[]
  /** Read before, written after each step. */
  readonly state: readonly Slot[]
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
  const slot = ({ buffer, offset }: Placed): Slot => {
    const length = product(buffer.shape)
    const view = buffer.dtype === 'f32' ? new Float32Array(memory.buffer, offset, length) : new Int32Array(memory.buffer, offset, length)
    return { path: buffer.path, shape: buffer.shape, dtype: buffer.dtype, view }
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
      args: args.map(slot),
      results: results.map(slot),
      run: exported(instance, entryName(i)) as () => void,
    })),
    state: stateSlots,
    memory,
    report: executable.report,
    kernels: (entry) =>
      (executable.entries[entry]?.calls ?? []).map(({ kernel, pointers }) => {
        const run = exported(instance, kernel) as (...pointers: readonly number[]) => void
        return { name: kernel, run: () => run(...pointers) }
      }),
  }
}

const exported = (instance: WebAssembly.Instance, name: string): WebAssembly.ExportValue => {
  const value = instance.exports[name]
  if (value === undefined) throw new InternalError(`the module does not export ${name}`, 'instantiate')
  return value
}
