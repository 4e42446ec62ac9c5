/** Losses: their values, extremes and gradients, the targets they need, and PyTorch's numbers. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { grad } from '../../../src/autodiff/grad.ts'
import { data, mean, parameter } from '../../../src/graph/expression.ts'
import { type Node, nodeOf, tensorOf } from '../../../src/graph/node.ts'
import { binaryCrossEntropy, sigmoidBinaryCrossEntropy } from '../../../src/model/losses/binary-cross-entropy.ts'
import { huber } from '../../../src/model/losses/huber.ts'
import { klDivergence } from '../../../src/model/losses/kl-divergence.ts'
import { meanAbsoluteError } from '../../../src/model/losses/mean-absolute-error.ts'
import { meanSquaredError } from '../../../src/model/losses/mean-squared-error.ts'
import {
  softmaxCrossEntropy,
  softmaxCrossEntropyDense,
  softmaxCrossEntropyDenseSmoothed,
  softmaxCrossEntropySmoothed,
} from '../../../src/model/losses/softmax-cross-entropy.ts'
import type { Classes } from '../../../types/classes.ts'
import type { Dim, Dims, DType } from '../../../types/dim.ts'
import type { Loss, LossRecord, LossShape, TargetOf } from '../../../types/loss.ts'
import type { AnyTensor, Tensor } from '../../../types/tensor.ts'
import { compare, elements, literal, numbers, spread } from '../../autodiff/differences.ts'

type AnyLoss = LossRecord & ((target: AnyTensor) => (prediction: AnyTensor) => AnyTensor)
const untyped = (loss: unknown): AnyLoss => loss as AnyLoss
const losses: Readonly<Record<string, AnyLoss>> = {
  meanSquaredError: untyped(meanSquaredError),
  meanAbsoluteError: untyped(meanAbsoluteError),
  huber: untyped(huber(1)),
  binaryCrossEntropy: untyped(binaryCrossEntropy),
  sigmoidBinaryCrossEntropy: untyped(sigmoidBinaryCrossEntropy),
  softmaxCrossEntropy: untyped(softmaxCrossEntropy),
  softmaxCrossEntropySmoothed: untyped(softmaxCrossEntropySmoothed(0.1)),
  softmaxCrossEntropyDense: untyped(softmaxCrossEntropyDense),
  softmaxCrossEntropyDenseSmoothed: untyped(softmaxCrossEntropyDenseSmoothed(0.1)),
  klDivergence: untyped(klDivergence),
}
const f32 = (values: readonly number[], shape: Dims): AnyTensor => tensorOf(data(Float32Array.from(values), shape, 'f32'))
const i32 = (values: readonly number[], shape: Dims): AnyTensor => tensorOf(data(Int32Array.from(values), shape, 'i32'))
const worth = (name: string, target: AnyTensor, prediction: AnyTensor): readonly number[] =>
  numbers(nodeOf((losses[name] as AnyLoss)(target)(prediction)))
const slope = (name: string, target: AnyTensor, prediction: AnyTensor): readonly number[] =>
  numbers(nodeOf(grad((p: AnyTensor) => tensorOf<Tensor<[]>>(mean(nodeOf((losses[name] as AnyLoss)(target)(p)), [0])))(prediction)))

interface GoldenTensor {
  readonly shape: readonly number[]
  readonly dtype: DType
  readonly data: readonly number[]
}
interface GoldenCase {
  readonly name: string
  readonly inputs: Readonly<Record<string, GoldenTensor>>
  readonly output: GoldenTensor
  readonly cotangent: GoldenTensor
  readonly grads: Readonly<Record<string, GoldenTensor>>
}
describe('agrees with PyTorch', () => {
  const { cases } = JSON.parse(readFileSync(new URL('../../golden/pytorch.json', import.meta.url), 'utf8')) as {
    readonly cases: readonly GoldenCase[]
  }
  const mine = cases.filter(({ name }) => name in losses)
  it('on every case of a loss', () => expect(mine.length).toBe(10))
  mine.forEach(({ name, inputs, output, cotangent, grads }, i) => {
    it(`${name} ${i}`, () => {
      const [prediction, target] = Object.values(inputs) as [GoldenTensor, GoldenTensor]
      const given = (g: GoldenTensor): AnyTensor =>
        // f64 elements, as the evaluator computes in f64
        tensorOf(data((g.dtype === 'i32' ? Int32Array.from(g.data) : Float64Array.from(g.data)) as never, g.shape, g.dtype))
      const values = worth(name, given(target), given(prediction))
      expect(values.length).toBe(prediction.shape[0])
      expect(values.reduce((a, b) => a + b, 0) / values.length).toBeCloseTo(output.data[0] as number, 12)
      const wanted = (Object.values(grads)[0] as GoldenTensor).data.map((v) => v / (cotangent.data[0] as number))
      slope(name, given(target), given(prediction)).forEach((g, j) => {
        expect(Math.abs(g - (wanted[j] as number))).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(wanted[j] as number)))
      })
    })
  })
})

describe('one value per sample', () => {
  it('is the mean over the rest of the sample', () => {
    const p = f32([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2])
    const t = f32([0, 0, 0, 0, 5, 5, 5, 5], [2, 2, 2])
    expect(worth('meanSquaredError', t, p)).toEqual([7.5, 3.5])
    expect(worth('meanAbsoluteError', t, p)).toEqual([2.5, 1.5])
    expect(worth('huber', t, p)).toEqual([2, 1.125])
    expect(worth('meanSquaredError', f32([1, 2], [2]), f32([3, 3], [2]))).toEqual([4, 1])
  })

  it('of positions is their mean', () => {
    const logits = spread(12, 3)
    const each = worth('softmaxCrossEntropy', i32([2, 0, 1, 1], [4]), f32(logits, [4, 3]))
    const both = worth('softmaxCrossEntropy', i32([2, 0, 1, 1], [2, 2]), f32(logits, [2, 2, 3]))
    expect(both.map((v) => v.toFixed(12))).toEqual([0, 2].map((i) => (((each[i] as number) + (each[i + 1] as number)) / 2).toFixed(12)))
  })

  it('of a batch of nothing is nothing', () => {
    expect(worth('softmaxCrossEntropy', i32([], [0]), f32([], [0, 3]))).toEqual([])
    expect(worth('meanSquaredError', f32([], [0, 2]), f32([], [0, 2]))).toEqual([])
  })

  it('keeps the name of the batch', () => {
    const p = tensorOf(parameter('p', ['batch', 4, 10], 'f32'))
    const dense = tensorOf(parameter('t', ['batch', 4, 10], 'f32'))
    const sparse = tensorOf(parameter('t', ['batch', 4], 'i32'))
    for (const [name, loss] of Object.entries(losses)) {
      const target = (loss.targetOf([4, 10]) as { classes: number | null }).classes === null ? dense : sparse
      expect([name, loss(target)(p).shape]).toEqual([name, ['batch']])
    }
  })
})

describe('gradients', () => {
  const probability = (v: number) => 0.5 + Math.atan(v) / 4
  const domains: Readonly<Record<string, (v: number) => number>> = { binaryCrossEntropy: probability }
  const point = (name: string, shape: readonly number[], seed: number) => ({
    shape,
    values: spread(elements(shape), seed, 0.31).map(domains[name] ?? ((v) => v)),
  })
  const targetFor = (loss: AnyLoss, shape: readonly number[], seed: number): AnyTensor => {
    const wanted = loss.targetOf(shape.slice(1)) as { readonly classes: number | null }
    const batch = wanted.classes === null ? shape : shape.slice(0, -1)
    const values = spread(elements(batch), seed + 1, 1)
    return wanted.classes === null
      ? f32(values.map(probability), batch)
      : i32(
          values.map((v) => Math.abs(Math.floor(v)) % (wanted.classes as number)),
          batch,
        )
  }
  for (const [name, loss] of Object.entries(losses)) {
    it(`${name}: agrees with central differences`, () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 3 }),
          fc.integer({ min: 2, max: 4 }),
          fc.integer({ min: 0, max: 999 }),
          (rows, columns, seed) => {
            const shape = [rows, 2, columns]
            const p = point(name, shape, seed)
            const target = targetFor(loss, shape, seed)
            expect(compare((x) => nodeOf(loss(target)(tensorOf(x as Node))), [p]).error).toBeLessThan(1e-7)
            const twice = (x: Node | undefined) =>
              nodeOf(grad((q: AnyTensor) => tensorOf<Tensor<[]>>(mean(nodeOf(loss(target)(q)), [0])))(tensorOf(x as Node)))
            expect(compare((x) => twice(x), [p]).error).toBeLessThan(1e-6)
          },
        ),
        { numRuns: 20 },
      )
    })
  }
})

describe('finite at the extremes', () => {
  const huge = 3e38
  it('value and gradient of logits', () => {
    const rows: readonly (readonly [number, number])[] = [
      [huge, -huge],
      [-huge, huge],
      [0, 0],
      [1e4, -1e4],
      [-200, 200],
    ]
    const p = f32(rows.flat(), [rows.length, 2])
    const zeros = i32(
      rows.map(() => 0),
      [rows.length],
    )
    const dense = f32(
      rows.flatMap(() => [1, 0]),
      [rows.length, 2],
    )
    for (const [name, target] of [
      ['softmaxCrossEntropy', zeros],
      ['softmaxCrossEntropySmoothed', zeros],
      ['softmaxCrossEntropyDense', dense],
      ['softmaxCrossEntropyDenseSmoothed', dense],
      ['sigmoidBinaryCrossEntropy', dense],
    ] as const)
      for (const v of [...worth(name, target, p), ...slope(name, target, p)]) expect(Number.isFinite(v), name).toBe(true)
    expect(worth('softmaxCrossEntropy', zeros, p).slice(2)).toEqual([Math.log(2), 0, 400])
  })

  it('the slope of the sigmoid loss at 0 is a half less the target', () => {
    expect(slope('sigmoidBinaryCrossEntropy', f32([1, 0, 0.5], [3, 1]), f32([0, 0, 0], [3, 1]))).toEqual([-0.5, 0.5, 0].map((v) => v / 3))
  })

  it('probabilities 0 and 1: logarithms stop at -100, slopes at 1e12', () => {
    const p = f32([0, 1, 0, 1, 1e-30], [5, 1])
    const t = f32([1, 0, 0, 1, 1], [5, 1])
    expect(worth('binaryCrossEntropy', t, p).map((v) => Number(v.toFixed(3)))).toEqual([100, 100, 0, 0, 69.078])
    const g = slope('binaryCrossEntropy', t, p)
    expect(g.map((v) => v * 5)).toEqual([-1e12, 1e12, 1, -1, -1e12])
  })

  it('a target without a class, and a class of probability 0', () => {
    const q = f32([-2, -Infinity, -1, -1], [2, 2])
    const t = f32([1, 0, 0, 0], [2, 2])
    expect(worth('klDivergence', t, q)).toEqual([2, 0])
    expect(slope('klDivergence', t, q)).toEqual([-0.5, 0, 0, 0])
  })
})

describe('what a loss needs', () => {
  it('is said in the type', () => {
    expectTypeOf<TargetOf<RuleOf<typeof softmaxCrossEntropy>, [10]>>().toEqualTypeOf<Classes<10>>()
    expectTypeOf<TargetOf<RuleOf<typeof softmaxCrossEntropy>, ['time', 5]>>().toEqualTypeOf<Classes<5, ['time']>>()
    expectTypeOf<
      TargetOf<RuleOf<typeof softmaxCrossEntropy>, [4, 'time']>
    >().toEqualTypeOf<'softmaxCrossEntropy: needs the classes on the last axis'>()
    expectTypeOf<TargetOf<RuleOf<typeof klDivergence>, []>>().toEqualTypeOf<'klDivergence: needs the classes on the last axis'>()
    expectTypeOf<TargetOf<RuleOf<typeof meanSquaredError>, [3]>>().toEqualTypeOf<[3]>()
    expectTypeOf<
      LossShape<RuleOf<typeof softmaxCrossEntropy>, ['batch', 256], ['n'], 'i32'>
    >().toEqualTypeOf<'softmaxCrossEntropy: the prediction is [batch, 256], the target i32 [n]'>()
    expectTypeOf<LossShape<RuleOf<typeof meanSquaredError>, ['batch', 2], ['batch', 2], 'f32'>>().toEqualTypeOf<['batch']>()
    expectTypeOf<LossShape<RuleOf<typeof meanSquaredError>, [], [], 'f32'>>().toEqualTypeOf<'meanSquaredError: needs a batch dim, got []'>()
  })

  it('is inferred through a generic batch', () => {
    const f = <B extends Dim>(p: Tensor<[B, 10]>, t: Tensor<[B], 'i32'>): Tensor<[B]> => softmaxCrossEntropy(t)(p)
    const result = f(tensorOf<Tensor<[2, 10]>>(literal({ shape: [2, 10], values: spread(20, 1) })), i32([1, 2], [2]) as Tensor<[2], 'i32'>)
    expectTypeOf(result).toEqualTypeOf<Tensor<[2]>>()
    expect(result.shape).toEqual([2])
  })

  it('is described at run time, or refused with the sentence of the type', () => {
    const targets = Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, loss.targetOf([4, 10])]))
    expect(targets.softmaxCrossEntropy).toEqual({ classes: 10, shape: [4] })
    expect(targets.softmaxCrossEntropyDense).toEqual({ classes: null, shape: [4, 10] })
    expect(losses.softmaxCrossEntropy?.targetOf([4, 'time'])).toBe('softmaxCrossEntropy: needs the classes on the last axis')
    expect(losses.klDivergence?.targetOf([])).toBe('klDivergence: needs the classes on the last axis')
    for (const [name, loss] of Object.entries(losses)) expect(loss.kind).toBe(name)
  })

  it('throws the same sentence', () => {
    const h = tensorOf<Tensor<['batch', 256]>>(parameter('h', ['batch', 256], 'f32'))
    const n = tensorOf<Tensor<['n'], 'i32'>>(parameter('n', ['n'], 'i32'))
    // @ts-expect-error softmaxCrossEntropy: the prediction is [batch, 256], the target i32 [n]
    expect(() => softmaxCrossEntropy(n)(h)).toThrow('softmaxCrossEntropy: the prediction is [batch, 256], the target i32 [n]')
    // @ts-expect-error meanSquaredError: the prediction is [batch, 256], the target i32 [n]
    expect(() => meanSquaredError(n)(h)).toThrow('meanSquaredError: the prediction is [batch, 256], the target i32 [n]')
    expect(() => untyped(meanSquaredError)(f32([1], []))(f32([1], []))).toThrow('meanSquaredError: needs a batch dim, got []')
    expect(() => untyped(meanSquaredError)(h)(n)).toThrow('meanSquaredError: expected f32, got i32')
  })

  it('options out of range are faults, which fit refuses', () => {
    expect([huber(1).faults, huber(0).faults, huber(Number.NaN).faults]).toEqual([
      [],
      ['huber: delta must be a positive number, got 0'],
      ['huber: delta must be a positive number, got NaN'],
    ])
    expect(() => huber(-1)(f32([1], [1]))).toThrow('huber: delta must be a positive number, got -1')
    expect(softmaxCrossEntropySmoothed(1.5).faults).toEqual(['softmaxCrossEntropySmoothed: the smoothing must be between 0 and 1, got 1.5'])
    expect(softmaxCrossEntropyDenseSmoothed(-1).faults).toEqual([
      'softmaxCrossEntropyDenseSmoothed: the smoothing must be between 0 and 1, got -1',
    ])
  })
})

type RuleOf<L> = L extends Loss<infer F> ? F : never
