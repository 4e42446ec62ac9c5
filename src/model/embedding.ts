/** The embedding layer: every word has a row of a table, which is trained. */

import type { RefuseUnits, Units } from '../../types/dense.ts'
import type { Size } from '../../types/dim.ts'
import { type Embedding, type TableMessage, tableMessage, tableShape } from '../../types/embedding.ts'
import type { Layer, Refused } from '../../types/layer.ts'
import type { First, RecordFirst, Uncalled } from '../../types/maker.ts'
import { type MaybeNamed, type OptionsGiven, optionsOf, type WithOptions } from '../../types/options.ts'
import { fits, ShapeError } from '../../types/shape-error.ts'
import { type DimOf, dimOf, sizesOf } from '../../types/size.ts'
import { mergeSizes } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'
import { numberFirst } from '../tensor/argument.ts'
import { gathered } from '../tensor/gather.ts'
import { foldIn } from '../tensor/random.ts'
import { typed } from '../tensor/typed.ts'
import { type Initializer, normal } from './initializers.ts'
import { layerOf } from './layer.ts'

export type { EmbeddingParams } from '../../types/embedding.ts'

export interface EmbeddingOptions {
  readonly name?: string
  /** Normal numbers of standard deviation 0.02 unless said (A. Radford et al., "Language models are unsupervised multitask learners", 2019). */
  readonly weight?: Initializer
}
type Options = OptionsGiven<EmbeddingOptions>
type Known = keyof EmbeddingOptions

/** What is refused comes first, and last what may be `undefined`: a signature an arity, as in `DenseOf`. */
export interface EmbeddingOf {
  (call: Uncalled<'embedding'>): never
  <const V extends Units>(vocabulary: RefuseUnits<V>, features: Units, options?: Options): Layer<Refused<'embedding', TableMessage<V>>>
  <const F extends Units>(vocabulary: Units, features: RefuseUnits<F>, options?: Options): Layer<Refused<'embedding', TableMessage<F>>>
  <const V extends Units, const F extends Units>(vocabulary: V, features: F): Layer<Embedding<DimOf<V>, DimOf<F>>>
  <const V extends Units, const F extends Units, const O extends Options>(
    vocabulary: V,
    features: F,
    options: O,
  ): Layer<WithOptions<Embedding<DimOf<V>, DimOf<F>>, 'embedding', O, Known>>
  (vocabulary: Units, features: Units, options: Options | undefined): Layer<MaybeNamed<'embedding'>>
  <X>(first: First<'embedding', X, Units>): Layer<Refused<'embedding', RecordFirst<'embedding'>>>
}

/**
 * A row of a table for each of the indices that a model gives: i32 `[...s] -> [...s, features]`. Indices count from 0 to
 * below `vocabulary`; what is none of them has a row of zeros, or is a `ShapeError` where the indices are data. A third
 * argument is the name of its parameters, or options.
 *
 * @example
 * pipe(input(['time'], 'i32'), embedding(10_000, 64), dense(2)).output // => ['time', 2]
 */
export const embedding = typed<EmbeddingOf>((vocabulary: Size, features: Size, given?: unknown): never => {
  numberFirst('embedding', vocabulary)
  const message = tableMessage(vocabulary) ?? tableMessage(features)
  if (message !== null) throw new ShapeError(message)
  const { name, weight = normal({ standardDeviation: 0.02 }) } = fits(
    optionsOf<EmbeddingOptions>('embedding', given as Options, ['weight']),
  )
  const shapes = tableShape(dimOf(vocabulary), dimOf(features))
  return layerOf<never>({
    kind: 'embedding',
    name,
    options: { vocabulary: dimOf(vocabulary), features: dimOf(features) },
    takes: 'i32',
    rows: dimOf(vocabulary),
    sizes: sizesOf([vocabulary, features]).reduce(mergeSizes, {}),
    out: (shape) => [...shape, dimOf(features)],
    parameters: () => shapes,
    init: (_, key, sizes) => ({ weight: weight(shapes.weight, foldIn(key, 'weight'), sizes) }),
    apply: (params, x) => ({ y: gathered('embedding', (params as Weights).weight, x, 0), params }),
  }) as never
})

interface Weights {
  readonly weight: Node
}
