/**
 * How a random node of each op is built, as a total table. Each is tried three times: over what the pool has, over that
 * made fit for the op (squashed into its domain, moved away from its jumps), and over fresh tame leaves.
 */

import * as ir from '../../src/graph/expression.ts'
import { windowDims } from '../../src/graph/infer.ts'
import { make } from '../../src/graph/make.ts'
import type { Node } from '../../src/graph/node.ts'
import type { BinaryOp, BitOp, CompareOp, Op, ReduceOp, UnaryOp, Windows } from '../../src/graph/op.ts'
import type { DType } from '../../types/dim.ts'
import type { Entry } from './lawful.ts'
import { randomLoop, tameLoop } from './loops.ts'
import { count, mostElements, Refused, shapeOf, type Workshop } from './workshop.ts'

/** 0: as it comes, 1: made fit, 2: tame. */
type Try = 0 | 1 | 2
type Construction = (shop: Workshop, attempt: Try) => Node

/** A new node of this op, somewhere over the pool. */
export const construct = (shop: Workshop, op: Op): Entry => {
  for (const attempt of [0, 1, 2] as const) {
    try {
      return shop.add(constructions[op](shop, attempt))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
    }
  }
  throw new Error(`no lawful ${op} over tame leaves`)
}

const numbers = ['f32', 'i32'] as const
const every = ['f32', 'i32', 'bool'] as const

/** Operand of a try: from the pool, made fit, or tame. */
const operand = (shop: Workshop, attempt: Try, dtypes: readonly DType[], fit: (shop: Workshop, x: Entry) => Node = squashed): Entry => {
  if (attempt === 2) return shop.leaf(shop.pick(dtypes), shop.shape(), 'tame')
  const x = shop.any(dtypes)
  return attempt === 1 && x.node.dtype === 'f32' ? shop.add(fit(shop, x)) : x
}
const another = (shop: Workshop, attempt: Try, x: Entry, fit: (shop: Workshop, x: Entry) => Node = squashed): Entry => {
  if (attempt === 2) return shop.leaf(x.node.dtype, shapeOf(x), 'tame')
  const y = shop.like(x.node.dtype, shapeOf(x))
  return attempt === 1 && y.node.dtype === 'f32' ? shop.add(fit(shop, y)) : y
}

/** Between -1 and 1. */
const squashed = (_: Workshop, { node }: Entry): Node => ir.tanh(node)
/** Between 1/2 and 3/2. */
const positive = (_: Workshop, { node }: Entry): Node => ir.add(ir.sigmoid(node), 0.5)
/** x + given data, so that the sum is what `target` says. */
const moved = (shop: Workshop, { node, value }: Entry, target: (i: number) => number): Node => {
  const by = Array.from(value.values, (v, i) => (Number.isFinite(v) ? target(i) - v : 0))
  return ir.add(node, shop.given(value.shape, by).node)
}
/** Halves: far from every whole number. */
const halves = (shop: Workshop, x: Entry): Node => {
  const targets = Array.from(x.value.values, () => shop.below(20) - 9.5)
  return moved(shop, x, (i) => targets[i] as number)
}
/** Different everywhere, by more than any error. */
const distinct = (shop: Workshop, x: Entry): Node => {
  const gap = 0.5 + 0.01 * Math.max(0, ...x.magnitude.values)
  const order = shop.shuffle(Array.from(x.value.values, (_, i) => i))
  return moved(shop, x, (i) => gap * (order[i] as number))
}
/** Smaller or larger than x, by more than any error. */
const apart = (shop: Workshop, x: Entry, y: Entry): Node => {
  const sign = Array.from(x.value.values, () => (shop.below(2) === 0 ? -1 : 1))
  const gap = (i: number): number => 0.5 + 0.01 * ((x.magnitude.values[i] as number) + (y.magnitude.values[i] as number))
  return moved(shop, y, (i) => (Number.isFinite(x.value.values[i]) ? (x.value.values[i] as number) + (sign[i] as number) * gap(i) : 0))
}

const unary =
  (op: UnaryOp, dtypes: readonly DType[], fit?: (shop: Workshop, x: Entry) => Node): Construction =>
  (shop, attempt) =>
    make(op, [operand(shop, attempt, dtypes, fit).node], {})

const binary =
  (
    op: BinaryOp,
    dtypes: readonly DType[],
    fitRight?: (shop: Workshop, x: Entry) => Node,
    fitLeft?: (shop: Workshop, x: Entry) => Node,
  ): Construction =>
  (shop, attempt) => {
    const x = operand(shop, attempt, dtypes, fitLeft)
    const y = another(shop, attempt, x, fitRight)
    return make(op, [x.node, y.node], {})
  }
const bit =
  (op: BitOp, dtypes: readonly DType[]): Construction =>
  (shop, attempt) => {
    const x = operand(shop, attempt, dtypes)
    return make(op, [x.node, another(shop, attempt, x).node], {})
  }
const compare =
  (op: CompareOp): Construction =>
  (shop, attempt) => {
    const x = attempt === 1 ? shop.any(['f32']) : operand(shop, attempt, every)
    return make(op, [x.node, another(shop, attempt, x, (_, y) => apart(shop, x, y)).node], {})
  }

const axesOf = (x: Entry): readonly number[] => shapeOf(x).map((_, axis) => axis)
const reduction =
  (op: ReduceOp, dtypes: readonly DType[]): Construction =>
  (shop, attempt) => {
    const x = operand(shop, attempt, dtypes)
    return make(op, [x.node], { axes: shop.some(axesOf(x)) })
  }
const withAxes = (shop: Workshop, attempt: Try, dtypes: readonly DType[], fit?: (shop: Workshop, x: Entry) => Node): Entry => {
  const x = operand(shop, attempt, dtypes, fit)
  return shapeOf(x).length > 0 ? x : shop.add(ir.reshape(x.node, [1]))
}

/** A shape of as many elements: axes of size 1 come and go, others merge. */
const reshaped = (shop: Workshop, shape: readonly number[]): readonly number[] => {
  const result: number[] = []
  for (const n of shape) {
    const last = result.pop()
    const merge = last !== undefined && shop.below(2) === 0
    result.push(...(last === undefined ? [n] : merge ? [last * n] : [last, n]))
    if (result.length < 4 && shop.below(4) === 0) result.push(1)
  }
  const halved = result.findIndex((n) => n > 2 && n % 2 === 0)
  if (halved >= 0 && shop.below(2) === 0) result.splice(halved, 1, 2, (result[halved] as number) / 2)
  return result
}

const stretched = (shop: Workshop, shape: readonly number[]): readonly number[] => {
  const result = shape.map((n) => (n === 1 ? shop.pick([0, 1, 2, 3, 5]) : n))
  while (result.length < 4 && shop.below(2) === 0) result.unshift(shop.pick([0, 1, 2, 3]))
  return count(result) > mostElements ? shape : result
}

/** Indices of a few axes, most of them on an axis of this size: some come from the pool, others are made to be there. */
const indicesOf = (shop: Workshop, attempt: Try, size: number, fits: (indices: number) => boolean): Node => {
  const pooled = shop.any(['i32'])
  const x = attempt < 2 && fits(count(shapeOf(pooled))) && shop.below(2) === 0 ? pooled : null
  const shape = shop.pick([[], [1], [2], [3], [4], [7], [17], [2, 3], [0], [3, 1]].filter((dims) => fits(count(dims))))
  const indices = x ?? shop.leaf('i32', shape, shop.pick(['tame', 'small', 'extreme']))
  const ends = shop.below(4)
  return ends > 1 ? indices.node : ir.maximum(ir.minimum(indices.node, size - ends), 1 - ends)
}

const contraction: Construction = (shop, attempt) => {
  const x = operand(shop, attempt, numbers)
  const y = attempt < 2 && shop.below(3) === 0 ? shop.any([x.node.dtype]) : x
  const [left, right] = [shapeOf(x), shapeOf(y)]
  const shared = left.findIndex((n, i) => n !== right[i])
  const batch = shop.below((shared < 0 ? left.length : shared) + 1)
  const free = right.map((_, axis) => axis).slice(batch)
  const pairs: (readonly [number, number])[] = []
  for (const axis of shop.shuffle(axesOf(x).slice(batch))) {
    const partner = free.find((other) => right[other] === left[axis] && pairs.every(([, taken]) => taken !== other))
    if (partner !== undefined && shop.below(4) > 0) pairs.push([axis, partner])
  }
  const contract = [pairs.map(([axis]) => axis), pairs.map(([, axis]) => axis)] as const
  const node = ir.dot(x.node, y.node, contract, batch)
  if (count(node.shape as readonly number[]) <= mostElements && shop.below(2) === 0) return node
  return product(shop, x, attempt)
}
/** With a leaf of fitting rows: what a dense layer does. */
const product = (shop: Workshop, x: Entry, attempt: Try): Node => {
  const matrix = shapeOf(x).length > 0 ? x : shop.add(ir.reshape(x.node, [1]))
  const shape = shapeOf(matrix)
  const axis = shape.length - 1 - shop.below(2) * (shape.length > 1 ? 1 : 0)
  const rows = shape[axis] as number
  const columns = shop.pick(
    [0, 1, 2, 5, 8, 17].filter((n) => (n * count(shape)) / Math.max(1, rows) <= mostElements && n * rows <= mostElements),
  )
  const y = shop.leaf(x.node.dtype, shop.below(2) === 0 ? [rows, columns] : [columns, rows], attempt === 2 ? 'tame' : 'small')
  const side = shapeOf(y)[0] === rows ? 0 : 1
  return shop.below(3) === 0 ? ir.dot(y.node, matrix.node, [[side], [axis]]) : ir.dot(matrix.node, y.node, [[axis], [side]])
}

/** Along some axes, as far as few elements come of it: overlapping, apart, dilated, beyond the border. */
const windowsOver = (shop: Workshop, shape: readonly number[]): Windows => {
  const axes = shop.some(shape.map((_, axis) => axis)).slice(-2)
  const each = (values: readonly number[]) => axes.map(() => shop.pick(values))
  const windows = {
    axes,
    size: each([1, 2, 3]),
    stride: each([1, 1, 2, 3]),
    dilation: each([1, 1, 2]),
    low: each([0, 1, 2]),
    high: each([0, 1]),
  }
  const few = count(windowDims(shape, windows) as readonly number[]) <= mostElements
  return few ? windows : { axes: [], size: [], stride: [], dilation: [], low: [], high: [] }
}

const constructions: { readonly [O in Op]: Construction } = {
  neg: unary('neg', numbers),
  abs: unary('abs', numbers),
  sign: unary('sign', numbers, halves),
  floor: unary('floor', ['f32'], halves),
  reciprocal: unary('reciprocal', ['f32'], positive),
  sqrt: unary('sqrt', ['f32'], positive),
  exp: unary('exp', ['f32']),
  log: unary('log', ['f32'], positive),
  sin: unary('sin', ['f32']),
  cos: unary('cos', ['f32']),
  tanh: unary('tanh', ['f32']),
  sigmoid: unary('sigmoid', ['f32']),
  erf: unary('erf', ['f32']),
  add: binary('add', numbers),
  sub: binary('sub', numbers),
  mul: binary('mul', numbers),
  div: binary('div', numbers, positive),
  pow: binary('pow', ['f32'], squashed, positive),
  maximum: binary('maximum', numbers),
  minimum: binary('minimum', numbers),
  and: bit('and', ['i32', 'bool']),
  or: bit('or', ['i32', 'bool']),
  xor: bit('xor', ['i32', 'bool']),
  shiftLeft: bit('shiftLeft', ['i32']),
  shiftRight: bit('shiftRight', ['i32']),
  equal: compare('equal'),
  notEqual: compare('notEqual'),
  less: compare('less'),
  lessEqual: compare('lessEqual'),
  greater: compare('greater'),
  greaterEqual: compare('greaterEqual'),
  select: (shop, attempt) => {
    const x = operand(shop, attempt, every)
    return make('select', [shop.like('bool', shapeOf(x)).node, x.node, another(shop, attempt, x).node], {})
  },
  cast: (shop, attempt) => make('cast', [operand(shop, attempt, every, halves).node], { dtype: shop.pick(every) }),
  stopGradient: (shop) => ir.stopGradient(shop.any(every).node),
  constant: (shop, attempt) => {
    const scalar = shop.leaf(shop.pick(every), [], attempt === 2 ? 'tame' : 'small')
    return ir.full(shop.shape(), scalar.value.values[0] as number, scalar.node.dtype)
  },
  data: (shop) => shop.given([2, 2], [1, -2, 3, 0.5]).node,
  parameter: (shop) => shop.leaf(shop.pick(every), shop.shape()).node,
  size: (shop) => make('size', [], { shape: shop.shape() }),
  iota: (shop) => {
    const shape = [...shop.shape().slice(0, 3), shop.pick([0, 1, 2, 5])]
    return ir.iota(count(shape) > mostElements ? [3] : shape, count(shape) > mostElements ? 0 : shop.below(shape.length))
  },
  random: (shop) => ir.random(shop.like('i32', [2]).node, shop.shape()),
  reshape: (shop) => {
    const x = shop.any(every)
    return make('reshape', [x.node], { shape: reshaped(shop, shapeOf(x)) })
  },
  permute: (shop) => {
    const x = shop.any(every)
    return make('permute', [x.node], { permutation: shop.shuffle(axesOf(x)) })
  },
  broadcast: (shop) => {
    const x = shop.any(every)
    return make('broadcast', [x.node], { shape: stretched(shop, shapeOf(x)) })
  },
  slice: (shop) => {
    const x = shop.any(every)
    const shape = shapeOf(x).map((n) => shop.below(n + 1))
    const start = shape.map((n, axis) => shop.below((shapeOf(x)[axis] as number) - n + 1))
    return make('slice', [x.node], { start, shape })
  },
  pad: (shop) => {
    const x = shop.any(every)
    const border = () => axesOf(x).map(() => shop.below(3))
    const [low, high] = [border(), border()]
    const size = count(shapeOf(x).map((n, i) => n + (low[i] as number) + (high[i] as number)))
    return make('pad', [x.node], size > mostElements ? { low: low.map(() => 0), high: high.map(() => 0) } : { low, high })
  },
  concat: (shop, attempt) => {
    const x = withAxes(shop, attempt, every)
    const axis = shop.below(shapeOf(x).length)
    const parts = shop.some([x, x]).flatMap(() => {
      const shape = shapeOf(x).map((n, i) => (i === axis ? shop.below(n + 2) : n))
      return 3 * count(shape) > mostElements ? [] : [shop.like(x.node.dtype, shape).node]
    })
    return make('concat', shop.shuffle([x.node, ...parts]), { axis })
  },
  window: (shop) => {
    const x = shop.any(every)
    return ir.window(x.node, windowsOver(shop, shapeOf(x)))
  },
  windowTranspose: (shop, attempt) => {
    const shape = shop.shape()
    const windows = windowsOver(shop, shape)
    const places = windowDims(shape, windows) as readonly number[]
    const x = attempt === 2 ? shop.leaf('f32', places, 'tame') : shop.like(shop.pick(numbers), places)
    return ir.windowTranspose(x.node, windows, shape)
  },
  sum: reduction('sum', numbers),
  max: reduction('max', every),
  min: reduction('min', every),
  argmax: (shop, attempt) => {
    const x = withAxes(shop, attempt, numbers, distinct)
    return ir.argmax(x.node, shop.below(shapeOf(x).length))
  },
  dot: contraction,
  gather: (shop, attempt) => {
    const x = withAxes(shop, attempt, [shop.pick(every)])
    const axis = shop.below(shapeOf(x).length)
    const size = shapeOf(x)[axis] as number
    const indices = indicesOf(shop, attempt, size, (n) => (count(shapeOf(x)) / Math.max(1, size)) * n <= mostElements)
    return ir.gather(x.node, indices, axis)
  },
  scatterAdd: (shop, attempt) => {
    const size = shop.pick([0, 1, 2, 3, 5, 8])
    const indices = indicesOf(shop, attempt, size, () => true)
    const picked = indices.shape as readonly number[]
    const around = [shop.pick([[], [], [], [2], [1, 3]]), shop.pick([[], [], [1], [3], [4], [5], [17], [2, 3]])] as const
    const fits = Math.max(count(picked), size) * count(around.flat()) <= mostElements
    const [before, row] = fits ? around : [[], []]
    const [dtype, shape] = [shop.pick(numbers), [...before, ...picked, ...row]]
    const x = attempt === 2 ? shop.leaf(dtype, shape, 'tame') : shop.like(dtype, shape)
    const updates = attempt === 1 && dtype === 'f32' ? squashed(shop, x) : x.node
    return ir.scatterAdd(updates, indices, [...before, size, ...row], before.length)
  },
  scan: (shop, attempt) => (attempt === 2 ? tameLoop(shop) : randomLoop(shop, construct, ['dot', 'sum', ...inBodies])),
}
/** Of every op that costs little, once; loops in loops are a motif. */
const inBodies = (Object.keys(constructions) as readonly Op[]).filter((op) => op !== 'scan' && op !== 'data')
