/** Rewriting a graph by local rules: equal nodes become one, every node is brought to the form that no rule changes. */
import { type Graph, graphOf, withInputs } from '../graph/graph.ts'
import { InternalError } from '../graph/internal-error.ts'
import type { Node } from '../graph/node.ts'
import type { Op } from '../graph/op.ts'
import { debug } from './debug.ts'

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

/** The graph with all rules applied, common subexpressions shared and dead code gone. */
export const rewrite = (graph: Graph, rules: readonly Rule[]): Graph => {
  const intern = interner()
  const rulesOf = byOp(rules)
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
    for (const rule of rulesOf(n.op)) {
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

/** The rules that may say something of an op, in their order. */
const byOp = (rules: readonly Rule[]): ((op: Op) => readonly Rule[]) => {
  const known = new Map<Op, readonly Rule[]>()
  return (op) => {
    const own = known.get(op) ?? rules.filter(({ on }) => on.has(op))
    known.set(op, own)
    return own
  }
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
export const attributesKey = (n: Node): string => {
  if (n.op === 'constant') return `${n.dtype} ${Object.is(n.attributes.value, -0) ? '-0' : n.attributes.value}`
  const known = keys.get(n.attributes)
  if (known !== undefined) return known
  const key = JSON.stringify(n.attributes)
  keys.set(n.attributes, key)
  return key
}
/** Every pass asks for the key of the same attributes again. */
const keys = new WeakMap<Node['attributes'], string>()
