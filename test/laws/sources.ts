/** The training steps of the examples, as `fit` compiles them: what the laws on memory and kernels are held against. */
import {
  accuracy,
  adam,
  batchNorm,
  chain,
  clipByGlobalNorm,
  conv2d,
  cosineDecay,
  dense,
  dropout,
  embedding,
  flatten,
  groupNorm,
  input,
  key,
  layerNorm,
  learnedPositions,
  maxPool2d,
  meanSquaredError,
  momentum,
  pipe,
  relu,
  repeat,
  residual,
  rmsNorm,
  sgd,
  sigmoid,
  sigmoidBinaryCrossEntropy,
  softmaxCrossEntropy,
  tanh,
  transformerDecoderBlock,
} from 'shapewright'
import type { Source } from '../../src/compiler/trace.ts'
import type { ColumnType } from '../../src/data/column.ts'
import { constant } from '../../src/graph/expression.ts'
import { tensorOf } from '../../src/graph/node.ts'
import { trainingSource } from '../../src/train/step.ts'
import { type LstmSizes, lstmModel } from './recurrent.ts'

const column = (shape: readonly number[], dtype: 'f32' | 'i32', stored: ColumnType['stored'] = dtype): ColumnType => ({
  shape,
  sizes: {},
  width: 1,
  dtype,
  classes: null,
  stored,
})
/** Shapes are checked where users hand models to `fit`; these tests stand below that. */
const untyped = <T>(value: unknown): T => value as T

interface Parts {
  readonly model: unknown
  readonly loss: unknown
  readonly metrics?: Readonly<Record<string, unknown>>
  readonly optimizer: unknown
  readonly columns: readonly ColumnType[]
  readonly rows: readonly number[]
  readonly residents?: number
}
const sourceOf = ({ model, loss, metrics, optimizer, columns, rows, residents }: Parts): Source => {
  const { init } = untyped<{ init: (k: ReturnType<typeof key>) => unknown }>(model)
  const params = init(key(0))
  const { init: start } = untyped<{ init: (params: unknown) => unknown }>(optimizer)
  const state = { params, optimizer: start(params), key: key(1), step: tensorOf(constant(0, 'i32')) }
  return trainingSource(untyped(model), untyped({ loss, metrics: metrics ?? {} }), untyped(optimizer), untyped(state), {
    columns,
    sizes: {},
    rows,
    ...(residents === undefined ? {} : { residents }),
  })
}

const images = [column([784], 'f32'), column([], 'i32')]
const features = [column([10, 10, 16], 'f32'), column([], 'i32')]
const pictures = [column([12, 12, 1], 'f32'), column([], 'i32')]
const bytes = [column([9], 'f32', 'u8'), column([], 'i32')]
const tokens = [column([16], 'i32'), column([], 'i32')]
const sentences = [column([8], 'i32'), column([8], 'i32')]
const points = [column([2], 'f32'), column([1], 'f32')]

/** The training step of an LSTM, one entry for each batch. */
export const lstmSource = (sizes: LstmSizes, rows: readonly number[], reverse = false): Source =>
  sourceOf({
    model: lstmModel(sizes, reverse),
    loss: softmaxCrossEntropy,
    optimizer: adam({ learningRate: 1e-3 }),
    columns: [column([sizes.time, sizes.features], 'f32'), column([], 'i32')],
    rows,
  })

/** By name: a function, since each test wants a source of its own. */
export const sources: Readonly<Record<string, () => Source>> = {
  'xor 2-8-1, Adam': () =>
    sourceOf({
      model: pipe(input([2]), dense(8, 'hidden'), tanh, dense(1, 'output')),
      loss: sigmoidBinaryCrossEntropy,
      optimizer: adam({ learningRate: 0.05 }),
      columns: points,
      rows: [4],
    }),
  'mnist 784-256-10, Adam, two batch sizes': () =>
    sourceOf({
      model: pipe(input([784]), dense(256, 'hidden'), relu, dense(10, 'logits')),
      loss: softmaxCrossEntropy,
      metrics: { accuracy },
      optimizer: adam({ learningRate: 1e-3 }),
      columns: images,
      rows: [32, 24],
    }),
  'dropout, residual, clipping, a schedule': () =>
    sourceOf({
      model: pipe(input([784]), dense(64), relu, dropout(0.5), residual(dense(64)), sigmoid, dense(10)),
      loss: softmaxCrossEntropy,
      optimizer: chain(clipByGlobalNorm(1), momentum({ learningRate: cosineDecay({ initial: 0.1, steps: 1000 }), momentum: 0.9 })),
      columns: images,
      rows: [32],
    }),
  'images: convolution, pooling, Adam': () =>
    sourceOf({
      model: pipe(input([12, 12, 1]), conv2d({ filters: 4, kernel: 3, padding: 'same' }), relu, maxPool2d(2), flatten, dense(10)),
      loss: softmaxCrossEntropy,
      optimizer: adam({ learningRate: 1e-3 }),
      columns: pictures,
      rows: [8],
    }),
  'images: 3x3 windows over many channels, even and odd, Adam, two batch sizes': () =>
    sourceOf({
      model: pipe(
        input([10, 10, 16]),
        conv2d({ filters: 16, kernel: 3, padding: 'same' }),
        relu,
        conv2d({ filters: 24, kernel: 3, padding: 'same' }),
        relu,
        maxPool2d(2),
        conv2d({ filters: 32, kernel: 3, padding: 'same' }),
        relu,
        dropout(0.5),
        flatten,
        dense(10),
      ),
      loss: softmaxCrossEntropy,
      optimizer: adam({ learningRate: 1e-3 }),
      columns: features,
      rows: [6, 4],
    }),
  'tokens: embedding, Adam': () =>
    sourceOf({
      model: pipe(input([16], 'i32'), embedding(100, 8), flatten, dense(10)),
      loss: softmaxCrossEntropy,
      optimizer: adam({ learningRate: 1e-3 }),
      columns: tokens,
      rows: [32],
    }),
  'normalisation: batch, layer, group, RMS, gradient descent, two batch sizes': () =>
    sourceOf({
      model: pipe(
        input([12, 12, 1]),
        conv2d({ filters: 8, kernel: 3, stride: 2 }),
        batchNorm(),
        relu,
        groupNorm(4),
        layerNorm(),
        flatten,
        dense(32),
        batchNorm(),
        rmsNorm(),
        tanh,
        dense(10),
      ),
      loss: softmaxCrossEntropy,
      optimizer: sgd({ learningRate: 0.05 }),
      columns: pictures,
      rows: [16, 3],
    }),
  'sequences: LSTM of 5 steps, Adam, two batch sizes': () => lstmSource({ time: 5, features: 3, hidden: 8, classes: 4 }, [6, 4]),
  'a transformer that writes, Adam': () =>
    sourceOf({
      model: pipe(
        input([8], 'i32'),
        embedding(12, 16),
        learnedPositions(8),
        repeat(2, transformerDecoderBlock(2, { hidden: 24, dropout: 0.1 })),
        layerNorm(),
        dense(12),
      ),
      loss: softmaxCrossEntropy,
      optimizer: adam({ learningRate: 1e-3 }),
      columns: sentences,
      rows: [6],
    }),
  'pixels and labels in the arena, two batch sizes': () =>
    sourceOf({
      model: pipe(input([9]), dense(16), relu, dense(10)),
      loss: softmaxCrossEntropy,
      optimizer: adam({ learningRate: 1e-3 }),
      columns: bytes,
      rows: [8, 3],
      residents: 19,
    }),
}

/** The workloads of the benchmark that are not among the examples: too large to be run by every law. */
export const workloads: Readonly<Record<string, () => Source>> = {
  'W2: 784-128-10, batch 128, Adam': () =>
    sourceOf({
      model: pipe(input([784]), dense(128), relu, dense(10)),
      loss: softmaxCrossEntropy,
      optimizer: adam({ learningRate: 1e-3 }),
      columns: images,
      rows: [128],
    }),
  'W3: 784-512-512-10, batch 128, momentum': () =>
    sourceOf({
      model: pipe(input([784]), dense(512), relu, dense(512), relu, dense(10)),
      loss: softmaxCrossEntropy,
      optimizer: momentum({ learningRate: 0.05, momentum: 0.9 }),
      columns: images,
      rows: [128],
    }),
  'W5: 28x28x1, conv 5x5x8, pool, conv 5x5x16, pool, dense 10, batch 64, Adam': () =>
    sourceOf({
      model: pipe(
        input([28, 28, 1]),
        conv2d({ filters: 8, kernel: 5, padding: 'same' }),
        relu,
        maxPool2d(2),
        conv2d({ filters: 16, kernel: 5, padding: 'same' }),
        relu,
        maxPool2d(2),
        flatten,
        dense(10),
      ),
      loss: softmaxCrossEntropy,
      optimizer: adam({ learningRate: 1e-3 }),
      columns: [column([28, 28, 1], 'f32'), column([], 'i32')],
      rows: [64],
    }),
  'a transformer block, 64 steps of 128 in 4 heads, batch 32, Adam': () =>
    sourceOf({
      model: pipe(input([64, 128]), transformerDecoderBlock(4)),
      loss: meanSquaredError,
      optimizer: adam({ learningRate: 1e-3 }),
      columns: [column([64, 128], 'f32'), column([64, 128], 'f32')],
      rows: [32],
    }),
}
