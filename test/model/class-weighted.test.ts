/** Class weights against PyTorch's numbers, and what they cost. */
import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import * as shapewright from 'shapewright'
import {
  balancedWeights,
  classes,
  classWeighted,
  dataset,
  dense,
  fit,
  input,
  key,
  meanSquaredError,
  pipe,
  sgd,
  softmaxCrossEntropy,
  softmaxCrossEntropySmoothed,
  tensor,
  zeros,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { numbers } from '../autodiff/differences.ts'
import { rightOf } from '../train/values.ts'
import { refuses } from './helpers.ts'

interface Case {
  readonly weights: readonly number[]
  readonly logits: readonly never[]
  readonly target: readonly never[]
  readonly ofSamples: readonly number[]
  readonly gradient: readonly never[]
  readonly mean: number
}
const golden: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL('../golden/metrics/class-weights.json', import.meta.url), 'utf8'),
)
const close = (given: readonly number[], expected: readonly number[]): void => {
  expect(given.length).toBe(expected.length)
  given.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] as number))).toBeLessThan(2e-6)
  })
}
// biome-ignore lint/suspicious/noExplicitAny: shapes that stand in a file
const js = shapewright as any
const weighted = ({ weights, target }: Case) => js.classWeighted(weights)(js.softmaxCrossEntropy)(js.tensor(target, 'i32'))
const values = (tensor: unknown): readonly number[] => numbers(tensor as never)

describe('classWeighted', () => {
  it.each(golden.cases.map((each, i) => [i, each] as const))('gives the losses and gradients of PyTorch (%i)', (_, each) => {
    const loss = (logits: unknown) => js.pipe(weighted(each)(logits), js.mean())
    close(values(weighted(each)(js.tensor(each.logits))), each.ofSamples)
    close(values(js.grad(loss)(js.tensor(each.logits))), each.gradient.flat(3))
  })
  it("is PyTorch's mean times the sum of the weights, divided by the count", () => {
    for (const each of golden.cases) {
      const right: readonly number[] = each.target.flat(2)
      const sum = right.reduce((total, c) => total + (each.weights[c] as number), 0)
      const [ours] = values(js.pipe(weighted(each)(js.tensor(each.logits)), js.mean()))
      expect(ours).toBeCloseTo((each.mean * sum) / right.length, 5)
    }
  })
  it('weighs any loss of classes', () => {
    const [logits, target] = [tensor([[1, 2]]), tensor([1], 'i32')]
    const [plain] = values(softmaxCrossEntropySmoothed(0.1)(target)(logits))
    const [tripled] = values(classWeighted([1, 3])(softmaxCrossEntropySmoothed(0.1))(target)(logits))
    expect(tripled).toBeCloseTo(3 * (plain as number), 6)
  })
  it.each([[[]], [['time']]] as const)('takes no kernel more than the loss, at the positions %j', async (positions) => {
    const kernels = async (loss: unknown) => {
      const goal = (w: unknown, x: unknown, y: unknown) => js.pipe(x, js.matmul(w), (loss as typeof js)(y), js.mean())
      const step = (w: unknown, x: unknown, y: unknown) => [w, js.valueAndGrad(goal)(w, x, y)]
      const args = [js.spec([16, ...positions, 8]), js.spec([16, ...positions], 'i32')]
      const bind = positions.length === 0 ? {} : { time: 5 }
      return rightOf<unknown, typeof js>(await js.compile(step, { state: js.zeros([8, 3]), args, bind })()).report.kernels
    }
    expect(await kernels(classWeighted([1, 5, 2])(softmaxCrossEntropy))).toBe(await kernels(softmaxCrossEntropy))
  })
  it('says what is wrong with a weight', async () => {
    const data = rightOf(dataset(tensor([[1], [2]]), classes([0, 1], 2)))
    const run = { data, optimizer: sgd({ learningRate: 0.1 }), batchSize: 1, epochs: 1, key: key(0) }
    for (const [bad, shown] of [
      [-1, '-1'],
      [Number.NaN, 'NaN'],
      [Number.POSITIVE_INFINITY, 'Infinity'],
    ] as const) {
      const message = `classWeighted: a weight is a number from 0 on, the weight of class 1 is ${shown}`
      const loss = classWeighted([1, bad])(softmaxCrossEntropy)
      expect(await fit(pipe(input([1]), dense(2)), { ...run, loss })()).toEqual(E.left({ tag: 'Invalid', message }))
      refuses(message, () => loss(tensor([0], 'i32')))
    }
    refuses('classWeighted: expected a list of numbers, got 3', () => classWeighted(3 as never))
    const loss = classWeighted([1, 2, 3])(softmaxCrossEntropy)
    refuses('classWeighted: 3 weights for 2 classes', () => fit(pipe(input([1]), dense(2)), { ...run, loss: loss as never }))
    refuses('classWeighted: meanSquaredError compares no classes', () =>
      classWeighted([1])(meanSquaredError)(zeros([1, 1]))(zeros([1, 1]) as never),
    )
  })
})

describe('balancedWeights', () => {
  it('weighs every class as much as every other, with a mean of 1', () => {
    const labels = [0, 0, 0, 3, 3, 1, 0, 0]
    const weights = balancedWeights(rightOf(dataset(zeros([8, 1]), classes(labels, 4))))
    const ofClass = [0, 1, 2, 3].map((c) => labels.filter((label) => label === c).length * (weights[c] as number))
    expect(ofClass.map((total) => Number(total.toFixed(12)))).toEqual([2.666666666667, 2.666666666667, 0, 2.666666666667])
    expect(weights[2]).toBe(1)
    expect(weights.length).toBe(4)
  })
  it('makes a model of few and many find both', async () => {
    const data = rightOf(dataset(tensor([[0], [0], [0], [0]]), classes([0, 0, 0, 1], 2)))
    const loss = classWeighted(balancedWeights(data))(softmaxCrossEntropy)
    const options = { data, loss, optimizer: sgd({ learningRate: 1 }), batchSize: 4, epochs: 200, key: key(0) }
    const { params } = rightOf(await fit(pipe(input([1]), dense(2)), options)())
    const [a, b] = values(params.dense1.bias)
    expect(a).toBeCloseTo(b as number, 3) // weights make the classes as probable as each other
  })
  it('needs classes', () => {
    const numbersOnly = rightOf(dataset(zeros([2, 1]), zeros([2, 1])))
    refuses('balancedWeights: expected a data set whose targets are classes', () => balancedWeights(numbersOnly as never))
  })
})
