/** Parallel branches: what they give, their parameters, training, and what they refuse. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import { dataset } from '../../src/data/dataset.ts'
import { samples } from '../../src/data/samples.ts'
import { full } from '../../src/graph/expression.ts'
import { nodeOf } from '../../src/graph/node.ts'
import { leaves } from '../../src/graph/tree.ts'
import { block } from '../../src/model/block.ts'
import { addBranches, concatBranches } from '../../src/model/branches.ts'
import { dense } from '../../src/model/dense.ts'
import { constant, glorotUniform, ones } from '../../src/model/initializers.ts'
import { input } from '../../src/model/input.ts'
import { layerOf } from '../../src/model/layer.ts'
import { meanSquaredError } from '../../src/model/losses/mean-squared-error.ts'
import { named } from '../../src/model/named.ts'
import { residual } from '../../src/model/residual.ts'
import { sequential } from '../../src/model/sequential.ts'
import { summary } from '../../src/model/summary.ts'
import { adam } from '../../src/optim/adam.ts'
import { neg, relu } from '../../src/tensor/activation.ts'
import { compute } from '../../src/tensor/compute.ts'
import { ones as onesOf, tensor, zeros } from '../../src/tensor/create.ts'
import { dropout } from '../../src/tensor/dropout.ts'
import { ownKind } from '../../src/tensor/kind.ts'
import { flatten } from '../../src/tensor/movement.ts'
import { foldIn, key } from '../../src/tensor/random.ts'
import { dim } from '../../src/tensor/size.ts'
import { fit } from '../../src/train/fit.ts'
import { predict } from '../../src/train/predict.ts'
import type { AnyTensor } from '../../types/tensor.ts'
import { numbers } from '../autodiff/differences.ts'
import { refuses } from './helpers.ts'

const numbersOf = (x: AnyTensor): readonly number[] => numbers(nodeOf(x))
// biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
const js: Readonly<Record<'addBranches' | 'concatBranches' | 'block' | 'dense', (...given: any[]) => any>> = {
  addBranches,
  concatBranches,
  block,
  dense,
}
const twice = dense(2, { weight: ones, bias: constant(1) })

describe('branches', () => {
  it('are given one input, and are joined end to end', () => {
    const model = pipe(input([2]), concatBranches(neg, twice, relu))
    const y = model.apply(
      model.init(key(0)),
      tensor([
        [-1, 3],
        [2, 5],
      ]),
    )
    expect(numbersOf(y)).toEqual([1, -3, 3, 3, 0, 3, -2, -5, 8, 8, 2, 5])
  })
  it('or added', () => {
    const model = pipe(input([2]), addBranches(neg, twice, relu))
    expect(numbersOf(model.apply(model.init(key(0)), tensor([[-1, 3]])))).toEqual([1 + 3 + 0, -3 + 3 + 3])
    expect(numbersOf(pipe(input([2]), addBranches(neg)).apply({ addBranches1: {} }, tensor([[-1, 3]])))).toEqual([1, -3])
  })
  it('join on the last axis at every rank', () => {
    const model = pipe(input([2, 'time', 3]), concatBranches(relu, dense(2)), addBranches(dense(4), dense(4)))
    expect(model.output).toEqual([2, 'time', 4])
    const y = model.apply(model.init(key(0)), zeros([5, 2, 'time', 3]))
    expect(nodeOf(y).shape).toEqual([5, 2, 'time', 4])
  })
  it('have their parameters under their names, in one group', () => {
    const model = pipe(
      input([3]),
      concatBranches(dense(2), block(dense(1), relu), dense(4, 'own'), relu, dense(5)),
      named('sum')(addBranches(dense(2))),
    )
    expect(leaves(model.init(key(0))).map(({ path, node }) => [path, node.shape])).toEqual([
      ['concatBranches1.dense1.weight', [3, 2]],
      ['concatBranches1.dense1.bias', [2]],
      ['concatBranches1.block1.dense1.weight', [3, 1]],
      ['concatBranches1.block1.dense1.bias', [1]],
      ['concatBranches1.own.weight', [3, 4]],
      ['concatBranches1.own.bias', [4]],
      ['concatBranches1.dense2.weight', [3, 5]],
      ['concatBranches1.dense2.bias', [5]],
      ['sum.dense1.weight', [15, 2]],
      ['sum.dense1.bias', [2]],
    ])
  })
  it('draw each from a key of its own', () => {
    const model = pipe(input([3]), addBranches(dense(2), dense(2)))
    const { dense1, dense2 } = model.init(key(4)).addBranches1
    expect(numbersOf(dense1.weight)).not.toEqual(numbersOf(dense2.weight))
    const own = foldIn(foldIn(foldIn(key(4), 'addBranches1'), 'dense2'), 'weight')
    expect(numbersOf(dense2.weight)).toEqual(numbers(glorotUniform([3, 2], own)))
  })
  it('know the sizes that dim bound in them', () => {
    const model = pipe(input([2]), addBranches(dense(dim('hidden', 3)), block(dense(dim('hidden', 3)), relu)))
    expect(numbersOf(model.init(key(0)).addBranches1.dense1.weight)).toHaveLength(6)
    refuses("dim: 'hidden' is 3 here and 4 there", () => addBranches(dense(dim('hidden', 3)), dense(dim('hidden', 4))))
  })
})

describe('a compiled program', () => {
  const model = pipe(input([4]), concatBranches(block(dense(3), relu), dense(2)), addBranches(dense(5), residual(dense(5))), dense(1))

  it('gives what the evaluator gives', async () => {
    const params = compute(model.init(key(1)))
    const inputs = tensor([
      [0.5, -1, 2, 0.25],
      [1, 2, 3, 4],
      [-3, 0, 1, 0.125],
    ])
    const predicted = await predict(model, { params, inputs })()
    if (E.isLeft(predicted)) throw new Error(predicted.left.message)
    const [compiled, evaluated] = [numbersOf(predicted.right), numbersOf(model.apply(params, inputs))]
    for (const [i, y] of compiled.entries()) expect(y).toBeCloseTo(evaluated[i] as number, 5)
  })
  it('trains every branch', async () => {
    const xs = Array.from({ length: 64 }, (_, i) => (i % 16) / 8 - 1)
    const sums = Array.from({ length: 16 }, (_, i) => xs.slice(4 * i, 4 * i + 4).reduce((sum, x) => sum + x, 0))
    const points = dataset(samples(xs, [4]), samples(sums, [1]))
    if (E.isLeft(points)) throw new Error(points.left.message)
    const options = { data: points.right, loss: meanSquaredError, optimizer: adam({ learningRate: 0.01 }), batchSize: 16, key: key(2) }
    const fitted = await fit(model, { ...options, epochs: 100 })()
    if (E.isLeft(fitted)) throw new Error(fitted.left.message)
    const before = leaves(model.init(foldIn(key(2), 'init')))
    for (const [i, { path, node }] of leaves(fitted.right.params).entries())
      expect(numbers(node), path).not.toEqual(numbers((before[i] as (typeof before)[0]).node))
    const [first, last] = [fitted.right.history[0]?.loss ?? 0, fitted.right.history.at(-1)?.loss ?? 1]
    expect(last).toBeLessThan(first / 10)
  })
})

describe('training', () => {
  it('gives each branch a key by its name', () => {
    const model = pipe(input([100]), concatBranches(dropout(0.5), relu, dropout(0.5)))
    const x = onesOf([1, 100])
    const y = numbersOf(model.applyTraining({ concatBranches1: {} }, x, key(7))[0])
    const [first, kept, second] = [y.slice(0, 100), y.slice(100, 200), y.slice(200)]
    const own = (name: string) => numbersOf(dropout(0.5, foldIn(foldIn(key(7), 'concatBranches1'), name))(x))
    expect([first, kept, second]).toEqual([own('dropout1'), numbersOf(x), own('dropout2')])
    expect(first).not.toEqual(second)
    expect(numbersOf(model.apply({ concatBranches1: {} }, x))).toEqual(Array(300).fill(1))
  })
  it('gives back what each branch makes of its parameters', () => {
    const counting = layerOf({
      kind: ownKind('counting'),
      options: {},
      name: null,
      out: (shape) => shape,
      parameters: () => ({ count: [] }),
      init: () => ({ count: nodeOf(tensor(0)) }),
      apply: (params, x, mode) => ({ y: x, params: mode.training ? { count: nodeOf(tensor(1)) } : params }),
    })
    // biome-ignore lint/suspicious/noExplicitAny: a layer without a type
    const model = js.addBranches(counting, js.concatBranches(counting), js.dense(4))(input([4])) as any
    const params = model.init(key(0))
    const [, next] = model.applyTraining(params, onesOf([1, 4]), key(1))
    expect(leaves(params).map(({ path }) => path)).toEqual(leaves(next).map(({ path }) => path))
    const counts = leaves(next).filter(({ path }) => path.endsWith('count'))
    expect(counts.map(({ path, node }) => [path, ...numbers(node)])).toEqual([
      ['addBranches1.counting1.count', 1],
      ['addBranches1.concatBranches1.counting1.count', 1],
    ])
    expect(next.addBranches1.dense1.weight).toBe(params.addBranches1.dense1.weight)
  })
})

describe('branches over tokens', () => {
  const lengths = layerOf({
    kind: ownKind('lengths'),
    options: {},
    name: null,
    takes: 'i32',
    out: (shape) => [...shape, 2],
    init: () => null,
    apply: (params, x) => ({ y: full([...x.shape, 2], 0), params }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: a layer without a type
  const model = js.block(js.block(js.concatBranches(lengths, js.block(lengths, js.dense(3)))))(input(['time'], 'i32')) as any

  it('take what their layers take, in blocks too', () => {
    expect(model.output).toEqual(['time', 5])
    const params = model.init(key(0))
    expect(nodeOf(model.apply(params, zeros([3, 'time'], 'i32'))).shape).toEqual([3, 'time', 5])
    refuses('lengths: expected i32, got f32', () => js.concatBranches(lengths)(input([4])))
    refuses('dense: expected f32, got i32', () => js.concatBranches(lengths, dense(3))(input([4], 'i32')))
  })
  it('are looked into by a summary', () => {
    expect(summary(model).rows.map(({ layer, depth, output }) => [layer, depth, output])).toEqual([
      ['input', 0, ['time']],
      ['block', 0, ['time', 5]],
      ['block', 1, ['time', 5]],
      ['concatBranches', 2, ['time', 5]],
      ['lengths', 3, ['time', 2]],
      ['block', 3, ['time', 3]],
      ['lengths', 4, ['time', 2]],
      ['dense', 4, ['time', 3]],
    ])
  })
})

describe('a summary', () => {
  it('shows every branch with what it gives', () => {
    const model = pipe(
      input([8]),
      residual(addBranches(block(dense(16), relu, dense(8)), dense(8, 'short'))),
      concatBranches(relu, dense(2)),
    )
    expect(summary(model).rows.map(({ layer, name, depth, output, parameters }) => [layer, name, depth, output, parameters])).toEqual([
      ['input', null, 0, [8], 0],
      ['residual', 'residual1', 0, [8], 0],
      ['block', 'residual1.block1', 1, [8], 0],
      ['dense', 'residual1.block1.dense1', 2, [16], 144],
      ['relu', null, 2, [16], 0],
      ['dense', 'residual1.block1.dense2', 2, [8], 136],
      ['dense', 'residual1.short', 1, [8], 72],
      ['concatBranches', 'concatBranches1', 0, [10], 0],
      ['relu', null, 1, [8], 0],
      ['dense', 'concatBranches1.dense1', 1, [2], 18],
    ])
    expect(summary(model).total).toBe(370)
  })
})

describe('branches refuse', () => {
  const cases: readonly (readonly [sentence: string, mistake: () => unknown])[] = [
    ['addBranches: branch 1 gives [32], branch 2 gives [64]', () => js.addBranches(dense(32), relu)(input([64]))],
    ['addBranches: branch 1 gives [8, 3], branch 3 gives [8, 4]', () => js.addBranches(dense(3), dense(3), relu)(input([8, 4]))],
    ['concatBranches: [8, 32] and [512] differ outside the last axis', () => js.concatBranches(dense(32), flatten)(input([8, 64]))],
    ['concatBranches: [4, 3] and [12] differ outside the last axis', () => js.concatBranches(relu, dense(2), flatten)(input([4, 3]))],
    ['concatBranches: needs rank >= 1, got []', () => js.concatBranches(relu, relu)(input([]))],
    [
      'concatBranches: the last axis of [7, hidden] is named, and a sum of names has no size',
      () => js.concatBranches(dense(dim('hidden', 5)), relu)(input([7, 4])),
    ],
    ['dense: expected last dim 64, got 32', () => js.concatBranches(dense(64, 8), relu)(input([32]))],
    ['dense: expected f32, got i32', () => js.addBranches(dense(8), dense(8))(input([32], 'i32'))],
    ['residual: the block maps [64] to [128]', () => residual(concatBranches(relu, relu))(input([64]) as never)],
    ['dense: expected last dim 63, got 64', () => js.concatBranches(dense(64, 32), dense(63, 8))],
    ['dense: expected last dim 63, got 64', () => js.addBranches(relu, dense(64, 8), js.block(dense(63, 8), relu))],
    ['dense: expected last dim 8, got 9', () => js.block(js.concatBranches(dense(3, 4), dense(3, 5)), dense(8, 2))],
    ["dense: the name 'a' is already used", () => js.concatBranches(dense(4, 'a'), relu, dense(3, 'a'))],
    [
      "concatBranches: the name 'x' is already used",
      () => sequential(input([3]), dense(3, 'x'), named('x')(concatBranches(relu)) as never),
    ],
    ['concatBranches: expected at least one branch', () => js.concatBranches()],
    ['addBranches: expected at least one branch', () => js.addBranches()],
    ['concatBranches: expected a layer, got a function', () => js.concatBranches(relu, () => relu)],
    ['addBranches: expected a layer, got 5', () => js.addBranches(relu, 5)],
    ['concatBranches: this layer extends a model', () => js.concatBranches(relu)(zeros([2, 3]))],
  ]
  for (const [sentence, mistake] of cases) it(sentence, () => refuses(sentence, mistake))
})
