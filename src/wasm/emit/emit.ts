/** emit: laid kernels and their places -> the bytes of one module. A function a kernel, an exported function an entry. */
import type { BufferId } from '../../compiler/kernel.ts'
import type { LaidKernel } from '../../compiler/layout/laid.ts'
import type { Target } from '../../compiler/target.ts'
import type { Func } from '../assembler/code.ts'
import { type ModuleBuilder, moduleBuilder } from '../assembler/module.ts'
import { type Arithmetic, arithmeticOf } from '../math/vector-math.ts'
import { emitContract } from './contract.ts'
import { emitLoop } from './loop.ts'

export interface EntryCode {
  readonly kernels: readonly LaidKernel[]
  readonly offsets: ReadonlyMap<BufferId, number>
}
/** A call of a kernel: its function and the places of its buffers. */
export interface Call {
  readonly kernel: string
  readonly pointers: readonly number[]
}
export interface Emitted {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly text: () => string
  /** The calls of each entry, in order: what a profile repeats one by one. */
  readonly calls: readonly (readonly Call[])[]
}

export const pageBytes = 65536
/** The exported function that runs entry i. */
export const entryName = (i: number): string => `step${i}`

export interface ModulePlan {
  readonly entries: readonly EntryCode[]
  readonly arenaBytes: number
  readonly target: Target
}

export const emit = ({ entries, arenaBytes, target }: ModulePlan): Emitted => {
  const arithmetic = arithmeticOf(target)
  const builder = moduleBuilder({ pages: Math.max(1, Math.ceil(arenaBytes / pageBytes)), names: true })
  const functions = new Map<string, Func>()
  const calls = entries.map(({ kernels, offsets }) =>
    kernels.map((kernel) => {
      const { key, buffers } = anonymous(kernel)
      const func = functions.get(key) ?? emitKernel(builder, kernel, buffers, `${nameOf(kernel)}_${functions.size}`, arithmetic)
      functions.set(key, func)
      return { func, pointers: buffers.map((id) => offsets.get(id) as number) }
    }),
  )
  calls.forEach((list, i) => {
    builder.func(
      entryName(i),
      [],
      [],
      (code) => {
        for (const { func, pointers } of list) {
          for (const pointer of pointers) code.i32(pointer)
          code.call(func)
        }
      },
      true,
    )
  })
  return {
    bytes: builder.bytes(),
    text: () => builder.text(),
    calls: calls.map((list) => list.map(({ func, pointers }) => ({ kernel: func.name, pointers }))),
  }
}

const emitKernel = (builder: ModuleBuilder, kernel: LaidKernel, buffers: readonly BufferId[], name: string, arithmetic: Arithmetic): Func =>
  builder.func(
    name,
    buffers.map(() => 'i32'),
    [],
    (code) => {
      const params = new Map(buffers.map((id, i) => [id, code.params[i] as (typeof code.params)[number]]))
      if (kernel.kind === 'loop') emitLoop(code, kernel, params, arithmetic, null)
      else emitContract(code, kernel, params, arithmetic, null)
    },
    true,
  )

/** The kernel without the names of its buffers, equal for kernels that share a function; and its buffers in order. */
const anonymous = (kernel: LaidKernel): { readonly key: string; readonly buffers: readonly BufferId[] } => {
  const places = new Map<BufferId, number>()
  const key = JSON.stringify(kernel, (name, value) => {
    if (name === 'buffer' || (name === 'panel' && value !== null)) {
      if (!places.has(value)) places.set(value, places.size)
      return places.get(value)
    }
    return typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)) ? `${Object.is(value, -0) ? '-0' : value}` : value
  })
  return { key, buffers: [...places.keys()] }
}

/** What it does and over what, for dumps and profiles. */
const nameOf = (k: LaidKernel): string => {
  if (k.kind === 'contract') return `contract_${[...k.batch, k.m, k.k, k.n].join('x')}`
  const reduces = [...new Set(k.phases.flatMap((p) => p.accumulate.map((a) => a.op)))]
  const extents = [...k.outer, ...(k.phases[0]?.inner ?? [])]
  const scatters = k.phases.some((p) => p.body.stores.some((s) => s.addAt !== undefined))
  return `${reduces.length > 0 ? reduces.join('_') : scatters ? 'scatter' : 'map'}_${extents.length > 0 ? extents.join('x') : 'scalar'}`
}
