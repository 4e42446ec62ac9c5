/** A model from any number of layers (`pipe` takes 20 arguments). */
import type { LayerAt, RowFaults, RowParams, RowShape } from '../../types/block.ts'
import type { DType } from '../../types/dim.ts'
import type { Model, ModelGiven } from '../../types/model.ts'
import { layerIn } from './layer.ts'
import { extended, modelOf, partsOf } from './model.ts'

/** The model with a row of layers. */
type Extended<I, O, P, D extends DType> = O extends string ? never : Model<I, O, P, D>

/**
 * The model extended by each layer in turn: `sequential(input([784]), dense(10))` is `pipe(input([784]), dense(10))`.
 *
 * @example
 * sequential(input([784]), dense(256, 'hidden'), relu, dense(10, 'logits')).output // => [10]
 */
export const sequential = <I, O, P, D extends DType, Fs extends unknown[], M>(
  model: ModelGiven<'sequential', M, Model<I, O, P, D>>,
  ...layers: { [J in keyof Fs]: LayerAt<RowFaults<Fs, O, P>, J, Fs[J]> }
): Extended<I, RowShape<Fs, O>, RowParams<Fs, O, P>, D> => {
  const parts = layers.reduce((row, layer) => extended(row, layerIn('sequential', layer)), partsOf('sequential', model))
  return modelOf<never>(parts)
}
