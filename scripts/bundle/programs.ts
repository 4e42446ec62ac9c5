/** What programs begin with: three kinds of networks are compiled and trained, one is asked. `bundle.ts` looks which functions that calls. */
import * as E from 'fp-ts/lib/Either.js'
import {
  accuracy,
  adam,
  classes,
  conv2d,
  dataset,
  dense,
  evaluate,
  fit,
  flatten,
  input,
  key,
  lstm,
  maxPool2d,
  pipe,
  pixels,
  predict,
  relu,
  softmaxCrossEntropy,
  zeros,
} from 'shapewright'

const right = <A>(either: E.Either<{ readonly message: string }, A>): A => {
  if (E.isLeft(either)) throw new Error(either.left.message)
  return either.right
}

/** More than two batches of 32: there is a last one, which is smaller. */
const rows = 80
const given = { batchSize: 32, epochs: 1, key: key(0), optimizer: adam({ learningRate: 1e-3 }) }
const scores = { loss: softmaxCrossEntropy, metrics: { accuracy } }
const labels = classes(new Int32Array(rows), 10)

const digits = right(dataset(pixels(new Uint8Array(rows * 784), [784]), labels))
const images = right(dataset(pixels(new Uint8Array(rows * 784), [28, 28, 1]), labels))
const lines = right(dataset(pixels(new Uint8Array(rows * 784), [28, 28]), labels))

const perceptron = pipe(input([784]), dense(256), relu, dense(10))
const { params } = right(await fit(perceptron, { ...given, ...scores, data: digits })())
right(await evaluate(perceptron, { params, data: digits, ...scores })())
right(await predict(perceptron, { params, inputs: zeros([8, 784]) })())

const convolutional = pipe(
  input([28, 28, 1]),
  conv2d({ filters: 8, kernel: 5, padding: 'same' }),
  relu,
  maxPool2d(2),
  conv2d({ filters: 16, kernel: 5, padding: 'same' }),
  relu,
  maxPool2d(2),
  flatten,
  dense(10),
)
right(await fit(convolutional, { ...given, ...scores, data: images })())

const recurrent = pipe(input([28, 28]), lstm(64, { returns: 'last' }), dense(10))
right(await fit(recurrent, { ...given, ...scores, data: lines, threads: 1 })())
