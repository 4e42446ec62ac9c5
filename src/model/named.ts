/** A name for a layer that was made without: a block, or a layer that stands in several models. */
import type { Layer, LayerGiven } from '../../types/layer.ts'
import { nameMessage } from '../../types/name.ts'
import type { Named } from '../../types/named.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { layerIn, layerOf } from './layer.ts'

/**
 * The same layer; its parameters have this name. Names keep a layer's place in files, and its random numbers, when other
 * layers are added.
 *
 * @example
 * Object.keys(pipe(input([64]), named('stem')(block(dense(8), relu))).init(key(0))) // => ['stem']
 */
export const named =
  <const Name extends string>(name: Name) =>
  <F, X>(layer: LayerGiven<'named', X, F>): Layer<Named<F, Name>> => {
    const record = layerIn('named', layer)
    const message = nameMessage(record.kind, name)
    if (message !== null) throw new ShapeError(message)
    return layerOf<Named<F, Name>>({ ...record, name })
  }
