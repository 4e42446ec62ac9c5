/** Metrics over all samples at once: a model, a data set that fits or not, and who is asked. */
import fc from 'fast-check'
import { type Application, type Applications, list, type Size, type Sizes, shapeOf, weighted } from './words.ts'

/** Sizes of models and samples that are made: no evaluation may take long. */
const few = fc.constantFrom<Size>(1, 2, 3, 4)
const elements = (dims: Sizes): number => dims.reduce<number>((n, dim) => n * (dim as number), 1)

interface Asked {
  /** Positions, and the classes or outputs on the last axis. */
  readonly positions: Sizes
  readonly outputs: number
  readonly isOfClasses: boolean
  readonly metric: string
}
const rowsOf = (dims: Sizes): string => `samples(new Float32Array(${2 * elements(dims)}), ${list(dims)})`
const labels = (count: number, dims: Sizes): string => `classes(new Uint8Array(${2 * elements(dims)}), ${count}, ${list(dims)})`

/** What asks for the metric: evaluate, or fit with a validation set or without one. One data set in six has other targets. */
const asking = ({ positions, outputs, isOfClasses, metric }: Asked): fc.Arbitrary<Application> =>
  fc.tuple(fc.nat({ max: 5 }), fc.constantFrom('evaluate', 'evaluate', 'fit', 'validated')).map(([odd, form]) => {
    const shape: Sizes = [...positions, 2]
    const fitting = odd === 0 ? !isOfClasses : isOfClasses
    const targets = fitting ? labels(odd === 1 ? outputs + 1 : outputs, positions) : rowsOf([...positions, outputs])
    const data = `right(dataset(${rowsOf(shape)}, ${targets}))`
    const loss = fitting ? 'softmaxCrossEntropy' : 'meanSquaredError'
    const model = `pipe(input(${list(shape)}), dense(${outputs}))`
    const common = `data: ${data}, loss: ${loss}, metrics: { score: ${metric} }`
    if (form === 'evaluate') return `evaluate(${model}, { params: ${model}.init(key(0)), ${common} })`
    const validation = form === 'fit' ? '' : `, validation: ${data}`
    return `fit(${model}, { ${common}${validation}, optimizer: sgd({ learningRate: 0.1 }), batchSize: 1, epochs: 1, key: key(0) })`
  })

/** Options, and whether they ask for classes. */
type Options = readonly [options: string, isOfClasses: boolean]
const asked = (name: string, options: fc.Arbitrary<Options>): Applications =>
  fc
    .tuple(shapeOf(few, 0, 3), fc.constantFrom(1, 2, 3), options)
    .chain(([positions, outputs, [given, isOfClasses]]) => asking({ positions, outputs, isOfClasses, metric: `${name}${given}` }))

const always = (isOfClasses: boolean): fc.Arbitrary<Options> => fc.constant(['', isOfClasses])
const threshold = fc.constant<Options>(['({ threshold: 0 })', false])
const average = fc.constantFrom<Options>(["({ average: 'macro' })", true], ["({ average: 'weighted' })", true])
const oneClass = fc.constantFrom(0, 0, 1, 2, 4, -1, 1.5, 2 ** 53).map((c): Options => [`({ class: ${c} })`, true])
const none = (isOfClasses: boolean): fc.Arbitrary<Options> => fc.constant<Options>(['()', isOfClasses])
const score = weighted([2, threshold], [2, average], [3, oneClass])
const ranking = weighted([2, none(false)], [2, average], [3, oneClass])
const decided = weighted([1, threshold], [2, none(true)])

export const metrics: Readonly<Record<string, Applications>> = {
  auc: asked('auc', ranking),
  averagePrecision: asked('averagePrecision', ranking),
  balancedAccuracy: asked('balancedAccuracy', decided),
  confusionMatrix: asked('confusionMatrix', decided),
  f1: asked('f1', score),
  precision: asked('precision', score),
  r2: asked('r2', always(false)),
  recall: asked('recall', score),
  rootMeanSquaredError: asked('rootMeanSquaredError', always(false)),
}
