/** Making nodes: shape and dtype are worked out here, and the result is frozen. */
import type { Dims, Sizes } from '../../types/dim.ts'
import { factors } from '../../types/elements.ts'
import { ShapeError } from '../../types/shape-error.ts'
import { describe } from './describe.ts'
import { inferences, sameDims } from './infer.ts'
import type { Node } from './node.ts'
import type { Attributes, Op } from './op.ts'

/** What a node knows that met no `dim`. */
export const unbound: Sizes = Object.freeze({})

/** What every node inherits: how a console and a template show it, and that it is no number, which JavaScript would make NaN. */
const prototype = Object.freeze({
  [Symbol.for('nodejs.util.inspect.custom')](this: Node): string {
    return describe(this)
  },
  [Symbol.toPrimitive](this: Node, hint: 'string' | 'number' | 'default'): string {
    if (hint === 'string') return describe(this)
    throw new ShapeError('tensor: operators and Math take numbers; write add(x, y), less(x, y), exp(x)')
  },
})

/** Shape and dtype follow from the op. Impossible ones are an `InternalError`: what users write is checked before. */
export const make = <O extends Op>(op: O, inputs: readonly Node[], attributes: Attributes[O], sizes: Sizes = unbound): Node => {
  const { shape, dtype } = inferences[op](attributes, inputs)
  let known = sizes
  for (const input of inputs) known = mergeSizes(known, input.sizes)
  const fields = {
    op,
    inputs: Object.freeze(inputs),
    attributes: frozen(attributes),
    shape: Object.freeze(shape),
    dtype,
    sizes: Object.freeze(known),
  }
  return Object.freeze(Object.assign(Object.create(prototype), fields)) as Node
}

/** Frozen with the lists inside; elements of data can't be frozen, and are never handed out. */
const frozen = <T extends object>(attributes: T): T => {
  // those of a node that is made again over other inputs
  if (Object.isFrozen(attributes)) return attributes
  for (const child of Object.values(attributes)) if (Array.isArray(child)) frozen(child)
  return Object.freeze(attributes)
}

export const isNode = (x: unknown): x is Node => typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === prototype

/** The same value as a node of its own: what one means by it is not what stands for that value elsewhere. */
export const identity = (x: Node): Node => make('reshape', [x], { shape: x.shape })
export const isIdentity = (n: Node): boolean => n.op === 'reshape' && sameDims(n.shape, (n.inputs[0] as Node).shape)

/** The same value, marked as a leaf that is not trained. Data stay data; anything else is read through an identity. */
export const markStatistic = (node: Node): Node => {
  if (node.statistic) return node
  const own = node.op === 'data' ? node : identity(node)
  return Object.freeze(Object.assign(Object.create(prototype), own, { statistic: true as const }))
}

/** The sizes of the names in a shape, and no others: a weight may meet another batch later. */
export const ownSizes = (dims: Dims, known: Sizes): Sizes => {
  const names = factors(dims)[1].filter((name) => Object.hasOwn(known, name))
  return Object.fromEntries(names.map((name) => [name, known[name] as number]))
}

/** Both sets of sizes; two sizes for one name are the user's mistake. */
export const mergeSizes = (a: Sizes, b: Sizes): Sizes => {
  if (a === b || b === unbound) return a
  if (a === unbound) return b
  const fresh = Object.keys(b).filter((name) => !Object.hasOwn(a, name) || a[name] !== b[name])
  if (fresh.length === 0) return a
  const clash = fresh.find((name) => Object.hasOwn(a, name))
  if (clash !== undefined) throw new ShapeError(`dim: '${clash}' is ${a[clash]} here and ${b[clash]} there`)
  return Object.freeze({ ...a, ...b })
}
