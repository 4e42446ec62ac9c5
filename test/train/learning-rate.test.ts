/** Learning rates in the history: those that the last step of each epoch used, to the bit, and no work where they stand still. */
import {
  accumulate,
  adam,
  add,
  chain,
  clipByValue,
  compile,
  constantSchedule,
  cosineDecay,
  dataset,
  dense,
  exponentialDecay,
  fit,
  freeze,
  input,
  key,
  meanSquaredError,
  momentum,
  nesterov,
  piecewiseConstant,
  pipe,
  rmsprop,
  type Schedule,
  samples,
  scalar,
  sgd,
  stepDecay,
  type Tensor,
  tensor,
  toArray,
  warmUp,
  zeros,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { leaves } from '../../src/graph/tree.ts'
import { progress } from '../../src/train/progress.ts'
import { type RunOptions, runOf } from '../../src/train/run.ts'
import { sessionOf, startOf } from '../../src/train/session.ts'
import { rightOf } from './values.ts'

const data = rightOf(dataset(samples([0, 1, 2, 3, 4, 5, 6], [1]), samples([1, 3, 2, 5, 4, 7, 6], [1])))
const model = pipe(input([1]), dense(1, 'out'))
const options = { data, loss: meanSquaredError, batchSize: 2, epochs: 6, key: key(4) }
const steps = 4

const schedules: Readonly<Record<string, Schedule>> = {
  stepDecay: stepDecay({ initial: 0.01, factor: 0.7, every: 5 }),
  exponentialDecay: exponentialDecay({ initial: 0.01, factor: 0.9, every: 3 }),
  cosineDecay: cosineDecay({ initial: 0.01, steps: 20, final: 0.001 }),
  warmUp: warmUp({ steps: 6, rate: cosineDecay({ initial: 0.01, steps: 20 }) }),
  piecewiseConstant: piecewiseConstant({ boundaries: [5, 9, 10], values: [0.01, 0.003, 0.002, 0.001] }),
}
/** What each step of plain descent moves a parameter by whose gradient is 1: the rate that it used. */
const used = async (learningRate: Schedule, count: number): Promise<readonly number[]> => {
  const optimizer = sgd({ learningRate })
  const before = { params: tensor([0]), optimizer: optimizer.init(tensor([0])) }
  const step = (state: typeof before, gradient: Tensor<[1]>) => {
    const [updates, next] = optimizer.update(gradient, state.optimizer, state.params)
    return [{ params: state.params, optimizer: next }, updates] as const
  }
  const program = rightOf(await compile(step, { state: before, args: [{ shape: [1], dtype: 'f32' }] as never })())
  return Array.from({ length: count }, () => -(toArray((program.step as (g: Tensor<[1]>) => Tensor<[1]>)(tensor([1])))[0] as number))
}
const ofEpochs = async (optimizer: unknown): Promise<readonly (number | null)[]> => {
  const { history } = rightOf(await fit(model, { ...options, optimizer: optimizer as ReturnType<typeof sgd> })())
  return history.map(({ learningRate }) => learningRate)
}

describe('the learning rate of an epoch', () => {
  it.each(Object.entries(schedules))('is what its last step used, to the bit: %s', async (_, learningRate) => {
    const all = await used(learningRate, 6 * steps)
    const expected = all.filter((_, i) => i % steps === steps - 1)
    expect(await ofEpochs(sgd({ learningRate }))).toEqual(expected)
  })
  it('is that of the optimizer inside others', async () => {
    const learningRate = schedules.warmUp as Schedule
    const expected = await ofEpochs(sgd({ learningRate }))
    for (const optimizer of [
      adam({ learningRate }),
      momentum({ learningRate }),
      nesterov({ learningRate }),
      rmsprop({ learningRate }),
      chain(clipByValue(1), sgd({ learningRate })),
      chain(adam({ learningRate }), clipByValue(1)),
      freeze('out.bias')(adam({ learningRate })),
      freeze('out.bias')(chain(clipByValue(1), sgd({ learningRate }))),
      accumulate(1)(sgd({ learningRate })),
    ])
      expect(await ofEpochs(optimizer)).toEqual(expected)
    const all = await used(learningRate, 6 * steps)
    expect(await ofEpochs(accumulate(3)(sgd({ learningRate })))).toEqual([3, 7, 11, 15, 19, 23].map((last) => all[Math.floor(last / 3)]))
  })
  it('is one number where it stands still, and null where there is none', async () => {
    const rate = Math.fround(0.1)
    expect(new Set(await ofEpochs(sgd({ learningRate: 0.1 })))).toEqual(new Set([rate]))
    expect(new Set(await ofEpochs(adam({ learningRate: constantSchedule(0.1) })))).toEqual(new Set([rate]))
    expect(new Set(await ofEpochs(clipByValue(0.1)))).toEqual(new Set([null]))
  })
  it('goes on where a run is gone on with', async () => {
    const optimizer = sgd({ learningRate: schedules.cosineDecay as Schedule })
    const whole = rightOf(await fit(model, { ...options, optimizer })())
    for (const at of [3, 4, 5, 8]) {
      let seen = 0
      const stop = { stepEvery: 1, onEvent: ({ tag }: { readonly tag: string }) => (tag === 'Step' && ++seen === at ? 'stop' : null) }
      const from = rightOf(await fit(model, { ...options, optimizer, ...stop })())
      expect(rightOf(await fit(model, { ...options, optimizer, from })()).history).toEqual(whole.history)
    }
  })
  it('follows a schedule of one’s own', async () => {
    const learningRate: Schedule = () => add(scalar(0.0625), scalar(0.03125))
    expect(new Set(await ofEpochs(sgd({ learningRate })))).toEqual(new Set([0.09375]))
  })
})

it('a step of which the rate stands still gives loss and metrics alone', async () => {
  const sessions = [sgd({ learningRate: 0.1 }), sgd({ learningRate: schedules.cosineDecay as Schedule })].map(async (optimizer) => {
    const run = runOf(model, { ...options, optimizer } as unknown as RunOptions) // the loop stands below the types
    return rightOf(await sessionOf(run, startOf(run), 2 ** 20)())
  })
  const [still, moving] = await Promise.all(sessions)
  expect([still?.full.entry.results.length, moving?.full.entry.results.length]).toEqual([1, 2])
  // what is told of the rate is computed for the step already
  expect(moving?.machine.report.kernels).toBeLessThanOrEqual((still?.machine.report.kernels ?? 0) + 1)
})

describe('an optimizer says its rate', () => {
  const params = { w: zeros([2]) }
  it('for a state', () => {
    const optimizer = chain(clipByValue(1), adam({ learningRate: schedules.stepDecay as Schedule }))
    const state = optimizer.init(params)
    const rate = optimizer.learningRate(state, params)
    expect(rate === null ? null : toArray(rate)).toBe(Math.fround(0.01))
    expect(clipByValue(1).learningRate(null, params)).toBeNull()
    expect(leaves(state).length).toBe(3)
  })
  it('of its own', () => {
    const optimizer = adam({ learningRate: 0.1 })
    const { count } = optimizer.init(params)
    // @ts-expect-error learningRate: several parts of state are missing
    expect(() => optimizer.learningRate({ count }, params)).toThrow('learningRate: several parts of state are missing')
  })
})

it('progress shows the rate where it changes', () => {
  const lines: string[] = []
  const show = progress({ write: (text) => lines.push(text) })
  const scores = { loss: 0.5, metrics: {}, validation: null }
  const rates = [0.1, 0.1, 0.05, null]
  for (const [i, learningRate] of rates.entries())
    show({ tag: 'Epoch', scores: { ...scores, epoch: i + 1, learningRate }, epochs: 4, steps: 1, seconds: 1 })
  expect(lines).toEqual([
    'epoch 1/4  loss 0.5000  1.0 s\n',
    'epoch 2/4  loss 0.5000  1.0 s\n',
    'epoch 3/4  loss 0.5000  learning rate 0.0500  1.0 s\n',
    'epoch 4/4  loss 0.5000  1.0 s\n',
  ])
})
