/** A model's parameters from the arrays of a file, and back: `hidden.weight`, `hidden.bias`. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { DType, Sizes } from '../../../types/dim.ts'
import type { Fitting } from '../../../types/fitting.ts'
import type { Flat, Model } from '../../../types/model.ts'
import type { Declaring } from '../../../types/weights.ts'
import type { StoredArray } from '../../formats/stored-array.ts'
import { full } from '../../graph/expression.ts'
import { markStatistic, ownSizes } from '../../graph/make.ts'
import type { Elements } from '../../graph/op.ts'
import { type Leaf, leaves, withLeaves } from '../../graph/tree.ts'
import { chainParameters } from '../../model/chain.ts'
import { describe, type LayerDescription } from '../../model/describe.ts'
import { type AnyModel, partsOf } from '../../model/model.ts'
import { checkParameters, checkSizes, parametersIn } from '../../model/parameters.ts'
import { compute } from '../../tensor/compute.ts'
import { leafShape, type ParameterShapes, placesOf } from '../../tensor/protocol.ts'
import { typed } from '../../tensor/typed.ts'
import { fitted, type Misfit, sizesOf, stored, type WeightsOptions } from './misfit.ts'

export interface ParamsFrom {
  <I, O, P, D extends DType, T extends ReadonlyMap<string, StoredArray>>(
    model: O extends infer Message extends string ? Message : Model<I, O, P, D>,
    tensors: Declaring<'paramsFrom', T, Flat<P>>,
    options?: WeightsOptions,
  ): E.Either<Misfit, Flat<P>>
}

/**
 * The parameters of a model out of stored arrays, as `readSafetensors` gives them. A tensor's name is its path: `hidden.weight`.
 * The arrays must be those of the model, no more and no less; what is missing, what the model does not have and what has another
 * shape is told all at once. f16 and bf16 are widened, which loses nothing; f64 is rounded where `{ round: true }` says so.
 *
 * @example
 * const tensors = new Map([['out.weight', { type: 'f32', shape: [1, 2], values: new Float32Array(2) } as const]])
 * const params = paramsFrom(pipe(input([2]), dense(1, 'out')), tensors)
 * E.isLeft(params) && params.left.missing // => [{ name: 'out.bias', type: 'f32', shape: [1] }]
 */
export const paramsFrom = typed<ParamsFrom>(
  (model: AnyModel, tensors: ReadonlyMap<string, StoredArray>, options: WeightsOptions = {}): E.Either<Misfit, unknown> => {
    const wanted = wantedParams('paramsFrom', model)
    return pipe(
      fitted('paramsFrom', 'the model', leaves(wanted), tensors, options),
      E.map((nodes) => withLeaves(wanted, nodes)),
    )
  },
)

/** A tree like a model's parameters, of zeros that nobody computes: its leaves say what is asked for. */
export const wantedParams = (op: string, model: AnyModel): unknown => {
  const { chain, sizes } = partsOf(op, model)
  const shapes = chainParameters(chain)
  checkSizes(op, shapes, sizes)
  return wantedTree(shapes, sizes)
}
const wantedTree = (shapes: ParameterShapes, sizes: Sizes): unknown => {
  const leaf = leafShape(shapes)
  if (leaf === null) return Object.freeze(Object.fromEntries(placesOf(shapes).map(([name, inner]) => [name, wantedTree(inner, sizes)])))
  const node = full(leaf.shape, 0, 'f32', ownSizes(leaf.shape, sizes))
  return leaf.statistic ? markStatistic(node) : node
}

/** Parameters whose layers have no names of the user's: another layer before them would shift the names that were made up. */
export interface Unnamed {
  readonly tag: 'Unnamed'
  readonly message: string
  /** `dense1`, `encoder.dense1` */
  readonly names: readonly string[]
}

export interface TensorsFrom {
  <I, O, P, D extends DType, Q>(
    model: O extends infer Message extends string ? Message : Model<I, O, P, D>,
    params: Fitting<'tensorsFrom', 'the model has', 'params', Q, Flat<P>>,
  ): E.Either<Unnamed, ReadonlyMap<string, StoredArray>>
}

/**
 * The parameters of a model as stored arrays by their paths, as `writeSafetensors` takes them. Every layer with parameters must
 * have a name of its own: names that were made up (`dense1`) shift when a layer is added, so no file gets them.
 *
 * @example
 * const model = pipe(input([2]), dense(1))
 * const tensors = tensorsFrom(model, model.init(key(0)))
 * E.isLeft(tensors) && tensors.left.message // => "tensorsFrom: dense1 has a name that was made up, which shifts when a layer is added; write dense(256, 'hidden') or named('hidden')(layer)"
 */
export const tensorsFrom = typed<TensorsFrom>((model: AnyModel, params: unknown): E.Either<Unnamed, ReadonlyMap<string, StoredArray>> => {
  const { chain } = partsOf('tensorsFrom', model)
  checkParameters('tensorsFrom', params, chainParameters(chain))
  return pipe(
    unnamed('tensorsFrom', model),
    E.map(() => paramArrays(model, params)),
  )
})

/** The model's own parameters, whatever else stands in the tree. They were checked. */
export const paramArrays = (model: AnyModel, params: unknown): ReadonlyMap<string, StoredArray> => {
  const wanted = wantedParams('tensorsFrom', model)
  const nodes = parametersIn(params, chainParameters(partsOf('tensorsFrom', model).chain))
  return storedTree(withLeaves(wanted, nodes))
}

/** A tree of tensors as arrays by their paths. */
export const storedTree = (tree: unknown, path = ''): ReadonlyMap<string, StoredArray> =>
  new Map(leaves(compute(tree), path).map((leaf) => [leaf.path, storedLeaf(leaf)]))

const storedLeaf = ({ node }: Leaf): StoredArray => {
  const values = (node.attributes as { readonly values: Elements }).values
  // what is computed is data, whose elements are those of its dtype
  return { type: stored[node.dtype], shape: sizesOf(node), values: values.slice() } as StoredArray
}

/** Left where a layer with parameters has a name that was made up. */
export const unnamed = (op: string, model: AnyModel): E.Either<Unnamed, null> => {
  const names = madeUp(describe(model).layers, '', false)
  if (names.length === 0) return E.right(null)
  const subject = names.length === 1 ? 'has a name that was made up, which shifts' : 'have names that were made up, which shift'
  return E.left({
    tag: 'Unnamed',
    names,
    message: `${op}: ${names.join(', ')} ${subject} when a layer is added; write dense(256, 'hidden') or named('hidden')(layer)`,
  })
}

/** `stable`: layers that their place in the one around them names, which nothing shifts. */
const madeUp = (layers: readonly LayerDescription[], path: string, stable: boolean): readonly string[] =>
  layers.filter(hasParameters).flatMap((layer) => {
    const own = stable && layer.name === path.split('.').at(-1) ? path : path === '' ? layer.name : `${path}.${layer.name}`
    const inside = madeUp(layer.layers ?? [], own, layer.kind === 'residual' || layer.kind === 'repeat')
    return layer.given || layer.kind === 'model' || stable ? inside : [own, ...inside]
  })
const hasParameters = ({ parameters, layers = [] }: LayerDescription): boolean =>
  Object.keys(parameters).length > 0 || layers.some(hasParameters)
