/** Recurrent layers: a step for each row of a sequence, which knows what the steps before have left. */
import type { Units } from '../../types/dense.ts'
import type { Dim, Dims, Size } from '../../types/dim.ts'
import type { Layer, Refused } from '../../types/layer.ts'
import type { First, RecordFirst, Uncalled } from '../../types/maker.ts'
import { turnedStepsMessage } from '../../types/masked.ts'
import { type OptionsGiven, optionsOf, type WithOptions } from '../../types/options.ts'
import {
  type Gru,
  gates,
  type Lstm,
  optionValueMessage,
  type RecurrentOp,
  type RecurrentUnitsMessage,
  type Returns,
  type Rnn,
  recurrentParameters,
  recurrentShape,
  recurrentUnitsMessage,
  type WordMessage,
  type WordOf,
  type WrongOptionsMessage,
} from '../../types/recurrent.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { type DimOf, dimOf, sizesOf } from '../../types/size.ts'
import { add, concat, full, reshape } from '../graph/expression.ts'
import { mergeSizes } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'
import { numberFirst } from '../tensor/argument.ts'
import { type Activation, recurred, type Weights } from '../tensor/cells.ts'
import type { LayerRecord } from '../tensor/protocol.ts'
import { foldIn } from '../tensor/random.ts'
import { glorotUniform, type Initializer, zeros } from './initializers.ts'
import { layerOf } from './layer.ts'
import { orthogonal } from './orthogonal.ts'

export type { GruParams, LstmParams, RnnParams } from '../../types/recurrent.ts'

interface Common {
  readonly name?: string
  /** `'all'` steps unless said, which another recurrent layer takes; or the `'last'` one. */
  readonly returns?: Returns
  /** From the last step to the first; the last step is then the first row. A row of the output still belongs to the same row of x. */
  readonly reverse?: boolean | undefined
  /** Glorot's uniform distribution unless said. */
  readonly inputWeight?: Initializer | undefined
  /** Orthogonal unless said, each gate by itself. */
  readonly recurrentWeight?: Initializer | undefined
  /** Zeros unless said. */
  readonly bias?: Initializer | undefined
}
export interface RnnOptions extends Common {
  /** `'tanh'` unless said. */
  readonly activation?: Activation | undefined
}
export interface GruOptions extends Common {
  /** Of what the reset gate scales; zeros unless said. */
  readonly recurrentBias?: Initializer | undefined
}
export interface LstmOptions extends Common {
  /** How much higher the bias of the forget gate starts: 1 unless said, so that a memory keeps what it has until it learns to forget. */
  readonly forgetBias?: number | undefined
}
type AnyOptions = RnnOptions & GruOptions & LstmOptions

/** What is refused comes first, and last what is not even of the type of options. */
export interface RnnFunction {
  (call: Uncalled<'rnn'>): never
  <const N extends Units>(units: Refuse<'rnn', N>, options?: OptionsGiven<RnnOptions>): Refusal<'rnn', N>
  <const N extends Units>(units: N): Layer<Rnn<DimOf<N>, 'all'>>
  <const N extends Units, const O extends OptionsGiven<RnnOptions>>(
    units: N,
    options: O,
  ): Layer<Made<'rnn', Rnn<DimOf<N>, WordOf<O, 'returns', 'all'>>, O, keyof RnnOptions>>
  <const O>(units: Units, options: O | OptionsGiven<RnnOptions>): Layer<Refused<'rnn', WrongOptionsMessage<'rnn', O, RnnOptions> & string>>
  <X>(first: First<'rnn', X, Units>): Layer<Refused<'rnn', RecordFirst<'rnn'>>>
}
export interface GruFunction {
  (call: Uncalled<'gru'>): never
  <const N extends Units>(units: Refuse<'gru', N>, options?: OptionsGiven<GruOptions>): Refusal<'gru', N>
  <const N extends Units>(units: N): Layer<Gru<DimOf<N>, 'all'>>
  <const N extends Units, const O extends OptionsGiven<GruOptions>>(
    units: N,
    options: O,
  ): Layer<Made<'gru', Gru<DimOf<N>, WordOf<O, 'returns', 'all'>>, O, keyof GruOptions>>
  <const O>(units: Units, options: O | OptionsGiven<GruOptions>): Layer<Refused<'gru', WrongOptionsMessage<'gru', O, GruOptions> & string>>
  <X>(first: First<'gru', X, Units>): Layer<Refused<'gru', RecordFirst<'gru'>>>
}
export interface LstmFunction {
  (call: Uncalled<'lstm'>): never
  <const N extends Units>(units: Refuse<'lstm', N>, options?: OptionsGiven<LstmOptions>): Refusal<'lstm', N>
  <const N extends Units>(units: N): Layer<Lstm<DimOf<N>, 'all'>>
  <const N extends Units, const O extends OptionsGiven<LstmOptions>>(
    units: N,
    options: O,
  ): Layer<Made<'lstm', Lstm<DimOf<N>, WordOf<O, 'returns', 'all'>>, O, keyof LstmOptions>>
  <const O>(
    units: Units,
    options: O | OptionsGiven<LstmOptions>,
  ): Layer<Refused<'lstm', WrongOptionsMessage<'lstm', O, LstmOptions> & string>>
  <X>(first: First<'lstm', X, Units>): Layer<Refused<'lstm', RecordFirst<'lstm'>>>
}
type Refuse<Op extends RecurrentOp, N> = RecurrentUnitsMessage<Op, N> extends null ? never : N
type Refusal<Op extends RecurrentOp, N> = Layer<Refused<Op, RecurrentUnitsMessage<Op, N> & string>>
type Made<Op extends RecurrentOp, F, O, Known> =
  WordMessage<Op, O, Known, 'returns'> extends infer Message extends string ? Refused<Op, Message> : WithOptions<F, Op, O, Known>

const layer =
  (op: RecurrentOp) =>
  (units: Size, given?: unknown): never => {
    numberFirst(op, units)
    const message = recurrentUnitsMessage(op, units)
    if (message !== null) throw new ShapeError(message)
    const options = fits(optionsOf<AnyOptions>(op, given as AnyOptions, known[op]))
    const fault = optionValueMessage(op, options)
    if (fault !== null) throw new ShapeError(fault)
    return layerOf<never>(recordOf(op, dimOf(units), sizesOf([units]).reduce(mergeSizes, {}), options)) as never
  }
const common = ['returns', 'reverse', 'inputWeight', 'recurrentWeight', 'bias'] as const
const known: { readonly [Op in RecurrentOp]: readonly (keyof AnyOptions)[] } = {
  rnn: [...common, 'activation'],
  gru: [...common, 'recurrentBias'],
  lstm: [...common, 'forgetBias'],
}

const recordOf = (
  op: RecurrentOp,
  units: Dim,
  sizes: LayerRecord['sizes'] & object,
  options: Partial<AnyOptions> & { readonly name: string | null },
): LayerRecord => {
  const { name, returns = 'all', reverse = false, activation = 'tanh' } = options
  return {
    kind: op,
    name,
    options: { units, returns, reverse, ...(op === 'rnn' ? { activation } : {}) },
    sizes,
    returns,
    opposite: () => recordOf(op, units, sizes, { ...options, reverse: !reverse }),
    out: (shape) => recurrentShape(op, shape, units, returns),
    parameters: (shape) => recurrentParameters(op, shape.at(-1) as Dim, units),
    init: (shape, key, all) => {
      const start = startOf(op, units, options)
      const shapes = Object.entries(recurrentParameters(op, shape.at(-1) as Dim, units))
      return Object.fromEntries(shapes.map(([part, dims]) => [part, start[part]?.(dims, foldIn(key, part), all)]))
    },
    apply: (params, x, mode) => {
      const fault = mode.mask === undefined ? null : turnedStepsMessage(op, mode.mask.shape.slice(1), x.shape.slice(1))
      if (fault !== null) throw new ShapeError(fault)
      const run = { reverse, activation, initial: null, mask: mode.mask ?? null }
      const { all, state } = recurred(op, params as Weights, x, run)
      return { y: returns === 'last' ? (state[0] as Node) : all, params }
    },
  }
}

/** How parameters start: the weights gate by gate. */
const startOf = (op: RecurrentOp, units: Dim, options: Partial<AnyOptions>): Readonly<Record<string, Initializer>> => {
  const { inputWeight = glorotUniform, recurrentWeight = orthogonal, bias = zeros, recurrentBias = zeros, forgetBias = 1 } = options
  return {
    inputWeight: gateByGate(op, units, inputWeight),
    recurrentWeight: gateByGate(op, units, recurrentWeight),
    bias: op === 'lstm' && forgetBias !== 0 ? raised(units, bias, forgetBias) : bias,
    recurrentBias,
  }
}
/** Each gate as if it stood alone: what a scale or a rotation follows from is the gate's own shape. */
const gateByGate =
  (op: RecurrentOp, units: Dim, initializer: Initializer): Initializer =>
  (shape, key, sizes) => {
    const from = shape[0] as Dim
    const parts = Array.from({ length: gates[op] }, (_, gate) => initializer([from, units], foldIn(key, gate), sizes))
    return sideBySide(
      parts.map((part) => reshape(part, [from, 1, units])),
      shape,
    )
  }
/** A bias, that of the forget gate so much higher. */
const raised =
  (units: Dim, bias: Initializer, by: number): Initializer =>
  (shape, key, sizes) => {
    const raise = [0, by, 0, 0].map((value) => full([1, units], value, 'f32', sizes))
    return add(bias(shape, key, sizes), sideBySide(raise, shape))
  }
/** Gates along the last axis but one, joined with the last: a sum of names has no size, a product has. */
const sideBySide = (parts: readonly Node[], shape: Dims): Node => reshape(concat(parts, (parts[0] as Node).shape.length - 2), shape)

/**
 * A simple recurrent layer: `[time, features] -> [time, units]`, or `[units]` with `returns: 'last'`; each step is
 * `tanh(x inputWeight + h recurrentWeight + bias)`, as in `rnn` of `shapewright/ops`. Layers that return all steps stack in a
 * pipe. A second argument is the name of its parameters, or options.
 *
 * @example
 * pipe(input([100, 8]), rnn(32), rnn(16, { returns: 'last' }), dense(2)).output // => [2]
 */
export const rnn: RnnFunction = layer('rnn')

/**
 * Gated recurrent units: `[time, features] -> [time, units]`, or `[units]` with `returns: 'last'`. The gates in the columns of
 * its weights are reset, update, new; the reset gate stands behind the product, as in `gru` of `shapewright/ops`, which has
 * the formula and what PyTorch's and Keras's weights are. A second argument is the name of its parameters, or options.
 *
 * @example
 * pipe(input([100, 8]), gru(16, { returns: 'last', reverse: true }), dense(2)).output // => [2]
 */
export const gru: GruFunction = layer('gru')

/**
 * A long short-term memory: `[time, features] -> [time, units]`, or `[units]` with `returns: 'last'`. The gates in the columns
 * of its weights are input, forget, cell, output, as in `lstm` of `shapewright/ops`, which has the formula and what PyTorch's
 * and Keras's weights are. The forget gate's bias starts at 1 (R. Jozefowicz et al., "An empirical exploration of recurrent
 * network architectures", 2015). A second argument is the name of its parameters, or options.
 *
 * @example
 * pipe(input([28, 28]), lstm(64, 'rows'), lstm(32, { returns: 'last' }), dense(10)).output // => [10]
 */
export const lstm: LstmFunction = layer('lstm')
