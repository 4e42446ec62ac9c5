/** Schedules: their values by count, what they are made of, and their faults. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import { parameter } from '../../src/graph/expression.ts'
import { graphOf } from '../../src/graph/graph.ts'
import { nodeOf, tensorOf } from '../../src/graph/node.ts'
import type { Count } from '../../src/optim/optimizer.ts'
import {
  constantSchedule,
  cosineDecay,
  exponentialDecay,
  piecewiseConstant,
  type Schedule,
  stepDecay,
  warmUp,
} from '../../src/optim/schedule.ts'
import { sgd } from '../../src/optim/sgd.ts'
import type { Tensor } from '../../types/tensor.ts'
import { numbers } from '../autodiff/differences.ts'
import { exact } from './settle.ts'

const counted = (count: number): Count => exact([count], [], 'i32') as Count
const rates = (schedule: Schedule, ...counts: readonly number[]): readonly number[] =>
  counts.map((count) => Number((numbers(nodeOf(schedule(counted(count))))[0] as number).toFixed(9)))

describe('schedules', () => {
  it('constant', () => expect(rates(constantSchedule(0.25), 0, 1, 1e6)).toEqual([0.25, 0.25, 0.25]))

  it('step: floors the count', () =>
    expect(rates(stepDecay({ initial: 1, factor: 0.5, every: 3 }), 0, 2, 3, 5, 6, 300)).toEqual([1, 1, 0.5, 0.5, 0.25, 0]))

  it('exponential: does not floor', () =>
    expect(rates(exponentialDecay({ initial: 2, factor: 0.25, every: 2 }), 0, 1, 2, 3)).toEqual([2, 1, 0.5, 0.25]))

  it('exponential: every step unless said', () => expect(rates(exponentialDecay({ initial: 1, factor: 0.9 }), 1, 2)).toEqual([0.9, 0.81]))

  it('cosine: half way in the middle, and the final rate for good', () => {
    expect(rates(cosineDecay({ initial: 1, steps: 6 }), 0, 2, 3, 6, 7, 1000)).toEqual([1, 0.75, 0.5, 0, 0, 0])
    expect(rates(cosineDecay({ initial: 1, steps: 4, final: 0.5 }), 0, 2, 4, 9)).toEqual([1, 0.75, 0.5, 0.5])
  })

  it('warm-up: smaller steps first, then what follows from its own beginning', () => {
    expect(rates(warmUp({ steps: 3, rate: 1 }), 0, 1, 2, 3, 9)).toEqual([0.25, 0.5, 0.75, 1, 1])
    expect(rates(warmUp({ steps: 1, rate: cosineDecay({ initial: 1, steps: 2 }) }), 0, 1, 2, 3)).toEqual([0.5, 1, 0.5, 0])
  })

  it('piecewise: the next value from the boundary on', () => {
    expect(rates(piecewiseConstant({ boundaries: [2, 4], values: [3, 2, 1] }), 0, 1, 2, 3, 4, 5)).toEqual([3, 3, 2, 2, 1, 1])
    expect(rates(piecewiseConstant({ boundaries: [], values: [3] }), 0, 9)).toEqual([3, 3])
  })

  it('are computed inside the step: expressions over the counter', () => {
    const count = tensorOf<Count>(parameter('count', [], 'i32'))
    const schedules = [
      stepDecay({ initial: 1, factor: 0.5, every: 3 }),
      exponentialDecay({ initial: 1, factor: 0.5 }),
      cosineDecay({ initial: 1, steps: 6 }),
      warmUp({ steps: 2, rate: 1 }),
      piecewiseConstant({ boundaries: [2], values: [3, 2] }),
    ]
    for (const schedule of schedules) {
      const rate = schedule(count)
      expectTypeOf(rate).toEqualTypeOf<Tensor<[]>>()
      const { nodes } = graphOf([nodeOf(rate)], [])
      expect([rate.shape, rate.dtype, nodes.includes(nodeOf(count))]).toEqual([[], 'f32', true])
    }
  })

  it("may be a user's own function, which must give an f32 scalar", () => {
    const own = sgd({ learningRate: (count) => constantSchedule(2)(count) })
    expect(own.faults).toEqual([])
    expect(numbers(nodeOf(own.update(exact([1], [1]), { count: counted(0) }, exact([1], [1]))[0] as never))).toEqual([-2])
    const wrong = sgd({ learningRate: () => exact([1, 2], [2]) as never })
    expect(() => wrong.update(exact([1], [1]), { count: counted(0) }, exact([1], [1]))).toThrow(
      'sgd: a schedule must give an f32 scalar, got f32 [2]',
    )
  })
})

describe('faults', () => {
  it('name the value', () => {
    expect(constantSchedule(-1).faults).toEqual(['constantSchedule: the value must be a positive number, got -1'])
    expect(stepDecay({ initial: 0, factor: 0, every: 0 }).faults).toEqual([
      'stepDecay: the initial rate must be a positive number, got 0',
      'stepDecay: the factor must be a positive number, got 0',
      'stepDecay: every must be a positive whole number, got 0',
    ])
    expect(exponentialDecay({ initial: 1, factor: Number.NaN, every: 1.5 }).faults).toEqual([
      'exponentialDecay: the factor must be a positive number, got NaN',
      'exponentialDecay: every must be a positive whole number, got 1.5',
    ])
    expect(cosineDecay({ initial: 1, steps: -3, final: -1 }).faults).toEqual([
      'cosineDecay: the final rate must be a number from 0 on, got -1',
      'cosineDecay: steps must be a positive whole number, got -3',
    ])
    expect(warmUp({ steps: 0, rate: -2 }).faults).toEqual([
      'warmUp: steps must be a positive whole number, got 0',
      'warmUp: the learning rate must be a positive number, got -2',
    ])
    expect(piecewiseConstant({ boundaries: [4, 2], values: [1, -1] }).faults).toEqual([
      'piecewiseConstant: 2 boundaries need 3 values, got 2',
      'piecewiseConstant: the boundaries must ascend, got [4, 2]',
      'piecewiseConstant: a value must be a number from 0 on, got -1',
    ])
    expect(warmUp({ steps: 2, rate: cosineDecay({ initial: 1, steps: 2 }) }).faults).toEqual([])
  })
})
