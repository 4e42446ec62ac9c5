/** Metrics against scikit-learn's numbers, against their definitions on generated outputs, and their rules where nothing can be divided. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import {
  accuracy,
  auc,
  averagePrecision,
  balancedAccuracy,
  binaryAccuracy,
  confusionMatrix,
  f1,
  precision,
  r2,
  recall,
  rootMeanSquaredError,
  toArray,
  topKAccuracy,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import type { UntypedMetric } from '../../src/train/metrics/metric.ts'
import { refuses } from '../model/helpers.ts'
import { type Outputs, scored } from './scored.ts'

// biome-ignore lint/suspicious/noExplicitAny: a stored file
const golden: any = JSON.parse(readFileSync(new URL('../golden/metrics/scores.json', import.meta.url), 'utf8'))

// biome-ignore lint/suspicious/noExplicitAny: a stored file
type Stored = readonly [number, any]
const stored = (cases: readonly Outputs[]): readonly Stored[] => cases.map((each, i) => [i, each])

/** Equal to 12 digits: counts are exact, their quotients and sums round. */
const close = (given: number, expected: number): void => {
  expect(Math.abs(given - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)))
}

describe('metrics give what scikit-learn gives', () => {
  it.each<Stored>(stored(golden.binary))('of outputs that are true or not (%i)', async (_, each) => {
    const threshold = { threshold: 0 }
    const metrics = {
      ...{ precision: precision(threshold), recall: recall(threshold), f1: f1(threshold), balancedAccuracy: balancedAccuracy(threshold) },
      ...{ binaryAccuracy: binaryAccuracy(0), auc: auc(), averagePrecision: averagePrecision(), confusion: confusionMatrix(threshold) },
    }
    const { confusion, ...numbers } = await scored(each, metrics)
    expect(toArray(confusion)).toEqual(each.confusion)
    for (const [name, value] of Object.entries(numbers)) close(value as number, each[name])
  })
  it.each<Stored>(stored(golden.classes))('of classes (%i)', async (_, each) => {
    const averages = ['macro', 'micro', 'weighted'] as const
    const scores = { precision, recall, f1 }
    const rankings = { auc, averagePrecision }
    for (const average of averages)
      for (const [name, score] of Object.entries(scores))
        close((await scored(each, { score: score({ average }) })).score, each[name][average])
    for (const average of ['macro', 'weighted'] as const)
      for (const [name, score] of Object.entries(rankings))
        close((await scored(each, { score: score({ average }) })).score, each[name][average])
    for (const [name, score] of Object.entries({ ...scores, ...rankings })) {
      const of = score as (options: { readonly class: number }) => unknown
      const one = Object.fromEntries(each.one[name].map((_: unknown, c: number) => [`of ${c}`, of({ class: c })]))
      const given = Object.values((await scored(each, one)) as Record<string, number>)
      each.one[name].forEach((expected: number | null, c: number) => {
        if (expected === null) expect(given[c]).toBeNaN()
        else close(given[c] as number, expected)
      })
    }
  })
  it.each<Stored>(stored(golden.classes))('of decisions, and of several guesses (%i)', async (_, each) => {
    const metrics = { accuracy, balancedAccuracy: balancedAccuracy(), confusion: confusionMatrix() }
    const given = await scored(each, metrics, { batchSize: 7 })
    close(given.accuracy, each.accuracy)
    close(given.balancedAccuracy, each.balancedAccuracy)
    expect(given.confusion.shape).toEqual([each.classes, each.classes])
    expect(toArray(given.confusion)).toEqual(each.confusion)
    for (const [k, expected] of Object.entries(each.topK))
      close((await scored(each, { top: topKAccuracy(Number(k)) })).top, expected as number)
  })
  it.each<Stored>(stored(golden.labels))('of several outputs that are true or not (%i)', async (_, each) => {
    const given = await scored(each, { auc: auc(), averagePrecision: averagePrecision() })
    close(given.auc, each.auc)
    close(given.averagePrecision, each.averagePrecision)
  })
  it.each<Stored>(stored(golden.regression))('of numbers (%i)', async (_, each) => {
    const given = await scored(each, { r2, rootMeanSquaredError })
    close(given.r2, each.r2)
    close(given.rootMeanSquaredError, each.rootMeanSquaredError)
  })
})

const eighths = fc.integer({ min: -8, max: 8 }).map((n) => n / 8)
const several = (width: number) => fc.array(eighths, { minLength: width, maxLength: width })
const ofClasses = fc.integer({ min: 1, max: 5 }).chain((classes) =>
  fc.array(fc.tuple(several(classes), fc.nat(classes - 1)), { minLength: 1, maxLength: 12 }).map((rows) => ({
    classes,
    output: rows.map(([output]) => output),
    target: rows.map(([, target]) => target),
  })),
)
const runs = { numRuns: 40 }

describe('metrics are what they say', () => {
  it('auc: how often a pair of a true and a false sample stands in this order', async () => {
    const rows = fc.array(fc.tuple(eighths, fc.nat(1)), { minLength: 1, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(rows, async (all) => {
        const of = (wanted: number) => all.flatMap(([output, target]) => (target === wanted ? [output] : []))
        const pairs = of(1).flatMap((p) => of(0).map((n): number => (p > n ? 1 : p === n ? 0.5 : 0)))
        const expected = pairs.reduce((sum, x) => sum + x, 0) / pairs.length
        const given = await scored({ output: all.map(([o]) => [o]), target: all.map(([, t]) => [t]) }, { auc: auc() }, { batchSize: 8 })
        if (pairs.length === 0) expect(given.auc).toBeNaN()
        else close(given.auc, expected)
      }),
      runs,
    )
  })
  it('precision, recall and F1 of a class: counts of its decisions', async () => {
    await fc.assert(
      fc.asyncProperty(ofClasses, fc.nat(), async (data, seed) => {
        const chosen = seed % data.classes
        const said = data.output.map((row) => row.indexOf(Math.max(...row)))
        const count = (test: (i: number) => boolean) => said.filter((_, i) => test(i)).length
        const both = count((i) => said[i] === chosen && data.target[i] === chosen)
        const [given, right] = [count((i) => said[i] === chosen), count((i) => data.target[i] === chosen)]
        const one = { class: chosen }
        expect(await scored(data, { p: precision(one), r: recall(one), f: f1(one) })).toEqual({
          p: given === 0 ? 0 : both / given,
          r: right === 0 ? 0 : both / right,
          f: given + right === 0 ? 0 : (2 * both) / (given + right),
        })
      }),
      runs,
    )
  })
  it('topKAccuracy: of 1 it is accuracy, of all classes 1, and more guesses find no less', async () => {
    await fc.assert(
      fc.asyncProperty(ofClasses, async (data) => {
        const ks = Array.from({ length: data.classes }, (_, i) => i + 1)
        const given = await scored(data, { accuracy, ...Object.fromEntries(ks.map((k) => [`top ${k}`, topKAccuracy(k)])) })
        const all = ks.map((k) => given[`top ${k}`])
        expect(all[0]).toBe(given.accuracy)
        expect(all.at(-1)).toBe(1)
        expect(all).toEqual([...all].sort((a, b) => a - b))
      }),
      runs,
    )
  })
  it('positions count as samples do', async () => {
    const data = golden.classes[0]
    const metrics = { f: f1({ average: 'macro' }), auc: auc({ average: 'macro' }), one: auc({ class: 2 }), matrix: confusionMatrix() }
    const [flat, over] = [await scored(data, metrics), await scored(data, metrics, { positions: 8, batchSize: 4 })]
    expect(over).toEqual({ ...flat, matrix: over.matrix })
    expect(toArray(over.matrix)).toEqual(toArray(flat.matrix))
    const numbers = golden.regression[1]
    expect(await scored(numbers, { r2 }, { positions: 5 })).toEqual(await scored(numbers, { r2 }))
  })
  it('samples that are read a block at a time give the same', async () => {
    const data = golden.classes[0]
    const metrics = {
      f: f1({ average: 'micro' }),
      auc: auc({ average: 'weighted' }),
      p: averagePrecision({ class: 1 }),
      top: topKAccuracy(2),
    }
    expect(await scored(data, metrics, { blockRows: 7, batchSize: 16 })).toEqual(await scored(data, metrics))
    expect(await scored(golden.regression[1], { r2 }, { blockRows: 11 })).toEqual(await scored(golden.regression[1], { r2 }))
  })
  it('how many samples are scored at once changes nothing', async () => {
    const data = golden.classes[1]
    const metrics = { f: f1({ average: 'weighted' }), auc: auc({ average: 'macro' }), top: topKAccuracy(3) }
    const [first, ...others] = await Promise.all([1, 4, 128].map((batchSize) => scored(data, metrics, { batchSize })))
    for (const other of others) expect(other).toEqual(first)
  })
})

describe('where nothing can be divided', () => {
  const found = (output: readonly number[], target: readonly number[]) => ({
    output: output.map((o) => [o]),
    target: target.map((t) => [t]),
  })
  const threshold = { threshold: 0 }
  it('precision is 0 where nothing is found, recall where nothing is there, F1 where neither', async () => {
    const scores = { p: precision(threshold), r: recall(threshold), f: f1(threshold) }
    expect(await scored(found([-1, -1], [1, 0]), scores)).toEqual({ p: 0, r: 0, f: 0 })
    expect(await scored(found([1, -1], [0, 0]), scores)).toEqual({ p: 0, r: 0, f: 0 })
    expect(await scored(found([-1, -1], [0, 0]), scores)).toEqual({ p: 0, r: 0, f: 0 })
  })
  it('an output at the threshold is not above it', async () => {
    expect(await scored(found([0, 1], [1, 1]), { r: recall(threshold) })).toEqual({ r: 0.5 })
  })
  it('a class that is neither there nor found is in no mean', async () => {
    const data = {
      classes: 3,
      output: [
        [2, 1, 0],
        [0, 1, 0],
      ],
      target: [0, 1],
    }
    const average = { average: 'macro' } as const
    expect(await scored(data, { p: precision(average), f: f1(average), b: balancedAccuracy() })).toEqual({ p: 1, f: 1, b: 1 })
  })
  it('there is no ranking of one sort alone, and none of what is NaN', async () => {
    expect(await scored(found([1, 2], [1, 1]), { a: auc(), p: averagePrecision() })).toEqual({ a: Number.NaN, p: 1 })
    expect(await scored(found([1, 2], [0, 0]), { a: auc(), p: averagePrecision() })).toEqual({ a: Number.NaN, p: Number.NaN })
    const ranking = auc() as unknown as UntypedMetric
    const collector = ranking.collect(2, [1])
    collector.add(Float32Array.of(Number.NaN, 1), Int32Array.of(1, 0))
    expect(collector.value()).toBeNaN()
  })
  it('R2 of targets that are all the same is 1 without errors, else 0', async () => {
    expect(await scored(found([5, 5], [5, 5]), { r2 })).toEqual({ r2: 1 })
    expect(await scored(found([5, 6], [5, 5]), { r2 })).toEqual({ r2: 0 })
    expect(await scored(found([4], [5]), { r2 })).toEqual({ r2: 0 })
  })
})

describe('metrics refuse', () => {
  const data = golden.classes[2]
  it('options that say nothing, or two things', () => {
    const of = { threshold: 0, class: 1 } as never
    const score = "expected { threshold }, { class } or { average: 'macro' }, 'micro' or 'weighted'"
    refuses(`precision: ${score}`, () => precision(of))
    refuses(`f1: ${score}`, () => f1({ average: 'mean' } as never))
    refuses("recall: expected { threshold }, { class } or { average: 'macro' }, 'micro' or 'weighted'", () =>
      Reflect.apply(recall, null, []),
    )
    refuses("auc: expected no options, { class } or { average: 'macro' } or 'weighted', got an object", () =>
      auc({ threshold: 0 } as never),
    )
    refuses('confusionMatrix: expected no options, or { threshold }, got an object', () => confusionMatrix({ class: 1 } as never))
  })
  it('a threshold that is no number', async () => {
    await expect(scored(golden.binary[2], { p: precision({ threshold: Number.NaN }) })).rejects.toThrow(
      'precision: the threshold must be a number, got NaN',
    )
    await expect(scored(golden.binary[2], { p: binaryAccuracy(Number.POSITIVE_INFINITY) })).rejects.toThrow(
      'binaryAccuracy: the threshold must be a number, got Infinity',
    )
  })
  it('a matrix of more classes than memory has room for', () => {
    const { limit } = confusionMatrix() as unknown as UntypedMetric
    expect([limit([4096]), limit([4097])]).toEqual([null, 'confusionMatrix: at most 4096 classes, there are 4097'])
  })
  it('classes that there are not', async () => {
    await expect(scored(data, { p: precision({ class: 3 }) })).rejects.toThrow('precision: the class is 3, there are 3 classes')
    await expect(scored(data, { p: auc({ class: -1 }) })).rejects.toThrow('auc: a class is a whole number from 0 on, got -1')
    await expect(scored(data, { p: topKAccuracy(4) })).rejects.toThrow('topKAccuracy: k is 4, there are 3 classes')
    await expect(scored(data, { p: topKAccuracy(0.5) })).rejects.toThrow('topKAccuracy: k is a whole number from 1 on, got 0.5')
  })
})
