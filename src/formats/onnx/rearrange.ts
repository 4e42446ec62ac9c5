/** Patterns of axes: a shape apart, a reduction, another order of axes, and the shape of the result. */
import { arrangedOf, type Notation, notationOf, type Reduction } from '../../../types/rearrange.ts'
import { same } from '../../../types/same.ts'
import { fits } from '../../../types/shape-error.ts'
import { axesFrom, type Extent, int, ints } from './graph.ts'
import { given, type Layer, optionsOf, type Rule } from './layer.ts'

interface Options {
  readonly pattern: string
  readonly sizes: Notation['sizes']
  readonly how?: Reduction
}
const reductions: { readonly [How in Reduction]: string } = { sum: 'ReduceSum', mean: 'ReduceMean', max: 'ReduceMax', min: 'ReduceMin' }

export const rearranged: Rule = (layer, x) => {
  const { graph, path, input, output } = layer
  const { pattern, sizes, how } = optionsOf<Options>(layer)
  const op = layer.record.kind as Notation['op']
  const known = Object.fromEntries(
    Object.entries(sizes).map(([axis, size]) => [axis, typeof size === 'number' ? size : (layer.sizes[size] ?? size)]),
  )
  const { split, groups } = fits(arrangedOf(fits(notationOf(op, pattern, known, op === 'reduce')), input))
  const kept = groups.flat().map((axis) => axis + 1)
  const dropped = axesFrom(1, split.length + 1).filter((axis) => !kept.includes(axis))
  const perm = [0, ...kept.map((axis) => axis - dropped.filter((gone) => gone < axis).length)]
  const whole = shaped(layer, graph.ordered(path, x, 'last').name, input, split)
  if (whole === null) return UNKNOWN
  const left = how === undefined || dropped.length === 0 ? whole : reduced(layer, whole, how, dropped)
  const ordered = perm.every((axis, i) => axis === i) ? left : graph.add(path, 'Transpose', [left], { perm: ints(perm) })
  const from = kept.map((axis) => split[axis - 1] as Extent)
  const name = shaped(layer, ordered, from, output)
  return name === null ? UNKNOWN : given(layer, name)
}
/** Samples of another shape, in the order in which they lie here. */
export const reshaped: Rule = (layer, x) => {
  const name = shaped(layer, layer.graph.ordered(layer.path, x, 'last').name, layer.input, layer.output)
  return name === null ? UNKNOWN : given(layer, name)
}
const UNKNOWN = { why: 'has sizes that only a run knows' }

/** Samples of another shape: 0 is the size that is there, -1 the one that is left; null where two would be. */
const shaped = ({ graph, path }: Layer, name: string, from: readonly Extent[], to: readonly Extent[]): string | null => {
  if (same(from, to)) return name
  const sizes = to.map((size, i) => (size === from[i] ? 0 : typeof size === 'number' ? size : -1))
  return sizes.filter((size) => size === -1).length > 1 ? null : graph.add(path, 'Reshape', [name, graph.whole([0, ...sizes])])
}
/** Of the reductions only the sum takes its axes as an input. */
const reduced = ({ graph, path }: Layer, name: string, how: Reduction, axes: readonly number[]): string =>
  how === 'sum'
    ? graph.add(path, reductions.sum, [name, graph.whole(axes)], { keepdims: int(0) })
    : graph.add(path, reductions[how], [name], { axes: ints(axes), keepdims: int(0) })
