/** Shape and dtype of every op from its inputs: the IR's own rules, strict, without broadcasting. */
import type { Dim, Dims, DType } from '../../types/dim.ts'
import { InternalError } from './internal-error.ts'
import type { Node } from './node.ts'
import { type Attributes, type Axes, binaryOps, bitOps, compareOps, type Op, reduceOps, unaryOps, type Windows } from './op.ts'

interface Inferred {
  readonly shape: Dims
  readonly dtype: DType
}
type Inference<O extends Op> = (attributes: Attributes[O], inputs: readonly Node[]) => Inferred

/** The sentence is written when it is wanted: every node is looked at, again and again. */
const must = (holds: boolean, op: string, what: () => string): void => {
  if (!holds) throw new InternalError(what(), `${op} -> make`)
}
/** The shape of windows over a shape. Over a name they slide one by one, and over its whole border. */
export const windowDims = (shape: Dims, { axes, size, stride, dilation, low, high }: Windows): Dims => [
  ...shape.map((dim, axis): Dim => {
    const i = axes.indexOf(axis)
    if (i < 0) return dim
    const [step, border] = [stride[i] ?? 1, (low[i] ?? 0) + (high[i] ?? 0)]
    const beyond = ((size[i] ?? 1) - 1) * (dilation[i] ?? 1)
    if (step === 1 && border === beyond) return dim
    return Math.max(0, Math.floor((literal(dim, 'window') + border - beyond - 1) / step) + 1)
  }),
  ...size,
]

export const sameDims = (a: Dims, b: Dims): boolean => a === b || (a.length === b.length && a.every((d, i) => d === b[i]))

const at = (inputs: readonly Node[], i: number): Node => {
  const input = inputs[i]
  if (input === undefined) throw new InternalError(`input ${i} is missing`)
  return input
}
const given = ({ shape, dtype }: { readonly shape: Dims; readonly dtype: DType }): Inferred => ({ shape, dtype })
const like = (op: string, dtype: DType | null, inputs: readonly Node[]): Inferred => {
  const [x, ...rest] = inputs
  if (x === undefined) throw new InternalError('no operand', op)
  for (const y of rest)
    must(
      sameDims(x.shape, y.shape) && x.dtype === y.dtype,
      op,
      () => `operands differ: ${x.dtype} [${x.shape}] and ${y.dtype} [${y.shape}]`,
    )
  return { shape: x.shape, dtype: dtype ?? x.dtype }
}
// `fromEntries` forgets the keys.
const table = <O extends Op>(ops: readonly O[], infer: (op: O) => Inference<O>) =>
  Object.fromEntries(ops.map((op) => [op, infer(op)])) as unknown as { [K in O]: Inference<K> }
/** Movement to a shape that was worked out by the caller. */
const moved = ({ shape }: { readonly shape: Dims }, inputs: readonly Node[]): Inferred => ({ shape, dtype: at(inputs, 0).dtype })
const without = (shape: Dims, axes: readonly number[]): Dims => shape.filter((_, i) => !axes.includes(i))

export const inferences: { readonly [O in Op]: Inference<O> } = {
  ...table(unaryOps, (op) => (_, inputs) => like(op, null, inputs)),
  ...table(binaryOps, (op) => (_, inputs) => like(op, null, inputs)),
  ...table(bitOps, (op) => (_, inputs) => like(op, null, inputs)),
  ...table(compareOps, (op) => (_, inputs) => like(op, 'bool', inputs)),
  ...table(reduceOps, () => ({ axes }: Axes, inputs: readonly Node[]) => ({
    shape: without(at(inputs, 0).shape, axes),
    dtype: at(inputs, 0).dtype,
  })),
  constant: ({ dtype }) => ({ shape: [], dtype }),
  data: given,
  parameter: given,
  size: () => ({ shape: [], dtype: 'f32' }),
  iota: ({ shape }) => ({ shape, dtype: 'i32' }),
  random: ({ shape }, inputs) => {
    must(sameDims(at(inputs, 0).shape, [2]) && at(inputs, 0).dtype === 'i32', 'random', () => 'the key is not i32 [2]')
    return { shape, dtype: 'i32' }
  },
  select: (_, inputs) => {
    must(
      at(inputs, 0).dtype === 'bool' && sameDims(at(inputs, 0).shape, at(inputs, 1).shape),
      'select',
      () => 'the condition is not a bool of the same shape',
    )
    return like('select', null, inputs.slice(1))
  },
  cast: ({ dtype }, inputs) => ({ shape: at(inputs, 0).shape, dtype }),
  stopGradient: (_, inputs) => given(at(inputs, 0)),
  reshape: moved,
  broadcast: moved,
  slice: moved,
  permute: ({ permutation }, inputs) => {
    const { shape, dtype } = at(inputs, 0)
    must(permutation.length === shape.length, 'permute', () => `[${permutation}] does not permute [${shape}]`)
    return { shape: permutation.map((i) => shape[i] as Dim), dtype }
  },
  pad: ({ low, high }, inputs) => {
    const { shape, dtype } = at(inputs, 0)
    return { shape: shape.map((d, i) => widened(d, (low[i] ?? 0) + (high[i] ?? 0))), dtype }
  },
  concat: ({ axis }, inputs) => {
    const first = at(inputs, 0)
    const whole = inputs.reduce((n, { shape }) => n + literal(shape[axis], 'concat'), 0)
    return { shape: first.shape.map((d, i) => (i === axis ? whole : d)), dtype: first.dtype }
  },
  window: (windows, inputs) => ({ shape: windowDims(at(inputs, 0).shape, windows), dtype: at(inputs, 0).dtype }),
  windowTranspose: moved,
  argmax: ({ axis }, inputs) => ({ shape: without(at(inputs, 0).shape, [axis]), dtype: 'i32' }),
  dot: ({ batch, contract }, inputs) => {
    const [x, y] = [at(inputs, 0), at(inputs, 1)]
    const sizes = (n: Node, axes: readonly number[]) => axes.map((i) => n.shape[i] as Dim)
    must(sameDims(x.shape.slice(0, batch), y.shape.slice(0, batch)), 'dot', () => `batch dims of [${x.shape}] and [${y.shape}] differ`)
    must(sameDims(sizes(x, contract[0]), sizes(y, contract[1])), 'dot', () => `contracted dims of [${x.shape}] and [${y.shape}] differ`)
    const free = (n: Node, axes: readonly number[]) => without(n.shape, axes).slice(batch)
    return { shape: [...x.shape.slice(0, batch), ...free(x, contract[0]), ...free(y, contract[1])], dtype: x.dtype }
  },
  gather: ({ axis }, inputs) => {
    const { shape, dtype } = at(inputs, 0)
    return { shape: gatheredDims('gather', shape, at(inputs, 1), axis), dtype }
  },
  scatterAdd: ({ axis, shape }, inputs) => {
    const updates = at(inputs, 0)
    const wanted = gatheredDims('scatterAdd', shape, at(inputs, 1), axis)
    must(sameDims(updates.shape, wanted), 'scatterAdd', () => `the updates are [${updates.shape}], not [${wanted}]`)
    return { shape, dtype: updates.dtype }
  },
  scan: ({ body, carries, shape, output }) => {
    const { shape: row, dtype } = at(body.outputs, output)
    return { shape: output < carries ? row : [...shape, ...row], dtype }
  },
}

/** The shape with the axis replaced by the axes of the indices. */
const gatheredDims = (op: string, shape: Dims, indices: Node, axis: number): Dims => {
  must(indices.dtype === 'i32', op, () => `the indices are ${indices.dtype}`)
  return [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)]
}
const literal = (d: Dim | undefined, op: string): number => {
  if (typeof d !== 'number') throw new InternalError(`the size '${d}' is a name`, `${op} -> make`)
  return d
}
const widened = (d: Dim, by: number): Dim => (by === 0 ? d : literal(d, 'pad') + by)
