/** `paramsOf`: a model's parameters as plain data, and back. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { DType, Sizes } from '../../../types/dim.ts'
import type { Flat, Model } from '../../../types/model.ts'
import type { Tensor } from '../../../types/tensor.ts'
import { data } from '../../graph/expression.ts'
import { identity, markStatistic, ownSizes } from '../../graph/make.ts'
import { type Node, tensorOf as tensorOfNode } from '../../graph/node.ts'
import { mapTree } from '../../graph/tree.ts'
import { chainParameters } from '../../model/chain.ts'
import { partsOf } from '../../model/model.ts'
import { checkParameters, checkSizes } from '../../model/parameters.ts'
import { compute } from '../../tensor/compute.ts'
import { leafShape, type ParameterShapes, placesOf } from '../../tensor/protocol.ts'
import type { NestedArray } from '../../tensor/read.ts'
import { typed } from '../../tensor/typed.ts'
import { type PlainElement, plain } from './element.ts'
import { type Fault, invalid, showPath } from './fault.ts'
import { isFitting } from './fit-tensor.ts'
import { isTensor, shownValue, typedKind } from './foreign.ts'
import { readTensor } from './tensor-of.ts'
import type { Wanted } from './wanted.ts'

/** A tree of tensors as plain data: records of nested arrays. */
export type Plain<T> = T extends Tensor<infer S, infer D> ? NestedArray<S, PlainElement<D>> : { readonly [K in keyof T]: Plain<T[K]> }

/** A codec of io-ts between a model's parameters and plain data. */
export interface ParamsCodec<P> extends t.Type<P, Plain<P>, unknown> {}

export interface ParamsOf {
  <I, O, P, D extends DType>(model: O extends infer Message extends string ? Message : Model<I, O, P, D>): ParamsCodec<Flat<P>>
}

/**
 * A codec of io-ts for the parameters of a model. It decodes records of nested arrays, of typed arrays or of tensors; what
 * is missing, what the model does not have and what has another shape is told all at once, each with its path. Leaves that
 * are statistics come back as statistics, keys in the model's order. `JSON.stringify` keeps every bit of what it encodes.
 *
 * @example
 * const decoded = paramsOf(pipe(input([2]), dense(1, 'out'))).decode({ out: { weight: [[1, 2]] } })
 * E.isLeft(decoded) && decoded.left.map(({ message }) => message) // => ['out.weight: expected [2, 1], got [1, 2]', 'out.bias: missing']
 */
export const paramsOf = typed<ParamsOf>((model: unknown) => {
  const { chain, sizes } = partsOf('paramsOf', model)
  const shapes = chainParameters(chain)
  checkSizes('paramsOf', shapes, sizes)
  const parameters = declared(shapes, sizes)
  const codec: t.Type<unknown, unknown, unknown> = new t.Type(
    `parameters of ${Object.keys(shapes).join(', ')}`,
    (x): x is unknown => isOf(parameters, x),
    (x, context) => {
      const faults: Fault[] = []
      const params = read(parameters, x, [], faults)
      return faults.length > 0 ? invalid(faults, context, codec) : E.right(params)
    },
    (params) => {
      checkParameters('paramsOf', params, shapes)
      return mapTree(compute(picked(parameters, params)), (node) => plain(tensorOfNode(node)))
    },
  )
  return codec
})

/** What stands at a place of a model's parameters. */
type Declared = Leaf | ReadonlyMap<string, Declared>
interface Leaf {
  readonly want: Wanted
  readonly statistic: boolean
}

const declared = (shapes: ParameterShapes, sizes: Sizes): Declared => {
  const leaf = leafShape(shapes)
  return leaf === null
    ? new Map(placesOf(shapes).map(([name, inner]) => [name, declared(inner, sizes)]))
    : { want: { dims: leaf.shape, sizes: ownSizes(leaf.shape, sizes), dtype: 'f32' }, statistic: leaf.statistic }
}
const isLeaf = (place: Declared): place is Leaf => 'want' in place

/** So many names that a model does not have are told of one record. */
const mostExtras = 100

/** The parameters below a path; where there are faults, what is returned does not matter. */
const read = (place: Declared, x: unknown, path: readonly string[], faults: Fault[]): unknown => {
  if (isLeaf(place)) return readLeaf(place, x, path, faults)
  const given = entriesOf(x)
  if (typeof given === 'string') {
    const names = place.size === 0 ? 'an empty record' : `a record of ${[...place.keys()].join(', ')}`
    return faults.push({ path, value: x, message: `expected ${names}, got ${given}` })
  }
  const tree = [...place].map(([name, inner]) => {
    const at = [...path, name]
    if (given.has(name)) return [name, read(inner, given.get(name), at, faults)] as const
    faults.push({ path: at, value: undefined, message: 'missing' })
    return [name, null] as const
  })
  for (const [name, value] of [...given].filter(([each]) => !place.has(each)).slice(0, mostExtras)) {
    const at = [...path, name]
    faults.push({ path: at, value, message: `the model has no parameters '${showPath(at)}'` })
  }
  return Object.freeze(Object.fromEntries(tree))
}

const readLeaf = ({ want, statistic }: Leaf, x: unknown, path: readonly string[], faults: Fault[]): Node | null => {
  const node = readTensor(want, x)
  if (E.isRight(node)) return statistic ? markStatistic(node.right) : trained(node.right)
  faults.push(...node.left.map((fault) => ({ ...fault, path: [...path, ...fault.path] })))
  return null
}
/** Without the mark of a statistic. */
const trained = (node: Node): Node => {
  if (!node.statistic) return node
  return node.op === 'data' ? data(node.attributes.values, node.shape, node.dtype, node.sizes) : identity(node)
}

/** What a record has of its own and is not undefined, or what is there instead of one. Nothing is asked of prototypes. */
const entriesOf = (x: unknown): ReadonlyMap<string, unknown> | string => {
  try {
    if (typeof x !== 'object' || x === null || Array.isArray(x) || isTensor(x) || typedKind(x) !== null) return shownValue(x)
    return new Map(Object.entries(x).filter(([, value]) => value !== undefined))
  } catch {
    return 'what cannot be read'
  }
}

const isOf = (place: Declared, x: unknown): boolean => {
  if (isLeaf(place)) return isFitting(place.want, x) && (x as Node).statistic === (place.statistic ? true : undefined)
  const given = entriesOf(x)
  return typeof given !== 'string' && given.size === place.size && [...place].every(([name, inner]) => isOf(inner, given.get(name)))
}

/** What the model has, in its order; it was checked before. */
const picked = (place: Declared, params: unknown): unknown =>
  isLeaf(place)
    ? params
    : Object.fromEntries([...place].map(([name, inner]) => [name, picked(inner, (params as Record<string, unknown>)[name])]))
