/** Expressions become straight-line code over a loop space: loads through views, one instruction for each operation. */
import { InternalError } from '../../graph/internal-error.ts'
import type { Node, NodeOf } from '../../graph/node.ts'
import { type Body, type ElementOp, type Instruction, instructionKey, type Store, type View } from '../kernel.ts'
import { orZero, placed, spread, withoutIndices } from './indexed.ts'
import { type Chain, movementOps, resolve, rowMajor, type Strided } from './view.ts'

/** Code that grows: one for each loop space. */
export interface Writer {
  /** The number of the instruction that has the node's value, seen through the chain: loaded where it is in memory. */
  readonly value: (n: Node, chain: Chain | null) => number
  /** The same, computed here even if the node has a buffer: it is what the kernel is for. */
  readonly computed: (n: Node, chain: Chain | null) => number
  readonly instruction: (i: Instruction) => number
  readonly store: (value: number, view: View, addAt?: number) => void
  readonly body: () => Body
}
/** What a writer has to know. */
export interface Surroundings {
  /** Where a node is in memory, as a view over its own shape; undefined where it is not. */
  readonly placeOf: (n: Node) => View | undefined
  /** Called with a node that has to get a buffer before this code can be written. */
  readonly mustStore: (n: Node) => void
}

export const writer = (rank: number, { placeOf, mustStore }: Surroundings): Writer => {
  const instructions: Instruction[] = []
  const numbers = new Map<string, number>()
  const stores: Store[] = []

  const instruction = (i: Instruction): number => {
    const key = instructionKey(i)
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, instructions.push(i) - 1)
    return instructions.length - 1
  }
  /** The leaf as the loop space sees it; a stand-in where it must be stored first. */
  const seen = (leaf: Strided, chain: Chain | null): Strided => {
    const view = resolve(leaf, chain)
    if (!('op' in view)) return view
    mustStore(view)
    return { shape: [], offset: 0, strides: Array.from({ length: rank }, () => 0) }
  }
  const shapeOf = (n: Node): readonly number[] => n.shape as readonly number[]
  const load = ({ buffer, ...place }: View, n: Node, chain: Chain | null): number => {
    const { offset, strides } = seen({ ...place, shape: shapeOf(n) }, chain)
    return instruction({ op: 'load', view: { buffer, offset, strides }, dtype: n.dtype })
  }
  const index = (leaf: Strided, chain: Chain | null): number => {
    const { offset, strides } = seen(leaf, chain)
    return instruction({ op: 'index', offset, strides, dtype: 'i32' })
  }
  const word = (key: Node, i: number): number => {
    const { buffer, offset, strides } = viewOf(key, placeOf, seen)
    const everywhere = Array.from({ length: rank }, () => 0)
    return instruction({ op: 'load', view: { buffer, offset: offset + i * (strides[0] ?? 0), strides: everywhere }, dtype: 'i32' })
  }

  const gathered = (n: NodeOf<'gather'>, chain: Chain | null): number => {
    const x = n.inputs[0] as Node
    const { axis } = n.attributes
    const rows = viewOf(x, placeOf, (leaf, movements) => orStored(resolve(leaf, movements), mustStore, x))
    const { offset, strides } = seen({ shape: shapeOf(n), offset: rows.offset, strides: withoutIndices(n, rows.strides) }, chain)
    const index = value(spread(n, shapeOf(n)), chain)
    const { place, holds } = placed(instruction, index, shapeOf(x)[axis] as number, rows.strides[axis] as number)
    const loaded = instruction({ op: 'gather', view: { buffer: rows.buffer, offset, strides }, inputs: [place], dtype: n.dtype })
    return orZero(instruction, holds, loaded, n.dtype)
  }

  const value = (n: Node, chain: Chain | null): number => {
    const place = placeOf(n)
    return place === undefined ? computed(n, chain) : load(place, n, chain)
  }
  const computed = (n: Node, chain: Chain | null): number => {
    if (movementOps.has(n.op)) return value(n.inputs[0] as Node, { movement: n, rest: chain })
    switch (n.op) {
      case 'constant':
        return instruction({ op: 'constant', value: n.attributes.value, dtype: n.dtype })
      case 'iota':
        return index({ ...rowMajor(shapeOf(n)), strides: n.shape.map((_, i) => (i === n.attributes.axis ? 1 : 0)) }, chain)
      case 'random': {
        const key = n.inputs[0] as Node
        const element = index(rowMajor(shapeOf(n)), chain)
        return instruction({ op: 'random', inputs: [word(key, 0), word(key, 1), element], dtype: 'i32' })
      }
      case 'gather':
        return gathered(n, chain)
      default:
        return instruction({ op: 'apply', apply: n.op as ElementOp, inputs: n.inputs.map((input) => value(input, chain)), dtype: n.dtype })
    }
  }
  return {
    value,
    computed,
    instruction,
    store: (v, view, addAt) => {
      stores.push(addAt === undefined ? { value: v, view } : { value: v, view, addAt })
    },
    body: () => ({ instructions, stores }),
  }
}

/** A node in memory, or movement over one, as a view over the node's own shape. */
export const viewOf = (n: Node, placeOf: Surroundings['placeOf'], seen: (leaf: Strided, chain: Chain | null) => Strided): View => {
  const down = (at: Node, chain: Chain | null): View => {
    const place = placeOf(at)
    if (place !== undefined) {
      const { offset, strides } = seen({ ...place, shape: at.shape as readonly number[] }, chain)
      return { buffer: place.buffer, offset, strides }
    }
    if (!movementOps.has(at.op)) throw new InternalError('not in memory', `${at.op} -> fuse`)
    return down(at.inputs[0] as Node, { movement: at, rest: chain })
  }
  return down(n, null)
}

/** The view; a stand-in where a node must be stored first. */
export const orStored = (seen: Strided | Node, mustStore: Surroundings['mustStore'], operand: Node): Strided => {
  if (!('op' in seen)) return seen
  mustStore(seen)
  return { shape: operand.shape as readonly number[], offset: 0, strides: operand.shape.map(() => 0) }
}
