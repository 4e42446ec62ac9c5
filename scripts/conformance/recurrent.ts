/** Recurrent layers of golden files: PyTorch's weights `[gates x hidden, features]`, two biases, and its order of gates, which is ours. */
import type { Node } from '../../src/graph/node.ts'
import { gru, lstm, rnn } from '../../src/ops.ts'
import type { Nodes } from './experiment.ts'
import { type Fields, text } from './golden.ts'
import { type Convention, call, input, type Loose } from './library.ts'

const transposed = (x: unknown): unknown => call('permute', [1, 0])(x)
const part = (x: unknown, start: number, end: number): unknown => call('slice', [start], [end])(x)
const hiddenOf = (inputs: Nodes): number => Number(input(inputs, 'recurrentWeight').shape[1])
/** A bias that the case may be without. */
const biasOf = (inputs: Nodes, name: string): unknown => inputs[name] ?? call('zeros', [Number(input(inputs, 'inputWeight').shape[0])])

const weightsOf = (inputs: Nodes): Readonly<Record<string, unknown>> => ({
  inputWeight: transposed(input(inputs, 'inputWeight')),
  recurrentWeight: transposed(input(inputs, 'recurrentWeight')),
  bias: call('add', biasOf(inputs, 'inputBias'), biasOf(inputs, 'recurrentBias')),
})
/** Of what the reset gate scales the bias stands apart; the other two gates add both. */
const gruWeights = (inputs: Nodes): Readonly<Record<string, unknown>> => {
  const [hidden, own] = [hiddenOf(inputs), biasOf(inputs, 'recurrentBias')]
  const added = call('pad', [[0, hidden]])(part(own, 0, 2 * hidden))
  const recurrentBias = part(own, 2 * hidden, 3 * hidden)
  return { ...weightsOf(inputs), bias: call('add', biasOf(inputs, 'inputBias'), added), recurrentBias }
}

/** The input under the first of these names, if the case has one. */
const named = (inputs: Nodes, names: readonly string[]): Node | undefined => names.map((name) => inputs[name]).find((x) => x !== undefined)
const stateOf = (op: string, inputs: Nodes): unknown => {
  const hidden = named(inputs, ['initial', 'initialHidden', 'initialState', 'hidden', 'h0'])
  const cell = named(inputs, ['initialCell', 'cell', 'c0'])
  if (op !== 'lstm') return hidden
  const zeros = (x: Node | undefined): unknown => x ?? call('mul', hidden ?? cell, 0)
  return hidden === undefined && cell === undefined ? undefined : { hidden: zeros(hidden), cell: zeros(cell) }
}
const optionsOf = (
  op: string,
  inputs: Nodes,
  { reverse, gateOrder, nonlinearity, activation }: Fields,
): Readonly<Record<string, unknown>> => {
  const word = activation ?? nonlinearity ?? gateOrder
  return {
    initial: stateOf(op, inputs),
    lengths: named(inputs, ['lengths']),
    reverse: reverse === true,
    ...(op === 'rnn' ? { activation: word === undefined ? 'tanh' : text(word) } : {}),
  }
}

const layer =
  (op: string, run: unknown, weights: (inputs: Nodes) => unknown): Convention =>
  (_, inputs, attributes) => {
    const [all] = ((run as Loose)(weights(inputs), optionsOf(op, inputs, attributes)) as Loose)(input(inputs, 'x')) as readonly unknown[]
    return all
  }

export const recurrent: Readonly<Record<string, Convention>> = {
  rnn: layer('rnn', rnn, weightsOf),
  gru: layer('gru', gru, gruWeights),
  lstm: layer('lstm', lstm, weightsOf),
}
