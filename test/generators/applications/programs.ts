/** Data sets, and what is done with models and steps: `fit`, `evaluate`, `predict`, `compile`. */
import fc from 'fast-check'
import {
  type Application,
  type Applications,
  badSize,
  list,
  made,
  type Size,
  type Sizes,
  shapeOf,
  size,
  text,
  typeOf,
  weighted,
  wideSize,
} from './words.ts'

/** Small, since there is a value a sample. */
const few = fc.constantFrom<Size>(1, 2, 3, 4, 'h3')
const sampleShape = shapeOf(few, 0, 4)
const elements = (dims: Sizes): number => dims.reduce<number>((n, dim) => n * (typeof dim === 'number' ? dim : Number(dim.slice(1))), 1)
const rows = fc.constantFrom(1, 2, 3)
const wideShape = (op: string, given: string): Application => ({
  code: given,
  sentence: `${op}: a size is not a literal; write dim('name', n)`,
})

/** `samples` or `pixels`. */
const described = (op: string, array: string): Applications =>
  weighted<Application>(
    [8, fc.tuple(sampleShape, rows).map(([a, n]) => `${op}(new ${array}(${n * elements(a)}), ${list(a)})`)],
    [2, shapeOf(size).map((a) => `${op}(new ${array}(2), ${list(a)})`)],
    [
      6,
      fc
        .tuple(sampleShape, badSize, fc.nat())
        .map(([a, bad, at]) => `${op}(new ${array}(4), ${list(a.toSpliced(at % (a.length + 1), 1, bad))})`),
    ],
    [
      3,
      fc.tuple(sampleShape, wideSize).map(([a, wide]) => wideShape(op, `${op}(new ${array}(4), [${[wide, ...a.map(text)].join(', ')}])`)),
    ],
  )
const count = fc.constantFrom(1, 2, 10, 26)
const classes: Applications = weighted<Application>(
  [4, fc.tuple(count, rows).map(([n, m]) => `classes(new Uint8Array(${m}), ${n})`)],
  [4, fc.tuple(count, rows, sampleShape).map(([n, m, a]) => `classes(new Uint8Array(${m * elements(a)}), ${n}, ${list(a)})`)],
  [3, fc.tuple(count, sampleShape, badSize).map(([n, a, bad]) => `classes(new Uint8Array(4), ${n}, ${list([...a, bad])})`)],
  [
    3,
    fc
      .tuple(weighted([3, badSize], [1, fc.constant(0)]), sampleShape, fc.boolean())
      .map(([n, a, whole]) => `classes(new Uint8Array(4), ${n}${whole ? `, ${list(a)}` : ''})`),
  ],
  [
    2,
    fc.tuple(wideSize, sampleShape, fc.boolean()).map(([n, a, whole]) => ({
      code: `classes(new Uint8Array(4), ${n}${whole ? `, ${list(a)}` : ''})`,
      sentence: 'classes: the number of classes is not a literal',
    })),
  ],
)

/** What a data set's samples or targets are: its code for so many rows, and how it is asked for. */
interface Side {
  readonly classes: number | null
  readonly dims: Sizes
}
const sideCode = ({ classes, dims }: Side, n: number, form: number): string => {
  if (classes !== null) return `classes(new Uint8Array(${n * elements(dims)}), ${classes}${dims.length === 0 ? '' : `, ${list(dims)}`})`
  return [
    `zeros(${list([n, ...dims])})`,
    `samples(new Float32Array(${n * elements(dims)}), ${list(dims)})`,
    `pixels(new Uint8Array(${n * elements(dims)}), ${list(dims)})`,
  ][form % 3] as string
}
const tensorSide: fc.Arbitrary<Side> = sampleShape.map((dims) => ({ classes: null, dims }))
const classSide: fc.Arbitrary<Side> = fc
  .tuple(count, weighted([2, fc.constant([])], [1, sampleShape]))
  .map(([n, dims]) => ({ classes: n, dims }))
const dataset: Applications = weighted<Application>(
  [
    8,
    fc
      .tuple(tensorSide, weighted([1, tensorSide], [1, classSide]), rows, fc.nat({ max: 2 }), fc.nat({ max: 2 }))
      .map(([x, y, n, f, g]) => `dataset(${sideCode(x, n, f)}, ${sideCode(y, n, g)})`),
  ],
  [4, fc.tuple(tensorSide, tensorSide, rows, rows).map(([x, y, n, m]) => `dataset(${sideCode(x, n, 0)}, ${sideCode(y, m, 0)})`)],
  [
    2,
    fc
      .tuple(sampleShape, tensorSide, fc.constantFrom('i32', 'bool'))
      .map(([a, y, d]) => `dataset(${made([2, ...a], d)}, ${sideCode(y, 2, 1)})`),
  ],
  [1, tensorSide.map((x) => `dataset(${sideCode(x, 2, 1)}, zeros([]))`)],
  [1, fc.tuple(tensorSide, badSize).map(([x, bad]) => `dataset(samples(new Float32Array(4), [${bad}]), ${sideCode(x, 2, 1)})`)],
)

/** A set in files, none of which is opened before the task is called. */
const file = 'file: bytesSource(new Uint8Array(0))'
const inFiles = (x: string, y: string): string => `streamArrays({ inputs: { ${file}, ${x} }, targets: { ${file}, ${y} } })`
const streamArrays: Applications = weighted<Application>(
  [
    6,
    fc
      .tuple(sampleShape, sampleShape, fc.constantFrom('', ", as: 'pixels'", ", as: 'tokens'"))
      .map(([x, y, as]) => inFiles(`shape: ${list(x)}${as}`, `shape: ${list(y)}`)),
  ],
  [4, fc.tuple(sampleShape, count, sampleShape).map(([x, n, y]) => inFiles(`shape: ${list(x)}`, `classes: ${n}, shape: ${list(y)}`))],
  [4, fc.tuple(sampleShape, badSize).map(([x, bad]) => inFiles(`shape: ${list([...x, bad])}`, 'classes: 3'))],
  [2, fc.tuple(sampleShape, badSize).map(([x, bad]) => inFiles(`shape: ${list(x)}`, `shape: ${list([bad])}`))],
  [2, sampleShape.map((x) => inFiles(`shape: ${list(x)}`, 'classes: 0'))],
  [
    2,
    fc
      .tuple(sampleShape, wideSize)
      .map(([x, wide]) => wideShape('streamArrays', inFiles(`shape: [${[wide, ...x.map(text)].join(', ')}]`, 'classes: 3'))),
  ],
)

/** A model, the targets that a loss needs of it, and a data set that has them, but for one time in four. */
const losses = fc.constantFrom(
  'meanSquaredError',
  'huber()',
  'softmaxCrossEntropy',
  'softmaxCrossEntropyDense',
  'softmaxCrossEntropySmoothed(0.1)',
)
const fitted = fc
  .record({
    a: shapeOf(few, 1, 4),
    n: fc.constantFrom(1, 2, 3),
    loss: losses,
    odd: fc.nat({ max: 11 }),
    other: tensorSide,
    others: classSide,
  })
  .map(({ a, n, loss, odd, other, others }) => {
    const output = [...a.slice(0, -1), n]
    const needed: Side = /softmaxCrossEntropy($|S)/.test(loss) ? { classes: n, dims: a.slice(0, -1) } : { classes: null, dims: output }
    const x: Side = { classes: null, dims: odd === 0 ? other.dims : a }
    const y: Side = odd === 1 ? other : odd === 2 ? others : odd === 3 && needed.classes !== null ? { ...needed, classes: n + 1 } : needed
    return {
      model: `pipe(input(${list(a)}), dense(${n}))`,
      loss,
      data: `right(dataset(${sideCode(x, 2, odd)}, ${sideCode(y, 2, 1)}))`,
      odd,
    }
  })
const metric = fc.constantFrom('', '', ', metrics: { accuracy }', ', metrics: { error: meanAbsoluteError }')
const evaluate: Applications = fc
  .tuple(fitted, metric)
  .map(
    ([{ model, loss, data }, metrics]) => `evaluate(${model}, { params: ${model}.init(key(0)), data: ${data}, loss: ${loss}${metrics} })`,
  )
const fit: Applications = fc.tuple(fitted, fitted, metric, fc.nat({ max: 4 })).map(([{ model, loss, data }, second, metrics, form]) => {
  const validation = form === 0 ? `, validation: ${data}` : form === 1 ? `, validation: ${second.data}` : ''
  return `fit(${model}, { data: ${data}${validation}, loss: ${loss}${metrics}, optimizer: sgd({ learningRate: 0.1 }), batchSize: 1, epochs: 1, key: key(0) })`
})
const predict: Applications = fc.tuple(shapeOf(few, 1, 4), sampleShape, rows, fc.nat({ max: 9 })).map(([a, b, n, odd]) => {
  const model = `pipe(input(${list(a)}), dense(2))`
  return `predict(${model}, { params: ${model}.init(key(0)), inputs: zeros(${odd === 0 ? '[]' : list([n, ...(odd < 5 ? b : a)])}) })`
})

interface Argument {
  readonly dims: Sizes
  readonly dtype: string
}
const argument: fc.Arbitrary<Argument> = fc.record({
  dims: shapeOf(fc.constantFrom<Size>(1, 2, 3, 'n'), 0, 4),
  dtype: fc.constantFrom('f32', 'f32', 'i32'),
})
const shown = ({ dims, dtype }: Argument): string => `${dtype === 'f32' ? '' : `${dtype} `}[${dims.join(', ')}]`
const step = (state: Sizes, args: readonly Argument[], next: string): string =>
  `(${[`s: ${typeOf(state)}`, ...args.map(({ dims, dtype }, i) => `x${i}: ${typeOf(dims, dtype)}`)].join(', ')}) => [${next}, ${args.length === 0 ? 's' : 'x0'}] as const`
const compiled = (state: Sizes, args: readonly Argument[], specs: readonly Argument[], next: string): string => {
  const bind = args.some(({ dims }) => dims.includes('n')) ? ', bind: { n: 2 }' : ''
  const given = specs.map(({ dims, dtype }) => `spec(${list(dims)}, '${dtype}')`)
  return `compile(${step(state, args, next)}, { state: zeros(${list(state)}), args: [${given.join(', ')}]${bind} })`
}
const compile: Applications = fc
  .tuple(shapeOf(fc.constantFrom<Size>(1, 2, 3), 0, 4), fc.array(argument, { minLength: 1, maxLength: 2 }), argument, fc.nat({ max: 9 }))
  .map(([state, args, other, odd]): Application => {
    const [first, ...rest] = args as [Argument, ...Argument[]]
    if (odd === 0) return compiled(state, args, args.slice(0, -1), 's')
    if (odd === 5) return compiled(state, args, [...args, other], 's')
    // JavaScript says, beyond this, where the states part.
    if (odd < 3)
      return {
        code: compiled(state, args, args, odd === 1 ? 'pipe(s, expandDims(0))' : "pipe(s, cast('i32'))"),
        sentence: 'compile: the first result is not of the type of the state',
      }
    // A function does not tell JavaScript what it takes.
    if (odd === 3 && shown(first) !== shown(other))
      return {
        code: compiled(state, args, [other, ...rest], 's'),
        sentence: `compile: argument 0 is ${shown(first)}, the spec says ${shown(other)}`,
      }
    return compiled(state, odd === 4 ? [] : args, odd === 4 ? [] : args, 'add(s, 1)')
  })

/** Names of what a model has, and slips. */
const frozenName = weighted(
  [6, fc.constantFrom('hidden', 'logits', 'norm', 'hidden.weight', 'logits.bias', 'norm.scale')],
  [3, fc.constantFrom('hiden', 'logitss', 'ogits', 'hidden.weigth', 'output', 'norm.mean', 'hidden.weight.a', 'a.b', 'nrom', '')],
)
const freeze: Applications = fc
  .tuple(shapeOf(fc.constantFrom<Size>(1, 2, 3), 1, 4), fc.array(frozenName, { minLength: 1, maxLength: 2 }), fc.nat({ max: 9 }))
  .map(([shape, names, form]): Application => {
    const outputs: Sizes = [...shape.slice(0, -1), 2]
    const model = `pipe(input(${list(shape)}), dense(3, 'hidden'), batchNorm('norm'), dense(2, 'logits'))`
    const rowsOf = (dims: Sizes): string => `samples(new Float32Array(${elements(dims)}), ${list(dims)})`
    const fitted = (given: string): string =>
      `fit(${model}, { data: right(dataset(${rowsOf(shape)}, ${rowsOf(outputs)})), loss: meanSquaredError, optimizer: freeze(${given})(sgd({ learningRate: 0.1 })), batchSize: 1, epochs: 1, key: key(0) })`
    if (form === 0) return { code: fitted("'hidden' as string"), sentence: 'freeze: a name is not a literal' }
    const given = names.map((name) => `'${name}'`).join(', ')
    return form < 5 ? fitted(given) : `freeze(${given})(sgd({ learningRate: 0.1 })).init(${model}.init(key(0)))`
  })

export const programs: Readonly<Record<string, Applications>> = {
  samples: described('samples', 'Float32Array'),
  pixels: described('pixels', 'Uint8Array'),
  classes,
  dataset,
  streamArrays,
  evaluate,
  fit,
  freeze,
  predict,
  compile,
}
