/**
 * Exact types of what users hold: `npm run typecheck` is the check (a wrong one does not compile), and it is shown here that
 * it can fail. What is compared runs too, so that nothing stands in a type alone.
 */
import type { Either } from 'fp-ts/lib/Either.js'
import type { Task } from 'fp-ts/lib/Task.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import {
  type Adam,
  type AdamState,
  type AttentionParams,
  adam,
  add,
  addBranches,
  applyUpdates,
  argmax,
  attention,
  type BidirectionalParams,
  type BoundDim,
  bidirectional,
  type Classes,
  type CompileError,
  type Conv2dParams,
  categorical,
  chain,
  classes,
  clipByGlobalNorm,
  compile,
  compose,
  concat,
  concatBranches,
  conv2d,
  type Dataset,
  type DatasetError,
  type DenseParams,
  type Dim,
  dataset,
  dense,
  dim,
  dropout,
  type EmbeddingParams,
  type Evaluation,
  type EvaluationError,
  einsum,
  embedding,
  evaluate,
  fit,
  flatten,
  type Grads,
  type GruParams,
  gather,
  grad,
  gru,
  type In,
  input,
  iota,
  key,
  type LstmParams,
  learnedPositions,
  lstm,
  type MeanSquaredError,
  type Model,
  matmul,
  maxPool2d,
  mean,
  meanSquaredError,
  mul,
  named,
  type OptimizerState,
  type Out,
  type Params,
  type PositionParams,
  type PredictionError,
  type Program,
  pipe,
  predict,
  rearrange,
  relu,
  repeat,
  reshape,
  residual,
  type Samples,
  type Schedule,
  type Spec,
  type Statistic,
  samples,
  scan,
  sequential,
  sgd,
  slice,
  softmax,
  softmaxCrossEntropy,
  spec,
  stack,
  statistic,
  sum,
  type Tensor,
  type Training,
  type TransformerParams,
  toArray,
  trainable,
  transformerDecoderBlock,
  transpose,
  valueAndGrad,
  warmUp,
  zeros,
} from 'shapewright'
import type { LstmState } from 'shapewright/ops'
import * as ops from 'shapewright/ops'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { ask } from '../../scripts/typescript/ask.ts'
import { right } from '../types-rules/told.ts'

const classifier = pipe(input([784]), dense(256, 'hidden'), relu, dense(10, 'logits'))
type Classifier = { readonly hidden: DenseParams<784, 256>; readonly logits: DenseParams<256, 10> }

describe('models', () => {
  it('have exact shapes, parameters and gradients', () => {
    expectTypeOf<In<typeof classifier>>().toEqualTypeOf<[784]>()
    expectTypeOf<Out<typeof classifier>>().toEqualTypeOf<[10]>()
    expectTypeOf<Params<typeof classifier>>().toEqualTypeOf<Classifier>()
    expectTypeOf<Grads<typeof classifier>>().toEqualTypeOf<Classifier>()
    expectTypeOf(classifier.init(key(0))).toEqualTypeOf<Classifier>()
    expectTypeOf(classifier.apply(classifier.init(key(0)), zeros([32, 784]))).toEqualTypeOf<Tensor<[32, 10]>>()
    expectTypeOf(classifier.apply(classifier.init(key(0)), zeros(['batch', 784]))).toEqualTypeOf<Tensor<['batch', 10]>>()
  })

  it('of images, of tokens, of branches', () => {
    const images = pipe(input([28, 28, 1]), conv2d({ filters: 8, kernel: 3 }), relu, maxPool2d(2), flatten, dense(10))
    expectTypeOf<Params<typeof images>>().toEqualTypeOf<{
      readonly conv2d1: Conv2dParams<3, 3, 1, 8>
      readonly dense1: DenseParams<1352, 10>
    }>()
    const sequences = pipe(input(['time', 8]), bidirectional(lstm(16)), gru(4, { returns: 'last' }))
    expectTypeOf(sequences.output).toEqualTypeOf<[4]>()
    expectTypeOf<Params<typeof sequences>>().toEqualTypeOf<{
      readonly bidirectional1: BidirectionalParams<LstmParams<8, 16>>
      readonly gru1: GruParams<32, 4>
    }>()
    const tokens = pipe(input(['time'], 'i32'), embedding(1000, 16), residual(dense(16)))
    expectTypeOf<Out<typeof tokens>>().toEqualTypeOf<['time', 16]>()
    expectTypeOf<In<typeof tokens>>().toEqualTypeOf<['time']>()
    const joined = pipe(input([6]), concatBranches(dense(4), dense(2)), addBranches(dense(3, 'a'), named('b')(dense(3))))
    expectTypeOf<Out<typeof joined>>().toEqualTypeOf<[3]>()
    expectTypeOf<Params<typeof joined>>().toEqualTypeOf<{
      readonly concatBranches1: { readonly dense1: DenseParams<6, 4>; readonly dense2: DenseParams<6, 2> }
      readonly addBranches1: { readonly a: DenseParams<6, 3>; readonly b: DenseParams<6, 3> }
    }>()
    expect(joined.output).toEqual([3])
  })

  it('of sequences, with attention and layers that are repeated', () => {
    const writer = pipe(
      input(['time'], 'i32'),
      embedding(100, 64),
      learnedPositions(128),
      repeat(2, transformerDecoderBlock(8, { keyValueHeads: 2 })),
      attention(8, 'last'),
      dense(100),
    )
    expectTypeOf<Out<typeof writer>>().toEqualTypeOf<['time', 100]>()
    expectTypeOf<Params<typeof writer>>().toEqualTypeOf<{
      readonly embedding1: EmbeddingParams<100, 64>
      readonly learnedPositions1: PositionParams<128, 64>
      readonly repeat1: {
        readonly transformerDecoderBlock1: TransformerParams<64, 256, 16>
        readonly transformerDecoderBlock2: TransformerParams<64, 256, 16>
      }
      readonly last: AttentionParams<64>
      readonly dense1: DenseParams<64, 100>
    }>()
    const heads = zeros(['batch', 8, 'time', 16])
    const found = pipe(heads, ops.attention(heads, zeros(['batch', 8, 'time', 4]), { causal: true }))
    expectTypeOf(found).toEqualTypeOf<Tensor<['batch', 8, 'time', 4]>>()
    expectTypeOf(categorical(key(0))(found)).toEqualTypeOf<Tensor<['batch', 8, 'time'], 'i32'>>()
    expect(writer.output).toEqual(['time', 100])
  })

  it('that keep a shape, that are composed, and in one row', () => {
    const same = pipe(input([4]), residual(softmax(-1)), dropout(0.5))
    // biome-ignore lint/complexity/noBannedTypes: a model without parameters
    expectTypeOf(same).toEqualTypeOf<Model<[4], [4], {}>>()
    const both = compose(pipe(input([4]), dense(2)), pipe(input([2]), dense(1)))
    expectTypeOf<Params<typeof both>>().toEqualTypeOf<{
      readonly first: { readonly dense1: DenseParams<4, 2> }
      readonly second: { readonly dense1: DenseParams<2, 1> }
    }>()
    expectTypeOf(sequential(input([784]), dense(256, 'hidden'), relu, dense(10, 'logits'))).toEqualTypeOf<typeof classifier>()
    const sized = pipe(input([784]), dense(dim('hidden', 8)))
    expectTypeOf<Params<typeof sized>>().toEqualTypeOf<{ readonly dense1: DenseParams<784, 'hidden'> }>()
    expect(both.output).toEqual([1])
  })
})

describe('loops over time', () => {
  it('give the carry as it was, and the results with the length in front', () => {
    const [last, results] = scan(
      ({ h, n }, [row, i]) => [
        { h: add(h, row), n: add(n, i) },
        { h, i },
      ],
      { h: zeros(['batch', 8]), n: zeros([], 'i32') },
      [zeros([5, 'batch', 8]), iota([5])],
    )
    expectTypeOf(last).toEqualTypeOf<{ readonly h: Tensor<['batch', 8]>; readonly n: Tensor<[], 'i32'> }>()
    expectTypeOf(results).toEqualTypeOf<{ readonly h: Tensor<[5, 'batch', 8]>; readonly i: Tensor<[5], 'i32'> }>()
    expectTypeOf(scan((h) => [h, null], zeros([3]), iota([2]))).toEqualTypeOf<readonly [Tensor<[3]>, null]>()
  })
})

describe('tensors', () => {
  it('of notations, contractions and windows', () => {
    expectTypeOf(einsum('bhqd,bhkd->bhqk', zeros(['b', 8, 5, 64]), zeros(['b', 8, 7, 64]))).toEqualTypeOf<Tensor<['b', 8, 5, 7]>>()
    expectTypeOf(pipe(zeros([2, 3]), einsum('ij->ji'))).toEqualTypeOf<Tensor<[3, 2]>>()
    expectTypeOf(pipe(zeros(['b', 28, 28, 3]), rearrange('b (h i) (w j) c -> b (h w) (i j c)', { i: 7, j: 7 }))).toEqualTypeOf<
      Tensor<['b', 16, 147]>
    >()
    expectTypeOf(
      pipe(zeros(['b', 28, 8]), ops.lstm({ inputWeight: zeros([8, 64]), recurrentWeight: zeros([16, 64]), bias: zeros([64]) })),
    ).toEqualTypeOf<readonly [all: Tensor<['b', 28, 16]>, last: LstmState<'b', 16>]>()
    expectTypeOf(pipe(zeros(['b', 8, 8, 3]), ops.conv2d(zeros([3, 3, 3, 16]), { stride: 2 }))).toEqualTypeOf<Tensor<['b', 3, 3, 16]>>()
    expectTypeOf(matmul(zeros(['b', 5, 4]), zeros([4, 3]))).toEqualTypeOf<Tensor<['b', 5, 3]>>()
  })

  it('of movement, reductions and indices', () => {
    expectTypeOf(pipe(zeros(['b', 's', 64]), reshape([-1, 64]))).toEqualTypeOf<Tensor<['b*s', 64]>>()
    expectTypeOf(concat([zeros([2, 3]), zeros([2, 4])], 1)).toEqualTypeOf<Tensor<[2, 7]>>()
    expectTypeOf(stack([zeros([2, 3]), zeros([2, 3])])).toEqualTypeOf<Tensor<[2, 2, 3]>>()
    expectTypeOf(pipe(zeros([5, 4], 'i32'), slice([1], [-1]), transpose)).toEqualTypeOf<Tensor<[4, 3], 'i32'>>()
    expectTypeOf(pipe(zeros(['b', 10]), argmax(-1))).toEqualTypeOf<Tensor<['b'], 'i32'>>()
    expectTypeOf(pipe(zeros([100, 16]), gather(iota([5])))).toEqualTypeOf<Tensor<[5, 16]>>()
    expectTypeOf(toArray(zeros([2, 3], 'bool'))).toEqualTypeOf<readonly (readonly boolean[])[]>()
    expectTypeOf(dim('hidden', 8)).toEqualTypeOf<BoundDim<'hidden'>>()
    expectTypeOf(spec(['batch', 784], 'i32')).toEqualTypeOf<Spec<['batch', 784], 'i32'>>()
  })

  it('of helpers that are generic in a batch', () => {
    const centred = <B extends Dim>(x: Tensor<[B, 7]>) => pipe(x, add(pipe(x, mean(1, { keepDims: true }))), relu)
    expectTypeOf(centred(zeros(['n', 7]))).toEqualTypeOf<Tensor<['n', 7]>>()
    expectTypeOf(centred(zeros([3, 7]))).toEqualTypeOf<Tensor<[3, 7]>>()
  })
})

describe('training', () => {
  const normed = { scale: zeros([4]), mean: statistic(zeros([4])), count: zeros([], 'i32') }
  type Trained = { readonly scale: Tensor<[4]> }

  it('sees the trained leaves alone', () => {
    expectTypeOf(normed.mean).toEqualTypeOf<Statistic<[4]>>()
    expectTypeOf(trainable(normed)).toEqualTypeOf<Trained>()
    expectTypeOf(grad((p: typeof normed) => pipe(mul(p.scale, p.mean), sum()))(normed)).toEqualTypeOf<Trained>()
    const loss = (w: Tensor<[3]>) => [pipe(w, sum()), w] as const
    expectTypeOf(valueAndGrad(loss)(zeros([3]))).toEqualTypeOf<readonly [readonly [Tensor<[]>, Tensor<[3]>], Tensor<[3]>]>()
  })

  it('has exact states and updates', () => {
    const optimizer = chain(clipByGlobalNorm(1), adam({ learningRate: warmUp({ steps: 3, rate: 0.1 }) }))
    expectTypeOf<OptimizerState<typeof optimizer, Classifier>>().toEqualTypeOf<readonly [null, AdamState<Classifier>]>()
    expectTypeOf(optimizer.init(normed)).toEqualTypeOf<readonly [null, AdamState<Trained>]>()
    const params = { w: zeros([3]) }
    const [updates, next] = sgd({ learningRate: 0.1 }).update(params, sgd({ learningRate: 0.1 }).init(params), params)
    expectTypeOf(updates).toEqualTypeOf<{ w: Tensor<[3]> }>()
    expectTypeOf(next.count).toEqualTypeOf<Tensor<[], 'i32'>>()
    expectTypeOf(applyUpdates(params, updates)).toEqualTypeOf<{ w: Tensor<[3]> }>()
    expectTypeOf(warmUp({ steps: 3, rate: 0.1 })).toEqualTypeOf<Schedule>()
  })

  it('ends with what was trained, on data of exact samples', () => {
    const images = samples(new Float32Array(784), [784])
    const labels = classes(new Uint8Array(1), 10)
    expectTypeOf(images).toEqualTypeOf<Samples<[784]>>()
    expectTypeOf(labels).toEqualTypeOf<Samples<Classes<10>>>()
    const made = dataset(images, labels)
    expectTypeOf(made).toEqualTypeOf<Either<DatasetError, Dataset<[784], Classes<10>>>>()
    const data = right(made)
    expectTypeOf(data.batch(1)).toEqualTypeOf<readonly [inputs: Tensor<[1, 784]>, targets: Tensor<[1], 'i32'>]>()
    const options = { data, loss: softmaxCrossEntropy, optimizer: adam({ learningRate: 0.1 }), batchSize: 1, epochs: 1, key: key(0) }
    expectTypeOf(fit(classifier, options)).toEqualTypeOf<Task<Training<typeof classifier, Adam>>>()
    const small = pipe(input([3]), dense(2))
    const params = small.init(key(0))
    const points = right(dataset(zeros([4, 3]), zeros([4, 2])))
    expectTypeOf(predict(small, { params, inputs: zeros([5, 3]) })).toEqualTypeOf<TaskEither<PredictionError, Tensor<[5, 2]>>>()
    expectTypeOf(evaluate(small, { params, data: points, loss: meanSquaredError, metrics: { error: meanSquaredError } })).toEqualTypeOf<
      TaskEither<EvaluationError, Evaluation<{ error: MeanSquaredError }>>
    >()
  })

  it('compiles to programs of exact arguments and results', () => {
    const plain = (state: Tensor<[3]>, x: Tensor<['n', 3]>) => [add(state, pipe(x, sum(0))), pipe(x, mean())] as const
    const program = compile(plain, { state: zeros([3]), args: [spec(['n', 3])], bind: { n: [2, 1] } })
    expectTypeOf(program).toEqualTypeOf<TaskEither<CompileError, Program<Tensor<[3]>, [x: Tensor<['n', 3]>], Tensor<[]>>>>()
  })
})

describe('the check', () => {
  it('fails where a type is another one, wider or any', () => {
    const preamble = "import { expectTypeOf } from 'vitest'\nimport { zeros, type Tensor } from 'shapewright'"
    const typeOf = (given: string, wanted: string) => `expectTypeOf(${given}).toEqualTypeOf<${wanted}>()`
    const wrong = [
      typeOf('zeros([2])', 'Tensor<[3]>'),
      typeOf('zeros([2])', 'Tensor<[number]>'),
      typeOf('zeros([2])', "Tensor<[2], 'i32'>"),
      typeOf('zeros([2]) as any', 'Tensor<[2]>'),
      typeOf('zeros([2])', 'any'),
    ]
    const errors = ask(preamble, [...wrong, typeOf('zeros([2])', 'Tensor<[2]>')]).map((answer) => answer.errors.length > 0)
    expect(errors).toEqual([true, true, true, true, true, false])
  })
})
