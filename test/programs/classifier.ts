/** A classifier that uses all that could differ from host to host: exp, log, erf, cos, random numbers, a last smaller batch. */
import {
  adamw,
  chain,
  classes,
  clipByGlobalNorm,
  cosineDecay,
  dataset,
  dense,
  dropout,
  fit,
  gelu,
  initializers,
  input,
  key,
  pipe,
  samples,
  softmaxCrossEntropy,
  tanh,
  toTypedArray,
  warmUp,
} from 'shapewright'
import { orThrow, sha256 } from './digest.ts'

const count = 50
/** Whole numbers, by Lehmer's generator: below 2^31 and the same everywhere. */
const numbers = (length: number, seed: number): readonly number[] => {
  const found = [seed]
  while (found.length < length) found.push(((found.at(-1) ?? 0) * 48271) % 2147483647)
  return found
}
const inputs = numbers(count * 6, 1).map((n) => (n % 1024) / 512 - 1)
const labels = numbers(count, 2).map((n) => n % 5)

const model = pipe(
  input([6]),
  dense(16, { name: 'hidden', weight: initializers.heNormal }),
  gelu,
  dropout(0.2),
  dense(12, 'middle'),
  tanh,
  dense(5, 'logits'),
)

/** The SHA-256 of weights and biases, in layer order. */
export const run = async (): Promise<string> => {
  const data = orThrow(dataset(samples(inputs, [6]), classes(labels, 5)))
  const learningRate = warmUp({ steps: 10, rate: cosineDecay({ initial: 0.02, steps: 150 }) })
  const optimizer = chain(clipByGlobalNorm(1), adamw({ learningRate }))
  const { params } = orThrow(await fit(model, { data, loss: softmaxCrossEntropy, optimizer, batchSize: 8, epochs: 20, key: key(7) })())
  const { hidden, middle, logits } = params
  return sha256([
    toTypedArray(hidden.weight),
    toTypedArray(hidden.bias),
    toTypedArray(middle.weight),
    toTypedArray(middle.bias),
    toTypedArray(logits.weight),
    toTypedArray(logits.bias),
  ])
}
