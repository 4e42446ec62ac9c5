/** Layers in a row as one layer. */
import type { Block, BlockFaults, LayerAt } from '../../types/block.ts'
import type { Dims, DType } from '../../types/dim.ts'
import type { Layer } from '../../types/layer.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { mergeSizes } from '../graph/make.ts'
import { applyChain, blockMessage, type Chain, chained, chainParameters, emptyChain, initChain, takenBy } from './chain.ts'
import { layerIn, layerOf } from './layer.ts'

/**
 * Layers in a row as one, to be used again and again: it takes whatever its layers take. Its parameters are one group.
 *
 * @example
 * pipe(input([64]), block(dense(128), relu, dense(10))).output // => [10]
 */
export const block = <Fs extends unknown[]>(...layers: { [I in keyof Fs]: LayerAt<BlockFaults<Fs>, I, Fs[I]> }): Layer<Block<Fs>> => {
  const records = layers.map((layer) => layerIn('block', layer))
  const message = blockMessage(records)
  if (message !== null) throw new ShapeError(message)
  const row = (shape: Dims, dtype: DType): Chain | string => chained(emptyChain(shape, dtype), records)
  const fitting = (shape: Dims): Chain => fits<Chain>(row(shape, takenBy(records[0])))
  return layerOf<Block<Fs>>({
    kind: 'block',
    name: null,
    options: {},
    takes: records.length === 0 ? 'f32' : null,
    from: records[0]?.from,
    sizes: records.reduce((sizes, record) => mergeSizes(sizes, record.sizes ?? {}), {}),
    layers: records,
    out: (shape, dtype) => {
      const chain = row(shape, dtype)
      return typeof chain === 'string' ? chain : chain.shape
    },
    parameters: (shape) => chainParameters(fitting(shape)),
    init: (shape, key, sizes) => initChain(fitting(shape), key, sizes),
    apply: (params, x, mode) => applyChain(fitting(x.shape.slice(1)), params, x, mode),
  })
}
