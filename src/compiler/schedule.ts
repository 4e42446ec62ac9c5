/** schedule: Kernels -> ordered Kernels. Operands before users, and the next state written over the old where nobody reads it any more. */
import type { Fused } from './fuse/fuse.ts'
import { type Buffer, type BufferId, contiguous, emptyBody, hasWork, type Kernel, type LoopKernel, overBuffers, stored } from './kernel.ts'
import { leanest, type Span } from './lean.ts'
import { orderOf } from './order.ts'
import { overwritesItself } from './overwrite.ts'
import { bytesOf } from './plan.ts'

export interface Scheduled {
  readonly buffers: readonly Buffer[]
  readonly kernels: readonly Kernel[]
  /** The buffers that hold the state, before a step and after it. */
  readonly state: readonly BufferId[]
  readonly results: readonly BufferId[]
}

/** The first `stateCount` inputs and outputs are the state. */
export const schedule = (fused: Fused, stateCount: number): Scheduled => {
  const state = fused.inputs.slice(0, stateCount)
  const next = fused.outputs.slice(0, stateCount)
  const pool = bufferPool(fused.buffers)
  const saved = savedResults(fused, stateCount, pool)
  const update = updates(fused, state, next, pool)
  const renamed = (k: Kernel): Kernel => overBuffers(k, (id) => update.alias.get(id) ?? id)
  const results = saved.results.map((id) => update.alias.get(id) ?? id)
  const isResult = new Set(results)
  return {
    buffers: pool.all().map((b) => (isResult.has(b.id) && b.role === 'temporary' ? { ...b, role: 'result' } : b)),
    kernels: [...saved.early, ...update.early, ...[...update.order, ...update.late].map(renamed)].filter(hasWork),
    state,
    results,
  }
}

interface Pool {
  readonly all: () => readonly Buffer[]
  readonly get: (id: BufferId) => Buffer
  /** A buffer like another, of words. */
  readonly like: (id: BufferId, role: Buffer['role'], path: string) => Buffer
}
const bufferPool = (given: readonly Buffer[]): Pool => {
  const buffers = [...given]
  return {
    all: () => buffers,
    get: (id) => buffers[id] as Buffer,
    like: (id, role, path) => {
      const { shape, dtype } = buffers[id] as Buffer
      const made: Buffer = { id: buffers.length, role, path, shape, dtype }
      buffers.push(made)
      return made
    },
  }
}

/** Results that are inputs get a buffer of their own, filled before anything is overwritten. */
const savedResults = (
  { inputs, outputs }: Fused,
  stateCount: number,
  pool: Pool,
): { readonly early: readonly Kernel[]; readonly results: readonly BufferId[] } => {
  const isInput = new Set(inputs)
  const early: Kernel[] = []
  const results = outputs.slice(stateCount).map((id) => {
    if (!isInput.has(id)) return id
    const own = pool.like(id, 'result', 'copy')
    early.push(copyKernel(pool.get(id), own))
    return own.id
  })
  return { early, results }
}

const copyKernel = (from: Buffer, to: Buffer): LoopKernel => {
  const strides = contiguous(from.shape)
  const body = {
    instructions: [{ op: 'load' as const, view: stored({ buffer: from.id, offset: 0, strides }, from.storage), dtype: from.dtype }],
    stores: [{ value: 0, view: { buffer: to.id, offset: 0, strides } }],
  }
  return { kind: 'loop', outer: [], phases: [{ inner: from.shape, body, accumulate: [], after: emptyBody }] }
}

interface Updates {
  readonly order: readonly Kernel[]
  readonly early: readonly Kernel[]
  readonly late: readonly Kernel[]
  /** Buffers that turned into state buffers. */
  readonly alias: ReadonlyMap<BufferId, BufferId>
}

/** Next-state buffers become the state's own where that is safe; elsewhere the new value is copied at the end. */
const updates = ({ kernels, outputs }: Fused, state: readonly BufferId[], next: readonly BufferId[], pool: Pool): Updates => {
  const alias = new Map<BufferId, BufferId>()
  const early: Kernel[] = []
  const late: Kernel[] = []
  const isState = new Set(state)
  const order = orderOf(kernels)
  state.forEach((own, i) => {
    const fresh = next[i] as BufferId
    if (fresh === own) return
    const writer = order.writerOf(fresh)
    if (writer !== undefined && !alias.has(fresh) && overwritesItself(writer, own, fresh)) {
      const readers = order.readersOf(own).filter((k) => k !== writer)
      if (order.putBefore(readers, writer)) {
        alias.set(fresh, own)
        return
      }
    }
    const source = isState.has(fresh) ? pool.like(fresh, 'temporary', 'saved') : pool.get(fresh)
    if (source.id !== fresh) early.push(copyKernel(pool.get(fresh), source))
    late.push(copyKernel(source, pool.get(own)))
  })
  const isOutput = new Set(outputs)
  const spanOf = (id: BufferId): Span | null => {
    const buffer = pool.get(id)
    return buffer.role !== 'temporary' || alias.has(id) ? null : { bytes: bytesOf(buffer), stays: isOutput.has(id) }
  }
  return { order: leanest(kernels, order, spanOf), early, late, alias }
}
