/** Layers that take no notice of padding. */
import type { At, BlockFaults } from '../../types/block.ts'
import type { Dims, DType } from '../../types/dim.ts'
import type { Brand, Layer } from '../../types/layer.ts'
import { type Masked, noLayersMessage, noStepsMessage, otherStepsMessage, turnedStepsMessage } from '../../types/masked.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { binary, cast, constant, greater, sum } from '../graph/expression.ts'
import { mergeSizes } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'
import { checked, finite } from '../tensor/argument.ts'
import type { LayerRecord } from '../tensor/protocol.ts'
import {
  applyChain,
  blockMessage,
  type Chain,
  chainInside,
  chainParameters,
  emptyChain,
  initChain,
  type Link,
  linked,
  takenBy,
} from './chain.ts'
import { layerIn, layerOf } from './layer.ts'

/**
 * Layers in a row that take no notice of padding: a step whose token is the padding, or all of whose features are. To a recurrent
 * layer such a step keeps the state and gives zeros, wherever it stands, so that the last step is the last one that counts, in both
 * directions of `bidirectional`; with attention no step looks at it, and only what stands alone at each step is computed as ever. i32 `[time]` or `[time, features]`; each layer must keep the steps, but for the last, which may
 * return its last step alone. The parameters are one group.
 *
 * @example
 * const review = masked(0, embedding(10_000, 16), bidirectional(lstm(32, { returns: 'last' })))
 * pipe(input([80], 'i32'), review, dense(2)).output // => [2]
 */
export const masked = <Fs extends unknown[]>(
  padding: number,
  ...layers: { [I in keyof Fs]: At<BlockFaults<Fs>, I> & Brand<Fs[I]> }
): Layer<Masked<Fs>> => {
  finite('masked', 'padding', padding)
  const records = layers.map((layer) => layerIn('masked', layer))
  const message = records.length === 0 ? noLayersMessage : blockMessage(records)
  if (message !== null) throw new ShapeError(message)
  const fitting = (shape: Dims): Chain => fits<Chain>(steps(shape, takenBy(records[0]), records))
  return layerOf<Masked<Fs>>({
    kind: 'masked',
    name: null,
    options: { padding },
    takes: null,
    sizes: records.reduce((sizes, record) => mergeSizes(sizes, record.sizes ?? {}), {}),
    layers: records,
    out: (shape, dtype) => {
      const chain = steps(shape, dtype, records)
      return typeof chain === 'string' ? chain : chain.shape
    },
    parameters: (shape) => chainParameters(fitting(shape)),
    init: (shape, key, sizes) => initChain(fitting(shape), key, sizes),
    apply: (params, x, mode) => applyChain(fitting(x.shape.slice(1)), params, x, { ...mode, mask: counting(x, padding) }),
  })
}

/** The layers one after another, each of which keeps the steps; or the first message. */
const steps = (shape: Dims, dtype: DType, records: readonly LayerRecord[]): Chain | string => {
  const message = noStepsMessage({ shape, dtype })
  if (message !== null) return message
  return records.reduce<Chain | string>(
    (chain, layer, i) => {
      if (typeof chain === 'string') return chain
      const next = linked(chain, layer)
      if (typeof next === 'string') return next
      const turned = insideMessage(layer, chain.shape, chain.dtype, shape.slice(0, 1))
      if (turned !== null) return turned
      return otherStepsMessage(layer.kind, chain, next.shape, i === records.length - 1 && layer.returns === 'last') ?? next
    },
    emptyChain(shape, dtype),
  )
}

/** The message where a recurrent layer, or one of attention, inside a layer, which takes the shape, is given other steps; or null. */
const insideMessage = (layer: LayerRecord, shape: Dims, dtype: DType, given: Dims): string | null => {
  if (layer.returns !== undefined || layer.heeds) return turnedStepsMessage(layer.kind, given, shape)
  const inside = innerLinks(layer, shape, dtype)
  return inside.map(({ link, taken }) => insideMessage(link.layer, link.input, taken, given)).find((message) => message !== null) ?? null
}
/** The layers inside, each with the dtype that it takes: of the first, and of branches, what the whole does. */
const innerLinks = (layer: LayerRecord, shape: Dims, dtype: DType): readonly { readonly link: Link; readonly taken: DType }[] => {
  if (layer.layers === undefined || layer.kind === 'masked') return []
  const { links } = fits<Chain>(chainInside(layer, shape, dtype))
  return links.map((link, i) => ({ link, taken: i === 0 || layer.parallel ? dtype : 'f32' }))
}

/** Which steps are no padding: bool `[batch, time]`. */
const counting = (x: Node, padding: number): Node => {
  const differs = binary('notEqual', x, constant(checked('masked', padding, x.dtype), x.dtype))
  return x.shape.length === 2 ? differs : greater(sum(cast(differs, 'i32'), [2]), 0)
}
