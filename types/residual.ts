/** `residual(layer)`: adds what a layer gives to what it took, so both have one shape. */
import type { Dims } from './dim.ts'
import type { From, LayerFn, OutputOf, ParamsOf, Reported, ShapeFault } from './layer.ts'
import { type Same, same } from './same.ts'
import { type Say, say } from './say.ts'

export const otherShape = 'residual: the block maps {from} to {to}'

export interface Residual<F> extends LayerFn {
  kind: 'residual'
  out: ResidualShape<F, this['in']>
  params: ParamsOf<F, this['in']>
  from: From<F>
  around: [F]
}
export type ResidualShape<F, S> =
  ShapeFault<F, S> extends infer E extends string
    ? E
    : Same<OutputOf<F, S>, S> extends true
      ? S
      : [OutputOf<F, S>] extends [Reported]
        ? Reported
        : Say<typeof otherShape, { from: S; to: OutputOf<F, S> }>

export const residualShape = (from: Dims, to: Dims | string): Dims | string =>
  typeof to === 'string' || same(from, to) ? to : say(otherShape, { from, to })
