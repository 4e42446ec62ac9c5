/**
 * How far a program in f32 may be from the evaluator, element by element: a running error analysis, as a total table.
 * The generator asks it before it adds a node, so that no graph is so ill-conditioned that the law could not hold for
 * any program. It knows nothing of what a program does: only that each operation rounds.
 */
import { rowOf } from '../../src/graph/evaluate/scan.ts'
import type { Value } from '../../src/graph/evaluate/value.ts'
import { evaluate } from '../../src/graph/interpret.ts'
import type { Node, NodeOf } from '../../src/graph/node.ts'
import type { BinaryOp, CompareOp, Op, ReduceOp, UnaryOp } from '../../src/graph/op.ts'
import { type Magnitude, sizes } from './magnitude.ts'
import { gatheredOutput, stepsOf } from './steps.ts'

/** An operand's value, and how far an f32 program may be from it. i32 and bool are exact: their error is 0. */
export interface Rounded {
  readonly value: Value
  readonly error: Magnitude
}

/** The error of one node over its operands; Infinity where a bool or an i32 might come out differently. */
export const errorOf = (node: Node, value: Value, operands: readonly Rounded[]): Magnitude =>
  (rules[node.op] as Rule<Op>)(node, value, operands)

type Rule<O extends Op> = (node: NodeOf<O>, value: Value, operands: readonly Rounded[]) => Magnitude

/** Half the distance between 1 and the next f32, and the smallest f32. */
const unit = 2 ** -24
const smallest = 2 ** -149
/** What is computed beyond may overflow f32 alone. */
const largest = 1e37

const of = ({ shape }: Value, error: (i: number) => number): Magnitude => {
  const values = new Float64Array(shape.reduce((product, n) => product * n, 1))
  for (let i = 0; i < values.length; i++) values[i] = error(i)
  return { dtype: 'f32', shape, values }
}
const none = (value: Value): Magnitude => of(value, () => 0)
const exact: Rule<Op> = (_, value) => none(value)
/** What f32 makes of a given number. */
const represented: Rule<Op> = (_, value) =>
  value.dtype === 'f32' ? of(value, (i) => difference(Math.fround(value.values[i] as number), value.values[i] as number)) : none(value)

/** Two values of one element: equal infinities and NaNs do not differ, other ones differ without bound. */
const difference = (a: number, b: number): number => {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0
  const distance = Math.abs(a - b)
  return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance
}

/**
 * Every operand at both ends of its error: the farthest result says how the op passes errors on. Where the result is a
 * bool or an integer the error is taken four times as wide, and may change nothing.
 */
const propagated = (node: Node, value: Value, operands: readonly Rounded[]): Magnitude => {
  const width = value.dtype === 'f32' ? 1 : 4
  const widest = none(value).values
  for (let corner = 0; corner < 1 << operands.length; corner++) {
    const moved = operands.map(({ value: x, error }, side): Value => {
      if (x.dtype !== 'f32') return x
      const sign = (corner >> side) & 1 ? width : -width
      return { ...x, values: (x.values as Float64Array).map((v, i) => v + sign * (error.values[i] as number)) }
    })
    const shifted = evaluate(node, moved).values
    for (let i = 0; i < widest.length; i++)
      widest[i] = Math.max(widest[i] as number, difference(shifted[i] as number, value.values[i] as number))
  }
  return {
    dtype: 'f32',
    shape: value.shape,
    values: value.dtype === 'f32' ? widest : widest.map((e) => (e === 0 ? 0 : Number.POSITIVE_INFINITY)),
  }
}

/** Errors of the operands passed on, and the op's own: none, one rounding, or that of an approximation in units. */
const elementwise =
  (own: 'none' | 'rounding' | ((value: number, operands: readonly number[]) => number)): Rule<Op> =>
  (node, value, operands) => {
    const passed = propagated(node as Node, value, operands)
    if (own === 'none' || value.dtype !== 'f32') return passed
    return of(value, (i) => {
      const result = value.values[i] as number
      if (!Number.isFinite(result)) return passed.values[i] as number
      const from = operands.map((x) => x.value.values[i] as number)
      const fresh = operands.every(({ error }) => error.values[i] === 0)
      if (own === 'rounding' && fresh) return difference(Math.fround(result), result)
      if (Math.abs(result) > largest) return Number.POSITIVE_INFINITY
      if (result === 0) return (passed.values[i] as number) + smallest
      const units = own === 'rounding' ? 1 : own(result, from)
      return (passed.values[i] as number) + units * unit * Math.abs(result) + smallest
    })
  }
const rounding = elementwise('rounding')
const approximated = elementwise(() => 8)
const unrounded = elementwise('none')

const power = elementwise((result) => 16 + 4 * Math.abs(Math.log(Math.abs(result))))
/** A negative base has powers at whole exponents alone: an exponent that is not exact may become whole, or stop being so. */
const powered: Rule<Op> = (node, value, operands) => {
  const [base, exponent] = operands as readonly [Rounded, Rounded]
  const whole = power(node, value, operands)
  const isDoubtful = (i: number): boolean =>
    (base.value.values[i] as number) < (base.error.values[i] as number) && (exponent.error.values[i] as number) > 0
  return of(value, (i) => (isDoubtful(i) ? Number.POSITIVE_INFINITY : (whole.values[i] as number)))
}

const unaryRules: { readonly [O in UnaryOp]: Rule<Op> } = {
  neg: unrounded,
  abs: unrounded,
  sign: unrounded,
  floor: unrounded,
  reciprocal: rounding,
  sqrt: rounding,
  exp: approximated,
  log: elementwise((result) => 8 + 2 / Math.abs(result)),
  sin: elementwise((result, [x]) => 8 + Math.abs((x as number) / result)),
  cos: elementwise((result, [x]) => 8 + Math.abs((x as number) / result)),
  tanh: approximated,
  sigmoid: approximated,
  erf: approximated,
}
const binaryRules: { readonly [O in BinaryOp]: Rule<Op> } = {
  add: rounding,
  sub: rounding,
  mul: rounding,
  div: rounding,
  pow: powered,
  maximum: unrounded,
  minimum: unrounded,
}

/** A comparison is certain where the operands are equal without errors, or far apart: four times their errors. */
const compared: Rule<CompareOp> = (_, value, [x, y]) => of(value, (i) => uncertainty(x as Rounded, y as Rounded, i))
const uncertainty = (x: Rounded, y: Rounded, i: number): number => {
  const error = (x.error.values[i] as number) + (y.error.values[i] as number)
  const apart = Math.abs((x.value.values[i] as number) - (y.value.values[i] as number))
  return error > 0 && apart <= 4 * error ? Number.POSITIVE_INFINITY : 0
}
/** A number is true unless it is 0: as certain as that comparison. */
const converted: Rule<'cast'> = (node, value, operands) => {
  const [x] = operands as readonly [Rounded]
  const zero = { ...x.value, values: x.value.values.map(() => 0) } as Value
  return value.dtype === 'bool' ? of(value, (i) => uncertainty(x, { value: zero, error: none(zero) }, i)) : rounding(node, value, operands)
}

/** Errors move as the elements do. */
const moved: Rule<Op> = (node, value, operands) =>
  value.dtype !== 'f32'
    ? none(value)
    : (evaluate(
        node as Node,
        operands.map(({ error }) => error),
      ) as Magnitude)
const chosen: Rule<'select'> = (node, value, [condition, x, y]) =>
  value.dtype !== 'f32'
    ? none(value)
    : (evaluate(node, [(condition as Rounded).value, (x as Rounded).error, (y as Rounded).error]) as Magnitude)

/** n terms: each error, and roundings of the sum of magnitudes, which add up as a random walk does; none for small whole numbers. */
const summed: Rule<'sum'> = (node, value, [x]) => {
  const { value: terms, error } = x as Rounded
  if (value.dtype !== 'f32') return none(value)
  const total = evaluate(node, [sizes(terms)])
  const passed = evaluate(node, [error])
  const count = terms.values.length / Math.max(1, value.values.length)
  return accumulated(value, total, passed, count, isWhole(x as Rounded))
}
/** At most as many terms as a window has elements. */
const overlapped: Rule<'windowTranspose'> = (node, value, [x]) => {
  const { value: terms, error } = x as Rounded
  if (value.dtype !== 'f32') return none(value)
  const count = node.attributes.size.reduce((n, size) => n * size, 1)
  return accumulated(value, evaluate(node, [sizes(terms)]), evaluate(node, [error]), count, isWhole(x as Rounded))
}
const accumulated = (value: Value, total: Value, passed: Value, count: number, whole: boolean): Magnitude => {
  const roundings = Math.min(count, 2 * Math.sqrt(count))
  return of(value, (i) => {
    const size = total.values[i] as number
    if (size > largest) return Number.POSITIVE_INFINITY
    if (whole && size < 2 ** 24) return 0
    return (passed.values[i] as number) + roundings * unit * size + (size === 0 ? 0 : smallest)
  })
}
const isExact = ({ error }: Rounded): boolean => error.values.every((e) => e === 0)
const allFinite = ({ values }: Value): boolean => values.every((x: number) => Number.isFinite(x))
const isWhole = (x: Rounded): boolean => isExact(x) && x.value.values.every((v: number) => Number.isInteger(v) || !Number.isFinite(v))

const dotted: Rule<'dot'> = (node, value, [x, y]) => {
  if (value.dtype !== 'f32') return none(value)
  const [a, b] = [x as Rounded, y as Rounded]
  if ((!allFinite(a.value) && !isExact(b)) || (!allFinite(b.value) && !isExact(a))) return of(value, () => Number.POSITIVE_INFINITY)
  const [left, right] = [sizes(a.value), sizes(b.value)]
  const product = (one: Value, other: Value) => evaluate(node, [one, other])
  const total = product(left, right)
  const count = node.attributes.contract[0].reduce((n, axis) => n * (a.value.shape[axis] as number), 1)
  const parts = [product(left, b.error), product(a.error, right), product(a.error, b.error)]
  const passed = {
    ...total,
    values: (total.values as Float64Array).map((_, i) => parts.reduce((sum, { values }) => sum + (values[i] as number), 0)),
  }
  return accumulated(value, total, passed, count + 1, isWhole(a) && isWhole(b))
}
const picked: Rule<'gather'> = (node, value, [x, indices]) =>
  value.dtype !== 'f32' ? none(value) : (evaluate(node, [(x as Rounded).error, (indices as Rounded).value]) as Magnitude)
/** As a sum of what came to each place. */
const scattered: Rule<'scatterAdd'> = (node, value, [updates, indices]) => {
  if (value.dtype !== 'f32') return none(value)
  const [x, at] = [updates as Rounded, (indices as Rounded).value]
  const spread = (terms: Value): Value => evaluate(node, [terms, at])
  const most = Math.max(0, ...spread(of(x.value, () => 1)).values)
  return accumulated(value, spread(sizes(x.value)), spread(x.error), most, isWhole(x))
}
const extremum: Rule<ReduceOp> = (node, value, [x]) =>
  value.dtype !== 'f32' ? none(value) : sizes(evaluate({ ...node, op: 'max' }, [(x as Rounded).error]))

/** The winner may not change when it is moved down and all others up. */
const champion: Rule<'argmax'> = (node, value, [x]) => {
  const { value: terms, error } = x as Rounded
  if (terms.dtype !== 'f32') return none(value)
  const { axis } = node.attributes
  const inner = terms.shape.slice(axis + 1).reduce((product, n) => product * n, 1)
  const length = terms.shape[axis] as number
  const values = (terms.values as Float64Array).map((v, i) => {
    const outer = Math.floor(i / (inner * length))
    const wins = value.values[outer * inner + (i % inner)] === Math.floor(i / inner) % length
    return v + (wins ? -2 : 2) * (error.values[i] as number)
  })
  const again = evaluate(node, [{ ...terms, values }])
  return of(value, (i) => (again.values[i] === value.values[i] ? 0 : Number.POSITIVE_INFINITY))
}

const rowOfRounded = ({ value, error }: Rounded, t: number): Rounded => ({ value: rowOf(value, t), error: rowOf(error, t) as Magnitude })

const roundedSteps = stepsOf<Rounded>(rowOfRounded, (inner, known) => {
  const result = evaluate(
    inner,
    known.map((x) => x.value),
  )
  return { value: result, error: errorOf(inner, result, known) }
})

const rules: { readonly [O in Op]: Rule<O> } = {
  ...unaryRules,
  ...binaryRules,
  and: exact,
  or: exact,
  xor: exact,
  shiftLeft: exact,
  shiftRight: exact,
  equal: compared,
  notEqual: compared,
  less: compared,
  lessEqual: compared,
  greater: compared,
  greaterEqual: compared,
  select: chosen,
  cast: converted,
  stopGradient: moved,
  constant: represented,
  data: represented,
  parameter: represented,
  size: represented,
  iota: exact,
  random: exact,
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
  argmax: champion,
  dot: dotted,
  gather: picked,
  scatterAdd: scattered,
  scan: (node, value, operands) => {
    const { outputs, all } = roundedSteps(node, operands)
    // a bool or an i32 that might come out differently, even where the result shows nothing of it
    const doubtful = all.some((x) => x.value.dtype !== 'f32' && x.error.values.some((e) => e > 0))
    if (doubtful) return of(value, () => Number.POSITIVE_INFINITY)
    if (value.dtype !== 'f32') return none(value)
    const errors = outputs.map((found) => (found[node.attributes.output] as Rounded).error)
    return gatheredOutput(node, (operands[node.attributes.output] ?? operands[0])?.error as Magnitude, errors) as Magnitude
  },
}
