/** Normalisations. What ONNX has no operator for in opset 17 is means, products and a root. */
import { float, int, ints, perChannel, type Value } from './graph.ts'
import { channels, kept, type Layer, optionsOf, placesOf, type Rule, weight, weightOf } from './layer.ts'

const epsilonOf = (layer: Layer): number => optionsOf<{ readonly epsilon: number }>(layer).epsilon

/** By the running statistics. */
export const batchNorm: Rule = (layer, x) => {
  const epsilon = epsilonOf(layer)
  const own = x.order === 'first' || (x.order === 'last' && x.shape.length === 1)
  if (own) {
    const parts = ['scale', 'shift', 'mean', 'variance'].map((part) => weight(layer, part))
    return kept(layer, x, 'BatchNormalization', parts, { epsilon: float(epsilon) })
  }
  // channels are behind: (x - mean) factor + shift, without turning anything
  const factor = perChannel(layer.graph, x, `${layer.path}.factor`, () => {
    const [scale, variance] = [weightOf(layer, 'scale'), weightOf(layer, 'variance')]
    return { shape: scale.shape, values: scale.values.map((each, i) => each / Math.sqrt((variance.values[i] as number) + epsilon)) }
  })
  const scaled = kept(layer, kept(layer, x, 'Sub', [channels(layer, x, 'mean')]), 'Mul', [factor])
  return kept(layer, scaled, 'Add', [channels(layer, x, 'shift')])
}

export const layerNormOf = (layer: Layer, x: Value, epsilon: number): Value => {
  if (x.order === 'first') return affine(layer, centred(layer, x, [1], epsilon), ['scale', 'shift'])
  const parts = ['scale', 'shift'].map((part) => channels(layer, x, part))
  return kept(layer, x, 'LayerNormalization', parts, { axis: int(-1), epsilon: float(epsilon) })
}
export const layerNorm: Rule = (layer, x) => layerNormOf(layer, x, epsilonOf(layer))

export const rmsNorm: Rule = (layer, x) => {
  const axes = [x.order === 'first' ? 1 : x.shape.length]
  return affine(layer, divided(layer, x, kept(layer, x, 'Mul', [x.name]), axes, epsilonOf(layer)), ['scale'])
}

export const instanceNorm: Rule = (layer, x) => {
  const epsilon = epsilonOf(layer)
  if (x.order !== 'first') return affine(layer, centred(layer, x, placesOf(x), epsilon), ['scale', 'shift'])
  const parts = ['scale', 'shift'].map((part) => weight(layer, part))
  return kept(layer, x, 'InstanceNormalization', parts, { epsilon: float(epsilon) })
}

/** Each group of channels as one channel of a sequence, which is normalised as an instance. */
export const groupNorm: Rule = (layer, x) => {
  const { graph, path } = layer
  const { groups, epsilon } = optionsOf<{ readonly groups: number; readonly epsilon: number }>(layer)
  const first = graph.ordered(path, x, 'first')
  const grouped = graph.add(path, 'Reshape', [first.name, graph.whole([0, groups, -1])])
  const [ones, zeros] = [1, 0].map((each) =>
    graph.numbers(`constant/${each}s_${groups}`, 'groups', () => ({ shape: [groups], values: new Float32Array(groups).fill(each) })),
  ) as [string, string]
  const normal = graph.add(path, 'InstanceNormalization', [grouped, ones, zeros], { epsilon: float(epsilon) })
  const shape = graph.add(path, 'Shape', [first.name])
  return affine(layer, { ...first, name: graph.add(path, 'Reshape', [normal, shape]) }, ['scale', 'shift'])
}

/** x without its mean along axes, over its deviation. */
const centred = (layer: Layer, x: Value, axes: readonly number[], epsilon: number): Value => {
  const centre = kept(layer, x, 'Sub', [mean(layer, x, axes)])
  return divided(layer, centre, kept(layer, centre, 'Mul', [centre.name]), axes, epsilon)
}
/** x over the root of the mean of squares along axes. */
const divided = (layer: Layer, x: Value, squares: Value, axes: readonly number[], epsilon: number): Value => {
  const raised = kept(layer, { ...squares, name: mean(layer, squares, axes) }, 'Add', [layer.graph.scalar(epsilon)])
  return kept(layer, x, 'Div', [kept(layer, raised, 'Sqrt').name])
}
const mean = ({ graph, path }: Layer, x: Value, axes: readonly number[]): string =>
  graph.add(path, 'ReduceMean', [x.name], { axes: ints(axes), keepdims: int(1) })
/** Scaled, and shifted. */
const affine = (layer: Layer, x: Value, [scale, shift]: readonly string[]): Value => {
  const scaled = kept(layer, x, 'Mul', [channels(layer, x, scale as string)])
  return shift === undefined ? scaled : kept(layer, scaled, 'Add', [channels(layer, x, shift)])
}
