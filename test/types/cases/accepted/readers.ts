/** Shapes of samples that are read from what a mapping gives of a record, in memory and streamed, by every reader. */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import {
  type ByteSource,
  type Classes,
  type Dataset,
  dense,
  dim,
  evaluate,
  fromRecords,
  imageOf,
  input,
  integerFromText,
  labelOf,
  meanSquaredError,
  numberFromText,
  numbersOf,
  oneOf,
  type Params,
  pipe,
  type RecordError,
  softmaxCrossEntropy,
  type StreamedDataset,
  tokensOf,
  type Typed,
} from 'shapewright'
import { type CsvError, readCsv, streamCsv } from 'shapewright/csv'
import { imageFiles, imageFolder, type ImagesError, streamImageFolder } from 'shapewright/images'
import { type ParquetError, readParquet, streamParquet } from 'shapewright/parquet'

declare const source: ByteSource
declare const records: unknown[]
declare const n: number
const person = t.type({ age: t.number, tall: t.number, list: t.array(t.number), kind: t.string, pixels: t.unknown })
const row = t.type({ age: numberFromText, visits: integerFromText, plan: t.string })

// tuples, nested tuples, a number alone
export const none: E.Either<RecordError, Dataset<[0], []>> = fromRecords(person, records, { inputs: () => [], targets: (r) => r.age })
const pairs: E.Either<RecordError, Dataset<[2], [1]>> = fromRecords(person, records, {
  inputs: (r) => [r.age, r.tall],
  targets: (r) => [r.age],
})
const nested: E.Either<RecordError, Dataset<[2, 3], []>> = fromRecords(person, records, {
  inputs: (r) => [
    [r.age, r.tall, 0],
    [1, r.tall, r.age],
  ],
  targets: (r) => r.age,
  weights: (r) => r.tall,
})
// numbers of which the types know more
const hot: E.Either<RecordError, Dataset<[2], [2]>> = fromRecords(person, records, {
  inputs: (r) => [r.age > 3 ? 1 : 0, 0.5],
  targets: (r) => (r.kind === 'cat' ? [1, 0] : [0, 1]),
})
// fields, of literal sizes, names and classes
const fields: E.Either<RecordError, Dataset<['length'], Classes<3>>> = fromRecords(person, records, {
  inputs: numbersOf([dim('length', n)], (r) => r.list),
  targets: oneOf(['cat', 'dog', 'bird'], (r) => r.kind),
})
const tokens: E.Either<RecordError, Dataset<Typed<[64], 'i32'>, Classes<10>>> = fromRecords(person, records, {
  inputs: tokensOf([64], (r) => r.list),
  targets: labelOf(10, (r) => r.age),
})
const images: E.Either<RecordError, Dataset<[28, 28, 1], [4]>> = fromRecords(person, records, {
  inputs: imageOf([28, 28, 1], () => new Uint8Array(784)),
  targets: numbersOf([4], (r) => r.list),
})
// a field that stands in a constant, with the type of its record said
const kind = oneOf(['cat', 'dog'], (r: { kind: string }) => r.kind)
const kept: E.Either<RecordError, Dataset<[1], Classes<2>>> = fromRecords(person, records, { inputs: (r) => [r.age], targets: kind })

// files: the same mapping
const table: TaskEither<CsvError, Dataset<[2], Classes<2>>> = readCsv(source, row, {
  inputs: (r) => [r.age, r.visits],
  targets: oneOf(['free', 'paid'], (r) => r.plan),
})
const rows: TaskEither<CsvError, StreamedDataset<[2], []>> = streamCsv(source, row, {
  inputs: (r) => [r.age, r.visits],
  targets: (r) => r.age,
  delimiter: ';',
  blockRows: 100,
})
const columns: TaskEither<ParquetError, Dataset<[3], [1]>> = readParquet(source, person, {
  inputs: numbersOf([3], (r) => r.list),
  targets: (r) => [r.age],
})
const groups: TaskEither<ParquetError, StreamedDataset<[1], Classes<2>>> = streamParquet(source, person, {
  inputs: (r) => [r.age],
  targets: oneOf(['cat', 'dog'], (r) => r.kind),
})
const folder: TaskEither<ImagesError, Dataset<[28, 28, 1], Classes<2>>> = imageFolder('pictures', { shape: [28, 28, 1], classes: ['cat', 'dog'] })
const named: TaskEither<ImagesError, Dataset<['height', 28, 3], Classes<1>>> = imageFiles([], {
  shape: [dim('height', n), 28, 3],
  classes: ['cat'],
})
const walked: TaskEither<ImagesError, StreamedDataset<[8, 8, 4], Classes<2>>> = streamImageFolder('pictures', {
  shape: [8, 8, 4],
  classes: ['a', 'b'],
})

// what was read fits a model
const model = pipe(input([2]), dense(1))
declare const params: Params<typeof model>
if (E.isRight(pairs)) evaluate(model, { params, data: pairs.right, loss: meanSquaredError })
const classifier = pipe(input([1]), dense(2))
declare const weights: Params<typeof classifier>
if (E.isRight(kept)) evaluate(classifier, { params: weights, data: kept.right, loss: softmaxCrossEntropy })
export const all = [nested, hot, fields, tokens, images, table, rows, columns, groups, folder, named, walked]
