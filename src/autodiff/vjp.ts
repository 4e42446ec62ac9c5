/** Reverse mode, a rule an op: from the cotangent of a node to the cotangents of its inputs. */
import type { Dim, Dims } from '../../types/dim.ts'
import {
  add,
  binary,
  cast,
  constant,
  div,
  dot,
  equal,
  exp,
  gather,
  greater,
  iota,
  keptDims,
  less,
  log,
  mul,
  neg,
  pad,
  permute,
  pow,
  reduce,
  reshape,
  scatterAdd,
  select,
  size,
  slice,
  sub,
  sum,
  unary,
  window,
  windowTranspose,
} from '../graph/expression.ts'
import { sameDims } from '../graph/infer.ts'
import { InternalError } from '../graph/internal-error.ts'
import { make } from '../graph/make.ts'
import type { Node, NodeOf } from '../graph/node.ts'
import { bitOps, compareOps, type Op } from '../graph/op.ts'

/** A cotangent; null where none goes. */
export type Cotangent = Node | null
/** One cotangent an input. Rules read the output wherever it spares keeping an input alive. */
export type Vjp<O extends Op> = (node: NodeOf<O>, cotangent: Node) => readonly Cotangent[]

/** Integers, and functions that are flat wherever they have a slope. */
const none = (node: { readonly inputs: readonly Node[] }): readonly null[] => node.inputs.map(() => null)
// `fromEntries` forgets the keys.
const noneOf = <O extends Op>(ops: readonly O[]) =>
  Object.fromEntries(ops.map((op) => [op, none])) as unknown as { readonly [K in O]: typeof none }

export const vjps: { readonly [O in Op]: Vjp<O> } = {
  ...noneOf(bitOps),
  ...noneOf(compareOps),
  constant: none,
  data: none,
  parameter: none,
  size: none,
  iota: none,
  random: none,
  argmax: none,
  stopGradient: none,
  sign: none,
  floor: none,
  neg: (_, g) => [neg(g)],
  abs: (n, g) => [mul(g, unary('sign', at(n, 0)))],
  reciprocal: (y, g) => [neg(mul(g, mul(y, y)))],
  sqrt: (y, g) => [div(mul(g, 0.5), y)],
  exp: (y, g) => [mul(g, y)],
  log: (n, g) => [div(g, at(n, 0))],
  sin: (n, g) => [mul(g, unary('cos', at(n, 0)))],
  cos: (n, g) => [neg(mul(g, unary('sin', at(n, 0))))],
  tanh: (y, g) => [mul(g, sub(1, mul(y, y)))],
  sigmoid: (y, g) => [mul(g, mul(y, sub(1, y)))],
  erf: (n, g) => [mul(g, mul(twoOverRootPi, exp(neg(mul(at(n, 0), at(n, 0))))))],
  add: (_, g) => [g, g],
  sub: (_, g) => [g, neg(g)],
  mul: (n, g) => [mul(g, at(n, 1)), mul(g, at(n, 0))],
  div: (y, g) => {
    const byX = div(g, at(y, 1))
    return [byX, neg(mul(byX, y))]
  },
  pow: (y, g) => powRule(y, g),
  // A tie goes to the first operand, so that relu, `maximum(0, x)`, is flat at 0 and reads its output only.
  maximum: (y, g) => either(greater(y, at(y, 0)), g),
  minimum: (y, g) => either(less(y, at(y, 0)), g),
  select: (n, g) => [null, select(at(n, 0), g, 0), select(at(n, 0), 0, g)],
  cast: (n, g) => [at(n, 0).dtype === 'f32' ? g : null],
  reshape: (n, g) => [reshape(g, at(n, 0).shape)],
  broadcast: (n, g) => [unbroadcast(g, at(n, 0).shape)],
  permute: ({ attributes }, g) => [permute(g, inverse(attributes.permutation))],
  slice: (n, g) => {
    const { start, shape } = n.attributes
    const whole = at(n, 0).shape
    return [
      pad(
        g,
        start,
        whole.map((d, i) => rest(d, shape[i] as Dim, start[i] ?? 0)),
      ),
    ]
  },
  pad: (n, g) => [slice(g, n.attributes.low, at(n, 0).shape)],
  concat: ({ inputs, attributes: { axis } }, g) => {
    let end = 0
    return inputs.map((x) => {
      const start = end
      end += literal(x.shape[axis])
      return slice(
        g,
        x.shape.map((_, i) => (i === axis ? start : 0)),
        x.shape,
      )
    })
  },
  window: (n, g) => [windowTranspose(g, n.attributes, at(n, 0).shape)],
  windowTranspose: ({ attributes: { shape, ...windows } }, g) => [window(g, windows)],
  sum: (n, g) => [stretch(g, at(n, 0), n.attributes.axes)],
  max: (n, g) => [toFirst(at(n, 0), n, n.attributes.axes, g)],
  min: (n, g) => [toFirst(at(n, 0), n, n.attributes.axes, g)],
  dot: (n, g) => dotRule(n, g),
  gather: (n, g) => [scatterAdd(g, at(n, 1), at(n, 0).shape, n.attributes.axis), null],
  scatterAdd: (n, g) => [gather(g, at(n, 1), n.attributes.axis), null],
  // the siblings of a loop have one gradient together: `pullBack` asks `pullBackLoop`
  scan: none,
}

/** The cotangent goes to the second operand where the mask holds, else to the first. */
const either = (second: Node, g: Node): readonly Node[] => [select(second, 0, g), select(second, g, 0)]

/**
 * d/dx = y x^(y-1) and d/dy = x^y ln x, both 0 where they are 0 times infinity: x^0 is flat at 0, and a base that is not
 * positive has no derivative by its exponent.
 */
const powRule = (power: NodeOf<'pow'>, g: Node): readonly Node[] => {
  const [x, y] = [at(power, 0), at(power, 1)]
  const flat = binary('and', equal(x, 0), equal(y, 0))
  const hasLog = greater(x, 0)
  return [mul(g, mul(y, pow(select(flat, 1, x), sub(y, 1)))), mul(g, mul(select(hasLog, power, 0), log(select(hasLog, x, 1))))]
}

/** The gradient of a maximum (or minimum) over axes: all of it to the first element, row-major, that equals the result. */
const toFirst = (x: Node, result: Node, axes: readonly number[], g: Node): Node => {
  if (axes.length === 0) return g
  const place = axes.map((axis, i) => along(x, axis, axes.slice(i + 1))).reduce((a, b) => add(a, b))
  const hit = equal(x, stretch(result, x, axes))
  const first = reduce('min', select(hit, place, lastPlace), axes)
  return select(equal(place, stretch(first, x, axes)), stretch(g, x, axes), 0)
}
const lastPlace = 2 ** 31 - 1
/** The index along an axis, times the elements of the inner axes. */
const along = (x: Node, axis: number, inner: readonly number[]): Node => {
  const index = iota(x.shape, axis, x.sizes)
  return inner.length === 0 ? index : mul(index, cast(size(inner.map((i) => x.shape[i] as Dim)), 'i32'))
}

/**
 * Two contractions with the cotangent. Of the two orders of operands each takes the one that needs no permutation, where
 * there is one: for `x[m, k] w[k, n]` these are `g w^T` and `x^T g`.
 */
const dotRule = ({ inputs, attributes }: NodeOf<'dot'>, g: Node): readonly Node[] => {
  const [x, y] = inputs as readonly [Node, Node]
  const { batch, contract } = attributes
  const freeX = freeAxes(x, batch, contract[0])
  const freeY = freeAxes(y, batch, contract[1])
  const inG = freeX.map((_, i) => batch + i)
  const yInG = freeY.map((_, i) => batch + freeX.length + i)
  return [
    oneSide(g, y, yInG, freeY, batch, freeX, pairs(contract[1], contract[0])),
    oneSide(g, x, inG, freeX, batch, freeY, pairs(contract[0], contract[1])),
  ]
}
/** Contracts g with the other operand; `free` and `partners` say which axes of the wanted operand what remains of the two is. */
const oneSide = (
  g: Node,
  other: Node,
  inG: readonly number[],
  inOther: readonly number[],
  batch: number,
  free: readonly number[],
  partners: readonly number[],
): Node => {
  const lead = Array.from({ length: batch }, (_, i) => i)
  const otherFirst = [...lead, ...partners, ...free]
  if (otherFirst.every((axis, i) => axis === i)) return dot(other, g, [inOther, inG], batch)
  return permute(dot(g, other, [inG, inOther], batch), inverse([...lead, ...free, ...partners]))
}
const freeAxes = (x: Node, batch: number, contracted: readonly number[]): readonly number[] =>
  x.shape.map((_, i) => i).filter((i) => i >= batch && !contracted.includes(i))
/** The partners of contracted axes, in the order in which the axes stand in their operand. */
const pairs = (axes: readonly number[], partners: readonly number[]): readonly number[] =>
  axes
    .map((axis, i) => [axis, partners[i] as number] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, partner]) => partner)

/** Back to the shape of `x`, whose axes were reduced. Leading axes need no reshape: broadcasting adds them. */
const stretch = (reduced: Node, x: Node, axes: readonly number[]): Node => {
  const kept = axes.every((axis, i) => axis === i) ? reduced : reshape(reduced, keptDims(x.shape, axes))
  return sameDims(kept.shape, x.shape) ? kept : make('broadcast', [kept], { shape: x.shape }, x.sizes)
}

/** Sums over the axes that broadcasting added or stretched. */
const unbroadcast = (g: Node, shape: Dims): Node => {
  const added = g.shape.length - shape.length
  const axes = g.shape.flatMap((d, i) => (i < added || d !== shape[i - added] ? [i] : []))
  return reshape(sum(g, axes), shape)
}

const inverse = (permutation: readonly number[]): readonly number[] => permutation.map((_, i) => permutation.indexOf(i))
/** What a slice left out behind itself. */
const rest = (whole: Dim, part: Dim, start: number): number => (whole === part && start === 0 ? 0 : literal(whole) - start - literal(part))

const literal = (d: Dim | undefined): number => {
  if (typeof d !== 'number') throw new InternalError(`the size '${d}' is a name`, 'vjp')
  return d
}
const at = (node: { readonly inputs: readonly Node[] }, i: number): Node => {
  const input = node.inputs[i]
  if (input === undefined) throw new InternalError(`input ${i} is missing`, 'vjp')
  return input
}
const twoOverRootPi = constant(2 / Math.sqrt(Math.PI))
