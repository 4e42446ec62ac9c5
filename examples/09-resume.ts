/**
 * Lesson 9: a run that may stop at any time and goes on when it is started again, to the bit.
 * `npm run -s resume -- --folder runs/digits --hidden 128 --batch 64 --epochs 12 --patience 3 --seed 0 --json`
 *
 * It saves itself while it trains. End it with Ctrl-C, kill it, pull the plug: the same command goes on. It stops when the held-out
 * digits are read no better, and writes the best weights to a file that other programs read too.
 */
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  accuracy,
  adam,
  cosineDecay,
  dense,
  dim,
  dropout,
  evaluate,
  fit,
  input,
  key,
  pipe,
  progress,
  relu,
  softmaxCrossEntropy,
  type TrainingEvent,
} from 'shapewright'
import { mnist } from 'shapewright/data'
import { checkpointsIn, loadParams, saveParams } from 'shapewright/files'
import { flag, optionsOrExit, text, wholeNumber } from './shared/options.ts'
import { weightsSha256 } from './shared/report.ts'
import { giveUp, sentence } from './shared/say.ts'

const options = optionsOrExit({
  folder: text('runs/digits'),
  hidden: wholeNumber(128, 1, 65_536),
  batch: wholeNumber(64, 1, 55_000),
  epochs: wholeNumber(12, 1),
  patience: wholeNumber(3, 1),
  seed: wholeNumber(0, 0),
  json: flag,
})
const { folder, batch: batchSize, epochs, patience } = options

// Layers have names, so that their weights have: what is made up, as dense1, shifts when a layer is added.
const classifier = pipe(input([784]), dense(dim('hidden', options.hidden), 'hidden'), relu, dropout(0.2), dense(10, 'logits'))
const optimizer = adam({ learningRate: cosineDecay({ initial: 1e-3, steps: 55_000 }) })
const scores = { loss: softmaxCrossEntropy, metrics: { accuracy } }

const checkpoints = checkpointsIn(folder, { everySteps: 200, keep: 2 })
const weights = join(folder, 'weights.safetensors')

// Ctrl-C ends the run in order: it is saved where it stands. A second one ends the program.
const stop = new AbortController()
process.once('SIGINT', () => stop.abort())

const show = progress(process.stdout)
const onEvent = (event: TrainingEvent): void => {
  show(event)
  if (event.tag === 'Stopped' && event.reason === 'Aborted') console.log('Saved. The same command goes on from here.')
}

const ended = await pipe(
  mnist(),
  TE.bindTo('digits'),
  TE.bindW('from', () => checkpoints.resume(classifier, optimizer)),
  TE.tapIO(({ from }) => () => {
    if (from !== undefined) console.log(`going on behind epoch ${from.epoch}, step ${from.underway?.step ?? 0}`)
  }),
  TE.bindW('trained', ({ digits: { train: data, validation }, from }) =>
    fit(classifier, {
      ...scores,
      data,
      validation,
      optimizer,
      batchSize,
      epochs,
      key: key(options.seed),
      earlyStopping: { monitor: 'validation accuracy', mode: 'max', patience },
      checkpoints,
      from,
      signal: stop.signal,
      onEvent,
    }),
  ),
  TE.chainFirstW(({ trained }) => saveParams(weights, classifier, trained.params)),
  // what another program would do, that only predicts
  TE.bindW('params', () => loadParams(weights, classifier)),
  TE.bindW('tested', ({ params, digits }) => evaluate(classifier, { ...scores, params, data: digits.test })),
  TE.map(({ trained: { epoch, history }, params, tested }) => ({ epoch, history, params, testAccuracy: tested.metrics.accuracy })),
)()
if (E.isLeft(ended)) {
  if (ended.left.tag !== 'Aborted') giveUp(sentence(ended.left))
} else {
  const { epoch, history, params, testAccuracy } = ended.right
  console.log(`epoch ${epoch} of ${history.length} was the best: test accuracy ${(100 * testAccuracy).toFixed(2)} %, weights in ${weights}`)
  if (options.json) {
    const lossHistory = history.map(({ loss }) => loss)
    console.log(JSON.stringify({ epoch, testAccuracy, lossHistory, weights, weightsSha256: weightsSha256(params) }))
  }
}
