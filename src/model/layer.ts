/** Layers as values: a record that can be called with a model. */
import type { Layer } from '../../types/layer.ts'
import { extendsModelMessage } from '../../types/layer.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { shown } from '../tensor/argument.ts'
import { isExtendable, type LayerRecord, layerValue, recordOf } from '../tensor/protocol.ts'

/** The layer that a record is: called with a model, it gives the model extended. The caller vouches for `F`. */
export const layerOf = <F>(record: LayerRecord): Layer<F> =>
  layerValue<Layer<F>>(record, (model) => {
    if (!isExtendable(model)) throw new ShapeError(extendsModelMessage(record.kind))
    return model.extend(record)
  })

/** The record of an argument that must be a layer. */
export const layerIn = (op: string, layer: unknown): LayerRecord => {
  const record = recordOf(layer)
  if (record === null) throw new ShapeError(`${op}: expected a layer, got ${shown(layer)}`)
  return record
}
