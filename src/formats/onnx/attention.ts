/** Attention and positions, in products and sums: opset 17 has no operator for them. */

import type { ActivationKind } from '../../tensor/kind.ts'
import { frequenciesOf } from '../../tensor/positions.ts'
import { activations } from './elementwise.ts'
import { FLOAT, int, ints, type Numbers, type Value } from './graph.ts'
import { kept, type Layer, numbersOf, optionsOf, partOf, type Rule, weight, weightOf } from './layer.ts'
import { layerNormOf } from './norms.ts'

interface Heading {
  readonly heads: number
  readonly keyValueHeads: number
  readonly rotary: boolean
  readonly bias: boolean
  readonly causal: boolean
}
interface Block extends Omit<Heading, 'causal'> {
  readonly norm: 'before' | 'after'
  readonly activation: ActivationKind
  readonly epsilon: number
}

export const attention: Rule = (layer, x) => attended(layer, layer.graph.ordered(layer.path, x, 'last'), optionsOf<Heading>(layer))

/** x + attention(norm(x)), then that + output(activation(hidden(norm(that)))); or each norm behind its sum. */
export const transformer =
  (causal: boolean): Rule =>
  (layer, given) => {
    const { norm, activation, epsilon, ...heading } = optionsOf<Block>(layer)
    const normed = (part: string, y: Value): Value => layerNormOf(partOf(layer, part), y, epsilon)
    const around = (part: string, y: Value, inside: (z: Value) => Value): Value =>
      norm === 'before' ? kept(layer, y, 'Add', [inside(normed(part, y)).name]) : normed(part, kept(layer, y, 'Add', [inside(y).name]))
    const x = layer.graph.ordered(layer.path, given, 'last')
    const looked = around('attentionNorm', x, (y) => attended(partOf(layer, 'attention'), y, { ...heading, causal }))
    return around('feedForwardNorm', looked, (y) =>
      applied(partOf(layer, 'output'), activations[activation](layer, applied(partOf(layer, 'hidden'), y)) as Value),
    )
  }
/** A dense layer at each place. */
const applied = (layer: Layer, x: Value): Value =>
  kept(layer, kept(layer, x, 'MatMul', [weight(layer, 'weight')]), 'Add', [weight(layer, 'bias')])

const attended = (layer: Layer, x: Value, { heads, keyValueHeads, rotary, bias, causal }: Heading): Value => {
  const { graph, path } = layer
  const depth = x.shape.at(-1) as number
  const perHead = depth / heads
  const headed = graph.whole([0, 0, heads, perHead])
  const each = (part: string): string =>
    graph.numbers(`${path}.${part}`, 'heads', () =>
      part.startsWith('query') ? weightOf(layer, part) : shared(weightOf(layer, part), heads, keyValueHeads),
    )
  const split = (part: string, perm: readonly number[]): string => {
    const product = graph.add(path, 'MatMul', [x.name, each(part)])
    const apart = graph.add(path, 'Reshape', [bias ? graph.add(path, 'Add', [product, each(`${part}Bias`)]) : product, headed])
    return graph.add(path, 'Transpose', [apart], { perm: ints(perm) })
  }
  const byHead = [0, 2, 1, 3]
  const waves = rotary ? angles(layer, x, perHead) : null
  const turn = (y: string): string => (waves === null ? y : turned(layer, y, waves, perHead))
  const [query, key] = [turn(split('query', byHead)), turn(split('key', byHead))]
  const products = graph.add(path, 'MatMul', [query, graph.add(path, 'Transpose', [key], { perm: ints([0, 1, 3, 2]) })])
  const scores = graph.add(path, 'Mul', [products, graph.scalar(1 / Math.sqrt(perHead))])
  const weights = weighed(layer, x, scores, causal)
  const found = graph.add(path, 'MatMul', [weights, split('value', byHead)])
  const joined = graph.add(path, 'Reshape', [graph.add(path, 'Transpose', [found], { perm: ints(byHead) }), graph.whole([0, 0, depth])])
  const output = graph.add(path, 'MatMul', [joined, weight(layer, 'output')])
  return { ...x, name: bias ? graph.add(path, 'Add', [output, weight(layer, 'outputBias')]) : output }
}
/** Softmax over what a place sees. In `masked` it may see nothing: then all weights are 0. */
const weighed = (layer: Layer, x: Value, scores: string, causal: boolean): string => {
  const { graph, path, mask } = layer
  const before = causal ? earlier(layer, x) : null
  const counts = mask === null ? null : graph.add(path, 'Unsqueeze', [mask.counts, graph.whole([1, 2])])
  const seen = before !== null && counts !== null ? graph.add(path, 'And', [before, counts]) : (before ?? counts)
  const softmax = (name: string): string => graph.add(path, 'Softmax', [name], { axis: int(-1) })
  if (seen === null) return softmax(scores)
  const weights = softmax(graph.add(path, 'Where', [seen, scores, graph.scalar(UNSEEN)]))
  return counts === null ? weights : graph.add(path, 'Where', [seen, weights, graph.scalar(0)])
}
/** So far below every score that nothing is left of it, and finite: the difference of two infinities is no number. */
const UNSEEN = -1e30
/** The columns of keys or values, or their bias, with a copy for each head that shares them. */
const shared = ({ shape, values }: Numbers, heads: number, groups: number): Numbers => {
  const [columns, rows] = [shape.at(-1) as number, shape.slice(0, -1)]
  const [perHead, each] = [columns / groups, heads / groups]
  const result = new Float32Array(values.length * each)
  for (let place = 0; place < result.length / perHead; place++) {
    const [row, head] = [Math.floor(place / heads), place % heads]
    const from = row * columns + Math.floor(head / each) * perHead
    result.set(values.subarray(from, from + perHead), place * perHead)
  }
  return { shape: [...rows, heads * perHead], values: result }
}

/** 0, 1, 2 and so on for the places of a sequence, `[time]`. */
const places = ({ graph, path }: Layer, { name, shape }: Value): string => {
  const time = graph.add(path, 'Gather', [graph.add(path, 'Shape', [name]), graph.whole(shape.length - 1)])
  return graph.add(path, 'Range', [graph.whole(0), time, graph.whole(1)])
}
/** Which places a place sees: itself, and those before it; bool `[time, time]`. */
const earlier = (layer: Layer, x: Value): string => {
  const { graph, path } = layer
  const each = places(layer, x)
  const [across, down] = [0, 1].map((axis) => graph.add(path, 'Unsqueeze', [each, graph.whole([axis])])) as [string, string]
  return graph.add(path, 'LessOrEqual', [across, down])
}

interface Waves {
  readonly sin: string
  readonly cos: string
}
/** Sines and cosines of t / 10000^(2 i / d), `[time, d / 2]` each. */
const angles = (layer: Layer, x: Value, depth: number): Waves => {
  const { graph, path } = layer
  const frequencies = graph.numbers(`constant/frequencies_${depth}`, 'waves', () => numbersOf(frequenciesOf(depth), {}))
  const each = graph.add(path, 'Cast', [places(layer, x)], { to: int(FLOAT) })
  const angle = graph.add(path, 'Mul', [graph.add(path, 'Unsqueeze', [each, graph.whole([1])]), frequencies])
  return { sin: graph.add(path, 'Sin', [angle]), cos: graph.add(path, 'Cos', [angle]) }
}

/** The halves of the last axis, each pair of elements turned by its angle. */
const turned = ({ graph, path }: Layer, name: string, { sin, cos }: Waves, depth: number): string => {
  const part = (from: number): string =>
    graph.add(path, 'Slice', [name, graph.whole([from]), graph.whole([from + depth / 2]), graph.whole([-1])])
  const [a, b] = [part(0), part(depth / 2)]
  const times = (x: string, y: string): string => graph.add(path, 'Mul', [x, y])
  const left = graph.add(path, 'Sub', [times(a, cos), times(b, sin)])
  const right = graph.add(path, 'Add', [times(b, cos), times(a, sin)])
  return graph.add(path, 'Concat', [left, right], { axis: int(-1) })
}

export const rotaryPositions: Rule = (layer, given) => {
  const x = layer.graph.ordered(layer.path, given, 'last')
  const depth = x.shape.at(-1) as number
  return { ...x, name: turned(layer, x.name, angles(layer, x, depth), depth) }
}
/** Sines and cosines in turns. */
export const sinusoidalPositions: Rule = (layer, given) => {
  const { graph, path } = layer
  const x = graph.ordered(path, given, 'last')
  const depth = x.shape.at(-1) as number
  const { sin, cos } = angles(layer, x, depth)
  const apart = [sin, cos].map((wave) => graph.add(path, 'Unsqueeze', [wave, graph.whole([2])]))
  const waves = graph.add(path, 'Concat', apart, { axis: int(2) })
  return kept(layer, x, 'Add', [graph.add(path, 'Reshape', [waves, graph.whole([-1, depth])])])
}
