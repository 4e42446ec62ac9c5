/** Movement: chains become one step, and elementwise work moves to the side where there is less of it. Keeps every bit. */
import type { Dims } from '../../../types/dim.ts'
import * as e from '../../graph/expression.ts'
import { sameDims } from '../../graph/infer.ts'
import { make } from '../../graph/make.ts'
import type { Node, NodeOf } from '../../graph/node.ts'
import { binaryOps, bitOps, compareOps, type Op, unaryOps } from '../../graph/op.ts'
import { type Rule, rule } from '../rewrite.ts'

const only = (n: Node): Node => n.inputs[0] as Node

export const elementwiseOps: ReadonlySet<Op> = new Set<Op>([...unaryOps, ...binaryOps, ...bitOps, ...compareOps, 'select', 'cast'])

export const movement: readonly Rule[] = [
  rule('a movement that moves nothing -> x', ['permute', 'reshape', 'broadcast', 'slice', 'pad'], (n) => (isIdentity(n) ? only(n) : null)),
  rule('reshape(reshape x) -> reshape x', 'reshape', (n) => (only(n).op === 'reshape' ? e.reshape(only(only(n)), n.shape) : null)),
  rule('broadcast(broadcast x) -> broadcast x', 'broadcast', (n) =>
    only(n).op === 'broadcast' ? e.broadcastTo(only(only(n)), n.shape) : null,
  ),
  rule('reshape(broadcast of a scalar) -> broadcast of the scalar', 'reshape', (n) =>
    only(n).op === 'broadcast' && only(only(n)).shape.length === 0 ? e.broadcastTo(only(only(n)), n.shape) : null,
  ),
  rule('permute(permute x) -> permute x', 'permute', (n) => {
    const below = only(n)
    return below.op === 'permute'
      ? e.permute(
          only(below),
          n.attributes.permutation.map((axis) => below.attributes.permutation[axis] as number),
        )
      : null
  }),
  rule('slice(slice x) -> slice x', 'slice', (n) => {
    const below = only(n)
    return below.op === 'slice'
      ? e.slice(
          only(below),
          n.attributes.start.map((s, i) => s + (below.attributes.start[i] as number)),
          n.shape,
        )
      : null
  }),
  rule('broadcast that only adds axes of size 1 -> reshape', 'broadcast', (n) =>
    count(only(n).shape) === count(n.shape) ? e.reshape(only(n), n.shape) : null,
  ),
  rule('f(broadcast x) -> broadcast(f x)', [...elementwiseOps], (n) => hoisted(n)),
  rule('dot(permute x, y) -> dot(x, y) over other axes', 'dot', (n) => unpermuted(n)),
  rule('permute(dot(x, y)) -> dot(y, x)', 'permute', (n) => swapped(n)),
]

const count = (shape: Dims): number => shape.reduce<number>((product, d) => product * (d as number), 1)

const isIdentity = (n: Node): boolean => {
  if (n.op === 'permute') return n.attributes.permutation.every((axis, i) => axis === i)
  if (n.op === 'reshape' || n.op === 'broadcast' || n.op === 'slice') return sameDims(n.shape, only(n).shape)
  return n.op === 'pad' && sameDims(n.shape, only(n).shape)
}

/** All operands are stretched in the same way, or are scalars: compute first, stretch then. */
const hoisted = (n: Node): Node | null => {
  if (!n.inputs.every((input) => input.op === 'broadcast')) return null
  const shapes = n.inputs.map((input) => only(input).shape)
  const widest = shapes.reduce((a, b) => (b.length > a.length ? b : a))
  if (!shapes.every((shape) => shape.length === 0 || sameDims(shape, widest))) return null
  const inputs = n.inputs.map((input) => e.broadcastTo(only(input), widest))
  return e.broadcastTo(make(n.op as Op, inputs, n.attributes as never), n.shape)
}

/** Contraction knows its axes, so a permuted operand needs no copy, as long as its free axes keep their order. */
const unpermuted = (n: NodeOf<'dot'>): Node | null => {
  const { batch, contract } = n.attributes
  const sides = n.inputs.map((input, i) => through(input, batch, contract[i as 0 | 1]))
  const [x, y] = sides
  if (x === undefined || y === undefined || (x.node === n.inputs[0] && y.node === n.inputs[1])) return null
  return e.dot(x.node, y.node, [x.axes, y.axes], batch)
}
const through = (x: Node, batch: number, axes: readonly number[]): { readonly node: Node; readonly axes: readonly number[] } => {
  if (x.op !== 'permute') return { node: x, axes }
  const { permutation } = x.attributes
  const free = permutation.filter((_, i) => i >= batch && !axes.includes(i))
  const keeps =
    permutation.slice(0, batch).every((axis, i) => axis === i) && free.every((axis, i) => i === 0 || axis > (free[i - 1] as number))
  return keeps ? { node: only(x), axes: axes.map((axis) => permutation[axis] as number) } : { node: x, axes }
}

/** A permutation that puts the free axes of y before those of x is the product with its operands exchanged. */
const swapped = (n: NodeOf<'permute'>): Node | null => {
  const below = only(n)
  if (below.op !== 'dot') return null
  const { batch, contract } = below.attributes
  const [x, y] = below.inputs as readonly [Node, Node]
  const freeOfX = x.shape.length - batch - contract[0].length
  const rank = below.shape.length
  const exchanged = Array.from({ length: rank }, (_, i) =>
    i < batch ? i : i < rank - freeOfX ? i + freeOfX : i - (rank - batch - freeOfX),
  )
  return n.attributes.permutation.every((axis, i) => axis === exchanged[i]) ? e.dot(y, x, [contract[1], contract[0]], batch) : null
}
