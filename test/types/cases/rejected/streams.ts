/** Mistakes in what data sets become: mapped, joined, weighted, read. The comments are those of `layers.ts`. */
import {
  type ByteSource,
  type Classes,
  cast,
  type Dataset,
  dataset,
  dense,
  fit,
  flatten,
  greater,
  input,
  key,
  mean,
  pipe,
  relu,
  reshape,
  type StreamedDataset,
  samples,
  sgd,
  softmaxCrossEntropy,
  streamArrays,
  type Tensor,
  type Typed,
  zeros,
} from 'shapewright'

declare const images: Dataset<[28, 28, 1], Classes<10>>
declare const letters: Dataset<[784], Classes<26>>
declare const points: Dataset<[3], [2]>
declare const named: Dataset<['batch', 3], [1]>
declare const stream: StreamedDataset<[28, 28, 1], Classes<10>>
declare const streamed: StreamedDataset<[784], Classes<26>>
declare const targets: StreamedDataset<[3], Classes<4, ['batch']>>
declare const tokens: Dataset<Typed<['batch'], 'i32'>, [1]>
declare const words: Dataset<Typed<[8], 'i32'>, Classes<2>>
declare const long: Dataset<Typed<[9], 'i32'>, Classes<2>>
declare const file: ByteSource
declare const n: number
declare const counts: Tensor<[3], 'i32'>
const rest = { loss: softmaxCrossEntropy, optimizer: sgd({ learningRate: 0.1 }), batchSize: 32, epochs: 10, key: key(0) }

// -- map
// map: the inputs must have the dim batch in front and nowhere else, got [28, 28, 1] @ pipe(x, mean(0))
images.map((x, y) => [pipe(x, mean(0)), y])
// map: the targets must have the dim batch in front and nowhere else, got i32 [3] @ counts
images.map((x) => [x, counts])
// map: the targets are no tensor @ 3
images.map((x) => [x, 3])
// map: the inputs are bool [batch, 28, 28, 1], cast them to f32 @ pipe(x, greater(0.5))
images.map((x, y) => [pipe(x, greater(0.5)), y])
// map: the targets are i32 [batch, 2]; say in the options how many classes there are @ pipe(y, cast('i32'))
points.map((x, y) => [x, pipe(y, cast('i32'))])
// map: class numbers are i32, the targets are [batch, 3] @ x
points.map((x) => [x, x], { classes: 3 })
// map: the number of classes must be a literal from 1 on @ y
images.map((x, y) => [x, y], { classes: n })
// map: the number of classes must be a literal from 1 on @ y
images.map((x, y) => [x, y], { classes: 0 })
// map: a dim of the samples is named 'batch', as the one in front of them is @ () => [zeros(['batch', 3]), zeros(['batch', 1])]
named.map(() => [zeros(['batch', 3]), zeros(['batch', 1])])
// map: a dim of the samples is named 'batch', as the one in front of them is @ () => [zeros(['batch', 3]), zeros(['batch', 1])]
targets.map(() => [zeros(['batch', 3]), zeros(['batch', 1])])
// map: a dim of the samples is named 'batch', as the one in front of them is @ () => [zeros(['batch', 3]), zeros(['batch', 1])]
tokens.map(() => [zeros(['batch', 3]), zeros(['batch', 1])])
// reshape: [batch, 28, 28, 1] has 784*batch elements, [28, 27] has 756 @ reshape([28, 27])
images.map((x, y) => [pipe(x, reshape([28, 27])), y])
// map: the inputs must have the dim batch in front and nowhere else, got [batch, batch] @ zeros(['batch', 'batch'])
stream.map((_, y) => [zeros(['batch', 'batch']), y])
// map: the inputs are bool [batch, 784], cast them to f32 @ pipe(x, flatten, greater(0.5))
stream.map((x, y) => [pipe(x, flatten, greater(0.5)), y])

// -- concat
// concat: the samples are [28, 28, 1] with targets 10 classes, those of the other set [784] with 26 classes @ letters
images.concat(letters)
// concat: the samples are [784] with targets 26 classes, those of the other set [28, 28, 1] with 10 classes @ stream
streamed.concat(stream)
// concat: the samples are i32 [8] with targets 2 classes, those of the other set i32 [9] with 2 classes @ long
words.concat(long)

// -- files of arrays, and batches
// streamArrays: a size is not a literal; write dim('name', n) @ streamArrays({ inputs: { file, shape: [n] }, targets: { file, classes: 3 } })
relu(streamArrays({ inputs: { file, shape: [n] }, targets: { file, classes: 3 } }))
// streamArrays: a size is not a literal; write dim('name', n) @ streamArrays({ inputs: { file, shape: [3] }, targets: { file, shape: [n] } })
relu(streamArrays({ inputs: { file, shape: [3] }, targets: { file, shape: [n] } }))
// ~ Type 'Refusal<"streamArrays: a size is not a literal; write dim('name', n)">' has no call signatures @ streamArrays({ inputs: { file, shape: [n], as: 'tokens' }, targets: { file, classes: 3 } })
streamArrays({ inputs: { file, shape: [n], as: 'tokens' }, targets: { file, classes: 3 } })()
// ~ Type 'Refusal<"streamArrays: a size is not a literal; write dim('name', n)">' has no call signatures @ streamArrays({ inputs: { file, shape: [n] }, targets: { file, classes: 2 } })
streamArrays({ inputs: { file, shape: [n] }, targets: { file, classes: 2 } })()
// ~ Type 'Refusal<"streamArrays: a size is not a literal; write dim('name', n)">' has no call signatures @ streamArrays({ inputs: { file, shape: [2] }, targets: { file, shape: [n] } })
streamArrays({ inputs: { file, shape: [2] }, targets: { file, shape: [n] } })()
// batches: the size is not a literal; write batches(dim('name', n)) @ points.batches(n)
relu(points.batches(n))

// -- weights
// dataset: a weight is one number a sample, got [1] @ weights
dataset(zeros([4, 2]), zeros([4, 1]), { weights: samples([1], [1]) })
// dataset: 4 inputs and 3 weights @ weights
dataset(zeros([4, 2]), zeros([4, 1]), { weights: zeros([3]) })

// -- fit
// fit: the model takes [784], the samples are [28, 28, 1] @ data
fit(pipe(input([784]), dense(10)), { data: stream, ...rest })
// fit: the loss compares 10 classes, the data set has 26 @ data
fit(pipe(input([784]), dense(10)), { data: streamed, ...rest })
