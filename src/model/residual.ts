/** A way around a layer. */
import type { Layer, LayerGiven } from '../../types/layer.ts'
import { type Residual, residualShape } from '../../types/residual.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { add } from '../graph/expression.ts'
import { layerIn, layerOf } from './layer.ts'

/**
 * Adds what a layer gives to what it took, so the layer must keep the shape. `[...s] -> [...s]` Its parameters are the
 * layer's own. K. He et al., "Deep residual learning for image recognition", 2015.
 *
 * @example
 * pipe(input([64]), residual(block(dense(128), relu, dense(64)))).output // => [64]
 */
export const residual: <F, X>(layer: LayerGiven<'residual', X, F>) => Layer<Residual<F>> = <F>(
  layer: unknown,
  ...rest: readonly unknown[]
) => {
  if (rest.length > 0) throw new ShapeError(`residual: expected one layer, got ${rest.length + 1}; write residual(block(...))`)
  const inner = layerIn('residual', layer)
  return layerOf<Residual<F>>({
    ...inner,
    kind: 'residual',
    name: null,
    options: {},
    inner,
    takes: 'f32',
    out: (shape, dtype) => residualShape(shape, inner.out(shape, dtype)),
    apply: (given, x, mode) => {
      const { y, params } = inner.apply(given, x, mode)
      return { y: add(x, y), params }
    },
  })
}
