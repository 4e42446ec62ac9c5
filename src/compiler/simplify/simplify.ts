/** simplify: Graph -> Graph. The same values with less work. Each pass keeps every bit unless it says that it reassociates. */
import { bordersOf } from '../../graph/evaluate/window.ts'
import * as e from '../../graph/expression.ts'
import { type Graph, graphOf } from '../../graph/graph.ts'
import { interpret } from '../../graph/interpret.ts'
import type { Node, NodeOf } from '../../graph/node.ts'
import { hoist } from '../loops/hoist.ts'
import { tidyLoops } from '../loops/loops.ts'
import { type Rule, rewrite, rewriteShared, rule } from '../rewrite.ts'
import { algebra, strength } from './algebra.ts'
import { directRules } from './direct.ts'
import { elementwiseOps, movement } from './movement.ts'
import { padRules } from './pads.ts'
import { sumRules } from './sums.ts'
import { borderRules, hasBorder, tileRules, windowRules, withoutBorder } from './windows.ts'

export interface Pass {
  readonly name: string
  /** True where sums or products may be rounded otherwise than before. */
  readonly reassociates: boolean
  readonly run: (graph: Graph) => Graph
}

/** Elementwise work on scalar constants is done now, by the evaluator. */
const folding: readonly Rule[] = [
  rule('f(constants) -> constant', [...elementwiseOps], (n) =>
    n.inputs.every((input) => input.op === 'constant') ? e.constant(evaluated(n), n.dtype) : null,
  ),
]
const evaluated = (n: Node): number => interpret(graphOf([n], []), [])[0]?.values[0] as number

/** Ops that the emitter does not know are written in those that it knows. */
const lowering: readonly Rule[] = [
  rule('argmax -> the least index of the maximum', 'argmax', (n) => firstMaximum(n.inputs[0] as Node, n.attributes.axis)),
  rule('window over a border -> window of pad', 'window', (n) => (hasBorder(n.attributes) ? windowOfPad(n) : null)),
  rule('dot over no axis -> dot over one of size 1', 'dot', (n) => (n.attributes.contract[0].length === 0 ? overOneAxis(n) : null)),
  rule('concat of very many -> concat of concats', 'concat', (n) => (n.inputs.length > mostParts ? concatOfConcats(n) : null)),
  rule('gather from nothing -> zeros', 'gather', (n) => (n.inputs[0]?.shape[n.attributes.axis] === 0 ? e.full(n.shape, 0, n.dtype) : null)),
  rule('scatterAdd of nothing, or into nothing -> zeros', 'scatterAdd', (n) =>
    [n, ...n.inputs].some(isEmpty) ? e.full(n.shape, 0, n.dtype) : null,
  ),
]
const isEmpty = ({ shape }: Node): boolean => shape.includes(0)
/** A kernel has a parameter for each buffer, and engines take 1000 of them. */
const mostParts = 256

const concatOfConcats = ({ inputs, attributes: { axis } }: NodeOf<'concat'>): Node => {
  const groups = Array.from({ length: Math.ceil(inputs.length / mostParts) }, (_, i) => inputs.slice(i * mostParts, (i + 1) * mostParts))
  return e.concat(
    groups.map((group) => e.concat(group, axis)),
    axis,
  )
}

const windowOfPad = ({ inputs, attributes }: NodeOf<'window'>): Node => {
  const x = inputs[0] as Node
  const { low, high } = bordersOf(x.shape, attributes)
  return e.window(e.pad(x, low, high), withoutBorder(attributes))
}

const overOneAxis = (n: NodeOf<'dot'>): Node => {
  const [x, y] = n.inputs.map((operand) => e.reshape(operand, [...operand.shape, 1])) as [Node, Node]
  return e.dot(x, y, [[x.shape.length - 1], [y.shape.length - 1]], n.attributes.batch)
}

/** min over the axis of (x == max(x) or x is NaN ? index : size - 1): the first maximum, or the first NaN; 0 where there is nothing. */
const firstMaximum = (x: Node, axis: number): Node => {
  const size = x.shape[axis] as number
  if (size === 0)
    return e.full(
      x.shape.filter((_, i) => i !== axis),
      0,
      'i32',
    )
  const isMaximum = e.equal(x, e.max(x, [axis], true))
  const wins = x.dtype === 'f32' ? e.binary('or', isMaximum, e.binary('notEqual', x, x)) : isMaximum
  return e.reduce('min', e.select(wins, e.iota(x.shape, axis), e.full(x.shape, size - 1, 'i32')), [axis])
}

const rules = (name: string, reassociates: boolean, all: readonly Rule[]): Pass => ({
  name,
  reassociates,
  run: (graph) => rewriteShared(graph, all),
})

export const simplifyPasses: readonly Pass[] = [
  { name: 'share', reassociates: false, run: (graph) => rewrite(graph, []) },
  { name: 'loops', reassociates: false, run: tidyLoops },
  rules('lower', false, lowering),
  rules('fold', false, [...folding, ...algebra]),
  rules('move', false, [...movement, ...folding, ...algebra]),
  { name: 'hoist', reassociates: true, run: hoist },
  rules('strength', true, [...strength, ...padRules, ...windowRules, ...tileRules, ...movement, ...folding, ...algebra]),
  rules('direct', true, [...borderRules, ...directRules, ...sumRules, ...movement, ...folding, ...algebra]),
]

export const simplify = (graph: Graph): Graph => simplifyPasses.reduce((g, pass) => pass.run(g), graph)
