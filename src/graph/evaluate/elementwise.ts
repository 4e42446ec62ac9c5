/** An element at a time: arithmetic, comparisons, selection, casts. */
import type { DType } from '../../../types/dim.ts'
import { InternalError } from '../internal-error.ts'
import { cos, erf, exp, log, pow, sigmoid, sin, tanh } from '../math.ts'
import type { NodeOf } from '../node.ts'
import type { BinaryOp, BitOp, CompareOp, Op, UnaryOp } from '../op.ts'
import { allocate, operand, type Value, type Values } from './value.ts'

type Unary = (x: number) => number
type Binary = (x: number, y: number) => number

const unaryF32: { readonly [O in UnaryOp]: Unary } = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  reciprocal: (x) => 1 / x,
  sqrt: Math.sqrt,
  exp,
  log,
  sin,
  cos,
  tanh,
  sigmoid,
  erf,
}
/** -2^31 has no opposite: it stays. */
const unaryI32: { readonly [O in UnaryOp]: Unary | null } = {
  neg: (x) => -x | 0,
  abs: (x) => Math.abs(x) | 0,
  sign: Math.sign,
  floor: null,
  reciprocal: null,
  sqrt: null,
  exp: null,
  log: null,
  sin: null,
  cos: null,
  tanh: null,
  sigmoid: null,
  erf: null,
}

/** `maximum` and `minimum` give NaN if an operand is NaN, and hold -0 below 0. */
const binaryF32: { readonly [O in BinaryOp]: Binary } = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  pow,
  maximum: Math.max,
  minimum: Math.min,
}
/** Wraps; x / 0 is 0, and -2^31 / -1 is -2^31. */
const binaryI32: { readonly [O in BinaryOp]: Binary | null } = {
  add: (x, y) => (x + y) | 0,
  sub: (x, y) => (x - y) | 0,
  mul: Math.imul,
  div: (x, y) => (x / y) | 0,
  pow: null,
  maximum: Math.max,
  minimum: Math.min,
}
/** A shift is by the low five bits of y. */
const bit: { readonly [O in BitOp]: Binary } = {
  and: (x, y) => x & y,
  or: (x, y) => x | y,
  xor: (x, y) => x ^ y,
  shiftLeft: (x, y) => x << y,
  shiftRight: (x, y) => (x >>> y) | 0,
}
const compare: { readonly [O in CompareOp]: Binary } = {
  equal: (x, y) => +(x === y),
  notEqual: (x, y) => +(x !== y),
  less: (x, y) => +(x < y),
  lessEqual: (x, y) => +(x <= y),
  greater: (x, y) => +(x > y),
  greaterEqual: (x, y) => +(x >= y),
}

/** Each of these elements is one of the other kind. */
const same: Unary = (x) => x
const casts: { readonly [From in DType]: { readonly [To in DType]: Unary } } = {
  f32: { f32: same, i32: (x) => Math.max(-2147483648, Math.min(2147483647, Math.trunc(x))) || 0, bool: (x) => +(x !== 0) },
  i32: { f32: same, i32: same, bool: (x) => +(x !== 0) },
  bool: { f32: same, i32: same, bool: same },
}

type Evaluate<O extends Op> = (node: NodeOf<O>, inputs: readonly Value[], to?: Values) => Value

const evaluateUnary: Evaluate<UnaryOp> = ({ op, dtype }, inputs, to) =>
  mapped(defined(op, dtype, dtype === 'f32' ? unaryF32[op] : dtype === 'i32' ? unaryI32[op] : null), dtype, operand(inputs, 0), to)

const evaluateBinary: Evaluate<BinaryOp> = ({ op, dtype }, inputs, to) => {
  const f = defined(op, dtype, dtype === 'f32' ? binaryF32[op] : dtype === 'i32' ? binaryI32[op] : null)
  return zipped(f, dtype, inputs, to, op in arithmetic ? arithmetic[op as keyof typeof arithmetic] : undefined)
}

const evaluateBit: Evaluate<BitOp> = ({ op, dtype }, inputs, to) =>
  zipped(
    defined(op, dtype, dtype === 'i32' || (dtype === 'bool' && !op.startsWith('shift')) ? bit[op] : null),
    dtype,
    inputs,
    to,
    undefined,
    op === 'shiftRight' ? shiftedRight : undefined,
  )

const evaluateCompare: Evaluate<CompareOp> = ({ op }, inputs, to) => zipped(compare[op], 'bool', inputs, to)

const evaluateSelect: Evaluate<'select'> = ({ dtype }, inputs, to) => {
  const [condition, x, y] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)]
  const values = to ?? allocate(dtype, x.shape)
  for (let i = 0; i < values.length; i++) values[i] = (condition.values[i] === 0 ? y.values[i] : x.values[i]) as number
  return { dtype, shape: x.shape, values }
}

const evaluateCast: Evaluate<'cast'> = ({ attributes }, inputs, to) => {
  const x = operand(inputs, 0)
  const f = casts[x.dtype][attributes.dtype]
  if (f !== same) return mapped(f, attributes.dtype, x, to)
  const values = to ?? allocate(attributes.dtype, x.shape)
  values.set(x.values)
  return { dtype: attributes.dtype, shape: x.shape, values }
}

export type ElementwiseOp = UnaryOp | BinaryOp | BitOp | CompareOp | 'select' | 'cast'
/** Into `to`, where it is given: as many elements as the operands have. */
export const elementwise: { readonly [O in ElementwiseOp]: Evaluate<O> } = {
  neg: evaluateUnary,
  abs: evaluateUnary,
  sign: evaluateUnary,
  floor: evaluateUnary,
  reciprocal: evaluateUnary,
  sqrt: evaluateUnary,
  exp: evaluateUnary,
  log: evaluateUnary,
  sin: evaluateUnary,
  cos: evaluateUnary,
  tanh: evaluateUnary,
  sigmoid: evaluateUnary,
  erf: evaluateUnary,
  add: evaluateBinary,
  sub: evaluateBinary,
  mul: evaluateBinary,
  div: evaluateBinary,
  pow: evaluateBinary,
  maximum: evaluateBinary,
  minimum: evaluateBinary,
  and: evaluateBit,
  or: evaluateBit,
  xor: evaluateBit,
  shiftLeft: evaluateBit,
  shiftRight: evaluateBit,
  equal: evaluateCompare,
  notEqual: evaluateCompare,
  less: evaluateCompare,
  lessEqual: evaluateCompare,
  greater: evaluateCompare,
  greaterEqual: evaluateCompare,
  select: evaluateSelect,
  cast: evaluateCast,
}

const defined = <F>(op: string, dtype: DType, f: F | null): F => {
  if (f === null) throw new InternalError(`${op} is not defined on ${dtype}`, `${op} -> interpret`)
  return f
}
const mapped = (f: Unary, dtype: DType, x: Value, values = allocate(dtype, x.shape)): Value => {
  const from = x.values
  if (from instanceof Float64Array && values instanceof Float64Array) mapFloats(f, from, values)
  else if (from instanceof Int32Array && values instanceof Float64Array) mapIntegers(f, from, values)
  else for (let i = 0; i < values.length; i++) values[i] = f(from[i] as number)
  return { dtype, shape: x.shape, values }
}
const zipped = (
  f: Binary,
  dtype: DType,
  inputs: readonly Value[],
  to?: Values,
  loop: FloatLoop = (...all) => zipFloats(f, ...all),
  integerLoop: IntegerLoop = (...all) => zipIntegers(f, ...all),
): Value => {
  const [x, y] = [operand(inputs, 0), operand(inputs, 1)]
  const values = to ?? allocate(dtype, x.shape)
  const [a, b] = [x.values, y.values]
  if (a instanceof Float64Array && b instanceof Float64Array && values instanceof Float64Array) loop(a, b, values)
  else if (a instanceof Int32Array && b instanceof Int32Array && values instanceof Int32Array) integerLoop(a, b, values)
  else for (let i = 0; i < values.length; i++) values[i] = f(a[i] as number, b[i] as number)
  return { dtype, shape: x.shape, values }
}

// A loop for each kind of elements, and for each operation that draws weights: engines make fast code of a loop that has met one
// kind and one function alone. The weights of a large layer are millions of elements.
type FloatLoop = (x: Float64Array, y: Float64Array, to: Float64Array) => void
const arithmetic: { readonly [O in 'add' | 'sub' | 'mul' | 'div']: FloatLoop } = {
  add: (x, y, to) => {
    for (let i = 0; i < to.length; i++) to[i] = (x[i] as number) + (y[i] as number)
  },
  sub: (x, y, to) => {
    for (let i = 0; i < to.length; i++) to[i] = (x[i] as number) - (y[i] as number)
  },
  mul: (x, y, to) => {
    for (let i = 0; i < to.length; i++) to[i] = (x[i] as number) * (y[i] as number)
  },
  div: (x, y, to) => {
    for (let i = 0; i < to.length; i++) to[i] = (x[i] as number) / (y[i] as number)
  },
}
type IntegerLoop = (x: Int32Array, y: Int32Array, to: Int32Array) => void
const shiftedRight: IntegerLoop = (x, y, to) => {
  for (let i = 0; i < to.length; i++) to[i] = (x[i] as number) >>> (y[i] as number)
}
const mapFloats = (f: Unary, from: Float64Array, to: Float64Array): void => {
  for (let i = 0; i < to.length; i++) to[i] = f(from[i] as number)
}
const mapIntegers = (f: Unary, from: Int32Array, to: Float64Array): void => {
  for (let i = 0; i < to.length; i++) to[i] = f(from[i] as number)
}
const zipFloats = (f: Binary, x: Float64Array, y: Float64Array, to: Float64Array): void => {
  for (let i = 0; i < to.length; i++) to[i] = f(x[i] as number, y[i] as number)
}
const zipIntegers = (f: Binary, x: Int32Array, y: Int32Array, to: Int32Array): void => {
  for (let i = 0; i < to.length; i++) to[i] = f(x[i] as number, y[i] as number)
}
