/**
 * Layers that take no notice of padding. Recurrent operators of ONNX know sequences that end early, and no others: so the steps that
 * count are moved to the front, and what is made of them is moved back.
 */
import { type Chain, chainInside } from '../../model/chain.ts'
import { checked } from '../../tensor/argument.ts'
import { BOOL, FLOAT, type Graph, INT32, INT64, int, ints, type Value } from './graph.ts'
import type { Layer, Packing, Rule } from './layer.ts'

export const masked: Rule = (layer, x) => {
  const { graph, path, walk, link, params, dtype } = layer
  const value = graph.ordered(path, x, 'last')
  const own = countsOf(layer, value)
  const counts = layer.mask === null ? own : graph.add(path, 'And', [layer.mask.counts, own])
  const packing = lazily(() => packed(graph, path, counts))
  return walk.masked({ counts, packing }).chain(chainInside(link.layer, link.input, dtype) as Chain, params, path, dtype, value)
}

/** A step counts unless it is the padding, or all of its features are. */
const countsOf = ({ graph, path, record, dtype }: Layer, { name, shape }: Value): string => {
  const padding = checked('masked', record.options.padding as number, dtype)
  // whole numbers are compared as those of 64 bits, which constants of ONNX's operators are
  const compared = dtype === 'i32' ? graph.add(path, 'Cast', [name], { to: int(INT64) }) : name
  const wanted = dtype === 'i32' ? graph.whole(padding) : graph.scalar(padding)
  const differs = graph.add(path, 'Not', [graph.add(path, 'Equal', [compared, wanted])])
  if (shape.length === 1) return differs
  const numbers = graph.add(path, 'Cast', [differs], { to: int(FLOAT) })
  return graph.add(path, 'Cast', [graph.add(path, 'ReduceMax', [numbers], { axes: ints([2]), keepdims: int(0) })], { to: int(BOOL) })
}

const packed = (graph: Graph, path: string, counts: string): Packing => {
  const size = graph.add(path, 'Shape', [counts])
  const time = graph.add(path, 'Slice', [size, graph.whole([1]), graph.whole([2])])
  const steps = graph.add(path, 'Range', [graph.whole(0), graph.add(path, 'Squeeze', [time]), graph.whole(1)])
  const numbers = graph.add(path, 'Cast', [counts], { to: int(INT64) })
  // steps that count are above 0, the others are not; each group falls from step to step
  const rank = graph.add(path, 'Sub', [graph.add(path, 'Mul', [numbers, time]), steps])
  const order = graph.add(path, 'TopK', [rank, time], { axis: int(1), largest: int(1) }, ['values'])
  const back = lazily(() => graph.add(path, 'TopK', [order, time], { axis: int(1), largest: int(0) }, ['values']))
  const sum = graph.add(path, 'ReduceSum', [numbers, graph.whole([1])], { keepdims: int(0) })
  return { order, back, lengths: graph.add(path, 'Cast', [sum], { to: int(INT32) }) }
}

/** The steps of `[batch, time, features]` in another order. */
export const inSteps = ({ graph, path }: Layer, name: string, order: string): string => {
  const each = graph.add(path, 'Unsqueeze', [order, graph.whole([2])])
  const spread = graph.add(path, 'Expand', [each, graph.add(path, 'Shape', [name])])
  return graph.add(path, 'GatherElements', [name, spread], { axis: int(1) })
}

/** Made once, when it is first asked for. */
const lazily = <T>(make: () => T): (() => T) => {
  const made: T[] = []
  return () => {
    if (made.length === 0) made.push(make())
    return made[0] as T
  }
}
