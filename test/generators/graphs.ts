/** Random graphs over all ops, with values for their inputs: every list of numbers is a valid one, so they shrink freely. */
import fc from 'fast-check'
import { describeNumber } from '../../src/graph/describe.ts'
import type { Value } from '../../src/graph/evaluate/value.ts'
import { type Graph, graphOf } from '../../src/graph/graph.ts'
import { inferences } from '../../src/graph/infer.ts'
import type { Node } from '../../src/graph/node.ts'
import type { Op } from '../../src/graph/op.ts'
import { print } from '../../src/graph/print.ts'
import { construct } from './constructions.ts'
import { compose, type Motif, motifs } from './motifs.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

/** A graph and one value for each input. */
export interface Sample {
  readonly graph: Graph
  readonly values: readonly Value[]
}

/** What a step adds, and the numbers that decide how. */
interface Step {
  readonly add: Op | Motif
  readonly numbers: readonly number[]
}

export const allOps: readonly Op[] = Object.keys(inferences) as Op[]
const allMotifs = Object.keys(motifs) as readonly Motif[]
/** Two motifs a graph or so. */
const everything: readonly (Op | Motif)[] = [...allOps, ...allMotifs, ...allMotifs]
const isMotif = (add: Op | Motif): add is Motif => add in motifs

/** Graphs of up to `steps` random nodes of these ops or motifs, and what they need below them. */
export const samples = (steps = 12, parts: readonly (Op | Motif)[] = everything): fc.Arbitrary<Sample> => {
  const numbers = fc.array(fc.nat(2 ** 16), { minLength: 24, maxLength: 24 })
  const step = fc.record<Step>({ add: fc.constantFrom(...parts), numbers })
  return fc.tuple(fc.array(step, { minLength: 1, maxLength: steps, size: 'max' }), numbers).map(([all, outputs]) => built(all, outputs))
}

const built = (steps: readonly Step[], outputs: readonly number[]): Sample => {
  const shop = openWorkshop()
  for (const { add, numbers } of steps) {
    shop.turn(numbers)
    if (isMotif(add)) compose(shop, add)
    else construct(shop, add)
  }
  shop.turn(outputs)
  return sampleOf(
    graphOf(
      outputsOf(shop),
      shop.inputs.map(({ node }) => node),
    ),
    shop.inputs.map(({ value }) => value),
  )
}

/** The last node, some that nothing reads, and any two, which others may read and which may be inputs. */
const outputsOf = (shop: Workshop): readonly Node[] => {
  const nodes = shop.entries.map(({ node }) => node)
  const read = new Set(nodes.flatMap(({ inputs }) => inputs))
  const unread = nodes.filter((node) => !read.has(node) && node.inputs.length > 0)
  const any = Array.from({ length: shop.below(3) }, () => shop.any(['f32', 'i32', 'bool']).node)
  return [nodes[nodes.length - 1] as Node, ...shop.shuffle(shop.some(unread)).slice(0, 6), ...any]
}

/** What fast-check prints on a failure: the graph as text, and the elements of its inputs. */
const sampleOf = (graph: Graph, values: readonly Value[]): Sample => {
  const elements = ({ dtype, values: all }: Value): string => `[${Array.from(all, (x) => describeNumber(x, dtype)).join(', ')}]`
  const text = () => [print(graph), ...values.map((value, i) => `%${i} = ${elements(value)}`)].join('\n')
  return Object.defineProperty({ graph, values }, fc.toStringMethod, { value: text, enumerable: false })
}
