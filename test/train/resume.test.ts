/** A run that stops anywhere goes on as if it had not: the same bits, sums and history. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  accuracy,
  adam,
  batchNorm,
  classes,
  cosineDecay,
  dataset,
  dense,
  dropout,
  fit,
  input,
  key,
  meanSquaredError,
  momentum,
  pipe,
  relu,
  samples,
  sgd,
  softmaxCrossEntropy,
  type TrainingEvent,
  type UntypedTrained,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { type RunOptions, runOf } from '../../src/train/run.ts'
import { train } from '../../src/train/train.ts'
import { runs } from '../generators/runs.ts'
import { leftOf, numbers, rightOf } from './values.ts'

const points = (count: number) => {
  const labels = Array.from({ length: count }, (_, i) => i % 3)
  const xs = labels.flatMap((label, i) => [label + Math.sin(i), (label - 1) ** 2 + Math.cos(i)])
  return rightOf(dataset(samples(xs, [2]), classes(labels, 3)))
}
const model = pipe(input([2]), dense(8, 'hidden'), batchNorm(), relu, dropout(0.25), dense(3, 'logits'))
const base = {
  loss: softmaxCrossEntropy,
  optimizer: adam({ learningRate: cosineDecay({ initial: 0.05, steps: 40 }) }),
  metrics: { accuracy },
  key: key(5),
  epochs: 4,
}
interface Draw {
  readonly batchSize: number
  readonly samples: number
  readonly validates: boolean
  readonly threads: 1 | 2
  readonly mostBytes: number
}
const draws: fc.Arbitrary<Draw> = fc.record({
  batchSize: fc.integer({ min: 1, max: 9 }),
  samples: fc.integer({ min: 9, max: 29 }),
  validates: fc.boolean(),
  threads: fc.constantFrom(1, 2),
  mostBytes: fc.constantFrom(2 ** 20, 100, 1),
})

/** Below the types, where a little memory can be asked for. */
const run = async ({ batchSize, samples: count, validates, threads, mostBytes }: Draw, more: Partial<RunOptions>) => {
  const validation = validates ? { validation: points(10) } : {}
  const options = { ...base, data: points(count), ...validation, batchSize, threads, ...more }
  const asked = runOf(model, options as unknown as RunOptions)
  // steps as small as these are shared by threads only where nothing is too small to be
  return train({ ...asked, target: { ...asked.target, grain: 0 } }, mostBytes)
}
const shown = ({ params, optimizer, epoch, history, underway, best }: UntypedTrained) => ({
  params: numbers(params),
  optimizer: numbers(optimizer),
  epoch,
  history,
  underway,
  best: best === null ? null : { ...best, params: numbers(best.params), optimizer: numbers(best.optimizer) },
})
const saving = (every: object) => {
  const saved: UntypedTrained[] = []
  const save = (trained: UntypedTrained) => TE.fromIO<unknown, never>(() => saved.push(trained))
  return { checkpoints: { ...every, save }, saved }
}
/** Asks to stop behind a number of steps. */
const stopAt = (step: number) => {
  let seen = 0
  return { stepEvery: 1, onEvent: ({ tag }: TrainingEvent) => (tag === 'Step' && ++seen === step ? 'stop' : undefined) }
}

describe('a run that is gone on with', () => {
  it('behind any step, ends with the bits of one that never stopped', async () => {
    await fc.assert(
      fc.asyncProperty(draws, fc.integer({ min: 1, max: 30 }), async (draw, step) => {
        const whole = shown(rightOf(await run(draw, {})))
        const stopped = rightOf(await run(draw, stopAt(step)))
        const steps = Math.ceil(draw.samples / draw.batchSize)
        if (step < 4 * steps)
          expect([stopped.epoch, stopped.underway?.step]).toEqual([Math.floor((step - 1) / steps), ((step - 1) % steps) + 1])
        expect(shown(rightOf(await run(draw, { from: stopped })))).toEqual(whole)
      }),
      runs(25),
    )
  })
  it('from any checkpoint, which are those of a run that was stopped there', async () => {
    await fc.assert(
      fc.asyncProperty(draws, fc.integer({ min: 1, max: 7 }), async (draw, everySteps) => {
        const all = saving({ everySteps, everyEpochs: 2 })
        const whole = shown(rightOf(await run(draw, { checkpoints: all.checkpoints })))
        expect(whole).toEqual(shown(rightOf(await run(draw, {}))))
        const steps = Math.ceil(draw.samples / draw.batchSize)
        const at = all.saved.map(({ epoch, underway }) => epoch * steps + (underway?.step ?? 0))
        const due = Array.from({ length: 4 * steps }, (_, i) => i + 1).filter((n) => n % everySteps === 0 || n % (2 * steps) === 0)
        expect(at).toEqual(due)
        const from = all.saved[Math.floor(all.saved.length / 2)] as UntypedTrained
        const rest = saving({ everySteps, everyEpochs: 2 })
        expect(shown(rightOf(await run(draw, { checkpoints: rest.checkpoints, from })))).toEqual(whole)
        expect(rest.saved.map(shown)).toEqual(all.saved.slice(Math.floor(all.saved.length / 2) + 1).map(shown))
      }),
      runs(15),
    )
  })
  it('after a signal, wherever that came', async () => {
    const draw: Draw = { batchSize: 4, samples: 27, validates: true, threads: 1, mostBytes: 2 ** 20 }
    const whole = shown(rightOf(await run(draw, {})))
    for (const at of [1, 2, 5, 7, 8, 20, 28]) {
      const controller = new AbortController()
      let seen = 0
      const onEvent = ({ tag }: TrainingEvent): void => {
        if (tag === 'Step' && ++seen === at) controller.abort()
      }
      const kept = saving({ everyEpochs: 100 })
      const options = { stepEvery: 1, onEvent, signal: controller.signal, checkpoints: kept.checkpoints }
      const error = leftOf(await run(draw, options))
      if (error.tag !== 'Aborted') throw new Error(error.message)
      expect(error.last.epoch * 7 + (error.last.underway?.step ?? 0)).toBe(at)
      expect(kept.saved.map(shown)).toEqual([shown(error.last)])
      expect(shown(rightOf(await run(draw, { from: error.last })))).toEqual(whole)
    }
  })
  it('while its validation is scored', async () => {
    const draw: Draw = { batchSize: 4, samples: 27, validates: true, threads: 1, mostBytes: 2 ** 20 }
    let looks = Number.NEGATIVE_INFINITY
    const onEvent = ({ tag }: TrainingEvent): void => {
      if (tag === 'Step') looks = 0
    }
    // the first look behind the epoch's last step is that of the loop
    const signal = {
      get aborted() {
        looks += 1
        return looks > 1
      },
      addEventListener: () => {},
      removeEventListener: () => {},
    }
    const slow = { stepEvery: 7, onEvent, signal }
    const error = leftOf(await run(draw, slow as unknown as Partial<RunOptions>))
    if (error.tag !== 'Aborted') throw new Error(error.message)
    const from = error.last
    expect([from.epoch, from.underway?.step, from.underway?.steps]).toEqual([0, 7, 7])
    expect(shown(rightOf(await run(draw, { from })))).toEqual(shown(rightOf(await run(draw, {}))))
  })
  it('where nobody watched the epochs before', async () => {
    const options = { ...base, data: points(20), batchSize: 4, epochs: 1e9 }
    for (const timeLimit of [0.06, 0.07, 0.08, 0.09]) {
      const from = rightOf(await fit(model, { ...options, timeLimit })())
      const epochs = from.epoch + 2
      const rest = rightOf(await fit(model, { ...options, epochs, from })())
      const whole = rightOf(await fit(model, { ...options, epochs })())
      expect(shown(rest as UntypedTrained)).toEqual(shown(whole as UntypedTrained))
    }
  })
  it('goes wrong where it would have gone wrong', async () => {
    const data = rightOf(dataset(samples([0, 1, 2, 3, 4, 5, 6, 7], [1]), samples([1, 3, 2, 5, 4, 7, 6, 9], [1])))
    const line = pipe(input([1]), dense(1, 'out'))
    const optimizer = momentum({ learningRate: 0.3, momentum: 0.5 })
    const options = { data, loss: meanSquaredError, optimizer, batchSize: 1, epochs: 500, key: key(4) }
    const { tag, message } = leftOf(await fit(line, options)())
    expect(tag).toBe('NonFinite')
    for (const step of [1, 3, 8, 9, 21]) {
      const stopped = rightOf(await fit(line, { ...options, ...stopAt(step) })())
      const error = leftOf(await fit(line, { ...options, from: stopped })())
      expect([error.tag, error.message]).toEqual([tag, message])
      if (error.tag !== 'NonFinite') continue
      expect(leftOf(await fit(line, { ...options, from: error.last })()).message).toBe(message)
    }
  })
})

describe('fit stops', () => {
  const data = points(20)
  const options = { ...base, data, batchSize: 4 }
  it('when its time is over, with what was reached', async () => {
    const events: TrainingEvent[] = []
    const onEvent = (event: TrainingEvent) => events.push(event)
    const trained = rightOf(await fit(model, { ...options, epochs: 1e9, timeLimit: 0.1, onEvent })())
    expect(events.at(-1)).toMatchObject({ tag: 'Stopped', reason: 'TimeLimit', epoch: trained.epoch, step: trained.underway?.step ?? 0 })
    expect(events.at(-1)).toHaveProperty('message', `fit: stopped in epoch ${trained.epoch + 1}: the 0.1 seconds are over`)
    const again = rightOf(await fit(model, { ...options, epochs: trained.epoch + 2, from: trained })())
    expect(shown(again as UntypedTrained)).toEqual(
      shown(rightOf(await fit(model, { ...options, epochs: trained.epoch + 2 })()) as UntypedTrained),
    )
  })
  it('when it cannot be saved', async () => {
    const full = TE.left({ message: 'the disk is full' })
    const error = leftOf(await fit(model, { ...options, checkpoints: { everySteps: 7, save: () => full } })())
    expect(error).toMatchObject({
      tag: 'CheckpointFailed',
      message: 'fit: the checkpoint in epoch 2, behind step 2 was not saved: the disk is full',
      last: { epoch: 1, underway: { step: 2, steps: 5, samples: 20, batchSize: 4 } },
    })
    const thrown = leftOf(
      await fit(model, { ...options, checkpoints: { save: () => () => Promise.reject(new Error('no such folder')) } })(),
    )
    expect(thrown.message).toBe('fit: the checkpoint behind epoch 1 was not saved: no such folder')
  })
  it('when a callback throws, with where it stood', async () => {
    const failing = (tag: string) => ({
      onEvent: (event: TrainingEvent) => {
        if (event.tag === tag) throw new Error('boom')
      },
    })
    const whole = shown(rightOf(await fit(model, options)()) as UntypedTrained)
    for (const tag of ['Compiled', 'EpochStart', 'Step', 'Epoch', 'Stopped']) {
      const error = leftOf(await fit(model, { ...options, stepEvery: 2, ...failing(tag) })())
      expect(error.tag).toBe('CallbackFailed')
      if (error.tag !== 'CallbackFailed') return
      expect(error.error).toEqual(new Error('boom'))
      expect(error.message).toMatch(/^fit: onEvent failed.*boom$/)
      expect(shown(rightOf(await fit(model, { ...options, from: error.last })()) as UntypedTrained)).toEqual(whole)
    }
  })
  it('when a promise of a callback is rejected, and waits for those that are not', async () => {
    const order: string[] = []
    const slow = async ({ tag }: TrainingEvent) => {
      await new Promise((done) => setTimeout(done, 5))
      order.push(`slow ${tag}`)
    }
    const quick = ({ tag }: TrainingEvent) => void order.push(`quick ${tag}`)
    rightOf(await fit(model, { ...options, epochs: 1, onEvent: [slow, quick] })())
    const tags = ['Compiled', 'EpochStart', 'Epoch', 'Stopped']
    const told = order.filter((line) => !line.endsWith('Step')) // where the machine is busy, the epoch takes more than one turn
    expect(told).toEqual(tags.flatMap((tag) => [`quick ${tag}`, `slow ${tag}`]))
    const error = leftOf(await fit(model, { ...options, onEvent: async () => Promise.reject('gone') })())
    expect(error).toMatchObject({
      tag: 'CallbackFailed',
      message: 'fit: onEvent failed behind epoch 0: gone',
      error: 'gone',
      last: { epoch: 0 },
    })
    const asked = rightOf(await fit(model, { ...options, onEvent: async ({ tag }) => (tag === 'Epoch' ? 'stop' : null) })())
    expect(asked.epoch).toBe(1)
  })
  it('and tells who has not failed why', async () => {
    const heard: string[] = []
    const failing = () => {
      throw new Error('boom')
    }
    leftOf(await fit(model, { ...options, onEvent: [failing, (event) => heard.push(event.tag)] })())
    leftOf(await fit(model, { ...options, onEvent: [(event) => heard.push(event.tag), failing] })())
    expect(heard).toEqual(['Compiled', 'Stopped', 'Compiled', 'Stopped'])
  })
  it('and keeps the error that it had, whatever a callback throws at the end', async () => {
    const controller = new AbortController()
    const onEvent = ({ tag }: TrainingEvent) => {
      if (tag === 'Epoch') controller.abort()
      if (tag === 'Stopped') throw new Error('too late')
    }
    expect(leftOf(await fit(model, { ...options, onEvent, signal: controller.signal })())).toMatchObject({
      tag: 'Aborted',
      last: { epoch: 1 },
    })
  })
  it('to be saved now and then', async () => {
    const kept = saving({ everySeconds: 0.02 })
    const events: TrainingEvent[] = []
    const onEvent = (event: TrainingEvent) => events.push(event)
    const whole = rightOf(await fit(model, { ...options, epochs: 1e9, timeLimit: 1, checkpoints: kept.checkpoints, onEvent })())
    const told = events.flatMap((event) => (event.tag === 'Checkpoint' ? [[event.epoch, event.step, event.saved]] : []))
    expect(told).toEqual(kept.saved.map(({ epoch, underway }, i) => [epoch, underway?.step ?? 0, i + 1]))
    expect(kept.saved.length).toBeGreaterThan(1)
    expect(kept.saved.length).toBeLessThan(52)
    expect(shown(kept.saved.at(-1) as UntypedTrained)).toEqual(shown(whole as UntypedTrained))
  })
  it('tells of every step that it is asked to', async () => {
    const seen: TrainingEvent[] = []
    rightOf(await fit(model, { ...options, epochs: 2, stepEvery: 3, onEvent: (event) => seen.push(event) })())
    const steps = seen.flatMap((event) => (event.tag === 'Step' ? [[event.epoch, event.step]] : []))
    expect(steps).toEqual([
      [1, 3],
      [2, 1],
      [2, 4],
    ])
  })
})

describe('fit refuses', () => {
  const data = points(20)
  const options = { ...base, data, batchSize: 4 }
  const never = { save: () => TE.right(null) }
  it.each([
    [{ timeLimit: 0 }, 'fit: the time limit must be a positive number of seconds, got 0'],
    [{ timeLimit: Number.NaN }, 'fit: the time limit must be a positive number of seconds, got NaN'],
    [{ stepEvery: 0 }, 'fit: stepEvery must be a whole number from 1 on, got 0'],
    [{ checkpoints: { ...never, everySteps: 1.5 } }, 'fit: everySteps of checkpoints must be a whole number from 1 on, got 1.5'],
    [{ checkpoints: { ...never, everyEpochs: 0 } }, 'fit: everyEpochs of checkpoints must be a whole number from 1 on, got 0'],
    [{ checkpoints: { ...never, everySeconds: -1 } }, 'fit: everySeconds of checkpoints must be a positive number of seconds, got -1'],
  ])('%j', async (change, message) => {
    expect(leftOf(await fit(model, { ...options, ...change })())).toEqual({ tag: 'Invalid', message })
  })
  it('an epoch that others began', async () => {
    const from = rightOf(await fit(model, { ...options, ...stopAt(2) })())
    const message = async (change: object) => leftOf(await fit(model, { ...options, from, ...change })()).message
    const began = "fit: 'from' stopped within an epoch of 20 samples in batches of 4, this one has"
    expect(await message({ data: points(21) })).toBe(`${began} 21 in batches of 4`)
    expect(await message({ batchSize: 5 })).toBe(`${began} 20 in batches of 5`)
    expect(await message({ metrics: {} })).toBe("fit: 'from' stopped within an epoch with 1 metrics, this one has 0")
    expect(await message({ key: key(6) })).toBe("fit: 'from' stopped within an epoch that another key has ordered")
    const elsewhere = { ...from, underway: { ...from.underway, step: 6 } }
    expect(await message({ from: elsewhere })).toBe("fit: the step that 'from' stopped behind must be a whole number from 1 to 5, got 6")
  })
  it('what is no callback', () => {
    const js = fit as unknown as (model: object, options: object) => unknown // from untyped JavaScript
    expect(() => js(model, { ...options, onEvent: 'log' })).toThrow('fit: expected a function as onEvent, got log')
    expect(() => js(model, { ...options, onEvent: [null] })).toThrow('fit: expected a function as onEvent, got null')
    expect(() => js(model, { ...options, checkpoints: {} })).toThrow('fit: expected checkpoints with a function save, got an object')
  })
})

it('a run whose epochs are all behind is what it was', async () => {
  const options = { ...base, optimizer: sgd({ learningRate: 0.1 }), data: points(9), batchSize: 3 }
  const done = rightOf(await fit(model, options)())
  const events: TrainingEvent[] = []
  expect(E.toUnion(await fit(model, { ...options, from: done, onEvent: (event) => events.push(event) })())).toBe(done)
  expect(events).toEqual([{ tag: 'Stopped', reason: 'Finished', message: 'fit: trained 4 epochs', epoch: 4, step: 0 }])
})
