/** What a layer is to the rule that writes it down in ONNX's operators. */
import type { DType, Sizes } from '../../../types/dim.ts'
import { sizeOfDim } from '../../../types/elements.ts'
import type { Node, NodeOf } from '../../graph/node.ts'
import type { Chain, Link } from '../../model/chain.ts'
import { compute } from '../../tensor/compute.ts'
import type { LayerRecord } from '../../tensor/protocol.ts'
import { type Attribute, axesFrom, type Extent, type Graph, type Numbers, perChannel, type Value } from './graph.ts'

/** Which steps count, inside `masked`. */
export interface Mask {
  /** bool `[batch, time]` */
  readonly counts: string
  /** The same for recurrent layers, made when the first of them asks. */
  readonly packing: () => Packing
}
export interface Packing {
  /** int64 `[batch, time]`: which step stands where, those that count in front. */
  readonly order: string
  /** Where each step has gone; made when it is asked for. */
  readonly back: () => string
  /** int32 `[batch]`: how many count. */
  readonly lengths: string
}

/** A layer in its place, and the graph that it is added to. */
export interface Layer {
  readonly graph: Graph
  readonly record: LayerRecord
  /** The path of its parameters, `block1.dense1`; its nodes are named by it. */
  readonly path: string
  /** One sample's shapes. */
  readonly input: readonly Extent[]
  readonly output: readonly Extent[]
  readonly link: Link
  /** Of what it is given. */
  readonly dtype: DType
  readonly params: unknown
  /** What `dim` bound. */
  readonly sizes: Sizes
  /** Inside `masked`, which steps count. */
  readonly mask: Mask | null
  /** Adds other layers, that stand inside this one. */
  readonly walk: Walk
}
export interface Walk {
  /** The same under a mask. */
  readonly masked: (mask: Mask) => Walk
  readonly chain: (chain: Chain, params: unknown, path: string, dtype: DType, x: Value) => Value
  /** The path is the layer's own. */
  readonly link: (link: Link, params: unknown, path: string, dtype: DType, x: Value) => Value
}
/** Why a layer cannot be said, behind its name: `has ...`. */
export interface Refusal {
  readonly why: string
}
/** What a layer makes of a value. */
export type Rule = (layer: Layer, x: Value) => Value | Refusal

/** The options of a layer, as data. The layer's kind vouches for T. */
// What a record holds as JSON is what its layer was made with.
export const optionsOf = <T>({ record }: Layer): T => record.options as unknown as T

/** The same place with other parameters: of a part of a layer. */
export const partOf = (layer: Layer, part: string): Layer => ({
  ...layer,
  path: `${layer.path}.${part}`,
  params: (layer.params as Readonly<Record<string, unknown>>)[part],
})

/** The numbers of one of the layer's parameters. */
export const weightOf = ({ params, sizes }: Layer, part: string): Numbers =>
  numbersOf((params as Readonly<Record<string, Node>>)[part] as Node, sizes)
/** The numbers of a tensor. */
export const numbersOf = (node: Node, sizes: Sizes): Numbers => {
  const data = compute<Node>(node) as NodeOf<'data'>
  const known = { ...sizes, ...data.sizes }
  return { shape: data.shape.map((dim) => sizeOfDim(dim, known) as number), values: data.attributes.values as Float32Array }
}
/** The name of one of the layer's parameters, as it is. */
export const weight = (layer: Layer, part: string): string =>
  layer.graph.numbers(`${layer.path}.${part}`, 'plain', () => weightOf(layer, part))
/** The name of one of the layer's parameters, a number for each channel, spread over a value. */
export const channels = (layer: Layer, x: Value, part: string): string =>
  perChannel(layer.graph, x, `${layer.path}.${part}`, () => weightOf(layer, part))

/** A node over a value that keeps its shape and order. */
export const kept = (
  { graph, path }: Layer,
  x: Value,
  op: string,
  others: readonly string[] = [],
  attributes: Readonly<Record<string, Attribute>> = {},
): Value => ({ ...x, name: graph.add(path, op, [x.name, ...others], attributes) })

/** What a layer gives, its channels last unless said. */
export const given = ({ output }: Layer, name: string, order: Value['order'] = 'last'): Value => ({
  name,
  shape: output,
  order: order === 'first' && output.length <= 1 ? 'last' : order,
})

/** The axes of ONNX's value that are places: neither batch nor channels. */
export const placesOf = ({ shape, order }: Value): readonly number[] =>
  order === 'first' ? axesFrom(2, shape.length + 1) : axesFrom(1, shape.length)
