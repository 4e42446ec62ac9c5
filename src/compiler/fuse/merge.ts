/** Kernels that run over one space become one: values stay in registers, and buffers that nobody else reads disappear. */
import {
  type Body,
  type Buffer,
  type BufferId,
  instructionKey,
  type Kernel,
  type LoopKernel,
  type Phase,
  product,
  readsOf,
  renumbered,
  renumberedStore,
  sameView,
  viewsRead,
  writesOf,
} from '../kernel.ts'
import { mapStrides } from '../layout/axes.ts'
import { type Merge, mergePairs, type Near } from './pairs.ts'
import { fewPoints, mostEpilogueLoads, mostStreams } from './price.ts'
import { pruned } from './prune.ts'
import { sequenced } from './sequence.ts'

/** Kernels in an order that runs, merged as far as it pays. Buffers in `kept` are read by the host. */
export const mergeKernels = (kernels: readonly Kernel[], buffers: readonly Buffer[], kept: ReadonlySet<BufferId>): readonly Kernel[] => {
  // a scalar that many read is no reason to run together
  const large = (id: BufferId): boolean => product(buffers[id]?.shape ?? []) > 1
  // a bias and what follows it, before the loops that read them: a product is then never written without them
  const products = (k: Kernel, near: Near): readonly Kernel[] =>
    isMap(k) ? near.producers(k).filter(({ kind }) => kind === 'contract') : []
  const biased = mergePairs(kernels, epilogueOf(0), products)
  const loops = mergePairs(biased, fused, (k, near) => [
    ...near.producers(k),
    ...near.fellows(k, large),
    ...(isScalar(k) ? near.all().filter(isScalar) : []),
  ])
  // an update of several tensors must be whole before it is decided whether it is short enough for an epilogue
  const ended = mergePairs(loops, epilogueOf(mostEpilogueLoads), products)
  const phased = mergePairs(pruned(ended, buffers, kept), sequenced, (k, near) => near.producers(k))
  const together = mergePairs(phased, inTurn, (k, near) => (isFew(k) ? near.all().filter(isFew) : []))
  return pruned(together, buffers, kept)
}

const buffersOf = (views: readonly { readonly buffer: BufferId }[]): ReadonlySet<BufferId> => new Set(views.map((v) => v.buffer))
const dependsOn = (second: Kernel, first: Kernel): boolean => {
  const written = buffersOf(writesOf(first))
  return readsOf(second).some((v) => written.has(v.buffer))
}

/** A kernel without reduction: one value, or several, for each point. */
const isMap = (k: Kernel): k is LoopKernel =>
  k.kind === 'loop' &&
  k.outer.length === 0 &&
  k.phases.length === 1 &&
  k.phases[0]?.accumulate.length === 0 &&
  k.phases[0].after.stores.length === 0
const isScalar = (k: Kernel): boolean => isMap(k) && k.phases[0]?.inner.length === 0
const isReduction = (k: Kernel): k is LoopKernel => k.kind === 'loop' && k.phases.length === 1 && (k.phases[0]?.accumulate.length ?? 0) > 0
const phaseOf = (k: LoopKernel): Phase => k.phases[0] as Phase
const same = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((x, i) => x === b[i])

const fused: Merge = (a, b) => {
  if (isMap(a) && isMap(b)) return same(phaseOf(a).inner, phaseOf(b).inner) ? mapIntoMap(a, b) : null
  if (isMap(a) && isReduction(b)) return same(phaseOf(a).inner, [...b.outer, ...phaseOf(b).inner]) ? mapIntoReduction(a, b) : null
  if (isReduction(a) && isMap(b)) return same(a.outer, phaseOf(b).inner) ? mapIntoAfter(a, b) : null
  if (isReduction(a) && isReduction(b)) return same(a.outer, b.outer) && same(phaseOf(a).inner, phaseOf(b).inner) ? reductions(a, b) : null
  return null
}

const loads = (body: Body): readonly BufferId[] => viewsRead(body).map((v) => v.buffer)
const stores = (body: Body): ReadonlySet<BufferId> => buffersOf(body.stores.map((s) => s.view))
const readsAny = (body: Body, buffers: ReadonlySet<BufferId>): boolean => loads(body).some((b) => buffers.has(b))

/** The code of both; loads of what the first stores become its values, and what both compute is computed once. */
const joined = (a: Body, b: Body): Body | null => {
  const instructions = [...a.instructions]
  const numbers = new Map(instructions.map((i, n) => [instructionKey(i), n]))
  const shift: number[] = []
  for (const i of b.instructions) {
    if ((i.op === 'load' || i.op === 'gather') && a.stores.some((s) => s.view.buffer === i.view.buffer)) {
      const stored = i.op === 'load' && a.stores.find((s) => sameView(s.view, i.view) && s.addAt === undefined)
      if (!stored) return null // seen through another view, or at any place: it is not there yet
      shift.push(stored.value)
      continue
    }
    const moved = renumbered(i, (n) => shift[n] as number)
    const key = instructionKey(moved)
    const number = numbers.get(key) ?? instructions.push(moved) - 1
    numbers.set(key, number)
    shift.push(number)
  }
  return { instructions, stores: [...a.stores, ...b.stores.map((s) => renumberedStore(s, (n) => shift[n] as number))] }
}

const mapIntoMap = (a: LoopKernel, b: LoopKernel): LoopKernel | null => {
  const [first, second] = [phaseOf(a).body, phaseOf(b).body]
  if (new Set([first, second].flatMap((body) => [...loads(body), ...stores(body)])).size > mostStreams) return null
  const body = joined(first, second)
  return body === null ? null : { ...a, phases: [{ ...phaseOf(a), body }] }
}

const mapIntoReduction = (a: LoopKernel, b: LoopKernel): LoopKernel | null => {
  const made = phaseOf(a).body
  const phase = phaseOf(b)
  const body = joined(made, {
    instructions: phase.body.instructions,
    stores: [...phase.body.stores, ...phase.accumulate.map((acc) => ({ value: acc.value, view: nowhere }))],
  })
  if (body === null || readsAny(phase.after, stores(made))) return null
  return { ...b, phases: [{ ...phase, ...detached(body, phase) }] }
}

const reductions = (a: LoopKernel, b: LoopKernel): LoopKernel | null => {
  const [p, q] = [phaseOf(a), phaseOf(b)]
  if (readsAny(q.body, stores(p.after)) || readsAny(q.after, stores(p.body))) return null
  const body = joined(p.body, {
    instructions: q.body.instructions,
    stores: [...q.body.stores, ...q.accumulate.map((acc) => ({ value: acc.value, view: nowhere }))],
  })
  const later = {
    ...q.after,
    instructions: q.after.instructions.map((i) => (i.op === 'accumulator' ? { ...i, index: i.index + p.accumulate.length } : i)),
  }
  const after = joined(p.after, later)
  if (body === null || after === null) return null
  const { body: both, accumulate } = detached(body, q)
  return { ...a, phases: [{ inner: p.inner, body: both, accumulate: [...p.accumulate, ...accumulate], after }] }
}
/** Accumulated values ride through `joined` as stores to nowhere, and are taken off again. */
const nowhere = { buffer: -1, offset: 0, strides: [] } as const
const detached = (body: Body, { accumulate }: Phase): { readonly body: Body; readonly accumulate: Phase['accumulate'] } => {
  const values = body.stores.filter((s) => s.view === nowhere).map((s) => s.value)
  return {
    body: { ...body, stores: body.stores.filter((s) => s.view !== nowhere) },
    accumulate: accumulate.map((acc, i) => ({ ...acc, value: values[i] as number })),
  }
}

const mapIntoAfter = (a: LoopKernel, b: LoopKernel): LoopKernel | null => {
  const p = phaseOf(a)
  const after = readsAny(phaseOf(b).body, stores(p.body)) ? null : joined(p.after, phaseOf(b).body)
  return after === null ? null : { ...a, phases: [{ ...p, after }] }
}

/** `most` full-size operands beside the product. */
const epilogueOf =
  (most: number): Merge =>
  (a, b) => {
    if (a.kind !== 'contract' || !isMap(b) || !same([...a.batch, ...a.m, ...a.n], phaseOf(b).inner) || !dependsOn(b, a)) return null
    const after = joined(a.after, phaseOf(b).body)
    if (after === null) return null
    const full = viewsRead(after).filter((v) => v.strides.slice(a.batch.length).every((s) => s !== 0))
    return full.length > most ? null : { ...a, after }
  }

/** Maps, and reductions of everything, over a few points. */
const isFew = (k: Kernel): k is LoopKernel =>
  k.kind === 'loop' && product(k.outer) === 1 && k.phases.reduce((points, p) => points + product(p.inner), 0) <= fewPoints
/** Each phase is over before the next begins. */
const inTurn: Merge = (a, b) =>
  isFew(a) && isFew(b) ? { kind: 'loop', outer: [], phases: [...withoutOuter(a), ...withoutOuter(b)] } : null
/** The phases of a kernel whose outer axes have one point. */
const withoutOuter = ({ outer, phases }: LoopKernel): readonly Phase[] => {
  const inner = (s: readonly number[]): readonly number[] => s.slice(outer.length)
  return phases.map((p) => ({ ...p, body: mapStrides(p.body, inner), after: mapStrides(p.after, inner) }))
}
