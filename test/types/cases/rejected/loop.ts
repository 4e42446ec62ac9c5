/** Mistakes in what stops, saves and hears a run, and in optimizers that collect gradients. */
import { accumulate, accuracy, adam, type Classes, type Dataset, dense, f1, fit, input, key, type Params, pipe, softmaxCrossEntropy } from 'shapewright'

declare const train: Dataset<[784], Classes<10>>
declare const heldOut: Dataset<[784], Classes<10>>
const model = pipe(input([784]), dense(10, 'logits'))
const options = { data: train, loss: softmaxCrossEntropy, optimizer: adam({ learningRate: 1e-3 }), batchSize: 32, epochs: 10, key: key(0) }
const metrics = { accuracy, f1: f1({ average: 'macro' }) }

// -- early stopping
// fit: earlyStopping watches 'acuracy', which is no score of this run @ monitor
fit(model, { ...options, metrics: { accuracy }, earlyStopping: { monitor: 'acuracy', patience: 3, mode: 'max' } })
// fit: earlyStopping watches 'validation recall', which is no score of this run @ monitor
fit(model, { ...options, validation: heldOut, metrics, earlyStopping: { monitor: 'validation recall', patience: 3, mode: 'max' } })
// fit: earlyStopping watches 'f1', which is no score of this run @ monitor
fit(model, { ...options, validation: heldOut, metrics, earlyStopping: { monitor: 'f1', patience: 3, mode: 'max' } })
// fit: earlyStopping watches 'validation loss', and there is no validation set @ monitor
fit(model, { ...options, earlyStopping: { monitor: 'validation loss', patience: 3 } })
// fit: earlyStopping watches 'validation accuracy', and there is no validation set @ monitor
fit(model, { ...options, metrics: { accuracy }, earlyStopping: { monitor: 'validation accuracy', patience: 3, mode: 'max' } })
// ~ Property 'mode' is missing @ earlyStopping
fit(model, { ...options, metrics: { accuracy }, earlyStopping: { monitor: 'accuracy', patience: 3 } })

// -- the state of an optimizer
declare const params: Params<typeof model>
const collecting = accumulate(4)(adam({ learningRate: 1e-3 }))
// learningRate: several parts of state are missing @ adam({ learningRate: 1e-3 }).init(params)
collecting.learningRate(adam({ learningRate: 1e-3 }).init(params), params)
// fit: several parts of from.optimizer are missing @ optimizer
fit(model, { ...options, optimizer: collecting, from: { params, optimizer: adam({ learningRate: 1e-3 }).init(params), key: key(0), epoch: 1, history: [] } })
