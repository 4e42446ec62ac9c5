/** What types cannot close is caught at run time: a tensor that was cast to another shape, and one name with two sizes. */
import * as E from 'fp-ts/lib/Either.js'
import {
  add,
  applyUpdates,
  argmax,
  assertShape,
  broadcastTo,
  compile,
  compose,
  compute,
  concat,
  dataset,
  dense,
  dim,
  einsum,
  embedding,
  equal,
  evaluate,
  expandDims,
  fit,
  flatten,
  grad,
  input,
  key,
  matmul,
  max,
  mean,
  meanSquaredError,
  mul,
  oneHot,
  ones,
  pad,
  paramsOf,
  permute,
  pipe,
  predict,
  relu,
  reshape,
  ShapeError,
  samples,
  sgd,
  slice,
  softmax,
  softmaxCrossEntropy,
  spec,
  squeeze,
  stack,
  statistic,
  sub,
  sum,
  type Tensor,
  tensorOf,
  toArray,
  transpose,
  valueAndGrad,
  where,
  zeros,
} from 'shapewright'
import { describe, expect, it } from 'vitest'

/** A tensor under a type that is not its own. */
const as = <T>(x: unknown): T => x as T
type Calls = readonly (readonly [name: string, call: () => unknown, sentence: string | RegExp])[]

const right = <A>(either: E.Either<unknown, A>): A => {
  if (E.isLeft(either)) throw new Error('Left')
  return either.right
}
/** The sentence of the `ShapeError`; a promise is awaited, since what compiles may throw before or after. */
const sentenceOf = async (call: () => unknown): Promise<string> => {
  try {
    await call()
    return 'nothing was thrown'
  } catch (error) {
    return error instanceof ShapeError ? error.message : `no ShapeError: ${error}`
  }
}
const itThrows = (calls: Calls): void => {
  it.each(calls)('%s', async (_, call, sentence) =>
    typeof sentence === 'string' ? expect(await sentenceOf(call)).toBe(sentence) : expect(await sentenceOf(call)).toMatch(sentence),
  )
}

const model = pipe(input([3]), dense(2))
const params = model.init(key(0))
type P = typeof params

describe('a cast tensor meets the sentence of the rule', () => {
  const wide = as<Tensor<[2, 3]>>(ones([2, 4]))
  const tall = as<Tensor<[2]>>(ones([2, 1, 1]))
  const whole = as<Tensor<[2, 3]>>(ones([2, 3], 'i32'))
  const wrong = as<P>({ dense1: { weight: ones([3, 5]), bias: ones([5]) } })
  const square = (x: Tensor<[2]>) => sum()(mul(x, x))
  itThrows([
    ['add', () => add(wide, ones([2, 3])), 'add: shapes [2, 4] and [2, 3] do not broadcast'],
    ['add in a pipe', () => pipe(ones([2, 3]), add(wide)), 'add: shapes [2, 3] and [2, 4] do not broadcast'],
    ['sub', () => sub(ones([2]), as<Tensor<[2]>>(ones([2, 1]))), 'sub: neither [2] nor [2, 1] has the shape [2, 2]; use broadcastTo'],
    ['mul', () => mul(whole, ones([2, 3])), 'mul: i32 and f32 do not mix; use cast'],
    ['equal', () => equal(wide, ones([2, 3])), 'equal: shapes [2, 4] and [2, 3] do not broadcast'],
    ['where', () => where(equal(wide, wide), ones([2, 3]), ones([2, 3])), 'where: shapes [2, 4], [2, 3] and [2, 3] do not broadcast'],
    ['relu', () => relu(whole), 'relu: expected f32, got i32'],
    ['matmul', () => matmul(wide, ones([3, 5])), 'matmul: [2, 4] x [3, 5]: expected last dim 3, got 4'],
    ['einsum', () => einsum('ij,jk->ik', wide, ones([3, 5])), 'einsum: j is 4 in [2, 4] and 3 in [3, 5]'],
    ['concat', () => concat([wide, ones([2, 3])], 0), 'concat: [2, 4] and [2, 3] differ outside axis 0'],
    ['stack', () => stack([wide, ones([2, 3])]), 'stack: [2, 4] and [2, 3] are not the same'],
    ['reshape', () => reshape([6])(wide), 'reshape: [2, 4] has 8 elements, [6] has 6'],
    ['permute', () => permute([0])(tall), 'permute: [0] is not a permutation of the 3 axes of [2, 1, 1]'],
    ['transpose', () => transpose(as<Tensor<[2, 3]>>(ones([2]))), 'transpose: needs rank >= 2, got [2]'],
    ['expandDims', () => expandDims(2)(as<Tensor<[2, 3]>>(ones([2]))), 'expandDims: axis 2 is out of range for [2]'],
    ['squeeze', () => squeeze(1)(as<Tensor<[2, 1]>>(ones([2, 4]))), 'squeeze: axis 1 of [2, 4] is 4, not 1'],
    ['broadcastTo', () => broadcastTo([2, 3])(wide), 'broadcastTo: [2, 4] does not broadcast to [2, 3]'],
    ['slice', () => slice([0, 0], [2, 3])(tall as never), 'slice: 0 to 3 is out of range for axis 1 of [2, 1, 1]'],
    ['pad', () => pad([[1, 1]])(wide as never), 'pad: 1 pairs for [2, 4]'],
    ['flatten', () => flatten(as<Tensor<[2, 3]>>(ones([]))), 'flatten: needs a batch dim, got []'],
    ['sum', () => sum(1)(as<Tensor<[2, 3]>>(ones([2]))), 'sum: axis 1 is out of range for [2]'],
    ['max', () => max(1)(as<Tensor<[2, 3]>>(ones([2]))), 'max: axis 1 is out of range for [2]'],
    ['argmax', () => argmax(1)(as<Tensor<[2, 3]>>(ones([2]))), 'argmax: axis 1 is out of range for [2]'],
    ['softmax', () => softmax(1)(as<Tensor<[2, 3]>>(ones([2]))), 'softmax: axis 1 is out of range for [2]'],
    ['oneHot', () => oneHot(3)(as<Tensor<[2], 'i32'>>(ones([2]))), 'oneHot: expected i32, got f32'],
    ['statistic', () => statistic(whole), 'statistic: expected f32, got i32'],
    ['a loss', () => meanSquaredError(wide)(ones([2, 3])), 'meanSquaredError: the prediction is [2, 3], the target f32 [2, 4]'],
    [
      'a loss of classes',
      () => softmaxCrossEntropy(as<Tensor<[2], 'i32'>>(ones([3], 'i32')))(ones([2, 5])),
      'softmaxCrossEntropy: the prediction is [2, 5], the target i32 [3]',
    ],
    ['a gradient', () => grad(square as (x: Tensor<[2]>) => Tensor<[]>)(as<Tensor<[2]>>(ones([2], 'i32'))), 'grad: expected f32, got i32'],
    [
      'a value that is no scalar',
      () => valueAndGrad(as<(x: Tensor<[2]>) => Tensor<[]>>((x: Tensor<[2]>) => x))(ones([2])),
      'valueAndGrad: the function must give a scalar, got [2]; end it with mean()',
    ],
    ['apply', () => model.apply(params, wide), /^apply: .*\[3\].*\[2, 4\]/],
    ['apply, parameters', () => model.apply(wrong, ones([2, 3])), /^apply: .*dense1\.weight.*\[3, 5\].*\[3, 2\]/],
    ['applyTraining', () => model.applyTraining(params, wide, key(0)), /^applyTraining: .*\[3\].*\[2, 4\]/],
    ['applyUpdates', () => applyUpdates(params, wrong), /^applyUpdates: .*dense1\.weight/],
    ['predict', () => predict(model, { params, inputs: wide })(), /^predict: .*\[3\].*\[4\]/],
    ['predict, parameters', () => predict(model, { params: wrong, inputs: ones([2, 3]) })(), /dense1\.weight.*\[3, 5\].*\[3, 2\]/],
    ['tensorOf, encode', () => tensorOf([2, 3]).encode(wide), 'tensorOf: expected [2, 3], got [2, 4]'],
    ['paramsOf, encode', () => paramsOf(model).encode(wrong), /^paramsOf: .*dense1\.weight.*\[3, 5\].*\[3, 2\]/],
    [
      'an embedding',
      () => pipe(input(['time'], 'i32'), embedding(5, 2)).apply(as({ embedding1: { table: ones([4, 2]) } }), zeros([1, 'time'], 'i32')),
      /^apply: .*embedding1/,
    ],
  ])
})

describe('a cast tensor at a program', () => {
  const step = (state: Tensor<[3]>, x: Tensor<['n', 3]>) => [add(state, sum(0)(x)), mean()(x)] as const
  const compiled = async (state: unknown, args: readonly unknown[] = [spec(['n', 3])]) =>
    right(await compile(step, { state: as<Tensor<[3]>>(state), args: args as never, bind: { n: [2, 4] } })())
  itThrows([
    ['compile, state', () => compiled(ones([2])), 'add: shapes [2] and [3] do not broadcast'],
    ['compile, an argument', () => compiled(ones([3]), [spec(['n', 4])]), 'add: shapes [3] and [4] do not broadcast'],
    ['step', async () => (await compiled(ones([3]))).step(as<never>(ones([2, 4]))), /^step: .*\[2, 4\]/],
    [
      'step, another size',
      async () => (await compiled(ones([3]))).step(as<never>(ones([3, 3]))),
      'step: compiled for [2, 3] or [4, 3], got [3, 3]',
    ],
    ['step, a dtype', async () => (await compiled(ones([3]))).step(as<never>(ones([2, 3], 'i32'))), /^step: .*i32 \[2, 3\]/],
    ['write', async () => (await compiled(ones([3]))).write(as<never>(ones([4]))), /^write: .*\[3\]/],
  ])
})

describe('one name has one size', () => {
  const [three, four] = [ones([dim('n', 3)]), ones([dim('n', 4)])]
  const [tall, taller] = [ones([dim('n', 3), 2]), ones([dim('n', 4), 2])]
  const here = "dim: 'n' is 3 here and 4 there"
  const back = "dim: 'n' is 4 here and 3 there"
  const named = pipe(input([dim('n', 3)]), relu)
  const weighted = pipe(input([dim('n', 3)]), dense(2))
  const other = pipe(input([dim('n', 4)]), dense(2))
  const rows = (n: number) =>
    right(
      dataset(
        samples(
          Array.from({ length: n }, () => 1),
          [dim('n', n)],
        ),
        samples([1, 2], [2]),
      ),
    )
  const state = ones([])
  const pair = (s: Tensor<[]>, a: Tensor<['n']>, b: Tensor<['n']>) => [s, add(sum()(a), sum()(b))] as const
  const one = (s: Tensor<[]>, a: Tensor<['n']>) => [s, sum()(a)] as const
  const decoded = (n: number) => right(tensorOf(['n']).decode(new Float32Array(n)))
  const options = { loss: meanSquaredError, optimizer: sgd({ learningRate: 0.1 }), batchSize: 1, epochs: 1, key: key(0) }

  itThrows([
    ['in a shape', () => zeros([dim('n', 3), dim('n', 4)]), here],
    ['in a spec', () => spec([dim('n', 3), dim('n', 4)]), here],
    ['two operands', () => add(three, four), here],
    ['a comparison', () => where(equal(three, 1), four, 0), here],
    ['a product', () => matmul(tall, ones([2, dim('n', 4)])), here],
    ['einsum', () => einsum('ij,ik->jk', tall, taller), here],
    ['concat', () => concat([tall, taller], 1), here],
    ['stack', () => stack([three, four]), here],
    ['reshape', () => reshape([dim('n', 4)])(three), back],
    ['broadcastTo', () => broadcastTo([dim('m', 2), dim('n', 4)])(three), back],
    ['a loss', () => meanSquaredError(tall)(taller), back],
    ['what tensorOf decoded', () => add(decoded(3), decoded(4)), here],
    ['tensorOf and dim', () => mul(decoded(3), four), here],
    ['assertShape', () => add(right(assertShape(['n'])(ones([3]))), four), here],
    ['a tree', () => compute({ a: add(three, 1), b: add(four, 1) }), here],
    ['a gradient', () => grad((x: Tensor<['n']>) => sum()(mul(x, four)))(three), here],
    ['updates', () => applyUpdates({ w: three }, { w: four }), here],
    ['layers', () => pipe(input([2]), dense(dim('n', 3)), dense(dim('n', 4))), here],
    ['models', () => compose(pipe(input([2]), dense(dim('n', 3))), input([dim('n', 4)])), here],
    ['apply', () => named.apply({}, ones([1, dim('n', 4)])), here],
    ['apply, in the batch', () => named.apply({}, ones([dim('n', 4), 'n'])), here],
    ['apply, parameters', () => weighted.apply(other.init(key(0)), ones([1, 'n'])), here],
    ['applyTraining', () => named.applyTraining({}, ones([1, dim('n', 4)]), key(0)), here],
    ['samples and targets', () => dataset(samples([1, 2, 3], [dim('n', 3)]), samples([1, 2, 3, 4], [dim('n', 4)])), here],
    ['predict, inputs', () => predict(named, { params: {}, inputs: ones([1, dim('n', 4)]) })(), here],
    ['predict, parameters', () => predict(weighted, { params: other.init(key(0)), inputs: ones([1, dim('n', 3)]) })(), here],
    ['fit', () => fit(weighted, { ...options, data: rows(4) })(), here],
    ['fit, validation', () => fit(weighted, { ...options, data: rows(3), validation: rows(4) })(), here],
    ['evaluate', () => evaluate(weighted, { params: weighted.init(key(0)), data: rows(4), loss: meanSquaredError })(), here],
    [
      'compile, arguments',
      () => compile(as<typeof pair>(pair), as<never>({ state, args: [spec([dim('n', 3)]), spec([dim('n', 4)])] }))(),
      here,
    ],
    [
      'compile, state and argument',
      () =>
        compile(
          as<typeof one>((s: never, a: Tensor<['n']>) => [s, sum()(a)]),
          as<never>({ state: three, args: [spec([dim('n', 4)])] }),
        )(),
      here,
    ],
    ['compile, bind', () => compile(one, as<never>({ state, args: [spec([dim('n', 3)])], bind: { n: 4 } }))(), back],
    [
      'compile, what was captured',
      () =>
        compile((s: Tensor<[]>, a: Tensor<['n']>) => [s, sum()(add(a, three))] as const, { state, args: [spec(['n'])], bind: { n: 4 } })(),
      back,
    ],
  ])

  it('two sizes of a program are not mixed in one step', async () => {
    const program = right(await compile(pair, { state, args: [spec(['n']), spec(['n'])], bind: { n: [3, 4] } })())
    expect(toArray(program.step(three, three))).toBe(6)
    expect(toArray(program.step(four, as<never>(ones([4]))))).toBe(8)
    expect(() => program.step(three, four)).toThrow(new ShapeError('step: compiled for [3], [3] or [4], [4], got [3], [4]'))
    const literal = (s: Tensor<[]>, a: Tensor<['n']>, b: Tensor<[4]>) => [s, add(sum()(a), sum()(b))] as const
    const mixed = right(await compile(literal, { state, args: [spec(['n']), spec([4])], bind: { n: 3 } })())
    expect(() => mixed.step(three, as<never>(four))).toThrow(new ShapeError(here))
  })
  it('a program compiled for another size is another program', async () => {
    const step = (s: Tensor<['n']>) => [s, sum()(s)] as const
    const results = await Promise.all([three, four].map(async (s) => toArray(right(await compile(step, { state: s, args: [] })()).step())))
    expect(results).toEqual([3, 4])
  })
  it('a result knows the sizes of its own names alone: scores of two batches can be added', async () => {
    const program = right(await compile(one, { state, args: [spec(['n'])], bind: { n: [3, 4] } })())
    expect(toArray(add(program.step(three), program.step(four)))).toBe(7)
    const predictions = await Promise.all(
      [3, 4].map(async (n) =>
        sum()(right(await predict(model, { params, inputs: right(tensorOf(['batch', 3]).decode(new Float32Array(3 * n))) })())),
      ),
    )
    expect(toArray(add(compute(predictions[0] as Tensor<[]>), compute(predictions[1] as Tensor<[]>)))).toBe(0)
  })
  it('how many rows a data set was made of is no size of its samples', async () => {
    const of = (n: number) => {
      const inputs = right(tensorOf(['batch', 3]).decode(new Float32Array(3 * n)))
      return right(dataset(inputs, right(tensorOf(['batch', 2]).decode(new Float32Array(2 * n)))))
    }
    const fitted = await fit(model, { ...options, data: of(4), validation: of(3) })()
    expect(E.isRight(fitted)).toBe(true)
  })
})
