/** Layers that are made of layers. */
import { type Chain, chainInside } from '../../model/chain.ts'
import { int, type Value } from './graph.ts'
import { given, type Layer, optionsOf, type Rule } from './layer.ts'

const inside = ({ link: { layer, input }, dtype }: Layer): Chain => chainInside(layer, input, dtype) as Chain

/** Layers one after another. */
export const row: Rule = (layer, x) => layer.walk.chain(inside(layer), layer.params, layer.path, layer.dtype, x)

/** The one layer that another is made of, on its behalf. */
const within = ({ walk, link, params, path, dtype }: Layer, x: Value): Value => {
  const { inner } = link.layer
  return inner === undefined ? x : walk.link({ ...link, layer: inner }, params, path, dtype, x)
}

export const repeated: Rule = (layer, x) => {
  const { count, shared } = optionsOf<{ readonly count: number; readonly shared: boolean }>(layer)
  if (!shared) return row(layer, x)
  let value = x
  for (let i = 0; i < count; i++) value = within(layer, value)
  return value
}

export const residual: Rule = (layer, x) => sum(layer, [x, within(layer, x)])

/** What each branch makes of the same value. */
const branches = (layer: Layer, x: Value): readonly Value[] => {
  const { links, ...rest } = inside(layer)
  return links.map((link) => layer.walk.chain({ ...rest, links: [link] }, layer.params, layer.path, layer.dtype, x))
}
export const addBranches: Rule = (layer, x) => sum(layer, branches(layer, x))
export const concatBranches: Rule = (layer, x) => {
  const values = alike(layer, branches(layer, x), false)
  const [{ order }] = values as [Value]
  const axis = order === 'first' ? 1 : layer.output.length
  const names = values.map(({ name }) => name)
  return given(layer, layer.graph.add(layer.path, 'Concat', names, { axis: int(axis) }), order)
}

const sum = (layer: Layer, values: readonly Value[]): Value => {
  const [first, ...others] = alike(layer, values, true) as [Value, ...Value[]]
  const name = others.reduce((total, each) => layer.graph.add(layer.path, 'Add', [total, each.name]), first.name)
  return { ...first, name }
}

/** The values in one order: that in which channels are in front, where one has it. What was flattened alike may stay so. */
const alike = ({ graph, path }: Layer, values: readonly Value[], flat: boolean): readonly Value[] => {
  const orders = new Set(values.map(({ order }) => (typeof order === 'string' ? order : String(order.flattened))))
  if (flat && orders.size === 1) return values
  const order = orders.has('first') ? 'first' : 'last'
  return values.map((value) => graph.ordered(path, value, order))
}
