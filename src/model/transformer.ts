/** Blocks of a transformer, as one layer each. */
import type { Dims } from '../../types/dim.ts'
import { badRate } from '../../types/dropout.ts'
import {
  type BiasOf,
  type HeadsMessage,
  type HeadsOf,
  headsMessage,
  headsShape,
  headWordsMessage,
  type Made,
  type RefuseHeads,
  type RotaryOf,
  type WrongOptionsMessage,
} from '../../types/heads.ts'
import type { Layer, Refused } from '../../types/layer.ts'
import type { First, RecordFirst, Uncalled } from '../../types/maker.ts'
import { type OptionsGiven, optionsOf } from '../../types/options.ts'
import { say } from '../../types/say.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import type { BlockMessage, HiddenOf, TransformerBlock, TransformerOp, TransformerParams } from '../../types/transformer.ts'
import { countMessage } from '../../types/window-options.ts'
import { add } from '../graph/expression.ts'
import type { Node } from '../graph/node.ts'
import { gelu, geluTanh, relu, silu } from '../tensor/activation.ts'
import { numberFirst, shown } from '../tensor/argument.ts'
import { dropout as dropping } from '../tensor/dropout.ts'
import { epsilonOf } from '../tensor/norm.ts'
import type { LayerRecord, Mode, ParameterShapes } from '../tensor/protocol.ts'
import { foldIn } from '../tensor/random.ts'
import { typed } from '../tensor/typed.ts'
import { attention } from './attention.ts'
import { dense } from './dense.ts'
import { layerIn, layerOf } from './layer.ts'
import { layerNorm } from './norm.ts'

export type { BiasedTransformerParams, TransformerParams } from '../../types/transformer.ts'

export interface TransformerBlockOptions {
  readonly name?: string
  /** Units of the hidden layer behind attention: four times the depth unless said. */
  readonly hidden?: number
  /** As many heads of keys and values, each of which several heads of queries share; as many as heads unless said. */
  readonly keyValueHeads?: number
  /** Whether queries and keys are turned by their positions. */
  readonly rotary?: boolean
  /** Whether attention has biases, as the dense layers have them; false unless said. */
  readonly bias?: boolean
  /** Whether a norm stands before what is added, or behind the sum, as in the first transformers and in BERT; before unless said. */
  readonly norm?: 'before' | 'after' | undefined
  /** What is between the two dense layers: `gelu` unless said. */
  readonly activation?: keyof typeof activations | undefined
  /** What is added to a variance in both norms, 1e-5 unless said. */
  readonly epsilon?: number | undefined
  /** The probability with which weights of attention, and elements of what is added, are dropped in training; 0 unless said. */
  readonly dropout?: number | undefined
}
type Options = OptionsGiven<TransformerBlockOptions>
type Known = keyof TransformerBlockOptions

/** What is refused comes first, and last what may be `undefined`: a signature an arity, as in `DenseOf`. */
export interface TransformerBlockOf<Op extends TransformerOp> {
  (call: Uncalled<Op>): never
  <const H extends number>(heads: RefuseHeads<Op, H>, options?: Options): Layer<Refused<Op, HeadsMessage<Op, H> & string>>
  <const H extends number>(heads: H): Layer<TransformerBlock<Op, H>>
  <const H extends number, const O extends Options>(
    heads: H,
    options: O,
  ): Layer<
    Made<
      TransformerBlock<Op, H, HiddenOf<O>, HeadsOf<O, H>, RotaryOf<O>, BiasOf<O>>,
      Op,
      BlockMessage<Op, H, HiddenOf<O>, HeadsOf<O, H>, BiasOf<O>>,
      O,
      Known
    >
  >
  <const O>(heads: number, options: O | Options): Layer<Refused<Op, WrongOptionsMessage<Op, O, TransformerBlockOptions> & string>>
  <X>(first: First<Op, X, number>): Layer<Refused<Op, RecordFirst<Op>>>
}

const blockOf =
  (op: TransformerOp, causal: boolean) =>
  (heads: number, given?: unknown): never => {
    numberFirst(op, heads)
    const message = headsMessage(op, heads, heads)
    if (message !== null) throw new ShapeError(message)
    const options = fits(optionsOf<TransformerBlockOptions>(op, given as Options, known))
    const { name, hidden, keyValueHeads = heads, rotary = false, bias = false, dropout = 0 } = options
    const { norm = 'before', activation = 'gelu' } = options
    const fault =
      headWordsMessage(op, options) ??
      (hidden === undefined ? null : countMessage(op, 'hidden', hidden, 1)) ??
      headsMessage(op, heads, keyValueHeads)
    if (fault !== null) throw new ShapeError(fault)
    if (!(typeof dropout === 'number' && dropout >= 0 && dropout < 1)) throw new ShapeError(say(badRate, { rate: shown(dropout) }))
    const epsilon = epsilonOf(op, options.epsilon)
    const attending = layerIn(op, attention(heads, { causal, keyValueHeads, rotary, bias, dropout }))
    const parts = (shape: Dims): Parts => partsOf(attending, shape.at(-1) as number, epsilon, hidden)
    const form: Form = {
      norm,
      activated: layerIn(op, activations[activation]),
      drop: dropout === 0 ? null : layerIn(op, dropping(dropout)),
    }
    return layerOf<never>({
      kind: op,
      name,
      options: { heads, hidden: hidden ?? null, keyValueHeads, rotary, bias, norm, activation, epsilon, dropout },
      heeds: true,
      out: (shape) => headsShape(op, shape, heads, rotary),
      parameters: (shape) =>
        mapped(parts(shape), ({ layer, input }) => layer.parameters?.([...shape.slice(0, -1), input]) as ParameterShapes),
      init: (shape, key, sizes) =>
        mapped(parts(shape), ({ layer, input }, part) => layer.init([...shape.slice(0, -1), input], foldIn(key, part), sizes)),
      apply: (params, x, mode) => ({ y: transformed(parts(x.shape), params as Params, x, mode, form), params }),
    }) as never
  }
const known = ['hidden', 'keyValueHeads', 'rotary', 'bias', 'norm', 'activation', 'epsilon', 'dropout'] as const
const activations = { gelu, geluTanh, relu, silu } as const

/** The layers inside, and the depth that each takes. */
type Parts = { readonly [Part in keyof TransformerParams<never, never>]: { readonly layer: LayerRecord; readonly input: number } }
type Params = { readonly [Part in keyof Parts]: unknown }
const partsOf = (attending: LayerRecord, depth: number, epsilon: number, hidden = 4 * depth): Parts => {
  const norm = { layer: layerIn('transformer', layerNorm({ epsilon })), input: depth }
  return {
    attentionNorm: norm,
    attention: { layer: attending, input: depth },
    feedForwardNorm: norm,
    hidden: { layer: layerIn('transformer', dense(hidden as 1)), input: depth },
    output: { layer: layerIn('transformer', dense(depth as 1)), input: hidden },
  }
}
const mapped = <T>(parts: Parts, f: (part: Parts[keyof Parts], name: string) => T): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, f(part, name)]))

/** How a block is put together. */
interface Form {
  readonly norm: 'before' | 'after'
  readonly activated: LayerRecord
  readonly drop: LayerRecord | null
}
/** x + attention(norm(x)), then x + output(activation(hidden(norm(x)))); or each norm behind its sum. */
const transformed = (parts: Parts, params: Params, x: Node, mode: Mode, { norm, activated, drop }: Form): Node => {
  const modeOf = (name: string): Mode => (mode.training ? { ...mode, key: foldIn(mode.key, name) } : mode)
  const through = (part: keyof Parts, y: Node): Node => parts[part].layer.apply(params[part], y, modeOf(part)).y
  const dropped = (name: string, y: Node): Node => (drop === null ? y : drop.apply(null, y, modeOf(name)).y)
  const around = (part: 'attentionNorm' | 'feedForwardNorm', y: Node, inside: (z: Node) => Node): Node =>
    norm === 'before' ? add(y, inside(through(part, y))) : through(part, add(y, inside(y)))
  const looked = around('attentionNorm', x, (y) => dropped('dropout1', through('attention', y)))
  const up = (y: Node): Node => activated.apply(null, through('hidden', y), mode).y
  return around('feedForwardNorm', looked, (y) => dropped('dropout2', through('output', up(y))))
}

/**
 * A block of a transformer's encoder, whose places see each other: `[time, depth] -> [time, depth]`, y = x + attention(norm(x)),
 * then y + output(gelu(hidden(norm(y)))). Parameters are those of `attentionNorm`, `attention`, `feedForwardNorm`, `hidden` and
 * `output`. A second argument is the name of its parameters, or options. A. Vaswani et al., "Attention is all you need", 2017,
 * with the norms in front, as R. Xiong et al., "On layer normalization in the transformer architecture", 2020. As PyTorch has it by
 * itself it is `{ norm: 'after', bias: true, activation: 'relu' }`.
 *
 * @example
 * pipe(input(['time', 64]), transformerEncoderBlock(8, { hidden: 128 }), transformerEncoderBlock(8)).output // => ['time', 64]
 */
export const transformerEncoderBlock = typed<TransformerBlockOf<'transformerEncoderBlock'>>(blockOf('transformerEncoderBlock', false))

/**
 * A block of a transformer that writes: as `transformerEncoderBlock`, but a place sees itself and what stands before it alone.
 * It has no second input to attend to; a decoder beside an encoder is a function of tensors, with `multiHeadAttention` of
 * `shapewright/ops`.
 *
 * @example
 * pipe(input(['time', 64]), repeat(4, transformerDecoderBlock(8, { rotary: true }))).output // => ['time', 64]
 */
export const transformerDecoderBlock = typed<TransformerBlockOf<'transformerDecoderBlock'>>(blockOf('transformerDecoderBlock', true))
