/**
 * Lesson 2: a multilayer perceptron learns to read the digits of MNIST.
 * `npm run -s mnist -- --hidden 256 --batch 32 --epochs 10 --seed 0 --optimizer adam --onnx digits.onnx --json`
 *
 * It trains on 55,000 digits, is scored on 5,000 others after each epoch, and looks at the 10,000 test images once, at the end.
 * With `--onnx` it writes what it has learned for other programs: pixels from 0 to 1 in, probabilities of the digits out.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  accuracy,
  adagrad,
  adam,
  adamw,
  argmax,
  dense,
  dim,
  evaluate,
  fit,
  input,
  key,
  momentum,
  nesterov,
  type Optimizer,
  pipe,
  predict,
  relu,
  rmsprop,
  sgd,
  softmaxCrossEntropy,
  toArray,
} from 'shapewright'
import { type Mnist, mnist } from 'shapewright/data'
import { exportOnnx } from 'shapewright/onnx'
import { writeOnnx } from './shared/onnx.ts'
import { flag, oneOf, optionsOrExit, text, wholeNumber } from './shared/options.ts'
import { meter, weightsSha256 } from './shared/report.ts'
import { giveUp, sentence } from './shared/say.ts'

const options = optionsOrExit({
  hidden: wholeNumber(256, 1, 65_536),
  batch: wholeNumber(32, 1, 55_000),
  epochs: wholeNumber(10, 1),
  seed: wholeNumber(0, 0),
  optimizer: oneOf('adam', ['adam', 'adamw', 'rmsprop', 'adagrad', 'nesterov', 'momentum', 'sgd']),
  onnx: text(''),
  json: flag,
})

// The width is known only now: `dim` gives it the name that stands for it in types.
const classifier = pipe(input([784]), dense(dim('hidden', options.hidden), 'hidden'), relu, dense(10, 'logits'))
const scores = { loss: softmaxCrossEntropy, metrics: { accuracy } }

const { onEvent, measured } = meter()

/** The test images are looked at here and nowhere else. */
const train =
  <F>(optimizer: Optimizer<F>) =>
  ({ train: data, validation, test }: Mnist) => {
    const [images, labels] = test.batch(10)
    return pipe(
      fit(classifier, {
        ...scores,
        data,
        validation,
        optimizer,
        batchSize: options.batch,
        epochs: options.epochs,
        key: key(options.seed),
        onEvent,
      }),
      TE.bindTo('trained'),
      TE.bindW('tested', ({ trained: { params } }) => evaluate(classifier, { ...scores, params, data: test })),
      TE.bindW('predicted', ({ trained: { params } }) => predict(classifier, { params, inputs: images })),
      TE.map(({ trained: { params, history }, tested, predicted }) => ({
        params,
        finalLoss: history.at(-1)?.loss,
        testAccuracy: tested.metrics.accuracy,
        truths: toArray(labels),
        predictions: toArray(argmax(-1)(predicted)),
      })),
      TE.mapLeft(sentence),
    )
  }

const optimizers = {
  adam: train(adam({ learningRate: 1e-3 })),
  adamw: train(adamw({ learningRate: 1e-3 })),
  rmsprop: train(rmsprop({ learningRate: 1e-3 })),
  adagrad: train(adagrad({ learningRate: 1e-2 })),
  nesterov: train(nesterov({ learningRate: 1e-2 })),
  momentum: train(momentum({ learningRate: 1e-2 })),
  sgd: train(sgd({ learningRate: 1e-1 })),
} as const

const ended = await pipe(mnist(), TE.mapLeft(sentence), TE.chain(optimizers[options.optimizer]))()
if (E.isLeft(ended)) giveUp(ended.left)
else {
  const { params, finalLoss, testAccuracy, truths, predictions } = ended.right
  const { steps, seconds, ...program } = measured()
  const microsecondsPerStep = (1e6 * seconds) / steps
  console.log(`test accuracy ${(100 * testAccuracy).toFixed(2)} %, ${microsecondsPerStep.toFixed(0)} microseconds a step`)
  console.log(`truth       ${truths.join(' ')}`)
  console.log(`prediction  ${predictions.join(' ')}`)
  if (options.onnx !== '') await writeOnnx(options.onnx, exportOnnx(classifier, params, { probabilities: true }))
  if (options.json) {
    const line = { testAccuracy, finalLoss, steps, microsecondsPerStep, ...program, weightsSha256: weightsSha256(params) }
    console.log(JSON.stringify(line))
  }
}
