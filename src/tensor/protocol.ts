/**
 * How an operation without weights (`relu`, `flatten`, `softmax`) works on models, which rank above tensors and are not
 * imported here. A model has a method `extend`: `relu(model)` is `model.extend(record)`, the record being the layer that
 * relu is. The callable carries the same record, so that `sequential`, `block` and `residual` can read it with `recordOf`.
 * Layers with weights are made by `layerValue` too.
 */
import type { Dim, Dims, DType, Sizes } from '../../types/dim.ts'
import type { Key } from '../../types/key.ts'
import type { Node } from '../graph/node.ts'
import type { LayerKind, OwnKind } from './kind.ts'

/** `apply` never drops out and never updates statistics; `applyTraining` does both, with a key of this layer's own. */
export type Mode = ({ readonly training: false } | { readonly training: true; readonly key: Key }) & {
  /** Inside `masked`: which steps count, bool `[batch, time]`. */
  readonly mask?: Node
}

/** The shapes of a tree of parameters: a leaf is a shape, or that of a statistic. */
export type ParameterShapes = Dims | StatisticShape | { readonly [name: string]: ParameterShapes }
const statisticDims: unique symbol = Symbol('statistic')
export interface StatisticShape {
  readonly [statisticDims]: Dims
}
/** The shape of a leaf that is not trained. */
export const statisticShape = (shape: Dims): StatisticShape => ({ [statisticDims]: shape })
export interface LeafShape {
  readonly shape: Dims
  readonly statistic: boolean
}
/** What stands at this place, where it is a leaf; null for a record. */
export const leafShape = (shapes: ParameterShapes): LeafShape | null =>
  isDims(shapes)
    ? { shape: shapes, statistic: false }
    : statisticDims in shapes
      ? { shape: (shapes as StatisticShape)[statisticDims], statistic: true }
      : null
// `Array.isArray` does not narrow a readonly array.
const isDims = (shapes: ParameterShapes): shapes is Dims => Array.isArray(shapes)
/** The places of a record, in order. */
export const placesOf = (shapes: ParameterShapes): readonly (readonly [name: string, inner: ParameterShapes])[] => Object.entries(shapes)

/** Plain data: what `JSON.stringify` writes and `JSON.parse` gives back. */
export type Json = null | boolean | number | string | readonly Json[] | JsonRecord
export interface JsonRecord {
  readonly [name: string]: Json
}

/** What a layer is at run time. Its shapes are one sample's. */
export interface LayerRecord {
  /** `dense`: the first word of its messages, and of its automatic name. */
  readonly kind: LayerKind | OwnKind
  /** The name the user gave. */
  readonly name: string | null
  /** What its messages, shapes and values depend on beside its parameters, every option with its value: for descriptions and exports. */
  readonly options: JsonRecord
  /** The dtype it takes: f32 unless said; null where the layers inside say. What it gives is f32. */
  readonly takes?: DType | null
  /** The shape that it was made for, without the dims that may stand before it. */
  readonly from?: Dims | undefined
  /** Sizes that `dim` bound in its options. */
  readonly sizes?: Sizes
  /** Of what it is given, the rows of the table that it picks from: no index is as large. */
  readonly rows?: Dim
  /** Whether it heeds the mask of `masked`, and must so be given the steps that were masked. Recurrent layers do. */
  readonly heeds?: true
  /** The one layer that it is made of, whose parameters are its own: of a way around a layer, and of one layer used again. */
  readonly inner?: LayerRecord
  /** The layers inside, of a block or of branches. */
  readonly layers?: readonly LayerRecord[]
  /** Whether the layers inside are all given the same input: branches. */
  readonly parallel?: boolean
  /** Of a recurrent layer: all steps, or the last; and the same layer the other way round. */
  readonly returns?: 'all' | 'last'
  readonly opposite?: () => LayerRecord
  /** The shape of the output, or the message: the value twin of the layer's type-level function. */
  readonly out: (shape: Dims, dtype: DType) => Dims | string
  /** The shapes of the parameters; absent for a layer without any. */
  readonly parameters?: (shape: Dims) => ParameterShapes
  /** The parameters, a tree of tensors of these shapes; null for a layer without any. */
  readonly init: (shape: Dims, key: Key, sizes: Sizes) => unknown
  /** The batch goes in and comes out in front. `params` comes back as it is, but for statistics while training. */
  readonly apply: (params: unknown, x: Node, mode: Mode) => { readonly y: Node; readonly params: unknown }
}

/** What a model shows to operations. */
export interface Extendable {
  readonly extend: (layer: LayerRecord) => unknown
}
export const isExtendable = (x: unknown): x is Extendable =>
  typeof x === 'object' && x !== null && 'extend' in x && typeof x.extend === 'function'

const record: unique symbol = Symbol('layer')

/** A callable that is a layer: `call` is what it does to a tensor or a model. */
export const layerValue = <F>(layer: LayerRecord, call: (x: unknown) => unknown): F =>
  Object.freeze(Object.assign((x: unknown) => call(x), { [record]: Object.freeze(layer) })) as F

/** The record of a layer value; null for any other value. */
// `in` does not narrow a function by a symbol.
export const recordOf = (layer: unknown): LayerRecord | null =>
  typeof layer === 'function' && record in layer ? (layer as unknown as { readonly [record]: LayerRecord })[record] : null
