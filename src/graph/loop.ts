/** Loops over time, of nodes: a step becomes a body, and what it reads from outside becomes the loop's constants. */
import type { Dim } from '../../types/dim.ts'
import { parameter } from './expression.ts'
import { graphOf, withInputs } from './graph.ts'
import { isIdentity, make } from './make.ts'
import { binaryOps, bitOps, compareOps, type Graph, type Loop, type Node, type Op, unaryOps } from './op.ts'

/** What a loop runs over. */
export interface Scanned {
  /** One carry each. */
  readonly initial: readonly Node[]
  /** `[length, ...row]` each. */
  readonly sequences: readonly Node[]
  readonly length: Dim
  /** From the last row to the first. */
  readonly reverse?: boolean
}
/** The next carries and a row of each result; of a whole loop: the final carries and the stacked results. */
export interface Stepped {
  readonly carries: readonly Node[]
  readonly results: readonly Node[]
}

/** A loop of this step. The step may read whatever stands outside, which is computed once, before the loop. */
export const scanned = (
  { initial, sequences, length, reverse = false }: Scanned,
  step: (carries: readonly Node[], rows: readonly Node[]) => Stepped,
): Stepped => {
  const carries = initial.map((x, i) => parameter(`carry ${i}`, x.shape, x.dtype, x.sizes))
  const rows = sequences.map((x, i) => parameter(`row ${i}`, x.shape.slice(1), x.dtype, x.sizes))
  const next = step(carries, rows)
  const { body, constants } = closed([...carries, ...rows], [...next.carries, ...next.results])
  const loop = { body, carries: initial.length, sequences: sequences.length, shape: [length], reverse }
  const outputs = outputsOf(loop, [...initial, ...sequences, ...constants])
  return { carries: outputs.slice(0, initial.length), results: outputs.slice(initial.length) }
}

/** Every output of a loop: siblings, in the order of the body's outputs. */
export const outputsOf = (loop: Omit<Loop, 'output'>, inputs: readonly Node[]): readonly Node[] =>
  loop.body.outputs.map((row, output) => make('scan', inputs, { ...loop, output }, row.sizes))

/** The expressions over other nodes in the place of some. What stands below those is not looked at. */
export const substituted = (outputs: readonly Node[], known: ReadonlyMap<Node, Node>): readonly Node[] => {
  const images = new Map(known)
  const image = (n: Node): Node => images.get(n) ?? n
  for (const n of graphOf(outputs, [...known.keys()]).nodes) if (!images.has(n)) images.set(n, withInputs(n, n.inputs.map(image)))
  return outputs.map(image)
}

/** The body that computes these outputs from these parameters: what depends on none of them is a constant, but for what costs nothing. */
export const closed = (
  parameters: readonly Node[],
  outputs: readonly Node[],
): { readonly body: Graph; readonly constants: readonly Node[] } => {
  const { nodes } = graphOf(outputs, [])
  const images = new Map<Node, Node>(parameters.map((p) => [p, p]))
  const free = new Set<Node>()
  for (const n of nodes) if (!images.has(n) && isFree(n, free)) free.add(n)
  const constants = new Map<Node, Node>()
  const inside = new Map<Node, Node>()
  const remember = (n: Node, moved: Node): Node => {
    inside.set(n, moved)
    return moved
  }
  const image = (n: Node): Node => {
    const known = images.get(n) ?? constants.get(n) ?? inside.get(n)
    if (known !== undefined) return known
    if (free.has(n)) return n
    // stretched and turned round inside, where that costs nothing
    if (n.op === 'broadcast' || n.op === 'permute') return remember(n, withInputs(n, n.inputs.map(image)))
    const constant = parameter(`constant ${constants.size}`, n.shape, n.dtype, n.sizes)
    constants.set(n, constant)
    return constant
  }
  for (const n of nodes)
    if (!images.has(n) && n.inputs.some((input) => images.has(input))) images.set(n, withInputs(n, n.inputs.map(image)))
  const results = outputs.map(image)
  return { body: graphOf(results, [...parameters, ...constants.values()]), constants: [...constants.keys()] }
}

/**
 * Known from its place alone: it stays inside, where it is part of other expressions. An identity is not: a gradient by it may be
 * asked for, and comes through the loop's inputs alone.
 */
const isFree = (n: Node, free: ReadonlySet<Node>): boolean =>
  sourceOps.has(n.op) || (n.inputs.length > 0 && elementOps.has(n.op) && !isIdentity(n) && n.inputs.every((input) => free.has(input)))
const sourceOps: ReadonlySet<Op> = new Set<Op>(['constant', 'size', 'iota'])
const elementOps: ReadonlySet<Op> = new Set<Op>([
  ...([...unaryOps, ...binaryOps, ...bitOps, ...compareOps, 'select', 'cast'] as const),
  ...(['broadcast', 'reshape', 'permute', 'slice'] as const),
])
