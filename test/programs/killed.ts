/** A run that is killed: `node killed.mjs folder` trains, or goes on from the folder's checkpoints, and prints a digest of all it ends with. */
import { createHash } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import {
  accuracy,
  adam,
  batchNorm,
  classes,
  cosineDecay,
  dataset,
  dense,
  dropout,
  fit,
  input,
  key,
  relu,
  samples,
  softmaxCrossEntropy,
} from 'shapewright'
import { checkpointsIn } from 'shapewright/files'
import { right, told } from '../files/told.ts'

const [folder = '', epochs = '1'] = process.argv.slice(2)
const model = pipe(
  input([32]),
  dense(128, 'hidden'),
  batchNorm({ name: 'norm' }),
  relu,
  dropout(0.3),
  dense(64, 'second'),
  relu,
  dropout(0.1),
  dense(4, 'logits'),
)
const optimizer = adam({ learningRate: cosineDecay({ initial: 0.005, steps: 2000 }) })

/** Points around four corners; whole numbers, so that every host has the same. */
const count = 400
const noise = (i: number): number => ((Math.imul(i + 1, 0x9e3779b1) >>> 24) - 128) / 64
const points = Float32Array.from({ length: count * 32 }, (_, i) => noise(i) + ((i >> 5) % 4 === i % 4 ? 1 : 0))
const labels = Array.from({ length: count }, (_, i) => i % 4)
const all = right(dataset(samples(points, [32]), classes(labels, 4)))
const [data, validation] = all.split(350)

const checkpoints = checkpointsIn(folder, { everySteps: 3, keep: 3 })
const from = right(await checkpoints.resume(model, optimizer)())
const trained = await fit(model, {
  data,
  validation,
  loss: softmaxCrossEntropy,
  metrics: { accuracy },
  optimizer,
  batchSize: 16,
  epochs: Number(epochs),
  key: key(11),
  earlyStopping: { monitor: 'validation accuracy', mode: 'max', patience: Number.POSITIVE_INFINITY },
  checkpoints,
  from,
  onEvent: ({ tag }) => {
    if (tag === 'Compiled') console.log('training')
  },
})()
if (E.isLeft(trained)) throw new Error(trained.left.message)
const digest = (value: unknown): string => createHash('sha256').update(told(value)).digest('hex')
console.log(`weights ${digest(trained.right.params)}`)
console.log(`all ${digest(trained.right)}`)
