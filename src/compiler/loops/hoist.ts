/**
 * hoist: Graph -> Graph. What a loop need not compute step by step is computed for all rows at once: in front of it what depends
 * on rows and constants only, behind it what nothing in the loop reads, and sums over time. Contractions above all: one over all
 * rows reads its weights once. Sums over time are rounded otherwise.
 */
import * as e from '../../graph/expression.ts'
import type { Graph } from '../../graph/graph.ts'
import { substituted } from '../../graph/loop.ts'
import type { Node } from '../../graph/op.ts'
import { rewrite } from '../rewrite.ts'
import { type Decided, decided } from './decide.ts'
import { inTime, type Lifted, outside } from './lift.ts'
import { tidyLoops } from './loops.ts'
import { type Carry, type Closed, closed, type Fed, type OpenLoop, overLoops } from './open-loop.ts'
import { sumOverTime } from './sum-over-time.ts'

export const hoist = (graph: Graph): Graph =>
  graph.nodes.some(({ op }) => op === 'scan') ? tidyLoops(rewrite(overLoops(graph, hoisted), [])) : graph

const hoisted = (loop: OpenLoop, asked: readonly number[]): ReadonlyMap<number, Node> => {
  const { length, carries, results } = loop
  const plan = decided(loop)
  const known = new Map<Node, Lifted>([
    ...loop.sequences.map((fed): [Node, Lifted] => [fed.inside, { node: fed.outside, isTimed: true }]),
    ...loop.constants.map((fed): [Node, Lifted] => [fed.inside, { node: fed.outside, isTimed: false }]),
  ])
  const rest = reduced(loop, plan, known)
  plan.kept.forEach((row) => {
    known.set(row, { node: rest.kept(row), isTimed: true })
  })
  const outsideOf = (n: Node): Lifted => outside([n], known, length)[0] as Lifted
  const finalOf = (carry: Carry): Node => {
    const left = plan.sums.find((each) => each.carry === carry)
    return left === undefined ? rest.final(carry.inside) : plus(carry.outside, sumOverTime(left.sum, outsideOf, length))
  }
  return new Map(
    asked.map((output) => {
      const row = results[output - carries.length]
      if (row === undefined) return [output, finalOf(carries[output] as Carry)]
      return [output, plan.behind.has(row) ? inTime(outsideOf(row), length) : rest.kept(row)]
    }),
  )
}

/** The loop without what is computed outside; `kept` gives the rows of a node of the loop as it was. */
const reduced = (
  loop: OpenLoop,
  { carries, ahead, behind, kept }: Decided,
  known: Map<Node, Lifted>,
): Pick<Closed, 'final'> & { readonly kept: Closed['stacked'] } => {
  const values = outside(
    ahead.map(({ node }) => node),
    known,
    loop.length,
  )
  const fed = ahead.map(
    ({ node }, i): Fed => ({ outside: (values[i] as Lifted).node, inside: e.parameter('ahead', node.shape, node.dtype) }),
  )
  const rows = [...loop.results.filter((row) => !behind.has(row)), ...kept]
  const nexts = carries.map(({ next }) => next)
  const inside = substituted([...nexts, ...rows], new Map(ahead.map(({ node }, i) => [node, (fed[i] as Fed).inside])))
  const { final, stacked } = closed({
    ...loop,
    carries: carries.map((carry, i) => ({ ...carry, next: inside[i] as Node })),
    sequences: [...loop.sequences, ...fed.filter((_, i) => ahead[i]?.isTimed)],
    constants: [...loop.constants, ...fed.filter((_, i) => !ahead[i]?.isTimed)],
    results: inside.slice(nexts.length),
  })
  return { final, kept: (row) => stacked(inside[nexts.length + rows.indexOf(row)] as Node) }
}

/** The sum alone where it starts at nothing. */
const plus = (initial: Node, sum: Node): Node => {
  const start = initial.op === 'broadcast' ? initial.inputs[0] : initial
  return start?.op === 'constant' && start.attributes.value === 0 ? sum : e.add(initial, sum)
}
