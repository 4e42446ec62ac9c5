/** What kernels compute, in words of the user: the layer, parameter or result that each is for, and its operations. */
import { type Body, type Buffer, type BufferId, bodiesOf, type Instruction, type Phase, viewsRead } from './kernel.ts'
import type { LaidKernel } from './layout/laid.ts'
import type { EntryBuffers } from './plan.ts'
import { ground, rowsIn } from './regions.ts'

export interface Words {
  /** `hidden` where the layer is computed, `hidden.weight` where it is updated, `gradient of hidden.weight`; '' where nothing is known. */
  readonly about: string
  /** `matmul, add, relu`: operations in the order in which they first come. */
  readonly computes: string
}

export const wordsOf = ({ kernels, buffers: all, regions }: EntryBuffers): readonly Words[] => {
  const rows = rowsIn(regions)
  // a row is about what it is a row of
  const buffers = all.map(({ id }) => all[ground(rows, id)] as Buffer)
  // a kernel that does several things in turn is about all of them, and what one of them reads is for that one
  const parts = kernels.flatMap((k, kernel) => partsOf(k).map((part) => ({ kernel, touched: touchedBy(part, buffers) })))
  const touched = parts.map((part) => part.touched)
  const own = touched.map(ownSubject)
  return kernels.map((kernel, i) => {
    const mine = parts.flatMap((part, at) => (part.kernel === i ? [at] : []))
    const known = mine.flatMap((at) => own[at] ?? [])
    const about = known.length > 0 ? [...new Set(known)].join(', ') : inherited(touched, own, mine[0] as number, mine.at(-1) as number)
    return { about, computes: operationsOf(kernel).join(', ') }
  })
}

/** Phases over one point or one row belong together; those of a kernel without rows do one thing after the other. */
const partsOf = (k: LaidKernel): readonly LaidKernel[] =>
  k.kind === 'contract' || k.outer.length > 0 ? [k] : k.phases.map((phase) => ({ ...k, phases: [phase] }))

interface Touched {
  readonly reads: readonly Buffer[]
  readonly writes: readonly Buffer[]
}
const touchedBy = (k: LaidKernel, buffers: readonly Buffer[]): Touched => {
  const bodies = bodiesIn(k)
  const named = (ids: readonly BufferId[]): readonly Buffer[] => [...new Set(ids)].map((id) => buffers[id] as Buffer)
  const operands = k.kind === 'contract' ? [k.x.buffer, k.y.buffer] : []
  return {
    reads: named([...operands, ...bodies.flatMap((body) => viewsRead(body).map(({ buffer }) => buffer))]),
    writes: named(bodies.flatMap(({ stores }) => stores.map(({ view }) => view.buffer))),
  }
}
const bodiesIn = (k: LaidKernel): readonly Body[] => (k.kind === 'contract' ? [k.after] : bodiesOf(k).map(({ body }) => body))

/** State that it writes, else parameters that it reads; null where it does neither. */
const ownSubject = ({ reads, writes }: Touched): string | null => {
  const kept = writes.filter(({ role }) => role === 'state').map(({ path }) => path.split('.'))
  const updated = kept.some(([root]) => root === 'params') ? kept.filter(([root]) => root === 'params') : kept
  const parameters = updated.filter(([root]) => root === 'params')
  if (updated.length > 0) return commonEnd(updated) || listed(parameters.length > 0 ? parameters : updated)
  const known = reads.filter(({ role, path }) => role === 'state' && path !== 'step').map(({ path }) => path.split('.'))
  const layers = known.filter(([root, ...rest]) => root === 'params' && rest.length > 1).map((path) => path.slice(0, -1))
  const read = layers.length > 0 ? layers : known
  return read.length === 0 ? null : commonStart(read) || listed(read)
}
/** What reads its values says what they are for; else the host reads them; else what it reads says where they come from. */
const inherited = (touched: readonly Touched[], own: readonly (string | null)[], at: number, last: number): string => {
  const shares = (ids: readonly Buffer[], others: readonly Buffer[]): boolean => others.some((b) => ids.includes(b))
  const { reads } = touched[at] as Touched
  const { writes } = touched[last] as Touched
  const reader = touched.findIndex((other, i) => i > last && own[i] !== null && shares(writes, other.reads))
  if (reader >= 0) return `${isUpdate(touched[reader] as Touched) ? 'gradient of ' : ''}${own[reader]}`
  if (writes.some(({ role }) => role === 'result')) return 'result'
  const writer = touched.findLastIndex((other, i) => i < at && own[i] !== null && shares(reads, other.writes))
  return writer < 0 ? '' : (own[writer] as string)
}

const isUpdate = ({ writes }: Touched): boolean => writes.some(({ role, path }) => role === 'state' && path.startsWith('params.'))

/** The root that parameters share says nothing. */
const shown = (path: readonly string[]): string => (path[0] === 'params' && path.length > 1 ? path.slice(1) : path).join('.')
/** Names that a table has room for. */
const mostNames = 3
const listed = (paths: readonly (readonly string[])[]): string => {
  const names = [...new Set(paths.map(shown))]
  return [...names.slice(0, mostNames), ...(names.length > mostNames ? ['...'] : [])].join(', ')
}
/** `params.hidden.weight` and `optimizer.first.hidden.weight` are about `hidden.weight`. */
const commonEnd = (paths: readonly (readonly string[])[]): string => {
  if (paths.length === 1) return shown(paths[0] as readonly string[])
  return commonStart(paths.map((path) => path.toReversed()))
    .split('.')
    .toReversed()
    .join('.')
}
const commonStart = (paths: readonly (readonly string[])[]): string => {
  const [first = [], ...others] = paths
  const differs = first.findIndex((part, i) => others.some((path) => path[i] !== part))
  return shown(differs < 0 ? first : first.slice(0, differs)).replace(/^params$/, '')
}

/** Operations that a table has room for. */
const mostOperations = 6
/** Parts of other operations: choosing and comparing, and bits. */
const plumbing: ReadonlySet<string> = new Set([
  ...['select', 'cast', 'and', 'or', 'xor', 'shiftLeft', 'shiftRight', 'abs', 'neg'],
  ...['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'],
])

interface Operation {
  readonly name: string
  /** Told only where there is nothing else: plumbing, and the arithmetic of indices and counters. */
  readonly isMinor: boolean
}
const major = (name: string): Operation => ({ name, isMinor: false })

const operationsOf = (k: LaidKernel): readonly string[] => {
  const all = k.kind === 'contract' ? [major('matmul'), ...bodyOperations(k.after)] : k.phases.flatMap(phaseOperations)
  const main = all.filter(({ isMinor }) => !isMinor)
  const told = [...new Set((main.length > 0 ? main : all).map(({ name }) => name))]
  if (told.length === 0) return ['copy']
  return told.length > mostOperations ? [...told.slice(0, mostOperations), '...'] : told
}
const phaseOperations = ({ body, accumulate, after }: Phase): readonly Operation[] => [
  ...bodyOperations(body),
  ...accumulate.map(({ op }) => major(op)),
  ...bodyOperations(after),
]
const bodyOperations = ({ instructions, stores }: Body): readonly Operation[] => [
  ...instructions.flatMap((i) => {
    if (i.op === 'gather' || i.op === 'random') return [major(i.op)]
    if (i.op !== 'apply') return []
    return [{ name: isRelu(i, instructions) ? 'relu' : i.apply, isMinor: plumbing.has(i.apply) || i.dtype === 'i32' }]
  }),
  ...(stores.some(({ addAt }) => addAt !== undefined) ? [major('scatterAdd')] : []),
]
const isRelu = (i: Instruction & { readonly op: 'apply' }, all: readonly Instruction[]): boolean =>
  i.apply === 'maximum' &&
  i.dtype === 'f32' &&
  i.inputs.some((input) => {
    const operand = all[input]
    return operand?.op === 'constant' && operand.value === 0
  })
