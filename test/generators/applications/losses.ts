/** Losses and metrics: a target, then a prediction. */
import fc from 'fast-check'
import { type Applications, list, type Size, type Sizes, sameOr, shapeOf, size, weighted } from './words.ts'

const tensor = (dims: Sizes, dtype: string): string => `zeros(${list(dims)}, '${dtype}')`
const asked = (op: string, target: string, prediction: string): fc.Arbitrary<string> =>
  fc.constantFrom(`pipe(${prediction}, ${op}(${target}))`, `${op}(${target})(${prediction})`)
const literal = fc.constantFrom<Size>(1, 2, 3, 10)
const kind = (usual: string): fc.Arbitrary<string> => weighted([9, fc.constant(usual)], [1, fc.constantFrom('f32', 'i32', 'bool')])

/** The target has the prediction's shape. */
const same = (op: string): Applications =>
  shapeOf(size).chain((a) =>
    fc
      .tuple(fc.tuple(...a.map(sameOr)), kind('f32'), kind('f32'), fc.nat({ max: 9 }))
      .chain(([b, d, e, odd]) => asked(op, tensor(odd === 0 ? b.slice(1) : b, d), tensor(a, e))),
  )
/** The target is class numbers; the classes stand on the prediction's last axis. */
const classes = (op: string): Applications =>
  fc
    .tuple(shapeOf(size, 0, 4), weighted([8, literal], [1, size]))
    .chain(([a, n]) =>
      fc
        .tuple(fc.tuple(...a.map(sameOr)), kind('i32'), kind('f32'), fc.nat({ max: 9 }))
        .chain(([b, d, e, odd]) => asked(op, tensor(odd === 0 ? [...b, n] : b, d), tensor([...a, n], e))),
    )

/** As many weights as classes, but for one time in four. */
const classWeighted: Applications = fc
  .tuple(
    shapeOf(size, 0, 4),
    fc.constantFrom(1, 2, 3),
    fc.constantFrom(0, 0, 0, 1),
    fc.constantFrom('softmaxCrossEntropy', 'accuracy', 'huber()'),
  )
  .chain(([a, n, more, loss]) => {
    const weights = `[${Array.from({ length: n + more }, (_, i) => i).join(', ')}]`
    return asked(
      `classWeighted(${weights})(${loss})`,
      tensor(loss === 'huber()' ? [...a, n] : a, loss === 'huber()' ? 'f32' : 'i32'),
      tensor([...a, n], 'f32'),
    )
  })
const topK: Applications = fc.constantFrom(0, 1, 1, 2, 2, 3, 11, -1, 0.5).chain((k) => classes(`topKAccuracy(${k})`))

/** A user's own, of this output: predictions and targets of it, but for one time in five. */
const own: Applications = shapeOf(size, 0, 3).chain((a) => {
  const each = list(a)
  const mean = `pipe(${['p', ...a.map(() => 'mean(-1)')].join(', ')})`
  return fc
    .tuple(fc.tuple(...a.map(sameOr)), kind('f32'), fc.nat({ max: 9 }))
    .chain(([b, d, odd]) =>
      asked(
        `lossOf('mine', { output: ${each}${odd === 0 ? ', target: [2]' : ''} }, (p) => ${odd === 2 ? 'mul(p, 2)' : mean})`,
        tensor([3, ...b], d),
        tensor([3, ...(odd === 1 ? b : a)], 'f32'),
      ),
    )
})

export const losses: Readonly<Record<string, Applications>> = {
  accuracy: classes('accuracy'),
  binaryAccuracy: same('binaryAccuracy(0.5)'),
  binaryCrossEntropy: same('binaryCrossEntropy'),
  classWeighted,
  elementwiseLoss: same("elementwiseLoss('mine', (p, t) => mul(sub(p, t), 2))"),
  huber: same('huber()'),
  lossOf: own,
  klDivergence: same('klDivergence'),
  meanAbsoluteError: same('meanAbsoluteError'),
  meanSquaredError: same('meanSquaredError'),
  sigmoidBinaryCrossEntropy: same('sigmoidBinaryCrossEntropy'),
  softmaxCrossEntropy: classes('softmaxCrossEntropy'),
  softmaxCrossEntropySmoothed: classes('softmaxCrossEntropySmoothed(0.1)'),
  softmaxCrossEntropyDense: same('softmaxCrossEntropyDense'),
  softmaxCrossEntropyDenseSmoothed: same('softmaxCrossEntropyDenseSmoothed(0.1)'),
  topKAccuracy: topK,
}
