/** Patterns of axes: a shape apart, a reduction, another order of axes, and the shape of the result. */
import { arrangedOf, type Notation, notationOf, type Reduction } from '../../../types/rearrange.ts'
import { fits } from '../../../types/shape-error.ts'
import { axesFrom, int, ints } from './graph.ts'
import { given, optionsOf, type Rule } from './layer.ts'

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
  if ([...split, ...output].some((size) => typeof size === 'string')) return { why: 'has a size that only a run knows' }
  const kept = groups.flat().map((axis) => axis + 1)
  const dropped = axesFrom(1, split.length + 1).filter((axis) => !kept.includes(axis))
  const apart = graph.add(path, 'Reshape', [graph.ordered(path, x, 'last').name, graph.whole([0, ...(split as number[])])])
  const left = how === undefined || dropped.length === 0 ? apart : reduced(layer, apart, how, dropped)
  const perm = [0, ...kept.map((axis) => axis - dropped.filter((gone) => gone < axis).length)]
  const ordered = perm.every((axis, i) => axis === i) ? left : graph.add(path, 'Transpose', [left], { perm: ints(perm) })
  return given(layer, graph.add(path, 'Reshape', [ordered, graph.whole([0, ...(output as number[])])]))
}
/** Of the reductions only the sum takes its axes as an input. */
const reduced = ({ graph, path }: Parameters<Rule>[0], name: string, how: Reduction, axes: readonly number[]): string =>
  how === 'sum'
    ? graph.add(path, reductions.sum, [name, graph.whole(axes)], { keepdims: int(0) })
    : graph.add(path, reductions[how], [name], { axes: ints(axes), keepdims: int(0) })
