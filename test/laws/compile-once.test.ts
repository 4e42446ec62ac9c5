/** Law 7: a step compiles once: not for the second step or epoch, not for the last batch, not for a second `fit`. */

import { adam, dataset, dense, fit, input, key, lstm, meanSquaredError, pipe, samples, tanh } from 'shapewright'
import { afterEach, describe, expect, it, vi } from 'vitest'

const points = (n: number) => {
  const made = dataset(
    samples(
      Array.from({ length: 2 * n }, (_, i) => (i * 37) % 11),
      [2],
    ),
    samples(
      Array.from({ length: n }, (_, i) => i % 3),
      [1],
    ),
  )
  if (made._tag === 'Left') throw new Error(made.left.message)
  return made.right
}

/** Every way in which an engine can be asked to compile. */
const compilations = () => [vi.spyOn(WebAssembly, 'compile'), vi.spyOn(WebAssembly, 'Module')]
const count = (spies: ReturnType<typeof compilations>): number => spies.reduce((n, spy) => n + spy.mock.calls.length, 0)

afterEach(() => {
  vi.restoreAllMocks()
})

describe('fit', () => {
  it('compiles one training step, and none when the same model is fitted again, or another of the same structure', async () => {
    const spies = compilations()
    const modelOf = () => pipe(input([2]), dense(4), tanh, dense(1))
    const model = modelOf()
    const options = {
      data: points(10),
      loss: meanSquaredError,
      optimizer: adam({ learningRate: 0.01 }),
      batchSize: 4,
      epochs: 3,
      key: key(0),
    }
    const first = await fit(model, options)()
    expect(first._tag).toBe('Right')
    expect(count(spies)).toBe(1)
    const second = await fit(model, { ...options, key: key(5) })()
    expect(second._tag).toBe('Right')
    expect(count(spies)).toBe(1)
    const twin = await fit(modelOf(), options)()
    expect(twin._tag).toBe('Right')
    expect(count(spies)).toBe(1)
    await fit(model, { ...options, optimizer: adam({ learningRate: 0.02 }) })()
    expect(count(spies)).toBe(2)
  })

  it('compiles a loop over time once, the last batch and a second training included', async () => {
    const spies = compilations()
    const data = dataset(
      samples(
        Array.from({ length: 60 }, (_, i) => (i * 37) % 11),
        [3, 2],
      ),
      samples(
        Array.from({ length: 10 }, (_, i) => i % 3),
        [1],
      ),
    )
    if (data._tag === 'Left') throw new Error(data.left.message)
    const model = pipe(input([3, 2]), lstm(4, { returns: 'last' }), dense(1))
    const options = {
      data: data.right,
      loss: meanSquaredError,
      optimizer: adam({ learningRate: 0.01 }),
      batchSize: 4,
      epochs: 2,
      key: key(0),
    }
    for (const seed of [0, 5]) {
      const trained = await fit(model, { ...options, key: key(seed) })()
      expect(trained._tag).toBe('Right')
      expect(count(spies)).toBe(1)
    }
  })
})
