/**
 * Mistakes with recurrent layers. Above each statement stands the sentence that every compiler ends its error with and, after
 * `@`, the text under the squiggle; `~`: the words are TypeScript's own, or a second error follows from the first.
 */
import {
  bidirectional,
  block,
  concatBranches,
  conv1d,
  dense,
  dim,
  embedding,
  globalAveragePool1d,
  flatten,
  type Gru,
  type GruParams,
  gru,
  input,
  instanceNorm,
  type Layer,
  type Lstm,
  type LstmParams,
  lstm,
  masked,
  maxPool1d,
  named,
  pipe,
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
import { type LstmState, gru as runGru, lstm as runLstm, rnn as runRnn } from 'shapewright/ops'

declare const n: number
declare const text: string
declare const flag: boolean
declare const three: 3 | 4
declare const how: 'all' | 'last'
declare const joining: 'concat' | 'sum'
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const anything: any
const rows = input([28, 8])

// -- a sequence has two dims
// lstm: expected [time, features], got [784] @ lstm(16)
pipe(input([784]), lstm(16))
// gru: expected [time, features], got [] @ gru(16)
pipe(input([]), gru(16))
// rnn: expected [time, features], got [28, 28, 1] @ rnn(16)
sequential(input([28, 28, 1]), rnn(16), relu)
// lstm: expected [time, features], got [2, 3, 5, 7] @ lstm(16, { returns: 'last' })
pipe(input([2, 3, 5, 7]), lstm(16, { returns: 'last' }))
// gru: expected [time, features], got [16] @ gru(4)
pipe(rows, lstm(16, { returns: 'last' }), gru(4))
// lstm: expected [time, features], got [16] @ block(lstm(16, { returns: 'last' }), lstm(4))
pipe(rows, block(lstm(16, { returns: 'last' }), lstm(4)))
// lstm: expected f32, got i32 @ lstm(16)
pipe(input(['time', 8], 'i32'), lstm(16))
// residual: the block maps [28, 8] to [28, 16] @ residual(lstm(16))
pipe(rows, residual(lstm(16)))
// dense: expected last dim 8, got memory @ dense(8, 3)
pipe(rows, gru(dim('memory', n)), dense(8, 3))
// rnn: this layer extends a model @ rnn(3)
pipe(zeros([2, 28, 8]), rnn(3))

// -- units
// lstm: the size is not a literal; write lstm(dim('name', n)) @ lstm(n)
pipe(rows, lstm(n))
// gru: the size is not a literal; write gru(dim('name', n)) @ gru(three)
pipe(rows, gru(three))
// rnn: the size is not a literal; write rnn(dim('name', n)) @ rnn(anything)
pipe(rows, rnn(anything))
// lstm: the size is not a literal; write lstm(dim('name', n)) @ lstm(n, { returns: 'last' })
pipe(rows, lstm(n, { returns: 'last' }))
// lstm: a size must be a whole number, got -5 @ lstm(-5)
pipe(rows, lstm(-5))
// gru: a size must be a whole number, got 2.5 @ gru(2.5, 'memory')
pipe(rows, gru(2.5, 'memory'))
// rnn: a size must be below 2^53, got 9007199254740992 @ rnn(9007199254740992)
pipe(rows, rnn(9007199254740992))
// lstm: [4, 2251799813685248] has 2^53 elements or more @ lstm(2251799813685248)
pipe(rows, lstm(2251799813685248))
// ~ is not assignable to parameter of type 'Units'. @ 'words'
lstm('words')

// -- options
// lstm: there is no option 'units' @ lstm(16, { units: 4 })
pipe(rows, lstm(16, { units: 4 }))
// gru: there is no option 'forgetBias' @ gru(16, { forgetBias: 1 })
pipe(rows, gru(16, { forgetBias: 1 }))
// lstm: there is no option 'activation' @ lstm(16, { activation: 'relu' })
pipe(rows, lstm(16, { activation: 'relu' }))
// rnn: there is no option 'retruns' @ rnn(16, { retruns: 'last' })
pipe(rows, rnn(16, { retruns: 'last' }))
// lstm: returns is not a literal @ lstm(16, { returns: how })
pipe(rows, lstm(16, { returns: how }))
// gru: the name is not a literal @ gru(16, flag ? { returns: 'last' } : {})
pipe(rows, gru(16, flag ? { returns: 'last' } : {}))
// lstm: returns must be 'all' or 'last' @ lstm(16, { returns: 'first' })
pipe(rows, lstm(16, { returns: 'first' }))
// gru: returns must be 'all' or 'last' @ gru(16, { returns: text })
pipe(rows, gru(16, { returns: text }))
// rnn: returns must be 'all' or 'last' @ rnn(16, { returns: true })
pipe(rows, rnn(16, { returns: true }))
// rnn: activation must be 'tanh' or 'relu' @ rnn(16, { activation: 'sigmoid' })
pipe(rows, rnn(16, { activation: 'sigmoid' }))
// gru: reverse must be true or false @ gru(16, { reverse: 1 })
pipe(rows, gru(16, { reverse: 1 }))
// lstm: forgetBias must be a finite number @ lstm(16, { forgetBias: '1' })
pipe(rows, lstm(16, { forgetBias: '1' }))
// lstm: recurrentWeight must be an initializer @ lstm(16, { recurrentWeight: 0 })
pipe(rows, lstm(16, { recurrentWeight: 0 }))
// gru: inputWeight must be an initializer @ gru(16, { inputWeight: 'zeros' })
pipe(rows, gru(16, { inputWeight: 'zeros' }))
// rnn: bias must be an initializer @ rnn(16, { bias: false })
pipe(rows, rnn(16, { bias: false }))
// gru: recurrentBias must be an initializer @ gru(16, { recurrentBias: 1 })
pipe(rows, gru(16, { recurrentBias: 1 }))
// lstm: the name is not a literal @ lstm(16, text)
pipe(rows, lstm(16, text))
// lstm: the name is not a literal @ lstm(16, flag ? { returns: 'last' } : undefined)
pipe(rows, lstm(16, flag ? { returns: 'last' } : undefined))
// gru: the name is not a literal @ gru(16, 4)
pipe(rows, gru(16, 4))
// rnn: the name is not a literal @ rnn(16, { name: 16 })
pipe(rows, rnn(16, { name: 16 }))
// gru: a name must not be empty, a number, or have a dot, got '7' @ gru(16, { reverse: 1, name: '7' })
pipe(rows, gru(16, { reverse: 1, name: '7' }))
// rnn: a name must not be empty, a number, or have a dot, got 'a.b' @ rnn(16, { name: 'a.b' })
pipe(rows, rnn(16, { name: 'a.b' }))
// gru: the name 'memory' is already used @ gru(16, 'memory')
pipe(rows, lstm(16, 'memory'), gru(16, 'memory'))

// -- both directions
// bidirectional: expected rnn, gru or lstm, got dense @ dense(16)
pipe(rows, bidirectional(dense(16)))
// bidirectional: expected rnn, gru or lstm, got block @ block(lstm(16))
pipe(rows, bidirectional(block(lstm(16))))
// bidirectional: expected rnn, gru or lstm, got bidirectional @ bidirectional(lstm(16))
pipe(rows, bidirectional(bidirectional(lstm(16)), 'outer'))
// bidirectional: expected rnn, gru or lstm, got residual @ residual(lstm(8))
pipe(rows, bidirectional(residual(lstm(8)), { merge: 'sum' }))
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const untyped: Layer<any>
declare const either: Layer<Lstm<16, 'all'>> | Layer<Gru<16, 'all'>>
// layer: its type is any or a union, so its shape is not known @ untyped
bidirectional(untyped)
// layer: its type is any or a union, so its shape is not known @ either
bidirectional(either)
// bidirectional: expected a layer @ 'lstm'
bidirectional('lstm')
// lstm: expected [time, features], got [784] @ bidirectional(lstm(16))
pipe(input([784]), bidirectional(lstm(16)))
// lstm: the size is not a literal; write lstm(dim('name', n)) @ bidirectional(lstm(n))
pipe(rows, bidirectional(lstm(n)))
// bidirectional: [2, 4503599627370496] has 2^53 elements or more @ bidirectional(rnn(4503599627370496))
pipe(rows, bidirectional(rnn(4503599627370496)))
// bidirectional: merge is not a literal @ bidirectional(lstm(16), { merge: joining })
pipe(rows, bidirectional(lstm(16), { merge: joining }))
// bidirectional: merge must be 'concat' or 'sum' @ bidirectional(lstm(16), { merge: 'mul' })
pipe(rows, bidirectional(lstm(16), { merge: 'mul' }))
// bidirectional: there is no option 'returns' @ bidirectional(lstm(16), { returns: 'last' })
pipe(rows, bidirectional(lstm(16), { returns: 'last' }))
// bidirectional: the name is not a literal @ bidirectional(lstm(16), text)
pipe(rows, bidirectional(lstm(16), text))
// dense: expected last dim 16, got 32 @ dense(16, 3)
pipe(rows, bidirectional(lstm(16)), dense(16, 3))
// dense: expected last dim 8, got 2*memory @ dense(8, 3)
pipe(rows, bidirectional(gru(dim('memory', n), { returns: 'last' })), dense(8, 3))

// -- padding
// masked: expected i32 [time] or [time, features], got [784] @ masked(0, lstm(16))
pipe(input([784]), masked(0, lstm(16)))
// masked: expected i32 [time] or [time, features], got i32 [4, 28] @ masked(0, embedding(9, 4), lstm(16))
pipe(input([4, 28], 'i32'), masked(0, embedding(9, 4), lstm(16)))
// masked: expected i32 [time] or [time, features], got bool [28] @ masked(0, embedding(9, 4), lstm(16))
pipe(input([28], 'bool'), masked(0, embedding(9, 4), lstm(16)))
// masked: expected i32 [time] or [time, features], got [2, 3, 5, 7] @ masked(0, dense(3))
pipe(input([2, 3, 5, 7]), masked(0, dense(3)))
// masked: conv1d maps [28, 8] to [26, 4]; what is masked must keep its steps @ masked(0, conv1d({ filters: 4, kernel: 3 }), lstm(16))
pipe(rows, masked(0, conv1d({ filters: 4, kernel: 3 }), lstm(16)))
// masked: gru maps [28, 8] to [4]; what is masked must keep its steps @ masked(0, gru(4, { returns: 'last' }), dense(3))
pipe(rows, masked(0, gru(4, { returns: 'last' }), dense(3)))
// masked: block maps [28, 8] to [4]; what is masked must keep its steps @ masked(0, block(lstm(4, { returns: 'last' })))
pipe(rows, masked(0, block(lstm(4, { returns: 'last' }))))
// embedding: expected i32, got f32 @ masked(0, embedding(9, 4))
pipe(rows, masked(0, embedding(9, 4)))
// concatBranches: expected at least one branch @ masked(0, concatBranches())
pipe(rows, masked(0, concatBranches()))
// masked: expected at least one layer @ masked(0)
pipe(rows, masked(0))
// lstm: the name 'a' is already used @ lstm(4, 'a')
pipe(rows, masked(0, gru(4, 'a'), lstm(4, 'a')))
// lstm: the name 'a' is already used @ lstm(4, 'a')
pipe(rows, masked(0, gru(4, 'a'), lstm(4, 'a')), dense(9, 2))
// lstm: the name 'a' is already used @ lstm(4, 'a')
pipe(rows, masked(0, block(gru(4, 'a'), lstm(4, 'a')), dense(9, 2)))
// dense: expected last dim 9, got 4 @ masked(0, gru(4), named('out')(dense(9, 3)))
pipe(rows, masked(0, gru(4), named('out')(dense(9, 3))))

const turned = rearrange('t f -> f t')
const merged = rearrange('t f -> (t f)')
// masked: maxPool1d takes padding for steps, so it can't stand inside @ masked(0, maxPool1d(3, { stride: 1, padding: 'same' }))
pipe(rows, masked(0, maxPool1d(3, { stride: 1, padding: 'same' })))
// masked: residual takes padding for steps, so it can't stand inside @ masked(0, residual(instanceNorm()), lstm(4))
pipe(rows, masked(0, residual(instanceNorm()), lstm(4)))
// masked: softmax takes padding for steps, so it can't stand inside @ masked(0, softmax(-2))
pipe(rows, masked(0, softmax(-2)))
// masked: dense takes padding for steps, so it can't stand inside @ masked(0, reduce('t f -> t', 'max'), dense(28))
pipe(rows, masked(0, reduce('t f -> t', 'max'), dense(28)))
// dense: inside masked the steps are 28, got [8, 28] @ masked(0, block(turned, dense(28), turned))
pipe(rows, masked(0, block(turned, dense(28), turned)))
// conv1d: inside masked the steps are 28, got [8, 28] @ masked(0, block(turned, conv1d({ filters: 28, kernel: 1 }), turned))
pipe(rows, masked(0, block(turned, conv1d({ filters: 28, kernel: 1 }), turned)))
// masked: rearrange takes padding for steps, so it can't stand inside @ masked(0, turned)
pipe(input([8, 8]), masked(0, turned))
// masked: flatten maps [28, 8] to [224]; what is masked must keep its steps @ masked(0, block(flatten, rearrange('(f t) -> t f', { f: 8 })))
pipe(rows, masked(0, block(flatten, rearrange('(f t) -> t f', { f: 8 }))))
// masked: rearrange takes padding for steps, so it can't stand inside @ masked(0, block(merged, rearrange('(f t) -> t f', { f: 8 })))
pipe(rows, masked(0, block(merged, rearrange('(f t) -> t f', { f: 8 }))))
// masked: globalAveragePool1d takes padding for steps, so it can't stand inside @ masked(0, globalAveragePool1d)
pipe(input([8, 8]), masked(0, globalAveragePool1d))
// lstm: inside masked the steps are 28, got [8, 28] @ masked(0, block(turned, lstm(28), turned))
pipe(rows, masked(0, block(turned, lstm(28), turned)))
// gru: inside masked the steps are 28, got [8, 28] @ masked(0, concatBranches(named('a')(named('b')(block(turned, gru(28), turned))), rnn(3)))
pipe(rows, masked(0, concatBranches(named('a')(named('b')(block(turned, gru(28), turned))), rnn(3))))
// bidirectional: inside masked the steps are 28, got [8, 28] @ masked(0, relu, residual(block(turned, bidirectional(rnn(14)), turned)))
pipe(rows, masked(0, relu, residual(block(turned, bidirectional(rnn(14)), turned))))
// gru: inside masked the steps are 28, got [8, 28] @ masked(0, concatBranches(rnn(3), block(turned, gru(28), turned), dense(2)))
pipe(rows, masked(0, concatBranches(rnn(3), block(turned, gru(28), turned), dense(2))))
// residual: inside masked the steps are 28, got [8, 28] @ masked(0, block(turned, residual(lstm(28)), turned))
pipe(rows, masked(0, block(turned, residual(lstm(28)), turned)))

// -- on tensors: weights that fit each other
declare const x: Tensor<['batch', 28, 8]>
declare const memory: LstmParams<8, 16>
declare const gates: GruParams<8, 16>
declare const weights: RnnParams<8, 16>
declare const lengths: Tensor<['batch'], 'i32'>
declare const before: Tensor<['batch', 16]>
// lstm: expected recurrentWeight [hidden, 4*hidden], got no tensor @ { inputWeight: zeros([8, 64]), bias: zeros([64]) }
runLstm({ inputWeight: zeros([8, 64]), bias: zeros([64]) })
// lstm: expected recurrentWeight [16, 64], got [16, 48] @ gates
runLstm(gates)
// gru: expected recurrentWeight [16, 48], got [16, 64] @ memory
runGru(memory)
// rnn: expected recurrentWeight [hidden, hidden], got [16] @ { ...weights, recurrentWeight: zeros([16]) }
runRnn({ ...weights, recurrentWeight: zeros([16]) })
// lstm: expected inputWeight [8, 64], got [8, 48] @ { ...memory, inputWeight: zeros([8, 48]) }
runLstm({ ...memory, inputWeight: zeros([8, 48]) })
// gru: expected inputWeight [features, 48], got [8] @ { ...gates, inputWeight: zeros([8]) }
runGru({ ...gates, inputWeight: zeros([8]) })
// rnn: expected inputWeight [features, 16], got no tensor @ { recurrentWeight: zeros([16, 16]), bias: zeros([16]) }
runRnn({ recurrentWeight: zeros([16, 16]), bias: zeros([16]) })
// lstm: expected bias [64], got [16] @ { ...memory, bias: zeros([16]) }
runLstm({ ...memory, bias: zeros([16]) }, { reverse: true })
// lstm: expected bias [64], got i32 [64] @ { ...memory, bias: zeros([64], 'i32') }
runLstm({ ...memory, bias: zeros([64], 'i32') })
// lstm: expected bias [64], got no tensor @ { ...memory, bias: 64 }
runLstm({ ...memory, bias: 64 })
// gru: expected recurrentBias [16], got no tensor @ { inputWeight: zeros([8, 48]), recurrentWeight: zeros([16, 48]), bias: zeros([48]) }
runGru({ inputWeight: zeros([8, 48]), recurrentWeight: zeros([16, 48]), bias: zeros([48]) })
// lstm: expected recurrentWeight [memory, 4*memory], got [memory, 64] @ { ...memory, recurrentWeight: zeros(['memory', 64]) }
runLstm({ ...memory, recurrentWeight: zeros(['memory', 64]) })
// rnn: expected recurrentWeight [hidden, hidden], got no tensor @ x
runRnn(x)

// -- and what they are given
// lstm: expected [batch, time, features], got [28, 8] @ runLstm(memory)
pipe(zeros([28, 8]), runLstm(memory))
// gru: expected [batch, time, features], got [2, 3, 28, 8] @ runGru(gates)
pipe(zeros([2, 3, 28, 8]), runGru(gates))
// rnn: expected [batch, time, features], got [] @ zeros([])
runRnn(weights)(zeros([]))
// rnn: expected 8 features, got 9 @ runRnn(weights)
pipe(zeros([2, 28, 9]), runRnn(weights))
// lstm: expected f32, got i32 @ runLstm(memory)
pipe(zeros([2, 28, 8], 'i32'), runLstm(memory))
// gru: expected initial [batch, 16], got [16] @ runGru(gates, { initial: zeros([16]) })
pipe(x, runGru(gates, { initial: zeros([16]) }))
// gru: expected initial [2, 16], got [batch, 16] @ runGru(gates, { initial: before })
pipe(zeros([2, 28, 8]), runGru(gates, { initial: before }))
// rnn: expected initial [batch, 16], got i32 [batch, 16] @ runRnn(weights, { initial: zeros(['batch', 16], 'i32') })
pipe(x, runRnn(weights, { initial: zeros(['batch', 16], 'i32') }))
declare const longer: LstmState<'batch', 9>
// lstm: expected initial.hidden [batch, 16], got [batch, 9] @ runLstm(memory, { initial: longer })
pipe(x, runLstm(memory, { initial: longer }))
// lstm: expected initial.cell [batch, 16], got [1, 16] @ runLstm(memory, { initial: { hidden: before, cell: zeros([1, 16]) } })
pipe(x, runLstm(memory, { initial: { hidden: before, cell: zeros([1, 16]) } }))
// lstm: expected lengths i32 [batch], got [batch] @ runLstm(memory, { lengths: zeros(['batch']) })
pipe(x, runLstm(memory, { lengths: zeros(['batch']) }))
// lstm: expected lengths i32 [2], got i32 [batch] @ runLstm(memory, { lengths })
pipe(zeros([2, 28, 8]), runLstm(memory, { lengths }))
// gru: there is no option 'mask' @ runGru(gates, { mask: lengths })
pipe(x, runGru(gates, { mask: lengths }))
// gru: there is no option 'activation' @ runGru(gates, { activation: 'relu' })
pipe(x, runGru(gates, { activation: 'relu' }))
// rnn: activation must be 'tanh' or 'relu' @ runRnn(weights, { activation: 'sigmoid' })
pipe(x, runRnn(weights, { activation: 'sigmoid' }))
// lstm: reverse must be true or false @ runLstm(memory, { reverse: 1 })
pipe(x, runLstm(memory, { reverse: 1 }))
// lstm: initial must be the state before the first step @ runLstm(memory, { initial: before })
pipe(x, runLstm(memory, { initial: before }))
// gru: lengths must be a tensor @ runGru(gates, { lengths: 28 })
pipe(x, runGru(gates, { lengths: 28 }))
// lstm: expected one record of options, as { reverse: true } @ runLstm(memory, 'reverse')
pipe(x, runLstm(memory, 'reverse'))
// ~ is not assignable to type 'Tensor<["batch", 28, 8], "f32">'. @ wrong
export const wrong: Tensor<['batch', 28, 8]> = pipe(x, runLstm(memory))[0]
