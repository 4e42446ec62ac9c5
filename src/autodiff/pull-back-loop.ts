/**
 * The gradient of a loop over time: a loop the other way, whose step is the gradient of the step. What that needs of the forward
 * steps are further results of the forward loop, which is written down anew with them (pass `loops` makes one of both).
 */
import { add, full, parameter } from '../graph/expression.ts'
import { outputsOf, scanned, substituted } from '../graph/loop.ts'
import type { Graph, Node, NodeOf } from '../graph/op.ts'
import { type Residuals, residualsOf } from './residuals.ts'
import type { Cotangent } from './vjp.ts'

/** Of the walk through expressions, which goes through bodies too. */
export interface Walk {
  readonly activeNodes: (nodes: readonly Node[], sources: ReadonlySet<Node>) => ReadonlySet<Node>
  readonly pullBackAll: (outputs: readonly Node[], given: readonly Node[], sources: readonly Node[]) => readonly Cotangent[]
}

/** The cotangents of a loop's inputs, given those of its outputs. `active` are the nodes outside through which gradients go. */
export const pullBackLoop = (
  loop: NodeOf<'scan'>,
  given: readonly Cotangent[],
  active: ReadonlySet<Node>,
  walk: Walk,
): readonly Cotangent[] => {
  if (given.every((cotangent) => cotangent === null)) return loop.inputs.map(() => null)
  const step = stepBack(loop, given, active, walk)
  return walkBack(loop, given, step, residualsOf(loop, step.found, step.cotangents))
}

/** The gradient of one step. */
interface StepBack {
  /** The cotangent of each output of the body, a parameter; null where none comes. */
  readonly cotangents: readonly Cotangent[]
  /** The cotangent of each input of the body, an expression over its nodes and those parameters. */
  readonly found: readonly Cotangent[]
  /** Carries whose cotangents are carried back. */
  readonly carried: readonly number[]
}

const stepBack = (loop: NodeOf<'scan'>, given: readonly Cotangent[], active: ReadonlySet<Node>, walk: Walk): StepBack => {
  const { body, carries } = loop.attributes
  const isActive = activeInside(loop, active, walk)
  const live = liveOutputs(body, carries, given, isActive)
  const cotangents = body.outputs.map((output, i) => (live.has(i) ? parameter(`cotangent ${i}`, output.shape, 'f32', output.sizes) : null))
  const reached = [...live]
  const sources = body.inputs.filter((input) => isActive.has(input))
  const pulled = walk.pullBackAll(
    reached.map((i) => body.outputs[i] as Node),
    reached.map((i) => cotangents[i] as Node),
    sources,
  )
  const found = body.inputs.map((input) => pulled[sources.indexOf(input)] ?? null)
  const carried = body.inputs.slice(0, carries).flatMap((carry, i) => {
    const comes = live.has(i) || (given[i] ?? null) !== null || (found[i] ?? null) !== null
    return isActive.has(carry) && comes ? [i] : []
  })
  return { cotangents, found, carried }
}

/** The nodes of the body through which gradients go. A carry is one of them as soon as it is in some step. */
const activeInside = ({ inputs, attributes: { body, carries } }: NodeOf<'scan'>, active: ReadonlySet<Node>, walk: Walk) => {
  const sources = new Set(body.inputs.filter((input, i) => input.dtype === 'f32' && active.has(inputs[i] as Node)))
  for (;;) {
    const found = walk.activeNodes(body.nodes, sources)
    const more = body.inputs.slice(0, carries).filter((carry, i) => !sources.has(carry) && found.has(body.outputs[i] as Node))
    if (more.length === 0) return found
    for (const carry of more) sources.add(carry)
  }
}

/** The outputs that a cotangent comes to in some step: from outside, or from the step after it. */
const liveOutputs = (
  { outputs, inputs, nodes }: Graph,
  carries: number,
  given: readonly Cotangent[],
  active: ReadonlySet<Node>,
): ReadonlySet<number> => {
  const live = new Set(outputs.flatMap((output, i) => ((given[i] ?? null) !== null && active.has(output) ? [i] : [])))
  for (;;) {
    const reached = new Set([...live].map((i) => outputs[i] as Node))
    for (const node of nodes.toReversed()) if (reached.has(node)) for (const input of node.inputs) if (active.has(input)) reached.add(input)
    const more = inputs.slice(0, carries).flatMap((carry, i) => {
      return reached.has(carry) && active.has(outputs[i] as Node) && !live.has(i) ? [i] : []
    })
    if (more.length === 0) return live
    for (const i of more) live.add(i)
  }
}

/** The loop back. It carries the carries' cotangents and the sums of the constants', and gives the rows' as results. */
const walkBack = (loop: NodeOf<'scan'>, given: readonly Cotangent[], step: StepBack, residuals: Residuals): readonly Cotangent[] => {
  const { body, carries, sequences, shape, reverse } = loop.attributes
  const { cotangents, found, carried } = step
  const zeros = (x: Node): Node => full(x.shape, 0, 'f32', x.sizes)
  const withFound = (from: number, to: number) => found.flatMap((d, i) => (i >= from && i < to && d !== null ? [i] : []))
  const rows = withFound(carries, carries + sequences)
  const constants = withFound(carries + sequences, found.length)
  const results = cotangents.flatMap((g, i) => (i >= carries && g !== null ? [i] : []))
  const forward = outputsOf({ ...loop.attributes, body: residuals.body }, loop.inputs).slice(body.outputs.length)

  const back = scanned(
    {
      initial: [...carried.map((i) => given[i] ?? zeros(body.inputs[i] as Node)), ...constants.map((i) => zeros(body.inputs[i] as Node))],
      sequences: [...results.map((i) => given[i] as Node), ...residuals.rows.map((i) => loop.inputs[i] as Node), ...forward],
      length: shape[0] as string | number,
      reverse: !reverse,
    },
    (state, now) => {
      const known = new Map<Node, Node>([
        ...carried.flatMap((i, at) => (cotangents[i] ? [[cotangents[i] as Node, state[at] as Node] as const] : [])),
        ...results.map((i, at) => [cotangents[i] as Node, now[at] as Node] as const),
        ...residuals.rows.map((i, at) => [body.inputs[i] as Node, now[results.length + at] as Node] as const),
        ...residuals.saved.map((n, at) => [n, now[results.length + residuals.rows.length + at] as Node] as const),
        ...body.inputs.flatMap((n, i) => (i < carries + sequences ? [] : [[n, loop.inputs[i] as Node] as const])),
      ])
      const image = substituted(
        [...carried, ...constants, ...rows].map((i) => found[i] ?? zeros(body.inputs[i] as Node)),
        known,
      )
      return {
        carries: [
          ...image.slice(0, carried.length),
          ...constants.map((_, at) => add(state[carried.length + at] as Node, image[carried.length + at] as Node)),
        ],
        results: image.slice(carried.length + constants.length),
      }
    },
  )
  return loop.inputs.map((_, i) => {
    const at = [...carried, ...constants].indexOf(i)
    return (at >= 0 ? back.carries[at] : back.results[rows.indexOf(i)]) ?? null
  })
}
