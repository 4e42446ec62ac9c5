/**
 * Lesson 4: a convolutional network reads the digits of MNIST. `npm run -s mnist:cnn -- --epochs 5 --batch 64 --seed 0 --onnx digits.onnx --json`
 *
 * A convolution looks for the same strokes at every place, and pooling forgets where exactly they stood: three errors of the
 * multilayer perceptron of lesson 2 become one. With `--onnx` it writes the network for other programs, which run it on images of
 * `[batch, 28, 28, 1]`.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  accuracy,
  adam,
  conv2d,
  cosineDecay,
  dense,
  dropout,
  evaluate,
  fit,
  flatten,
  input,
  key,
  maxPool2d,
  pipe,
  relu,
  softmaxCrossEntropy,
  summary,
  warmUp,
} from 'shapewright'
import { mnist } from 'shapewright/data'
import { exportOnnx } from 'shapewright/onnx'
import { writeOnnx } from './shared/onnx.ts'
import { flag, optionsOrExit, text, wholeNumber } from './shared/options.ts'
import { figures, meter, weightsSha256 } from './shared/report.ts'
import { giveUp, sentence } from './shared/say.ts'

const options = optionsOrExit({
  train: wholeNumber(55_000, 1, 55_000),
  epochs: wholeNumber(5, 1),
  batch: wholeNumber(64, 1, 55_000),
  seed: wholeNumber(0, 0),
  onnx: text(''),
  json: flag,
})

// Images are [height, width, channels]. Hover over a layer to see what it makes of its input, or read the table that is printed.
const classifier = pipe(
  input([28, 28, 1]),
  conv2d({ filters: 8, kernel: 5, name: 'strokes' }),
  maxPool2d(2),
  relu,
  conv2d({ filters: 32, kernel: 5, name: 'shapes' }),
  maxPool2d(2),
  relu,
  flatten,
  dense(128, 'hidden'),
  relu,
  dropout(0.3),
  dense(10, 'logits'),
)

// The rate rises in the first fifth of all steps, and falls to zero along half a cosine: the last steps are small ones.
const steps = options.epochs * Math.ceil(options.train / options.batch)
const rising = Math.ceil(steps / 5)
const learningRate = warmUp({ steps: rising, rate: cosineDecay({ initial: 2e-3, steps: Math.max(1, steps - rising) }) })

const scores = { loss: softmaxCrossEntropy, metrics: { accuracy } }
const { onEvent, measured } = meter()

// `shape` is a part of the data set's type: with [784], `fit` would not compile.
const run = pipe(
  mnist({ shape: [28, 28, 1] }),
  TE.bindTo('digits'),
  TE.bindW('trained', ({ digits: { train, validation } }) =>
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
  ),
  TE.bindW('tested', ({ digits, trained: { params } }) => evaluate(classifier, { ...scores, params, data: digits.test })),
)

const layers = summary(classifier)
console.log(`${layers}`)
const ended = await run()
if (E.isLeft(ended)) giveUp(sentence(ended.left))
else {
  const { trained, tested } = ended.right
  const { accuracy: testAccuracy } = tested.metrics
  const { secondsPerEpoch, ...others } = figures(measured(), trained.history)
  console.log(`test accuracy ${(100 * testAccuracy).toFixed(2)} %, ${secondsPerEpoch.toFixed(1)} seconds an epoch`)
  if (options.onnx !== '') await writeOnnx(options.onnx, exportOnnx(classifier, trained.params, { probabilities: true }))
  if (options.json) {
    const line = { testAccuracy, parameters: layers.total, secondsPerEpoch, ...others, weightsSha256: weightsSha256(trained.params) }
    console.log(JSON.stringify(line))
  }
}
