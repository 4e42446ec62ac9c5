/** The rules of each op that shape inference takes for granted, as a total table: what a node must be to mean something. */
import type { Dim, Dims, DType } from '../../types/dim.ts'
import { show } from '../../types/show.ts'
import { sameDims, windowDims } from './infer.ts'
import type { Node, NodeOf } from './node.ts'
import type { Op, Windows } from './op.ts'

/** What is wrong with a node, or null. */
export const complaint = (node: Node): string | null => {
  const { operands, holds } = rules[node.op] as Rule<Op>
  if (operands !== 'any' && (operands === 'many' ? node.inputs.length === 0 : node.inputs.length !== operands))
    return `it has ${node.inputs.length} operands`
  return node.shape.every(isSize) ? holds(node) : `${show(node.shape)} is no shape`
}

interface Rule<O extends Op> {
  readonly operands: number | 'many' | 'any'
  /** The complaint, or null. */
  readonly holds: (node: NodeOf<O>) => string | null
}

const isSize = (dim: Dim): boolean => typeof dim === 'string' || (Number.isSafeInteger(dim) && dim >= 0)
const isIndex = (i: number, size: number): boolean => Number.isInteger(i) && i >= 0 && i < size
const unless = (holds: boolean, message: string): string | null => (holds ? null : message)
const shapeOf = ({ inputs }: Pick<NodeOf<Op>, 'inputs'>, i = 0): Dims => inputs[i]?.shape ?? []
/** The number of elements, where every dim is a number. */
const count = (shape: Dims): number | null =>
  shape.reduce<number | null>((product, dim) => (product === null || typeof dim === 'string' ? null : product * dim), 1)
const ascend = (axes: readonly number[], rank: number): boolean =>
  axes.every((axis, i) => isIndex(axis, rank) && (i === 0 || (axes[i - 1] as number) < axis))

const over = (operands: number, ...dtypes: readonly DType[]): Rule<Op> => ({
  operands,
  holds: ({ inputs }) => {
    const other = inputs.find(({ dtype }) => !dtypes.includes(dtype))
    return unless(other === undefined, `it is not defined on ${other?.dtype}`)
  },
})
const every = ['f32', 'i32', 'bool'] as const
const leaf = over(0)
const reduces = (...dtypes: readonly DType[]): Rule<'sum' | 'max' | 'min'> => ({
  operands: 1,
  holds: (node) =>
    over(1, ...dtypes).holds(node) ?? unless(ascend(node.attributes.axes, shapeOf(node).length), `axes of ${show(shapeOf(node))}`),
})
/** The complaint about windows over a shape, or null. */
const slides = (shape: Dims, { axes, size, stride, dilation, low, high }: Windows): string | null => {
  const atLeast = (least: number) => (n: number) => Number.isSafeInteger(n) && n >= least
  const fits = [...size, ...stride, ...dilation].every(atLeast(1)) && [...low, ...high].every(atLeast(0)) && ascend(axes, shape.length)
  const paired = [size, stride, dilation, low, high].every((list) => list.length === axes.length)
  return unless(fits && paired, `windows of [${size}] along [${axes}] of ${show(shape)}`)
}
/** Indices go along an axis that there is. */
const indexed = ({ inputs, attributes: { axis } }: NodeOf<'gather' | 'scatterAdd'>, shape: Dims): string | null =>
  unless(inputs[1]?.dtype === 'i32', `its indices are ${inputs[1]?.dtype}`) ??
  unless(isIndex(axis, shape.length), `axis ${axis} of ${show(shape)}`)
const isConstant: { readonly [D in DType]: (value: number) => boolean } = {
  f32: (value) => typeof value === 'number',
  i32: (value) => (value | 0) === value,
  bool: (value) => value === 0 || value === 1,
}

const rules: { readonly [O in Op]: Rule<O> } = {
  neg: over(1, 'f32', 'i32'),
  abs: over(1, 'f32', 'i32'),
  sign: over(1, 'f32', 'i32'),
  floor: over(1, 'f32'),
  reciprocal: over(1, 'f32'),
  sqrt: over(1, 'f32'),
  exp: over(1, 'f32'),
  log: over(1, 'f32'),
  sin: over(1, 'f32'),
  cos: over(1, 'f32'),
  tanh: over(1, 'f32'),
  sigmoid: over(1, 'f32'),
  erf: over(1, 'f32'),
  add: over(2, 'f32', 'i32'),
  sub: over(2, 'f32', 'i32'),
  mul: over(2, 'f32', 'i32'),
  div: over(2, 'f32', 'i32'),
  pow: over(2, 'f32'),
  maximum: over(2, 'f32', 'i32'),
  minimum: over(2, 'f32', 'i32'),
  and: over(2, 'i32', 'bool'),
  or: over(2, 'i32', 'bool'),
  xor: over(2, 'i32', 'bool'),
  shiftLeft: over(2, 'i32'),
  shiftRight: over(2, 'i32'),
  equal: over(2, ...every),
  notEqual: over(2, ...every),
  less: over(2, ...every),
  lessEqual: over(2, ...every),
  greater: over(2, ...every),
  greaterEqual: over(2, ...every),
  select: over(3, ...every),
  cast: over(1, ...every),
  stopGradient: over(1, ...every),
  constant: { operands: 0, holds: ({ attributes: { value, dtype } }) => unless(isConstant[dtype](value), `${value} is no ${dtype}`) },
  data: {
    operands: 0,
    holds: ({ attributes: { values, shape } }) => unless(count(shape) === values.length, `${values.length} elements of ${show(shape)}`),
  },
  parameter: leaf,
  size: leaf,
  iota: { operands: 0, holds: ({ attributes: { axis, shape } }) => unless(isIndex(axis, shape.length), `axis ${axis} of ${show(shape)}`) },
  random: over(1, 'i32'),
  reshape: {
    operands: 1,
    holds: (node) => {
      const [before, after] = [count(shapeOf(node)), count(node.shape)]
      return unless(before === null || after === null || before === after, `${show(shapeOf(node))} becomes ${show(node.shape)}`)
    },
  },
  permute: {
    operands: 1,
    holds: ({ attributes: { permutation } }) =>
      unless(
        ascend(
          [...permutation].sort((a, b) => a - b),
          permutation.length,
        ),
        `[${permutation}] is no permutation`,
      ),
  },
  broadcast: {
    operands: 1,
    holds: (node) => {
      const shape = shapeOf(node)
      const added = node.shape.length - shape.length
      const fits = added >= 0 && shape.every((dim, i) => dim === 1 || dim === node.shape[i + added])
      return unless(fits, `${show(shape)} becomes ${show(node.shape)}`)
    },
  },
  slice: {
    operands: 1,
    holds: (node) => {
      const shape = shapeOf(node)
      const { start } = node.attributes
      const inside = (dim: Dim, i: number): boolean => {
        const [from, length] = [start[i], node.shape[i]]
        if (typeof dim === 'string' || typeof length === 'string') return from === 0 && dim === length
        return from !== undefined && length !== undefined && from >= 0 && Number.isInteger(from) && from + length <= dim
      }
      const fits = node.shape.length === shape.length && start.length === shape.length && shape.every(inside)
      return unless(fits, `${show(node.shape)} from [${start}] of ${show(shape)}`)
    },
  },
  pad: {
    operands: 1,
    holds: (node) => {
      const { low, high } = node.attributes
      const rank = shapeOf(node).length
      const fits = low.length === rank && high.length === rank && [...low, ...high].every((n) => Number.isInteger(n) && n >= 0)
      return unless(fits, `[${low}] before and [${high}] after ${show(shapeOf(node))}`)
    },
  },
  concat: {
    operands: 'many',
    holds: ({ inputs, attributes: { axis }, shape, dtype }) => {
      const rest = (dims: Dims): Dims => dims.filter((_, i) => i !== axis)
      const odd = inputs.find((x) => x.dtype !== dtype || x.shape.length !== shape.length || !sameDims(rest(x.shape), rest(shape)))
      if (odd !== undefined) return `${odd.dtype} ${show(odd.shape)} is no part of ${dtype} ${show(shape)}`
      return unless(isIndex(axis, shape.length), `axis ${axis} of ${show(shape)}`)
    },
  },
  window: { operands: 1, holds: (node) => slides(shapeOf(node), node.attributes) },
  windowTranspose: {
    operands: 1,
    holds: (node) => {
      const message = over(1, 'f32', 'i32').holds(node) ?? slides(node.shape, node.attributes)
      if (message !== null) return message
      const windows = windowDims(node.shape, node.attributes)
      return unless(sameDims(windows, shapeOf(node)), `${show(shapeOf(node))} are not the windows ${show(windows)} of ${show(node.shape)}`)
    },
  },
  sum: reduces('f32', 'i32'),
  max: reduces(...every),
  min: reduces(...every),
  argmax: {
    operands: 1,
    holds: (node) =>
      over(1, 'f32', 'i32').holds(node) ??
      unless(isIndex(node.attributes.axis, shapeOf(node).length), `axis ${node.attributes.axis} of ${show(shapeOf(node))}`),
  },
  dot: {
    operands: 2,
    holds: (node) => {
      const { batch, contract } = node.attributes
      const listed = contract.every((axes, i) => {
        const rank = shapeOf(node, i).length
        return batch <= rank && new Set(axes).size === axes.length && axes.every((axis) => isIndex(axis - batch, rank - batch))
      })
      if (!listed || contract[0].length !== contract[1].length)
        return `it contracts [${contract[0]}] with [${contract[1]}] after ${batch} axes`
      return node.inputs[0]?.dtype === node.inputs[1]?.dtype ? over(2, 'f32', 'i32').holds(node) : 'its operands have two dtypes'
    },
  },
  gather: { operands: 2, holds: (node) => indexed(node, shapeOf(node)) },
  scatterAdd: {
    operands: 2,
    holds: (node) => unless(node.dtype !== 'bool', 'it is not defined on bool') ?? indexed(node, node.shape),
  },
  scan: { operands: 'any', holds: (node) => loops(node) },
}

/** What is wrong with a loop, or null; its body is a graph, which `verify` looks at. */
const loops = ({ inputs, attributes }: NodeOf<'scan'>): string | null => {
  const { body, carries, sequences, shape, output } = attributes
  if (shape.length !== 1) return `its length is ${show(shape)}`
  if (inputs.length !== body.inputs.length || inputs.length < carries + sequences)
    return `it has ${inputs.length} operands, its body ${body.inputs.length}`
  if (!isIndex(output, body.outputs.length) || body.outputs.length < carries) return `output ${output} of ${body.outputs.length}`
  const given = inputs.map((x, i) => (i >= carries && i < carries + sequences ? { ...typeOf(x), shape: x.shape.slice(1) } : typeOf(x)))
  const rowless = inputs.slice(carries, carries + sequences).findIndex((x) => x.shape.length === 0 || x.shape[0] !== shape[0])
  if (rowless >= 0) return `sequence ${rowless} is ${show(shapeOf({ inputs }, carries + rowless))}, not [${shape[0]}, ...]`
  const odd = given.findIndex((x, i) => !sameType(x, body.inputs[i]))
  if (odd >= 0) return `operand ${odd} of its body is ${told(body.inputs[odd])}, not ${told(given[odd])}`
  const changed = body.inputs.slice(0, carries).findIndex((x, i) => !sameType(x, body.outputs[i]))
  return unless(changed < 0, `carry ${changed} is ${told(body.inputs[changed])}, then ${told(body.outputs[changed])}`)
}
type Typed = Pick<Node, 'shape' | 'dtype'>
const typeOf = ({ shape, dtype }: Node): Typed => ({ shape, dtype })
const sameType = (x: Typed, y: Typed | undefined): boolean => y !== undefined && x.dtype === y.dtype && sameDims(x.shape, y.shape)
const told = (x: Typed | undefined): string => (x === undefined ? 'missing' : `${x.dtype} ${show(x.shape)}`)
