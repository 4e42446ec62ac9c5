/** What untyped JavaScript may get wrong: the sentences are those that an editor shows, thrown where the layer stands. */
import { describe, expect, it } from 'vitest'
import { nodeOf } from '../../src/graph/node.ts'
import { block } from '../../src/model/block.ts'
import { compose } from '../../src/model/compose.ts'
import { dense } from '../../src/model/dense.ts'
import { input } from '../../src/model/input.ts'
import { named } from '../../src/model/named.ts'
import { residual } from '../../src/model/residual.ts'
import { sequential } from '../../src/model/sequential.ts'
import { summary } from '../../src/model/summary.ts'
import { relu, sigmoid } from '../../src/tensor/activation.ts'
import { mul } from '../../src/tensor/binary.ts'
import { tensor, zeros } from '../../src/tensor/create.ts'
import { dropout } from '../../src/tensor/dropout.ts'
import { flatten } from '../../src/tensor/movement.ts'
import { activation } from '../../src/tensor/operation.ts'
import { key } from '../../src/tensor/random.ts'
import { dim } from '../../src/tensor/size.ts'
import { numbers } from '../autodiff/differences.ts'
import { refuses } from './helpers.ts'

// biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
const js: Readonly<Record<Names, (...given: any[]) => any>> = {
  activation,
  block,
  compose,
  dense,
  dropout,
  input,
  named,
  relu,
  residual,
  sequential,
  summary,
}
type Names = 'activation' | 'block' | 'compose' | 'dense' | 'dropout' | 'input' | 'named' | 'relu' | 'residual' | 'sequential' | 'summary'

describe('layers', () => {
  const cases: readonly (readonly [sentence: string, mistake: () => unknown])[] = [
    ['dense: expected last dim 128, got 256', () => js.dense(128, 10)(js.dense(784, 256)(js.input([784])))],
    ['dense: expected last dim 784, got hidden', () => js.dense(784, 10)(js.dense(dim('hidden', 5))(js.input([784])))],
    ['dense: needs rank >= 1, got []', () => js.dense(10)(js.input([]))],
    ['dense: expected f32, got i32', () => js.dense(10)(js.input([4], 'i32'))],
    ['dense: this layer extends a model', () => js.dense(10)(zeros([2, 4]))],
    ['dense: this layer extends a model', () => js.dense(10)(undefined)],
    ['dense: a size must be a whole number, got -5', () => js.dense(-5)],
    ['dense: a size must be a whole number, got 2.5', () => js.dense(4, 2.5)],
    ['dense: a size must be a whole number, got NaN', () => js.dense(Number.NaN)],
    ['dense: a size must be a whole number, got undefined', () => js.dense()],
    ["dense: the size is not a literal; write dense(dim('name', n))", () => js.dense('hidden')],
    ["dense: there is no option 'units'", () => js.dense(3, { units: 4 })],
    ['relu: expected f32, got i32', () => js.relu(js.input([4], 'i32'))],
    ['relu: expected a tensor or a model', () => js.relu(5)],
    ['dropout: on a tensor it needs a key; write dropout(rate, key)', () => js.dropout(0.5)(zeros([2]))],
    ['dropout: the rate must be at least 0 and below 1, got 1', () => js.dropout(1)],
    ['input: a size must be a whole number, got -3', () => js.input([-3])],
    ['input: a size must be a whole number, got 1.5', () => js.input([4, 1.5], 'i32')],
    ["input: the last dim time has no size; write dim('time', n)", () => js.input([4, 'time'])],
    ['input: expected f32, i32 or bool, got f64', () => js.input([4], 'f64')],
    ["dim: 'hidden' is 3 here and 4 there", () => js.dense(dim('hidden', 4))(js.dense(dim('hidden', 3))(js.input([2])))],
  ]
  for (const [sentence, mistake] of cases) it(sentence, () => refuses(sentence, mistake))
})

describe('an activation of the user', () => {
  it('keeps shape and dtype', () => {
    const ids = js.activation('ids', () => zeros([2, 4], 'i32'))
    refuses('ids: the function maps [2, 4] to i32 [2, 4]', () => ids(zeros([2, 4])))
    const folded = js.activation('folded', () => zeros([2]))
    refuses('folded: the function maps [2, 4] to [2]', () => folded(js.input([4])).apply({}, zeros([2, 4])))
    refuses('nothing: the function maps [2] to undefined', () => js.activation('nothing', () => undefined)(zeros([2])))
  })
  it('goes where relu goes', () => {
    const swish = activation('swish', (x) => mul(x, sigmoid(x)))
    const model = sequential(input([2]), swish, block(swish))
    expect(numbers(nodeOf(model.apply({ block1: {} }, tensor([[0, 40]]))))).toEqual([0, 40])
  })
})

describe('names', () => {
  it('are used once in a model', () => {
    refuses("dense: the name 'fc' is already used", () => js.dense(8, 'fc')(js.relu(js.dense(8, 'fc')(js.input([8])))))
    refuses("block: the name 'fc' is already used", () => js.named('fc')(js.block(relu))(js.dense(8, 'fc')(js.input([8]))))
    refuses("dense: the name 'dense1' is already used", () => js.dense(8, 'dense1')(js.dense(8)(js.input([8]))))
  })
  it('are used once in a block, wherever the block will stand', () => {
    refuses("dense: the name 'fc' is already used", () => js.block(js.dense(8, 'fc'), relu, js.dense(8, { name: 'fc' })))
  })
  it('can stand in paths and in records', () => {
    const bad = (name: string) => `dense: a name must not be empty, a number, or have a dot, got '${name}'`
    for (const name of ['', '7', '1e3', 'a.b']) refuses(bad(name), () => js.dense(8, name))
    refuses(bad('7'), () => js.named('7')(dense(3)))
    refuses('dense: the name is not a literal', () => js.dense(8, { name: 5 }))
  })
})

describe('rows', () => {
  it('say which layer is wrong', () => {
    refuses('dense: expected last dim 128, got 256', () => js.sequential(input([784]), dense(784, 256), relu, dense(128, 10)))
    refuses('dense: expected last dim 64, got 32', () => js.block(dense(64, 32), relu, dense(32, 8))(input([32])))
    refuses('residual: the block maps [64] to [32]', () => js.residual(dense(32))(input([64])))
    refuses('residual: the block maps [64] to [10]', () => js.residual(js.block(dense(128), relu, dense(10)))(input([64])))
    refuses('dense: expected f32, got i32', () => js.block(dense(3))(input([4], 'i32')))
    refuses('block: expected f32, got i32', () => js.block()(input([4], 'i32')))
    refuses('residual: expected f32, got i32', () => js.residual(relu)(input([4], 'i32')))
  })
  it('are checked where they are made', () => {
    refuses('dense: expected last dim 31, got 32', () => js.block(dense(64, 32), relu, dense(31, 8)))
    refuses('dense: expected last dim 31, got 32', () => js.block(block(dense(64, 32)), residual(dense(32)), dense(31, 8)))
  })
  it('of any rank are not refused before it is known', () => {
    expect(sequential(input([7, 64]), block(dense(64, 32), flatten, dense(224, 8))).output).toEqual([8])
  })
  it('are made of layers', () => {
    refuses('block: expected a layer, got a function', () => js.block((x: unknown) => x))
    refuses('residual: expected a layer, got 5', () => js.residual(5))
    refuses('named: expected a layer, got undefined', () => js.named('a')(undefined))
    refuses('named: expected a layer, got a model', () => js.named('a')(input([3])))
    refuses('sequential: expected a layer, got null', () => js.sequential(input([3]), null))
    refuses('sequential: expected a model, got a layer', () => js.sequential(dense(3)))
    refuses('summary: expected a model, got a tensor', () => js.summary(zeros([3])))
  })
  it('of two models fit', () => {
    const first = sequential(input([4]), dense(10))
    refuses('compose: the first model gives [10], the second takes [12]', () => js.compose(first, input([12])))
    refuses('compose: the first model gives [10], the second takes [12]', () => js.compose(input([12]))(first))
    refuses('compose: the first model gives [10], the second takes i32 [10]', () => js.compose(first, input([10], 'i32')))
    refuses('compose: expected a model, got 3', () => js.compose(first, 3))
    refuses('compose: expected a model, got an object', () => js.compose(first, {}))
  })
})

describe('data', () => {
  const model = sequential(input([4]), dense(3, 'hidden'), block(dense(2)))
  // biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
  const { init, apply, applyTraining } = model as Readonly<Record<'init' | 'apply' | 'applyTraining', any>>
  const params = model.init(key(0))
  const x = zeros([2, 4])

  it('samples have the shape and dtype of the input', () => {
    refuses('apply: the model takes samples of [4], x is [2, 5]', () => apply(params, zeros([2, 5])))
    refuses('apply: the model takes samples of [4] with a batch dim in front, got [4]', () => apply(params, zeros([4])))
    refuses('apply: the model takes samples of [4], x is []', () => apply(params, zeros([])))
    refuses('apply: the model takes samples of [4], x is i32 [2, 4]', () => apply(params, zeros([2, 4], 'i32')))
    refuses('apply: the model takes samples of [4], x is no tensor', () => apply(params, [[1, 2, 3, 4]]))
    refuses('applyTraining: the model takes samples of [4], x is [2, 5]', () => applyTraining(params, zeros([2, 5]), key(0)))
  })
  it('parameters are those of the model', () => {
    refuses('apply: params.hidden is missing', () => apply({ block1: params.block1 }, x))
    refuses('apply: several parts of params are missing', () => apply(undefined, x))
    refuses('apply: params.hidden is a tensor, the model has several there', () => apply({ ...params, hidden: zeros([3]) }, x))
    refuses('apply: params.block1.dense1.bias is missing', () => apply({ ...params, block1: { dense1: { weight: zeros([3, 2]) } } }, x))
    refuses('apply: params.hidden.weight is [4, 2], the model has [4, 3]', () =>
      apply({ ...params, hidden: { weight: zeros([4, 2]), bias: zeros([3]) } }, x),
    )
    refuses('apply: params.hidden.bias is i32 [3], the model has [3]', () =>
      apply({ ...params, hidden: { weight: zeros([4, 3]), bias: zeros([3], 'i32') } }, x),
    )
    refuses('apply: params.hidden.bias is no tensor, the model has [3]', () =>
      apply({ ...params, hidden: { weight: zeros([4, 3]), bias: [0, 0, 0] } }, x),
    )
  })
  it('keys are keys', () => {
    refuses('init: expected a key, got 0', () => init(0))
    refuses('applyTraining: expected a key, got undefined', () => applyTraining(params, x))
  })
  it('initializers give the shape they are asked for', () => {
    const wrong = sequential(input([4]), dense(3, { weight: () => tensor([1]) as never }))
    refuses('init: params.dense1.weight is [1], the model has [4, 3]', () => wrong.init(key(0)))
  })
})

describe('sizes', () => {
  it('that no one knows are refused when parameters are made', () => {
    const model = sequential(input(['time', 4]), flatten, dense(2))
    const sentence = (op: string) => `${op}: dense1.weight is [4*time, 2], and the size of 'time' is not known; write dim('time', n)`
    refuses(sentence('init'), () => model.init(key(0)))
    refuses(sentence('summary'), () => summary(model))
    const bound = sequential(input([dim('time', 3), 4]), flatten, dense(2))
    expect([summary(bound).total, bound.init(key(0)).dense1.weight.shape]).toEqual([26, ['4*time', 2]])
  })
})
