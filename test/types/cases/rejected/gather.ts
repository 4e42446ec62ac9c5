/**
 * Mistakes with indices. Above each statement stands the sentence that every compiler ends its error with and, after `@`,
 * the text under the squiggle; `~`: the words are TypeScript's own, or a second error follows from the first.
 */
import {
  block,
  type Classes,
  classes,
  type Dataset,
  type Dim,
  dataset,
  dense,
  dim,
  embedding,
  evaluate,
  fit,
  gather,
  input,
  type Key,
  named,
  pipe,
  predict,
  relu,
  residual,
  sequential,
  sgd,
  softmaxCrossEntropy,
  type Tensor,
  type Typed,
  zeros,
} from 'shapewright'
import { embedding as rowsOf } from 'shapewright/ops'

declare const n: number
declare const text: string
declare const three: 3 | 4
declare const axis: 0 | 1
// biome-ignore lint/suspicious/noExplicitAny: what comes from untyped code
declare const anything: any
declare const key: Key
declare const point: Tensor<[]>
declare const line: Tensor<[10]>
declare const table: Tensor<[10, 4]>
declare const named4: Tensor<['batch', 'time', 5, 7]>
declare const one: Tensor<[], 'i32'>
declare const ids: Tensor<['batch'], 'i32'>
declare const grid: Tensor<['batch', 6], 'i32'>
declare const floats: Tensor<['batch']>
declare const flags: Tensor<['batch', 6], 'bool'>

// -- indices are i32
// gather: expected i32, got f32 @ floats
gather(floats)
// gather: expected i32, got f32 @ floats
pipe(table, gather(floats))
// gather: expected i32, got bool @ flags
pipe(table, gather(flags, 1))
// gather: expected i32, got f32 @ line
pipe(named4, gather(line, 2))

// -- the axis is one of them
// gather: axis 0 is out of range for [] @ gather(ids)
pipe(point, gather(ids))
// gather: axis 1 is out of range for [10] @ gather(ids, 1)
pipe(line, gather(ids, 1))
// gather: axis -2 is out of range for [10] @ gather(ids, -2)
pipe(line, gather(ids, -2))
// gather: axis 2 is out of range for [10, 4] @ gather(grid, 2)
pipe(table, gather(grid, 2))
// gather: axis -3 is out of range for [10, 4] @ gather(grid, -3)
pipe(table, gather(grid, -3))
// gather: axis 4 is out of range for [batch, time, 5, 7] @ gather(ids, 4)
pipe(named4, gather(ids, 4))
// gather: axis -5 is out of range for [batch, time, 5, 7] @ gather(grid, -5)
pipe(named4, gather(grid, -5))
// gather: axis 0.5 is out of range for [10, 4] @ gather(ids, 0.5)
pipe(table, gather(ids, 0.5))
// gather: axis 1 is out of range for [10] @ line
gather(ids, 1)(line)
// ~ gather: axis 2 is out of range for [${ShowDim<B>}, 10] @ gather(ids, 2)
export const helper = <B extends Dim>(x: Tensor<[B, 10]>) => pipe(x, gather(ids, 2))

// -- and a literal
// gather: the axis is not a literal @ gather(ids, n)
pipe(table, gather(ids, n))
// gather: the axis is not a literal @ gather(ids, axis)
pipe(table, gather(ids, axis))
// gather: the axis is not a literal @ gather(ids, anything)
pipe(table, gather(ids, anything))

// -- the result is what it is
// ~ is not assignable to type 'Tensor<["batch", 6], "f32">'. @ wrong
export const wrong: Tensor<['batch', 6]> = pipe(table, gather(grid))

// -- sizes of a table
// embedding: the size is not a literal; write embedding(dim('name', n)) @ embedding(n, 8)
pipe(input(['time'], 'i32'), embedding(n, 8))
// embedding: the size is not a literal; write embedding(dim('name', n)) @ embedding(100, n)
pipe(input(['time'], 'i32'), embedding(100, n))
// embedding: the size is not a literal; write embedding(dim('name', n)) @ embedding(three, 8)
pipe(input(['time'], 'i32'), embedding(three, 8))
// embedding: the size is not a literal; write embedding(dim('name', n)) @ embedding(100, three)
pipe(input(['time'], 'i32'), embedding(100, three))
// embedding: the size is not a literal; write embedding(dim('name', n)) @ embedding(100, anything)
pipe(input(['time'], 'i32'), embedding(100, anything))
// embedding: a size must be a whole number, got -1 @ embedding(-1, 8)
pipe(input(['time'], 'i32'), embedding(-1, 8))
// embedding: a size must be a whole number, got 2.5 @ embedding(100, 2.5)
pipe(input(['time'], 'i32'), embedding(100, 2.5))
// ~ is not assignable to parameter of type 'Units'. @ 'words'
embedding('words', 8)

// -- what it takes, and what takes what it gives
// embedding: expected i32, got f32 @ embedding(100, 8)
pipe(input([4]), embedding(100, 8))
// embedding: expected i32, got bool @ embedding(100, 8)
pipe(input([4], 'bool'), embedding(100, 8))
// embedding: expected i32, got f32 @ embedding(100, 8)
pipe(input([4], 'i32'), embedding(100, 8), embedding(100, 8))
// embedding: expected i32, got f32 @ embedding(100, 8)
sequential(input([4, 2]), dense(3), embedding(100, 8), relu)
// embedding: expected i32, got f32 @ block(embedding(100, 8), dense(3))
pipe(input([2, 3, 5, 7]), block(embedding(100, 8), dense(3)))
// embedding: expected i32, got f32 @ named('stem')(embedding(100, 8))
pipe(input([4]), named('stem')(embedding(100, 8)))
// dense: expected last dim 9, got 8 @ dense(9, 3)
pipe(input(['time'], 'i32'), embedding(100, 8), dense(9, 3))
// dense: expected last dim 9, got features @ dense(9, 3)
pipe(input(['time'], 'i32'), embedding(100, dim('features', n)), dense(9, 3))
// residual: expected f32, got i32 @ residual(embedding(100, 8))
pipe(input([4], 'i32'), residual(embedding(100, 8)))
// embedding: this layer extends a model @ table
embedding(100, 8)(table)

// -- names and options
// dense: the name 'tokens' is already used @ dense(8, 'tokens')
pipe(input([4], 'i32'), embedding(100, 8, 'tokens'), dense(8, 'tokens'))
// embedding: the name is not a literal @ embedding(100, 8, text)
pipe(input([4], 'i32'), embedding(100, 8, text))
// embedding: there is no option 'wieght' @ embedding(100, 8, { wieght: 1 })
pipe(input([4], 'i32'), embedding(100, 8, { wieght: 1 }))
// embedding: a name must not be empty, a number, or have a dot, got 'a.b' @ embedding(100, 8, 'a.b')
pipe(input([4], 'i32'), embedding(100, 8, 'a.b'))

// -- the model that it makes
const words = pipe(input(['time'], 'i32'), embedding(100, 8, 'tokens'))
// apply: the model takes samples of i32 [time], x is bool [batch, 6] @ flags
words.apply(words.init(key), flags)
// apply: params.tokens.weight is [100, 9], the model has [100, 8] @ weight
words.apply({ tokens: { weight: {} as Tensor<[100, 9]> } }, {} as Tensor<['batch', 'time'], 'i32'>)

// -- data sets of tokens
const tagger = pipe(input([4], 'i32'), embedding(100, 8), dense(5))
const options = { loss: softmaxCrossEntropy, optimizer: sgd({ learningRate: 0.1 }), batchSize: 2, epochs: 1, key }
const params = tagger.init(key)
declare const floatSamples: Dataset<[4], Classes<5, [4]>>
declare const tokenSamples: Dataset<Typed<[4], 'i32'>, Classes<5, [4]>>
declare const longer: Dataset<Typed<[6], 'i32'>, Classes<5, [4]>>
declare const counted: Dataset<Classes<100, [6]>, Classes<5, [4]>>
declare const rated: Dataset<Classes<100, [4]>, [4]>
declare const numbers: number[]
// fit: the model takes i32 [4], the samples are [4] @ data
fit(tagger, { data: floatSamples, ...options })
// fit: the model takes i32 [4], the samples are i32 [6] @ data
fit(tagger, { data: longer, ...options })
// fit: the model takes i32 [4], the samples are i32 [6] @ data
fit(tagger, { data: counted, ...options })
// fit: the model takes i32 [4], the samples are i32 [6] @ validation
fit(tagger, { data: tokenSamples, validation: longer, ...options })
// fit: the model takes [4], the samples are i32 [4] @ data
fit(pipe(input([4]), dense(5)), { data: tokenSamples, ...options })
// fit: the loss compares 5 classes a position of [4], the data set has [4] @ data
fit(tagger, { data: rated, ...options })
// evaluate: the model takes i32 [4], the samples are [4] @ data
evaluate(tagger, { params, data: floatSamples, loss: softmaxCrossEntropy })
// predict: the model takes i32 [4], the samples are [4] @ inputs
predict(tagger, { params, inputs: zeros([2, 4]) })
// predict: the model takes i32 [4], the samples are i32 [6] @ inputs
predict(tagger, { params, inputs: grid })
// predict: the model takes [4], the samples are i32 [4] @ inputs
predict(pipe(input([4]), dense(5, 'out')), { params: { out: { weight: zeros([4, 5]), bias: zeros([5]) } }, inputs: zeros([2, 4], 'i32') })
// dataset: expected f32 or i32 rows, got bool [batch, 6] @ flags
dataset(flags, classes(numbers, 2))
// dataset: expected f32 or i32 rows, got i32 [] @ one
dataset(one, classes(numbers, 2))
// dataset: expected f32 rows or classes(...), got i32 [batch, 6] @ grid
dataset(grid, grid)
// dataset: 4 inputs and 3 targets @ zeros([3, 1])
dataset(zeros([4, 2], 'i32'), zeros([3, 1]))

// -- on tensors
// embedding: expected a table [vocabulary, features], got [10] @ line
rowsOf(line)
// embedding: expected a table [vocabulary, features], got [] @ point
pipe(ids, rowsOf(point))
// embedding: expected a table [vocabulary, features], got [batch, time, 5, 7] @ named4
pipe(grid, rowsOf(named4))
// embedding: expected i32, got f32 @ rowsOf(table)
pipe(floats, rowsOf(table))
// embedding: expected i32, got bool @ flags
rowsOf(table)(flags)
