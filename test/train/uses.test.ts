/** What is handed to a model, an optimizer or a program and does not fit: the sentences of the compiler, thrown. */
import * as E from 'fp-ts/lib/Either.js'
import {
  accuracy,
  adam,
  add,
  applyUpdates,
  batchNorm,
  chain,
  classes,
  clipByGlobalNorm,
  compile,
  compose,
  compute,
  dataset,
  dense,
  dim,
  evaluate,
  fit,
  foldIn,
  freeze,
  input,
  key,
  meanSquaredError,
  mul,
  pipe,
  predict,
  relu,
  residual,
  samples,
  sequential,
  sgd,
  softmaxCrossEntropy,
  spec,
  statistic,
  sum,
  type Tensor,
  tensor,
  toArray,
  zeros,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { checkTree } from '../../src/graph/tree.ts'
import { refuses } from '../model/helpers.ts'

// biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
type Untyped = (...given: any[]) => any
const js = (f: unknown): Untyped => f as Untyped

const model = pipe(input([4]), dense(3, 'hidden'), relu, dense(2, 'logits'))
const params = model.init(key(0))
const narrow = pipe(input([4]), dense(5, 'hidden'), relu, dense(2, 'logits')).init(key(0))
const made = dataset(samples([1, 2, 3, 4, 5, 6, 7, 8], [4]), classes([0, 1], 2))
if (E.isLeft(made)) throw new Error(made.left.message)
const data = made.right
const numeric = dataset(samples([1, 2, 3, 4], [4]), samples([1, 2], [2]))
if (E.isLeft(numeric)) throw new Error(numeric.left.message)
const loss = softmaxCrossEntropy
const optimizer = adam({ learningRate: 0.1 })
const rest = { data, loss, optimizer, batchSize: 2, epochs: 2, key: key(0) }

describe('predict and evaluate', () => {
  const cases: readonly (readonly [sentence: string, mistake: () => unknown])[] = [
    ['predict: params.hidden.weight is [4, 5], the model has [4, 3]', () => js(predict)(model, { params: narrow, inputs: zeros([1, 4]) })],
    ['predict: params.logits is missing', () => js(predict)(model, { params: { hidden: params.hidden }, inputs: zeros([1, 4]) })],
    ['predict: several parts of params are missing', () => js(predict)(model, { params: {}, inputs: zeros([1, 4]) })],
    ['predict: the model takes [4], the samples are [5]', () => js(predict)(model, { params, inputs: zeros([1, 5]) })],
    ['predict: the model takes [4], the samples are i32 [4]', () => js(predict)(model, { params, inputs: zeros([1, 4], 'i32') })],
    ['predict: needs a batch dim, got []', () => js(predict)(model, { params, inputs: zeros([]) })],
    ['evaluate: params.hidden.weight is [4, 5], the model has [4, 3]', () => js(evaluate)(model, { params: narrow, data, loss })],
    ['evaluate: the model takes [5], the samples are [4]', () => js(evaluate)(input([5]), { params: {}, data, loss })],
    [
      'evaluate: the loss compares 3 classes, the data set has 2',
      () => js(evaluate)(sequential(input([4]), dense(3)), { params, data, loss }),
    ],
    [
      'evaluate: the metric accuracy compares 2 classes, the data set has [2]',
      () => js(evaluate)(model, { params, data: numeric.right, loss: meanSquaredError, metrics: { accuracy } }),
    ],
    ['fit: the model takes i32 [4], the samples are [4]', () => js(fit)(input([4], 'i32'), rest)],
  ]
  for (const [sentence, mistake] of cases) it(sentence, () => refuses(sentence, mistake))
})

describe('from', () => {
  const trained = async (by: unknown) => {
    const run = await js(fit)(model, { ...rest, optimizer: by, epochs: 1 })()
    return run.right
  }
  it('is of the same model and optimizer', async () => {
    const from = await trained(optimizer)
    refuses('fit: from.params.hidden.weight is [4, 3], the model has [4, 5]', () =>
      js(fit)(sequential(input([4]), dense(5, 'hidden'), relu, dense(2, 'logits')), { ...rest, from }),
    )
    const other = await trained(sgd({ learningRate: 0.1 }))
    refuses('fit: several parts of from.optimizer are missing', () => js(fit)(model, { ...rest, from: other }))
    refuses('fit: from.optimizer is no list of 2', () =>
      js(fit)(model, { ...rest, optimizer: chain(clipByGlobalNorm(1), optimizer), from }),
    )
    expect(E.isRight(await fit(model, { ...rest, from })())).toBe(true)
  })
  it('is all that goes on', async () => {
    const state = optimizer.init(params)
    const lacks = (part: string) => `fit: from.${part} is missing; to begin with weights alone, give them as params`
    refuses(lacks('optimizer'), () => js(fit)(model, { ...rest, from: { params } }))
    refuses(lacks('key'), () => js(fit)(model, { ...rest, from: { params, optimizer: state } }))
    refuses(lacks('history'), () => js(fit)(model, { ...rest, from: { params, optimizer: state, key: key(0), epoch: 0 } }))
    const bare = { params, optimizer: state, key: key(0), epoch: 0, history: [] }
    refuses("fit: 'from' goes on with its own parameters; 'params' are what a new run begins with", () =>
      js(fit)(model, { ...rest, from: bare, params }),
    )
    const message = async (from: unknown) => (await js(fit)(model, { ...rest, from })()).left.message
    expect(await message({ ...bare, epoch: '0' })).toBe("fit: the epoch of 'from' must be a whole number from 0 on, got 0")
    expect(await message({ ...bare, history: 3 })).toBe("fit: expected a list as the history of 'from', got 3")
    expect(E.isRight(await fit(model, { ...rest, from: bare })())).toBe(true)
  })
  it('may have the best epoch of another optimizer, which is forgotten', async () => {
    const state = optimizer.init(params)
    const best = { epoch: 0, value: 0, params, optimizer: sgd({ learningRate: 1 }).init(params) }
    const from = { params, optimizer: state, key: key(0), epoch: 0, history: [], underway: null, best }
    const run = await fit(model, { ...rest, from })()
    expect(E.isRight(run) && run.right.best).toBe(null)
  })
  it('is no Either', async () => {
    const sentence = "fit: 'from' is what an earlier fit ended with; fit gives an Either, take its right side"
    refuses(sentence, () => js(fit)(model, { ...rest, from: E.right(1) }))
    refuses(sentence, () => js(fit)(model, { ...rest, from: 3 }))
  })
})

describe('params', () => {
  const none = { ...rest, optimizer: freeze('hidden', 'logits')(sgd({ learningRate: 1 })), epochs: 1 }
  const begun = async (given: typeof params) => {
    const run = await fit(model, { ...none, params: given })()
    if (E.isLeft(run)) throw new Error(run.left.message)
    return run.right
  }
  it('are what a run begins with, to the bit', async () => {
    const other = compute(model.init(key(8)))
    const { params: after } = await begun(other)
    expect(toArray(after.hidden.weight)).toEqual(toArray(other.hidden.weight))
    expect(toArray(after.logits.bias)).toEqual(toArray(other.logits.bias))
  })
  it('give the bits that the same drawn ones give', async () => {
    const drawn = await fit(model, rest)()
    const given = await fit(model, { ...rest, params: model.init(foldIn(rest.key, 'init')) })()
    if (E.isLeft(drawn) || E.isLeft(given)) throw new Error('not trained')
    expect(toArray(given.right.params.hidden.weight)).toEqual(toArray(drawn.right.params.hidden.weight))
    expect(given.right.history).toEqual(drawn.right.history)
  })
  it('may stand in another order, with more beside them', async () => {
    const { hidden, logits } = params
    const larger = { old: { weight: zeros([1]) }, logits, hidden }
    const run = await fit(model, { ...rest, params: larger })()
    if (E.isLeft(run)) throw new Error(run.left.message)
    expect([Object.keys(run.right.params), Object.keys(run.right.optimizer.first)]).toEqual([
      ['hidden', 'logits'],
      ['hidden', 'logits'],
    ])
  })
  it('keep their statistics', async () => {
    const normed = pipe(input([4]), batchNorm('norm'), dense(2, 'logits'))
    const moved = { ...normed.init(key(1)), norm: { ...normed.init(key(1)).norm, mean: statistic(tensor([8, 8, 8, 8])) } }
    const run = await fit(normed, { ...rest, epochs: 1, params: moved })()
    expect(E.isRight(run) && Math.min(...toArray(run.right.params.norm.mean)) > 4).toBe(true)
  })
  it('must be those of the model', () => {
    refuses('fit: params.hidden.weight is [4, 5], the model has [4, 3]', () => js(fit)(model, { ...rest, params: narrow }))
    refuses('fit: params.logits is missing', () => js(fit)(model, { ...rest, params: { hidden: params.hidden } }))
    refuses('fit: several parts of params are missing', () => js(fit)(model, { ...rest, params: 3 }))
  })
})

describe('optimizers', () => {
  const state = optimizer.init(params)
  const cases: readonly (readonly [sentence: string, mistake: () => unknown])[] = [
    ['update: gradients.hidden.weight is [4, 5], the parameters have [4, 3]', () => js(optimizer.update)(narrow, state, params)],
    ['update: gradients.logits is missing', () => js(optimizer.update)({ hidden: params.hidden }, state, params)],
    [
      'update: state.first.hidden.weight is [4, 5], the optimizer has [4, 3]',
      () => js(optimizer.update)(params, optimizer.init(narrow), params),
    ],
    ['update: several parts of state are missing', () => js(optimizer.update)(params, sgd({ learningRate: 1 }).init(params), params)],
    ['update: state is no list of 2', () => js(chain(clipByGlobalNorm(1), optimizer).update)(params, state, params)],
    ['update: state is another value than the optimizer has', () => js(clipByGlobalNorm(1).update)(params, state, params)],
    [
      'update: state.1.first is no tensor, the optimizer has [2]',
      () => js(chain(clipByGlobalNorm(1), optimizer).update)(zeros([2]), [null, { ...optimizer.init(zeros([2])), first: 0 }], zeros([2])),
    ],
    ['applyUpdates: updates.hidden.weight is [4, 5], the parameters have [4, 3]', () => js(applyUpdates)(params, narrow)],
    [
      'applyUpdates: updates.hidden is a tensor, the parameters have several there',
      () => js(applyUpdates)(params, { ...params, hidden: zeros([3]) }),
    ],
  ]
  for (const [sentence, mistake] of cases) it(sentence, () => refuses(sentence, mistake))
  it('take what has more than they ask for', () => {
    expect(Object.keys(applyUpdates(params, { ...params, more: zeros([1]) }))).toEqual(['hidden', 'logits'])
  })
  it('tell a tensor where a statistic stood', () => {
    const wanted = { mean: statistic(zeros([2])) }
    refuses('write: state.mean is no statistic; write statistic(x)', () =>
      checkTree('write', 'the program has', 'state', { mean: zeros([2]) }, wanted),
    )
    checkTree('write', 'the program has', 'state', wanted, wanted)
  })
})

describe('a program', async () => {
  type State = { readonly sum: Tensor<[2]>; readonly counts: readonly [Tensor<[], 'i32'>, null] }
  const state: State = { sum: zeros([2]), counts: [zeros([], 'i32'), null] }
  const step = ({ sum: before, counts }: State, x: Tensor<['n', 2]>, y: Tensor<['n'], 'i32'>) =>
    [{ sum: add(before, pipe(x, sum(0))), counts: [add(counts[0], pipe(y, sum())), null] }, mul(x, 2)] as const
  const compiled = await compile(step, { state, args: [spec(['n', 2]), spec(['n'], 'i32')], bind: { n: [3, 1] } })()
  if (E.isLeft(compiled)) throw new Error(compiled.left.message)
  const program = compiled.right
  const run = js(program.step)
  const write = js(program.write)

  const cases: readonly (readonly [sentence: string, mistake: () => unknown])[] = [
    ['step: argument 0 is [3, 4], the program takes [n, 2]', () => run(zeros([3, 4]), zeros([3], 'i32'))],
    ['step: argument 0 is [3], the program takes [n, 2]', () => run(zeros([3]), zeros([3], 'i32'))],
    ['step: argument 1 is [3], the program takes i32 [n]', () => run(zeros([3, 2]), zeros([3]))],
    ['step: argument 1 is no tensor, the program takes i32 [n]', () => run(zeros([3, 2]), [1, 2, 3])],
    ['step: the program takes 2 arguments, got 1', () => run(zeros([3, 2]))],
    ['step: the program takes 2 arguments, got 3', () => run(zeros([3, 2]), zeros([3], 'i32'), 5)],
    ['step: compiled for [3, 2], i32 [3] or [1, 2], i32 [1], got [2, 2], i32 [2]', () => run(zeros([2, 2]), zeros([2], 'i32'))],
    ['step: compiled for [3, 2], i32 [3] or [1, 2], i32 [1], got [3, 2], i32 [1]', () => run(zeros([3, 2]), zeros([1], 'i32'))],
    ['write: state.sum is [3], the program has [2]', () => write({ ...state, sum: zeros([3]) })],
    ['write: state.counts is missing', () => write({ sum: state.sum })],
    ['write: state.counts.0 is [], the program has i32 []', () => write({ ...state, counts: [zeros([]), null] })],
    ['write: state.counts is no list of 2', () => write({ ...state, counts: zeros })],
    ['write: state has parts that the program has not', () => write({ ...state, more: zeros([1]) })],
  ]
  for (const [sentence, mistake] of cases) it(sentence, () => refuses(sentence, mistake))
  it('takes what fits', () => {
    program.write({ sum: tensor([1, 2]), counts: [zeros([], 'i32'), null] })
    program.step(zeros([dim('n', 1), 2]), zeros([dim('n', 1)], 'i32'))
    expect(program.read().sum.shape).toEqual([2])
  })
  it('has the sizes that its state was bound to', async () => {
    const bound = { sum: zeros([dim('m', 2)]) }
    const hold = (all: { readonly sum: Tensor<['m']> }) => [all, all.sum] as const
    const held = await compile(hold, { state: bound, args: [] })()
    if (E.isLeft(held)) throw new Error(held.left.message)
    refuses('write: state.sum is [3], the program has [2]', () => held.right.write({ sum: zeros([dim('m', 3)]) }))
  })
})

describe('compile', () => {
  const hold = (state: Tensor<[2]>, x: Tensor<['n', 2]>) => [state, x] as const
  it('asks for a size of each open name', async () => {
    refuses("compile: the size of 'n' is not known; bind it, or write dim('n', n)", () =>
      js(compile)(hold, { state: zeros([2]), args: [spec(['n', 2])], bind: {} }),
    )
  })
  it('knows which names are open', () => {
    refuses("compile: bind has 'm', which is no open name of the arguments", () =>
      js(compile)(hold, { state: zeros([2]), args: [spec(['n', 2])], bind: { n: 2, m: 3 } }),
    )
  })
})

describe('a layer and a model', () => {
  it('are told apart', () => {
    refuses('fit: expected a model, got a layer', () => js(fit)(dense(3), rest))
    refuses('predict: expected a model, got a layer', () => js(predict)(relu, { params, inputs: zeros([1, 4]) }))
    refuses('residual: expected a layer, got a model', () => js(residual)(model))
    refuses('sequential: expected a layer, got a model', () => js(sequential)(input([4]), model))
    refuses('sequential: expected a layer, got a tensor', () => js(sequential)(input([4]), zeros([2])))
    refuses('compose: expected a model, got a function', () => js(compose)(model, () => 3))
    refuses('compose: expected a model, got a layer', () => js(compose)(model, dense(3)))
  })
})
