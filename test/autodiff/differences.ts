/** Derivatives measured: central differences through the evaluator, in f64. */
import { pullBack } from '../../src/autodiff/pull-back.ts'
import { data, full, mul, parameter, sum } from '../../src/graph/expression.ts'
import { bindDims, graphOf } from '../../src/graph/graph.ts'
import { interpret, type Value } from '../../src/graph/interpret.ts'
import type { Node } from '../../src/graph/node.ts'
import type { Sizes } from '../../types/dim.ts'

export interface Point {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}
export const elements = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** What expressions are worth, names bound. */
export const evaluate = (outputs: readonly Node[], inputs: readonly Node[] = [], points: readonly Point[] = [], sizes: Sizes = {}) => {
  const values = points.map(({ shape, values }): Value => ({ dtype: 'f32', shape, values: Float64Array.from(values) }))
  return interpret(bindDims(graphOf(outputs, inputs), sizes, 'test'), values)
}
export const numbers = (node: Node, sizes: Sizes = {}): readonly number[] =>
  [...(evaluate([node], [], [], sizes)[0] as Value).values].map((v) => v + 0)
export const literal = ({ shape, values }: Point): Node => data(Float32Array.from(values), shape, 'f32')

/** Different numbers, each at least a step from every other and half a step from 0, in an order that depends on the seed. */
export const spread = (length: number, seed: number, step = 0.25): readonly number[] => {
  const order = Array.from({ length }, (_, i) => i)
  let state = seed | 0
  for (let i = length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    const j = (state >>> 8) % (i + 1)
    ;[order[i], order[j]] = [order[j] as number, order[i] as number]
  }
  return order.map((i) => (i - Math.floor(length / 2) + 0.5) * step)
}

export interface Compared {
  readonly found: readonly (readonly number[])[]
  readonly measured: readonly (readonly number[])[]
  /** The largest difference, by the size of what was measured. */
  readonly error: number
}
/** The gradient of `sum(f(xs) * weights)`, by the rules and by central differences. */
export const compare = (f: (...xs: readonly Node[]) => Node, points: readonly Point[], h = 1e-5): Compared => {
  const inputs = points.map(({ shape }, i) => parameter(`x${i}`, shape, 'f32'))
  const output = f(...inputs)
  const shape = output.shape as readonly number[]
  const weights = literal({ shape, values: spread(elements(shape), 7, 0.5) })
  const scalar = sum(
    mul(output, weights),
    shape.map((_, i) => i),
  )
  const gradients = pullBack(output, weights, inputs).map((g, i) => g ?? full(points[i]?.shape ?? [], 0))
  const found = evaluate(gradients, inputs, points).map(({ values }) => [...values])
  const graph = graphOf([scalar], inputs)
  const at = (p: readonly Point[]): number =>
    (
      interpret(
        graph,
        p.map(({ shape, values }) => ({ dtype: 'f32' as const, shape, values: Float64Array.from(values) })),
      )[0] as Value
    ).values[0] as number
  const moved = (i: number, j: number, by: number): readonly Point[] =>
    points.map((p, k) => (k === i ? { ...p, values: p.values.map((v, l) => (l === j ? v + by : v)) } : p))
  const measured = points.map(({ values }, i) => values.map((_, j) => (at(moved(i, j, h)) - at(moved(i, j, -h))) / (2 * h)))
  const scale = Math.max(1, ...measured.flat().map(Math.abs))
  const error = Math.max(0, ...measured.flatMap((row, i) => row.map((m, j) => Math.abs(m - (found[i]?.[j] ?? Number.NaN)) / scale)))
  return { found, measured, error }
}
