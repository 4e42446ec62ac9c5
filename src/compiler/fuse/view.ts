/** How a leaf is seen through movement: strides over a loop space, or the word that no strides can say it. */
import { InternalError } from '../../graph/internal-error.ts'
import type { Node } from '../../graph/node.ts'
import { contiguous } from '../kernel.ts'

/** Movement nodes between a leaf and the loop space, the nearest to the leaf first. */
export interface Chain {
  readonly movement: Node
  readonly rest: Chain | null
}
export interface Strided {
  readonly shape: readonly number[]
  readonly offset: number
  readonly strides: readonly number[]
}

export const movementOps: ReadonlySet<Node['op']> = new Set(['reshape', 'permute', 'broadcast', 'slice', 'window'] as const)

/** The node below all movement. */
export const strip = (n: Node): Node => {
  let at = n
  while (movementOps.has(at.op)) at = at.inputs[0] as Node
  return at
}

const dims = (n: Node): readonly number[] => n.shape as readonly number[]
export const rowMajor = (shape: readonly number[]): Strided => ({ shape, offset: 0, strides: contiguous(shape) })

/**
 * A leaf seen from the loop space. Where a reshape can't be said in strides, the node below that reshape:
 * once it has a buffer of its own, the reshape is a matter of reading it.
 */
export const resolve = (leaf: Strided, chain: Chain | null): Strided | Node => {
  let seen = leaf
  for (let at = chain; at !== null; at = at.rest) {
    const next = step(seen, at.movement)
    if (next === null) return at.movement.inputs[0] as Node
    seen = next
  }
  return seen
}

const step = ({ shape, offset, strides }: Strided, movement: Node): Strided | null => {
  switch (movement.op) {
    case 'permute':
      return { shape: dims(movement), offset, strides: movement.attributes.permutation.map((axis) => strides[axis] as number) }
    case 'slice':
      return {
        shape: dims(movement),
        offset: offset + movement.attributes.start.reduce((sum, s, i) => sum + s * (strides[i] as number), 0),
        strides,
      }
    case 'broadcast': {
      const lead = movement.shape.length - shape.length
      return {
        shape: dims(movement),
        offset,
        strides: dims(movement).map((d, i) => (i < lead || (shape[i - lead] === 1 && d !== 1) ? 0 : (strides[i - lead] as number))),
      }
    }
    case 'window': {
      const { axes, stride, dilation } = movement.attributes
      const along = axes.map((axis, i) => (strides[axis] as number) * (dilation[i] as number))
      const places = strides.map((s, axis) => s * (stride[axes.indexOf(axis)] ?? 1))
      return { shape: dims(movement), offset, strides: [...places, ...along] }
    }
    case 'reshape': {
      const reshaped = reshapeStrides(shape, strides, dims(movement))
      return reshaped === null ? null : { shape: dims(movement), offset, strides: reshaped }
    }
    default:
      throw new InternalError('not a movement', `${movement.op} -> fuse`)
  }
}

/** Strides of the same elements under another shape, or null where axes that lie apart would have to become one. */
export const reshapeStrides = (
  shape: readonly number[],
  strides: readonly number[],
  target: readonly number[],
): readonly number[] | null => {
  if (shape.includes(0)) return target.map(() => 0)
  const axes = shape.flatMap((d, i) => (d === 1 ? [] : [{ d, stride: strides[i] as number }]))
  const result: number[] = []
  let next = 0
  for (let i = 0; i < target.length; ) {
    if (target[i] === 1) {
      result.push(0)
      i++
      continue
    }
    // the smallest groups of old and new axes with the same number of elements
    const first = next
    const start = i
    let have = axes[next++]?.d ?? 0
    let want = target[i++] as number
    while (have !== want) {
      if (have < want) have *= axes[next++]?.d ?? 0
      else want *= target[i++] as number
      if (have === 0) throw new InternalError(`[${shape}] does not reshape to [${target}]`, 'reshape -> fuse')
    }
    const group = axes.slice(first, next)
    if (!group.every((axis, g) => g + 1 === group.length || axis.stride === (group[g + 1]?.stride ?? 0) * (group[g + 1]?.d ?? 0)))
      return null
    const base = group[group.length - 1]?.stride ?? 0
    const within = contiguous(target.slice(start, i)).map((s) => s * base)
    result.push(...within)
  }
  return result
}
