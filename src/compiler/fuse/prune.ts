/** Dead stores and dead code: buffers that no kernel and no host reads are never written. A loop over time was pruned while it was made. */
import {
  type Body,
  type Buffer,
  type BufferId,
  buffersRead,
  emptyBody,
  type Instruction,
  inputsOf,
  type Kernel,
  type NestKernel,
  type Phase,
  renumbered,
  renumberedStore,
} from '../kernel.ts'

export const pruned = (kernels: readonly Kernel[], buffers: readonly Buffer[], kept: ReadonlySet<BufferId>): readonly Kernel[] => {
  const read = new Set(kernels.flatMap(buffersRead))
  const isNeeded = (id: BufferId): boolean => read.has(id) || kept.has(id) || buffers[id]?.role !== 'temporary'
  const left = kernels
    .map((k) => (k.kind === 'scan' ? k : withoutDeadCode(k, isNeeded)))
    .filter((k) => k.kind === 'scan' || storesIn(k) > 0)
  const gone = storeCount(left) < storeCount(kernels)
  return gone ? pruned(left, buffers, kept) : left
}
const storeCount = (kernels: readonly Kernel[]): number => kernels.reduce((n, k) => n + (k.kind === 'scan' ? 0 : storesIn(k)), 0)
const storesIn = (k: NestKernel): number =>
  k.kind === 'contract' ? k.after.stores.length : k.phases.reduce((n, { body, after }) => n + body.stores.length + after.stores.length, 0)

/** The kernel itself where nothing in it is dead: what is known of it stays known. */
const withoutDeadCode = (k: NestKernel, isNeeded: (id: BufferId) => boolean): NestKernel => {
  if (k.kind === 'contract') {
    const after = live(k.after, isNeeded, []).body
    return after === k.after ? k : { ...k, after }
  }
  const phases = k.phases.map((p) => livePhase(p, isNeeded)).filter((p) => p.body.stores.length + p.after.stores.length > 0)
  return phases.length === k.phases.length && phases.every((p, i) => p === k.phases[i]) ? k : { ...k, phases }
}

const livePhase = (p: Phase, isNeeded: (id: BufferId) => boolean): Phase => {
  const after = live(p.after, isNeeded, []).body
  const used = new Set(after.instructions.flatMap((i) => (i.op === 'accumulator' ? [i.index] : [])))
  const accumulate = p.accumulate.filter((_, i) => used.has(i))
  const place = new Map([...used].sort((a, b) => a - b).map((index, i) => [index, i]))
  const { body, values } = live(
    p.body,
    isNeeded,
    accumulate.map((a) => a.value),
  )
  if (body === p.body && after === p.after && accumulate.length === p.accumulate.length) return p
  return {
    inner: p.inner,
    body,
    accumulate: accumulate.map((a, i) => ({ ...a, value: values[i] as number })),
    after: {
      ...after,
      instructions: after.instructions.map((i) => (i.op === 'accumulator' ? { ...i, index: place.get(i.index) as number } : i)),
    },
  }
}

/** The instructions that a needed store or a wanted value rests on, renumbered. */
const live = (
  body: Body,
  isNeeded: (id: BufferId) => boolean,
  wanted: readonly number[],
): { readonly body: Body; readonly values: readonly number[] } => {
  const stores = body.stores.filter((s) => isNeeded(s.view.buffer))
  if (stores.length === 0 && wanted.length === 0) return { body: body.instructions.length > 0 ? emptyBody : body, values: [] }
  const alive = new Set([...stores.flatMap((s) => (s.addAt === undefined ? [s.value] : [s.value, s.addAt])), ...wanted])
  for (let i = body.instructions.length - 1; i >= 0; i--) {
    if (alive.has(i)) for (const input of inputsOf(body.instructions[i] as Instruction)) alive.add(input)
  }
  if (alive.size === body.instructions.length && stores.length === body.stores.length) return { body, values: wanted }
  const place = new Map<number, number>()
  const at = (n: number): number => place.get(n) as number
  const instructions = body.instructions.flatMap((instruction, i) => {
    if (!alive.has(i)) return []
    place.set(i, place.size)
    return [renumbered(instruction, at)]
  })
  return { body: { instructions, stores: stores.map((s) => renumberedStore(s, at)) }, values: wanted.map(at) }
}
