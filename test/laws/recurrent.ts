/** An LSTM over rows of samples, below the layers: what the laws on loops over time are held against, at any length. */
import * as e from '../../src/graph/expression.ts'
import { scanned } from '../../src/graph/loop.ts'
import type { Node } from '../../src/graph/node.ts'

export interface LstmSizes {
  readonly time: number
  readonly features: number
  readonly hidden: number
  readonly classes: number
}
interface LstmParams {
  readonly input: { readonly weight: Node; readonly bias: Node }
  readonly hidden: { readonly weight: Node }
  readonly output: { readonly weight: Node; readonly bias: Node }
}

/** Weights that are the same in every run. */
const weights = (shape: readonly number[], seed: number): Node => {
  let state = seed
  const next = (): number => {
    state = (state * 48271) % 2147483647
    return (state / 2147483647 - 0.5) * 0.4
  }
  return e.data(Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, next), shape, 'f32')
}

/** `[batch, time, features]` to one value a class, after the last row, or after the first where time runs back. */
export const lstmModel = ({ time, features, hidden, classes }: LstmSizes, reverse = false) => {
  const gates = (x: Node, h: Node, { input, hidden: own }: LstmParams): readonly Node[] => {
    const products = e.add(e.dot(x, input.weight, [[1], [0]]), e.dot(h, own.weight, [[1], [0]]))
    const sum = e.add(products, e.broadcastTo(input.bias, products.shape))
    return [0, 1, 2, 3].map((gate) => e.slice(sum, [0, gate * hidden], [sum.shape[0] as number, hidden]))
  }
  const apply = (params: LstmParams, x: Node): Node => {
    const batch = x.shape[0] as number
    const zero = e.full([batch, hidden], 0, 'f32')
    const loop = { initial: [zero, zero], sequences: [e.permute(x, [1, 0, 2])], length: time, reverse }
    const { carries } = scanned(loop, ([h, c], [row]) => {
      const [i, f, u, o] = gates(row as Node, h as Node, params) as [Node, Node, Node, Node]
      const kept = e.mul(e.unary('sigmoid', f), c as Node)
      const cell = e.add(kept, e.mul(e.unary('sigmoid', i), e.unary('tanh', u)))
      return { carries: [e.mul(e.unary('sigmoid', o), e.unary('tanh', cell)), cell], results: [] }
    })
    const logits = e.dot(carries[0] as Node, params.output.weight, [[1], [0]])
    return e.add(logits, e.broadcastTo(params.output.bias, logits.shape))
  }
  return {
    init: (): LstmParams => ({
      input: { weight: weights([features, 4 * hidden], 1), bias: weights([4 * hidden], 2) },
      hidden: { weight: weights([hidden, 4 * hidden], 3) },
      output: { weight: weights([hidden, classes], 4), bias: weights([classes], 5) },
    }),
    apply,
    applyTraining: (params: LstmParams, x: Node) => [apply(params, x), params] as const,
  }
}
