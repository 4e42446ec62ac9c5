/** Averages that have sunk to nothing are nothing: subnormal numbers would slow every later step. */
import { adam, applyUpdates, compute, momentum, type Optimizer, rmsprop, type Tensor, tensor, toArray } from 'shapewright'
import { describe, expect, it } from 'vitest'
import { leaves } from '../../src/graph/tree.ts'

const optimizers: readonly (readonly [string, Optimizer<unknown>])[] = [
  ['adam', adam({ learningRate: 0.1, beta1: 0.5, beta2: 0.5 }) as never],
  ['momentum', momentum({ learningRate: 0.1, momentum: 0.5 }) as never],
  ['rmsprop', rmsprop({ learningRate: 0.1, decay: 0.5 }) as never],
]

/** The elements of a state's averages. */
const averages = (state: unknown): readonly number[] =>
  leaves(state).flatMap(({ node }) => (node.op === 'data' && node.dtype === 'f32' ? [...node.attributes.values] : []))

describe('a gradient that came once', () => {
  it.each(optimizers)('leaves %s no subnormal numbers', (_, optimizer) => {
    let params: Tensor<[2]> = tensor([1, 1])
    let state = compute(optimizer.init(params))
    for (let step = 0; step < 200; step++) {
      const [updates, next] = optimizer.update(tensor(step === 0 ? [1, 0] : [0, 0]) as never, state as never, params as never)
      params = compute(applyUpdates(params, updates as never))
      state = compute(next)
      if (step === 0) expect(Math.max(...averages(state))).toBeGreaterThan(0)
    }
    expect(averages(state).length).toBeGreaterThan(0)
    expect(averages(state).every((x) => x === 0)).toBe(true)
    expect(toArray(params)[1]).toBe(1)
  })

  it.each(optimizers)('is not hidden by %s where it is not a number', (_, optimizer) => {
    const params = tensor([1, 1])
    const [updates, state] = optimizer.update(tensor([Number.NaN, 0]) as never, optimizer.init(params) as never, params as never)
    expect(averages(compute(state)).some(Number.isNaN)).toBe(true)
    expect(toArray(applyUpdates(params, updates as never))[0]).toBeNaN()
  })
})
