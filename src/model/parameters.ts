/** Trees of parameters beside the shapes that a model declares for them. */
import type { Dims, Sizes } from '../../types/dim.ts'
import { factors } from '../../types/elements.ts'
import { same } from '../../types/same.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { show } from '../../types/show.ts'
import { isNode, make } from '../graph/make.ts'
import type { Node } from '../graph/node.ts'
import type { ParameterShapes } from '../tensor/protocol.ts'

/** The shapes in order, each with its path: `hidden.weight`. */
export const shapesIn = (shapes: ParameterShapes, path: readonly string[] = []): readonly (readonly [path: string, shape: Dims])[] =>
  isDims(shapes) ? [[path.join('.'), shapes]] : Object.entries(shapes).flatMap(([name, inner]) => shapesIn(inner, [...path, name]))

/** Throws where the parameters given to `op` do not fit. What a model does not know may be there too. */
export const checkParameters = (op: string, params: unknown, shapes: ParameterShapes, path = 'params'): void => {
  if (isDims(shapes)) checkLeaf(op, params, shapes, path)
  else for (const [name, inner] of Object.entries(shapes)) checkParameters(op, childOf(op, params, name, path), inner, `${path}.${name}`)
}

/** The leaves of parameters that were checked. */
export const parametersIn = (params: unknown, shapes: ParameterShapes): readonly Node[] =>
  isDims(shapes)
    ? [params as Node]
    : Object.entries(shapes).flatMap(([name, inner]) => parametersIn((params as Readonly<Record<string, unknown>>)[name], inner))

/** Every parameter must have a size: the bare names of `shapes` must be among `sizes`. */
export const checkSizes = (op: string, shapes: ParameterShapes, sizes: Sizes): void => {
  for (const [path, shape] of shapesIn(shapes)) {
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

const childOf = (op: string, params: unknown, name: string, path: string): unknown => {
  const child = typeof params === 'object' && params !== null ? (params as Readonly<Record<string, unknown>>)[name] : undefined
  if (child === undefined) throw new ShapeError(`${op}: ${path}.${name} is missing`)
  return child
}
const checkLeaf = (op: string, value: unknown, shape: Dims, path: string): void => {
  const wanted = `the model has ${show(shape)}`
  if (!isNode(value)) throw new ShapeError(`${op}: ${path} is no tensor, ${wanted}`)
  if (value.dtype !== 'f32') throw new ShapeError(`${op}: ${path} is ${value.dtype} ${show(value.shape)}, ${wanted}`)
  if (!same(value.shape, shape)) throw new ShapeError(`${op}: ${path} is ${show(value.shape)}, ${wanted}`)
}
const isDims = (shapes: ParameterShapes): shapes is Dims => Array.isArray(shapes)
