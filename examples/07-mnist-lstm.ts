/**
 * Lesson 7: a recurrent network reads digits line by line. `npm run -s mnist:lstm -- --units 64 --epochs 5 --seed 0 --json`
 *
 * An image is a sequence of 28 rows, each of 28 pixels. The same weights read each row, and what they remember of the rows above says
 * what digit it was. The 28 steps are one loop of the program: its code is as long for 28 rows as for 2,800.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  accuracy,
  adam,
  chain,
  clipByGlobalNorm,
  cosineDecay,
  dense,
  dim,
  evaluate,
  fit,
  input,
  key,
  lstm,
  pipe,
  softmaxCrossEntropy,
  summary,
} from 'shapewright'
import { mnist } from 'shapewright/data'
import { flag, optionsOrExit, wholeNumber } from './shared/options.ts'
import { figures, meter, weightsSha256 } from './shared/report.ts'
import { giveUp, sentence } from './shared/say.ts'

const options = optionsOrExit({
  units: wholeNumber(64, 1, 1024),
  train: wholeNumber(55_000, 1, 55_000),
  epochs: wholeNumber(5, 1),
  batch: wholeNumber(64, 1, 55_000),
  seed: wholeNumber(0, 0),
  json: flag,
})

// [28, 28] is [time, features] here: 28 rows of 28 pixels. Only what is known after the last row goes on.
const reader = pipe(input([28, 28]), lstm(dim('units', options.units), { name: 'rows', returns: 'last' }), dense(10, 'logits'))

// A gradient that went through 28 steps may be large now and then: it is shortened to a length of 1.
const steps = options.epochs * Math.ceil(options.train / options.batch)
const optimizer = chain(clipByGlobalNorm(1), adam({ learningRate: cosineDecay({ initial: 3e-3, steps }) }))

const scores = { loss: softmaxCrossEntropy, metrics: { accuracy } }
const { onEvent, measured } = meter()

const run = pipe(
  mnist({ shape: [28, 28] }),
  TE.bindTo('digits'),
  TE.bindW('trained', ({ digits: { train, validation } }) =>
    fit(reader, {
      ...scores,
      data: train.take(options.train),
      validation,
      optimizer,
      batchSize: options.batch,
      epochs: options.epochs,
      key: key(options.seed),
      onEvent,
    }),
  ),
  TE.bindW('tested', ({ digits, trained: { params } }) => evaluate(reader, { ...scores, params, data: digits.test })),
)

const layers = summary(reader)
console.log(`${layers}`)
const ended = await run()
if (E.isLeft(ended)) giveUp(sentence(ended.left))
else {
  const { trained, tested } = ended.right
  const { accuracy: testAccuracy } = tested.metrics
  const { secondsPerEpoch, ...others } = figures(measured(), trained.history)
  console.log(`test accuracy ${(100 * testAccuracy).toFixed(2)} %, ${secondsPerEpoch.toFixed(1)} seconds an epoch`)
  if (options.json) {
    const line = { testAccuracy, parameters: layers.total, secondsPerEpoch, ...others, weightsSha256: weightsSha256(trained.params) }
    console.log(JSON.stringify(line))
  }
}
