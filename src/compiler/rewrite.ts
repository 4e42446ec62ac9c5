/** Rewriting a graph by local rules: equal nodes become one, every node is brought to the form that no rule changes. */
import { type Graph, graphOf, withBodies, withInputs } from '../graph/graph.ts'
import { InternalError } from '../graph/internal-error.ts'
import type { Node } from '../graph/node.ts'
import type { Op } from '../graph/op.ts'
import { debug } from './debug.ts'
import { attributesKey, bodyKey } from './structure.ts'

/** Gives a better expression for a node whose operands are in final form, or null. One line a rule: the arrow says what it does. */
export interface Rule {
  readonly name: string
  /** The ops that it is asked about. */
  readonly on: ReadonlySet<Op>
  readonly apply: (node: Node) => Node | null
}
export const rule = <O extends Op>(name: string, on: O | readonly O[], apply: (node: Extract<Node, { op: O }>) => Node | null): Rule =>
  // it is asked about its own ops alone
  ({ name, on: new Set<Op>(typeof on === 'string' ? [on] : on), apply: apply as Rule['apply'] })

/** A rule that fires once too often for one node is in a cycle with another. */
const patience = 100

/** The graph with all rules applied, in bodies of loops too, common subexpressions and equal bodies shared, and dead code gone. */
export const rewrite = (graph: Graph, rules: readonly Rule[]): Graph => rewritten(graph, rules, 0, rewrite)

/** The same for a graph that was rewritten before, by whatever rules: up to the first node of which these say something, it stays. */
export const rewriteShared = (graph: Graph, rules: readonly Rule[]): Graph => {
  const rulesOf = byOp(rules)
  const loopOver = withBodies((body) => rewriteShared(body, rules))
  const stays = (n: Node): boolean =>
    (n.op !== 'scan' || loopOver(n, n.inputs) === n) && rulesOf(n.op).every((rule) => rule.apply(n) === null)
  const first = graph.nodes.findIndex((n) => !stays(n))
  return first < 0 ? graph : rewritten(graph, rules, first, rewriteShared)
}

/** `still` nodes at the beginning are in their final form; `inBody` rewrites bodies of loops. */
const rewritten = (graph: Graph, rules: readonly Rule[], still: number, inBody: typeof rewrite): Graph => {
  const intern = interner()
  const loopOver = withBodies(sharing((body) => inBody(body, rules)))
  const rulesOf = byOp(rules)
  const images = new Map<Node, Node>(graph.inputs.map((input) => [input, input]))

  /** Brings a fresh node to its final form; its operands are final or as fresh as itself. Depth: what one rule built. */
  const settle = (n: Node, turns: number): Node => {
    const known = images.get(n)
    if (known !== undefined) return known
    const inputs = n.inputs.map((input) => settle(input, turns))
    const own = intern(n.op === 'scan' ? loopOver(n, inputs) : withInputs(n, inputs))
    const final = images.get(own) ?? improved(own, turns)
    images.set(n, final)
    if (own !== n) images.set(own, final)
    if (final !== own) images.set(final, final)
    return final
  }
  const improved = (n: Node, turns: number): Node => {
    if (turns > patience) throw new InternalError(`rules go round in a circle`, `${n.op} -> rewrite`)
    for (const rule of rulesOf(n.op)) {
      const better = rule.apply(n)
      if (better === null) continue
      debug.rewrite(rule.name, n, better)
      return settle(better, turns + 1)
    }
    return n
  }

  graph.nodes.forEach((n, i) => {
    if (i < still && n.op !== 'scan') images.set(n, intern(n))
    else settle(n, 0)
  })
  return graphOf(
    graph.outputs.map((output) => images.get(output) as Node),
    graph.inputs,
  )
}

/** The rules that may say something of an op, in their order. */
const byOp = (rules: readonly Rule[]): ((op: Op) => readonly Rule[]) => {
  const known = new Map<Op, readonly Rule[]>()
  return (op) => {
    const own = known.get(op) ?? rules.filter(({ on }) => on.has(op))
    known.set(op, own)
    return own
  }
}

/** One object for all bodies that are alike once they are rewritten. A body that was rewritten stays. */
const sharing = (rewritten: (body: Graph) => Graph): ((body: Graph) => Graph) => {
  const pool = new Map<string, Graph>()
  const done = new Set<Graph>()
  return (body) => {
    if (done.has(body)) return body
    const image = rewritten(body)
    const key = bodyKey(image)
    const twin = pool.get(key) ?? image
    pool.set(key, twin)
    done.add(twin)
    return twin
  }
}

/** Gives one node for all that are alike: same op, same attributes, same operands. Data and inputs stay themselves. */
const interner = (): ((n: Node) => Node) => {
  const ids = new Map<Node, number>()
  const pool = new Map<string, Map<string, Node> | Node>()
  const id = (n: Node): number => {
    const known = ids.get(n)
    if (known !== undefined) return known
    ids.set(n, ids.size)
    return ids.size - 1
  }
  return (n) => {
    if (n.op === 'parameter' || n.op === 'data') return n
    let key: string = n.op
    for (const input of n.inputs) key += ` ${id(input)}`
    // nearly always the first of its operands: its attributes, a longer text, are only looked at where it is not
    const known = pool.get(key)
    if (known === undefined) {
      pool.set(key, n)
      return n
    }
    if (known === n) return n
    const alike = known instanceof Map ? known : new Map([[attributesKey(known), known]])
    pool.set(key, alike)
    const own = attributesKey(n)
    const twin = alike.get(own)
    if (twin === undefined) alike.set(own, n)
    return twin ?? n
  }
}
