/** Operation cases: how each name of a golden file is called in the library, and what its gradients are compared with. */
import { broadcastDims } from '../../src/graph/expression.ts'
import { sameDims } from '../../src/graph/infer.ts'
import { isNode } from '../../src/graph/make.ts'
import type { Node } from '../../src/graph/node.ts'
import type { Experiment, Nodes } from './experiment.ts'
import { type Fields, fields, isFields, type Json, list, number, numbers, Skip, tensor, tensors, text } from './golden.ts'
import { images } from './images.ts'
import { type Convention, call, input, type Loose, library } from './library.ts'
import { norms } from './norms.ts'
import { recurrent } from './recurrent.ts'
import { tokens } from './tokens.ts'

const elementwise: Convention = (name, inputs) => call(name, input(inputs, 'x'))
/** An option that the case has; the library has its own default where there is none. */
const optionOf = (option: string, attributes: Fields): readonly number[] =>
  option in attributes ? [number(option, attributes[option])] : []
const activation =
  (option: string): Convention =>
  (name, inputs, attributes) =>
    call(name, ...optionOf(option, attributes))(input(inputs, 'x'))
/** Both operands broadcast: the library wants that said. */
const binary: Convention = (name, inputs) => {
  const [x, y] = [input(inputs, 'x'), input(inputs, 'y')]
  const shape = broadcastDims(x.shape, y.shape)
  const both = !sameDims(x.shape, shape) && !sameDims(y.shape, shape)
  return call(name, both ? call('broadcastTo', shape)(x) : x, y)
}
const matmul: Convention = (name, inputs) => {
  const [x, y] = [input(inputs, 'x'), input(inputs, 'y')]
  const [left, right] = [x.shape.slice(0, -2), y.shape.slice(0, -2)]
  const batch = broadcastDims(left, right)
  const both = !sameDims(left, batch) && !sameDims(right, batch)
  return call(name, both ? call('broadcastTo', [...batch, ...x.shape.slice(-2)])(x) : x, y)
}
const axisOf = (json: Json | undefined): number | readonly number[] | null =>
  json === null || json === undefined ? null : Array.isArray(json) ? numbers('axis', json) : number('axis', json)
const reduction: Convention = (name, inputs, { axis, keepDims }) =>
  call(name, axisOf(axis), { keepDims: keepDims === true })(input(inputs, 'x'))
const along: Convention = (name, inputs, { axis }) => call(name, number('axis', axis ?? -1))(input(inputs, 'x'))

/** How a loss of one value per sample becomes the scalar of the case. */
const reduced = (perSample: unknown, reduction: Json | undefined): unknown => {
  const how = reduction === undefined ? 'mean' : text(reduction)
  if (how.startsWith('mean') || how === 'sum over classes, mean over batch') return call('mean')(perSample)
  if (how === 'sum') return call('sum')(perSample)
  if (how === 'none') return perSample
  throw new Skip(`the reduction is not understood: ${how}`)
}
const loss =
  (option: string | null = null): Convention =>
  (name, inputs, attributes) => {
    const target = inputs.labels ?? input(inputs, 'target')
    const prediction = Object.values(inputs).find((x) => x !== target)
    const made = option === null ? library(name) : call(name, ...optionOf(option, attributes))
    return reduced((made(target) as Loose)(prediction), attributes.reduction)
  }

const conventions: Readonly<Record<string, Convention>> = {
  ...Object.fromEntries(
    [
      ...['neg', 'exp', 'log', 'sqrt', 'rsqrt', 'reciprocal', 'abs', 'sign', 'sin', 'cos', 'floor', 'tanh', 'sigmoid', 'erf', 'relu'],
      ...['gelu', 'geluTanh', 'silu', 'softplus', 'flatten', 'stopGradient'],
    ].map((name) => [name, elementwise]),
  ),
  ...Object.fromEntries(
    [
      ...['add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum'],
      ...['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'],
    ].map((name) => [name, binary]),
  ),
  ...Object.fromEntries(['sum', 'mean', 'max', 'min', 'variance', 'logSumExp'].map((name) => [name, reduction])),
  ...Object.fromEntries(['argmax', 'softmax', 'logSoftmax', 'expandDims', 'squeeze'].map((name) => [name, along])),
  ...Object.fromEntries(
    [
      ...['softmaxCrossEntropy', 'softmaxCrossEntropyDense', 'binaryCrossEntropy', 'sigmoidBinaryCrossEntropy'],
      ...['meanSquaredError', 'meanAbsoluteError', 'klDivergence'],
    ].map((name) => [name, loss()]),
  ),
  softmaxCrossEntropySmoothed: loss('labelSmoothing'),
  huber: loss('delta'),
  leakyRelu: activation('slope'),
  elu: activation('alpha'),
  matmul,
  einsum: (name, inputs, { equation }) => call(name, text(equation), ...Object.values(inputs)),
  transpose: (name, inputs, { permutation }) =>
    permutation === undefined ? call(name, input(inputs, 'x')) : call('permute', numbers('permutation', permutation))(input(inputs, 'x')),
  permute: (name, inputs, { permutation }) => call(name, numbers('permutation', permutation))(input(inputs, 'x')),
  reshape: (name, inputs, { shape }) => call(name, numbers('shape', shape))(input(inputs, 'x')),
  broadcastTo: (name, inputs, { shape }) => call(name, numbers('shape', shape))(input(inputs, 'x')),
  concat: (name, inputs, { axis }) => call(name, Object.values(inputs), number('axis', axis ?? 0)),
  slice: (name, inputs, { start, end }) => call(name, numbers('start', start), numbers('end', end))(input(inputs, 'x')),
  pad: (name, inputs, { padding }) =>
    call(
      name,
      list(padding).map((pair) => numbers('padding', pair)),
    )(input(inputs, 'x')),
  where: (name, inputs) => call(name, input(inputs, 'condition'), input(inputs, 'x'), input(inputs, 'y')),
  cast: (name, inputs, { dtype }) => call(name, text(dtype))(input(inputs, 'x')),
  ...images,
  ...tokens,
  ...recurrent,
  ...norms,
}

/** The experiment of one operation case: its value, and the gradients of sum(value * cotangent). */
export const operation = (json: Json): Experiment => {
  const { name, attrs, inputs, output, cotangent, grads } = fields(json)
  const convention = Object.hasOwn(conventions, text(name)) ? conventions[text(name)] : undefined
  if (convention === undefined) throw new Skip(`not in the library yet: ${text(name)}`)
  const values = tensors(inputs)
  const gradients = isFields(grads) ? tensors(grads, 'gradients.') : {}
  const weights = isFields(cotangent) ? { cotangent: tensor('cotangent', cotangent) } : {}
  const trained = Object.keys(fields(grads))
  const evaluate = (all: Nodes): Node => {
    const y = convention(text(name), all, fields(attrs))
    if (!isNode(y)) throw new Error(`${text(name)} gives no tensor`)
    return y
  }
  return {
    given: {},
    start: () => [],
    steps: [{ args: { ...values, ...weights }, expected: { output: tensor('output', output), ...gradients } }],
    step: (_, { cotangent: weight, ...given }) => {
      if (weight === undefined || trained.length === 0) return [[], { output: evaluate(given) }]
      const [result, found] = pulledBack(
        (params) => evaluate({ ...given, ...params }),
        weight,
      )(Object.fromEntries(trained.map((key) => [key, input(given, key)])))
      return [[], { output: result[1], gradients: found }]
    },
  }
}

/** valueAndGrad of the value times the cotangent, without types. */
const pulledBack = (f: (params: Nodes) => Node, cotangent: Node): ((params: Nodes) => readonly [readonly [unknown, Node], Nodes]) =>
  call('valueAndGrad', (params: Nodes) => {
    const y = f(params)
    return [call('sum')(call('mul', y, cotangent)), y]
  }) as never
