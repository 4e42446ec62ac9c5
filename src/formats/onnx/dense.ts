/** Layers that are one product, one row of a table, or one sum with a table; and softmax. */
import { axesFrom, axisIn, int, permuted, rowsFor, type Value } from './graph.ts'
import { given, kept, type Layer, optionsOf, type Rule, weight, weightOf } from './layer.ts'

export const dense: Rule = (layer, x) => denseOf(layer, x)

/** Over channels that stand in front it is a convolution of one element, so that nothing is turned. */
const denseOf = (layer: Layer, x: Value): Value => {
  const { graph, path } = layer
  const axes = x.shape.length - 1
  if (axes === 0) {
    const variant = typeof x.order === 'string' ? 'plain' : `rows ${x.order.flattened}`
    const rows = graph.numbers(`${path}.weight`, variant, () => rowsFor(x, weightOf(layer, 'weight')))
    return given(layer, graph.add(path, 'Gemm', [x.name, rows, weight(layer, 'bias')]))
  }
  if (x.order === 'first' && axes <= 2)
    return given(layer, graph.add(path, 'Conv', [x.name, ofOne(layer, axes), weight(layer, 'bias')]), 'first')
  const product = graph.add(path, 'MatMul', [graph.ordered(path, x, 'last').name, weight(layer, 'weight')])
  return given(layer, graph.add(path, 'Add', [product, weight(layer, 'bias')]))
}
const ofOne = (layer: Layer, axes: number): string =>
  layer.graph.numbers(`${layer.path}.weight`, `filters ${axes}`, () => {
    const { shape, values } = permuted(weightOf(layer, 'weight'), [1, 0])
    return { shape: [...shape, ...axesFrom(0, axes).map(() => 1)], values }
  })

export const embedding: Rule = (layer, x) => given(layer, layer.graph.add(layer.path, 'Gather', [weight(layer, 'weight'), x.name]))

/** The rows of a table that a sequence has places for, added. */
export const learnedPositions: Rule = (layer, x) => {
  const { graph, path } = layer
  const value = graph.ordered(path, x, 'last')
  const places = timeOf(layer, value)
  const rows = graph.add(path, 'Slice', [weight(layer, 'weight'), graph.whole([0]), places, graph.whole([0])])
  return kept(layer, value, 'Add', [rows])
}
/** The last size but one of a value whose channels stand last, as a list of one number. */
export const timeOf = ({ graph, path }: Layer, { name, shape }: Value): string => {
  const axis = shape.length - 1
  return graph.add(path, 'Slice', [graph.add(path, 'Shape', [name]), graph.whole([axis]), graph.whole([axis + 1])])
}

export const along =
  (op: 'Softmax' | 'LogSoftmax'): Rule =>
  (layer, x) => {
    const axis = x.shape.length + 1 + optionsOf<{ readonly axis: number }>(layer).axis
    return kept(layer, x, op, [], { axis: int(axisIn(x, axis)) })
  }
