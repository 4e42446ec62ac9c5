/**
 * Where random graphs are built: a pool of nodes with their values, the magnitudes on their paths and the error that f32
 * may have there. A node enters the pool only if the law can hold for it: what jumps is far from its jumps, nothing
 * overflows f32 alone, no cancellation is blown up. Constructions react by building another node.
 */

import * as ir from '../../src/graph/expression.ts'
import { evaluate } from '../../src/graph/interpret.ts'
import type { Node } from '../../src/graph/node.ts'
import type { DType } from '../../types/dim.ts'
import { type Choices, choicesOf } from './choices.ts'
import { type Entry, examined, isLawful } from './lawful.ts'
import { drawn, elementsOf, type Kind, kinds } from './values.ts'

/** Thrown when a node may not enter; the construction starts again in another way. */
export class Refused extends Error {}

export interface Workshop extends Choices {
  /** From here on, these numbers decide. */
  readonly turn: (numbers: readonly number[]) => void
  readonly entries: readonly Entry[]
  readonly inputs: readonly Entry[]
  /** The node's entry; throws `Refused` if the law could not hold for it. */
  readonly add: (node: Node) => Entry
  /** An entry of one of these dtypes, recent ones rather; a fresh leaf where there is none. */
  readonly any: (dtypes: readonly DType[], allows?: (entry: Entry) => boolean) => Entry
  /** A leaf with new elements: an input, captured data, or a stretched constant. */
  readonly leaf: (dtype: DType, shape: readonly number[], kind?: Kind) => Entry
  /** Another entry of this dtype and shape, or one that is stretched to it, or a leaf. */
  readonly like: (dtype: DType, shape: readonly number[]) => Entry
  /** A leaf of these very elements. */
  readonly given: (shape: readonly number[], values: readonly number[]) => Entry
  /** Builds over these parameters too; what depends on them is no part of the pool afterwards. */
  readonly scope: <T>(parameters: readonly Entry[], build: () => T) => T
  /** A random shape of few elements. */
  readonly shape: () => readonly number[]
}

/** A node has at most this many elements. */
export const mostElements = 1024
export const shapeOf = ({ value }: Entry): readonly number[] => value.shape
export const count = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1)

const ranks = [0, 1, 1, 2, 2, 2, 3, 3, 4]
const dims = [0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 33, 64, 100]

/** Choices from numbers that change with every turn. */
const turning = (): Choices & Pick<Workshop, 'turn'> => {
  let current = choicesOf([])
  return {
    turn: (numbers) => {
      current = choicesOf(numbers)
    },
    below: (n) => current.below(n),
    pick: (items) => current.pick(items),
    shuffle: (items) => current.shuffle(items),
    some: (items) => current.some(items),
  }
}

const randomShape = ({ pick }: Choices): readonly number[] => {
  const sizes: number[] = []
  for (let rank = pick(ranks); rank > 0; rank--) {
    const size = pick(dims)
    sizes.push(count([...sizes, size]) > mostElements ? 1 : size)
  }
  return sizes
}

export const openWorkshop = (): Workshop => {
  const choices = turning()
  const { below, pick } = choices
  const entries: Entry[] = []
  const inputs: Entry[] = []
  const byNode = new Map<Node, Entry>()

  const enter = (entry: Entry): Entry => {
    entries.push(entry)
    byNode.set(entry.node, entry)
    return entry
  }
  const add = (node: Node): Entry => {
    const known = byNode.get(node)
    if (known !== undefined) return known
    const operands = node.inputs.map(add)
    const entry = examined(
      node,
      evaluate(
        node,
        operands.map(({ value }) => value),
      ),
      operands,
    )
    if (entry.value.values.length > mostElements || !isLawful(entry)) throw new Refused(node.op)
    return enter(entry)
  }
  const any: Workshop['any'] = (dtypes, allows = () => true) => {
    const fit = entries.filter((entry) => dtypes.includes(entry.node.dtype) && allows(entry))
    if (fit.length === 0) return leaf(pick(dtypes), shape())
    return fit[fit.length - 1 - Math.min(below(fit.length), below(fit.length))] as Entry
  }
  const leaf: Workshop['leaf'] = (dtype, shape, kind = pick(kinds)) => {
    const value = drawn(dtype, shape, kind, below(2 ** 16))
    const how = below(6)
    if (how === 0) return add(ir.full(shape, drawn(dtype, [], kind, below(2 ** 16)).values[0] as number, dtype))
    if (how < 3) return add(ir.data(elementsOf(value), shape, dtype))
    const entry = examined(ir.parameter(`x${inputs.length}`, shape, dtype), value, [])
    inputs.push(entry)
    return enter(entry)
  }
  const given: Workshop['given'] = (shape, values) => add(ir.data(Float32Array.from(values), shape, 'f32'))
  const like: Workshop['like'] = (dtype, shape) => {
    const fit = entries.filter(({ node }) => node.dtype === dtype && stretches(node.shape as readonly number[], shape))
    if (fit.length === 0 || below(4) === 0) return leaf(dtype, shape)
    return add(ir.broadcastTo((fit[below(fit.length)] as Entry).node, shape))
  }
  const scope: Workshop['scope'] = (parameters, build) => {
    const local = new Set(parameters.map((entry) => enter(entry).node))
    try {
      return build()
    } finally {
      for (const { node } of entries) if (node.inputs.some((input) => local.has(input))) local.add(node)
      const outside = entries.filter(({ node }) => !local.has(node))
      entries.splice(0, entries.length, ...outside)
      for (const node of local) byNode.delete(node)
    }
  }
  const shape = () => randomShape(choices)
  return { ...choices, entries, inputs, add, any, leaf, like, given, scope, shape }
}

const stretches = (from: readonly number[], to: readonly number[]): boolean =>
  from.length <= to.length && from.every((n, i) => n === 1 || n === to[i + to.length - from.length])
