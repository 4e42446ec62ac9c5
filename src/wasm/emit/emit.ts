/** emit: laid kernels and their places -> the bytes of one module. A function a kernel, an exported function an entry. */
import { type Buffer, type BufferId, product } from '../../compiler/kernel.ts'
import type { LaidKernel } from '../../compiler/layout/laid.ts'
import type { EntryBuffers, Plan } from '../../compiler/plan.ts'
import { rowsIn } from '../../compiler/regions.ts'
import type { Target } from '../../compiler/target.ts'
import { panelsOf } from '../../compiler/threads/accesses.ts'
import type { Func } from '../assembler/code.ts'
import type { Local } from '../assembler/locals.ts'
import { type ModuleBuilder, moduleBuilder } from '../assembler/module.ts'
import { type Arithmetic, arithmeticOf } from '../math/vector-math.ts'
import { emitBarriers, waiting } from './barrier.ts'
import { emitContract } from './contract.ts'
import { emitCalls, emitShare, type KernelCall, type Pointer } from './entry.ts'
import { emitLoop } from './loop.ts'
import { stepsOf, type Turn, turnsOf, widthIn } from './steps.ts'

/** A call of a kernel: its function and the places of its buffers, and for a divided kernel the range of all its units. */
export interface Call {
  readonly kernel: string
  /** In the first iteration of the loops over time around it. */
  readonly pointers: readonly number[]
  /** These loops, the outermost first. */
  readonly turns: readonly Turn[]
  /** Units, where the kernel is divided: `[...pointers, from, to]` does some of them. */
  readonly units: number | null
}
export interface Emitted {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly text: () => string
  /** The calls of each entry, in order: what a profile repeats one by one. */
  readonly calls: readonly (readonly Call[])[]
}

export const pageBytes = 65536
export const pagesOf = (arenaBytes: number): number => Math.max(1, Math.ceil(arenaBytes / pageBytes))
/** The exported function that runs entry i; in a program for several threads it takes `(thread, threads)`. */
export const entryName = (i: number): string => `step${i}`

/** What was decided, and for which target. */
export interface ModulePlan {
  readonly entries: readonly EntryBuffers[]
  readonly plan: Plan
  readonly threads: number
  readonly barriers: readonly (readonly boolean[])[]
  readonly target: Target
}

export const emit = ({ entries, plan, threads, barriers, target }: ModulePlan): Emitted => {
  const arithmetic = arithmeticOf(target)
  const isShared = plan.sync !== null
  const builder = moduleBuilder({
    pages: pagesOf(plan.bytes),
    names: true,
    ...(isShared ? { shared: true, importMemory: true, imports: waiting } : {}),
  })
  const functions = new Map<string, Func>()
  const calls = entries.map(({ kernels, buffers: all, regions }, e) => {
    const pointerOf = pointersTo(plan.offsets[e] ?? new Map(), rowsIn(regions))
    const list = kernels.map((kernel, i): KernelCall => {
      const { key, buffers } = anonymous(kernel)
      const func = functions.get(key) ?? emitKernel(builder, kernel, buffers, `${nameOf(kernel)}_${functions.size}`, arithmetic)
      functions.set(key, func)
      const own = new Set(panelsOf(kernel))
      return {
        func,
        pointers: buffers.map(pointerOf),
        ownBytes: buffers.map((id) => (own.has(id) ? (4 * product((all[id] as Buffer).shape)) / threads : 0)),
        units: kernel.split?.units ?? null,
        waits: barriers[e]?.[i] === true,
      }
    })
    const width = widthIn(all)
    return {
      steps: stepsOf(list, regions, pointerOf, width),
      told: list.map((call, i): Call => ({ kernel: call.func.name, units: call.units, ...turnsOf(i, call, regions, pointerOf, width) })),
    }
  })
  const barrier = plan.sync === null ? null : emitBarriers(builder, plan.sync)
  calls.forEach(({ steps }, i) => {
    if (barrier === null) builder.func(entryName(i), [], [], (code) => emitCalls(code, steps), true)
    else builder.func(entryName(i), ['i32', 'i32'], [], (code) => emitShare(code, steps, barrier), true)
  })
  return { bytes: builder.bytes(), text: () => builder.text(), calls: calls.map(({ told }) => told) }
}

/** A buffer is at its place in the arena, or where its row stands. */
const pointersTo =
  (offsets: ReadonlyMap<BufferId, number>, rows: ReadonlyMap<BufferId, unknown>) =>
  (id: BufferId): Pointer =>
    rows.has(id) ? { row: id, at: 0 } : { row: null, at: offsets.get(id) as number }

const emitKernel = (builder: ModuleBuilder, kernel: LaidKernel, buffers: readonly BufferId[], name: string, arithmetic: Arithmetic): Func =>
  builder.func(
    name,
    [...buffers, ...(kernel.split === null ? [] : ['from', 'to'])].map(() => 'i32'),
    [],
    (code) => {
      const params = new Map(buffers.map((id, i) => [id, code.params[i] as Local]))
      const [from, to] = code.params.slice(buffers.length)
      const range = kernel.split === null ? null : { split: kernel.split, from: from as Local, to: to as Local }
      if (kernel.kind === 'loop') emitLoop(code, kernel, params, arithmetic, range)
      else emitContract(code, kernel, params, arithmetic, range)
    },
    true,
  )

/** The kernel without the names of its buffers, equal for kernels that share a function; and its buffers in order. */
const anonymous = (kernel: LaidKernel): { readonly key: string; readonly buffers: readonly BufferId[] } => {
  const places = new Map<string, number>()
  const text = JSON.stringify(kernel).replace(named, (_, name: string, id: string) => {
    const place = places.get(id) ?? places.size
    places.set(id, place)
    return `"${name}":${place}`
  })
  return { key: `${text} ${unsaid(kernel).join()}`, buffers: [...places.keys()].map(Number) }
}
/** A panel that is no buffer is null. */
const named = /"(buffer|panel)":(\d+)/g
/** The constants that JSON does not tell from others, and where they stand. */
const unsaid = (kernel: LaidKernel): readonly string[] =>
  (kernel.kind === 'contract' ? [kernel.after] : kernel.phases.flatMap(({ body, after }) => [body, after])).flatMap(({ instructions }, b) =>
    instructions.flatMap((i, at) => {
      if (i.op !== 'constant' || (Number.isFinite(i.value) && !Object.is(i.value, -0))) return []
      return [`${b} ${at} ${Object.is(i.value, -0) ? '-0' : i.value}`]
    }),
  )

/** What it does and over what, for dumps and profiles. */
const nameOf = (k: LaidKernel): string => {
  if (k.kind === 'contract') return `contract_${[...k.batch, k.m, k.k, k.n].join('x')}`
  const reduces = [...new Set(k.phases.flatMap((p) => p.accumulate.map((a) => a.op)))]
  const extents = [...k.outer, ...(k.phases[0]?.inner ?? [])]
  const scatters = k.phases.some((p) => p.body.stores.some((s) => s.addAt !== undefined))
  return `${reduces.length > 0 ? reduces.join('_') : scatters ? 'scatter' : 'map'}_${extents.length > 0 ? extents.join('x') : 'scalar'}`
}
