/**
 * Mistakes with attention. Above each statement stands the sentence that every compiler ends its error with and, after `@`,
 * the text under the squiggle; `~`: the words are TypeScript's own, or a second error follows from the first.
 */
import {
  type AttentionParams,
  type BiasedAttentionParams,
  block,
  categorical,
  type Dim,
  dense,
  dim,
  initializers,
  input,
  type Key,
  learnedPositions,
  attention as look,
  masked,
  pipe,
  rearrange,
  repeat,
  residual,
  rotaryPositions,
  sequential,
  sinusoidalPositions,
  type Tensor,
  transformerDecoderBlock,
  transformerEncoderBlock,
} from 'shapewright'
import { attention, multiHeadAttention } from 'shapewright/ops'

// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const vague: Tensor<any>
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const anything: any
declare const n: number
declare const some: 4 | 8
declare const text: string
declare const maybe: boolean
declare const perhaps: { readonly bias?: true }
declare const given: 'look' | undefined
declare const seed: Key
const transpose = rearrange('t f -> f t')
declare const either: Tensor<[7, 16]> | Tensor<[9, 16]>
declare const scalar: Tensor<[]>
declare const line: Tensor<[16]>
declare const query: Tensor<[5, 16]>
declare const key: Tensor<[7, 16]>
declare const value: Tensor<[7, 3]>
declare const three: Tensor<[3, 7, 16]>
declare const four: Tensor<['batch', 8, 'time', 16]>
declare const short: Tensor<['batch', 4, 'time', 16]>
declare const own: AttentionParams<16>
declare const few: AttentionParams<16, 12>
declare const wideOwn: AttentionParams<'width'>
declare const biased: BiasedAttentionParams<16>
declare const shortBias: Tensor<[4]>
declare const narrowIds: Tensor<[7, 3], 'i32'>
declare const ids: Tensor<[7, 16], 'i32'>
declare const lengths: Tensor<['batch'], 'i32'>
declare const mask: Tensor<['time', 'time'], 'bool'>

// -- every tensor has a time and a depth, and is f32
// attention: expected keys [..., time, depth], got [16] @ attention(line, value)
pipe(query, attention(line, value))
// attention: expected keys [..., time, depth], got [] @ attention(scalar, value)
pipe(query, attention(scalar, value))
// attention: expected values [..., time, depth], got [16] @ attention(key, line)
pipe(query, attention(key, line))
// attention: expected queries [..., time, depth], got [16] @ attention(key, value)
pipe(line, attention(key, value))
// attention: expected queries [..., time, depth], got [] @ scalar
attention(key, value)(scalar)
// attention: expected f32, got i32 @ attention(ids, value)
pipe(query, attention(ids, value))
// attention: expected f32, got i32 @ attention(key, ids)
pipe(query, attention(key, ids))
// attention: expected f32, got i32 @ attention(key, value)
pipe(ids, attention(key, value))
// attention: expected a tensor @ 5
attention(key, value)(5)

// -- a value for each key
// attention: keys [5, 16] and values [7, 3] differ before the last axis @ attention(query, value)
pipe(query, attention(query, value))
// attention: keys [3, 7, 16] and values [7, 3] differ before the last axis @ attention(three, value)
pipe(query, attention(three, value))
// attention: keys [batch, 8, time, 16] and values [batch, 4, time, 16] differ before the last axis @ four
attention(four, short)(four)
// attention: keys [batch, 8, time, 16] and values [batch, 4, time, 16] differ before the last axis @ attention(four, short, { causal: true })
pipe(four, attention(four, short, { causal: true }))

// -- queries and keys of one depth, and of leading dims that broadcast
// attention: queries [7, 3] x keys [7, 16]: expected depth 16, got 3 @ attention(key, value)
pipe(value, attention(key, value))
// attention: shapes [batch, 4] and [batch, 8] do not broadcast @ attention(four, four)
pipe(short, attention(four, four))
// attention: shapes [batch, 8] and [3] do not broadcast @ attention(three, three)
pipe(four, attention(three, three))
// attention: shapes [batch, 8] and [3] do not broadcast @ attention(three, three, { causal: true })
pipe(four, attention(three, three, { causal: true }))

// -- masks and lengths
// attention: the mask [time, time] does not broadcast to [5, 7] @ attention(key, value, { mask })
pipe(query, attention(key, value, { mask }))
// attention: the mask must be bool, got f32 @ attention(key, value, { mask: query })
pipe(query, attention(key, value, { mask: query }))
// attention: the mask must be bool, got i32 @ attention(key, value, { causal: true, mask: ids })
pipe(query, attention(key, value, { causal: true, mask: ids }))
// attention: lengths must be i32, got bool @ attention(key, value, { lengths: mask })
pipe(query, attention(key, value, { lengths: mask }))
// attention: lengths [batch] are not the leading dims of [5, 7] @ attention(key, value, { lengths })
pipe(query, attention(key, value, { lengths }))
// attention: lengths [7, 16] are not the leading dims of [batch, 8, time, time] @ attention(four, four, { lengths: ids })
pipe(four, attention(four, four, { lengths: ids }))
// attention: there is no option 'casual' @ attention(key, value, { casual: true })
pipe(query, attention(key, value, { casual: true }))
// ~ Type 'number' is not assignable to type 'boolean | undefined'. @ causal
attention(key, value, { causal: 1 })
// ~ is not assignable to parameter of type 'Given'. @ true
attention(key, value, true)

// -- unions, any, and helpers that are generic in a size
// ~ is not assignable to @ either
attention(key, value)(either)
// ~ "attention: queries ? x keys [7, 16]: expected depth 16, got ?" @ attention(key, value)
pipe(vague, attention(key, value))
// ~ expected depth 16, got 3`, Tensor<[B, 5, 3], "f32">>'. @ attention(key, value)
export const helper = <B extends Dim>(x: Tensor<[B, 5, 3]>) => pipe(x, attention(key, value))

// -- to another sequence, with the parameters of a layer
// multiHeadAttention: 3 heads do not divide the depth 16 @ multiHeadAttention(own, key, { heads: 3 })
pipe(query, multiHeadAttention(own, key, { heads: 3 }))
// multiHeadAttention: heads must be a whole number, at least 1, got 0 @ multiHeadAttention(own, key, { heads: 0 })
pipe(query, multiHeadAttention(own, key, { heads: 0 }))
// multiHeadAttention: the number of heads is not a literal @ multiHeadAttention(own, key, { heads: n })
pipe(query, multiHeadAttention(own, key, { heads: n }))
// multiHeadAttention: the number of heads is not a literal @ multiHeadAttention(own, key, { heads: some })
pipe(query, multiHeadAttention(own, key, { heads: some }))
// multiHeadAttention: keys of depth 12 are no heads of depth 8 @ multiHeadAttention(few, key, { heads: 2 })
pipe(query, multiHeadAttention(few, key, { heads: 2 }))
// multiHeadAttention: 3 key-value heads do not divide 4 heads @ multiHeadAttention(few, key, { heads: 4 })
pipe(query, multiHeadAttention(few, key, { heads: 4 }))
// multiHeadAttention: the depth of [width, width] must be a literal @ multiHeadAttention(wideOwn, key, { heads: 4 })
pipe(query, multiHeadAttention(wideOwn, key, { heads: 4 }))
// multiHeadAttention: expected memory of depth 16, got 3 @ multiHeadAttention(own, value, { heads: 4 })
pipe(value, multiHeadAttention(own, value, { heads: 4 }))
// multiHeadAttention: expected memory of depth 16, got 3 @ multiHeadAttention(own, value, { heads: 4, mask: query })
pipe(query, multiHeadAttention(own, value, { heads: 4, mask: query }))
// multiHeadAttention: expected f32, got i32 @ multiHeadAttention(own, narrowIds, { heads: 4 })
pipe(query, multiHeadAttention(own, narrowIds, { heads: 4 }))
// multiHeadAttention: queries [7, 3] x keys [7, 16]: expected depth 16, got 3 @ multiHeadAttention(own, key, { heads: 4 })
pipe(value, multiHeadAttention(own, key, { heads: 4 }))
// multiHeadAttention: expected keys [..., time, depth], got [16] @ multiHeadAttention(own, line, { heads: 4 })
pipe(query, multiHeadAttention(own, line, { heads: 4 }))
// multiHeadAttention: expected queries [..., time, depth], got [16] @ line
multiHeadAttention(own, key, { heads: 4 })(line)
// multiHeadAttention: expected f32, got i32 @ multiHeadAttention(own, ids, { heads: 4 })
pipe(query, multiHeadAttention(own, ids, { heads: 4 }))
// multiHeadAttention: expected f32, got i32 @ multiHeadAttention(own, key, { heads: 4 })
pipe(ids, multiHeadAttention(own, key, { heads: 4 }))
// multiHeadAttention: shapes [batch, 8] and [3] do not broadcast @ multiHeadAttention(own, three, { heads: 4 })
pipe(four, multiHeadAttention(own, three, { heads: 4 }))
// multiHeadAttention: lengths [batch] are not the leading dims of [5, 7] @ multiHeadAttention(own, key, { heads: 4, lengths })
pipe(query, multiHeadAttention(own, key, { heads: 4, lengths }))
// multiHeadAttention: lengths must be i32, got bool @ multiHeadAttention(own, key, { heads: 4, lengths: mask })
pipe(query, multiHeadAttention(own, key, { heads: 4, lengths: mask }))
// multiHeadAttention: the mask [time, time] does not broadcast to [5, 7] @ multiHeadAttention(own, key, { heads: 4, mask })
pipe(query, multiHeadAttention(own, key, { heads: 4, mask }))
// multiHeadAttention: the mask must be bool, got f32 @ multiHeadAttention(own, key, { heads: 4, mask: query })
pipe(query, multiHeadAttention(own, key, { heads: 4, mask: query }))
// multiHeadAttention: there is no option 'rotary' @ multiHeadAttention(own, key, { heads: 4, rotary: true })
pipe(query, multiHeadAttention(own, key, { heads: 4, rotary: true }))
// multiHeadAttention: params.output is missing @ { query: own.query, key: own.key, value: own.value }
multiHeadAttention({ query: own.query, key: own.key, value: own.value }, key, { heads: 4 })
// multiHeadAttention: params.keyBias is [4], the layer has [16] @ keyBias
multiHeadAttention({ ...biased, keyBias: shortBias }, key, { heads: 4 })
// ~ is not assignable to parameter of type 'Given'. @ {}
multiHeadAttention(own, key, {})

// -- layers: heads divide the depth of a sequence
// attention: 8 heads do not divide the depth 60 @ look(8)
pipe(input(['time', 60]), look(8))
// attention: 3 heads do not divide the depth 64 @ look(3, { causal: true })
pipe(input([9, 64]), look(3, { causal: true }))
// attention: expected [time, depth], got [64] @ look(8)
pipe(input([64]), look(8))
// attention: expected [time, depth], got [2, 9, 64] @ look(8)
pipe(input([2, 9, 64]), look(8))
// attention: expected [time, depth], got [2, 3, 5, 64] @ look(8)
pipe(input([2, 3, 5, 64]), look(8))
// attention: the depth of [9, depth] must be a literal @ look(8)
pipe(input([9, dim('depth', n)]), look(8))
// attention: expected f32, got i32 @ look(8)
pipe(input(['time'], 'i32'), look(8))
// attention: this layer extends a model @ query
look(8)(query)
// attention: 8 heads do not divide the depth 60 @ residual(block(look(8)))
pipe(input([9, 60]), residual(block(look(8))))
// attention: 8 heads do not divide the depth 60 @ look(8)
sequential(input([9, 64]), look(8), dense(60), look(8))

// -- numbers of heads
// attention: the number of heads is not a literal @ look(n)
pipe(input(['time', 64]), look(n))
// attention: the number of heads is not a literal @ look(some)
pipe(input(['time', 64]), look(some))
// attention: the number of heads is not a literal @ look(8, { keyValueHeads: n })
pipe(input(['time', 64]), look(8, { keyValueHeads: n }))
// attention: the number of heads is not a literal @ look(anything)
pipe(input(['time', 64]), look(anything))
// attention: heads must be a whole number, at least 1, got 0 @ look(0)
pipe(input(['time', 64]), look(0))
// attention: heads must be a whole number, at least 1, got -8 @ look(-8, 'look')
pipe(input(['time', 64]), look(-8, 'look'))
// attention: keyValueHeads must be a whole number, at least 1, got 1.5 @ look(8, { keyValueHeads: 1.5 })
pipe(input(['time', 64]), look(8, { keyValueHeads: 1.5 }))
// attention: keyValueHeads must be a whole number, at least 1, got 0 @ look(8, { keyValueHeads: 0 })
pipe(input(['time', 64]), look(8, { keyValueHeads: 0 }))
// attention: 3 key-value heads do not divide 8 heads @ look(8, { keyValueHeads: 3 })
pipe(input(['time', 64]), look(8, { keyValueHeads: 3 }))
// attention: bias is not a literal @ look(8, { bias: maybe })
pipe(input(['time', 64]), look(8, { bias: maybe }))
// attention: bias is not a literal @ look(8, { keyValueHeads: 2, ...perhaps })
pipe(input(['time', 64]), look(8, { keyValueHeads: 2, ...perhaps }))
// attention: 3 key-value heads do not divide 8 heads @ look(8, { keyValueHeads: 3, bias: maybe })
pipe(input(['time', 64]), look(8, { keyValueHeads: 3, bias: maybe }))
// attention: 8 heads do not divide the depth 60 @ look(8, { bias: true })
pipe(input([9, 60]), look(8, { bias: true }))
// attention: expected [time, depth], got [2, 9, 64] @ look(8, { bias: true })
pipe(input([2, 9, 64]), look(8, { bias: true }))
// attention: rotary positions need an even depth a head, got 5 @ look(2, { rotary: true })
pipe(input(['time', 10]), look(2, { rotary: true }))
// attention: rotary positions need an even depth a head, got 5 @ look(2, { rotary: maybe })
pipe(input(['time', 10]), look(2, { rotary: maybe }))

// -- names and options
// attention: bias must be true or false @ look(8, { bias: 1 })
pipe(input(['time', 64]), look(8, { bias: 1 }))
// attention: bias must be true or false @ look(8, { bias: initializers.zeros })
pipe(input(['time', 64]), look(8, { bias: initializers.zeros }))
// attention: causal must be true or false @ look(8, { causal: 'yes' })
pipe(input(['time', 64]), look(8, { causal: 'yes' }))
// attention: rotary must be true or false @ look(8, { rotary: 10000 })
pipe(input(['time', 64]), look(8, { rotary: 10000 }))
// attention: keyValueHeads must be a whole number, at least 1, got two @ look(8, { keyValueHeads: 'two' })
pipe(input(['time', 64]), look(8, { keyValueHeads: 'two' }))
// attention: weight must be an initializer @ look(8, { weight: 1 })
pipe(input(['time', 64]), look(8, { weight: 1 }))
// dropout: the rate must be at least 0 and below 1, got half @ look(8, { dropout: 'half' })
pipe(input(['time', 64]), look(8, { dropout: 'half' }))
// attention: there is no option 'norm' @ look(8, { norm: 'after' })
pipe(input(['time', 64]), look(8, { norm: 'after' }))
// attention: there is no option 'casual' @ look(8, { casual: 1, bias: 1 })
pipe(input(['time', 64]), look(8, { casual: 1, bias: 1 }))
// attention: there is no option 'casual' @ look(8, { keyValueHeads: 3, casual: true })
pipe(input(['time', 64]), look(8, { keyValueHeads: 3, casual: true }))
// attention: the name is not a literal @ look(8, { dropout: 0.5, name: 5 })
pipe(input(['time', 64]), look(8, { dropout: 0.5, name: 5 }))
// attention: the name is not a literal @ look(8, 5)
pipe(input(['time', 64]), look(8, 5))
// attention: there is no option 'casual' @ look(8, { casual: true })
pipe(input(['time', 64]), look(8, { casual: true }))
// attention: the name is not a literal @ look(8, text)
pipe(input(['time', 64]), look(8, text))
// attention: a name must not be empty, a number, or have a dot, got 'a.b' @ look(8, 'a.b')
pipe(input(['time', 64]), look(8, 'a.b'))
// attention: the name is not a literal @ look(8, given)
pipe(input(['time', 64]), look(8, given))
// attention: the name 'look' is already used @ look(8, 'look')
pipe(input(['time', 64]), look(8, 'look'), look(8, 'look'))

// -- positions
// learnedPositions: expected [time, depth], got [64] @ learnedPositions(9)
pipe(input([64]), learnedPositions(9))
// learnedPositions: the sequence [9, 64] has more than 8 positions @ learnedPositions(8)
pipe(input([9, 64]), learnedPositions(8))
// learnedPositions: the sequence [2, 3, 9, 64] has more than 8 positions @ learnedPositions(8)
pipe(input([2, 3, 9, 64]), learnedPositions(8))
// learnedPositions: the size is not a literal; write learnedPositions(dim('name', n)) @ learnedPositions(n)
pipe(input([9, 64]), learnedPositions(n))
// learnedPositions: the size is not a literal; write learnedPositions(dim('name', n)) @ learnedPositions(some)
pipe(input([9, 64]), learnedPositions(some))
// learnedPositions: a size must be a whole number, got -1 @ learnedPositions(-1)
pipe(input([9, 64]), learnedPositions(-1))
// learnedPositions: there is no option 'wieght' @ learnedPositions(9, { wieght: 1 })
pipe(input([9, 64]), learnedPositions(9, { wieght: 1 }))
// learnedPositions: the name is not a literal @ learnedPositions(9, given)
pipe(input([9, 64]), learnedPositions(9, given))
// rotaryPositions: the depth must be even, got 5 in [3, 5] @ rotaryPositions
pipe(input([3, 5]), rotaryPositions)
// rotaryPositions: the depth must be even, got 3 in [7, 3] @ value
rotaryPositions(value)
// rotaryPositions: expected [time, depth], got [16] @ line
rotaryPositions(line)
// rotaryPositions: expected f32, got i32 @ ids
rotaryPositions(ids)
// sinusoidalPositions: the depth of [3, depth] must be a literal @ sinusoidalPositions
pipe(input([3, dim('depth', n)]), sinusoidalPositions)
// sinusoidalPositions: expected [time, depth], got [] @ scalar
sinusoidalPositions(scalar)
// sinusoidalPositions: expected [time, depth], got [64] @ sinusoidalPositions
pipe(input([64]), sinusoidalPositions)

// -- blocks of transformers
// transformerEncoderBlock: 8 heads do not divide the depth 60 @ transformerEncoderBlock(8)
pipe(input(['time', 60]), transformerEncoderBlock(8))
// transformerDecoderBlock: expected [time, depth], got [64] @ transformerDecoderBlock(8)
pipe(input([64]), transformerDecoderBlock(8))
// transformerDecoderBlock: expected [time, depth], got [2, 3, 9, 64] @ transformerDecoderBlock(8)
pipe(input([2, 3, 9, 64]), transformerDecoderBlock(8))
// transformerEncoderBlock: the number of heads is not a literal @ transformerEncoderBlock(n)
pipe(input(['time', 64]), transformerEncoderBlock(n))
// transformerDecoderBlock: heads must be a whole number, at least 1, got 0 @ transformerDecoderBlock(0)
pipe(input(['time', 64]), transformerDecoderBlock(0))
// transformerEncoderBlock: hidden is not a literal @ transformerEncoderBlock(8, { hidden: n })
pipe(input(['time', 64]), transformerEncoderBlock(8, { hidden: n }))
// transformerEncoderBlock: hidden must be a whole number, at least 1, got 0 @ transformerEncoderBlock(8, { hidden: 0 })
pipe(input(['time', 64]), transformerEncoderBlock(8, { hidden: 0 }))
// transformerEncoderBlock: 3 key-value heads do not divide 8 heads @ transformerEncoderBlock(8, { keyValueHeads: 3 })
pipe(input(['time', 64]), transformerEncoderBlock(8, { keyValueHeads: 3 }))
// transformerDecoderBlock: rotary positions need an even depth a head, got 5 @ transformerDecoderBlock(2, { rotary: true })
pipe(input(['time', 10]), transformerDecoderBlock(2, { rotary: true }))
// transformerEncoderBlock: there is no option 'causal' @ transformerEncoderBlock(8, { causal: true })
pipe(input(['time', 64]), transformerEncoderBlock(8, { causal: true }))
// transformerEncoderBlock: bias is not a literal @ transformerEncoderBlock(8, { bias: maybe })
pipe(input(['time', 64]), transformerEncoderBlock(8, { bias: maybe }))
// transformerEncoderBlock: hidden must be a whole number, at least 1, got 0 @ transformerEncoderBlock(8, { hidden: 0, bias: maybe })
pipe(input(['time', 64]), transformerEncoderBlock(8, { hidden: 0, bias: maybe }))
// transformerDecoderBlock: 8 heads do not divide the depth 60 @ transformerDecoderBlock(8, { bias: true, norm: 'after' })
pipe(input(['time', 60]), transformerDecoderBlock(8, { bias: true, norm: 'after' }))
// transformerEncoderBlock: bias must be true or false @ transformerEncoderBlock(8, { bias: 'true' })
pipe(input(['time', 64]), transformerEncoderBlock(8, { bias: 'true' }))
// transformerEncoderBlock: norm must be 'before' or 'after' @ transformerEncoderBlock(8, { norm: 'first' })
pipe(input(['time', 64]), transformerEncoderBlock(8, { norm: 'first' }))
// transformerEncoderBlock: norm must be 'before' or 'after' @ transformerEncoderBlock(8, { norm: text })
pipe(input(['time', 64]), transformerEncoderBlock(8, { norm: text }))
// transformerDecoderBlock: activation must be 'gelu', 'geluTanh', 'relu' or 'silu' @ transformerDecoderBlock(8, { activation: 'tanh' })
pipe(input(['time', 64]), transformerDecoderBlock(8, { activation: 'tanh' }))
// transformerDecoderBlock: rotary must be true or false @ transformerDecoderBlock(8, { rotary: 1 })
pipe(input(['time', 64]), transformerDecoderBlock(8, { rotary: 1 }))
// transformerEncoderBlock: hidden must be a whole number, at least 1, got wide @ transformerEncoderBlock(8, { hidden: 'wide' })
pipe(input(['time', 64]), transformerEncoderBlock(8, { hidden: 'wide' }))
// transformerEncoderBlock: keyValueHeads must be a whole number, at least 1, got two @ transformerEncoderBlock(8, { keyValueHeads: 'two' })
pipe(input(['time', 64]), transformerEncoderBlock(8, { keyValueHeads: 'two' }))
// dropout: the rate must be at least 0 and below 1, got half @ transformerEncoderBlock(8, { dropout: 'half' })
pipe(input(['time', 64]), transformerEncoderBlock(8, { dropout: 'half' }))
// transformerDecoderBlock: the name is not a literal @ transformerDecoderBlock(8, given)
pipe(input(['time', 64]), transformerDecoderBlock(8, given))

// -- layers that are repeated
// repeat: the layer maps [64] to [32] @ repeat(3, dense(32))
pipe(input([64]), repeat(3, dense(32)))
// repeat: the layer maps [2, 3, 5, 64] to [2, 3, 5, 32] @ repeat(3, dense(32))
pipe(input([2, 3, 5, 64]), repeat(3, dense(32)))
// attention: 8 heads do not divide the depth 60 @ repeat(12, look(8))
pipe(input([9, 60]), repeat(12, look(8)))
// dense: expected last dim 9, got 64 @ repeat(2, block(dense(9, 64)), { shared: true })
pipe(input([64]), repeat(2, block(dense(9, 64)), { shared: true }))
// dense: expected last dim 3, got 64 @ dense(3, 2)
pipe(input([9]), repeat(2, block(dense(9, 64), dense(3, 2))))
// dense: expected last dim 8, got 9 @ dense(8, 4)
block(repeat(2, dense(9, 9)), dense(8, 4))
// repeat: expected f32, got i32 @ repeat(2, dense(4))
pipe(input([4], 'i32'), repeat(2, dense(4)))
// repeat: the number of layers is not a literal @ repeat(n, dense(64))
pipe(input([64]), repeat(n, dense(64)))
// repeat: the number of layers is not a literal @ repeat(some, dense(64))
pipe(input([64]), repeat(some, dense(64)))
// repeat: the number of layers is not a literal @ repeat(anything, dense(64))
pipe(input([64]), repeat(anything, dense(64)))
// repeat: expected a whole number of layers from 1 to 256, got 0 @ repeat(0, dense(64))
pipe(input([64]), repeat(0, dense(64)))
// repeat: expected a whole number of layers from 1 to 256, got 257 @ repeat(257, dense(64))
pipe(input([64]), repeat(257, dense(64)))
// repeat: expected a whole number of layers from 1 to 256, got 2.5 @ repeat(2.5, dense(64))
pipe(input([64]), repeat(2.5, dense(64)))
// repeat: there is no option 'share' @ repeat(3, dense(64), { share: true })
pipe(input([64]), repeat(3, dense(64), { share: true }))
// repeat: expected a layer @ repeat(3, [dense(64)])
pipe(input([64]), repeat(3, [dense(64)]))
// repeat: expected a layer @ repeat(3, dense, { shared: true })
pipe(input([64]), repeat(3, dense, { shared: true }))
// layer: its type is any or a union, so its shape is not known @ repeat(3, anything)
pipe(input([64]), repeat(3, anything))
// repeat: this layer extends a model @ line
repeat(3, dense(16))(line)
// repeat: this layer extends a model @ line
repeat(0, dense(16))(line)
// repeat: this layer extends a model @ line
repeat(3, dense(16), { share: true })(line)
// dense: expected last dim 9, got 64 @ dense(9, 3)
pipe(input([64]), repeat(3, dense(64)), dense(9, 3))

// -- inside masked: the steps that were masked
// attention: inside masked the steps are 9, got [64, 9] @ masked(0, block(transpose, look(3), transpose))
pipe(input([9, 64]), masked(0, block(transpose, look(3), transpose)))
// transformerEncoderBlock: inside masked the steps are 9, got [64, 9] @ masked(0, block(transpose, repeat(2, transformerEncoderBlock(3)), transpose))
pipe(input([9, 64]), masked(0, block(transpose, repeat(2, transformerEncoderBlock(3)), transpose)))
// repeat: inside masked the steps are 9, got [64, 9] @ masked(0, block(transpose, repeat(2, look(3), { shared: true }), transpose))
pipe(input([9, 64]), masked(0, block(transpose, repeat(2, look(3), { shared: true }), transpose)))

// -- drawing classes
// categorical: expected logits [..., classes], got [] @ categorical(seed)
pipe(scalar, categorical(seed))
// categorical: expected f32, got i32 @ ids
categorical(seed, { topK: 3 })(ids)
// categorical: expected f32, got i32 @ categorical(seed, { temperature: 0 })
pipe({} as Tensor<[2, 3, 5, 7], 'i32'>, categorical(seed, { temperature: 0 }))
// ~ 'tempreture' does not exist in type 'CategoricalOptions'. @ tempreture
categorical(seed, { tempreture: 1 })
