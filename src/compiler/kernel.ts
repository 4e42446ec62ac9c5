/** Kernels: loop nests over buffers, as plain records. Fusion makes them, later passes decide, emission only writes down. */
import type { DType } from '../../types/dim.ts'
import type { BinaryOp, BitOp, CompareOp, ReduceOp, UnaryOp } from '../graph/op.ts'

export type BufferId = number

/**
 * What a buffer is to the host: kept between steps, given each step, captured once, put there before, given back, or nothing. A row
 * is a part of another buffer, the next one in each iteration of a loop over time.
 */
export type Role = 'state' | 'argument' | 'captured' | 'resident' | 'result' | 'temporary' | 'row'

/** How elements lie in memory where they are no words of four bytes: i32 from 0 to 255 in a byte each, which code only reads. */
export type Storage = 'u8'
/** Bytes from element to element. */
export const elementBytes = ({ storage }: { readonly storage?: Storage | undefined }): number => (storage === 'u8' ? 1 : 4)

export interface Buffer {
  readonly id: BufferId
  readonly role: Role
  /** Where it stands in its tree (`params.hidden.weight`), or what made it. */
  readonly path: string
  readonly shape: readonly number[]
  readonly dtype: DType
  readonly storage?: Storage
}

/** Element `offset + sum of index * stride` of a buffer, in elements; one stride for each axis of the loop space. */
export interface View {
  readonly buffer: BufferId
  readonly offset: number
  readonly strides: readonly number[]
  /** That of its buffer. */
  readonly storage?: Storage
}

/** `multiplyAdd` is x * y + z as the target rounds it. */
export type ElementOp = UnaryOp | BinaryOp | BitOp | CompareOp | 'select' | 'cast' | 'multiplyAdd'

/** One value for each point of the loop space. Operands are the numbers of earlier instructions. */
export type Instruction =
  | { readonly op: 'load'; readonly view: View; readonly dtype: DType }
  /** What stands as many elements behind the view's as an i32 instruction says. The place is in the buffer, whatever the data. */
  | { readonly op: 'gather'; readonly view: View; readonly inputs: readonly number[]; readonly dtype: DType }
  | { readonly op: 'constant'; readonly value: number; readonly dtype: DType }
  /** The i32 `offset + sum of index * stride`. */
  | { readonly op: 'index'; readonly offset: number; readonly strides: readonly number[]; readonly dtype: 'i32' }
  /** Threefry bits: two key words and the element's number. */
  | { readonly op: 'random'; readonly inputs: readonly number[]; readonly dtype: 'i32' }
  /** What a reduction or a contraction left. */
  | { readonly op: 'accumulator'; readonly index: number; readonly dtype: DType }
  | { readonly op: 'apply'; readonly apply: ElementOp; readonly inputs: readonly number[]; readonly dtype: DType }

export interface Store {
  readonly value: number
  readonly view: View
  /** An i32 instruction: the value is added to what stands so many elements behind the view's, point by point in order. */
  readonly addAt?: number
}

/** Straight-line code for one point of a loop space. */
export interface Body {
  readonly instructions: readonly Instruction[]
  readonly stores: readonly Store[]
}

export interface Accumulate {
  readonly op: ReduceOp
  readonly value: number
  readonly dtype: DType
}

/** For one point of the outer space: `body` at each point of `outer x inner`, accumulating; then `after` once. */
export interface Phase {
  readonly inner: readonly number[]
  readonly body: Body
  readonly accumulate: readonly Accumulate[]
  readonly after: Body
}

/** Phases run one after the other for each point of the outer space. */
export interface LoopKernel {
  readonly kind: 'loop'
  readonly outer: readonly number[]
  readonly phases: readonly Phase[]
}

/** `after` at each point of `batch x m x n`, where accumulator 0 is the sum over k of x * y, in the order of k. */
export interface ContractKernel {
  readonly kind: 'contract'
  readonly batch: readonly number[]
  readonly m: readonly number[]
  readonly n: readonly number[]
  readonly k: readonly number[]
  /** Over `batch x m x k`. */
  readonly x: View
  /** Over `batch x n x k`. */
  readonly y: View
  readonly dtype: DType
  readonly after: Body
}
/** One loop nest. */
export type NestKernel = LoopKernel | ContractKernel

/** A buffer that moves: the part of another that an iteration works on. All that is in it is inside one row of the other. */
export interface Row {
  readonly id: BufferId
  readonly of: BufferId
  /** Where row 0 begins, and how far it is to the next, in elements. */
  readonly offset: number
  readonly step: number
  /** Whether it is row t of a sequence, or one of two places that take turns: row 0 in the first iteration, then row 1, then row 0. */
  readonly turns: boolean
}

/** A loop over time: `before` once, then `kernels` once for each row, from the last to the first in `reverse`. */
export interface ScanKernel {
  readonly kind: 'scan'
  readonly length: number
  readonly reverse: boolean
  readonly rows: readonly Row[]
  readonly before: readonly Kernel[]
  readonly kernels: readonly Kernel[]
}
export type Kernel = NestKernel | ScanKernel

export const emptyBody: Body = { instructions: [], stores: [] }

/** Every body of a kernel, with the extents of its space. */
export const bodiesOf = (kernel: NestKernel): readonly { readonly space: readonly number[]; readonly body: Body }[] =>
  kernel.kind === 'contract'
    ? [{ space: [...kernel.batch, ...kernel.m, ...kernel.n], body: kernel.after }]
    : kernel.phases.flatMap(({ inner, body, after }) => [
        { space: [...kernel.outer, ...inner], body },
        { space: kernel.outer, body: after },
      ])

/** The views that code reads through, with repetitions. */
export const viewsRead = ({ instructions }: Body): readonly View[] => {
  const views: View[] = []
  for (const i of instructions) if (i.op === 'load' || i.op === 'gather') views.push(i.view)
  return views
}
/** The instructions whose values an instruction takes. */
export const inputsOf = (i: Instruction): readonly number[] => ('inputs' in i ? i.inputs : [])
/** The instruction over others. */
export const renumbered = (i: Instruction, place: (n: number) => number): Instruction =>
  'inputs' in i && i.inputs.some((n) => place(n) !== n) ? { ...i, inputs: i.inputs.map(place) } : i
export const renumberedStore = (s: Store, place: (n: number) => number): Store =>
  s.addAt === undefined ? { ...s, value: place(s.value) } : { ...s, value: place(s.value), addAt: place(s.addAt) }

/** Merging asks what one kernel touches, and for the key of one instruction, again and again. */
const once = <T extends object, R>(f: (x: T) => R): ((x: T) => R) => {
  const known = new WeakMap<T, R>()
  return (x) => {
    const before = known.get(x)
    if (before !== undefined) return before
    const now = f(x)
    known.set(x, now)
    return now
  }
}

/** The views that a kernel reads through, with repetitions; those of a loop over time as buffers alone, its rows as what they are of. */
export const readsOf: (kernel: Kernel) => readonly View[] = once((kernel) =>
  kernel.kind === 'scan'
    ? outside(kernel, readsOf)
    : kernel.kind === 'contract'
      ? [kernel.x, kernel.y, ...viewsRead(kernel.after)]
      : kernel.phases.flatMap(({ body, after }) => [...viewsRead(body), ...viewsRead(after)]),
)
/** The views that a kernel writes through, likewise. */
export const writesOf: (kernel: Kernel) => readonly View[] = once((kernel) =>
  kernel.kind === 'scan'
    ? outside(kernel, writesOf)
    : kernel.kind === 'contract'
      ? viewsWritten(kernel.after)
      : kernel.phases.flatMap(({ body, after }) => [...viewsWritten(body), ...viewsWritten(after)]),
)
const viewsWritten = ({ stores }: Body): readonly View[] => stores.map(({ view }) => view)
const outside = ({ rows, before, kernels }: ScanKernel, viewsOf: (kernel: Kernel) => readonly View[]): readonly View[] => {
  const whole = new Map(rows.map(({ id, of }) => [id, of]))
  const buffers = new Set([...before, ...kernels].flatMap((k) => viewsOf(k).map(({ buffer }) => whole.get(buffer) ?? buffer)))
  return [...buffers].map((buffer) => ({ buffer, offset: 0, strides: [] }))
}

/** The buffers that a kernel reads, and those that it writes, each once. */
export const buffersRead: (kernel: Kernel) => readonly BufferId[] = once((kernel) => buffersUnder(readsOf(kernel)))
export const buffersWritten: (kernel: Kernel) => readonly BufferId[] = once((kernel) => buffersUnder(writesOf(kernel)))
const buffersUnder = (views: readonly View[]): readonly BufferId[] => {
  const ids = new Set<BufferId>()
  for (const { buffer } of views) ids.add(buffer)
  return [...ids]
}

/** The same body with every view replaced. */
export const bodyOver = (body: Body, f: (view: View) => View): Body => ({
  instructions: body.instructions.map((i) => (i.op === 'load' || i.op === 'gather' ? { ...i, view: f(i.view) } : i)),
  stores: body.stores.map((s) => ({ ...s, view: f(s.view) })),
})
/** The same kernel with every view replaced. */
export const mapViews = (kernel: NestKernel, f: (view: View) => View): NestKernel =>
  kernel.kind === 'contract'
    ? { ...kernel, x: f(kernel.x), y: f(kernel.y), after: bodyOver(kernel.after, f) }
    : { ...kernel, phases: kernel.phases.map((p) => ({ ...p, body: bodyOver(p.body, f), after: bodyOver(p.after, f) })) }

/** The same kernel over other buffers, which lie in memory as those did. */
export const overBuffers = (kernel: Kernel, image: (id: BufferId) => BufferId): Kernel =>
  kernel.kind === 'scan'
    ? {
        ...kernel,
        rows: kernel.rows.map((row) => ({ ...row, id: image(row.id), of: image(row.of) })),
        before: kernel.before.map((k) => overBuffers(k, image)),
        kernels: kernel.kernels.map((k) => overBuffers(k, image)),
      }
    : mapViews(kernel, (view) => ({ ...view, buffer: image(view.buffer) }))

export const product = (extents: readonly number[]): number => {
  let all = 1
  for (const extent of extents) all *= extent
  return all
}
/** Row-major strides, in elements. */
export const contiguous = (shape: readonly number[]): readonly number[] => shape.map((_, i) => product(shape.slice(i + 1)))
/** The view of a buffer that lies in memory like this. */
export const stored = (view: View, storage: Storage | undefined): View => (storage === undefined ? view : { ...view, storage })
export const sameView = (a: View, b: View): boolean =>
  a.buffer === b.buffer && a.offset === b.offset && a.strides.length === b.strides.length && a.strides.every((s, i) => s === b.strides[i])

/** Equal for instructions that compute the same; tells -0, NaN and the infinities apart. */
export const instructionKey: (i: Instruction) => string = once((i) => {
  switch (i.op) {
    case 'load':
      return `load ${i.dtype} ${viewText(i.view)}`
    case 'gather':
      return `gather ${i.dtype} ${viewText(i.view)} ${i.inputs.join()}`
    case 'constant':
      return `constant ${i.dtype} ${Object.is(i.value, -0) ? '-0' : i.value}`
    case 'index':
      return `index ${i.offset} ${i.strides.join()}`
    case 'random':
      return `random ${i.inputs.join()}`
    case 'accumulator':
      return `accumulator ${i.index} ${i.dtype}`
    case 'apply':
      return `${i.apply} ${i.dtype} ${i.inputs.join()}`
    default:
      return i satisfies never
  }
})
const viewText = ({ buffer, offset, strides, storage }: View): string => `${buffer} ${offset} ${strides.join()} ${storage ?? ''}`

/** Whether a kernel writes anything: a space without points has nothing to do. */
export const hasWork = (k: Kernel): boolean =>
  k.kind === 'scan'
    ? [...k.before, ...k.kernels].some(hasWork)
    : product(k.kind === 'loop' ? k.outer : [...k.batch, ...k.m, ...k.n]) > 0 && writesOf(k).length > 0
