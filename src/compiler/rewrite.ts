/** Rewriting a graph by local rules: equal nodes become one, every node is brought to the form that no rule changes. */
import { type Graph, graphOf, withInputs } from '../graph/graph.ts'
import { InternalError } from '../graph/internal-error.ts'
import type { Node } from '../graph/node.ts'
import { debug } from './debug.ts'

/** Gives a better expression for a node whose operands are in final form, or null. One line a rule: the arrow says what it does. */
export interface Rule {
  readonly name: string
  readonly apply: (node: Node) => Node | null
}

/** A rule that fires once too often for one node is in a cycle with another. */
const patience = 100

/** The graph with all rules applied, common subexpressions shared and dead code gone. */
export const rewrite = (graph: Graph, rules: readonly Rule[]): Graph => {
  const intern = interner()
  const images = new Map<Node, Node>(graph.inputs.map((input) => [input, input]))

  /** Brings a fresh node to its final form; its operands are final or as fresh as itself. Depth: what one rule built. */
  const settle = (n: Node, turns: number): Node => {
    const known = images.get(n)
    if (known !== undefined) return known
    const own = intern(
      withInputs(
        n,
        n.inputs.map((input) => settle(input, turns)),
      ),
    )
    const final = images.get(own) ?? improved(own, turns)
    images.set(n, final)
    images.set(own, final)
    images.set(final, final)
    return final
  }
  const improved = (n: Node, turns: number): Node => {
    if (turns > patience) throw new InternalError(`rules go round in a circle`, `${n.op} -> rewrite`)
    for (const rule of rules) {
      const better = rule.apply(n)
      if (better === null) continue
      debug.rewrite(rule.name, n, better)
      return settle(better, turns + 1)
    }
    return n
  }

  for (const n of graph.nodes) settle(n, 0)
  return graphOf(
    graph.outputs.map((output) => images.get(output) as Node),
    graph.inputs,
  )
}

/** Gives one node for all that are alike: same op, same attributes, same operands. Data and inputs stay themselves. */
const interner = (): ((n: Node) => Node) => {
  const ids = new Map<Node, number>()
  const pool = new Map<string, Node>()
  const id = (n: Node): number => {
    const known = ids.get(n)
    if (known !== undefined) return known
    ids.set(n, ids.size)
    return ids.size - 1
  }
  return (n) => {
    if (n.op === 'parameter' || n.op === 'data') return n
    const key = `${n.op} ${n.inputs.map(id).join()} ${attributesKey(n)}`
    const twin = pool.get(key)
    if (twin !== undefined) return twin
    pool.set(key, n)
    return n
  }
}

/** JSON, except that it tells -0, NaN and the infinities apart. */
export const attributesKey = (n: Node): string =>
  n.op === 'constant' ? `${n.dtype} ${Object.is(n.attributes.value, -0) ? '-0' : n.attributes.value}` : JSON.stringify(n.attributes)
