/** The layers of a model that have weights, and what images that were made flat mean for them. */
import type { Dims, Sizes } from '../../../types/dim.ts'
import { sizeOfDim } from '../../../types/elements.ts'
import { describe, type LayerDescription } from '../../model/describe.ts'
import type { AnyModel } from '../../model/model.ts'
import type { JsonRecord } from '../../tensor/protocol.ts'
import { type Block, permuted, reshaped } from './f32-block.ts'
import { type BlockPart, blockParts, type Library, type WeightedKind } from './layout.ts'

export interface PlacedLayer {
  readonly kind: WeightedKind
  /** Of its parameters: `encoder.hidden`. */
  readonly path: string
  /** Of a part of a transformer's block. */
  readonly part?: BlockPart
  readonly options: JsonRecord
  readonly shapes: Readonly<Record<string, readonly number[]>>
  /** A parameter whose rows are the places of a flat image, from the order of the other library to ours. */
  readonly turned: (name: string, block: Block) => Block
}

/** In the order of the model. */
export const placedLayers = (model: AnyModel, { channelsFirst }: Library): readonly PlacedLayer[] => {
  const { layers, sizes, input } = describe(model)
  return walk(layers, sizes, { flat: null, isImage: channelsFirst && input.length === 3 }, channelsFirst)[0]
}

/** What the rows of a vector are, where it was an image: its shape. And whether what comes is one, with channels of its own. */
interface Flatness {
  readonly flat: readonly number[] | null
  readonly isImage: boolean
}

const walk = (
  layers: readonly LayerDescription[],
  sizes: Sizes,
  start: Flatness,
  channelsFirst: boolean,
): readonly [readonly PlacedLayer[], Flatness] => {
  const placed: PlacedLayer[] = []
  let state = start
  for (const layer of layers) {
    if (layer.layers === undefined) {
      placed.push(...ownWeights(layer, sizes, state))
      state = channelsFirst ? behind(layer, sizes, state) : state
    } else if (isParallel(layer)) {
      const branches = layer.layers.map((branch) => walk([branch], sizes, state, channelsFirst))
      placed.push(...branches.flatMap(([found]) => found))
      state = branches[0]?.[1] ?? state
    } else {
      const [found, last] = walk(layer.layers, sizes, state, channelsFirst)
      placed.push(...found)
      state = last
    }
  }
  return [placed, state]
}
const isParallel = ({ kind }: LayerDescription): boolean => kind === 'addBranches' || kind === 'concatBranches'

const ownWeights = ({ kind, options, parameters }: LayerDescription, sizes: Sizes, { flat }: Flatness): readonly PlacedLayer[] => {
  const paths = Object.keys(parameters)
  const [first] = paths
  if (first === undefined) return []
  if (isBlock(kind)) return partsOf(first, { options, parameters }, sizes)
  // the parameters of `bidirectional` lie one level deeper
  const own = first.split('.').slice(0, kind === 'bidirectional' ? -2 : -1)
  const path = own.join('.')
  const shapes = Object.fromEntries(paths.map((each) => [each.slice(path.length + 1), numbers(parameters[each] as Dims, sizes)]))
  // a layer with parameters is of one of the kinds that have any
  return [{ kind: kind as WeightedKind, path, options, shapes, turned: (name, block) => inOurOrder(name, block, flat, kind) }]
}

const isBlock = (kind: string): boolean => kind === 'transformerDecoderBlock' || kind === 'transformerEncoderBlock'
/** Norms, attention and dense layers of a transformer's block, which all keep to the last axis. */
const partsOf = (
  first: string,
  { options, parameters }: Pick<LayerDescription, 'options' | 'parameters'>,
  sizes: Sizes,
): readonly PlacedLayer[] => {
  const block = first.split('.').slice(0, -2).join('.')
  return (Object.keys(blockParts) as BlockPart[]).map((part) => {
    const path = `${block}.${part}`
    const own = Object.entries(parameters).filter(([each]) => each.startsWith(`${path}.`))
    const shapes = Object.fromEntries(own.map(([each, shape]) => [each.slice(path.length + 1), numbers(shape, sizes)]))
    return { kind: blockParts[part], path, part, options, shapes, turned: (_, given) => given }
  })
}

const numbers = (shape: Dims, sizes: Sizes): readonly number[] => shape.map((dim) => sizeOfDim(dim, sizes) as number)

/** Layers that leave each element of a vector where it is. */
const keeping = new Set(['batchNorm', 'layerNorm', 'rmsNorm', 'dropout', 'gaussianNoise', 'spatialDropout', 'softmax', 'logSoftmax'])
/** Layers whose sequences are `[time, features]` there as well. */
const overTime = new Set([
  'attention',
  'bidirectional',
  'dense',
  'embedding',
  'gru',
  'learnedPositions',
  'lstm',
  'rnn',
  'transformerDecoderBlock',
  'transformerEncoderBlock',
])
const overPlaces = /^(conv|convTranspose|maxPool|avgPool|upsample)\d?|^depthwiseConv2d$/

/** What comes after a layer, in a library whose images are `[channels, ...places]`. */
const behind = (layer: LayerDescription, sizes: Sizes, { flat, isImage }: Flatness): Flatness => {
  const { kind, input, output } = layer
  if (kind === 'flatten') return { flat: isImage && input.length > 1 ? numbers(input, sizes) : flat, isImage: false }
  if (flat !== null) return { flat: keeping.has(kind) || isElementwise(layer) ? flat : null, isImage: false }
  if (overTime.has(kind)) return { flat, isImage: false }
  return { flat, isImage: overPlaces.test(kind) || (isImage && output.length === input.length && kind !== 'rearrange') }
}
const isElementwise = ({ parameters, input, output }: LayerDescription): boolean =>
  Object.keys(parameters).length === 0 && input.length === output.length && input.every((dim, i) => dim === output[i])

/** The rows `[channels, ...places]` as `[...places, channels]`: those of a dense weight, and the vectors of a norm. */
const inOurOrder = (name: string, block: Block, flat: readonly number[] | null, kind: string): Block => {
  const isOverRows = kind === 'dense' ? name === 'weight' : keeping.has(kind)
  if (flat === null || !isOverRows) return block
  const [channels, places, rest] = [flat.at(-1) as number, flat.slice(0, -1), block.shape.slice(1)]
  const theirs = [channels, ...places, ...rest]
  const order = [...places.map((_, i) => i + 1), 0, ...rest.map((_, i) => flat.length + i)]
  return reshaped(permuted(reshaped(block, theirs), order), block.shape)
}
