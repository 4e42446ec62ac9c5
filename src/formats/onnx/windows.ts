/** Layers over places: convolutions, pools, upsampling. ONNX wants their channels behind the batch. */
import { type Convolving, isTransposed, slidingOf } from '../../../types/convolution.ts'
import { type Axes, type Pooling, poolWindows } from '../../../types/pool.ts'
import { borderOf, type Sliding } from '../../../types/window.ts'
import { countsOf } from '../../../types/window-options.ts'
import { axesFrom, type Extent, int, ints, permuted, text, type Value } from './graph.ts'
import { given, type Layer, optionsOf, placesOf, type Rule, weight, weightOf } from './layer.ts'

type ConvOp = Parameters<typeof slidingOf>[0]
type Kernel = { readonly kernel: number | readonly number[] }

const slid = (sliding: readonly Sliding[], image: readonly Extent[]) => {
  const borders = sliding.map((each, i) => borderOf(image[i] as Extent, each))
  return {
    kernel_shape: ints(sliding.map(({ size }) => size)),
    strides: ints(sliding.map(({ stride }) => stride)),
    // all the beginnings, then all the ends
    pads: ints([...borders.map(([low]) => low), ...borders.map(([, high]) => high)]),
  }
}
const dilated = (sliding: readonly Sliding[]) => ({ dilations: ints(sliding.map(({ dilation }) => dilation)) })

/** The weight `[..kernel, from, to]` with its axes in the order of a convolution's, or of a transposed one's. */
const filters = (layer: Layer, axes: number, isTurned: boolean, groups: number): string =>
  layer.graph.numbers(`${layer.path}.weight`, 'filters', () => {
    const own = weightOf(layer, 'weight')
    const places = axesFrom(0, axes)
    if (!isTurned) return permuted(own, [axes + 1, axes, ...places])
    // ONNX has a group's channels in front: [groups, from, to / groups, ...kernel] as [c, to / groups, ...kernel]
    const [from, to] = own.shape.slice(axes) as [number, number]
    const split = { values: own.values, shape: [...own.shape.slice(0, axes), from, groups, to / groups] }
    const { values } = permuted(split, [axes + 1, axes, axes + 2, ...places])
    return { values, shape: [groups * from, to / groups, ...own.shape.slice(0, axes)] }
  })

export const convolution: Rule = (layer, x) => {
  const { graph, path, input, output } = layer
  const options = optionsOf<Convolving & Kernel>(layer)
  const depthwise = layer.record.kind === 'depthwiseConv2d'
  const op = (depthwise ? 'conv2d' : layer.record.kind) as ConvOp
  const groups = depthwise ? (input.at(-1) as number) : options.groups
  const sliding = slidingOf(op, options.kernel, { ...options, groups })
  const isTurned = isTransposed(op)
  const image = isTurned ? output : input
  if (isTurned && sliding.some(({ border, stride }, i) => border === 'same' && stride !== 1 && typeof image[i] === 'string'))
    return { why: "pads with 'same' what has a size that only a run knows" }
  const weights = [filters(layer, sliding.length, isTurned, groups), weight(layer, 'bias')]
  const attributes = { ...slid(sliding, image), ...dilated(sliding), group: int(groups) }
  const first = graph.ordered(path, withoutPadding(layer, x), 'first')
  if (!isTurned) return given(layer, graph.add(path, 'Conv', [first.name, ...weights], attributes), 'first')
  const more = sliding.map((each, i) => missing(each, input[i] as Extent, output[i] as Extent))
  const name = graph.add(path, 'ConvTranspose', [first.name, ...weights], { ...attributes, output_padding: ints(more) })
  return given(layer, name, 'first')
}
/** Zeros where a step is padding. */
const withoutPadding = (layer: Layer, x: Value): Value => {
  const { graph, path, mask } = layer
  if (mask === null) return x
  const value = graph.ordered(path, x, 'last')
  const axes = graph.whole(axesFrom(2, value.shape.length + 1))
  const counts = graph.add(path, 'Unsqueeze', [mask.counts, axes])
  return { ...value, name: graph.add(path, 'Where', [counts, value.name, graph.scalar(0)]) }
}
/** What a transposed convolution gives beyond the last element that its kernel reaches. */
const missing = (sliding: Sliding, from: Extent, to: Extent): number => {
  if (typeof from === 'string' || typeof to === 'string') return 0
  const [low, high] = borderOf(to, sliding)
  return to - ((from - 1) * sliding.stride + (sliding.size - 1) * sliding.dilation + 1 - low - high)
}

export const pool =
  (axes: Axes, op: 'MaxPool' | 'AveragePool'): Rule =>
  (layer, x) => {
    const { graph, path, input } = layer
    const options = optionsOf<Pooling>(layer)
    // explicit zeros count, those of 'same' do not
    const counted = op === 'MaxPool' ? {} : { count_include_pad: int(options.padding === 'same' ? 0 : 1) }
    const attributes = { ...slid(poolWindows(axes, options), input), ...counted }
    return given(layer, graph.add(path, op, [graph.ordered(path, x, 'first').name], attributes), 'first')
  }

/** A reduction needs no order. */
export const globalPool =
  (op: 'ReduceMean' | 'ReduceMax'): Rule =>
  (layer, x) => {
    const value = typeof x.order === 'string' ? x : layer.graph.ordered(layer.path, x, 'last')
    return given(layer, layer.graph.add(layer.path, op, [value.name], { axes: ints(placesOf(value)), keepdims: int(0) }))
  }

export const upsample =
  (axes: Axes): Rule =>
  (layer, x) => {
    const { graph, path } = layer
    const { factor, method } = optionsOf<{ readonly factor: number | readonly number[]; readonly method: string }>(layer)
    const scales = [1, 1, ...countsOf(factor, axes)]
    const name = `constant/[${scales}]`
    const scale = graph.numbers(name, 'scales', () => ({ shape: [scales.length], values: Float32Array.from(scales) }))
    const nearest = { mode: text('nearest'), coordinate_transformation_mode: text('asymmetric'), nearest_mode: text('floor') }
    const between = { mode: text('linear'), coordinate_transformation_mode: text('half_pixel') }
    const first = graph.ordered(path, x, 'first')
    return given(layer, graph.add(path, 'Resize', [first.name, '', scale], method === 'nearest' ? nearest : between), 'first')
  }

/** The middle of each image: what a random crop is outside of training. */
export const middle: Rule = (layer, x) => {
  const { graph, path, input, output } = layer
  const starts = output.slice(0, 2).map((size, i) => Math.floor(((input[i] as number) - (size as number)) / 2))
  const ends = output.slice(0, 2).map((size, i) => (starts[i] as number) + (size as number))
  return given(layer, graph.add(path, 'Slice', [x.name, graph.whole(starts), graph.whole(ends), graph.whole(placesOf(x))]), x.order)
}

/** Everything behind the batch in one axis. */
export const flatten: Rule = (layer, x) => {
  const { graph, path } = layer
  if (x.shape.length === 1) return x
  const isKnown = x.shape.every((size) => typeof size === 'number')
  const value: Value = isKnown ? x : graph.ordered(path, x, 'last')
  const name = graph.add(path, 'Flatten', [value.name], { axis: int(1) })
  return given(
    layer,
    name,
    value.order === 'first' && isTurning(value.shape as readonly number[]) ? { flattened: value.shape as readonly number[] } : 'last',
  )
}
/** Whether channels in front are another order than channels behind. */
const isTurning = (shape: readonly number[]): boolean => shape.at(-1) !== 1 && shape.slice(0, -1).some((size) => size !== 1)
