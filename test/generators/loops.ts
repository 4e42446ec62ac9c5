/** Loops over time for random graphs: bodies of random nodes, and cells as layers have them. */
import { rowOf } from '../../src/graph/evaluate/scan.ts'
import { count } from '../../src/graph/evaluate/value.ts'
import * as ir from '../../src/graph/expression.ts'
import { type Scanned, type Stepped, scanned } from '../../src/graph/loop.ts'
import type { Node, Op } from '../../src/graph/op.ts'
import type { Entry } from './lawful.ts'
import type { Magnitude } from './magnitude.ts'
import { drawn } from './values.ts'
import { shapeOf, type Workshop } from './workshop.ts'

const every = ['f32', 'i32', 'bool'] as const
const lengths = [0, 1, 1, 2, 3, 5]
const longest = 6
/** Elements of a sequence: each of its rows is looked at in every step. */
const largest = 256

/** Another node of this op over the pool. */
type Construct = (shop: Workshop, op: Op) => Entry

/** A loop over what the pool has, of a body of a few random nodes; all its outputs are in the pool, this is one of them. */
export const randomLoop = (shop: Workshop, construct: Construct, ops: readonly Op[]): Node => {
  const isSequence = (entry: Entry) =>
    shapeOf(entry).length > 0 && (shapeOf(entry)[0] as number) <= longest && count(shapeOf(entry)) <= largest
  const first = shop.any(every, isSequence)
  const length = isSequence(first) ? (shapeOf(first)[0] as number) : shop.pick(lengths)
  const fits = (entry: Entry) => isSequence(entry) && shapeOf(entry)[0] === length
  const others = Array.from({ length: shop.below(2) }, () => shop.any(every, fits))
  const sequences = [first, ...others].filter(fits).slice(shop.below(4) === 0 ? 1 : 0)
  const carries = Array.from({ length: shop.below(4) }, () => shop.any(every, (entry) => count(shapeOf(entry)) <= largest / 2))
  const outputs = looped(shop, carries, sequences, length, shop.below(2) === 1, (state, rows) => {
    for (let left = 1 + shop.below(4); left > 0; left--) construct(shop, shop.pick(ops))
    const local = [...state, ...rows]
    const results = Array.from({ length: state.length === 0 ? 1 + shop.below(2) : shop.below(3) }, () => shop.any(every, () => true))
    return { carries: state.map((carry) => nextOf(shop, carry)), results: shop.shuffle([...results, ...shop.some(local).slice(0, 1)]) }
  })
  return outputs[shop.below(outputs.length)] as Node
}

/** A loop of tame values that the law holds for. */
export const tameLoop = (shop: Workshop): Node => {
  const [length, size] = [shop.pick(lengths), shop.pick([0, 1, 3, 8])]
  const carry = shop.leaf('f32', [size], 'tame')
  const rows = shop.leaf('f32', [length, size], 'tame')
  const outputs = looped(shop, [carry], [rows], length, shop.below(2) === 1, ([h], [x]) => {
    const next = shop.add(ir.tanh(ir.add(ir.mul((h as Entry).node, 0.5), (x as Entry).node)))
    return { carries: [next], results: [next] }
  })
  return outputs[shop.below(2)] as Node
}

/** What layers of time are: gates of a product with the row and one with the state, rows up to a length, a sum of products over time. */
export const recurrence = (shop: Workshop, add: (node: Node) => Node): void => {
  const length = shop.pick([1, 2, 4, 0])
  const [batch, features, hidden] = [shop.pick([1, 2, 5]), shop.pick([1, 3, 4]), shop.pick([1, 2, 4, 8])]
  const leaf = (...shape: readonly number[]): Entry => shop.leaf('f32', shape, 'small')
  const gates = shop.pick([1, 2])
  const x = leaf(length, batch, features)
  const [forX, forH] = [leaf(features, gates * hidden).node, add(ir.mul(leaf(hidden, gates * hidden).node, 0.25))]
  const bias = leaf(gates * hidden).node
  const initial = [shop.pick([leaf(batch, hidden), shop.add(ir.full([batch, hidden], 0))]), shop.add(ir.full([features, hidden], 0))]
  const gate = (z: Node, i: number): Node => ir.slice(z, [0, i * hidden], [batch, hidden])
  const lengths = ir.broadcastTo(shop.leaf('i32', [batch, 1], 'tame').node, [length, batch, hidden])
  const isThere = shop.add(ir.less(ir.iota([length, batch, hidden], 0), lengths))
  const outputs = looped(shop, initial, [x, isThere], length, shop.below(2) === 1, ([h, total], [row, there]) => {
    const [state, now] = [(h as Entry).node, (row as Entry).node]
    const z = add(ir.add(ir.add(add(ir.dot(now, forX, [[1], [0]])), add(ir.dot(state, forH, [[1], [0]]))), bias))
    const open = ir.sigmoid(gate(z, 0))
    const cell = gates === 1 ? ir.tanh(z) : ir.add(ir.mul(open, state), ir.mul(ir.sub(1, open), ir.tanh(gate(z, 1))))
    const next = shop.pick([cell, ir.select((there as Entry).node, cell, state)])
    const sum = ir.add((total as Entry).node, ir.dot(now, shop.pick([next, state]), [[0], [0]]))
    return { carries: [shop.add(next), shop.add(sum)], results: shop.shuffle([next, z]).map(shop.add).slice(shop.below(2)) }
  })
  const [last, , result] = outputs as readonly [Node, Node, Node]
  add(ir.add(ir.sum(add(ir.tanh(result)), [0, 2]), ir.sum(last, [1])))
}

interface SteppedEntries {
  readonly carries: readonly Entry[]
  readonly results: readonly Entry[]
}
/** A loop whose step is built over entries: those of its first step. All outputs enter the pool. */
export const looped = (
  shop: Workshop,
  initial: readonly Entry[],
  sequences: readonly Entry[],
  length: number,
  reverse: boolean,
  step: (carries: readonly Entry[], rows: readonly Entry[]) => SteppedEntries,
): readonly Node[] => {
  const nodes = (entries: readonly Entry[]): readonly Node[] => entries.map(({ node }) => node)
  const over: Scanned = { initial: nodes(initial), sequences: nodes(sequences), length, reverse }
  const { carries, results } = scanned(over, (state, rows): Stepped => {
    const carried = state.map((node, i): Entry => ({ ...(initial[i] as Entry), node }))
    const t = reverse ? length - 1 : 0
    const given = rows.map((node, i) => firstRow(node, sequences[i] as Entry, length === 0 ? null : t, shop))
    return shop.scope([...carried, ...given], () => {
      const next = step(carried, given)
      return { carries: nodes(next.carries), results: nodes(next.results) }
    })
  })
  return [...carries, ...results].map((node) => shop.add(node).node)
}

const firstRow = (node: Node, known: Entry, t: number | null, shop: Workshop): Entry => {
  if (t !== null)
    return {
      node,
      value: rowOf(known.value, t),
      magnitude: rowOf(known.magnitude, t) as Magnitude,
      error: rowOf(known.error, t) as Magnitude,
    }
  const value = drawn(node.dtype, node.shape as readonly number[], 'tame', shop.below(2 ** 16))
  const zeros = { dtype: 'f32' as const, shape: value.shape, values: new Float64Array(value.values.length) }
  return { node, value, magnitude: { ...zeros, values: Float64Array.from(value.values, Math.abs) }, error: zeros }
}

/** The next carry: unchanged, something of its type, added to, or mixed with something and squashed. */
const nextOf = (shop: Workshop, carry: Entry): Entry => {
  const { dtype, shape } = carry.node
  const alike = shop.any([dtype], ({ node }) => node.shape.length === shape.length && node.shape.every((d, i) => d === shape[i]))
  const other = alike.node.shape.join() === shape.join() ? alike : shop.like(dtype, shape as readonly number[])
  const how = shop.below(5)
  if (how === 0) return carry
  if (how < 3 || dtype === 'bool') return other
  if (dtype === 'i32') return shop.add(ir.binary(shop.pick(['add', 'maximum', 'xor']), carry.node, other.node))
  const sum = ir.add(carry.node, other.node)
  return shop.add(how === 3 ? sum : ir.tanh(ir.add(ir.mul(carry.node, 0.5), other.node)))
}
