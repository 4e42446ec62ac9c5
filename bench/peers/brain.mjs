/**
 * brain.js: one sample after the other, squared error, sigmoids in all layers. Not the arithmetic of the others: a step is a pass over
 * the batch's samples, which is as near as it comes.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import brain from 'brain.js'
import { serve } from '../../scripts/bench/serve.ts'
import { dataOf } from './data.mjs'

const version = () => {
  const main = createRequire(import.meta.url).resolve('brain.js')
  return JSON.parse(readFileSync(join(dirname(main), 'package.json'), 'utf8')).version
}

/** Samples of each batch, as it takes them. */
const batchesOf = ({ sizes, batch, loss }, { inputs, targets }) =>
  inputs.map(({ values }, i) =>
    Array.from({ length: batch }, (_, row) => {
      const target = targets[i][row]
      const output = loss === 'classes' ? Float32Array.from({ length: sizes.at(-1) }, (__, c) => (c === target ? 1 : 0)) : [target]
      return { input: values.slice(row * sizes[0], (row + 1) * sizes[0]), output }
    }),
  )

await serve((job) => {
  const { sizes, mode } = job
  const data = dataOf(job)
  const batches = batchesOf(job, data)
  const net = new brain.NeuralNetwork({ hiddenLayers: sizes.slice(1, -1), activation: 'sigmoid', learningRate: 0.3, momentum: 0.1 })
  net.sizes = [...sizes]
  net.initialize()
  let last = [0]
  const train = (i) => {
    let sum = 0
    for (const sample of batches[i]) sum += net.trainPattern(sample, true)
    last = [sum / job.batch]
  }
  const predict = (i) => {
    last = net.runInput(batches[i][0].input)
  }
  return {
    version: `brain.js ${version()}`,
    reset: () => {
      for (let layer = 1; layer < sizes.length; layer++) {
        const { values } = data.parameters[2 * layer - 2]
        const width = sizes[layer]
        for (let node = 0; node < width; node++) {
          net.biases[layer][node] = 0
          for (let k = 0; k < sizes[layer - 1]; k++) net.weights[layer][node][k] = values[k * width + node]
          net.changes[layer][node].fill(0)
        }
      }
    },
    step: mode === 'train' ? train : predict,
    values: () => Array.from(last).slice(0, 4),
  }
})
