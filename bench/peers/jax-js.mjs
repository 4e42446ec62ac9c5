/** jax-js on its WebAssembly backend: the whole step in one jit. Every use of an array but its last takes a reference. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax'
import { serve } from '../../scripts/bench/serve.ts'
import { dataOf, oneHot } from './data.mjs'

const version = () => {
  const main = createRequire(import.meta.url).resolve('@jax-js/jax')
  return JSON.parse(readFileSync(join(dirname(main), '../package.json'), 'utf8')).version
}
const array = ({ values, shape }) => np.array(values).reshape(shape)

const dense = (activation) => (params, x) => {
  const layers = params.length / 2
  for (let l = 0; l < layers; l++) {
    x = np.matmul(x, params[2 * l]).add(params[2 * l + 1])
    if (l + 1 < layers) x = activation(x)
  }
  return x
}
/** It has channels first only; the pool is a maximum over two axes of a reshaped array. */
const convolutional = (params, x) => {
  x = np.transpose(x, [0, 3, 1, 2])
  for (let l = 0; l < 2; l++) {
    const filters = np.transpose(params[2 * l], [3, 2, 0, 1])
    x = lax.conv(x, filters, [1, 1], 'SAME').add(params[2 * l + 1].reshape([1, -1, 1, 1]))
    const [b, c, h, w] = x.shape
    x = np.max(nn.relu(x).reshape([b, c, h / 2, 2, w / 2, 2]), [3, 5])
  }
  x = np.transpose(x, [0, 2, 3, 1])
  return np.matmul(x.reshape([x.shape[0], -1]), params[4]).add(params[5])
}

const lossOf = (apply, classes) => (params, x, y) => {
  const z = apply(params, x)
  if (classes) return np.sum(nn.logSoftmax(z).mul(y), -1).mul(-1).mean()
  const soft = np.log1p(np.exp(np.abs(z.ref).mul(-1)))
  return np.maximum(z.ref, 0).sub(z.mul(y)).add(soft).mean()
}

const adam = (rate) => (p, g, m, v, corrected) => {
  const first = m.mul(0.9).add(g.ref.mul(0.1))
  const second = v.mul(0.999).add(g.ref.mul(g).mul(0.001))
  const scale = np.sqrt(second.ref.mul(corrected[1])).add(1e-8)
  return [p.sub(first.ref.mul(corrected[0]).mul(rate).div(scale)), first, second]
}
const momentum = (rate) => (p, g, m, v, corrected) => {
  for (const unused of corrected) unused.dispose()
  const first = m.mul(0.9).add(g)
  return [p.sub(first.ref.mul(rate)), first, v]
}

const trainOf = (loss, update) =>
  jit((params, first, second, corrections, x, y) => {
    const [value, grads] = valueAndGrad(loss)(tree.ref(params), x, y)
    const after = params.map((p, i) => update(p, grads[i], first[i], second[i], [corrections[0].ref, corrections[1].ref]))
    for (const correction of corrections) correction.dispose()
    return [after.map(([p]) => p), after.map(([, m]) => m), after.map(([, , v]) => v), value]
  })

await serve(async (job) => {
  await init('wasm')
  defaultDevice('wasm')
  const { parameters, inputs, targets } = dataOf(job)
  const classes = job.loss === 'classes'
  const xs = inputs.map(array)
  const ys = targets.map((y) =>
    classes ? array({ values: oneHot(y, 10), shape: [job.batch, 10] }) : array({ values: y, shape: [job.batch, 1] }),
  )
  const apply = job.network === 'cnn' ? convolutional : dense(classes ? nn.relu : np.tanh)
  const train = trainOf(lossOf(apply, classes), (job.optimizer === 'adam' ? adam : momentum)(job.rate))
  const predict = jit(apply)
  let [params, first, second, count, last] = [[], [], [], 0, np.array([0])]
  const keep = (value) => {
    last.dispose()
    last = value
  }
  const corrections = () => {
    count++
    return [np.array(1 / (1 - 0.9 ** count)), np.array(1 / (1 - 0.999 ** count))]
  }
  return {
    version: `jax-js ${version()}, wasm`,
    reset: () => {
      for (const old of [...params, ...first, ...second]) old.dispose()
      params = parameters.map(array)
      first = parameters.map(({ shape }) => np.zeros(shape))
      second = parameters.map(({ shape }) => np.zeros(shape))
      count = 0
    },
    step: (i) => {
      if (job.mode === 'infer') {
        keep(predict(tree.ref(params), xs[i].ref))
        // what nobody reads before it is disposed of would never be computed
        last.ref.dataSync()
        return
      }
      const [nextParams, nextFirst, nextSecond, value] = train(params, first, second, corrections(), xs[i].ref, ys[i].ref)
      ;[params, first, second] = [nextParams, nextFirst, nextSecond]
      keep(value)
    },
    settle: () => blockUntilReady([params, last]),
    values: () => last.ref.dataSync().slice(0, 4),
  }
})
