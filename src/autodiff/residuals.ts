/** Which values of a forward step its gradient keeps, and which it computes again. */
import { factors } from '../../types/elements.ts'
import { graphOf } from '../graph/graph.ts'
import type { Graph, Node, NodeOf, Op } from '../graph/op.ts'
import type { Cotangent } from './vjp.ts'

export interface Residuals {
  /** The body of the loop, with the saved values as further results. */
  readonly body: Graph
  /** Nodes over the body. */
  readonly saved: readonly Node[]
  /** Inputs of the loop: sequences whose rows the gradient reads. */
  readonly rows: readonly number[]
}

/**
 * Primal values are those that no cotangent goes into. Where the gradient reads one, it is kept, unless a few operations make
 * it from what is there anyway: rows, constants and values that are kept. Nothing that costs more is computed twice.
 */
export const residualsOf = (
  { attributes: { body, carries, sequences } }: NodeOf<'scan'>,
  found: readonly Cotangent[],
  cotangents: readonly Cotangent[],
): Residuals => {
  const isGiven = (cotangent: Cotangent): cotangent is Node => cotangent !== null
  const { nodes } = graphOf(found.filter(isGiven), [...body.inputs, ...cotangents.filter(isGiven)])
  const dual = new Set<Node>(cotangents.filter(isGiven))
  for (const n of nodes) if (n.inputs.some((input) => dual.has(input))) dual.add(n)
  // a cotangent that is a value of the step itself is read by the loop
  const read = new Set<Node>(found.filter((d): d is Node => d !== null && !dual.has(d)))
  for (const n of nodes) if (dual.has(n)) for (const input of n.inputs) if (!dual.has(input)) read.add(input)

  const moving = new Set<Node>(body.inputs.slice(0, carries + sequences))
  for (const n of nodes) if (n.inputs.some((input) => moving.has(input))) moving.add(n)
  const work = new Map<Node, number>(body.inputs.slice(carries).map((row) => [row, 0]))
  const saved: Node[] = []
  const save = (n: Node): void => {
    saved.push(n)
    work.set(n, 0)
  }
  for (const n of nodes) {
    if (!moving.has(n)) work.set(n, 0)
    else if (read.has(n)) keep(n, work, save)
  }
  const leaves = new Set(graphOf([...read], saved).nodes)
  const rows = body.inputs.flatMap((input, i) => (i >= carries && i < carries + sequences && leaves.has(input) ? [i] : []))
  return { body: graphOf([...body.outputs, ...saved], body.inputs), saved, rows }
}

/** Makes a value of the step known to the gradient. Where it comes from one other value, no larger, that one is kept, which others may read. */
const keep = (n: Node, work: Map<Node, number>, save: (n: Node) => void): void => {
  const { total, bases } = madeOf(n, work)
  const [base, ...others] = bases
  const isMade = total <= mostWork && others.length === 0 && (base === undefined || isNoLarger(base, n))
  if (!isMade) return save(n)
  if (base !== undefined) save(base)
  work.set(n, total)
}

/** The operations that make an element, and what they start from beside what is known: values that cost more. */
const madeOf = (n: Node, work: ReadonlyMap<Node, number>): { readonly total: number; readonly bases: readonly Node[] } => {
  let total = 0
  const bases = new Set<Node>()
  const stack = [n]
  while (stack.length > 0 && total <= mostWork) {
    const next = stack.pop() as Node
    const known = work.get(next)
    const own = cheap.get(next.op)
    if (known !== undefined) total += known
    else if (own === undefined) bases.add(next)
    else {
      total += own
      stack.push(...next.inputs)
    }
  }
  return { total, bases: [...bases] }
}
const isNoLarger = (x: Node, y: Node): boolean => {
  const [[size, names], [most, others]] = [factors(x.shape), factors(y.shape)]
  return size <= most && [...names].sort().join() === [...others].sort().join()
}

/** To keep an element is to write and to read 8 bytes, which takes as long as so many operations. */
const mostWork = 8
const cheap: ReadonlyMap<Op, number> = new Map<Op, number>([
  ...(['constant', 'size', 'iota'] as const).map((op): [Op, number] => [op, 0]),
  ...(['broadcast', 'reshape', 'permute', 'stopGradient'] as const).map((op): [Op, number] => [op, 0]),
  ...(['neg', 'abs', 'sign', 'floor', 'add', 'sub', 'mul', 'maximum', 'minimum', 'select', 'cast'] as const).map((op): [Op, number] => [
    op,
    1,
  ]),
  ...(['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual', 'and', 'or', 'xor'] as const).map((op): [Op, number] => [
    op,
    1,
  ]),
  ...(['div', 'reciprocal', 'sqrt'] as const).map((op): [Op, number] => [op, 6]),
])
