/** Self-attention: every place of a sequence looks for what it needs among the others. */

import type { Dim, Dims } from '../../types/dim.ts'
import { badRate } from '../../types/dropout.ts'
import {
  type Attention,
  type BiasOf,
  type HeadingMessage,
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
import { turnedStepsMessage } from '../../types/masked.ts'
import { type OptionsGiven, optionsOf } from '../../types/options.ts'
import { say } from '../../types/say.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { initializerMessage } from '../../types/window-options.ts'
import { reshape } from '../graph/expression.ts'
import { type Node, nodeOf } from '../graph/node.ts'
import { numberFirst, shown } from '../tensor/argument.ts'
import { dropped } from '../tensor/dropout.ts'
import { type AttentionParts, type Heading, inHeads } from '../tensor/multi-head.ts'
import type { Mode } from '../tensor/protocol.ts'
import { foldIn } from '../tensor/random.ts'
import { typed } from '../tensor/typed.ts'
import { glorotUniform, type Initializer, zeros } from './initializers.ts'
import { layerOf } from './layer.ts'

export type { AttentionParams, BiasedAttentionParams } from '../../types/heads.ts'

export interface AttentionLayerOptions {
  readonly name?: string
  /** Each place sees itself and what stands before it: what comes later is hidden. */
  readonly causal?: boolean | undefined
  /** As many heads of keys and values, each of which several heads of queries share; as many as heads unless said. */
  readonly keyValueHeads?: number
  /** Whether queries and keys are turned by their positions, as `rotaryPositions` does it in each head. */
  readonly rotary?: boolean
  /** Whether something is added behind each of the four matrices, zeros at first, as other libraries have it; false unless said. */
  readonly bias?: boolean
  /** The probability with which a weight of attention is dropped in training, 0 unless said. */
  readonly dropout?: number | undefined
  /** Of all four matrices; Glorot's uniform distribution unless said. */
  readonly weight?: Initializer
}
type Options = OptionsGiven<AttentionLayerOptions>
type Known = keyof AttentionLayerOptions

/** What is refused comes first, and last what may be `undefined`: a signature an arity, as in `DenseOf`. */
export interface AttentionOf {
  (call: Uncalled<'attention'>): never
  <const H extends number>(
    heads: RefuseHeads<'attention', H>,
    options?: Options,
  ): Layer<Refused<'attention', HeadsMessage<'attention', H> & string>>
  <const H extends number>(heads: H): Layer<Attention<H>>
  <const H extends number, const O extends Options>(
    heads: H,
    options: O,
  ): Layer<
    Made<
      Attention<H, HeadsOf<O, H>, RotaryOf<O>, BiasOf<O>>,
      'attention',
      HeadingMessage<'attention', H, HeadsOf<O, H>, BiasOf<O>>,
      O,
      Known
    >
  >
  <const O>(
    heads: number,
    options: O | Options,
  ): Layer<Refused<'attention', WrongOptionsMessage<'attention', O, AttentionLayerOptions> & string>>
  <X>(first: First<'attention', X, number>): Layer<Refused<'attention', RecordFirst<'attention'>>>
}

/**
 * Self-attention with heads: `[time, depth] -> [time, depth]`, where the heads share the depth equally. Parameters are the
 * matrices `query`, `key`, `value` and `output` of `[depth, depth]`; with fewer key-value heads `key` and `value` are
 * `[depth, keyValueHeads * depth / heads]` (J. Ainslie et al., "GQA", 2023). With `bias: true` there are `queryBias`, `keyBias`,
 * `valueBias` and `outputBias` as well. A. Vaswani et al., "Attention is all you need", 2017. A second argument is the name of its
 * parameters, or options. To look at another sequence, such parameters go into `multiHeadAttention` of `shapewright/ops`.
 *
 * @example
 * pipe(input(['time', 64]), attention(8, { causal: true })).output // => ['time', 64]
 */
export const attention = typed<AttentionOf>((heads: number, given?: unknown): never => {
  numberFirst('attention', heads)
  const message = headsMessage('attention', heads, heads)
  if (message !== null) throw new ShapeError(message)
  const options = fits(optionsOf<AttentionLayerOptions>('attention', given as Options, known))
  const { name, keyValueHeads: groups = heads, rotary = false, bias = false, dropout = 0, causal = false, weight = glorotUniform } = options
  const fault =
    headWordsMessage('attention', options) ?? headsMessage('attention', heads, groups) ?? initializerMessage('attention', 'weight', weight)
  if (fault !== null) throw new ShapeError(fault)
  if (!(typeof dropout === 'number' && dropout >= 0 && dropout < 1)) throw new ShapeError(say(badRate, { rate: shown(dropout) }))
  const form: Form = { heads, groups, rotary, bias, causal, dropout }
  return layerOf<never>({
    kind: 'attention',
    name,
    options: { heads, keyValueHeads: groups, causal, rotary, bias, dropout },
    heeds: true,
    out: (shape) => headsShape('attention', shape, heads, rotary),
    parameters: (shape) => attentionShapes(shape, form),
    init: (shape, key, sizes) =>
      Object.fromEntries(
        Object.entries(attentionShapes(shape, form)).map(([part, dims]) => [
          part,
          (dims.length === 1 ? zeros : weight)(dims, foldIn(key, part), sizes),
        ]),
      ),
    apply: (params, x, mode) => ({ y: selfAttended(params as AttentionParts, x, form, mode), params }),
  }) as never
})
const known = ['causal', 'keyValueHeads', 'rotary', 'bias', 'dropout', 'weight'] as const

/** How a layer of attention attends. */
interface Form extends Heading {
  readonly bias: boolean
  readonly causal: boolean
  readonly dropout: number
}

/** The shapes of the parameters. */
const attentionShapes = (shape: Dims, { heads, groups, bias }: Form): AttentionParts<Dims> => {
  const depth = shape.at(-1) as number
  const keys = (depth / heads) * groups
  const matrices = { query: [depth, depth], key: [depth, keys], value: [depth, keys], output: [depth, depth] }
  return bias ? { ...matrices, queryBias: [depth], keyBias: [keys], valueBias: [keys], outputBias: [depth] } : matrices
}

/** What each place of a batch of sequences finds in its own sequence. */
const selfAttended = (params: AttentionParts, x: Node, form: Form, mode: Mode): Node => {
  const { heads, groups, causal, dropout } = form
  const drops = dropout > 0 && mode.training ? { drop: (weights: Node) => dropped(weights, dropout, nodeOf(mode.key.bits)) } : {}
  return inHeads(params, x, x, form, { causal, mask: maskOf(mode, x, heads === groups ? 4 : 5), ...drops })
}
/** Which keys count, broadcast over heads and queries; null where all do. */
const maskOf = ({ mask }: Mode, { shape }: Node, rank: number): Node | null => {
  if (mask === undefined) return null
  const fault = turnedStepsMessage('attention', mask.shape.slice(1), shape.slice(1))
  if (fault !== null) throw new ShapeError(fault)
  const [batch, time] = mask.shape as readonly [Dim, Dim]
  return reshape(mask, [batch, ...Array.from({ length: rank - 2 }, () => 1), time])
}
