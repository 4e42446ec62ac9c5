/**
 * Lesson 5: a convolutional network tells shirts from T-shirts, or tries to. `npm run -s fashion:cnn -- --epochs 10 --seed 0 --json`
 *
 * The same kind of network as in lesson 4, on pictures that are harder than digits; at the end it says what it takes for what. The
 * pictures are in Debian's package dataset-fashion-mnist; where they are not installed the lesson says so and ends with status 1.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  accuracy,
  adam,
  argmax,
  batchNorm,
  conv2d,
  cosineDecay,
  dense,
  dim,
  dropout,
  evaluate,
  fit,
  flatten,
  input,
  key,
  maxPool2d,
  pipe,
  predict,
  relu,
  softmaxCrossEntropy,
  summary,
  toArray,
  warmUp,
} from 'shapewright'
import { fashionClasses, fashionMnist } from 'shapewright/data'
import { flag, optionsOrExit, text, wholeNumber } from './shared/options.ts'
import { figures, meter, weightsSha256 } from './shared/report.ts'
import { giveUp, sentence } from './shared/say.ts'

const options = optionsOrExit({
  directory: text('/usr/share/datasets/fashion-mnist'),
  train: wholeNumber(55_000, 1, 55_000),
  epochs: wholeNumber(10, 1),
  batch: wholeNumber(64, 1, 55_000),
  seed: wholeNumber(0, 0),
  json: flag,
})

// Batch normalisation gives each channel a mean of 0 and a variance of 1. While training they are the batch's; what the network uses
// afterwards are running means, parameters of the type `Statistic`: `fit` updates them with each step, and no gradient reaches them.
const classifier = pipe(
  input([28, 28, 1]),
  conv2d({ filters: 16, kernel: 5, padding: 'same', name: 'edges' }),
  maxPool2d(2),
  batchNorm('edgeNorm'),
  relu,
  conv2d({ filters: 32, kernel: 5, name: 'parts' }),
  maxPool2d(2),
  batchNorm('partNorm'),
  relu,
  flatten,
  dense(128, 'hidden'),
  relu,
  dropout(0.5),
  dense(10, 'logits'),
)

const steps = options.epochs * Math.ceil(options.train / options.batch)
const rising = Math.ceil(steps / 5)
const learningRate = warmUp({ steps: rising, rate: cosineDecay({ initial: 2e-3, steps: Math.max(1, steps - rising) }) })

const scores = { loss: softmaxCrossEntropy, metrics: { accuracy } }
const { onEvent, measured } = meter()

const run = pipe(
  fashionMnist({ directory: options.directory, shape: [28, 28, 1] }),
  TE.chainW(({ train, validation, test }) => {
    console.log(`${summary(classifier)}`)
    const [images, labels] = test.batch(dim('images', test.length))
    return pipe(
      fit(classifier, {
        ...scores,
        data: train.take(options.train),
        validation,
        optimizer: adam({ learningRate }),
        batchSize: options.batch,
        epochs: options.epochs,
        key: key(options.seed),
        onEvent,
      }),
      TE.bindTo('trained'),
      TE.bindW('tested', ({ trained: { params } }) => evaluate(classifier, { ...scores, params, data: test })),
      TE.bindW('predicted', ({ trained: { params } }) => predict(classifier, { params, inputs: images })),
      TE.map(({ predicted, ...others }) => ({ ...others, taken: taken(toArray(labels), toArray(argmax(-1)(predicted))) })),
    )
  }),
)

/** For each class, the share of its pictures that were taken for it, and for which other one it was taken most often. */
const taken = (truths: readonly number[], predictions: readonly number[]) => {
  const counts = fashionClasses.map(() => fashionClasses.map(() => 0))
  for (const [i, truth] of truths.entries()) {
    const row = counts[truth] ?? []
    row[predictions[i] ?? 0] = (row[predictions[i] ?? 0] ?? 0) + 1
  }
  return counts.map((row, truth) => {
    const right = row[truth] ?? 0
    const others = row.map((count, i) => (i === truth ? -1 : count))
    const rival = others.indexOf(Math.max(...others))
    return { name: fashionClasses[truth], recall: right / row.reduce((n, count) => n + count, 0), rival: fashionClasses[rival] }
  })
}

const ended = await run()
if (E.isLeft(ended)) {
  giveUp(sentence(ended.left))
  if (options.json) console.log(JSON.stringify({ skipped: sentence(ended.left) }))
} else {
  const { trained, tested, taken } = ended.right
  const { accuracy: testAccuracy } = tested.metrics
  const { secondsPerEpoch, ...others } = figures(measured(), trained.history)
  for (const { name, recall, rival } of taken) console.log(`${name?.padEnd(10)}  ${(100 * recall).toFixed(1)} %, else most often: ${rival}`)
  console.log(`test accuracy ${(100 * testAccuracy).toFixed(2)} %, ${secondsPerEpoch.toFixed(1)} seconds an epoch`)
  if (options.json) {
    const parameters = summary(classifier).total
    const line = { testAccuracy, parameters, secondsPerEpoch, ...others, weightsSha256: weightsSha256(trained.params) }
    console.log(JSON.stringify(line))
  }
}
