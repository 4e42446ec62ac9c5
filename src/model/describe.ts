/** What a model is made of, as plain data: what a file keeps of it, and what tells two models apart. */
import type { Dims, DType, Sizes } from '../../types/dim.ts'
import type { JsonRecord } from '../tensor/protocol.ts'
import { type Chain, chainInside, chainParameters, isWeighted, type Link } from './chain.ts'
import { type AnyModel, partsOf } from './model.ts'
import { checkSizes, shapesIn } from './parameters.ts'

/** A model as data: `JSON.stringify` writes it, always with the same keys in the same order. */
export interface ModelDescription {
  /** One sample's shape. */
  readonly input: Dims
  readonly dtype: DType
  readonly output: Dims
  /** What `dim` bound, in the order of the names. */
  readonly sizes: Sizes
  readonly layers: readonly LayerDescription[]
}
export interface LayerDescription {
  readonly kind: string
  /** What its parameters go by, or, where it has none, its random numbers. */
  readonly name: string
  /** Whether the user gave the name. */
  readonly given: boolean
  /** Every option with its value, but for initializers and names. */
  readonly options: JsonRecord
  /** One sample's shape. */
  readonly input: Dims
  readonly output: Dims
  /** The shapes of its own parameters by their paths, `hidden.weight`: those of the layers inside are theirs. */
  readonly parameters: Readonly<Record<string, Dims>>
  /** The layers inside; absent where it has none. */
  readonly layers?: readonly LayerDescription[]
}

/**
 * A model as plain data: what it takes, and its layers in order with names, options, shapes and the paths of their parameters.
 * Two models of one description compute the same from the same parameters, unless an `activation` is the user's own: of a
 * function it has the name alone. Throws a `ShapeError` where a parameter's size is not known.
 *
 * @example
 * const { layers } = describe(pipe(input([784]), dense(256, 'hidden'), leakyRelu(0.1)))
 * layers.map(({ kind, options }) => [kind, options]) // => [['dense', { units: 256, from: null }], ['leakyRelu', { slope: 0.1 }]]
 */
export const describe = (model: AnyModel): ModelDescription => {
  const { input, dtype, chain, sizes } = partsOf('describe', model)
  checkSizes('describe', chainParameters(chain), sizes)
  const layers = layersOf(chain, [dtype], [])
  return copied({ input, dtype, output: chain.shape, sizes: inOrder(sizes), layers })
}

/** `dtypes` are those that the first layers take; the others take f32. */
const layersOf = ({ links }: Chain, dtypes: readonly DType[], path: readonly string[]): readonly LayerDescription[] =>
  links.map((link, i) => described(link, dtypes[i] ?? 'f32', [...path, link.name]))

const described = (link: Link, dtype: DType, path: readonly string[]): LayerDescription => {
  const { layer, name, input, output } = link
  const inside = insideOf(link, dtype, path)
  const own = inside === null && isWeighted(link) ? shapesIn(layer.parameters?.(input) ?? {}, path) : []
  return {
    kind: layer.kind,
    name,
    given: layer.name !== null && layer.kind !== 'model',
    options: layer.options,
    input,
    output,
    parameters: Object.fromEntries(own.map((leaf) => [leaf.path, leaf.shape])),
    ...(inside === null ? {} : { layers: inside }),
  }
}

/** The layers inside, or null. The one layer that another is made of goes by its name; those of `repeat` are numbered. */
const insideOf = ({ layer, name, input, output }: Link, dtype: DType, path: readonly string[]): readonly LayerDescription[] | null => {
  const { kind, inner, layers, parallel } = layer
  if (inner !== undefined) return [{ ...described({ layer: inner, name, input, output }, dtype, path), given: false }]
  if (layers === undefined) return null
  const inside = layersOf(chainInside(layer, input, dtype) as Chain, parallel ? layers.map(() => dtype) : [dtype], path)
  return kind !== 'repeat' ? inside : inside.map((one, i) => ({ ...one, given: one.given && one.name !== `${one.kind}${i + 1}` }))
}

const inOrder = (sizes: Sizes): Sizes => Object.fromEntries(Object.entries(sizes).sort(([a], [b]) => (a < b ? -1 : 1)))

/** A copy that nobody writes to: options hold arrays of the user's. */
const copied = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null) return value
  const parts = Array.isArray(value)
    ? value.map(copied)
    : Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copied(part)]))
  return Object.freeze(parts) as T
}
