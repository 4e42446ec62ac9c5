/**
 * Expressions over nodes, without types: what gradients, losses, optimizers and passes write with.
 * Binary operations broadcast by NumPy's rule here; what users write is checked before it arrives.
 */
import type { Dim, Dims, DType, Sizes } from '../../types/dim.ts'
import { sameDims } from './infer.ts'
import { InternalError } from './internal-error.ts'
import { make } from './make.ts'
import type { Node } from './node.ts'
import type { BinaryOp, BitOp, CompareOp, Elements, None, ReduceOp, UnaryOp, Windows } from './op.ts'

/** A node, or a number that takes the other side's dtype. */
export type Operand = Node | number

export const constant = (value: number, dtype: DType = 'f32'): Node => make('constant', [], { value, dtype })
export const data = (values: Elements, shape: Dims, dtype: DType, sizes?: Sizes): Node => make('data', [], { values, shape, dtype }, sizes)
export const parameter = (name: string, shape: Dims, dtype: DType, sizes?: Sizes): Node =>
  make('parameter', [], { name, shape, dtype }, sizes)
export const iota = (shape: Dims, axis: number, sizes?: Sizes): Node => make('iota', [], { axis, shape }, sizes)
export const random = (key: Node, shape: Dims, sizes?: Sizes): Node => make('random', [key], { shape }, sizes)
/** A constant of any shape. */
export const full = (shape: Dims, value: number, dtype: DType = 'f32', sizes?: Sizes): Node =>
  shape.length === 0 ? constant(value, dtype) : make('broadcast', [constant(value, dtype)], { shape }, sizes)
/** The number of elements of these dims, an f32 scalar. */
export const size = (shape: Dims): Node =>
  shape.every((d) => typeof d === 'number') ? constant(shape.reduce<number>((n, d) => n * (d as number), 1)) : make('size', [], { shape })

/** The shape that two operands broadcast to. */
export const broadcastDims = (a: Dims, b: Dims): Dims => {
  if (sameDims(a, b)) return a
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i): Dim => {
    const x = a[i - rank + a.length] ?? 1
    const y = b[i - rank + b.length] ?? 1
    if (x !== y && x !== 1 && y !== 1) throw new InternalError(`[${a}] and [${b}] do not broadcast`, 'expression')
    return x === 1 ? y : x
  })
}
export const broadcastTo = (x: Node, shape: Dims): Node => (sameDims(x.shape, shape) ? x : make('broadcast', [x], { shape }))

const operands = (x: Operand, y: Operand): readonly [Node, Node] => {
  const a = typeof x === 'number' ? constant(x, typeof y === 'number' ? 'f32' : y.dtype) : x
  const b = typeof y === 'number' ? constant(y, a.dtype) : y
  const shape = broadcastDims(a.shape, b.shape)
  return [broadcastTo(a, shape), broadcastTo(b, shape)]
}

const none: None = Object.freeze({})
export const unary = (op: UnaryOp, x: Node): Node => make(op, [x], none)
export const binary = (op: BinaryOp | BitOp | CompareOp, x: Operand, y: Operand): Node => make(op, operands(x, y), none)

export const neg = (x: Node) => unary('neg', x)
export const exp = (x: Node) => unary('exp', x)
export const log = (x: Node) => unary('log', x)
export const sqrt = (x: Node) => unary('sqrt', x)
export const abs = (x: Node) => unary('abs', x)
export const tanh = (x: Node) => unary('tanh', x)
export const sigmoid = (x: Node) => unary('sigmoid', x)
export const reciprocal = (x: Node) => unary('reciprocal', x)
export const add = (x: Operand, y: Operand) => binary('add', x, y)
export const sub = (x: Operand, y: Operand) => binary('sub', x, y)
export const mul = (x: Operand, y: Operand) => binary('mul', x, y)
export const div = (x: Operand, y: Operand) => binary('div', x, y)
export const pow = (x: Operand, y: Operand) => binary('pow', x, y)
export const maximum = (x: Operand, y: Operand) => binary('maximum', x, y)
export const minimum = (x: Operand, y: Operand) => binary('minimum', x, y)
export const equal = (x: Operand, y: Operand) => binary('equal', x, y)
export const less = (x: Operand, y: Operand) => binary('less', x, y)
export const greater = (x: Operand, y: Operand) => binary('greater', x, y)

export const select = (condition: Node, x: Operand, y: Operand): Node => {
  const [a, b] = operands(x, y)
  const shape = broadcastDims(condition.shape, a.shape)
  return make('select', [broadcastTo(condition, shape), broadcastTo(a, shape), broadcastTo(b, shape)], none)
}
export const cast = (x: Node, dtype: DType): Node => (x.dtype === dtype ? x : make('cast', [x], { dtype }))
export const stopGradient = (x: Node): Node => make('stopGradient', [x], none)

export const reshape = (x: Node, shape: Dims): Node => (sameDims(x.shape, shape) ? x : make('reshape', [x], { shape }))
export const permute = (x: Node, permutation: readonly number[]): Node =>
  permutation.every((axis, i) => axis === i) ? x : make('permute', [x], { permutation })
export const slice = (x: Node, start: readonly number[], shape: Dims): Node =>
  sameDims(x.shape, shape) && start.every((s) => s === 0) ? x : make('slice', [x], { start, shape })
export const pad = (x: Node, low: readonly number[], high: readonly number[]): Node =>
  [...low, ...high].every((n) => n === 0) ? x : make('pad', [x], { low, high })
/** What stands at the indices along an axis, which gives way to their axes; 0 for what is no index. */
export const gather = (x: Node, indices: Node, axis = 0): Node => make('gather', [x, indices], { axis })
/** The rows of a table for the places of a sequence `[time]`, of which there are no more than rows. */
export const placed = (table: Node, places: Node): Node => make('gather', [table, places], { axis: 0, places: true })
/** Zeros of this shape, to which the updates are added at their indices along an axis. */
export const scatterAdd = (updates: Node, indices: Node, shape: Dims, axis = 0): Node =>
  make('scatterAdd', [updates, indices], { axis, shape })
export const concat = (xs: readonly Node[], axis: number): Node => (xs.length === 1 ? (xs[0] as Node) : make('concat', xs, { axis }))
/** Windows along some axes; see `Attributes`. */
export const window = (x: Node, windows: Windows): Node => make('window', [x], windows)
export const windowTranspose = (x: Node, windows: Windows, shape: Dims): Node => make('windowTranspose', [x], { ...windows, shape })

/** Every axis of a rank. */
export const allAxes = (x: Node): readonly number[] => x.shape.map((_, i) => i)
/** The shape with 1 where an axis was reduced. */
export const keptDims = (shape: Dims, axes: readonly number[]): Dims => shape.map((d, i) => (axes.includes(i) ? 1 : d))

export const reduce = (op: ReduceOp, x: Node, axes: readonly number[], keepDims = false): Node => {
  const sorted = [...axes].sort((a, b) => a - b)
  const reduced = sorted.length === 0 ? x : make(op, [x], { axes: sorted })
  return keepDims ? reshape(reduced, keptDims(x.shape, axes)) : reduced
}
export const sum = (x: Node, axes: readonly number[], keepDims = false) => reduce('sum', x, axes, keepDims)
export const max = (x: Node, axes: readonly number[], keepDims = false) => reduce('max', x, axes, keepDims)
export const mean = (x: Node, axes: readonly number[], keepDims = false): Node =>
  div(sum(x, axes, keepDims), size(axes.map((i) => x.shape[i] as Dim)))
export const argmax = (x: Node, axis: number): Node => make('argmax', [x], { axis })

/** Contraction: batch dims, free dims of x, free dims of y. The first `batch` axes of both are the batch. */
export const dot = (x: Node, y: Node, contract: readonly [readonly number[], readonly number[]], batch = 0): Node =>
  make('dot', [x, y], { batch, contract })
