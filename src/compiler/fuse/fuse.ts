/** fuse: Graph -> Kernels. Every node that needs memory gets a kernel; kernels over one space become one. */
import type { Graph } from '../../graph/graph.ts'
import { InternalError } from '../../graph/internal-error.ts'
import type { Node, NodeOf } from '../../graph/node.ts'
import { type ReduceOp, reduceOps } from '../../graph/op.ts'
import {
  type Body,
  type Buffer,
  type BufferId,
  contiguous,
  emptyBody,
  type Kernel,
  type LoopKernel,
  mapViews,
  type Phase,
  product,
  readsOf,
  type Storage,
  stored,
  type View,
} from '../kernel.ts'
import { orStored, type Surroundings, viewOf, writer } from './body.ts'
import { orZero, placed, spread, withoutIndices } from './indexed.ts'
import { materialised } from './materialise.ts'
import { mergeKernels } from './merge.ts'
import { type Chain, resolve } from './view.ts'

export interface Fused {
  readonly buffers: readonly Buffer[]
  readonly kernels: readonly Kernel[]
  /** The buffer of each output of the graph. */
  readonly outputs: readonly BufferId[]
  /** The buffer of each input of the graph. */
  readonly inputs: readonly BufferId[]
}

type Told = Pick<Buffer, 'role' | 'path' | 'storage'>

/** `told` says what the host knows each input as. */
export const fuse = (graph: Graph, told: readonly Told[]): Fused => {
  const { unfused, buffers, bufferOf } = separate(graph, told)
  const outputs = graph.outputs.map((output) => known(bufferOf, output))
  return {
    buffers,
    kernels: mergeKernels(unfused, buffers, new Set(outputs)),
    outputs,
    inputs: graph.inputs.map((input) => known(bufferOf, input)),
  }
}

const known = (bufferOf: ReadonlyMap<Node, BufferId>, n: Node): BufferId => {
  const id = bufferOf.get(n)
  if (id === undefined) throw new InternalError('no buffer', `${n.op} -> fuse`)
  return id
}

interface Separate {
  readonly unfused: readonly Kernel[]
  readonly buffers: readonly Buffer[]
  readonly bufferOf: ReadonlyMap<Node, BufferId>
}

/**
 * A kernel for each node in memory. Views that strides can't say send their nodes to memory too, until all can be said. What a
 * kernel sends there is in memory at once as far as that kernel is concerned: so one turn finds all, however deep they lie.
 */
const separate = (graph: Graph, told: readonly Told[]): Separate => {
  const forced = new Set<Node>()
  for (;;) {
    const stored = materialised(graph, forced)
    const inMemory = graph.nodes.filter((n) => n.op === 'parameter' || stored.has(n))
    const bufferOf = new Map(inMemory.map((n, id) => [n, id]))
    const before = forced.size
    const surroundings: Surroundings = {
      bufferOf: (n) => bufferOf.get(n) ?? (forced.has(n) ? notYet : undefined),
      mustStore: (n) => forced.add(n),
    }
    const unfused = inMemory.filter((n) => n.op !== 'parameter').map((n) => settled(forced, () => kernelOf(n, surroundings)))
    if (forced.size > before) continue
    const places = new Map(graph.inputs.map((n, i) => [n, i]))
    const buffers = inMemory.map((n, id): Buffer => {
      const known = told[places.get(n) ?? -1] ?? { role: 'temporary', path: n.op }
      return { id, ...known, shape: shapeOf(n), dtype: n.dtype }
    })
    return { unfused: unfused.map((k) => inStorage(k, buffers)), buffers, bufferOf }
  }
}

/** The kernel over views that know how their buffers lie in memory. */
const inStorage = (kernel: Kernel, buffers: readonly Buffer[]): Kernel => {
  const storageOf = ({ buffer }: View): Storage | undefined => buffers[buffer]?.storage
  if (readsOf(kernel).every((view) => storageOf(view) === undefined)) return kernel
  if (kernel.kind === 'contract') throw new InternalError('bytes are loaded and gathered, not contracted', 'dot -> fuse')
  return mapViews(kernel, (view) => stored(view, storageOf(view)))
}

/** Stands for the buffer that a node will get in the next turn. */
const notYet: BufferId = -1
/** The kernel as soon as it sends nothing more to memory. */
const settled = (forced: ReadonlySet<Node>, make: () => Kernel): Kernel => {
  for (;;) {
    const before = forced.size
    const kernel = make()
    if (forced.size === before) return kernel
  }
}

const shapeOf = (n: Node): readonly number[] => n.shape as readonly number[]
const isReduce = (n: Node): n is NodeOf<ReduceOp> => (reduceOps as readonly string[]).includes(n.op)

const kernelOf = (n: Node, around: Surroundings): Kernel => {
  if (n.op === 'dot') return contraction(n, around)
  if (isReduce(n)) return reduction(n, around)
  if (n.op === 'pad') return padding(n, around)
  if (n.op === 'concat') return concatenation(n, around)
  if (n.op === 'windowTranspose') return overlapping(n, around)
  if (n.op === 'scatterAdd') return scattering(n, around)
  if (n.op === 'scan') throw new InternalError('loops over time are not compiled', 'scan -> fuse')
  return loop([copy(n, shapeOf(n), whole(n, around), around)])
}

/** The node's own buffer, row-major. */
const whole = (n: Node, { bufferOf }: Surroundings): View => ({
  buffer: bufferOf(n) as BufferId,
  offset: 0,
  strides: contiguous(shapeOf(n)),
})
const loop = (phases: readonly Phase[], outer: readonly number[] = []): LoopKernel => ({ kind: 'loop', outer, phases })

/** Computes a node, or reads it where it is an operand, and stores it through a view. */
const copy = (n: Node, inner: readonly number[], to: View, around: Surroundings, isOperand = false): Phase => {
  const code = writer(inner.length, around)
  code.store(isOperand ? code.value(n, null) : code.computed(n, null), to)
  return { inner, body: code.body(), accumulate: [], after: emptyBody }
}

const reduction = (n: NodeOf<ReduceOp>, around: Surroundings): Kernel => {
  const operand = n.inputs[0] as Node
  const all = shapeOf(operand).map((_, i) => i)
  const kept = all.filter((i) => !n.attributes.axes.includes(i))
  const inner = n.attributes.axes.map((i) => shapeOf(operand)[i] as number)
  const outer = kept.map((i) => shapeOf(operand)[i] as number)
  const code = writer(all.length, around)
  const value = code.value(operand, permuted(operand, [...kept, ...n.attributes.axes]))
  const after = writer(kept.length, around)
  after.store(after.instruction({ op: 'accumulator', index: 0, dtype: n.dtype }), whole(n, around))
  return loop([{ inner, body: code.body(), accumulate: [{ op: n.op, value, dtype: n.dtype }], after: after.body() }], outer)
}

/** The chain that brings an operand's axes into the order of a loop space. */
const permuted = (operand: Node, permutation: readonly number[]): Chain | null => {
  if (permutation.every((axis, i) => axis === i)) return null
  const shape = permutation.map((axis) => shapeOf(operand)[axis] as number)
  return {
    movement: { op: 'permute', inputs: [operand], attributes: { permutation }, shape, dtype: operand.dtype, sizes: operand.sizes },
    rest: null,
  }
}

const contraction = (n: NodeOf<'dot'>, around: Surroundings): Kernel => {
  const { batch, contract } = n.attributes
  const [x, y] = n.inputs as readonly [Node, Node]
  const groups = (operand: Node, axes: readonly number[]) => {
    const free = operand.shape.flatMap((_, i) => (i >= batch && !axes.includes(i) ? [i] : []))
    return { batch: operand.shape.flatMap((_, i) => (i < batch ? [i] : [])), free, k: axes }
  }
  const [gx, gy] = [groups(x, contract[0]), groups(y, contract[1])]
  const size = (operand: Node, axes: readonly number[]) => axes.map((i) => shapeOf(operand)[i] as number)
  const view = (operand: Node, axes: readonly number[]): View => {
    const seen = viewOf(operand, around.bufferOf, (leaf, chain) => orStored(resolve(leaf, chain), around.mustStore, operand))
    return { ...seen, strides: axes.map((i) => seen.strides[i] as number) }
  }
  const after = writer(n.shape.length, around)
  after.store(after.instruction({ op: 'accumulator', index: 0, dtype: n.dtype }), whole(n, around))
  return {
    kind: 'contract',
    batch: size(x, gx.batch),
    m: size(x, gx.free),
    n: size(y, gy.free),
    k: size(x, gx.k),
    x: view(x, [...gx.batch, ...gx.free, ...gx.k]),
    y: view(y, [...gy.batch, ...gy.free, ...gy.k]),
    dtype: n.dtype,
    after: after.body(),
  }
}

/** Zeros everywhere, then the operand where it belongs. */
const padding = (n: NodeOf<'pad'>, around: Surroundings): Kernel =>
  loop([{ ...emptyPhase, inner: shapeOf(n), body: zeros(n, around) }, ...place(n, n.inputs[0] as Node, n.attributes.low, around)])
const emptyPhase = { accumulate: [], after: emptyBody }
const zeros = (n: Node, around: Surroundings): Body => {
  const code = writer(n.shape.length, around)
  code.store(code.instruction({ op: 'constant', value: 0, dtype: n.dtype }), whole(n, around))
  return code.body()
}
/**
 * Zeros, then the elements of all windows, each added where it came from. The windows' places run inside the elements of a
 * window: so no two lanes add to one element, and what is added to one element comes in the order of the window.
 */
const overlapping = (n: NodeOf<'windowTranspose'>, around: Surroundings): Kernel => {
  const { axes, stride, dilation } = n.attributes
  const operand = n.inputs[0] as Node
  const rank = n.shape.length
  const lead = axes[0] ?? rank
  const all = shapeOf(operand).map((_, axis) => axis)
  const order = [...all.slice(0, lead), ...all.slice(rank), ...all.slice(lead, rank)]
  const own = whole(n, around)
  const steps = all.map((axis) => {
    const i = axis < rank ? axes.indexOf(axis) : axis - rank
    const step = own.strides[axis < rank ? axis : (axes[i] as number)] as number
    return step * ((axis < rank ? stride[i] : dilation[i]) ?? 1)
  })
  const to = { ...own, strides: order.map((axis) => steps[axis] as number) }
  const code = writer(order.length, around)
  const sum = [code.instruction({ op: 'load', view: to, dtype: n.dtype }), code.value(operand, permuted(operand, order))]
  code.store(code.instruction({ op: 'apply', apply: 'add', inputs: sum, dtype: n.dtype }), to)
  const inner = order.slice(lead).map((axis) => shapeOf(operand)[axis] as number)
  return loop(
    [
      { ...emptyPhase, inner: shapeOf(n).slice(lead), body: zeros(n, around) },
      { ...emptyPhase, inner, body: code.body() },
    ],
    shapeOf(n).slice(0, lead),
  )
}
/** Zeros everywhere, then each update added at its index. The loops run in row-major order of the indices, and so do the sums. */
const scattering = (n: NodeOf<'scatterAdd'>, around: Surroundings): Kernel => {
  const updates = n.inputs[0] as Node
  const { axis } = n.attributes
  const { buffer, offset, strides } = whole(n, around)
  const code = writer(updates.shape.length, around)
  const index = code.value(spread(n, shapeOf(updates)), null)
  const { place: addAt, holds } = placed(code.instruction, index, shapeOf(n)[axis] as number, strides[axis] as number)
  const update = orZero(code.instruction, holds, code.value(updates, null), n.dtype)
  code.store(update, { buffer, offset, strides: withoutIndices(n, strides) }, addAt)
  return loop([
    { ...emptyPhase, inner: shapeOf(n), body: zeros(n, around) },
    { ...emptyPhase, inner: shapeOf(updates), body: code.body() },
  ])
}
const concatenation = (n: NodeOf<'concat'>, around: Surroundings): Kernel => {
  let at = 0
  return loop(
    n.inputs.flatMap((operand) => {
      const start = n.shape.map((_, i) => (i === n.attributes.axis ? at : 0))
      at += shapeOf(operand)[n.attributes.axis] as number
      return place(n, operand, start, around)
    }),
  )
}
/** An operand written into its part of the node's buffer. */
const place = (n: Node, operand: Node, start: readonly number[], around: Surroundings): readonly Phase[] => {
  const { buffer, strides } = whole(n, around)
  const offset = start.reduce((sum, s, i) => sum + s * (strides[i] as number), 0)
  return product(shapeOf(operand)) === 0 ? [] : [copy(operand, shapeOf(operand), { buffer, offset, strides }, around, true)]
}
