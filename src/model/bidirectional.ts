/** A recurrent layer in both directions of time. */
import { type Bidirectional, bidirectionalShape, type Merge, notRecurrentMessage, type RecurrentGiven } from '../../types/bidirectional.ts'
import type { Dim } from '../../types/dim.ts'
import { elements } from '../../types/elements.ts'
import type { Brand, Layer, Refused } from '../../types/layer.ts'
import { type OptionsGiven, optionsOf, type WithOptions } from '../../types/options.ts'
import { optionValueMessage, type WordMessage, type WordOf, type WrongOptionsMessage } from '../../types/recurrent.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { add, concat, reshape } from '../graph/expression.ts'
import type { Node } from '../graph/node.ts'
import type { LayerRecord, ParameterShapes } from '../tensor/protocol.ts'
import { foldIn } from '../tensor/random.ts'
import { layerIn, layerOf } from './layer.ts'

export type { BidirectionalParams } from '../../types/bidirectional.ts'

export interface BidirectionalOptions {
  readonly name?: string
  /** `'concat'` unless said: what both directions give stands side by side. `'sum'`: it is added. */
  readonly merge?: Merge
}
type Options = OptionsGiven<BidirectionalOptions>
type Known = keyof BidirectionalOptions
type Made<F, O> =
  WordMessage<'bidirectional', O, Known, 'merge'> extends infer Message extends string
    ? Refused<'bidirectional', Message>
    : WithOptions<Bidirectional<F, WordOf<O, 'merge', 'concat'>>, 'bidirectional', O, Known>

/** Options beside a layer; what is not even of their type comes last. */
export interface BidirectionalFunction {
  <F, X>(layer: RecurrentGiven<X, F> & Brand<F>): Layer<Bidirectional<F, 'concat'>>
  <F, X, const O extends Options>(layer: RecurrentGiven<X, F> & Brand<F>, options: O): Layer<Made<F, O>>
  <F, X, const O>(
    layer: RecurrentGiven<X, F> & Brand<F>,
    options: O | Options,
  ): Layer<Refused<'bidirectional', WrongOptionsMessage<'bidirectional', O, BidirectionalOptions> & string>>
}

/**
 * A recurrent layer twice, with weights of their own: from the first step to the last and back. `[time, features] ->
 * [time, 2 units]`, or `[2 units]` where the layer returns the last step, which is each direction's own; with `merge: 'sum'`
 * as many units as the layer has. The parameters are `{ forward, backward }`; a layer made with `reverse` goes backward first.
 * M. Schuster and K. Paliwal, "Bidirectional recurrent neural networks", 1997.
 *
 * @example
 * pipe(input([100, 8]), bidirectional(lstm(16)), bidirectional(gru(8, { returns: 'last' }), { merge: 'sum' })).output // => [8]
 */
export const bidirectional: BidirectionalFunction = (layer: unknown, given?: unknown): never => {
  const forward = layerIn('bidirectional', layer)
  const message = notRecurrentMessage(forward.kind)
  if (message !== null) throw new ShapeError(message)
  const options = fits(optionsOf<BidirectionalOptions>('bidirectional', given as Options, ['merge']))
  const fault = optionValueMessage('bidirectional', options)
  if (fault !== null) throw new ShapeError(fault)
  return layerOf<never>(recordOf(forward, (forward.opposite as () => LayerRecord)(), options.name, options.merge ?? 'concat')) as never
}

interface Both<T> {
  readonly forward: T
  readonly backward: T
}
const recordOf = (forward: LayerRecord, backward: LayerRecord, name: string | null, merge: Merge): LayerRecord => ({
  kind: 'bidirectional',
  name,
  options: { merge, layer: { kind: forward.kind, ...forward.options } },
  ...(forward.sizes === undefined ? {} : { sizes: forward.sizes }),
  ...(forward.returns === undefined ? {} : { returns: forward.returns }),
  out: (shape, dtype) => bidirectionalShape(forward.out(shape, dtype), merge),
  parameters: (shape) => {
    const own = forward.parameters?.(shape) as ParameterShapes
    return { forward: own, backward: own }
  },
  init: (shape, key, sizes) => ({
    forward: forward.init(shape, foldIn(key, 'forward'), sizes),
    backward: backward.init(shape, foldIn(key, 'backward'), sizes),
  }),
  apply: (params, x, mode) => {
    const weights = params as Both<unknown>
    const [a, b] = [forward.apply(weights.forward, x, mode).y, backward.apply(weights.backward, x, mode).y]
    return { y: merge === 'sum' ? add(a, b) : sideBySide(a, b), params }
  },
})
/** The two along the last axis: beside each other on an axis of their own first, since a sum of names has no size. */
const sideBySide = (a: Node, b: Node): Node => {
  const [before, units] = [a.shape.slice(0, -1), a.shape.at(-1) as Dim]
  const apart = [...before, 1, units]
  return reshape(concat([reshape(a, apart), reshape(b, apart)], before.length), [...before, elements([2, units])])
}
