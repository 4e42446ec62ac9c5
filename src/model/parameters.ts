/** Trees of parameters beside the shapes that a model declares for them. */
import type { Sizes } from '../../types/dim.ts'
import { factors } from '../../types/elements.ts'
import { fitting, type Leaves } from '../../types/fitting.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { show } from '../../types/show.ts'
import { make } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'
import { leafOf } from '../graph/tree.ts'
import { type LeafShape, leafShape, type ParameterShapes, placesOf } from '../tensor/protocol.ts'

/** The shapes in order, each with its path: `hidden.weight`. */
export const shapesIn = (shapes: ParameterShapes, path: readonly string[] = []): readonly (LeafShape & { readonly path: string })[] => {
  const leaf = leafShape(shapes)
  return leaf === null ? placesOf(shapes).flatMap(([name, inner]) => shapesIn(inner, [...path, name])) : [{ ...leaf, path: path.join('.') }]
}

/** Throws where the parameters given to `op` do not fit. What a model does not know may be there too. */
export const checkParameters = (op: string, params: unknown, shapes: ParameterShapes, path = 'params'): void => {
  const fault = parametersFault(op, params, shapes, path)
  if (fault !== null) throw new ShapeError(fault)
}
/** Why the parameters given to `op` do not fit, or null. */
export const parametersFault = (op: string, params: unknown, shapes: ParameterShapes, path = 'params'): string | null =>
  fitting(op, 'the model has', path, params, shapes, leaves)

/** The leaves of parameters that were checked. */
export const parametersIn = (params: unknown, shapes: ParameterShapes): readonly Node[] =>
  leafShape(shapes) !== null
    ? [params as Node]
    : placesOf(shapes).flatMap(([name, inner]) => parametersIn((params as Readonly<Record<string, unknown>>)[name], inner))

/** Parameters that were checked, as `init` gives them: in the order of the layers, without what the model does not know. */
export const ownParameters = (params: unknown, shapes: ParameterShapes): unknown => {
  if (leafShape(shapes) !== null) return params
  const given = params as Readonly<Record<string, unknown>>
  return Object.freeze(Object.fromEntries(placesOf(shapes).map(([name, inner]) => [name, ownParameters(given[name], inner)])))
}

/** Every parameter must have a size: the bare names of `shapes` must be among `sizes`. */
export const checkSizes = (op: string, shapes: ParameterShapes, sizes: Sizes): void => {
  for (const { path, shape } of shapesIn(shapes)) {
    const unknown = factors(shape)[1].find((name) => sizes[name] === undefined)
    if (unknown !== undefined)
      throw new ShapeError(`${op}: ${path} is ${show(shape)}, and the size of '${unknown}' is not known; write dim('${unknown}', n)`)
  }
}

/** The same value; it knows the sizes of the names in its shape, whoever made it. */
export const withSizes = (node: Node, sizes: Sizes): Node => {
  const names = factors(node.shape)[1].filter((name) => node.sizes[name] === undefined)
  if (names.length === 0) return node
  return make('reshape', [node], { shape: node.shape }, Object.fromEntries(names.map((name) => [name, sizes[name] as number])))
}

const leaves: Leaves = {
  given: leafOf,
  wanted: (shapes) => {
    const leaf = leafShape(shapes as ParameterShapes)
    return leaf === null ? null : { ...leaf, dtype: 'f32' }
  },
}
