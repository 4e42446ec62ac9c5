/** Two models as one. */
import { type ComposeMessage, composeMessage } from '../../types/compose.ts'
import type { DType } from '../../types/dim.ts'
import type { Flat, Model, ModelGiven } from '../../types/model.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { mergeSizes } from '../graph/make.ts'
import { applyChain, chainParameters, initChain, type Link } from './chain.ts'
import { modelOf, type Parts, partsOf } from './model.ts'

type Composed<I, O, P, Q, D extends DType> = Model<I, O, { first: Flat<P>; second: Flat<Q> }, D>

/** What composes a first model, in a pipe, with this second one. */
export type ComposedWith<in out B, in out O, in out Q, in out E extends DType> = <I, A, P, D extends DType>(
  first: ComposeMessage<A, B, E> extends infer Message extends string ? Message : Model<I, A, P, D>,
) => Composed<I, O, P, Q, D>
/**
 * F, said so that it is known only when T is. Where a signature of a generic function gives a function outright, compilers
 * put off every call of it that stands in another call: `fit(compose(a, b), ...)` would be looked at with no model at all.
 */
type Late<T, F> = [T] extends [never] ? never : F
export interface Compose {
  <B, O, Q, E extends DType, M>(second: ModelGiven<'compose', M, Model<B, O, Q, E>>): Late<M, ComposedWith<B, O, Q, E>>
  <I, A, P, D extends DType, B, O, Q, E extends DType, M>(
    first: ModelGiven<'compose', M, Model<I, A, P, D>>,
    second: ComposeMessage<A, B, E> extends infer Message extends string ? Message : Model<B, O, Q, E>,
  ): Composed<I, O, P, Q, D>
}

/**
 * What the first model gives, the second takes: `compose(first, second)`, or `pipe(first, compose(second))`. The
 * parameters are `{ first, second }`.
 *
 * @example
 * const [encode, decode] = [pipe(input([64]), dense(8)), pipe(input([8]), dense(64))]
 * compose(encode, decode).output // => [64]
 */
export const compose: Compose = (first: unknown, second?: unknown): never => {
  if (second === undefined) return ((model: unknown) => composed(partsOf('compose', model), partsOf('compose', first))) as never
  return composed(partsOf('compose', first), partsOf('compose', second))
}

const composed = (first: Parts, second: Parts): never => {
  const given = first.chain
  const message = composeMessage(given, { shape: second.input, dtype: second.dtype })
  if (message !== null) throw new ShapeError(message)
  const { shape, dtype } = second.chain
  return modelOf<never>({
    input: first.input,
    dtype: first.dtype,
    chain: { links: [link('first', first), link('second', second)], shape, dtype },
    sizes: mergeSizes(first.sizes, second.sizes),
  })
}
/** A whole model as one link. */
const link = (name: string, { input, dtype, chain, sizes }: Parts): Link => ({
  name,
  input,
  output: chain.shape,
  layer: {
    kind: 'model',
    name,
    options: {},
    takes: dtype,
    sizes,
    layers: chain.links.map(({ layer }) => layer),
    out: () => chain.shape,
    parameters: () => chainParameters(chain),
    init: (_, key, known) => initChain(chain, key, known),
    apply: (params, x, mode) => applyChain(chain, params, x, mode),
  },
})
