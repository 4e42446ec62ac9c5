/** One step of each recurrent layer, and the loop over time that all of them are. */
import type { Dim, Sizes } from '../../types/dim.ts'
import { gates, type RecurrentOp } from '../../types/recurrent.ts'
import { add, dot, full, iota, less, maximum, mul, permute, reshape, select, sigmoid, slice, sub, tanh } from '../graph/expression.ts'
import { scanned } from '../graph/loop.ts'
import { mergeSizes } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'

/** The parameters of a recurrent layer: the gates stand side by side in the columns. */
export interface Weights {
  readonly inputWeight: Node
  readonly recurrentWeight: Node
  readonly bias: Node
  /** Of what the reset gate scales. */
  readonly recurrentBias?: Node
}
export type Activation = 'tanh' | 'relu'
/** How a loop over time runs. */
export interface Run {
  readonly reverse: boolean
  readonly activation: Activation
  /** The state before the first step, `[batch, hidden]` each; zeros unless said. */
  readonly initial: readonly Node[] | null
  /** Which steps count, bool `[batch, time]`; a step that does not keeps the state. All do unless said. */
  readonly mask: Node | null
}
/** What a loop over time gives. */
export interface Recurred {
  /** `[batch, time, hidden]`; zeros where a step does not count. */
  readonly all: Node
  /** After the last step. */
  readonly state: readonly Node[]
}

/** Numbers of each gate, from the input with the bias and from the state. */
type Gates = (gate: number) => Node
interface Cell {
  /** The parts of its state, the one first that is what a step gives. */
  readonly carries: readonly string[]
  readonly step: (x: Gates, h: Gates, state: readonly Node[], weights: Weights, activation: Activation) => readonly Node[]
}
const activations: { readonly [A in Activation]: (x: Node) => Node } = { tanh, relu: (x) => maximum(0, x) }

export const cells: { readonly [Op in RecurrentOp]: Cell } = {
  // h' = act(x + h)
  rnn: { carries: ['hidden'], step: (x, h, _, __, activation) => [activations[activation](add(x(0), h(0)))] },
  // r, z = sigmoid(x + h); n = tanh(x + r (h + b)); h' = (1 - z) n + z h
  gru: {
    carries: ['hidden'],
    step: (x, h, [state], { recurrentBias }) => {
      const [reset, update] = [sigmoid(add(x(0), h(0))), sigmoid(add(x(1), h(1)))]
      const next = tanh(add(x(2), mul(reset, add(h(2), recurrentBias as Node))))
      return [add(mul(sub(1, update), next), mul(update, state as Node))]
    },
  },
  // i, f, o = sigmoid(x + h); g = tanh(x + h); c' = f c + i g; h' = o tanh(c')
  lstm: {
    carries: ['hidden', 'cell'],
    step: (x, h, [, cell]) => {
      const [input, forget, output] = [0, 1, 3].map((gate) => sigmoid(add(x(gate), h(gate)))) as [Node, Node, Node]
      const next = add(mul(forget, cell as Node), mul(input, tanh(add(x(2), h(2)))))
      return [mul(output, tanh(next)), next]
    },
  },
}

/** The loop over the steps of `[batch, time, features]`. What the input adds to the gates is one contraction before it. */
export const recurred = (op: RecurrentOp, weights: Weights, x: Node, { reverse, activation, initial, mask }: Run): Recurred => {
  const { carries, step } = cells[op]
  const [batch, time] = x.shape as readonly [Dim, Dim]
  const hidden = weights.recurrentWeight.shape[0] as Dim
  const sizes = mergeSizes(x.sizes, weights.recurrentWeight.sizes)
  const before = initial ?? carries.map(() => full([batch, hidden], 0, 'f32', sizes))
  const inputs = add(dot(permute(x, [1, 0, 2]), weights.inputWeight, [[2], [0]]), weights.bias)
  const sequences = mask === null ? [inputs] : [inputs, permute(mask, [1, 0])]
  const split = gatesOf(gates[op], hidden)
  const loop = scanned({ initial: before, sequences, length: time, reverse }, (state, [row, counts]) => {
    const recurrent = dot(state[0] as Node, weights.recurrentWeight, [[1], [0]])
    const next = step(split(row as Node), split(recurrent), state, weights, activation)
    const kept = counts === undefined ? next : next.map((y, i) => select(reshape(counts, [batch, 1]), y, state[i] as Node))
    return { carries: kept, results: [next[0] as Node] }
  })
  const all = permute(loop.results[0] as Node, [1, 0, 2])
  return { all: mask === null ? all : select(reshape(mask, [batch, time, 1]), all, 0), state: loop.carries }
}

/** Which steps are among the first so many of each sequence: i32 `[batch]` -> bool `[batch, time]`. */
export const maskOf = (lengths: Node, time: Dim, sizes: Sizes): Node => {
  const batch = lengths.shape[0] as Dim
  return less(iota([batch, time], 1, mergeSizes(sizes, lengths.sizes)), reshape(lengths, [batch, 1]))
}

/** `[batch, gates x hidden]` by gates. */
const gatesOf =
  (count: number, hidden: Dim) =>
  (columns: Node): Gates =>
  (gate) => {
    const batch = columns.shape[0] as Dim
    if (count === 1) return columns
    if (typeof hidden === 'number') return slice(columns, [0, gate * hidden], [batch, hidden])
    return reshape(slice(reshape(columns, [batch, count, hidden]), [0, gate, 0], [batch, 1, hidden]), [batch, hidden])
  }
