/** TensorFlow.js with its own variables and optimizers, on the backend that the first argument names. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { serve } from '../../scripts/bench/serve.ts'
import { dataOf, oneHot } from './data.mjs'

const backend = process.argv[2]

const ready = async () => {
  if (backend === 'wasm') {
    const wasm = await import('@tensorflow/tfjs-backend-wasm')
    // it would look for its files beside the page
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
    wasm.setWasmPaths(join(dirname(main), '/'))
  }
  await tf.setBackend(backend)
  await tf.ready()
  if (tf.getBackend() !== backend) throw new Error(`the backend is ${tf.getBackend()}`)
}

const dense = (parameters, activation) => (x) => {
  const layers = parameters.length / 2
  for (let l = 0; l < layers; l++) {
    x = tf.add(tf.matMul(x, parameters[2 * l]), parameters[2 * l + 1])
    if (l + 1 < layers) x = activation(x)
  }
  return x
}
const convolutional = (parameters) => (x) => {
  for (let l = 0; l < 2; l++) {
    x = tf.relu(tf.add(tf.conv2d(x, parameters[2 * l], 1, 'same'), parameters[2 * l + 1]))
    x = tf.maxPool(x, 2, 2, 'valid')
  }
  return tf.add(tf.matMul(tf.reshape(x, [-1, 784]), parameters[4]), parameters[5])
}

await serve(async (job) => {
  await ready()
  const { parameters, inputs, targets } = dataOf(job)
  const variables = parameters.map(({ shape, values }) => tf.variable(tf.tensor(values, shape)))
  const xs = inputs.map(({ shape, values }) => tf.tensor(values, shape))
  const classes = job.loss === 'classes'
  const ys = targets.map((values) => (classes ? tf.tensor(oneHot(values, 10), [job.batch, 10]) : tf.tensor(values, [job.batch, 1])))
  const apply = job.network === 'cnn' ? convolutional(variables) : dense(variables, classes ? tf.relu : tf.tanh)
  const loss = classes ? tf.losses.softmaxCrossEntropy : tf.losses.sigmoidCrossEntropy
  const optimizerOf = () => (job.optimizer === 'adam' ? tf.train.adam(job.rate, 0.9, 0.999, 1e-8) : tf.train.momentum(job.rate, 0.9))
  let optimizer = optimizerOf()
  let last = tf.scalar(0)
  const keep = (value) => {
    last.dispose()
    last = value
  }
  const train = (i) => keep(optimizer.minimize(() => loss(ys[i], apply(xs[i])), true, variables))
  const predict = (i) => keep(tf.tidy(() => apply(xs[i])))
  return {
    version: `tfjs ${tf.version.tfjs}, ${backend}`,
    reset: () => {
      variables.forEach((variable, i) => {
        const initial = tf.tensor(parameters[i].values, parameters[i].shape)
        variable.assign(initial)
        initial.dispose()
      })
      optimizer.dispose()
      optimizer = optimizerOf()
    },
    step: job.mode === 'train' ? train : predict,
    // what is read has been computed
    settle: () => last.dataSync(),
    values: () => last.dataSync().slice(0, 4),
  }
})
