/** Models as values: initial parameters, application, and what they refuse. */

import { inspect } from 'node:util'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import { add, dot, maximum } from '../../src/graph/expression.ts'
import { graphOf } from '../../src/graph/graph.ts'
import { type Node, nodeOf, tensorOf } from '../../src/graph/node.ts'
import { leaves } from '../../src/graph/tree.ts'
import { block } from '../../src/model/block.ts'
import { dense } from '../../src/model/dense.ts'
import { constant, glorotUniform, heNormal, type Initializer, ones } from '../../src/model/initializers.ts'
import { input } from '../../src/model/input.ts'
import { named } from '../../src/model/named.ts'
import { residual } from '../../src/model/residual.ts'
import { relu } from '../../src/tensor/activation.ts'
import { ones as onesOf, tensor, zeros } from '../../src/tensor/create.ts'
import { foldIn, key } from '../../src/tensor/random.ts'
import { dim } from '../../src/tensor/size.ts'
import type { AnyTensor, Tensor } from '../../types/tensor.ts'
import { numbers } from '../autodiff/differences.ts'
import { parameter } from './helpers.ts'

const classifier = pipe(input([3]), dense(4, 'hidden'), relu, dense(2, 'logits'))
const values = (tree: unknown): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(leaves(tree).map(({ path, node }) => [path, numbers(node)]))

describe('init', () => {
  it('gives a record in the order of the layers', () => {
    const params = classifier.init(key(0))
    expect(leaves(params).map(({ path, node }) => [path, node.shape])).toEqual([
      ['hidden.weight', [3, 4]],
      ['hidden.bias', [4]],
      ['logits.weight', [4, 2]],
      ['logits.bias', [2]],
    ])
  })

  it('gives the same numbers for the same key, others for another', () => {
    expect(values(classifier.init(key(7)))).toEqual(values(classifier.init(key(7))))
    expect(values(classifier.init(key(7)))).not.toEqual(values(classifier.init(key(8))))
  })

  it('draws weights from the key folded with their path, by Glorot unless said; biases are 0', () => {
    const params = classifier.init(key(5))
    const own = foldIn(foldIn(key(5), 'hidden'), 'weight')
    expect(numbers(nodeOf(params.hidden.weight))).toEqual(numbers(glorotUniform([3, 4], own)))
    expect(numbers(nodeOf(params.hidden.bias))).toEqual([0, 0, 0, 0])
  })

  it('is not shifted by layers that are added', () => {
    const wider = pipe(
      input([3]),
      dense(3, 'first'),
      residual(block(dense(8), relu, dense(3))),
      dense(4, 'hidden'),
      relu,
      dense(2, 'logits'),
    )
    const [few, many] = [values(classifier.init(key(3))), values(wider.init(key(3)))]
    for (const path of ['hidden.weight', 'logits.weight']) expect(many[path]).toEqual(few[path])
  })

  it('gives layers of one shape numbers of their own, in blocks too', () => {
    const stage = block(dense(3))
    const all = values(pipe(input([3]), dense(3), dense(3), named('a')(stage), stage, stage).init(key(0)))
    const weights = Object.entries(all).filter(([path]) => path.endsWith('weight'))
    expect(weights.map(([path]) => path)).toEqual([
      'dense1.weight',
      'dense2.weight',
      'a.dense1.weight',
      'block1.dense1.weight',
      'block2.dense1.weight',
    ])
    expect(new Set(weights.map(([, numbers]) => numbers.join())).size).toBe(5)
  })

  it('takes initializers as options', () => {
    const model = pipe(input([2]), dense(3, { name: 'a', weight: ones, bias: constant(0.5) }), dense(2, { weight: heNormal }))
    const all = values(model.init(key(1)))
    expect(all['a.weight']).toEqual([1, 1, 1, 1, 1, 1])
    expect(all['a.bias']).toEqual([0.5, 0.5, 0.5])
    expect(all['dense1.weight']).toEqual(numbers(heNormal([3, 2], foldIn(foldIn(key(1), 'dense1'), 'weight'))))
  })

  it('carries the sizes that dim bound, whoever made the parameter', () => {
    const bare: Initializer = (shape) => parameter(shape)
    const model = pipe(input([dim('columns', 5)]), dense(dim('hidden', 6)), dense(2, { weight: bare }))
    const { dense1, dense2 } = model.init(key(0))
    expect(nodeOf(dense1.weight).shape).toEqual(['columns', 'hidden'])
    expect(nodeOf(dense1.weight).sizes).toEqual({ columns: 5, hidden: 6 })
    expect(nodeOf(dense1.bias).sizes).toMatchObject({ hidden: 6 })
    expect(nodeOf(dense2.weight).sizes).toEqual({ hidden: 6 })
    expect(numbers(nodeOf(dense1.weight))).toHaveLength(30)
    expect(numbers(nodeOf(dense1.weight))).toEqual(numbers(glorotUniform([5, 6], foldIn(foldIn(key(0), 'dense1'), 'weight'))))
  })
})

describe('apply', () => {
  const params = { hidden: { weight: onesOf([3, 4]), bias: tensor([1, -5, 0, 2]) }, logits: { weight: onesOf([4, 2]), bias: zeros([2]) } }

  it('is x weight + bias, layer after layer', () => {
    const x = tensor([
      [1, 0, 0],
      [1, 2, 3],
    ])
    expect(numbers(nodeOf(classifier.apply(params, x)))).toEqual([6, 6, 22, 22])
  })

  it('is the expression that a user would write', () => {
    const drawn = classifier.init(key(11))
    const x = tensor([[0.5, -1, 2]])
    const layer = (y: Node, { weight, bias }: { readonly weight: AnyTensor; readonly bias: AnyTensor }) =>
      add(dot(y, nodeOf(weight), [[1], [0]]), nodeOf(bias))
    const byHand = layer(maximum(0, layer(nodeOf(x), drawn.hidden)), drawn.logits)
    expect(numbers(nodeOf(classifier.apply(drawn, x)))).toEqual(numbers(byHand))
  })

  it('maps the last dim whatever stands before it', () => {
    const model = pipe(input(['time', 3]), dense(2))
    const y = model.apply(model.init(key(0)), zeros(['batch', 'time', 3]))
    expect(nodeOf(y).shape).toEqual(['batch', 'time', 2])
  })

  it('adds what a residual takes to what it gives', () => {
    const model = pipe(input([2]), residual(dense(2, { weight: ones })))
    expect(numbers(nodeOf(model.apply(model.init(key(0)), tensor([[1, 2]]))))).toEqual([4, 5])
  })

  it('builds an expression: an input without a value goes through', () => {
    const x = parameter(['batch', 3])
    const y = nodeOf(classifier.apply(params, tensorOf(x)))
    expect(graphOf([y], []).nodes).toContain(x)
    const [trained] = classifier.applyTraining(params, tensorOf<Tensor<['batch', 3]>>(x), key(0))
    expect([y.shape, nodeOf(trained).shape]).toEqual([
      ['batch', 2],
      ['batch', 2],
    ])
  })

  it('keeps names and bound sizes in the shape', () => {
    const model = pipe(input([dim('columns', 5)]), dense(dim('hidden', 6)))
    const y = nodeOf(model.apply(model.init(key(0)), zeros(['batch', dim('columns', 5)])))
    expect([y.shape, y.sizes]).toEqual([['batch', 'hidden'], { columns: 5, hidden: 6 }])
  })

  it('reads its own parameters of a larger record', () => {
    const more = { ...params, temperature: tensor([2]) }
    expect(numbers(nodeOf(classifier.apply(more, zeros([1, 3]))))).toEqual([3, 3])
  })

  it('without layers is the identity, of any dtype', () => {
    const ids = zeros([2, 4], 'i32')
    expect(input([4], 'i32').apply({}, ids)).toBe(ids)
    const x = tensor([[1, 2]])
    expect(input([2]).applyTraining({}, x, key(0))).toEqual([x, {}])
  })
})

describe('a model', () => {
  it('is frozen, and shows its shapes', () => {
    expect(Object.isFrozen(classifier)).toBe(true)
    expect([classifier.input, classifier.output, classifier.dtype]).toEqual([[3], [2], 'f32'])
    expect(inspect(classifier)).toBe('Model [3] -> [2] { hidden, logits }')
    expect(inspect(input(['time'], 'i32'))).toBe('Model i32 [time] -> i32 [time]')
  })

  it('is not changed by what extends it', () => {
    const base = pipe(input([3]), dense(4))
    const [a, b] = [pipe(base, dense(5)), pipe(base, dense(6))]
    expect([base.output, a.output, b.output]).toEqual([[4], [5], [6]])
    expect(Object.keys(b.init(key(0)))).toEqual(['dense1', 'dense2'])
  })
})
