/** Data sets that are mapped, filtered, joined, cut into batches, weighted, and read a block at a time. */
import {
  argmax,
  bytesSource,
  type Classes,
  cast,
  type CompileError,
  type Dataset,
  type DataError,
  dataset,
  dense,
  dim,
  equal,
  evaluate,
  fit,
  flatten,
  input,
  key,
  type MapError,
  matmul,
  meanSquaredError,
  pipe,
  relu,

  type StreamedDataset,
  samples,
  sgd,
  softmaxCrossEntropy,
  streamArrays,
  type Tensor,
  type Typed,
  zeros,
} from 'shapewright'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type Eq, is } from '../eq.ts'

declare const images: Dataset<[28, 28, 1], Classes<10>>
declare const stream: StreamedDataset<[28, 28, 1], Classes<10>>
declare const sentences: Dataset<['time', 4], Classes<5, ['time']>>
declare const weight: Tensor<[784, 16]>
declare const points: Dataset<[3], [2]>
declare const tokens: Dataset<Typed<[6], 'i32'>, [1]>
declare const n: number

// -- map
const flat = images.map((x, y) => [pipe(x, flatten, matmul(weight), relu), y])
is<Eq<typeof flat, TaskEither<MapError, Dataset<[16], Classes<10>>>>>()
const copies = stream.map((x) => [x, pipe(x, flatten)])
is<Eq<typeof copies, TaskEither<CompileError, StreamedDataset<[28, 28, 1], [784]>>>>()
const parity = images.map((x, y) => [x, pipe(y, equal(0), cast('i32'))], { classes: 2 })
is<Eq<typeof parity, TaskEither<MapError, Dataset<[28, 28, 1], Classes<2>>>>>()
const words = sentences.map((x, y) => [x, y])
is<Eq<typeof words, TaskEither<MapError, Dataset<['time', 4], Classes<5, ['time']>>>>>()
const tagged = sentences.map((x) => [pipe(x, argmax(-1)), pipe(x, argmax(-1))], { classes: 7 })
is<Eq<typeof tagged, TaskEither<MapError, Dataset<Typed<['time'], 'i32'>, Classes<7, ['time']>>>>>()
const cut = points.map((x, y) => [x, pipe(y, cast('i32'))], { classes: 3 })
is<Eq<typeof cut, TaskEither<MapError, Dataset<[3], Classes<3, [2]>>>>>()
const ids = tokens.map((x, y) => [x, y])
is<Eq<typeof ids, TaskEither<MapError, Dataset<Typed<[6], 'i32'>, [1]>>>>()
is<Eq<Parameters<Parameters<typeof tokens.filter>[0]>, [x: Int32Array, y: Float32Array, sample: number]>>()
is<Eq<Parameters<Parameters<typeof sentences.filter>[0]>, [x: Float32Array, y: Int32Array, sample: number]>>()
is<Eq<Parameters<Parameters<typeof images.filter>[0]>, [x: Float32Array, y: number, sample: number]>>()
const single = sentences.map((x, y) => [y, x])
void single

// -- filter, concat, batches
is<Eq<ReturnType<typeof images.filter>, Dataset<[28, 28, 1], Classes<10>>>>()
images.filter((x, y) => x[0] === 1 && y > 3)
is<Eq<ReturnType<typeof stream.filter>, TaskEither<DataError, StreamedDataset<[28, 28, 1], Classes<10>>>>>()
is<Eq<ReturnType<typeof images.concat<[28, 28, 1], Classes<10>>>, Dataset<[28, 28, 1], Classes<10>>>>()
for (const [x, y] of images.batches(dim('n', n))) {
  is<Eq<typeof x, Tensor<['n', 28, 28, 1]>>>()
  is<Eq<typeof y, Tensor<['n'], 'i32'>>>()
}
const wide = images.batches(n)
void wide

// -- weights
dataset(zeros([4, 2]), zeros([4, 1]), { weights: zeros([4]) })
dataset(samples([1], [1]), zeros([4, 1]), { weights: samples([1], []) })

// -- streams are trained on and scored as sets in memory are
const model = pipe(input([28, 28, 1]), flatten, dense(10))
const options = { loss: softmaxCrossEntropy, optimizer: sgd({ learningRate: 0.1 }), batchSize: 32, epochs: 1, key: key(0) }
fit(model, { data: stream, validation: images, ...options })
fit(model, { data: images, validation: stream.window(1000).prefetch(2), ...options })
evaluate(model, { params: model.init(key(0)), data: stream.take(3), loss: softmaxCrossEntropy })
fit(pipe(input([2]), dense(1)), { ...options, data: {} as StreamedDataset<[2], [1]>, loss: meanSquaredError })

// -- files
const file = bytesSource(new Uint8Array(0))
const opened = streamArrays({ inputs: { file, shape: [28, 28, 1], as: 'pixels' }, targets: { file, classes: 10 } })
is<Eq<typeof opened, TaskEither<import('shapewright').ArrayFilesError, StreamedDataset<[28, 28, 1], Classes<10>>>>>()
const told = streamArrays({ inputs: { file, shape: [8], as: 'tokens' }, targets: { file, shape: [3] } })
is<Eq<typeof told, TaskEither<import('shapewright').ArrayFilesError, StreamedDataset<Typed<[8], 'i32'>, [3]>>>>()
