/**
 * Contractions that are batched over channels and have one column, or one term, to each: depthwise convolutions and their gradients. As
 * products of matrices they would use a lane of four; as loops their lanes run along the channels. Chosen by the committed cost table.
 */
import type { Dims } from '../../../types/dim.ts'
import * as e from '../../graph/expression.ts'
import type { Node, NodeOf } from '../../graph/node.ts'
import { costTable } from '../layout/cost-table.ts'
import { nanosecondsOf } from '../layout/tiling.ts'
import { type Rule, rule } from '../rewrite.ts'

export const directRules: readonly Rule[] = [
  rule('dot over one term, batched -> x * y', 'dot', (n) => (sizesOf(n).k === 1 && n.attributes.batch > 0 ? outer(n) : null)),
  rule('dot with one column, batched -> sum(x * y)', 'dot', (n) => (isDirect(sizesOf(n)) && hasLanes(n) ? direct(n) : null)),
  rule('permute(reshape(permute x)), axes of size 1 added -> reshape(permute x)', 'permute', (n) => unreshaped(n)),
]

/** Batches, rows and columns of a contraction, and the terms of each sum. */
export interface ContractionSizes {
  readonly batch: number
  readonly m: number
  readonly n: number
  readonly k: number
}

/** Whether a loop over the batch's lanes takes less time than a product of matrices for each of the batch, by the committed table. */
export const isDirect = ({ batch, m, n, k }: ContractionSizes): boolean => {
  const [rows, columns] = m >= n ? [m, n] : [n, m]
  if (columns !== 1 || batch < 2 || rows === 0 || k < 2) return false
  const { perTile, perK } = costTable.direct
  const loop = Math.ceil(batch / 4) * rows * (perTile + k * perK)
  return loop < batch * nanosecondsOf({ m: rows, n: columns, k, kAxes: [k], after: 1 }, costTable.strict)
}

const product = (dims: Dims): number => dims.reduce<number>((n, d) => n * (d as number), 1)

/** The axes of an operand that are neither batch nor contracted. */
const freeOf = (x: Node, batch: number, contracted: readonly number[]): readonly number[] =>
  x.shape.flatMap((_, axis) => (axis < batch || contracted.includes(axis) ? [] : [axis]))
const sizesOf = ({ inputs, attributes: { batch, contract } }: NodeOf<'dot'>): ContractionSizes => {
  const [x, y] = inputs as readonly [Node, Node]
  const size = (operand: Node, axes: readonly number[]): number => product(axes.map((axis) => operand.shape[axis] as number))
  return {
    batch: batch === 0 || x.dtype !== 'f32' ? 0 : product(x.shape.slice(0, batch)),
    m: size(x, freeOf(x, batch, contract[0])),
    n: size(y, freeOf(y, batch, contract[1])),
    k: size(x, contract[0]),
  }
}

/** Whether what the contraction is batched over lies side by side in memory, in the operand with the rows: channels do. */
const hasLanes = ({ inputs, attributes }: NodeOf<'dot'>): boolean => {
  const [x, y] = inputs as readonly [Node, Node]
  return isInnermost(product(x.shape) >= product(y.shape) ? x : y, attributes.batch - 1)
}
const isInnermost = (x: Node, axis: number): boolean => {
  const below = x.inputs[0]
  if (x.op === 'permute') return isInnermost(below as Node, x.attributes.permutation[axis] as number)
  if (x.op === 'window') return axis < (below as Node).shape.length && isInnermost(below as Node, axis)
  const behind = (shape: Dims, at: number): number => product(shape.slice(at + 1))
  if (x.op !== 'reshape') return behind(x.shape, axis) === 1
  const { shape } = below as Node
  const same = shape.findIndex((dim, at) => dim === x.shape[axis] && behind(shape, at) === behind(x.shape, axis))
  return same < 0 ? behind(x.shape, axis) === 1 : isInnermost(below as Node, same)
}

/** Both operands over `batch, free of x, free of y`. */
const outer = (n: NodeOf<'dot'>): Node => {
  const { batch, contract } = n.attributes
  const [x, y] = n.inputs as readonly [Node, Node]
  const lead = x.shape.slice(0, batch)
  const [freeX, freeY] = [freeOf(x, batch, contract[0]), freeOf(y, batch, contract[1])]
  const [ofX, ofY] = [freeX.map((axis) => x.shape[axis] as number), freeY.map((axis) => y.shape[axis] as number)]
  const over = (operand: Node, shape: Dims): Node => e.broadcastTo(e.reshape(operand, shape), n.shape)
  return e.mul(over(x, [...lead, ...ofX, ...ofY.map(() => 1)]), over(y, [...lead, ...ofX.map(() => 1), ...ofY]))
}

/**
 * The operand with rows is read over `rows, batch, terms`, the other over `batch, terms`: so lanes run along the batch. Where the terms
 * are many they are summed in turns, along the last of their axes first: what it passes over stays in the first cache.
 */
const direct = (n: NodeOf<'dot'>): Node => {
  const { batch, contract } = n.attributes
  const sizes = sizesOf(n)
  const side = sizes.m >= sizes.n ? 0 : 1
  const [x, y] = [n.inputs[side] as Node, n.inputs[1 - side] as Node]
  const [terms, others] = [contract[side], contract[(1 - side) as 0 | 1]]
  const rows = freeOf(x, batch, terms)
  const lead = Array.from({ length: batch }, (_, axis) => axis)
  const split = terms.length > 1 && sizes.k > longest ? terms.length - 1 : 0
  const [far, near] = [terms.slice(0, split), terms.slice(split)]
  const dims = (axes: readonly number[]): Dims => axes.map((axis) => x.shape[axis] as number)
  const wide = e.permute(x, [...far, ...rows, ...lead, ...near])
  const narrow = e.permute(y, [...others.slice(0, split), ...lead, ...freeOf(y, batch, others), ...others.slice(split)])
  const beside = e.reshape(narrow, [...dims(far), ...rows.map(() => 1), ...dims(lead), ...dims(near)])
  const products = e.mul(wide, e.broadcastTo(beside, wide.shape))
  const kept = wide.shape.length - near.length
  const sums = e.sum(
    e.sum(
      products,
      near.map((_, i) => kept + i),
    ),
    far.map((_, i) => i),
  )
  const inOrder = e.permute(sums, [...lead.map((axis) => rows.length + axis), ...rows.map((_, i) => i)])
  return e.reshape(inOrder, n.shape)
}
/** Terms up to which a sum is walked in one go. */
const longest = 128

const unreshaped = (n: NodeOf<'permute'>): Node | null => {
  const below = n.inputs[0] as Node
  if (below.op !== 'reshape' || below.inputs[0]?.op !== 'permute') return null
  const inner = below.inputs[0] as Node
  // which axis of the inner shape each axis is, null for one of size 1 that was added
  const from: (number | null)[] = []
  let next = 0
  for (const dim of below.shape)
    from.push(
      dim === inner.shape[next] && !(dim === 1 && rest(below.shape, from.length) > inner.shape.length - next)
        ? next++
        : dim === 1
          ? null
          : Number.NaN,
    )
  if (next !== inner.shape.length || from.some((axis) => Number.isNaN(axis))) return null
  const order = n.attributes.permutation.flatMap((axis) => from[axis] ?? [])
  return e.reshape(e.permute(inner, order), n.shape)
}
const rest = (shape: Dims, from: number): number => shape.length - from
