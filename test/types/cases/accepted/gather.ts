/** Indices: what gather picks at every rank, and embeddings, as layers and on tensors. */
import {
  accuracy,
  block,
  type Classes,
  classes,
  type Dataset,
  type DenseParams,
  type Dim,
  dataset,
  dense,
  dim,
  type Embedding,
  type EmbeddingParams,
  embedding,
  evaluate,
  fit,
  type Gather,
  gather,
  initializers,
  input,
  key,
  type Layer,
  type Model,
  mean,
  named,
  type Params,
  pipe,
  predict,
  relu,
  type Sgd,
  samples,
  sequential,
  sgd,
  softmaxCrossEntropy,
  type Tensor,
  type Training,
  type Typed,
  zeros,
} from 'shapewright'
import { type EmbeddingIn, embedding as rowsOf } from 'shapewright/ops'
import { type Eq, is } from '../eq.ts'

declare const n: number
declare const line: Tensor<[10]>
declare const table: Tensor<[10, 4]>
declare const flags: Tensor<['batch', 10], 'bool'>
declare const counts: Tensor<['words', 3], 'i32'>
declare const cube: Tensor<[2, 3, 5, 7]>
declare const one: Tensor<[], 'i32'>
declare const ids: Tensor<['batch'], 'i32'>
declare const grid: Tensor<['batch', 6], 'i32'>
declare const grid4: Tensor<['batch', 4], 'i32'>
type Right<E> = E extends { readonly right: infer R } ? R : never

// -- gather: an axis gives way to the axes of the indices
export const element = pipe(line, gather(one))
is<Eq<typeof element, Tensor<[]>>>()
export const elements = gather(ids)(line)
is<Eq<typeof elements, Tensor<['batch']>>>()
export const matrix = pipe(line, gather(grid, -1))
is<Eq<typeof matrix, Tensor<['batch', 6]>>>()
export const row = pipe(table, gather(one))
is<Eq<typeof row, Tensor<[4]>>>()
export const rows = pipe(table, gather(grid))
is<Eq<typeof rows, Tensor<['batch', 6, 4]>>>()
export const columns = pipe(table, gather(ids, 1))
is<Eq<typeof columns, Tensor<[10, 'batch']>>>()
export const fromTheEnd = pipe(table, gather(grid, -2))
is<Eq<typeof fromTheEnd, Tensor<['batch', 6, 4]>>>()
export const inside = pipe(cube, gather(grid, 2))
is<Eq<typeof inside, Tensor<[2, 3, 'batch', 6, 7]>>>()
export const last = pipe(cube, gather(ids, -1))
is<Eq<typeof last, Tensor<[2, 3, 5, 'batch']>>>()
export const dropped = pipe(cube, gather(one, -3))
is<Eq<typeof dropped, Tensor<[2, 5, 7]>>>()

// -- every dtype can be picked from, along axes with names too
export const truths = pipe(flags, gather(grid, 1))
is<Eq<typeof truths, Tensor<['batch', 'batch', 6], 'bool'>>>()
export const numbers = pipe(counts, gather(one, 0))
is<Eq<typeof numbers, Tensor<[3], 'i32'>>>()
export const picking = gather(ids, 1)
is<Eq<typeof picking, Gather<['batch'], 1>>>()

// -- helpers that are generic in a size
export const batched = <B extends Dim>(indices: Tensor<[B], 'i32'>) => pipe(table, gather(indices))
is<Eq<ReturnType<typeof batched<7>>, Tensor<[7, 4]>>>()
export const wide = <B extends Dim, F extends Dim>(indices: Tensor<[B, 3], 'i32'>, from: Tensor<[10, F]>): Tensor<[B, 3, F]> =>
  pipe(from, gather(indices))
export const inner = <B extends Dim>(x: Tensor<[B, 10]>): Tensor<[B, 6]> => pipe(x, gather({} as Tensor<[6], 'i32'>, -1))

// -- the embedding layer
export const words = pipe(input(['time'], 'i32'), embedding(100, 8))
is<Eq<typeof words, Model<['time'], ['time', 8], { embedding1: EmbeddingParams<100, 8> }, 'i32'>>>()
export const single = pipe(input([], 'i32'), embedding(100, 8, 'word'), dense(2))
is<Eq<Params<typeof single>, { readonly word: EmbeddingParams<100, 8>; readonly dense1: DenseParams<8, 2> }>>()
export const long = sequential(input([2, 3, 5], 'i32'), embedding(100, 8, { name: 'word', weight: initializers.zeros }), relu)
is<Eq<(typeof long)['output'], [2, 3, 5, 8]>>()
export const sized = pipe(input([4], 'i32'), embedding(dim('words', n), dim('features', n)))
is<Eq<Params<typeof sized>, { readonly embedding1: EmbeddingParams<'words', 'features'> }>>()
export const nested = pipe(input(['time'], 'i32'), block(embedding(100, 8, 'tokens'), dense(3)))
is<Eq<(typeof nested)['output'], ['time', 3]>>()
export const renamed = pipe(input([4], 'i32'), named('stem')(embedding(100, 8)))
is<Eq<Params<typeof renamed>, { readonly stem: EmbeddingParams<100, 8> }>>()
export const layer = embedding(100, 8)
is<Eq<typeof layer, Layer<Embedding<100, 8>>>>()
export const prediction = words.apply({ embedding1: { weight: {} as Tensor<[100, 8]> } }, {} as Tensor<[32, 'time'], 'i32'>)
is<Eq<typeof prediction, Tensor<[32, 'time', 8]>>>()
export const sizedBy = <V extends number>(vocabulary: V) => pipe(input(['time'], 'i32'), embedding(vocabulary as 100, 8))
export const drawn = embedding(10, 4, { weight: (shape, key, sizes) => initializers.normal()(shape, key, sizes) })

// -- on tensors
export const found = pipe(grid, rowsOf(table))
is<Eq<typeof found, Tensor<['batch', 6, 4]>>>()
export const bag = pipe(grid, rowsOf(table), mean(1))
is<Eq<typeof bag, Tensor<['batch', 4]>>>()
export const scalarRow = rowsOf(table)(one)
is<Eq<typeof scalarRow, Tensor<[4]>>>()
export const lookup = rowsOf(table)
is<Eq<typeof lookup, EmbeddingIn<[10, 4]>>>()
export const generic = <V extends Dim, F extends Dim, B extends Dim>(rows: Tensor<[V, F]>, indices: Tensor<[B, 'time'], 'i32'>) =>
  pipe(indices, rowsOf(rows))
is<Eq<ReturnType<typeof generic<10, 4, 'batch'>>, Tensor<['batch', 'time', 4]>>>()

// -- data sets of tokens: rows of a tensor, or class labels that are checked
declare const labels: number[]
declare const sentences: Tensor<[20, 4], 'i32'>
export const made = dataset(sentences, classes(labels, 5, [4]))
is<Eq<Right<typeof made>, Dataset<Typed<[4], 'i32'>, Classes<5, [4]>>>>()
export const checked = dataset(classes(labels, 100, [4]), classes(labels, 5, [4]))
is<Eq<Right<typeof checked>, Dataset<Classes<100, [4]>, Classes<5, [4]>>>>()
export const scalars = dataset(zeros([20], 'i32'), samples(labels, [1]))
is<Eq<Right<typeof scalars>, Dataset<Typed<[], 'i32'>, [1]>>>()
declare const tokens: Right<typeof made>
declare const tokensBelow: Right<typeof checked>
export const few = tokens.batch(2)
is<Eq<typeof few, readonly [inputs: Tensor<[2, 4], 'i32'>, targets: Tensor<[2, 4], 'i32'>]>>()
export const fewBelow = tokensBelow.batch(dim('some', 3))
is<Eq<(typeof fewBelow)[0], Tensor<['some', 4], 'i32'>>>()

const tagger = pipe(input([4], 'i32'), embedding(100, 8), dense(5))
const options = { loss: softmaxCrossEntropy, optimizer: sgd({ learningRate: 0.1 }), batchSize: 2, epochs: 1, key: key(0) }
export const trained = await fit(tagger, { ...options, data: tokens, validation: tokensBelow, metrics: { accuracy } })()
is<Eq<typeof trained, Training<typeof tagger, Sgd>>>()
export const trainedBelow = fit(tagger, { ...options, data: tokensBelow, validation: tokensBelow })
export const scored = evaluate(tagger, { params: tagger.init(key(0)), data: tokens, loss: softmaxCrossEntropy })
export const scoredBelow = evaluate(tagger, { params: tagger.init(key(0)), data: tokensBelow, loss: softmaxCrossEntropy })
export const predicted = await predict(tagger, { params: tagger.init(key(0)), inputs: grid4 })()
is<Eq<Right<typeof predicted>, Tensor<['batch', 4, 5]>>>()
