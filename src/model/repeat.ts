/** A layer several times in a row. */
import type { Dims, DType } from '../../types/dim.ts'
import type { Brand, Layer, Refused } from '../../types/layer.ts'
import { recordMessage, type UnknownMessage } from '../../types/options.ts'
import { type RefuseRepeat, type Repeat, type RepeatFault, repeatMessage, repeatShape, type SharedOf } from '../../types/repeat.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { shown } from '../tensor/argument.ts'
import type { LayerRecord, Mode } from '../tensor/protocol.ts'
import { foldIn } from '../tensor/random.ts'
import { applyChain, type Chain, chained, chainParameters, emptyChain, initChain, outputOf } from './chain.ts'
import { layerIn, layerOf } from './layer.ts'

export interface RepeatOptions {
  /** Whether all have the same parameters, which are then those of one layer; false unless said. */
  readonly shared?: boolean
}

/** What is refused comes first. A signature an arity: an argument that may be left out would lose the `undefined` of its type. */
export interface RepeatOf {
  <const N extends number, X>(
    count: RefuseRepeat<N, X>,
    layer: X,
    options?: RepeatOptions,
  ): Layer<Refused<'repeat', RepeatFault<N, X> & string>>
  <const N extends number, F>(count: N, layer: Brand<F>): Layer<Repeat<N, F>>
  <const N extends number, F, const O extends RepeatOptions | (RepeatOptions & Readonly<Record<string, unknown>>)>(
    count: N,
    layer: Brand<F>,
    options: O,
  ): Layer<
    UnknownMessage<'repeat', O, keyof RepeatOptions> extends infer Message extends string
      ? Refused<'repeat', Message>
      : Repeat<N, F, SharedOf<O>>
  >
}

/**
 * A layer n times in a row, from 1 to 256; it must keep the shape. `[...s] -> [...s]` Each has parameters of its own, in one
 * group: `block1`, `block2` and so on, by the kind of the layer, or by its name. With `shared` all have the same, which are those
 * of one layer, and a gradient sums what comes from each.
 *
 * @example
 * Object.keys(pipe(input([64]), repeat(3, residual(dense(64)))).init(key(0)).repeat1) // => ['residual1', 'residual2', 'residual3']
 */
export const repeat: RepeatOf = (count: number, layer: unknown, options: RepeatOptions = {}): never => {
  const message = repeatMessage(count) ?? recordMessage('repeat', options, ['shared'], shown)
  if (message !== null) throw new ShapeError(message)
  const one = layerIn('repeat', layer)
  const out = (shape: Dims, dtype: DType): Dims | string => repeatShape(shape, outputOf(one, shape, dtype))
  return layerOf<never>(options.shared === true ? again(count, one, out) : apart(count, one, out)) as never
}

type Out = LayerRecord['out']
/** One layer's parameters, used again and again. */
const again = (count: number, one: LayerRecord, out: Out): LayerRecord => ({
  ...one,
  kind: 'repeat',
  name: null,
  options: { count, shared: true },
  inner: one,
  takes: 'f32',
  out,
  apply: (params, x, mode) => {
    let applied = { y: x, params }
    for (let i = 1; i <= count; i++) applied = one.apply(applied.params, applied.y, modeOf(mode, `${one.kind}${i}`))
    return applied
  },
})
const modeOf = (mode: Mode, name: string): Mode => (mode.training ? { ...mode, key: foldIn(mode.key, name) } : mode)

/** As many layers, each with its own. */
const apart = (count: number, one: LayerRecord, out: Out): LayerRecord => {
  const layers = Array.from({ length: count }, (_, i) => ({ ...one, name: `${one.name ?? one.kind}${i + 1}` }))
  const row = (shape: Dims): Chain => fits<Chain>(chained(emptyChain(shape, 'f32'), layers))
  return {
    kind: 'repeat',
    name: null,
    options: { count, shared: false },
    from: one.from,
    sizes: one.sizes ?? {},
    layers,
    out,
    ...(one.parameters === undefined ? {} : { parameters: (shape) => chainParameters(row(shape)) }),
    init: (shape, key, sizes) => (one.parameters === undefined ? null : initChain(row(shape), key, sizes)),
    apply: (params, x, mode) => {
      const applied = applyChain(row(x.shape.slice(1)), params, x, mode)
      return one.parameters === undefined ? { ...applied, params } : applied
    },
  }
}
