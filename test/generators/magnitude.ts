/**
 * The largest magnitude met on the path to each element: what the agreement of a program with the evaluator is measured
 * by. A sum meets the sum of its terms' magnitudes, since some order of summation does; what is not finite counts as 0.
 */
import { rowOf } from '../../src/graph/evaluate/scan.ts'
import { offsets, strides, type Value } from '../../src/graph/evaluate/value.ts'
import * as ir from '../../src/graph/expression.ts'
import type { Graph } from '../../src/graph/graph.ts'
import { evaluate } from '../../src/graph/interpret.ts'
import type { Node, NodeOf } from '../../src/graph/node.ts'
import type { Op, ReduceOp } from '../../src/graph/op.ts'
import { gatheredOutput, stepsOf } from './steps.ts'

/** An f32 value of one magnitude for each element. */
export type Magnitude = Value & { readonly dtype: 'f32'; readonly values: Float64Array }

/** What is known of an operand. */
export interface Met {
  readonly value: Value
  readonly magnitude: Magnitude
}

/** The magnitudes of every node, from the values that `interpretAll` gave. */
export const magnitudes = (graph: Graph, values: ReadonlyMap<Node, Value>): ReadonlyMap<Node, Magnitude> => {
  const met = new Map<Node, Magnitude>()
  const known = (node: Node): Met => ({ value: values.get(node) as Value, magnitude: met.get(node) as Magnitude })
  for (const node of graph.nodes) met.set(node, magnitudeOf(node, values.get(node) as Value, node.inputs.map(known)))
  return met
}

/** The magnitudes of one node. Integers and truths are exact: they start anew. */
export const magnitudeOf = (node: Node, value: Value, operands: readonly Met[]): Magnitude => {
  const own = sizes(value)
  return node.dtype === 'f32' ? larger(own, (paths[node.op] as Path<Op>)(node, operands)) : own
}

/** The largest magnitude met before the op, one for each element of its result; null where nothing came before. */
type Path<O extends Op> = (node: NodeOf<O>, operands: readonly Met[]) => Magnitude | null

export const sizes = ({ shape, values }: Value): Magnitude => ({
  dtype: 'f32',
  shape,
  values: Float64Array.from(values, (x) => (Number.isFinite(x) ? Math.abs(x) : 0)),
})
export const larger = (a: Magnitude, b: Magnitude | null): Magnitude =>
  b === null ? a : { ...a, values: a.values.map((x, i) => Math.max(x, b.values[i] as number)) }

const nothing = (): null => null
const everyOperand = (_: Node, operands: readonly Met[]): Magnitude | null =>
  operands.reduce<Magnitude | null>((all, { magnitude }) => larger(magnitude, all), null)
/** The op moves magnitudes as it moves elements. */
const moved = (node: Node, operands: readonly Met[]): Magnitude =>
  evaluate(
    node,
    operands.map(({ magnitude }) => magnitude),
  ) as Magnitude
const chosen = (node: NodeOf<'select'>, [condition, x, y]: readonly Met[]): Magnitude =>
  evaluate(node, [(condition as Met).value, (x as Met).magnitude, (y as Met).magnitude]) as Magnitude
const folded = (node: NodeOf<ReduceOp>, [x]: readonly Met[], op: ReduceOp, of: (met: Met) => Magnitude): Magnitude =>
  sizes(evaluate({ ...node, op }, [of(x as Met)]))
const summed = (node: NodeOf<'sum'>, operands: readonly Met[]): Magnitude =>
  larger(
    folded(node, operands, 'max', ({ magnitude }) => magnitude),
    folded(node, operands, 'sum', ({ value }) => sizes(value)),
  )
const extremum = (node: NodeOf<'max' | 'min'>, operands: readonly Met[]): Magnitude =>
  folded(node, operands, 'max', ({ magnitude }) => magnitude)

/** The largest that comes to an element, and the sum of the terms that do. */
const overlapped = (node: NodeOf<'windowTranspose'>, [x]: readonly Met[]): Magnitude => {
  const { shape, ...windows } = node.attributes
  const index = ir.iota(shape, shape.length - 1)
  const terms = evaluate(node, [sizes((x as Met).value)]) as Magnitude
  const numbers = Int32Array.from(terms.values, (_, i) => i + 1)
  const places = evaluate(ir.window(index, windows), [{ dtype: 'i32', shape: terms.shape, values: numbers }]).values
  const largest = terms.values.map(() => 0)
  places.forEach((place: number, i: number) => {
    if (place > 0) largest[place - 1] = Math.max(largest[place - 1] as number, (x as Met).magnitude.values[i] as number)
  })
  return larger(terms, { ...terms, values: largest })
}

const contracted = (node: NodeOf<'dot'>, [x, y]: readonly Met[]): Magnitude => {
  const [left, right] = [x as Met, y as Met]
  const { batch, contract } = node.attributes
  const terms = evaluate(node, [sizes(left.value), sizes(right.value)]) as Magnitude
  return [left, right].reduce((all, { magnitude }, side) => {
    const axes = [...(contract[side] as readonly number[])].sort((a, b) => a - b)
    const rows = sizes(evaluate({ ...node, op: 'max', attributes: { axes } }, [magnitude]))
    const free = rows.shape.length - batch
    const before = side === 0 ? batch : node.shape.length - free
    const own = strides(rows.shape)
    const steps = node.shape.map((_, axis) => (axis < batch ? own[axis] : axis < before ? 0 : own[axis - before + batch]) ?? 0)
    const places = offsets(terms.shape, steps)
    return larger(all, { ...terms, values: Float64Array.from(places, (place) => rows.values[place] as number) })
  }, terms)
}

/** As a sum: of several updates at one place, each has been met, and the sum of their magnitudes. */
const scattered = (node: NodeOf<'scatterAdd'>, [updates, indices]: readonly Met[]): Magnitude => {
  const [{ value, magnitude }, { value: at }] = [updates as Met, indices as Met]
  const total = evaluate(node, [sizes(value), at]) as Magnitude
  // the number of each place, counted from 1, as the updates see it
  const numbers: Value = { ...total, values: total.values.map((_, i) => i + 1) }
  const places = evaluate({ ...node, op: 'gather' }, [numbers, at]).values
  const largest = total.values.slice()
  places.forEach((place, i) => {
    if (place > 0) largest[place - 1] = Math.max(largest[place - 1] as number, magnitude.values[i] as number)
  })
  return { ...total, values: largest }
}

const rowOfMet = ({ value, magnitude }: Met, t: number): Met => ({ value: rowOf(value, t), magnitude: rowOf(magnitude, t) as Magnitude })

const metSteps = stepsOf<Met>(rowOfMet, (inner, met) => {
  const value = evaluate(
    inner,
    met.map((known) => known.value),
  )
  return { value, magnitude: magnitudeOf(inner, value, met) }
})

const paths: { readonly [O in Op]: Path<O> } = {
  neg: everyOperand,
  abs: everyOperand,
  sign: everyOperand,
  floor: everyOperand,
  reciprocal: everyOperand,
  sqrt: everyOperand,
  exp: everyOperand,
  log: everyOperand,
  sin: everyOperand,
  cos: everyOperand,
  tanh: everyOperand,
  sigmoid: everyOperand,
  erf: everyOperand,
  add: everyOperand,
  sub: everyOperand,
  mul: everyOperand,
  div: everyOperand,
  pow: everyOperand,
  maximum: everyOperand,
  minimum: everyOperand,
  and: nothing,
  or: nothing,
  xor: nothing,
  shiftLeft: nothing,
  shiftRight: nothing,
  equal: nothing,
  notEqual: nothing,
  less: nothing,
  lessEqual: nothing,
  greater: nothing,
  greaterEqual: nothing,
  select: chosen,
  cast: everyOperand,
  stopGradient: everyOperand,
  constant: nothing,
  data: nothing,
  parameter: nothing,
  size: nothing,
  iota: nothing,
  random: nothing,
  reshape: moved,
  permute: moved,
  broadcast: moved,
  slice: moved,
  pad: moved,
  concat: moved,
  window: moved,
  windowTranspose: overlapped,
  sum: summed,
  max: extremum,
  min: extremum,
  argmax: nothing,
  dot: contracted,
  gather: (node, [x, indices]) => evaluate(node, [(x as Met).magnitude, (indices as Met).value]) as Magnitude,
  scatterAdd: scattered,
  scan: (node, operands) => {
    const { outputs } = metSteps(node, operands)
    const output = outputs.map((found) => (found[node.attributes.output] as Met).magnitude)
    return gatheredOutput(node, (operands[node.attributes.output] ?? operands[0])?.magnitude as Magnitude, output) as Magnitude
  },
}
