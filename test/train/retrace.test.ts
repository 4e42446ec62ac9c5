/** Epochs that nobody watches are not looked at one by one: what stops them is told as if they had been. */
import { dataset, dense, fit, input, key, meanAbsoluteError, meanSquaredError, momentum, pipe, samples, sgd, tanh } from 'shapewright'
import { describe, expect, it } from 'vitest'
import { leftOf, numbers, rightOf } from './values.ts'

const data = rightOf(dataset(samples([0, 1, 2, 3, 4, 5, 6, 7], [1]), samples([1, 3, 2, 5, 4, 7, 6, 9], [1])))
const model = pipe(input([1]), dense(3), tanh, dense(1, 'out'))
const line = pipe(input([1]), dense(1, 'out'))
const shared = { data, key: key(4), epochs: 500 }

/** What it stopped with, of plain values. */
const told = (error: ReturnType<typeof leftOf<unknown, unknown>>) => {
  const { tag, message, step, epoch, last } = error as {
    readonly tag: string
    readonly message: string
    readonly step: number
    readonly epoch: number
    readonly last: { readonly params: unknown; readonly optimizer: unknown; readonly epoch: number; readonly history: unknown }
  }
  return { tag, message, step, epoch, last: [numbers([last.params, last.optimizer]), last.epoch, last.history] }
}

describe.each([1, 2, 8])('with %i steps an epoch', (steps) => {
  const options = { ...shared, batchSize: 8 / steps }
  it.each([0.2, 0.3, 1, 30, 100])('a loss that grows without bound, learning rate %d', async (learningRate) => {
    const diverging = { ...options, loss: meanSquaredError, optimizer: momentum({ learningRate, momentum: 0.5 }) }
    const watched = told(leftOf(await fit(line, { ...diverging, onEvent: () => {} })()))
    expect(told(leftOf(await fit(line, diverging)()))).toEqual(watched)
    expect(watched.tag).toBe('NonFinite')
    if (watched.epoch === 1) return
    const again = rightOf(await fit(line, { ...diverging, epochs: watched.epoch - 1 })())
    expect([numbers([again.params, again.optimizer]), again.epoch, again.history]).toEqual(watched.last)
  })
  it('a parameter that leaves the floats while the loss is finite', async () => {
    const bounded = { ...options, loss: meanAbsoluteError, optimizer: sgd({ learningRate: 3e37 }) }
    const watched = told(leftOf(await fit(line, { ...bounded, onEvent: () => {} })()))
    expect(told(leftOf(await fit(line, bounded)()))).toEqual(watched)
  })
  it('a signal', async () => {
    const calm = { ...options, loss: meanSquaredError, optimizer: sgd({ learningRate: 0.01 }) }
    let looks = 0
    const signal = {
      get aborted() {
        looks += 1
        return looks > 100
      },
    } as AbortSignal
    const error = leftOf(await fit(model, { ...calm, epochs: 1e9, signal })())
    expect(error.tag).toBe('Aborted')
    if (error.tag !== 'Aborted') return
    const { epoch, params, history } = error.last
    expect(epoch).toBeGreaterThan(50)
    expect(history.length).toBe(epoch)
    const again = rightOf(await fit(model, { ...calm, epochs: epoch })())
    expect(again.history).toEqual(history)
    if (error.last.underway === null) expect(numbers(again.params)).toEqual(numbers(params))
  })
})
