/** A small convolutional network learns, in seconds; layers of images in blocks, residuals and branches agree with their operations. */
import { isLeft } from 'fp-ts/lib/Either.js'
import {
  adam,
  add,
  block,
  classes,
  conv1d,
  conv2d,
  dataset,
  dense,
  evaluate,
  fit,
  flatten,
  globalAveragePool2d,
  initializers,
  input,
  key,
  maxPool2d,
  normal,
  pipe,
  relu,
  residual,
  samples,
  sequential,
  softmaxCrossEntropy,
  toTypedArray,
} from 'shapewright'
import * as ops from 'shapewright/ops'
import { describe, expect, it } from 'vitest'

/** Stripes of width 2 that lie or stand, somewhere, under noise. */
const striped = (count: number, seed: number) => {
  const noise = toTypedArray(normal(key(seed), [64, 8, 8, 1]))
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2)
  const values = Float32Array.from({ length: count * 64 }, (_, at) => {
    const [image, place] = [Math.floor(at / 64), at % 64]
    const along = image % 2 === 0 ? Math.floor(place / 8) : place % 8
    return (Math.floor((along + (image >> 1)) / 2) % 2) + 0.3 * (noise[(at * 7) % noise.length] as number)
  })
  const made = dataset(samples(values, [8, 8, 1]), classes(labels, 2))
  if (isLeft(made)) throw new Error(made.left.tag)
  return made.right
}

describe('a convolutional network', () => {
  it('learns which way stripes lie', async () => {
    const model = pipe(
      input([8, 8, 1]),
      conv2d({ filters: 4, kernel: 3, padding: 'same' }),
      relu,
      maxPool2d(2),
      residual(block(conv2d({ filters: 4, kernel: 3, padding: 'same', groups: 2 }), relu)),
      globalAveragePool2d,
      dense(2),
    )
    const trained = await fit(model, {
      data: striped(192, 1),
      loss: softmaxCrossEntropy,
      optimizer: adam({ learningRate: 0.02 }),
      batchSize: 32,
      epochs: 12,
      key: key(3),
    })()
    if (isLeft(trained)) throw new Error(trained.left.tag)
    const { history, params } = trained.right
    expect(history.at(-1)?.loss).toBeLessThan(0.1)
    expect(Object.keys(params)).toEqual(['conv2d1', 'residual1', 'dense1'])
    const seen = await evaluate(model, { params, data: striped(64, 2), loss: softmaxCrossEntropy, batchSize: 32 })()
    if (isLeft(seen)) throw new Error(seen.left.tag)
    expect(seen.right.loss).toBeLessThan(0.2)
  })
})

describe('layers', () => {
  it('are the operations of the same name, and a bias', () => {
    const model = sequential(
      input([9, 7, 4]),
      conv2d({ filters: 6, kernel: [3, 2], stride: 2, groups: 2, padding: 'same', bias: initializers.ones }),
    )
    const params = model.init(key(0))
    const x = normal(key(1), [2, 9, 7, 4])
    const { weight, bias } = params.conv2d1
    expect(weight.shape).toEqual([3, 2, 2, 6])
    const byHand = pipe(x, ops.conv2d(weight, { stride: 2, groups: 2, padding: 'same' }), add(bias))
    expect([...toTypedArray(model.apply(params, x))]).toEqual([...toTypedArray(byHand)])
  })
  it('of sequences too', () => {
    const model = pipe(input([9, 4]), conv1d({ filters: 6, kernel: 3, dilation: 2, padding: [4, 0], name: 'causal' }))
    const params = model.init(key(0))
    const x = normal(key(1), [2, 9, 4])
    const byHand = pipe(x, ops.conv1d(params.causal.weight, { dilation: 2, padding: [4, 0] }), add(params.causal.bias))
    expect([...toTypedArray(model.apply(params, x))]).toEqual([...toTypedArray(byHand)])
  })
  it('spread their first weights by all that a filter sees', () => {
    const model = pipe(input([8, 8, 64]), conv2d({ filters: 64, kernel: 5 }), flatten)
    const weights = toTypedArray(model.init(key(0)).conv2d1.weight)
    const largest = Math.sqrt(6 / (25 * 128))
    expect(Math.max(...weights)).toBeLessThanOrEqual(largest)
    expect(Math.max(...weights)).toBeGreaterThan(0.99 * largest)
  })
})
