/** Kernels of nodes: the one loop nest that computes a node into its own buffer. */
import { InternalError } from '../../graph/internal-error.ts'
import type { Node, NodeOf } from '../../graph/node.ts'
import { type ReduceOp, reduceOps } from '../../graph/op.ts'
import {
  type Body,
  type Buffer,
  emptyBody,
  type LoopKernel,
  mapViews,
  type NestKernel,
  type Phase,
  product,
  readsOf,
  type Storage,
  stored,
  type View,
} from '../kernel.ts'
import { orStored, type Surroundings, viewOf, writer } from './body.ts'
import { orZero, placed, spread, withoutIndices } from './indexed.ts'
import { type Chain, resolve } from './view.ts'

const shapeOf = (n: Node): readonly number[] => n.shape as readonly number[]
const isReduce = (n: Node): n is NodeOf<ReduceOp> => (reduceOps as readonly string[]).includes(n.op)

/** The kernel of a node that is in memory and not an input. */
export const nestOf = (n: Node, around: Surroundings): NestKernel => {
  if (n.op === 'dot') return contraction(n, around)
  if (isReduce(n)) return reduction(n, around)
  if (n.op === 'pad') return padding(n, around)
  if (n.op === 'concat') return concatenation(n, around)
  if (n.op === 'windowTranspose') return overlapping(n, around)
  if (n.op === 'scatterAdd') return scattering(n, around)
  return loop([copy(n, shapeOf(n), whole(n, around), around)])
}

/** The kernel over views that know how their buffers lie in memory. */
export const inStorage = (kernel: NestKernel, buffers: readonly Buffer[]): NestKernel => {
  const storageOf = ({ buffer }: View): Storage | undefined => buffers[buffer]?.storage
  if (readsOf(kernel).every((view) => storageOf(view) === undefined)) return kernel
  if (kernel.kind === 'contract') throw new InternalError('bytes are loaded and gathered, not contracted', 'dot -> fuse')
  return mapViews(kernel, (view) => stored(view, storageOf(view)))
}

/** The node's own buffer, row-major. */
const whole = (n: Node, { placeOf }: Surroundings): View => placeOf(n) as View

/** The kernel that brings a node's value to another place. */
export const copyInto = (n: Node, to: View, around: Surroundings): LoopKernel => loop([copy(n, shapeOf(n), to, around, true)])
const loop = (phases: readonly Phase[], outer: readonly number[] = []): LoopKernel => ({ kind: 'loop', outer, phases })

/** Computes a node, or reads it where it is an operand, and stores it through a view. */
const copy = (n: Node, inner: readonly number[], to: View, around: Surroundings, isOperand = false): Phase => {
  const code = writer(inner.length, around)
  code.store(isOperand ? code.value(n, null) : code.computed(n, null), to)
  return { inner, body: code.body(), accumulate: [], after: emptyBody }
}

const reduction = (n: NodeOf<ReduceOp>, around: Surroundings): NestKernel => {
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

const contraction = (n: NodeOf<'dot'>, around: Surroundings): NestKernel => {
  const { batch, contract } = n.attributes
  const [x, y] = n.inputs as readonly [Node, Node]
  const groups = (operand: Node, axes: readonly number[]) => {
    const free = operand.shape.flatMap((_, i) => (i >= batch && !axes.includes(i) ? [i] : []))
    return { batch: operand.shape.flatMap((_, i) => (i < batch ? [i] : [])), free, k: axes }
  }
  const [gx, gy] = [groups(x, contract[0]), groups(y, contract[1])]
  const size = (operand: Node, axes: readonly number[]) => axes.map((i) => shapeOf(operand)[i] as number)
  const view = (operand: Node, axes: readonly number[]): View => {
    const seen = viewOf(operand, around.placeOf, (leaf, chain) => orStored(resolve(leaf, chain), around.mustStore, operand))
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

/** Zeros around the operand, and the operand where it belongs. */
const padding = (n: NodeOf<'pad'>, around: Surroundings): NestKernel => {
  const { low, high } = n.attributes
  const last = low.findLastIndex((before, axis) => before > 0 || (high[axis] as number) > 0)
  const isNarrow = product(shapeOf(n).slice(last + 1)) < leastBeside
  const border = isNarrow ? [{ ...emptyPhase, inner: shapeOf(n), body: zeros(n, around) }] : strips(n, around)
  return loop([...border, ...place(n, n.inputs[0] as Node, low, around)])
}
/** Elements that lie side by side in a border: where they are fewer it is faster to write zeros everywhere. */
const leastBeside = 16
/** The border alone: of each axis what is before and behind the operand, inside of the borders of the axes before it. */
const strips = (n: NodeOf<'pad'>, around: Surroundings): readonly Phase[] => {
  const { low, high } = n.attributes
  const operand = shapeOf(n.inputs[0] as Node)
  const { buffer, offset, strides } = whole(n, around)
  const strip = (axis: number, from: number, count: number): readonly Phase[] => {
    const inner = shapeOf(n).map((dim, i) => (i < axis ? (operand[i] as number) : i === axis ? count : dim))
    const start = strides.reduce((sum, s, i) => sum + s * (i < axis ? (low[i] as number) : i === axis ? from : 0), offset)
    return count === 0 ? [] : [{ ...emptyPhase, inner, body: zeros(n, around, { buffer, offset: start, strides }) }]
  }
  return low.flatMap((before, axis) => {
    const behind = high[axis] as number
    return [...strip(axis, 0, before), ...strip(axis, (shapeOf(n)[axis] as number) - behind, behind)]
  })
}
const emptyPhase = { accumulate: [], after: emptyBody }
const zeros = (n: Node, around: Surroundings, to: View = whole(n, around)): Body => {
  const code = writer(n.shape.length, around)
  code.store(code.instruction({ op: 'constant', value: 0, dtype: n.dtype }), to)
  return code.body()
}
/**
 * Zeros, then the elements of all windows, each added where it came from. The windows' places run inside the elements of a
 * window: so no two lanes add to one element, and what is added to one element comes in the order of the window.
 */
const overlapping = (n: NodeOf<'windowTranspose'>, around: Surroundings): NestKernel => {
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
const scattering = (n: NodeOf<'scatterAdd'>, around: Surroundings): NestKernel => {
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
/** Part by part in each of the rows before the axis: these may be divided, and run together with what makes them. */
const concatenation = (n: NodeOf<'concat'>, around: Surroundings): NestKernel => {
  const { axis } = n.attributes
  let at = 0
  const phases = n.inputs.flatMap((operand) => {
    const start = n.shape.map((_, i) => (i === axis ? at : 0))
    at += shapeOf(operand)[axis] as number
    return place(n, operand, start, around)
  })
  return loop(
    phases.map((phase) => ({ ...phase, inner: phase.inner.slice(axis) })),
    shapeOf(n).slice(0, axis),
  )
}
/** An operand written into its part of the node's buffer. */
const place = (n: Node, operand: Node, start: readonly number[], around: Surroundings): readonly Phase[] => {
  const { buffer, strides } = whole(n, around)
  const offset = start.reduce((sum, s, i) => sum + s * (strides[i] as number), 0)
  return product(shapeOf(operand)) === 0 ? [] : [copy(operand, shapeOf(operand), { buffer, offset, strides }, around, true)]
}
