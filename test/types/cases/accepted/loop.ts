/** The loop of training: early stopping, checkpoints, callbacks, and optimizers that collect gradients. */
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  type AccumulateState,
  type AdamState,
  accumulate,
  accuracy,
  adam,
  type Best,
  type Classes,
  chain,
  clipByGlobalNorm,
  type Dataset,
  dense,
  type EpochScores,
  f1,
  fit,
  freeze,
  input,
  key,
  type Listener,
  type OptimizerState,
  type Params,
  pipe,
  progress,
  relu,
  sgd,
  softmaxCrossEntropy,
  type Tensor,
  type Trained,
  type Trainable,
  type Underway,
} from 'shapewright'
import { type Eq, is } from '../eq.ts'

declare const train: Dataset<[784], Classes<10>>
declare const heldOut: Dataset<[784], Classes<10>>
declare const monitor: string
declare const listener: Listener
const model = pipe(input([784]), dense(256, 'hidden'), relu, dense(10, 'logits'))
const options = { data: train, loss: softmaxCrossEntropy, optimizer: adam({ learningRate: 1e-3 }), batchSize: 32, epochs: 10, key: key(0) }
const metrics = { accuracy, f1: f1({ average: 'macro' }) }
const save = () => TE.right('written')

// -- early stopping: scores by name
fit(model, { ...options, validation: heldOut, earlyStopping: { patience: 3 } })
fit(model, { ...options, earlyStopping: { monitor: 'loss', patience: 3, minDelta: 1e-3, warmUp: 2 } })
fit(model, { ...options, validation: heldOut, earlyStopping: { monitor: 'validation loss', patience: Number.POSITIVE_INFINITY, mode: 'min' } })
fit(model, { ...options, metrics: { accuracy }, earlyStopping: { monitor: 'accuracy', patience: 3, mode: 'max' } })
fit(model, { ...options, metrics: { accuracy }, earlyStopping: { monitor: 'accuracy', patience: 3, mode: 'min' } })
fit(model, { ...options, earlyStopping: { monitor: 'loss', patience: 3, mode: 'max' } })
fit(model, { ...options, validation: heldOut, metrics, earlyStopping: { monitor: 'validation accuracy', patience: 3, mode: 'max' } })
fit(model, { ...options, validation: heldOut, metrics, earlyStopping: { monitor: 'validation f1', patience: 3, mode: 'max' } })
fit(model, { ...options, validation: heldOut, metrics, earlyStopping: { monitor, patience: 3, mode: 'max' } })

// -- limits, checkpoints and callbacks
fit(model, { ...options, timeLimit: 60, signal: new AbortController().signal, checkpoints: { everySteps: 100, everySeconds: 30, save } })
fit(model, { ...options, stepEvery: 10, onEvent: [progress(process.stdout), listener, async () => 'stop'] })
fit(model, { ...options, onEvent: (event) => (event.tag === 'Epoch' && event.scores.loss < 0.1 ? 'stop' : null) })

// -- what training ends with, and goes on from, wherever it stopped
export const again = async () => {
  const ended = await fit(model, { ...options, validation: heldOut, earlyStopping: { patience: 3 } })()
  const trained = ended._tag === 'Right' ? ended.right : ended.left.tag === 'Aborted' ? ended.left.last : null
  if (trained === null) return
  is<Eq<typeof trained.underway, Underway | null>>()
  is<Eq<typeof trained.history, readonly EpochScores[]>>()
  is<Eq<NonNullable<typeof trained.best>['params'], Params<typeof model>>>()
  is<Eq<EpochScores['learningRate'], number | null>>()
  await fit(model, { ...options, from: trained })()
  const { best } = trained
  // the best epoch is as good to go on from as the last
  if (best !== null) await fit(model, { ...options, from: { ...trained, ...best, underway: null } })()
}
export const bestOf = <M, F>({ best }: Trained<M, F>): Best<M, F> | null => best

// -- accumulated gradients
type P = Trainable<Params<typeof model>>
const collecting = accumulate(4)(chain(clipByGlobalNorm(1), adam({ learningRate: 1e-3 })))
is<Eq<OptimizerState<typeof collecting, P>, AccumulateState<P, readonly [null, AdamState<P>]>>>()
fit(model, { ...options, optimizer: collecting })
fit(model, { ...options, optimizer: freeze('hidden')(accumulate(4)(sgd({ learningRate: 0.1 }))) })
declare const params: Params<typeof model>
export const rate: Tensor<[]> | null = collecting.learningRate(collecting.init(params), params)
