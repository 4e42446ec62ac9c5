/** Recurrent layers of tensors: a step for each row of a sequence, and the state after the last. They are the subpath `shapewright/ops`. */
import type { Dim, DType, Shape } from '../../types/dim.ts'
import type { DTypeFault } from '../../types/dtype.ts'
import { unknownMessage } from '../../types/options.ts'
import {
  type Part,
  partMessage,
  type SequenceSizes,
  type StateOf,
  sequenceSizes,
  type WeightSizes,
  weightSizes,
} from '../../types/recurrence.ts'
import { optionValueMessage, type RecurrentOp, type WrongRecordMessage } from '../../types/recurrent.ts'
import { type Fits, fits, ShapeError } from '../../types/shape-error.ts'
import type { DimsAndType } from '../../types/show.ts'
import type { Tensor } from '../../types/tensor.ts'
import { type First, type RecordMessage, recordMessage } from '../../types/window-options.ts'
import { isNode } from '../graph/make.ts'
import { type Node, tensorOf } from '../graph/node.ts'
import { tensorNode } from './argument.ts'
import { type Activation, cells, maskOf, recurred, type Weights } from './cells.ts'
import { typed } from './typed.ts'

export type { LstmState } from '../../types/recurrence.ts'

interface Common {
  /** How many steps of each sequence count, i32 `[batch]`: all of them unless said. The others keep the state, and give zeros. */
  readonly lengths?: DimsAndType | undefined
  /** From the last step to the first; a row of the result still belongs to the same row of x. */
  readonly reverse?: boolean | undefined
}
export interface RnnSequenceOptions extends Common {
  /** The state before the first step, `[batch, hidden]`: zeros unless said. */
  readonly initial?: DimsAndType | undefined
  /** `'tanh'` unless said. */
  readonly activation?: Activation | undefined
}
export interface GruSequenceOptions extends Common {
  /** The state before the first step, `[batch, hidden]`: zeros unless said. */
  readonly initial?: DimsAndType | undefined
}
export interface LstmSequenceOptions extends Common {
  /** The state before the first step, `{ hidden, cell }` of `[batch, hidden]` each: zeros unless said. */
  readonly initial?: { readonly hidden: unknown; readonly cell: unknown } | undefined
}
interface OptionsOf {
  readonly rnn: RnnSequenceOptions
  readonly gru: GruSequenceOptions
  readonly lstm: LstmSequenceOptions
}
type Given<Options> = Options | (Options & Readonly<Record<string, unknown>>)

/** `lstm(weights, options)`, for F features and H hidden units: what it does to a sequence. */
export interface Recurrence<in out Op extends RecurrentOp, in out F, in out H extends Dim, in out O> {
  <S extends Shape, D extends DType>(x: Fits<Rule<Op, S, D, F, H, O>, Tensor<S, D>>): AllAndLast<Op, SequenceSizes<Op, S, F, H, O>, H>
}
type Rule<Op extends RecurrentOp, S extends Shape, D, F, H, O> =
  DTypeFault<Op, 'f32', D> extends infer Fault extends string ? Fault : SequenceSizes<Op, S, F, H, O>
/** All steps, and the state after the last. */
type AllAndLast<Op, Sizes, H extends Dim> = Sizes extends [infer B extends Dim, infer T extends Dim]
  ? readonly [all: Tensor<[B, T, H]>, last: StateOf<Op, B, H>]
  : never
/** A loop that could not be made: it says why to what it is given. */
export interface RefusedRecurrence<in out Message> {
  <X>(x: [X] extends [never] ? X : Message): never
}

/** Options beside weights; what is not even of their type comes last. */
export interface RecurrenceFunction<Op extends RecurrentOp> {
  <P>(weights: WeightsGiven<Op, P>): Made<Op, WeightSizes<Op, P>, Readonly<Record<never, never>>>
  <P, const O extends Given<OptionsOf[Op]>>(weights: WeightsGiven<Op, P>, options: O): Made<Op, WeightSizes<Op, P>, O>
  <P, const O, const R extends readonly unknown[]>(
    weights: WeightsGiven<Op, P>,
    options: O | OptionsOf[Op],
    ...rest: R
  ): RefusedRecurrence<First<[RecordMessage<Op, O, R, typeof example>, WrongRecordMessage<Op, O, OptionsOf[Op]>]> & string>
}
type WeightsGiven<Op extends RecurrentOp, P> = WeightSizes<Op, P> extends infer Message extends string ? Message : P
type Made<Op extends RecurrentOp, Sizes, O> = Sizes extends [infer F, infer H extends Dim]
  ? WrongRecordMessage<Op, O, OptionsOf[Op]> extends infer Message extends string
    ? RefusedRecurrence<Message>
    : Recurrence<Op, F, H, O>
  : never
const example = '{ reverse: true }'

const parts = ['inputWeight', 'recurrentWeight', 'bias', 'recurrentBias'] as const

const recurrence =
  (op: RecurrentOp) =>
  (weights: unknown, options: RnnSequenceOptions & LstmSequenceOptions = {}, ...rest: readonly unknown[]) => {
    const given = (typeof weights === 'object' && weights !== null ? weights : {}) as Readonly<Record<string, unknown>>
    const [features, hidden] = fits(weightSizes(op, Object.fromEntries(parts.map((part) => [part, partOf(given[part])]))))
    const message = recordMessage(op, options, rest, example) ?? unknownMessage(op, options, known[op]) ?? optionValueMessage(op, options)
    if (message !== null) throw new ShapeError(message)
    const { lengths, reverse = false, activation = 'tanh', initial } = options
    return (x: unknown) => {
      const node = tensorNode(op, x)
      const [batch, time] = fits(sequenceSizes(op, node.shape, features))
      const state = initialOf(op, initial, batch, hidden)
      checkPart(op, 'lengths', lengths, [batch], 'i32')
      const mask = lengths === undefined ? null : maskOf(tensorNode(op, lengths, ['i32']), time, node.sizes)
      const { all, state: last } = recurred(op, given as unknown as Weights, node, { reverse, activation, initial: state, mask })
      return Object.freeze([tensorOf(all), stateOf(op, last)])
    }
  }
const known: { readonly [Op in RecurrentOp]: readonly (keyof OptionsOf[Op])[] } = {
  rnn: ['lengths', 'reverse', 'initial', 'activation'],
  gru: ['lengths', 'reverse', 'initial'],
  lstm: ['lengths', 'reverse', 'initial'],
}

const partOf = (x: unknown): Part => (isNode(x) ? x : null)
const checkPart = (op: RecurrentOp, part: string, x: unknown, shape: readonly Dim[], dtype: DType): void => {
  const message = x === undefined ? null : partMessage(op, part, partOf(x), shape, dtype)
  if (message !== null) throw new ShapeError(message)
}
/** The parts of the state before the first step, in the order of the cell. */
const initialOf = (op: RecurrentOp, initial: unknown, batch: Dim, hidden: Dim): readonly Node[] | null => {
  if (initial === undefined) return null
  const { carries } = cells[op]
  const given = (carries.length === 1 ? { hidden: initial } : initial) as Readonly<Record<string, unknown>>
  return carries.map((name) => {
    const message = partMessage(op, carries.length === 1 ? 'initial' : `initial.${name}`, partOf(given[name]), [batch, hidden])
    if (message !== null) throw new ShapeError(message)
    return given[name] as Node
  })
}
const stateOf = (op: RecurrentOp, state: readonly Node[]): unknown => {
  const tensors = state.map(tensorOf)
  return tensors.length === 1 ? tensors[0] : Object.freeze(Object.fromEntries(cells[op].carries.map((name, i) => [name, tensors[i]])))
}

/**
 * A simple recurrent network: `rnn(weights, options)(x)`, `[batch, time, features] -> [batch, time, hidden]` and the last state,
 * `h' = tanh(x inputWeight + h recurrentWeight + bias)` (J. Elman, "Finding structure in time", 1990). Weights are `[in, out]`.
 * PyTorch's are `weight_ih` and `weight_hh` transposed, and its two biases added; Keras's `SimpleRNN` has these three.
 *
 * @example
 * const weights = { inputWeight: ones([1, 1]), recurrentWeight: ones([1, 1]), bias: zeros([1]) }
 * const [all] = rnn(weights, { activation: 'relu' })(tensor([[[1], [2], [3]]]))
 * toArray(all) // => [[[1], [3], [6]]]
 */
export const rnn = typed<RecurrenceFunction<'rnn'>>(recurrence('rnn'))

/**
 * Gated recurrent units: `gru(weights, options)(x)`, `[batch, time, features] -> [batch, time, hidden]` and the last state. With
 * `a = x inputWeight + bias` and `b = h recurrentWeight`, each `[reset, update, new]` side by side:
 * `r = sigmoid(a0 + b0)`, `z = sigmoid(a1 + b1)`, `n = tanh(a2 + r (b2 + recurrentBias))`, `h' = (1 - z) n + z h` (K. Cho et al.,
 * "Learning phrase representations using RNN encoder-decoder", 2014, the reset gate behind the product, as in cuDNN). PyTorch's
 * `weight_ih` and `weight_hh` transposed are the weights; `bias_ih` plus the reset and update parts of `bias_hh` is the bias,
 * and the new part of `bias_hh` the recurrent one. Keras (`reset_after`) has update before reset.
 *
 * @example
 * const weights = { inputWeight: zeros([1, 6]), recurrentWeight: zeros([2, 6]), bias: zeros([6]), recurrentBias: zeros([2]) }
 * const [, last] = gru(weights, { initial: ones([1, 2]) })(zeros([1, 3, 1]))
 * toArray(last) // => [[0.125, 0.125]]
 */
export const gru = typed<RecurrenceFunction<'gru'>>(recurrence('gru'))

/**
 * A long short-term memory: `lstm(weights, options)(x)`, `[batch, time, features] -> [batch, time, hidden]` and the last state,
 * `{ hidden, cell }`. With `a = x inputWeight + h recurrentWeight + bias`, which is `[input, forget, cell, output]` side by side:
 * `c' = sigmoid(a1) c + sigmoid(a0) tanh(a2)`, `h' = sigmoid(a3) tanh(c')` (S. Hochreiter and J. Schmidhuber, "Long short-term
 * memory", 1997; F. Gers et al., "Learning to forget", 2000). PyTorch's are `weight_ih` and `weight_hh` transposed, and its two
 * biases added; Keras has these three, in this order.
 *
 * @example
 * const weights = { inputWeight: zeros([3, 8]), recurrentWeight: zeros([2, 8]), bias: zeros([8]) }
 * const state = { hidden: zeros([1, 2]), cell: ones([1, 2]) }
 * const [, last] = lstm(weights, { initial: state, lengths: tensor([2], 'i32') })(ones([1, 4, 3]))
 * toArray(last.cell) // => [[0.25, 0.25]]
 */
export const lstm = typed<RecurrenceFunction<'lstm'>>(recurrence('lstm'))
