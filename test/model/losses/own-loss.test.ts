/** Losses of a user's own: the same as those of the library where they are written out, and refused where they are none. */
import * as E from 'fp-ts/lib/Either.js'
import {
  add,
  classes,
  classWeighted,
  dataset,
  dense,
  elementwiseLoss,
  evaluate,
  fit,
  grad,
  input,
  key,
  log,
  lossOf,
  mean,
  meanSquaredError,
  mul,
  neg,
  oneHot,
  pipe,
  samples,
  sgd,
  softmax,
  softmaxCrossEntropy,
  sub,
  sum,
  type Tensor,
  tensor,
  toArray,
  zeros,
} from 'shapewright'
import { describe, expect, it } from 'vitest'
import { refuses } from '../helpers.ts'

const squares = elementwiseLoss('squares', (p, t) => mul(sub(p, t), sub(p, t)))
const squaresOfTwo = lossOf('squaresOfTwo', { output: [2] }, (p, t) => pipe(mul(sub(p, t), sub(p, t)), mean(-1)))
const surprise = lossOf('surprise', { output: [3], target: 'classes' }, (p, t) =>
  neg(pipe(p, softmax(-1), log, mul(oneHot(3)(t)), sum(-1))),
)
const values = Array.from({ length: 24 }, (_, i) => Math.sin(i))
const numbers = dataset(samples(values, [3]), samples(values.slice(0, 16), [2]))
const sorted = dataset(samples(values, [3]), classes([0, 1, 2, 0, 1, 2, 0, 1], 3))
if (E.isLeft(numbers) || E.isLeft(sorted)) throw new Error('no data')
const [data, labelled] = [numbers.right, sorted.right]
const options = { optimizer: sgd({ learningRate: 0.1 }), batchSize: 3, epochs: 3, key: key(1) }
const rightOf = <L extends { readonly message: string }, R>(x: E.Either<L, R>): R => {
  if (E.isLeft(x)) throw new Error(x.left.message)
  return x.right
}
// biome-ignore lint/suspicious/noExplicitAny: untyped JavaScript, on purpose
const js = (f: unknown): ((...given: any[]) => any) => f as (...given: any[]) => any

describe('a loss of one’s own', () => {
  it('trains as the same one of the library', async () => {
    const model = pipe(input([3]), dense(2))
    const wanted = rightOf(await fit(model, { ...options, data, loss: meanSquaredError })())
    for (const loss of [squares, squaresOfTwo] as const) {
      const got = rightOf(
        await fit(model, { ...options, data, loss: loss as typeof squares, metrics: { squaresOfTwo, meanSquaredError } })(),
      )
      expect(got.history.map((epoch) => epoch.loss)).toEqual(wanted.history.map((epoch) => expect.closeTo(epoch.loss, 6)))
      expect(got.history[2]?.metrics.squaresOfTwo).toBeCloseTo(got.history[2]?.metrics.meanSquaredError as number, 6)
      const [a, b] = [got, wanted].map(({ params }) => toArray(params.dense1.weight).flat())
      expect(a).toEqual(b?.map((v) => expect.closeTo(v, 6)))
    }
  })
  it('compares class numbers, and is evaluated', async () => {
    const model = pipe(input([3]), dense(3))
    const params = model.init(key(0))
    const of = (loss: typeof surprise) => evaluate(model, { params, data: labelled, loss, metrics: { softmaxCrossEntropy } })()
    const { loss, metrics } = rightOf(await of(surprise))
    expect(loss).toBeCloseTo(metrics.softmaxCrossEntropy, 6)
    expect(rightOf(await of(surprise)).loss).toBe(loss)
    const weighed = classWeighted([2, 2, 2])(softmaxCrossEntropy)
    const twice = rightOf(await evaluate(model, { params, data: labelled, loss: weighed })())
    expect(twice.loss).toBeCloseTo(2 * loss, 5)
    expect(E.isRight(await fit(model, { ...options, data: labelled, loss: surprise })())).toBe(true)
  })
  it('has the gradient of what is written', () => {
    const [p, t] = [tensor([[1, -2]]), tensor([[0.5, 1]])]
    const slope = (loss: (x: Tensor<[1, 2]>) => Tensor<[1]>) => toArray(grad((x: Tensor<[1, 2]>) => pipe(loss(x), sum()))(p))
    expect(slope((x) => squares(t)(x))).toEqual(slope((x) => meanSquaredError(t)(x)))
    expect(slope((x) => squaresOfTwo(t)(x))).toEqual(slope((x) => meanSquaredError(t)(x)))
  })
  it('may have a target of another shape', () => {
    const loss = lossOf('sums', { output: [2], target: [3] }, (p, t) => add(pipe(p, sum(-1)), pipe(t, sum(-1))))
    expect(toArray(loss(tensor([[1, 2, 3]]))(tensor([[10, 20]])))).toEqual([36])
  })
  it('is refused where it is none', () => {
    const model = pipe(input([3]), dense(2))
    refuses('squaresOfTwo: compares predictions of [2], the model gives [4]', () =>
      js(fit)(pipe(input([3]), dense(4)), { ...options, data, loss: squaresOfTwo }),
    )
    refuses('fit: the loss compares 3 classes, the data set has [2]', () =>
      js(fit)(pipe(input([3]), dense(3)), { ...options, data, loss: surprise }),
    )
    refuses('surprise: needs the classes on the last axis', () =>
      js(lossOf)('surprise', { output: [], target: 'classes' }, (p: unknown) => p)(zeros([2], 'i32'))(zeros([2])),
    )
    const gives = (f: unknown) => js(lossOf)('mine', { output: [2] }, f)
    refuses('mine: the function gives [batch, 2], one value per sample is [batch]', () => gives((p: unknown) => p))
    refuses('mine: the function gives i32 [4], one value per sample is [batch]', () => gives(() => zeros([4], 'i32')))
    refuses('mine: the function gives no tensor, one value per sample is [batch]', () => gives(() => 3))
    refuses('mine: the function gives [batch], one value per sample is [4]', () =>
      gives(() => zeros(['batch']))(zeros([4, 2]))(zeros([4, 2])),
    )
    refuses('mine: expected a function of predictions and targets, got 3', () => js(lossOf)('mine', { output: [2] }, 3))
    refuses('lossOf: a size must be a whole number, got -1', () => js(lossOf)('mine', { output: [-1] }, gives))
    refuses('lossOf: expected options by name, got 3', () => js(lossOf)('mine', 3, gives))
    refuses("lossOf: there is no option 'outputs'", () => js(lossOf)('mine', { outputs: [2] }, gives))
    const each = (f: unknown) => js(elementwiseLoss)('each', f)(zeros([4, 2]))(zeros([4, 2]))
    refuses('each: the function maps [4, 2] to [4]', () => each(() => zeros([4])))
    refuses('each: the function maps [4, 2] to i32 [4, 2]', () => each(() => zeros([4, 2], 'i32')))
    refuses('each: the function maps [4, 2] to 3', () => each(() => 3))
    expect(model.output).toEqual([2])
  })
})
