/** What of a loop is computed outside of it: decided here, as a record; `hoist` does it. */
import { graphOf } from '../../graph/graph.ts'
import type { Node, Op } from '../../graph/op.ts'
import { canLift } from './lift.ts'
import { type Carry, coneOf, dependents, type OpenLoop } from './open-loop.ts'
import { isContraction, type Sum, summed, summedFrom } from './sum-over-time.ts'

export interface Decided {
  /** Carries that are only added to. */
  readonly sums: readonly { readonly carry: Carry; readonly sum: Sum }[]
  readonly carries: readonly Carry[]
  /** Nodes computed in front: what is read of them inside comes in, by rows or as constants. */
  readonly ahead: readonly { readonly node: Node; readonly isTimed: boolean }[]
  /** Results that are computed behind; the others stay. */
  readonly behind: ReadonlySet<Node>
  /** Nodes whose rows are needed outside. */
  readonly kept: readonly Node[]
}

export const decided = (loop: OpenLoop): Decided => {
  const candidates = accumulators(loop)
  const seen = look(loop, candidates)
  const sums = candidates.flatMap((carry) => {
    const sum = summed(addedTo(carry), { ...seen, isStacked: seen.isFree })
    return sum === null ? [] : [{ carry, sum }]
  })
  const left = new Set(sums.map(({ carry }) => carry))
  const carries = loop.carries.filter((carry) => !left.has(carry))
  const behind = computedBehind(loop, carries, seen)
  const kept = new Set<Node>()
  const keep = (n: Node): void => keepFor(n, behind, seen, kept)
  for (const n of behind) for (const input of n.inputs) keep(input)
  for (const { sum } of sums) if (isContraction(sum)) summedFrom(sum).forEach(keep)
  // what is stacked by now serves other sums as well
  const isStacked = (n: Node): boolean => seen.isFree(n) || kept.has(n)
  const better = sums.map(({ carry, sum }) => ({ carry, sum: summed(addedTo(carry), { ...seen, isStacked }) ?? sum }))
  for (const { sum } of better) summedFrom(sum).forEach(keep)
  const results = loop.results.filter((row) => !behind.has(row))
  const ahead = computedAhead([...carries.map(({ next }) => next), ...results, ...kept], seen)
  return { sums: better, carries, ahead, behind, kept: [...kept] }
}

/** What is known of the nodes of a body. */
interface Seen {
  readonly nodes: readonly Node[]
  /** Changes from step to step. */
  readonly isMoving: (n: Node) => boolean
  /** Made of rows and constants only, by ops that can be lifted. */
  readonly isFree: (n: Node) => boolean
  readonly mayStack: (n: Node) => boolean
}
const look = ({ carries, sequences, constants, results }: OpenLoop, sums: readonly Carry[]): Seen => {
  const states = carries.map(({ inside }) => inside)
  const rows = sequences.map(({ inside }) => inside)
  const { nodes } = graphOf([...carries.map(({ next }) => next), ...results], [])
  const moving = dependents(nodes, [...states, ...rows])
  const stateful = dependents(nodes, states)
  const free = new Set<Node>([...rows, ...constants.map(({ inside }) => inside)])
  for (const n of nodes) if (!stateful.has(n) && isLiftable(n, moving) && n.inputs.every((input) => free.has(input))) free.add(n)
  // a sum may be larger than any row, as weights are
  const around = carries.flatMap((carry) => (sums.includes(carry) ? [] : [carry.inside]))
  const most = Math.max(1, ...[...around, ...rows, ...results].map(elements))
  return {
    nodes,
    isMoving: (n) => moving.has(n),
    isFree: (n) => free.has(n),
    mayStack: (n) => free.has(n) || elements(n) <= most,
  }
}
const isLiftable = (n: Node, moving: ReadonlySet<Node>): boolean =>
  n.inputs.length === 0
    ? n.op !== 'parameter'
    : canLift(
        n,
        n.inputs.map((input) => moving.has(input)),
      )
const elements = ({ shape }: Node): number => shape.reduce<number>((product, dim) => product * (dim as number), 1)

/** The carries that nothing reads but the sum that they become. */
const accumulators = ({ carries, results }: OpenLoop): readonly Carry[] => {
  const { nodes } = graphOf([...carries.map(({ next }) => next), ...results], [])
  const users = new Map<Node, number>()
  const read = (n: Node): unknown => users.set(n, (users.get(n) ?? 0) + 1)
  for (const n of nodes) n.inputs.forEach(read)
  for (const n of [...carries.map(({ next }) => next), ...results]) read(n)
  return carries.filter(
    ({ inside, next }) => next.op === 'add' && next.inputs.includes(inside) && users.get(inside) === 1 && users.get(next) === 1,
  )
}
const addedTo = ({ inside, next }: Carry): Node => next.inputs.find((input) => input !== inside) as Node

/**
 * Nodes that only results need, from the first contraction on; where nothing goes round any more, from the first node on. What
 * has a reader inside stays.
 */
const computedBehind = ({ results }: OpenLoop, carries: readonly Carry[], { nodes, isMoving }: Seen): ReadonlySet<Node> => {
  const core = coneOf(carries.map(({ next }) => next))
  const asked = coneOf(results)
  const behind = new Set<Node>()
  for (const n of nodes) {
    if (core.has(n) || !asked.has(n) || !isMoving(n) || n.op === 'parameter') continue
    const starts = n.op === 'dot' || carries.length === 0 || n.inputs.some((input) => behind.has(input))
    const timed = n.inputs.map(isMoving)
    if (starts && canLift(n, timed)) behind.add(n)
  }
  for (const n of nodes.toReversed()) if (asked.has(n) && !behind.has(n)) for (const input of n.inputs) behind.delete(input)
  return behind
}

/** The rows that are needed outside so that this node is known there: its own, or those that it is moved from. */
const keepFor = (n: Node, behind: ReadonlySet<Node>, seen: Seen, kept: Set<Node>): void => {
  if (seen.isFree(n) || behind.has(n) || kept.has(n) || (n.inputs.length === 0 && n.op !== 'parameter')) return
  const [below] = n.inputs
  if (movements.has(n.op) && below !== undefined) keepFor(below, behind, seen, kept)
  else kept.add(n)
}
const movements: ReadonlySet<Op> = new Set<Op>(['broadcast', 'reshape', 'permute'])

/** Contractions of rows and constants, and what is made of them, as far as it is no larger; those that the loop reads. */
const computedAhead = (outputs: readonly Node[], { isFree, isMoving }: Seen): Decided['ahead'] => {
  const { nodes } = graphOf(outputs, [])
  const ahead = new Set<Node>()
  for (const n of nodes) {
    if (n.op === 'parameter' || !isFree(n)) continue
    const made = n.inputs.filter((input) => ahead.has(input)).map(elements)
    if (n.op === 'dot' || (made.length > 0 && elements(n) <= Math.max(...made))) ahead.add(n)
  }
  const read = new Set(outputs.filter((n) => ahead.has(n)))
  for (const n of nodes) if (!ahead.has(n)) for (const input of n.inputs) if (ahead.has(input)) read.add(input)
  return nodes.flatMap((node) => (read.has(node) ? [{ node, isTimed: isMoving(node) }] : []))
}
