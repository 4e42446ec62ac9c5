/**
 * Blocks of a transformer over a sequence `[time, depth]`: attention, then the same two dense layers at every place, each
 * behind a normalisation and beside a way around it.
 */
import type { Mul } from './arithmetic.ts'
import type { DenseParams } from './dense.ts'
import type { AttentionParams, BiasedAttentionParams, HeadingMessage, HeadsShape, KeyDepth } from './heads.ts'
import type { LayerFn } from './layer.ts'
import type { NormParams } from './norm.ts'
import type { Last } from './same.ts'
import type { CountMessage, OptionOf } from './window-options.ts'

/** D the depth, U the units of the hidden layer, K the depth of keys and values. */
export interface TransformerParams<in out D, in out U, in out K = D> {
  readonly attentionNorm: NormParams<D>
  readonly attention: AttentionParams<D, K>
  readonly feedForwardNorm: NormParams<D>
  readonly hidden: DenseParams<D, U>
  readonly output: DenseParams<U, D>
}
/** The same with biases in attention. */
export interface BiasedTransformerParams<in out D, in out U, in out K = D> extends TransformerParams<D, U, K> {
  readonly attention: BiasedAttentionParams<D, K>
}
export type TransformerOp = 'transformerEncoderBlock' | 'transformerDecoderBlock'
/**
 * H heads, U units of the hidden layer (null: four times the depth), G key-value heads, R whether positions are rotary, B whether
 * attention has biases.
 */
export interface TransformerBlock<Op extends TransformerOp, H extends number, U = null, G = H, R = false, B = false> extends LayerFn {
  kind: Op
  out: HeadsShape<Op, this['in'], H, R>
  params: B extends true
    ? BiasedTransformerParams<Last<this['in']>, UnitsOf<U, Last<this['in']>>, KeyDepth<Last<this['in']>, H, G>>
    : TransformerParams<Last<this['in']>, UnitsOf<U, Last<this['in']>>, KeyDepth<Last<this['in']>, H, G>>
}
type UnitsOf<U, D> = [U] extends [null] ? (D extends number ? Mul<4, D> : D) : U
/** The message for options that do not go together, or null. */
export type BlockMessage<Op extends string, H extends number, U, G, B> =
  CountMessage<Op, 'hidden', U> extends infer E extends string ? E : HeadingMessage<Op, H, G, B>
export type HiddenOf<O> = OptionOf<O, 'hidden', null, number>
