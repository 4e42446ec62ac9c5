/**
 * The recurrent layers `rnn`, `gru` and `lstm`, a step for each row of a sequence: `[time, features] -> [time, hidden]`, or
 * `[hidden]` where only the last step is asked for. The gates of a step stand side by side in the columns of its weights.
 */
import type { Dim, Dims } from './dim.ts'
import { type CountFault, countFault, type Elements, elements } from './elements.ts'
import type { LayerFn } from './layer.ts'
import type { wideName } from './name.ts'
import { type Absent, type OptionsMessage, type UnknownMessage, type WrongOption, wrongOptionMessage } from './options.ts'
import type { Last } from './same.ts'
import { type Say, say } from './say.ts'
import { type DimOf, isBound, type SizeFault, type SizeMessage, sizeMessage, wideSize } from './size.ts'
import type { Tensor } from './tensor.ts'
import type { First, OptionOf, wideOption } from './window-options.ts'

export const noSequence = '{op}: expected {layout}, got {shape}'

interface Gates {
  readonly rnn: 1
  /** Reset, update, new. */
  readonly gru: 3
  /** Input, forget, cell, output. */
  readonly lstm: 4
}
export type RecurrentOp = keyof Gates
export const gates: Gates = { rnn: 1, gru: 3, lstm: 4 }
export const isRecurrentOp = (kind: string): kind is RecurrentOp => Object.hasOwn(gates, kind)
/** The columns of the weights: the gates, each as wide as the state. */
export type Columns<Op extends RecurrentOp, H> = Elements<[Gates[Op], H]>
export const columns = (op: RecurrentOp, hidden: Dim): Dim => elements([gates[op], hidden])

/** The weights of a simple recurrent layer, `[in, out]`, and what a step adds. */
export interface RnnParams<in out F, in out H> {
  readonly inputWeight: Tensor<[F, H]>
  readonly recurrentWeight: Tensor<[H, H]>
  readonly bias: Tensor<[H]>
}
/** The weights of a gated recurrent unit, `[in, 3 gates x out]`: reset, update, new. What the reset gate scales has a bias of its own. */
export interface GruParams<in out F, in out H> {
  readonly inputWeight: Tensor<[F, Columns<'gru', H>]>
  readonly recurrentWeight: Tensor<[H, Columns<'gru', H>]>
  readonly bias: Tensor<[Columns<'gru', H>]>
  readonly recurrentBias: Tensor<[H]>
}
/** The weights of a long short-term memory, `[in, 4 gates x out]`: input, forget, cell, output. */
export interface LstmParams<in out F, in out H> {
  readonly inputWeight: Tensor<[F, Columns<'lstm', H>]>
  readonly recurrentWeight: Tensor<[H, Columns<'lstm', H>]>
  readonly bias: Tensor<[Columns<'lstm', H>]>
}

/** `rnn(n)`, which gives all steps or the last. */
export interface Rnn<N, R> extends LayerFn {
  kind: 'rnn'
  out: RecurrentShape<'rnn', this['in'], N, R>
  params: RnnParams<Last<this['in']>, N>
  returns: R
}
/** `gru(n)`, which gives all steps or the last. */
export interface Gru<N, R> extends LayerFn {
  kind: 'gru'
  out: RecurrentShape<'gru', this['in'], N, R>
  params: GruParams<Last<this['in']>, N>
  returns: R
}
/** `lstm(n)`, which gives all steps or the last. */
export interface Lstm<N, R> extends LayerFn {
  kind: 'lstm'
  out: RecurrentShape<'lstm', this['in'], N, R>
  params: LstmParams<Last<this['in']>, N>
  returns: R
}
/** What a layer gives: a row for each step, or the last one. */
export type Returns = 'all' | 'last'
export type RecurrentShape<Op extends RecurrentOp, S, N, R> = S extends [infer T, infer _]
  ? R extends 'last'
    ? [N]
    : [T, N]
  : Say<typeof noSequence, { op: Op; layout: '[time, features]'; shape: S }>

/** The message for what cannot be a number of units; null where it can. */
export type RecurrentUnitsMessage<Op extends RecurrentOp, N> =
  SizeFault<DimOf<N>> extends null ? CountFault<Op, [Gates[Op], DimOf<N>]> : SizeMessage<Op, DimOf<N>>

/** What the value of an option must be, in words. */
interface Words {
  readonly returns: "'all' or 'last'"
  readonly reverse: 'true or false'
  readonly activation: "'tanh' or 'relu'"
  readonly forgetBias: 'a finite number'
  readonly inputWeight: 'an initializer'
  readonly recurrentWeight: 'an initializer'
  readonly bias: 'an initializer'
  readonly recurrentBias: 'an initializer'
  readonly merge: "'concat' or 'sum'"
  readonly initial: 'the state before the first step'
  readonly lengths: 'a tensor'
}
type Worded = keyof Words

/** The word that options give, `string` where the compiler does not know it. */
export type WordOf<O, Option, Default> = O extends string ? Default : OptionOf<O, Option, Default, string>
/** The message for options that are of their types, or null. `Option` is the one that decides a shape. */
export type WordMessage<Op extends string, O, Known, Option extends string> = First<
  [
    OptionsMessage<Op, O, Known>,
    SizeFault<WordOf<O, Option, null>> extends 'wide' ? Say<typeof wideOption, { op: Op; option: Option }> : null,
  ]
>
/** The message for what is not even of the type of options. */
export type WrongOptionsMessage<Op extends string, O, Options> =
  true extends Absent<O>
    ? Say<typeof wideName, { kind: Op }>
    : First<
        [
          OptionsMessage<Op, O, keyof Options>,
          WrongValue<Op, O, Options, 'returns'>,
          WrongValue<Op, O, Options, 'merge'>,
          WrongValue<Op, O, Options, 'reverse'>,
          WrongValue<Op, O, Options, 'activation'>,
          WrongValue<Op, O, Options, 'forgetBias'>,
          WrongValue<Op, O, Options, 'inputWeight'>,
          WrongValue<Op, O, Options, 'recurrentWeight'>,
          WrongValue<Op, O, Options, 'bias'>,
          WrongValue<Op, O, Options, 'recurrentBias'>,
          Say<typeof wideName, { kind: Op }>,
        ]
      >
/** The same for a record that has no name: what beside tensors is not even of the type of options, or null. */
export type WrongRecordMessage<Op extends string, O, Options> = First<
  [
    UnknownMessage<Op, O, keyof Options>,
    WrongValue<Op, O, Options, 'reverse'>,
    WrongValue<Op, O, Options, 'activation'>,
    WrongValue<Op, O, Options, 'initial'>,
    WrongValue<Op, O, Options, 'lengths'>,
  ]
>
type WrongValue<Op extends string, O, Options, K extends Worded> = WrongOption<Op, O, Options, K, Words>

const words: { readonly [K in Worded]: readonly [expected: Words[K], holds: (value: unknown) => boolean] } = {
  returns: ["'all' or 'last'", (value) => value === 'all' || value === 'last'],
  reverse: ['true or false', (value) => typeof value === 'boolean'],
  activation: ["'tanh' or 'relu'", (value) => value === 'tanh' || value === 'relu'],
  forgetBias: ['a finite number', (value) => Number.isFinite(value)],
  inputWeight: ['an initializer', (value) => typeof value === 'function'],
  recurrentWeight: ['an initializer', (value) => typeof value === 'function'],
  bias: ['an initializer', (value) => typeof value === 'function'],
  recurrentBias: ['an initializer', (value) => typeof value === 'function'],
  merge: ["'concat' or 'sum'", (value) => value === 'concat' || value === 'sum'],
  initial: ['the state before the first step', (value) => typeof value === 'object' && value !== null],
  lengths: ['a tensor', (value) => typeof value === 'object' && value !== null],
}

/** One sample's shape, or the message. */
export const recurrentShape = (op: RecurrentOp, shape: Dims, units: Dim, returns: Returns): Dims | string => {
  const [time, , ...more] = shape
  if (time === undefined || shape.length < 2 || more.length > 0) return say(noSequence, { op, layout: '[time, features]', shape })
  return returns === 'last' ? [units] : [time, units]
}
/** The message, or null for a number of units: a bare name has none. */
export const recurrentUnitsMessage = (op: RecurrentOp, units: unknown): string | null =>
  typeof units === 'string'
    ? say(wideSize, { op })
    : (sizeMessage(op, units) ?? countFault(op, [gates[op], isBound(units) ? units.name : (units as number)]))
/** The message for a known option whose value is none, or null. One that is undefined is as if it were absent. */
export const optionValueMessage = (op: string, options: object): string | null => wrongOptionMessage(op, options, words)

/** The shapes of the parameters. */
export const recurrentParameters = (op: RecurrentOp, features: Dim, hidden: Dim): Readonly<Record<string, Dims>> => {
  const wide = columns(op, hidden)
  const own = op === 'gru' ? { recurrentBias: [hidden] } : {}
  return { inputWeight: [features, wide], recurrentWeight: [hidden, wide], bias: [wide], ...own }
}
