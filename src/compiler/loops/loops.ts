/**
 * loops: Graph -> Graph. Loops that walk alike are one, and a loop holds what is asked of it and no more: no carry that stays
 * the same, nothing that is read twice. Keeps every bit.
 */
import * as e from '../../graph/expression.ts'
import { areSiblings, type Graph, graphOf, mapGraph, withInputs } from '../../graph/graph.ts'
import { substituted } from '../../graph/loop.ts'
import { make } from '../../graph/make.ts'
import type { Loop, Node, NodeOf } from '../../graph/op.ts'
import { rewrite } from '../rewrite.ts'
import { type Carry, type Closed, closed, coneOf, dependents, type Fed, type OpenLoop, overLoops } from './open-loop.ts'

export const tidyLoops = (graph: Graph): Graph =>
  graph.nodes.some(({ op }) => op === 'scan') ? rewrite(overLoops(merged(graph), tidied), []) : graph

/** Loops over the same, whose carries go the same way, are one loop with the results of all: a gradient asks for more of a loop. */
const merged = (graph: Graph): Graph => {
  const groups: NodeOf<'scan'>[][] = []
  for (const n of graph.nodes) {
    if (n.op !== 'scan') continue
    const group = groups.find(([first]) => first !== undefined && walksAlike(first, n))
    if (group === undefined) groups.push([n])
    else group.push(n)
  }
  const images = new Map(groups.flatMap((group) => [...oneLoop(group)]))
  const bodies = new Map<Graph, Graph>()
  const bodyOf = (body: Graph): Graph => {
    const known = bodies.get(body) ?? merged(body)
    bodies.set(body, known)
    return known
  }
  return mapGraph(graph, (n, inputs) => {
    if (n.op !== 'scan') return withInputs(n, inputs)
    const attributes = images.get(n) ?? n.attributes
    return make('scan', inputs, { ...attributes, body: bodyOf(attributes.body) }, n.sizes)
  })
}
const walksAlike = (a: NodeOf<'scan'>, b: NodeOf<'scan'>): boolean =>
  areSiblings(a, { ...b, attributes: { ...b.attributes, body: a.attributes.body } }) && a.inputs.length === b.inputs.length

/** The attributes of these nodes as outputs of one loop, as far as the carries of their bodies are the same expressions. */
const oneLoop = (group: readonly NodeOf<'scan'>[]): ReadonlyMap<Node, Loop> => {
  const bodies = [...new Set(group.map(({ attributes }) => attributes.body))]
  const [first, ...others] = bodies as [Graph, ...Graph[]]
  if (others.length === 0) return new Map()
  const { carries } = (group[0] as NodeOf<'scan'>).attributes
  const outputs = bodies.map((body) => substituted(body.outputs, new Map(body.inputs.map((input, i) => [input, first.inputs[i] as Node]))))
  const shared = rewrite(graphOf(outputs.flat(), first.inputs), []).outputs
  const starts = bodies.map((_, i) => outputs.slice(0, i).reduce((n, list) => n + list.length, 0))
  const joins = starts.map((start) => first.inputs.slice(0, carries).every((_, i) => shared[start + i] === shared[i]))
  const joined = bodies.flatMap((_, b) => (joins[b] ? [b] : []))
  const places = new Map<number, number>()
  const all = shared.slice(0, carries)
  for (const b of joined)
    for (let i = carries; i < (outputs[b] as readonly Node[]).length; i++) {
      const at = (starts[b] as number) + i
      places.set(at, all.push(shared[at] as Node) - 1)
    }
  const body = graphOf(all, first.inputs)
  return new Map(
    group.flatMap((n): [Node, Loop][] => {
      const b = bodies.indexOf(n.attributes.body)
      if (!joins[b]) return []
      const { output } = n.attributes
      return [[n, { ...n.attributes, body, output: output < carries ? output : (places.get((starts[b] as number) + output) as number) }]]
    }),
  )
}

/** What is asked of a loop, by the least loop that gives it. */
const tidied = (given: OpenLoop, asked: readonly number[]): ReadonlyMap<number, Node> => {
  const states = given.carries.map(({ inside }) => inside)
  const finals = asked.filter((output) => output < states.length)
  const rows = asked.filter((output) => output >= states.length)
  const asFinals = new Set(finals.map((i) => states[i] as Node))
  const loop = settled({ ...given, results: rows.map((output) => given.results[output - states.length] as Node) }, asFinals)
  const short = given.length < 2 ? shortLoop(loop, given.length) : null
  const { final, stacked } = short ?? withoutRows(loop, asFinals)
  const stays = (i: number): Node | undefined =>
    loop.carries.some(({ inside }) => inside === states[i]) ? undefined : given.carries[i]?.outside
  return new Map([
    ...finals.map((i) => [i, stays(i) ?? final(states[i] as Node)] as const),
    ...rows.map((output, at) => [output, stacked(loop.results[at] as Node)] as const),
  ])
}

/** Without carries that stay the same or that nobody needs, inputs that are read twice or not at all. */
const settled = (loop: OpenLoop, finals: ReadonlySet<Node>): OpenLoop => {
  const images = new Map<Node, Node>()
  const still = loop.carries.filter(({ inside, next }) => inside === next)
  const needed = liveCarries(loop, finals).filter((carry) => !still.includes(carry))
  const once = (fed: readonly Fed[]): readonly Fed[] =>
    fed.filter(({ inside, outside }, i) => {
      const first = fed.findIndex((other) => other.outside === outside)
      if (first < i) images.set(inside, (fed[first] as Fed).inside)
      return first === i
    })
  const sequences = once(loop.sequences)
  const constants = once([...loop.constants, ...still])
  for (const { inside, outside } of constants) if (isScalar(outside)) images.set(inside, outside)
  const nexts = needed.map(({ next }) => next)
  const outputs = substituted([...nexts, ...loop.results], images)
  const cone = coneOf(outputs)
  const read = ({ inside }: Fed): boolean => cone.has(inside)
  const after: OpenLoop = {
    ...loop,
    carries: needed.map((carry, i) => ({ ...carry, next: outputs[i] as Node })),
    sequences: sequences.filter(read),
    constants: constants.filter(read),
    results: outputs.slice(nexts.length),
  }
  return isSmaller(after, loop) ? settled(after, finals) : after
}
const isSmaller = (a: OpenLoop, b: OpenLoop): boolean => inputsOf(a) < inputsOf(b)
/** A carry that becomes a constant is progress. */
const inputsOf = ({ carries, sequences, constants }: OpenLoop): number => 2 * carries.length + sequences.length + constants.length

/** A number, stretched or not: part of the code. */
const isScalar = (n: Node): boolean => n.op === 'constant' || (n.op === 'broadcast' && n.inputs[0]?.op === 'constant')

/** Those whose last value is asked for, or that another value needs. */
const liveCarries = ({ carries, results }: OpenLoop, finals: ReadonlySet<Node>): readonly Carry[] => {
  const live = new Set(carries.filter(({ inside }) => finals.has(inside)))
  for (;;) {
    const cone = coneOf([...results, ...[...live].map(({ next }) => next)])
    const more = carries.filter((carry) => !live.has(carry) && cone.has(carry.inside))
    if (more.length === 0) return carries.filter((carry) => live.has(carry))
    for (const carry of more) live.add(carry)
  }
}

/** A loop of one step is its step, one of none is nothing. */
const shortLoop = ({ carries, sequences, constants, results }: OpenLoop, length: number): Closed => {
  const known = new Map<Node, Node>([
    ...[...carries, ...constants].map(({ inside, outside }) => [inside, outside] as const),
    ...sequences.map(({ inside, outside }) => [inside, e.reshape(outside, length === 0 ? outside.shape : inside.shape)] as const),
  ])
  const stack = (row: Node): Node => e.full([0, ...row.shape], 0, row.dtype)
  if (length === 0) return { final: (state) => known.get(state) as Node, stacked: stack }
  const outputs = substituted([...carries.map(({ next }) => next), ...results], known)
  return {
    final: (state) => outputs[carries.findIndex(({ inside }) => inside === state)] as Node,
    stacked: (row) => {
      const value = outputs[carries.length + results.indexOf(row)] as Node
      return e.reshape(value, [1, ...value.shape])
    },
  }
}

/** Results that are rows of a sequence, or the same in every step, need no loop. */
const withoutRows = (loop: OpenLoop, finals: ReadonlySet<Node>): Closed => {
  const { carries, sequences, constants, results, length } = loop
  const moving = dependents(
    graphOf(results, []).nodes,
    [...carries, ...sequences].map(({ inside }) => inside),
  )
  const outside = new Map(constants.map((fed) => [fed.inside, fed.outside]))
  const known = new Map<Node, Node>(
    results.flatMap((row): [Node, Node][] => {
      const whole = sequences.find(({ inside }) => inside === row)
      if (whole !== undefined) return [[row, whole.outside]]
      if (moving.has(row)) return []
      const [value] = substituted([row], outside) as readonly [Node]
      return [[row, e.broadcastTo(value, [length, ...value.shape])]]
    }),
  )
  const rest = settled({ ...loop, results: results.filter((row) => !known.has(row)) }, finals)
  if (rest.carries.length + rest.results.length === 0) return { final: (state) => state, stacked: (row) => known.get(row) as Node }
  const { final, stacked } = closed(rest)
  return { final, stacked: (row) => known.get(row) ?? stacked(row) }
}
