/**
 * Lesson 10: a table of measured flowers, from a CSV file to a confusion matrix.
 * `npm run -s table -- --epochs 60 --seed 0 --json`
 *
 * The flowers are made up (scripts/golden/flowers.ts), so the best that anybody can do is known and stands beside the result. Species are
 * not equally common: the loss weighs the rare ones more.
 */
import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import {
  accuracy,
  adam,
  balancedWeights,
  type Classes,
  classWeighted,
  confusionMatrix,
  type Dataset,
  dense,
  dim,
  div,
  evaluate,
  f1,
  fit,
  input,
  key,
  mean,
  numberFromText,
  oneOf,
  pipe,
  relu,
  softmaxCrossEntropy,
  sqrt,
  sub,
  toArray,
  variance,
} from 'shapewright'
import { readCsv } from 'shapewright/csv'
import { likeliest } from './shared/flowers.ts'
import { flag, optionsOrExit, wholeNumber } from './shared/options.ts'
import { giveUp, sentence } from './shared/say.ts'

const options = optionsOrExit({ epochs: wholeNumber(60, 1), seed: wholeNumber(0, 0), json: flag })
const names = ['alpine', 'meadow', 'marsh'] as const

/** What a row must be: text that is a number, or the file is refused with the line and column. */
const flower = t.type({
  'petal length': numberFromText,
  'petal width': numberFromText,
  'sepal length': numberFromText,
  'sepal width': numberFromText,
  species: t.keyof({ alpine: null, meadow: null, marsh: null }),
})

// Dataset<[4], Classes<3>>: its shapes are read from the tuples
const table = readCsv(readFileSync(new URL('./shared/flowers.csv', import.meta.url), 'utf8'), flower, {
  inputs: (row) => [row['petal length'], row['petal width'], row['sepal length'], row['sepal width']],
  targets: oneOf(names, (row) => row.species),
})

const classifier = pipe(input([4]), dense(16, 'hidden'), relu, dense(3, 'logits'))

type Flowers = Dataset<[4], Classes<3>>

/** Mean 0 and deviation 1, both of the training flowers alone: of the test flowers nothing may be known. */
const normalised = (train: Flowers, test: Flowers) => {
  const [measures] = train.batch(dim('flowers', train.length))
  const [centre, deviation] = [mean(0)(measures), sqrt(variance(0)(measures))]
  const normal = (data: Flowers) => data.map((x, y) => [div(sub(x, centre), deviation), y])
  return pipe(
    normal(train),
    TE.bindTo('train'),
    TE.bind('test', () => normal(test)),
  )
}

/** How many of these flowers the rule names that they were drawn by. */
const best = ({ inputs, targets }: Flowers): number => {
  const right = Array.from(targets.values, (label, i) => likeliest([...inputs.values.subarray(4 * i, 4 * i + 4)]) === names[label])
  return right.filter((each) => each).length / right.length
}

const learned = pipe(
  table,
  TE.map((flowers) => flowers.shuffled(key(options.seed)).split(480)),
  TE.chainW(([train, test]) =>
    pipe(
      normalised(train, test),
      TE.bindW('trained', (flowers) =>
        fit(classifier, {
          data: flowers.train,
          loss: classWeighted(balancedWeights(train))(softmaxCrossEntropy),
          metrics: { accuracy },
          optimizer: adam({ learningRate: 1e-2 }),
          batchSize: 32,
          epochs: options.epochs,
          key: key(options.seed),
        }),
      ),
      TE.bindW('tested', ({ test: data, trained: { params } }) =>
        evaluate(classifier, {
          params,
          data,
          loss: softmaxCrossEntropy,
          metrics: { accuracy, f1: f1({ average: 'macro' }), confusion: confusionMatrix() },
        }),
      ),
      TE.map(({ tested: { metrics } }) => ({ ...metrics, confusion: toArray(metrics.confusion), best: best(test) })),
    ),
  ),
)

const result = await learned()
if (E.isLeft(result)) giveUp(sentence(result.left))
else {
  const { accuracy: right, f1: score, confusion, best: most } = result.right
  const percent = (part: number): string => `${(100 * part).toFixed(1)} %`
  console.log(`test flowers named right: ${percent(right)}; the rule they were drawn by: ${percent(most)}; F1 ${score.toFixed(3)}`)
  console.log(['is \\ named', ...names].map((word) => word.padStart(10)).join(''))
  for (const [i, row] of confusion.entries()) console.log([names[i] ?? '', ...row].map((cell) => `${cell}`.padStart(10)).join(''))
  if (options.json) console.log(JSON.stringify({ accuracy: right, f1: score, best: most, confusion }))
}
