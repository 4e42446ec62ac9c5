/** Attention: queries, keys and values at every rank, with masks and lengths. */
import {
  type Attention,
  addBranches,
  block,
  categorical,
  concatBranches,
  type Dense,
  type DenseParams,
  type AttentionParams,
  type BiasedAttentionParams,
  type BiasedTransformerParams,
  type Dim,
  dense,
  dim,
  embedding,
  initializers,
  input,
  type Key,
  type Layer,
  learnedPositions,
  attention as look,
  masked,
  type Model,
  matmul,
  named,
  type NoParams,
  type Params,
  type PositionParams,
  permute,
  pipe,
  type Repeat,
  relu,
  repeat,
  reshape,
  residual,
  rotaryPositions,
  sequential,
  sinusoidalPositions,
  type Tensor,
  type TransformerBlock,
  type TransformerParams,
  transformerDecoderBlock,
  transformerEncoderBlock,
} from 'shapewright'
import { type Attending, type AttentionOptions, attention, type MultiHead, multiHeadAttention } from 'shapewright/ops'
import { type Eq, is } from '../eq.ts'

declare const query: Tensor<[5, 16]>
declare const key: Tensor<[7, 16]>
declare const value: Tensor<[7, 3]>
declare const many: Tensor<['batch', 5, 16]>
declare const four: Tensor<['batch', 8, 'time', 16]>
declare const grouped: Tensor<['batch', 1, 'memory', 16]>
declare const lengths: Tensor<['batch'], 'i32'>
declare const each: Tensor<['batch', 8], 'i32'>
declare const mask: Tensor<['time', 'time'], 'bool'>
declare const options: AttentionOptions
declare const maybe: { readonly lengths?: Tensor<['batch'], 'i32'> }

// -- on matrices, on batches, on heads
export const matrix = pipe(query, attention(key, value))
is<Eq<typeof matrix, Tensor<[5, 3]>>>()
export const direct = attention(key, value, { causal: true })(query)
is<Eq<typeof direct, Tensor<[5, 3]>>>()
export const shared = pipe(many, attention(key, value))
is<Eq<typeof shared, Tensor<['batch', 5, 3]>>>()
export const heads = pipe(four, attention(four, four, { causal: true, lengths, mask }))
is<Eq<typeof heads, Tensor<['batch', 8, 'time', 16]>>>()
export const perHead = pipe(four, attention(four, four, { lengths: each }))
is<Eq<typeof perHead, Tensor<['batch', 8, 'time', 16]>>>()
export const across = pipe(four, attention(grouped, grouped, { lengths, causal: false }))
is<Eq<typeof across, Tensor<['batch', 8, 'time', 16]>>>()
export const attending = attention(key, value)
is<Eq<typeof attending, Attending<[7, 16], [7, 3]>>>()

// -- options that are not known yet
export const later = pipe(query, attention(key, value, options))
export const absent = pipe(four, attention(four, four, { causal: undefined, mask: undefined, lengths: undefined }))
is<Eq<typeof absent, Tensor<['batch', 8, 'time', 16]>>>()
export const optional = pipe(four, attention(four, four, maybe))
is<Eq<typeof optional, Tensor<['batch', 8, 'time', 16]>>>()

// -- in helpers that are generic in a size
export const helper = <B extends Dim, T extends Dim>(x: Tensor<[B, T, 64]>, w: Tensor<[64, 64]>): Tensor<[B, T, 64]> =>
  pipe(matmul(x, w), attention(matmul(x, w), x, { causal: true }))
is<Eq<ReturnType<typeof helper<32, 'time'>>, Tensor<[32, 'time', 64]>>>()
export const maskedBy = <B extends Dim>(x: Tensor<[B, 6, 4]>, ends: Tensor<[B], 'i32'>) => pipe(x, attention(x, x, { lengths: ends }))
is<Eq<ReturnType<typeof maskedBy<'batch'>>, Tensor<['batch', 6, 4]>>>()
const split = <B extends Dim>(x: Tensor<[B, 'time', 64]>) => pipe(x, reshape([-1, 'time', 8, 8]), permute([0, 2, 1, 3]))
export const byHeads = pipe(split({} as Tensor<['batch', 'time', 64]>), attention(split({} as Tensor<['batch', 'time', 64]>), split({} as Tensor<['batch', 'time', 64]>)))
is<Eq<typeof byHeads, Tensor<['batch', 8, 'time', 8]>>>()

// -- layers
declare const n: number
export const layer = look(8)
is<Eq<typeof layer, Layer<Attention<8>>>>()
export const model = pipe(input(['time', 64]), look(8), look(8, { causal: true, dropout: 0.1, name: 'second' }))
is<Eq<(typeof model)['output'], ['time', 64]>>()
is<Eq<Params<typeof model>, { readonly attention1: AttentionParams<64>; readonly second: AttentionParams<64> }>>()
export const few = pipe(input([9, 64]), look(8, { keyValueHeads: 2, rotary: true }))
is<Eq<Params<typeof few>, { readonly attention1: AttentionParams<64, 16> }>>()
export const same = pipe(input([9, 64]), look(8, { keyValueHeads: 8, rotary: false, weight: initializers.zeros }))
is<Eq<Params<typeof same>, { readonly attention1: AttentionParams<64> }>>()
export const biased = pipe(input([9, 64]), look(8, { bias: true }), look(8, { keyValueHeads: 2, bias: true, name: 'few' }), look(8, { bias: false }))
is<
  Eq<
    Params<typeof biased>,
    { readonly attention1: BiasedAttentionParams<64>; readonly few: BiasedAttentionParams<64, 16>; readonly attention2: AttentionParams<64> }
  >
>()
export const biasedLayer = look(8, { bias: true })
is<Eq<typeof biasedLayer, Layer<Attention<8, 8, false, true>>>>()
export const odd = pipe(input([9, 10]), look(2, { rotary: false }), look(5, { causal: undefined }))
export const inBlocks = sequential(input(['time'], 'i32'), embedding(100, 64), residual(look(4)), named('own')(look(2)), dense(100))
is<Eq<(typeof inBlocks)['output'], ['time', 100]>>()
export const sized = <H extends number>(heads: H) => pipe(input(['time', 64]), look(heads as 8))
export const bound = pipe(input([dim('time', n), 16]), look(4))
is<Eq<(typeof bound)['output'], ['time', 16]>>()

// -- positions
export const learned = pipe(input(['time'], 'i32'), embedding(100, 64), learnedPositions(128))
is<Eq<Params<typeof learned>['learnedPositions1'], PositionParams<128, 64>>>()
export const places = pipe(input([2, 8, 64]), learnedPositions(8, 'places'), learnedPositions(dim('most', n), { weight: initializers.zeros }))
is<Eq<Params<typeof places>, { readonly places: PositionParams<8, 64>; readonly learnedPositions1: PositionParams<'most', 64> }>>()
export const waves = pipe(input(['time', 64]), sinusoidalPositions, rotaryPositions)
is<Eq<typeof waves, Model<['time', 64], ['time', 64], NoParams>>>()
export const turned = rotaryPositions(four)
is<Eq<typeof turned, Tensor<['batch', 8, 'time', 16]>>>()
export const waved = <B extends Dim>(x: Tensor<[B, 'time', 6]>) => pipe(x, sinusoidalPositions)
is<Eq<ReturnType<typeof waved<32>>, Tensor<[32, 'time', 6]>>>()

// -- blocks of transformers, repeated
export const encoder = pipe(input([9, 64]), transformerEncoderBlock(8), transformerEncoderBlock(8, { hidden: 32, keyValueHeads: 2, name: 'last' }))
is<Eq<(typeof encoder)['output'], [9, 64]>>()
is<
  Eq<
    Params<typeof encoder>,
    { readonly transformerEncoderBlock1: TransformerParams<64, 256>; readonly last: TransformerParams<64, 32, 16> }
  >
>()
export const decoder = sequential(
  input(['time'], 'i32'),
  embedding(100, 64),
  repeat(12, transformerDecoderBlock(8, { rotary: true, dropout: 0.1 }), {}),
  dense(100),
)
is<Eq<(typeof decoder)['output'], ['time', 100]>>()
is<Eq<Params<typeof decoder>['repeat1']['transformerDecoderBlock12'], TransformerParams<64, 256>>>()
export const original = pipe(
  input(['time', 64]),
  transformerEncoderBlock(8, { norm: 'after', activation: 'relu', bias: true, epsilon: 1e-3 }),
  repeat(2, transformerDecoderBlock(8, { hidden: 32, keyValueHeads: 2, bias: true, norm: undefined, activation: 'geluTanh' })),
)
is<Eq<Params<typeof original>['transformerEncoderBlock1'], BiasedTransformerParams<64, 256>>>()
is<Eq<Params<typeof original>['repeat1']['transformerDecoderBlock2'], BiasedTransformerParams<64, 32, 16>>>()
export const biasedBlock = transformerEncoderBlock(8, { bias: true })
is<Eq<typeof biasedBlock, Layer<TransformerBlock<'transformerEncoderBlock', 8, null, 8, false, true>>>>()
// what takes parameters without biases takes those with them
export const without: (p: AttentionParams<64>) => Tensor<[64, 64]> = (p) => p.query
export const taken = without({} as Params<typeof biased>['attention1'])
export const blockLayer = transformerDecoderBlock(8)
is<Eq<typeof blockLayer, Layer<TransformerBlock<'transformerDecoderBlock', 8>>>>()

export const apart = pipe(input([64]), repeat(2, dense(64)))
is<Eq<Params<typeof apart>, { readonly repeat1: { readonly dense1: DenseParams<64, 64>; readonly dense2: DenseParams<64, 64> } }>>()
export const alike = pipe(input([64]), repeat(2, dense(64, 'same'), { shared: true }))
is<Eq<Params<typeof alike>, { readonly repeat1: DenseParams<64, 64> }>>()
export const labelled = pipe(input([64]), repeat(2, named('layer')(residual(dense(64))), { shared: false }))
is<Eq<keyof Params<typeof labelled>['repeat1'], 'layer1' | 'layer2'>>()
export const bare = pipe(input([64]), repeat(5, relu))
is<Eq<typeof bare, Model<[64], [64], NoParams>>>()
export const inBranches = pipe(input(['time', 8]), repeat(2, residual(addBranches(look(2), dense(8)))), concatBranches(repeat(2, look(2)), block()))
is<Eq<(typeof inBranches)['output'], ['time', 16]>>()
export const manyTimes = <N extends number>(times: N) => pipe(input([64]), repeat(times as 3, dense(64)))
export const repeatLayer = repeat(3, dense(64))
is<Eq<typeof repeatLayer, Layer<Repeat<3, Dense<64>>>>>()

// -- to another sequence, with the parameters of a layer
declare const own: AttentionParams<16>
declare const ownBiased: BiasedAttentionParams<16>
declare const ownFew: AttentionParams<16, 4>
declare const memory: Tensor<['batch', 'memory', 16]>
declare const anyMask: Tensor<[5, 7], 'bool'>
export const found = pipe(many, multiHeadAttention(own, memory, { heads: 4 }))
is<Eq<typeof found, Tensor<['batch', 5, 16]>>>()
export const foundBiased = multiHeadAttention(ownBiased, memory, { heads: 4, lengths, causal: true })(many)
is<Eq<typeof foundBiased, Tensor<['batch', 5, 16]>>>()
export const foundFew = pipe(query, multiHeadAttention(ownFew, key, { heads: 4, mask: anyMask }))
is<Eq<typeof foundFew, Tensor<[5, 16]>>>()
export const foundAmong = pipe(query, multiHeadAttention(own, memory, { heads: 1, mask: undefined }))
is<Eq<typeof foundAmong, Tensor<['batch', 5, 16]>>>()
export const foundByEach = pipe(four, multiHeadAttention(own, four, { heads: 2, lengths: each }))
is<Eq<typeof foundByEach, Tensor<['batch', 8, 'time', 16]>>>()
export const multiHead = multiHeadAttention(own, key, { heads: 2 })
is<Eq<typeof multiHead, MultiHead<[7, 16], 'f32', 16>>>()
export const crossing = <B extends Dim, T extends Dim, U extends Dim>(
  p: Params<typeof biased>['attention1'],
  x: Tensor<[B, T, 64]>,
  from: Tensor<[B, U, 64]>,
): Tensor<[B, T, 64]> => pipe(x, multiHeadAttention(p, from, { heads: 8 }))
is<Eq<ReturnType<typeof crossing<32, 'time', 'memory'>>, Tensor<[32, 'time', 64]>>>()

// -- inside masked
export const review = pipe(input([80], 'i32'), masked(0, embedding(100, 16), repeat(2, transformerEncoderBlock(4)), look(2)))
is<Eq<(typeof review)['output'], [80, 16]>>()
/** One padding in the other: both count tokens. */
export const twice = pipe(input([80], 'i32'), masked(0, masked(1, embedding(100, 16)), look(2)))
/** What keeps all elements in order keeps the steps in front. */
export const shaped = pipe(input([28, 8]), masked(0, reshape([28, 4, 2]), dense(3)))
is<Eq<(typeof shaped)['output'], [28, 4, 3]>>()

// -- drawing classes
declare const seed: Key
export const drawn = pipe({} as Tensor<['batch', 'time', 256]>, categorical(seed, { temperature: 0.8, topK: 40 }))
is<Eq<typeof drawn, Tensor<['batch', 'time'], 'i32'>>>()
export const one = categorical(seed)({} as Tensor<[10]>)
is<Eq<typeof one, Tensor<[], 'i32'>>>()
export const drawnOf = <B extends Dim>(logits: Tensor<[B, 10]>): Tensor<[B], 'i32'> => pipe(logits, categorical(seed, { topK: undefined }))

// -- what parameters are
declare const matrices: AttentionParams<64, 16>
is<Eq<typeof matrices.query, Tensor<[64, 64]>>>()
is<Eq<typeof matrices.key, Tensor<[64, 16]>>>()
is<Eq<typeof matrices.value, Tensor<[64, 16]>>>()
is<Eq<typeof matrices.output, Tensor<[64, 64]>>>()
declare const biases: BiasedAttentionParams<64, 16>
is<Eq<typeof biases.queryBias, Tensor<[64]>>>()
is<Eq<typeof biases.keyBias, Tensor<[16]>>>()
is<Eq<typeof biases.valueBias, Tensor<[16]>>>()
is<Eq<typeof biases.outputBias, Tensor<[64]>>>()
is<Eq<typeof biases.key, Tensor<[64, 16]>>>()
declare const rowsOfPlaces: PositionParams<128, 64>
is<Eq<typeof rowsOfPlaces.weight, Tensor<[128, 64]>>>()
declare const parts: TransformerParams<64, 256, 16>
is<Eq<typeof parts.attentionNorm.scale, Tensor<[64]>>>()
is<Eq<typeof parts.attention.key, Tensor<[64, 16]>>>()
is<Eq<typeof parts.feedForwardNorm.shift, Tensor<[64]>>>()
is<Eq<typeof parts.hidden.weight, Tensor<[64, 256]>>>()
is<Eq<typeof parts.output.weight, Tensor<[256, 64]>>>()
declare const biasedParts: BiasedTransformerParams<64, 256, 16>
is<Eq<typeof biasedParts.attention, BiasedAttentionParams<64, 16>>>()
is<Eq<typeof biasedParts.output.weight, Tensor<[256, 64]>>>()
