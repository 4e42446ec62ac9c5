/** XOR as a stranger writes it. It runs in Node, in Chromium, and as an application of the packed package. */
import {
  adam,
  dataset,
  dense,
  fit,
  input,
  key,
  meanSquaredError,
  pipe,
  samples,
  sigmoid,
  tanh,
  tensor,
  toArray,
  toTypedArray,
} from 'shapewright'
import { orThrow, sha256 } from './digest.ts'

export interface Trained {
  readonly predictions: readonly number[]
  /** Of the weights and biases, in layer order. */
  readonly sha256: string
}

const inputs = [0, 0, 0, 1, 1, 0, 1, 1]
const truth = [0, 1, 1, 0]
const model = pipe(input([2]), dense(8, 'hidden'), tanh, dense(1, 'output'), sigmoid)
const x = tensor([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
])

export const run = async (): Promise<Trained> => {
  const data = orThrow(dataset(samples(inputs, [2]), samples(truth, [1])))
  const options = { data, loss: meanSquaredError, optimizer: adam({ learningRate: 0.05 }), batchSize: 4, epochs: 400, key: key(0) }
  const { params } = orThrow(await fit(model, options)())
  const { hidden, output } = params
  return {
    predictions: toArray(model.apply(params, x)).flat(),
    sha256: await sha256([toTypedArray(hidden.weight), toTypedArray(hidden.bias), toTypedArray(output.weight), toTypedArray(output.bias)]),
  }
}
