/** Self-attention: every place of a sequence looks for what it needs among the others. */

import type { Dim, Dims } from '../../types/dim.ts'
import { badRate } from '../../types/dropout.ts'
import {
  type Attention,
  type AttentionParams,
  type BiasedAttentionParams,
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
import { turnedStepsMessage } from '../../types/masked.ts'
import { type OptionsGiven, optionsOf } from '../../types/options.ts'
import { say } from '../../types/say.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { initializerMessage } from '../../types/window-options.ts'
import { add, dot, permute, reshape } from '../graph/expression.ts'
import { type Node, nodeOf } from '../graph/node.ts'
import { shown } from '../tensor/argument.ts'
import { attended } from '../tensor/attention.ts'
import { dropped } from '../tensor/dropout.ts'
import { turned } from '../tensor/positions.ts'
import type { Mode } from '../tensor/protocol.ts'
import { foldIn } from '../tensor/random.ts'
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
}

/**
 * Self-attention with heads: `[time, depth] -> [time, depth]`, where the heads share the depth equally. Parameters are the
 * matrices `query`, `key`, `value` and `output` of `[depth, depth]`; with fewer key-value heads `key` and `value` are
 * `[depth, keyValueHeads * depth / heads]` (J. Ainslie et al., "GQA", 2023). With `bias: true` there are `queryBias`, `keyBias`,
 * `valueBias` and `outputBias` as well. A. Vaswani et al., "Attention is all you need", 2017. A second argument is the name of its parameters, or options. Two inputs, as queries of one sequence and keys of another
 * are, take `attention` of `shapewright/ops`.
 *
 * @example
 * pipe(input(['time', 64]), attention(8, { causal: true })).output // => ['time', 64]
 */
export const attention: AttentionOf = (heads: number, given?: unknown): never => {
  const message = headsMessage('attention', heads, heads)
  if (message !== null) throw new ShapeError(message)
  const options = fits(optionsOf<AttentionLayerOptions>('attention', given as Options, known))
  const { name, keyValueHeads: groups = heads, rotary = false, bias = false, dropout = 0, causal = false, weight = glorotUniform } = options
  const fault =
    headWordsMessage('attention', options) ?? headsMessage('attention', heads, groups) ?? initializerMessage('attention', 'weight', weight)
  if (fault !== null) throw new ShapeError(fault)
  if (!(typeof dropout === 'number' && dropout >= 0 && dropout < 1)) throw new ShapeError(say(badRate, { rate: shown(dropout) }))
  const heading: Heading = { heads, groups, rotary, bias, causal, dropout }
  return layerOf<never>({
    kind: 'attention',
    name,
    options: { heads, keyValueHeads: groups, causal, rotary, bias, dropout },
    heeds: true,
    out: (shape) => headsShape('attention', shape, heads, rotary),
    parameters: (shape) => attentionShapes(shape, heading),
    init: (shape, key, sizes) =>
      Object.fromEntries(
        Object.entries(attentionShapes(shape, heading)).map(([part, dims]) => [
          part,
          (dims.length === 1 ? zeros : weight)(dims, foldIn(key, part), sizes),
        ]),
      ),
    apply: (params, x, mode) => ({ y: selfAttended(params as Parts, x, heading, mode), params }),
  }) as never
}
const known = ['causal', 'keyValueHeads', 'rotary', 'bias', 'dropout', 'weight'] as const

/** How a layer of attention attends. */
interface Heading {
  readonly heads: number
  readonly groups: number
  readonly rotary: boolean
  readonly bias: boolean
  readonly causal: boolean
  readonly dropout: number
}
type Matrix = keyof AttentionParams<never>
type Bias = Exclude<keyof BiasedAttentionParams<never>, Matrix>
type Parts<T = Node> = { readonly [Part in Matrix]: T } & { readonly [Part in Bias]?: T }

/** The shapes of the parameters. */
const attentionShapes = (shape: Dims, { heads, groups, bias }: Heading): Parts<Dims> => {
  const depth = shape.at(-1) as number
  const keys = (depth / heads) * groups
  const matrices = { query: [depth, depth], key: [depth, keys], value: [depth, keys], output: [depth, depth] }
  return bias ? { ...matrices, queryBias: [depth], keyBias: [keys], valueBias: [keys], outputBias: [depth] } : matrices
}

/** What each place of a batch of sequences finds in its own sequence. */
const selfAttended = (params: Parts, x: Node, { heads, groups, rotary, causal, dropout }: Heading, mode: Mode): Node => {
  const [batch, time, depth] = x.shape as readonly [Dim, Dim, number]
  const perHead = depth / heads
  const each = heads / groups
  // [batch, groups, heads of a group, time, depth of a head], without what is one
  const split = (part: 'query' | 'key' | 'value', apart: readonly number[]): Node => {
    const own = apart.length === 2 ? [0, 2, 3, 1, 4] : [0, 2, 1, 3]
    return permute(reshape(through(params, part, x), [batch, time, ...apart, perHead]), own)
  }
  const turn = rotary ? turned : (y: Node) => y
  const shared = (y: Node): Node => (each === 1 ? y : reshape(y, [batch, groups, 1, time, perHead]))
  const query = turn(split('query', each === 1 ? [heads] : [groups, each]))
  const key = shared(turn(split('key', [groups])))
  const value = shared(split('value', [groups]))
  const drops = dropout > 0 && mode.training ? { drop: (weights: Node) => dropped(weights, dropout, nodeOf(mode.key.bits)) } : {}
  const found = attended(query, key, value, { causal, mask: maskOf(mode, x, query.shape.length), ...drops })
  const joined = permute(found, each === 1 ? [0, 2, 1, 3] : [0, 3, 1, 2, 4])
  return through(params, 'output', reshape(joined, [batch, time, depth]))
}
/** x matrix + bias */
const through = (params: Parts, part: Matrix, x: Node): Node => {
  const [product, bias] = [dot(x, params[part], [[2], [0]]), params[`${part}Bias`]]
  return bias === undefined ? product : add(product, bias)
}
/** Which keys count, broadcast over heads and queries; null where all do. */
const maskOf = ({ mask }: Mode, { shape }: Node, rank: number): Node | null => {
  if (mask === undefined) return null
  const fault = turnedStepsMessage('attention', mask.shape.slice(1), shape.slice(1))
  if (fault !== null) throw new ShapeError(fault)
  const [batch, time] = mask.shape as readonly [Dim, Dim]
  return reshape(mask, [batch, ...Array.from({ length: rank - 2 }, () => 1), time])
}
