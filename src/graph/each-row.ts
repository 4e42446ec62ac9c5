/**
 * Whether a function over a batch treats every row of it alone: what each op makes of the batch axis, a total table. A row alone means
 * that it depends on nothing but the same row of the inputs: no other row, no number of rows, not its place among them.
 */
import type { Dim, Dims } from '../../types/dim.ts'
import { factors } from '../../types/elements.ts'
import { windowDims } from './infer.ts'
import { type Axes, binaryOps, bitOps, compareOps, type Graph, type Node, type NodeOf, type Op, reduceOps, unaryOps } from './op.ts'

/**
 * What is known of a value: the axis that the rows are, or the factor of it that they are (`2*batch` may have 2 outside); that it is the
 * same for all rows; or the op that brings rows together. Along any other axis whose length knows the number of rows it is the same.
 */
type Rows = { readonly axis: number; readonly outside: Count } | 'all' | { readonly mixed: Op }
/** A number and names. */
type Count = readonly [number, readonly string[]]
type Rule<O extends Op> = (node: NodeOf<O>, operands: readonly Rows[], batch: string) => Rows
type AnyRule = (node: Node, operands: readonly Rows[], batch: string) => Rows

/** The op that makes some output depend on more than its own row of the inputs, or null. The dim `batch` stands in front of each. */
export const mixing = (graph: Graph, batch: string): Op | null => {
  const front: Rows = { axis: 0, outside: one }
  const found = spread(
    graph,
    graph.inputs.map(() => front),
    batch,
  )
  for (const rows of found) {
    if (isMixed(rows)) return rows.mixed
    if (rows !== 'all' && (rows.axis !== 0 || !isOne(rows.outside))) return 'permute'
  }
  return null
}

/** What is known of each output. */
const spread = (graph: Graph, inputs: readonly Rows[], batch: string): readonly Rows[] => {
  const known = new Map<Node, Rows>(graph.inputs.map((input, i) => [input, inputs[i] as Rows]))
  for (const node of graph.nodes) {
    if (known.has(node)) continue
    const operands = node.inputs.map((input) => known.get(input) as Rows)
    known.set(node, operands.find(isMixed) ?? (rules[node.op] as Rule<Op>)(node, operands, batch))
  }
  return graph.outputs.map((output) => known.get(output) as Rows)
}

const one: Count = [1, []]
const isOne = ([n, names]: Count): boolean => n === 1 && names.length === 0
const isMixed = (rows: Rows): rows is { readonly mixed: Op } => rows !== 'all' && 'mixed' in rows
const sameRows = (a: Rows, b: Rows): boolean =>
  a === b ||
  (a !== 'all' && b !== 'all' && !isMixed(a) && !isMixed(b) && a.axis === b.axis && quotient(a.outside, b.outside, true) !== null)
/** Whether a dim is so many rows, or a multiple. */
const hasRows = (dim: Dim | undefined, batch: string): boolean => dim !== undefined && factors([dim])[1].includes(batch)

/** The quotient of two counts, where there is one, or is 1. */
const quotient = ([n, names]: Count, [m, others]: Count, whole = false): Count | null => {
  const left = [...names]
  for (const name of others) {
    const at = left.indexOf(name)
    if (at < 0) return null
    left.splice(at, 1)
  }
  const isDivided = m > 0 && n % m === 0 && Number.isFinite(n)
  return isDivided && (!whole || (n === m && left.length === 0)) ? [n / m, left] : null
}
const times = ([n, names]: Count, [m, others]: Count): Count => [n * m, [...names, ...others]]

/** The operands' rows, where they are the same. */
const together = (op: Op, operands: readonly Rows[]): Rows => {
  const known = operands.filter((rows) => rows !== 'all')
  const [first] = known
  return first === undefined ? 'all' : known.every((rows) => sameRows(rows, first)) ? first : { mixed: op }
}
/** The rows at another place. */
const at = (rows: Rows, axis: number): Rows => (rows === 'all' || isMixed(rows) ? rows : { ...rows, axis })
const axisOf = (rows: Rows | undefined): number => (rows === undefined || rows === 'all' || isMixed(rows) ? -1 : rows.axis)
const given = (operands: readonly Rows[], i = 0): Rows => operands[i] as Rows
const inputOf = (node: Node, i = 0): Node => node.inputs[i] as Node

const alike: AnyRule = ({ op }, operands) => together(op, operands)
/** The same for all rows, unless it tells them apart or counts them. */
const source: AnyRule = (node, _, batch) => (node.shape.some((dim) => hasRows(dim, batch)) ? { mixed: node.op } : 'all')
const constant: AnyRule = () => 'all'

/** Some axes go: none of them may have the rows. */
const without = (node: Node, rows: Rows, axes: readonly number[], batch: string): Rows => {
  if (axes.some((axis) => hasRows(inputOf(node).shape[axis], batch))) return { mixed: node.op }
  const axis = axisOf(rows)
  return at(rows, axis - axes.filter((other) => other < axis).length)
}
const reduction: Rule<'sum' | 'max' | 'min'> = (node, operands, batch) =>
  without(node, given(operands), (node.attributes as Axes).axes, batch)
/** What leaves each axis where it stands: those that have the rows must stay as they are. */
const inPlace =
  (isKept: (node: Node, axis: number) => boolean): AnyRule =>
  (node, operands, batch) => {
    const touched = inputOf(node).shape.some((dim, axis) => hasRows(dim, batch) && !isKept(node, axis))
    return touched ? { mixed: node.op } : together(node.op, operands)
  }
const isWindowed = ({ attributes }: NodeOf<'window'> | NodeOf<'windowTranspose'>, axis: number): boolean => attributes.axes.includes(axis)

/** As many elements in the same order: the rows are where as many elements stand before them. */
const reshaped: Rule<'reshape'> = (node, operands, batch) => {
  const rows = given(operands)
  const [from, to] = [inputOf(node).shape, node.shape]
  if (rows === 'all' || isMixed(rows)) return areKept(from, to, -1, -1, batch) ? rows : { mixed: 'reshape' }
  const before = times(factors(from.slice(0, rows.axis)), rows.outside)
  for (const [axis, dim] of to.entries()) {
    const outside = quotient(before, factors(to.slice(0, axis)))
    if (outside === null || !hasRows(dim, batch)) continue
    const isFound = quotient(factors([dim]), times(outside, [1, [batch]])) !== null
    if (isFound && areKept(from, to, rows.axis, axis, batch)) return { axis, outside }
  }
  return { mixed: 'reshape' }
}
/** Whether the axes whose lengths know the number of rows, but for two, are the same, behind as many elements. */
const areKept = (from: Dims, to: Dims, one: number, other: number, batch: string): boolean => {
  const places = (shape: Dims, but: number) => shape.map((_, axis) => axis).filter((axis) => axis !== but && hasRows(shape[axis], batch))
  const [before, after] = [places(from, one), places(to, other)]
  const isKept = (axis: number, i: number): boolean =>
    from[axis] === to[after[i] as number] && quotient(factors(from.slice(0, axis)), factors(to.slice(0, after[i])), true) !== null
  return before.length === after.length && before.every(isKept)
}

const contraction: Rule<'dot'> = (node, operands, batch) => {
  const { attributes, inputs } = node
  const [x, y] = [given(operands, 0), given(operands, 1)]
  const isContracted = attributes.contract.some((axes, i) => axes.some((axis) => hasRows(inputOf(node, i).shape[axis], batch)))
  if (isContracted) return { mixed: 'dot' }
  const free = (i: 0 | 1): readonly number[] =>
    (inputs[i] as Node).shape.map((_, axis) => axis).filter((axis) => axis >= attributes.batch && !attributes.contract[i].includes(axis))
  const placed = (rows: Rows, i: 0 | 1): Rows => {
    const axis = axisOf(rows)
    if (axis < attributes.batch) return rows
    return at(rows, attributes.batch + free(i).indexOf(axis) + (i === 0 ? 0 : free(0).length))
  }
  return together('dot', [placed(x, 0), placed(y, 1)])
}

const picked: Rule<'gather'> = (node, operands, batch) => {
  const { axis } = node.attributes
  const [table, indices] = [given(operands, 0), given(operands, 1)]
  if (hasRows(inputOf(node).shape[axis], batch)) return { mixed: 'gather' }
  const from = axisOf(table)
  const kept = from > axis ? at(table, from + inputOf(node, 1).shape.length - 1) : table
  return together('gather', [kept, at(indices, axis + axisOf(indices))])
}
const scattered: Rule<'scatterAdd'> = (node, operands, batch) => {
  const { axis } = node.attributes
  const indices = inputOf(node, 1)
  if (given(operands, 1) !== 'all' || indices.shape.some((dim) => hasRows(dim, batch)) || hasRows(node.shape[axis], batch))
    return { mixed: 'scatterAdd' }
  const updates = given(operands)
  const from = axisOf(updates)
  return from > axis ? at(updates, from - indices.shape.length + 1) : updates
}

/** Over time: what a carry is, it is in every step. */
const loop: Rule<'scan'> = ({ attributes }, operands, batch) => {
  const { body, carries, sequences, shape, output } = attributes
  if (shape.some((dim) => hasRows(dim, batch))) return { mixed: 'scan' }
  const inner = operands.slice(carries).map((rows, i) => (i < sequences ? at(rows, axisOf(rows) - 1) : rows))
  let held = operands.slice(0, carries)
  for (;;) {
    const outputs = spread(body, [...held, ...inner], batch)
    const next = held.map((rows, i) => together('scan', [rows, outputs[i] as Rows]))
    const own = next.findIndex(isMixed)
    if (own >= 0) return outputs.find(isMixed) ?? (next[own] as Rows)
    const found = outputs[output] as Rows
    if (next.every((rows, i) => sameRows(rows, held[i] as Rows)))
      return output < carries ? (next[output] as Rows) : at(found, axisOf(found) + 1)
    held = next
  }
}

// `fromEntries` forgets the keys.
const all = <O extends Op>(ops: readonly O[], rule: AnyRule | Rule<'sum' | 'max' | 'min'>) =>
  Object.fromEntries(ops.map((op) => [op, rule])) as unknown as { readonly [K in O]: Rule<K> }

const rules: { readonly [O in Op]: Rule<O> } = {
  ...all([...unaryOps, ...binaryOps, ...bitOps, ...compareOps], alike),
  ...all(reduceOps, reduction),
  select: alike,
  cast: alike,
  stopGradient: alike,
  constant,
  data: source,
  parameter: source,
  size: ({ attributes }, _, batch) => (attributes.shape.some((dim) => hasRows(dim, batch)) ? { mixed: 'size' } : 'all'),
  iota: ({ attributes: { axis, shape } }, _, batch) => (hasRows(shape[axis], batch) ? { mixed: 'iota' } : 'all'),
  random: source,
  reshape: reshaped,
  permute: ({ attributes: { permutation } }, operands) => at(given(operands), permutation.indexOf(axisOf(given(operands)))),
  broadcast: (node, operands) => at(given(operands), axisOf(given(operands)) + node.shape.length - inputOf(node).shape.length),
  slice: inPlace((node, axis) => inputOf(node).shape[axis] === node.shape[axis]),
  pad: inPlace((node, axis) => inputOf(node).shape[axis] === node.shape[axis]),
  concat: inPlace((node, axis) => (node as NodeOf<'concat'>).attributes.axis !== axis),
  window: inPlace((node, axis) => !isWindowed(node as NodeOf<'window'>, axis)),
  windowTranspose: (node, operands, batch) => {
    const { shape, axes, size, ...rest } = node.attributes
    // the windows' places stand where the axes of the result do; the elements of a window behind them are summed
    const places: Dims = windowDims(shape, { axes, size, ...rest }).slice(0, shape.length)
    const isTouched = axes.some((axis) => hasRows(shape[axis], batch) || hasRows(places[axis], batch))
    return isTouched || axisOf(given(operands)) >= shape.length ? { mixed: 'windowTranspose' } : given(operands)
  },
  argmax: (node, operands, batch) => without(node, given(operands), [node.attributes.axis], batch),
  dot: contraction,
  gather: picked,
  scatterAdd: scattered,
  scan: loop,
}
