/** Early stopping: the best epoch is what a run ends with, whatever ended it, and however often it was stopped and gone on with. */
import fc from 'fast-check'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  accuracy,
  adam,
  batchNorm,
  classes,
  dataset,
  dense,
  dropout,
  type EpochScores,
  f1,
  fit,
  input,
  key,
  pipe,
  relu,
  samples,
  softmaxCrossEntropy,
  type TrainingEvent,
  type UntypedTrained,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { observe, watchOf } from '../../src/train/early-stopping.ts'
import { type RunOptions, runOf } from '../../src/train/run.ts'
import { train } from '../../src/train/train.ts'
import { runs } from '../generators/runs.ts'
import { leftOf, numbers, rightOf } from './values.ts'

/** Labels that nobody can learn from the points: what is validated gets worse soon. */
const points = (count: number, seed: number) => {
  const labels = Array.from({ length: count }, (_, i) => Math.floor(Math.abs(Math.sin((i + 1) * seed)) * 3))
  const xs = labels.flatMap((_, i) => [Math.sin(i * seed), Math.cos(i * 3.3)])
  return rightOf(dataset(samples(xs, [2]), classes(labels, 3)))
}
const model = pipe(input([2]), dense(16, 'hidden'), batchNorm(), relu, dropout(0.1), dense(3, 'logits'))
const base = {
  data: points(26, 7.7),
  validation: points(17, 3.1),
  loss: softmaxCrossEntropy,
  metrics: { accuracy, f1: f1({ average: 'macro' }) },
  optimizer: adam({ learningRate: 0.03 }),
  batchSize: 8,
  epochs: 12,
  key: key(6),
}
/** Below the types, where options may come from anywhere. */
const run = (more: object) => train(runOf(model, { ...base, ...more } as unknown as RunOptions))
const shown = ({ params, optimizer, epoch, history, underway, best }: UntypedTrained) => ({
  params: numbers(params),
  optimizer: numbers(optimizer),
  epoch,
  history,
  underway,
  best: best === null ? null : { ...best, params: numbers(best.params), optimizer: numbers(best.optimizer) },
})
const stopAt = (step: number) => {
  let seen = 0
  return { stepEvery: 1, onEvent: ({ tag }: TrainingEvent) => (tag === 'Step' && ++seen === step ? 'stop' : null) }
}
const watching = fc.record({
  monitor: fc.constantFrom('loss', 'accuracy', 'validation loss', 'validation accuracy', 'validation f1'),
  patience: fc.constantFrom(1, 2, 3, Number.POSITIVE_INFINITY),
  minDelta: fc.constantFrom(0, 0.02),
  warmUp: fc.constantFrom(0, 2),
})
const modeOf = (monitor: string) => (monitor.endsWith('loss') ? 'min' : 'max')

/** What Keras's EarlyStopping does, said again over the scores of all epochs. */
const expected = (
  scores: readonly number[],
  { patience, minDelta, warmUp, monitor }: { patience: number; minDelta: number; warmUp: number; monitor: string },
) => {
  let best: { epoch: number; value: number } | null = null
  let wait = 0
  for (const [i, value] of scores.entries()) {
    if (i < warmUp) continue
    const isBetter = best === null || (modeOf(monitor) === 'min' ? value < best.value - minDelta : value > best.value + minDelta)
    if (isBetter && !Number.isNaN(value)) [best, wait] = [{ epoch: i + 1, value }, 0]
    else if (++wait >= patience) return { best, stopped: i + 1 }
  }
  return { best, stopped: scores.length }
}
const scoreOf = (scores: EpochScores, monitor: string): number => {
  const from = monitor.startsWith('validation ') ? scores.validation : scores
  const name = monitor.replace('validation ', '')
  return (name === 'loss' ? from?.loss : from?.metrics[name]) ?? Number.NaN
}

describe('early stopping', () => {
  it('ends with the best epoch, and the scores of all that ran', async () => {
    const all = rightOf(await run({}))
    await fc.assert(
      fc.asyncProperty(watching, async (options) => {
        const earlyStopping = { ...options, mode: modeOf(options.monitor) }
        const found = rightOf(await run({ earlyStopping }))
        const { best, stopped } = expected(
          all.history.map((scores) => scoreOf(scores, options.monitor)),
          options,
        )
        expect(found.history).toEqual(all.history.slice(0, stopped))
        expect([found.epoch, found.best?.epoch, found.best?.value]).toEqual([best?.epoch, best?.epoch, best?.value])
        const until = rightOf(await run({ epochs: best?.epoch }))
        expect([numbers(found.params), numbers(found.optimizer)]).toEqual([numbers(until.params), numbers(until.optimizer)])
        expect(numbers(found.best?.params)).toEqual(numbers(until.params))
      }),
      runs(12),
    )
  })
  it('is gone on with from anywhere as if it had never stopped', async () => {
    await fc.assert(
      fc.asyncProperty(watching, fc.integer({ min: 1, max: 48 }), fc.integer({ min: 1, max: 9 }), async (options, step, everySteps) => {
        const earlyStopping = { ...options, mode: modeOf(options.monitor) }
        const saved: UntypedTrained[] = []
        const save = (trained: UntypedTrained) => TE.fromIO<unknown, never>(() => saved.push(trained))
        const whole = shown(rightOf(await run({ earlyStopping, checkpoints: { everySteps, save } })))
        const stopped = rightOf(await run({ earlyStopping, ...stopAt(step) }))
        expect(shown(rightOf(await run({ earlyStopping, from: stopped })))).toEqual(whole)
        for (const from of [saved[Math.floor(saved.length / 2)], saved.at(-1)])
          expect(shown(rightOf(await run({ earlyStopping, from })))).toEqual(whole)
      }),
      runs(12),
    )
  })
  it('tells why it stopped', async () => {
    const events: TrainingEvent[] = []
    const onEvent = (event: TrainingEvent) => events.push(event)
    const { best, history } = rightOf(await fit(model, { ...base, epochs: 100, earlyStopping: { patience: 3 }, onEvent })())
    expect(events.at(-1)).toEqual({
      tag: 'Stopped',
      reason: 'NoBetter',
      epoch: history.length,
      step: 0,
      message: `fit: stopped behind epoch ${history.length}: 'validation loss' got no better for 3 epochs, the best is epoch ${best?.epoch}`,
    })
    expect(history.length).toBe((best?.epoch ?? 0) + 3)
  })
  it('takes a score that is no number for none that is better', () => {
    const scores = (epoch: number, loss: number): EpochScores => ({ epoch, loss, metrics: {}, validation: null, learningRate: null })
    const options = { monitor: 'loss', patience: 2 }
    const watch = watchOf(options, undefined)
    const seen = [Number.NaN, 3, Number.NaN, 2, Number.NaN].map((loss, i) => {
      observe(watch, options, scores(i + 1, loss), () => ({ params: i, optimizer: i }))
      return [watch.best?.epoch, watch.stale]
    })
    expect(seen).toEqual([
      [undefined, 1],
      [2, 0],
      [2, 1],
      [4, 0],
      [4, 1],
    ])
  })
  it('begins anew where another score was watched, or none', async () => {
    const earlyStopping = { patience: 2, monitor: 'validation accuracy', mode: 'max' }
    const other = rightOf(await run({ epochs: 5, earlyStopping: { patience: 50, monitor: 'loss' } }))
    const none = rightOf(await run({ epochs: other.epoch }))
    for (const from of [other, none]) {
      const { best } = rightOf(await run({ earlyStopping, from, epochs: from.epoch + 1 }))
      expect(best?.epoch).toBe(from.epoch + 1)
    }
  })
  it('whose epochs are all behind has the best of them', async () => {
    const saved: UntypedTrained[] = []
    const save = (trained: UntypedTrained) => TE.fromIO<unknown, never>(() => saved.push(trained))
    const earlyStopping = { patience: 50 }
    const done = shown(rightOf(await run({ earlyStopping, checkpoints: { save } })))
    expect(saved.at(-1)?.epoch).toBe(12)
    expect(done.epoch).toBeLessThan(12)
    expect(shown(rightOf(await run({ earlyStopping, from: saved.at(-1) })))).toEqual(done)
  })
})

describe('early stopping refuses', () => {
  it.each([
    [{ patience: 0 }, 'fit: patience of earlyStopping must be a whole number from 1 on, got 0'],
    [{ patience: undefined }, 'fit: patience of earlyStopping must be a whole number from 1 on, got undefined'],
    [{ minDelta: -1 }, 'fit: minDelta of earlyStopping must be a number from 0 on, got -1'],
    [{ warmUp: 1.5 }, 'fit: warmUp of earlyStopping must be a whole number from 0 on, got 1.5'],
    [{ monitor: 'acuracy' }, "fit: earlyStopping watches 'acuracy', which is no score of this run"],
    [{ monitor: 'f1', mode: 'max' }, "fit: earlyStopping watches 'f1', which is no score of this run"],
    [{ monitor: 'accuracy' }, "fit: earlyStopping watches 'accuracy', so mode must be 'min' or 'max', got undefined"],
    [{ mode: 'most' }, "fit: earlyStopping watches 'validation loss', so mode must be 'min' or 'max', got most"],
  ])('%j', async (change, message) => {
    expect(leftOf(await run({ earlyStopping: { patience: 1, ...change } }))).toEqual({ tag: 'Invalid', message })
  })
  it('to watch a validation that is not there', async () => {
    const message = "fit: earlyStopping watches 'validation loss', and there is no validation set"
    const metrics = { accuracy }
    expect(leftOf(await run({ metrics, validation: undefined, earlyStopping: { patience: 1 } }))).toEqual({ tag: 'Invalid', message })
  })
  it('what is misspelt', () => {
    expect(() => run({ earlyStopping: { patience: 1, monitors: 'loss' } })).toThrow("earlyStopping: there is no option 'monitors'")
    expect(() => run({ earlyStopping: 3 })).toThrow('earlyStopping: expected options by name, got 3')
  })
})
