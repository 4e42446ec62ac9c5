/** Recurrent layers and their operations on tensors: exact shapes and parameters, options in every form, helpers generic in a size. */
import {
  type Bidirectional,
  type BidirectionalParams,
  batchNorm,
  bidirectional,
  block,
  concatBranches,
  conv1d,
  type DenseParams,
  type Dim,
  dense,
  dim,
  type EmbeddingParams,
  embedding,
  type Gru,
  type GruParams,
  gru,
  initializers,
  input,
  type Layer,
  type Lstm,
  type LstmParams,
  lstm,
  type Masked,
  type Model,
  masked,
  named,
  type Params,
  pipe,
  type Rnn,
  type RnnParams,
  rearrange,
  reduce,
  relu,
  residual,
  rnn,
  sequential,
  softmax,
  type Tensor,
  zeros,
} from 'shapewright'
import * as ops from 'shapewright/ops'
import { type LstmState, type Recurrence, gru as runGru, lstm as runLstm, rnn as runRnn } from 'shapewright/ops'
import { type Eq, is } from '../eq.ts'

declare const n: number
declare const flag: boolean

// -- all steps, or the last
export const all = pipe(input([28, 8]), lstm(16))
is<Eq<typeof all, Model<[28, 8], [28, 16], { lstm1: LstmParams<8, 16> }>>>()
export const last = pipe(input([28, 8]), lstm(16, { returns: 'last' }))
is<Eq<typeof last, Model<[28, 8], [16], { lstm1: LstmParams<8, 16> }>>>()
export const steps = pipe(input(['time', 8]), rnn(4, { returns: 'all', name: 'memory' }))
is<Eq<typeof steps, Model<['time', 8], ['time', 4], { memory: RnnParams<8, 4> }>>>()
export const stacked = pipe(input([dim('time', n), 8]), gru(16, 'first'), gru(4, { name: 'second', returns: 'last' }), dense(2))
is<Eq<(typeof stacked)['output'], [2]>>()
is<
  Eq<
    Params<typeof stacked>,
    { readonly first: GruParams<8, 16>; readonly second: GruParams<16, 4>; readonly dense1: DenseParams<4, 2> }
  >
>()
export const sized = pipe(input([28, dim('features', n)]), lstm(dim('memory', n)), gru(dim('memory', n), { returns: 'last' }))
is<
  Eq<
    Params<typeof sized>,
    { readonly lstm1: LstmParams<'features', 'memory'>; readonly gru1: GruParams<'memory', 'memory'> }
  >
>()
is<Eq<(typeof sized)['output'], ['memory']>>()
export const none = pipe(input([0, 8]), rnn(0))
is<Eq<(typeof none)['output'], [0, 0]>>()

// -- what their parameters are
is<Eq<RnnParams<8, 4>['inputWeight'], Tensor<[8, 4]>>>()
is<Eq<RnnParams<8, 4>['bias'], Tensor<[4]>>>()
is<Eq<GruParams<8, 4>['bias'], Tensor<[12]>>>()
is<Eq<GruParams<8, 4>['inputWeight'], Tensor<[8, 12]>>>()
is<Eq<GruParams<8, 4>['recurrentBias'], Tensor<[4]>>>()
is<Eq<LstmParams<8, 4>['recurrentWeight'], Tensor<[4, 16]>>>()
is<Eq<LstmParams<'features', 'memory'>['bias'], Tensor<['4*memory']>>>()
is<Eq<GruParams<'features', 'memory'>['inputWeight'], Tensor<['features', '3*memory']>>>()

// -- layers are values, with options in every form
export const plain = lstm(16)
is<Eq<typeof plain, Layer<Lstm<16, 'all'>>>>()
export const short = gru(16, { returns: 'last', reverse: true })
is<Eq<typeof short, Layer<Gru<16, 'last'>>>>()
export const simple = rnn(16, { activation: 'relu', reverse: flag, inputWeight: undefined })
is<Eq<typeof simple, Layer<Rnn<16, 'all'>>>>()
export const called = lstm(16, 'memory')
is<Eq<typeof called, Layer<Lstm<16, 'all'> & { label: 'memory' }>>>()
export const started = lstm(16, { forgetBias: 0, recurrentWeight: initializers.orthogonal, bias: initializers.zeros })
export const scaled = gru(16, { recurrentBias: initializers.ones, inputWeight: (shape, key, sizes) => initializers.normal()(shape, key, sizes) })
export const sizedBy = <H extends number>(units: H) => pipe(input([9, 8]), lstm(units as 16))
const options = { returns: 'last', name: 'memory' } as const
export const spread = pipe(input([9, 8]), lstm(16, { ...options, reverse: true }))
is<Eq<typeof spread, Model<[9, 8], [16], { memory: LstmParams<8, 16> }>>>()

// -- among other layers
export const inBlock = pipe(input([9, 8]), block(rnn(16), relu, gru(4)), sequentialTail())
function sequentialTail() {
  return dense(3)
}
is<Eq<(typeof inBlock)['output'], [9, 3]>>()
export const around = pipe(input([9, 8]), residual(lstm(8)), concatBranches(gru(4), rnn(2)))
is<Eq<(typeof around)['output'], [9, 6]>>()
export const row = sequential(input(['time'], 'i32'), embedding(100, 8), named('memory')(lstm(16, { returns: 'last' })), dense(2))
is<Eq<(typeof row)['output'], [2]>>()

// -- both directions
export const both = pipe(input([28, 8]), bidirectional(lstm(16)))
is<Eq<typeof both, Model<[28, 8], [28, 32], { bidirectional1: BidirectionalParams<LstmParams<8, 16>> }>>>()
export const ends = pipe(input(['time', 8]), bidirectional(gru(16, { returns: 'last' }), 'ends'))
is<Eq<typeof ends, Model<['time', 8], [32], { ends: BidirectionalParams<GruParams<8, 16>> }>>>()
export const summed = pipe(input([28, 8]), bidirectional(rnn(16), { merge: 'sum' }), bidirectional(named('inner')(rnn(3)), { name: 'b' }))
is<
  Eq<
    Params<typeof summed>,
    { readonly bidirectional1: BidirectionalParams<RnnParams<8, 16>>; readonly b: BidirectionalParams<RnnParams<16, 3>> }
  >
>()
export const doubled = pipe(input([28, 8]), bidirectional(lstm(dim('memory', n))), dense(3))
is<Eq<Params<typeof doubled>['dense1'], DenseParams<'2*memory', 3>>>()
export const direction = bidirectional(lstm(16), { merge: 'sum', name: 'b' })
is<Eq<typeof direction, Layer<Bidirectional<Lstm<16, 'all'>, 'sum'> & { label: 'b' }>>>()
export const renamed = pipe(input([28, 8]), named('a')(bidirectional(named('b')(gru(4, 'c')))))
is<Eq<Params<typeof renamed>, { readonly a: BidirectionalParams<GruParams<8, 4>> }>>()
export const labelled = bidirectional(lstm(16), 'ends')
is<Eq<typeof labelled, Layer<Bidirectional<Lstm<16, 'all'>, 'concat'> & { label: 'ends' }>>>()

// -- padding
export const review = pipe(input([80], 'i32'), masked(0, embedding(100, 8), bidirectional(lstm(16, { returns: 'last' }))), dense(2))
is<
  Eq<
    Params<typeof review>,
    {
      readonly masked1: { readonly embedding1: EmbeddingParams<100, 8>; readonly bidirectional1: BidirectionalParams<LstmParams<8, 16>> }
      readonly dense1: DenseParams<32, 2>
    }
  >
>()
export const tagger = pipe(input(['time'], 'i32'), masked(0, embedding(100, 8), lstm(16), relu, dense(3)))
is<Eq<(typeof tagger)['output'], ['time', 3]>>()
export const measured = pipe(input(['time', 8]), named('m')(masked(-1, gru(4), named('last')(rnn(2, { name: 'l', returns: 'last' })))))
is<Eq<typeof measured, Model<['time', 8], [2], { m: { readonly gru1: GruParams<8, 4>; readonly last: RnnParams<4, 2> } }>>>()
export const lastOfGru = pipe(input(['time', 8]), masked(0, relu, gru(2, { returns: 'last' })))
is<Eq<(typeof lastOfGru)['output'], [2]>>()
export const side = pipe(input(['time', 8]), masked(0, concatBranches(lstm(4), dense(3), gru(2)), dense(5)))
is<Eq<(typeof side)['output'], ['time', 5]>>()
export const convolved = pipe(
  input(['time', 8]),
  masked(0, conv1d({ filters: 8, kernel: 3, padding: 'same' }), batchNorm(), softmax(-1), rearrange('t (a b) -> t (b a)', { a: 2 }), masked(1, gru(2))),
)
is<Eq<(typeof convolved)['output'], ['time', 2]>>()
export const squarely = pipe(
  input([8, 8]),
  masked(0, reduce('t (f p) -> t f', 'max', { p: 2 }), residual(dense(4)), block(rearrange('t f -> f t'), relu, rearrange('f t -> t f'))),
)
is<Eq<(typeof squarely)['output'], [8, 4]>>()
export const padded = masked(0, lstm(4))
is<Eq<typeof padded, Layer<Masked<[Lstm<4, 'all'>]>>>>()

// -- on tensors
declare const x: Tensor<['batch', 28, 8]>
declare const memory: LstmParams<8, 16>
declare const gates: GruParams<8, 16>
declare const weights: RnnParams<8, 16>
declare const lengths: Tensor<['batch'], 'i32'>
declare const before: Tensor<['batch', 16]>
export const [outputs, state] = pipe(x, runLstm(memory))
is<Eq<typeof outputs, Tensor<['batch', 28, 16]>>>()
is<Eq<typeof state, LstmState<'batch', 16>>>()
export const [updated, final] = runGru(gates, { initial: before, lengths, reverse: true })(x)
is<Eq<typeof updated, Tensor<['batch', 28, 16]>>>()
is<Eq<typeof final, Tensor<['batch', 16]>>>()
export const [, carried] = pipe(x, runLstm(memory, { initial: state, lengths, reverse: flag }))
is<Eq<typeof carried.cell, Tensor<['batch', 16]>>>()
export const rectified = runRnn(weights, { activation: 'relu' })(zeros([4, 3, 8]))
is<Eq<typeof rectified, readonly [all: Tensor<[4, 3, 16]>, last: Tensor<[4, 16]>]>>()
export const byHand = runLstm({ inputWeight: zeros([2, 12]), recurrentWeight: zeros([3, 12]), bias: zeros([12]) })
is<Eq<typeof byHand, Recurrence<'lstm', 2, 3, Readonly<Record<never, never>>>>>()
export const symbolic = runGru({} as GruParams<'features', 'memory'>)(zeros(['batch', 'time', 'features']))
is<Eq<(typeof symbolic)[0], Tensor<['batch', 'time', 'memory']>>>()
export const maybe = runGru(gates, { initial: flag ? before : undefined, lengths: undefined })(x)
is<Eq<(typeof maybe)[1], Tensor<['batch', 16]>>>()
export const batched = <B extends Dim>(sequence: Tensor<[B, 28, 8]>): Tensor<[B, 16]> => runGru(gates)(sequence)[1]
export const lasting = <B extends Dim>(sequence: Tensor<[B, 'time', 8]>, from: LstmState<B, 16>): Tensor<[B, 'time', 16]> =>
  pipe(sequence, runLstm(memory, { initial: from }))[0]
export const anySize = <F extends Dim, H extends Dim>(own: RnnParams<F, H>, sequence: Tensor<[4, 3, F]>): Tensor<[4, H]> =>
  runRnn(own)(sequence)[1]
export const anyGates = <F extends Dim, H extends Dim>(own: LstmParams<F, H>, sequence: Tensor<[4, 3, F]>) => ops.lstm(own)(sequence)
is<Eq<ReturnType<typeof anyGates<5, 6>>, readonly [all: Tensor<[4, 3, 6]>, last: LstmState<4, 6>]>>()
