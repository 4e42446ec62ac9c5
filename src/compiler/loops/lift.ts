/** Over time at once: what a node of a loop's body is for all rows together, with time as the leading axis. A total table. */
import * as e from '../../graph/expression.ts'
import { graphOf } from '../../graph/graph.ts'
import { InternalError } from '../../graph/internal-error.ts'
import { make } from '../../graph/make.ts'
import type { Node, NodeOf } from '../../graph/node.ts'
import { type Axes, binaryOps, bitOps, compareOps, type Op, reduceOps, unaryOps, type Windows } from '../../graph/op.ts'

/** A value of the body, outside. */
export interface Lifted {
  readonly node: Node
  /** Whether time leads its axes; else it is the same in every step. */
  readonly isTimed: boolean
}
/** The node for all rows, time in front. At least one operand is timed. Null: only step by step. */
type Lifting<O extends Op> = ((node: NodeOf<O>, operands: readonly Lifted[], length: number) => Node) | null

/** A node for all rows together; null where it can't be. */
export const lifted = (node: Node, operands: readonly Lifted[], length: number): Lifted | null => {
  if (node.inputs.length > 0 && operands.every(({ isTimed }) => !isTimed)) {
    const inputs = operands.map((operand) => operand.node)
    return { node: make(node.op as Op, inputs, node.attributes as never, node.sizes), isTimed: false }
  }
  const lifting = liftings[node.op] as Lifting<Op>
  return lifting === null ? null : { node: lifting(node, operands, length), isTimed: true }
}
/** Whether `lifted` gives something, given which operands are timed. */
export const canLift = (node: Node, timed: readonly boolean[]): boolean => {
  if (node.inputs.length > 0 && timed.every((is) => !is)) return true
  if (node.op === 'gather' && timed.every((is) => is)) return false
  if (node.op === 'scatterAdd' && timed[1] === true) return false
  return liftings[node.op] !== null
}

/** Every row the same, where it is one for all. */
export const inTime = ({ node, isTimed }: Lifted, length: number): Node => (isTimed ? node : e.broadcastTo(node, [length, ...node.shape]))
const x = (operands: readonly Lifted[]): Node => (operands[0] as Lifted).node
const next = (axes: readonly number[]): readonly number[] => axes.map((axis) => axis + 1)

/** The same op over operands that all have time in front. */
const alike = (node: Node, operands: readonly Lifted[], length: number): Node =>
  make(
    node.op as Op,
    operands.map((operand) => inTime(operand, length)),
    node.attributes as never,
    node.sizes,
  )
// `fromEntries` forgets the keys.
const all = <O extends Op, L>(ops: readonly O[], lifting: L) =>
  Object.fromEntries(ops.map((op) => [op, lifting])) as unknown as { readonly [K in O]: L }
const reduction = (node: NodeOf<'sum' | 'max' | 'min'>, operands: readonly Lifted[]): Node =>
  make(node.op, [x(operands)], { axes: next((node.attributes as Axes).axes) })
const windowsOf = <W extends Windows>(windows: W): W => ({ ...windows, axes: next(windows.axes) })

const liftings: { readonly [O in Op]: Lifting<O> } = {
  ...all([...unaryOps, ...binaryOps, ...bitOps, ...compareOps], alike),
  ...all(reduceOps, reduction),
  select: alike,
  cast: alike,
  stopGradient: alike,
  constant: null,
  data: null,
  parameter: null,
  size: null,
  iota: null,
  random: null,
  scan: null,
  reshape: ({ shape }, operands, length) => e.reshape(x(operands), [length, ...shape]),
  permute: ({ attributes }, operands) => e.permute(x(operands), [0, ...next(attributes.permutation)]),
  broadcast: ({ shape, inputs }, operands, length) => {
    const before = (inputs[0] as Node).shape
    const added = Array.from({ length: shape.length - before.length }, () => 1)
    return e.broadcastTo(e.reshape(x(operands), [length, ...added, ...before]), [length, ...shape])
  },
  slice: ({ attributes, shape }, operands, length) => e.slice(x(operands), [0, ...attributes.start], [length, ...shape]),
  pad: ({ attributes: { low, high } }, operands) => e.pad(x(operands), [0, ...low], [0, ...high]),
  concat: ({ attributes: { axis } }, operands, length) =>
    e.concat(
      operands.map((operand) => inTime(operand, length)),
      axis + 1,
    ),
  window: ({ attributes }, operands) => e.window(x(operands), windowsOf(attributes)),
  windowTranspose: ({ attributes: { shape, ...windows } }, operands, length) =>
    e.windowTranspose(x(operands), windowsOf(windows), [length, ...shape]),
  argmax: ({ attributes: { axis } }, operands) => e.argmax(x(operands), axis + 1),
  dot: (node, operands) => contraction(node, operands),
  gather: (node, operands) => picked(node, operands),
  scatterAdd: ({ attributes: { axis, shape } }, operands, length) =>
    e.scatterAdd(inTime(operands[0] as Lifted, length), (operands[1] as Lifted).node, [length, ...shape], axis + 1),
}

/** Time is one more axis of the batch where both have it, else a free axis, which goes in front. */
const contraction = ({ attributes: { batch, contract }, inputs }: NodeOf<'dot'>, [x, y]: readonly Lifted[]): Node => {
  const [left, right] = [x as Lifted, y as Lifted]
  if (left.isTimed && right.isTimed) return e.dot(left.node, right.node, [next(contract[0]), next(contract[1])], batch + 1)
  if (left.isTimed) return toFront(e.dot(behindBatch(left.node, batch), right.node, [next(contract[0]), contract[1]], batch), batch)
  const freeOfX = (inputs[0] as Node).shape.length - batch - contract[0].length
  const product = e.dot(left.node, behindBatch(right.node, batch), [contract[0], next(contract[1])], batch)
  return toFront(product, batch + freeOfX)
}
const behindBatch = (timed: Node, batch: number): Node =>
  e.permute(
    timed,
    timed.shape.map((_, i) => (i < batch ? i + 1 : i === batch ? 0 : i)),
  )
const toFront = (node: Node, axis: number): Node =>
  e.permute(
    node,
    node.shape.map((_, i) => (i === 0 ? axis : i <= axis ? i - 1 : i)),
  )

/** From one table for all rows, or from a table a row. */
const picked = ({ attributes: { axis } }: NodeOf<'gather'>, [table, indices]: readonly Lifted[]): Node => {
  const [from, at] = [table as Lifted, indices as Lifted]
  return from.isTimed ? e.gather(from.node, at.node, axis + 1) : toFront(e.gather(from.node, at.node, axis), axis)
}

/** The values of some nodes of the body, outside; `known` has those of its inputs, and gets those of all that they are made of. */
export const outside = (nodes: readonly Node[], known: Map<Node, Lifted>, length: number): readonly Lifted[] => {
  for (const n of graphOf(nodes, [...known.keys()]).nodes) {
    if (known.has(n)) continue
    const operands = n.inputs.map((input) => known.get(input) as Lifted)
    const value = n.inputs.length === 0 ? { node: n, isTimed: false } : lifted(n, operands, length)
    if (value === null || n.op === 'parameter') throw new InternalError('it can only be computed step by step', `${n.op} -> hoist`)
    known.set(n, value)
  }
  return nodes.map((n) => known.get(n) as Lifted)
}
